// Selection: one range a document, without anything to show. <https://w3c.github.io/selection-api/#selection-interface>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { WeakSet } = realm.global;
  const { ops, shared, webidl, nodeId, wrapNode } = realm;
  const { requireArguments, unsignedLong } = webidl;

  // Shared by the realms. By selection: its document's id, the range or null, and whether it was made backwards.
  const states = (shared.selections ??= new WeakMap());
  const stateOf = (selection) => {
    const state = states.get(selection);
    if (state === undefined) throw new TypeError("Illegal invocation");
    // A range that left the document is no longer the selection's. <https://w3c.github.io/selection-api/#dfn-empty>
    if (state.range !== null && !inDocument(state, nodeId(state.range.startContainer))) state.range = null;
    return state;
  };
  // The state, if what is selected can be seen from the document: a range in a shadow tree is hidden.
  const visible = (selection) => {
    const state = stateOf(selection);
    if (state.range === null) return null;
    const isSeen = (node) => ops.op_node_root(nodeId(node)) === state.document;
    return isSeen(state.range.startContainer) && isSeen(state.range.endContainer) ? state : null;
  };
  const empty = () => new realm.DOMException("There is nothing selected", "InvalidStateError");
  // <https://dom.spec.whatwg.org/#concept-shadow-including-inclusive-ancestor>
  const inDocument = (state, id) => ops.op_node_is_connected(id) && ops.op_node_document(id) === state.document;
  const point = (node, offset, context) => {
    const id = realm.nodeArgument(node, context);
    if (ops.op_node_type(id) === 10) throw new realm.DOMException("A selection cannot end in a doctype", "InvalidNodeTypeError");
    if (offset > ops.op_node_length(id)) throw new realm.DOMException("The offset lies past the node's end", "IndexSizeError");
    return id;
  };
  // <https://w3c.github.io/selection-api/#dfn-schedule-a-selectionchange-event>; a text control's own bubbles.
  const scheduled = (shared.selectionChanges ??= new WeakSet());
  realm.scheduleSelectionChange = (target) => {
    // 1, 2. One at a time.
    if (scheduled.has(target)) return;
    scheduled.add(target);
    // 3. Later.
    realm.queueTask(() => {
      scheduled.delete(target);
      realm.fire(target, "selectionchange", { bubbles: realm.isElement(target) });
    });
  };
  const changed = (state) => realm.scheduleSelectionChange(wrapNode(state.document));
  // Ranges that are selected, with the state: script may move them.
  const selected = (shared.selectedRanges ??= new WeakMap());
  realm.selectedRangeMoved = (range) => {
    const state = selected.get(range);
    if (state !== undefined && state.range === range) changed(state);
  };
  const set = (state, range, direction) => {
    if (range !== null) selected.set(range, state);
    state.range = range;
    state.direction = direction;
    changed(state);
  };
  const newRange = (start, startOffset, end, endOffset) => {
    const range = realm.makeRange(nodeId(realm.document));
    range.setStart(start, startOffset);
    range.setEnd(end, endOffset);
    return range;
  };
  // Whether (a, i) comes after (b, j).
  const isAfter = (a, i, b, j) => newRange(b, j, b, j).comparePoint(a, i) > 0;
  const anchor = (state) => (state.direction === "backward" ? [state.range.endContainer, state.range.endOffset] : [state.range.startContainer, state.range.startOffset]);
  const focus = (state) => (state.direction === "backward" ? [state.range.startContainer, state.range.startOffset] : [state.range.endContainer, state.range.endOffset]);
  const between = (state, fromNode, fromOffset, toNode, toOffset) => {
    if (isAfter(fromNode, fromOffset, toNode, toOffset)) set(state, newRange(toNode, toOffset, fromNode, fromOffset), "backward");
    else set(state, newRange(fromNode, fromOffset, toNode, toOffset), "forward");
  };
  const collapse = (selection, node, offset) => {
    const state = stateOf(selection);
    // 1. Null empties it.
    if (node === null || node === undefined) {
      if (state.range !== null) set(state, null, "forward");
      return;
    }
    // 2, 3. A place that cannot be, or that is elsewhere.
    const at = unsignedLong(offset);
    const id = point(node, at, "collapse");
    if (!inDocument(state, id)) return;
    set(state, newRange(node, at, node, at), "forward");
  };

  class Selection {
    constructor() {
      throw realm.illegalConstructor("Selection");
    }
    get anchorNode() {
      const state = visible(this);
      return state === null ? null : anchor(state)[0];
    }
    get anchorOffset() {
      const state = visible(this);
      return state === null ? 0 : anchor(state)[1];
    }
    get focusNode() {
      const state = visible(this);
      return state === null ? null : focus(state)[0];
    }
    get focusOffset() {
      const state = visible(this);
      return state === null ? 0 : focus(state)[1];
    }
    get isCollapsed() {
      const state = stateOf(this);
      return state.range === null || state.range.collapsed;
    }
    get rangeCount() {
      return visible(this) === null ? 0 : 1;
    }
    get type() {
      const state = visible(this);
      return state === null ? "None" : state.range.collapsed ? "Caret" : "Range";
    }
    get direction() {
      const state = stateOf(this);
      return state.range === null || state.range.collapsed ? "none" : state.direction;
    }
    getRangeAt(index) {
      requireArguments(arguments.length, 1, "'getRangeAt' on 'Selection'");
      const state = visible(this);
      if (unsignedLong(index) !== 0 || state === null) throw new realm.DOMException("There is no such range", "IndexSizeError");
      return state.range;
    }
    addRange(range) {
      requireArguments(arguments.length, 1, "'addRange' on 'Selection'");
      const state = stateOf(this);
      if (!realm.Range.prototype.isPrototypeOf(range)) throw new TypeError("addRange: the argument is not a Range");
      if (state.range === null && inDocument(state, nodeId(range.startContainer))) set(state, range, "forward");
    }
    removeRange(range) {
      requireArguments(arguments.length, 1, "'removeRange' on 'Selection'");
      const state = stateOf(this);
      if (!realm.Range.prototype.isPrototypeOf(range)) throw new TypeError("removeRange: the argument is not a Range");
      if (state.range !== range) throw new realm.DOMException("The range is not selected", "NotFoundError");
      set(state, null, "forward");
    }
    removeAllRanges() {
      const state = stateOf(this);
      if (state.range !== null) set(state, null, "forward");
    }
    empty() {
      this.removeAllRanges();
    }
    collapse(node, offset = 0) {
      requireArguments(arguments.length, 1, "'collapse' on 'Selection'");
      collapse(this, node, offset);
    }
    setPosition(node, offset = 0) {
      requireArguments(arguments.length, 1, "'setPosition' on 'Selection'");
      collapse(this, node, offset);
    }
    collapseToStart() {
      const state = stateOf(this);
      if (state.range === null) throw empty();
      const { startContainer, startOffset } = state.range;
      set(state, newRange(startContainer, startOffset, startContainer, startOffset), "forward");
    }
    collapseToEnd() {
      const state = stateOf(this);
      if (state.range === null) throw empty();
      const { endContainer, endOffset } = state.range;
      set(state, newRange(endContainer, endOffset, endContainer, endOffset), "forward");
    }
    extend(node, offset = 0) {
      requireArguments(arguments.length, 1, "'extend' on 'Selection'");
      const state = stateOf(this);
      const at = unsignedLong(offset);
      const id = realm.nodeArgument(node, "extend");
      if (!inDocument(state, id)) return;
      if (state.range === null) throw empty();
      point(node, at, "extend");
      between(state, ...anchor(state), node, at);
    }
    setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset) {
      requireArguments(arguments.length, 4, "'setBaseAndExtent' on 'Selection'");
      const state = stateOf(this);
      const [from, to] = [unsignedLong(anchorOffset), unsignedLong(focusOffset)];
      const first = point(anchorNode, from, "setBaseAndExtent");
      const second = point(focusNode, to, "setBaseAndExtent");
      if (!inDocument(state, first) || !inDocument(state, second)) return;
      between(state, anchorNode, from, focusNode, to);
    }
    selectAllChildren(node) {
      requireArguments(arguments.length, 1, "'selectAllChildren' on 'Selection'");
      const state = stateOf(this);
      const id = realm.nodeArgument(node, "selectAllChildren");
      if (ops.op_node_type(id) === 10) throw new realm.DOMException("A doctype has no children", "InvalidNodeTypeError");
      if (!inDocument(state, id)) return;
      set(state, newRange(node, 0, node, ops.op_node_children(id).length), "forward");
    }
    deleteFromDocument() {
      const state = stateOf(this);
      if (state.range !== null) state.range.deleteContents();
    }
    containsNode(node, allowPartialContainment = false) {
      requireArguments(arguments.length, 1, "'containsNode' on 'Selection'");
      const state = stateOf(this);
      const id = realm.nodeArgument(node, "containsNode");
      if (state.range === null || !inDocument(state, id)) return false;
      const { range } = state;
      const parent = wrapNode(ops.op_node_parent(id));
      if (parent === null) return !!allowPartialContainment;
      if (allowPartialContainment) return range.intersectsNode(node);
      const index = ops.op_node_index(id);
      return range.comparePoint(parent, index) === 0 && range.comparePoint(parent, index + 1) === 0;
    }
    // <https://w3c.github.io/selection-api/#dom-selection-getcomposedranges>
    getComposedRanges(options = undefined) {
      const state = stateOf(this);
      const given = webidl.dictionary(options, "getComposedRanges").shadowRoots;
      const root = (value) => {
        const id = realm.isNode(value) ? nodeId(value) : 0;
        if (id === 0 || ops.op_shadow_host(id) === 0) throw new TypeError("getComposedRanges: a value of shadowRoots is not of type 'ShadowRoot'");
        return id;
      };
      const roots = given === undefined ? [] : webidl.sequence(given, root, "shadowRoots");
      // 1. Nothing selected.
      if (state.range === null) return [];
      // The host of a shadow tree that the caller does not know, or 0.
      const unknownHost = (id) => {
        const top = ops.op_node_root(id);
        return roots.some((known) => ops.op_shadow_is_including_ancestor(top, known)) ? 0 : ops.op_shadow_host(top);
      };
      // 2-5. Out of such trees.
      const climb = (node, offset, behind) => {
        let id = nodeId(node);
        let at = offset;
        for (let host = unknownHost(id); host !== 0; host = unknownHost(id)) {
          at = ops.op_node_index(host) + behind;
          id = ops.op_node_parent(host);
        }
        return [wrapNode(id), at];
      };
      const [startContainer, startOffset] = climb(state.range.startContainer, state.range.startOffset, 0);
      const [endContainer, endOffset] = climb(state.range.endContainer, state.range.endOffset, 1);
      // 6. As they are now.
      return [new realm.StaticRange({ startContainer, startOffset, endContainer, endOffset })];
    }
    toString() {
      const state = stateOf(this);
      return state.range === null ? "" : state.range.toString();
    }
  }
  realm.expose({ Selection });
  realm.arity(Selection.prototype, { collapse: 1, setPosition: 1, extend: 1, getComposedRanges: 0 });

  const selectionOf = (document) => {
    const id = nodeId(document);
    if (!shared.documentRealms.has(id)) return null;
    return realm.sameObject(document, "selection", () => {
      const selection = Object.create(Selection.prototype);
      states.set(selection, { document: id, range: null, direction: "forward" });
      return selection;
    });
  };
  realm.include(
    {
      getSelection() {
        return selectionOf(this);
      },
    },
    [realm.Document],
  );
  Object.defineProperty(realm.global, "getSelection", {
    value: {
      getSelection() {
        if (this === undefined || this === null || this === realm.global) return selectionOf(realm.document);
        const other = shared.realms.find((one) => one?.global === this);
        if (other === undefined) throw new TypeError("Illegal invocation");
        return selectionOf(other.document);
      },
    }.getSelection,
    writable: true,
    enumerable: true,
    configurable: true,
  });
}
