// Event and the event interfaces without state in Rust. <https://dom.spec.whatwg.org/#events>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
  const { webidl, shared } = realm;

  // The state is stamped by one class for all realms, so that an event of one window can be dispatched in another.
  if (shared.EventState === undefined) {
    shared.EventState = class EventState extends shared.Override {
      // type, target, relatedTarget, currentTarget, path, phase and the flags of the standard.
      #type;
      #target = null;
      #relatedTarget = null;
      #currentTarget = null;
      #path = null;
      #phase = 0;
      #stopPropagation = false;
      #stopImmediate = false;
      #canceled = false;
      #inPassive = false;
      #initialized = true;
      #dispatching = false;
      #bubbles;
      #cancelable;
      #composed;
      #trusted = false;
      #timeStamp;
      constructor(event, type, bubbles, cancelable, composed, timeStamp) {
        super(event);
        this.#type = type;
        this.#bubbles = bubbles;
        this.#cancelable = cancelable;
        this.#composed = composed;
        this.#timeStamp = timeStamp;
      }
      static is(value) {
        return typeof value === "object" && value !== null && #type in value;
      }
      static type(event) {
        return event.#type;
      }
      static target(event) {
        return event.#target;
      }
      static relatedTarget(event) {
        return event.#relatedTarget;
      }
      static setRelatedTarget(event, value) {
        event.#relatedTarget = value;
      }
      static currentTarget(event) {
        return event.#currentTarget;
      }
      static path(event) {
        return event.#path;
      }
      static phase(event) {
        return event.#phase;
      }
      static timeStamp(event) {
        return event.#timeStamp;
      }
      static isTrusted(event) {
        return event.#trusted;
      }
      static bubbles(event) {
        return event.#bubbles;
      }
      static cancelable(event) {
        return event.#cancelable;
      }
      static composed(event) {
        return event.#composed;
      }
      static canceled(event) {
        return event.#canceled;
      }
      static dispatching(event) {
        return event.#dispatching;
      }
      static initialized(event) {
        return event.#initialized;
      }
      static propagationStopped(event) {
        return event.#stopPropagation;
      }
      static stopped(event) {
        return event.#stopImmediate;
      }
      static stop(event, immediately) {
        event.#stopPropagation = true;
        if (immediately) event.#stopImmediate = true;
      }
      // <https://dom.spec.whatwg.org/#set-the-canceled-flag>
      static cancel(event) {
        if (event.#cancelable && !event.#inPassive) event.#canceled = true;
      }
      static uninitialize(event) {
        event.#initialized = false;
      }
      // <https://dom.spec.whatwg.org/#concept-event-initialize>
      static initialize(event, type, bubbles, cancelable) {
        event.#initialized = true;
        event.#stopPropagation = false;
        event.#stopImmediate = false;
        event.#canceled = false;
        event.#trusted = false;
        event.#target = null;
        event.#type = type;
        event.#bubbles = bubbles;
        event.#cancelable = cancelable;
      }
      static setTrusted(event, value) {
        event.#trusted = value;
      }
      static setType(event, value) {
        event.#type = value;
      }
      static setTarget(event, value) {
        event.#target = value;
      }
      static setPassive(event, value) {
        event.#inPassive = value;
      }
      static begin(event, target, path) {
        event.#dispatching = true;
        event.#target = target;
        event.#path = path;
      }
      // Where the event is now; returns whether to go on.
      static enter(event, currentTarget, phase) {
        if (event.#stopPropagation) return false;
        event.#currentTarget = currentTarget;
        event.#phase = phase;
        return true;
      }
      // The same where shadow trees change what the targets are.
      static enterScoped(event, currentTarget, phase, target, relatedTarget) {
        event.#target = target;
        event.#relatedTarget = relatedTarget;
        if (event.#stopPropagation) return false;
        event.#currentTarget = currentTarget;
        event.#phase = phase;
        return true;
      }
      static clearTargets(event) {
        event.#target = null;
        event.#relatedTarget = null;
      }
      static end(event) {
        event.#phase = 0;
        event.#currentTarget = null;
        event.#path = null;
        event.#dispatching = false;
        event.#stopPropagation = false;
        event.#stopImmediate = false;
      }
    };
  }
  const internals = shared.EventState;

  class Event {
    constructor(type, eventInitDict = undefined) {
      webidl.requireArguments(arguments.length, 1, "'Event' constructor");
      const typed = webidl.DOMString(type);
      const init = webidl.dictionary(eventInitDict, "Event");
      new internals(this, typed, !!init.bubbles, !!init.cancelable, !!init.composed, realm.ops.op_now());
    }
    get type() {
      return internals.type(this);
    }
    get target() {
      return internals.target(this);
    }
    get srcElement() {
      return internals.target(this);
    }
    get currentTarget() {
      return internals.currentTarget(this);
    }
    // <https://dom.spec.whatwg.org/#dom-event-composedpath>
    composedPath() {
      const path = internals.path(this);
      return path === null ? [] : path();
    }
    get eventPhase() {
      return internals.phase(this);
    }
    stopPropagation() {
      internals.stop(this, false);
    }
    get cancelBubble() {
      return internals.propagationStopped(this);
    }
    set cancelBubble(value) {
      if (value || internals.propagationStopped(this)) internals.stop(this, false);
    }
    stopImmediatePropagation() {
      internals.stop(this, true);
    }
    get bubbles() {
      return internals.bubbles(this);
    }
    get cancelable() {
      return internals.cancelable(this);
    }
    get returnValue() {
      return !internals.canceled(this);
    }
    set returnValue(value) {
      if (!value) internals.cancel(this);
    }
    preventDefault() {
      internals.cancel(this);
    }
    get defaultPrevented() {
      return internals.canceled(this);
    }
    get composed() {
      return internals.composed(this);
    }
    get timeStamp() {
      return internals.timeStamp(this);
    }
    // <https://dom.spec.whatwg.org/#dom-event-initevent>
    initEvent(type, bubbles = false, cancelable = false) {
      webidl.requireArguments(arguments.length, 1, "'initEvent' on 'Event'");
      const typed = webidl.DOMString(type);
      if (!internals.dispatching(this)) internals.initialize(this, typed, !!bubbles, !!cancelable);
    }
  }
  realm.event = internals;
  realm.expose({ Event });
  realm.constants(Event, { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 });
  // [LegacyUnforgeable]: an own property of each event in browsers; an accessor on the prototype is cheaper and reads the same.
  Object.defineProperty(Event.prototype, "isTrusted", {
    get() {
      return internals.isTrusted(this);
    },
    enumerable: true,
    configurable: false,
  });

  // Interfaces that only add read-only attributes from their init dictionary, declared as [name, default, conversion, hidden]; a
  // hidden one is a member of the dictionary alone.
  const value = (x) => x;
  // In place of a default: the member must be given.
  const REQUIRED = {};
  internals.REQUIRED = REQUIRED;
  const target = (x) => {
    if (realm.isCrossOriginWindow(x)) return x;
    if (x === null || x === undefined) return null;
    if (!shared.Stamp.has(x)) throw new TypeError("The value is not of type 'EventTarget'");
    return x;
  };
  const declare = (name, Parent, members, { constructible = true } = {}) => {
    const slots = new realm.primordials.WeakMap();
    const names = members.map(([member]) => member).sort();
    const byName = new realm.primordials.Map(members.map((member) => [member[0], member]));
    const Class = {
      [name]: class extends Parent {
        constructor(type, init = undefined) {
          if (!constructible && arguments[2] !== token) throw realm.illegalConstructor(name);
          webidl.requireArguments(arguments.length, 1, `'${name}' constructor`);
          super(type, init);
          const dictionary = webidl.dictionary(init, name);
          const state = { __proto__: null };
          for (const member of names) {
            const [, fallback, convert] = byName.get(member);
            const given = dictionary[member];
            if (given === undefined && fallback === REQUIRED) throw new TypeError(`Failed to construct '${name}': ${member} is required`);
            const converted = given === undefined ? fallback : convert(given);
            // Dispatch changes it.
            if (member === "relatedTarget") internals.setRelatedTarget(this, converted);
            else state[member] = converted;
          }
          slots.set(this, state);
        }
      },
    }[name];
    for (const [member, , , hidden] of members) {
      if (hidden) continue;
      const accessors = {
        get [member]() {
          const state = slots.get(this);
          if (state === undefined) throw new TypeError("Illegal invocation");
          return member === "relatedTarget" ? internals.relatedTarget(this) : state[member];
        },
      };
      Object.defineProperty(Class.prototype, member, Object.getOwnPropertyDescriptor(accessors, member));
    }
    realm.expose({ [name]: Class });
    return { Class, state: (event) => slots.get(event) };
  };
  realm.declareEvent = declare;
  // Who has it may make what script cannot construct.
  const token = {};

  // An init method of the legacy kind: positions after (type, bubbles, cancelable) map to members.
  const legacyInit = ({ Class, state }, method, members, required = 1) => {
    const f = {
      [method](type, bubbles = false, cancelable = false, ...rest) {
        webidl.requireArguments(arguments.length, required, `'${method}'`);
        const typed = webidl.DOMString(type);
        if (internals.dispatching(this)) return;
        internals.initialize(this, typed, !!bubbles, !!cancelable);
        const slots = state(this);
        if (slots === undefined) throw new TypeError("Illegal invocation");
        members.forEach(([member, fallback, convert], i) => {
          const converted = rest[i] === undefined ? fallback : convert(rest[i]);
          if (member === "relatedTarget") internals.setRelatedTarget(this, converted);
          else slots[member] = converted;
        });
      },
    }[method];
    Object.defineProperty(Class.prototype, method, { value: f, writable: true, enumerable: true, configurable: true });
    Object.defineProperty(f, "length", { value: required, configurable: true });
  };
  realm.legacyInit = legacyInit;

  const { DOMString, USVString, unsignedLong, boolean } = webidl;
  const custom = declare("CustomEvent", Event, [["detail", null, value]]);
  legacyInit(custom, "initCustomEvent", [["detail", null, value]]);
  declare("ProgressEvent", Event, [
    ["lengthComputable", false, boolean],
    ["loaded", 0, webidl.double],
    ["total", 0, webidl.double],
  ]);
  declare("ErrorEvent", Event, [
    ["message", "", DOMString],
    ["filename", "", USVString],
    ["lineno", 0, unsignedLong],
    ["colno", 0, unsignedLong],
    ["error", undefined, value],
  ]);
  declare("PromiseRejectionEvent", Event, [
    ["promise", REQUIRED, value],
    ["reason", undefined, value],
  ]);
  // A message's data may be undefined, which in a dictionary means that it is not there.
  const UNDEFINED = {};
  realm.messageData = (data) => (data === undefined ? UNDEFINED : data);
  const messageMembers = [
    ["data", null, (x) => (x === UNDEFINED ? undefined : x)],
    ["origin", "", USVString],
    ["lastEventId", "", DOMString],
    ["source", null, target],
    ["ports", Object.freeze([]), (x) => Object.freeze(webidl.sequence(x, value, "ports"))],
  ];
  legacyInit(declare("MessageEvent", Event, messageMembers), "initMessageEvent", messageMembers);
  declare("PageTransitionEvent", Event, [["persisted", false, boolean]]);
  declare("PopStateEvent", Event, [
    ["state", null, value],
    ["hasUAVisualTransition", false, boolean],
  ]);
  declare("HashChangeEvent", Event, [
    ["oldURL", "", USVString],
    ["newURL", "", USVString],
  ]);
  const storageMembers = [
    ["key", null, webidl.nullableDOMString],
    ["oldValue", null, webidl.nullableDOMString],
    ["newValue", null, webidl.nullableDOMString],
    ["url", "", USVString],
    ["storageArea", null, value],
  ];
  legacyInit(declare("StorageEvent", Event, storageMembers), "initStorageEvent", storageMembers);
  declare("SubmitEvent", Event, [["submitter", null, target]]);
  const beforeUnload = declare("BeforeUnloadEvent", Event, []);
  const returnValues = new realm.primordials.WeakMap();
  Object.defineProperty(beforeUnload.Class.prototype, "returnValue", {
    get() {
      return returnValues.get(this) ?? "";
    },
    set(text) {
      returnValues.set(this, DOMString(text));
    },
    enumerable: true,
    configurable: true,
  });

  // <https://dom.spec.whatwg.org/#dom-document-createevent>: the names it knows, lower-case.
  const legacyInterfaces = {
    __proto__: null,
    beforeunloadevent: "BeforeUnloadEvent",
    compositionevent: "CompositionEvent",
    customevent: "CustomEvent",
    devicemotionevent: "DeviceMotionEvent",
    deviceorientationevent: "DeviceOrientationEvent",
    dragevent: "DragEvent",
    event: "Event",
    events: "Event",
    focusevent: "FocusEvent",
    hashchangeevent: "HashChangeEvent",
    htmlevents: "Event",
    keyboardevent: "KeyboardEvent",
    messageevent: "MessageEvent",
    mouseevent: "MouseEvent",
    mouseevents: "MouseEvent",
    storageevent: "StorageEvent",
    svgevents: "Event",
    textevent: "TextEvent",
    touchevent: "TouchEvent",
    uievent: "UIEvent",
    uievents: "UIEvent",
  };
  realm.createEvent = (name) => {
    const Class = realm.interfaces[legacyInterfaces[name.toLowerCase()]];
    if (Class === undefined) throw new realm.DOMException(`The event interface '${name}' is not known`, "NotSupportedError");
    const event = new Class("", undefined, token);
    internals.uninitialize(event);
    return event;
  };
}
