// The mixins ParentNode, ChildNode, NonDocumentTypeChildNode and NonElementParentNode. <https://dom.spec.whatwg.org/#mixin-parentnode>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, nodeId, mutated, wrapNode, links, versions } = realm;

  // Puts the members of a mixin on the prototypes that include it.
  const include = (mixin, classes) => {
    for (const Class of classes) {
      for (const name of Object.getOwnPropertyNames(mixin)) {
        const descriptor = Object.getOwnPropertyDescriptor(mixin, name);
        descriptor.enumerable = true;
        Object.defineProperty(Class.prototype, name, descriptor);
      }
    }
  };
  realm.include = include;

  // [CEReactions]: several nodes are several ops, and custom elements are told at the end.
  const together = (nodes, steps) => (nodes.length > 1 && realm.hasDefinitions() ? realm.ceReactions(steps) : steps());
  // Inserts nodes as one, and gives back the fragment they came in.
  const insert = (parent, nodes, before) =>
    together(nodes, () => {
      const node = realm.nodesToNode(ops.op_node_document(parent), nodes);
      mutated(ops.op_node_insert_before(parent, node, before()));
      if (nodes.length !== 1) ops.op_node_reclaim(node);
    });
  let found = null;
  const queryAll = (id, selectors) => {
    found ??= new realm.primordials.Uint32Array(256);
    let count = realm.check(ops.op_query_selector_all(id, selectors, found));
    if (count > found.length) {
      found = new realm.primordials.Uint32Array(count);
      count = realm.check(ops.op_query_selector_all(id, selectors, found));
    }
    return realm.staticList(found, count);
  };
  realm.ParentNode = {
    get children() {
      const id = nodeId(this);
      return realm.sameObject(this, "children", () => realm.collectionOf(id, "children"));
    },
    get firstElementChild() {
      return wrapNode(links.firstElement(nodeId(this)));
    },
    get lastElementChild() {
      return wrapNode(links.lastElement(nodeId(this)));
    },
    get childElementCount() {
      return ops.op_element_child_count(nodeId(this));
    },
    prepend(...nodes) {
      const id = nodeId(this);
      insert(id, nodes, () => ops.op_node_first_child(id));
    },
    append(...nodes) {
      const id = nodeId(this);
      insert(id, nodes, () => 0);
    },
    replaceChildren(...nodes) {
      const id = nodeId(this);
      together(nodes, () => {
        mutated(ops.op_node_replace_children(id, realm.nodesToNode(ops.op_node_document(id), nodes)));
      });
    },
    moveBefore(node, child) {
      const id = nodeId(this);
      webidl.requireArguments(arguments.length, 2, "'moveBefore'");
      const moved = realm.nodeArgument(node, "moveBefore");
      mutated(ops.op_node_move_before(id, moved, realm.nullableNodeArgument(child, "moveBefore")));
    },
    querySelector(selectors) {
      webidl.requireArguments(arguments.length, 1, "'querySelector'");
      return wrapNode(realm.check(ops.op_query_selector(nodeId(this), webidl.DOMString(selectors))));
    },
    querySelectorAll(selectors) {
      webidl.requireArguments(arguments.length, 1, "'querySelectorAll'");
      return queryAll(nodeId(this), webidl.DOMString(selectors));
    },
  };

  // The siblings that are not among the nodes to be inserted; ids. <https://dom.spec.whatwg.org/#concept-viable-next-sibling>
  const viable = (id, step, nodes) => {
    const given = nodes.filter(realm.isNode).map(nodeId);
    let sibling = step(id);
    while (sibling !== 0 && given.includes(sibling)) sibling = step(sibling);
    return sibling;
  };
  const next = links.nextSibling;
  const previous = links.previousSibling;
  realm.ChildNode = {
    before(...nodes) {
      const id = nodeId(this);
      const parent = ops.op_node_parent(id);
      if (parent === 0) return;
      together(nodes, () => {
        const sibling = viable(id, previous, nodes);
        const node = realm.nodesToNode(ops.op_node_document(id), nodes);
        mutated(ops.op_node_insert_before(parent, node, sibling === 0 ? ops.op_node_first_child(parent) : ops.op_node_next_sibling(sibling)));
      });
    },
    after(...nodes) {
      const id = nodeId(this);
      const parent = ops.op_node_parent(id);
      if (parent === 0) return;
      together(nodes, () => {
        const sibling = viable(id, next, nodes);
        mutated(ops.op_node_insert_before(parent, realm.nodesToNode(ops.op_node_document(id), nodes), sibling));
      });
    },
    replaceWith(...nodes) {
      const id = nodeId(this);
      const parent = ops.op_node_parent(id);
      if (parent === 0) return;
      together(nodes, () => {
        const sibling = viable(id, next, nodes);
        const node = realm.nodesToNode(ops.op_node_document(id), nodes);
        if (ops.op_node_parent(id) === parent) mutated(ops.op_node_replace_child(parent, node, id));
        else mutated(ops.op_node_insert_before(parent, node, sibling));
      });
    },
    remove() {
      const id = nodeId(this);
      if (ops.op_node_parent(id) !== 0) mutated(ops.op_node_remove(id));
    },
  };

  realm.NonDocumentTypeChildNode = {
    get previousElementSibling() {
      return wrapNode(links.previousElement(nodeId(this)));
    },
    get nextElementSibling() {
      return wrapNode(links.nextElement(nodeId(this)));
    },
  };

  // OPTIMIZATION: what the ids of one document name is remembered until an id changes. QuickJS's script cannot see that.
  const MOST_NAMES = 65_536;
  const named = realm.bareMap();
  let namedIn = 0;
  let namedVersion = 0;
  const elementById = (root, name) => {
    const isKnown = root === namedIn && versions.ids() === namedVersion;
    return (isKnown ? named.get(name) : undefined) ?? lookUp(root, name, isKnown);
  };
  const lookUp = (root, name, isKnown) => {
    const id = ops.op_element_by_id(root, name);
    if (isKnown && named.size < MOST_NAMES) {
      named.set(name, id);
    } else if (versions.ids !== undefined && links.type(root) === 9) {
      namedIn = root;
      namedVersion = versions.ids();
      if (named.size > 0) named.clear();
    }
    return id;
  };
  realm.NonElementParentNode = {
    getElementById(elementId) {
      webidl.requireArguments(arguments.length, 1, "'getElementById'");
      return wrapNode(elementById(nodeId(this), webidl.DOMString(elementId)));
    },
  };
  realm.unscopableParent = ["prepend", "append", "replaceChildren"];
  realm.unscopableChild = ["before", "after", "replaceWith", "remove"];
}
