// CharacterData, Text, CDATASection, Comment and ProcessingInstruction. <https://dom.spec.whatwg.org/#interface-characterdata>
(realm) => {
  "use strict";
  const { ops, webidl, nodeId, mutated, wrapNode, Node } = realm;
  const { Stamp } = realm.shared;

  class CharacterData extends Node {
    constructor() {
      throw realm.illegalConstructor("CharacterData");
    }
    get data() {
      return ops.op_text_data(nodeId(this));
    }
    set data(value) {
      mutated(ops.op_text_set_data(nodeId(this), webidl.DOMStringOrEmpty(value)));
    }
    get length() {
      return ops.op_text_length(nodeId(this));
    }
    substringData(offset, count) {
      webidl.requireArguments(arguments.length, 2, "'substringData' on 'CharacterData'");
      const text = ops.op_text_substring(nodeId(this), webidl.unsignedLong(offset), webidl.unsignedLong(count));
      if (text === null) realm.throwLastError();
      return text;
    }
    appendData(data) {
      webidl.requireArguments(arguments.length, 1, "'appendData' on 'CharacterData'");
      const id = nodeId(this);
      mutated(ops.op_text_replace(id, ops.op_text_length(id), 0, webidl.DOMString(data)));
    }
    insertData(offset, data) {
      webidl.requireArguments(arguments.length, 2, "'insertData' on 'CharacterData'");
      mutated(ops.op_text_replace(nodeId(this), webidl.unsignedLong(offset), 0, webidl.DOMString(data)));
    }
    deleteData(offset, count) {
      webidl.requireArguments(arguments.length, 2, "'deleteData' on 'CharacterData'");
      mutated(ops.op_text_replace(nodeId(this), webidl.unsignedLong(offset), webidl.unsignedLong(count), ""));
    }
    replaceData(offset, count, data) {
      webidl.requireArguments(arguments.length, 3, "'replaceData' on 'CharacterData'");
      mutated(ops.op_text_replace(nodeId(this), webidl.unsignedLong(offset), webidl.unsignedLong(count), webidl.DOMString(data)));
    }
  }
  realm.include(realm.ChildNode, [CharacterData]);
  realm.include(realm.NonDocumentTypeChildNode, [CharacterData]);
  realm.expose({ CharacterData });
  realm.unscopables(CharacterData, realm.unscopableChild);

  // A node made by a constructor: stamped on the object that `new` made, so that subclasses keep their prototype.
  realm.adoptNew = (object, id) => {
    new Stamp(object, id, ops.op_node_wrap(id) >>> 20);
    const { wrappers } = realm.shared;
    while (wrappers.length < id) wrappers.push(undefined);
    wrappers[id] = object;
  };
  // Constructors skip those of their parents, which throw.
  const skip = function () {};
  const bare = (Class, create) => {
    const f = function (...args) {
      if (new.target === undefined) throw new realm.primordials.TypeError(`Class constructor ${Class.name} cannot be invoked without 'new'`);
      const object = realm.primordials.Reflect.construct(skip, [], new.target);
      realm.adoptNew(object, create(...args));
      realm.wrapperMakers[Class.name]?.(object, Stamp.id(object));
      return object;
    };
    return f;
  };
  // Makes `Class` constructible, though its parents are not: its interface object is another function on the same prototype.
  realm.constructible = (Class, create) => {
    const { Object, Reflect } = realm.primordials;
    const name = Class.name;
    const f = bare(Class, create);
    Object.defineProperty(f, "name", { value: name, configurable: true });
    Object.defineProperty(f, "length", { value: create.required ?? 0, configurable: true });
    Object.setPrototypeOf(f, Object.getPrototypeOf(Class));
    for (const key of Reflect.ownKeys(Class)) {
      if (key === "name" || key === "length" || key === "prototype") continue;
      Object.defineProperty(f, key, Object.getOwnPropertyDescriptor(Class, key));
    }
    Object.defineProperty(f, "prototype", { value: Class.prototype, writable: false, enumerable: false, configurable: false });
    Object.defineProperty(Class.prototype, "constructor", { value: f, writable: true, enumerable: false, configurable: true });
    return f;
  };
  const optional = (value) => (value === undefined ? "" : webidl.DOMString(value));
  const homeDocument = () => nodeId(realm.document);

  class TextMembers extends CharacterData {
    splitText(offset) {
      webidl.requireArguments(arguments.length, 1, "'splitText' on 'Text'");
      const made = realm.check(ops.op_text_split(nodeId(this), webidl.unsignedLong(offset)));
      mutated(ops.op_tree_pending());
      return wrapNode(made);
    }
    get wholeText() {
      return ops.op_text_whole(nodeId(this));
    }
  }
  const Text = realm.constructible(TextMembers, (data = undefined) => realm.check(ops.op_document_create_text(homeDocument(), optional(data))));
  realm.expose({ Text });
  class CDATASection extends Text {
    constructor() {
      throw realm.illegalConstructor("CDATASection");
    }
  }
  class CommentMembers extends CharacterData {}
  const Comment = realm.constructible(CommentMembers, (data = undefined) => realm.check(ops.op_document_create_comment(homeDocument(), optional(data))));
  class ProcessingInstruction extends CharacterData {
    constructor() {
      throw realm.illegalConstructor("ProcessingInstruction");
    }
    get target() {
      return ops.op_instruction_target(nodeId(this));
    }
  }
  realm.expose({ CDATASection, Comment, ProcessingInstruction });
}
