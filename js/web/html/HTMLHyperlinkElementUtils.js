// HTMLAnchorElement and HTMLAreaElement: the parts of their URL, and following it. <https://html.spec.whatwg.org/multipage/links.html>
(realm) => {
  "use strict";
  const { Object } = realm.primordials;
  const { ops, shared, webidl, nodeId, mutated } = realm;

  const members = {};
  for (const part of ["protocol", "username", "password", "host", "hostname", "port", "pathname", "search", "hash"]) {
    const accessors = {
      get [part]() {
        return ops.op_hyperlink_get(nodeId(this), part);
      },
      set [part](value) {
        mutated(ops.op_hyperlink_set(nodeId(this), part, webidl.USVString(value)));
      },
    };
    Object.defineProperty(members, part, Object.getOwnPropertyDescriptor(accessors, part));
  }
  const href = {
    get href() {
      return ops.op_hyperlink_get(nodeId(this), "href");
    },
    set href(value) {
      realm.setAttribute(nodeId(this), "href", webidl.USVString(value));
    },
    toString() {
      return ops.op_hyperlink_get(nodeId(this), "href");
    },
    get origin() {
      return ops.op_hyperlink_get(nodeId(this), "origin");
    },
  };
  for (const name of ["HTMLAnchorElement", "HTMLAreaElement"]) {
    realm.extend(name, href);
    realm.extend(name, members);
  }
  realm.extend("HTMLAnchorElement", {
    get text() {
      return ops.op_node_text_content(nodeId(this));
    },
    set text(value) {
      mutated(ops.op_node_set_text_content(nodeId(this), webidl.DOMString(value)));
    },
  });

  // What the rel attribute of a link or form says of new windows.
  realm.openerRules = (rel, target) => {
    const words = ` ${(rel ?? "").toLowerCase().replace(/[\t\n\f\r]/g, " ")} `;
    const has = (word) => words.includes(` ${word} `);
    const noreferrer = has("noreferrer");
    const noopener = noreferrer || has("noopener") || (!has("opener") && target.toLowerCase() === "_blank");
    return { noopener, noreferrer };
  };
  // <https://html.spec.whatwg.org/multipage/links.html#following-hyperlinks-2>
  realm.followHyperlink = (element) => {
    const id = nodeId(element);
    const home = realm.homeOf(ops.op_node_document(id));
    const href = ops.op_element_get_attribute(id, "href");
    if (home === undefined || href === null || ops.op_element_has_attribute(id, "download")) return;
    const url = ops.op_document_resolve(id, href);
    if (url === null) return;
    // <https://html.spec.whatwg.org/multipage/links.html#get-an-element's-noopener>
    const target = realm.targetOf(element);
    const { noopener, noreferrer } = realm.openerRules(ops.op_element_get_attribute(id, "rel"), target);
    const chosen = home.chooseNavigable(target, { noopener, noreferrer, url });
    if (chosen !== null && !chosen.isNew) chosen.navigate(url, 0);
  };
}
