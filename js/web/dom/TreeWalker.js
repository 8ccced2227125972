// NodeFilter, TreeWalker and NodeIterator: walks that ask a filter of the page. <https://dom.spec.whatwg.org/#traversal>
(realm) => {
  "use strict";
  const { Object, TypeError, Reflect } = realm.primordials;
  const { ops, shared, webidl, nodeId, wrapNode, links } = realm;
  const { FinalizationRegistry } = realm.global;

  // A legacy callback interface object: constants only. <https://webidl.spec.whatwg.org/#legacy-callback-interface-object>
  const NodeFilter = {
    NodeFilter() {
      throw realm.illegalConstructor("NodeFilter");
    },
  }.NodeFilter;
  const constants = {
    FILTER_ACCEPT: 1,
    FILTER_REJECT: 2,
    FILTER_SKIP: 3,
    SHOW_ALL: 0xffffffff,
    SHOW_ELEMENT: 0x1,
    SHOW_ATTRIBUTE: 0x2,
    SHOW_TEXT: 0x4,
    SHOW_CDATA_SECTION: 0x8,
    SHOW_ENTITY_REFERENCE: 0x10,
    SHOW_ENTITY: 0x20,
    SHOW_PROCESSING_INSTRUCTION: 0x40,
    SHOW_COMMENT: 0x80,
    SHOW_DOCUMENT: 0x100,
    SHOW_DOCUMENT_TYPE: 0x200,
    SHOW_DOCUMENT_FRAGMENT: 0x400,
    SHOW_NOTATION: 0x800,
  };
  for (const name of Object.keys(constants)) Object.defineProperty(NodeFilter, name, { value: constants[name], enumerable: true });
  Object.defineProperty(realm.global, "NodeFilter", { value: NodeFilter, writable: true, enumerable: false, configurable: true });
  const ACCEPT = 1;
  const REJECT = 2;
  const SKIP = 3;

  if (shared.WalkState === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // { root, whatToShow, filter, active } and, of a walker, `current`, of an iterator, `number`.
    shared.WalkState = class WalkState extends Override {
      #state;
      constructor(object, state) {
        super(object);
        this.#state = state;
      }
      static of(object, kind) {
        if (typeof object !== "object" || object === null || !(#state in object) || object.#state.kind !== kind) return undefined;
        return object.#state;
      }
    };
    shared.freeIterators = new FinalizationRegistry((number) => ops.op_node_iterator_free(number));
  }
  const { WalkState } = shared;
  const walker = (object) => {
    const state = WalkState.of(object, "walker");
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };
  const iterator = (object) => {
    const state = WalkState.of(object, "iterator");
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };

  // <https://dom.spec.whatwg.org/#concept-node-filter>
  const filterNode = (state, id) => {
    // 1. Not from inside a filter.
    if (state.active) throw new realm.DOMException("The filter is being asked already", "InvalidStateError");
    // 2, 3. Kinds that are not shown.
    if (((state.whatToShow >>> (links.type(id) - 1)) & 1) === 0) return SKIP;
    // 4. No filter.
    if (state.filter === null) return ACCEPT;
    // 5-8. Ask it.
    state.active = true;
    try {
      const node = wrapNode(id);
      const { filter } = state;
      if (typeof filter === "function") return webidl.toInt(Reflect.apply(filter, undefined, [node]), 16, false);
      const method = filter.acceptNode;
      if (typeof method !== "function") throw new TypeError("The filter's acceptNode is not a function");
      return webidl.toInt(Reflect.apply(method, filter, [node]), 16, false);
    } finally {
      state.active = false;
    }
  };

  // <https://dom.spec.whatwg.org/#concept-traverse-children>
  const traverseChildren = (state, first) => {
    const child = (id) => (first ? links.firstChild(id) : links.lastChild(id));
    const sibling = (id) => (first ? links.nextSibling(id) : links.previousSibling(id));
    const root = nodeId(state.root);
    const start = nodeId(state.current);
    let node = child(start);
    while (node !== 0) {
      const result = filterNode(state, node);
      if (result === ACCEPT) return (state.current = wrapNode(node));
      if (result === SKIP) {
        const below = child(node);
        if (below !== 0) {
          node = below;
          continue;
        }
      }
      while (node !== 0) {
        const next = sibling(node);
        if (next !== 0) {
          node = next;
          break;
        }
        const parent = links.parent(node);
        if (parent === 0 || parent === root || parent === start) return null;
        node = parent;
      }
    }
    return null;
  };
  // <https://dom.spec.whatwg.org/#concept-traverse-siblings>
  const traverseSiblings = (state, next) => {
    const sibling = (id) => (next ? links.nextSibling(id) : links.previousSibling(id));
    const child = (id) => (next ? links.firstChild(id) : links.lastChild(id));
    const root = nodeId(state.root);
    let node = nodeId(state.current);
    if (node === root) return null;
    for (;;) {
      let beside = sibling(node);
      while (beside !== 0) {
        node = beside;
        const result = filterNode(state, node);
        if (result === ACCEPT) return (state.current = wrapNode(node));
        beside = child(node);
        if (result === REJECT || beside === 0) beside = sibling(node);
      }
      node = links.parent(node);
      if (node === 0 || node === root) return null;
      if (filterNode(state, node) === ACCEPT) return null;
    }
  };

  class TreeWalker {
    constructor() {
      throw realm.illegalConstructor("TreeWalker");
    }
    get root() {
      return walker(this).root;
    }
    get whatToShow() {
      return walker(this).whatToShow;
    }
    get filter() {
      return walker(this).filter;
    }
    get currentNode() {
      return walker(this).current;
    }
    set currentNode(node) {
      const state = walker(this);
      realm.nodeArgument(node, "currentNode");
      state.current = node;
    }
    // <https://dom.spec.whatwg.org/#dom-treewalker-parentnode>
    parentNode() {
      const state = walker(this);
      const root = nodeId(state.root);
      let node = nodeId(state.current);
      while (node !== 0 && node !== root) {
        node = links.parent(node);
        if (node !== 0 && filterNode(state, node) === ACCEPT) return (state.current = wrapNode(node));
      }
      return null;
    }
    firstChild() {
      return traverseChildren(walker(this), true);
    }
    lastChild() {
      return traverseChildren(walker(this), false);
    }
    previousSibling() {
      return traverseSiblings(walker(this), false);
    }
    nextSibling() {
      return traverseSiblings(walker(this), true);
    }
    // <https://dom.spec.whatwg.org/#dom-treewalker-previousnode>
    previousNode() {
      const state = walker(this);
      const root = nodeId(state.root);
      let node = nodeId(state.current);
      while (node !== root) {
        let sibling = links.previousSibling(node);
        while (sibling !== 0) {
          node = sibling;
          let result = filterNode(state, node);
          while (result !== REJECT && links.firstChild(node) !== 0) {
            node = links.lastChild(node);
            result = filterNode(state, node);
          }
          if (result === ACCEPT) return (state.current = wrapNode(node));
          sibling = links.previousSibling(node);
        }
        if (node === root) return null;
        const parent = links.parent(node);
        if (parent === 0) return null;
        node = parent;
        if (filterNode(state, node) === ACCEPT) return (state.current = wrapNode(node));
      }
      return null;
    }
    // <https://dom.spec.whatwg.org/#dom-treewalker-nextnode>
    nextNode() {
      const state = walker(this);
      const root = nodeId(state.root);
      let node = nodeId(state.current);
      let result = ACCEPT;
      for (;;) {
        while (result !== REJECT && links.firstChild(node) !== 0) {
          node = links.firstChild(node);
          result = filterNode(state, node);
          if (result === ACCEPT) return (state.current = wrapNode(node));
        }
        let sibling = 0;
        let temporary = node;
        while (temporary !== 0) {
          if (temporary === root) return null;
          sibling = links.nextSibling(temporary);
          if (sibling !== 0) {
            node = sibling;
            break;
          }
          temporary = links.parent(temporary);
        }
        if (sibling === 0) return null;
        result = filterNode(state, node);
        if (result === ACCEPT) return (state.current = wrapNode(node));
      }
    }
  }

  // <https://dom.spec.whatwg.org/#concept-nodeiterator-traverse>. The position is in Rust, where removals move it.
  const traverse = (state, forward) => {
    const root = nodeId(state.root);
    let node = ops.op_node_iterator_get(state.number, 0);
    let before = ops.op_node_iterator_get(state.number, 1) === 1;
    for (;;) {
      if (forward) {
        if (!before) {
          node = ops.op_node_following(root, node, false);
          if (node === 0) return null;
        } else before = false;
      } else if (before) {
        node = ops.op_node_preceding(root, node);
        if (node === 0) return null;
      } else before = true;
      if (filterNode(state, node) === ACCEPT) break;
    }
    ops.op_node_iterator_set(state.number, node, before);
    return wrapNode(node);
  };
  class NodeIterator {
    constructor() {
      throw realm.illegalConstructor("NodeIterator");
    }
    get root() {
      return iterator(this).root;
    }
    get referenceNode() {
      return wrapNode(ops.op_node_iterator_get(iterator(this).number, 0));
    }
    get pointerBeforeReferenceNode() {
      return ops.op_node_iterator_get(iterator(this).number, 1) === 1;
    }
    get whatToShow() {
      return iterator(this).whatToShow;
    }
    get filter() {
      return iterator(this).filter;
    }
    nextNode() {
      return traverse(iterator(this), true);
    }
    previousNode() {
      return traverse(iterator(this), false);
    }
    detach() {
      iterator(this);
    }
  }
  realm.expose({ TreeWalker, NodeIterator });

  realm.makeTreeWalker = (root, whatToShow, filter) =>
    new WalkState(Object.create(TreeWalker.prototype), { kind: "walker", root, whatToShow, filter, active: false, current: root });
  realm.makeNodeIterator = (root, whatToShow, filter) => {
    const number = realm.check(ops.op_node_iterator_create(nodeId(root)));
    const object = new WalkState(Object.create(NodeIterator.prototype), { kind: "iterator", root, whatToShow, filter, active: false, number });
    shared.freeIterators.register(object, number);
    return object;
  };
}
