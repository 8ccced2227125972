// CryptoKey: bytes with what may be done with them. <https://w3c.github.io/webcrypto/#cryptokey-interface>
(realm) => {
  "use strict";

  const KIND = "CryptoKey";
  const token = {};
  // { bytes, type, extractable, algorithm, usages }
  const stateOf = (value) => realm.requireState(value, KIND);

  class CryptoKey {
    constructor(key = undefined, state = undefined) {
      if (key !== token) throw realm.illegalConstructor("CryptoKey");
      realm.setObjectState(this, KIND, state);
    }
    get type() {
      return stateOf(this).type;
    }
    get extractable() {
      return stateOf(this).extractable;
    }
    get algorithm() {
      return stateOf(this).algorithm;
    }
    get usages() {
      return stateOf(this).usages;
    }
  }
  realm.expose({ CryptoKey }, { global: false });
  realm.makeCryptoKey = (state) => new CryptoKey(token, state);
  // The state of a key, undefined for anything else.
  realm.cryptoKeyState = (value) => realm.objectState(value, KIND);
  // FIXME keys cannot be cloned.
}
