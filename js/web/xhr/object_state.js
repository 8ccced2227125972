// What the platform objects of this folder keep: state by kind, and the numbers of Rust objects.
(realm) => {
  "use strict";
  const { TypeError, Reflect } = realm.primordials;
  const { shared, global } = realm;
  const { FinalizationRegistry } = global;

  if (shared.ObjectState === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // A private field on an object: its kind (an interface's name) and its state. One class for all realms, so that a Blob of a frame is
    // a Blob here.
    shared.ObjectState = class ObjectState extends Override {
      #kind;
      #state;
      constructor(object, kind, state) {
        super(object);
        this.#kind = kind;
        this.#state = state;
      }
      static of(value, kind) {
        if (value === null || (typeof value !== "object" && typeof value !== "function")) return undefined;
        return #kind in value && value.#kind === kind ? value.#state : undefined;
      }
    };
  }
  const { ObjectState } = shared;

  realm.setObjectState = (object, kind, state) => {
    new ObjectState(object, kind, state);
    return state;
  };
  // The state of `value` if it is of that kind, else undefined.
  realm.objectState = ObjectState.of;
  // The same as a brand check.
  realm.requireState = (value, kind) => {
    const state = ObjectState.of(value, kind);
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };

  // As js/src/object_lifetime.rs numbers them.
  const objectKinds = {
    __proto__: null,
    XMLHttpRequest: 0,
    Blob: 1,
    TextDecoder: 2,
    Compression: 3,
    Body: 4,
    Headers: 5,
    Request: 6,
    Response: 7,
    EventSource: 8,
    WebSocket: 9,
  };
  // Frees a Rust object that has no wrapper.
  realm.freeObject = (kind, id) => realm.ops.op_object_free(objectKinds[kind], id);
  // Frees the Rust object `id` some time after `wrapper` is gone. Where Rust does not watch the wrapper, a registry does; it is made at
  // first use, for a snapshot cannot hold one.
  const register = FinalizationRegistry.prototype.register;
  let registry = null;
  realm.freeWith = (wrapper, kind, id) => {
    const number = objectKinds[kind];
    if (realm.ops.op_object_watch(wrapper, number, id)) return;
    registry ??= new FinalizationRegistry((held) => realm.ops.op_object_free(held.number, held.id));
    Reflect.apply(register, registry, [wrapper, { number, id }]);
  };
}
