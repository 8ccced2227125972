// StyleSheet and CSSStyleSheet, for `instanceof`: style sheets are not read, so that there is no object of either.
// <https://drafts.csswg.org/cssom/#the-cssstylesheet-interface>
(realm) => {
  "use strict";
  class StyleSheet {
    constructor() {
      throw realm.illegalConstructor("StyleSheet");
    }
  }
  class CSSStyleSheet extends StyleSheet {
    constructor() {
      throw new realm.DOMException("Style sheets are not supported", "NotSupportedError");
    }
  }
  realm.expose({ StyleSheet, CSSStyleSheet });
}
