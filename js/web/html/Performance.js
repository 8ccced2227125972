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
  // <https://w3c.github.io/navigation-timing/#the-performancetiming-interface>, which is absent.
  const TIMING = (
    "navigationStart unloadEventStart unloadEventEnd redirectStart redirectEnd fetchStart domainLookupStart domainLookupEnd connectStart " +
    "connectEnd secureConnectionStart requestStart responseStart responseEnd domLoading domInteractive domContentLoadedEventStart " +
    "domContentLoadedEventEnd domComplete loadEventStart loadEventEnd"
  ).split(" ");
  class PerformanceMark extends PerformanceEntry {
    #detail;
    constructor(name, options = undefined) {
      webidl.requireArguments(arguments.length, 1, "'PerformanceMark' constructor");
      const init = webidl.dictionary(options, "PerformanceMark");
      const start = init.startTime === undefined ? ops.op_now() : webidl.double(init.startTime);
      if (start < 0) throw new TypeError("startTime is negative");
      const typed = webidl.DOMString(name);
      // 1. Not what the attributes of PerformanceTiming are called.
      if (TIMING.includes(typed)) throw new realm.DOMException(`'${typed}' is the name of a time of the navigation`, "SyntaxError");
      super(token, typed, "mark", start, 0);
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
      // 2. to 4. Either a list of types, or one with options of its own.
      if (entryTypes === undefined && type === undefined) throw new TypeError("Neither entryTypes nor type is given");
      if (entryTypes !== undefined && (type !== undefined || buffered !== undefined)) throw new TypeError("entryTypes excludes the other members");
      const kind = entryTypes === undefined ? "single" : "multiple";
      // 5. to 6. An observer stays with what it began with.
      if (state.kind !== undefined && state.kind !== kind) {
        throw new realm.DOMException("The observer was used in another way before", "InvalidModificationError");
      }
      state.kind = kind;
      // 7. to 8. Unknown types are left out; without any nothing happens.
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
  const check = (value) => {
    if (!Performance.prototype.isPrototypeOf(value)) throw new TypeError("Illegal invocation");
  };
  // <https://w3c.github.io/user-timing/#convert-a-mark-to-a-timestamp>
  const timeOf = (mark) => {
    if (typeof mark === "number") {
      const time = webidl.double(mark);
      if (time < 0) throw new TypeError("A time is negative");
      return time;
    }
    const text = webidl.DOMString(mark);
    const found = entries.findLast((entry) => entry.entryType === "mark" && entry.name === text);
    if (found === undefined) throw new realm.DOMException(`The mark '${text}' does not exist`, "SyntaxError");
    return found.startTime;
  };
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
      check(this);
      webidl.requireArguments(arguments.length, 1, "'mark' on 'Performance'");
      const mark = new PerformanceMark(name, options);
      add(mark);
      return mark;
    }
    // <https://w3c.github.io/user-timing/#dom-performance-measure>
    measure(name, startOrOptions = undefined, end = undefined) {
      check(this);
      webidl.requireArguments(arguments.length, 1, "'measure' on 'Performance'");
      const typed = webidl.DOMString(name);
      const isOptions = webidl.isObject(startOrOptions) || startOrOptions === null;
      const options = isOptions ? webidl.dictionary(startOrOptions, "PerformanceMeasureOptions") : {};
      const { detail, duration, end: endOption, start: startOption } = options;
      // 1. Options that say something exclude an end of its own and must name at least one end, and not too much.
      if ([detail, duration, endOption, startOption].some((member) => member !== undefined)) {
        if (end !== undefined) throw new TypeError("Options exclude an end mark");
        if (startOption === undefined && endOption === undefined) throw new TypeError("Neither start nor end is given");
        if (startOption !== undefined && endOption !== undefined && duration !== undefined) throw new TypeError("start, end and duration are one too many");
      }
      const startMark = isOptions ? startOption : startOrOptions;
      // 2. to 3. Both ends.
      const length = duration === undefined ? undefined : webidl.double(duration);
      let endTime;
      if (end !== undefined) endTime = timeOf(end);
      else if (endOption !== undefined) endTime = timeOf(endOption);
      else if (startOption !== undefined && length !== undefined) endTime = timeOf(startOption) + length;
      else endTime = ops.op_now();
      let startTime = 0;
      if (startMark !== undefined) startTime = timeOf(startMark);
      else if (length !== undefined && endOption !== undefined) startTime = endTime - length;
      // 4. to 10. The entry.
      const copy = detail === undefined || detail === null ? null : realm.structuredClone(detail);
      const measure = new PerformanceMeasure(token, typed, startTime, endTime - startTime, copy);
      add(measure);
      return measure;
    }
    clearMarks(name = undefined) {
      check(this);
      entries = entries.filter((entry) => entry.entryType !== "mark" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    clearMeasures(name = undefined) {
      check(this);
      entries = entries.filter((entry) => entry.entryType !== "measure" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    getEntries() {
      check(this);
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
  for (const Class of [PerformanceEntry, PerformanceMeasure, PerformanceObserverEntryList]) {
    Object.defineProperty(Class, "length", { value: 0, configurable: true });
  }
  const performance = new Performance(token);
  Object.defineProperty(global, "performance", { get: () => performance, enumerable: true, configurable: true });
}
