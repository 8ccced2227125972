// DOMRectReadOnly and DOMRect. <https://drafts.fxtf.org/geometry/#DOMRect>
(realm) => {
  "use strict";
  const { Object, Math, Number, Symbol } = realm.primordials;
  const { webidl, shared } = realm;

  const KIND = "DOMRectReadOnly";
  const stateOf = (value) => realm.requireState(value, KIND);
  const unrestricted = (value) => (value === undefined ? 0 : Number(value));
  const { NaN } = Number;
  const least = (a, b) => (a !== a || b !== b ? NaN : Math.min(a, b));
  const greatest = (a, b) => (a !== a || b !== b ? NaN : Math.max(a, b));
  const fromRect = (Class, other, context) => {
    const { height, width, x, y } = webidl.dictionary(other, context);
    return new Class(x, y, width, height);
  };

  class DOMRectReadOnly {
    constructor(x = 0, y = 0, width = 0, height = 0) {
      realm.setObjectState(this, KIND, {
        x: unrestricted(x),
        y: unrestricted(y),
        width: unrestricted(width),
        height: unrestricted(height),
      });
    }
    static fromRect(other = undefined) {
      return fromRect(DOMRectReadOnly, other, "DOMRectReadOnly.fromRect");
    }
    get x() {
      return stateOf(this).x;
    }
    get y() {
      return stateOf(this).y;
    }
    get width() {
      return stateOf(this).width;
    }
    get height() {
      return stateOf(this).height;
    }
    get top() {
      const { y, height } = stateOf(this);
      return least(y, y + height);
    }
    get right() {
      const { x, width } = stateOf(this);
      return greatest(x, x + width);
    }
    get bottom() {
      const { y, height } = stateOf(this);
      return greatest(y, y + height);
    }
    get left() {
      const { x, width } = stateOf(this);
      return least(x, x + width);
    }
    toJSON() {
      const { x, y, width, height } = stateOf(this);
      return { x, y, width, height, top: this.top, right: this.right, bottom: this.bottom, left: this.left };
    }
  }
  class DOMRect extends DOMRectReadOnly {
    static fromRect(other = undefined) {
      return fromRect(DOMRect, other, "DOMRect.fromRect");
    }
  }
  for (const name of ["x", "y", "width", "height"]) {
    const accessors = {
      get [name]() {
        return stateOf(this)[name];
      },
      set [name](value) {
        stateOf(this)[name] = Number(value);
      },
    };
    Object.defineProperty(DOMRect.prototype, name, Object.getOwnPropertyDescriptor(accessors, name));
  }
  // <https://drafts.fxtf.org/geometry/#structured-serialization>: one serializer, for the two differ in their class alone.
  const isMutable = (value) => shared.realms.some((other) => other?.interfaces.DOMRect?.prototype.isPrototypeOf(value));
  realm.serializables.DOMRect = {
    test: (value) => realm.objectState(value, KIND) !== undefined,
    serialize: (value) => ({ __proto__: null, ...stateOf(value), isMutable: isMutable(value) }),
    deserialize: ({ x, y, width, height, isMutable }) => new (isMutable ? DOMRect : DOMRectReadOnly)(x, y, width, height),
  };
  // The rectangles never change, so that they are plain members.
  class DOMRectList {
    constructor() {
      throw realm.illegalConstructor("DOMRectList");
    }
    get length() {
      return realm.requireState(this, "DOMRectList").length;
    }
    item(index) {
      const rects = realm.requireState(this, "DOMRectList");
      webidl.requireArguments(arguments.length, 1, "'item' on 'DOMRectList'");
      return rects[webidl.unsignedLong(index)] ?? null;
    }
  }
  Object.defineProperty(DOMRectList.prototype, Symbol.iterator, { value: realm.global.Array.prototype.values, writable: true, configurable: true });
  realm.expose({ DOMRectReadOnly, DOMRect, DOMRectList });
  realm.arity(DOMRectReadOnly, { fromRect: 0 });
  realm.arity(DOMRect, { fromRect: 0 });
  // A list of none, or of one that is empty.
  realm.makeRectList = (hasBox) => {
    const list = Object.create(DOMRectList.prototype);
    const rects = realm.bareArray();
    if (hasBox) {
      rects[0] = new DOMRect();
      Object.defineProperty(list, 0, { value: rects[0], enumerable: true, configurable: true });
    }
    realm.setObjectState(list, "DOMRectList", rects);
    return list;
  };
}
