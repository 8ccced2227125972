// Elements as properties of their document. <https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem>
//
// A proxy stands behind Document's own members, so that these stay fast. NOTE: a name that is also a member of Document gives the member,
// against [LegacyOverrideBuiltIns], and names are no own properties of the document.
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, Map } = realm.primordials;
  const { ops, wrapNode, isStamped, Document, HTMLCollection } = realm;
  const { Stamp } = realm.shared;
  const get = (id, name) => ops.op_element_get_attribute_ns(id, "", name) ?? "";

  // <https://html.spec.whatwg.org/multipage/dom.html#exposed>: not inside an object that is exposed.
  const isExposed = (id) => {
    for (let above = ops.op_node_parent_element(id); above !== 0; above = ops.op_node_parent_element(above)) {
      if (ops.op_element_local_name(above) === "object" && realm.isHtmlElement(wrapNode(above), "object")) return false;
    }
    return true;
  };
  const compute = (document) => {
    const names = new Map();
    const add = (name, id) => {
      if (name === "") return;
      const ids = names.get(name);
      if (ids === undefined) names.set(name, [id]);
      else if (!ids.includes(id)) ids.push(id);
    };
    for (const tag of ["embed", "form", "iframe", "img", "object"]) {
      for (const id of ops.op_elements_by_tag_name(document, tag)) {
        const name = get(id, "name");
        if ((tag === "embed" || tag === "object") && !isExposed(id)) continue;
        add(name, id);
        if (tag === "object" || (tag === "img" && name !== "")) add(get(id, "id"), id);
      }
    }
    // Of those that share a name, in tree order.
    for (const ids of names.values()) ids.sort((a, b) => ((ops.op_node_compare_position(a, b) & 4) !== 0 ? -1 : 1));
    return names;
  };
  // By document, with the version of the tree.
  const known = new realm.primordials.WeakMap();
  const namesOf = (wrapper, id) => {
    const version = realm.versions.all();
    let entry = known.get(wrapper);
    if (entry === undefined || entry.version !== version) {
      entry = { version, names: compute(id) };
      known.set(wrapper, entry);
    }
    return entry.names;
  };
  const lookup = (receiver, key) => {
    if (typeof key !== "string" || key === "" || !isStamped(receiver)) return undefined;
    const id = Stamp.id(receiver);
    if (id === 0 || ops.op_node_type(id) !== 9) return undefined;
    const ids = namesOf(receiver, id).get(key);
    if (ids === undefined) return undefined;
    if (ids.length > 1) return realm.liveList(HTMLCollection, () => compute(id).get(key) ?? [], "all");
    const element = wrapNode(ids[0]);
    return ops.op_element_local_name(ids[0]) === "iframe" ? (element.contentWindow ?? undefined) : element;
  };

  const target = Object.create(Object.getPrototypeOf(Document.prototype));
  const properties = new Proxy(target, {
    get(inner, key, receiver) {
      return key in inner ? Reflect.get(inner, key, receiver) : lookup(receiver, key);
    },
    // Who asks is not told here; it is the window's document that is asked about.
    has: (inner, key) => key in inner || (realm.document !== null && realm.document !== undefined && lookup(realm.document, key) !== undefined),
    defineProperty: () => false,
    preventExtensions: () => false,
  });
  Object.setPrototypeOf(Document.prototype, properties);
}
