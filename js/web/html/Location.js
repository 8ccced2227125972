// Location. <https://html.spec.whatwg.org/multipage/nav-history-apis.html#the-location-interface>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, webidl, global } = realm;
  const { Stamp } = realm.shared;

  class Location {
    constructor() {
      throw realm.illegalConstructor();
    }
  }
  realm.expose({ Location });
  const location = Object.create(Location.prototype);
  new Stamp(location, 0, 0);
  const url = () => ops.op_window_url(realm.windowId);
  const part = (name) => ops.op_url_component(url(), name);

  // <https://html.spec.whatwg.org/multipage/nav-history-apis.html#location-object-navigate>
  const navigate = (target, kind) => {
    const parsed = ops.op_url_parse(webidl.USVString(target), realm.enteredRealm().document?.baseURI ?? url());
    if (parsed === null) throw new realm.DOMException(`'${target}' is not a valid URL`, "SyntaxError");
    realm.navigateNavigable(realm.navigable, parsed, kind, realm.enteredRealm());
  };
  // Fragments change in place; anything else is the host's. `kind`: see op_navigate. `source` is the realm that asks.
  realm.navigate = (target, kind, source = realm) => {
    const [here] = url().split("#", 1);
    if (kind < 2 && target.includes("#") && target.split("#", 1)[0] === here) {
      realm.navigateToFragment(target, kind);
      return;
    }
    realm.shared.plannedNavigations.delete(ops.op_window_container(realm.windowId));
    ops.op_navigate(realm.windowId, target, kind, source.windowId);
  };
  const changed = (name, value) => {
    const target = ops.op_url_set_component(url(), name, webidl.USVString(value));
    if (target !== null) realm.navigateNavigable(realm.navigable, target, 0, realm.enteredRealm());
  };
  const accessors = {
    get href() {
      return url();
    },
    set href(value) {
      navigate(value, 0);
    },
    get origin() {
      return part("origin");
    },
    get protocol() {
      return part("protocol");
    },
    set protocol(value) {
      changed("protocol", value);
    },
    get host() {
      return part("host");
    },
    set host(value) {
      changed("host", value);
    },
    get hostname() {
      return part("hostname");
    },
    set hostname(value) {
      changed("hostname", value);
    },
    get port() {
      return part("port");
    },
    set port(value) {
      changed("port", value);
    },
    get pathname() {
      return part("pathname");
    },
    set pathname(value) {
      changed("pathname", value);
    },
    get search() {
      return part("search");
    },
    set search(value) {
      changed("search", value);
    },
    get hash() {
      return part("hash");
    },
    set hash(value) {
      changed("hash", value);
    },
    assign(target) {
      webidl.requireArguments(arguments.length, 1, "'assign' on 'Location'");
      navigate(target, 0);
    },
    replace(target) {
      webidl.requireArguments(arguments.length, 1, "'replace' on 'Location'");
      navigate(target, 1);
    },
    reload() {
      realm.navigateNavigable(realm.navigable, url(), 2, realm.enteredRealm());
    },
    toString() {
      return url();
    },
  };
  // [LegacyUnforgeable]: own, non-configurable.
  for (const name of Object.keys(accessors)) {
    const descriptor = Object.getOwnPropertyDescriptor(accessors, name);
    descriptor.configurable = false;
    if ("value" in descriptor) descriptor.writable = false;
    Object.defineProperty(location, name, descriptor);
  }
  realm.location = location;
  Object.defineProperty(global, "location", {
    get: () => location,
    set: (value) => navigate(value, 0),
    enumerable: true,
    configurable: false,
  });
}
