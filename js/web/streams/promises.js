// Promises as the standard handles them: made, settled later, reacted to, without a look at what the page has put on Promise.prototype.
// <https://webidl.spec.whatwg.org/#js-promise-manipulation>
(realm) => {
  "use strict";
  const { Promise, Reflect, promiseThen } = realm.primordials;
  const { streams } = realm;

  // A promise, what settles it, and whether it has been settled.
  class Deferred {
    constructor() {
      this.promise = new Promise((resolve, reject) => {
        this.resolver = resolve;
        this.rejecter = reject;
      });
      this.isPending = true;
    }
    resolve(value) {
      this.isPending = false;
      this.resolver(value);
    }
    reject(reason) {
      this.isPending = false;
      this.rejecter(reason);
    }
    // A rejection that nobody need hear of.
    markHandled() {
      markHandled(this.promise);
    }
    static resolved(value) {
      const deferred = new Deferred();
      deferred.resolve(value);
      return deferred;
    }
    static rejected(reason) {
      const deferred = new Deferred();
      deferred.reject(reason);
      deferred.markHandled();
      return deferred;
    }
  }
  const nothing = () => {};
  const markHandled = (promise) => promiseThen(promise, undefined, nothing);

  streams.Deferred = Deferred;
  streams.markHandled = markHandled;
  streams.resolvedWith = (value) => new Promise((resolve) => resolve(value));
  streams.rejectedWith = (reason) => new Promise((_, reject) => reject(reason));
  streams.react = promiseThen;
  // Runs `steps` in a microtask.
  streams.queueMicrotask = (steps) => promiseThen(streams.resolvedWith(undefined), steps);
  // The promise of a callback whose return type is a promise: what it throws is a rejection.
  // <https://webidl.spec.whatwg.org/#invoke-a-callback-function>
  streams.callForPromise = (callback, thisArg, args) => {
    try {
      return streams.resolvedWith(Reflect.apply(callback, thisArg, args));
    } catch (error) {
      return streams.rejectedWith(error);
    }
  };
}
