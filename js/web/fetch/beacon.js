// navigator.sendBeacon(). <https://w3c.github.io/beacon/#sendbeacon-method>
(realm) => {
  "use strict";
  const { TypeError, Object } = realm.primordials;
  const { ops, webidl } = realm;
  const { Navigator } = realm.interfaces;

  const CONTEXT = "Failed to execute 'sendBeacon' on 'Navigator'";
  const members = {
    sendBeacon(url, data = null) {
      if (!Navigator.prototype.isPrototypeOf(this)) throw new TypeError("Illegal invocation");
      webidl.requireArguments(arguments.length, 1, "'sendBeacon' on 'Navigator'");
      // 1. to 4. The address.
      const address = ops.op_url_parse(webidl.USVString(url), realm.document.baseURI);
      if (address === null || !/^https?:/.test(address)) throw new TypeError(`${CONTEXT}: the URL is not one of HTTP`);
      // 6. The body; a stream is refused there.
      const init = { __proto__: null, method: "POST", keepalive: true, mode: "no-cors", credentials: "include", body: data };
      let request = realm.makeRequest(address, init);
      const { body } = request;
      // 6.2. Too much with what is under way.
      if (body !== null && !ops.op_fetch_may_keep_alive(realm.windowId, realm.bytesOfBody(body).id)) return false;
      // 6.4. A type of content that needs CORS, which only a Blob may have.
      const blob = realm.blobState(data);
      const type = blob === undefined ? "" : ops.op_blob_type(blob.id);
      if (type !== "" && ops.op_headers_has(realm.headersId(request.headers), "content-type") !== 1) request = realm.makeRequest(address, { __proto__: null, ...init, mode: "cors" });
      // 7.
      realm.sendAndForget(request);
      return true;
    },
  };
  Object.defineProperty(Navigator.prototype, "sendBeacon", { value: members.sendBeacon, writable: true, enumerable: true, configurable: true });
  realm.arity(Navigator.prototype, { sendBeacon: 1 });
}
