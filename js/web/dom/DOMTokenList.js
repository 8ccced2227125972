// DOMTokenList. <https://dom.spec.whatwg.org/#interface-domtokenlist>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, String } = { ...realm.primordials, String: realm.global.String };
  const { ops, webidl, nodeId } = realm;

  if (realm.shared.TokenList === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // The element's id, the attribute's number and the tokens that are supported (null: any), on a list, and on the target of a proxy.
    realm.shared.TokenList = class TokenList extends Override {
      #id;
      #attribute;
      #supported;
      constructor(object, id, attribute, supported) {
        super(object);
        this.#id = id;
        this.#attribute = attribute;
        this.#supported = supported;
      }
      static has(object) {
        return typeof object === "object" && object !== null && #id in object;
      }
      static id(object) {
        return object.#id;
      }
      static attribute(object) {
        return object.#attribute;
      }
      static supported(object) {
        return object.#supported;
      }
    };
  }
  const { TokenList } = realm.shared;
  const checked = (list) => {
    if (!TokenList.has(list)) throw new TypeError("Illegal invocation");
    return list;
  };
  // The attributes by their numbers, as js/src/ops/token_list.rs has them.
  const names = [];
  const numbers = { __proto__: null };
  const numberOf = (name) => {
    const number = ops.op_tokens_attribute(name);
    while (names.length <= number) names[names.length] = "";
    names[number] = name;
    numbers[name] = number;
    return number;
  };
  const tokensOf = (list) => ops.op_tokens(TokenList.id(list), TokenList.attribute(list));
  // A mutation with an answer in bit 2.
  const answered = (result) => {
    realm.mutated(result < 0 ? result : result & ~4);
    return (result & 4) !== 0;
  };

  class DOMTokenList {
    constructor() {
      throw realm.illegalConstructor("DOMTokenList");
    }
    get length() {
      checked(this);
      return ops.op_tokens_length(TokenList.id(this), TokenList.attribute(this));
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'DOMTokenList'");
      checked(this);
      return ops.op_tokens_item(TokenList.id(this), TokenList.attribute(this), webidl.unsignedLong(index));
    }
    contains(token) {
      webidl.requireArguments(arguments.length, 1, "'contains' on 'DOMTokenList'");
      checked(this);
      return ops.op_tokens_contains(TokenList.id(this), TokenList.attribute(this), webidl.DOMString(token));
    }
    add(...tokens) {
      checked(this);
      const joined = tokens.length === 1 ? webidl.DOMString(tokens[0]) : tokens.map(webidl.DOMString).join("\0");
      realm.mutated(ops.op_tokens_add(TokenList.id(this), TokenList.attribute(this), joined, tokens.length > 0));
    }
    remove(...tokens) {
      checked(this);
      const joined = tokens.length === 1 ? webidl.DOMString(tokens[0]) : tokens.map(webidl.DOMString).join("\0");
      realm.mutated(ops.op_tokens_remove(TokenList.id(this), TokenList.attribute(this), joined, tokens.length > 0));
    }
    toggle(token, force = undefined) {
      webidl.requireArguments(arguments.length, 1, "'toggle' on 'DOMTokenList'");
      checked(this);
      const typed = webidl.DOMString(token);
      return answered(ops.op_tokens_toggle(TokenList.id(this), TokenList.attribute(this), typed, force === undefined ? 0 : force ? 1 : 2));
    }
    replace(token, newToken) {
      webidl.requireArguments(arguments.length, 2, "'replace' on 'DOMTokenList'");
      checked(this);
      const from = webidl.DOMString(token);
      return answered(ops.op_tokens_replace(TokenList.id(this), TokenList.attribute(this), from, webidl.DOMString(newToken)));
    }
    supports(token) {
      webidl.requireArguments(arguments.length, 1, "'supports' on 'DOMTokenList'");
      const known = TokenList.supported(checked(this));
      if (known === null) throw new TypeError("The attribute has no supported tokens");
      return known.includes(webidl.DOMString(token).toLowerCase());
    }
    get value() {
      checked(this);
      return realm.getAttribute(TokenList.id(this), names[TokenList.attribute(this)]) ?? "";
    }
    set value(value) {
      checked(this);
      realm.setAttribute(TokenList.id(this), names[TokenList.attribute(this)], webidl.DOMString(value));
    }
    toString() {
      checked(this);
      return realm.getAttribute(TokenList.id(this), names[TokenList.attribute(this)]) ?? "";
    }
  }
  realm.expose({ DOMTokenList });
  realm.arity(DOMTokenList.prototype, { add: 0, remove: 0 });
  realm.borrowIterable(DOMTokenList, ["entries", "keys", "values", "forEach"]);

  const itemAt = (list, index) => ops.op_tokens_item(TokenList.id(list), TokenList.attribute(list), index) ?? undefined;
  const lengthOf = (list) => ops.op_tokens_length(TokenList.id(list), TokenList.attribute(list));
  const item = (target, key) => {
    const index = realm.arrayIndex(key);
    return index < 0 ? undefined : itemAt(target, index);
  };
  const handler = {
    get(target, key, receiver) {
      if (typeof key === "string" && realm.arrayIndex(key) >= 0) return item(target, key);
      return Reflect.get(target, key, receiver);
    },
    has(target, key) {
      if (typeof key === "string" && realm.arrayIndex(key) >= 0) return item(target, key) !== undefined;
      return Reflect.has(target, key);
    },
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === "string" && realm.arrayIndex(key) >= 0) {
        const value = item(target, key);
        return value === undefined ? undefined : { value, writable: false, enumerable: true, configurable: true };
      }
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys: (target) => [...tokensOf(target).map((_, i) => String(i)), ...Reflect.ownKeys(target)],
    defineProperty: (target, key, descriptor) =>
      typeof key === "string" && realm.arrayIndex(key) >= 0 ? false : Reflect.defineProperty(target, key, descriptor),
    set: (target, key, value, receiver) =>
      typeof key === "string" && realm.arrayIndex(key) >= 0 ? false : Reflect.set(target, key, value, receiver),
    deleteProperty(target, key) {
      if (typeof key === "string" && realm.arrayIndex(key) >= 0) return item(target, key) === undefined;
      return Reflect.deleteProperty(target, key);
    },
    preventExtensions: () => false,
  };
  let maker;
  const makeList = (id, number, supported) => {
    if (maker === undefined) maker = realm.engine === "v8" ? realm.listMaker(DOMTokenList, itemAt, lengthOf, null) : null;
    if (maker !== null) {
      const list = new maker();
      new TokenList(list, id, number, supported);
      return list;
    }
    const target = Object.create(DOMTokenList.prototype);
    new TokenList(target, id, number, supported);
    const list = new Proxy(target, handler);
    new TokenList(list, id, number, supported);
    return list;
  };
  // The token list of an element's attribute, one for each.
  realm.tokenList = (element, name, supported = null) =>
    realm.sameObject(element, `tokens ${name}`, () => makeList(nodeId(element), numbers[name] ?? numberOf(name), supported));
  // OPTIMIZATION: `classList` is asked for again and again, and is found without a name.
  realm.classList = (element) => {
    const slots = realm.slots(element);
    return slots.classList ?? (slots.classList = realm.tokenList(element, "class"));
  };
}
