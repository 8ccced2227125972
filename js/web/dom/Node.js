// Node, and the wrappers of all nodes. <https://dom.spec.whatwg.org/#interface-node>
(realm) => {
  "use strict";
  const { Object, TypeError, Promise, promiseThen, Uint32Array } = realm.primordials;
  const { ops, shared, webidl, EventTarget } = realm;
  const { Stamp } = shared;
  const create = Object.create;

  if (shared.Slots === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // Holds the wrapper that an object belongs to.
    class Keeper extends Override {
      #owner;
      constructor(object, owner) {
        super(object);
        this.#owner = owner;
      }
      static keep(object, owner) {
        if (!(#owner in object)) new Keeper(object, owner);
      }
    }
    // OPTIMIZATION: with the usual names in place, the object is no dictionary.
    class Table {
      classList = undefined;
      childNodes = undefined;
      children = undefined;
      attributes = undefined;
      style = undefined;
      dataset = undefined;
    }
    Object.setPrototypeOf(Table.prototype, null);
    delete Table.prototype.constructor;
    // Objects that belong to a wrapper and are made once (childNodes, classList ...), and state of elements that is not in the tree.
    shared.Slots = class Slots extends Override {
      #slots;
      constructor(object) {
        super(object);
        this.#slots = new Table();
      }
      static of(object) {
        if (!(#slots in object)) new Slots(object);
        return object.#slots;
      }
      static Keeper = Keeper;
      // What a list of nodes holds; see NodeList.js.
      static has(object) {
        return typeof object === "object" && object !== null && #slots in object;
      }
    };
  }
  const { Slots, wrappers } = shared;
  realm.slots = Slots.of;
  // What is made once for a wrapper keeps it, as it names the node by its id.
  realm.sameObject = (object, name, make) => {
    const slots = Slots.of(object);
    const known = slots[name];
    if (known !== undefined) return known;
    const made = make();
    slots[name] = made;
    if (typeof made === "object" && made !== null) Slots.Keeper.keep(made, object);
    return made;
  };

  // The links of nodes, by id. OPTIMIZATION: where script is compiled, a look at the tree's own table costs less than a call. Its blocks
  // have 1,024 nodes of eight numbers, see dom/src/node/links.rs; no page gets hold of one.
  const PARENT = 0;
  const FIRST_CHILD = 1;
  const LAST_CHILD = 2;
  const PREVIOUS_SIBLING = 3;
  const NEXT_SIBLING = 4;
  const DOCUMENT = 5;
  const FACTS = 7;
  const tables = (shared.linkTables ??= realm.bareArray());
  const loadTable = (block) => {
    while (tables.length <= block) tables[tables.length] = null;
    tables[block] = ops.op_node_link_table(block);
    return tables[block];
  };
  // OPTIMIZATION: the next node is mostly in the same block, which the processor guesses before it knows the id.
  let lastBlock = -1;
  let lastTable = null;
  const turnTo = (block) => {
    const known = block < tables.length ? tables[block] : null;
    lastTable = known === null ? loadTable(block) : known;
    lastBlock = block;
  };
  const link = (id, word) => {
    const block = id >>> 10;
    if (block !== lastBlock) turnTo(block);
    return lastTable[((id & 1023) << 3) | word];
  };
  // The first element from `id` on, 0 for none.
  const nextElementFrom = (id) => {
    while (id !== 0 && (link(id, FACTS) & 15) !== 1) id = link(id, NEXT_SIBLING);
    return id;
  };
  const previousElementFrom = (id) => {
    while (id !== 0 && (link(id, FACTS) & 15) !== 1) id = link(id, PREVIOUS_SIBLING);
    return id;
  };
  const links =
    realm.engine === "v8"
      ? {
          __proto__: null,
          parent: (id) => link(id, PARENT),
          firstChild: (id) => link(id, FIRST_CHILD),
          lastChild: (id) => link(id, LAST_CHILD),
          previousSibling: (id) => link(id, PREVIOUS_SIBLING),
          nextSibling: (id) => link(id, NEXT_SIBLING),
          document: (id) => link(id, DOCUMENT),
          type: (id) => link(id, FACTS) & 15,
          parentElement: (id) => {
            const parent = link(id, PARENT);
            return parent !== 0 && (link(parent, FACTS) & 15) === 1 ? parent : 0;
          },
          firstElement: (id) => nextElementFrom(link(id, FIRST_CHILD)),
          lastElement: (id) => previousElementFrom(link(id, LAST_CHILD)),
          previousElement: (id) => previousElementFrom(link(id, PREVIOUS_SIBLING)),
          nextElement: (id) => nextElementFrom(link(id, NEXT_SIBLING)),
        }
      : {
          __proto__: null,
          parent: (id) => ops.op_node_parent(id),
          firstChild: (id) => ops.op_node_first_child(id),
          lastChild: (id) => ops.op_node_last_child(id),
          previousSibling: (id) => ops.op_node_previous_sibling(id),
          nextSibling: (id) => ops.op_node_next_sibling(id),
          document: (id) => ops.op_node_document(id),
          type: (id) => ops.op_node_type(id),
          parentElement: (id) => ops.op_node_parent_element(id),
          firstElement: (id) => ops.op_element_first_element(id),
          lastElement: (id) => ops.op_element_last_element(id),
          previousElement: (id) => ops.op_element_previous_element(id),
          nextElement: (id) => ops.op_element_next_element(id),
        };
  realm.links = links;

  // Numbers that are others whenever the tree has changed: its structure and text; attributes as well; what ids name, which QuickJS's
  // script cannot see. OPTIMIZATION: V8's reads what the tree counts, see dom/src/versions.rs.
  let counts = null;
  const count = (word) => (counts ??= ops.op_tree_version_table())[word];
  realm.versions =
    realm.engine === "v8"
      ? {
          __proto__: null,
          structure: () => count(0) >>> 0,
          all: () => (count(0) + count(1)) >>> 0,
          ids: () => count(2),
        }
      : {
          __proto__: null,
          structure: () => ops.op_tree_structure_version(),
          all: () => ops.op_tree_version(),
          ids: undefined,
        };

  // Wrappers. The prototype comes from the realm of the node's document; a document without a window belongs to who asks first, which
  // its wrapper remembers: no realm of another origin may get hold of its nodes.
  const interfaceNames = ops.op_interface_names();
  const prototypes = [];
  const prototypeOf = (number) => (prototypes[number] ??= (realm.interfaces[interfaceNames[number]] ?? realm.interfaces.HTMLElement).prototype);
  realm.prototypeOf = prototypeOf;
  // Interfaces whose wrappers are more than an object with a prototype: form controls by name, a document's location.
  realm.wrapperMakers = { __proto__: null };
  // { prototype, make } by number of the interface.
  const recipes = [];
  const makeRecipe = (number) => {
    const recipe = { prototype: prototypeOf(number), make: realm.wrapperMakers[interfaceNames[number]] };
    while (recipes.length <= number) recipes.push(undefined);
    recipes[number] = recipe;
    return recipe;
  };
  realm.wrapperRecipe = (number) => recipes[number] ?? makeRecipe(number);
  const homeOf = (document, id) => {
    const home = shared.documentRealms.get(document);
    if (home !== undefined) return home;
    return document === id ? realm : (Slots.of(wrapNode(document)).home ?? realm);
  };
  const makeWrapper = (id) => {
    const answer = ops.op_node_wrap(id);
    if (answer & 0x10000 || shared.strengthened.length > 0) {
      realm.restoreWrappers();
      if (wrappers[id] !== undefined) return wrappers[id];
    }
    return newWrapper(id, answer);
  };
  // OPTIMIZATION: what makes a node for script at once says in one number which node that is, and from bit 28 on what `op_node_wrap`
  // would answer.
  realm.wrapNewNode = (made) => {
    if (made < 0) realm.throwLastError();
    const answer = (made / 0x10000000) | 0;
    if (answer & 0x10000 || shared.strengthened.length > 0) realm.restoreWrappers();
    return newWrapper(made & 0xfffffff, answer);
  };
  const newWrapper = (id, answer) => {
    const number = answer & 0xffff;
    // OPTIMIZATION: most agents have one window.
    const home = shared.realms.length > 1 ? homeOf(ops.op_node_document(id), id) : realm;
    const recipe = home.wrapperRecipe(number);
    const plain = create(recipe.prototype);
    const wrapper = recipe.make === undefined ? plain : recipe.make(plain, id);
    new Stamp(wrapper, id, answer >>> 20);
    if (home === realm && shared.realms.length > 1 && ops.op_node_document(id) === id) Slots.of(wrapper).home = realm;
    // OPTIMIZATION: the array stays without gaps, so that it stays fast.
    while (wrappers.length < id) wrappers.push(undefined);
    wrappers[id] = wrapper;
    return wrapper;
  };
  const wrapNode = (id) => {
    const known = wrappers[id];
    return known !== undefined ? known : makeWrapper(id);
  };
  realm.wrapNode = wrapNode;
  // A wrapper of another prototype than the node's kind has (XMLDocument).
  realm.wrapNodeAs = (id, Class) => {
    const wrapper = wrapNode(id);
    Object.setPrototypeOf(wrapper, Class.prototype);
    return wrapper;
  };
  realm.wrapNodes = (ids) => {
    const nodes = [];
    for (let i = 0; i < ids.length; i++) nodes[i] = wrapNode(ids[i]);
    return nodes;
  };

  const illegal = () => {
    throw new TypeError("Illegal invocation");
  };
  // The id of `this`.
  const idOf = (object) => {
    const id = Stamp.node(object);
    if (id === 0) illegal();
    return id;
  };
  realm.nodeId = idOf;
  const calls = [links.parent, links.firstChild, links.lastChild, links.previousSibling, links.nextSibling];
  // The node that a link of `object` leads to. OPTIMIZATION: all in one function, for walks are worth the compiler's time.
  const linked =
    realm.engine === "v8"
      ? (object, word) => {
          const id = Stamp.node(object);
          if (id === 0) illegal();
          const block = id >>> 10;
          if (block !== lastBlock) turnTo(block);
          const found = lastTable[((id & 1023) << 3) | word];
          const known = wrappers[found];
          return known !== undefined ? known : makeWrapper(found);
        }
      : (object, word) => wrapNode(calls[word](idOf(object)));
  realm.isNode = (value) => Stamp.has(value) && Stamp.id(value) !== 0;
  // The id of an argument of type Node.
  const nodeArgument = (value, context) => {
    const id = Stamp.node(value);
    if (id === 0) throw new TypeError(`${context}: the argument is not of type 'Node'`);
    return id;
  };
  const nullableNodeArgument = (value, context) => (value === null || value === undefined ? 0 : nodeArgument(value, context));
  const isElement = (value) => Stamp.has(value) && Stamp.type(value) === 1;
  const elementArgument = (value, context) => {
    if (!isElement(value)) throw new TypeError(`${context}: the argument is not of type 'Element'`);
    return Stamp.id(value);
  };
  realm.nodeArgument = nodeArgument;
  realm.nullableNodeArgument = nullableNodeArgument;
  realm.elementArgument = elementArgument;
  realm.isElement = isElement;
  // The id of `this` if it is an element of HTML named so.
  realm.isHtmlElement = (value, name) => {
    if (!isElement(value)) return false;
    const id = Stamp.id(value);
    return ops.op_element_local_name(id) === name && ops.op_element_namespace(id) === "http://www.w3.org/1999/xhtml";
  };

  // Answered by the fast forms of ops, which take ASCII only.
  const notAscii = -0x80000000;
  realm.createText = (documentId, text) => {
    const made = ops.op_document_create_ascii_text(documentId, text);
    return realm.check(made !== 0 ? made : ops.op_document_create_text(documentId, text));
  };
  realm.setText = (id, text) => {
    const result = ops.op_text_set_ascii_data(id, text);
    mutated(result === notAscii ? ops.op_text_set_data(id, text) : result);
  };
  // `getAttribute()`. Strings of values are kept in a ring, whose places the tree knows.
  const values = shared.agent.attributeValues;
  const cachesValues = realm.engine === "v8";
  realm.getAttribute = (id, name) => {
    if (!cachesValues) return ops.op_element_get_attribute(id, name);
    const place = ops.op_element_attribute_slot(id, name);
    if (place > 0) return values[place];
    if (place === 0) return null;
    const value = ops.op_element_get_attribute(id, name);
    if (place < -1) {
      const index = -1 - place;
      while (values.length < index) values[values.length] = "";
      values[index] = value;
    }
    return value;
  };

  // After a mutation: see js/src/ops/node.rs.
  const mutated = (result) => {
    if (result === 0) return;
    if (result < 0) realm.throwLastError();
    if (result & 16) realm.restoreWrappers();
    if (result & 32) realm.updateNamedProperties();
    if (result & 2) queueObservers();
    if (result & 8) realm.customElementReactions(result & 1 ? runEffects : undefined);
    else if (result & 1) runEffects();
    if (result & 32) realm.frameNamesChanged();
  };
  const runEffects = () => realm.outsideBracket(() => ops.op_run_effects(realm.windowId));
  realm.mutated = mutated;
  // <https://dom.spec.whatwg.org/#queue-a-mutation-observer-compound-microtask>
  const queueObservers = () => {
    if (shared.agent.observersQueued) return;
    shared.agent.observersQueued = true;
    promiseThen(Promise.resolve(), () => realm.notifyMutationObservers());
  };
  // For mutations of the parser, whose checkpoint is about to come.
  realm.entry.queueMutationObservers = queueObservers;

  // <https://dom.spec.whatwg.org/#converting-nodes-into-a-node>. Gives an id; 0 for no nodes.
  realm.nodesToNode = (documentId, values) => {
    const ids = [];
    for (const value of values) {
      ids.push(realm.isNode(value) ? Stamp.id(value) : realm.createText(documentId, webidl.DOMString(value)));
    }
    if (ids.length === 1) return ids[0];
    const fragment = realm.check(ops.op_document_create_fragment(documentId));
    for (const id of ids) mutated(ops.op_node_append(fragment, id));
    return fragment;
  };

  // OPTIMIZATION: many ids cross in a typed array, which costs nothing for each.
  const childIds = (id) => {
    let ids = new Uint32Array(16);
    const count = ops.op_node_fill_children(id, ids);
    if (count > ids.length) {
      ids = new Uint32Array(count);
      ops.op_node_fill_children(id, ids);
      return ids;
    }
    const few = [];
    for (let i = 0; i < count; i++) few[i] = ids[i];
    return few;
  };

  class Node extends EventTarget {
    constructor() {
      throw realm.illegalConstructor("Node");
    }
    get nodeType() {
      const type = Stamp.nodeType(this);
      if (type === 0) throw new TypeError("Illegal invocation");
      return type;
    }
    get nodeName() {
      return ops.op_node_name(idOf(this));
    }
    get baseURI() {
      return ops.op_document_base_url(ops.op_node_document(idOf(this)));
    }
    get isConnected() {
      return ops.op_node_is_connected(idOf(this));
    }
    get ownerDocument() {
      const id = idOf(this);
      const document = links.document(id);
      return document === id ? null : wrapNode(document);
    }
    getRootNode(options = undefined) {
      const id = idOf(this);
      const composed = options !== undefined && !!webidl.dictionary(options, "getRootNode").composed;
      return wrapNode(composed ? ops.op_shadow_including_root(id) : ops.op_node_root(id));
    }
    get parentNode() {
      return linked(this, PARENT);
    }
    get parentElement() {
      return wrapNode(links.parentElement(idOf(this)));
    }
    hasChildNodes() {
      return links.firstChild(idOf(this)) !== 0;
    }
    get childNodes() {
      const id = idOf(this);
      return realm.sameObject(this, "childNodes", () => realm.liveList(realm.NodeList, () => childIds(id), "structure"));
    }
    get firstChild() {
      return linked(this, FIRST_CHILD);
    }
    get lastChild() {
      return linked(this, LAST_CHILD);
    }
    get previousSibling() {
      return linked(this, PREVIOUS_SIBLING);
    }
    get nextSibling() {
      return linked(this, NEXT_SIBLING);
    }
    get nodeValue() {
      const id = idOf(this);
      return ops.op_node_type(id) === 2 ? ops.op_attr_value(id) : ops.op_text_data(id);
    }
    set nodeValue(value) {
      const id = idOf(this);
      const text = value === null || value === undefined ? "" : webidl.DOMString(value);
      const type = ops.op_node_type(id);
      if (type === 2) mutated(ops.op_attr_set_value(id, text));
      else if (type === 3 || type === 4 || type === 7 || type === 8) realm.setText(id, text);
    }
    get textContent() {
      return ops.op_node_text_content(idOf(this));
    }
    set textContent(value) {
      const id = idOf(this);
      const text = value === null || value === undefined ? "" : webidl.DOMString(value);
      const result = ops.op_node_set_ascii_text_content(id, text);
      mutated(result === notAscii ? ops.op_node_set_text_content(id, text) : result);
    }
    normalize() {
      mutated(ops.op_node_normalize(idOf(this)));
    }
    cloneNode(deep = false) {
      const id = idOf(this);
      const copy = realm.check(ops.op_node_clone(id, 0, !!deep));
      // A document's copy is of the same interface.
      const isXml = ops.op_node_type(id) === 9 && realm.XMLDocument.prototype.isPrototypeOf(this);
      const clone = isXml ? realm.wrapNodeAs(copy, realm.XMLDocument) : wrapNode(copy);
      realm.cloned?.(this, clone, !!deep);
      if (realm.hasDefinitions()) realm.customElementReactions();
      return clone;
    }
    isEqualNode(other) {
      webidl.requireArguments(arguments.length, 1, "'isEqualNode' on 'Node'");
      const otherId = nullableNodeArgument(other, "isEqualNode");
      return ops.op_node_is_equal(idOf(this), otherId);
    }
    isSameNode(other) {
      webidl.requireArguments(arguments.length, 1, "'isSameNode' on 'Node'");
      return nullableNodeArgument(other, "isSameNode") === idOf(this);
    }
    compareDocumentPosition(other) {
      webidl.requireArguments(arguments.length, 1, "'compareDocumentPosition' on 'Node'");
      return ops.op_node_compare_position(idOf(this), nodeArgument(other, "compareDocumentPosition"));
    }
    contains(other) {
      webidl.requireArguments(arguments.length, 1, "'contains' on 'Node'");
      return ops.op_node_contains(idOf(this), nullableNodeArgument(other, "contains"));
    }
    lookupPrefix(namespace) {
      webidl.requireArguments(arguments.length, 1, "'lookupPrefix' on 'Node'");
      return ops.op_node_lookup_prefix(idOf(this), webidl.nullableDOMString(namespace) ?? "");
    }
    lookupNamespaceURI(prefix) {
      webidl.requireArguments(arguments.length, 1, "'lookupNamespaceURI' on 'Node'");
      return ops.op_node_lookup_namespace(idOf(this), webidl.nullableDOMString(prefix) ?? "");
    }
    isDefaultNamespace(namespace) {
      webidl.requireArguments(arguments.length, 1, "'isDefaultNamespace' on 'Node'");
      const given = webidl.nullableDOMString(namespace) ?? "";
      return (ops.op_node_lookup_namespace(idOf(this), "") ?? "") === given;
    }
    insertBefore(node, child) {
      webidl.requireArguments(arguments.length, 2, "'insertBefore' on 'Node'");
      const nodeId = nodeArgument(node, "insertBefore");
      const childId = nullableNodeArgument(child, "insertBefore");
      mutated(ops.op_node_insert_before(idOf(this), nodeId, childId));
      return node;
    }
    appendChild(node) {
      webidl.requireArguments(arguments.length, 1, "'appendChild' on 'Node'");
      mutated(ops.op_node_append(idOf(this), nodeArgument(node, "appendChild")));
      return node;
    }
    replaceChild(node, child) {
      webidl.requireArguments(arguments.length, 2, "'replaceChild' on 'Node'");
      const nodeId = nodeArgument(node, "replaceChild");
      const childId = nodeArgument(child, "replaceChild");
      mutated(ops.op_node_replace_child(idOf(this), nodeId, childId));
      return child;
    }
    removeChild(child) {
      webidl.requireArguments(arguments.length, 1, "'removeChild' on 'Node'");
      mutated(ops.op_node_remove_child(idOf(this), nodeArgument(child, "removeChild")));
      return child;
    }
  }
  realm.expose({ Node });
  realm.constants(Node, {
    ELEMENT_NODE: 1,
    ATTRIBUTE_NODE: 2,
    TEXT_NODE: 3,
    CDATA_SECTION_NODE: 4,
    ENTITY_REFERENCE_NODE: 5,
    ENTITY_NODE: 6,
    PROCESSING_INSTRUCTION_NODE: 7,
    COMMENT_NODE: 8,
    DOCUMENT_NODE: 9,
    DOCUMENT_TYPE_NODE: 10,
    DOCUMENT_FRAGMENT_NODE: 11,
    NOTATION_NODE: 12,
    DOCUMENT_POSITION_DISCONNECTED: 0x01,
    DOCUMENT_POSITION_PRECEDING: 0x02,
    DOCUMENT_POSITION_FOLLOWING: 0x04,
    DOCUMENT_POSITION_CONTAINS: 0x08,
    DOCUMENT_POSITION_CONTAINED_BY: 0x10,
    DOCUMENT_POSITION_IMPLEMENTATION_SPECIFIC: 0x20,
  });
}
