// CSSOM View, where there is no layout: what the cascade displays has a box, each box is empty, and nothing scrolls. The viewport has
// its size, and so has the root element. <https://drafts.csswg.org/cssom-view/>
(realm) => {
  "use strict";
  const { Object, Reflect } = realm.primordials;
  const { ops, webidl, global, nodeId, Element, Document, Range, DOMRect } = realm;

  const viewport = (axis) => ops.op_window_viewport(realm.windowId, axis);
  // Whether the viewport's size is the element's: the root, or in quirks mode the body.
  const showsViewport = (element) => {
    const id = nodeId(element);
    const document = realm.homeOf(ops.op_node_document(id))?.document;
    if (document === undefined) return false;
    return document.compatMode === "BackCompat" ? document.body === element : document.documentElement === element;
  };
  const size = (element, axis) => (showsViewport(element) ? viewport(axis) : 0);
  // Options or two numbers; converted, and of no effect.
  const scrollArguments = (args, context) => {
    if (args.length === 0) return;
    if (args.length > 1) {
      webidl.double(args[0]);
      webidl.double(args[1]);
    } else webidl.dictionary(args[0], context);
  };

  const members = {
    getClientRects() {
      return realm.makeRectList(ops.op_computed_has_box(nodeId(this)));
    },
    getBoundingClientRect() {
      nodeId(this);
      return new DOMRect();
    },
    checkVisibility(options = undefined) {
      const id = nodeId(this);
      const { checkOpacity, checkVisibilityCSS, contentVisibilityAuto, opacityProperty, visibilityProperty } = webidl.dictionary(options, "checkVisibility");
      return ops.op_computed_check_visibility(id, (checkOpacity || opacityProperty ? 1 : 0) + (checkVisibilityCSS || visibilityProperty ? 2 : 0));
    },
    scrollIntoView(options = undefined) {
      nodeId(this);
    },
    get clientTop() {
      nodeId(this);
      return 0;
    },
    get clientLeft() {
      nodeId(this);
      return 0;
    },
    get clientWidth() {
      return size(this, 0);
    },
    get clientHeight() {
      return size(this, 1);
    },
    get scrollWidth() {
      return size(this, 0);
    },
    get scrollHeight() {
      return size(this, 1);
    },
  };
  for (const name of ["scroll", "scrollTo", "scrollBy"]) {
    members[name] = {
      [name](...args) {
        nodeId(this);
        scrollArguments(args, name);
      },
    }[name];
    const method = {
      [name](...args) {
        scrollArguments(args, name);
      },
    }[name];
    Object.defineProperty(global, name, { value: method, writable: true, enumerable: true, configurable: true });
  }
  for (const name of ["scrollTop", "scrollLeft"]) {
    const accessors = {
      get [name]() {
        nodeId(this);
        return 0;
      },
      set [name](value) {
        nodeId(this);
        realm.primordials.Number(value);
      },
    };
    Object.defineProperty(members, name, Object.getOwnPropertyDescriptor(accessors, name));
  }
  realm.include(members, [Element]);
  realm.arity(Element.prototype, { checkVisibility: 0, scrollIntoView: 0 });

  const offsets = {
    get offsetParent() {
      return realm.wrapNode(ops.op_computed_offset_parent(nodeId(this)));
    },
  };
  for (const name of ["offsetTop", "offsetLeft", "offsetWidth", "offsetHeight"]) {
    const accessors = {
      get [name]() {
        nodeId(this);
        return 0;
      },
    };
    Object.defineProperty(offsets, name, Object.getOwnPropertyDescriptor(accessors, name));
  }
  realm.extend("HTMLElement", offsets);

  const inRange = {
    getClientRects() {
      Reflect.get(Range.prototype, "collapsed", this);
      return realm.makeRectList(false);
    },
    getBoundingClientRect() {
      Reflect.get(Range.prototype, "collapsed", this);
      return new DOMRect();
    },
  };
  realm.include(inRange, [Range]);
  realm.include(
    {
      get scrollingElement() {
        return this.compatMode === "BackCompat" ? this.body : this.documentElement;
      },
    },
    [Document],
  );
}
