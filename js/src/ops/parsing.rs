//! Ops that turn text into nodes and nodes into text.
//!
//! Standards: <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html>,
//! <https://w3c.github.io/DOM-Parsing/>

use std::panic::{AssertUnwindSafe, catch_unwind};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::parsing::html_fragment::AdjacentPosition;
use readystate_dom::parsing::{html, html_fragment, xml, xml_fragment};
use readystate_dom::serializing::{html as html_text, xml as xml_text};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};

use super::node::{given, id_result, mutate, str_to};
use crate::error::fail;
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_element_inner_html(),
        op_element_set_inner_html(),
        op_element_outer_html(),
        op_element_set_outer_html(),
        op_element_insert_html(),
        op_dom_parser(),
        op_xml_serialize(),
        op_range_fragment(),
    ]
}

/// A panic in a parser that is not ours must not take the process down.
fn guarded<T>(f: impl FnOnce() -> Result<T, DomError>) -> Result<T, DomError> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or(Err(DomError::InvalidState("the parser failed")))
}

/// Markup next to the document element, or to one without a parent.
const NO_PLACE: DomError =
    DomError::NoModificationAllowed("the element has no parent that markup could stand in");

fn is_html(tree: &Tree, id: NodeId) -> bool {
    tree.node_document(id)
        .is_none_or(|document| tree.is_html_document(document))
}

/// The fragment parsing algorithm. <https://html.spec.whatwg.org/#fragment-parsing-algorithm-steps>
pub(super) fn parse_fragment(
    tree: &mut Tree,
    context: NodeId,
    markup: &str,
) -> Result<NodeId, DomError> {
    if is_html(tree, context) {
        return guarded(|| html_fragment::parse_fragment(tree, context, markup));
    }
    guarded(|| xml_fragment::parse_xml_fragment(tree, context, markup))
}

/// The fragment serializing algorithm.
fn serialize(tree: &Tree, id: NodeId, outer: bool) -> Result<String, DomError> {
    match (is_html(tree, id), outer) {
        (true, true) => Ok(html_text::outer_html(tree, id)),
        (true, false) => Ok(html_text::inner_html(tree, id)),
        (false, true) => xml_text::serialize_xml(tree, id, true),
        (false, false) => xml_text::inner_xml(tree, tree.template_contents(id).unwrap_or(id), true),
    }
}

fn string_or_null<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: Result<String, DomError>,
) -> v8::Local<'s, v8::Value> {
    match text {
        Ok(text) => str_to(scope, &text),
        Err(error) => {
            fail(error);
            v8::null(scope).into()
        }
    }
}

/// `innerHTML`; null for a failure.
#[op2]
fn op_element_inner_html<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| serialize(tree, given(id)?, false));
    string_or_null(scope, text)
}

/// Sets `innerHTML`. <https://html.spec.whatwg.org/#dom-element-innerhtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_inner_html(id: u32, #[string] markup: &str) -> i32 {
    mutate(id, |tree, id| {
        if is_html(tree, id) {
            return guarded(|| tree.set_inner_html(id, markup));
        }
        let fragment = parse_fragment(tree, id, markup)?;
        let target = tree.template_contents(id).unwrap_or(id);
        tree.replace_children(Some(fragment), target)
    })
}

/// `outerHTML`; null for a failure.
#[op2]
fn op_element_outer_html<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| serialize(tree, given(id)?, true));
    string_or_null(scope, text)
}

/// Sets `outerHTML`. <https://html.spec.whatwg.org/#dom-element-outerhtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_outer_html(id: u32, #[string] markup: &str) -> i32 {
    mutate(id, |tree, id| {
        if is_html(tree, id) {
            return guarded(|| tree.set_outer_html(id, markup));
        }
        // 3. Nothing to replace it in.
        let Some(parent) = tree.parent(id) else {
            return Ok(());
        };
        // 4. Not the document element.
        if !tree.is_element(parent) && tree.node_document(id) == Some(parent) {
            return Err(NO_PLACE);
        }
        let fragment = parse_fragment(tree, parent, markup)?;
        tree.replace_child(fragment, parent, id).map(|_| ())
    })
}

/// `insertAdjacentHTML()`; `place` is 0 beforebegin, 1 afterbegin, 2 beforeend, 3 afterend.
///
/// Standard: <https://html.spec.whatwg.org/#dom-element-insertadjacenthtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_insert_html(id: u32, place: u32, #[string] markup: &str) -> i32 {
    let position = match place {
        0 => AdjacentPosition::BeforeBegin,
        1 => AdjacentPosition::AfterBegin,
        2 => AdjacentPosition::BeforeEnd,
        _ => AdjacentPosition::AfterEnd,
    };
    mutate(id, |tree, id| {
        if is_html(tree, id) {
            return guarded(|| tree.insert_adjacent_html(id, position, markup));
        }
        // 1, 2. Outside the element there must be a parent, and not the document.
        let context = match place {
            0 | 3 => tree
                .parent(id)
                .filter(|&parent| tree.node_document(id) != Some(parent))
                .ok_or(NO_PLACE)?,
            _ => id,
        };
        let fragment = parse_fragment(tree, context, markup)?;
        let child = match place {
            0 => Some(id),
            1 => tree.first_child(id),
            2 => None,
            _ => tree.next_sibling(id),
        };
        tree.insert_before(fragment, context, child).map(|_| ())
    })
}

/// `DOMParser.parseFromString()` with a type that is one of its enumeration; the document of `node` gives the URL.
///
/// Standard: <https://html.spec.whatwg.org/#dom-domparser-parsefromstring>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_dom_parser(node: u32, #[string] text: &str, #[string] kind: &str) -> i32 {
    let made = with_tree(|tree| {
        let url = tree.url(given(node)?).unwrap_or("about:blank").to_owned();
        guarded(|| {
            if kind == "text/html" {
                let document = tree.create_document(DocumentInit::html(url))?;
                html::parse_document(tree, document, text);
                return Ok(document);
            }
            let init = |url: String| DocumentInit {
                content_type: kind.to_owned(),
                ..DocumentInit::xml(url)
            };
            let document = tree.create_document(init(url.clone()))?;
            if let Err(error) = xml::parse_xml(tree, document, text, xml::XmlLimits::default()) {
                // Not well-formed: a document that says so.
                let document = tree.create_document(init(url))?;
                let root = tree.create_element_ns(
                    document,
                    Some("http://www.mozilla.org/newlayout/xml/parsererror.xml"),
                    "parsererror",
                )?;
                tree.append(root, document)?;
                let message = tree.create_text(document, error.to_string())?;
                tree.append(message, root)?;
                return Ok(document);
            }
            // The parser runs without scripting.
            xml_fragment::prevent_scripts(tree, document);
            Ok(document)
        })
    });
    match made {
        Ok(document) => id_result(document),
        Err(error) => fail(error),
    }
}

/// `XMLSerializer.serializeToString()`; null for a failure.
#[op2]
fn op_xml_serialize<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| xml_text::serialize_xml(tree, given(id)?, false));
    string_or_null(scope, text)
}

/// `createContextualFragment()` at a node. <https://html.spec.whatwg.org/#dom-range-createcontextualfragment>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_range_fragment(node: u32, #[string] markup: &str) -> i32 {
    let made = with_tree(|tree| {
        let node = given(node)?;
        // 1–4. The element the range starts in; `html` counts as `body`.
        let element = if tree.is_element(node) {
            Some(node)
        } else {
            tree.parent_element(node)
        };
        let element = element.filter(|&element| !super::node::is_html(tree, element, "html"));
        let document = tree
            .node_document(node)
            .ok_or(DomError::NotFound("the node is gone"))?;
        let context = match element {
            Some(element) => element,
            None => {
                tree.create_element_ns(document, Some("http://www.w3.org/1999/xhtml"), "body")?
            }
        };
        // 5. Parse.
        let fragment = parse_fragment(tree, context, markup)?;
        // 6, 7. Its scripts may run.
        let scripts: Vec<NodeId> = tree
            .descendants(fragment)
            .filter(|&id| super::node::is_html(tree, id, "script"))
            .collect();
        for script in scripts {
            let mut flags = tree.script_flags(script);
            flags.already_started = false;
            flags.parser_inserted = false;
            tree.set_script_flags(script, flags);
        }
        Ok::<_, DomError>(fragment)
    });
    match made {
        Ok(fragment) => id_result(fragment),
        Err(error) => fail(error),
    }
}
