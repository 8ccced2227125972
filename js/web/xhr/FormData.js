// FormData. The entry list is here, for get() gives back the File objects that were put in. <https://xhr.spec.whatwg.org/#interface-formdata>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { webidl } = realm;
  const ops = realm.ops;

  const KIND = "FormData";
  // { list: [[name, value]] }; a value is a string or a File.
  const stateOf = (value) => realm.requireState(value, KIND);

  // <https://html.spec.whatwg.org/multipage/form-control-infrastructure.html#create-an-entry>
  const createEntry = (name, value, filename = undefined) => {
    // 1, 2. Scalar values.
    const typedName = webidl.USVString(name);
    const blob = realm.blobState(value);
    if (blob === undefined) return [typedName, webidl.USVString(value)];
    // 3. A blob that is no file becomes one, called blob; a given name makes a file of that name.
    if (filename === undefined && blob.file !== null) return [typedName, value];
    const newName = filename === undefined ? "blob" : webidl.USVString(filename);
    return [typedName, realm.makeFile(value, newName, blob.file?.lastModified)];
  };
  const entryFrom = (args, method) => {
    webidl.requireArguments(args.length, 2, `'${method}' on 'FormData'`);
    if (args[2] !== undefined && realm.blobState(args[1]) === undefined) {
      throw new TypeError(`Failed to execute '${method}' on 'FormData': parameter 2 is not of type 'Blob'`);
    }
    return createEntry(args[0], args[1], args[2]);
  };
  const nameFrom = (args, method) => {
    webidl.requireArguments(args.length, 1, `'${method}' on 'FormData'`);
    return webidl.USVString(args[0]);
  };

  class FormData {
    constructor(form = undefined, submitter = null) {
      const list = [];
      if (form !== undefined) {
        // 1. Constructing the entry list of a form.
        if (!realm.isHtmlElement(form, "form")) {
          throw new TypeError("Failed to construct 'FormData': parameter 1 is not of type 'HTMLFormElement'");
        }
        for (const [name, value] of realm.constructEntryList(form, submitter ?? null)) list.push(createEntry(name, value));
      }
      realm.setObjectState(this, KIND, { list });
    }
    append(name, value, filename = undefined) {
      const { list } = stateOf(this);
      list.push(entryFrom(arguments, "append"));
    }
    delete(name) {
      const state = stateOf(this);
      const typed = nameFrom(arguments, "delete");
      state.list = state.list.filter((entry) => entry[0] !== typed);
    }
    get(name) {
      const { list } = stateOf(this);
      const typed = nameFrom(arguments, "get");
      const entry = list.find((other) => other[0] === typed);
      return entry === undefined ? null : entry[1];
    }
    getAll(name) {
      const { list } = stateOf(this);
      const typed = nameFrom(arguments, "getAll");
      return list.filter((entry) => entry[0] === typed).map((entry) => entry[1]);
    }
    has(name) {
      const { list } = stateOf(this);
      const typed = nameFrom(arguments, "has");
      return list.some((entry) => entry[0] === typed);
    }
    set(name, value, filename = undefined) {
      const state = stateOf(this);
      const entry = entryFrom(arguments, "set");
      const first = state.list.findIndex((other) => other[0] === entry[0]);
      if (first === -1) {
        state.list.push(entry);
        return;
      }
      state.list[first] = entry;
      state.list = state.list.filter((other, index) => index <= first || other[0] !== entry[0]);
    }
  }
  realm.expose({ FormData });
  realm.arity(FormData.prototype, { append: 2, set: 2 });
  realm.pairIterable(FormData, (formData) => stateOf(formData).list);

  realm.makeFormData = (entries) => {
    const formData = new FormData();
    stateOf(formData).list = entries.map(([name, value]) => createEntry(name, value));
    return formData;
  };
  realm.formDataEntries = (formData) => stateOf(formData).list.map(([name, value]) => [name, value]);
  // Hands entries over to the op that takes them. All are converted: no script runs here.
  realm.handOverEntries = (list) => {
    for (const [name, value] of list) {
      if (typeof value === "string") {
        ops.op_body_entry_text(name, value);
      } else {
        const { id, file } = realm.blobState(value);
        ops.op_body_entry_file(name, id, file.name);
      }
    }
  };
  // Hands the entries over as the next body.
  realm.handOverFormData = (formData) => {
    realm.handOverEntries(stateOf(formData).list);
    ops.op_body_form_data();
  };
  realm.isFormData = (value) => realm.objectState(value, KIND) !== undefined;
}
