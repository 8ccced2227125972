// Custom elements: the registry, constructors, upgrades and reactions. What is known of elements and definitions without script
// is in dom/src/custom_elements. <https://html.spec.whatwg.org/multipage/custom-elements.html>
(realm) => {
  "use strict";
  const { Object, Reflect, TypeError, Promise, Proxy, Map, defineProperty, promiseThen } = realm.primordials;
  const { ops, shared, global, webidl, nodeId, wrapNode, slots } = realm;
  const { DOMString, isObject, requireArguments } = webidl;
  const { getPrototypeOf, setPrototypeOf } = Reflect;
  const { WeakRef } = global;

  // One for the windows of an origin, for their documents share their elements' reactions.
  shared.customElements ??= {
    // By number, from 1. Weak, for a definition keeps its window: its registry and its elements hold it.
    definitions: [null],
    // The element queue of a method that makes several ops; null between such methods and while script runs.
    bracket: null,
    // Elements that no method's end sees to.
    backup: [],
    // Reactions of this origin's elements that script of another has taken out of the tree.
    left: realm.bareArray(),
    // Documents whose parser constructs: dynamic markup insertion throws there.
    markupThrows: new Map(),
  };
  const { definitions } = shared.customElements;
  const agent = shared.customElements;
  const definitionAt = (number) => definitions[number]?.deref();
  const UPGRADE = 0;
  const MOVED = 3;
  const RESET = 8;
  const callbackNames = [null, "connectedCallback", "disconnectedCallback", "connectedMoveCallback", "adoptedCallback", "attributeChangedCallback"];
  callbackNames.push("formAssociatedCallback", "formDisabledCallback", "formResetCallback");
  const STATE_FAILED = 2;
  const STATE_PRECUSTOMIZED = 3;
  const STATE_CUSTOM = 4;

  const notSupported = (message) => new realm.DOMException(message, "NotSupportedError");

  // Reaction queues. <https://html.spec.whatwg.org/multipage/custom-elements.html#custom-element-reactions-stack>
  // A reaction is `[element id, kind, ...]`, see op_custom_take_reactions. An element's queue is in its slots.
  const queueOf = (element) => (slots(element).reactions ??= []);
  const enqueue = (queue, reaction) => {
    const element = wrapNode(reaction[0]);
    queueOf(element).push(reaction);
    queue.push(element);
  };
  // Puts what ops have enqueued on the queues of elements, and the elements on an element queue.
  const takeInto = (queue) => {
    const { left } = agent;
    for (let i = 0; i < left.length; i++) enqueue(queue, left[i]);
    left.length = 0;
    const taken = ops.op_custom_take_reactions();
    if (taken === null) return;
    for (let i = 0; i < taken.length; i++) {
      const home = shared.agent.documentRealms[ops.op_node_document(taken[i][0])];
      if (home === undefined || home.shared === shared) {
        enqueue(queue, taken[i]);
      } else {
        const others = home.shared.customElements.left;
        const record = realm.bareArray();
        for (let k = 0; k < taken[i].length; k++) record[k] = taken[i][k];
        others[others.length] = record;
      }
    }
  };
  const argumentsOf = (reaction) => {
    switch (reaction[1]) {
      case 4:
        return [wrapNode(reaction[2]), wrapNode(reaction[3])];
      case 5:
        return [reaction[2], reaction[3], reaction[4], reaction[5]];
      case 6:
        return [wrapNode(reaction[2])];
      case 7:
        return [reaction[2] === 1];
      default:
        return [];
    }
  };
  // Runs one reaction of an element.
  const react = (element, reaction) => {
    const kind = reaction[1];
    if (kind === UPGRADE) {
      const definition = definitionAt(reaction[2]);
      if (definition === undefined) return;
      try {
        upgrade(element, definition);
      } catch (error) {
        definition.realm.reportException(error);
      }
      return;
    }
    const definition = slots(element).definition;
    if (definition === undefined || definition === null) return;
    const { callbacks } = definition;
    const callback = callbacks[callbackNames[kind]];
    if (callback !== undefined) {
      definition.realm.invoke(callback, element, argumentsOf(reaction));
    } else if (kind === MOVED) {
      // <https://html.spec.whatwg.org/multipage/custom-elements.html#enqueue-a-custom-element-callback-reaction> step 4
      if (callbacks.disconnectedCallback !== undefined) definition.realm.invoke(callbacks.disconnectedCallback, element, []);
      if (callbacks.connectedCallback !== undefined) definition.realm.invoke(callbacks.connectedCallback, element, []);
    }
  };
  // <https://html.spec.whatwg.org/multipage/custom-elements.html#invoke-custom-element-reactions>
  const invokeReactions = (queue) => {
    const outer = agent.bracket;
    agent.bracket = null;
    try {
      for (let i = 0; i < queue.length; i++) {
        const reactions = queueOf(queue[i]);
        while (reactions.length > 0) react(queue[i], reactions.shift());
      }
    } finally {
      agent.bracket = outer;
    }
  };
  // The end of a method with [CEReactions] that was one op; see realm.mutated. `between` is what comes before the reactions.
  realm.customElementReactions = (between) => {
    const bracket = agent.bracket;
    const queue = bracket ?? [];
    takeInto(queue);
    between?.();
    if (bracket === null && queue.length > 0) invokeReactions(queue);
  };
  // A method or setter with [CEReactions] that makes several ops: reactions come at its end.
  // <https://html.spec.whatwg.org/multipage/custom-elements.html#cereactions>
  realm.ceReactions = (steps) => {
    if (agent.bracket !== null || definitions.length === 1) return steps();
    const queue = [];
    agent.bracket = queue;
    try {
      return steps();
    } finally {
      agent.bracket = null;
      takeInto(queue);
      if (queue.length > 0) invokeReactions(queue);
    }
  };
  // What runs script while a method is under way: the script's own methods do not wait for it.
  realm.outsideBracket = (steps) => {
    const { bracket } = agent;
    if (bracket === null) return steps();
    agent.bracket = null;
    try {
      return steps();
    } finally {
      agent.bracket = bracket;
    }
  };
  // What the host's own changes of the tree left: the backup element queue.
  realm.entry.customElementReactions = realm.fromHost(() => {
    realm.customElementReactions();
    // Those of other origins, in a realm of theirs.
    const seen = realm.bareArray();
    for (const id in shared.agent.realms) {
      const other = shared.agent.realms[id];
      if (other.shared !== shared && other.shared.customElements.left.length > 0) seen[seen.length] = other;
    }
    for (let i = 0; i < seen.length; i++) seen[i].entry.ownCustomElementReactions();
  });
  realm.entry.ownCustomElementReactions = realm.fromHost(() => realm.customElementReactions());

  // Calls a definition's constructor.
  const construct = (definition) => {
    const outer = agent.bracket;
    const fromHost = shared.hostCalls;
    agent.bracket = null;
    shared.hostCalls = false;
    try {
      return new definition.constructor();
    } finally {
      if (fromHost) ops.op_checkpoint();
      shared.hostCalls = fromHost;
      agent.bracket = outer;
    }
  };

  // <https://html.spec.whatwg.org/multipage/custom-elements.html#upgrades>
  const upgrade = (element, definition) => {
    const id = nodeId(element);
    // 1. Once only.
    if (ops.op_custom_state(id) >= STATE_FAILED) return;
    // 2, 3. The definition; failed, should it fail.
    ops.op_custom_set_state(id, STATE_FAILED, definition.number);
    // 4, 5. Attributes, connectedness.
    ops.op_custom_enqueue_upgrade(id, definition.number);
    const enqueued = [];
    takeInto(enqueued);
    // 6. For the constructor to find.
    definition.constructionStack.push(element);
    try {
      // 8.1. No shadow root where the definition wants none.
      if (definition.disableShadow && ops.op_custom_shadow_root(id, false) !== 0) throw notSupported("The definition forbids the element's shadow root");
      // 8.2. Being made.
      ops.op_custom_set_state(id, STATE_PRECUSTOMIZED, definition.number);
      // 8.3, 8.4. The constructor gives this element.
      const result = construct(definition);
      if (result !== element) throw new definition.realm.primordials.TypeError("The custom element constructor returned another object than the element");
    } catch (error) {
      // 8, 9. Failed: nothing is told any more.
      ops.op_custom_set_state(id, STATE_FAILED, 0);
      slots(element).definition = null;
      queueOf(element).length = 0;
      throw error;
    } finally {
      definition.constructionStack.pop();
    }
    // 10, 11. Custom. Forms are told of.
    slots(element).definition = definition;
    ops.op_custom_set_state(id, STATE_CUSTOM, definition.number);
    if (definition.formAssociated) takeInto(enqueued);
    // Others that came in between are not ours to hold back.
    const others = enqueued.filter((other) => other !== element);
    if (others.length > 0) invokeReactions(others);
  };

  // By the numbers of op_custom_check.
  const problems = ["", "", "set attributes", "added children", "inserted the element", "made an element of another document", "made an element of another name"];
  // Create an element, with the synchronous custom elements flag set and a definition found. `make` makes a plain one.
  // <https://dom.spec.whatwg.org/#concept-create-element> steps 4 and 5
  const createDefined = (documentId, definition, prefix, make) => {
    if (definition.name !== definition.localName) {
      // 4. Customized built-in: made, then upgraded.
      const element = make();
      ops.op_custom_set_is_value(nodeId(element), definition.name);
      try {
        upgrade(element, definition);
      } catch (error) {
        definition.realm.reportException(error);
      }
      invokeReactions([element]);
      return element;
    }
    // 5.1. Autonomous: its constructor makes it.
    try {
      const result = construct(definition);
      const problem = realm.isNode(result) ? ops.op_custom_check(nodeId(result), documentId, definition.number) : 1;
      if (problem === 1) throw new definition.realm.primordials.TypeError("The custom element constructor did not return an HTMLElement");
      if (problem !== 0) throw new definition.realm.DOMException(`The custom element constructor has ${problems[problem]}`, "NotSupportedError");
      if (prefix !== "") ops.op_custom_set_prefix(nodeId(result), prefix);
      return result;
    } catch (error) {
      definition.realm.reportException(error);
      return wrapNode(realm.check(ops.op_custom_create_failed(documentId, definition.number, prefix)));
    }
  };
  // The `is` of ElementCreationOptions, or null.
  const isOption = (options) => {
    if (options === undefined || options === null) return null;
    if (!isObject(options)) {
      DOMString(options);
      return null;
    }
    const { is } = options;
    return is === undefined ? null : DOMString(is);
  };
  const withIs = (id, is) => {
    if (is !== null) ops.op_custom_set_is_value(id, is);
    return wrapNode(id);
  };
  // `createElement()` where a definition or an is value may matter.
  realm.createElement = (documentId, name, options) => {
    const is = isOption(options);
    const make = () => withIs(realm.check(ops.op_document_create_element(documentId, name)), is);
    const number = ops.op_custom_look_up(documentId, name, is ?? "");
    const definition = definitionAt(number);
    return definition === undefined ? make() : createDefined(documentId, definition, "", make);
  };
  realm.createElementNS = (documentId, namespace, name, options) => {
    const is = isOption(options);
    const make = () => withIs(realm.check(ops.op_document_create_element_ns(documentId, namespace, name)), is);
    const number = ops.op_custom_look_up_ns(documentId, namespace, name, is ?? "");
    const definition = definitionAt(number);
    const colon = name.indexOf(":");
    return definition === undefined ? make() : createDefined(documentId, definition, colon < 0 ? "" : name.slice(0, colon), make);
  };
  // Whether `createElement()` has to look: nothing is defined and there are no options on most pages.
  realm.mayCreateCustom = (name, options) => (definitions.length > 1 && name.includes("-")) || (options !== undefined && options !== null);
  realm.hasDefinitions = () => definitions.length > 1;

  // A parser has stopped, for an element to be constructed or for reactions.
  // <https://html.spec.whatwg.org/multipage/parsing.html#create-an-element-for-the-token>
  const parserStep = () => {
    const { markupThrows } = agent;
    const counted = (document, steps) => {
      markupThrows.set(document, (markupThrows.get(document) ?? 0) + 1);
      try {
        steps();
      } finally {
        markupThrows.set(document, markupThrows.get(document) - 1);
      }
    };
    const wanted = ops.op_custom_take_construction();
    if (wanted !== null) {
      // 9-11. Constructed, and told of its attributes, while dynamic markup insertion throws.
      const [document, number] = wanted;
      const definition = definitionAt(number);
      if (definition === undefined) return;
      const make = () => wrapNode(realm.check(ops.op_document_create_element(document, definition.localName)));
      counted(document, () => {
        ops.op_custom_set_constructed(nodeId(createDefined(document, definition, "", make)));
        realm.customElementReactions();
      });
      return;
    }
    // Insert a foreign element, step 3.3: told of the insertion.
    realm.customElementReactions();
  };
  realm.entry.parserStep = realm.fromHost(parserStep);
  realm.entry.parserStepOfScript = parserStep;
  // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#throw-on-dynamic-markup-insertion-counter>
  realm.checkMarkupInsertion = (documentId) => {
    if ((agent.markupThrows.get(documentId) ?? 0) > 0) {
      throw new realm.DOMException("Markup cannot be inserted while the parser constructs a custom element", "InvalidStateError");
    }
  };

  // The HTML element constructor. <https://html.spec.whatwg.org/multipage/dom.html#htmlconstructor>
  const interfaceNames = ops.op_interface_names();
  // The realm of a constructor whose `prototype` is not an object.
  const functionRealm = (newTarget) => {
    const prototype = getPrototypeOf(Reflect.construct(global.Boolean, [], newTarget));
    for (const other of shared.realms) if (other !== undefined && other.booleanPrototype === prototype) return other;
    return realm;
  };
  realm.booleanPrototype = global.Boolean.prototype;
  const byName = new Map();
  const byConstructor = new Map();
  realm.constructElement = (newTarget, active, interfaceName) => {
    // 1. Not itself.
    if (newTarget === active) throw realm.illegalConstructor(interfaceName);
    // 2, 3. Defined here.
    const definition = byConstructor.get(newTarget);
    if (definition === undefined) throw realm.illegalConstructor(interfaceName);
    // 5, 6. By this interface.
    if (definition.name === definition.localName) {
      if (active !== realm.HTMLElement) throw realm.illegalConstructor(interfaceName);
    } else if (realm.interfaces[interfaceNames[ops.op_custom_interface(definition.localName)]] !== active) {
      throw realm.illegalConstructor(interfaceName);
    }
    // 7, 8. The prototype, of the realm of NewTarget if it has none.
    let { prototype } = newTarget;
    if (!isObject(prototype)) prototype = functionRealm(newTarget).interfaces[interfaceName].prototype;
    const stack = definition.constructionStack;
    if (stack.length === 0) {
      // 9. By script.
      const element = wrapNode(realm.check(ops.op_custom_create(nodeId(realm.document), definition.number)));
      setPrototypeOf(element, prototype);
      slots(element).definition = definition;
      return element;
    }
    // 10-14. The element that is being upgraded, once.
    const element = stack[stack.length - 1];
    if (element === null) throw new TypeError("The element is already constructed");
    setPrototypeOf(element, prototype);
    stack[stack.length - 1] = null;
    return element;
  };

  // Whether it can be constructed, without trying. <https://tc39.es/ecma262/#sec-isconstructor>
  const isConstructor = (value) => {
    try {
      new (new Proxy(value, { construct: () => ({}) }))();
      return true;
    } catch {
      return false;
    }
  };
  const functionOf = (value, name) => {
    if (value === undefined) return undefined;
    if (typeof value !== "function") throw new TypeError(`${name} is not a function`);
    return value;
  };
  const flags = {
    __proto__: null,
    connectedCallback: 1,
    disconnectedCallback: 2,
    adoptedCallback: 4,
    attributeChangedCallback: 8,
    connectedMoveCallback: 16,
    formAssociatedCallback: 32,
    formDisabledCallback: 64,
    formResetCallback: 128,
  };
  const registryOf = (value) => {
    if (!shared.Stamp.has(value) || slots(value).isRegistry !== true) throw new TypeError("Illegal invocation");
  };
  let isDefining = false;
  const whenDefined = new Map();

  class CustomElementRegistry {
    constructor() {
      throw realm.illegalConstructor("CustomElementRegistry");
    }
    define(name, constructor, options = undefined) {
      registryOf(this);
      requireArguments(arguments.length, 2, "'define' on 'CustomElementRegistry'");
      const nameText = DOMString(name);
      if (typeof constructor !== "function") throw new TypeError("'define' on 'CustomElementRegistry': the constructor is not a function");
      const { extends: given } = webidl.dictionary(options, "define");
      const extended = given === undefined ? null : DOMString(given);
      // 1. A constructor.
      if (!isConstructor(constructor)) throw new TypeError("'define' on 'CustomElementRegistry': the constructor cannot be called with new");
      // 2. A name for it.
      if (!ops.op_custom_is_valid_name(nameText)) throw new realm.DOMException(`'${nameText}' is not a valid custom element name`, "SyntaxError");
      // 3, 4. Both are new.
      if (byName.has(nameText)) throw notSupported(`'${nameText}' is defined already`);
      if (byConstructor.has(constructor)) throw notSupported("The constructor is defined by another name already");
      // 5-7. What it extends is a built-in element.
      if (extended !== null) {
        if (ops.op_custom_is_valid_name(extended)) throw notSupported(`'${extended}' is not a built-in element`);
        if (interfaceNames[ops.op_custom_interface(extended)] === "HTMLUnknownElement") throw notSupported(`'${extended}' is not a known element`);
      }
      // 8, 9. One at a time.
      if (isDefining) throw notSupported("Another definition is under way");
      isDefining = true;
      const callbacks = { __proto__: null };
      let observed = [];
      let disabled = [];
      let formAssociated = false;
      try {
        // 14.1, 14.2. The prototype.
        const { prototype } = constructor;
        if (!isObject(prototype)) throw new TypeError("The constructor's prototype is not an object");
        // 14.3, 14.4. Its callbacks.
        const take = (callback) => {
          const value = functionOf(prototype[callback], callback);
          if (value !== undefined) callbacks[callback] = value;
        };
        for (const callback of ["connectedCallback", "disconnectedCallback", "adoptedCallback", "connectedMoveCallback", "attributeChangedCallback"]) take(callback);
        // 14.5. The attributes it observes.
        const strings = (value, what) => (value === undefined ? [] : webidl.sequence(value, DOMString, what));
        if (callbacks.attributeChangedCallback !== undefined) observed = strings(constructor.observedAttributes, "observedAttributes");
        // 14.6-14.10. What it does without.
        disabled = strings(constructor.disabledFeatures, "disabledFeatures");
        // 14.11-14.13. Forms.
        formAssociated = !!constructor.formAssociated;
        if (formAssociated) {
          for (const callback of ["formAssociatedCallback", "formResetCallback", "formDisabledCallback", "formStateRestoreCallback"]) take(callback);
        }
      } finally {
        isDefining = false;
      }
      // 15, 16. The definition.
      let bits = (formAssociated ? 0x8000 : 0) | (disabled.includes("shadow") ? 0x10000 : 0);
      for (const callback of Object.keys(callbacks)) bits |= flags[callback] ?? 0;
      const definition = {
        __proto__: null,
        name: nameText,
        localName: extended ?? nameText,
        constructor,
        callbacks,
        formAssociated,
        disableInternals: disabled.includes("internals"),
        disableShadow: disabled.includes("shadow"),
        constructionStack: [],
        realm,
        number: shared.agent.definitionCount,
      };
      byName.set(nameText, definition);
      byConstructor.set(constructor, definition);
      shared.agent.definitionCount++;
      while (definitions.length < definition.number) definitions.push(undefined);
      definitions.push(new WeakRef(definition));
      // 17, 18. The document's elements of that name are upgraded, at the end of this.
      ops.op_custom_define(nodeId(realm.document), realm.windowId, nameText, definition.localName, observed.join("\0"), bits);
      // 19. Those who wait.
      const waiting = whenDefined.get(nameText);
      if (waiting !== undefined) {
        whenDefined.delete(nameText);
        waiting.resolve(constructor);
      }
      realm.customElementReactions();
    }
    get(name) {
      registryOf(this);
      requireArguments(arguments.length, 1, "'get' on 'CustomElementRegistry'");
      return byName.get(DOMString(name))?.constructor;
    }
    getName(constructor) {
      registryOf(this);
      requireArguments(arguments.length, 1, "'getName' on 'CustomElementRegistry'");
      return byConstructor.get(webidl.callbackFunction(constructor, "getName"))?.name ?? null;
    }
    whenDefined(name) {
      // A promise, whatever happens.
      try {
        registryOf(this);
        requireArguments(arguments.length, 1, "'whenDefined' on 'CustomElementRegistry'");
        const text = DOMString(name);
        // 1. Not a name.
        if (!ops.op_custom_is_valid_name(text)) throw new realm.DOMException(`'${text}' is not a valid custom element name`, "SyntaxError");
        // 2. There already.
        const definition = byName.get(text);
        if (definition !== undefined) return Promise.resolve(definition.constructor);
        // 3, 4. One promise for all who wait.
        let waiting = whenDefined.get(text);
        if (waiting === undefined) {
          waiting = {};
          waiting.promise = new Promise((resolve) => {
            waiting.resolve = resolve;
          });
          whenDefined.set(text, waiting);
        }
        return waiting.promise;
      } catch (error) {
        return Promise.reject(error);
      }
    }
    upgrade(root) {
      registryOf(this);
      requireArguments(arguments.length, 1, "'upgrade' on 'CustomElementRegistry'");
      realm.mutated(ops.op_custom_upgrade(realm.nodeArgument(root, "upgrade")));
    }
  }
  realm.expose({ CustomElementRegistry });
  const registry = Object.create(CustomElementRegistry.prototype);
  new shared.Stamp(registry, 0, 0);
  slots(registry).isRegistry = true;
  defineProperty(global, "customElements", {
    get: Object.getOwnPropertyDescriptor(
      {
        get customElements() {
          return registry;
        },
      },
      "customElements",
    ).get,
    enumerable: true,
    configurable: true,
  });
  // A window that gets another document takes its definitions along.
  realm.adoptRegistry = (documentId) => {
    if (byName.size > 0) ops.op_custom_set_registry(documentId, realm.windowId);
  };

  // The definition of an element that is custom, else null.
  realm.definitionOf = (element) => slots(element).definition ?? null;
  // The definition that an element's name leads to, else null.
  realm.definitionByName = (element) => definitionAt(ops.op_custom_own_definition(nodeId(element), true));
  realm.customElementState = (element) => ops.op_custom_state(nodeId(element));
  // Enqueues the call of formResetCallback. <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#concept-form-reset>
  realm.resetFormAssociated = (element) => {
    if (realm.definitionOf(element)?.callbacks.formResetCallback === undefined) return;
    queueOf(element).push([nodeId(element), RESET]);
    if (agent.backup.push(element) === 1) promiseThen(Promise.resolve(), realm.invokeBackupQueue);
  };
  // <https://html.spec.whatwg.org/multipage/custom-elements.html#backup-element-queue>
  realm.invokeBackupQueue = () => {
    const queue = agent.backup;
    agent.backup = [];
    invokeReactions(queue);
  };
}
