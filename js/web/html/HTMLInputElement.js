// HTMLInputElement and HTMLTextAreaElement: values, checkedness, selection. Their state is in Rust (dom's controls).
// <https://html.spec.whatwg.org/multipage/input.html>
(realm) => {
  "use strict";
  const { Number, Date } = realm.primordials;
  const { ops, webidl, nodeId, mutated } = realm;
  const { DOMString } = webidl;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);
  const typeOf = (id) => {
    const value = ops.op_element_get_attribute_ns(id, "", "type");
    const lower = value === null ? "text" : realm.asciiLower(value);
    return types.has(lower) ? lower : "text";
  };
  const types = new realm.primordials.Set(
    (
      "hidden text search tel url email password date month week time datetime-local number range color checkbox radio file submit image " +
      "reset button"
    ).split(" "),
  );
  realm.inputType = typeOf;
  const state = realm.slots;
  const setValue = (input, text) => {
    const id = nodeId(input);
    mutated(ops.op_control_set_value(id, text));
    if (typeOf(id) === "file" && text === "") {
      state(input).files = [];
      state(input)["files list"] = undefined;
    }
    realm.judgePattern(id);
  };

  const numeric = ["number", "range", "date", "datetime-local", "time", "month", "week"];
  const dates = ["date", "month", "week", "time"];
  // Months count from 1970; their dates are their first days.
  const monthDate = (number) => Date.UTC(1970 + realm.primordials.Math.floor(number / 12), ((number % 12) + 12) % 12, 1);
  const numberText = (type, number) => (type === "number" || type === "range" ? `${number}` : ops.op_control_number_text(type, number));
  // <https://html.spec.whatwg.org/multipage/input.html#dom-input-stepup>
  const stepBy = (input, count, up) => {
    const id = nodeId(input);
    const type = typeOf(id);
    // 1, 2. Only where there is a step.
    if (!numeric.includes(type)) throw new realm.DOMException("This type of input has no step", "InvalidStateError");
    const step = ops.op_control_step(id, 0);
    if (step !== step) throw new realm.DOMException("Any step is allowed, so there is none", "InvalidStateError");
    const base = ops.op_control_step(id, 1);
    const low = ops.op_control_limit(id, 0);
    const high = ops.op_control_limit(id, 1);
    const { Math } = realm.primordials;
    // 3, 4. Nothing to step in.
    if (low > high) return;
    const lowest = low === low ? base + Math.ceil((low - base) / step - 1e-9) * step : NaN;
    const highest = high === high ? base + Math.floor((high - base) / step + 1e-9) * step : NaN;
    if (lowest > highest) return;
    // 5, 6. The number.
    const given = ops.op_control_number(type, ops.op_control_value(id));
    let value = given === given ? given : 0;
    const before = value;
    // 7. Onto a step, or by steps.
    const steps = (value - base) / step;
    const nearest = Math.round(steps);
    if (Math.abs(steps - nearest) > 1e-9 * Math.max(1, Math.abs(steps))) {
      value = base + (up === count > 0 ? Math.ceil(steps) : Math.floor(steps)) * step;
    } else {
      // Decimal steps are not exact in binary: ten digits are enough for both.
      value = Number((base + (nearest + (up ? count : -count)) * step).toPrecision(15));
    }
    // 8, 9. Within the limits.
    if (value < lowest) value = lowest;
    if (value > highest) value = highest;
    // 10. Not against the direction.
    if ((up === count > 0 && value < before) || (up !== count > 0 && value > before)) return;
    // 11, 12.
    const text = numberText(type, value);
    if (text !== null) setValue(input, text);
  };

  // Selection. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#textFieldSelection>
  const selectables = ["text", "search", "url", "tel", "password"];
  const isArea = (id) => ops.op_element_local_name(id) === "textarea";
  const selectable = (id) => isArea(id) || selectables.includes(typeOf(id));
  const directions = ["none", "forward", "backward"];
  const directionNumber = (text) => (text === "forward" ? 1 : text === "backward" ? 2 : 0);
  const refuse = () => new realm.DOMException("This control has no selection", "InvalidStateError");
  const selected = (control) => {
    const slots = state(control);
    // One event for the changes of a task.
    if (slots.selectQueued) return;
    slots.selectQueued = true;
    realm.queueTask(() => {
      slots.selectQueued = false;
      realm.fire(control, "select", { bubbles: true });
    });
  };
  const select = (control, start, end, direction) => {
    if (!ops.op_control_set_selection(nodeId(control), start, end, direction)) return;
    selected(control);
    realm.scheduleSelectionChange(control);
  };
  const start = (id) => ops.op_control_selection(id, 0);
  const end = (id) => ops.op_control_selection(id, 1);
  const direction = (id) => ops.op_control_selection(id, 2);
  const modes = ["select", "start", "end", "preserve"];
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#dom-textarea/input-setrangetext>
  const setRangeText = (control, text, from, to, mode) => {
    const id = nodeId(control);
    const value = ops.op_control_value(id);
    const { Math } = realm.primordials;
    // 5, 6. Within the value.
    const first = Math.min(from, value.length);
    const last = Math.min(to, value.length);
    // 7, 8. The selection as it is.
    let selectionStart = start(id);
    let selectionEnd = end(id);
    const [oldStart, oldEnd] = [selectionStart, selectionEnd];
    // 9, 10. Replace.
    mutated(ops.op_control_set_value(id, value.slice(0, first) + text + value.slice(last)));
    realm.judgePattern(id);
    // 11 to 13. The selection as it is to be.
    const newEnd = first + text.length;
    switch (mode) {
      case "select":
        selectionStart = first;
        selectionEnd = newEnd;
        break;
      case "start":
        selectionStart = selectionEnd = first;
        break;
      case "end":
        selectionStart = selectionEnd = newEnd;
        break;
      default: {
        const delta = text.length - (last - first);
        if (selectionStart > last) selectionStart += delta;
        else if (selectionStart > first) selectionStart = first;
        if (selectionEnd > last) selectionEnd += delta;
        else if (selectionEnd > first) selectionEnd = newEnd;
      }
    }
    if (ops.op_control_set_selection(id, selectionStart, selectionEnd, 0)) selected(control);
    if (start(id) !== oldStart || end(id) !== oldEnd) realm.scheduleSelectionChange(control);
  };
  const selection = {
    select() {
      const id = nodeId(this);
      // A control without a selection selects nothing, and is not the worse for it.
      if (selectable(id)) select(this, 0, 0xffffffff, 0);
    },
    get selectionStart() {
      const id = nodeId(this);
      return selectable(id) ? start(id) : null;
    },
    set selectionStart(value) {
      const id = nodeId(this);
      const to = value === null ? 0 : webidl.unsignedLong(value);
      if (!selectable(id)) throw refuse();
      select(this, to, realm.primordials.Math.max(end(id), to), direction(id));
    },
    get selectionEnd() {
      const id = nodeId(this);
      return selectable(id) ? end(id) : null;
    },
    set selectionEnd(value) {
      const id = nodeId(this);
      const to = value === null ? 0 : webidl.unsignedLong(value);
      if (!selectable(id)) throw refuse();
      select(this, start(id), to, direction(id));
    },
    get selectionDirection() {
      const id = nodeId(this);
      return selectable(id) ? directions[direction(id)] : null;
    },
    set selectionDirection(value) {
      const id = nodeId(this);
      const text = value === null ? "none" : DOMString(value);
      if (!selectable(id)) throw refuse();
      select(this, start(id), end(id), directionNumber(text));
    },
    setRangeText(replacement) {
      webidl.requireArguments(arguments.length, 1, "'setRangeText'");
      const id = nodeId(this);
      const text = DOMString(replacement);
      if (arguments.length === 1) {
        if (!selectable(id)) throw refuse();
        setRangeText(this, text, start(id), end(id), "preserve");
        return;
      }
      webidl.requireArguments(arguments.length, 3, "'setRangeText'");
      const from = webidl.unsignedLong(arguments[1]);
      const to = webidl.unsignedLong(arguments[2]);
      const mode = arguments[3] === undefined ? "preserve" : DOMString(arguments[3]);
      if (!modes.includes(mode)) throw new realm.primordials.TypeError(`'${mode}' is no SelectionMode`);
      if (!selectable(id)) throw refuse();
      if (from > to) throw new realm.DOMException("The range ends before it starts", "IndexSizeError");
      setRangeText(this, text, from, to, mode);
    },
    setSelectionRange(from, to, direction = undefined) {
      webidl.requireArguments(arguments.length, 2, "'setSelectionRange'");
      const id = nodeId(this);
      const first = from === null ? 0 : webidl.unsignedLong(from);
      const last = to === null ? 0 : webidl.unsignedLong(to);
      const text = direction === undefined ? "none" : DOMString(direction);
      if (!selectable(id)) throw refuse();
      select(this, first, last, directionNumber(text));
    },
  };

  // <https://w3c.github.io/FileAPI/#filelist-section>
  const lists = new realm.primordials.WeakMap();
  const filesOf = (list) => {
    const compute = lists.get(list);
    if (compute === undefined) throw new realm.primordials.TypeError("Illegal invocation");
    return compute();
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
  // A list of the files that `compute` gives.
  const fileList = (compute) => {
    const at = (key) => (typeof key === "string" && realm.arrayIndex(key) >= 0 ? compute()[key] : undefined);
    const list = new Proxy(Object.create(FileList.prototype), {
      get: (target, key, receiver) => at(key) ?? Reflect.get(target, key, receiver),
      has: (target, key) => at(key) !== undefined || Reflect.has(target, key),
      getOwnPropertyDescriptor(target, key) {
        const value = at(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(target, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      ownKeys: (target) => [...compute().map((_, i) => `${i}`), ...Reflect.ownKeys(target)],
    });
    lists.set(list, compute);
    return list;
  };
  realm.makeFileList = fileList;
  realm.serializables.FileList = {
    test: (value) => lists.has(value),
    serialize: (list, sub) => {
      const files = realm.bareArray();
      for (const file of filesOf(list)) files[files.length] = sub(file);
      return files;
    },
    deserialize: (files, sub) => {
      const own = [];
      for (let i = 0; i < files.length; i++) own.push(sub(files[i]));
      return fileList(() => own);
    },
  };
  // What a user would choose; for the host.
  realm.chooseFiles = (input, files) => {
    state(input).files = files;
    ops.op_control_set_file(nodeId(input), files.length === 0 ? null : files[0].name);
  };

  realm.extend("HTMLInputElement", realm.formOwner);
  realm.extend("HTMLInputElement", realm.labels);
  realm.extend("HTMLInputElement", selection);
  realm.extend("HTMLInputElement", {
    get value() {
      return ops.op_control_value(nodeId(this));
    },
    set value(value) {
      nodeId(this);
      setValue(this, webidl.DOMStringOrEmpty(value));
    },
    get checked() {
      return ops.op_control_is_checked(nodeId(this));
    },
    set checked(value) {
      ops.op_control_set_checked(nodeId(this), !!value);
    },
    get indeterminate() {
      return ops.op_control_is_indeterminate(nodeId(this));
    },
    set indeterminate(value) {
      ops.op_control_set_indeterminate(nodeId(this), !!value);
    },
    // <https://html.spec.whatwg.org/multipage/input.html#dom-input-valueasnumber>
    get valueAsNumber() {
      const id = nodeId(this);
      return ops.op_control_number(typeOf(id), ops.op_control_value(id));
    },
    set valueAsNumber(value) {
      const type = typeOf(nodeId(this));
      const number = Number(value);
      if (number === Infinity || number === -Infinity) throw new realm.primordials.TypeError("valueAsNumber: the value is infinite");
      if (!numeric.includes(type)) throw new realm.DOMException("This type of input has no number", "InvalidStateError");
      setValue(this, number !== number ? "" : (numberText(type, number) ?? ""));
    },
    // <https://html.spec.whatwg.org/multipage/input.html#dom-input-valueasdate>
    get valueAsDate() {
      const id = nodeId(this);
      const type = typeOf(id);
      if (!dates.includes(type)) return null;
      const number = ops.op_control_number(type, ops.op_control_value(id));
      return number !== number ? null : new Date(type === "month" ? monthDate(number) : number);
    },
    set valueAsDate(value) {
      const type = typeOf(nodeId(this));
      let number = NaN;
      if (value !== null && value !== undefined) {
        number = webidl.isObject(value) ? dateTime(value) : null;
        if (number === null) throw new realm.primordials.TypeError("valueAsDate: the value is not a Date");
      }
      if (!dates.includes(type)) throw new realm.DOMException("This type of input has no date", "InvalidStateError");
      if (number !== number) {
        setValue(this, "");
        return;
      }
      const date = new Date(number);
      const given = type === "month" ? (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth() : number;
      setValue(this, ops.op_control_number_text(type, given) ?? "");
    },
    stepUp(n = 1) {
      nodeId(this);
      stepBy(this, webidl.long(n), true);
    },
    stepDown(n = 1) {
      nodeId(this);
      stepBy(this, webidl.long(n), false);
    },
    showPicker() {
      nodeId(this);
      throw new realm.DOMException("There is nobody to show a picker to", "NotSupportedError");
    },
    get files() {
      const id = nodeId(this);
      return typeOf(id) === "file" ? realm.sameObject(this, "files list", () => fileList(() => state(this).files ?? [])) : null;
    },
    set files(value) {
      const id = nodeId(this);
      if (typeOf(id) !== "file" || value === null || value === undefined) return;
      realm.chooseFiles(this, [...filesOf(value)]);
      // The list itself is the input's from now on.
      state(this)["files list"] = value;
    },
    get list() {
      const id = nodeId(this);
      const name = get(this, "list");
      if (name === null || name === "" || unlisted.includes(typeOf(id))) return null;
      const found = realm.wrapNode(ops.op_element_by_id(ops.op_node_root(id), name));
      return found !== null && realm.isHtmlElement(found, "datalist") ? found : null;
    },
  });
  const unlisted = ["hidden", "password", "checkbox", "radio", "file", "submit", "image", "reset", "button"];
  // The time value of a Date of any window; null if it is none.
  const getTime = realm.global.Function.prototype.call.bind(Date.prototype.getTime);
  const dateTime = (value) => {
    try {
      return getTime(value);
    } catch {
      return null;
    }
  };
  realm.arity(realm.HTMLInputElement.prototype, { setSelectionRange: 2 });

  // <https://html.spec.whatwg.org/multipage/form-elements.html#the-textarea-element>
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
      return ops.op_control_value(nodeId(this));
    },
    set value(value) {
      mutated(ops.op_control_set_value(nodeId(this), webidl.DOMStringOrEmpty(value)));
    },
    get textLength() {
      return ops.op_control_value(nodeId(this)).length;
    },
  });

  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#autofill-processing-model>
  const normal = new realm.primordials.Set(
    (
      "name honorific-prefix given-name additional-name family-name honorific-suffix nickname organization-title username new-password " +
      "current-password one-time-code organization street-address address-line1 address-line2 address-line3 address-level4 address-level3 " +
      "address-level2 address-level1 country country-name postal-code cc-name cc-given-name cc-additional-name cc-family-name cc-number " +
      "cc-exp cc-exp-month cc-exp-year cc-csc cc-type transaction-currency transaction-amount language bday bday-day bday-month bday-year " +
      "sex url photo"
    ).split(" "),
  );
  const contact = new realm.primordials.Set(
    "tel tel-country-code tel-national tel-area-code tel-local tel-local-prefix tel-local-suffix tel-extension email impp".split(" "),
  );
  const places = ["home", "work", "mobile", "fax", "pager"];
  const autofill = (control) => {
    const value = get(control, "autocomplete");
    // 2, 3. Nothing is said.
    if (value === null) return "";
    const tokens = realm.asciiLower(value)
      .split(/[\t\n\f\r ]+/)
      .filter((token) => token !== "");
    if (tokens.length === 0) return "";
    // 4 to 6. The field, and what it allows before it. `webauthn` stands last, after another.
    const all = tokens.join(" ");
    const isCredential = tokens.length > 1 && tokens[tokens.length - 1] === "webauthn";
    if (isCredential) tokens.pop();
    const field = tokens.pop();
    const isHidden = ops.op_element_local_name(nodeId(control)) === "input" && typeOf(nodeId(control)) === "hidden";
    if (field === "on" || field === "off") return tokens.length === 0 && !isCredential && !isHidden ? field : "";
    const isContact = contact.has(field);
    if (!isContact && !normal.has(field)) return "";
    // 12 to 23. Where, for whom, and which section.
    if (isContact && places.includes(tokens[tokens.length - 1])) tokens.pop();
    if (tokens[tokens.length - 1] === "shipping" || tokens[tokens.length - 1] === "billing") tokens.pop();
    if (tokens.length === 1 && tokens[0].startsWith("section-")) tokens.pop();
    // 24. Anything else is a mistake.
    return tokens.length === 0 ? all : "";
  };
  for (const name of ["HTMLInputElement", "HTMLSelectElement", "HTMLTextAreaElement"]) {
    realm.extend(name, {
      get autocomplete() {
        nodeId(this);
        return autofill(this);
      },
      set autocomplete(value) {
        realm.setAttribute(nodeId(this), "autocomplete", DOMString(value));
      },
    });
  }

  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-fe-disabled>
  realm.isDisabled = (element) => ops.op_control_is_disabled(nodeId(element));
}
