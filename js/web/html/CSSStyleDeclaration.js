// CSSStyleDeclaration over a style attribute: declarations are kept as they are written, and no value is computed.
// <https://drafts.csswg.org/cssom/#the-cssstyledeclaration-interface>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, WeakMap, String } = { ...realm.primordials, String: realm.global.String };
  const { ops, webidl, nodeId } = realm;
  const { DOMString, requireArguments } = webidl;

  const elements = new WeakMap();
  const elementOf = (style) => {
    const id = elements.get(style);
    if (id === undefined) throw new TypeError("Illegal invocation");
    return id;
  };

  // Declarations of a style attribute: strings and brackets hold semicolons together, comments go.
  // <https://drafts.csswg.org/css-syntax/#consume-block-contents>
  const parse = (text) => {
    const declarations = [];
    const clean = text.replace(/\/\*[^]*?(\*\/|$)/g, " ");
    let start = 0;
    let depth = 0;
    let quote = "";
    const flush = (end) => {
      const declaration = clean.slice(start, end);
      const colon = declaration.indexOf(":");
      start = end + 1;
      if (colon < 0) return;
      let name = declaration.slice(0, colon).trim();
      if (!name.startsWith("--")) name = name.toLowerCase();
      if (!/^(--[^\s]*|-?[a-z_][\w-]*)$/i.test(name)) return;
      let value = declaration.slice(colon + 1).trim();
      const important = /!\s*important$/i.exec(value);
      if (important !== null) value = value.slice(0, important.index).trim();
      if (value === "" && !name.startsWith("--")) return;
      put(declarations, name, value, important !== null);
    };
    for (let i = 0; i < clean.length; i++) {
      const c = clean[i];
      if (c === "\\") i++;
      else if (quote !== "") {
        if (c === quote) quote = "";
      } else if (c === '"' || c === "'") quote = c;
      else if (c === "(" || c === "[" || c === "{") depth++;
      else if ((c === ")" || c === "]" || c === "}") && depth > 0) depth--;
      else if (c === ";" && depth === 0) flush(i);
    }
    flush(clean.length);
    return declarations;
  };
  // A later declaration takes the earlier one's name; an important one stays before one that is not.
  const put = (declarations, name, value, important) => {
    const index = declarations.findIndex((other) => other.name === name);
    if (index >= 0) {
      if (declarations[index].important && !important) return;
      declarations.splice(index, 1);
    }
    declarations.push({ name, value, important });
  };
  const serialize = (declarations) =>
    declarations.map(({ name, value, important }) => `${name}: ${value}${important ? " !important" : ""};`).join(" ");
  const read = (id) => parse(ops.op_element_get_attribute(id, "style") ?? "");
  const write = (id, declarations) => realm.setAttribute(id, "style", serialize(declarations));

  const setProperty = (id, name, value, important) => {
    const declarations = read(id);
    if (value.trim() === "") {
      const rest = declarations.filter((other) => other.name !== name);
      if (rest.length !== declarations.length) write(id, rest);
      return;
    }
    // What would end the declaration or begin another is no value.
    const parsed = parse(`${name}:${value}`);
    if (parsed.length !== 1 || parsed[0].name !== name || parsed[0].important) return;
    const existing = declarations.find((other) => other.name === name);
    if (existing !== undefined) {
      if (existing.value === parsed[0].value && existing.important === important) return;
      existing.value = parsed[0].value;
      existing.important = important;
    } else {
      declarations.push({ name, value: parsed[0].value, important });
    }
    write(id, declarations);
  };
  const normalize = (name) => (name.startsWith("--") ? name : name.toLowerCase());

  class CSSStyleDeclaration {
    constructor() {
      throw realm.illegalConstructor("CSSStyleDeclaration");
    }
    get cssText() {
      return serialize(read(elementOf(this)));
    }
    set cssText(value) {
      const id = elementOf(this);
      write(id, parse(DOMString(value)));
    }
    get length() {
      return read(elementOf(this)).length;
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'CSSStyleDeclaration'");
      return read(elementOf(this))[webidl.unsignedLong(index)]?.name ?? "";
    }
    getPropertyValue(property) {
      requireArguments(arguments.length, 1, "'getPropertyValue' on 'CSSStyleDeclaration'");
      const name = normalize(DOMString(property));
      return read(elementOf(this)).find((other) => other.name === name)?.value ?? "";
    }
    getPropertyPriority(property) {
      requireArguments(arguments.length, 1, "'getPropertyPriority' on 'CSSStyleDeclaration'");
      const name = normalize(DOMString(property));
      return read(elementOf(this)).find((other) => other.name === name)?.important ? "important" : "";
    }
    setProperty(property, value, priority = "") {
      requireArguments(arguments.length, 2, "'setProperty' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      const name = normalize(DOMString(property));
      const text = webidl.DOMStringOrEmpty(value);
      const level = webidl.DOMStringOrEmpty(priority).toLowerCase();
      if (level !== "" && level !== "important") return;
      if (!name.startsWith("--") && !known.has(name)) return;
      setProperty(id, name, text, level === "important");
    }
    removeProperty(property) {
      requireArguments(arguments.length, 1, "'removeProperty' on 'CSSStyleDeclaration'");
      const id = elementOf(this);
      const name = normalize(DOMString(property));
      const declarations = read(id);
      const old = declarations.find((other) => other.name === name);
      if (old === undefined) return "";
      write(
        id,
        declarations.filter((other) => other !== old),
      );
      return old.value;
    }
    get parentRule() {
      elementOf(this);
      return null;
    }
  }
  realm.expose({ CSSStyleDeclaration });

  // The properties that have an attribute each. Shorthands are kept whole and not expanded.
  const known = new realm.primordials.Set(
    (
      "align-content align-items align-self all animation animation-delay animation-direction animation-duration animation-fill-mode " +
      "animation-iteration-count animation-name animation-play-state animation-timing-function appearance aspect-ratio backdrop-filter " +
      "backface-visibility background background-attachment background-blend-mode background-clip background-color background-image " +
      "background-origin background-position background-position-x background-position-y background-repeat background-size block-size border " +
      "border-block border-block-end border-block-start border-bottom border-bottom-color border-bottom-left-radius border-bottom-right-radius " +
      "border-bottom-style border-bottom-width border-collapse border-color border-image border-image-outset border-image-repeat " +
      "border-image-slice border-image-source border-image-width border-inline border-inline-end border-inline-start border-left " +
      "border-left-color border-left-style border-left-width border-radius border-right border-right-color border-right-style " +
      "border-right-width border-spacing border-style border-top border-top-color border-top-left-radius border-top-right-radius " +
      "border-top-style border-top-width border-width bottom box-shadow box-sizing break-after break-before break-inside caption-side " +
      "caret-color clear clip clip-path clip-rule color color-scheme column-count column-fill column-gap column-rule column-rule-color " +
      "column-rule-style column-rule-width column-span column-width columns contain content counter-increment counter-reset cursor direction " +
      "display empty-cells fill fill-opacity fill-rule filter flex flex-basis flex-direction flex-flow flex-grow flex-shrink flex-wrap float " +
      "font font-family font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style font-variant " +
      "font-variant-caps font-variation-settings font-weight gap grid grid-area grid-auto-columns grid-auto-flow grid-auto-rows grid-column " +
      "grid-column-end grid-column-gap grid-column-start grid-gap grid-row grid-row-end grid-row-gap grid-row-start grid-template " +
      "grid-template-areas grid-template-columns grid-template-rows height hyphens image-rendering inline-size inset inset-block inset-inline " +
      "isolation justify-content justify-items justify-self left letter-spacing line-break line-height list-style list-style-image " +
      "list-style-position list-style-type margin margin-block margin-block-end margin-block-start margin-bottom margin-inline " +
      "margin-inline-end margin-inline-start margin-left margin-right margin-top mask mask-image mask-position mask-repeat mask-size " +
      "max-block-size max-height max-inline-size max-width min-block-size min-height min-inline-size min-width mix-blend-mode object-fit " +
      "object-position offset opacity order orphans outline outline-color outline-offset outline-style outline-width overflow overflow-anchor " +
      "overflow-wrap overflow-x overflow-y overscroll-behavior padding padding-block padding-block-end padding-block-start padding-bottom " +
      "padding-inline padding-inline-end padding-inline-start padding-left padding-right padding-top page-break-after page-break-before " +
      "page-break-inside perspective perspective-origin place-content place-items place-self pointer-events position quotes resize right rotate " +
      "row-gap scale scroll-behavior scroll-margin scroll-padding scroll-snap-align scroll-snap-type shape-outside stroke stroke-dasharray " +
      "stroke-dashoffset stroke-linecap stroke-linejoin stroke-opacity stroke-width tab-size table-layout text-align text-align-last " +
      "text-anchor text-decoration text-decoration-color text-decoration-line text-decoration-style text-indent text-justify text-overflow " +
      "text-rendering text-shadow text-transform text-underline-offset top touch-action transform transform-box transform-origin " +
      "transform-style transition transition-delay transition-duration transition-property transition-timing-function translate unicode-bidi " +
      "user-select vertical-align visibility white-space widows width will-change word-break word-spacing word-wrap writing-mode z-index zoom"
    ).split(" "),
  );
  const accessor = (property, name) => {
    const accessors = {
      get [property]() {
        return this.getPropertyValue(name);
      },
      set [property](value) {
        setProperty(elementOf(this), name, webidl.DOMStringOrEmpty(value), false);
      },
    };
    const descriptor = Object.getOwnPropertyDescriptor(accessors, property);
    Object.defineProperty(CSSStyleDeclaration.prototype, property, descriptor);
  };
  for (const name of known) {
    accessor(
      name.replace(/-([a-z])/g, (_, letter) => letter.toUpperCase()),
      name,
    );
    if (name.includes("-")) accessor(name, name);
  }
  accessor("cssFloat", "float");

  realm.inlineStyle = (element) => {
    const target = Object.create(CSSStyleDeclaration.prototype);
    const id = nodeId(element);
    const item = (key) => {
      const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
      return index < 0 ? undefined : read(id)[index]?.name;
    };
    const style = new Proxy(target, {
      get: (inner, key, receiver) => item(key) ?? Reflect.get(inner, key, receiver),
      has: (inner, key) => item(key) !== undefined || Reflect.has(inner, key),
      getOwnPropertyDescriptor(inner, key) {
        const value = item(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(inner, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      ownKeys: (inner) => [...read(id).map((_, i) => String(i)), ...Reflect.ownKeys(inner)],
    });
    elements.set(target, id);
    elements.set(style, id);
    return style;
  };
}
