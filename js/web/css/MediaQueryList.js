// MediaQueryList and matchMedia(). <https://drafts.csswg.org/cssom-view/#the-mediaquerylist-interface>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, global, EventTarget, Event } = realm;

  const KIND = "MediaQueryList";
  const token = {};
  // { text, matched: what was last told }
  const stateOf = (value) => realm.requireState(value, KIND);
  // All lists, for a listener hears of changes whether or not script holds its list.
  const lists = [];

  class MediaQueryList extends EventTarget {
    constructor(key = undefined, text = undefined) {
      if (key !== token) throw realm.illegalConstructor("MediaQueryList");
      super();
      realm.setObjectState(this, KIND, { text, matched: ops.op_media_query_matches(realm.windowId, text) });
    }
    get media() {
      return stateOf(this).text;
    }
    get matches() {
      return ops.op_media_query_matches(realm.windowId, stateOf(this).text);
    }
    addListener(callback) {
      stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'addListener' on 'MediaQueryList'");
      this.addEventListener("change", callback);
    }
    removeListener(callback) {
      stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'removeListener' on 'MediaQueryList'");
      this.removeEventListener("change", callback);
    }
  }
  realm.expose({ MediaQueryList });
  realm.eventHandlers(MediaQueryList.prototype, ["onchange"]);
  realm.declareEvent("MediaQueryListEvent", Event, [
    ["media", "", webidl.DOMString],
    ["matches", false, webidl.boolean],
  ]);

  const matchMedia = {
    matchMedia(query) {
      webidl.requireArguments(arguments.length, 1, "'matchMedia' on 'Window'");
      const list = new MediaQueryList(token, ops.op_media_query_text(webidl.DOMString(query)));
      lists.push(list);
      return list;
    },
  };
  Object.defineProperty(global, "matchMedia", { value: matchMedia.matchMedia, writable: true, enumerable: true, configurable: true });

  // The viewport has another size. <https://drafts.csswg.org/cssom-view/#run-the-resize-steps>,
  // <https://drafts.csswg.org/cssom-view/#evaluate-media-queries-and-report-changes>
  realm.entry.viewportChanged = realm.fromHost(() => {
    realm.fire(global, "resize", { interface: "UIEvent", init: { view: global } });
    for (const list of [...lists]) {
      const state = stateOf(list);
      const matches = ops.op_media_query_matches(realm.windowId, state.text);
      if (matches === state.matched) continue;
      state.matched = matches;
      realm.fire(list, "change", { interface: "MediaQueryListEvent", init: { media: state.text, matches } });
    }
  });
}
