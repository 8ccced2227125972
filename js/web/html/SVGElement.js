// The element interfaces of SVG, as far as they need neither layout nor a geometry. <https://svgwg.org/svg2-draft/>
(realm) => {
  "use strict";
  const { Object, TypeError, WeakMap } = realm.primordials;
  const { ops, webidl, nodeId, wrapNode, SVGElement } = realm;
  const { DOMString } = webidl;

  // <https://svgwg.org/svg2-draft/types.html#InterfaceSVGAnimatedString>
  const strings = new WeakMap();
  const attributeOf = (string) => {
    const found = strings.get(string);
    if (found === undefined) throw new TypeError("Illegal invocation");
    return found;
  };
  const xlink = "http://www.w3.org/1999/xlink";
  const read = ({ id, name, deprecated }) =>
    ops.op_element_get_attribute_ns(id, "", name) ?? (deprecated ? ops.op_element_get_attribute_ns(id, xlink, name) : null) ?? "";
  class SVGAnimatedString {
    constructor() {
      throw realm.illegalConstructor("SVGAnimatedString");
    }
    get baseVal() {
      return read(attributeOf(this));
    }
    set baseVal(value) {
      const { id, name, deprecated } = attributeOf(this);
      const text = DOMString(value);
      // The old name of the attribute is used if it is the only one there.
      const old = deprecated && !ops.op_element_has_attribute_ns(id, "", name) && ops.op_element_has_attribute_ns(id, xlink, name);
      if (old) realm.mutated(ops.op_element_set_attribute_ns(id, xlink, `xlink:${name}`, text));
      else realm.setAttribute(id, name, text);
    }
    // Nothing is animated.
    get animVal() {
      return read(attributeOf(this));
    }
  }
  realm.expose({ SVGAnimatedString });
  const animated = (element, name, deprecated = false) =>
    realm.sameObject(element, `animated ${name}`, () => {
      const string = Object.create(SVGAnimatedString.prototype);
      strings.set(string, { id: nodeId(element), name, deprecated });
      return string;
    });

  realm.include(
    {
      // It hides that of Element.
      get className() {
        nodeId(this);
        return animated(this, "class");
      },
      // <https://svgwg.org/svg2-draft/types.html#__svg__SVGElement__viewportElement>
      get viewportElement() {
        return this.ownerSVGElement;
      },
    },
    [SVGElement],
  );

  const graphics = "SVGGraphicsElement";
  const geometry = "SVGGeometryElement";
  const positioning = "SVGTextPositioningElement";
  const animation = "SVGAnimationElement";
  const gradient = "SVGGradientElement";
  const component = "SVGComponentTransferFunctionElement";
  for (const [name, parent = "SVGElement"] of [
    [graphics],
    [geometry, graphics],
    ["SVGSVGElement", graphics],
    ["SVGGElement", graphics],
    ["SVGDefsElement", graphics],
    ["SVGDescElement"],
    ["SVGMetadataElement"],
    ["SVGTitleElement"],
    ["SVGSymbolElement", graphics],
    ["SVGUseElement", graphics],
    ["SVGSwitchElement", graphics],
    ["SVGStyleElement"],
    ["SVGPathElement", geometry],
    ["SVGRectElement", geometry],
    ["SVGCircleElement", geometry],
    ["SVGEllipseElement", geometry],
    ["SVGLineElement", geometry],
    ["SVGPolylineElement", geometry],
    ["SVGPolygonElement", geometry],
    ["SVGTextContentElement", graphics],
    [positioning, "SVGTextContentElement"],
    ["SVGTextElement", positioning],
    ["SVGTSpanElement", positioning],
    ["SVGTextPathElement", "SVGTextContentElement"],
    ["SVGImageElement", graphics],
    ["SVGForeignObjectElement", graphics],
    ["SVGMarkerElement"],
    [gradient],
    ["SVGLinearGradientElement", gradient],
    ["SVGRadialGradientElement", gradient],
    ["SVGStopElement"],
    ["SVGPatternElement"],
    ["SVGScriptElement"],
    ["SVGAElement", graphics],
    ["SVGViewElement"],
    ["SVGClipPathElement"],
    ["SVGMaskElement"],
    ["SVGFilterElement"],
    [component],
    ["SVGFEFuncRElement", component],
    ["SVGFEFuncGElement", component],
    ["SVGFEFuncBElement", component],
    ["SVGFEFuncAElement", component],
    [animation],
    ["SVGAnimateElement", animation],
    ["SVGSetElement", animation],
    ["SVGAnimateMotionElement", animation],
    ["SVGAnimateTransformElement", animation],
    ["SVGMPathElement"],
  ]) {
    const Class = {
      [name]: class extends realm.interfaces[parent] {
        constructor() {
          throw realm.illegalConstructor(name);
        }
      },
    }[name];
    realm.expose({ [name]: Class });
  }
  for (const name of ["Blend", "ColorMatrix", "ComponentTransfer", "Composite", "ConvolveMatrix", "DiffuseLighting", "DisplacementMap", "DistantLight", "DropShadow", "Flood", "GaussianBlur", "Image", "Merge", "MergeNode", "Morphology", "Offset", "PointLight", "SpecularLighting", "SpotLight", "Tile", "Turbulence"]) {
    const full = `SVGFE${name}Element`;
    const Class = {
      [full]: class extends SVGElement {
        constructor() {
          throw realm.illegalConstructor(full);
        }
      },
    }[full];
    realm.expose({ [full]: Class });
  }

  // <https://svgwg.org/svg2-draft/types.html#InterfaceSVGURIReference>
  const reference = {
    get href() {
      nodeId(this);
      return animated(this, "href", true);
    },
  };
  const referring = ["SVGAElement", "SVGUseElement", "SVGImageElement", "SVGScriptElement", "SVGTextPathElement", "SVGPatternElement", gradient, "SVGFEImageElement", "SVGMPathElement", "SVGFilterElement"];
  realm.include(
    reference,
    referring.map((name) => realm.interfaces[name]),
  );
  realm.extend("SVGSVGElement", {
    getElementById(elementId) {
      webidl.requireArguments(arguments.length, 1, "'getElementById' on 'SVGSVGElement'");
      const id = nodeId(this);
      const wanted = DOMString(elementId);
      for (let node = ops.op_node_following(id, id, false); node !== 0; node = ops.op_node_following(id, node, false)) {
        if (wanted !== "" && ops.op_node_type(node) === 1 && ops.op_element_get_attribute_ns(node, "", "id") === wanted) return wrapNode(node);
      }
      return null;
    },
  });
  // <https://svgwg.org/svg2-draft/linking.html#InterfaceSVGAElement>
  realm.extend("SVGAElement", {
    get target() {
      nodeId(this);
      return animated(this, "target");
    },
    get text() {
      return ops.op_node_text_content(nodeId(this));
    },
    set text(value) {
      realm.mutated(ops.op_node_set_text_content(nodeId(this), DOMString(value)));
    },
    get relList() {
      nodeId(this);
      return realm.tokenList(this, "rel", ["noreferrer", "noopener", "opener"]);
    },
    set relList(value) {
      nodeId(this);
      realm.tokenList(this, "rel", ["noreferrer", "noopener", "opener"]).value = value;
    },
  });
  realm.reflectAll(realm.SVGAElement, "download ping rel hreflang type referrerPolicy");
  realm.reflectAll(realm.SVGScriptElement, "type crossOrigin:nullable(anonymous|use-credentials;anonymous)");
  realm.reflectAll(realm.SVGStyleElement, "media title");
  realm.extend("SVGStyleElement", {
    get type() {
      return ops.op_element_get_attribute_ns(nodeId(this), "", "type") ?? "text/css";
    },
    set type(value) {
      realm.setAttribute(nodeId(this), "type", DOMString(value));
    },
  });
}
