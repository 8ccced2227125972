// console. <https://console.spec.whatwg.org/>
(realm) => {
  "use strict";
  const { Object, Array, Map, Set, Reflect, Symbol, Number } = realm.primordials;
  const { ops, global, shared } = realm;
  const String = global.String;
  const { Error, Date, RegExp, Promise, WeakMap, JSON } = global;

  const DEPTH = 4;
  const ITEMS = 100;

  const quote = (text) => JSON.stringify(text);
  const keyText = (key) => (typeof key === "symbol" ? `[${String(key)}]` : /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key));

  // A value as text for people. Getters are not called on plain objects beyond what own data properties need.
  const inspect = (value, depth = 0, seen = []) => {
    switch (typeof value) {
      case "string":
        return depth === 0 ? value : quote(value);
      case "symbol":
        return String(value);
      case "bigint":
        return `${value}n`;
      case "function":
        return `[${/^class\b/.test(realm.primordials.functionToString(value)) ? "class" : "Function"}${value.name ? `: ${value.name}` : " (anonymous)"}]`;
      case "object":
        break;
      default:
        return Object.is(value, -0) ? "-0" : String(value);
    }
    if (value === null) return "null";
    if (seen.includes(value)) return "[Circular]";
    if (realm.isDOMException(value)) return `${value.name}: ${value.message}`;
    if (value instanceof Error) return errorText(value);
    if (shared.Stamp.has(value)) return platformText(value, depth);
    if (value instanceof RegExp) return String(value);
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    const inner = [...seen, value];
    const next = (item) => inspect(item, depth + 1, inner);
    const deep = depth >= DEPTH;
    if (Array.isArray(value)) {
      if (deep) return `[Array(${value.length})]`;
      const items = Array.from({ length: Math.min(value.length, ITEMS) }, (_, i) => (i in value ? next(value[i]) : "<empty>"));
      if (value.length > ITEMS) items.push(`\u2026 ${value.length - ITEMS} more`);
      return items.length === 0 ? "[]" : `[ ${items.join(", ")} ]`;
    }
    if (value instanceof Map) {
      if (deep) return `Map(${value.size})`;
      return `Map(${value.size}) {${[...value].slice(0, ITEMS).map(([k, v]) => ` ${next(k)} => ${next(v)}`).join(",")} }`;
    }
    if (value instanceof Set) {
      if (deep) return `Set(${value.size})`;
      return `Set(${value.size}) {${[...value].slice(0, ITEMS).map((item) => ` ${next(item)}`).join(",")} }`;
    }
    if (value instanceof Promise) return "Promise {}";
    if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
      return `${value.constructor?.name ?? "TypedArray"}(${value.length}) [ ${Array.from(value.subarray(0, ITEMS)).map(next).join(", ")} ]`;
    }
    if (value instanceof ArrayBuffer) return `ArrayBuffer { byteLength: ${value.byteLength} }`;
    const prototype = Object.getPrototypeOf(value);
    let name = "";
    if (prototype === null) name = "[Object: null prototype] ";
    else if (prototype !== Object.prototype) {
      const descriptor = Object.getOwnPropertyDescriptor(prototype, "constructor");
      const own = descriptor?.value?.name;
      if (typeof own === "string" && own !== "" && own !== "Object") name = `${own} `;
    }
    if (deep) return `[${name.trim() || "Object"}]`;
    const parts = [];
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key);
      if (descriptor === undefined || !descriptor.enumerable) continue;
      if (parts.length === ITEMS) {
        parts.push("\u2026");
        break;
      }
      const text = descriptor.get !== undefined ? (descriptor.set ? "[Getter/Setter]" : "[Getter]") : next(descriptor.value);
      parts.push(`${keyText(key)}: ${text}`);
    }
    return `${name}${parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`}`;
  };
  const { Math, ArrayBuffer, DataView } = global;

  const errorText = (error) => {
    const head = `${error.name}: ${error.message}`;
    let stack;
    try {
      stack = error.stack;
    } catch {
      stack = undefined;
    }
    if (typeof stack !== "string") return head;
    const lines = stack.split("\n").filter((line) => !line.includes("ext:"));
    const text = lines.join("\n");
    return text.includes(error.message) ? text : `${head}\n${text}`;
  };
  const platformText = (object, depth) => {
    const tag = object[Symbol.toStringTag] ?? object.constructor?.name ?? "Object";
    const id = shared.Stamp.id(object);
    if (id !== 0 && realm.describeNode !== undefined) return realm.describeNode(object, depth);
    return `[object ${tag}]`;
  };

  // <https://console.spec.whatwg.org/#formatter>
  const format = (args) => {
    if (args.length === 0) return "";
    if (typeof args[0] !== "string" || args.length === 1) return args.map((arg) => inspect(arg)).join(" ");
    let next = 1;
    const text = args[0].replace(/%[sdifoOcj%]/g, (match) => {
      if (match === "%%") return "%";
      if (next >= args.length) return match;
      const arg = args[next++];
      switch (match[1]) {
        case "s":
          return typeof arg === "object" && arg !== null ? inspect(arg, DEPTH - 1) : String(arg);
        case "d":
        case "i":
          return typeof arg === "symbol" ? "NaN" : String(typeof arg === "bigint" ? `${arg}n` : parseInt(arg, 10));
        case "f":
          return typeof arg === "symbol" ? "NaN" : String(parseFloat(arg));
        case "c":
          return "";
        case "j":
          return JSON.stringify(arg);
        default:
          return inspect(arg, 1);
      }
    });
    return [text, ...args.slice(next).map((arg) => inspect(arg))].join(" ");
  };
  const { parseInt, parseFloat } = global;

  let indent = "";
  const counts = new Map();
  const timers = new Map();
  const LEVELS = { debug: 0, log: 1, info: 2, warn: 3, error: 4 };
  const print = (level, args) => {
    const text = format(args);
    ops.op_console(realm.windowId, level, indent === "" ? text : text.replace(/^/gm, indent));
  };

  const table = (data, columns) => {
    if (typeof data !== "object" || data === null) return print(LEVELS.log, [data]);
    const rows = Object.keys(data).map((key) => [key, data[key]]);
    const heads = [];
    for (const [, row] of rows) {
      if (typeof row === "object" && row !== null) for (const key of Object.keys(row)) if (!heads.includes(key)) heads.push(key);
    }
    const shown = columns ?? heads;
    const plain = rows.some(([, row]) => typeof row !== "object" || row === null);
    const head = ["(index)", ...shown, ...(plain ? ["Values"] : [])];
    const body = rows.map(([key, row]) => {
      const isObject = typeof row === "object" && row !== null;
      return [key, ...shown.map((name) => (isObject && name in row ? inspect(row[name], 1) : "")), ...(plain ? [isObject ? "" : inspect(row, 1)] : [])];
    });
    const widths = head.map((title, i) => Math.max(title.length, ...body.map((row) => row[i].length)));
    const line = (cells) => cells.map((cell, i) => cell.padEnd(widths[i])).join(" | ").trimEnd();
    print(LEVELS.log, [[line(head), widths.map((width) => "-".repeat(width)).join("-|-"), ...body.map(line)].join("\n")]);
    return undefined;
  };

  const console = Object.create({});
  const methods = {
    assert(condition = false, ...data) {
      if (condition) return;
      if (typeof data[0] === "string") data[0] = `Assertion failed: ${data[0]}`;
      else data.unshift("Assertion failed");
      print(LEVELS.error, data);
    },
    clear() {
      indent = "";
    },
    debug: (...data) => print(LEVELS.debug, data),
    error: (...data) => print(LEVELS.error, data),
    info: (...data) => print(LEVELS.info, data),
    log: (...data) => print(LEVELS.log, data),
    table: (data = undefined, properties = undefined) => table(data, properties),
    trace(...data) {
      const stack = new Error().stack ?? "";
      const lines = stack.split("\n").filter((line) => line.trim().startsWith("at ") && !line.includes("ext:"));
      print(LEVELS.error, [["Trace" + (data.length > 0 ? `: ${format(data)}` : ""), ...lines].join("\n")]);
    },
    warn: (...data) => print(LEVELS.warn, data),
    dir: (item = undefined) => print(LEVELS.log, [inspect(item, 1)]),
    dirxml: (...data) => print(LEVELS.log, data),
    count(label = "default") {
      const n = (counts.get(String(label)) ?? 0) + 1;
      counts.set(String(label), n);
      print(LEVELS.info, [`${label}: ${n}`]);
    },
    countReset(label = "default") {
      if (!counts.has(String(label))) return print(LEVELS.warn, [`Count for '${label}' does not exist`]);
      counts.set(String(label), 0);
      return undefined;
    },
    group(...data) {
      if (data.length > 0) print(LEVELS.log, data);
      indent += "  ";
    },
    groupCollapsed(...data) {
      methods.group(...data);
    },
    groupEnd() {
      indent = indent.slice(2);
    },
    time(label = "default") {
      if (timers.has(String(label))) print(LEVELS.warn, [`Timer '${label}' already exists`]);
      else timers.set(String(label), ops.op_now());
    },
    timeLog(label = "default", ...data) {
      const start = timers.get(String(label));
      if (start === undefined) return print(LEVELS.warn, [`Timer '${label}' does not exist`]);
      print(LEVELS.log, [`${label}: ${(ops.op_now() - start).toFixed(3)} ms`, ...data]);
      return undefined;
    },
    timeEnd(label = "default") {
      const start = timers.get(String(label));
      if (start === undefined) return print(LEVELS.warn, [`Timer '${label}' does not exist`]);
      timers.delete(String(label));
      print(LEVELS.info, [`${label}: ${(ops.op_now() - start).toFixed(3)} ms`]);
      return undefined;
    },
  };
  for (const name of Object.keys(methods)) {
    Object.defineProperty(console, name, { value: methods[name], writable: true, enumerable: true, configurable: true });
  }
  Object.defineProperty(console, Symbol.toStringTag, { value: "console", configurable: true });
  Object.defineProperty(global, "console", { value: console, writable: true, enumerable: false, configurable: true });
}
