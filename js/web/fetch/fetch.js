// fetch(). The algorithm is in Rust; here are the promises. <https://fetch.spec.whatwg.org/#fetch-method>
(realm) => {
  "use strict";
  const { TypeError, Object, Promise } = realm.primordials;
  const { ops, global, webidl } = realm;
  const WeakRef = global.WeakRef;

  // Fetches under way by number: { resolve, reject, bodyId, body, unfollow }. `body` is the response's bytes, once there are any.
  const inFlight = new realm.NumberTable();
  // The numbers of happenings in js/src/ops/fetch/in_flight.rs.
  const FAILED = 0;
  const RESPONSE = 1;
  const END_OF_BODY = 2;
  const CHUNK = 4;

  const networkError = () => new TypeError("Failed to fetch");

  // <https://fetch.spec.whatwg.org/#abort-fetch>
  const abort = (id, reason) => {
    const fetch = inFlight.get(id);
    if (fetch === undefined) return;
    inFlight.delete(id);
    ops.op_fetch_abort(id);
    // 1. The promise.
    fetch.reject(reason);
    // 2 to 4. The response's body.
    if (fetch.bodyId !== 0) realm.failLoadingBody(fetch.bodyId, reason);
  };

  // Nobody wants the rest of the body.
  const cancel = (id) => {
    if (inFlight.delete(id)) ops.op_fetch_abort(id);
  };

  const send = ({ id, headers, body }) => {
    const bytes = body === null ? 0 : realm.bytesOfBody(body).id;
    return realm.check(ops.op_fetch_start(realm.windowId, id, realm.headersId(headers), bytes, realm.isStreamedBody(body)));
  };
  // Sends a request whose response nobody wants: it ends with the head.
  realm.sendAndForget = (request) => {
    const id = send(request);
    inFlight.set(id, { resolve: () => cancel(id), reject() {}, bodyId: 0, body: null, unfollow: null });
  };
  const start = (receiver, given, input, init) =>
    new Promise((resolve, reject) => {
      if (receiver !== undefined && receiver !== null && !realm.isWindow(receiver)) throw new TypeError("Illegal invocation");
      webidl.requireArguments(given, 1, "'fetch' on 'Window'");
      // 2. The request.
      const request = realm.makeRequest(input, init);
      const signal = realm.signalOfRequest(request);
      // 4. Aborted before it began.
      const { body } = request;
      if (signal !== null && realm.abortReason(signal) !== undefined) {
        reject(realm.abortReason(signal));
        if (body !== null) realm.cancelBody(body, realm.abortReason(signal));
        return;
      }
      // 12. Fetch.
      const id = send(request);
      const fetch = { resolve, reject, bodyId: 0, body: null, unfollow: null };
      inFlight.set(id, fetch);
      // 11. The signal ends it, or later the body that nobody has read.
      if (signal !== null) {
        fetch.unfollow = realm.onAbort(signal, () => {
          const reason = realm.abortReason(signal);
          abort(id, reason);
          if (body !== null) realm.cancelBody(body, reason);
          const received = fetch.body?.deref();
          if (received !== undefined) realm.failBytes(received, reason);
        });
      }
    });

  realm.entry.continueFetch = realm.fromHost((id, happening) => {
    const fetch = inFlight.get(id);
    if (fetch === undefined) return;
    if (happening === RESPONSE) {
      fetch.bodyId = ops.op_fetch_response_body(id);
      const body = fetch.bodyId === 0 ? null : realm.makeBody(fetch.bodyId, () => cancel(id));
      if (body !== null && fetch.unfollow !== null) fetch.body = new WeakRef(realm.bytesOfBody(body));
      fetch.resolve(realm.makeResponse(ops.op_fetch_response(id), ops.op_fetch_response_headers(id), body));
      return;
    }
    if (happening === CHUNK) {
      realm.chunkOfBody(fetch.bodyId);
      return;
    }
    inFlight.delete(id);
    if (happening === FAILED) fetch.reject(networkError());
    else if (happening === END_OF_BODY) realm.completeBody(fetch.bodyId);
    else realm.failLoadingBody(fetch.bodyId, networkError());
    if (fetch.body === null) fetch.unfollow?.();
  });

  // window.stop() ends all requests of the window, in a task.
  realm.stopFetches = () => {
    for (const id of inFlight.numbers()) realm.queueTask(() => abort(id, networkError()), 3);
  };

  const members = {
    fetch(input, init = undefined) {
      return start(this, arguments.length, input, init);
    },
  };
  Object.defineProperty(global, "fetch", { value: members.fetch, writable: true, enumerable: true, configurable: true });
}
