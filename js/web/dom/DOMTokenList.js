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
    // The element's id, the attribute's name and the tokens that are supported (null: any), on a list and on its proxy's target.
    realm.shared.TokenList = class TokenList extends Override {
      #id;
      #name;
      #supported;
      constructor(object, id, name, supported) {
        super(object);
        this.#id = id;
        this.#name = name;
        this.#supported = supported;
      }
      static has(object) {
        return typeof object === "object" && object !== null && #id in object;
      }
      static id(object) {
        return object.#id;
      }
      static attribute(object) {
        return object.#name;
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
  const tokensOf = (list) => ops.op_element_tokens(TokenList.id(list), TokenList.attribute(list));
  const space = /[\t\n\f\r ]/;
  const validate = (token) => {
    if (token === "") throw new realm.DOMException("The token is empty", "SyntaxError");
    if (space.test(token)) throw new realm.DOMException("The token holds white space", "InvalidCharacterError");
  };
  // Update steps: nothing to write where there is no attribute and no token.
  const update = (list, tokens) => {
    const id = TokenList.id(list);
    const name = TokenList.attribute(list);
    if (tokens.length === 0 && !ops.op_element_has_attribute(id, name)) return;
    realm.setAttribute(id, name, tokens.join(" "));
  };

  class DOMTokenList {
    constructor() {
      throw realm.illegalConstructor("DOMTokenList");
    }
    get length() {
      return tokensOf(checked(this)).length;
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'DOMTokenList'");
      return tokensOf(checked(this))[webidl.unsignedLong(index)] ?? null;
    }
    contains(token) {
      webidl.requireArguments(arguments.length, 1, "'contains' on 'DOMTokenList'");
      checked(this);
      return ops.op_element_has_token(TokenList.id(this), TokenList.attribute(this), webidl.DOMString(token));
    }
    add(...tokens) {
      checked(this);
      const typed = tokens.map(webidl.DOMString);
      typed.forEach(validate);
      const present = tokensOf(this);
      for (const token of typed) if (!present.includes(token)) present.push(token);
      update(this, present);
    }
    remove(...tokens) {
      checked(this);
      const typed = tokens.map(webidl.DOMString);
      typed.forEach(validate);
      update(
        this,
        tokensOf(this).filter((token) => !typed.includes(token)),
      );
    }
    toggle(token, force = undefined) {
      webidl.requireArguments(arguments.length, 1, "'toggle' on 'DOMTokenList'");
      checked(this);
      const typed = webidl.DOMString(token);
      validate(typed);
      const present = tokensOf(this);
      if (present.includes(typed)) {
        if (force !== undefined && force) return true;
        update(
          this,
          present.filter((other) => other !== typed),
        );
        return false;
      }
      if (force === undefined || force) {
        present.push(typed);
        update(this, present);
        return true;
      }
      return false;
    }
    replace(token, newToken) {
      webidl.requireArguments(arguments.length, 2, "'replace' on 'DOMTokenList'");
      checked(this);
      const from = webidl.DOMString(token);
      const to = webidl.DOMString(newToken);
      // 1. Either is empty; 2. either has white space.
      for (const typed of [from, to]) if (typed === "") validate(typed);
      for (const typed of [from, to]) validate(typed);
      const present = tokensOf(this);
      // 3. Not there.
      if (!present.includes(from)) return false;
      // 4. In its place, once.
      const seen = [];
      for (const other of present) {
        const next = other === from ? to : other;
        if (!seen.includes(next)) seen.push(next);
      }
      update(this, seen);
      return true;
    }
    supports(token) {
      webidl.requireArguments(arguments.length, 1, "'supports' on 'DOMTokenList'");
      const known = TokenList.supported(checked(this));
      if (known === null) throw new TypeError("The attribute has no supported tokens");
      return known.includes(webidl.DOMString(token).toLowerCase());
    }
    get value() {
      checked(this);
      return ops.op_element_get_attribute(TokenList.id(this), TokenList.attribute(this)) ?? "";
    }
    set value(value) {
      checked(this);
      realm.setAttribute(TokenList.id(this), TokenList.attribute(this), webidl.DOMString(value));
    }
    toString() {
      return this.value;
    }
  }
  realm.expose({ DOMTokenList });
  realm.arity(DOMTokenList.prototype, { add: 0, remove: 0 });
  realm.borrowIterable(DOMTokenList, ["entries", "keys", "values", "forEach"]);

  const item = (target, key) => {
    const index = realm.arrayIndex(key);
    return index < 0 ? undefined : tokensOf(target)[index];
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
  // The token list of an element's attribute, one for each.
  realm.tokenList = (element, name, supported = null) =>
    realm.sameObject(element, `tokens ${name}`, () => {
      const id = nodeId(element);
      const target = Object.create(DOMTokenList.prototype);
      new TokenList(target, id, name, supported);
      const list = new Proxy(target, handler);
      new TokenList(list, id, name, supported);
      return list;
    });
}
