// Activation behaviour: what a click does to an element. <https://dom.spec.whatwg.org/#eventtarget-activation-behavior>
(realm) => {
  "use strict";
  const { ops, nodeId, wrapNode } = realm;

  const changed = (input) => {
    if (!ops.op_node_is_connected(nodeId(input))) return;
    realm.fire(input, "input", { bubbles: true, composed: true });
    realm.fire(input, "change", { bubbles: true });
  };
  // <https://html.spec.whatwg.org/multipage/input.html#the-input-element:legacy-pre-activation-behavior>
  const checkbox = (input) => {
    const id = nodeId(input);
    let checked;
    let dirty;
    let indeterminate;
    return {
      before() {
        checked = ops.op_control_is_checked(id);
        dirty = ops.op_control_has_dirty_checkedness(id);
        indeterminate = ops.op_control_is_indeterminate(id);
        ops.op_control_set_checked(id, !checked);
        ops.op_control_set_indeterminate(id, false);
      },
      run: () => changed(input),
      undo() {
        ops.op_control_restore_checked(id, checked, dirty);
        ops.op_control_set_indeterminate(id, indeterminate);
      },
    };
  };
  const radio = (input) => {
    const id = nodeId(input);
    let previous;
    let was;
    let dirty;
    return {
      before() {
        was = ops.op_control_is_checked(id);
        dirty = ops.op_control_has_dirty_checkedness(id);
        previous = ops.op_control_radio_group(id).find((other) => ops.op_control_is_checked(other));
        ops.op_control_set_checked(id, true);
      },
      run() {
        if (!was) changed(input);
      },
      undo() {
        if (was) return;
        ops.op_control_restore_checked(id, false, dirty);
        if (previous !== undefined) ops.op_control_restore_checked(previous, true, ops.op_control_has_dirty_checkedness(previous));
      },
    };
  };
  const formButton = (control, type) => ({
    run() {
      // A listener may have disabled it.
      if (realm.isDisabled(control)) return;
      const form = wrapNode(ops.op_element_form(nodeId(control)));
      if (form === null || type === "button") {
        realm.togglePopoverOf(control);
        return;
      }
      if (type === "submit" || type === "image") realm.submitForm(form, control);
      else if (type === "reset") realm.resetForm(form);
    },
  });
  // <https://html.spec.whatwg.org/multipage/dom.html#interactive-content>
  const isInteractive = (id) => {
    const name = ops.op_element_local_name(id);
    if (name === "a") return ops.op_element_has_attribute(id, "href");
    if (name === "audio" || name === "video") return ops.op_element_has_attribute(id, "controls");
    if (name === "img" || name === "object") return ops.op_element_has_attribute(id, "usemap");
    if (name === "input") return wrapNode(id).type !== "hidden";
    return ["button", "details", "embed", "iframe", "label", "select", "textarea"].includes(name);
  };
  // <https://html.spec.whatwg.org/multipage/forms.html#the-label-element>: a click on it is a click on its control.
  const label = (element) => ({
    run(event) {
      const control = realm.labeledControl(element);
      if (control === null) return;
      const target = event.target;
      // Not when the click was on interactive content inside the label.
      for (let id = nodeId(target); id !== 0 && id !== nodeId(element); id = ops.op_node_parent_element(id)) {
        if (isInteractive(id)) return;
      }
      control.click();
    },
  });
  // The details that a summary is the summary of, or null. <https://html.spec.whatwg.org/multipage/interactive-elements.html#summary-for-its-parent-details>
  realm.detailsOfSummary = (element) => {
    const parent = wrapNode(ops.op_node_parent_element(nodeId(element)));
    if (parent === null || !realm.isHtmlElement(parent, "details")) return null;
    const first = ops.op_node_children(nodeId(parent)).find((id) => realm.isHtmlElement(wrapNode(id), "summary"));
    return first === nodeId(element) ? parent : null;
  };
  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#the-summary-element:activation-behaviour>
  const summary = (element) => {
    const details = realm.detailsOfSummary(element);
    if (details === null) return null;
    return {
      run() {
        details.open = !details.open;
      },
    };
  };

  realm.activationBehavior = (element) => {
    switch (ops.op_element_local_name(nodeId(element))) {
      case "a":
      case "area":
        return { run: () => realm.followHyperlink(element) };
      case "button":
        return formButton(element, element.type);
      case "input": {
        const type = element.type;
        // A disabled one is not clicked by a user, but an event that script dispatches changes it.
        if (type === "checkbox") return checkbox(element);
        if (type === "radio") return radio(element);
        return ["submit", "image", "reset", "button"].includes(type) ? formButton(element, type) : null;
      }
      case "label":
        return label(element);
      case "summary":
        return summary(element);
      default:
        return null;
    }
  };
}
