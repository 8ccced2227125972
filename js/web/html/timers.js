// Timers, animation frames, idle callbacks, microtasks and queued tasks.
// <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timers>
(realm) => {
  "use strict";
  const { Map, Object, Number } = realm.primordials;
  const { ops, global, webidl, shared } = realm;
  const { Function, String } = global;

  const TIMER = 0;
  const FRAME = 1;
  const IDLE = 2;
  const NATIVE = 3;

  // id -> { handler, args, delay, repeat, nesting }
  const timers = new Map();
  const frames = new Map();
  const idles = new Map();
  const natives = new Map();
  const callbacks = new realm.NumberTable();
  let nextId = 1;
  let nextFrame = 1;
  let nextIdle = 1;
  let nextNative = 1;
  let nesting = 0;

  // <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps>
  const clamp = (delay, level) => {
    // 4-5. Not negative; at least 4 ms from the sixth level on.
    const timeout = delay < 0 ? 0 : delay;
    return level > 5 && timeout < 4 ? 4 : timeout;
  };
  const arm = (id, delay, kind) => {
    if (ops.op_set_timer(realm.windowId, id, delay, kind)) ops.op_note_timer(realm.windowId, id, kind);
  };
  const start = (handler, delay, args, repeat) => {
    const id = nextId++;
    const level = nesting + 1;
    // 9.6 What its imports start from is decided by the script that runs now.
    const base = typeof handler === "function" ? "" : ops.op_caller_base_url(realm.windowId);
    timers.set(id, { handler, args, delay, repeat, nesting: level, base });
    arm(id, clamp(delay, nesting), TIMER);
    return id;
  };
  const stop = (id) => {
    if (timers.delete(id)) ops.op_clear_timer(realm.windowId, id, TIMER);
  };
  const handlerOf = (handler) => (typeof handler === "function" ? handler : webidl.DOMString(handler));

  const members = {
    setTimeout(handler, timeout = 0, ...args) {
      webidl.requireArguments(arguments.length, 1, "'setTimeout' on 'Window'");
      return start(handlerOf(handler), webidl.long(timeout), args, false);
    },
    clearTimeout(id = 0) {
      stop(webidl.long(id));
    },
    setInterval(handler, timeout = 0, ...args) {
      webidl.requireArguments(arguments.length, 1, "'setInterval' on 'Window'");
      return start(handlerOf(handler), webidl.long(timeout), args, true);
    },
    clearInterval(id = 0) {
      stop(webidl.long(id));
    },
    queueMicrotask(callback) {
      webidl.requireArguments(arguments.length, 1, "'queueMicrotask' on 'Window'");
      const typed = webidl.callbackFunction(callback, "queueMicrotask");
      realm.microtask(() => realm.invoke(typed, undefined, []));
    },
    requestAnimationFrame(callback) {
      webidl.requireArguments(arguments.length, 1, "'requestAnimationFrame' on 'Window'");
      const typed = webidl.callbackFunction(callback, "requestAnimationFrame");
      const id = nextFrame++;
      frames.set(id, typed);
      arm(id, 16, FRAME);
      return id;
    },
    cancelAnimationFrame(handle) {
      webidl.requireArguments(arguments.length, 1, "'cancelAnimationFrame' on 'Window'");
      const id = webidl.unsignedLong(handle);
      if (frames.delete(id)) ops.op_clear_timer(realm.windowId, id, FRAME);
    },
    requestIdleCallback(callback, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'requestIdleCallback' on 'Window'");
      const typed = webidl.callbackFunction(callback, "requestIdleCallback");
      webidl.dictionary(options, "requestIdleCallback");
      const id = nextIdle++;
      idles.set(id, typed);
      ops.op_set_timer(realm.windowId, id, 1, IDLE);
      return id;
    },
    cancelIdleCallback(handle) {
      webidl.requireArguments(arguments.length, 1, "'cancelIdleCallback' on 'Window'");
      const id = webidl.unsignedLong(handle);
      if (idles.delete(id)) ops.op_clear_timer(realm.windowId, id, IDLE);
    },
  };
  for (const name of Object.keys(members)) {
    Object.defineProperty(global, name, { value: members[name], writable: true, enumerable: true, configurable: true });
  }
  realm.arity(global, { setTimeout: 1, setInterval: 1, clearTimeout: 0, clearInterval: 0, requestIdleCallback: 1 });

  // A microtask that needs no reporting of its own.
  realm.microtask = (f) => {
    // Made here, for a snapshot cannot hold a promise.
    realm.primordials.promiseThen(realm.primordials.Promise.resolve(), f);
  };
  // A timer of the engine's own; its callback may fire events.
  realm.setInternalTimer = (callback, delay) => {
    const id = nextNative++;
    natives.set(id, callback);
    ops.op_set_timer(realm.windowId, id, delay, NATIVE);
    return id;
  };
  realm.clearInternalTimer = (id) => {
    if (natives.delete(id)) ops.op_clear_timer(realm.windowId, id, NATIVE);
  };
  // Queues a task. `source`: see op_queue_task.
  realm.queueTask = (callback, source = 1) => {
    const number = callbacks.add(callback);
    if (!ops.op_queue_task(realm.windowId, source, number)) callbacks.take(number);
  };
  realm.idleDeadline = class IdleDeadline {
    #end = ops.op_now() + 50;
    constructor() {
      if (!shared.hostCalls) throw realm.illegalConstructor("IdleDeadline");
    }
    timeRemaining() {
      const rest = this.#end - ops.op_now();
      return rest > 0 ? rest : 0;
    }
    get didTimeout() {
      return false;
    }
  };
  realm.expose({ IdleDeadline: realm.idleDeadline });

  realm.entry.runTimer = realm.fromHost((id, kind, due) => {
    realm.fixFocus(kind === FRAME);
    if (kind === FRAME) {
      const callback = frames.get(id);
      if (callback === undefined) return;
      frames.delete(id);
      // All callbacks of a frame have its time.
      realm.invoke(callback, undefined, [realm.primordials.Math.floor(due * 200) / 200]);
      return;
    }
    if (kind === IDLE) {
      const callback = idles.get(id);
      if (callback === undefined) return;
      idles.delete(id);
      realm.invoke(callback, undefined, [new realm.idleDeadline()]);
      return;
    }
    const timer = timers.get(id);
    if (timer === undefined) return;
    if (!timer.repeat) timers.delete(id);
    nesting = timer.nesting;
    try {
      if (typeof timer.handler === "function") {
        realm.invoke(timer.handler, global, timer.args);
      } else {
        ops.op_run_source(realm.windowId, timer.handler, timer.base);
      }
    } finally {
      nesting = 0;
    }
    if (timer.repeat && timers.has(id)) {
      ops.op_set_timer(realm.windowId, id, clamp(timer.delay, timer.nesting), TIMER);
      timer.nesting++;
    }
  });
  // See page_clock.js.
  realm.entry.clockSet = realm.fromHost(() => realm.loadGlue("html/page_clock.js"));
  realm.entry.runNativeTimer = realm.fromHost((id) => {
    const callback = natives.get(id);
    natives.delete(id);
    callback?.();
  });
  realm.entry.runCallback = realm.fromHost((id) => {
    if (id === 0) {
      realm.takeHandledRejections();
      return;
    }
    if (id >= 0x80000000) {
      realm.takeMessage(id);
      return;
    }
    callbacks.take(id)?.();
  });
  realm.forgetTasks = () => {
    for (const map of [timers, frames, idles, natives, callbacks]) map.clear();
  };
}
