// Attr and NamedNodeMap. <https://dom.spec.whatwg.org/#interface-attr>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, String } = { ...realm.primordials, String: realm.global.String };
  const { ops, shared, webidl, nodeId, mutated, wrapNode, Node } = realm;
  const { List } = shared;

  // What elements and attributes have alike: the parts of their names.
  realm.QualifiedName = {
    get namespaceURI() {
      return ops.op_element_namespace(nodeId(this));
    },
    get prefix() {
      return ops.op_element_prefix(nodeId(this));
    },
    get localName() {
      return ops.op_element_local_name(nodeId(this));
    },
  };

  class Attr extends Node {
    constructor() {
      throw realm.illegalConstructor("Attr");
    }
    get name() {
      return ops.op_node_name(nodeId(this));
    }
    get value() {
      return ops.op_attr_value(nodeId(this));
    }
    set value(value) {
      const id = nodeId(this);
      mutated(ops.op_attr_set_value(id, webidl.DOMString(value)));
      const owner = ops.op_attr_owner(id);
      if (owner !== 0) realm.attributeChanged(wrapNode(owner), ops.op_node_name(id));
    }
    get ownerElement() {
      return wrapNode(ops.op_attr_owner(nodeId(this)));
    }
    get specified() {
      nodeId(this);
      return true;
    }
  }
  realm.include(realm.QualifiedName, [Attr]);
  realm.expose({ Attr });
  const attrArgument = (value, context) => {
    if (!realm.isNode(value) || ops.op_node_type(nodeId(value)) !== 2) throw new TypeError(`${context}: the argument is not of type 'Attr'`);
    return nodeId(value);
  };
  realm.attrArgument = attrArgument;

  // The wrapper of the attribute at a place in the list of an element; null if there is none.
  const at = (id, index) => {
    if (index < 0 || index >= ops.op_element_attribute_count(id)) return null;
    return wrapNode(realm.check(ops.op_element_attribute_node(id, index)));
  };
  const byName = (id, name) => at(id, ops.op_element_attribute_index(id, name));
  const byNameNS = (id, namespace, name) => at(id, ops.op_element_attribute_index_ns(id, namespace, name));
  // <https://dom.spec.whatwg.org/#concept-element-attributes-set>
  const set = (id, attr, context) => {
    const attrId = attrArgument(attr, context);
    const old = wrapNode(realm.check(ops.op_element_set_attribute_node(id, attrId)));
    mutated(ops.op_tree_pending());
    realm.attributeChanged(wrapNode(id), ops.op_node_name(attrId));
    return old;
  };
  const remove = (id, attr) => {
    const name = ops.op_node_name(nodeId(attr));
    mutated(ops.op_element_remove_attribute_node(id, nodeId(attr)));
    realm.attributeChanged(wrapNode(id), name);
    return attr;
  };
  realm.attributeNodes = { byName, byNameNS, set, remove };

  // The element's id, kept as a list's ids are: a function on the proxy and on its target.
  const elementOf = (map) => {
    if (!List.has(map)) throw new TypeError("Illegal invocation");
    return List.ids(map);
  };
  class NamedNodeMap {
    constructor() {
      throw realm.illegalConstructor("NamedNodeMap");
    }
    get length() {
      return ops.op_element_attribute_count(elementOf(this));
    }
    item(index) {
      webidl.requireArguments(arguments.length, 1, "'item' on 'NamedNodeMap'");
      return at(elementOf(this), webidl.unsignedLong(index));
    }
    getNamedItem(qualifiedName) {
      webidl.requireArguments(arguments.length, 1, "'getNamedItem' on 'NamedNodeMap'");
      return byName(elementOf(this), webidl.DOMString(qualifiedName));
    }
    getNamedItemNS(namespace, localName) {
      webidl.requireArguments(arguments.length, 2, "'getNamedItemNS' on 'NamedNodeMap'");
      return byNameNS(elementOf(this), webidl.nullableDOMString(namespace) ?? "", webidl.DOMString(localName));
    }
    setNamedItem(attr) {
      webidl.requireArguments(arguments.length, 1, "'setNamedItem' on 'NamedNodeMap'");
      return set(elementOf(this), attr, "setNamedItem");
    }
    setNamedItemNS(attr) {
      webidl.requireArguments(arguments.length, 1, "'setNamedItemNS' on 'NamedNodeMap'");
      return set(elementOf(this), attr, "setNamedItemNS");
    }
    removeNamedItem(qualifiedName) {
      webidl.requireArguments(arguments.length, 1, "'removeNamedItem' on 'NamedNodeMap'");
      const id = elementOf(this);
      const attr = byName(id, webidl.DOMString(qualifiedName));
      if (attr === null) throw new realm.DOMException("The element has no such attribute", "NotFoundError");
      return remove(id, attr);
    }
    removeNamedItemNS(namespace, localName) {
      webidl.requireArguments(arguments.length, 2, "'removeNamedItemNS' on 'NamedNodeMap'");
      const id = elementOf(this);
      const attr = byNameNS(id, webidl.nullableDOMString(namespace) ?? "", webidl.DOMString(localName));
      if (attr === null) throw new realm.DOMException("The element has no such attribute", "NotFoundError");
      return remove(id, attr);
    }
  }
  realm.expose({ NamedNodeMap });
  realm.borrowIterable(NamedNodeMap, []);

  // <https://dom.spec.whatwg.org/#namednodemap>: named properties are not enumerable; for HTML, names with capitals do not count.
  const names = (id) => {
    const all = [...new realm.primordials.Set(ops.op_element_attribute_names(id))];
    const isHtml = ops.op_element_namespace(id) === "http://www.w3.org/1999/xhtml" && ops.op_document_is_html(ops.op_node_document(id));
    return isHtml ? all.filter((name) => name.toLowerCase() === name) : all;
  };
  const named = (target, key) => (Reflect.has(target, key) || !names(List.ids(target)).includes(key) ? null : byName(List.ids(target), key));
  const lookup = (target, key) => {
    const index = realm.arrayIndex(key);
    return index >= 0 ? at(List.ids(target), index) : named(target, key);
  };
  const handler = {
    get(target, key, receiver) {
      if (typeof key === "string" && !Reflect.has(target, key)) return lookup(target, key) ?? undefined;
      return Reflect.get(target, key, receiver);
    },
    has: (target, key) => Reflect.has(target, key) || (typeof key === "string" && lookup(target, key) !== null),
    getOwnPropertyDescriptor(target, key) {
      if (typeof key === "string") {
        const value = lookup(target, key);
        if (value !== null) return { value, writable: false, enumerable: realm.arrayIndex(key) >= 0, configurable: true };
      }
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
    ownKeys(target) {
      const id = List.ids(target);
      const keys = [];
      for (let i = 0; i < ops.op_element_attribute_count(id); i++) keys.push(String(i));
      for (const key of [...names(id).filter((name) => !Reflect.has(target, name)), ...Reflect.ownKeys(target)]) if (!keys.includes(key)) keys.push(key);
      return keys;
    },
    defineProperty: (target, key, descriptor) =>
      typeof key === "string" && (realm.arrayIndex(key) >= 0 || named(target, key) !== null) ? false : Reflect.defineProperty(target, key, descriptor),
    set: (target, key, value, receiver) =>
      typeof key === "string" && (realm.arrayIndex(key) >= 0 || named(target, key) !== null) ? false : Reflect.set(target, key, value, receiver),
    deleteProperty: (target, key) => (typeof key === "string" && lookup(target, key) !== null ? false : Reflect.deleteProperty(target, key)),
    preventExtensions: () => false,
  };
  realm.namedNodeMap = (id) => {
    const element = () => id;
    const target = Object.create(NamedNodeMap.prototype);
    new List(target, element);
    const map = new Proxy(target, handler);
    new List(map, element);
    return map;
  };
}
