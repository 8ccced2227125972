//! What properties are without a declaration: the initial values, which are inherited, and the user agent's style sheet.
//!
//! Standard: <https://www.w3.org/TR/CSS/#properties> and
//! <https://html.spec.whatwg.org/multipage/rendering.html#rendering>, texts of November 2026.

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::selectors::ElementState;

const INHERITED: [&str; 71] = [
    "accent-color",
    "border-collapse",
    "border-spacing",
    "caption-side",
    "caret-color",
    "clip-rule",
    "color",
    "color-interpolation",
    "color-interpolation-filters",
    "color-scheme",
    "cursor",
    "direction",
    "dominant-baseline",
    "empty-cells",
    "fill",
    "fill-opacity",
    "fill-rule",
    "font-family",
    "font-feature-settings",
    "font-kerning",
    "font-size",
    "font-size-adjust",
    "font-stretch",
    "font-style",
    "font-synthesis",
    "font-variant",
    "font-variant-alternates",
    "font-variant-caps",
    "font-variant-east-asian",
    "font-variant-ligatures",
    "font-variant-numeric",
    "font-variant-position",
    "font-variation-settings",
    "font-weight",
    "hyphens",
    "image-rendering",
    "letter-spacing",
    "line-break",
    "line-height",
    "list-style-image",
    "list-style-position",
    "list-style-type",
    "marker-end",
    "marker-mid",
    "marker-start",
    "orphans",
    "overflow-wrap",
    "paint-order",
    "pointer-events",
    "print-color-adjust",
    "quotes",
    "ruby-position",
    "shape-rendering",
    "stroke",
    "stroke-width",
    "tab-size",
    "text-align",
    "text-align-last",
    "text-anchor",
    "text-emphasis",
    "text-indent",
    "text-justify",
    "text-orientation",
    "text-rendering",
    "text-shadow",
    "text-transform",
    "visibility",
    "white-space",
    "widows",
    "word-break",
    "word-spacing",
];

const ALSO_INHERITED: [&str; 12] = [
    "math-depth",
    "math-style",
    "scrollbar-color",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "text-decoration-skip-ink",
    "text-underline-offset",
    "writing-mode",
];

/// Whether a property is inherited; custom ones are.
pub(super) fn is_inherited(name: &str) -> bool {
    name.starts_with("--")
        || INHERITED.contains(&name)
        || ALSO_INHERITED.contains(&name)
        || name.starts_with("text-emphasis-")
        || matches!(
            name,
            "text-underline-position" | "text-wrap-style" | "text-wrap"
        )
}

/// The initial value of a longhand.
pub(super) fn initial_value(name: &str) -> &'static str {
    match name {
        "color" => "rgb(0, 0, 0)",
        "background-color" => "rgba(0, 0, 0, 0)",
        "display" => "inline",
        "position" => "static",
        "visibility"
        | "overflow-x"
        | "overflow-y"
        | "backface-visibility"
        | "content-visibility" => "visible",
        "opacity"
        | "fill-opacity"
        | "stroke-opacity"
        | "flood-opacity"
        | "stop-opacity"
        | "flex-shrink"
        | "animation-iteration-count"
        | "zoom"
        | "stroke-width" => "1",
        "flex-grow" | "order" | "shape-image-threshold" | "math-depth" => "0",
        "orphans" | "widows" => "2",
        "stroke-miterlimit" => "4",
        "tab-size" => "8",
        "font-size" => "16px",
        "font-weight" => "400",
        "font-family" => "serif",
        "font-stretch" => "100%",
        "white-space"
        | "font-style"
        | "font-variant"
        | "line-height"
        | "letter-spacing"
        | "column-gap"
        | "row-gap"
        | "overflow-wrap"
        | "word-break"
        | "unicode-bidi"
        | "content"
        | "align-content"
        | "justify-content"
        | "align-items"
        | "mix-blend-mode"
        | "background-blend-mode"
        | "animation-direction"
        | "math-style"
        | "font-variant-caps"
        | "font-variant-ligatures"
        | "font-variant-numeric"
        | "font-variant-east-asian"
        | "font-variant-alternates"
        | "font-variant-position"
        | "font-feature-settings"
        | "font-variation-settings"
        | "color-scheme"
        | "scroll-snap-stop"
        | "paint-order" => "normal",
        "justify-items" => "legacy",
        "word-spacing"
        | "margin-top"
        | "margin-right"
        | "margin-bottom"
        | "margin-left"
        | "margin-block-start"
        | "margin-block-end"
        | "margin-inline-start"
        | "margin-inline-end"
        | "padding-top"
        | "padding-right"
        | "padding-bottom"
        | "padding-left"
        | "padding-block-start"
        | "padding-block-end"
        | "padding-inline-start"
        | "padding-inline-end"
        | "text-indent"
        | "outline-offset"
        | "border-top-left-radius"
        | "border-top-right-radius"
        | "border-bottom-left-radius"
        | "border-bottom-right-radius"
        | "border-start-start-radius"
        | "border-start-end-radius"
        | "border-end-start-radius"
        | "border-end-end-radius"
        | "stroke-dashoffset"
        | "shape-margin"
        | "offset-distance" => "0px",
        "border-spacing" => "0px 0px",
        "animation-delay" | "animation-duration" | "transition-delay" | "transition-duration" => {
            "0s"
        }
        "animation-timing-function" | "transition-timing-function" => "ease",
        "animation-play-state" => "running",
        "transition-property" => "all",
        "transition" => "all",
        "background-position-x" | "background-position-y" => "0%",
        "object-position" | "perspective-origin" | "transform-origin" | "mask-position" => {
            "50% 50%"
        }
        "background-repeat" | "mask-repeat" => "repeat",
        "background-attachment" => "scroll",
        "background-origin" => "padding-box",
        "background-clip" | "mask-clip" | "mask-origin" => "border-box",
        "border-collapse" => "separate",
        "border-image-outset" => "0",
        "border-image-repeat" => "stretch",
        "border-image-slice" => "100%",
        "border-image-width" => "1",
        "box-sizing" => "content-box",
        "caption-side" => "top",
        "clip-rule" | "fill-rule" => "nonzero",
        "direction" => "ltr",
        "empty-cells" => "show",
        "fill" | "flood-color" | "stop-color" => "rgb(0, 0, 0)",
        "lighting-color" => "rgb(255, 255, 255)",
        "flex-direction" | "grid-auto-flow" => "row",
        "flex-wrap" => "nowrap",
        "hyphens" => "manual",
        "list-style-position" => "outside",
        "list-style-type" => "disc",
        "mask-type" => "luminance",
        "mask-mode" => "match-source",
        "mask-composite" => "add",
        "object-fit" => "fill",
        "outline-width" | "column-rule-width" => "3px",
        "stroke-linecap" => "butt",
        "stroke-linejoin" => "miter",
        "text-align" | "text-anchor" => "start",
        "text-decoration-style" => "solid",
        "text-orientation" => "mixed",
        "text-overflow" => "clip",
        "text-wrap" => "wrap",
        "transform-box" => "view-box",
        "transform-style" => "flat",
        "vertical-align" | "alignment-baseline" => "baseline",
        "baseline-shift" => "0px",
        "writing-mode" => "horizontal-tb",
        "color-interpolation" => "srgb",
        "color-interpolation-filters" => "linearrgb",
        "column-fill" => "balance",
        "print-color-adjust" => "economy",
        "font-synthesis" => "weight style small-caps",
        "field-sizing" => "fixed",
        "resize"
        | "float"
        | "clear"
        | "background-image"
        | "list-style-image"
        | "transform"
        | "filter"
        | "backdrop-filter"
        | "box-shadow"
        | "text-shadow"
        | "text-transform"
        | "text-decoration-line"
        | "animation-name"
        | "animation-fill-mode"
        | "animation"
        | "clip-path"
        | "mask-image"
        | "mask"
        | "max-width"
        | "max-height"
        | "max-inline-size"
        | "max-block-size"
        | "perspective"
        | "contain"
        | "container-name"
        | "counter-increment"
        | "counter-reset"
        | "counter-set"
        | "font-size-adjust"
        | "grid-template-areas"
        | "grid-template-columns"
        | "grid-template-rows"
        | "rotate"
        | "scale"
        | "translate"
        | "stroke"
        | "stroke-dasharray"
        | "text-emphasis-style"
        | "marker-start"
        | "marker-mid"
        | "marker-end"
        | "offset-path"
        | "shape-outside"
        | "scroll-snap-type"
        | "scroll-snap-align"
        | "vector-effect"
        | "column-span"
        | "border-image-source"
        | "appearance"
        | "border-image"
        | "text-emphasis" => "none",
        "container-type" => "normal",
        _ if name.ends_with("-color")
            && !matches!(name, "accent-color" | "caret-color" | "scrollbar-color") =>
        {
            "currentcolor"
        }
        _ if name.ends_with("-style") => "none",
        _ if name.starts_with("border-") && name.ends_with("-width") => "3px",
        _ if name.starts_with("scroll-margin") => "0px",
        _ => "auto",
    }
}

/// A declaration of the user agent's style sheet for an element.
///
/// Standard: <https://html.spec.whatwg.org/multipage/rendering.html#the-css-user-agent-style-sheet-and-presentational-hints>
pub(super) fn user_agent_value(
    tree: &Tree,
    element: NodeId,
    property: &str,
) -> Option<&'static str> {
    if *tree.namespace(element) != ns!(html) {
        return None;
    }
    let attribute = |name: &str| tree.attribute(element, name);
    let name = &**tree.local_name(element);
    let is_link = matches!(name, "a" | "area") && attribute("href").is_some();
    Some(match property {
        "display" => return display(tree, element, name),
        "color" if is_link => "rgb(0, 0, 238)",
        "color" if name == "mark" => "rgb(0, 0, 0)",
        "background-color" if name == "mark" => "rgb(255, 255, 0)",
        "cursor" if is_link => "pointer",
        "text-decoration-line" => match name {
            "u" | "ins" => "underline",
            "s" | "strike" | "del" => "line-through",
            _ if is_link => "underline",
            _ => return None,
        },
        "font-weight" => match name {
            "b" | "strong" => "bolder",
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "th" => "bold",
            _ => return None,
        },
        "font-style" => match name {
            "i" | "em" | "cite" | "dfn" | "var" | "address" => "italic",
            _ => return None,
        },
        "font-family" => match name {
            "code" | "kbd" | "samp" | "tt" | "pre" | "listing" | "xmp" | "plaintext" => "monospace",
            _ => return None,
        },
        "font-size" => match name {
            "h1" => "2em",
            "h2" => "1.5em",
            "h3" => "1.17em",
            "h5" => "0.83em",
            "h6" => "0.67em",
            "small" | "sub" | "sup" => "smaller",
            "big" => "larger",
            "code" | "kbd" | "samp" | "tt" | "pre" | "listing" | "xmp" | "plaintext" => {
                return None;
            }
            _ => return None,
        },
        "vertical-align" => match name {
            "sub" => "sub",
            "sup" => "super",
            "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" => "middle",
            _ => return None,
        },
        "white-space" => match name {
            "pre" | "listing" | "xmp" | "plaintext" => "pre",
            "textarea" => "pre-wrap",
            "nobr" => "nowrap",
            "td" | "th" if attribute("nowrap").is_some() => "nowrap",
            _ => return None,
        },
        "text-align" => match name {
            "center" | "caption" | "th" => "center",
            _ => return None,
        },
        "list-style-type" => match name {
            "ol" => "decimal",
            "ul" | "menu" | "dir" => "disc",
            _ => return None,
        },
        "direction" => match attribute("dir") {
            Some(dir) if dir.eq_ignore_ascii_case("rtl") => "rtl",
            Some(dir) if dir.eq_ignore_ascii_case("ltr") => "ltr",
            _ => return None,
        },
        "margin-top" | "margin-bottom" => match name {
            "body" => "8px",
            "p" | "dl" | "ul" | "ol" | "menu" | "dir" | "blockquote" | "figure" | "pre"
            | "listing" | "xmp" | "plaintext" | "h4" => "1em",
            "h1" => "0.67em",
            "h2" => "0.83em",
            "h3" => "1em",
            "h5" => "1.67em",
            "h6" => "2.33em",
            "hr" => "0.5em",
            _ => return None,
        },
        "margin-left" | "margin-right" => match name {
            "body" => "8px",
            "blockquote" | "figure" => "40px",
            "dd" if property == "margin-left" => "40px",
            "hr" => "auto",
            _ => return None,
        },
        "padding-left" if matches!(name, "ul" | "ol" | "menu" | "dir") => "40px",
        "box-sizing" if matches!(name, "select" | "button" | "table" | "hr") => "border-box",
        "border-collapse" if name == "table" => "separate",
        "border-spacing" if name == "table" => "2px",
        "unicode-bidi" if attribute("dir").is_some() || name == "bdi" => "isolate",
        "overflow-x" | "overflow-y" if name == "textarea" => "auto",
        _ => return None,
    })
}

fn display(tree: &Tree, element: NodeId, name: &str) -> Option<&'static str> {
    let attribute = |name: &str| tree.attribute(element, name);
    // Hidden ones.
    if attribute("hidden").is_some_and(|value| !value.eq_ignore_ascii_case("until-found"))
        && name != "embed"
    {
        return Some("none");
    }
    if attribute("popover").is_some() && !tree.has_element_state(element, ElementState::PopoverOpen)
    {
        return Some("none");
    }
    if *tree.local_name(element) == local_name!("input")
        && attribute("type").is_some_and(|kind| kind.eq_ignore_ascii_case("hidden"))
    {
        return Some("none");
    }
    Some(match name {
        "area" | "base" | "basefont" | "datalist" | "head" | "link" | "meta" | "noembed"
        | "noframes" | "param" | "rp" | "script" | "style" | "template" | "title" | "noscript" => {
            "none"
        }
        "dialog" if attribute("open").is_none() => "none",
        "html" | "body" | "address" | "blockquote" | "center" | "dialog" | "div" | "figure"
        | "figcaption" | "footer" | "form" | "header" | "hr" | "legend" | "listing" | "main"
        | "p" | "plaintext" | "pre" | "search" | "xmp" | "article" | "aside" | "h1" | "h2"
        | "h3" | "h4" | "h5" | "h6" | "hgroup" | "nav" | "section" | "dir" | "dd" | "dl" | "dt"
        | "menu" | "ol" | "ul" | "fieldset" | "details" | "optgroup" | "option" | "frameset"
        | "frame" => "block",
        "summary" => "block",
        "li" => "list-item",
        "table" => "table",
        "caption" => "table-caption",
        "colgroup" => "table-column-group",
        "col" => "table-column",
        "thead" => "table-header-group",
        "tbody" => "table-row-group",
        "tfoot" => "table-footer-group",
        "tr" => "table-row",
        "td" | "th" => "table-cell",
        "input" | "select" | "button" | "textarea" | "meter" | "progress" | "marquee" => {
            "inline-block"
        }
        "slot" => "contents",
        "ruby" => "ruby",
        "rt" => "ruby-text",
        "audio" if attribute("controls").is_none() => "none",
        _ => return None,
    })
}
