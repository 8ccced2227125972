// ARIA attributes that name elements. <https://w3c.github.io/aria/#ARIAMixin>,
// <https://html.spec.whatwg.org/multipage/common-dom-interfaces.html#reflecting-content-attributes-in-idl-attributes:element>
(realm) => {
  "use strict";
  const { Object, TypeError } = realm.primordials;
  const { ops, webidl, nodeId, wrapNode, Element } = realm;

  // What script has set is kept on the wrapper while the content attribute is the empty string that setting it left.
  // FIXME setting the content attribute to the empty string afterwards does not take it away.
  const explicit = (element, id, attribute) =>
    ops.op_element_get_attribute_ns(id, "", attribute) === "" ? (realm.slots(element)[`set ${attribute}`] ?? null) : null;
  // Whether script in the scope of `id` may see the element: it is in its tree, or in a tree around that.
  const inScope = (id, element) => ops.op_shadow_is_including_ancestor(ops.op_node_root(nodeId(element)), id);
  const byId = (id, name) => (name === "" ? 0 : ops.op_element_by_id(ops.op_node_root(id), name));
  const argument = (value) => {
    if (!realm.isElement(value)) throw new TypeError("The value is not an Element");
    return value;
  };
  const define = (property, accessors) =>
    Object.defineProperty(Element.prototype, property, { ...Object.getOwnPropertyDescriptor(accessors, property), enumerable: true, configurable: true });

  const single = (property, attribute) =>
    define(property, {
      get [property]() {
        const id = nodeId(this);
        // 1, 2. Set by script.
        const set = explicit(this, id, attribute);
        if (set !== null) return inScope(id, set) ? set : null;
        // 3. By id.
        const name = ops.op_element_get_attribute_ns(id, "", attribute);
        return name === null ? null : wrapNode(byId(id, name));
      },
      set [property](value) {
        const id = nodeId(this);
        const element = value === null || value === undefined ? null : argument(value);
        if (element === null) realm.removeAttribute(id, attribute);
        else realm.setAttribute(id, attribute, "");
        realm.slots(this)[`set ${attribute}`] = element;
      },
    });
  const several = (property, attribute) =>
    define(property, {
      get [property]() {
        const id = nodeId(this);
        const text = ops.op_element_get_attribute_ns(id, "", attribute);
        const set = explicit(this, id, attribute);
        let elements = null;
        if (set !== null) elements = set.filter((element) => inScope(id, element));
        else if (text !== null) {
          elements = text
            .split(/[\t\n\f\r ]+/)
            .map((name) => wrapNode(byId(id, name)))
            .filter((element) => element !== null);
        }
        // The same array while it holds the same.
        const slots = realm.slots(this);
        const known = slots[`list ${attribute}`] ?? null;
        if (elements === null) {
          slots[`list ${attribute}`] = null;
          return null;
        }
        if (known !== null && known.length === elements.length && known.every((element, i) => element === elements[i])) return known;
        return (slots[`list ${attribute}`] = Object.freeze(elements));
      },
      set [property](value) {
        const id = nodeId(this);
        const elements = value === null || value === undefined ? null : webidl.sequence(value, argument, property);
        if (elements === null) realm.removeAttribute(id, attribute);
        else realm.setAttribute(id, attribute, "");
        realm.slots(this)[`set ${attribute}`] = elements;
      },
    });
  single("ariaActiveDescendantElement", "aria-activedescendant");
  for (const name of ["Controls", "DescribedBy", "Details", "ErrorMessage", "FlowTo", "LabelledBy", "Owns"]) {
    several(`aria${name}Elements`, `aria-${name.toLowerCase()}`);
  }
}
