// MessageChannel and MessagePort. <https://html.spec.whatwg.org/multipage/web-messaging.html#message-channels>
(realm) => {
  "use strict";
  const { Object, Reflect, Symbol, TypeError } = realm.primordials;
  const { webidl, EventTarget } = realm;

  const KIND = "MessagePort";
  const token = {};
  // What a port is apart from its object, which a transfer leaves behind: { other, queue, enabled, object, listener, realm }. It inherits
  // from nothing and holds serialized messages only, for its two ends may be of different origins. Of the queue, those before `taken` are
  // gone. In place of an object it may have a listener of the glue's, { message(data), failed() }.
  const makeEnd = () => ({
    __proto__: null,
    other: null,
    queue: realm.bareArray(),
    taken: 0,
    enabled: false,
    closed: false,
    object: null,
    listener: null,
    realm: null,
  });
  const makeEnds = () => {
    const one = makeEnd();
    const two = makeEnd();
    one.other = two;
    two.other = one;
    return [one, two];
  };
  const endOf = (port) => realm.requireState(port, KIND).end;
  const waiting = ({ queue, taken }) => queue.length - taken;
  const shift = (end) => {
    const { queue } = end;
    const first = queue[end.taken];
    queue[end.taken++] = undefined;
    // Half of it is empty.
    if (end.taken * 2 >= queue.length) {
      const length = waiting(end);
      for (let i = 0; i < length; i++) queue[i] = queue[end.taken + i];
      queue.length = length;
      end.taken = 0;
    }
    return first;
  };
  // A task of the window that has the port now takes one message.
  const schedule = (end) => realm.sendTo(end.realm, { __proto__: null, kind: "port", end });
  // <https://html.spec.whatwg.org/multipage/web-messaging.html#message-port-post-message-steps>, 7.
  realm.messageReceivers.port = ({ end }) => {
    // 7.1 The port may have moved on, with its messages.
    if (end.realm !== realm || !end.enabled || waiting(end) === 0) return;
    const serialized = shift(end);
    const { object: target, listener } = end;
    // 7.2 to 7.4 Deserialized here.
    let received;
    try {
      received = realm.deserialize(serialized);
    } catch {
      if (listener !== null) listener.failed();
      else if (target !== null) realm.fire(target, "messageerror", { interface: "MessageEvent" });
      return;
    }
    if (listener !== null) {
      listener.message(received.value);
      return;
    }
    if (target === null) return;
    // 7.5 to 7.7 message.
    const ports = received.transferred.filter(realm.isMessagePort);
    realm.fire(target, "message", { interface: "MessageEvent", init: { data: realm.messageData(received.value), ports } });
  };

  class MessagePort extends EventTarget {
    constructor(given, end) {
      if (given !== token) throw realm.illegalConstructor("MessagePort");
      super();
      realm.setObjectState(this, KIND, { end });
    }
    postMessage(message, transfer = undefined) {
      const state = realm.requireState(this, KIND);
      webidl.requireArguments(arguments.length, 1, "'postMessage' on 'MessagePort'");
      // A list, or StructuredSerializeOptions.
      const isList = webidl.isObject(transfer) && transfer[Symbol.iterator] !== undefined && transfer[Symbol.iterator] !== null;
      const list = realm.transferList(isList ? transfer : webidl.dictionary(transfer, "postMessage").transfer, "postMessage");
      // 1. to 3. Not through itself; through the other end it is lost.
      if (list.includes(this)) throw new realm.DOMException("A port cannot be sent through itself", "DataCloneError");
      const target = state.end?.other ?? null;
      const isDoomed = target !== null && list.some((item) => realm.objectState(item, KIND)?.end === target);
      // 4., 5. Serialized here.
      const serialized = realm.serialize(message, list);
      // 6. Nobody at the other end.
      if (target === null || isDoomed) return;
      // 7. Queued there.
      queue(target, serialized);
    }
    start() {
      const end = endOf(this);
      if (end !== null) enable(end);
    }
    close() {
      const end = endOf(this);
      if (end !== null) disentangle(end);
    }
  }
  const queue = (target, serialized) => {
    if (target.enabled) schedule(target);
    target.queue[target.queue.length] = serialized;
  };
  const enable = (end) => {
    if (end.enabled) return;
    end.enabled = true;
    for (let i = waiting(end); i > 0; i--) schedule(end);
  };
  const disentangle = (end) => {
    if (end.closed) return;
    end.closed = true;
    end.listener = null;
    if (end.other !== null) end.other.other = null;
    end.other = null;
  };
  // Channels of the glue's own, for what no script may touch.
  realm.makeChannelEnds = makeEnds;
  realm.listenAtEnd = (end, listener) => {
    end.realm = realm;
    end.listener = listener;
    enable(end);
  };
  realm.postToOtherEnd = (end, message) => {
    const serialized = realm.serialize(message);
    if (end.other !== null) queue(end.other, serialized);
  };
  realm.closeEnd = disentangle;
  realm.eventHandlers(MessagePort.prototype, ["onmessage", "onmessageerror"]);
  // The first onmessage starts it. <https://html.spec.whatwg.org/multipage/web-messaging.html#handler-messageport-onmessage>
  const handler = Reflect.getOwnPropertyDescriptor(MessagePort.prototype, "onmessage");
  const { start } = MessagePort.prototype;
  const setHandler = handler.set;
  handler.set = Object.getOwnPropertyDescriptor(
    {
      set onmessage(value) {
        Reflect.apply(setHandler, this, [value]);
        Reflect.apply(start, this, []);
      },
    },
    "onmessage",
  ).set;
  Object.defineProperty(MessagePort.prototype, "onmessage", handler);

  realm.isMessagePort = (value) => realm.objectState(value, KIND) !== undefined;
  const portOf = (end) => {
    const port = new MessagePort(token, end);
    end.realm = realm;
    end.object = port;
    return port;
  };
  // <https://html.spec.whatwg.org/multipage/web-messaging.html#message-ports:transfer-steps>: the end goes, with what waits there.
  realm.transferables.MessagePort = {
    test: realm.isMessagePort,
    isDetached: (port) => {
      const { end } = realm.objectState(port, KIND);
      return end === null || end.closed;
    },
    transfer: (port) => {
      const state = realm.objectState(port, KIND);
      const { end } = state;
      state.end = null;
      end.enabled = false;
      end.realm = null;
      end.object = null;
      return end;
    },
    receive: portOf,
  };

  const channels = new realm.primordials.WeakMap();
  const channelOf = (channel) => {
    const ports = channels.get(channel);
    if (ports === undefined) throw new TypeError("Illegal invocation");
    return ports;
  };
  class MessageChannel {
    constructor() {
      const [one, two] = makeEnds();
      channels.set(this, [portOf(one), portOf(two)]);
    }
    get port1() {
      return channelOf(this)[0];
    }
    get port2() {
      return channelOf(this)[1];
    }
  }
  realm.expose({ MessagePort, MessageChannel });
  realm.arity(MessagePort.prototype, { postMessage: 1 });
}
