// Elements whose own members are few: script, template, title, image, media, label, details, progress, meter, time, style ...
// <https://html.spec.whatwg.org/multipage/semantics.html>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, nodeId, mutated, wrapNode } = realm;
  const { DOMString } = webidl;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);

  // The text of an element's own text nodes. <https://dom.spec.whatwg.org/#concept-child-text-content>
  const childText = (element) => {
    let text = "";
    for (const id of ops.op_node_children(nodeId(element))) {
      const type = ops.op_node_type(id);
      if (type === 3 || type === 4) text += ops.op_text_data(id);
    }
    return text;
  };
  const setText = (element, value) => mutated(ops.op_node_set_text_content(nodeId(element), DOMString(value)));
  realm.childText = childText;

  // <https://html.spec.whatwg.org/multipage/scripting.html#htmlscriptelement>
  realm.extend("HTMLScriptElement", {
    get text() {
      return childText(this);
    },
    set text(value) {
      setText(this, value);
    },
    get async() {
      const id = nodeId(this);
      return (ops.op_script_flags(id) & 4) !== 0 || ops.op_element_has_attribute(id, "async");
    },
    set async(value) {
      const id = nodeId(this);
      ops.op_script_set_force_async(id, false);
      if (value) realm.setAttribute(id, "async", "");
      else realm.removeAttribute(id, "async");
    },
  });
  const supports = {
    supports(type) {
      webidl.requireArguments(arguments.length, 1, "'supports' on 'HTMLScriptElement'");
      return ["classic", "module", "importmap"].includes(DOMString(type));
    },
  };
  Object.defineProperty(realm.HTMLScriptElement, "supports", { value: supports.supports, writable: true, enumerable: true, configurable: true });

  realm.extend("HTMLTemplateElement", {
    get content() {
      return wrapNode(ops.op_element_template_contents(nodeId(this)));
    },
  });
  realm.extend("HTMLTitleElement", {
    get text() {
      return childText(this);
    },
    set text(value) {
      setText(this, value);
    },
  });
  realm.extend("HTMLBaseElement", {
    get href() {
      const id = nodeId(this);
      const value = ops.op_element_get_attribute(id, "href") ?? "";
      // Against the document's own URL, not its base. <https://html.spec.whatwg.org/multipage/semantics.html#dom-base-href>
      return ops.op_url_parse(value, ops.op_document_url(ops.op_node_document(id))) ?? value;
    },
    set href(value) {
      realm.setAttribute(nodeId(this), "href", webidl.USVString(value));
    },
  });

  // <https://html.spec.whatwg.org/multipage/forms.html#htmllabelelement>
  const labelable = ["button", "input", "meter", "output", "progress", "select", "textarea"];
  const isLabelable = (id) => {
    if (ops.op_custom_is_form_associated(id)) return true;
    const name = ops.op_element_local_name(id);
    return labelable.includes(name) && ops.op_element_namespace(id) === "http://www.w3.org/1999/xhtml" && !(name === "input" && wrapNode(id).type === "hidden");
  };
  const labeledControl = (label) => {
    const id = nodeId(label);
    const reference = ops.op_element_get_attribute(id, "for");
    if (reference !== null) {
      const found = ops.op_element_by_id(ops.op_node_root(id), reference);
      return found !== 0 && isLabelable(found) ? found : 0;
    }
    for (let node = ops.op_node_following(id, id, false); node !== 0; node = ops.op_node_following(id, node, false)) {
      if (ops.op_node_type(node) === 1 && isLabelable(node)) return node;
    }
    return 0;
  };
  realm.labeledControl = (label) => wrapNode(labeledControl(label));
  realm.extend("HTMLLabelElement", {
    get form() {
      const control = labeledControl(this);
      return control === 0 ? null : wrapNode(ops.op_element_form(control));
    },
    get control() {
      return wrapNode(labeledControl(this));
    },
  });
  realm.labels = {
    get labels() {
      const id = nodeId(this);
      if (!isLabelable(id)) return null;
      return realm.sameObject(this, "labels", () =>
        realm.liveList(
          realm.NodeList,
          () => {
            const root = ops.op_node_root(id);
            const labels = ops.op_elements_by_tag_name(root, "label");
            // The root itself may be one.
            if (realm.isHtmlElement(wrapNode(root), "label")) labels.unshift(root);
            return labels.filter((label) => realm.isHtmlElement(wrapNode(label), "label") && labeledControl(wrapNode(label)) === id);
          },
          "all",
        ),
      );
    },
  };
  realm.formOwner = {
    get form() {
      return wrapNode(ops.op_element_form(nodeId(this)));
    },
  };
  realm.extend("HTMLLegendElement", {
    get form() {
      const parent = ops.op_node_parent_element(nodeId(this));
      return parent !== 0 && ops.op_element_local_name(parent) === "fieldset" ? wrapNode(ops.op_element_form(parent)) : null;
    },
  });
  for (const name of ["HTMLObjectElement", "HTMLFieldSetElement", "HTMLOutputElement"]) realm.extend(name, realm.formOwner);
  for (const name of ["HTMLMeterElement", "HTMLProgressElement", "HTMLOutputElement"]) realm.extend(name, realm.labels);

  // Numbers of meter and progress. <https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#floating-point-numbers>
  const parseFloating = (text) => {
    if (text === null) return null;
    const match = /^[\t\n\f\r ]*([+-]?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)/.exec(text);
    return match === null ? null : realm.primordials.Number(match[1]);
  };
  realm.parseFloating = parseFloating;
  const floating = (name, compute) => ({
    get [name]() {
      return compute(this);
    },
    set [name](value) {
      realm.setAttribute(nodeId(this), name, `${webidl.double(value)}`);
    },
  });
  const number = (element, name, fallback) => parseFloating(get(element, name)) ?? fallback;
  const clamp = (value, low, high) => (value < low ? low : value > high ? high : value);
  const progressMax = (element) => {
    const value = number(element, "max", 1);
    return value > 0 ? value : 1;
  };
  realm.extend("HTMLProgressElement", floating("max", progressMax));
  realm.extend("HTMLProgressElement", floating("value", (element) => clamp(number(element, "value", 0), 0, progressMax(element))));
  realm.extend("HTMLProgressElement", {
    get position() {
      return get(this, "value") === null ? -1 : this.value / this.max;
    },
  });
  const meterMin = (element) => number(element, "min", 0);
  const meterMax = (element) => realm.primordials.Math.max(number(element, "max", 1), meterMin(element));
  const meterLow = (element) => clamp(number(element, "low", meterMin(element)), meterMin(element), meterMax(element));
  realm.extend("HTMLMeterElement", floating("min", meterMin));
  realm.extend("HTMLMeterElement", floating("max", meterMax));
  realm.extend("HTMLMeterElement", floating("value", (element) => clamp(number(element, "value", 0), meterMin(element), meterMax(element))));
  realm.extend("HTMLMeterElement", floating("low", meterLow));
  realm.extend("HTMLMeterElement", floating("high", (element) => clamp(number(element, "high", meterMax(element)), meterLow(element), meterMax(element))));
  realm.extend(
    "HTMLMeterElement",
    floating("optimum", (element) => clamp(number(element, "optimum", (meterMin(element) + meterMax(element)) / 2), meterMin(element), meterMax(element))),
  );

  realm.extend("HTMLMapElement", {
    get areas() {
      const id = nodeId(this);
      return realm.sameObject(this, "areas", () => realm.collectionOf(id, "areas"));
    },
  });
  realm.extend("HTMLDataListElement", {
    get options() {
      const id = nodeId(this);
      return realm.sameObject(this, "options", () => realm.collectionOf(id, "datalist"));
    },
  });
  // Images have the size their attributes give; none is loaded or decoded here.
  const dimension = (name) => ({
    get [name]() {
      const value = /^[\t\n\f\r ]*([0-9]+)/.exec(get(this, name) ?? "");
      return value === null ? 0 : +value[1];
    },
    set [name](value) {
      const number = webidl.unsignedLong(value);
      realm.setAttribute(nodeId(this), name, `${number > 2147483647 ? 0 : number}`);
    },
  });
  for (const name of ["HTMLImageElement", "HTMLInputElement"]) {
    realm.extend(name, dimension("width"));
    realm.extend(name, dimension("height"));
  }

  // Legacy factory functions. <https://webidl.spec.whatwg.org/#legacy-factory-functions>
  const factory = (name, Class, tag, required, initialize) => {
    const construct = function (...args) {
      if (new.target === undefined) throw new realm.primordials.TypeError(`Constructor ${name} requires 'new'`);
      const element = wrapNode(realm.check(ops.op_document_create_element(nodeId(realm.document), tag)));
      initialize(element, args);
      return element;
    };
    Object.defineProperty(construct, "name", { value: name, configurable: true });
    Object.defineProperty(construct, "length", { value: required, configurable: true });
    Object.defineProperty(construct, "prototype", { value: Class.prototype, writable: false });
    Object.defineProperty(realm.global, name, { value: construct, writable: true, enumerable: false, configurable: true });
  };
  factory("Image", realm.HTMLImageElement, "img", 0, (element, [width, height]) => {
    if (width !== undefined) element.width = width;
    if (height !== undefined) element.height = height;
  });
  factory("Audio", realm.HTMLAudioElement, "audio", 0, (element, [src]) => {
    element.setAttribute("preload", "auto");
    if (src !== undefined) element.src = src;
  });
  factory("Option", realm.HTMLOptionElement, "option", 0, (element, [text, value, defaultSelected, selected]) => {
    const label = text === undefined ? "" : DOMString(text);
    if (label !== "") element.textContent = label;
    if (value !== undefined) element.setAttribute("value", DOMString(value));
    if (defaultSelected) element.setAttribute("selected", "");
    // Whatever the attribute says, and without making it dirty.
    if (selected || defaultSelected) ops.op_option_set_initial(nodeId(element), !!selected);
  });
}
