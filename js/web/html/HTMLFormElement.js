// HTMLFormElement, HTMLButtonElement, HTMLFieldSetElement, HTMLFormControlsCollection. <https://html.spec.whatwg.org/multipage/forms.html>
(realm) => {
  "use strict";
  const { Math, Proxy, Reflect, TypeError } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated, wrapNode, HTMLCollection } = realm;
  const { List } = shared;
  const { DOMString } = webidl;
  // Kinds of op_navigate.
  const PUSH = 0;
  const POST = 3;
  const REPLACE = 16;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);
  const elementIds = (form) => ops.op_elements_of_kind(nodeId(form), "elements");

  // <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#dom-htmlformcontrolscollection-nameditem>
  const namedControls = (ids, name, list) => {
    if (name === "") return null;
    const found = ids.filter((id) => ops.op_named_element(id, name));
    if (found.length === 0) return null;
    if (found.length === 1) return wrapNode(found[0]);
    return realm.sameObject(list, `several ${name}`, () =>
      realm.liveList(realm.RadioNodeList, () => List.ids(list).filter((id) => ops.op_named_element(id, name)), "all"),
    );
  };
  class HTMLFormControlsCollection extends HTMLCollection {
    namedItem(name) {
      webidl.requireArguments(arguments.length, 1, "'namedItem' on 'HTMLFormControlsCollection'");
      return namedControls(realm.listIds(this), DOMString(name), this);
    }
  }
  realm.expose({ HTMLFormControlsCollection });
  realm.namedProperties(HTMLFormControlsCollection, {
    get: (target, name) => namedControls(List.ids(target), name, target),
    names: (target) => realm.listNames(List.ids(target)),
  });
  const elementsOf = (form, kind) => {
    const id = nodeId(form);
    return realm.sameObject(form, "elements", () => realm.collectionOf(id, kind, kind === "elements" ? HTMLFormControlsCollection : HTMLCollection));
  };

  const isSubmit = (control) => {
    const name = ops.op_element_local_name(nodeId(control));
    return (name === "button" && control.type === "submit") || (name === "input" && (control.type === "submit" || control.type === "image"));
  };

  const encodings = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

  // The numbers of the plans to send navigables elsewhere, by the key that chooseNavigable gives.
  const plans = (shared.plannedNavigations ??= new realm.primordials.Map());

  // Whether a frame's sandbox keeps the forms inside from being sent. NOTE: the attribute is read as it is now.
  // <https://html.spec.whatwg.org/multipage/browsers.html#sandboxed-forms-browsing-context-flag>
  const FORMS = 1 << 4;
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#form-submission-algorithm>
  const submit = (form, submitter, byScript) => {
    const id = nodeId(form);
    const own = realm.slots(form);
    const canNavigate = () => ops.op_node_is_connected(id) && realm.homeOf(ops.op_node_document(id)) !== undefined;
    // 1. It must be in a document with a window. 2. Not from inside the construction of its entries.
    if (!canNavigate() || realm.isConstructingEntryList(form)) return;
    // 3., 4. A sandbox may keep it in.
    const home = realm.homeOf(ops.op_node_document(id));
    if (home.isSandboxed(FORMS)) return;
    // 5. submit() asks nobody.
    if (!byScript) {
      // 5.1, 5.2. Not from inside itself.
      if (own.firingSubmission) return;
      own.firingSubmission = true;
      try {
        // 5.3, 5.4. From now on flaws show. One stops it, unless nobody is to look.
        for (const control of elementIds(form)) ops.op_control_set_interacted(control);
        const unchecked = ops.op_element_has_attribute(id, "novalidate") || (submitter !== null && get(submitter, "formnovalidate") !== null);
        if (!unchecked && !realm.checkForm(form)) return;
        // 5.5 to 5.8. Script may stop it.
        if (!realm.fire(form, "submit", { bubbles: true, cancelable: true, interface: "SubmitEvent", init: { submitter } })) return;
      } finally {
        own.firingSubmission = false;
      }
      // 5.9. It may have gone.
      if (!canNavigate()) return;
    }
    // 6. to 9. The entries.
    const encoding = ops.op_form_encoding(id);
    const entries = realm.constructEntryList(form, submitter, encoding);
    if (!canNavigate()) return;
    // 10. to 13. What the submitter says, else the form.
    const from = (attribute, name) => (submitter === null ? null : get(submitter, attribute)) ?? get(form, name) ?? "";
    const method = from("formmethod", "method").toLowerCase();
    if (method === "dialog") {
      // 11. It closes the dialog around it. An image button was clicked nowhere.
      const dialog = wrapNode(realm.check(ops.op_element_closest(id, "dialog")));
      if (dialog === null) return;
      const isImage = submitter !== null && ops.op_element_local_name(nodeId(submitter)) === "input" && submitter.type === "image";
      const result = isImage ? "0,0" : submitter === null ? undefined : (get(submitter, "value") ?? undefined);
      realm.closeDialog(dialog, result);
      return;
    }
    // 14. to 16. Where to.
    const action = from("formaction", "action");
    const url = ops.op_document_resolve(nodeId(submitter ?? form), action === "" ? ops.op_document_url(ops.op_node_document(id)) : action);
    if (url === null) return;
    const scheme = ops.op_url_component(url, "protocol");
    const isHttp = scheme === "http:" || scheme === "https:";
    // 17. to 22. Which navigable.
    const enctype = Math.max(0, encodings.indexOf(from("formenctype", "enctype").toLowerCase()));
    const target = realm.targetOf(form, (submitter === null ? null : get(submitter, "formtarget")) ?? get(form, "target"));
    const navigable = home.chooseNavigable(target, realm.openerRules(get(form, "rel"), target));
    if (navigable === null) return;
    // 23. From a document that is not loaded yet, to its own navigable: in its place.
    const isOwn = navigable.navigable === home.navigable;
    const way = isOwn && !ops.op_window_is_loaded(home.windowId) ? REPLACE : 0;
    // 25. By scheme and method: the entries are the query, or the body, or nothing.
    let plan;
    if (method === "post" && isHttp) {
      plan = () => {
        realm.handOverEntries(entries);
        ops.op_form_body(enctype, encoding);
        navigable.navigate(url, POST | way);
      };
    } else if (method !== "post" && (isHttp || scheme === "data:")) {
      realm.handOverEntries(entries);
      const query = ops.op_url_set_component(url, "search", `?${ops.op_form_query(encoding)}`);
      plan = () => navigable.navigate(query, PUSH | way);
    } else {
      plan = () => navigable.navigate(url, PUSH | way);
    }
    // Plan to navigate. A click takes the place of what the form has planned before; NOTE: as in browsers, what script submits takes the
    // place of a plan for the same navigable only, and a navigation by `location` does so too.
    // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#plan-to-navigate>
    const { key } = navigable;
    if (!byScript && plans.get(own.planKey) === own.plan) plans.delete(own.planKey);
    shared.planCount = (shared.planCount ?? 0) + 1;
    const number = shared.planCount;
    plans.set(key, number);
    own.plan = number;
    own.planKey = key;
    home.queueTask(() => {
      if (plans.get(key) !== number) return;
      plans.delete(key);
      plan();
    });
  };
  realm.submitForm = (form, submitter) => {
    try {
      submit(form, submitter, false);
    } catch (error) {
      realm.reportException(error);
    }
  };
  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset>
  const reset = (form) => {
    const own = realm.slots(form);
    // Not from inside itself.
    if (own.resetting) return;
    own.resetting = true;
    try {
      if (realm.fire(form, "reset", { bubbles: true, cancelable: true })) resetControls(form);
    } finally {
      own.resetting = false;
    }
  };
  const resetControls = (form) => {
    for (const id of elementIds(form)) if (ops.op_element_local_name(id) === "input") realm.slots(wrapNode(id)).files = undefined;
    mutated(ops.op_form_reset_controls(nodeId(form)));
    for (const id of elementIds(form)) if (ops.op_custom_is_form_associated(id)) realm.resetFormAssociated(wrapNode(id));
  };
  realm.resetForm = reset;

  const encodingOf = (form) => {
    const value = get(form, "enctype")?.toLowerCase();
    return encodings.includes(value) ? value : encodings[0];
  };
  realm.extend("HTMLFormElement", {
    get action() {
      const id = nodeId(this);
      const value = ops.op_element_get_attribute(id, "action");
      if (value === null || value === "") return ops.op_document_url(ops.op_node_document(id));
      return ops.op_document_resolve(id, value) ?? value;
    },
    set action(value) {
      realm.setAttribute(nodeId(this), "action", webidl.USVString(value));
    },
    get enctype() {
      return encodingOf(this);
    },
    set enctype(value) {
      realm.setAttribute(nodeId(this), "enctype", DOMString(value));
    },
    get encoding() {
      return encodingOf(this);
    },
    set encoding(value) {
      realm.setAttribute(nodeId(this), "enctype", DOMString(value));
    },
    get method() {
      const value = get(this, "method")?.toLowerCase();
      return value === "post" || value === "dialog" ? value : "get";
    },
    set method(value) {
      realm.setAttribute(nodeId(this), "method", DOMString(value));
    },
    get elements() {
      return elementsOf(this, "elements");
    },
    get length() {
      return elementIds(this).length;
    },
    submit() {
      nodeId(this);
      submit(this, null, true);
    },
    requestSubmit(submitter = null) {
      nodeId(this);
      if (submitter !== null && submitter !== undefined) {
        if (!realm.isElement(submitter) || !isSubmit(submitter)) throw new TypeError("requestSubmit: the element is not a submit button");
        if (ops.op_element_form(nodeId(submitter)) !== nodeId(this)) throw new realm.DOMException("The button is not of this form", "NotFoundError");
      }
      submit(this, submitter ?? null, false);
    },
    reset() {
      nodeId(this);
      reset(this);
      // [CEReactions]
      realm.invokeBackupQueue();
    },
  });
  const { iterator } = realm.primordials.Symbol;
  realm.primordials.defineProperty(realm.HTMLFormElement.prototype, iterator, {
    value: realm.primordials.Array.prototype.values,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  // form[0] and form.name, the latter before the form's own members. <https://html.spec.whatwg.org/multipage/forms.html#dom-form-nameditem>
  realm.wrapperMakers.HTMLFormElement = (plain, id) => {
    // The names under which single elements were found: they stay until the element leaves the form.
    // <https://html.spec.whatwg.org/multipage/forms.html#past-names-map>
    const past = new realm.primordials.Map();
    const remember = (name, found) => {
      past.set(name, found);
      return wrapNode(found);
    };
    const lookup = (target, key) => {
      if (typeof key !== "string") return null;
      const index = realm.arrayIndex(key);
      const ids = ops.op_elements_of_kind(id, "elements");
      if (index >= 0) return ids[index] === undefined ? null : wrapNode(ids[index]);
      // What script has put there comes first. <https://webidl.spec.whatwg.org/#dfn-named-property-visibility>
      if (realm.primordials.hasOwn(target, key)) return null;
      const found = ids.filter((other) => ops.op_named_element(other, key));
      if (found.length === 1) return remember(key, found[0]);
      if (found.length > 1) return namedControls(ids, key, elementsOf(wrapNode(id), "elements"));
      // Without a control of that name, an image.
      for (const image of ops.op_elements_of_kind(id, "images")) if (ops.op_named_element(image, key)) return remember(key, image);
      const known = past.get(key);
      if (known === undefined) return null;
      if (ops.op_element_form(known) === id) return wrapNode(known);
      past.delete(key);
      return null;
    };
    return new Proxy(plain, {
      get(target, key, receiver) {
        return lookup(target, key) ?? Reflect.get(target, key, receiver);
      },
      has: (target, key) => lookup(target, key) !== null || Reflect.has(target, key),
      set(target, key, value, receiver) {
        if (typeof key === "string" && realm.arrayIndex(key) >= 0) return false;
        return Reflect.set(target, key, value, receiver);
      },
      defineProperty(target, key, descriptor) {
        if (typeof key === "string" && (realm.arrayIndex(key) >= 0 || lookup(target, key) !== null)) return false;
        return Reflect.defineProperty(target, key, descriptor);
      },
      deleteProperty(target, key) {
        return lookup(target, key) === null && Reflect.deleteProperty(target, key);
      },
      getOwnPropertyDescriptor(target, key) {
        const value = lookup(target, key);
        if (value === null) return Reflect.getOwnPropertyDescriptor(target, key);
        return { value, writable: false, enumerable: realm.arrayIndex(key) >= 0, configurable: true };
      },
      ownKeys(target) {
        const ids = ops.op_elements_of_kind(id, "elements");
        const keys = new realm.primordials.Set([...ids.map((_, i) => `${i}`), ...realm.listNames(ids), ...Reflect.ownKeys(target)]);
        return [...keys];
      },
    });
  };

  realm.extend("HTMLButtonElement", realm.formOwner);
  realm.extend("HTMLButtonElement", realm.labels);
  realm.extend("HTMLButtonElement", {
    get type() {
      const value = get(this, "type")?.toLowerCase();
      return value === "reset" || value === "button" ? value : "submit";
    },
    set type(value) {
      realm.setAttribute(nodeId(this), "type", DOMString(value));
    },
  });
  for (const name of ["HTMLButtonElement", "HTMLInputElement"]) {
    realm.extend(name, {
      get formAction() {
        const id = nodeId(this);
        const value = ops.op_element_get_attribute(id, "formaction");
        if (value === null || value === "") return ops.op_document_url(ops.op_node_document(id));
        return ops.op_document_resolve(id, value) ?? value;
      },
      set formAction(value) {
        realm.setAttribute(nodeId(this), "formaction", webidl.USVString(value));
      },
    });
  }
  realm.extend("HTMLFieldSetElement", {
    get type() {
      nodeId(this);
      return "fieldset";
    },
    get elements() {
      return elementsOf(this, "fieldset");
    },
  });
  realm.extend("HTMLOutputElement", {
    get type() {
      nodeId(this);
      return "output";
    },
    get defaultValue() {
      const id = nodeId(this);
      return ops.op_control_output_default(id) ?? ops.op_node_text_content(id);
    },
    set defaultValue(value) {
      const id = nodeId(this);
      const text = DOMString(value);
      // Without an override the content is the default.
      if (ops.op_control_output_default(id) === null) mutated(ops.op_node_set_text_content(id, text));
      else ops.op_control_set_output_default(id, text);
    },
    get value() {
      return ops.op_node_text_content(nodeId(this));
    },
    set value(value) {
      const id = nodeId(this);
      const text = DOMString(value);
      ops.op_control_set_output_default(id, ops.op_control_output_default(id) ?? ops.op_node_text_content(id));
      mutated(ops.op_node_set_text_content(id, text));
    },
  });
}
