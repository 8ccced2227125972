// Dialogs and details, and the events of what opens and closes. <https://html.spec.whatwg.org/multipage/interactive-elements.html>
(realm) => {
  "use strict";
  const { ops, webidl, nodeId, wrapNode } = realm;
  const { DOMString } = webidl;
  const isOpen = (element) => ops.op_element_has_attribute(nodeId(element), "open");

  // One toggle event for all changes of a task, from the first state to the last.
  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#queue-a-details-toggle-event-task>
  const queueToggle = (element, oldState, newState) => {
    const slots = realm.slots(element);
    if (slots.toggle !== undefined) {
      slots.toggle.newState = newState;
      return;
    }
    slots.toggle = { oldState, newState };
    realm.queueTask(() => {
      const init = slots.toggle;
      slots.toggle = undefined;
      realm.fire(element, "toggle", { interface: "ToggleEvent", init });
    });
  };
  const beforeToggle = (element, oldState, newState, cancelable) =>
    realm.fire(element, "beforetoggle", { interface: "ToggleEvent", cancelable, init: { oldState, newState } });

  // The attribute change steps of details. <https://html.spec.whatwg.org/multipage/interactive-elements.html#the-details-element>
  realm.openChanged = (element) => {
    if (!realm.isHtmlElement(element, "details")) return;
    const slots = realm.slots(element);
    const open = isOpen(element);
    if (slots.open === open) return;
    slots.open = open;
    queueToggle(element, open ? "closed" : "open", open ? "open" : "closed");
    if (!open) return;
    // Of those of one name in a tree one is open.
    const id = nodeId(element);
    const name = ops.op_element_get_attribute(id, "name");
    if (name === null || name === "") return;
    const root = ops.op_node_root(id);
    for (const other of ops.op_elements_by_tag_name(root, "details")) {
      if (other !== id && ops.op_element_get_attribute(other, "name") === name && ops.op_element_has_attribute(other, "open")) {
        realm.removeAttribute(other, "open");
      }
    }
  };

  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#dialog-focusing-steps>
  const focusInto = (dialog) => {
    const id = nodeId(dialog);
    let first = null;
    let delegate = null;
    for (let node = ops.op_node_following(id, id, false); node !== 0 && delegate === null; node = ops.op_node_following(id, node, false)) {
      if (ops.op_node_type(node) !== 1) continue;
      const element = wrapNode(node);
      if (!realm.isFocusable(element)) continue;
      first ??= element;
      if (ops.op_element_has_attribute(node, "autofocus")) delegate = element;
    }
    if (ops.op_element_has_attribute(id, "autofocus")) delegate = dialog;
    realm.moveFocus(wrapNode(ops.op_node_document(id)), delegate ?? first ?? dialog);
  };
  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-show> and -showmodal
  const open = (dialog, modal) => {
    const id = nodeId(dialog);
    const slots = realm.slots(dialog);
    // 1, 2. Open already, in this way or another.
    if (isOpen(dialog)) {
      if ((slots.modal ?? false) === modal) return;
      throw new realm.DOMException("The dialog is open in another way", "InvalidStateError");
    }
    // A modal one blocks a document.
    if (modal && !ops.op_node_is_connected(id)) throw new realm.DOMException("The dialog is in no document", "InvalidStateError");
    // 3, 4. Script may object, or change everything.
    if (!beforeToggle(dialog, "closed", "open", true)) return;
    if (isOpen(dialog) || (modal && !ops.op_node_is_connected(id))) return;
    // 5. – 8.
    queueToggle(dialog, "closed", "open");
    slots.modal = modal;
    ops.op_element_set_state(id, 0, modal);
    realm.setAttribute(id, "open", "");
    // 9. – 14. NOTE: nothing is shown, so there is no top layer and nothing is inert.
    if (ops.op_node_is_connected(id)) {
      slots.previouslyFocused = realm.slots(wrapNode(ops.op_node_document(id))).focused ?? null;
      focusInto(dialog);
    }
  };
  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#close-the-dialog>
  const close = (dialog, result) => {
    const id = nodeId(dialog);
    // 1. – 3.
    if (!isOpen(dialog)) return;
    beforeToggle(dialog, "open", "closed", false);
    if (!isOpen(dialog)) return;
    // 4. – 9.
    queueToggle(dialog, "open", "closed");
    realm.removeAttribute(id, "open");
    const slots = realm.slots(dialog);
    slots.modal = false;
    ops.op_element_set_state(id, 0, false);
    if (result !== undefined && result !== null) slots.returnValue = result;
    // 10. The focus goes back.
    const previous = slots.previouslyFocused ?? null;
    slots.previouslyFocused = null;
    if (previous !== null && ops.op_node_is_connected(nodeId(previous))) {
      const document = wrapNode(ops.op_node_document(id));
      const focused = realm.slots(document).focused ?? null;
      if (focused === null || ops.op_node_contains(id, nodeId(focused))) realm.moveFocus(document, previous);
    }
    // 11. NOTE: a task of the user interaction source.
    realm.queueTask(() => realm.fire(dialog, "close"));
  };
  realm.closeDialog = close;
  realm.extend("HTMLDialogElement", {
    get returnValue() {
      nodeId(this);
      return realm.slots(this).returnValue ?? "";
    },
    set returnValue(value) {
      nodeId(this);
      realm.slots(this).returnValue = DOMString(value);
    },
    show() {
      open(this, false);
    },
    showModal() {
      open(this, true);
    },
    close(returnValue = undefined) {
      nodeId(this);
      close(this, returnValue === undefined ? undefined : DOMString(returnValue));
    },
    // <https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-requestclose>
    requestClose(returnValue = undefined) {
      nodeId(this);
      const result = returnValue === undefined ? undefined : DOMString(returnValue);
      if (isOpen(this) && realm.fire(this, "cancel", { cancelable: true })) close(this, result);
    },
  });
  realm.reflectAll(realm.HTMLDialogElement, "closedBy:enum(any|closerequest|none;auto;auto)");
}
