// The named properties object of Window: elements by id and name. <https://webidl.spec.whatwg.org/#named-properties-object>,
// <https://html.spec.whatwg.org/multipage/nav-history-apis.html#named-access-on-the-window-object>
(realm) => {
  "use strict";
  const { Object, Proxy, Reflect, Set, hasOwn } = realm.primordials;
  const { ops, nodeId, wrapNode, Window, EventTarget, HTMLCollection } = realm;

  // Frames by their number in tree order. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#dom-window-item>
  let count = 0;
  realm.entry.framesChanged = () => {
    const length = ops.op_window_frame_count(realm.windowId);
    for (; count < length; count++) {
      const index = count;
      Object.defineProperty(realm.global, index, {
        get: () => realm.frameWindow(ops.op_window_frames(realm.windowId)[index]),
        enumerable: true,
        configurable: true,
      });
    }
    while (count > length) Reflect.deleteProperty(realm.global, --count);
    realm.frameNamesChanged?.();
  };
  // The first frame of a name.
  const frameNamed = (name) => ops.op_window_frames(realm.windowId).find((id) => ops.op_frame_name(id) === name);

  // The elements that `name` names: those with the id, and some with the name.
  let version = -1;
  let named = [];
  const withNames = (document) => {
    const now = realm.versions.all();
    if (now !== version) {
      named = ops.op_elements_of_kind(document, "named");
      version = now;
    }
    return named;
  };
  let mayBeNameAttribute = () => true;
  const lookup = (name) => {
    if (realm.document === null || realm.document === undefined || name === "") return null;
    // 1. A frame of this name.
    if (count > 0) {
      const frame = frameNamed(name);
      if (frame !== undefined) return realm.frameWindow(frame);
    }
    const document = nodeId(realm.document);
    const first = ops.op_element_by_id(document, name);
    const byName = mayBeNameAttribute(name)
      ? withNames(document).filter((id) => id !== first && ops.op_element_get_attribute(id, "name") === name)
      : [];
    if (first === 0) {
      if (byName.length === 0) return null;
      if (byName.length === 1) return wrapNode(byName[0]);
    }
    const all = first === 0 ? [] : ops.op_elements_with_id(document, name);
    if (all.length + byName.length === 1) return wrapNode(first);
    return realm.liveList(HTMLCollection, () => ops.op_elements_named_in_window(document, name), "all");
  };

  // With a proxy behind its global, QuickJS reads an undeclared name as undefined instead of throwing a ReferenceError. There, the
  // object is an ordinary one with an accessor for each name that names something; the tree logs what may have changed.
  const listNames = (properties) => {
    const inherited = EventTarget.prototype;
    // What has been the value of a name attribute: for these, a missing id does not settle it.
    let byName = new Set();
    mayBeNameAttribute = (name) => byName.has(name);
    const isUsed = (document, name) =>
      ops.op_element_by_id(document, name) !== 0 ||
      (count > 0 && frameNamed(name) !== undefined) ||
      (byName.has(name) && withNames(document).some((id) => ops.op_element_get_attribute(id, "name") === name));
    const update = (name) => {
      if (name === "" || name in inherited) return;
      if (!isUsed(realm.documentId, name)) Reflect.deleteProperty(properties, name);
      else if (!hasOwn(properties, name)) {
        Reflect.defineProperty(properties, name, {
          get: () => lookup(name) ?? undefined,
          set(value) {
            Reflect.defineProperty(this ?? realm.global, name, { value, writable: true, enumerable: true, configurable: true });
          },
          enumerable: false,
          configurable: true,
        });
      }
    };
    const note = (name, isNameAttribute) => {
      if (isNameAttribute) byName.add(name);
      update(name);
    };
    realm.windowNameChanged = note;
    realm.entry.updateNamedProperties = realm.updateNamedProperties = () => {
      const changed = ops.op_window_names_changed();
      for (let i = 0; i < changed.length; i += 3) realm.homeOf(changed[i])?.windowNameChanged(changed[i + 1], changed[i + 2]);
    };
    // Another document is shown.
    realm.resetWindowNames = () => {
      for (const name of Object.getOwnPropertyNames(properties)) Reflect.deleteProperty(properties, name);
      byName = new Set();
      version = -1;
      const names = ops.op_window_names(realm.documentId);
      for (let i = 0; i < names.length; i += 3) note(names[i + 1], names[i + 2]);
    };
    let frameNames = [];
    realm.frameNamesChanged = () => {
      const before = frameNames;
      frameNames = ops.op_window_frames(realm.windowId).map((id) => ops.op_frame_name(id));
      for (const name of before) update(name);
      for (const name of frameNames) update(name);
    };
    Object.setPrototypeOf(Window.prototype, properties);
  };
  const target = Object.create(EventTarget.prototype, {
    [realm.primordials.Symbol.toStringTag]: { value: "WindowProperties", configurable: true },
  });
  if (realm.engine === "quickjs") {
    listNames(target);
    return;
  }
  const properties = new Proxy(target, {
    get(inner, key, receiver) {
      if (typeof key === "string" && !(key in inner)) return lookup(key) ?? undefined;
      return Reflect.get(inner, key, receiver);
    },
    has: (inner, key) => key in inner || (typeof key === "string" && lookup(key) !== null),
    getOwnPropertyDescriptor(inner, key) {
      if (typeof key === "string" && !(key in inner)) {
        const value = lookup(key);
        return value === null ? undefined : { value, writable: true, enumerable: false, configurable: true };
      }
      return Reflect.getOwnPropertyDescriptor(inner, key);
    },
    defineProperty: () => false,
    deleteProperty: () => false,
    preventExtensions: () => false,
    setPrototypeOf: (inner, prototype) => prototype === EventTarget.prototype,
  });
  Object.setPrototypeOf(Window.prototype, properties);
}
