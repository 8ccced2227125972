// DocumentType and DocumentFragment. <https://dom.spec.whatwg.org/#interface-documenttype>
(realm) => {
  "use strict";
  const { ops, nodeId, Node } = realm;

  class DocumentType extends Node {
    constructor() {
      throw realm.illegalConstructor("DocumentType");
    }
    get name() {
      return ops.op_doctype_part(nodeId(this), 0);
    }
    get publicId() {
      return ops.op_doctype_part(nodeId(this), 1);
    }
    get systemId() {
      return ops.op_doctype_part(nodeId(this), 2);
    }
  }
  realm.include(realm.ChildNode, [DocumentType]);
  realm.expose({ DocumentType });
  realm.unscopables(DocumentType, realm.unscopableChild);

  class FragmentMembers extends Node {}
  const DocumentFragment = realm.constructible(FragmentMembers, () => realm.check(ops.op_document_create_fragment(nodeId(realm.document))));
  realm.include(realm.NonElementParentNode, [DocumentFragment]);
  realm.include(realm.ParentNode, [DocumentFragment]);
  realm.expose({ DocumentFragment });
  realm.unscopables(DocumentFragment, realm.unscopableParent);
}
