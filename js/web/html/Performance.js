// Performance: the clock, marks and measures. <https://w3c.github.io/hr-time/> <https://w3c.github.io/user-timing/>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
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
      entries.push(mark);
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
      entries.push(measure);
      return measure;
    }
    clearMarks(name = undefined) {
      entries = entries.filter((entry) => entry.entryType !== "mark" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    clearMeasures(name = undefined) {
      entries = entries.filter((entry) => entry.entryType !== "measure" || (name !== undefined && entry.name !== webidl.DOMString(name)));
    }
    getEntries() {
      return entries.toSorted((a, b) => a.startTime - b.startTime);
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
  realm.expose({ PerformanceEntry, PerformanceMark, PerformanceMeasure, Performance });
  const performance = new Performance(token);
  Object.defineProperty(global, "performance", { get: () => performance, enumerable: true, configurable: true });
}
