// Document and XMLDocument. <https://dom.spec.whatwg.org/#interface-document>,
// <https://html.spec.whatwg.org/multipage/dom.html#the-document-object>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated, wrapNode, Node } = realm;
  const { Stamp } = shared;
  const { DOMString, nullableDOMString, requireArguments } = webidl;

  // The realm whose window shows a document, or undefined.
  const homeOf = (id) => realm.homeOf(id);
  // A document of an opaque origin has no cookies; one that no address led to is only silent.
  const checkCookies = (home) => {
    if (ops.op_window_origin(home.windowId) !== "null" || !/^(https?|about|data):/.test(ops.op_window_url(home.windowId)) || home.topOf(home) === home) return;
    throw new realm.DOMException("A document of an opaque origin has no cookies", "SecurityError");
  };
  const collection = (document, kind) => {
    const id = nodeId(document);
    return realm.sameObject(document, kind, () => realm.collectionOf(id, kind));
  };
  const splitQualified = (value) => nullableDOMString(value) ?? "";

  class DocumentMembers extends Node {
    get implementation() {
      nodeId(this);
      return realm.sameObject(this, "implementation", () => realm.makeImplementation(this));
    }
    get URL() {
      return ops.op_document_url(nodeId(this));
    }
    get documentURI() {
      return ops.op_document_url(nodeId(this));
    }
    get compatMode() {
      return ops.op_document_is_quirky(nodeId(this)) ? "BackCompat" : "CSS1Compat";
    }
    get characterSet() {
      return ops.op_document_encoding(nodeId(this));
    }
    get charset() {
      return ops.op_document_encoding(nodeId(this));
    }
    get inputEncoding() {
      return ops.op_document_encoding(nodeId(this));
    }
    get contentType() {
      return ops.op_document_content_type(nodeId(this));
    }
    get doctype() {
      return wrapNode(ops.op_document_doctype(nodeId(this)));
    }
    get documentElement() {
      return wrapNode(ops.op_document_element(nodeId(this)));
    }
    createElement(localName, options = undefined) {
      requireArguments(arguments.length, 1, "'createElement' on 'Document'");
      const name = DOMString(localName);
      if (realm.mayCreateCustom(name, options)) return realm.createElement(nodeId(this), name, options);
      return realm.wrapNewNode(ops.op_document_new_element(nodeId(this), name));
    }
    createElementNS(namespace, qualifiedName, options = undefined) {
      requireArguments(arguments.length, 2, "'createElementNS' on 'Document'");
      const uri = splitQualified(namespace);
      const name = DOMString(qualifiedName);
      if (realm.mayCreateCustom(name, options)) return realm.createElementNS(nodeId(this), uri, name, options);
      return wrapNode(realm.check(ops.op_document_create_element_ns(nodeId(this), uri, name)));
    }
    createDocumentFragment() {
      return wrapNode(realm.check(ops.op_document_create_fragment(nodeId(this))));
    }
    createTextNode(data) {
      requireArguments(arguments.length, 1, "'createTextNode' on 'Document'");
      const id = nodeId(this);
      const text = DOMString(data);
      const made = ops.op_document_new_ascii_text(id, text);
      return made !== 0 ? realm.wrapNewNode(made) : wrapNode(realm.check(ops.op_document_create_text(id, text)));
    }
    createCDATASection(data) {
      requireArguments(arguments.length, 1, "'createCDATASection' on 'Document'");
      return wrapNode(realm.check(ops.op_document_create_cdata(nodeId(this), DOMString(data))));
    }
    createComment(data) {
      requireArguments(arguments.length, 1, "'createComment' on 'Document'");
      return wrapNode(realm.check(ops.op_document_create_comment(nodeId(this), DOMString(data))));
    }
    createProcessingInstruction(target, data) {
      requireArguments(arguments.length, 2, "'createProcessingInstruction' on 'Document'");
      const name = DOMString(target);
      return wrapNode(realm.check(ops.op_document_create_instruction(nodeId(this), name, DOMString(data))));
    }
    importNode(node, deep = false) {
      requireArguments(arguments.length, 1, "'importNode' on 'Document'");
      const source = realm.nodeArgument(node, "importNode");
      if (ops.op_node_type(source) === 9) throw new realm.DOMException("A document cannot be imported", "NotSupportedError");
      const all = webidl.isObject(deep) ? !deep.selfOnly : !!deep;
      const clone = wrapNode(realm.check(ops.op_node_clone(source, nodeId(this), all)));
      realm.cloned?.(node, clone, all);
      if (realm.hasDefinitions()) realm.customElementReactions();
      return clone;
    }
    adoptNode(node) {
      requireArguments(arguments.length, 1, "'adoptNode' on 'Document'");
      const source = realm.nodeArgument(node, "adoptNode");
      if (ops.op_node_type(source) === 9) throw new realm.DOMException("A document cannot be adopted", "NotSupportedError");
      mutated(ops.op_node_adopt(source, nodeId(this)));
      return node;
    }
    createAttribute(localName) {
      requireArguments(arguments.length, 1, "'createAttribute' on 'Document'");
      return wrapNode(realm.check(ops.op_attr_create(nodeId(this), DOMString(localName))));
    }
    createAttributeNS(namespace, qualifiedName) {
      requireArguments(arguments.length, 2, "'createAttributeNS' on 'Document'");
      const uri = splitQualified(namespace);
      return wrapNode(realm.check(ops.op_attr_create_ns(nodeId(this), uri, DOMString(qualifiedName))));
    }
    // <https://dom.spec.whatwg.org/#dom-document-createevent>
    createEvent(name) {
      requireArguments(arguments.length, 1, "'createEvent' on 'Document'");
      nodeId(this);
      return realm.createEvent(DOMString(name));
    }
    createRange() {
      return realm.makeRange(nodeId(this));
    }
    createNodeIterator(root, whatToShow = 0xffffffff, filter = null) {
      requireArguments(arguments.length, 1, "'createNodeIterator' on 'Document'");
      nodeId(this);
      realm.nodeArgument(root, "createNodeIterator");
      return realm.makeNodeIterator(root, webidl.unsignedLong(whatToShow), webidl.nullableCallbackInterface(filter, "createNodeIterator"));
    }
    createTreeWalker(root, whatToShow = 0xffffffff, filter = null) {
      requireArguments(arguments.length, 1, "'createTreeWalker' on 'Document'");
      nodeId(this);
      realm.nodeArgument(root, "createTreeWalker");
      return realm.makeTreeWalker(root, webidl.unsignedLong(whatToShow), webidl.nullableCallbackInterface(filter, "createTreeWalker"));
    }

    // HTML's part.
    get domain() {
      return effectiveDomain(homeOf(nodeId(this)) ?? realm);
    }
    // <https://html.spec.whatwg.org/multipage/browsers.html#dom-document-domain>
    set domain(value) {
      const home = homeOf(nodeId(this));
      const wanted = webidl.USVString(value);
      // 1. to 5. Not without a window, in a sandbox, or with an opaque origin; only what the host belongs to.
      const isAllowed = home !== undefined && home.sandbox === 0 && ops.op_domain_is_suffix(wanted, effectiveDomain(home));
      if (!isAllowed) throw new realm.DOMException(`'${wanted}' is no registrable suffix of the document's domain`, "SecurityError");
      // 6. Agent clusters are keyed by origin (`originAgentCluster`): it changes nothing.
    }
    get referrer() {
      const home = homeOf(nodeId(this));
      return home === undefined ? "" : ops.op_window_referrer(home.windowId);
    }
    get cookie() {
      const home = homeOf(nodeId(this));
      if (home === undefined) return "";
      checkCookies(home);
      return ops.op_cookie(home.windowId);
    }
    set cookie(value) {
      const home = homeOf(nodeId(this));
      const text = webidl.USVString(value);
      if (home === undefined) return;
      checkCookies(home);
      ops.op_set_cookie(home.windowId, text);
    }
    get lastModified() {
      const home = homeOf(nodeId(this));
      const { Date } = realm.primordials;
      // In local time; the present one if the server does not say. <https://html.spec.whatwg.org/multipage/dom.html#dom-document-lastmodified>
      const header = home === undefined ? "" : ops.op_window_last_modified(home.windowId);
      const told = header === "" ? NaN : +new Date(header);
      const now = told === told ? new Date(told) : new Date();
      const two = (number) => (number < 10 ? `0${number}` : `${number}`);
      const date = `${two(now.getMonth() + 1)}/${two(now.getDate())}/${now.getFullYear()}`;
      return `${date} ${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
    }
    get readyState() {
      const home = homeOf(nodeId(this));
      return home === undefined ? "complete" : home.readyState;
    }
    get title() {
      return ops.op_document_title(nodeId(this));
    }
    set title(value) {
      mutated(ops.op_document_set_title(nodeId(this), DOMString(value)));
    }
    get dir() {
      const root = ops.op_document_element(nodeId(this));
      return root === 0 ? "" : (wrapNode(root).dir ?? "");
    }
    set dir(value) {
      const root = ops.op_document_element(nodeId(this));
      if (root !== 0) realm.setAttribute(root, "dir", DOMString(value));
    }
    get body() {
      return wrapNode(ops.op_document_body(nodeId(this)));
    }
    set body(value) {
      const id = nodeId(this);
      if (value === null || !(realm.isHtmlElement(value, "body") || realm.isHtmlElement(value, "frameset"))) {
        if (value !== null && !realm.isElement(value)) throw new TypeError("The body is not an HTMLElement");
        throw new realm.DOMException("The body is neither a body nor a frameset element", "HierarchyRequestError");
      }
      const old = ops.op_document_body(id);
      const node = nodeId(value);
      if (old === node) return;
      if (old !== 0) {
        mutated(ops.op_node_replace_child(ops.op_node_parent(old), node, old));
        return;
      }
      const root = ops.op_document_element(id);
      if (root === 0) throw new realm.DOMException("The document has no element", "HierarchyRequestError");
      mutated(ops.op_node_append(root, node));
    }
    get head() {
      return wrapNode(ops.op_document_head(nodeId(this)));
    }
    get images() {
      return collection(this, "images");
    }
    get embeds() {
      return collection(this, "embeds");
    }
    get plugins() {
      return collection(this, "embeds");
    }
    get links() {
      return collection(this, "links");
    }
    get forms() {
      return collection(this, "forms");
    }
    get scripts() {
      return collection(this, "scripts");
    }
    get anchors() {
      return collection(this, "anchors");
    }
    get applets() {
      const id = nodeId(this);
      return realm.sameObject(this, "applets", () => realm.collectionOf(id, "none"));
    }
    getElementsByName(elementName) {
      requireArguments(arguments.length, 1, "'getElementsByName' on 'Document'");
      const id = nodeId(this);
      const name = DOMString(elementName);
      return realm.sameObject(this, `name ${name}`, () => realm.liveList(realm.NodeList, () => ops.op_elements_by_name(id, name), "all"));
    }
    get currentScript() {
      const home = homeOf(nodeId(this));
      return home === undefined ? null : wrapNode(ops.op_current_script(home.windowId));
    }
    get defaultView() {
      return homeOf(nodeId(this))?.global ?? null;
    }
    hasFocus() {
      return homeOf(nodeId(this)) !== undefined;
    }
    get activeElement() {
      const id = nodeId(this);
      return realm.activeElementOf(id) ?? wrapNode(ops.op_document_body(id) || ops.op_document_element(id));
    }
    get designMode() {
      nodeId(this);
      return "off";
    }
    get hidden() {
      return homeOf(nodeId(this))?.isHidden ?? true;
    }
    get visibilityState() {
      return (homeOf(nodeId(this))?.isHidden ?? true) ? "hidden" : "visible";
    }
    // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#dom-document-open>
    open(first = undefined, second = undefined, third = undefined) {
      const id = nodeId(this);
      if (!ops.op_document_is_html(id)) throw new realm.DOMException("The document is not an HTML document", "InvalidStateError");
      if (third === undefined) realm.checkMarkupInsertion(id);
      const home = homeOf(id);
      if (third !== undefined) {
        if (home === undefined) throw new realm.DOMException("The document has no window to open another from", "InvalidAccessError");
        // The window's own, whatever the page has put there.
        return home.openWindow(first, second, third);
      }
      if (home !== undefined) open(home, id, false);
      else mutated(ops.op_node_replace_children(id, 0));
      return this;
    }
    close() {
      const id = nodeId(this);
      if (!ops.op_document_is_html(id)) throw new realm.DOMException("The document is not an HTML document", "InvalidStateError");
      realm.checkMarkupInsertion(id);
      const home = homeOf(id);
      if (home === undefined) return;
      const parsed = ops.op_document_close(home.windowId, id);
      flushed(parsed);
      // <https://html.spec.whatwg.org/multipage/parsing.html#the-end> step 3
      if (parsed === 1 && home.readyState === "loading") home.entry.becomeNested("interactive");
    }
    write(...text) {
      write(this, text.map(DOMString).join(""));
    }
    writeln(...text) {
      write(this, `${text.map(DOMString).join("")}\n`);
    }
    get bgColor() {
      return bodyAttribute(this, "bgcolor");
    }
    set bgColor(value) {
      setBodyAttribute(this, "bgcolor", value);
    }
    get fgColor() {
      return bodyAttribute(this, "text");
    }
    set fgColor(value) {
      setBodyAttribute(this, "text", value);
    }
    get linkColor() {
      return bodyAttribute(this, "link");
    }
    set linkColor(value) {
      setBodyAttribute(this, "link", value);
    }
    get vlinkColor() {
      return bodyAttribute(this, "vlink");
    }
    set vlinkColor(value) {
      setBodyAttribute(this, "vlink", value);
    }
    get alinkColor() {
      return bodyAttribute(this, "alink");
    }
    set alinkColor(value) {
      setBodyAttribute(this, "alink", value);
    }
    clear() {
      nodeId(this);
    }
    captureEvents() {
      nodeId(this);
    }
    releaseEvents() {
      nodeId(this);
    }
  }
  // The host of an origin, empty if it is opaque.
  const effectiveDomain = (home) => {
    const origin = ops.op_window_origin(home.windowId);
    return origin === "null" ? "" : ops.op_url_component(origin, "hostname");
  };
  // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-write-steps>
  // After what the host does to a document: its failure is thrown, custom elements are told.
  const flushed = (result) => {
    realm.check(result);
    realm.updateNamedProperties?.();
    if (realm.hasDefinitions()) realm.customElementReactions();
  };
  // Steps 9, 10 and 16 of the document open steps, around the others, which may find that nothing is to be opened. `forWrite`: only if a
  // write does that.
  // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#document-open-steps>
  const open = (home, id, forWrite) => {
    const listening = [];
    for (const wrapper of shared.wrappers) {
      if (wrapper === undefined || !Stamp.has(wrapper) || Stamp.state(wrapper) === null) continue;
      const node = Stamp.id(wrapper);
      if (node !== id && ops.op_node_document(node) === id && ops.op_node_is_connected(node)) listening.push(wrapper);
    }
    const first = ops.op_node_first_child(id);
    flushed(ops.op_document_open(home.windowId, id, forWrite));
    // Every child has gone: it was opened.
    if (first === 0 ? forWrite : ops.op_node_parent(first) === id) return;
    for (const wrapper of listening) realm.eraseListeners(wrapper);
    realm.eraseListeners(home.document);
    realm.eraseListeners(home.global);
    home.entry.openedDocument();
  };
  const write = (document, text) => {
    const id = nodeId(document);
    if (!ops.op_document_is_html(id)) throw new realm.DOMException("The document is not an HTML document", "InvalidStateError");
    realm.checkMarkupInsertion(id);
    const home = homeOf(id);
    // A document without a window has no parser to write to.
    if (home === undefined) return;
    // Only what is parsed can be opened anew by this.
    if (home.readyState !== "loading") open(home, id, true);
    flushed(ops.op_document_write(home.windowId, id, text));
  };
  const bodyAttribute = (document, name) => {
    const body = ops.op_document_body(nodeId(document));
    return body === 0 ? "" : (ops.op_element_get_attribute(body, name) ?? "");
  };
  const setBodyAttribute = (document, name, value) => {
    const body = ops.op_document_body(nodeId(document));
    const text = webidl.DOMStringOrEmpty(value);
    if (body !== 0) realm.setAttribute(body, name, text);
  };

  const Document = realm.constructible(DocumentMembers, () => {
    const id = realm.check(ops.op_document_create_xml("", "", 0));
    return id;
  });
  for (const name of ["getElementsByTagName", "getElementsByTagNameNS", "getElementsByClassName"]) {
    const descriptor = Object.getOwnPropertyDescriptor(realm.Element.prototype, name);
    // A function of its own: Document's and Element's are different objects.
    const inner = descriptor.value;
    const { [name]: own } = {
      [name](...args) {
        return realm.primordials.Reflect.apply(inner, this, args);
      },
    };
    Object.defineProperty(own, "length", { value: inner.length, configurable: true });
    Object.defineProperty(Document.prototype, name, { ...descriptor, value: own });
  }
  realm.include(realm.NonElementParentNode, [Document]);
  realm.include(realm.ParentNode, [Document]);
  realm.expose({ Document });
  realm.arity(Document.prototype, { write: 0, writeln: 0, open: 0 });
  realm.unscopables(Document, realm.unscopableParent);
  realm.eventHandlers(Document.prototype, ["onreadystatechange", "onvisibilitychange", ...realm.globalEventHandlers]);

  class XMLDocument extends Document {
    constructor() {
      throw realm.illegalConstructor("XMLDocument");
    }
  }
  realm.expose({ XMLDocument });
  // HTMLDocument is another name of Document. <https://html.spec.whatwg.org/multipage/window-object.html#dom-htmldocument>
  Object.defineProperty(realm.global, "HTMLDocument", { value: Document, writable: true, enumerable: false, configurable: true });

  // [LegacyUnforgeable] location: an own property of each document.
  const location = {
    get location() {
      return homeOf(nodeId(this))?.location ?? null;
    },
    set location(value) {
      const home = homeOf(nodeId(this));
      if (home !== undefined) home.location.href = value;
    },
  };
  const ownLocation = { ...Object.getOwnPropertyDescriptor(location, "location"), enumerable: true, configurable: false };
  realm.wrapperMakers.DocumentMembers = realm.wrapperMakers.Document = (object) => Object.defineProperty(object, "location", ownLocation);
}
