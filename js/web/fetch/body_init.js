// What script may give as a body. <https://fetch.spec.whatwg.org/#bodyinit>
(realm) => {
  "use strict";
  const { TypeError, isView } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  // A function that hands the body over to Rust, for the op that takes it. Conversions happen now.
  realm.convertBodyInit = (body, context) => {
    const blob = realm.blobState(body);
    if (blob !== undefined) return () => ops.op_body_blob(blob.id);
    const shared = () => new TypeError(`Failed to execute ${context}: the buffer is shared`);
    if (isView(body) && webidl.isSharedArrayBuffer(body.buffer)) throw shared();
    if (webidl.isBufferSource(body)) {
      const bytes = webidl.bytesOf(body);
      return () => ops.op_body_bytes(bytes);
    }
    if (realm.isFormData(body)) return () => realm.handOverFormData(body);
    const params = realm.searchParamsText(body);
    if (params !== undefined) return () => ops.op_body_search_params(params);
    if (webidl.isSharedArrayBuffer(body)) throw shared();
    const text = webidl.USVString(body);
    return () => ops.op_body_text(text);
  };

  // The same with streams, for Request and Response; `extractBody` takes what comes out.
  realm.convertFetchBody = (body, context) => {
    const stream = realm.readableStreamState(body);
    return stream === undefined ? realm.convertBodyInit(body, context) : { stream };
  };
  realm.streamOfBodyInit = (init) => (typeof init === "function" ? undefined : init.stream);
}
