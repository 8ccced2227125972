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
    // 5. to 8.
    queueToggle(dialog, "closed", "open");
    slots.modal = modal;
    ops.op_element_set_state(id, 0, modal);
    realm.setAttribute(id, "open", "");
    // 9. to 14. NOTE: nothing is shown, so there is no top layer and nothing is inert.
    if (ops.op_node_is_connected(id)) {
      const focused = ops.op_document_focused(ops.op_node_document(id));
      slots.previouslyFocused = focused === 0 ? null : wrapNode(focused);
      focusInto(dialog);
    }
  };
  // <https://html.spec.whatwg.org/multipage/interactive-elements.html#close-the-dialog>
  const close = (dialog, result) => {
    const id = nodeId(dialog);
    // 1. to 3.
    if (!isOpen(dialog)) return;
    beforeToggle(dialog, "open", "closed", false);
    if (!isOpen(dialog)) return;
    // 4. to 9.
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
      const document = ops.op_node_document(id);
      const focused = ops.op_document_focused(document);
      if (focused === 0 || ops.op_node_contains(id, focused)) realm.moveFocus(wrapNode(document), previous);
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

  // Popovers: their states and events; nothing is shown. <https://html.spec.whatwg.org/multipage/popover.html>
  const popoverKind = (element) => {
    const value = ops.op_element_get_attribute_ns(nodeId(element), "", "popover");
    if (value === null) return null;
    const lower = realm.asciiLower(value);
    return lower === "" || lower === "auto" ? "auto" : lower === "hint" ? "hint" : "manual";
  };
  const isShowing = (element) => realm.slots(element).popoverShowing === true;
  // <https://html.spec.whatwg.org/multipage/popover.html#check-popover-validity>
  const mayToggle = (element, showing, throws) => {
    const refuse = (name, message) => {
      if (throws) throw new realm.DOMException(message, name);
      return false;
    };
    if (popoverKind(element) === null) return refuse("NotSupportedError", "The element is no popover");
    if (isShowing(element) !== showing) return throws && !showing ? refuse("InvalidStateError", "The popover is shown already") : false;
    if (!ops.op_node_is_connected(nodeId(element))) return refuse("InvalidStateError", "The popover is in no document");
    return true;
  };
  // The auto popovers of a document that are shown, the last one last.
  const shown = (document) => (realm.slots(document).autoPopovers ??= []);
  // <https://html.spec.whatwg.org/multipage/popover.html#show-popover>
  const show = (element, throws) => {
    if (!mayToggle(element, false, throws)) return;
    if (!beforeToggle(element, "closed", "open", true) || !mayToggle(element, false, false)) return;
    const id = nodeId(element);
    const kind = popoverKind(element);
    if (kind === "auto") {
      // Those that it is not inside of give way.
      const open = shown(wrapNode(ops.op_node_document(id)));
      for (const other of [...open].reverse()) if (!ops.op_node_contains(nodeId(other), id)) hide(other, false);
      if (!mayToggle(element, false, throws)) return;
      open.push(element);
    }
    realm.slots(element).popoverShowing = true;
    ops.op_element_set_state(id, 1, true);
    queueToggle(element, "closed", "open");
  };
  // <https://html.spec.whatwg.org/multipage/popover.html#hide-popover-algorithm>
  const hide = (element, throws) => {
    if (!mayToggle(element, true, throws)) return;
    beforeToggle(element, "open", "closed", false);
    if (!isShowing(element)) return;
    const id = nodeId(element);
    realm.slots(element).popoverShowing = false;
    ops.op_element_set_state(id, 1, false);
    const open = shown(wrapNode(ops.op_node_document(id)));
    if (open.includes(element)) open.splice(open.indexOf(element), 1);
    queueToggle(element, "open", "closed");
  };
  const toggleOptions = (options) => (webidl.isObject(options) ? options.force : options);
  realm.extend("HTMLElement", {
    get popover() {
      return popoverKind(this);
    },
    set popover(value) {
      const id = nodeId(this);
      if (value === null || value === undefined) realm.removeAttribute(id, "popover");
      else realm.setAttribute(id, "popover", DOMString(value));
    },
    showPopover() {
      nodeId(this);
      show(this, true);
    },
    hidePopover() {
      nodeId(this);
      hide(this, true);
    },
    togglePopover(options = undefined) {
      nodeId(this);
      const force = toggleOptions(options);
      if (isShowing(this) && (force === undefined || !force)) hide(this, true);
      else if (!isShowing(this) && (force === undefined || force)) show(this, true);
      else mayToggle(this, isShowing(this), true);
      return isShowing(this);
    },
  });
  realm.arity(realm.HTMLElement.prototype, { togglePopover: 0 });
  // The popover of a button. <https://html.spec.whatwg.org/multipage/popover.html#popovertargetelement>
  const targetOf = (button) => {
    const id = nodeId(button);
    const name = ops.op_element_get_attribute_ns(id, "", "popovertarget");
    const found = name === null || name === "" ? null : wrapNode(ops.op_element_by_id(ops.op_node_root(id), name));
    return found !== null && popoverKind(found) !== null ? found : null;
  };
  realm.togglePopoverOf = (button) => {
    const target = targetOf(button);
    if (target === null) return;
    const action = realm.asciiLower(ops.op_element_get_attribute_ns(nodeId(button), "", "popovertargetaction") ?? "");
    if (isShowing(target)) {
      if (action !== "show") hide(target, false);
    } else if (action !== "hide") show(target, false);
  };
  for (const name of ["HTMLButtonElement", "HTMLInputElement"]) {
    realm.extend(name, {
      get popoverTargetElement() {
        const id = nodeId(this);
        const text = ops.op_element_get_attribute_ns(id, "", "popovertarget");
        return text === null || text === "" ? null : wrapNode(ops.op_element_by_id(ops.op_node_root(id), text));
      },
    });
    realm.reflectAll(realm.interfaces[name], "popoverTargetAction:enum(toggle|show|hide;toggle;toggle)");
  }
}
