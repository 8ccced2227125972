// FileReader. <https://w3c.github.io/FileAPI/#APIASynch>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl, EventTarget } = realm;
  const ops = realm.ops;

  const KIND = "FileReader";
  const FILE_READING = 2;
  const [EMPTY, LOADING, DONE] = [0, 1, 2];
  // { readyState, result, run }: `run` counts reads, so that tasks of one that was aborted do nothing.
  const stateOf = (value) => realm.requireState(value, KIND);

  const fire = (reader, type, loaded = 0, total = 0) =>
    realm.fire(reader, type, { interface: "ProgressEvent", init: { lengthComputable: total !== 0, loaded, total } });
  // <https://encoding.spec.whatwg.org/#bom-sniff>
  const sniff = (bytes) => {
    if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
    if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
    return bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : null;
  };
  // <https://w3c.github.io/FileAPI/#blob-package-data>
  const decode = (blob, label) => {
    const bytes = realm.blobBytes(blob);
    // A byte order mark, the label given, the charset of the blob's type, or UTF-8.
    const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(ops.op_blob_type(blob.id));
    const known = (name) => (name === undefined || name === null ? null : ops.op_encoding_name(name));
    const name = sniff(bytes) ?? known(label) ?? known(charset?.[1]) ?? "utf-8";
    const decoder = ops.op_decoder_new(name, false, false);
    const text = ops.op_decoder_decode(decoder, bytes, false);
    realm.freeObject("TextDecoder", decoder);
    return text;
  };
  // <https://w3c.github.io/FileAPI/#readOperation>
  const read = (reader, given, args, method, makeResult) => {
    const state = stateOf(reader);
    webidl.requireArguments(args.length, 1, `'${method}' on 'FileReader'`);
    const blob = realm.blobState(given);
    if (blob === undefined) throw new TypeError(`Failed to execute '${method}' on 'FileReader': parameter 1 is not of type 'Blob'`);
    const label = method === "readAsText" && args[1] !== undefined ? webidl.DOMString(args[1]).toWellFormed() : undefined;
    // 1. One read at a time.
    if (state.readyState === LOADING) throw new realm.DOMException("The FileReader is reading already", "InvalidStateError");
    // 2-4.
    state.readyState = LOADING;
    state.result = null;
    const run = ++state.run;
    const size = ops.op_blob_size(blob.id);
    // 10. The blob is kept by `given` until it is read.
    realm.queueTask(() => {
      if (state.run !== run) return;
      fire(reader, "loadstart", 0, size);
      if (state.run !== run) return;
      realm.queueTask(() => {
        if (state.run !== run) return;
        if (size > 0) fire(reader, "progress", size, size);
        if (state.run !== run) return;
        state.result = makeResult(realm.blobState(given), label);
        state.readyState = DONE;
        fire(reader, "load", size, size);
        // 10.5.5. Not if a listener has begun another read.
        if (state.readyState !== LOADING) fire(reader, "loadend", size, size);
      }, FILE_READING);
    }, FILE_READING);
  };

  class FileReader extends EventTarget {
    constructor() {
      super();
      realm.setObjectState(this, KIND, { readyState: EMPTY, result: null, run: 0 });
    }
    readAsArrayBuffer(blob) {
      read(this, blob, arguments, "readAsArrayBuffer", (state) => realm.blobBytes(state).buffer);
    }
    readAsBinaryString(blob) {
      read(this, blob, arguments, "readAsBinaryString", ({ id }) => ops.op_blob_binary_string(id));
    }
    readAsText(blob, encoding = undefined) {
      read(this, blob, arguments, "readAsText", decode);
    }
    readAsDataURL(blob) {
      read(this, blob, arguments, "readAsDataURL", ({ id }) => ops.op_blob_data_url(id));
    }
    abort() {
      const state = stateOf(this);
      // 1. Nothing to abort.
      if (state.readyState !== LOADING) {
        state.result = null;
        return;
      }
      // 2-4. Its tasks do nothing any more.
      state.readyState = DONE;
      state.result = null;
      state.run++;
      // 5, 6.
      fire(this, "abort");
      if (state.readyState !== LOADING) fire(this, "loadend");
    }
    get readyState() {
      return stateOf(this).readyState;
    }
    get result() {
      return stateOf(this).result;
    }
    // Blobs are in memory: reading them does not fail.
    get error() {
      stateOf(this);
      return null;
    }
  }
  realm.expose({ FileReader });
  realm.constants(FileReader, { EMPTY, LOADING, DONE });
  realm.arity(FileReader.prototype, { readAsText: 1 });
  realm.eventHandlers(FileReader.prototype, ["onloadstart", "onprogress", "onload", "onabort", "onerror", "onloadend"]);
}
