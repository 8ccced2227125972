// EventTarget, dispatch and event handlers. Listeners are called here because only JavaScript can call them; the path comes from Rust.
// <https://dom.spec.whatwg.org/#interface-eventtarget>
(realm) => {
  "use strict";
  const { Object, TypeError, Reflect, Map } = realm.primordials;
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
      new Stamp(this, 0);
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
      const entry = { type: typed, callback: listener, capture, once, passive, removed: false, handler: null };
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

  // <https://dom.spec.whatwg.org/#concept-event-listener-inner-invoke>
  const innerInvoke = (event, target, list, capturing, type) => {
    let found = false;
    for (const entry of list) {
      if (entry.removed || entry.type !== type || entry.capture !== capturing) continue;
      // 2. Something listened.
      found = true;
      const callback = entry.callback;
      // 5. Once: gone before it is called.
      if (entry.once) remove(Stamp.state(target), entry);
      // 6–9. window.event.
      const previous = realm.currentEvent;
      realm.currentEvent = event;
      // 10. Passive listeners cannot cancel.
      internals.setPassive(event, entry.passive ?? defaultPassive(type, target));
      // 11. Call it, reporting what it throws.
      const fromHost = shared.hostCalls;
      shared.hostCalls = false;
      try {
        if (entry.handler !== null) {
          invokeHandler(entry.handler, event, target);
        } else if (typeof callback === "function") {
          Reflect.apply(callback, target, [event]);
        } else {
          const method = callback.handleEvent;
          if (typeof method !== "function") throw new TypeError("The listener's handleEvent is not a function");
          Reflect.apply(method, callback, [event]);
        }
      } catch (error) {
        realm.reportException(error);
      }
      internals.setPassive(event, false);
      realm.currentEvent = previous;
      if (fromHost) ops.op_checkpoint();
      shared.hostCalls = fromHost;
      // 14. stopImmediatePropagation.
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
  // <https://dom.spec.whatwg.org/#concept-event-listener-invoke>
  const invoke = (event, target, phase, capturing) => {
    // 1–6. Stopped, or nobody there.
    if (!internals.enter(event, target, phase)) return;
    const state = Stamp.state(target);
    if (state === null) return;
    const type = internals.type(event);
    const found = innerInvoke(event, target, state.list, capturing, type);
    // 8. Prefixed names of trusted events.
    if (!found && internals.isTrusted(event)) {
      const legacy = legacyTypes[type];
      if (legacy === undefined) return;
      internals.setType(event, legacy);
      innerInvoke(event, target, Stamp.state(target).list, capturing, legacy);
      internals.setType(event, type);
    }
  };

  let scratch = null;
  // The targets an event goes through, innermost first. Nodes come from Rust; those with a handler attribute for this type are marked.
  const pathOf = (target, type) => {
    const id = Stamp.id(target);
    if (id === 0) return [target, ...(realm.eventParents?.(target, type) ?? [])];
    scratch ??= new realm.primordials.Uint32Array(1024);
    let length = ops.op_event_path(id, type, scratch);
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
    // A document's get-the-parent is its window, but not for load. <https://html.spec.whatwg.org/#events-and-the-window-object>
    if (type !== "load") {
      const last = ids[length - 1] & 0x7fffffff;
      const home = shared.documentRealms.get(last);
      if (home !== undefined) path.push(home.global);
    }
    return path;
  };
  const wrapped = (item) => (typeof item === "number" ? realm.wrapNode(item) : item);

  // <https://dom.spec.whatwg.org/#concept-event-dispatch>. Returns whether the event was not cancelled.
  const dispatch = (event, target, targetOverride = undefined) => {
    const type = internals.type(event);
    const path = pathOf(target, type);
    // 5.4. Activation behaviour: of the target, or, for a bubbling click, of the first ancestor that has one.
    let activation = null;
    if (realm.activationBehavior !== undefined && type === "click" && realm.interfaces.MouseEvent.prototype.isPrototypeOf(event)) {
      const reach = internals.bubbles(event) ? path.length : 1;
      for (let i = 0; i < reach && activation === null; i++) {
        const id = typeof path[i] === "number" ? path[i] : Stamp.id(path[i]);
        if (id !== 0 && ops.op_element_has_activation(id)) activation = realm.activationBehavior(wrapped(path[i]), event);
      }
    }
    let full = null;
    internals.begin(event, targetOverride ?? target, () => {
      full ??= path.map(wrapped);
      // A copy: script may change what it gets.
      return [...full];
    });
    // 5.11. Legacy pre-activation.
    activation?.before?.();
    // 5.13. Capturing, outermost first.
    for (let i = path.length - 1; i >= 0; i--) {
      if (typeof path[i] !== "number") invoke(event, path[i], i === 0 ? 2 : 1, true);
    }
    // 5.14. Target, then bubbling.
    const reach = internals.bubbles(event) ? path.length : 1;
    for (let i = 0; i < reach; i++) {
      if (typeof path[i] !== "number") invoke(event, path[i], i === 0 ? 2 : 3, false);
    }
    // 6–10. Out of the tree again.
    internals.end(event);
    const canceled = internals.canceled(event);
    // 12. Activation behaviour.
    if (activation !== null) {
      if (!canceled) activation.run?.(event);
      else activation.undo?.();
    }
    return !canceled;
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
      handler = { type, value, source, entry: null };
      handler.entry = { type, callback: handler, capture: false, once: false, passive: null, removed: false, handler };
      handlers.set(type, handler);
      Stamp.state(target).list.push(handler.entry);
    } else {
      handler.value = value;
      handler.source = source;
    }
  };
  // <https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler>
  const currentValue = (target, handler) => {
    if (handler.source !== null) {
      const source = handler.source;
      handler.source = null;
      handler.value = realm.compileHandler(target, handler.type, source);
      if (handler.value === null) {
        setHandler(target, handler.type, null);
        return null;
      }
    }
    return handler.value;
  };
  // <https://html.spec.whatwg.org/multipage/webappapis.html#the-event-handler-processing-algorithm>
  const invokeHandler = (handler, event, target) => {
    const callback = currentValue(target, handler);
    if (typeof callback !== "function") return;
    const isError = realm.interfaces.ErrorEvent.prototype.isPrototypeOf(event) && handler.type === "error" && realm.isWindow(target);
    const result = isError
      ? Reflect.apply(callback, target, [event.message, event.filename, event.lineno, event.colno, event.error])
      : Reflect.apply(callback, target, [event]);
    if (realm.interfaces.BeforeUnloadEvent.prototype.isPrototypeOf(event) && handler.type === "beforeunload") {
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
  // A content attribute `on…` was set, changed or removed.
  realm.handlerAttributeChanged = (element, name) => {
    const owner = realm.handlerTarget?.(element, name) ?? element;
    const source = ops.op_element_get_attribute(Stamp.id(element), name);
    setHandler(owner, name.slice(2), null, source);
  };
  // Defines event handler IDL attributes on a prototype.
  realm.eventHandlers = (prototype, names, redirect = undefined) => {
    for (const name of names) {
      const type = name.slice(2);
      const accessors = {
        get [name]() {
          const target = redirect?.(receiver(this)) ?? receiver(this);
          return target === null ? null : realm.getHandler(target, type);
        },
        set [name](value) {
          const target = redirect?.(receiver(this)) ?? receiver(this);
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
      targetOverride: nodeId === 0 && (type === "load" || type === "pageshow") ? realm.document : undefined,
    }),
  );
}
