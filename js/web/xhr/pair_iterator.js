// Pair iterables: entries(), forEach(), keys(), values() over a list of [name, value].
// <https://webidl.spec.whatwg.org/#idl-iterable>
(realm) => {
  "use strict";
  const { Object, Symbol, Reflect, TypeError } = realm.primordials;
  const { webidl, global } = realm;

  const iteratorPrototype = Reflect.getPrototypeOf(Reflect.getPrototypeOf([][Symbol.iterator]()));

  // `listOf` gives the list as it is now, with a brand check.
  realm.pairIterable = (Class, listOf) => {
    const { name } = Class;
    // <https://webidl.spec.whatwg.org/#js-default-iterator-object>
    class PairIterator {
      #target;
      #pick;
      #index = 0;
      constructor(target, pick) {
        this.#target = target;
        this.#pick = pick;
      }
      next() {
        const list = listOf(this.#target);
        // The list may have grown or shrunk since.
        if (this.#index >= list.length) return { value: undefined, done: true };
        return { value: this.#pick(list[this.#index++]), done: false };
      }
    }
    const makeIterator = (target, pick) => {
      listOf(target);
      return new PairIterator(target, pick);
    };
    Reflect.deleteProperty(PairIterator.prototype, "constructor");
    Reflect.setPrototypeOf(PairIterator.prototype, iteratorPrototype);
    Object.defineProperty(PairIterator.prototype, "next", { enumerable: true });
    Object.defineProperty(PairIterator.prototype, Symbol.toStringTag, { value: `${name} Iterator`, configurable: true });

    const methods = {
      entries() {
        return makeIterator(this, (pair) => [pair[0], pair[1]]);
      },
      forEach(callback, thisArg = undefined) {
        listOf(this);
        webidl.requireArguments(arguments.length, 1, `'forEach' on '${name}'`);
        if (typeof callback !== "function") throw new TypeError(`Failed to execute 'forEach' on '${name}': the callback is not a function`);
        for (let i = 0; i < listOf(this).length; i++) {
          const pair = listOf(this)[i];
          Reflect.apply(callback, thisArg, [pair[1], pair[0], this]);
        }
      },
      keys() {
        return makeIterator(this, (pair) => pair[0]);
      },
      values() {
        return makeIterator(this, (pair) => pair[1]);
      },
    };
    for (const method of Object.keys(methods)) {
      Object.defineProperty(Class.prototype, method, { value: methods[method], writable: true, enumerable: true, configurable: true });
    }
    Object.defineProperty(methods.forEach, "length", { value: 1, configurable: true });
    Object.defineProperty(Class.prototype, Symbol.iterator, { value: methods.entries, writable: true, enumerable: false, configurable: true });
  };
}
