// AbstractRange, Range and StaticRange. <https://dom.spec.whatwg.org/#ranges>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated, wrapNode } = realm;
  const { requireArguments, unsignedLong } = webidl;
  const { FinalizationRegistry } = realm.global;

  if (shared.RangeState === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // The number of a live range, or, for a static one, its four parts.
    shared.RangeState = class RangeState extends Override {
      #number;
      #parts;
      constructor(object, number, parts) {
        super(object);
        this.#number = number;
        this.#parts = parts;
      }
      static has(object) {
        return typeof object === "object" && object !== null && #number in object;
      }
      static number(object) {
        return object.#number;
      }
      static parts(object) {
        return object.#parts;
      }
    };
    shared.freeRanges = new FinalizationRegistry((number) => ops.op_range_free(number));
  }
  const { RangeState } = shared;
  const numberOf = (range) => {
    if (!RangeState.has(range) || RangeState.parts(range) !== null) throw new TypeError("Illegal invocation");
    return RangeState.number(range);
  };
  // A part: 0 start node, 1 start offset, 2 end node, 3 end offset.
  const part = (range, index) => {
    if (!RangeState.has(range)) throw new TypeError("Illegal invocation");
    const parts = RangeState.parts(range);
    if (parts !== null) return parts[index];
    const value = ops.op_range_get(RangeState.number(range), index);
    return index === 0 || index === 2 ? wrapNode(value) : value;
  };

  class AbstractRange {
    constructor() {
      throw realm.illegalConstructor("AbstractRange");
    }
    get startContainer() {
      return part(this, 0);
    }
    get startOffset() {
      return part(this, 1);
    }
    get endContainer() {
      return part(this, 2);
    }
    get endOffset() {
      return part(this, 3);
    }
    get collapsed() {
      return part(this, 0) === part(this, 2) && part(this, 1) === part(this, 3);
    }
  }
  realm.expose({ AbstractRange });

  const make = (object, start, startOffset, end, endOffset) => {
    const number = realm.check(ops.op_range_create(start, startOffset, end, endOffset));
    new RangeState(object, number, null);
    shared.freeRanges.register(object, number);
    return object;
  };
  const indexOf = (node) => ops.op_node_index(node);
  const parentOf = (node) => {
    const parent = ops.op_node_parent(node);
    if (parent === 0) throw new realm.DOMException("The node has no parent", "InvalidNodeTypeError");
    return parent;
  };
  // A range that is selected tells its document.
  const moved = (range) => realm.selectedRangeMoved?.(range);
  const process = (range, kind) => {
    const number = numberOf(range);
    const fragment = realm.check(ops.op_range_process(number, kind));
    mutated(ops.op_tree_pending());
    return wrapNode(fragment);
  };

  class RangeMembers extends AbstractRange {
    get commonAncestorContainer() {
      return wrapNode(ops.op_range_common_ancestor(numberOf(this)));
    }
    setStart(node, offset) {
      requireArguments(arguments.length, 2, "'setStart' on 'Range'");
      const number = numberOf(this);
      realm.check(ops.op_range_set_point(number, false, realm.nodeArgument(node, "setStart"), unsignedLong(offset)));
      moved(this);
    }
    setEnd(node, offset) {
      requireArguments(arguments.length, 2, "'setEnd' on 'Range'");
      const number = numberOf(this);
      realm.check(ops.op_range_set_point(number, true, realm.nodeArgument(node, "setEnd"), unsignedLong(offset)));
      moved(this);
    }
    setStartBefore(node) {
      requireArguments(arguments.length, 1, "'setStartBefore' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "setStartBefore");
      realm.check(ops.op_range_set_point(number, false, parentOf(id), indexOf(id)));
      moved(this);
    }
    setStartAfter(node) {
      requireArguments(arguments.length, 1, "'setStartAfter' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "setStartAfter");
      realm.check(ops.op_range_set_point(number, false, parentOf(id), indexOf(id) + 1));
      moved(this);
    }
    setEndBefore(node) {
      requireArguments(arguments.length, 1, "'setEndBefore' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "setEndBefore");
      realm.check(ops.op_range_set_point(number, true, parentOf(id), indexOf(id)));
      moved(this);
    }
    setEndAfter(node) {
      requireArguments(arguments.length, 1, "'setEndAfter' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "setEndAfter");
      realm.check(ops.op_range_set_point(number, true, parentOf(id), indexOf(id) + 1));
      moved(this);
    }
    collapse(toStart = false) {
      const number = numberOf(this);
      const first = toStart ? 0 : 2;
      const node = ops.op_range_get(number, first);
      const offset = ops.op_range_get(number, first + 1);
      realm.check(ops.op_range_set(number, node, offset, node, offset));
      moved(this);
    }
    selectNode(node) {
      requireArguments(arguments.length, 1, "'selectNode' on 'Range'");
      const number = numberOf(this);
      realm.check(ops.op_range_select(number, realm.nodeArgument(node, "selectNode")));
      moved(this);
    }
    selectNodeContents(node) {
      requireArguments(arguments.length, 1, "'selectNodeContents' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "selectNodeContents");
      if (ops.op_node_type(id) === 10) throw new realm.DOMException("A doctype has no contents", "InvalidNodeTypeError");
      realm.check(ops.op_range_set(number, id, 0, id, ops.op_node_length(id)));
      moved(this);
    }
    // <https://dom.spec.whatwg.org/#dom-range-compareboundarypoints>
    compareBoundaryPoints(how, sourceRange) {
      requireArguments(arguments.length, 2, "'compareBoundaryPoints' on 'Range'");
      const number = numberOf(this);
      const kind = webidl.toInt(how, 16, false);
      if (!RangeState.has(sourceRange) || RangeState.parts(sourceRange) !== null) throw new TypeError("compareBoundaryPoints: the argument is not a Range");
      const source = numberOf(sourceRange);
      if (kind > 3) throw new realm.DOMException("The comparison is none of the four", "NotSupportedError");
      if (ops.op_node_root(ops.op_range_get(number, 0)) !== ops.op_node_root(ops.op_range_get(source, 0))) {
        throw new realm.DOMException("The ranges are in different trees", "WrongDocumentError");
      }
      // 3. Which point of this range, and which of the other.
      const own = kind === 0 || kind === 3 ? 0 : 2;
      const other = kind === 0 || kind === 1 ? 0 : 2;
      const node = ops.op_range_get(number, own);
      const otherNode = ops.op_range_get(source, other);
      // 4. Their order.
      return realm.check(ops.op_range_compare(node, ops.op_range_get(number, own + 1), otherNode, ops.op_range_get(source, other + 1))) - 1;
    }
    deleteContents() {
      numberOf(this);
      process(this, 2);
    }
    extractContents() {
      return process(this, 1);
    }
    cloneContents() {
      return process(this, 0);
    }
    insertNode(node) {
      requireArguments(arguments.length, 1, "'insertNode' on 'Range'");
      const number = numberOf(this);
      mutated(ops.op_range_insert(number, realm.nodeArgument(node, "insertNode")));
    }
    // <https://dom.spec.whatwg.org/#dom-range-surroundcontents>
    surroundContents(newParent) {
      requireArguments(arguments.length, 1, "'surroundContents' on 'Range'");
      const number = numberOf(this);
      const parent = realm.nodeArgument(newParent, "surroundContents");
      mutated(ops.op_range_surround(number, parent));
    }
    cloneRange() {
      const number = numberOf(this);
      const [start, startOffset, end, endOffset] = [0, 1, 2, 3].map((index) => ops.op_range_get(number, index));
      return make(Object.create(RangeMembers.prototype), start, startOffset, end, endOffset);
    }
    detach() {
      numberOf(this);
    }
    isPointInRange(node, offset) {
      requireArguments(arguments.length, 2, "'isPointInRange' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "isPointInRange");
      const at = unsignedLong(offset);
      if (ops.op_node_root(id) !== ops.op_node_root(ops.op_range_get(number, 0))) return false;
      return realm.check(ops.op_range_compare_point(number, id, at)) === 1;
    }
    comparePoint(node, offset) {
      requireArguments(arguments.length, 2, "'comparePoint' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "comparePoint");
      return realm.check(ops.op_range_compare_point(number, id, unsignedLong(offset))) - 1;
    }
    // <https://dom.spec.whatwg.org/#dom-range-intersectsnode>
    intersectsNode(node) {
      requireArguments(arguments.length, 1, "'intersectsNode' on 'Range'");
      const number = numberOf(this);
      const id = realm.nodeArgument(node, "intersectsNode");
      return realm.check(ops.op_range_intersects(number, id)) === 1;
    }
    toString() {
      return ops.op_range_text(numberOf(this));
    }
    // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-range-createcontextualfragment>
    createContextualFragment(string) {
      requireArguments(arguments.length, 1, "'createContextualFragment' on 'Range'");
      const number = numberOf(this);
      const fragment = realm.check(ops.op_range_fragment(ops.op_range_get(number, 0), webidl.DOMString(string)));
      if (realm.hasDefinitions()) realm.customElementReactions();
      return wrapNode(fragment);
    }
  }
  const Range = function () {
    if (new.target === undefined) throw new TypeError("Class constructor Range cannot be invoked without 'new'");
    const object = realm.primordials.Reflect.construct(Object, [], new.target);
    const document = nodeId(realm.document);
    return make(object, document, 0, document, 0);
  };
  Object.setPrototypeOf(Range, AbstractRange);
  Object.defineProperty(Range, "prototype", { value: RangeMembers.prototype, writable: false });
  Object.defineProperty(RangeMembers.prototype, "constructor", { value: Range, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(Range, "name", { value: "Range", configurable: true });
  realm.expose({ Range });
  realm.constants(Range, { START_TO_START: 0, START_TO_END: 1, END_TO_END: 2, END_TO_START: 3 });
  realm.makeRange = (document) => make(Object.create(Range.prototype), document, 0, document, 0);

  // <https://dom.spec.whatwg.org/#staticrange>
  const StaticRange = function StaticRange(init) {
    if (new.target === undefined) throw new TypeError("Class constructor StaticRange cannot be invoked without 'new'");
    requireArguments(arguments.length, 1, "'StaticRange' constructor");
    const given = webidl.dictionary(init, "StaticRange");
    const parts = {};
    for (const name of ["endContainer", "endOffset", "startContainer", "startOffset"]) {
      if (given[name] === undefined) throw new TypeError(`StaticRange: '${name}' is required`);
      if (name.endsWith("Offset")) parts[name] = unsignedLong(given[name]);
      else {
        realm.nodeArgument(given[name], "StaticRange");
        parts[name] = given[name];
      }
    }
    for (const node of [parts.startContainer, parts.endContainer]) {
      const type = ops.op_node_type(nodeId(node));
      if (type === 10 || type === 2) throw new realm.DOMException("A range cannot be in a doctype or an attribute", "InvalidNodeTypeError");
    }
    const object = realm.primordials.Reflect.construct(Object, [], new.target);
    new RangeState(object, 0, [parts.startContainer, parts.startOffset, parts.endContainer, parts.endOffset]);
    return object;
  };
  Object.setPrototypeOf(StaticRange, AbstractRange);
  const staticPrototype = Object.create(AbstractRange.prototype, {
    constructor: { value: StaticRange, writable: true, enumerable: false, configurable: true },
  });
  Object.defineProperty(StaticRange, "prototype", { value: staticPrototype, writable: false });
  realm.expose({ StaticRange });
}
