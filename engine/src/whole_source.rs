//! Documents that are parsed when all of their source is there: XML and plain text.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/xhtml.html#parsing-xhtml-documents>, text of November 2026.

use readystate_dom::parsing::encoding::{SniffKind, decode, sniff};
use readystate_dom::parsing::xml::{XmlError, XmlParser, XmlParserOptions};
use readystate_dom::{DomError, NodeId, Tree};
use readystate_js::host::{SourceLocation, WindowId};
use readystate_js::with_tree;

use crate::document_state::Source;
use crate::window_host::WindowHost;

impl WindowHost {
    /// The text is there as a whole: XML gets its parser, plain text is shown.
    pub(crate) fn parse_whole_source(&self, window: WindowId) {
        let Some((document, source)) = self.with_document(window, |state| {
            let source = match &state.source {
                Source::Xml { .. } | Source::Text { .. } => {
                    std::mem::replace(&mut state.source, Source::None)
                }
                _ => Source::None,
            };
            (state.document, source)
        }) else {
            return;
        };
        match source {
            Source::Xml { bytes, charset } => {
                self.start_xml_parser(window, document, &bytes, charset.as_deref());
            }
            Source::Text { bytes, charset } => {
                let encoding = sniff(&bytes, charset.as_deref(), SniffKind::Text);
                let text = decode(&bytes, encoding);
                self.set_encoding(window, Some(encoding));
                self.show_as_text(document, &text);
            }
            _ => {}
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#read-xml>
    fn start_xml_parser(
        &self,
        window: WindowId,
        document: NodeId,
        bytes: &[u8],
        charset: Option<&str>,
    ) {
        let encoding = sniff(bytes, charset, SniffKind::Xml);
        let text = decode(bytes, encoding);
        self.set_encoding(window, Some(encoding));
        self.with_document(window, |state| {
            let options = XmlParserOptions {
                scripting: state.scripting(),
                ..XmlParserOptions::default()
            };
            state.source = Source::XmlParser(Box::new(XmlParser::new(document, &text, options)));
        });
    }

    /// Says what is wrong with an XML document: to the page's owner, and above what was read of it, as browsers do.
    pub(crate) fn show_xml_error(&self, window: WindowId, error: &XmlError) {
        self.events.warn(
            format!("XML error: {error}"),
            SourceLocation {
                url: self.document_url(window),
                line: error.line,
                column: error.column,
            },
        );
        if let Some(document) = self.with_document(window, |state| state.document) {
            // Only a full tree refuses; then the document stays as it is.
            drop(with_tree(|tree| {
                insert_error_element(tree, document, error)
            }));
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#navigate-text>
    fn show_as_text(&self, document: NodeId, text: &str) {
        with_tree(|tree| {
            readystate_dom::parsing::html::parse_document(
                tree,
                document,
                "<!doctype html><pre></pre>",
            );
            // NOTE: the standard's document is in no-quirks mode without a doctype.
            if let Some(doctype) = tree.doctype(document) {
                // It is there, so it can be removed.
                drop(tree.remove(doctype));
            }
            let pre = tree.body(document).and_then(|body| tree.first_child(body));
            if let Some(pre) = pre {
                // The parser's input stream knows one kind of line break.
                let text = text.replace("\r\n", "\n").replace('\r', "\n");
                // Only a full tree refuses; then the document stays empty.
                drop(tree.set_text_content(pre, text.as_str()));
            }
        });
    }
}

/// Puts an element that describes `error` first into the root element; a document without one gets a root for it.
fn insert_error_element(
    tree: &mut Tree,
    document: NodeId,
    error: &XmlError,
) -> Result<(), DomError> {
    let html = Some("http://www.w3.org/1999/xhtml");
    let element = tree.create_element_ns(document, html, "parsererror")?;
    for (name, text) in [
        ("h3", "This document is not well-formed XML:".to_owned()),
        ("div", error.to_string()),
        ("h3", "What stands before the error:".to_owned()),
    ] {
        let line = tree.create_element_ns(document, html, name)?;
        tree.set_text_content(line, text.as_str())?;
        tree.append(line, element)?;
    }
    let parent = match tree.document_element(document) {
        Some(root) => root,
        None => {
            let root = tree.create_element_ns(document, html, "html")?;
            let body = tree.create_element_ns(document, html, "body")?;
            tree.append(body, root)?;
            tree.append(root, document)?;
            body
        }
    };
    let first = tree.first_child(parent);
    tree.pre_insert(element, parent, first)?;
    Ok(())
}
