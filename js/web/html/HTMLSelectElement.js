// HTMLSelectElement, HTMLOptionElement, HTMLOptGroupElement, HTMLOptionsCollection. <https://html.spec.whatwg.org/multipage/form-elements.html>
(realm) => {
  "use strict";
  const { Proxy, Reflect, Object } = realm.primordials;
  const { ops, webidl, nodeId, mutated, wrapNode, HTMLCollection } = realm;
  const { List } = realm.shared;
  const { DOMString, long, unsignedLong } = webidl;

  const optionIds = (select) => ops.op_elements_of_kind(nodeId(select), "options");
  const selectedIds = (select) => ops.op_select_selected(nodeId(select));
  const setSelected = (select, option) => ops.op_select_only(nodeId(select), option === null ? 0 : nodeId(option));

  // <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#htmloptionscollection>
  const owners = new realm.primordials.WeakMap();
  const ownerOf = (collection) => owners.get(collection);
  class HTMLOptionsCollection extends HTMLCollection {
    get length() {
      return realm.listIds(this).length;
    }
    set length(value) {
      setLength(ownerOf(this), unsignedLong(value));
    }
    add(element, before = null) {
      ownerOf(this).add(element, before);
    }
    remove(index) {
      webidl.requireArguments(arguments.length, 1, "'remove' on 'HTMLOptionsCollection'");
      removeAt(ownerOf(this), long(index));
    }
    get selectedIndex() {
      return ownerOf(this).selectedIndex;
    }
    set selectedIndex(value) {
      ownerOf(this).selectedIndex = value;
    }
  }
  realm.expose({ HTMLOptionsCollection });
  const setLength = (select, length) => {
    const ids = optionIds(select);
    for (let i = length; i < ids.length; i++) mutated(ops.op_node_remove(ids[i]));
    if (length > 100000) return;
    const document = ops.op_node_document(nodeId(select));
    for (let i = ids.length; i < length; i++) mutated(ops.op_node_append(nodeId(select), realm.check(ops.op_document_create_element(document, "option"))));
  };
  const removeAt = (select, index) => {
    const id = optionIds(select)[index];
    if (id !== undefined) mutated(ops.op_node_remove(id));
  };
  const setAt = (select, index, option) => {
    if (option === null || option === undefined) return removeAt(select, index);
    if (!realm.isHtmlElement(option, "option")) throw new realm.primordials.TypeError("The value is not an HTMLOptionElement");
    const ids = optionIds(select);
    if (index > ids.length) setLength(select, index);
    const old = ids[index];
    if (old === undefined) mutated(ops.op_node_append(nodeId(select), nodeId(option)));
    else mutated(ops.op_node_replace_child(ops.op_node_parent(old), nodeId(option), old));
    return undefined;
  };
  const optionsOf = (select) =>
    realm.sameObject(select, "options", () => {
      const id = nodeId(select);
      const inner = realm.collectionOf(id, "options", HTMLOptionsCollection);
      owners.set(inner, select);
      // Assigning to an index puts an option there.
      const list = new Proxy(inner, {
        set(target, key, value, receiver) {
          const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
          if (index < 0) return Reflect.set(target, key, value, receiver === list ? target : receiver);
          setAt(select, index, value);
          return true;
        },
      });
      new List(list, () => List.ids(inner));
      owners.set(list, select);
      return list;
    });
  realm.namedProperties(HTMLOptionsCollection, {
    get: (target, name) => realm.wrapNodes(List.ids(target)).find((option) => option.id === name || option.getAttribute("name") === name) ?? null,
    names: (target) => realm.listNames(List.ids(target)),
  });

  realm.extend("HTMLSelectElement", realm.formOwner);
  realm.extend("HTMLSelectElement", realm.labels);
  realm.extend("HTMLSelectElement", {
    get type() {
      return ops.op_element_has_attribute(nodeId(this), "multiple") ? "select-multiple" : "select-one";
    },
    get options() {
      nodeId(this);
      return optionsOf(this);
    },
    get length() {
      return optionIds(this).length;
    },
    set length(value) {
      nodeId(this);
      setLength(this, unsignedLong(value));
    },
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'HTMLSelectElement'");
      return wrapNode(optionIds(this)[unsignedLong(index)] ?? 0);
    },
    namedItem(name) {
      webidl.requireArguments(arguments.length, 1, "'namedItem' on 'HTMLSelectElement'");
      nodeId(this);
      return optionsOf(this).namedItem(name);
    },
    // <https://html.spec.whatwg.org/multipage/form-elements.html#dom-select-add>
    add(element, before = null) {
      webidl.requireArguments(arguments.length, 1, "'add' on 'HTMLSelectElement'");
      const id = nodeId(this);
      const node = realm.elementArgument(element, "add");
      let child = 0;
      if (realm.isElement(before)) {
        child = nodeId(before);
        if (!ops.op_node_contains(id, child) || child === id) throw new realm.DOMException("The element to insert before is not in the list", "NotFoundError");
      } else if (before !== null && before !== undefined) {
        child = optionIds(this)[long(before)] ?? 0;
      }
      if (node === child) return;
      mutated(ops.op_node_insert_before(child === 0 ? id : ops.op_node_parent(child), node, child));
    },
    remove(index) {
      const id = nodeId(this);
      if (arguments.length > 0) removeAt(this, long(index));
      else if (ops.op_node_parent(id) !== 0) mutated(ops.op_node_remove(id));
    },
    get selectedOptions() {
      const id = nodeId(this);
      return realm.sameObject(this, "selectedOptions", () => selectedCollection(wrapNode(id)));
    },
    get selectedIndex() {
      nodeId(this);
      const [first] = selectedIds(this);
      return first === undefined ? -1 : optionIds(this).indexOf(first);
    },
    set selectedIndex(value) {
      nodeId(this);
      setSelected(this, wrapNode(optionIds(this)[long(value)] ?? 0));
    },
    get value() {
      nodeId(this);
      const [first] = selectedIds(this);
      return first === undefined ? "" : optionValue(first);
    },
    set value(value) {
      nodeId(this);
      const text = DOMString(value);
      setSelected(this, wrapNode(optionIds(this).find((option) => optionValue(option) === text) ?? 0));
    },
  });
  // Selectedness changes without the tree, so this list is computed each time.
  const selectedCollection = (select) => realm.freshList(HTMLCollection, () => selectedIds(select));
  const { iterator } = realm.primordials.Symbol;
  Object.defineProperty(realm.HTMLSelectElement.prototype, iterator, {
    value: realm.primordials.Array.prototype.values,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  // select[0]: indices of the element itself.
  realm.wrapperMakers.HTMLSelectElement = (plain, id) =>
    new Proxy(plain, {
      get(target, key, receiver) {
        const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
        if (index < 0) return Reflect.get(target, key, receiver);
        const option = ops.op_elements_of_kind(id, "options")[index];
        return option === undefined ? undefined : wrapNode(option);
      },
      has(target, key) {
        const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
        return index < 0 ? Reflect.has(target, key) : index < ops.op_elements_of_kind(id, "options").length;
      },
      set(target, key, value, receiver) {
        const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
        if (index < 0) return Reflect.set(target, key, value, receiver);
        setAt(wrapNode(id), index, value);
        return true;
      },
      getOwnPropertyDescriptor(target, key) {
        const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
        if (index < 0) return Reflect.getOwnPropertyDescriptor(target, key);
        const option = ops.op_elements_of_kind(id, "options")[index];
        return option === undefined ? undefined : { value: wrapNode(option), writable: true, enumerable: true, configurable: true };
      },
      ownKeys: (target) => [...ops.op_elements_of_kind(id, "options").map((_, i) => `${i}`), ...Reflect.ownKeys(target)],
    });

  const optionValue = (id) => ops.op_element_get_attribute_ns(id, "", "value") ?? ops.op_option_text(id);
  realm.extend("HTMLOptionElement", {
    get form() {
      const select = ops.op_option_select(nodeId(this));
      return select === 0 ? null : wrapNode(ops.op_element_form(select));
    },
    get label() {
      return ops.op_element_get_attribute_ns(nodeId(this), "", "label") ?? ops.op_option_text(nodeId(this));
    },
    set label(value) {
      realm.setAttribute(nodeId(this), "label", DOMString(value));
    },
    get selected() {
      return ops.op_option_is_selected(nodeId(this));
    },
    set selected(value) {
      ops.op_option_set_selected(nodeId(this), !!value);
    },
    get value() {
      return optionValue(nodeId(this));
    },
    set value(value) {
      realm.setAttribute(nodeId(this), "value", DOMString(value));
    },
    get text() {
      return ops.op_option_text(nodeId(this));
    },
    set text(value) {
      mutated(ops.op_node_set_text_content(nodeId(this), DOMString(value)));
    },
    get index() {
      const select = ops.op_option_select(nodeId(this));
      return select === 0 ? 0 : ops.op_elements_of_kind(select, "options").indexOf(nodeId(this));
    },
  });
}
