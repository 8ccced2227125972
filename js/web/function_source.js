// Function.prototype.toString for the functions of the glue: what they are made of is nobody's business.
// <https://tc39.es/ecma262/#sec-function.prototype.tostring>, NativeFunction
(realm) => {
  "use strict";
  const { Object, Reflect } = realm.primordials;
  const { ops } = realm;
  const { prototype } = realm.global.Function;

  const source = prototype.toString;
  const method = {
    toString() {
      const text = Reflect.apply(source, this, []);
      if (typeof this !== "function" || !ops.op_function_is_ours(this)) return text;
      const name = Object.getOwnPropertyDescriptor(this, "name")?.value;
      return `function ${typeof name === "string" ? name : ""}() { [native code] }`;
    },
  };
  Object.defineProperty(prototype, "toString", { value: method.toString, writable: true, enumerable: false, configurable: true });
}
