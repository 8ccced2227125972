// ElementInternals and CustomStateSet. <https://html.spec.whatwg.org/multipage/custom-elements.html#element-internals>
(realm) => {
  "use strict";
  const { Object, TypeError, Set, Symbol, Array, defineProperty } = realm.primordials;
  const { ops, shared, webidl, nodeId, wrapNode, slots } = realm;
  const { DOMString } = webidl;

  // [flag of ValidityStateFlags, ...] in the order of ValidityState; the first bits are the tree's, see dom/src/controls/validity.rs.
  const flagNames = ["valueMissing", "typeMismatch", "patternMismatch", "tooLong", "tooShort", "rangeUnderflow", "rangeOverflow"];
  flagNames.push("stepMismatch", "badInput", "customError");
  const notSupported = (message) => new realm.DOMException(message, "NotSupportedError");

  // The state of internals: { target, validity, message, anchor, value, states, aria }.
  const stateOf = (value) => {
    const state = shared.Stamp.has(value) ? slots(value).internals : undefined;
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };
  // For members that only a form-associated custom element's internals have.
  const formState = (value) => {
    const state = stateOf(value);
    // NOTE: it may be under construction, when the tree does not know it yet.
    const definition = realm.definitionOf(state.target) ?? realm.definitionByName(state.target);
    if (definition?.formAssociated !== true) throw notSupported("The element is not a form-associated custom element");
    return state;
  };
  const isValid = (state) => Object.keys(state.flags).length === 0;
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#candidate-for-constraint-validation>
  const willValidate = (state) => {
    const { target } = state;
    const id = nodeId(target);
    return !ops.op_custom_is_disabled(id) && !ops.op_element_has_attribute(id, "readonly") && ops.op_element_closest(id, "datalist") <= 0;
  };
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#check-validity-steps>
  const checkValidity = (state) => {
    if (!willValidate(state) || isValid(state)) return true;
    realm.fire(state.target, "invalid", { cancelable: true });
    return false;
  };
  // A ValidityState whose flags are those that script has set.
  const validityOf = (state) => {
    const validity = Object.create(realm.ValidityState.prototype);
    for (const name of flagNames) defineProperty(validity, name, { get: () => state.flags[name] === true });
    defineProperty(validity, "valid", { get: () => isValid(state) });
    return validity;
  };
  // A value for a form: a File, a string, the entries of a FormData, or null.
  const formValue = (value) => {
    if (value === null || value === undefined) return null;
    if (realm.FormData.prototype.isPrototypeOf(value)) return realm.formDataEntries(value).map((entry) => [...entry]);
    const blob = realm.blobState(value);
    return blob !== undefined && blob.file !== null ? value : webidl.USVString(value);
  };

  class ElementInternals {
    constructor() {
      throw realm.illegalConstructor("ElementInternals");
    }
    get shadowRoot() {
      return wrapNode(ops.op_custom_shadow_root(nodeId(stateOf(this).target), true));
    }
    setFormValue(value, state = undefined) {
      const internals = formState(this);
      webidl.requireArguments(arguments.length, 1, "'setFormValue' on 'ElementInternals'");
      internals.value = formValue(value);
      internals.state = arguments.length < 2 ? internals.value : formValue(state);
    }
    get form() {
      return wrapNode(ops.op_element_form(nodeId(formState(this).target)));
    }
    // <https://html.spec.whatwg.org/multipage/custom-elements.html#dom-elementinternals-setvalidity>
    setValidity(flags = undefined, message = undefined, anchor = undefined) {
      const state = formState(this);
      const given = webidl.dictionary(flags, "setValidity");
      const set = { __proto__: null };
      // Members of a dictionary are read in the order of their names.
      for (const name of [...flagNames].sort()) if (given[name]) set[name] = true;
      const text = message === undefined ? "" : DOMString(message);
      const id = nodeId(state.target);
      const anchorId = anchor === undefined ? 0 : realm.elementArgument(anchor, "setValidity");
      const flawed = Object.keys(set).length > 0;
      // 3. A flaw needs a message.
      if (flawed && text === "") throw new TypeError("Failed to execute 'setValidity' on 'ElementInternals': a message is needed");
      // 4-6. The flags and the message.
      state.flags = set;
      state.message = flawed ? text : "";
      ops.op_custom_set_flawed(id, flawed);
      // 7, 8. The anchor is inside.
      if (anchorId !== 0 && !ops.op_custom_is_shadow_including_descendant(id, anchorId)) {
        throw new realm.DOMException("The anchor is not inside the element", "NotFoundError");
      }
      // 9.
      state.anchor = anchor ?? null;
    }
    get willValidate() {
      return willValidate(formState(this));
    }
    get validity() {
      const state = formState(this);
      return (state.validity ??= validityOf(state));
    }
    get validationMessage() {
      return formState(this).message;
    }
    checkValidity() {
      return checkValidity(formState(this));
    }
    reportValidity() {
      return checkValidity(formState(this));
    }
    get labels() {
      const { target } = formState(this);
      return Object.getOwnPropertyDescriptor(realm.labels, "labels").get.call(target);
    }
    get states() {
      const state = stateOf(this);
      return (state.states ??= makeStates(nodeId(state.target)));
    }
  }
  realm.expose({ ElementInternals });

  // ARIAMixin: the default semantics of the element, without attributes. <https://w3c.github.io/aria/#ARIAMixin>
  const descriptorsOf = Object.getOwnPropertyDescriptors(realm.Element.prototype);
  const ariaAccessor = (name, convert) => {
    const accessors = {
      get [name]() {
        return stateOf(this).aria[name] ?? null;
      },
      set [name](value) {
        const { aria } = stateOf(this);
        aria[name] = value === null || value === undefined ? null : convert(value);
      },
    };
    defineProperty(ElementInternals.prototype, name, { ...Object.getOwnPropertyDescriptor(accessors, name), enumerable: true });
  };
  for (const name of Object.keys(descriptorsOf)) if (name === "role" || /^aria[A-Z](?!.*Elements?$)/.test(name)) ariaAccessor(name, DOMString);
  const oneElement = (value) => {
    realm.elementArgument(value, "ElementInternals");
    return value;
  };
  for (const name of ["ariaActiveDescendantElement", "ariaErrorMessageElement"]) ariaAccessor(name, oneElement);
  for (const name of ["Controls", "DescribedBy", "Details", "FlowTo", "LabelledBy", "Owns"]) {
    ariaAccessor(`aria${name}Elements`, (value) => Object.freeze(webidl.sequence(value, oneElement, `aria${name}Elements`)));
  }
  // From the first drafts of ARIA reflection, as browsers had it for one element.
  ariaAccessor("ariaErrorMessageElements", (value) => Object.freeze(webidl.sequence(value, oneElement, "ariaErrorMessageElements")));

  // CustomStateSet: a setlike of strings that `:state()` looks at. <https://html.spec.whatwg.org/multipage/custom-elements.html#customstateset>
  const setOf = (value) => {
    const state = shared.Stamp.has(value) ? slots(value).stateSet : undefined;
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };
  class CustomStateSet {
    constructor() {
      throw realm.illegalConstructor("CustomStateSet");
    }
    get size() {
      return setOf(this).set.size;
    }
    add(value) {
      const { set, id } = setOf(this);
      webidl.requireArguments(arguments.length, 1, "'add' on 'CustomStateSet'");
      const name = DOMString(value);
      set.add(name);
      ops.op_custom_set_state_name(id, name, true);
      return this;
    }
    has(value) {
      webidl.requireArguments(arguments.length, 1, "'has' on 'CustomStateSet'");
      return setOf(this).set.has(DOMString(value));
    }
    delete(value) {
      const { set, id } = setOf(this);
      webidl.requireArguments(arguments.length, 1, "'delete' on 'CustomStateSet'");
      const name = DOMString(value);
      ops.op_custom_set_state_name(id, name, false);
      return set.delete(name);
    }
    clear() {
      const { set, id } = setOf(this);
      for (const name of set) ops.op_custom_set_state_name(id, name, false);
      set.clear();
    }
    values() {
      return setOf(this).set.values();
    }
    entries() {
      return setOf(this).set.entries();
    }
    forEach(callback, thisArg = undefined) {
      const { set } = setOf(this);
      webidl.requireArguments(arguments.length, 1, "'forEach' on 'CustomStateSet'");
      const call = webidl.callbackFunction(callback, "forEach");
      for (const value of set) realm.primordials.Reflect.apply(call, thisArg, [value, value, this]);
    }
  }
  realm.expose({ CustomStateSet });
  defineProperty(CustomStateSet.prototype, "keys", { value: CustomStateSet.prototype.values, writable: true, enumerable: true, configurable: true });
  defineProperty(CustomStateSet.prototype, Symbol.iterator, { value: CustomStateSet.prototype.values, writable: true, configurable: true });
  const makeStates = (id) => {
    const states = Object.create(CustomStateSet.prototype);
    new shared.Stamp(states, 0, 0);
    slots(states).stateSet = { id, set: new Set() };
    return states;
  };

  // <https://html.spec.whatwg.org/multipage/custom-elements.html#dom-attachinternals>
  const UNDEFINED_OR_FAILED = 3;
  realm.attachInternals = (element) => {
    const id = nodeId(element);
    // 1. Customized built-in elements have none.
    if (ops.op_custom_is_value(id) !== null) throw notSupported("A customized built-in element has no internals");
    // 2, 3. It is defined.
    const definition = realm.definitionByName(element);
    if (definition === null || definition === undefined) throw notSupported("Only custom elements have internals");
    // 4. Its definition allows them.
    if (definition.disableInternals) throw notSupported("The definition forbids internals");
    const own = slots(element);
    // 5. Once.
    if (own.elementInternals !== undefined) throw notSupported("The element has its internals attached already");
    // 6. It is constructed, or is being so.
    if (ops.op_custom_state(id) < UNDEFINED_OR_FAILED) throw notSupported("The element is not constructed");
    // 7, 8.
    const internals = Object.create(ElementInternals.prototype);
    new shared.Stamp(internals, 0, 0);
    slots(internals).internals = { target: element, flags: { __proto__: null }, message: "", anchor: null, value: null, state: null, aria: { __proto__: null } };
    own.elementInternals = internals;
    return internals;
  };
  const internalsOf = (element) => (slots(element).elementInternals === undefined ? null : slots(slots(element).elementInternals).internals);

  // What forms ask of a form-associated custom element.
  realm.isFormAssociated = (element) => ops.op_custom_is_form_associated(nodeId(element));
  realm.willValidateCustom = (element) => {
    const state = internalsOf(element);
    return state !== null && willValidate(state);
  };
  realm.isValidCustom = (element) => {
    const state = internalsOf(element);
    return state === null || isValid(state);
  };
  // The entries it adds to those of its form: [name, value]. <https://html.spec.whatwg.org/multipage/custom-elements.html#face-entry-construction>
  realm.customEntries = (element) => {
    const { value } = internalsOf(element) ?? { value: null };
    if (value === null) return [];
    // 2. Entries are taken as they are.
    if (Array.isArray(value)) return value.map((entry) => [...entry]);
    // 3-6. A value needs a name.
    const name = ops.op_element_get_attribute(nodeId(element), "name");
    return name === null || name === "" ? [] : [[name, value]];
  };
}
