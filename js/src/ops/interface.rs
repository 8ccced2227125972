//! Which interface a node's wrapper is an instance of.
//!
//! The glue asks for the names once and keeps a prototype for each; afterwards a node costs one number.
//!
//! Standard: <https://html.spec.whatwg.org/multipage/dom.html#elements-in-the-dom>

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::custom_elements::{CustomElementState, is_valid_custom_element_name};
use readystate_dom::{DomError, LocalName, NodeId, NodeKind, Tree, ns};

use super::node::{make, read, strings_to};
use crate::backend;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_interface_names(),
        op_interface_expose_lazily(),
        op_node_wrap(),
        op_function_is_ours(),
    ]
}

/// Interfaces by number: first those of other nodes, then elements without one of their own, then HTML's.
const OTHERS: [&str; 15] = [
    "Node",
    "Document",
    "DocumentType",
    "DocumentFragment",
    "Attr",
    "Text",
    "CDATASection",
    "Comment",
    "ProcessingInstruction",
    "Element",
    "SVGElement",
    "MathMLElement",
    "HTMLElement",
    "HTMLUnknownElement",
    "ShadowRoot",
];

const DOCUMENT: u32 = 1;
const DOCUMENT_TYPE: u32 = 2;
const DOCUMENT_FRAGMENT: u32 = 3;
const ATTR: u32 = 4;
const TEXT: u32 = 5;
const CDATA_SECTION: u32 = 6;
const COMMENT: u32 = 7;
const PROCESSING_INSTRUCTION: u32 = 8;
const ELEMENT: u32 = 9;
const SVG_ELEMENT: u32 = 10;
const MATHML_ELEMENT: u32 = 11;
const HTML_ELEMENT: u32 = 12;
const HTML_UNKNOWN_ELEMENT: u32 = 13;
const SHADOW_ROOT: u32 = 14;

/// HTML's element interfaces and the elements they are for.
const HTML: &[(&str, &str)] = &[
    ("HTMLAnchorElement", "a"),
    ("HTMLAreaElement", "area"),
    ("HTMLAudioElement", "audio"),
    ("HTMLBRElement", "br"),
    ("HTMLBaseElement", "base"),
    ("HTMLBodyElement", "body"),
    ("HTMLButtonElement", "button"),
    ("HTMLCanvasElement", "canvas"),
    ("HTMLDListElement", "dl"),
    ("HTMLDataElement", "data"),
    ("HTMLDataListElement", "datalist"),
    ("HTMLDetailsElement", "details"),
    ("HTMLDialogElement", "dialog"),
    ("HTMLDirectoryElement", "dir"),
    ("HTMLDivElement", "div"),
    ("HTMLEmbedElement", "embed"),
    ("HTMLFieldSetElement", "fieldset"),
    ("HTMLFontElement", "font"),
    ("HTMLFormElement", "form"),
    ("HTMLFrameElement", "frame"),
    ("HTMLFrameSetElement", "frameset"),
    ("HTMLHRElement", "hr"),
    ("HTMLHeadElement", "head"),
    ("HTMLHeadingElement", "h1 h2 h3 h4 h5 h6"),
    ("HTMLHtmlElement", "html"),
    ("HTMLIFrameElement", "iframe"),
    ("HTMLImageElement", "img"),
    ("HTMLInputElement", "input"),
    ("HTMLLIElement", "li"),
    ("HTMLLabelElement", "label"),
    ("HTMLLegendElement", "legend"),
    ("HTMLLinkElement", "link"),
    ("HTMLMapElement", "map"),
    ("HTMLMarqueeElement", "marquee"),
    ("HTMLMenuElement", "menu"),
    ("HTMLMetaElement", "meta"),
    ("HTMLMeterElement", "meter"),
    ("HTMLModElement", "ins del"),
    ("HTMLOListElement", "ol"),
    ("HTMLObjectElement", "object"),
    ("HTMLOptGroupElement", "optgroup"),
    ("HTMLOptionElement", "option"),
    ("HTMLOutputElement", "output"),
    ("HTMLParagraphElement", "p"),
    ("HTMLParamElement", "param"),
    ("HTMLPictureElement", "picture"),
    ("HTMLPreElement", "pre listing xmp"),
    ("HTMLProgressElement", "progress"),
    ("HTMLQuoteElement", "blockquote q"),
    ("HTMLScriptElement", "script"),
    ("HTMLSelectElement", "select"),
    ("HTMLSlotElement", "slot"),
    ("HTMLSourceElement", "source"),
    ("HTMLSpanElement", "span"),
    ("HTMLStyleElement", "style"),
    ("HTMLTableCaptionElement", "caption"),
    ("HTMLTableCellElement", "td th"),
    ("HTMLTableColElement", "col colgroup"),
    ("HTMLTableElement", "table"),
    ("HTMLTableRowElement", "tr"),
    ("HTMLTableSectionElement", "tbody thead tfoot"),
    ("HTMLTemplateElement", "template"),
    ("HTMLTextAreaElement", "textarea"),
    ("HTMLTimeElement", "time"),
    ("HTMLTitleElement", "title"),
    ("HTMLTrackElement", "track"),
    ("HTMLUListElement", "ul"),
    (
        "HTMLUnknownElement",
        "applet bgsound blink isindex keygen multicol nextid spacer",
    ),
    ("HTMLVideoElement", "video"),
];

/// SVG's element interfaces and the elements they are for; the numbers go on after HTML's.
const SVG: &[(&str, &str)] = &[
    ("SVGSVGElement", "svg"),
    ("SVGGElement", "g"),
    ("SVGDefsElement", "defs"),
    ("SVGDescElement", "desc"),
    ("SVGMetadataElement", "metadata"),
    ("SVGTitleElement", "title"),
    ("SVGSymbolElement", "symbol"),
    ("SVGUseElement", "use"),
    ("SVGSwitchElement", "switch"),
    ("SVGStyleElement", "style"),
    ("SVGPathElement", "path"),
    ("SVGRectElement", "rect"),
    ("SVGCircleElement", "circle"),
    ("SVGEllipseElement", "ellipse"),
    ("SVGLineElement", "line"),
    ("SVGPolylineElement", "polyline"),
    ("SVGPolygonElement", "polygon"),
    ("SVGTextElement", "text"),
    ("SVGTSpanElement", "tspan"),
    ("SVGTextPathElement", "textPath"),
    ("SVGImageElement", "image"),
    ("SVGForeignObjectElement", "foreignObject"),
    ("SVGMarkerElement", "marker"),
    ("SVGLinearGradientElement", "linearGradient"),
    ("SVGRadialGradientElement", "radialGradient"),
    ("SVGStopElement", "stop"),
    ("SVGPatternElement", "pattern"),
    ("SVGScriptElement", "script"),
    ("SVGAElement", "a"),
    ("SVGViewElement", "view"),
    ("SVGClipPathElement", "clipPath"),
    ("SVGMaskElement", "mask"),
    ("SVGFilterElement", "filter"),
    ("SVGAnimateElement", "animate"),
    ("SVGSetElement", "set"),
    ("SVGAnimateMotionElement", "animateMotion"),
    ("SVGAnimateTransformElement", "animateTransform"),
    ("SVGMPathElement", "mpath"),
    ("SVGFEBlendElement", "feBlend"),
    ("SVGFEColorMatrixElement", "feColorMatrix"),
    ("SVGFEComponentTransferElement", "feComponentTransfer"),
    ("SVGFECompositeElement", "feComposite"),
    ("SVGFEConvolveMatrixElement", "feConvolveMatrix"),
    ("SVGFEDiffuseLightingElement", "feDiffuseLighting"),
    ("SVGFEDisplacementMapElement", "feDisplacementMap"),
    ("SVGFEDistantLightElement", "feDistantLight"),
    ("SVGFEDropShadowElement", "feDropShadow"),
    ("SVGFEFloodElement", "feFlood"),
    ("SVGFEFuncAElement", "feFuncA"),
    ("SVGFEFuncBElement", "feFuncB"),
    ("SVGFEFuncGElement", "feFuncG"),
    ("SVGFEFuncRElement", "feFuncR"),
    ("SVGFEGaussianBlurElement", "feGaussianBlur"),
    ("SVGFEImageElement", "feImage"),
    ("SVGFEMergeElement", "feMerge"),
    ("SVGFEMergeNodeElement", "feMergeNode"),
    ("SVGFEMorphologyElement", "feMorphology"),
    ("SVGFEOffsetElement", "feOffset"),
    ("SVGFEPointLightElement", "fePointLight"),
    ("SVGFESpecularLightingElement", "feSpecularLighting"),
    ("SVGFESpotLightElement", "feSpotLight"),
    ("SVGFETileElement", "feTile"),
    ("SVGFETurbulenceElement", "feTurbulence"),
];

/// Elements of HTML whose interface is `HTMLElement` itself.
const PLAIN: &str = "abbr acronym address article aside b basefont bdi bdo big center cite code dd dfn dt em figcaption \
    figure footer header hgroup i kbd main mark nav nobr noembed noframes noscript plaintext rb rp rt rtc ruby s samp \
    search section small strike strong sub summary sup tt u var wbr";

thread_local! {
    static BY_NAME: NumberByName = by_name();
    static SVG_BY_NAME: NumberByName = svg_by_name();
}

type NumberByName = HashMap<LocalName, u32, BuildHasherDefault<AtomHasher>>;

/// Takes the hash that an atom brings along.
#[derive(Default)]
struct AtomHasher(u32);

impl Hasher for AtomHasher {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(5) ^ u32::from(byte);
        }
    }

    fn write_u32(&mut self, hash: u32) {
        self.0 = hash;
    }

    fn finish(&self) -> u64 {
        // The table takes its place from the low bits and its tags from the high ones.
        u64::from(self.0) | u64::from(self.0) << 32
    }
}

fn by_name() -> NumberByName {
    let plain = PLAIN
        .split_whitespace()
        .map(|name| (LocalName::from(name), HTML_ELEMENT));
    let own = (u32::try_from(OTHERS.len()).unwrap_or(0)..)
        .zip(HTML)
        .flat_map(|(number, (_, names))| {
            names
                .split_whitespace()
                .map(move |name| (LocalName::from(name), number))
        });
    plain.chain(own).collect()
}

fn svg_by_name() -> NumberByName {
    let first = u32::try_from(OTHERS.len() + HTML.len()).unwrap_or(0);
    (first..)
        .zip(SVG)
        .map(|(number, (_, name))| (LocalName::from(*name), number))
        .collect()
}

/// The number of a node's interface.
fn interface(tree: &Tree, id: NodeId) -> u32 {
    match tree.kind(id) {
        None => 0,
        Some(NodeKind::Document) => DOCUMENT,
        Some(NodeKind::DocumentType) => DOCUMENT_TYPE,
        Some(NodeKind::DocumentFragment) if tree.is_shadow_root(id) => SHADOW_ROOT,
        Some(NodeKind::DocumentFragment) => DOCUMENT_FRAGMENT,
        Some(NodeKind::Attr) => ATTR,
        Some(NodeKind::Text) => TEXT,
        Some(NodeKind::CdataSection) => CDATA_SECTION,
        Some(NodeKind::Comment) => COMMENT,
        Some(NodeKind::ProcessingInstruction) => PROCESSING_INSTRUCTION,
        Some(NodeKind::Element) => element_interface(tree, id),
    }
}

/// The interface of elements of HTML with this name.
pub(super) fn html_interface(name: &LocalName) -> u32 {
    BY_NAME
        .with(|names| names.get(name).copied())
        .unwrap_or_else(|| {
            if is_valid_custom_element_name(name) {
                HTML_ELEMENT
            } else {
                HTML_UNKNOWN_ELEMENT
            }
        })
}

fn element_interface(tree: &Tree, id: NodeId) -> u32 {
    let namespace = tree.namespace(id);
    if *namespace == ns!(html) {
        let interface = html_interface(tree.local_name(id));
        // A constructor that failed leaves an element that is unknown.
        if interface == HTML_ELEMENT
            && tree.custom_element_state(id) == CustomElementState::Failed
            && tree.is_value(id).is_none()
        {
            HTML_UNKNOWN_ELEMENT
        } else {
            interface
        }
    } else if *namespace == ns!(svg) {
        let name = tree.local_name(id);
        SVG_BY_NAME
            .with(|names| names.get(name).copied())
            .unwrap_or(SVG_ELEMENT)
    } else if *namespace == ns!(mathml) {
        MATHML_ELEMENT
    } else {
        ELEMENT
    }
}

/// The names of the interfaces, by number.
#[op2]
fn op_interface_names<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Array> {
    strings_to(
        scope,
        OTHERS
            .iter()
            .chain(HTML.iter().chain(SVG).map(|(name, _)| name)),
    )
}

/// The interface of a node that script is about to hold a wrapper of; bit 16 if trees became strong, and the node may have
/// a wrapper after all; from bit 20 on the node type.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_wrap(id: u32) -> u32 {
    read(id, |tree, id| {
        tree.strengthen_for_wrapper(id);
        wrap(tree, id)
    })
}

#[inline]
fn wrap(tree: &mut Tree, id: NodeId) -> u32 {
    tree.set_wrapped(id, true);
    interface(tree, id)
        | u32::from(tree.has_strengthened()) << 16
        | u32::from(tree.node_type(id)) << 20
}

/// Makes a node that script is about to hold a wrapper of; answers with its id and, from bit 28 on, what [`op_node_wrap`]
/// would. Negative for an error.
#[inline]
pub(super) fn make_wrapped(
    id: u32,
    f: impl FnOnce(&mut Tree, NodeId) -> Result<NodeId, DomError>,
) -> f64 {
    /// Ids are smaller: the glue has them and a type in one small integer.
    const PLACES: f64 = (1 << 28) as f64;
    let mut answer = 0;
    let made = make(id, |tree, id| {
        // A new node's document is strong.
        let made = f(tree, id)?;
        answer = wrap(tree, made);
        Ok(made)
    });
    f64::from(made) + f64::from(answer) * PLACES
}

/// Gives `global` a data property whose value is what `make` returns when it is first read. Whether the engine can.
#[op2]
fn op_interface_expose_lazily<'s>(
    scope: &v8::PinScope<'s, '_>,
    global: v8::Local<'s, v8::Object>,
    name: v8::Local<'s, v8::String>,
    make: v8::Local<'s, v8::Function>,
) -> bool {
    backend::set_lazy_global(scope, global, name.into(), make)
}

/// Whether a function comes from the glue, so that script must not see its source.
#[op2]
fn op_function_is_ours<'s>(
    scope: &v8::PinScope<'s, '_>,
    function: v8::Local<'s, v8::Function>,
) -> bool {
    function
        .get_script_origin(scope)
        .resource_name()
        .is_some_and(|name| {
            name.to_rust_string_lossy(scope)
                .starts_with("ext:readystate/")
        })
}
