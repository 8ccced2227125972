// States of session history entries as text, for an entry outlives the realm, and the isolate, of the document that made it.
// <https://html.spec.whatwg.org/multipage/structured-data.html#structuredserializeforstorage>
(realm) => {
  "use strict";
  const { Object, Map, JSON, Uint8Array, Number, BigInt } = realm.primordials;

  // Without a prototype: a page may have put a toJSON there.
  const list = (...items) => {
    const made = realm.bareArray();
    for (let i = 0; i < items.length; i++) made[i] = items[i];
    return made;
  };
  const refuse = (what) => {
    throw new realm.DOMException(`${what} cannot be kept in the session history`, "DataCloneError");
  };
  // What the records hold besides their kind, in order; values of "refs" and of "entries" may be records themselves.
  const fieldsOf = (record) => {
    if (record.kind === "platform") return platformFields;
    if ("bytes" in record) return ["bytes", "length", "max"];
    if ("entries" in record) return ["length", "entries"];
    if ("buffer" in record) return ["name", "buffer", "byteOffset", "length"];
    if ("source" in record) return ["source", "flags"];
    if ("hasCause" in record) return ["name", "hasMessage", "message", "stack", "hasCause", "cause"];
    return ["value"];
  };
  const platformFields = ["name", "data"];

  // A table of records: each is a list of its kind and of names and values. A value is itself, or a list: of the number of a record, or of a
  // letter and a text.
  realm.encodeState = (value) => {
    const { root } = realm.serialize(value);
    const numbers = new Map();
    const records = [];
    const encode = (item) => {
      switch (typeof item) {
        case "undefined":
          return list("u");
        case "bigint":
          return list("b", `${item}`);
        case "number":
          return item - item === 0 && !Object.is(item, -0) ? item : list("n", Object.is(item, -0) ? "-0" : `${item}`);
        case "object": {
          if (item === null) return null;
          let number = numbers.get(item);
          if (number === undefined) {
            number = records.length;
            numbers.set(item, number);
            records[number] = item;
          }
          return list(number);
        }
        default:
          return item;
      }
    };
    const table = realm.bareArray();
    const first = encode(root);
    for (let i = 0; i < records.length; i++) {
      const record = records[i];
      const row = list(record.kind);
      for (const name of fieldsOf(record)) {
        if (!(name in record)) continue;
        let field = record[name];
        if (name === "bytes") {
          const bytes = new Uint8Array(field);
          field = realm.bareArray();
          for (let k = 0; k < bytes.length; k++) field[k] = bytes[k];
        } else if (name === "entries") {
          field = realm.bareArray();
          for (let k = 0; k < record.entries.length; k++) field[k] = encode(record.entries[k]);
        } else if (name === "data") {
          // Of platform objects those that are nothing but text and numbers.
          if (record.name !== "DOMException") refuse(record.name);
          field = list(field.name, field.message, encode(field.stack));
        } else {
          field = encode(field);
        }
        row[row.length] = name;
        row[row.length] = field;
      }
      table[i] = row;
    }
    return JSON.stringify(list(first, table));
  };

  realm.decodeState = (text) => {
    const [first, table] = JSON.parse(text);
    const records = [];
    for (let i = 0; i < table.length; i++) records[i] = { __proto__: null, kind: table[i][0] };
    const decode = (item) => {
      if (typeof item !== "object" || item === null) return item;
      if (typeof item[0] === "number") return records[item[0]];
      if (item[0] === "u") return undefined;
      return item[0] === "b" ? BigInt(item[1]) : Number(item[1]);
    };
    for (let i = 0; i < table.length; i++) {
      const row = table[i];
      for (let k = 1; k < row.length; k += 2) {
        const name = row[k];
        const field = row[k + 1];
        if (name === "bytes") {
          const bytes = new Uint8Array(field.length);
          for (let n = 0; n < field.length; n++) bytes[n] = field[n];
          records[i].bytes = bytes.buffer;
        } else if (name === "entries") {
          records[i].entries = [];
          for (let n = 0; n < field.length; n++) records[i].entries[n] = decode(field[n]);
        } else if (name === "data") {
          records[i].data = { __proto__: null, name: field[0], message: field[1], stack: decode(field[2]) };
        } else {
          records[i][name] = decode(field);
        }
      }
    }
    return realm.deserialize({ root: decode(first), transferred: [] }).value;
  };
}
