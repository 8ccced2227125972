// XPathResult, XPathExpression, XPathEvaluator, and what a document has of them. <https://dom.spec.whatwg.org/#xpath>
(realm) => {
  "use strict";
  const { Object, TypeError, Reflect } = realm.primordials;
  const { ops, shared, webidl, nodeId, nodeArgument, wrapNode } = realm;
  const { DOMString, requireArguments, nullableCallbackInterface, unsignedLong, toInt } = webidl;
  const isArray = webidl.isArray;
  const includes = realm.global.Function.prototype.call.bind(realm.global.String.prototype.includes);

  if (shared.XPathState === undefined) {
    class Override {
      constructor(object) {
        return object;
      }
    }
    // What an object of these interfaces holds: `kind`, and of an expression `text` and `namespaces`, of a result `type`, `value`,
    // and for nodes their ids or the nodes themselves.
    shared.XPathState = class XPathState extends Override {
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
  }
  const { XPathState } = shared;
  const stateOf = (object, kind) => {
    const state = XPathState.of(object, kind);
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };

  const ANY = 0;
  const NUMBER = 1;
  const STRING = 2;
  const BOOLEAN = 3;
  const UNORDERED_ITERATOR = 4;
  const ORDERED_ITERATOR = 5;
  const UNORDERED_SNAPSHOT = 6;
  const ORDERED_SNAPSHOT = 7;
  const ANY_UNORDERED = 8;
  const FIRST_ORDERED = 9;
  const isIterator = (type) => type === UNORDERED_ITERATOR || type === ORDERED_ITERATOR;
  const isSnapshot = (type) => type === UNORDERED_SNAPSHOT || type === ORDERED_SNAPSHOT;
  const isSingle = (type) => type === ANY_UNORDERED || type === FIRST_ORDERED;
  const notOfType = (what) => new TypeError(`The result is not ${what}`);

  class XPathResult {
    constructor() {
      throw realm.illegalConstructor("XPathResult");
    }
    get resultType() {
      return stateOf(this, "result").type;
    }
    get numberValue() {
      const { type, value } = stateOf(this, "result");
      if (type !== NUMBER) throw notOfType("a number");
      return value;
    }
    get stringValue() {
      const { type, value } = stateOf(this, "result");
      if (type !== STRING) throw notOfType("a string");
      return value;
    }
    get booleanValue() {
      const { type, value } = stateOf(this, "result");
      if (type !== BOOLEAN) throw notOfType("a boolean");
      return value;
    }
    get singleNodeValue() {
      const { type, value } = stateOf(this, "result");
      if (!isSingle(type)) throw notOfType("a single node");
      return value;
    }
    get invalidIteratorState() {
      const { type, version } = stateOf(this, "result");
      return isIterator(type) && version !== realm.versions.all();
    }
    get snapshotLength() {
      const { type, value } = stateOf(this, "result");
      if (!isSnapshot(type)) throw notOfType("a snapshot");
      return value.length;
    }
    iterateNext() {
      const state = stateOf(this, "result");
      if (!isIterator(state.type)) throw notOfType("an iterator");
      if (state.version !== realm.versions.all()) {
        throw new realm.DOMException("The document has changed since the result was made", "InvalidStateError");
      }
      return state.next < state.value.length ? wrapNode(state.value[state.next++]) : null;
    }
    snapshotItem(index) {
      const { type, value } = stateOf(this, "result");
      requireArguments(arguments.length, 1, "'snapshotItem' on 'XPathResult'");
      const place = unsignedLong(index);
      if (!isSnapshot(type)) throw notOfType("a snapshot");
      return place < value.length ? value[place] : null;
    }
  }
  realm.expose({ XPathResult });
  realm.constants(XPathResult, {
    ANY_TYPE: ANY,
    NUMBER_TYPE: NUMBER,
    STRING_TYPE: STRING,
    BOOLEAN_TYPE: BOOLEAN,
    UNORDERED_NODE_ITERATOR_TYPE: UNORDERED_ITERATOR,
    ORDERED_NODE_ITERATOR_TYPE: ORDERED_ITERATOR,
    UNORDERED_NODE_SNAPSHOT_TYPE: UNORDERED_SNAPSHOT,
    ORDERED_NODE_SNAPSHOT_TYPE: ORDERED_SNAPSHOT,
    ANY_UNORDERED_NODE_TYPE: ANY_UNORDERED,
    FIRST_ORDERED_NODE_TYPE: FIRST_ORDERED,
  });

  // A namespace, or null. What goes wrong is reported, not thrown, as in browsers.
  const resolve = (resolver, prefix) => {
    if (resolver === null) return null;
    try {
      const isFunction = typeof resolver === "function";
      const lookup = isFunction ? resolver : resolver.lookupNamespaceURI;
      if (typeof lookup !== "function") throw new TypeError("The resolver has no method 'lookupNamespaceURI'");
      const value = Reflect.apply(lookup, isFunction ? undefined : resolver, [prefix]);
      return value === null || value === undefined ? null : DOMString(value);
    } catch (error) {
      realm.reportException(error);
      return null;
    }
  };
  // The namespaces of the expression's prefixes, each ended by U+0000.
  const namespacesOf = (text, resolver) => {
    // OPTIMIZATION: without a colon there are no prefixes.
    if (!includes(text, ":")) return "";
    const prefixes = ops.op_xpath_prefixes(text);
    if (prefixes === null) realm.throwLastError();
    let namespaces = "";
    for (let i = 0; i < prefixes.length; i++) {
      const namespace = resolve(resolver, prefixes[i]);
      if (namespace === null) {
        throw new realm.DOMException(`The prefix '${prefixes[i]}' of the XPath expression has no namespace`, "NamespaceError");
      }
      namespaces += `${namespace}\0`;
    }
    return namespaces;
  };
  const evaluate = (text, namespaces, context, contextNode, type) => {
    const value = ops.op_xpath_evaluate(context, text, namespaces, type);
    if (value === null) realm.throwLastError();
    const result = Object.create(XPathResult.prototype);
    const state = { kind: "result", type, value };
    if (!isArray(value)) {
      if (type > BOOLEAN) throw notOfType("a node-set, and cannot be converted to one");
      state.type = typeof value === "number" ? NUMBER : typeof value === "string" ? STRING : BOOLEAN;
    } else if (type === ANY || isIterator(type)) {
      if (type === ANY) state.type = UNORDERED_ITERATOR;
      state.next = 0;
      state.version = realm.versions.all();
      // While nothing changes, the context keeps the nodes.
      state.context = contextNode;
    } else {
      const nodes = realm.wrapNodes(value);
      state.value = isSingle(type) ? (nodes[0] ?? null) : nodes;
    }
    new XPathState(result, state);
    return result;
  };
  // Neither type nor result has more to say: a result is never reused, as in browsers.
  const typeArgument = (type) => {
    const number = toInt(type, 16, false);
    if (number > FIRST_ORDERED) throw new TypeError(`There is no result type ${number}`);
    return number;
  };
  const resultArgument = (result, context) => {
    if (result !== null && result !== undefined && XPathState.of(result, "result") === undefined) {
      throw new TypeError(`${context}: the result is not of type 'XPathResult'`);
    }
  };

  class XPathExpression {
    constructor() {
      throw realm.illegalConstructor("XPathExpression");
    }
    evaluate(contextNode, type = 0, result = null) {
      const { text, namespaces } = stateOf(this, "expression");
      requireArguments(arguments.length, 1, "'evaluate' on 'XPathExpression'");
      const context = nodeArgument(contextNode, "evaluate");
      const wanted = typeArgument(type);
      resultArgument(result, "evaluate");
      return evaluate(text, namespaces, context, contextNode, wanted);
    }
  }
  class XPathEvaluator {
    constructor() {
      new XPathState(this, { kind: "evaluator" });
    }
  }
  realm.expose({ XPathExpression, XPathEvaluator });

  // The members that evaluators and documents share. <https://dom.spec.whatwg.org/#mixin-xpathevaluatorbase>
  const base = (check, on) => ({
    createExpression(expression, resolver = null) {
      check(this);
      requireArguments(arguments.length, 1, `'createExpression' on '${on}'`);
      const text = DOMString(expression);
      const namespaces = namespacesOf(text, nullableCallbackInterface(resolver, "createExpression"));
      // What does not parse is an error now.
      if (namespaces === "" && ops.op_xpath_prefixes(text) === null) realm.throwLastError();
      const object = Object.create(XPathExpression.prototype);
      new XPathState(object, { kind: "expression", text, namespaces });
      return object;
    },
    createNSResolver(nodeResolver) {
      check(this);
      requireArguments(arguments.length, 1, `'createNSResolver' on '${on}'`);
      nodeArgument(nodeResolver, "createNSResolver");
      return nodeResolver;
    },
    evaluate(expression, contextNode, resolver = null, type = 0, result = null) {
      check(this);
      requireArguments(arguments.length, 2, `'evaluate' on '${on}'`);
      const text = DOMString(expression);
      const context = nodeArgument(contextNode, "evaluate");
      const lookup = nullableCallbackInterface(resolver, "evaluate");
      const wanted = typeArgument(type);
      resultArgument(result, "evaluate");
      return evaluate(text, namespacesOf(text, lookup), context, contextNode, wanted);
    },
  });
  const mixIn = (Class, check) => {
    const members = base(check, Class.name);
    for (const name of Object.keys(members)) {
      Object.defineProperty(Class.prototype, name, { value: members[name], writable: true, enumerable: true, configurable: true });
    }
  };
  mixIn(realm.Document, (document) => {
    if (ops.op_node_type(nodeId(document)) !== 9) throw new TypeError("Illegal invocation");
  });
  mixIn(XPathEvaluator, (evaluator) => stateOf(evaluator, "evaluator"));
}
