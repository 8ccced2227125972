//! Ops of `Document`, `DocumentType`, `ProcessingInstruction` and `DOMImplementation`, and of URLs against a document.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-document>

use std::cell::RefCell;

use deno_core::{OpDecl, op2, v8};
use encoding_rs::Encoding;
use readystate_dom::names::is_valid_doctype_name;
use readystate_dom::{CharacterData, DocumentInit, DocumentMode, DomError, NodeId, Tree};
use url::Url;

use super::interface::make_wrapped;
use super::node::{id_result, is_html, make, mutate, opt_str_to, raw, read, str_to, text_from};
use crate::error::fail;
use crate::state::{self, with_tree};

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_document_create_element(),
        op_document_new_element(),
        op_document_new_ascii_text(),
        op_document_create_element_ns(),
        op_document_create_text(),
        op_document_create_ascii_text(),
        op_document_create_comment(),
        op_document_create_cdata(),
        op_document_create_instruction(),
        op_document_create_fragment(),
        op_document_create_doctype(),
        op_document_create_xml(),
        op_document_create_html(),
        op_document_element(),
        op_document_head(),
        op_document_body(),
        op_document_doctype(),
        op_document_is_html(),
        op_document_is_quirky(),
        op_document_title(),
        op_document_set_title(),
        op_document_url(),
        op_document_base_url(),
        op_document_content_type(),
        op_document_encoding(),
        op_document_resolve(),
        op_doctype_part(),
        op_instruction_target(),
    ]
}

/// `createElement()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_element(document: u32, #[string] name: &str) -> i32 {
    make(document, |tree, document| {
        tree.create_html_element(document, name)
    })
}

/// `createElement()`, for a wrapper that is made at once.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_new_element(document: u32, #[string] name: &str) -> f64 {
    make_wrapped(document, |tree, document| {
        tree.create_html_element(document, name)
    })
}

/// `createTextNode()` of ASCII, for a wrapper that is made at once; 0 if the text holds anything else.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_new_ascii_text(document: u32, #[string] text: &str) -> f64 {
    ascii_text(text).map_or(0.0, |text| {
        make_wrapped(document, |tree, document| tree.create_text(document, text))
    })
}

fn ascii_text(text: &str) -> Option<CharacterData> {
    text.is_ascii()
        .then(|| CharacterData::from_latin1(text.as_bytes()))
}

/// `createElementNS()`; the empty namespace is null.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_element_ns(
    document: u32,
    #[string] namespace: &str,
    #[string] name: &str,
) -> i32 {
    make(document, |tree, document| {
        tree.create_element_ns(document, Some(namespace), name)
    })
}

/// `createTextNode()`.
#[op2]
fn op_document_create_text(
    scope: &v8::PinScope<'_, '_>,
    document: u32,
    text: v8::Local<'_, v8::String>,
) -> i32 {
    let text = text_from(scope, text);
    make(document, |tree, document| tree.create_text(document, text))
}

/// `createTextNode()` of ASCII; 0 if the text holds anything else.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_ascii_text(document: u32, #[string] text: &str) -> i32 {
    ascii_text(text).map_or(0, |text| {
        make(document, |tree, document| tree.create_text(document, text))
    })
}

/// `createComment()`.
#[op2]
fn op_document_create_comment(
    scope: &v8::PinScope<'_, '_>,
    document: u32,
    text: v8::Local<'_, v8::String>,
) -> i32 {
    let text = text_from(scope, text);
    make(document, |tree, document| {
        tree.create_comment(document, text)
    })
}

fn contains(text: &CharacterData, needle: &str) -> bool {
    text.to_string_lossy().contains(needle)
}

/// `createCDATASection()`.
#[op2]
fn op_document_create_cdata(
    scope: &v8::PinScope<'_, '_>,
    document: u32,
    text: v8::Local<'_, v8::String>,
) -> i32 {
    let text = text_from(scope, text);
    make(document, |tree, document| {
        // 1. HTML has none.
        if tree.is_html_document(document) {
            return Err(DomError::NotSupported(
                "an HTML document has no CDATA sections",
            ));
        }
        // 2. Its own end.
        if contains(&text, "]]>") {
            return Err(DomError::InvalidCharacter(
                "the data holds the end of a CDATA section",
            ));
        }
        tree.create_cdata_section(document, text)
    })
}

/// `createProcessingInstruction()`.
#[op2]
fn op_document_create_instruction(
    scope: &v8::PinScope<'_, '_>,
    document: u32,
    #[string] target: &str,
    data: v8::Local<'_, v8::String>,
) -> i32 {
    let data = text_from(scope, data);
    make(document, |tree, document| {
        // 1. The target is a name of XML.
        if !is_xml_name(target) {
            return Err(DomError::InvalidCharacter(
                "the target is not a name of XML",
            ));
        }
        // 2. Its own end.
        if contains(&data, "?>") {
            return Err(DomError::InvalidCharacter(
                "the data holds the end of a processing instruction",
            ));
        }
        tree.create_processing_instruction(document, target, data)
    })
}

/// Whether `name` matches the production Name. <https://www.w3.org/TR/xml/#NT-Name>
fn is_xml_name(name: &str) -> bool {
    let is_start = |c: char| {
        matches!(c,
            ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}'
            | '\u{370}'..='\u{37D}' | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}'
            | '\u{2C00}'..='\u{2FEF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}'
            | '\u{10000}'..='\u{EFFFF}')
    };
    let is_part = |c: char| {
        is_start(c)
            || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
    };
    let mut characters = name.chars();
    characters.next().is_some_and(is_start) && characters.all(is_part)
}

/// `createDocumentFragment()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_fragment(document: u32) -> i32 {
    make(document, Tree::create_document_fragment)
}

/// `implementation.createDocumentType()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_doctype(
    document: u32,
    #[string] name: &str,
    #[string] public_id: &str,
    #[string] system_id: &str,
) -> i32 {
    make(document, |tree, document| {
        // 1. A name that no doctype can have.
        if !is_valid_doctype_name(name) {
            return Err(DomError::InvalidCharacter(
                "the name holds a character that names must not hold",
            ));
        }
        tree.create_document_type(document, name, public_id, system_id)
    })
}

/// `implementation.createDocument()`, without its doctype, which the glue appends, and `new Document()`.
///
/// Standard: <https://dom.spec.whatwg.org/#dom-domimplementation-createdocument>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_create_xml(#[string] namespace: &str, #[string] name: &str, doctype: u32) -> i32 {
    let made = with_tree(|tree| {
        // 1. An XML document.
        let content_type = match namespace {
            "http://www.w3.org/1999/xhtml" => "application/xhtml+xml",
            "http://www.w3.org/2000/svg" => "image/svg+xml",
            _ => "application/xml",
        };
        let document = tree.create_document(DocumentInit {
            content_type: content_type.to_owned(),
            ..DocumentInit::xml("about:blank")
        })?;
        // 2, 3. Its element, if it is to have one.
        let element = if name.is_empty() {
            None
        } else {
            Some(tree.create_element_ns(document, Some(namespace), name)?)
        };
        // 4. The doctype before it.
        if let Some(doctype) = NodeId::from_raw(doctype) {
            tree.append(doctype, document)?;
        }
        // 5. The element.
        if let Some(element) = element {
            tree.append(element, document)?;
        }
        Ok::<_, DomError>(document)
    });
    match made {
        Ok(document) => id_result(document),
        Err(error) => fail(error),
    }
}

/// `implementation.createHTMLDocument()`; `has_title` tells an absent title from an empty one.
///
/// Standard: <https://dom.spec.whatwg.org/#dom-domimplementation-createhtmldocument>
#[op2]
fn op_document_create_html(
    scope: &v8::PinScope<'_, '_>,
    has_title: bool,
    title: v8::Local<'_, v8::String>,
) -> i32 {
    let title = text_from(scope, title);
    let made = with_tree(|tree| {
        // 1, 2. An HTML document.
        let document = tree.create_document(DocumentInit::html("about:blank"))?;
        // 3. A doctype.
        let doctype = tree.create_document_type(document, "html", "", "")?;
        tree.append(doctype, document)?;
        // 4, 5. html and head.
        let html = tree.create_html_element(document, "html")?;
        tree.append(html, document)?;
        let head = tree.create_html_element(document, "head")?;
        tree.append(head, html)?;
        // 6. The title, if one is given.
        if has_title {
            let element = tree.create_html_element(document, "title")?;
            tree.append(element, head)?;
            let text = tree.create_text(document, title)?;
            tree.append(text, element)?;
        }
        // 7. body.
        let body = tree.create_html_element(document, "body")?;
        tree.append(body, html)?;
        Ok::<_, DomError>(document)
    });
    match made {
        Ok(document) => id_result(document),
        Err(error) => fail(error),
    }
}

/// `documentElement`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_element(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.document_element(id)))
}

/// `head`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_head(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.head(id)))
}

/// `body`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_body(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.body(id)))
}

/// `doctype`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_doctype(id: u32) -> u32 {
    read(id, |tree, id| raw(tree.doctype(id)))
}

/// Whether it is an HTML document.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_is_html(id: u32) -> bool {
    read(id, |tree, id| tree.is_html_document(id))
}

/// Whether it is in quirks mode.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_is_quirky(id: u32) -> bool {
    read(id, |tree, id| tree.mode(id) == Some(DocumentMode::Quirks))
}

/// `title`.
#[op2]
fn op_document_title<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let title = read(id, |tree, id| tree.title(id));
    str_to(scope, &title)
}

/// Sets `title`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_document_set_title(id: u32, #[string] title: &str) -> i32 {
    mutate(id, |tree, id| tree.set_title(id, title))
}

/// A text that the tree holds for a node, or the fallback.
fn text_of<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    fallback: &str,
    text: for<'t> fn(&'t Tree, NodeId) -> Option<&'t str>,
) -> v8::Local<'s, v8::Value> {
    with_tree(|tree| {
        let text = NodeId::from_raw(id).and_then(|id| text(tree, id));
        str_to(scope, text.unwrap_or(fallback))
    })
}

/// `URL`.
#[op2]
fn op_document_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    text_of(scope, id, "about:blank", Tree::url)
}

/// `contentType`.
#[op2]
fn op_document_content_type<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    text_of(scope, id, "", Tree::content_type)
}

/// `characterSet`.
#[op2]
fn op_document_encoding<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    text_of(scope, id, "UTF-8", Tree::encoding)
}

thread_local! {
    /// The base of the document asked for last, and the tree's version then: a page asks for many URLs in a row.
    static BASE: RefCell<Option<(NodeId, u64, Url)>> = const { RefCell::new(None) };
}

/// The document base URL.
///
/// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#document-base-url>
pub(crate) fn base_url(tree: &Tree, document: NodeId) -> Option<Url> {
    let version = tree.mutation_version(document);
    let kept = BASE.with(|base| {
        base.borrow()
            .as_ref()
            .filter(|(of, at, _)| *of == document && *at == version)
            .map(|(_, _, url)| url.clone())
    });
    if kept.is_some() {
        return kept;
    }
    // The fallback base URL: that of the creator for about:blank and about:srcdoc.
    let own = Url::parse(tree.url(document)?).ok()?;
    let fallback = match own.scheme() {
        "about" => state::about_base_url(document).unwrap_or(own),
        _ => own,
    };
    // The first base element with an href.
    let href = tree
        .descendants(document)
        .filter(|&id| is_html(tree, id, "base"))
        .find_map(|id| tree.attribute(id, "href"));
    let url = match href.map(|href| fallback.join(href)) {
        Some(Ok(url)) if !matches!(url.scheme(), "data" | "javascript") => url,
        _ => fallback,
    };
    BASE.with(|base| *base.borrow_mut() = Some((document, version, url.clone())));
    Some(url)
}

/// A document's own URL has changed.
pub(crate) fn forget_base_url() {
    BASE.with(|base| base.borrow_mut().take());
}

/// Parses a URL as a document writes it, `None` if it does not parse.
///
/// Standard: <https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url>
pub(crate) fn encoding_parse(tree: &Tree, document: NodeId, url: &str) -> Option<Url> {
    let base = base_url(tree, document);
    let encoding = tree
        .encoding(document)
        .and_then(|name| Encoding::for_label(name.as_bytes()))
        .unwrap_or(encoding_rs::UTF_8);
    readystate_xhr::encoding_parse_url(url, encoding, base.as_ref())
}

/// `baseURI`.
#[op2]
fn op_document_base_url<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let base = read(id, |tree, id| {
        let url = tree.url(id).map(str::to_owned);
        base_url(tree, id).map(String::from).or(url)
    });
    str_to(scope, base.as_deref().unwrap_or("about:blank"))
}

/// Encoding-parses a URL against a node's document; null if it does not parse.
#[op2]
fn op_document_resolve<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    #[string] url: &str,
) -> v8::Local<'s, v8::Value> {
    let resolved = read(id, |tree, id| {
        let document = tree.node_document(id)?;
        encoding_parse(tree, document, url).map(String::from)
    });
    opt_str_to(scope, resolved.as_deref())
}

/// A part of a doctype: 0 name, 1 public id, 2 system id.
#[op2]
fn op_doctype_part<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    part: u32,
) -> v8::Local<'s, v8::Value> {
    let part = match part {
        0 => Tree::doctype_name,
        1 => Tree::doctype_public_id,
        _ => Tree::doctype_system_id,
    };
    text_of(scope, id, "", part)
}

/// `target` of a processing instruction.
#[op2]
fn op_instruction_target<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    text_of(scope, id, "", Tree::processing_instruction_target)
}
