//! Ops that turn text into nodes and nodes into text.
//!
//! Standards: <https://html.spec.whatwg.org/multipage/dynamic-markup-insertion.html>,
//! <https://w3c.github.io/DOM-Parsing/>

use std::panic::{AssertUnwindSafe, catch_unwind};

use deno_core::{OpDecl, op2, v8};
use readystate_dom::parsing::{html, html_fragment, xml};
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

/// Where a node's children are for markup: a template's are its contents.
fn content(tree: &Tree, id: NodeId) -> NodeId {
    tree.template_contents(id).unwrap_or(id)
}

/// The fragment parsing algorithm. <https://html.spec.whatwg.org/#fragment-parsing-algorithm-steps>
fn parse_fragment(tree: &mut Tree, context: NodeId, markup: &str) -> Result<NodeId, DomError> {
    let is_html = tree.node_document(context).is_none_or(|document| tree.is_html_document(document));
    guarded(|| {
        if is_html {
            html_fragment::parse_fragment(tree, context, markup)
        } else {
            xml::parse_xml_fragment(tree, context, markup)
        }
    })
}

/// The fragment serializing algorithm.
fn serialize(tree: &Tree, id: NodeId, outer: bool) -> Result<String, DomError> {
    let is_html = tree.node_document(id).is_none_or(|document| tree.is_html_document(document));
    if is_html {
        return Ok(if outer { html_text::outer_html(tree, id) } else { html_text::inner_html(tree, id) });
    }
    if outer {
        return xml_text::serialize_xml(tree, id, true);
    }
    let children: Vec<NodeId> = tree.children(content(tree, id)).collect();
    children.into_iter().map(|child| xml_text::serialize_xml(tree, child, true)).collect()
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
#[op2(nofast)]
fn op_element_inner_html<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| serialize(tree, given(id)?, false));
    string_or_null(scope, text)
}

/// Sets `innerHTML`. <https://html.spec.whatwg.org/#dom-element-innerhtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_inner_html(id: u32, #[string] markup: &str) -> i32 {
    mutate(id, |tree, id| {
        let fragment = parse_fragment(tree, id, markup)?;
        let target = content(tree, id);
        tree.replace_all(Some(fragment), target)
    })
}

/// `outerHTML`; null for a failure.
#[op2(nofast)]
fn op_element_outer_html<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| serialize(tree, given(id)?, true));
    string_or_null(scope, text)
}

/// The context element for markup that is to stand in `parent`: a `body` if that is no element.
fn context_of(tree: &mut Tree, parent: NodeId) -> Result<NodeId, DomError> {
    if tree.is_element(parent) {
        return Ok(parent);
    }
    let document = tree.node_document(parent).ok_or(DomError::NotFound("the node is gone"))?;
    tree.create_element_ns(document, Some("http://www.w3.org/1999/xhtml"), "body")
}

/// Sets `outerHTML`. <https://html.spec.whatwg.org/#dom-element-outerhtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_set_outer_html(id: u32, #[string] markup: &str) -> i32 {
    mutate(id, |tree, id| {
        // 2, 3. Without a parent there is nothing to replace it in.
        let Some(parent) = tree.parent(id) else {
            return Ok(());
        };
        // 4. Not the document element.
        if tree.node_document(id) == Some(parent) {
            return Err(DomError::NoModificationAllowed("the document element cannot be replaced by markup"));
        }
        // 5, 6. The parent is the context.
        let context = context_of(tree, parent)?;
        let fragment = parse_fragment(tree, context, markup)?;
        // 7. In its place.
        tree.replace_child(id, fragment, parent).map(|_| ())
    })
}

/// `insertAdjacentHTML()`; `place` is 0 beforebegin, 1 afterbegin, 2 beforeend, 3 afterend.
///
/// Standard: <https://html.spec.whatwg.org/#dom-element-insertadjacenthtml>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_element_insert_html(id: u32, place: u32, #[string] markup: &str) -> i32 {
    mutate(id, |tree, id| {
        // 1–3. The context: the parent for places outside, which must not be the document.
        let outside = matches!(place, 0 | 3);
        let context = if outside {
            let parent = tree.parent(id).filter(|&parent| tree.node_document(id) != Some(parent));
            parent.ok_or(DomError::NoModificationAllowed("the element has no parent that markup could stand in"))?
        } else {
            id
        };
        // 4. `html` is a context as `body` would be.
        let is_root = super::node::is_html(tree, context, "html");
        let context = if is_root && tree.node_document(context).is_some_and(|document| tree.is_html_document(document)) {
            let document = tree.node_document(context).ok_or(DomError::NotFound("the node is gone"))?;
            tree.create_html_element(document, "body")?
        } else {
            context_of(tree, context)?
        };
        // 5. Parse.
        let fragment = parse_fragment(tree, context, markup)?;
        // 6. Insert.
        let (parent, child) = match place {
            0 => (tree.parent(id), Some(id)),
            1 => (Some(id), tree.first_child(id)),
            2 => (Some(id), None),
            _ => (tree.parent(id), tree.next_sibling(id)),
        };
        let parent = parent.ok_or(DomError::NotFound("the element has no parent"))?;
        tree.insert_before(fragment, parent, child).map(|_| ())
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
            let init = |url: String| DocumentInit { content_type: kind.to_owned(), ..DocumentInit::xml(url) };
            let document = tree.create_document(init(url.clone()))?;
            if let Err(error) = xml::parse_xml(tree, document, text, xml::XmlLimits::default()) {
                // Not well-formed: a document that says so.
                let document = tree.create_document(init(url))?;
                let root =
                    tree.create_element_ns(document, Some("http://www.mozilla.org/newlayout/xml/parsererror.xml"), "parsererror")?;
                tree.append(root, document)?;
                let message = tree.create_text(document, error.to_string())?;
                tree.append(message, root)?;
                return Ok(document);
            }
            Ok(document)
        })
    });
    match made {
        Ok(document) => id_result(document),
        Err(error) => fail(error),
    }
}

/// `XMLSerializer.serializeToString()`; null for a failure.
#[op2(nofast)]
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
        let element = if tree.is_element(node) { Some(node) } else { tree.parent_element(node) };
        let element = element.filter(|&element| !super::node::is_html(tree, element, "html"));
        let document = tree.node_document(node).ok_or(DomError::NotFound("the node is gone"))?;
        let context = match element {
            Some(element) => element,
            None => context_of(tree, document)?,
        };
        // 5. Parse.
        let fragment = parse_fragment(tree, context, markup)?;
        // 6, 7. Its scripts may run.
        let scripts: Vec<NodeId> =
            tree.descendants(fragment).filter(|&id| super::node::is_html(tree, id, "script")).collect();
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
