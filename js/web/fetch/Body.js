// The Body mixin. The bytes are in Rust, under a number; nothing shows them while they come, for there are no streams: `body` is absent.
// <https://fetch.spec.whatwg.org/#body-mixin>
(realm) => {
  "use strict";
  const { TypeError, Object, JSON, Promise, Uint8Array } = realm.primordials;
  const ops = realm.ops;

  // Bodies that are still loading, by number.
  const loading = new realm.primordials.Map();

  // A body: its number; how many objects may still read it; while it loads, who waits for it; what reading it throws.
  class BodyHandle {
    constructor(id, isLoading) {
      this.id = id;
      this.readers = 1;
      this.waiting = isLoading ? [] : null;
      this.failure = null;
      realm.freeWith(this, "op_fetch_body_free", id);
      if (isLoading) loading.set(id, this);
    }
  }
  const settle = (handle) => {
    const { waiting } = handle;
    handle.waiting = null;
    loading.delete(handle.id);
    if (waiting !== null) for (const finish of waiting) finish();
  };
  realm.makeBody = (id, isLoading) => new BodyHandle(id, isLoading);
  // Takes the body that was handed over; its type goes to the headers that have none.
  realm.extractBody = (handOver, headersId) => {
    handOver();
    return new BodyHandle(realm.check(ops.op_fetch_body_new(headersId)), false);
  };
  realm.shareBody = (handle) => {
    if (handle !== null) handle.readers++;
    return handle;
  };
  realm.completeBody = (id) => {
    const handle = loading.get(id);
    if (handle !== undefined) settle(handle);
  };
  // Reading throws from now on, unless there is nothing to read.
  realm.failBody = (handle, reason) => {
    if (handle.waiting === null && ops.op_fetch_body_length(handle.id) === 0) return;
    handle.failure ??= { reason };
    settle(handle);
  };
  realm.failLoadingBody = (id, reason) => {
    const handle = loading.get(id);
    if (handle !== undefined) realm.failBody(handle, reason);
  };

  // <https://fetch.spec.whatwg.org/#body-unusable>
  const isUnusable = (state) => state.body !== null && state.used;
  realm.isBodyUnusable = isUnusable;

  // A promise of what `convert` makes of the body. <https://fetch.spec.whatwg.org/#concept-body-consume-body>
  const consume = (object, kind, convert) =>
    new Promise((resolve, reject) => {
      const state = realm.requireState(object, kind);
      // 1. Read before.
      if (isUnusable(state)) throw new TypeError("The body has been read already");
      const { body } = state;
      // 5. Without a body: of no bytes.
      if (body === null) {
        resolve(convert(0, state));
        return;
      }
      // 6. All bytes, once they are there.
      state.used = true;
      const finish = () => {
        try {
          if (body.failure !== null) throw body.failure.reason;
          // 3. As what was asked for.
          resolve(convert(body.id, state));
        } catch (error) {
          reject(error);
        } finally {
          body.readers--;
          if (body.readers === 0) ops.op_fetch_body_release(body.id);
        }
      };
      if (body.waiting === null) finish();
      else body.waiting.push(finish);
    });

  const bytesOf = (id) => {
    const bytes = new Uint8Array(ops.op_fetch_body_length(id));
    ops.op_fetch_body_copy(id, bytes);
    return bytes;
  };
  // <https://fetch.spec.whatwg.org/#dom-body-formdata>
  const formDataOf = (id, { headers }) => {
    const flat = ops.op_fetch_body_form_data(id, realm.headersId(headers));
    if (flat === null) throw new TypeError("The body is not form data");
    const entries = [];
    for (let i = 0; i < flat.length; i += 3) {
      const blob = flat[i + 2];
      entries.push([flat[i], blob === 0 ? flat[i + 1] : realm.makeFile(realm.makeBlob(blob), flat[i + 1])]);
    }
    return realm.makeFormData(entries);
  };

  // Adds the members to a class whose objects have state of this kind: `body` (a handle or null), `used`, `headers`.
  realm.bodyMixin = (Class, kind) => {
    const consumeAs = (object, convert) => consume(object, kind, convert);
    const members = {
      get bodyUsed() {
        const { body, used } = realm.requireState(this, kind);
        return body !== null && used;
      },
      arrayBuffer() {
        return consumeAs(this, (id) => bytesOf(id).buffer);
      },
      blob() {
        return consumeAs(this, (id, { headers }) => realm.makeBlob(ops.op_fetch_body_blob(id, realm.headersId(headers))));
      },
      bytes() {
        return consumeAs(this, bytesOf);
      },
      formData() {
        return consumeAs(this, formDataOf);
      },
      json() {
        return consumeAs(this, (id) => JSON.parse(ops.op_fetch_body_text(id)));
      },
      text() {
        return consumeAs(this, (id) => ops.op_fetch_body_text(id));
      },
    };
    for (const name of Object.keys(members)) {
      Object.defineProperty(Class.prototype, name, Object.getOwnPropertyDescriptor(members, name));
    }
  };
}
