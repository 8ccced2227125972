// The events of user interfaces. <https://w3c.github.io/uievents/>, <https://w3c.github.io/pointerevents/>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
  const { webidl, declareEvent: declare, legacyInit, Event } = realm;
  const { DOMString, long, unsignedLong, boolean, double } = webidl;

  const view = (value) => {
    if (value === null || value === undefined) return null;
    if (!realm.isWindow(value)) throw new TypeError("The view is not a Window");
    return value;
  };
  const target = (value) => {
    if (value === null || value === undefined) return null;
    if (!realm.isStamped(value)) throw new TypeError("The related target is not an EventTarget");
    return value;
  };
  const short = (value) => webidl.toInt(value, 16, true);
  const unsignedShort = (value) => webidl.toInt(value, 16, false);
  const method = (Class, f, length) => {
    Object.defineProperty(Class.prototype, f.name, { value: f, writable: true, enumerable: true, configurable: true });
    if (length !== undefined) Object.defineProperty(f, "length", { value: length, configurable: true });
  };
  const getter = (Class, name, get) => Object.defineProperty(Class.prototype, name, { get, enumerable: true, configurable: true });

  const ui = declare("UIEvent", Event, [
    ["view", null, view],
    ["detail", 0, long],
    ["which", 0, unsignedLong],
  ]);
  legacyInit(ui, "initUIEvent", [
    ["view", null, view],
    ["detail", 0, long],
  ]);
  declare("FocusEvent", ui.Class, [["relatedTarget", null, target]]);

  // <https://w3c.github.io/uievents/#event-modifier-initializers>
  const keys = ["ctrlKey", "shiftKey", "altKey", "metaKey"].map((name) => [name, false, boolean]);
  const locks = ["AltGraph", "CapsLock", "Fn", "FnLock", "Hyper", "NumLock", "ScrollLock", "Super", "Symbol", "SymbolLock"];
  const hidden = locks.map((name) => [`modifier${name}`, false, boolean, true]);
  const named = { __proto__: null, Control: "ctrlKey", Shift: "shiftKey", Alt: "altKey", Meta: "metaKey" };
  for (const name of locks) named[name] = `modifier${name}`;
  const modifierState = ({ Class, state }) => {
    method(
      Class,
      {
        getModifierState(key) {
          webidl.requireArguments(arguments.length, 1, "'getModifierState'");
          const slots = state(this);
          if (slots === undefined) throw new TypeError("Illegal invocation");
          return slots[named[DOMString(key)]] ?? false;
        },
      }.getModifierState,
    );
  };

  const mouse = declare("MouseEvent", ui.Class, [
    ["screenX", 0, double],
    ["screenY", 0, double],
    ["clientX", 0, double],
    ["clientY", 0, double],
    ...keys,
    ...hidden,
    ["button", 0, short],
    ["buttons", 0, unsignedShort],
    ["relatedTarget", null, target],
    ["movementX", 0, double],
    ["movementY", 0, double],
  ]);
  legacyInit(mouse, "initMouseEvent", [
    ["view", null, view],
    ["detail", 0, long],
    ["screenX", 0, long],
    ["screenY", 0, long],
    ["clientX", 0, long],
    ["clientY", 0, long],
    ["ctrlKey", false, boolean],
    ["altKey", false, boolean],
    ["shiftKey", false, boolean],
    ["metaKey", false, boolean],
    ["button", 0, short],
    ["relatedTarget", null, target],
  ]);
  modifierState(mouse);
  // Nothing is scrolled or laid out: the page, the element and the viewport begin at one point.
  for (const [alias, name] of [
    ["pageX", "clientX"],
    ["pageY", "clientY"],
    ["offsetX", "clientX"],
    ["offsetY", "clientY"],
    ["x", "clientX"],
    ["y", "clientY"],
  ]) {
    getter(mouse.Class, alias, function () {
      return this[name];
    });
  }

  const pointer = declare("PointerEvent", mouse.Class, [
    ["pointerId", 0, long],
    ["width", 1, double],
    ["height", 1, double],
    ["pressure", 0, double],
    ["tangentialPressure", 0, double],
    ["tiltX", 0, long],
    ["tiltY", 0, long],
    ["twist", 0, long],
    ["altitudeAngle", realm.primordials.Math.PI / 2, double],
    ["azimuthAngle", 0, double],
    ["pointerType", "", DOMString],
    ["isPrimary", false, boolean],
  ]);
  for (const name of ["getCoalescedEvents", "getPredictedEvents"]) {
    method(
      pointer.Class,
      {
        [name]() {
          if (pointer.state(this) === undefined) throw new TypeError("Illegal invocation");
          return [];
        },
      }[name],
    );
  }

  const wheel = declare("WheelEvent", mouse.Class, [
    ["deltaX", 0, double],
    ["deltaY", 0, double],
    ["deltaZ", 0, double],
    ["deltaMode", 0, unsignedLong],
  ]);
  realm.constants(wheel.Class, { DOM_DELTA_PIXEL: 0, DOM_DELTA_LINE: 1, DOM_DELTA_PAGE: 2 });

  const keyboard = declare("KeyboardEvent", ui.Class, [
    ["key", "", DOMString],
    ["code", "", DOMString],
    ["location", 0, unsignedLong],
    ["repeat", false, boolean],
    ["isComposing", false, boolean],
    ["charCode", 0, unsignedLong],
    ["keyCode", 0, unsignedLong],
    ...keys,
    ...hidden,
  ]);
  realm.constants(keyboard.Class, {
    DOM_KEY_LOCATION_STANDARD: 0,
    DOM_KEY_LOCATION_LEFT: 1,
    DOM_KEY_LOCATION_RIGHT: 2,
    DOM_KEY_LOCATION_NUMPAD: 3,
  });
  legacyInit(keyboard, "initKeyboardEvent", [
    ["view", null, view],
    ["key", "", DOMString],
    ["location", 0, unsignedLong],
    ["ctrlKey", false, boolean],
    ["altKey", false, boolean],
    ["shiftKey", false, boolean],
    ["metaKey", false, boolean],
  ]);
  modifierState(keyboard);

  const input = declare("InputEvent", ui.Class, [
    ["data", null, webidl.nullableDOMString],
    ["isComposing", false, boolean],
    ["inputType", "", DOMString],
  ]);
  method(
    input.Class,
    {
      getTargetRanges() {
        if (input.state(this) === undefined) throw new TypeError("Illegal invocation");
        return [];
      },
    }.getTargetRanges,
  );
  const composition = declare("CompositionEvent", ui.Class, [["data", "", DOMString]]);
  legacyInit(composition, "initCompositionEvent", [
    ["view", null, view],
    ["data", "", DOMString],
  ]);
  // <https://w3c.github.io/uievents/#legacy-interface-TextEvent>: only createEvent() makes one.
  const text = declare("TextEvent", ui.Class, [["data", "", DOMString]], { constructible: false });
  legacyInit(text, "initTextEvent", [
    ["view", null, view],
    ["data", "undefined", DOMString],
  ]);

  // Events of other standards that hold nothing but what they are given.
  // <https://html.spec.whatwg.org/multipage/interaction.html#toggleevent>
  declare("ToggleEvent", Event, [
    ["oldState", "", DOMString],
    ["newState", "", DOMString],
    ["source", null, target],
  ]);
  // <https://drafts.csswg.org/css-animations/#interface-animationevent>
  declare("AnimationEvent", Event, [
    ["animationName", "", DOMString],
    ["elapsedTime", 0, double],
    ["pseudoElement", "", DOMString],
  ]);
  // <https://drafts.csswg.org/css-transitions/#interface-transitionevent>
  declare("TransitionEvent", Event, [
    ["propertyName", "", DOMString],
    ["elapsedTime", 0, double],
    ["pseudoElement", "", DOMString],
  ]);
  // <https://html.spec.whatwg.org/multipage/media.html#the-trackevent-interface>
  declare("TrackEvent", Event, [["track", null, (value) => value]]);
  // <https://websockets.spec.whatwg.org/#the-closeevent-interface>
  declare("CloseEvent", Event, [
    ["wasClean", false, boolean],
    ["code", 0, unsignedShort],
    ["reason", "", webidl.USVString],
  ]);
  // <https://w3c.github.io/webappsec-csp/#violation-events>
  declare("SecurityPolicyViolationEvent", Event, [
    ["documentURI", "", webidl.USVString],
    ["referrer", "", webidl.USVString],
    ["blockedURI", "", webidl.USVString],
    ["violatedDirective", "", DOMString],
    ["effectiveDirective", "", DOMString],
    ["originalPolicy", "", DOMString],
    ["sourceFile", "", webidl.USVString],
    ["sample", "", DOMString],
    ["disposition", "enforce", DOMString],
    ["statusCode", 0, unsignedShort],
    ["lineNumber", 0, unsignedLong],
    ["columnNumber", 0, unsignedLong],
  ]);
}
