// The element that gets the focus of a new page by itself. <https://html.spec.whatwg.org/multipage/interaction.html#the-autofocus-attribute>
(realm) => {
  "use strict";
  const { Reflect } = realm.primordials;
  const { ops, nodeId } = realm;

  // Flush autofocus candidates: once, when the document was parsed. NOTE: nothing is rendered, so that there is no later moment.
  // <https://html.spec.whatwg.org/multipage/interaction.html#flush-autofocus-candidates>
  realm.flushAutofocusCandidates = () => {
    const { document, global } = realm;
    // 1. Only a top-level document.
    if (document === null || global.parent !== global) return;
    const id = nodeId(document);
    // 3. Something has the focus, or the URL points at something.
    if (realm.activeElementOf(id) !== null || ops.op_document_url(id).includes("#")) return;
    // 4. The first that takes it.
    const candidates = Reflect.apply(realm.ParentNode.querySelectorAll, document, ["[autofocus]"]);
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i];
      const area = realm.delegatesFocus(nodeId(candidate)) ? realm.focusDelegate(nodeId(candidate)) : candidate;
      if (area !== null && realm.isFocusable(area)) {
        realm.moveFocus(document, area);
        return;
      }
    }
  };
}
