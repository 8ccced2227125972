// The algorithms of streams, run when the first stream of a window is made: most pages have none.
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const files = [
    "promises",
    "queue_with_sizes",
    "array_buffers",
    "readable_stream",
    "readable_stream_default_controller",
    "readable_byte_stream_controller",
    "tee",
    "writable_stream",
    "writable_stream_default_controller",
    "pipe_to",
    "transform_stream",
    "async_iteration",
    "cross_realm_transform",
  ];
  let streams = null;
  const load = () => {
    streams = { __proto__: null };
    try {
      for (let i = 0; i < files.length; i++) realm.loadGlue(`streams/${files[i]}.js`);
    } catch (error) {
      // No room on the stack, for example: the next time is a new one.
      streams = null;
      throw error;
    }
    return streams;
  };
  // What the files define.
  Object.defineProperty(realm, "streams", { get: () => streams ?? load() });
}
