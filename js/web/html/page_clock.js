// Date, Intl and Temporal by the page's clock, once that is not the machine's. See `PageClock` in the engine.
(realm) => {
  "use strict";
  const { ops, global } = realm;
  const { Object, Reflect, Proxy, Map, Date } = realm.primordials;
  const { Intl, Temporal } = global;
  const { apply, construct } = Reflect;
  const define = (object, name, value) => {
    const descriptor = Object.getOwnPropertyDescriptor(object, name);
    if (descriptor !== undefined && descriptor.configurable) Object.defineProperty(object, name, { ...descriptor, value });
  };
  // A function in the place of a built-in one, which still looks like it.
  const wrap = (object, name, behave) => {
    const native = object[name];
    if (typeof native !== "function") return;
    define(object, name, new Proxy(native, { __proto__: null, apply: (target, self, args) => behave(target, self, args) }));
  };
  const now = () => ops.op_wall_time();

  // <https://tc39.es/ecma262/#sec-date>
  const { toString } = Date.prototype;
  const clocked = new Proxy(Date, {
    __proto__: null,
    construct: (target, args, newTarget) => construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => apply(toString, new Date(now()), []),
  });
  wrap(Date, "now", now);
  define(Date.prototype, "constructor", clocked);
  // A page that has put something else there has its own idea of time.
  if (global.Date === Date) define(global, "Date", clocked);
  realm.primordials.Date = clocked;

  // <https://tc39.es/ecma402/#sec-datetime-format-functions>: a date that is not given is now.
  if (Intl?.DateTimeFormat !== undefined) {
    const { prototype } = Intl.DateTimeFormat;
    const dated = (args) => (args[0] === undefined ? [now()] : args);
    wrap(prototype, "formatToParts", (target, self, args) => apply(target, self, dated(args)));
    const format = Object.getOwnPropertyDescriptor(prototype, "format");
    if (format?.get !== undefined) {
      // Each format has one function.
      const bound = new realm.primordials.WeakMap();
      const get = new Proxy(format.get, {
        __proto__: null,
        apply(target, self) {
          const native = apply(target, self, []);
          let clockedFormat = bound.get(native);
          if (clockedFormat === undefined) {
            clockedFormat = new Proxy(native, { __proto__: null, apply: (inner, ignored, args) => apply(inner, ignored, dated(args)) });
            bound.set(native, clockedFormat);
          }
          return clockedFormat;
        },
      });
      Object.defineProperty(prototype, "format", { ...format, get });
    }
  }

  // <https://tc39.es/proposal-temporal/#sec-temporal-now-object>
  if (Temporal?.Now !== undefined) {
    const { fromEpochMilliseconds } = Temporal.Instant;
    const { toZonedDateTimeISO } = Temporal.Instant.prototype;
    const { timeZoneId } = Temporal.Now;
    const { toPlainDate, toPlainTime, toPlainDateTime } = Temporal.ZonedDateTime.prototype;
    const instant = () => apply(fromEpochMilliseconds, Temporal.Instant, [now()]);
    const zoned = (args) => apply(toZonedDateTimeISO, instant(), [args[0] === undefined ? apply(timeZoneId, Temporal.Now, []) : args[0]]);
    const members = new Map([
      ["instant", instant],
      ["zonedDateTimeISO", zoned],
      ["plainDateTimeISO", (args) => apply(toPlainDateTime, zoned(args), [])],
      ["plainDateISO", (args) => apply(toPlainDate, zoned(args), [])],
      ["plainTimeISO", (args) => apply(toPlainTime, zoned(args), [])],
    ]);
    for (const [name, read] of members) wrap(Temporal.Now, name, (target, self, args) => read(args));
  }
}
