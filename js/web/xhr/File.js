// File. <https://w3c.github.io/FileAPI/#file-section>
(realm) => {
  "use strict";
  const { webidl, Blob } = realm;
  const ops = realm.ops;
  const { token, convertParts, convertOptions, create } = realm.blobConstruction;

  const stateOf = (value) => {
    const state = realm.requireState(value, "Blob");
    if (state.file === null) throw new realm.primordials.TypeError("Illegal invocation");
    return state.file;
  };
  // The time that script sees as now, in milliseconds since 1970.
  const now = () => realm.primordials.Math.floor(ops.op_time_origin() + ops.op_now());

  class File extends Blob {
    constructor(fileBits, fileName, options = undefined) {
      let id;
      let file;
      if (fileBits === token) {
        ({ id, file } = fileName);
      } else {
        webidl.requireArguments(arguments.length, 2, "'File' constructor");
        const parts = convertParts(fileBits, "File constructor");
        const name = webidl.USVString(fileName);
        const dictionary = webidl.dictionary(options, "File constructor");
        const bag = convertOptions(dictionary);
        const { lastModified } = dictionary;
        file = { name, lastModified: lastModified === undefined ? now() : webidl.toInt(lastModified, 64, true) };
        id = create(parts, bag);
      }
      super(token, id);
      realm.requireState(this, "Blob").file = file;
    }
    get name() {
      return stateOf(this).name;
    }
    get lastModified() {
      return stateOf(this).lastModified;
    }
  }
  realm.expose({ File });

  // A file of a blob's bytes under a name.
  realm.makeFile = (blob, name, lastModified = now()) => {
    const { id } = realm.blobState(blob);
    const copy = ops.op_blob_slice(id, 0, ops.op_blob_size(id), ops.op_blob_type(id));
    return new File(token, { id: copy, file: { name, lastModified } });
  };
}
