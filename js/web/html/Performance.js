// Performance: the clock, marks and measures, and who observes them. <https://w3c.github.io/hr-time/> <https://w3c.github.io/user-timing/>
(realm) => {
  "use strict";
  const { Object, Set, TypeError } = realm.primordials;
  const { ops, global, webidl, EventTarget } = realm;

  const token = {};
  class PerformanceEntry {
    #name;
    #type;
    #start;
    #duration;
    constructor(key, name, type, start, duration) {
      if (key !== token) throw realm.illegalConstructor("PerformanceEntry");
      this.#name = name;
      this.#type = type;
      this.#start = start;
      this.#duration = duration;
    }
    get name() {
      return this.#name;
    }
    get entryType() {
      return this.#type;
    }
    get startTime() {
      return this.#start;
    }
    get duration() {
      return this.#duration;
    }
    toJSON() {
      return { name: this.name, entryType: this.entryType, startTime: this.startTime, duration: this.duration };
    }
  }
  class PerformanceMark extends PerformanceEntry {
    #detail;
    constructor(name, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'PerformanceMark' constructor");
      const init = webidl.dictionary(options, "PerformanceMark");
      const start = init.startTime === undefined ? ops.op_now() : webidl.double(init.startTime);
      if (start < 0) throw new TypeError("startTime is negative");
      super(token, webidl.DOMString(name), "mark", start, 0);
      this.#detail = init.detail === undefined ? null : realm.structuredClone(init.detail);
    }
    get detail() {
      return this.#detail;
    }
  }
  class PerformanceMeasure extends PerformanceEntry {
    #detail;
    constructor(key, name, start, duration, detail) {
      super(key, name, "measure", start, duration);
      this.#detail = detail;
    }
    get detail() {
      return this.#detail;
    }
  }

  let entries = [];
  const SUPPORTED = Object.freeze(["mark", "measure"]);
  const byTime = (list) => list.toSorted((a, b) => a.startTime - b.startTime);
  // <https://w3c.github.io/performance-timeline/#queue-a-performanceentry>
  const observers = [];
  let queued = false;
  const queueEntry = (state, entry) => {
    state.buffer.push(entry);
    if (queued) return;
    queued = true;
    // <https://w3c.github.io/performance-timeline/#queue-the-performanceobserver-task>
    realm.queueTask(() => {
      queued = false;
      for (const one of [...observers]) {
        if (one.buffer.length === 0) continue;
        const list = new PerformanceObserverEntryList(token, one.buffer);
        one.buffer = [];
        realm.invoke(one.callback, one.observer, [list, one.observer, { droppedEntriesCount: 0 }]);
      }
    });
  };
  const add = (entry) => {
    entries.push(entry);
    for (const state of observers) if (state.types.includes(entry.entryType)) queueEntry(state, entry);
  };
  class PerformanceObserverEntryList {
    #entries;
    constructor(key, list) {
      if (key !== token) throw realm.illegalConstructor("PerformanceObserverEntryList");
      this.#entries = byTime(list);
    }
    getEntries() {
      return [...this.#entries];
    }
    getEntriesByType(type) {
      webidl.requireArguments(arguments.length, 1, "'getEntriesByType' on 'PerformanceObserverEntryList'");
      const wanted = webidl.DOMString(type);
      return this.#entries.filter((entry) => entry.entryType === wanted);
    }
    getEntriesByName(name, type = undefined) {
      webidl.requireArguments(arguments.length, 1, "'getEntriesByName' on 'PerformanceObserverEntryList'");
      const wanted = webidl.DOMString(name);
      return this.#entries.filter((entry) => entry.name === wanted && (type === undefined || entry.entryType === webidl.DOMString(type)));
    }
  }
  class PerformanceObserver {
    // { observer, callback, types, kind: "multiple", "single" or undefined, buffer }
    #state;
    constructor(callback) {
      webidl.requireArguments(arguments.length, 1, "'PerformanceObserver' constructor");
      const typed = webidl.callbackFunction(callback, "PerformanceObserver constructor");
      this.#state = { observer: this, callback: typed, types: [], kind: undefined, buffer: [] };
    }
    // <https://w3c.github.io/performance-timeline/#observe-method>
    observe(options = undefined) {
      const state = this.#state;
      const { buffered, entryTypes, type } = webidl.dictionary(options, "PerformanceObserverInit");
      // 2. – 4. Either a list of types, or one with options of its own.
      if (entryTypes === undefined && type === undefined) throw new TypeError("Neither entryTypes nor type is given");
      if (entryTypes !== undefined && (type !== undefined || buffered !== undefined)) throw new TypeError("entryTypes excludes the other members");
      const kind = entryTypes === undefined ? "single" : "multiple";
      // 5. – 6. An observer stays with what it began with.
      if (state.kind !== undefined && state.kind !== kind) {
        throw new realm.DOMException("The observer was used in another way before", "InvalidModificationError");
      }
      state.kind = kind;
      // 7. – 8. Unknown types are left out; without any nothing happens.
      const given = kind === "multiple" ? webidl.sequence(entryTypes, webidl.DOMString, "entryTypes") : [webidl.DOMString(type)];
      const known = SUPPORTED.filter((one) => given.includes(one));
      if (known.length === 0) return;
      state.types = kind === "multiple" ? known : [...new Set([...state.types, ...known])];
      if (!observers.includes(state)) observers.push(state);
      if (kind === "single" && buffered) for (const entry of entries) if (known.includes(entry.entryType)) queueEntry(state, entry);
    }
    disconnect() {
      const index = observers.indexOf(this.#state);
      if (index !== -1) observers.splice(index, 1);
      this.#state.buffer = [];
      this.#state.types = [];
      this.#state.kind = undefined;
    }
    takeRecords() {
      const { buffer } = this.#state;
      this.#state.buffer = [];
      return buffer;
    }
    static get supportedEntryTypes() {
      return SUPPORTED;
    }
  }
  class Performance extends EventTarget {
    constructor() {
      if (arguments[0] !== token) throw realm.illegalConstructor("Performance");
      super();
    }
    now() {
      return ops.op_now();
    }
    get timeOrigin() {
      return ops.op_time_origin();
    }
    toJSON() {
      return { timeOrigin: this.timeOrigin };
    }
    mark(name, options = undefined) {
      const mark = new PerformanceMark(name, options);
      add(mark);
      return mark;
    }
    measure(name, startOrOptions = undefined, end = undefined) {
      webidl.requireArguments(arguments.length, 1, "'measure' on 'Performance'");
      const isOptions = webidl.isObject(startOrOptions);
      const options = isOptions ? startOrOptions : {};
      const at = (mark) => {
        if (typeof mark === "number") return mark;
        const text = webidl.DOMString(mark);
        const found = entries.findLast((entry) => entry.entryType === "mark" && entry.name === text);
        if (found === undefined) throw new realm.DOMException(`The mark '${text}' does not exist`, "SyntaxError");
        return found.startTime;
      };
      const endMark = isOptions ? options.end : end;
      const startMark = isOptions ? options.start : startOrOptions;
      const endTime = endMark !== undefined ? at(endMark) : isOptions && options.duration !== undefined && startMark !== undefined ? at(startMark) + options.duration : ops.op_now();
      const startTime = startMark !== undefined ? at(startMark) : isOptions && options.duration !== undefined ? endTime - options.duration : 0;
      const measure = new PerformanceMeasure(token, webidl.DOMString(name), startTime, endTime - startTime, options.detail === undefined ? null : realm.structuredClone(options.detail));
      add(measure);
      return measure;
    }
    clearMarks(name = undefined) {
      entries = entries.filter((entry) => entry.entryType !== "mark" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    clearMeasures(name = undefined) {
      entries = entries.filter((entry) => entry.entryType !== "measure" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    getEntries() {
      return byTime(entries);
    }
    getEntriesByType(type) {
      webidl.requireArguments(arguments.length, 1, "'getEntriesByType' on 'Performance'");
      const wanted = webidl.DOMString(type);
      return this.getEntries().filter((entry) => entry.entryType === wanted);
    }
    getEntriesByName(name, type = undefined) {
      webidl.requireArguments(arguments.length, 1, "'getEntriesByName' on 'Performance'");
      const wanted = webidl.DOMString(name);
      return this.getEntries().filter((entry) => entry.name === wanted && (type === undefined || entry.entryType === webidl.DOMString(type)));
    }
  }
  realm.expose({ PerformanceEntry, PerformanceMark, PerformanceMeasure, Performance, PerformanceObserver, PerformanceObserverEntryList });
  realm.arity(PerformanceObserver.prototype, { observe: 0 });
  const performance = new Performance(token);
  Object.defineProperty(global, "performance", { get: () => performance, enumerable: true, configurable: true });
}
