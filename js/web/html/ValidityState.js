// Constraint validation: ValidityState and the members of controls and forms. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constraints>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { ops, webidl, nodeId, wrapNode } = realm;
  const { RegExp } = realm.global;
  const patterned = ["text", "search", "url", "tel", "email", "password"];
  // The pattern is JavaScript's: what it says of the value is told to Rust, which sees to the rest.
  // <https://html.spec.whatwg.org/multipage/input.html#attr-input-pattern>
  const judge = (id) => {
    const pattern = ops.op_element_get_attribute_ns(id, "", "pattern");
    if (pattern === null || ops.op_element_local_name(id) !== "input") return;
    const type = realm.inputType(id);
    const value = ops.op_control_value(id);
    if (!patterned.includes(type)) return;
    let expression;
    try {
      // By itself first: it must not close the group around it.
      new RegExp(pattern, "v");
      expression = new RegExp(`^(?:${pattern})$`, "v");
    } catch {
      ops.op_control_set_pattern_verdict(id, false);
      return;
    }
    const values = type === "email" && ops.op_element_has_attribute(id, "multiple") ? value.split(",") : [value];
    ops.op_control_set_pattern_verdict(id, !values.every((one) => RegExpTest(expression, one)));
  };
  const RegExpTest = realm.global.Function.prototype.call.bind(RegExp.prototype.test);
  realm.judgePattern = judge;
  const flawsOf = (id) => {
    judge(id);
    return ops.op_control_flaws(id);
  };
  const willValidate = (control) => ops.op_control_will_validate(nodeId(control));
  // The names of dom's bits. What only a user's typing can cause (tooLong, tooShort, badInput) never arises.
  const bits = {
    __proto__: null,
    valueMissing: 1,
    typeMismatch: 2,
    patternMismatch: 4,
    tooLong: 0,
    tooShort: 0,
    rangeUnderflow: 8,
    rangeOverflow: 16,
    stepMismatch: 32,
    badInput: 0,
    customError: 64,
  };
  const names = Object.keys(bits);
  const isValid = (control) => flawsOf(nodeId(control)) === 0;

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
        return (flawsOf(nodeId(controlOf(this))) & bits[name]) !== 0;
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
      const id = nodeId(this);
      const custom = ops.op_control_custom_validity(id);
      if (custom !== "") return custom;
      const flaws = flawsOf(id);
      return messages[names.find((name) => (flaws & bits[name]) !== 0)] ?? "";
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
      ops.op_control_set_custom_validity(nodeId(this), webidl.DOMString(error));
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
