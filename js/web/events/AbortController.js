// AbortController and AbortSignal. <https://dom.spec.whatwg.org/#aborting-ongoing-activities>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl, EventTarget } = realm;

  let make;
  let abort;
  let follow;
  let isSignal;
  const token = {};

  class AbortSignal extends EventTarget {
    #reason = undefined;
    #algorithms = [];
    #dependents = [];
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor("AbortSignal");
      super();
    }
    static abort(reason = undefined) {
      const signal = make();
      signal.#reason = reason === undefined ? new realm.DOMException("The operation was aborted", "AbortError") : reason;
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
        if (source.aborted) {
          signal.#reason = source.reason;
          return signal;
        }
      }
      for (const source of sources) source.#dependents.push(signal);
      return signal;
    }
    get aborted() {
      return this.#reason !== undefined;
    }
    get reason() {
      return this.#reason;
    }
    throwIfAborted() {
      if (this.#reason !== undefined) throw this.#reason;
    }
    static {
      make = () => new AbortSignal(token);
      isSignal = (value) => typeof value === "object" && value !== null && #algorithms in value;
      // Gives what undoes it.
      follow = (signal, algorithm) => {
        signal.#algorithms.push(algorithm);
        return () => {
          signal.#algorithms = signal.#algorithms.filter((other) => other !== algorithm);
        };
      };
      // <https://dom.spec.whatwg.org/#abortsignal-signal-abort>
      abort = (signal, reason) => {
        if (signal.aborted) return;
        const error = reason === undefined ? new realm.DOMException("The operation was aborted", "AbortError") : reason;
        const all = [signal];
        for (let i = 0; i < all.length; i++) {
          all[i].#reason = error;
          for (const dependent of all[i].#dependents) if (!dependent.aborted && !all.includes(dependent)) all.push(dependent);
          all[i].#dependents = [];
        }
        for (const one of all) {
          const algorithms = one.#algorithms;
          one.#algorithms = [];
          for (const algorithm of algorithms) algorithm();
          realm.fire(one, "abort");
        }
      };
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
  realm.onAbort = follow;
  realm.expose({ AbortSignal, AbortController });
  realm.eventHandlers(AbortSignal.prototype, ["onabort"]);
}
