// ShadowRoot, slots, and what elements and documents have of them. <https://dom.spec.whatwg.org/#interface-shadowroot>
(realm) => {
  "use strict";
  const { Object, TypeError, Uint32Array } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated, wrapNode, Element } = realm;
  const { DOMString, dictionary, enumeration, requireArguments } = webidl;

  const CLOSED = 1;
  const DELEGATES_FOCUS = 2;
  const MANUAL = 4;
  const CLONABLE = 8;
  const SERIALIZABLE = 16;

  // The id of a shadow root.
  const rootId = (root) => {
    const id = nodeId(root);
    if (ops.op_shadow_host(id) === 0) throw new TypeError("Illegal invocation");
    return id;
  };
  const flag = (root, bit) => (ops.op_shadow_flags(rootId(root)) & bit) !== 0;

  class ShadowRoot extends realm.DocumentFragment {
    constructor() {
      throw realm.illegalConstructor("ShadowRoot");
    }
    get mode() {
      return flag(this, CLOSED) ? "closed" : "open";
    }
    get delegatesFocus() {
      return flag(this, DELEGATES_FOCUS);
    }
    get slotAssignment() {
      return flag(this, MANUAL) ? "manual" : "named";
    }
    get clonable() {
      return flag(this, CLONABLE);
    }
    get serializable() {
      return flag(this, SERIALIZABLE);
    }
    get host() {
      return wrapNode(ops.op_shadow_host(rootId(this)));
    }
    // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-shadowroot-innerhtml>
    get innerHTML() {
      const text = ops.op_shadow_inner_html(rootId(this));
      if (text === null) realm.throwLastError();
      return text;
    }
    set innerHTML(value) {
      mutated(ops.op_shadow_set_inner_html(rootId(this), webidl.DOMStringOrEmpty(value)));
    }
    // <https://html.spec.whatwg.org/multipage/interaction.html#dom-documentorshadowroot-activeelement>
    get activeElement() {
      return realm.activeElementOf(rootId(this));
    }
  }
  realm.expose({ ShadowRoot });
  realm.eventHandlers(ShadowRoot.prototype, ["onslotchange"]);

  // <https://dom.spec.whatwg.org/#dom-element-attachshadow>
  const mode = enumeration(["open", "closed"], "attachShadow");
  const slotAssignmentMode = enumeration(["manual", "named"], "attachShadow");
  const initFlags = (given) => {
    const clonable = !!given.clonable;
    const registry = given.customElementRegistry;
    const delegatesFocus = !!given.delegatesFocus;
    if (given.mode === undefined) throw new TypeError("attachShadow: 'mode' is required");
    const closed = mode(given.mode) === "closed";
    const serializable = !!given.serializable;
    const manual = given.slotAssignment !== undefined && slotAssignmentMode(given.slotAssignment) === "manual";
    const flags =
      (closed ? CLOSED : 0) | (delegatesFocus ? DELEGATES_FOCUS : 0) | (manual ? MANUAL : 0) | (clonable ? CLONABLE : 0) | (serializable ? SERIALIZABLE : 0);
    return { flags, registry };
  };
  const extensions = {
    attachShadow(init) {
      requireArguments(arguments.length, 1, "'attachShadow' on 'Element'");
      const id = nodeId(this);
      const { flags, registry } = initFlags(dictionary(init, "attachShadow"));
      // 2, 3. FIXME scoped registries: a shadow tree has its document's registry.
      const own = shared.documentRealms.get(ops.op_node_document(id))?.global.customElements ?? null;
      if (registry !== undefined && registry !== own) throw new realm.DOMException("Shadow roots have the registry of their document", "NotSupportedError");
      // 4. Attach.
      return wrapNode(realm.check(ops.op_shadow_attach(id, flags)));
    },
    get shadowRoot() {
      return wrapNode(ops.op_shadow_open_root(nodeId(this)));
    },
  };
  realm.include(extensions, [Element]);
  // <https://dom.spec.whatwg.org/#mixin-slotable>
  const slottable = {
    get assignedSlot() {
      return wrapNode(ops.op_slot_of(nodeId(this)));
    },
  };
  realm.include(slottable, [Element, realm.Text]);

  // Markup with shadow roots. <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-element-sethtmlunsafe>
  const refuseSanitizer = (options) => {
    if (dictionary(options, "options").sanitizer !== undefined) {
      throw new realm.DOMException("Markup is not sanitized here", "NotSupportedError");
    }
  };
  const markup = {
    setHTMLUnsafe(html, options = undefined) {
      requireArguments(arguments.length, 1, "'setHTMLUnsafe'");
      const id = nodeId(this);
      const text = DOMString(html);
      refuseSanitizer(options);
      mutated(ops.op_shadow_set_html_unsafe(id, text));
    },
    getHTML(options = undefined) {
      const id = nodeId(this);
      const given = dictionary(options, "getHTML");
      const serializable = !!given.serializableShadowRoots;
      const roots = given.shadowRoots === undefined ? [] : webidl.sequence(given.shadowRoots, rootArgument, "getHTML");
      return ops.op_shadow_get_html(id, serializable, new Uint32Array(roots));
    },
  };
  const rootArgument = (value) => {
    if (!realm.isNode(value) || ops.op_shadow_host(nodeId(value)) === 0) throw new TypeError("The value is not of type 'ShadowRoot'");
    return nodeId(value);
  };
  realm.include(markup, [Element, ShadowRoot]);
  // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-parsehtmlunsafe>
  const { parseHTMLUnsafe } = {
    parseHTMLUnsafe(html, options = undefined) {
      requireArguments(arguments.length, 1, "'parseHTMLUnsafe' on 'Document'");
      const text = DOMString(html);
      refuseSanitizer(options);
      return wrapNode(realm.check(ops.op_shadow_parse_html_unsafe(text)));
    },
  };
  Object.defineProperty(realm.Document, "parseHTMLUnsafe", { value: parseHTMLUnsafe, writable: true, enumerable: true, configurable: true });

  // <https://html.spec.whatwg.org/multipage/scripting.html#the-slot-element>
  const isFlat = (options) => !!dictionary(options, "assignedNodes").flatten;
  const slottableArgument = (value) => {
    const type = realm.isNode(value) ? ops.op_node_type(nodeId(value)) : 0;
    if (type !== 1 && type !== 3 && type !== 4) throw new TypeError("assign: the argument is neither an Element nor a Text");
    return nodeId(value);
  };
  realm.extend("HTMLSlotElement", {
    assignedNodes(options = undefined) {
      const id = nodeId(this);
      return realm.wrapNodes(ops.op_slot_assigned_nodes(id, isFlat(options)));
    },
    assignedElements(options = undefined) {
      const id = nodeId(this);
      const ids = ops.op_slot_assigned_nodes(id, isFlat(options));
      return realm.wrapNodes(ids.filter((node) => ops.op_node_type(node) === 1));
    },
    assign(...nodes) {
      const id = nodeId(this);
      mutated(ops.op_slot_assign(id, new Uint32Array(nodes.map(slottableArgument))));
    },
  });
  // <https://html.spec.whatwg.org/multipage/scripting.html#the-template-element>
  realm.reflectAll(
    realm.interfaces.HTMLTemplateElement,
    "shadowRootMode:enum(open|closed;;) shadowRootDelegatesFocus:bool shadowRootClonable:bool shadowRootSerializable:bool " +
      "shadowRootSlotAssignment:enum(named|manual;named;named)",
  );

  // <https://dom.spec.whatwg.org/#notify-mutation-observers> step 7
  realm.fireSlotChange = (id) => realm.fire(wrapNode(id), "slotchange", { bubbles: true });

  // Focus. <https://html.spec.whatwg.org/multipage/interaction.html#dom-documentorshadowroot-activeelement>, without the body: what has the
  // focus of a document, as the tree of a document or shadow root shows it, or null.
  realm.activeElementOf = (root) => {
    const focused = ops.op_document_focused(ops.op_node_document(root));
    if (focused === 0) return null;
    const shown = ops.op_shadow_retarget(focused, root);
    return ops.op_node_root(shown) === root ? wrapNode(shown) : null;
  };
  // Whether focus of an element goes to what is in its shadow tree.
  realm.delegatesFocus = (id) => {
    const root = ops.op_shadow_root(id);
    return root !== 0 && (ops.op_shadow_flags(root) & DELEGATES_FOCUS) !== 0;
  };
  // The element that takes the focus in a host's stead, as a wrapper; null for none.
  // <https://html.spec.whatwg.org/multipage/interaction.html#focus-delegate>
  realm.focusDelegate = (host) => {
    const root = ops.op_shadow_root(host);
    const areaOf = (id) => {
      if (ops.op_node_type(id) !== 1) return null;
      if (realm.delegatesFocus(id)) return realm.focusDelegate(id);
      const element = wrapNode(id);
      return realm.isFocusable(element) ? element : null;
    };
    const first = (isWanted) => {
      for (let id = ops.op_node_following(root, root, false); id !== 0; id = ops.op_node_following(root, id, false)) {
        const area = isWanted(id) ? areaOf(id) : null;
        if (area !== null) return area;
      }
      return null;
    };
    // 3. One with autofocus. 4. The first.
    return first((id) => ops.op_node_type(id) === 1 && ops.op_element_has_attribute(id, "autofocus")) ?? first(() => true);
  };
}
