// Streams as async iterables, and streams made of iterables. <https://streams.spec.whatwg.org/#rs-asynciterator>,
// <https://streams.spec.whatwg.org/#readable-stream-from-iterable>
(realm) => {
  "use strict";
  const { TypeError, Symbol, Reflect } = realm.primordials;
  const { streams, webidl } = realm;
  const { react, resolvedWith, rejectedWith, Deferred } = streams;

  // The state of an iterator: steps run one after another. <https://webidl.spec.whatwg.org/#js-default-asynchronous-iterator-object>
  class Iterator {
    ongoing = null;
    isFinished = false;
    constructor(stream, preventCancel) {
      this.reader = streams.acquireReader(stream);
      this.preventCancel = preventCancel;
    }
    next() {
      const steps = () => this.#next();
      this.ongoing = this.ongoing === null ? steps() : react(this.ongoing, steps, steps);
      return this.ongoing;
    }
    #next() {
      if (this.isFinished) return resolvedWith({ value: undefined, done: true });
      const { reader } = this;
      const result = new Deferred();
      // <https://streams.spec.whatwg.org/#rs-get-iterator-next>
      streams.read(reader, {
        chunk: (chunk) => result.resolve({ __proto__: null, chunk, isEnd: false }),
        close: () => {
          streams.releaseReader(reader);
          result.resolve({ __proto__: null, chunk: undefined, isEnd: true });
        },
        error: (error) => {
          streams.releaseReader(reader);
          result.reject(error);
        },
      });
      return react(
        result.promise,
        ({ chunk, isEnd }) => {
          this.ongoing = null;
          if (isEnd) this.isFinished = true;
          return { value: chunk, done: isEnd };
        },
        (error) => {
          this.ongoing = null;
          this.isFinished = true;
          throw error;
        },
      );
    }
    return(value) {
      const steps = () => this.#return(value);
      this.ongoing = this.ongoing === null ? steps() : react(this.ongoing, steps, steps);
      return react(this.ongoing, () => ({ value, done: true }));
    }
    #return(value) {
      if (this.isFinished) return resolvedWith(undefined);
      this.isFinished = true;
      // <https://streams.spec.whatwg.org/#rs-asynciterator-prototype-return>
      const { reader } = this;
      if (this.preventCancel) {
        streams.releaseReader(reader);
        return resolvedWith(undefined);
      }
      const result = streams.cancel(reader.stream, value);
      streams.releaseReader(reader);
      return result;
    }
  }
  streams.newIterator = (stream, preventCancel) => new Iterator(stream, preventCancel);

  const getMethod = (object, key) => {
    const method = object[key];
    if (method === undefined || method === null) return undefined;
    if (typeof method !== "function") throw new TypeError("A method of an iterator or iterable is not a function");
    return method;
  };
  const requireObject = (value) => {
    if (!webidl.isObject(value)) throw new TypeError("What an iterator gave is not an object");
    return value;
  };
  // The iterator of a value, what its values are promises of being awaited. <https://tc39.es/ecma262/#sec-getiterator>
  const asyncIterator = (value) => {
    const method = value === undefined || value === null ? undefined : getMethod(value, Symbol.asyncIterator);
    const isAsync = method !== undefined;
    const make = isAsync ? method : value === undefined || value === null ? undefined : getMethod(value, Symbol.iterator);
    if (make === undefined) throw new TypeError("ReadableStream.from: the value is not iterable");
    const iterator = requireObject(Reflect.apply(make, value, []));
    const { next } = iterator;
    const step = (result) => {
      // A synchronous iterator's value may be a promise. <https://tc39.es/ecma262/#sec-createasyncfromsynciterator>
      const { done, value: item } = requireObject(result);
      return react(resolvedWith(item), (awaited) => ({ __proto__: null, done, value: awaited }));
    };
    const call = (f, args) => {
      const result = Reflect.apply(f, iterator, args);
      return isAsync ? result : step(result);
    };
    return { iterator, call, next: () => call(next, []) };
  };

  streams.from = (iterable) => {
    // 2. The iterator.
    const record = asyncIterator(iterable);
    let stream;
    // 4. The next value.
    const pull = () => {
      let result;
      try {
        result = record.next();
      } catch (error) {
        return rejectedWith(error);
      }
      return react(resolvedWith(result), (step) => {
        if (requireObject(step).done) streams.controllerClose(stream.controller);
        else streams.controllerEnqueue(stream.controller, step.value);
      });
    };
    // 5. The iterator is told that no more is wanted.
    const cancel = (reason) => {
      let result;
      try {
        const method = getMethod(record.iterator, "return");
        if (method === undefined) return resolvedWith(undefined);
        result = record.call(method, [reason]);
      } catch (error) {
        return rejectedWith(error);
      }
      return react(resolvedWith(result), (step) => {
        requireObject(step);
      });
    };
    // 6.
    stream = streams.createReadableStream(() => undefined, pull, cancel, 0);
    return stream;
  };
}
