// CSSStyleDeclaration over a style attribute or the declarations of a rule, which are parsed and serialized in Rust (dom's css).
// <https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, WeakMap } = realm.primordials;
  const { ops, webidl, nodeId, mutated } = realm;
  const { DOMString, requireArguments } = webidl;

  // The element's id, or the rule's.
  const elements = new WeakMap();
  const rules = new WeakMap();
  // What getComputedStyle() gave: { element, id, pseudo }.
  const computedStyles = new WeakMap();
  const elementOf = (style) => {
    const id = elements.get(style);
    if (id === undefined) {
      if (computedStyles.has(style)) throw new realm.DOMException("Computed styles are read-only", "NoModificationAllowedError");
      throw new TypeError("Illegal invocation");
    }
    return id;
  };
  const valueOf = (style, name) => {
    const computed = computedStyles.get(style);
    return computed === undefined ? ops.op_style_value(elementOf(style), name) : ops.op_computed_value(computed.id, computed.pseudo, name);
  };
  const brand = (style) => {
    if (!computedStyles.has(style)) elementOf(style);
  };
  let computedNames = null;
  const namesOf = ({ id, pseudo }) => (ops.op_computed_exists(id, pseudo) ? (computedNames ??= ops.op_computed_names(id, pseudo)) : []);
  const lengthOf = (style) => {
    const computed = computedStyles.get(style);
    return computed === undefined ? ops.op_style_length(elementOf(style)) : namesOf(computed).length;
  };
  const itemOf = (style, index) => {
    const computed = computedStyles.get(style);
    return computed === undefined ? ops.op_style_item(elementOf(style), index) : (namesOf(computed)[index] ?? "");
  };
  // Custom properties have their own case; others are in lower case.
  const normalize = (name) => (name.startsWith("--") ? name : name.toLowerCase());

  class CSSStyleDeclaration {
    constructor() {
      throw realm.illegalConstructor("CSSStyleDeclaration");
    }
    get cssText() {
      return computedStyles.has(this) ? "" : ops.op_style_text(elementOf(this));
    }
    set cssText(value) {
      const id = elementOf(this);
      mutated(ops.op_style_set_text(id, DOMString(value)));
    }
    get length() {
      return lengthOf(this);
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'CSSStyleDeclaration'");
      return itemOf(this, webidl.unsignedLong(index));
    }
    getPropertyValue(property) {
      requireArguments(arguments.length, 1, "'getPropertyValue' on 'CSSStyleDeclaration'");
      brand(this);
      return valueOf(this, DOMString(property));
    }
    getPropertyPriority(property) {
      requireArguments(arguments.length, 1, "'getPropertyPriority' on 'CSSStyleDeclaration'");
      brand(this);
      const name = DOMString(property);
      return !computedStyles.has(this) && ops.op_style_is_important(elementOf(this), name) ? "important" : "";
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
      brand(this);
      return rules.get(this) ?? null;
    }
  }
  realm.expose({ CSSStyleDeclaration }, { global: false });
  realm.arity(CSSStyleDeclaration.prototype, { setProperty: 2 });
  // What has indices has the iterator of arrays. <https://webidl.spec.whatwg.org/#js-iterator>
  Object.defineProperty(CSSStyleDeclaration.prototype, realm.primordials.Symbol.iterator, {
    value: realm.global.Array.prototype.values,
    writable: true,
    configurable: true,
  });

  // An attribute for each property, under its own name and in camel case. <https://drafts.csswg.org/cssom/#dom-cssstyledeclaration-camel_cased_attribute>
  const accessor = (property, name) => {
    const accessors = {
      __proto__: null,
      get [property]() {
        return valueOf(this, name);
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
  // OPTIMIZATION: they are a tenth of all functions of a realm, so they come when the first of them can be seen.
  let isComplete = false;
  const complete = () => {
    if (isComplete) return CSSStyleDeclaration;
    isComplete = true;
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
    return CSSStyleDeclaration;
  };
  realm.exposeLazily("CSSStyleDeclaration", complete);

  const declarations = (register) => {
    complete();
    const target = Object.create(CSSStyleDeclaration.prototype);
    register(target);
    const item = (key) => {
      const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
      return index < 0 || index >= lengthOf(target) ? undefined : itemOf(target, index);
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
        for (let i = 0, length = lengthOf(target); i < length; i++) keys.push(`${i}`);
        return [...keys, ...Reflect.ownKeys(inner)];
      },
    });
    register(style);
    return style;
  };
  realm.inlineStyle = (element) => {
    const id = nodeId(element);
    return declarations((style) => elements.set(style, id));
  };
  realm.ruleStyle = (id, rule) =>
    declarations((style) => {
      elements.set(style, id);
      rules.set(style, rule);
    });
  // <https://drafts.csswg.org/cssom/#dom-window-getcomputedstyle>. There are no boxes: values are computed, not used ones.
  realm.computedStyle = (element, pseudo) => {
    const id = nodeId(element);
    // 3. A name of a pseudo-element begins with a colon.
    const state = { element, id, pseudo: pseudo.startsWith(":") ? pseudo : "" };
    return declarations((style) => computedStyles.set(style, state));
  };
  Object.defineProperty(realm.global, "getComputedStyle", {
    value: {
      getComputedStyle(elt, pseudoElt = undefined) {
        requireArguments(arguments.length, 1, "'getComputedStyle' on 'Window'");
        if (!realm.isElement(elt)) throw new TypeError("'getComputedStyle' on 'Window': parameter 1 is not an Element");
        return realm.computedStyle(elt, webidl.nullableDOMString(pseudoElt) ?? "");
      },
    }.getComputedStyle,
    writable: true,
    enumerable: true,
    configurable: true,
  });

  // The namespace object CSS. <https://drafts.csswg.org/cssom/#namespacedef-css>
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
    // <https://drafts.csswg.org/css-conditional-3/#dom-css-supports>
    supports(propertyOrCondition) {
      requireArguments(arguments.length, 1, "'supports' on 'CSS'");
      const first = DOMString(propertyOrCondition);
      return arguments.length === 1 ? ops.op_css_supports(first) : ops.op_css_supports_declaration(first, DOMString(arguments[1]));
    },
  };
  for (const name of ["escape", "supports"]) {
    Object.defineProperty(CSS, name, { value: functions[name], writable: true, enumerable: true, configurable: true });
  }
  Object.defineProperty(realm.global, "CSS", { value: CSS, writable: true, enumerable: false, configurable: true });
}
