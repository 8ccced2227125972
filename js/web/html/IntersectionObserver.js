// IntersectionObserver. Elements have no boxes here, so each is told of once, as not intersecting, as of elements that are not rendered.
// <https://w3c.github.io/IntersectionObserver/>
(realm) => {
  "use strict";
  const { Object, Number, RangeError, TypeError, Set } = realm.primordials;
  const { ops, webidl, global, Element, Document, DOMRectReadOnly } = realm;
  const { requestAnimationFrame } = global;

  const KIND = "IntersectionObserver";
  const ENTRY = "IntersectionObserverEntry";
  // { callback, root, margin, thresholds, targets, fresh: not told of yet, entries, scheduled }
  const stateOf = (value) => realm.requireState(value, KIND);

  class IntersectionObserverEntry {
    constructor(init) {
      webidl.requireArguments(arguments.length, 1, "'IntersectionObserverEntry' constructor");
      const { boundingClientRect, intersectionRatio, intersectionRect, isIntersecting, rootBounds, target, time } = webidl.dictionary(init, ENTRY);
      const rect = (value) => DOMRectReadOnly.fromRect(value);
      realm.setObjectState(this, ENTRY, {
        boundingClientRect: rect(boundingClientRect),
        intersectionRatio: webidl.double(intersectionRatio),
        intersectionRect: rect(intersectionRect),
        isIntersecting: !!isIntersecting,
        rootBounds: rootBounds === null || rootBounds === undefined ? null : rect(rootBounds),
        target,
        time: webidl.double(time),
      });
    }
  }
  for (const name of ["time", "rootBounds", "boundingClientRect", "intersectionRect", "isIntersecting", "intersectionRatio", "target"]) {
    const accessors = {
      get [name]() {
        return realm.requireState(this, ENTRY)[name];
      },
    };
    Object.defineProperty(IntersectionObserverEntry.prototype, name, Object.getOwnPropertyDescriptor(accessors, name));
  }

  // <https://w3c.github.io/IntersectionObserver/#parse-a-root-margin>
  const parseMargin = (text) => {
    const parts = text.trim().split(/\s+/).filter((part) => part !== "");
    const lengths = parts.map((part) => {
      const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(px|%)$/i.exec(part) ?? (/^[+-]?0+(?:\.0*)?$/.test(part) ? [part, "0", "px"] : null);
      if (match === null) throw new realm.DOMException(`'${text}' is not a root margin of pixels and percentages`, "SyntaxError");
      return `${Number(match[1])}${match[2].toLowerCase()}`;
    });
    if (lengths.length > 4) throw new realm.DOMException(`'${text}' has more than four sides`, "SyntaxError");
    const [top = "0px", right = top, bottom = top, left = right] = lengths;
    return `${top} ${right} ${bottom} ${left}`;
  };
  const parseThresholds = (value) => {
    const iterable = webidl.isObject(value) && value[realm.primordials.Symbol.iterator] !== undefined;
    const list = iterable ? webidl.sequence(value, webidl.double, "threshold") : [webidl.double(value ?? 0)];
    for (const one of list) if (!(one >= 0 && one <= 1)) throw new RangeError("A threshold is between 0 and 1");
    list.sort((a, b) => a - b);
    return Object.freeze(list.length === 0 ? [0] : list);
  };
  const checkTarget = (args, method) => {
    webidl.requireArguments(args.length, 1, `'${method}' on 'IntersectionObserver'`);
    if (!Element.prototype.isPrototypeOf(args[0])) {
      throw new TypeError(`Failed to execute '${method}' on 'IntersectionObserver': parameter 1 is not of type 'Element'`);
    }
  };
  // <https://w3c.github.io/IntersectionObserver/#update-intersection-observations-algo>, at the next rendering opportunity.
  const schedule = (observer, state) => {
    if (state.scheduled) return;
    state.scheduled = true;
    requestAnimationFrame((time) => {
      state.scheduled = false;
      for (const target of state.fresh) {
        const rootBounds = state.root === null ? { width: ops.op_window_viewport(realm.windowId, 0), height: ops.op_window_viewport(realm.windowId, 1) } : {};
        state.entries.push(new IntersectionObserverEntry({ time, rootBounds, boundingClientRect: {}, intersectionRect: {}, isIntersecting: false, intersectionRatio: 0, target }));
      }
      state.fresh.clear();
      // <https://w3c.github.io/IntersectionObserver/#notify-intersection-observers>
      realm.queueTask(() => {
        if (state.entries.length === 0) return;
        const entries = state.entries;
        state.entries = [];
        realm.invoke(state.callback, observer, [entries, observer]);
      });
    });
  };

  class IntersectionObserver {
    constructor(callback, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'IntersectionObserver' constructor");
      const typed = webidl.callbackFunction(callback, "IntersectionObserver constructor");
      const { root = null, rootMargin, threshold } = webidl.dictionary(options, "IntersectionObserverInit");
      if (root !== null && !Element.prototype.isPrototypeOf(root) && !Document.prototype.isPrototypeOf(root)) {
        throw new TypeError("The root is neither an element nor a document");
      }
      const margin = parseMargin(rootMargin === undefined ? "0px" : webidl.DOMString(rootMargin));
      const thresholds = parseThresholds(threshold);
      realm.setObjectState(this, KIND, { callback: typed, root, margin, thresholds, targets: new Set(), fresh: new Set(), entries: [], scheduled: false });
    }
    get root() {
      return stateOf(this).root;
    }
    get rootMargin() {
      return stateOf(this).margin;
    }
    get thresholds() {
      return stateOf(this).thresholds;
    }
    observe(target) {
      const state = stateOf(this);
      checkTarget(arguments, "observe");
      if (state.targets.has(target)) return;
      state.targets.add(target);
      state.fresh.add(target);
      schedule(this, state);
    }
    unobserve(target) {
      const state = stateOf(this);
      checkTarget(arguments, "unobserve");
      state.targets.delete(target);
      state.fresh.delete(target);
    }
    disconnect() {
      const state = stateOf(this);
      state.targets.clear();
      state.fresh.clear();
    }
    takeRecords() {
      const state = stateOf(this);
      const { entries } = state;
      state.entries = [];
      return entries;
    }
  }
  realm.expose({ IntersectionObserver, IntersectionObserverEntry });
}
