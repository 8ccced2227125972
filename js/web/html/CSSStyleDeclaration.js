// CSSStyleDeclaration over a style attribute. Declarations are parsed and serialized in Rust (dom's css); nothing is computed.
// <https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, WeakMap } = realm.primordials;
  const { ops, webidl, nodeId, mutated } = realm;
  const { DOMString, requireArguments } = webidl;

  const elements = new WeakMap();
  const elementOf = (style) => {
    const id = elements.get(style);
    if (id === undefined) throw new TypeError("Illegal invocation");
    return id;
  };
  // Custom properties have their own case; others are in lower case.
  const normalize = (name) => (name.startsWith("--") ? name : name.toLowerCase());

  class CSSStyleDeclaration {
    constructor() {
      throw realm.illegalConstructor("CSSStyleDeclaration");
    }
    get cssText() {
      return ops.op_style_text(elementOf(this));
    }
    set cssText(value) {
      const id = elementOf(this);
      mutated(ops.op_style_set_text(id, DOMString(value)));
    }
    get length() {
      return ops.op_style_length(elementOf(this));
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'CSSStyleDeclaration'");
      return ops.op_style_item(elementOf(this), webidl.unsignedLong(index));
    }
    getPropertyValue(property) {
      requireArguments(arguments.length, 1, "'getPropertyValue' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      return ops.op_style_value(id, DOMString(property));
    }
    getPropertyPriority(property) {
      requireArguments(arguments.length, 1, "'getPropertyPriority' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      return ops.op_style_is_important(id, DOMString(property)) ? "important" : "";
    }
    setProperty(property, value, priority = "") {
      requireArguments(arguments.length, 2, "'setProperty' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      const name = normalize(DOMString(property));
      const text = webidl.DOMStringOrEmpty(value);
      const level = webidl.DOMStringOrEmpty(priority).toLowerCase();
      // 4. Important or nothing.
      if (level !== "" && level !== "important") return;
      mutated(ops.op_style_set(id, name, text, level === "important"));
    }
    removeProperty(property) {
      requireArguments(arguments.length, 1, "'removeProperty' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      const name = normalize(DOMString(property));
      const old = ops.op_style_value(id, name);
      mutated(ops.op_style_remove(id, name));
      return old;
    }
    get parentRule() {
      elementOf(this);
      return null;
    }
  }
  realm.expose({ CSSStyleDeclaration });
  realm.arity(CSSStyleDeclaration.prototype, { setProperty: 2 });

  // An attribute for each property, under its own name and in camel case. <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-camel_cased_attribute>
  const accessor = (property, name) => {
    const accessors = {
      __proto__: null,
      get [property]() {
        return ops.op_style_value(elementOf(this), name);
      },
      set [property](value) {
        const id = elementOf(this);
        mutated(ops.op_style_set(id, name, webidl.DOMStringOrEmpty(value), false));
      },
    };
    const descriptor = Object.getOwnPropertyDescriptor(accessors, property);
    Object.defineProperty(CSSStyleDeclaration.prototype, property, descriptor);
  };
  const camelCase = (name) => name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
  // What is also known with a prefix. <https://compat.spec.whatwg.org/#css-simple-aliases>
  const prefixed = /^(align-(items|content|self)|animation.*|appearance|backface-visibility|background-(clip|origin|size)|border(-(top|bottom)-(left|right))?-radius|box-(shadow|sizing)|filter|flex.*|justify-content|mask.*|order|perspective.*|text-size-adjust|transform.*|transition.*|user-select)$/;
  for (const name of ops.op_style_names()) {
    accessor(camelCase(name), name);
    if (name.includes("-")) accessor(name, name);
    if (prefixed.test(name)) {
      accessor(`-webkit-${name}`, name);
      accessor(camelCase(`-webkit-${name}`), name);
      accessor(camelCase(`webkit-${name}`), name);
    }
  }
  accessor("cssFloat", "float");

  realm.inlineStyle = (element) => {
    const target = Object.create(CSSStyleDeclaration.prototype);
    const id = nodeId(element);
    const item = (key) => {
      const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
      return index < 0 || index >= ops.op_style_length(id) ? undefined : ops.op_style_item(id, index);
    };
    const style = new Proxy(target, {
      get: (inner, key, receiver) => item(key) ?? Reflect.get(inner, key, receiver),
      has: (inner, key) => item(key) !== undefined || Reflect.has(inner, key),
      getOwnPropertyDescriptor(inner, key) {
        const value = item(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(inner, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      defineProperty: (inner, key, descriptor) =>
        typeof key === "string" && realm.arrayIndex(key) >= 0 ? false : Reflect.defineProperty(inner, key, descriptor),
      ownKeys(inner) {
        const keys = [];
        for (let i = 0; i < ops.op_style_length(id); i++) keys.push(`${i}`);
        return [...keys, ...Reflect.ownKeys(inner)];
      },
    });
    elements.set(target, id);
    elements.set(style, id);
    return style;
  };

  // The namespace object CSS. <https://drafts.csswg.org/cssom/#namespacedef-css>. Without rendering there is nothing that `supports` could promise.
  const CSS = Object.create(Object.prototype, { [realm.primordials.toStringTag]: { value: "CSS", configurable: true } });
  const functions = {
    // <https://drafts.csswg.org/cssom/#serialize-an-identifier>
    escape(ident) {
      requireArguments(arguments.length, 1, "'escape' on 'CSS'");
      const text = DOMString(ident);
      let out = "";
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        const isDigit = code >= 0x30 && code <= 0x39;
        if (code === 0) out += "\ufffd";
        else if (code <= 0x1f || code === 0x7f || (isDigit && (i === 0 || (i === 1 && text[0] === "-")))) out += `\\${code.toString(16)} `;
        else if (i === 0 && code === 0x2d && text.length === 1) out += "\\-";
        else if (code >= 0x80 || code === 0x2d || code === 0x5f || isDigit || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) out += text[i];
        else out += `\\${text[i]}`;
      }
      return out;
    },
  };
  Object.defineProperty(CSS, "escape", { value: functions.escape, writable: true, enumerable: true, configurable: true });
  Object.defineProperty(realm.global, "CSS", { value: CSS, writable: true, enumerable: false, configurable: true });
}
