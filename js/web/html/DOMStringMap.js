// DOMStringMap. <https://html.spec.whatwg.org/multipage/dom.html#domstringmap>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect } = realm.primordials;
  const { ops, webidl, nodeId } = realm;

  class DOMStringMap {
    constructor() {
      throw realm.illegalConstructor("DOMStringMap");
    }
  }
  realm.expose({ DOMStringMap });

  // data-foo-bar is fooBar. A name with a hyphen before a small letter has no attribute.
  const attributeName = (property) => `data-${property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  const isValid = (property) => !/-[a-z]/.test(property);
  const propertyName = (attribute) => attribute.slice(5).replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  const names = (id) => ops.op_element_attribute_names(id).filter((name) => name.startsWith("data-") && !/[A-Z]/.test(name)).map(propertyName);

  realm.stringMap = (element) => {
    const id = nodeId(element);
    const lookup = (key) => (typeof key === "string" && isValid(key) ? ops.op_element_get_attribute(id, attributeName(key)) : null);
    const set = (key, value) => {
      const text = webidl.DOMString(value);
      if (!isValid(key)) throw new realm.DOMException(`'${key}' holds a hyphen before a small letter`, "SyntaxError");
      realm.setAttribute(id, attributeName(key), text);
      return true;
    };
    // [LegacyOverrideBuiltIns]
    return new Proxy(Object.create(DOMStringMap.prototype), {
      get: (target, key, receiver) => lookup(key) ?? Reflect.get(target, key, receiver),
      has: (target, key) => lookup(key) !== null || Reflect.has(target, key),
      set: (target, key, value, receiver) => (typeof key === "string" ? set(key, value) : Reflect.set(target, key, value, receiver)),
      defineProperty: (target, key, descriptor) =>
        typeof key === "string" ? "value" in descriptor && set(key, descriptor.value) : Reflect.defineProperty(target, key, descriptor),
      deleteProperty(target, key) {
        if (lookup(key) === null) return Reflect.deleteProperty(target, key);
        realm.removeAttribute(id, attributeName(key));
        return true;
      },
      getOwnPropertyDescriptor(target, key) {
        const value = lookup(key);
        return value === null ? Reflect.getOwnPropertyDescriptor(target, key) : { value, writable: true, enumerable: true, configurable: true };
      },
      ownKeys: (target) => [...new realm.primordials.Set([...names(id), ...Reflect.ownKeys(target)])],
      preventExtensions: () => false,
    });
  };
}
