// AbortController and AbortSignal. <https://dom.spec.whatwg.org/#aborting-ongoing-activities>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl, EventTarget } = realm;

  const KIND = "AbortSignal";
  const token = {};
  // { reason, algorithms, dependents }: signals of other windows have it too.
  const stateOf = (value) => realm.requireState(value, KIND);
  const isSignal = (value) => realm.objectState(value, KIND) !== undefined;
  const make = () => new AbortSignal(token);
  // Adds an algorithm; gives what removes it.
  const follow = (signal, algorithm) => {
    const state = stateOf(signal);
    state.algorithms.push(algorithm);
    return () => {
      state.algorithms = state.algorithms.filter((other) => other !== algorithm);
    };
  };
  // <https://dom.spec.whatwg.org/#abortsignal-signal-abort>
  const abort = (signal, reason) => {
    // 1. Only once.
    if (stateOf(signal).reason !== undefined) return;
    // 2. to 4. The reason, for those that depend on it too.
    const error = reason === undefined ? new realm.DOMException("The operation was aborted", "AbortError") : reason;
    const all = [signal];
    for (let i = 0; i < all.length; i++) {
      const state = stateOf(all[i]);
      state.reason = error;
      for (const dependent of state.dependents) if (stateOf(dependent).reason === undefined && !all.includes(dependent)) all.push(dependent);
      state.dependents = [];
    }
    // 5. to 6. Algorithms, then the event.
    for (const one of all) {
      const state = stateOf(one);
      const { algorithms } = state;
      state.algorithms = [];
      for (const algorithm of algorithms) algorithm();
      realm.fire(one, "abort");
    }
  };

  class AbortSignal extends EventTarget {
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor("AbortSignal");
      super();
      realm.setObjectState(this, KIND, { reason: undefined, algorithms: [], dependents: [] });
    }
    static abort(reason = undefined) {
      const signal = make();
      stateOf(signal).reason = reason === undefined ? new realm.DOMException("The operation was aborted", "AbortError") : reason;
      return signal;
    }
    static timeout(milliseconds) {
      webidl.requireArguments(arguments.length, 1, "'timeout' on 'AbortSignal'");
      const delay = webidl.toInt(milliseconds, 64, false, { enforceRange: true });
      const signal = make();
      realm.setInternalTimer(() => abort(signal, new realm.DOMException("The operation timed out", "TimeoutError")), delay);
      return signal;
    }
    // <https://dom.spec.whatwg.org/#create-a-dependent-abort-signal>
    static any(signals) {
      webidl.requireArguments(arguments.length, 1, "'any' on 'AbortSignal'");
      const sources = webidl.sequence(
        signals,
        (value) => {
          if (!isSignal(value)) throw new TypeError("AbortSignal.any: a member is not an AbortSignal");
          return value;
        },
        "AbortSignal.any",
      );
      const signal = make();
      for (const source of sources) {
        const { reason } = stateOf(source);
        if (reason !== undefined) {
          stateOf(signal).reason = reason;
          return signal;
        }
      }
      for (const source of sources) stateOf(source).dependents.push(signal);
      return signal;
    }
    get aborted() {
      return stateOf(this).reason !== undefined;
    }
    get reason() {
      return stateOf(this).reason;
    }
    throwIfAborted() {
      const { reason } = stateOf(this);
      if (reason !== undefined) throw reason;
    }
  }
  class AbortController {
    #signal = make();
    get signal() {
      return this.#signal;
    }
    abort(reason = undefined) {
      abort(this.#signal, reason);
    }
  }
  realm.isAbortSignal = isSignal;
  // For streams: a signal without a controller.
  realm.makeAbortSignal = make;
  realm.signalAbort = abort;
  realm.onAbort = follow;
  // Undefined unless it is aborted.
  realm.abortReason = (signal) => stateOf(signal).reason;
  realm.expose({ AbortSignal, AbortController });
  realm.eventHandlers(AbortSignal.prototype, ["onabort"]);
}
