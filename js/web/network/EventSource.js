// EventSource. The object and the parser of its streams are in Rust; here are conversions, tasks and events.
// <https://html.spec.whatwg.org/multipage/server-sent-events.html#the-eventsource-interface>
(realm) => {
  "use strict";
  const { webidl, EventTarget } = realm;
  const ops = realm.ops;

  const KIND = "EventSource";
  const REMOTE_EVENT = 4;
  const CLOSED = 2;
  // { id, isQueued }: whether a task is queued that goes on with what waits.
  const stateOf = (value) => realm.requireState(value, KIND);
  const idOf = (value) => stateOf(value).id;
  // Objects that are not closed, by number: they are kept, for events may come.
  const open = new realm.NumberTable();

  const run = (id) => {
    const source = open.get(id);
    if (source === undefined) return;
    stateOf(source).isQueued = false;
    const step = ops.op_event_source_run(id);
    if (ops.op_event_source_waits(id)) queue(id);
    switch (step) {
      case 1:
        realm.fire(source, "open");
        break;
      case 2:
        realm.fire(source, "error");
        realm.setInternalTimer(() => ops.op_event_source_connect(id), ops.op_event_source_delay(id));
        break;
      case 3:
        realm.fire(source, "error");
        break;
      case 4: {
        const data = ops.op_event_source_data(id);
        const origin = ops.op_event_source_origin(id);
        const lastEventId = ops.op_event_source_last_event_id(id);
        realm.fire(source, ops.op_event_source_type(id), { interface: "MessageEvent", init: { data, origin, lastEventId } });
      }
    }
    if (ops.op_event_source_ready_state(id) === CLOSED) open.delete(id);
  };
  // One task for the next of what waits: a stream may be much faster than the page.
  const queue = (id) => {
    const source = open.get(id);
    if (source === undefined) return;
    const state = stateOf(source);
    if (state.isQueued) return;
    state.isQueued = true;
    realm.queueTask(() => run(id), REMOTE_EVENT);
  };
  realm.entry.continueEventSource = (id) => queue(id);
  // For window.stop().
  realm.stopEventSources = () => {
    for (const id of open.numbers()) if (ops.op_event_source_stop(id)) queue(id);
  };

  class EventSource extends EventTarget {
    constructor(url, eventSourceInitDict = undefined) {
      webidl.requireArguments(arguments.length, 1, "'EventSource' constructor");
      const typedUrl = webidl.USVString(url);
      const { withCredentials } = webidl.dictionary(eventSourceInitDict, "EventSource constructor");
      super();
      const id = realm.check(ops.op_event_source_new(realm.windowId, typedUrl, !!withCredentials));
      realm.setObjectState(this, KIND, { id, isQueued: false });
      realm.freeWith(this, "EventSource", id);
      open.set(id, this);
      realm.check(ops.op_event_source_connect(id));
    }
    get url() {
      return ops.op_event_source_url(idOf(this));
    }
    get withCredentials() {
      return ops.op_event_source_with_credentials(idOf(this));
    }
    get readyState() {
      return ops.op_event_source_ready_state(idOf(this));
    }
    close() {
      const id = idOf(this);
      ops.op_event_source_close(id);
      open.delete(id);
    }
  }
  realm.expose({ EventSource });
  realm.constants(EventSource, { CONNECTING: 0, OPEN: 1, CLOSED });
  realm.eventHandlers(EventSource.prototype, ["onopen", "onmessage", "onerror"]);
}
