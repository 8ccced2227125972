// DataTransfer and the events that carry one: drags, the clipboard. Only script makes them: there is no pointer and no clipboard.
// <https://html.spec.whatwg.org/multipage/dnd.html#the-datatransfer-interface>
(realm) => {
  "use strict";
  const { Object, TypeError, Proxy, Reflect, WeakMap, Symbol, Array } = realm.primordials;
  const { webidl, declareEvent: declare } = realm;
  const { DOMString } = webidl;

  // The drag data store of each: { items: [{ kind, type, value }], dropEffect, effectAllowed }. One that script makes is in read/write mode.
  const stores = new WeakMap();
  const storeOf = (object) => {
    const store = stores.get(object);
    if (store === undefined) throw new TypeError("Illegal invocation");
    return store;
  };
  // <https://html.spec.whatwg.org/multipage/dnd.html#dom-datatransfer-getdata> steps 3 to 5
  const formatOf = (text) => {
    const format = realm.asciiLower(text);
    return format === "text" ? "text/plain" : format === "url" ? "text/uri-list" : format;
  };
  const firstUrl = (text) => text.split(/\r\n|\n|\r/).find((line) => line !== "" && !line.startsWith("#")) ?? "";

  const items = new WeakMap();
  const itemOf = (object) => {
    const item = items.get(object);
    if (item === undefined) throw new TypeError("Illegal invocation");
    return item;
  };
  const live = (item) => item.store.items.includes(item);
  class DataTransferItem {
    constructor() {
      throw realm.illegalConstructor("DataTransferItem");
    }
    get kind() {
      const item = itemOf(this);
      return live(item) ? item.kind : "";
    }
    get type() {
      const item = itemOf(this);
      return live(item) ? item.type : "";
    }
    getAsString(callback) {
      webidl.requireArguments(arguments.length, 1, "'getAsString' on 'DataTransferItem'");
      const item = itemOf(this);
      if (callback === null || callback === undefined) return;
      webidl.callbackFunction(callback, "getAsString");
      if (live(item) && item.kind === "string") realm.queueTask(() => realm.invoke(callback, undefined, [item.value]));
    }
    getAsFile() {
      const item = itemOf(this);
      return live(item) && item.kind === "file" ? item.value : null;
    }
  }
  const wrapItem = (item) => {
    if (item.wrapper === undefined) {
      item.wrapper = Object.create(DataTransferItem.prototype);
      items.set(item.wrapper, item);
    }
    return item.wrapper;
  };
  const isFile = (value) => webidl.isObject(value) && (realm.blobState(value)?.file ?? null) !== null;
  const addString = (store, type, value) => {
    if (store.items.some((item) => item.kind === "string" && item.type === type)) {
      throw new realm.DOMException(`There is an item of type '${type}' already`, "NotSupportedError");
    }
    const item = { store, kind: "string", type, value };
    store.items.push(item);
    return item;
  };
  class DataTransferItemList {
    constructor() {
      throw realm.illegalConstructor("DataTransferItemList");
    }
    get length() {
      return storeOf(this).items.length;
    }
    add(data, type = undefined) {
      webidl.requireArguments(arguments.length, 1, "'add' on 'DataTransferItemList'");
      const store = storeOf(this);
      if (arguments.length > 1) return wrapItem(addString(store, realm.asciiLower(DOMString(type)), DOMString(data)));
      if (!isFile(data)) throw new TypeError("The data is not a File");
      const item = { store, kind: "file", type: data.type, value: data };
      store.items.push(item);
      return wrapItem(item);
    }
    remove(index) {
      webidl.requireArguments(arguments.length, 1, "'remove' on 'DataTransferItemList'");
      storeOf(this).items.splice(webidl.unsignedLong(index), 1);
    }
    clear() {
      storeOf(this).items.length = 0;
    }
  }
  realm.expose({ DataTransferItem, DataTransferItemList });
  Object.defineProperty(DataTransferItemList.prototype, Symbol.iterator, {
    value: Array.prototype.values,
    writable: true,
    enumerable: false,
    configurable: true,
  });
  const listOf = (store) => {
    const target = Object.create(DataTransferItemList.prototype);
    const at = (key) => {
      const index = typeof key === "string" ? realm.arrayIndex(key) : -1;
      const item = index < 0 ? undefined : store.items[index];
      return item === undefined ? undefined : wrapItem(item);
    };
    const list = new Proxy(target, {
      get: (inner, key, receiver) => at(key) ?? Reflect.get(inner, key, receiver),
      has: (inner, key) => at(key) !== undefined || Reflect.has(inner, key),
      getOwnPropertyDescriptor(inner, key) {
        const value = at(key);
        return value === undefined ? Reflect.getOwnPropertyDescriptor(inner, key) : { value, writable: false, enumerable: true, configurable: true };
      },
      ownKeys: (inner) => [...store.items.map((_, i) => `${i}`), ...Reflect.ownKeys(inner)],
    });
    stores.set(target, store);
    stores.set(list, store);
    return list;
  };

  const effects = ["none", "copy", "link", "move"];
  const allowed = ["none", "copy", "copyLink", "copyMove", "link", "linkMove", "move", "all", "uninitialized"];
  class DataTransfer {
    constructor() {
      stores.set(this, { items: [], dropEffect: "none", effectAllowed: "none", list: null, types: null, files: null });
    }
    get dropEffect() {
      return storeOf(this).dropEffect;
    }
    set dropEffect(value) {
      const store = storeOf(this);
      const text = DOMString(value);
      if (effects.includes(text)) store.dropEffect = text;
    }
    get effectAllowed() {
      return storeOf(this).effectAllowed;
    }
    set effectAllowed(value) {
      const store = storeOf(this);
      const text = DOMString(value);
      if (allowed.includes(text)) store.effectAllowed = text;
    }
    get items() {
      const store = storeOf(this);
      return (store.list ??= listOf(store));
    }
    setDragImage(image, x, y) {
      webidl.requireArguments(arguments.length, 3, "'setDragImage' on 'DataTransfer'");
      storeOf(this);
      realm.elementArgument(image, "setDragImage");
      webidl.long(x);
      webidl.long(y);
    }
    get types() {
      const store = storeOf(this);
      const types = store.items.filter((item) => item.kind === "string").map((item) => item.type);
      if (store.items.some((item) => item.kind === "file")) types.push("Files");
      // The same array while it says the same.
      if (store.types === null || store.types.join("\n") !== types.join("\n")) store.types = Object.freeze(types);
      return store.types;
    }
    getData(format) {
      webidl.requireArguments(arguments.length, 1, "'getData' on 'DataTransfer'");
      const store = storeOf(this);
      const text = DOMString(format);
      const item = store.items.find((one) => one.kind === "string" && one.type === formatOf(text));
      if (item === undefined) return "";
      return realm.asciiLower(text) === "url" ? firstUrl(item.value) : item.value;
    }
    setData(format, data) {
      webidl.requireArguments(arguments.length, 2, "'setData' on 'DataTransfer'");
      const store = storeOf(this);
      const type = formatOf(DOMString(format));
      const value = DOMString(data);
      store.items = store.items.filter((item) => !(item.kind === "string" && item.type === type));
      addString(store, type, value);
    }
    clearData(format = undefined) {
      const store = storeOf(this);
      const type = format === undefined ? null : formatOf(DOMString(format));
      store.items = store.items.filter((item) => item.kind !== "string" || (type !== null && item.type !== type));
    }
    get files() {
      const store = storeOf(this);
      return (store.files ??= realm.makeFileList(() => store.items.filter((item) => item.kind === "file").map((item) => item.value)));
    }
  }
  realm.expose({ DataTransfer });

  const transfer = (value) => {
    if (value === null || value === undefined) return null;
    if (!webidl.isObject(value) || !stores.has(value) || !DataTransfer.prototype.isPrototypeOf(value)) throw new TypeError("The value is not a DataTransfer");
    return value;
  };
  declare("DragEvent", realm.interfaces.MouseEvent, [["dataTransfer", null, transfer]]);
  // <https://w3c.github.io/clipboard-apis/#clipboard-event-interfaces>
  declare("ClipboardEvent", realm.Event, [["clipboardData", null, transfer]]);
}
