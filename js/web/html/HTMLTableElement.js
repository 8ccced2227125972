// Tables: HTMLTableElement, HTMLTableSectionElement, HTMLTableRowElement, HTMLTableCellElement.
// <https://html.spec.whatwg.org/multipage/tables.html>
(realm) => {
  "use strict";
  const { TypeError } = realm.primordials;
  const { ops, webidl, nodeId, mutated, wrapNode } = realm;
  const { long } = webidl;

  const collection = (element, kind) => {
    const id = nodeId(element);
    return realm.sameObject(element, kind, () => realm.collectionOf(id, kind));
  };
  const create = (id, name) => realm.check(ops.op_document_create_element(ops.op_node_document(id), name));
  const children = (id, name) => ops.op_node_children(id).filter((child) => realm.isHtmlElement(wrapNode(child), name));
  const first = (id, name) => children(id, name)[0] ?? 0;
  const indexSize = () => new realm.DOMException("The index is out of range", "IndexSizeError");

  // A part that there is once: caption, thead, tfoot; put before the first child that none of `before` names.
  const once = (name, property, before) => ({
    get [property]() {
      return wrapNode(first(nodeId(this), name));
    },
    set [property](value) {
      const id = nodeId(this);
      if (value !== null && value !== undefined) {
        const Class = name === "caption" ? realm.HTMLTableCaptionElement : realm.HTMLTableSectionElement;
        if (!realm.isElement(value) || !Class.prototype.isPrototypeOf(value)) throw new TypeError(`The value is not of type '${Class.name}'`);
        if (!realm.isHtmlElement(value, name)) throw new realm.DOMException(`The element is no ${name}`, "HierarchyRequestError");
      }
      const old = first(id, name);
      if (old !== 0) mutated(ops.op_node_remove(old));
      if (value !== null && value !== undefined) place(id, nodeId(value), before);
    },
  });
  const place = (id, node, before) => {
    let child = 0;
    if (before !== null) {
      child = before.length === 0 ? ops.op_node_first_child(id) : ops.op_element_first_element(id);
      while (before.length > 0 && child !== 0 && before.includes(ops.op_element_local_name(child))) child = ops.op_element_next_element(child);
    }
    mutated(ops.op_node_insert_before(id, node, child));
  };
  const makeOnce = (table, name, before) => {
    const id = nodeId(table);
    const old = first(id, name);
    if (old !== 0) return wrapNode(old);
    const made = create(id, name);
    place(id, made, before);
    return wrapNode(made);
  };
  const deleteOnce = (table, name) => {
    const old = first(nodeId(table), name);
    if (old !== 0) mutated(ops.op_node_remove(old));
  };
  realm.extend("HTMLTableElement", once("caption", "caption", []));
  realm.extend("HTMLTableElement", once("thead", "tHead", ["caption", "colgroup"]));
  realm.extend("HTMLTableElement", once("tfoot", "tFoot", null));
  realm.extend("HTMLTableElement", {
    createCaption() {
      return makeOnce(this, "caption", []);
    },
    deleteCaption() {
      deleteOnce(this, "caption");
    },
    createTHead() {
      return makeOnce(this, "thead", ["caption", "colgroup"]);
    },
    deleteTHead() {
      deleteOnce(this, "thead");
    },
    createTFoot() {
      return makeOnce(this, "tfoot", null);
    },
    deleteTFoot() {
      deleteOnce(this, "tfoot");
    },
    get tBodies() {
      return collection(this, "tbodies");
    },
    createTBody() {
      const id = nodeId(this);
      const bodies = children(id, "tbody");
      const made = create(id, "tbody");
      const last = bodies[bodies.length - 1];
      mutated(ops.op_node_insert_before(id, made, last === undefined ? 0 : ops.op_node_next_sibling(last)));
      return wrapNode(made);
    },
    get rows() {
      return collection(this, "rows");
    },
    // <https://html.spec.whatwg.org/multipage/tables.html#dom-table-insertrow>
    insertRow(index = -1) {
      const id = nodeId(this);
      const at = long(index);
      const rows = ops.op_elements_of_kind(id, "rows");
      if (at < -1 || at > rows.length) throw indexSize();
      const row = create(id, "tr");
      if (rows.length === 0) {
        const bodies = children(id, "tbody");
        let body = bodies[bodies.length - 1];
        if (body === undefined) {
          body = create(id, "tbody");
          mutated(ops.op_node_append(id, body));
        }
        mutated(ops.op_node_append(body, row));
      } else if (at === -1 || at === rows.length) {
        mutated(ops.op_node_append(ops.op_node_parent(rows[rows.length - 1]), row));
      } else {
        mutated(ops.op_node_insert_before(ops.op_node_parent(rows[at]), row, rows[at]));
      }
      return wrapNode(row);
    },
    deleteRow(index) {
      webidl.requireArguments(arguments.length, 1, "'deleteRow' on 'HTMLTableElement'");
      remove(ops.op_elements_of_kind(nodeId(this), "rows"), long(index));
    },
  });
  const remove = (items, index) => {
    if (index < -1 || index >= items.length) throw indexSize();
    if (index === -1 && items.length === 0) return;
    mutated(ops.op_node_remove(items[index === -1 ? items.length - 1 : index]));
  };
  const insert = (id, items, index, name) => {
    if (index < -1 || index > items.length) throw indexSize();
    const made = create(id, name);
    mutated(ops.op_node_insert_before(id, made, index === -1 || index === items.length ? 0 : items[index]));
    return wrapNode(made);
  };
  realm.extend("HTMLTableSectionElement", {
    get rows() {
      return collection(this, "section-rows");
    },
    insertRow(index = -1) {
      const id = nodeId(this);
      return insert(id, ops.op_elements_of_kind(id, "section-rows"), long(index), "tr");
    },
    deleteRow(index) {
      webidl.requireArguments(arguments.length, 1, "'deleteRow' on 'HTMLTableSectionElement'");
      remove(ops.op_elements_of_kind(nodeId(this), "section-rows"), long(index));
    },
  });
  realm.extend("HTMLTableRowElement", {
    get rowIndex() {
      const id = nodeId(this);
      for (let parent = ops.op_node_parent_element(id); parent !== 0; parent = ops.op_node_parent_element(parent)) {
        if (realm.isHtmlElement(wrapNode(parent), "table")) return ops.op_elements_of_kind(parent, "rows").indexOf(id);
      }
      return -1;
    },
    get sectionRowIndex() {
      const id = nodeId(this);
      const parent = ops.op_node_parent_element(id);
      if (parent === 0) return -1;
      const above = wrapNode(parent);
      if (realm.isHtmlElement(above, "table")) return ops.op_elements_of_kind(parent, "rows").indexOf(id);
      const inSection = ["tbody", "thead", "tfoot"].some((name) => realm.isHtmlElement(above, name));
      return inSection ? ops.op_elements_of_kind(parent, "section-rows").indexOf(id) : -1;
    },
    get cells() {
      return collection(this, "cells");
    },
    insertCell(index = -1) {
      const id = nodeId(this);
      return insert(id, ops.op_elements_of_kind(id, "cells"), long(index), "td");
    },
    deleteCell(index) {
      webidl.requireArguments(arguments.length, 1, "'deleteCell' on 'HTMLTableRowElement'");
      remove(ops.op_elements_of_kind(nodeId(this), "cells"), long(index));
    },
  });
  realm.extend("HTMLTableCellElement", {
    get cellIndex() {
      const id = nodeId(this);
      const row = ops.op_node_parent_element(id);
      return realm.isHtmlElement(wrapNode(row), "tr") ? ops.op_elements_of_kind(row, "cells").indexOf(id) : -1;
    },
  });
}
