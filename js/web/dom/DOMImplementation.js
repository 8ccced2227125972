// DOMImplementation, DOMParser and XMLSerializer. <https://dom.spec.whatwg.org/#interface-domimplementation>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { ops, shared, webidl, nodeId, wrapNode } = realm;
  const { DOMString, requireArguments } = webidl;

  // Shared by the realms, so that each one's methods take another one's objects. By implementation: its document.
  const owners = (shared.implementationOwners ??= new WeakMap());
  const ownerOf = (implementation) => {
    const document = owners.get(implementation);
    if (document === undefined) throw new TypeError("Illegal invocation");
    return nodeId(document);
  };
  class DOMImplementation {
    constructor() {
      throw realm.illegalConstructor("DOMImplementation");
    }
    createDocumentType(qualifiedName, publicId, systemId) {
      requireArguments(arguments.length, 3, "'createDocumentType' on 'DOMImplementation'");
      const name = DOMString(qualifiedName);
      const publicText = DOMString(publicId);
      return wrapNode(realm.check(ops.op_document_create_doctype(ownerOf(this), name, publicText, DOMString(systemId))));
    }
    createDocument(namespace, qualifiedName, doctype = null) {
      requireArguments(arguments.length, 2, "'createDocument' on 'DOMImplementation'");
      ownerOf(this);
      const uri = webidl.nullableDOMString(namespace) ?? "";
      const name = webidl.DOMStringOrEmpty(qualifiedName);
      let type = 0;
      if (doctype !== null && doctype !== undefined) {
        type = realm.nodeArgument(doctype, "createDocument");
        if (ops.op_node_type(type) !== 10) throw new TypeError("createDocument: the third argument is not of type 'DocumentType'");
      }
      const id = realm.check(ops.op_document_create_xml(uri, name, type));
      realm.mutated(ops.op_tree_pending());
      return realm.wrapNodeAs(id, realm.XMLDocument);
    }
    createHTMLDocument(title = undefined) {
      ownerOf(this);
      const text = title === undefined ? "" : DOMString(title);
      return wrapNode(realm.check(ops.op_document_create_html(title !== undefined, text)));
    }
    hasFeature() {
      ownerOf(this);
      return true;
    }
  }
  realm.expose({ DOMImplementation });
  realm.makeImplementation = (document) => {
    const implementation = Object.create(DOMImplementation.prototype);
    owners.set(implementation, document);
    return implementation;
  };

  // <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html#the-domparser-interface>
  const types = ["text/html", "text/xml", "application/xml", "application/xhtml+xml", "image/svg+xml"];
  // By parser or serializer: the realm it was made in.
  const parsers = (shared.parsers ??= new WeakMap());
  const serializers = (shared.serializers ??= new WeakMap());
  const homeOf = (table, object) => {
    const home = table.get(object);
    if (home === undefined) throw new TypeError("Illegal invocation");
    return home;
  };
  class DOMParser {
    constructor() {
      parsers.set(this, realm);
    }
    parseFromString(string, type) {
      requireArguments(arguments.length, 2, "'parseFromString' on 'DOMParser'");
      const home = homeOf(parsers, this);
      const text = DOMString(string);
      const kind = webidl.enumeration(types, "parseFromString")(type);
      return wrapNode(realm.check(ops.op_dom_parser(nodeId(home.document), text, kind)));
    }
  }
  // <https://w3c.github.io/DOM-Parsing/#the-xmlserializer-interface>
  class XMLSerializer {
    constructor() {
      serializers.set(this, realm);
    }
    serializeToString(root) {
      requireArguments(arguments.length, 1, "'serializeToString' on 'XMLSerializer'");
      homeOf(serializers, this);
      const text = ops.op_xml_serialize(realm.nodeArgument(root, "serializeToString"));
      if (text === null) realm.throwLastError();
      return text;
    }
  }
  realm.expose({ DOMParser, XMLSerializer });
}
