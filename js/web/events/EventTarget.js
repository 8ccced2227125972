// EventTarget, dispatch and event handlers. Listeners are called here because only JavaScript can call them; the path comes from Rust.
// <https://dom.spec.whatwg.org/#interface-eventtarget>
(realm) => {
  "use strict";
  const { Object, TypeError, Reflect, Map, WeakMap } = realm.primordials;
  const { webidl, shared, global, event: internals } = realm;
  const { Stamp } = shared;
  const ops = realm.ops;

  // Listener state of a target: { list: [listener], handlers: Map<type, handler> | null }.
  const stateOf = (target) => {
    let state = Stamp.state(target);
    if (state === null) {
      state = { list: [], handlers: null };
      Stamp.setState(target, state);
      const id = Stamp.id(target);
      // Handlers from content attributes were there before any listener.
      if (id !== 0) {
        for (const name of ops.op_element_handler_attributes(id)) if (realm.handlerNames.has(name)) realm.handlerAttributeChanged(target, name);
      }
    }
    return state;
  };

  // <https://dom.spec.whatwg.org/#concept-flatten-options>
  const flatten = (options) => (webidl.isObject(options) ? !!options.capture : !!options);

  class EventTarget {
    constructor() {
      new Stamp(this, 0, 0);
    }
    // <https://dom.spec.whatwg.org/#dom-eventtarget-addeventlistener>
    addEventListener(type, callback, options = undefined) {
      webidl.requireArguments(arguments.length, 2, "'addEventListener' on 'EventTarget'");
      const target = receiver(this);
      const typed = webidl.DOMString(type);
      const listener = webidl.nullableCallbackInterface(callback, "addEventListener");
      let capture;
      let once = false;
      let passive = null;
      let signal = null;
      if (webidl.isObject(options)) {
        capture = !!options.capture;
        once = !!options.once;
        if (options.passive !== undefined) passive = !!options.passive;
        if (options.signal !== undefined) {
          signal = options.signal;
          if (!realm.isAbortSignal(signal)) throw new TypeError("addEventListener: 'signal' is not an AbortSignal");
        }
      } else {
        capture = !!options;
      }
      if (signal !== null && signal.aborted) return;
      if (listener === null) return;
      const state = stateOf(target);
      for (const other of state.list) {
        if (other.callback === listener && other.type === typed && other.capture === capture) return;
      }
      // The default is that of now, not of the dispatch.
      const entry = { type: typed, callback: listener, capture, once, passive: passive ?? defaultPassive(typed, target), removed: false, handler: null };
      state.list.push(entry);
      if (signal !== null) realm.onAbort(signal, () => remove(state, entry));
    }
    // <https://dom.spec.whatwg.org/#dom-eventtarget-removeeventlistener>
    removeEventListener(type, callback, options = undefined) {
      webidl.requireArguments(arguments.length, 2, "'removeEventListener' on 'EventTarget'");
      const target = receiver(this);
      const typed = webidl.DOMString(type);
      const listener = webidl.nullableCallbackInterface(callback, "removeEventListener");
      const capture = flatten(options);
      const state = Stamp.state(target);
      if (state === null) return;
      for (const entry of state.list) {
        if (entry.callback === listener && entry.type === typed && entry.capture === capture && entry.handler === null) {
          remove(state, entry);
          return;
        }
      }
    }
    // <https://dom.spec.whatwg.org/#dom-eventtarget-dispatchevent>
    dispatchEvent(event) {
      webidl.requireArguments(arguments.length, 1, "'dispatchEvent' on 'EventTarget'");
      const target = receiver(this);
      if (!internals.is(event)) throw new TypeError("Failed to execute 'dispatchEvent': the argument is not an Event");
      if (internals.dispatching(event) || !internals.initialized(event)) {
        throw new realm.DOMException("The event is already being dispatched or not initialized", "InvalidStateError");
      }
      internals.setTrusted(event, false);
      return dispatch(event, target);
    }
  }

  // `this` of a method called without one is the global. <https://webidl.spec.whatwg.org/#js-operations>
  const receiver = (object) => {
    const target = object === undefined || object === null ? global : object;
    if (!Stamp.has(target)) throw new TypeError("Illegal invocation");
    return target;
  };
  const remove = (state, entry) => {
    entry.removed = true;
    // A fresh array: a dispatch under way walks the old one.
    state.list = state.list.filter((other) => other !== entry);
  };

  // <https://dom.spec.whatwg.org/#default-passive-value>
  const defaultPassive = (type, target) => {
    if (type !== "touchstart" && type !== "touchmove" && type !== "wheel" && type !== "mousewheel") return false;
    if (realm.isWindow(target)) return true;
    const id = Stamp.id(target);
    return id !== 0 && ops.op_node_is_passive_target(id);
  };

  // The realm of a callback: the one whose intrinsics it inherits from.
  // <https://webidl.spec.whatwg.org/#dfn-associated-realm>
  const intrinsicRealms = (shared.intrinsicRealms ??= new WeakMap());
  shared.realmCount = (shared.realmCount ?? 0) + 1;
  intrinsicRealms.set(Object.prototype, realm);
  intrinsicRealms.set(Reflect.getPrototypeOf(Reflect.apply), realm);
  const realmOf = (callback) => {
    if (shared.realmCount < 2) return realm;
    try {
      for (let object = callback; object !== null; object = Reflect.getPrototypeOf(object)) {
        const home = intrinsicRealms.get(object);
        if (home !== undefined) return home;
      }
    } catch {
      // A revoked proxy.
    }
    return realm;
  };
  realm.realmOfCallback = realmOf;

  // <https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke>. `list` holds `length` listeners: those added meanwhile come after.
  const innerInvoke = (event, target, list, length, capturing, type, inShadowTree) => {
    let found = false;
    for (let i = 0; i < length; i++) {
      const entry = list[i];
      // 2.1. Another type.
      if (entry.type !== type || entry.removed) continue;
      // 2.2. Something listened.
      found = true;
      // 2.3, 2.4. Another phase.
      if (entry.capture !== capturing) continue;
      const { callback, handler } = entry;
      // 2.5. Once: gone before it is called.
      if (entry.once) remove(Stamp.state(target), entry);
      // 2.6-2.8. window.event, unless it would show what is in a shadow tree.
      const home = realmOf(handler === null ? callback : (handler.value ?? target));
      const previous = home.currentEvent;
      if (!inShadowTree) home.currentEvent = event;
      // 2.9. Passive listeners cannot cancel.
      internals.setPassive(event, entry.passive);
      // 2.11. Call it, reporting what it throws.
      const fromHost = shared.hostCalls;
      shared.hostCalls = false;
      try {
        if (handler !== null) {
          invokeHandler(handler, event, target);
        } else if (typeof callback === "function") {
          Reflect.apply(callback, target, [event]);
        } else {
          const method = callback.handleEvent;
          if (typeof method !== "function") throw new home.primordials.TypeError("The listener's handleEvent is not a function");
          Reflect.apply(method, callback, [event]);
        }
      } catch (error) {
        home.reportException(error);
      }
      // 2.12, 2.13. As before.
      internals.setPassive(event, false);
      home.currentEvent = previous;
      if (fromHost) ops.op_checkpoint();
      shared.hostCalls = fromHost;
      // 2.14. stopImmediatePropagation.
      if (internals.stopped(event)) return found;
    }
    return found;
  };

  const legacyTypes = {
    __proto__: null,
    animationend: "webkitAnimationEnd",
    animationiteration: "webkitAnimationIteration",
    animationstart: "webkitAnimationStart",
    transitionend: "webkitTransitionEnd",
  };
  // <https://dom.spec.whatwg.org/#concept-event-listener-invoke> steps 8 to 11: once the event is there.
  const invokeListeners = (event, target, capturing, inShadowTree) => {
    const state = Stamp.state(target);
    if (state === null) return;
    const type = internals.type(event);
    // 8. Listeners added from now on are not called: an array only grows, and a removal makes another.
    const { list } = state;
    const { length } = list;
    const found = innerInvoke(event, target, list, length, capturing, type, inShadowTree);
    // 11. Prefixed names of trusted events.
    if (!found && internals.isTrusted(event)) {
      const legacy = legacyTypes[type];
      if (legacy === undefined) return;
      internals.setType(event, legacy);
      innerInvoke(event, target, list, length, capturing, legacy, inShadowTree);
      internals.setType(event, type);
    }
  };

  let scratch = null;
  const THROUGH_SHADOW_TREES = 0xffffffff;
  // The targets an event goes through, innermost first; null if shadow trees are on the way. Nodes come from Rust; those with a handler
  // attribute for this type are marked.
  const pathOf = (target, type) => {
    const id = Stamp.id(target);
    // The wrappers of a detached tree may be held weakly: now they are to be found by id.
    if (id !== 0 && shared.wrappers[id] !== target) realm.wrapNode(id);
    if (id === 0) return [target, ...(realm.eventParents?.(target, type) ?? [])];
    scratch ??= new realm.primordials.Uint32Array(1024);
    let length = ops.op_event_path(id, type, scratch);
    if (length === THROUGH_SHADOW_TREES) return null;
    if (length > scratch.length) {
      scratch = new realm.primordials.Uint32Array(length * 2);
      length = ops.op_event_path(id, type, scratch);
    }
    const ids = scratch;
    const path = [target];
    for (let i = 0; i < length; i++) {
      const raw = ids[i];
      const nodeId = raw & 0x7fffffff;
      // OPTIMIZATION: a node without a wrapper has no listener; it enters the path as its id and is wrapped if composedPath() asks.
      const wrapper = raw >>> 31 ? realm.wrapNode(nodeId) : shared.wrappers[nodeId];
      if (raw >>> 31) stateOf(wrapper);
      if (i > 0) path.push(wrapper === undefined ? nodeId : wrapper);
    }
    const window = windowOf(ids[length - 1] & 0x7fffffff, type);
    if (window !== null) path.push(window);
    return path;
  };
  // A document's get-the-parent is its window, but not for load. <https://html.spec.whatwg.org/#events-and-the-window-object>
  const windowOf = (id, type) => (type === "load" ? null : (realm.homeOf(id)?.global ?? null));
  const wrapped = (item) => (typeof item === "number" ? realm.wrapNode(item) : item);

  // Whether an event's related target has to be hidden from some of the targets.
  const isHidden = (relatedTarget) => {
    if (relatedTarget === null) return false;
    const id = Stamp.id(relatedTarget);
    return id !== 0 && ops.op_shadow_is_in_tree(id);
  };
  const isClick = (event, type) => type === "click" && realm.activationBehavior !== undefined && realm.interfaces.MouseEvent.prototype.isPrototypeOf(event);
  const activationOf = (item, event) => {
    const id = typeof item === "number" ? item : Stamp.id(item);
    return id !== 0 && ops.op_element_has_activation(id) ? realm.activationBehavior(wrapped(item), event) : null;
  };
  // What comes after the listeners: steps 12 and 13.
  const activate = (event, activation) => {
    const canceled = internals.canceled(event);
    if (activation !== null) {
      if (!canceled) activation.run?.(event);
      else activation.undo?.();
    }
    return !canceled;
  };

  // <https://dom.spec.whatwg.org/#concept-event-dispatch>. Returns whether the event was not cancelled.
  const dispatch = (event, target, targetOverride = undefined) => {
    const type = internals.type(event);
    const path = pathOf(target, type);
    if (path === null || isHidden(internals.relatedTarget(event))) return dispatchThroughShadowTrees(event, target, targetOverride);
    // 6.4, 6.5, 6.9.6. Activation behaviour: of the target, or, for a bubbling click, of the first ancestor that has one.
    let activation = null;
    if (isClick(event, type)) {
      const reach = internals.bubbles(event) ? path.length : 1;
      for (let i = 0; i < reach && activation === null; i++) activation = activationOf(path[i], event);
    }
    let full = null;
    internals.begin(event, targetOverride ?? target, () => {
      full ??= path.map(wrapped);
      // A copy: script may change what it gets.
      return [...full];
    });
    // 6.12. Legacy pre-activation.
    activation?.before?.();
    // 6.13. Capturing, outermost first.
    for (let i = path.length - 1; i >= 0; i--) {
      const item = path[i];
      if (typeof item !== "number" && internals.enter(event, item, i === 0 ? 2 : 1)) invokeListeners(event, item, true, false);
    }
    // 6.14. Target, then bubbling.
    const reach = internals.bubbles(event) ? path.length : 1;
    for (let i = 0; i < reach; i++) {
      const item = path[i];
      if (typeof item !== "number" && internals.enter(event, item, i === 0 ? 2 : 3)) invokeListeners(event, item, false, false);
    }
    // 7-10. Out of the tree again.
    internals.end(event);
    return activate(event, activation);
  };

  const IN_SHADOW_TREE = 1;
  const CLOSED_ROOT = 2;
  const SLOT_IN_CLOSED_TREE = 4;
  const TO_BE_CLEARED = 8;
  // The items of a path through shadow trees: { object, target (what event.target is there, or null), related, bits }. An object may be
  // the id of a node without a wrapper.
  const scopedPathOf = (event, target, targetOverride, type) => {
    const related = internals.relatedTarget(event);
    const relatedId = related === null ? 0 : Stamp.id(related);
    // What is no node is never hidden.
    const relatedAt = (id) => (relatedId === 0 ? related : realm.wrapNode(id));
    const outermost = () => (relatedId === 0 ? related : realm.wrapNode(ops.op_shadow_retarget(relatedId, 0)));
    const id = Stamp.id(target);
    if (id === 0) {
      const parents = realm.eventParents?.(target, type) ?? [];
      return [target, ...parents].map((object, i) => ({ object, target: i === 0 ? (targetOverride ?? target) : null, related: outermost(), bits: 0 }));
    }
    scratch ??= new realm.primordials.Uint32Array(1024);
    const composed = internals.composed(event);
    let length = ops.op_shadow_event_path(id, relatedId, composed, type, scratch);
    if (length * 4 > scratch.length) {
      scratch = new realm.primordials.Uint32Array(length * 8);
      length = ops.op_shadow_event_path(id, relatedId, composed, type, scratch);
    }
    const path = [];
    let last = 0;
    for (let i = 0; i < length; i++) {
      const raw = scratch[i * 4];
      const adjusted = scratch[i * 4 + 1];
      last = raw & 0x7fffffff;
      const wrapper = raw >>> 31 || adjusted !== 0 ? realm.wrapNode(last) : shared.wrappers[last];
      if (raw >>> 31) stateOf(wrapper);
      path.push({
        object: wrapper === undefined ? last : wrapper,
        target: adjusted === 0 ? null : realm.wrapNode(adjusted),
        related: relatedAt(scratch[i * 4 + 2]),
        bits: scratch[i * 4 + 3],
      });
    }
    const window = last === 0 ? null : windowOf(last, type);
    if (window !== null) path.push({ object: window, target: null, related: outermost(), bits: 0 });
    return path;
  };
  // <https://dom.spec.whatwg.org/#dom-event-composedpath>
  const visiblePath = (path, currentTarget) => {
    const composedPath = [];
    // 7-10. How deep in closed trees the current target is.
    let hiddenLevel = 0;
    let index = path.length - 1;
    for (; index > 0; index--) {
      const { object, bits } = path[index];
      if (bits & CLOSED_ROOT) hiddenLevel++;
      if (object === currentTarget) break;
      if (bits & SLOT_IN_CLOSED_TREE) hiddenLevel--;
    }
    if (index === 0 && path[0].bits & CLOSED_ROOT) hiddenLevel++;
    // 6, 11-16. Itself, then inwards and outwards, what is in no deeper closed tree.
    composedPath.push(currentTarget);
    const walk = (step, enters, leaves, add) => {
      let level = hiddenLevel;
      let max = hiddenLevel;
      for (let i = index + step; i >= 0 && i < path.length; i += step) {
        const { object, bits } = path[i];
        if (bits & enters) level++;
        if (level <= max) add(wrapped(object));
        if (bits & leaves) {
          level--;
          if (level < max) max = level;
        }
      }
    };
    const inner = [];
    walk(-1, CLOSED_ROOT, SLOT_IN_CLOSED_TREE, (object) => inner.push(object));
    walk(1, SLOT_IN_CLOSED_TREE, CLOSED_ROOT, (object) => composedPath.push(object));
    return [...inner.reverse(), ...composedPath];
  };
  const dispatchThroughShadowTrees = (event, target, targetOverride) => {
    const type = internals.type(event);
    // 4-6.9. The path. Empty if the related target hides the target: then nobody hears of the event.
    const path = scopedPathOf(event, target, targetOverride, type);
    const bubbles = internals.bubbles(event);
    let activation = null;
    let clears = false;
    if (path.length > 0) {
      // 6.5, 6.9.6, 6.9.8. A target has its activation behaviour even if the event does not bubble.
      if (isClick(event, type)) {
        for (let i = 0; i < path.length && activation === null; i++) {
          if (path[i].target !== null || bubbles) activation = activationOf(path[i].object, event);
        }
      }
      // 6.10, 6.11. Whether the last target must not be seen from outside afterwards.
      clears = (path.findLast((item) => item.target !== null).bits & TO_BE_CLEARED) !== 0;
      internals.begin(event, path[0].target, () => visiblePath(path, internals.currentTarget(event)));
      // 6.12. Legacy pre-activation.
      activation?.before?.();
      // What the target is at each item.
      const targets = [];
      for (let i = 0; i < path.length; i++) targets.push(path[i].target ?? targets[i - 1]);
      const invoke = (i, phase, capturing) => {
        const { object, related, bits } = path[i];
        if (typeof object === "number" || !internals.enterScoped(event, object, phase, targets[i], related)) return;
        invokeListeners(event, object, capturing, (bits & IN_SHADOW_TREE) !== 0);
      };
      // 6.13. Capturing, outermost first.
      for (let i = path.length - 1; i >= 0; i--) invoke(i, path[i].target !== null ? 2 : 1, true);
      // 6.14. At targets, and bubbling.
      for (let i = 0; i < path.length; i++) {
        if (path[i].target !== null) invoke(i, 2, false);
        else if (bubbles) invoke(i, 3, false);
      }
    }
    // 7-10. Out of the tree again.
    internals.end(event);
    // 11. Out of sight.
    if (clears) internals.clearTargets(event);
    return activate(event, activation);
  };
  realm.dispatch = dispatch;

  // <https://dom.spec.whatwg.org/#concept-event-fire>: trusted, made by the engine.
  realm.fire = (target, type, { bubbles = false, cancelable = false, composed = false, interface: name = "Event", init = undefined, targetOverride = undefined } = {}) => {
    const event = new realm.interfaces[name](type, { bubbles, cancelable, composed, ...init });
    internals.setTrusted(event, true);
    return dispatch(event, target, targetOverride);
  };

  // Event handlers. <https://html.spec.whatwg.org/multipage/webappapis.html#event-handlers>
  const handlersOf = (target) => {
    const state = stateOf(target);
    state.handlers ??= new Map();
    return state.handlers;
  };
  const setHandler = (target, type, value, source = null) => {
    const handlers = handlersOf(target);
    let handler = handlers.get(type);
    if (value === null && source === null) {
      // Deactivate.
      if (handler !== undefined) {
        handlers.delete(type);
        remove(Stamp.state(target), handler.entry);
      }
      return;
    }
    if (handler === undefined) {
      // Activate: the listener keeps its place when the value changes.
      handler = { type, value, source, entry: null, ofAttribute: source !== null };
      handler.entry = { type, callback: handler, capture: false, once: false, passive: defaultPassive(type, target), removed: false, handler };
      handlers.set(type, handler);
      Stamp.state(target).list.push(handler.entry);
    } else {
      handler.value = value;
      handler.source = source;
      if (source !== null) handler.ofAttribute = true;
    }
  };
  // <https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler>
  const currentValue = (target, handler) => {
    if (handler.source !== null) {
      const source = handler.source;
      handler.source = null;
      const value = realm.compileHandler(target, handler.type, source);
      // 3.2 Script is off: perhaps not for ever.
      if (value === undefined) {
        handler.source = source;
        return null;
      }
      handler.value = value;
    }
    // 3.4 What cannot be compiled is null, and keeps its place.
    return handler.value;
  };
  // <https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm>
  // Of any window's making.
  const isA = (event, name) => shared.realms.some((other) => other?.interfaces[name].prototype.isPrototypeOf(event));
  const invokeHandler = (handler, event, target) => {
    const callback = currentValue(target, handler);
    if (typeof callback !== "function") return;
    const isError = handler.type === "error" && isA(event, "ErrorEvent") && realm.isWindow(target);
    const result = isError
      ? Reflect.apply(callback, target, [event.message, event.filename, event.lineno, event.colno, event.error])
      : Reflect.apply(callback, target, [event]);
    if (handler.type === "beforeunload" && isA(event, "BeforeUnloadEvent")) {
      if (result !== null && result !== undefined) {
        internals.cancel(event);
        if (event.returnValue === "") event.returnValue = webidl.DOMString(result);
      }
    } else if (isError) {
      if (result === true) internals.cancel(event);
    } else if (result === false) {
      internals.cancel(event);
    }
  };
  realm.getHandler = (target, type) => {
    const id = Stamp.id(target);
    if (Stamp.state(target) === null && id === 0) return null;
    const handler = handlersOf(target).get(type);
    return handler === undefined ? null : currentValue(target, handler);
  };
  realm.setHandler = (target, type, value) => setHandler(target, type, webidl.isObject(value) ? value : null);
  // The event handler event type of a handler's name; prefixed types are in mixed case.
  const prefixedTypes = { __proto__: null };
  for (const type of Object.values(legacyTypes)) prefixedTypes[`on${type.toLowerCase()}`] = type;
  const handlerType = (name) => prefixedTypes[name] ?? name.slice(2);
  // A content attribute `on...` was set, changed or removed.
  realm.handlerAttributeChanged = (element, name) => {
    const owner = realm.handlerTarget === undefined ? element : realm.handlerTarget(element, name);
    // The window of a body that has none.
    if (owner === null) return;
    const type = handlerType(name);
    const source = ops.op_element_get_attribute(Stamp.id(element), name);
    // No attribute is gone where none was.
    if (source === null && Stamp.state(owner)?.handlers?.get(type)?.ofAttribute === false) return;
    setHandler(owner, type, null, source);
  };
  // <https://dom.spec.whatwg.org/#erase-all-event-listeners-and-handlers>
  realm.eraseListeners = (target) => {
    const state = Stamp.state(target);
    if (state === null) return;
    for (const entry of state.list) entry.removed = true;
    state.list = [];
    state.handlers = null;
  };
  // Defines event handler IDL attributes on a prototype.
  realm.eventHandlers = (prototype, names, redirect = undefined) => {
    for (const name of names) {
      const type = handlerType(name);
      const accessors = {
        __proto__: null,
        get [name]() {
          const target = redirect === undefined ? receiver(this) : redirect(receiver(this));
          return target === null ? null : realm.getHandler(target, type);
        },
        set [name](value) {
          const target = redirect === undefined ? receiver(this) : redirect(receiver(this));
          if (target !== null) realm.setHandler(target, type, value);
        },
      };
      const descriptor = Object.getOwnPropertyDescriptor(accessors, name);
      descriptor.enumerable = true;
      Object.defineProperty(prototype, name, descriptor);
    }
  };

  realm.currentEvent = undefined;
  realm.isWindow = (object) => shared.realms.some((other) => other !== undefined && other.global === object);
  realm.expose({ EventTarget });

  realm.entry.fireEvent = realm.fromHost((nodeId, type, bubbles, cancelable, name) =>
    realm.fire(nodeId === 0 ? global : realm.wrapNode(nodeId), type, {
      bubbles,
      cancelable,
      interface: name,
      // load is fired at the window with the document as its target.
      targetOverride: nodeId === 0 && atDocument.includes(type) ? realm.document : undefined,
    }),
  );
  const atDocument = ["load", "pageshow", "pagehide", "unload"];
  // Whether the document asks to be kept. <https://html.spec.whatwg.org/multipage/browsing-the-web.html#checking-if-unloading-is-user-canceled>
  realm.entry.beforeUnload = realm.fromHost(() => {
    const event = new realm.interfaces.BeforeUnloadEvent("beforeunload", { cancelable: true });
    internals.setTrusted(event, true);
    const goOn = dispatch(event, global, realm.document);
    return !goOn || event.returnValue !== "";
  });
  // <https://html.spec.whatwg.org/multipage/interaction.html#update-the-visibility-state>
  realm.isHidden = false;
  realm.entry.hide = realm.fromHost(() => {
    realm.isHidden = true;
    realm.fire(realm.document, "visibilitychange", { bubbles: true });
  });
}
