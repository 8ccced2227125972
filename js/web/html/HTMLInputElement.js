// HTMLInputElement and HTMLTextAreaElement: values, checkedness, selection. <https://html.spec.whatwg.org/multipage/input.html>
(realm) => {
  "use strict";
  const { Number, Math, Date } = realm.primordials;
  const { ops, webidl, nodeId, mutated } = realm;
  const { DOMString } = webidl;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);
  const has = (element, name) => ops.op_element_has_attribute(nodeId(element), name);

  // State of a control that is not in the tree: { value, dirtyValue, checked, dirtyChecked, indeterminate, selection }.
  const state = realm.slots;

  // <https://html.spec.whatwg.org/multipage/input.html#dom-input-value>
  const modes = {
    __proto__: null,
    hidden: "default",
    submit: "default",
    image: "default",
    reset: "default",
    button: "default",
    checkbox: "on",
    radio: "on",
    file: "filename",
  };
  const modeOf = (input) => modes[input.type] ?? "value";
  const noNewlines = (text) => text.replace(/[\r\n]/g, "");
  const strip = (text) => text.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, "");
  const isFloating = (text) => /^-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text);
  const isDate = (text) => {
    const match = /^([0-9]{4,})-([0-9]{2})-([0-9]{2})$/.exec(text);
    if (match === null || +match[1] === 0) return false;
    const month = +match[2];
    const days = new Date(Date.UTC(2000 + (+match[1] % 400), month, 0)).getUTCDate();
    return month >= 1 && month <= 12 && +match[3] >= 1 && +match[3] <= days;
  };
  const isTime = (text) => /^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,3})?)?$/.test(text);
  // <https://html.spec.whatwg.org/multipage/input.html#value-sanitization-algorithm>
  const sanitize = (input, text) => {
    switch (input.type) {
      case "text":
      case "search":
      case "tel":
      case "password":
        return noNewlines(text);
      case "url":
        return strip(noNewlines(text));
      case "email":
        return has(input, "multiple") ? text.split(",").map(strip).join(",") : strip(noNewlines(text));
      case "date":
        return isDate(text) ? text : "";
      case "month":
        return isDate(`${text}-01`) ? text : "";
      case "week":
        return /^[0-9]{4,}-W(0[1-9]|[1-4][0-9]|5[0-3])$/.test(text) ? text : "";
      case "time":
        return isTime(text) ? text : "";
      case "datetime-local": {
        const [date, time, ...rest] = text.split(/[T ]/);
        return rest.length === 0 && isDate(date) && time !== undefined && isTime(time) ? `${date}T${time}` : "";
      }
      case "number":
        return isFloating(text) ? text : "";
      case "range": {
        const low = realm.parseFloating(get(input, "min")) ?? 0;
        const high = Math.max(realm.parseFloating(get(input, "max")) ?? 100, low);
        if (!isFloating(text)) return `${low + (high - low) / 2}`;
        const number = +text;
        return number < low ? `${low}` : number > high ? `${high}` : text;
      }
      case "color":
        return /^#[0-9a-fA-F]{6}$/.test(text) ? text.toLowerCase() : "#000000";
      default:
        return text;
    }
  };
  realm.sanitizeInput = sanitize;
  const valueOf = (input) => {
    const slots = state(input);
    return sanitize(input, slots.dirtyValue ? slots.value : (get(input, "value") ?? ""));
  };
  const setValue = (input, text) => {
    switch (modeOf(input)) {
      case "value": {
        const slots = state(input);
        const old = valueOf(input);
        slots.value = sanitize(input, text);
        slots.dirtyValue = true;
        if (old !== slots.value) slots.selection = { start: slots.value.length, end: slots.value.length, direction: "none" };
        break;
      }
      case "filename":
        if (text !== "") throw new realm.DOMException("A file input's value can only be emptied", "InvalidStateError");
        state(input).files = [];
        break;
      default:
        realm.setAttribute(nodeId(input), "value", text);
    }
  };
  // What a user's typing or script's `value` gives; also for the entry list of a form.
  realm.inputValue = (input) => {
    switch (modeOf(input)) {
      case "value":
        return valueOf(input);
      case "on":
        return get(input, "value") ?? "on";
      case "filename": {
        const files = state(input).files ?? [];
        return files.length === 0 ? "" : `C:\\fakepath\\${files[0].name}`;
      }
      default:
        return get(input, "value") ?? "";
    }
  };

  const isChecked = (input) => {
    const slots = state(input);
    return slots.dirtyChecked ? slots.checked : has(input, "checked");
  };
  // <https://html.spec.whatwg.org/multipage/input.html#radio-button-group>
  const group = (input) => {
    const name = get(input, "name");
    if (input.type !== "radio" || name === null || name === "") return [];
    const id = nodeId(input);
    const form = ops.op_element_form(id);
    const root = ops.op_node_root(id);
    const ids = ops.op_elements_by_tag_name(root, "input");
    return ids
      .filter((other) => other !== id && ops.op_element_get_attribute(other, "name") === name && ops.op_element_form(other) === form)
      .map(realm.wrapNode)
      .filter((other) => other.type === "radio");
  };
  realm.radioGroup = group;
  const setChecked = (input, checked) => {
    const slots = state(input);
    slots.checked = checked;
    slots.dirtyChecked = true;
    if (checked) {
      for (const other of group(input)) {
        state(other).checked = false;
        state(other).dirtyChecked = true;
      }
    }
  };
  realm.setChecked = setChecked;

  // Numbers behind date and number values. <https://html.spec.whatwg.org/multipage/input.html#concept-input-value-string-number>
  const milliseconds = (text) => Date.parse(`${text}Z`);
  const toNumber = (type, text) => {
    if (text === "") return NaN;
    switch (type) {
      case "number":
      case "range":
        return +text;
      case "date":
        return Date.parse(text);
      case "datetime-local":
        return milliseconds(text);
      case "time":
        return milliseconds(`1970-01-01T${text}`);
      case "month":
        return (+text.slice(0, -3) - 1970) * 12 + +text.slice(-2) - 1;
      default:
        return NaN;
    }
  };
  realm.inputNumber = toNumber;
  const fromNumber = (type, number) => {
    const iso = () => new Date(number).toISOString();
    switch (type) {
      case "date":
        return iso().slice(0, 10);
      case "datetime-local":
        return iso().slice(0, -1).replace(/(:00)?\.000$/, "");
      case "time":
        return iso().slice(11, -1).replace(/(:00)?\.000$/, "");
      case "month": {
        const month = ((number % 12) + 12) % 12;
        return `${String(1970 + Math.floor(number / 12)).padStart(4, "0")}-${String(month + 1).padStart(2, "0")}`;
      }
      default:
        return `${number}`;
    }
  };
  const { String } = realm.global;
  const numeric = ["number", "range", "date", "datetime-local", "time", "month"];

  // Selection. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#textFieldSelection>
  const selectable = (control) => control.type === "textarea" || ["text", "search", "url", "tel", "password"].includes(control.type);
  const selectionOf = (control) => (state(control).selection ??= { start: 0, end: 0, direction: "none" });
  const refuse = () => new realm.DOMException("This control has no selection", "InvalidStateError");
  const select = (control, start, end, direction) => {
    const length = control.value.length;
    const to = Math.min(end, length);
    const next = { start: Math.min(start, to), end: to, direction: direction === "forward" || direction === "backward" ? direction : "none" };
    const old = selectionOf(control);
    state(control).selection = next;
    if (old.start !== next.start || old.end !== next.end || old.direction !== next.direction) {
      realm.queueTask(() => realm.fire(control, "select", { bubbles: true }));
    }
  };
  const selection = {
    select() {
      nodeId(this);
      if (selectable(this)) select(this, 0, this.value.length, "none");
    },
    get selectionStart() {
      nodeId(this);
      return selectable(this) ? Math.min(selectionOf(this).start, this.value.length) : null;
    },
    set selectionStart(value) {
      nodeId(this);
      if (!selectable(this)) throw refuse();
      const start = value === null ? 0 : webidl.unsignedLong(value);
      select(this, start, Math.max(selectionOf(this).end, start), selectionOf(this).direction);
    },
    get selectionEnd() {
      nodeId(this);
      return selectable(this) ? Math.min(selectionOf(this).end, this.value.length) : null;
    },
    set selectionEnd(value) {
      nodeId(this);
      if (!selectable(this)) throw refuse();
      select(this, selectionOf(this).start, value === null ? 0 : webidl.unsignedLong(value), selectionOf(this).direction);
    },
    get selectionDirection() {
      nodeId(this);
      return selectable(this) ? selectionOf(this).direction : null;
    },
    set selectionDirection(value) {
      nodeId(this);
      if (!selectable(this)) throw refuse();
      select(this, selectionOf(this).start, selectionOf(this).end, value === null ? "none" : DOMString(value));
    },
    setSelectionRange(start, end, direction = "none") {
      webidl.requireArguments(arguments.length, 2, "'setSelectionRange'");
      nodeId(this);
      if (!selectable(this)) throw refuse();
      select(this, start === null ? 0 : webidl.unsignedLong(start), end === null ? 0 : webidl.unsignedLong(end), DOMString(direction));
    },
  };

  // <https://w3c.github.io/FileAPI/#filelist-section>
  const lists = new realm.primordials.WeakMap();
  const filesOf = (list) => {
    const input = lists.get(list);
    if (input === undefined) throw new realm.primordials.TypeError("Illegal invocation");
    return state(input).files ?? [];
  };
  class FileList {
    constructor() {
      throw realm.illegalConstructor("FileList");
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'FileList'");
      return filesOf(this)[webidl.unsignedLong(index)] ?? null;
    }
    get length() {
      return filesOf(this).length;
    }
  }
  realm.expose({ FileList });
  realm.borrowIterable(FileList, []);
  const { Object, Proxy, Reflect } = realm.primordials;
  const fileList = (input) => {
    const at = (key) => (typeof key === "string" && realm.arrayIndex(key) >= 0 ? (state(input).files ?? [])[key] : undefined);
    const list = new Proxy(Object.create(FileList.prototype), {
      get: (target, key, receiver) => at(key) ?? Reflect.get(target, key, receiver),
      has: (target, key) => at(key) !== undefined || Reflect.has(target, key),
      getOwnPropertyDescriptor(target, key) {
        const value = at(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(target, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      ownKeys: (target) => [...(state(input).files ?? []).map((_, i) => `${i}`), ...Reflect.ownKeys(target)],
    });
    lists.set(list, input);
    return list;
  };
  // What a user would choose; for the host.
  realm.chooseFiles = (input, files) => {
    state(input).files = files;
  };

  realm.extend("HTMLInputElement", realm.formOwner);
  realm.extend("HTMLInputElement", realm.labels);
  realm.extend("HTMLInputElement", selection);
  realm.extend("HTMLInputElement", {
    get value() {
      nodeId(this);
      return realm.inputValue(this);
    },
    set value(value) {
      nodeId(this);
      setValue(this, webidl.DOMStringOrEmpty(value));
    },
    get checked() {
      nodeId(this);
      return isChecked(this);
    },
    set checked(value) {
      nodeId(this);
      setChecked(this, !!value);
    },
    get indeterminate() {
      nodeId(this);
      return state(this).indeterminate === true;
    },
    set indeterminate(value) {
      nodeId(this);
      state(this).indeterminate = !!value;
    },
    get valueAsNumber() {
      nodeId(this);
      return toNumber(this.type, this.value);
    },
    set valueAsNumber(value) {
      nodeId(this);
      const number = Number(value);
      if (number === Infinity || number === -Infinity) throw new realm.primordials.TypeError("valueAsNumber: the value is infinite");
      if (!numeric.includes(this.type)) throw new realm.DOMException("This type of input has no number", "InvalidStateError");
      setValue(this, number !== number ? "" : fromNumber(this.type, number));
    },
    get valueAsDate() {
      nodeId(this);
      if (!["date", "month", "week", "time"].includes(this.type)) return null;
      const time = this.type === "month" ? Date.parse(`${this.value}-01`) : toNumber(this.type, this.value);
      return time !== time ? null : new Date(time);
    },
    set valueAsDate(value) {
      nodeId(this);
      if (!["date", "month", "time"].includes(this.type)) throw new realm.DOMException("This type of input has no date", "InvalidStateError");
      if (value === null) setValue(this, "");
      else setValue(this, this.type === "month" ? new Date(+value).toISOString().slice(0, 7) : fromNumber(this.type, +value));
    },
    get files() {
      nodeId(this);
      return this.type === "file" ? realm.sameObject(this, "files list", () => fileList(this)) : null;
    },
    set files(value) {
      nodeId(this);
      if (this.type === "file" && lists.has(value)) state(this).files = [...filesOf(value)];
    },
    get list() {
      const id = nodeId(this);
      const name = ops.op_element_get_attribute(id, "list");
      const found = name === null ? 0 : ops.op_element_by_id(ops.op_node_root(id), name);
      const element = realm.wrapNode(found);
      return element !== null && realm.isHtmlElement(element, "datalist") ? element : null;
    },
  });

  // <https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element>
  const rawText = (area) => (state(area).dirtyValue ? state(area).value : realm.childText(area));
  realm.extend("HTMLTextAreaElement", realm.formOwner);
  realm.extend("HTMLTextAreaElement", realm.labels);
  realm.extend("HTMLTextAreaElement", selection);
  realm.extend("HTMLTextAreaElement", {
    get type() {
      nodeId(this);
      return "textarea";
    },
    get defaultValue() {
      nodeId(this);
      return realm.childText(this);
    },
    set defaultValue(value) {
      mutated(ops.op_node_set_text_content(nodeId(this), DOMString(value)));
    },
    get value() {
      nodeId(this);
      return rawText(this).replace(/\r\n?/g, "\n");
    },
    set value(value) {
      nodeId(this);
      const text = webidl.DOMStringOrEmpty(value);
      const old = this.value;
      const slots = state(this);
      slots.value = text;
      slots.dirtyValue = true;
      const now = this.value;
      if (now !== old) slots.selection = { start: now.length, end: now.length, direction: "none" };
    },
    get textLength() {
      nodeId(this);
      return this.value.length;
    },
  });

  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled>
  const controls = ["button", "input", "select", "textarea", "fieldset"];
  realm.isDisabled = (element) => {
    const id = nodeId(element);
    if (!controls.includes(ops.op_element_local_name(id))) return false;
    return realm.check(ops.op_element_matches(id, ":disabled")) === 1;
  };

  // <https://html.spec.whatwg.org/multipage/input.html#the-input-element:concept-node-clone-ext>
  realm.cloned = (source, clone, deep) => {
    copyState(source, clone);
    if (!deep) return;
    const root = nodeId(source);
    const copyRoot = nodeId(clone);
    let copy = copyRoot;
    for (let id = ops.op_node_following(root, root, false); id !== 0; id = ops.op_node_following(root, id, false)) {
      copy = ops.op_node_following(copyRoot, copy, false);
      // A control without a wrapper has no state but its attributes.
      const known = realm.shared.wrappers[id];
      if (known !== undefined && copy !== 0) copyState(known, () => realm.wrapNode(copy));
    }
  };
  const copyState = (from, to) => {
    if (!realm.isHtmlElement(from, "input") && !realm.isHtmlElement(from, "textarea")) return;
    const { value, dirtyValue, checked, dirtyChecked } = state(from);
    if (!dirtyValue && !dirtyChecked) return;
    realm.primordials.Object.assign(state(typeof to === "function" ? to() : to), { value, dirtyValue, checked, dirtyChecked });
  };
}
