// HTMLElement and what it shares with SVGElement and MathMLElement. <https://html.spec.whatwg.org/multipage/dom.html#htmlelement>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated, wrapNode, Element } = realm;
  const { DOMString } = webidl;
  const get = (element, name) => ops.op_element_get_attribute(nodeId(element), name);

  // The element's document, as a wrapper.
  const documentOf = (element) => wrapNode(ops.op_node_document(nodeId(element)));

  class HTMLElement extends Element {
    constructor() {
      return realm.constructElement(new.target, HTMLElement, "HTMLElement");
    }
    get translate() {
      for (let id = nodeId(this); id !== 0; id = ops.op_node_parent_element(id)) {
        const value = ops.op_element_get_attribute(id, "translate");
        if (value === "" || value?.toLowerCase() === "yes") return true;
        if (value?.toLowerCase() === "no") return false;
      }
      return true;
    }
    set translate(value) {
      realm.setAttribute(nodeId(this), "translate", value ? "yes" : "no");
    }
    get hidden() {
      const value = get(this, "hidden");
      return value === null ? false : value.toLowerCase() === "until-found" ? "until-found" : true;
    }
    set hidden(value) {
      const id = nodeId(this);
      if (typeof value === "string" && value.toLowerCase() === "until-found") realm.setAttribute(id, "hidden", "until-found");
      else if (value === false || value === null || value === "" || value === 0 || value === undefined || value !== value) realm.removeAttribute(id, "hidden");
      else realm.setAttribute(id, "hidden", "");
    }
    get draggable() {
      const value = get(this, "draggable")?.toLowerCase();
      if (value === "true") return true;
      if (value === "false") return false;
      return realm.isHtmlElement(this, "img") || (realm.isHtmlElement(this, "a") && get(this, "href") !== null);
    }
    set draggable(value) {
      realm.setAttribute(nodeId(this), "draggable", value ? "true" : "false");
    }
    get spellcheck() {
      for (let id = nodeId(this); id !== 0; id = ops.op_node_parent_element(id)) {
        const value = ops.op_element_get_attribute(id, "spellcheck")?.toLowerCase();
        if (value === "" || value === "true") return true;
        if (value === "false") return false;
      }
      return true;
    }
    set spellcheck(value) {
      realm.setAttribute(nodeId(this), "spellcheck", value ? "true" : "false");
    }
    get contentEditable() {
      const value = get(this, "contenteditable")?.toLowerCase();
      if (value === "" || value === "true") return "true";
      return value === "false" || value === "plaintext-only" ? value : "inherit";
    }
    set contentEditable(value) {
      const text = DOMString(value).toLowerCase();
      if (text === "inherit") realm.removeAttribute(nodeId(this), "contenteditable");
      else if (text === "true" || text === "false" || text === "plaintext-only") realm.setAttribute(nodeId(this), "contenteditable", text);
      else throw new realm.DOMException(`'${value}' is no state of contentEditable`, "SyntaxError");
    }
    get isContentEditable() {
      for (let id = nodeId(this); id !== 0; id = ops.op_node_parent_element(id)) {
        const value = ops.op_element_get_attribute(id, "contenteditable")?.toLowerCase();
        if (value === "" || value === "true" || value === "plaintext-only") return true;
        if (value === "false") return false;
      }
      return false;
    }
    // <https://html.spec.whatwg.org/multipage/dom.html#get-the-text-steps>
    get innerText() {
      return ops.op_element_inner_text(nodeId(this));
    }
    set innerText(value) {
      const id = nodeId(this);
      const fragment = renderedText(ops.op_node_document(id), webidl.DOMStringOrEmpty(value));
      mutated(ops.op_node_replace_children(id, fragment));
    }
    get outerText() {
      return ops.op_element_inner_text(nodeId(this));
    }
    set outerText(value) {
      const id = nodeId(this);
      const parent = ops.op_node_parent(id);
      if (parent === 0) throw new realm.DOMException("The element has no parent", "NoModificationAllowedError");
      const document = ops.op_node_document(id);
      const next = ops.op_node_next_sibling(id);
      const previous = ops.op_node_previous_sibling(id);
      const fragment = renderedText(document, webidl.DOMStringOrEmpty(value));
      if (!ops.op_node_has_children(fragment)) mutated(ops.op_node_append(fragment, realm.check(ops.op_document_create_text(document, ""))));
      mutated(ops.op_node_replace_child(parent, fragment, id));
      // 8, 9. Text on either side takes up the text beside it.
      if (next !== 0 && ops.op_node_previous_sibling(next) !== 0) mergeWithNext(ops.op_node_previous_sibling(next));
      if (previous !== 0) mergeWithNext(previous);
    }
    // <https://html.spec.whatwg.org/multipage/interaction.html#dom-click>
    click() {
      nodeId(this);
      // 1. Disabled controls are not clicked.
      if (realm.isDisabled?.(this)) return;
      // 2, 3. Not while it is being clicked.
      const slots = realm.slots(this);
      if (slots.clicking) return;
      slots.clicking = true;
      try {
        // 4. A synthetic, untrusted one.
        const event = new realm.interfaces.PointerEvent("click", {
          bubbles: true,
          cancelable: true,
          composed: true,
          view: documentOf(this).defaultView,
        });
        realm.dispatch(event, this);
      } finally {
        // 5.
        slots.clicking = false;
      }
    }
    // No access key is assigned: there is no keyboard.
    get accessKeyLabel() {
      nodeId(this);
      return "";
    }
    attachInternals() {
      return realm.attachInternals(this);
    }
  }
  // <https://html.spec.whatwg.org/multipage/dom.html#merge-with-the-next-text-node>
  const mergeWithNext = (id) => {
    const next = ops.op_node_next_sibling(id);
    if (ops.op_node_type(id) !== 3 || next === 0 || ops.op_node_type(next) !== 3) return;
    mutated(ops.op_text_replace(id, ops.op_text_length(id), 0, ops.op_text_data(next)));
    mutated(ops.op_node_remove(next));
  };
  // Lines as text nodes with br elements between them. <https://html.spec.whatwg.org/multipage/dom.html#rendered-text-fragment>
  const renderedText = (document, text) => {
    const fragment = realm.check(ops.op_document_create_fragment(document));
    text.split(/\r\n|\n|\r/).forEach((line, i) => {
      if (i > 0) ops.op_node_append(fragment, realm.check(ops.op_document_create_element(document, "br")));
      if (line !== "") ops.op_node_append(fragment, realm.check(ops.op_document_create_text(document, line)));
    });
    return fragment;
  };
  realm.expose({ HTMLElement });
  realm.reflectAll(
    HTMLElement,
    "title lang dir:enum(ltr|rtl|auto;;) inert:bool accessKey autocapitalize:enum(none|off|on|sentences|words|characters;;sentences) " +
      "enterKeyHint:enum(enter|done|go|next|previous|search|send;;) inputMode:enum(none|text|tel|url|email|numeric|decimal|search;;)",
  );

  class SVGElement extends Element {
    constructor() {
      throw realm.illegalConstructor("SVGElement");
    }
    get ownerSVGElement() {
      for (let id = ops.op_node_parent_element(nodeId(this)); id !== 0; id = ops.op_node_parent_element(id)) {
        if (ops.op_element_namespace(id) !== "http://www.w3.org/2000/svg") return null;
        if (ops.op_element_local_name(id) === "svg") return wrapNode(id);
      }
      return null;
    }
  }
  class MathMLElement extends Element {
    constructor() {
      throw realm.illegalConstructor("MathMLElement");
    }
  }
  realm.expose({ SVGElement, MathMLElement });

  // Focus. <https://html.spec.whatwg.org/multipage/interaction.html#focus>. The tree knows which element of a document has it.
  const focusable = (element) => {
    if (!ops.op_node_is_connected(nodeId(element)) || realm.isDisabled?.(element)) return false;
    // It is being rendered, and visible.
    if (!ops.op_computed_check_visibility(nodeId(element), 2)) return false;
    if (realm.parseInteger(get(element, "tabindex")) !== null) return true;
    const name = ops.op_element_local_name(nodeId(element));
    if (name === "input") return get(element, "type")?.toLowerCase() !== "hidden";
    if (name === "a" || name === "area") return get(element, "href") !== null;
    return ["button", "select", "textarea", "iframe", "summary"].includes(name) || element.isContentEditable === true;
  };
  realm.isFocusable = focusable;
  const moveFocus = (document, element) => {
    const id = nodeId(document);
    const oldId = ops.op_document_focused(id);
    const newId = element === null ? 0 : nodeId(element);
    if (oldId === newId) return;
    const old = oldId === 0 ? null : wrapNode(oldId);
    ops.op_document_set_focused(id, newId);
    const fire = (target, type, relatedTarget, bubbles) =>
      realm.fire(target, type, { interface: "FocusEvent", bubbles, composed: true, init: { relatedTarget, view: document.defaultView } });
    if (old !== null) {
      fire(old, "blur", element, false);
      fire(old, "focusout", element, true);
    }
    if (element !== null && ops.op_document_focused(id) === newId) {
      fire(element, "focus", old, false);
      fire(element, "focusin", old, true);
    }
  };
  realm.moveFocus = moveFocus;
  // The focus fixup of updating the rendering: what can have the focus no longer loses it, without an event. Nothing is rendered, so it is
  // looked at before callbacks of timers and animation frames, before the former every 16 ms at most.
  // <https://html.spec.whatwg.org/multipage/interaction.html#focus-fixup-rule>
  let fixedAt = 0;
  realm.fixFocus = (isFrame) => {
    const focused = ops.op_document_focused(realm.documentId);
    if (focused === 0) return;
    const now = ops.op_now();
    if (!isFrame && now - fixedAt < 16) return;
    fixedAt = now;
    // NOTE: a dialog has it by being shown.
    if (ops.op_element_local_name(focused) !== "dialog" && !focusable(wrapNode(focused))) ops.op_document_set_focused(realm.documentId, 0);
  };
  // HTMLOrForeignElement. <https://html.spec.whatwg.org/multipage/dom.html#htmlorsvgelement>
  const orForeign = {
    get dataset() {
      nodeId(this);
      return realm.sameObject(this, "dataset", () => realm.stringMap(this));
    },
    get nonce() {
      return realm.slots(this).nonce ?? get(this, "nonce") ?? "";
    },
    set nonce(value) {
      nodeId(this);
      realm.slots(this).nonce = DOMString(value);
    },
    get tabIndex() {
      const number = realm.parseInteger(get(this, "tabindex"));
      if (number !== null) return number;
      const name = ops.op_element_local_name(nodeId(this));
      if (!realm.isHtmlElement(this, name)) return name === "a" && ops.op_element_namespace(nodeId(this)) === "http://www.w3.org/2000/svg" ? 0 : -1;
      if (["a", "area", "button", "frame", "iframe", "input", "object", "select", "textarea"].includes(name)) return 0;
      return name === "summary" && realm.detailsOfSummary(this) !== null ? 0 : -1;
    },
    set tabIndex(value) {
      realm.setAttribute(nodeId(this), "tabindex", `${webidl.long(value)}`);
    },
    focus(options = undefined) {
      nodeId(this);
      webidl.dictionary(options, "focus");
      // A host may pass it on, unless what is in it has it already.
      const document = documentOf(this);
      if (realm.delegatesFocus(nodeId(this))) {
        const focused = ops.op_document_focused(nodeId(document));
        if (focused !== 0 && ops.op_shadow_is_including_ancestor(nodeId(this), focused)) return;
        const delegate = realm.focusDelegate(nodeId(this));
        if (delegate !== null) moveFocus(document, delegate);
      } else if (focusable(this)) {
        moveFocus(document, this);
      } else if (realm.isHtmlElement(this, "label")) {
        // NOTE: browsers pass the focus of a label on to what it labels; the standard says so of clicks only.
        const { control } = this;
        if (control !== null && focusable(control)) moveFocus(document, control);
      }
    },
    blur() {
      nodeId(this);
      const document = documentOf(this);
      if (ops.op_document_focused(nodeId(document)) === nodeId(this)) moveFocus(document, null);
    },
    get style() {
      nodeId(this);
      return realm.sameObject(this, "style", () => realm.inlineStyle(this));
    },
    // [PutForwards=cssText]
    set style(value) {
      nodeId(this);
      this.style.cssText = value;
    },
  };
  realm.include(orForeign, [HTMLElement, SVGElement, MathMLElement]);
  for (const Class of [HTMLElement, SVGElement, MathMLElement]) {
    realm.reflectAll(Class, "autofocus:bool");
    realm.eventHandlers(Class.prototype, realm.globalEventHandlers);
  }
  realm.makeHtmlInterfaces();

  // Event handlers of the body that are the window's. <https://html.spec.whatwg.org/multipage/webappapis.html#window-reflecting-body-element-event-handler-set>
  const reflected = new realm.primordials.Set([...realm.windowEventHandlers, ...realm.windowReflectingHandlers]);
  const windowOf = (element) => realm.homeOf(ops.op_node_document(nodeId(element)))?.global ?? null;
  for (const name of ["HTMLBodyElement", "HTMLFrameSetElement"]) {
    realm.eventHandlers(realm.interfaces[name].prototype, [...reflected], windowOf);
  }
  const isBody = (element) => realm.isHtmlElement(element, "body") || realm.isHtmlElement(element, "frameset");
  realm.handlerTarget = (element, name) => (reflected.has(name) && isBody(element) ? windowOf(element) : element);
  // The parser sets the body's attributes without telling; the window learns of them when its handlers are first looked at.
  const known = { __proto__: null };
  const learn = (type) => {
    const name = `on${type}`;
    if (!reflected.has(name) || realm.document === null) return;
    const body = ops.op_document_body(nodeId(realm.document));
    const source = body === 0 ? null : ops.op_element_get_attribute(body, name);
    const key = source === null ? null : `${body} ${source}`;
    if ((known[name] ?? null) === key) return;
    known[name] = key;
    if (source !== null) realm.handlerAttributeChanged(wrapNode(body), name);
  };
  realm.eventParents = (target, type) => {
    if (target === realm.global) learn(type);
    return [];
  };
  for (const name of ["setHandler", "getHandler"]) {
    const inner = realm[name];
    realm[name] = (target, type, value) => {
      if (target === realm.global) learn(type);
      return inner(target, type, value);
    };
  }

  // Compiles the source of a handler attribute; undefined where script is off, and it stays source. <https://html.spec.whatwg.org/multipage/webappapis.html#getting-the-current-value-of-the-event-handler> step 3
  const { Function } = realm.global;
  const SCRIPTS = 1 << 5;
  realm.compileHandler = (target, type, source) => {
    const isWindow = realm.isWindow(target);
    const element = isWindow ? null : target;
    // 3.1, 3.2. Not where a sandbox keeps script from running, or in a document without a window.
    const documentId = isWindow ? realm.documentId : ops.op_node_document(nodeId(element));
    if (realm.homeOf(documentId) === undefined || realm.isSandboxed(SCRIPTS)) return undefined;
    const parameters = type === "error" && isWindow ? ["event", "source", "lineno", "colno", "error"] : ["event"];
    try {
      // 3.8. It must be a function body by itself, not close the wrapper below.
      new Function(...parameters, `${source}\n`);
      const scopes = [];
      if (element !== null) {
        scopes.push(documentOf(element));
        const form = ops.op_element_form(nodeId(element));
        if (form !== 0) scopes.push(wrapNode(form));
        scopes.push(element);
      }
      // 3.9. The scope: document, form owner, element.
      let body = `return function on${type}(${parameters.join(", ")}) {\n${source}\n};`;
      for (let i = scopes.length - 1; i >= 0; i--) body = `with (scope${i}) { ${body} }`;
      return new Function(...scopes.map((_, i) => `scope${i}`), body)(...scopes);
    } catch (error) {
      // 3.8.1. Reported, and no handler.
      realm.reportException(error);
      return null;
    }
  };
}
