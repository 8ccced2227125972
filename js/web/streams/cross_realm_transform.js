// Streams that were given away: the one that stays and the one that is made where it went are joined by a channel.
// <https://streams.spec.whatwg.org/#transferrable-streams>
(realm) => {
  "use strict";
  const { streams } = realm;
  const { Deferred, react } = streams;

  // <https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessage>
  const post = (end, type, value) => realm.postToOtherEnd(end, { __proto__: null, type, value });
  // <https://streams.spec.whatwg.org/#abstract-opdef-crossrealmtransformsenderror>
  const sendError = (end, error) => {
    try {
      post(end, "error", error);
    } catch {
      // What cannot be told stays untold.
    }
  };
  // <https://streams.spec.whatwg.org/#abstract-opdef-packandpostmessagehandlingerror>
  const postOrSendError = (end, type, value) => {
    try {
      post(end, type, value);
    } catch (error) {
      sendError(end, error);
      throw error;
    }
  };
  // The last message.
  const postLast = (end, type, value) => {
    try {
      postOrSendError(end, type, value);
      return streams.resolvedWith(undefined);
    } catch (error) {
      return streams.rejectedWith(error);
    } finally {
      realm.closeEnd(end);
    }
  };
  const unreadable = () => new realm.DOMException("A chunk could not be deserialized", "DataCloneError");

  // What is written comes out at the other end. <https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformwritable>
  streams.crossRealmWritable = (end) => {
    let backpressure = new Deferred();
    const release = () => {
      backpressure?.resolve(undefined);
      backpressure = undefined;
    };
    const stream = streams.createWritableStream(
      () => undefined,
      // 9. write.
      (chunk) => {
        backpressure ??= Deferred.resolved(undefined);
        return react(backpressure.promise, () => {
          backpressure = new Deferred();
          try {
            postOrSendError(end, "chunk", chunk);
          } catch (error) {
            realm.closeEnd(end);
            throw error;
          }
        });
      },
      // 10. close. 11. abort.
      () => postLast(end, "close", undefined),
      (reason) => postLast(end, "error", reason),
    );
    // 5. to 7. The other end wants a chunk, or none any more.
    realm.listenAtEnd(end, {
      __proto__: null,
      message({ type, value }) {
        if (type === "error") streams.writableControllerErrorIfNeeded(stream.controller, value);
        release();
      },
      failed() {
        const error = unreadable();
        sendError(end, error);
        streams.writableControllerErrorIfNeeded(stream.controller, error);
        realm.closeEnd(end);
      },
    });
    return stream;
  };

  // Gives what is written at the other end. <https://streams.spec.whatwg.org/#abstract-opdef-setupcrossrealmtransformreadable>
  streams.crossRealmReadable = (end) => {
    const stream = streams.createReadableStream(
      () => undefined,
      // 7. pull.
      () => streams.callForPromise(post, undefined, [end, "pull", undefined]),
      // 8. cancel.
      (reason) => postLast(end, "error", reason),
      0,
    );
    const { controller } = stream;
    // 3. to 5.
    realm.listenAtEnd(end, {
      __proto__: null,
      message({ type, value }) {
        if (type === "chunk") {
          streams.controllerEnqueue(controller, value);
          return;
        }
        if (type === "close") streams.controllerClose(controller);
        else streams.controllerError(controller, value);
        realm.closeEnd(end);
      },
      failed() {
        const error = unreadable();
        sendError(end, error);
        streams.controllerError(controller, error);
        realm.closeEnd(end);
      },
    });
    return stream;
  };

  // Pipes a stream into a channel, or out of one, and gives the end that goes where the stream goes.
  // <https://streams.spec.whatwg.org/#rs-transfer>, <https://streams.spec.whatwg.org/#ws-transfer>
  streams.sendReadable = (stream) => {
    const [one, two] = realm.makeChannelEnds();
    streams.markHandled(streams.pipeTo(stream, streams.crossRealmWritable(one), false, false, false, undefined));
    return two;
  };
  streams.sendWritable = (stream) => {
    const [one, two] = realm.makeChannelEnds();
    streams.markHandled(streams.pipeTo(streams.crossRealmReadable(one), stream, false, false, false, undefined));
    return two;
  };
  // <https://streams.spec.whatwg.org/#ts-transfer>
  streams.sendTransform = ({ readable, writable }) => ({ __proto__: null, readable: streams.sendReadable(readable), writable: streams.sendWritable(writable) });
  streams.receiveTransform = ({ readable, writable }) => ({
    object: null,
    readable: streams.crossRealmReadable(readable),
    writable: streams.crossRealmWritable(writable),
    controller: undefined,
    backpressure: undefined,
    backpressureChange: undefined,
    isGone: false,
  });
}
