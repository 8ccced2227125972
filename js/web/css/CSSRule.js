// CSSRule with its subclasses, and CSSRuleList. <https://drafts.csswg.org/cssom/#css-rules>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { ops, webidl } = realm;
  const { DOMString, requireArguments } = webidl;

  // Rules: { id, sheet, list, media, style }. The sheet is kept, as it keeps the rules.
  const rules = new WeakMap();
  const ruleState = (rule) => {
    const state = rules.get(rule);
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };
  const part = (rule, name) => ops.op_css_rule_part(ruleState(rule).id, name);
  // One that is there has "=" before it.
  const partOrNull = (rule, name) => {
    const text = part(rule, name);
    return text === "" ? null : text.slice(1);
  };
  const setPart = (rule, name, value) => {
    const { id } = ruleState(rule);
    realm.check(ops.op_css_set_rule_part(id, name, DOMString(value)));
  };
  const styleOf = (rule) => {
    const state = ruleState(rule);
    return (state.style ??= realm.ruleStyle(state.id, rule));
  };
  const setStyle = (rule, value) => {
    styleOf(rule).cssText = value;
  };
  const mediaOf = (rule) => {
    const state = ruleState(rule);
    return (state.media ??= realm.mediaList(state.id, rule));
  };
  const listOf = (rule) => {
    const state = ruleState(rule);
    return (state.list ??= realm.ruleList(state.id, state.sheet));
  };

  class CSSRule {
    constructor() {
      throw realm.illegalConstructor("CSSRule");
    }
    get cssText() {
      return ops.op_css_rule_text(ruleState(this).id);
    }
    // It does nothing.
    set cssText(value) {
      ruleState(this);
      DOMString(value);
    }
    get parentRule() {
      const { id, sheet } = ruleState(this);
      return wrapRule(ops.op_css_rule_parent(id), sheet);
    }
    get parentStyleSheet() {
      const { id, sheet } = ruleState(this);
      return ops.op_css_rule_sheet(id) === 0 ? null : sheet;
    }
    get type() {
      return types[ops.op_css_rule_interface(ruleState(this).id)] ?? 0;
    }
  }
  const types = {
    __proto__: null,
    CSSStyleRule: 1,
    CSSImportRule: 3,
    CSSMediaRule: 4,
    CSSFontFaceRule: 5,
    CSSPageRule: 6,
    CSSKeyframesRule: 7,
    CSSKeyframeRule: 8,
    CSSNamespaceRule: 10,
    CSSCounterStyleRule: 11,
    CSSSupportsRule: 12,
  };
  class CSSGroupingRule extends CSSRule {
    get cssRules() {
      return listOf(this);
    }
    insertRule(rule, index = 0) {
      requireArguments(arguments.length, 1, "'insertRule' on 'CSSGroupingRule'");
      const { id } = ruleState(this);
      const text = DOMString(rule);
      const at = webidl.unsignedLong(index);
      realm.check(ops.op_css_insert_rule(id, text, at));
      return at;
    }
    deleteRule(index) {
      requireArguments(arguments.length, 1, "'deleteRule' on 'CSSGroupingRule'");
      const { id } = ruleState(this);
      realm.check(ops.op_css_delete_rule(id, webidl.unsignedLong(index)));
    }
  }
  class CSSConditionRule extends CSSGroupingRule {
    get conditionText() {
      return part(this, "conditionText");
    }
  }
  class CSSStyleRule extends CSSGroupingRule {
    get selectorText() {
      return part(this, "selectorText");
    }
    set selectorText(value) {
      setPart(this, "selectorText", value);
    }
    get style() {
      return styleOf(this);
    }
    set style(value) {
      setStyle(this, value);
    }
  }
  class CSSNestedDeclarations extends CSSRule {
    get style() {
      return styleOf(this);
    }
    set style(value) {
      setStyle(this, value);
    }
  }
  class CSSMediaRule extends CSSConditionRule {
    get media() {
      return mediaOf(this);
    }
    set media(value) {
      mediaOf(this).mediaText = value;
    }
    get matches() {
      return ops.op_css_media_matches(ruleState(this).id, realm.windowId);
    }
  }
  class CSSSupportsRule extends CSSConditionRule {
    get matches() {
      return part(this, "matches") === "true";
    }
  }
  class CSSContainerRule extends CSSConditionRule {}
  class CSSScopeRule extends CSSGroupingRule {}
  class CSSStartingStyleRule extends CSSGroupingRule {}
  class CSSLayerBlockRule extends CSSGroupingRule {
    get name() {
      return part(this, "name");
    }
  }
  class CSSLayerStatementRule extends CSSRule {
    get nameList() {
      const state = ruleState(this);
      return (state.list ??= Object.freeze(part(this, "nameList").split(",")));
    }
  }
  // <https://drafts.csswg.org/cssom/#the-cssimportrule-interface>
  class CSSImportRule extends CSSRule {
    get href() {
      return part(this, "href");
    }
    get media() {
      return mediaOf(this);
    }
    set media(value) {
      mediaOf(this).mediaText = value;
    }
    get styleSheet() {
      const state = ruleState(this);
      const id = ops.op_css_imported_sheet(state.id);
      if (id === 0) return null;
      if (state.imported === undefined || realm.sheetId(state.imported) !== id) state.imported = realm.importedSheet(id, this);
      return state.imported;
    }
    get layerName() {
      return partOrNull(this, "layerName");
    }
    get supportsText() {
      return partOrNull(this, "supportsText");
    }
  }
  class CSSNamespaceRule extends CSSRule {
    get namespaceURI() {
      return part(this, "namespaceURI");
    }
    get prefix() {
      return part(this, "prefix");
    }
  }
  class CSSFontFaceRule extends CSSRule {
    get style() {
      return styleOf(this);
    }
  }
  class CSSPageRule extends CSSGroupingRule {
    get selectorText() {
      return part(this, "selectorText");
    }
    set selectorText(value) {
      setPart(this, "selectorText", value);
    }
    get style() {
      return styleOf(this);
    }
    set style(value) {
      setStyle(this, value);
    }
  }
  // <https://drafts.csswg.org/css-animations-1/#interface-csskeyframesrule>
  class CSSKeyframesRule extends CSSRule {
    get name() {
      return part(this, "name");
    }
    set name(value) {
      setPart(this, "name", value);
    }
    get cssRules() {
      return listOf(this);
    }
    get length() {
      return ops.op_css_rule_count(ruleState(this).id);
    }
    appendRule(rule) {
      requireArguments(arguments.length, 1, "'appendRule' on 'CSSKeyframesRule'");
      const { id } = ruleState(this);
      // What is no keyframe is not added, without an error.
      if (ops.op_css_insert_rule(id, DOMString(rule), ops.op_css_rule_count(id)) < 0) realm.lastError();
    }
    deleteRule(select) {
      requireArguments(arguments.length, 1, "'deleteRule' on 'CSSKeyframesRule'");
      const { id } = ruleState(this);
      const index = findKeyframe(id, DOMString(select));
      if (index >= 0) realm.check(ops.op_css_delete_rule(id, index));
    }
    findRule(select) {
      requireArguments(arguments.length, 1, "'findRule' on 'CSSKeyframesRule'");
      const { id, sheet } = ruleState(this);
      const index = findKeyframe(id, DOMString(select));
      return index < 0 ? null : wrapRule(ops.op_css_rule_at(id, index), sheet);
    }
  }
  const keys = (text) => text.toLowerCase().replace(/\s+/g, "").replace(/\bfrom\b/g, "0%").replace(/\bto\b/g, "100%");
  // The last one with these keys.
  const findKeyframe = (id, select) => {
    const wanted = keys(select);
    for (let i = ops.op_css_rule_count(id) - 1; i >= 0; i--) {
      if (keys(ops.op_css_rule_part(ops.op_css_rule_at(id, i), "keyText")) === wanted) return i;
    }
    return -1;
  };
  class CSSKeyframeRule extends CSSRule {
    get keyText() {
      return part(this, "keyText");
    }
    set keyText(value) {
      setPart(this, "keyText", value);
    }
    get style() {
      return styleOf(this);
    }
    set style(value) {
      setStyle(this, value);
    }
  }
  class CSSPropertyRule extends CSSRule {}
  class CSSCounterStyleRule extends CSSRule {}
  realm.expose({
    CSSRule,
    CSSGroupingRule,
    CSSConditionRule,
    CSSStyleRule,
    CSSNestedDeclarations,
    CSSMediaRule,
    CSSSupportsRule,
    CSSContainerRule,
    CSSScopeRule,
    CSSStartingStyleRule,
    CSSLayerBlockRule,
    CSSLayerStatementRule,
    CSSImportRule,
    CSSNamespaceRule,
    CSSFontFaceRule,
    CSSPageRule,
    CSSKeyframesRule,
    CSSKeyframeRule,
    CSSPropertyRule,
    CSSCounterStyleRule,
  });
  realm.constants(CSSRule, {
    STYLE_RULE: 1,
    CHARSET_RULE: 2,
    IMPORT_RULE: 3,
    MEDIA_RULE: 4,
    FONT_FACE_RULE: 5,
    PAGE_RULE: 6,
    KEYFRAMES_RULE: 7,
    KEYFRAME_RULE: 8,
    MARGIN_RULE: 9,
    NAMESPACE_RULE: 10,
    COUNTER_STYLE_RULE: 11,
    SUPPORTS_RULE: 12,
    FONT_FEATURE_VALUES_RULE: 14,
  });

  const wrapRule = (id, sheet) => {
    if (id === 0) return null;
    const objects = realm.ruleObjects(sheet);
    let rule = objects.get(id);
    if (rule === undefined) {
      rule = Object.create(realm.interfaces[ops.op_css_rule_interface(id)].prototype);
      rules.set(rule, { id, sheet, list: null, media: null, style: null });
      objects.set(id, rule);
    }
    return rule;
  };

  // <https://drafts.csswg.org/cssom/#the-cssrulelist-interface>
  const lists = new WeakMap();
  const listState = (list) => {
    const state = lists.get(list);
    if (state === undefined) throw new TypeError("Illegal invocation");
    return state;
  };
  class CSSRuleList {
    constructor() {
      throw realm.illegalConstructor("CSSRuleList");
    }
    item(index) {
      requireArguments(arguments.length, 1, "'item' on 'CSSRuleList'");
      const { container, sheet } = listState(this);
      return wrapRule(ops.op_css_rule_at(container, webidl.unsignedLong(index)), sheet);
    }
    get length() {
      return ops.op_css_rule_count(listState(this).container);
    }
  }
  realm.expose({ CSSRuleList });
  realm.iterableByIndex(CSSRuleList);
  realm.ruleList = (container, sheet) => {
    const target = Object.create(CSSRuleList.prototype);
    const state = { container, sheet };
    const list = realm.indexedObject(
      target,
      () => ops.op_css_rule_count(container),
      (index) => wrapRule(ops.op_css_rule_at(container, index), sheet),
    );
    lists.set(target, state);
    lists.set(list, state);
    return list;
  };

  // <https://drafts.csswg.org/cssom/#the-linkstyle-interface>
  realm.extend("HTMLLinkElement", {
    get sheet() {
      return realm.styleSheetOf(this);
    },
  });
  for (const name of ["HTMLStyleElement", "SVGStyleElement"]) {
    realm.extend(name, {
      get sheet() {
        return realm.styleSheetOf(this);
      },
      // <https://html.spec.whatwg.org/multipage/semantics.html#dom-style-disabled>
      get disabled() {
        return realm.styleSheetOf(this)?.disabled ?? false;
      },
      set disabled(value) {
        const sheet = realm.styleSheetOf(this);
        if (sheet !== null) sheet.disabled = value;
      },
    });
  }
}
