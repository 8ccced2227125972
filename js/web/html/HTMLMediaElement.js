// Media, images, canvases and embedded content. No media type is supported and nothing is decoded: what the standard has for such a
// user agent is what happens here. <https://html.spec.whatwg.org/multipage/media.html>
(realm) => {
  "use strict";
  const { Object, TypeError, Promise, WeakMap } = realm.primordials;
  const { ops, webidl, nodeId } = realm;
  const { double, boolean } = webidl;

  // <https://html.spec.whatwg.org/multipage/media.html#mediaerror>
  const errors = new WeakMap();
  class MediaError {
    constructor() {
      throw realm.illegalConstructor("MediaError");
    }
    get code() {
      const code = errors.get(this);
      if (code === undefined) throw new TypeError("Illegal invocation");
      return code;
    }
    get message() {
      if (!errors.has(this)) throw new TypeError("Illegal invocation");
      return "No media type is supported";
    }
  }
  realm.expose({ MediaError });
  realm.constants(MediaError, { MEDIA_ERR_ABORTED: 1, MEDIA_ERR_NETWORK: 2, MEDIA_ERR_DECODE: 3, MEDIA_ERR_SRC_NOT_SUPPORTED: 4 });
  const notSupported = () => {
    const error = Object.create(MediaError.prototype);
    errors.set(error, 4);
    return error;
  };

  // <https://html.spec.whatwg.org/multipage/media.html#timeranges>: of nothing.
  const ranges = new realm.global.WeakSet();
  const range = (object) => {
    if (!ranges.has(object)) throw new TypeError("Illegal invocation");
  };
  const outside = () => new realm.DOMException("There is no such range", "IndexSizeError");
  class TimeRanges {
    constructor() {
      throw realm.illegalConstructor("TimeRanges");
    }
    get length() {
      range(this);
      return 0;
    }
    start(index) {
      webidl.requireArguments(arguments.length, 1, "'start' on 'TimeRanges'");
      range(this);
      webidl.unsignedLong(index);
      throw outside();
    }
    end(index) {
      webidl.requireArguments(arguments.length, 1, "'end' on 'TimeRanges'");
      range(this);
      webidl.unsignedLong(index);
      throw outside();
    }
  }
  realm.expose({ TimeRanges });
  const noRanges = () => {
    const made = Object.create(TimeRanges.prototype);
    ranges.add(made);
    return made;
  };

  const stateOf = (element) => {
    nodeId(element);
    return (realm.slots(element).media ??= { error: null, networkState: 0, paused: true, time: 0, rate: 1, defaultRate: 1, pitch: true, volume: 1, muted: null });
  };
  const hasSource = (element) => {
    const id = nodeId(element);
    return ops.op_element_has_attribute(id, "src") || ops.op_node_children(id).some((child) => ops.op_element_local_name(child) === "source");
  };
  // <https://html.spec.whatwg.org/multipage/media.html#concept-media-load-algorithm>: the resource is of no type that is supported.
  const load = (element) => {
    const state = stateOf(element);
    state.error = null;
    state.networkState = 0;
    if (!hasSource(element)) return;
    state.networkState = 3;
    realm.queueTask(() => {
      // The dedicated media source failure steps.
      state.error = notSupported();
      realm.fire(element, "error");
    });
  };
  realm.extend("HTMLMediaElement", {
    get error() {
      return stateOf(this).error;
    },
    get srcObject() {
      stateOf(this);
      return null;
    },
    set srcObject(value) {
      stateOf(this);
      if (value !== null && value !== undefined) throw new TypeError("The value is not a MediaProvider: there are none");
    },
    get currentSrc() {
      stateOf(this);
      return "";
    },
    get networkState() {
      return stateOf(this).networkState;
    },
    get buffered() {
      stateOf(this);
      return noRanges();
    },
    load() {
      load(this);
    },
    canPlayType(type) {
      webidl.requireArguments(arguments.length, 1, "'canPlayType' on 'HTMLMediaElement'");
      stateOf(this);
      webidl.DOMString(type);
      return "";
    },
    get readyState() {
      stateOf(this);
      return 0;
    },
    get seeking() {
      stateOf(this);
      return false;
    },
    get currentTime() {
      return stateOf(this).time;
    },
    set currentTime(value) {
      // With no resource this is where playback would begin.
      stateOf(this).time = double(value);
    },
    get duration() {
      stateOf(this);
      return NaN;
    },
    get paused() {
      return stateOf(this).paused;
    },
    get defaultPlaybackRate() {
      return stateOf(this).defaultRate;
    },
    set defaultPlaybackRate(value) {
      stateOf(this).defaultRate = double(value);
    },
    get playbackRate() {
      return stateOf(this).rate;
    },
    set playbackRate(value) {
      stateOf(this).rate = double(value);
    },
    get preservesPitch() {
      return stateOf(this).pitch;
    },
    set preservesPitch(value) {
      stateOf(this).pitch = boolean(value);
    },
    get played() {
      stateOf(this);
      return noRanges();
    },
    get seekable() {
      stateOf(this);
      return noRanges();
    },
    get ended() {
      stateOf(this);
      return false;
    },
    // <https://html.spec.whatwg.org/multipage/media.html#dom-media-play>
    play() {
      try {
        if (stateOf(this).error === null) load(this);
      } catch (error) {
        return Promise.reject(error);
      }
      return Promise.reject(new realm.DOMException("No media type is supported", "NotSupportedError"));
    },
    pause() {
      stateOf(this).paused = true;
    },
    get volume() {
      return stateOf(this).volume;
    },
    set volume(value) {
      const number = double(value);
      if (number < 0 || number > 1) throw new realm.DOMException("The volume is not within 0 and 1", "IndexSizeError");
      stateOf(this).volume = number;
    },
    get muted() {
      return stateOf(this).muted ?? ops.op_element_has_attribute(nodeId(this), "muted");
    },
    set muted(value) {
      const muted = boolean(value);
      stateOf(this).muted = muted;
      ops.op_element_set_state(nodeId(this), 2, muted);
      ops.op_element_set_state(nodeId(this), 3, !muted);
    },
  });
  realm.constants(realm.HTMLMediaElement, {
    NETWORK_EMPTY: 0,
    NETWORK_IDLE: 1,
    NETWORK_LOADING: 2,
    NETWORK_NO_SOURCE: 3,
    HAVE_NOTHING: 0,
    HAVE_METADATA: 1,
    HAVE_CURRENT_DATA: 2,
    HAVE_FUTURE_DATA: 3,
    HAVE_ENOUGH_DATA: 4,
  });
  const nothing = (name, value) => ({
    get [name]() {
      nodeId(this);
      return value;
    },
  });
  realm.extend("HTMLVideoElement", nothing("videoWidth", 0));
  realm.extend("HTMLVideoElement", nothing("videoHeight", 0));
  realm.extend("HTMLTrackElement", nothing("readyState", 0));
  realm.constants(realm.HTMLTrackElement, { NONE: 0, LOADING: 1, LOADED: 2, ERROR: 3 });

  // Images are not loaded. <https://html.spec.whatwg.org/multipage/embedded-content.html#the-img-element>
  realm.extend("HTMLImageElement", nothing("naturalWidth", 0));
  realm.extend("HTMLImageElement", nothing("naturalHeight", 0));
  realm.extend("HTMLImageElement", {
    // One without a source is complete; the others wait.
    get complete() {
      const id = nodeId(this);
      const source = ops.op_element_get_attribute(id, "src");
      return (source === null || source === "") && !ops.op_element_has_attribute(id, "srcset");
    },
    get currentSrc() {
      nodeId(this);
      return "";
    },
    decode() {
      return Promise.reject(new realm.DOMException("Images are not decoded", "EncodingError"));
    },
  });
  // No kind of context is supported. <https://html.spec.whatwg.org/multipage/canvas.html#dom-canvas-getcontext>
  realm.extend("HTMLCanvasElement", {
    getContext(contextId) {
      webidl.requireArguments(arguments.length, 1, "'getContext' on 'HTMLCanvasElement'");
      nodeId(this);
      webidl.DOMString(contextId);
      return null;
    },
  });
}
