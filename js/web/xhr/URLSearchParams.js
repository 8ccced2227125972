// URLSearchParams. <https://url.spec.whatwg.org/#interface-urlsearchparams>
(realm) => {
  "use strict";
  const { Symbol, TypeError, Reflect, Array } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "URLSearchParams";
  // { list: [[name, value]], update: what a URL wants to know of, or null }
  const stateOf = (value) => realm.requireState(value, KIND);
  const sort = Array.prototype.sort;

  const parse = (query) => {
    const flat = ops.op_search_params_parse(query);
    const list = [];
    for (let i = 0; i < flat.length; i += 2) list.push([flat[i], flat[i + 1]]);
    return list;
  };
  const serialize = (list) => {
    const flat = [];
    for (const pair of list) flat.push(pair[0], pair[1]);
    return ops.op_search_params_serialize(flat);
  };
  // <https://url.spec.whatwg.org/#concept-urlsearchparams-update>
  const update = (state) => state.update?.(serialize(state.list));

  const pairs = (init) => {
    const pair = (value) => webidl.sequence(value, webidl.USVString, "URLSearchParams constructor");
    const list = webidl.sequence(init, pair, "URLSearchParams constructor");
    for (const one of list) {
      if (one.length !== 2) throw new TypeError("Failed to construct 'URLSearchParams': each pair must have two members");
    }
    return list;
  };
  // <https://url.spec.whatwg.org/#urlsearchparams-initialize>
  const initialize = (init) => {
    if (!webidl.isObject(init)) return parse(webidl.USVString(init));
    const method = init[Symbol.iterator];
    if (method !== undefined && method !== null) return pairs(init);
    // A record: a name that comes twice (after conversion) keeps its first place and its last value.
    const list = [];
    for (const [name, value] of webidl.record(init, webidl.USVString, webidl.USVString, "URLSearchParams constructor")) {
      const known = list.find((pair) => pair[0] === name);
      if (known === undefined) list.push([name, value]);
      else known[1] = value;
    }
    return list;
  };
  const matches = (name, value) => (pair) => pair[0] === name && (value === undefined || pair[1] === value);
  const optional = (value) => (value === undefined ? undefined : webidl.USVString(value));

  class URLSearchParams {
    constructor(init = "") {
      realm.setObjectState(this, KIND, { list: initialize(init), update: null });
    }
    get size() {
      return stateOf(this).list.length;
    }
    append(name, value) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'append' on 'URLSearchParams'");
      state.list.push([webidl.USVString(name), webidl.USVString(value)]);
      update(state);
    }
    delete(name, value = undefined) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'delete' on 'URLSearchParams'");
      const match = matches(webidl.USVString(name), optional(value));
      state.list = state.list.filter((pair) => !match(pair));
      update(state);
    }
    get(name) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'get' on 'URLSearchParams'");
      const pair = state.list.find(matches(webidl.USVString(name), undefined));
      return pair === undefined ? null : pair[1];
    }
    getAll(name) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'getAll' on 'URLSearchParams'");
      return state.list.filter(matches(webidl.USVString(name), undefined)).map((pair) => pair[1]);
    }
    has(name, value = undefined) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 1, "'has' on 'URLSearchParams'");
      return state.list.some(matches(webidl.USVString(name), optional(value)));
    }
    set(name, value) {
      const state = stateOf(this);
      webidl.requireArguments(arguments.length, 2, "'set' on 'URLSearchParams'");
      const typedName = webidl.USVString(name);
      const typedValue = webidl.USVString(value);
      const first = state.list.findIndex((pair) => pair[0] === typedName);
      if (first === -1) {
        state.list.push([typedName, typedValue]);
      } else {
        state.list[first][1] = typedValue;
        state.list = state.list.filter((pair, index) => index <= first || pair[0] !== typedName);
      }
      update(state);
    }
    sort() {
      const state = stateOf(this);
      // Strings compare by code units; the sort is stable.
      Reflect.apply(sort, state.list, [(a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)]);
      update(state);
    }
    toString() {
      return serialize(stateOf(this).list);
    }
  }
  realm.expose({ URLSearchParams });
  realm.arity(URLSearchParams.prototype, { delete: 1, has: 1 });
  realm.pairIterable(URLSearchParams, (params) => stateOf(params).list);

  // The query object of a URL. `onUpdate` is told the query when script changes it; `reset` gives it another.
  realm.makeQueryObject = (query, onUpdate) => {
    const params = new URLSearchParams();
    const state = stateOf(params);
    state.list = parse(query);
    state.update = onUpdate;
    return {
      params,
      reset: (other) => {
        state.list = parse(other);
      },
    };
  };
  // The serialized list, or undefined for anything else.
  realm.searchParamsText = (value) => {
    const state = realm.objectState(value, KIND);
    return state === undefined ? undefined : serialize(state.list);
  };
}
