// StyleSheet, CSSStyleSheet, StyleSheetList and MediaList over the sheets that Rust keeps; a sheet is read when it is first asked for.
// <https://drafts.csswg.org/cssom/#css-style-sheets>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, TypeError, WeakMap, Map, Promise } = realm.primordials;
  const { ops, shared, webidl, wrapNode } = realm;
  const { DOMString, requireArguments } = webidl;

  // A platform object with indexed properties. <https://webidl.spec.whatwg.org/#legacy-platform-object-getownproperty>
  const indexed = (target, length, item) => {
    const at = (key) => {
      const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
      return index < 0 || index >= length() ? undefined : item(index);
    };
    return new Proxy(target, {
      get: (inner, key, receiver) => at(key) ?? Reflect.get(inner, key, receiver),
      has: (inner, key) => at(key) !== undefined || Reflect.has(inner, key),
      getOwnPropertyDescriptor(inner, key) {
        const value = at(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(inner, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      defineProperty: (inner, key, descriptor) =>
        typeof key === "string" && realm.arrayIndex(key) >= 0 ? false : Reflect.defineProperty(inner, key, descriptor),
      deleteProperty: (inner, key) => (at(key) !== undefined ? false : Reflect.deleteProperty(inner, key)),
      ownKeys(inner) {
        const keys = [];
        for (let i = 0; i < length(); i++) keys.push(`${i}`);
        return [...keys, ...Reflect.ownKeys(inner)];
      },
    });
  };
  realm.indexedObject = indexed;
  const iterable = (Class) =>
    Object.defineProperty(Class.prototype, realm.primordials.Symbol.iterator, {
      value: realm.global.Array.prototype.values,
      writable: true,
      enumerable: false,
      configurable: true,
    });
  realm.iterableByIndex = iterable;
  const stateIn = (map, object) => {
    const state = map.get(object);
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };

  // MediaList, of a sheet or a rule. <https://drafts.csswg.org/cssom/#the-medialist-interface>
  const lists = new WeakMap();
  class MediaList {
    constructor() {
      throw realm.illegalConstructor("MediaList");
    }
    get mediaText() {
      return ops.op_css_media(stateIn(lists, this).id).join(", ");
    }
    set mediaText(value) {
      ops.op_css_set_media(stateIn(lists, this).id, webidl.DOMStringOrEmpty(value));
    }
    toString() {
      return ops.op_css_media(stateIn(lists, this).id).join(", ");
    }
    get length() {
      return ops.op_css_media(stateIn(lists, this).id).length;
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'MediaList'");
      return ops.op_css_media(stateIn(lists, this).id)[webidl.unsignedLong(index)] ?? null;
    }
    appendMedium(medium) {
      requireArguments(arguments.length, 1, "'appendMedium' on 'MediaList'");
      const { id } = stateIn(lists, this);
      const queries = ops.op_css_media(id);
      const text = DOMString(medium);
      ops.op_css_set_media(id, text);
      const added = ops.op_css_media(id);
      // 1, 2. One query that is not there.
      const isNew = added.length === 1 && !queries.includes(added[0]);
      ops.op_css_set_media(id, (isNew ? [...queries, added[0]] : queries).join(", "));
    }
    deleteMedium(medium) {
      requireArguments(arguments.length, 1, "'deleteMedium' on 'MediaList'");
      const { id } = stateIn(lists, this);
      const queries = ops.op_css_media(id);
      const text = DOMString(medium).trim().toLowerCase();
      const left = queries.filter((query) => query.toLowerCase() !== text);
      if (left.length === queries.length) throw new realm.DOMException("There is no such medium", "NotFoundError");
      ops.op_css_set_media(id, left.join(", "));
    }
  }
  realm.expose({ MediaList });
  iterable(MediaList);
  // `owner` is kept, as it keeps what the id names.
  realm.mediaList = (id, owner) => {
    const target = Object.create(MediaList.prototype);
    const state = { id, owner };
    const list = indexed(
      target,
      () => ops.op_css_media(id).length,
      (index) => ops.op_css_media(id)[index],
    );
    lists.set(target, state);
    lists.set(list, state);
    return list;
  };

  // Sheets: { id, rules: rule objects by id, list, media, origin, replacing }.
  const sheets = new WeakMap();
  const sheetState = (sheet) => stateIn(sheets, sheet);
  realm.isStyleSheet = (value) => sheets.has(value);
  // How many objects there are of a sheet, so that it is let go of with the last one.
  const objects = (shared.styleSheetObjects ??= new Map());
  const finalized = (id) => {
    const left = objects.get(id) - 1;
    if (left > 0) {
      objects.set(id, left);
    } else {
      objects.delete(id);
      ops.op_css_release_sheet(id);
    }
  };
  let registry = null;
  const register = (sheet, id) => {
    const { FinalizationRegistry } = realm;
    if (FinalizationRegistry === undefined) return;
    registry ??= new FinalizationRegistry(finalized);
    objects.set(id, (objects.get(id) ?? 0) + 1);
    registry.register(sheet, id);
  };
  realm.FinalizationRegistry = realm.global.FinalizationRegistry;
  const initialize = (sheet, id, constructor) => {
    sheets.set(sheet, { id, rules: new Map(), list: null, media: null, constructor, replacing: false, ownerRule: null });
    register(sheet, id);
  };

  class StyleSheet {
    constructor() {
      throw realm.illegalConstructor("StyleSheet");
    }
    get type() {
      sheetState(this);
      return "text/css";
    }
    get href() {
      return ops.op_css_sheet_address(sheetState(this).id);
    }
    get ownerNode() {
      return wrapNode(ops.op_css_sheet_owner(sheetState(this).id));
    }
    get parentStyleSheet() {
      return sheetState(this).ownerRule?.parentStyleSheet ?? null;
    }
    get title() {
      const owner = ops.op_css_sheet_owner(sheetState(this).id);
      return owner === 0 ? null : ops.op_element_get_attribute_ns(owner, "", "title") || null;
    }
    get media() {
      const state = sheetState(this);
      return (state.media ??= realm.mediaList(state.id, this));
    }
    set media(value) {
      this.media.mediaText = value;
    }
    get disabled() {
      return ops.op_css_is_disabled(sheetState(this).id);
    }
    set disabled(value) {
      ops.op_css_set_disabled(sheetState(this).id, !!value);
    }
  }
  class CSSStyleSheet extends StyleSheet {
    // <https://drafts.csswg.org/cssom/#dom-cssstylesheet-cssstylesheet>
    constructor(options = {}) {
      const given = webidl.dictionary(options, "CSSStyleSheet");
      const disabled = !!given.disabled;
      const { media } = given;
      const text = media === undefined ? "" : realm.mediaText(media);
      const sheet = Object.create(new.target.prototype);
      initialize(sheet, ops.op_css_create_sheet(text), realm);
      if (disabled) sheet.disabled = true;
      return sheet;
    }
    get ownerRule() {
      return sheetState(this).ownerRule;
    }
    get cssRules() {
      return rulesOf(this);
    }
    insertRule(rule, index = 0) {
      requireArguments(arguments.length, 1, "'insertRule' on 'CSSStyleSheet'");
      const state = sheetState(this);
      originClean(state);
      const text = DOMString(rule);
      const at = webidl.unsignedLong(index);
      insert(state, text, at);
      return at;
    }
    deleteRule(index) {
      requireArguments(arguments.length, 1, "'deleteRule' on 'CSSStyleSheet'");
      const state = sheetState(this);
      originClean(state);
      const at = webidl.unsignedLong(index);
      modifiable(state);
      realm.check(ops.op_css_delete_rule(state.id, at));
    }
    // <https://drafts.csswg.org/cssom/#dom-cssstylesheet-replace>
    replace(text) {
      try {
        requireArguments(arguments.length, 1, "'replace' on 'CSSStyleSheet'");
        const state = sheetState(this);
        const given = webidl.USVString(text);
        constructed(state);
        replaceRules(state, given);
        return Promise.resolve(this);
      } catch (error) {
        return Promise.reject(error);
      }
    }
    replaceSync(text) {
      requireArguments(arguments.length, 1, "'replaceSync' on 'CSSStyleSheet'");
      const state = sheetState(this);
      const given = webidl.USVString(text);
      constructed(state);
      replaceRules(state, given);
    }
    get rules() {
      return rulesOf(this);
    }
    // <https://drafts.csswg.org/cssom/#dom-cssstylesheet-addrule>
    addRule(selector = "undefined", style = "undefined", index = undefined) {
      const state = sheetState(this);
      const text = `${DOMString(selector)} { ${DOMString(style)} }`;
      insert(state, text, index === undefined ? ops.op_css_rule_count(state.id) : webidl.unsignedLong(index));
      return -1;
    }
    removeRule(index = 0) {
      const state = sheetState(this);
      modifiable(state);
      realm.check(ops.op_css_delete_rule(state.id, webidl.unsignedLong(index)));
    }
  }
  const modifiable = (state) => {
    if (state.replacing) throw new realm.DOMException("The style sheet is being replaced", "NotAllowedError");
  };
  const constructed = (state) => {
    if (state.constructor === null) throw new realm.DOMException("The style sheet was not made by script", "NotAllowedError");
    modifiable(state);
  };
  // 4. Imports are not allowed there.
  const replaceRules = (state, text) => {
    ops.op_css_replace_sheet(state.id, text);
    for (let i = ops.op_css_rule_count(state.id) - 1; i >= 0; i--) {
      if (ops.op_css_rule_interface(ops.op_css_rule_at(state.id, i)) === "CSSImportRule") ops.op_css_delete_rule(state.id, i);
    }
  };
  const insert = (state, text, index) => {
    modifiable(state);
    const { id } = state;
    realm.check(ops.op_css_insert_rule(id, text, index));
    if (state.constructor !== null && ops.op_css_rule_interface(ops.op_css_rule_at(id, index)) === "CSSImportRule") {
      ops.op_css_delete_rule(id, index);
      throw new realm.DOMException("A style sheet made by script has no imports", "SyntaxError");
    }
  };
  // <https://drafts.csswg.org/cssom/#concept-css-style-sheet-origin-clean-flag>
  const originClean = (state) => {
    if (ops.op_css_is_origin_clean(state.id)) return;
    throw new realm.DOMException("The style sheet is of another origin, which does not allow it", "SecurityError");
  };
  const rulesOf = (sheet) => {
    const state = sheetState(sheet);
    originClean(state);
    return (state.list ??= realm.ruleList(state.id, sheet));
  };
  realm.expose({ StyleSheet, CSSStyleSheet });
  realm.arity(CSSStyleSheet, {});
  // The objects of a sheet's rules, by id.
  realm.ruleObjects = (sheet) => sheetState(sheet).rules;
  realm.mediaText = (media) => (lists.has(media) ? media.mediaText : DOMString(media));

  // The object of a sheet that a rule imports.
  realm.importedSheet = (id, rule) => {
    const sheet = Object.create(CSSStyleSheet.prototype);
    initialize(sheet, id, null);
    sheetState(sheet).ownerRule = rule;
    return sheet;
  };
  realm.sheetId = (sheet) => sheetState(sheet).id;
  // The sheet of a style element, or null.
  realm.styleSheetOf = (element) => {
    const id = ops.op_css_sheet_of(realm.nodeId(element));
    if (id === 0) return null;
    const slots = realm.slots(element);
    const known = slots.styleSheet;
    if (known !== undefined && sheets.get(known)?.id === id) return known;
    const sheet = Object.create(CSSStyleSheet.prototype);
    initialize(sheet, id, null);
    slots.styleSheet = sheet;
    // The element's wrapper lives as long as its sheet, so that there is one object of it.
    shared.Slots.Keeper.keep(sheet, element);
    return sheet;
  };

  // <https://drafts.csswg.org/cssom/#the-stylesheetlist-interface>
  const sheetLists = new WeakMap();
  class StyleSheetList {
    constructor() {
      throw realm.illegalConstructor("StyleSheetList");
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'StyleSheetList'");
      return sheetAt(stateIn(sheetLists, this), webidl.unsignedLong(index)) ?? null;
    }
    get length() {
      return ops.op_css_style_elements(stateIn(sheetLists, this)).length;
    }
  }
  realm.expose({ StyleSheetList });
  iterable(StyleSheetList);
  const sheetAt = (root, index) => {
    const id = ops.op_css_style_elements(root)[index];
    return id === undefined ? undefined : realm.styleSheetOf(wrapNode(id));
  };
  const styleSheets = (node) =>
    realm.sameObject(node, "styleSheets", () => {
      const root = realm.nodeId(node);
      const target = Object.create(StyleSheetList.prototype);
      const list = indexed(
        target,
        () => ops.op_css_style_elements(root).length,
        (index) => sheetAt(root, index),
      );
      sheetLists.set(target, root);
      sheetLists.set(list, root);
      return list;
    });

  // <https://drafts.csswg.org/cssom/#dom-documentorshadowroot-adoptedstylesheets>
  const adoptable = (sheet) => {
    const state = sheets.get(sheet);
    if (state === undefined) throw new TypeError("Not a CSSStyleSheet");
    if (state.constructor === null) throw new realm.DOMException("Only style sheets made by script can be adopted", "NotAllowedError");
    return state.id;
  };
  const adopted = (node) => realm.sameObject(node, "adoptedStyleSheets", () => observableArray(realm.nodeId(node)));
  // <https://webidl.spec.whatwg.org/#js-observable-arrays>
  const observableArray = (root) => {
    const update = (array) => ops.op_css_adopt(root, array.map((sheet) => sheets.get(sheet).id).join(","));
    return new Proxy([], {
      set: (array, key, value) => {
        if (typeof key === "string" && realm.arrayIndex(key) >= 0) adoptable(value);
        const done = Reflect.set(array, key, value);
        update(array);
        return done;
      },
      defineProperty: (array, key, descriptor) => {
        if (typeof key === "string" && realm.arrayIndex(key) >= 0) adoptable(descriptor.value);
        const done = Reflect.defineProperty(array, key, descriptor);
        update(array);
        return done;
      },
      deleteProperty: (array, key) => {
        // Only the last item can go.
        if (typeof key === "string" && realm.arrayIndex(key) >= 0 && realm.arrayIndex(key) !== array.length - 1) return false;
        if (typeof key === "string" && realm.arrayIndex(key) >= 0) array.length -= 1;
        else Reflect.deleteProperty(array, key);
        update(array);
        return true;
      },
    });
  };
  realm.include(
    {
      get styleSheets() {
        realm.nodeId(this);
        return styleSheets(this);
      },
      get adoptedStyleSheets() {
        realm.nodeId(this);
        return adopted(this);
      },
      set adoptedStyleSheets(value) {
        realm.nodeId(this);
        const given = [...value];
        given.forEach(adoptable);
        const array = adopted(this);
        array.length = 0;
        for (const sheet of given) array[array.length] = sheet;
      },
    },
    [realm.Document, realm.ShadowRoot],
  );
}
