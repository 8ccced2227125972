// Function.prototype.toString for the functions of the glue: what they are made of is nobody's business.
// <https://tc39.es/ecma262/#sec-function.prototype.tostring>, NativeFunction
(realm) => {
  "use strict";
  const { Object, Reflect, stringSlice } = realm.primordials;
  const { ops } = realm;
  const { prototype } = realm.global.Function;

  const source = prototype.toString;
  // QuickJS does not tell the origin of a function's script, but has a property for it.
  const fileName = Object.getOwnPropertyDescriptor(prototype, "fileName")?.get;
  const isOurs = (f) => {
    if (realm.engine !== "quickjs") return ops.op_function_is_ours(f);
    const name = Reflect.apply(fileName, f, []);
    return typeof name === "string" && stringSlice(name, 0, ours.length) === ours;
  };
  const ours = "ext:readystate/";
  const method = {
    toString() {
      const text = Reflect.apply(source, this, []);
      if (typeof this !== "function" || !isOurs(this)) return text;
      const name = Object.getOwnPropertyDescriptor(this, "name")?.value;
      return `function ${typeof name === "string" ? name : ""}() { [native code] }`;
    },
  };
  Object.defineProperty(prototype, "toString", { value: method.toString, writable: true, enumerable: false, configurable: true });
}
