// Element. <https://dom.spec.whatwg.org/#interface-element>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, nodeId, mutated, wrapNode, Node } = realm;
  const { DOMString, nullableDOMString, requireArguments } = webidl;

  const knownHandlers = realm.handlerNames;
  // What script must do after an attribute changed: event handlers are kept by the event glue. The rest is in Rust, or is read when asked for.
  const attributeChanged = (element, name) => {
    if (name.charCodeAt(0) === 111 && name.charCodeAt(1) === 110) {
      const lower = name.toLowerCase();
      if (knownHandlers.has(lower)) realm.handlerAttributeChanged(element, lower);
    } else if (name === "open") {
      realm.openChanged(element);
    }
  };
  realm.attributeChanged = attributeChanged;
  // Sets an attribute by id, as `setAttribute()` does.
  realm.setAttribute = (id, name, value) => {
    mutated(ops.op_element_set_attribute(id, name, value));
    if (name.charCodeAt(0) === 111) attributeChanged(wrapNode(id), name);
  };
  realm.removeAttribute = (id, name) => {
    mutated(ops.op_element_remove_attribute(id, name));
    if (name.charCodeAt(0) === 111) attributeChanged(wrapNode(id), name);
  };
  const isInHtml = (id) => ops.op_document_is_html(ops.op_node_document(id));
  const qualifiedName = (id) => {
    const prefix = ops.op_element_prefix(id);
    return prefix === null ? ops.op_element_local_name(id) : `${prefix}:${ops.op_element_local_name(id)}`;
  };
  // <https://dom.spec.whatwg.org/#concept-getelementsbytagname>, for a root that has left its kind of document.
  const elementsNamed = (root, name, folds) => {
    const lower = name.toLowerCase();
    const all = ops.op_elements_by_tag_name(root, "*");
    if (name === "*") return all;
    return all.filter((id) => qualifiedName(id) === (folds && ops.op_element_namespace(id) === "http://www.w3.org/1999/xhtml" ? lower : name));
  };
  const namespaceArgument = (value) => nullableDOMString(value) ?? "";
  const positions = { __proto__: null, beforebegin: 0, afterbegin: 1, beforeend: 2, afterend: 3 };
  const positionArgument = (value) => {
    const place = positions[DOMString(value).toLowerCase()];
    if (place === undefined) throw new realm.DOMException("The position is none of beforebegin, afterbegin, beforeend, afterend", "SyntaxError");
    return place;
  };
  // <https://dom.spec.whatwg.org/#insert-adjacent>; whether there was a place.
  const insertAdjacent = (id, place, node) => {
    if (place === 0 || place === 3) {
      const parent = ops.op_node_parent(id);
      if (parent === 0) return false;
      mutated(ops.op_node_insert_before(parent, node, place === 0 ? id : ops.op_node_next_sibling(id)));
    } else {
      mutated(ops.op_node_insert_before(id, node, place === 1 ? ops.op_node_first_child(id) : 0));
    }
    return true;
  };

  class Element extends Node {
    constructor() {
      throw realm.illegalConstructor("Element");
    }
    get tagName() {
      return ops.op_node_name(nodeId(this));
    }
    get id() {
      return realm.getAttribute(nodeId(this), "id") ?? "";
    }
    set id(value) {
      realm.setAttribute(nodeId(this), "id", DOMString(value));
    }
    get className() {
      return realm.getAttribute(nodeId(this), "class") ?? "";
    }
    set className(value) {
      realm.setAttribute(nodeId(this), "class", DOMString(value));
    }
    get classList() {
      nodeId(this);
      return realm.classList(this);
    }
    // [PutForwards=value]
    set classList(value) {
      realm.tokenList(this, "class").value = value;
    }
    get slot() {
      return ops.op_element_get_attribute(nodeId(this), "slot") ?? "";
    }
    set slot(value) {
      realm.setAttribute(nodeId(this), "slot", DOMString(value));
    }
    hasAttributes() {
      return ops.op_element_attribute_count(nodeId(this)) !== 0;
    }
    get attributes() {
      const id = nodeId(this);
      return realm.sameObject(this, "attributes", () => realm.namedNodeMap(id));
    }
    getAttributeNames() {
      return ops.op_element_attribute_names(nodeId(this));
    }
    getAttribute(qualifiedName) {
      requireArguments(arguments.length, 1, "'getAttribute' on 'Element'");
      return realm.getAttribute(nodeId(this), DOMString(qualifiedName));
    }
    getAttributeNS(namespace, localName) {
      requireArguments(arguments.length, 2, "'getAttributeNS' on 'Element'");
      return ops.op_element_get_attribute_ns(nodeId(this), namespaceArgument(namespace), DOMString(localName));
    }
    setAttribute(qualifiedName, value) {
      requireArguments(arguments.length, 2, "'setAttribute' on 'Element'");
      const id = nodeId(this);
      const name = DOMString(qualifiedName);
      mutated(ops.op_element_set_attribute(id, name, DOMString(value)));
      attributeChanged(this, name);
    }
    setAttributeNS(namespace, qualifiedName, value) {
      requireArguments(arguments.length, 3, "'setAttributeNS' on 'Element'");
      const id = nodeId(this);
      const uri = namespaceArgument(namespace);
      const name = DOMString(qualifiedName);
      mutated(ops.op_element_set_attribute_ns(id, uri, name, DOMString(value)));
      if (uri === "") attributeChanged(this, name);
    }
    removeAttribute(qualifiedName) {
      requireArguments(arguments.length, 1, "'removeAttribute' on 'Element'");
      const name = DOMString(qualifiedName);
      mutated(ops.op_element_remove_attribute(nodeId(this), name));
      attributeChanged(this, name);
    }
    removeAttributeNS(namespace, localName) {
      requireArguments(arguments.length, 2, "'removeAttributeNS' on 'Element'");
      const uri = namespaceArgument(namespace);
      const name = DOMString(localName);
      mutated(ops.op_element_remove_attribute_ns(nodeId(this), uri, name));
      if (uri === "") attributeChanged(this, name);
    }
    toggleAttribute(qualifiedName, force = undefined) {
      requireArguments(arguments.length, 1, "'toggleAttribute' on 'Element'");
      const name = DOMString(qualifiedName);
      const result = ops.op_element_toggle_attribute(nodeId(this), name, force === undefined ? 0 : force ? 1 : 2);
      mutated(result < 0 ? result : result & ~4);
      attributeChanged(this, name);
      return (result & 4) !== 0;
    }
    hasAttribute(qualifiedName) {
      requireArguments(arguments.length, 1, "'hasAttribute' on 'Element'");
      return ops.op_element_has_attribute(nodeId(this), DOMString(qualifiedName));
    }
    hasAttributeNS(namespace, localName) {
      requireArguments(arguments.length, 2, "'hasAttributeNS' on 'Element'");
      return ops.op_element_has_attribute_ns(nodeId(this), namespaceArgument(namespace), DOMString(localName));
    }
    getAttributeNode(qualifiedName) {
      requireArguments(arguments.length, 1, "'getAttributeNode' on 'Element'");
      return realm.attributeNodes.byName(nodeId(this), DOMString(qualifiedName));
    }
    getAttributeNodeNS(namespace, localName) {
      requireArguments(arguments.length, 2, "'getAttributeNodeNS' on 'Element'");
      return realm.attributeNodes.byNameNS(nodeId(this), namespaceArgument(namespace), DOMString(localName));
    }
    setAttributeNode(attr) {
      requireArguments(arguments.length, 1, "'setAttributeNode' on 'Element'");
      return realm.attributeNodes.set(nodeId(this), attr, "setAttributeNode");
    }
    setAttributeNodeNS(attr) {
      requireArguments(arguments.length, 1, "'setAttributeNodeNS' on 'Element'");
      return realm.attributeNodes.set(nodeId(this), attr, "setAttributeNodeNS");
    }
    removeAttributeNode(attr) {
      requireArguments(arguments.length, 1, "'removeAttributeNode' on 'Element'");
      const id = nodeId(this);
      realm.attrArgument(attr, "removeAttributeNode");
      return realm.attributeNodes.remove(id, attr);
    }
    closest(selectors) {
      requireArguments(arguments.length, 1, "'closest' on 'Element'");
      return wrapNode(realm.check(ops.op_element_closest(nodeId(this), DOMString(selectors))));
    }
    matches(selectors) {
      requireArguments(arguments.length, 1, "'matches' on 'Element'");
      return realm.check(ops.op_element_matches(nodeId(this), DOMString(selectors))) === 1;
    }
    webkitMatchesSelector(selectors) {
      requireArguments(arguments.length, 1, "'webkitMatchesSelector' on 'Element'");
      return realm.check(ops.op_element_matches(nodeId(this), DOMString(selectors))) === 1;
    }
    getElementsByTagName(qualifiedName) {
      requireArguments(arguments.length, 1, "'getElementsByTagName'");
      const id = nodeId(this);
      const name = DOMString(qualifiedName);
      // Whether names of HTML elements are lower-cased is settled now, wherever the root goes later.
      const folds = isInHtml(id);
      return realm.sameObject(this, `tag ${folds ? "" : "exactly "}${name}`, () =>
        realm.liveList(
          realm.HTMLCollection,
          () => (folds === isInHtml(id) ? ops.op_elements_by_tag_name(id, name) : elementsNamed(id, name, folds)),
          "structure",
        ),
      );
    }
    getElementsByTagNameNS(namespace, localName) {
      requireArguments(arguments.length, 2, "'getElementsByTagNameNS'");
      const id = nodeId(this);
      const uri = namespaceArgument(namespace);
      const name = DOMString(localName);
      return realm.sameObject(this, `tag ${name} of ${uri}`, () =>
        realm.liveList(realm.HTMLCollection, () => ops.op_elements_by_tag_name_ns(id, uri, name), "structure"),
      );
    }
    getElementsByClassName(classNames) {
      requireArguments(arguments.length, 1, "'getElementsByClassName'");
      const id = nodeId(this);
      const names = DOMString(classNames);
      return realm.sameObject(this, `class ${names}`, () =>
        realm.liveList(realm.HTMLCollection, () => ops.op_elements_by_class_name(id, names), "all"),
      );
    }
    insertAdjacentElement(where, element) {
      requireArguments(arguments.length, 2, "'insertAdjacentElement' on 'Element'");
      const id = nodeId(this);
      const text = DOMString(where);
      const node = realm.elementArgument(element, "insertAdjacentElement");
      return insertAdjacent(id, positionArgument(text), node) ? element : null;
    }
    insertAdjacentText(where, data) {
      requireArguments(arguments.length, 2, "'insertAdjacentText' on 'Element'");
      const id = nodeId(this);
      const place = DOMString(where);
      const text = realm.check(ops.op_document_create_text(ops.op_node_document(id), DOMString(data)));
      insertAdjacent(id, positionArgument(place), text);
    }
    // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-innerhtml>
    get innerHTML() {
      const text = ops.op_element_inner_html(nodeId(this));
      if (text === null) realm.throwLastError();
      return text;
    }
    set innerHTML(value) {
      mutated(ops.op_element_set_inner_html(nodeId(this), webidl.DOMStringOrEmpty(value)));
    }
    get outerHTML() {
      const text = ops.op_element_outer_html(nodeId(this));
      if (text === null) realm.throwLastError();
      return text;
    }
    set outerHTML(value) {
      mutated(ops.op_element_set_outer_html(nodeId(this), webidl.DOMStringOrEmpty(value)));
    }
    insertAdjacentHTML(position, string) {
      requireArguments(arguments.length, 2, "'insertAdjacentHTML' on 'Element'");
      const id = nodeId(this);
      const place = DOMString(position);
      const text = DOMString(string);
      mutated(ops.op_element_insert_html(id, positionArgument(place), text));
    }
  }
  realm.include(realm.QualifiedName, [Element]);
  realm.include(realm.ParentNode, [Element]);
  realm.include(realm.NonDocumentTypeChildNode, [Element]);
  realm.include(realm.ChildNode, [Element]);
  realm.expose({ Element });
  realm.unscopables(Element, ["slot", ...realm.unscopableParent, ...realm.unscopableChild]);

  // ARIA attributes reflect as nullable strings. <https://w3c.github.io/aria/#ARIAMixin>
  const aria = ["Atomic", "AutoComplete", "BrailleLabel", "BrailleRoleDescription", "Busy", "Checked", "ColCount", "ColIndex"];
  aria.push("ColIndexText", "ColSpan", "Current", "Description", "Disabled", "Expanded", "HasPopup", "Hidden", "Invalid");
  aria.push("KeyShortcuts", "Label", "Level", "Live", "Modal", "MultiLine", "MultiSelectable", "Orientation", "Placeholder");
  aria.push("PosInSet", "Pressed", "ReadOnly", "Relevant", "Required", "RoleDescription", "RowCount", "RowIndex", "RowIndexText");
  aria.push("RowSpan", "Selected", "SetSize", "Sort", "ValueMax", "ValueMin", "ValueNow", "ValueText");
  const reflectNullable = (property, attribute) => {
    Object.defineProperty(Element.prototype, property, {
      get() {
        return ops.op_element_get_attribute(nodeId(this), attribute);
      },
      set(value) {
        const id = nodeId(this);
        if (value === null || value === undefined) realm.removeAttribute(id, attribute);
        else realm.setAttribute(id, attribute, DOMString(value));
      },
      enumerable: true,
      configurable: true,
    });
  };
  reflectNullable("role", "role");
  for (const name of aria) reflectNullable(`aria${name}`, `aria-${name.toLowerCase()}`);

}
