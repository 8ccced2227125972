// Pipes: chunks of a readable stream go to a writable one. <https://streams.spec.whatwg.org/#readable-stream-pipe-to>
(realm) => {
  "use strict";
  const { TypeError, Promise } = realm.primordials;
  const { streams } = realm;
  const { Deferred, react } = streams;

  const nothing = () => undefined;

  // `signal` is an AbortSignal or undefined. Both streams are unlocked.
  streams.pipeTo = (source, destination, preventClose, preventAbort, preventCancel, signal) => {
    // 6 to 13.
    const reader = streams.acquireReader(source);
    const writer = streams.acquireWriter(destination);
    source.disturbed = true;
    const done = new Deferred();
    let shuttingDown = false;
    let currentWrite = streams.resolvedWith(undefined);
    let unfollow = nothing;

    // "Finalize".
    const finalize = (failure) => {
      streams.releaseWriter(writer);
      streams.releaseReader(reader);
      unfollow();
      if (failure === undefined) done.resolve(undefined);
      else done.reject(failure.error);
    };
    // Once everything that was read is written: `then`.
    const afterWrites = (then) => {
      if (destination.state !== "writable" || streams.closeQueuedOrInFlight(destination)) {
        then();
        return;
      }
      const wait = () => {
        const last = currentWrite;
        react(last, () => (last === currentWrite ? then() : wait()));
      };
      wait();
    };
    // "Shutdown with an action", or without one. `failure` is { error } or undefined.
    const shutdown = (action, failure) => {
      if (shuttingDown) return;
      shuttingDown = true;
      afterWrites(() => {
        if (action === undefined) {
          finalize(failure);
          return;
        }
        react(
          action(),
          () => finalize(failure),
          (error) => finalize({ error }),
        );
      });
    };

    // 14. The signal.
    if (signal !== undefined) {
      const abort = () => {
        const error = realm.abortReason(signal);
        shutdown(
          () => {
            const actions = [];
            if (!preventAbort) actions[0] = destination.state === "writable" ? streams.abortWritable(destination, error) : streams.resolvedWith(undefined);
            if (!preventCancel) {
              actions[actions.length] = source.state === "readable" ? streams.cancel(source, error) : streams.resolvedWith(undefined);
            }
            return all(actions);
          },
          { error },
        );
      };
      if (realm.abortReason(signal) !== undefined) {
        abort();
        return done.promise;
      }
      unfollow = realm.onAbort(signal, abort);
    }

    // One chunk, when the destination wants one. Whether it was the last.
    const step = () => {
      if (shuttingDown) return streams.resolvedWith(true);
      // NOTE: as in Chromium, what is wanted at once is read at once.
      return streams.writerDesiredSize(writer) > 0 ? read() : react(writer.ready.promise, read);
    };
    const read = () =>
      new Promise((resolve, reject) => {
        streams.read(reader, {
          chunk(chunk) {
            // In a microtask: what enqueues a chunk is not to find itself inside of a write.
            currentWrite = react(streams.resolvedWith(undefined), () => {
              if (writer.stream !== undefined) currentWrite = react(streams.write(writer, chunk), undefined, nothing);
            });
            resolve(react(currentWrite, () => false));
          },
          close: () => resolve(true),
          error: reject,
        });
      });
    const pump = () => {
      react(step(), (isLast) => (isLast ? undefined : pump()), nothing);
    };

    // Errors go forward ...
    const ifErrored = (stream, closed, then) => {
      if (stream.state === "errored") then(stream.storedError);
      else react(closed.promise, undefined, then);
    };
    ifErrored(source, reader.closed, (error) =>
      shutdown(preventAbort ? undefined : () => streams.abortWritable(destination, error), { error }),
    );
    // ... and backward;
    ifErrored(destination, writer.closed, (error) => shutdown(preventCancel ? undefined : () => streams.cancel(source, error), { error }));
    // the end goes forward ...
    const sourceClosed = () => shutdown(preventClose ? undefined : () => streams.closeWriterWithErrorPropagation(writer));
    if (source.state === "closed") sourceClosed();
    else react(reader.closed.promise, sourceClosed, nothing);
    // ... and backward.
    if (streams.closeQueuedOrInFlight(destination) || destination.state === "closed") {
      const error = new TypeError("The destination is closed, or closing");
      shutdown(preventCancel ? undefined : () => streams.cancel(source, error), { error });
    }
    pump();
    // 16.
    return done.promise;
  };

  // Fulfilled when all are, rejected with the first rejection.
  const all = (promises) => {
    const result = new Deferred();
    let left = promises.length;
    if (left === 0) result.resolve(undefined);
    for (let i = 0; i < promises.length; i++) {
      react(
        promises[i],
        () => {
          left--;
          if (left === 0) result.resolve(undefined);
        },
        (error) => result.reject(error),
      );
    }
    return result.promise;
  };
}
