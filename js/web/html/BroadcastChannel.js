// BroadcastChannel, among the windows of an origin in one page. <https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts>
(realm) => {
  "use strict";
  const { ops, shared, webidl, EventTarget } = realm;

  const KIND = "BroadcastChannel";
  // All that are open, in the order in which they were made: { channel, name, closed, realm }.
  shared.broadcastChannels ??= [];
  const stateOf = (channel) => realm.requireState(channel, KIND);
  const isOpen = (state) => !state.closed && !state.realm.closed;

  class BroadcastChannel extends EventTarget {
    constructor(name) {
      webidl.requireArguments(arguments.length, 1, "'BroadcastChannel' constructor");
      const text = webidl.DOMString(name);
      super();
      const state = realm.setObjectState(this, KIND, { channel: this, name: text, closed: realm.closed, realm });
      if (!state.closed) shared.broadcastChannels.push(state);
    }
    get name() {
      return stateOf(this).name;
    }
    // <https://html.spec.whatwg.org/multipage/web-messaging.html#dom-broadcastchannel-postmessage>
    postMessage(message) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'postMessage' on 'BroadcastChannel'");
      // 1. A window that has gone sends nothing. 2. Nor a closed channel.
      if (realm.closed) return;
      if (state.closed) throw new realm.DOMException("The channel is closed", "InvalidStateError");
      // 3., 4. Serialized here.
      const serialized = realm.serialize(message);
      const origin = ops.op_window_origin(realm.windowId);
      // 5. to 8. To all others of its name, each in a task of its window's.
      shared.broadcastChannels = shared.broadcastChannels.filter(isOpen);
      for (const other of shared.broadcastChannels) {
        if (other !== state && other.name === state.name) other.realm.receiveBroadcast(other, serialized, origin);
      }
    }
    close() {
      stateOf(this).closed = true;
      shared.broadcastChannels = shared.broadcastChannels.filter(isOpen);
    }
  }
  realm.eventHandlers(BroadcastChannel.prototype, ["onmessage", "onmessageerror"]);
  realm.expose({ BroadcastChannel });

  realm.receiveBroadcast = (state, serialized, origin) => {
    realm.queueTask(() => {
      if (!isOpen(state)) return;
      let received;
      try {
        received = realm.deserialize(serialized);
      } catch {
        realm.fire(state.channel, "messageerror", { interface: "MessageEvent", init: { origin } });
        return;
      }
      realm.fire(state.channel, "message", { interface: "MessageEvent", init: { data: realm.messageData(received.value), origin } });
    });
  };
}
