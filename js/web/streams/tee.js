// Two streams that get what one gives. <https://streams.spec.whatwg.org/#abstract-opdef-readablestreamtee>
(realm) => {
  "use strict";
  const { Array } = realm.primordials;
  const { streams } = realm;
  const { Deferred } = streams;

  // <https://streams.spec.whatwg.org/#readable-stream-tee>
  streams.tee = (stream, cloneForBranch2) => (stream.controller.isByteController ? teeBytes(stream) : teeChunks(stream, cloneForBranch2));

  // What both kinds do when a branch is cancelled: once both are, the stream is.
  class Tee {
    canceled = [false, false];
    reasons = [undefined, undefined];
    branches = [];
    reading = false;
    cancelled = new Deferred();
    constructor(stream) {
      this.stream = stream;
    }
    cancel(which, reason) {
      this.canceled[which] = true;
      this.reasons[which] = reason;
      if (this.canceled[1 - which]) {
        const reasons = Array.of(this.reasons[0], this.reasons[1]);
        this.cancelled.resolve(streams.cancel(this.stream, reasons));
      }
      return this.cancelled.promise;
    }
    // Ends the wait of who has cancelled one branch, unless both are.
    settle() {
      if (!this.canceled[0] || !this.canceled[1]) this.cancelled.resolve(undefined);
    }
    // A chunk could not be copied.
    fail(error) {
      this.branches[0].controller.fail(error);
      this.branches[1].controller.fail(error);
      this.cancelled.resolve(streams.cancel(this.stream, error));
    }
    // Both branches fail with the stream.
    followErrors(reader, isCurrent) {
      streams.react(reader.closed.promise, undefined, (error) => {
        if (!isCurrent()) return;
        this.branches[0].controller.fail(error);
        this.branches[1].controller.fail(error);
        this.settle();
      });
    }
  }

  // <https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee>
  const teeChunks = (stream, cloneForBranch2) => {
    const reader = streams.acquireReader(stream);
    const tee = new Tee(stream);
    const { branches, canceled } = tee;
    let readAgain = false;
    // 13. One read for both.
    const pull = () => {
      if (tee.reading) {
        readAgain = true;
        return streams.resolvedWith(undefined);
      }
      tee.reading = true;
      streams.read(reader, {
        chunk(chunk) {
          // In a microtask: script that acts on the end of the stream is to see both branches alike.
          streams.queueMicrotask(() => {
            readAgain = false;
            let second = chunk;
            if (!canceled[1] && cloneForBranch2) {
              try {
                second = realm.structuredClone(chunk);
              } catch (error) {
                tee.fail(error);
                return;
              }
            }
            if (!canceled[0]) streams.controllerEnqueue(branches[0].controller, chunk);
            if (!canceled[1]) streams.controllerEnqueue(branches[1].controller, second);
            tee.reading = false;
            if (readAgain) pull();
          });
        },
        close() {
          tee.reading = false;
          if (!canceled[0]) streams.controllerClose(branches[0].controller);
          if (!canceled[1]) streams.controllerClose(branches[1].controller);
          tee.settle();
        },
        error() {
          tee.reading = false;
        },
      });
      return streams.resolvedWith(undefined);
    };
    // 16 to 18. The branches.
    const start = () => undefined;
    branches[0] = streams.createReadableStream(start, pull, (reason) => tee.cancel(0, reason));
    branches[1] = streams.createReadableStream(start, pull, (reason) => tee.cancel(1, reason));
    // 19.
    tee.followErrors(reader, () => true);
    return branches;
  };

  // <https://streams.spec.whatwg.org/#abstract-opdef-readablebytestreamtee>
  const teeBytes = (stream) => {
    let reader = streams.acquireReader(stream);
    const tee = new Tee(stream);
    const { branches, canceled } = tee;
    const readAgain = [false, false];
    const acquire = (next) => {
      reader = next;
      tee.followErrors(next, () => reader === next);
    };
    const enqueue = (which, view) => streams.byteEnqueue(branches[which].controller, view);
    const finishRead = () => {
      tee.reading = false;
      if (readAgain[0]) pull(0);
      else if (readAgain[1]) pull(1);
    };
    const startChunk = () => {
      readAgain[0] = false;
      readAgain[1] = false;
    };
    const readFailed = () => {
      tee.reading = false;
    };
    // 15. A read without a buffer.
    const pullWithDefaultReader = () => {
      if (reader.isByob) {
        streams.releaseReader(reader);
        acquire(streams.acquireReader(stream));
      }
      streams.read(reader, {
        chunk(chunk) {
          streams.queueMicrotask(() => {
            startChunk();
            let second = chunk;
            if (!canceled[0] && !canceled[1]) {
              try {
                second = streams.cloneAsUint8Array(chunk);
              } catch (error) {
                tee.fail(error);
                return;
              }
            }
            if (!canceled[0]) enqueue(0, chunk);
            if (!canceled[1]) enqueue(1, second);
            finishRead();
          });
        },
        close() {
          tee.reading = false;
          for (let i = 0; i < 2; i++) if (!canceled[i]) streams.byteClose(branches[i].controller);
          for (let i = 0; i < 2; i++) if (branches[i].controller.pendingPullIntos.length > 0) streams.respond(branches[i].controller, 0);
          tee.settle();
        },
        error: readFailed,
      });
    };
    // 16. A read into the buffer that waits at one branch; the other gets a copy.
    const pullWithByobReader = (view, which) => {
      if (!reader.isByob) {
        streams.releaseReader(reader);
        acquire(streams.acquireByobReader(stream));
      }
      const other = 1 - which;
      streams.readInto(reader, view, 1, {
        chunk(chunk) {
          streams.queueMicrotask(() => {
            startChunk();
            if (!canceled[other]) {
              let copy;
              try {
                copy = streams.cloneAsUint8Array(chunk);
              } catch (error) {
                tee.fail(error);
                return;
              }
              if (!canceled[which]) streams.respondWithNewView(branches[which].controller, chunk);
              enqueue(other, copy);
            } else if (!canceled[which]) {
              streams.respondWithNewView(branches[which].controller, chunk);
            }
            finishRead();
          });
        },
        close(chunk) {
          tee.reading = false;
          if (!canceled[which]) streams.byteClose(branches[which].controller);
          if (!canceled[other]) streams.byteClose(branches[other].controller);
          if (chunk !== undefined) {
            if (!canceled[which]) streams.respondWithNewView(branches[which].controller, chunk);
            const { controller } = branches[other];
            if (!canceled[other] && controller.pendingPullIntos.length > 0) streams.respond(controller, 0);
          }
          tee.settle();
        },
        error: readFailed,
      });
    };
    // 17, 18.
    const pull = (which) => {
      if (tee.reading) {
        readAgain[which] = true;
        return streams.resolvedWith(undefined);
      }
      tee.reading = true;
      const request = streams.byobRequestOf(branches[which].controller);
      if (request === null) pullWithDefaultReader();
      else pullWithByobReader(request.view, which);
      return streams.resolvedWith(undefined);
    };
    // 21 to 23. The branches.
    const start = () => undefined;
    for (let i = 0; i < 2; i++) {
      branches[i] = streams.createReadableByteStream(
        start,
        () => pull(i),
        (reason) => tee.cancel(i, reason),
      );
    }
    // 24.
    acquire(reader);
    return branches;
  };
}
