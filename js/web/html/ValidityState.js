// Constraint validation: ValidityState and the members of controls and forms. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constraints>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap, Math } = realm.primordials;
  const { ops, webidl, nodeId, wrapNode } = realm;
  const { RegExp } = realm.global;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);
  const has = (element, name) => ops.op_element_has_attribute(nodeId(element), name);
  const tagOf = (control) => ops.op_element_local_name(nodeId(control));
  const typeOf = (control) => (tagOf(control) === "input" || tagOf(control) === "button" ? control.type : tagOf(control));

  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#barred-from-constraint-validation>
  const willValidate = (control) => {
    const tag = tagOf(control);
    const type = typeOf(control);
    if (!["input", "button", "select", "textarea"].includes(tag)) return false;
    if (realm.isDisabled(control) || ops.op_element_closest(nodeId(control), "datalist") > 0) return false;
    if (type === "hidden" || type === "reset" || (type === "button" && tag !== "select")) return false;
    return !((tag === "input" || tag === "textarea") && has(control, "readonly"));
  };

  const valueMissing = (control) => {
    const type = typeOf(control);
    if (tagOf(control) === "input" && type === "radio") {
      const group = [control, ...realm.radioGroup(control)];
      return group.some((radio) => has(radio, "required")) && !group.some((radio) => radio.checked);
    }
    // Only what a user could change can miss a value.
    if (!has(control, "required") || has(control, "readonly") || realm.isDisabled(control)) return false;
    switch (tagOf(control)) {
      case "select": {
        // A placeholder label option, or nothing, is no choice.
        const first = control.options[0];
        const isPlaceholder = (option) =>
          option === first && option.value === "" && !control.multiple && control.size <= 1 && ops.op_node_parent(nodeId(option)) === nodeId(control);
        return realm.selectedOptions(control).every(isPlaceholder);
      }
      case "textarea":
        return control.value === "";
      case "input":
        if (type === "checkbox") return !control.checked;
        return !["range", "color", "submit", "image", "reset", "button", "hidden"].includes(type) && control.value === "";
      default:
        return false;
    }
  };
  const email = /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/;
  const typeMismatch = (control) => {
    if (tagOf(control) !== "input" || control.value === "") return false;
    if (control.type === "url") return ops.op_url_parse(control.value, "") === null;
    if (control.type !== "email") return false;
    const values = has(control, "multiple") ? control.value.split(",") : [control.value];
    return !values.every((value) => email.test(value));
  };
  const patternMismatch = (control) => {
    if (tagOf(control) !== "input" || !["text", "search", "url", "tel", "email", "password"].includes(control.type)) return false;
    const pattern = get(control, "pattern");
    if (pattern === null || control.value === "") return false;
    let expression;
    try {
      // By itself first: it must not close the group around it.
      new RegExp(pattern, "v");
      expression = new RegExp(`^(?:${pattern})$`, "v");
    } catch {
      return false;
    }
    const values = control.type === "email" && has(control, "multiple") ? control.value.split(",") : [control.value];
    return !values.every((value) => expression.test(value));
  };
  const steps = { __proto__: null, number: [1, 1], range: [1, 1], date: [1, 86400000], "datetime-local": [60, 1000], time: [60, 1000], month: [1, 1] };
  const bounds = (control) => {
    if (tagOf(control) !== "input" || steps[control.type] === undefined) return null;
    const number = (text) => (text === null ? NaN : realm.inputNumber(control.type, control.type === "range" ? text : realm.sanitizeInput(control, text)));
    return { value: number(control.value), low: number(get(control, "min")), high: number(get(control, "max")) };
  };
  const stepMismatch = (control) => {
    const limits = bounds(control);
    if (limits === null || limits.value !== limits.value) return false;
    const text = get(control, "step");
    if (text !== null && text.toLowerCase() === "any") return false;
    const [standard, scale] = steps[control.type];
    const given = realm.parseFloating(text);
    const step = (given !== null && given > 0 ? given : standard) * scale;
    const initial = realm.inputNumber(control.type, get(control, "value") ?? "");
    const base = limits.low === limits.low ? limits.low : initial === initial ? initial : 0;
    const count = (limits.value - base) / step;
    // Decimal steps are not exact in binary.
    return Math.abs(count - Math.round(count)) > 1e-9 * Math.max(1, Math.abs(count));
  };
  const customMessage = (control) => realm.slots(control).customValidity ?? "";
  // By name, in the order in which a message is chosen. What only a user's typing can cause (tooLong, tooShort, badInput) never arises.
  const flaws = {
    valueMissing,
    typeMismatch,
    patternMismatch,
    tooLong: () => false,
    tooShort: () => false,
    rangeUnderflow: (control) => {
      const limits = bounds(control);
      return limits !== null && limits.value < limits.low;
    },
    rangeOverflow: (control) => {
      const limits = bounds(control);
      return limits !== null && limits.value > limits.high;
    },
    stepMismatch,
    badInput: () => false,
    customError: (control) => customMessage(control) !== "",
  };
  const names = Object.keys(flaws);
  const isValid = (control) => names.every((name) => !flaws[name](control));

  const controls = new WeakMap();
  class ValidityState {
    constructor() {
      throw realm.illegalConstructor("ValidityState");
    }
    get valid() {
      return isValid(controlOf(this));
    }
  }
  const controlOf = (state) => {
    const control = controls.get(state);
    if (control === undefined) throw new TypeError("Illegal invocation");
    return control;
  };
  for (const name of names) {
    Object.defineProperty(ValidityState.prototype, name, {
      get() {
        return flaws[name](controlOf(this));
      },
      enumerable: true,
      configurable: true,
    });
  }
  realm.expose({ ValidityState });

  const messages = {
    __proto__: null,
    valueMissing: "Please fill out this field.",
    typeMismatch: "Please enter a valid value.",
    patternMismatch: "Please match the requested format.",
    rangeUnderflow: "The value is too small.",
    rangeOverflow: "The value is too large.",
    stepMismatch: "Please enter a valid value: it is between two steps.",
  };
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#check-validity-steps>
  const check = (control) => {
    if (!willValidate(control) || isValid(control)) return true;
    realm.fire(control, "invalid", { cancelable: true });
    return false;
  };
  const members = {
    get willValidate() {
      nodeId(this);
      return willValidate(this);
    },
    get validity() {
      nodeId(this);
      return realm.sameObject(this, "validity", () => {
        const state = Object.create(ValidityState.prototype);
        controls.set(state, this);
        return state;
      });
    },
    get validationMessage() {
      nodeId(this);
      if (!willValidate(this)) return "";
      if (customMessage(this) !== "") return customMessage(this);
      return messages[names.find((name) => flaws[name](this))] ?? "";
    },
    checkValidity() {
      nodeId(this);
      return check(this);
    },
    reportValidity() {
      nodeId(this);
      return check(this);
    },
    setCustomValidity(error) {
      webidl.requireArguments(arguments.length, 1, "'setCustomValidity'");
      nodeId(this);
      realm.slots(this).customValidity = webidl.DOMString(error);
    },
  };
  for (const name of ["HTMLInputElement", "HTMLButtonElement", "HTMLSelectElement", "HTMLTextAreaElement", "HTMLFieldSetElement", "HTMLOutputElement", "HTMLObjectElement"]) {
    realm.extend(name, members);
  }
  // All are asked, so that each hears of its flaw. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#statically-validate-the-constraints>
  realm.checkForm = (form) =>
    ops
      .op_elements_of_kind(nodeId(form), "elements")
      .map(wrapNode)
      .filter((control) => willValidate(control) && !isValid(control))
      .map((control) => realm.fire(control, "invalid", { cancelable: true })).length === 0;
  realm.extend("HTMLFormElement", {
    checkValidity() {
      nodeId(this);
      return realm.checkForm(this);
    },
    reportValidity() {
      nodeId(this);
      return realm.checkForm(this);
    },
  });
}
