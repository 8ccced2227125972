// ByteLengthQueuingStrategy and CountQueuingStrategy; what strategies are to streams. <https://streams.spec.whatwg.org/#qs>
(realm) => {
  "use strict";
  const { TypeError, RangeError, Reflect } = realm.primordials;
  const { webidl } = realm;

  // The functions of this window, which all strategies share.
  const byteLength = {
    size(chunk) {
      return chunk.byteLength;
    },
  };
  const count = {
    size() {
      return 1;
    },
  };
  // <https://streams.spec.whatwg.org/#dictdef-queuingstrategyinit>
  const convertInit = (init, name) => {
    const { highWaterMark } = webidl.dictionary(init, `${name} constructor`);
    if (highWaterMark === undefined) throw new TypeError(`Failed to construct '${name}': 'highWaterMark' is required`);
    return { highWaterMark: webidl.unrestrictedDouble(highWaterMark) };
  };

  class ByteLengthQueuingStrategy {
    constructor(init) {
      webidl.requireArguments(arguments.length, 1, "'ByteLengthQueuingStrategy' constructor");
      realm.setObjectState(this, "ByteLengthQueuingStrategy", convertInit(init, "ByteLengthQueuingStrategy"));
    }
    get highWaterMark() {
      return realm.requireState(this, "ByteLengthQueuingStrategy").highWaterMark;
    }
    get size() {
      realm.requireState(this, "ByteLengthQueuingStrategy");
      return byteLength.size;
    }
  }
  class CountQueuingStrategy {
    constructor(init) {
      webidl.requireArguments(arguments.length, 1, "'CountQueuingStrategy' constructor");
      realm.setObjectState(this, "CountQueuingStrategy", convertInit(init, "CountQueuingStrategy"));
    }
    get highWaterMark() {
      return realm.requireState(this, "CountQueuingStrategy").highWaterMark;
    }
    get size() {
      realm.requireState(this, "CountQueuingStrategy");
      return count.size;
    }
  }
  realm.expose({ ByteLengthQueuingStrategy, CountQueuingStrategy });

  // <https://streams.spec.whatwg.org/#dictdef-queuingstrategy>
  realm.convertQueuingStrategy = (value, context) => {
    const { highWaterMark, size } = webidl.dictionary(value, context);
    return {
      highWaterMark: highWaterMark === undefined ? undefined : webidl.unrestrictedDouble(highWaterMark),
      size: size === undefined ? undefined : webidl.callbackFunction(size, context),
    };
  };
  // <https://streams.spec.whatwg.org/#validate-and-normalize-high-water-mark>
  realm.highWaterMarkOf = ({ highWaterMark }, fallback) => {
    if (highWaterMark === undefined) return fallback;
    if (!(highWaterMark >= 0)) throw new RangeError("The high water mark must be a number, not negative");
    return highWaterMark;
  };
  // <https://streams.spec.whatwg.org/#make-size-algorithm-from-size-function>
  realm.sizeAlgorithmOf = ({ size }) =>
    size === undefined ? () => 1 : (chunk) => webidl.unrestrictedDouble(Reflect.apply(size, undefined, [chunk]));
}
