// Blob. The bytes are in Rust, under a number. <https://w3c.github.io/FileAPI/#blob-section>
(realm) => {
  "use strict";
  const { Uint8Array } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "Blob";
  const token = {};
  const stateOf = (value) => realm.requireState(value, KIND);
  const endingsOf = webidl.enumeration(["transparent", "native"], "BlobPropertyBag");

  // A blob part: bytes, a blob's number, or text.
  const convertPart = (value) => {
    if (webidl.isBufferSource(value)) return webidl.bytesOf(value);
    const blob = realm.objectState(value, KIND);
    return blob === undefined ? webidl.USVString(value) : blob.id;
  };
  const convertParts = (parts, context) => webidl.sequence(parts, convertPart, context);
  // The members of BlobPropertyBag, in their order.
  const convertOptions = (options) => {
    const { endings, type } = options;
    const native = endings !== undefined && endingsOf(endings) === "native";
    return { native, type: type === undefined ? "" : webidl.DOMString(type).toWellFormed() };
  };
  // All parts are converted by now: no script runs between these ops.
  const create = (parts, { native, type }) => {
    for (const part of parts) {
      if (typeof part === "string") ops.op_blob_part_text(part);
      else if (typeof part === "number") ops.op_blob_part_blob(part);
      else ops.op_blob_part_bytes(part);
    }
    return ops.op_blob_new(type, native);
  };
  const bytesOf = ({ id }) => {
    const bytes = new Uint8Array(ops.op_blob_size(id));
    ops.op_blob_copy(id, bytes);
    return bytes;
  };

  class Blob {
    constructor(blobParts = undefined, options = undefined) {
      let id;
      if (blobParts === token) {
        id = options;
      } else {
        const parts = blobParts === undefined ? [] : convertParts(blobParts, "Blob constructor");
        id = create(parts, convertOptions(webidl.dictionary(options, "Blob constructor")));
      }
      realm.setObjectState(this, KIND, { id, file: null });
      realm.freeWith(this, "Blob", id);
    }
    get size() {
      return ops.op_blob_size(stateOf(this).id);
    }
    get type() {
      return ops.op_blob_type(stateOf(this).id);
    }
    // <https://w3c.github.io/FileAPI/#slice-method-algo>
    slice(start = undefined, end = undefined, contentType = undefined) {
      const { id } = stateOf(this);
      const clamp = (value, fallback) => (value === undefined ? fallback : webidl.toInt(value, 64, true, { clamp: true }));
      const from = clamp(start, 0);
      const to = clamp(end, ops.op_blob_size(id));
      const type = contentType === undefined ? "" : webidl.DOMString(contentType).toWellFormed();
      return realm.makeBlob(ops.op_blob_slice(id, from, to, type));
    }
    stream() {
      return realm.streamOfBlob(stateOf(this).id);
    }
    async text() {
      return ops.op_blob_text(stateOf(this).id);
    }
    async arrayBuffer() {
      return bytesOf(stateOf(this)).buffer;
    }
    async bytes() {
      return bytesOf(stateOf(this));
    }
  }
  realm.expose({ Blob });
  realm.arity(Blob.prototype, { slice: 0 });

  realm.makeBlob = (id) => new Blob(token, id);
  // The state of a Blob or File: its number and, of a file, name and time. Undefined for anything else.
  realm.blobState = (value) => realm.objectState(value, KIND);
  realm.blobBytes = bytesOf;
  // For File.js.
  realm.blobConstruction = { token, convertParts, convertOptions, create };
  // <https://w3c.github.io/FileAPI/#serialization-steps>: a slice of the whole shares the bytes. The blob that is sent keeps them.
  const copyOf = (id) => ops.op_blob_slice(id, 0, ops.op_blob_size(id), ops.op_blob_type(id));
  const sent = (value) => {
    const blob = realm.makeBlob(copyOf(realm.blobState(value).id));
    return { __proto__: null, id: realm.blobState(blob).id, keptBy: blob };
  };
  realm.serializables.Blob = {
    test: (value) => realm.blobState(value)?.file === null,
    serialize: sent,
    deserialize: ({ id }) => realm.makeBlob(copyOf(id)),
  };
  realm.serializables.File = {
    test: (value) => (realm.blobState(value)?.file ?? null) !== null,
    serialize: (value) => {
      const { name, lastModified } = realm.blobState(value).file;
      return { __proto__: null, blob: sent(value), name, lastModified };
    },
    deserialize: ({ blob, name, lastModified }) => realm.makeFile(realm.makeBlob(copyOf(blob.id)), name, lastModified),
  };
}
