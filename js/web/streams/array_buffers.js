// Buffers and views as byte streams handle them. <https://streams.spec.whatwg.org/#abstract-opdef-transferarraybuffer> and its neighbours
(realm) => {
  "use strict";
  const { TypeError, Uint8Array, ArrayBuffer, Reflect } = realm.primordials;
  const { streams, webidl } = realm;
  const { bufferDetached, bufferTransfer, uint8ArraySet } = realm.primordials;

  streams.isDetached = (buffer) => bufferDetached(buffer);
  // <https://streams.spec.whatwg.org/#transfer-array-buffer>
  streams.transferBuffer = (buffer) => {
    if (bufferDetached(buffer)) throw new TypeError("The buffer is detached");
    return bufferTransfer(buffer);
  };
  // <https://tc39.es/ecma262/#sec-copydatablockbytes>
  streams.copyBytes = (to, toOffset, from, fromOffset, count) => {
    uint8ArraySet(new Uint8Array(to, toOffset, count), new Uint8Array(from, fromOffset, count));
  };
  // <https://tc39.es/ecma262/#sec-clonearraybuffer>
  streams.cloneBuffer = (buffer, offset, length) => {
    const copy = new ArrayBuffer(length);
    streams.copyBytes(copy, 0, buffer, offset, length);
    return copy;
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-cloneasuint8array>
  streams.cloneAsUint8Array = (view) => {
    const { buffer, byteOffset, byteLength } = webidl.viewOf(view);
    return new Uint8Array(streams.cloneBuffer(buffer, byteOffset, byteLength));
  };
  // A view of the kind that `constructor` makes; `length` is in elements.
  streams.makeView = (constructor, buffer, byteOffset, length) => Reflect.construct(constructor, [buffer, byteOffset, length]);
}
