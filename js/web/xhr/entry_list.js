// Constructing the entry list of a form. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#constructing-the-form-data-set>
(realm) => {
  "use strict";
  const { TypeError, Reflect } = realm.primordials;

  const formData = (value) => {
    if (!realm.isFormData(value)) throw new TypeError("Failed to construct 'FormDataEvent': formData is not of type 'FormData'");
    return value;
  };
  realm.declareEvent("FormDataEvent", realm.Event, [["formData", realm.event.REQUIRED, formData]]);

  const constructing = new realm.primordials.Set();
  // Members are read through the interfaces, for a control may be called like one of the form's own members.
  const member = (Interface, name, object) => Reflect.get(realm.interfaces[Interface].prototype, name, object);
  const call = (Interface, name, object, args) => Reflect.apply(realm.interfaces[Interface].prototype[name], object, args);
  const attribute = (element, name) => call("Element", "getAttribute", element, [name]);
  const interfaceOf = (element) => {
    switch (member("Element", "localName", element)) {
      case "button":
        return "HTMLButtonElement";
      case "input":
        return "HTMLInputElement";
      case "select":
        return "HTMLSelectElement";
      case "textarea":
        return "HTMLTextAreaElement";
      default:
        return null;
    }
  };
  const typeOf = (Interface, element) => (Interface === "HTMLTextAreaElement" ? "textarea" : member(Interface, "type", element));
  const isSubmitButton = (Interface, type) =>
    (Interface === "HTMLButtonElement" && type === "submit") || (Interface === "HTMLInputElement" && (type === "submit" || type === "image"));

  // The types of input whose text has a direction of its own.
  // <https://html.spec.whatwg.org/multipage/dom.html#auto-directionality-form-associated-elements>
  const DIRECTED = ["hidden", "text", "search", "tel", "url", "email", "password", "submit", "reset", "button"];

  // The entries of one control. Step 5.
  const appendControl = (entries, element, submitter, encoding) => {
    if (realm.isFormAssociated(element)) {
      // 5.1, 5.3. A form-associated custom element makes its own.
      if (call("Element", "closest", element, ["datalist"]) === null && !call("Element", "matches", element, [":disabled"])) {
        entries.push(...realm.customEntries(element));
      }
      return;
    }
    const Interface = interfaceOf(element);
    // 3. Submittable elements only.
    if (Interface === null) return;
    const type = typeOf(Interface, element);
    // 5.1. Left out: in a datalist, disabled, a button that is not the submitter, not checked.
    if (call("Element", "closest", element, ["datalist"]) !== null || call("Element", "matches", element, [":disabled"])) return;
    const isButton = type === "submit" || type === "reset" || type === "button" || type === "image";
    if (isButton && element !== submitter) return;
    const isCheckable = type === "checkbox" || type === "radio";
    if (isCheckable && !member(Interface, "checked", element)) return;
    const name = attribute(element, "name");
    // 5.2. An image button: where it was clicked, which is nowhere.
    if (type === "image") {
      const prefix = name === null || name === "" ? "" : `${name}.`;
      entries.push([`${prefix}x`, "0"], [`${prefix}y`, "0"]);
      return;
    }
    // 5.4. Without a name it has no entry.
    if (name === null || name === "") return;
    if (Interface === "HTMLSelectElement") {
      // 5.6. Each option that is selected and not disabled.
      for (const option of member(Interface, "options", element)) {
        if (member("HTMLOptionElement", "selected", option) && !call("Element", "matches", option, [":disabled"])) {
          entries.push([name, member("HTMLOptionElement", "value", option)]);
        }
      }
    } else if (isCheckable) {
      // 5.7. Its value, or "on".
      entries.push([name, attribute(element, "value") ?? "on"]);
    } else if (type === "file") {
      // 5.8. Its files, or one without name and content.
      const files = member(Interface, "files", element);
      if (files === null || files === undefined || files.length === 0) {
        entries.push([name, new realm.File([], "", { type: "application/octet-stream" })]);
      } else {
        for (let i = 0; i < files.length; i++) entries.push([name, files[i]]);
      }
    } else if (type === "hidden" && name.toLowerCase() === "_charset_") {
      // 5.9. The encoding.
      entries.push([name, encoding]);
    } else {
      // 5.10. Its value.
      entries.push([name, member(Interface, "value", element)]);
    }
    // 5.11. The direction of the text, under the name that dirname gives.
    const dirname = attribute(element, "dirname");
    if (dirname !== null && dirname !== "" && (Interface === "HTMLTextAreaElement" || DIRECTED.includes(type))) {
      entries.push([dirname, call("Element", "matches", element, [":dir(rtl)"]) ? "rtl" : "ltr"]);
    }
  };

  realm.isConstructingEntryList = (form) => constructing.has(form);
  // The entries of a form as [name, value], `formdata` fired; throws if that is under way already.
  realm.constructEntryList = (form, submitter, encoding = "UTF-8") => {
    if (submitter !== null) {
      const Interface = realm.isStamped(submitter) && realm.interfaces.Element.prototype.isPrototypeOf(submitter) ? interfaceOf(submitter) : null;
      if (Interface === null || !isSubmitButton(Interface, typeOf(Interface, submitter))) {
        throw new TypeError("Failed to construct 'FormData': the submitter is not a submit button");
      }
      if (member(Interface, "form", submitter) !== form) {
        throw new realm.DOMException("The submitter does not belong to the form", "NotFoundError");
      }
    }
    // 1. Not from inside itself.
    if (constructing.has(form)) throw new realm.DOMException("The form's entry list is being constructed", "InvalidStateError");
    // 2. to 5.
    constructing.add(form);
    try {
      const entries = [];
      const controls = member("HTMLFormElement", "elements", form);
      for (let i = 0; i < controls.length; i++) appendControl(entries, controls[i], submitter, encoding);
      // An image button is no member of `elements`.
      if (submitter !== null && typeOf(interfaceOf(submitter), submitter) === "image") appendControl(entries, submitter, submitter, encoding);
      // 6. to 7. Script may change them.
      const formData = realm.makeFormData(entries);
      realm.fire(form, "formdata", { bubbles: true, interface: "FormDataEvent", init: { formData } });
      // 9. A copy.
      return realm.formDataEntries(formData);
    } finally {
      // 8.
      constructing.delete(form);
    }
  };
}
