//! Documents: what they are made with, and the elements they point out.
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-document> and <https://html.spec.whatwg.org/#document>, texts of
//! November 2026.

use std::cell::RefCell;

use encoding_rs::Encoding;
use html5ever::{LocalName, local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::collections::id_index::IdIndex;
use crate::error::DomError;
use crate::node::{NodeData, NodeFlags, NodeKind};

/// Whether a document is an HTML document or an XML document.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum DocumentKind {
    /// An HTML document.
    Html,
    /// An XML document, XHTML included.
    Xml,
}

/// The mode that the doctype chose.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-document-mode>
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
pub enum DocumentMode {
    /// Standards mode; `compatMode` is `CSS1Compat`.
    #[default]
    NoQuirks,
    /// Almost standards mode; `compatMode` is `CSS1Compat`.
    LimitedQuirks,
    /// Quirks mode; `compatMode` is `BackCompat`.
    Quirks,
}

/// What a new document is made with.
#[derive(Debug, Clone)]
pub struct DocumentInit {
    /// HTML or XML.
    pub kind: DocumentKind,
    /// The content type, without parameters.
    pub content_type: String,
    /// The URL, serialized.
    pub url: String,
    /// The encoding. Defaults to UTF-8.
    pub encoding: &'static Encoding,
}

impl DocumentInit {
    /// An HTML document of type `text/html` in UTF-8.
    pub fn html(url: impl Into<String>) -> Self {
        Self {
            kind: DocumentKind::Html,
            content_type: "text/html".to_owned(),
            url: url.into(),
            encoding: encoding_rs::UTF_8,
        }
    }

    /// An XML document of type `application/xml` in UTF-8.
    pub fn xml(url: impl Into<String>) -> Self {
        Self {
            kind: DocumentKind::Xml,
            content_type: "application/xml".to_owned(),
            url: url.into(),
            encoding: encoding_rs::UTF_8,
        }
    }
}

#[derive(Debug)]
pub(crate) struct DocumentData {
    pub(crate) init: DocumentInit,
    pub(crate) mode: DocumentMode,
    pub(crate) scripting: bool,
    /// The inert document of the template contents; for an inert document, itself.
    pub(crate) template_owner: Option<NodeId>,
    /// Made by the first look-up, kept from then on.
    pub(crate) ids: RefCell<Option<IdIndex>>,
}

impl Tree {
    /// Makes an empty document.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn create_document(&mut self, init: DocumentInit) -> Result<NodeId, DomError> {
        let data = NodeData::Document(Box::new(DocumentData {
            init,
            mode: DocumentMode::default(),
            scripting: false,
            template_owner: None,
            ids: RefCell::default(),
        }));
        let document = self.allocate(NodeKind::Document, None, NodeFlags::CONNECTED, data)?;
        // Another document may have had the same number.
        self.versions.ids_changed();
        Ok(document)
    }

    #[inline]
    pub(crate) fn document_data(&self, id: NodeId) -> Option<&DocumentData> {
        match &self.node(id).data {
            NodeData::Document(data) => Some(data),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn document_data_mut(&mut self, id: NodeId) -> Option<&mut DocumentData> {
        match &mut self.node_mut(id).data {
            NodeData::Document(data) => Some(data),
            _ => None,
        }
    }

    /// Whether `id` is an HTML document.
    #[inline]
    pub fn is_html_document(&self, id: NodeId) -> bool {
        self.document_data(id)
            .is_some_and(|data| data.init.kind == DocumentKind::Html)
    }

    /// The document's content type, without parameters.
    pub fn content_type(&self, document: NodeId) -> Option<&str> {
        self.document_data(document)
            .map(|data| data.init.content_type.as_str())
    }

    /// Changes the document's content type.
    pub fn set_content_type(&mut self, document: NodeId, content_type: impl Into<String>) {
        if let Some(data) = self.document_data_mut(document) {
            data.init.content_type = content_type.into();
        }
    }

    /// The document's URL, serialized.
    pub fn url(&self, document: NodeId) -> Option<&str> {
        self.document_data(document)
            .map(|data| data.init.url.as_str())
    }

    /// Changes the document's URL.
    pub fn set_url(&mut self, document: NodeId, url: impl Into<String>) {
        if let Some(data) = self.document_data_mut(document) {
            data.init.url = url.into();
        }
    }

    /// The name of the document's encoding, as `document.characterSet` gives it.
    pub fn encoding(&self, document: NodeId) -> Option<&'static str> {
        self.document_data(document)
            .map(|data| data.init.encoding.name())
    }

    /// Changes the document's encoding; its text stays as it was decoded.
    pub fn set_encoding(&mut self, document: NodeId, encoding: &'static Encoding) {
        if let Some(data) = self.document_data_mut(document) {
            data.init.encoding = encoding;
        }
    }

    /// The document's mode.
    pub fn mode(&self, document: NodeId) -> Option<DocumentMode> {
        self.document_data(document).map(|data| data.mode)
    }

    /// Changes the document's mode.
    pub fn set_mode(&mut self, document: NodeId, mode: DocumentMode) {
        if let Some(data) = self.document_data_mut(document) {
            data.mode = mode;
            // Selectors match otherwise from now on.
            self.versions.structure_changed();
        }
    }

    /// Whether script runs in the document; decides what `noscript` holds. False at first.
    pub fn is_scripting(&self, document: NodeId) -> bool {
        self.document_data(document)
            .is_some_and(|data| data.scripting)
    }

    /// Changes whether script runs in the document.
    pub fn set_scripting(&mut self, document: NodeId, scripting: bool) {
        if let Some(data) = self.document_data_mut(document) {
            data.scripting = scripting;
        }
    }

    pub(crate) fn child_of_kind(&self, parent: NodeId, kind: NodeKind) -> Option<NodeId> {
        self.children(parent)
            .find(|&child| self.kind(child) == Some(kind))
    }

    /// The document element.
    #[inline]
    pub fn document_element(&self, document: NodeId) -> Option<NodeId> {
        self.child_of_kind(document, NodeKind::Element)
    }

    /// The doctype.
    pub fn doctype(&self, document: NodeId) -> Option<NodeId> {
        self.child_of_kind(document, NodeKind::DocumentType)
    }

    /// The `html` element: the document element if it is one.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-html-element-2>
    pub fn html_element(&self, document: NodeId) -> Option<NodeId> {
        self.document_element(document)
            .filter(|&element| self.is_html_element_named(element, &local_name!("html")))
    }

    fn html_child(&self, parent: NodeId, names: &[LocalName]) -> Option<NodeId> {
        self.children(parent).find(|&child| {
            self.node(child).as_element().is_some_and(|element| {
                element.namespace == ns!(html) && names.contains(&element.local_name)
            })
        })
    }

    /// The `head` element.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-document-head>
    pub fn head(&self, document: NodeId) -> Option<NodeId> {
        self.html_child(self.html_element(document)?, &[local_name!("head")])
    }

    /// The body element, which may be a `frameset`.
    ///
    /// Standard: <https://html.spec.whatwg.org/#dom-document-body>
    pub fn body(&self, document: NodeId) -> Option<NodeId> {
        self.html_child(
            self.html_element(document)?,
            &[local_name!("body"), local_name!("frameset")],
        )
    }

    /// The first `title` element in tree order.
    ///
    /// Standard: <https://html.spec.whatwg.org/#the-title-element-2>
    pub fn title_element(&self, document: NodeId) -> Option<NodeId> {
        self.descendants(document)
            .find(|&node| self.is_html_element_named(node, &local_name!("title")))
    }

    /// `document.title`: the title element's text (SVG's in an SVG document), white space stripped and collapsed.
    ///
    /// Standard: <https://html.spec.whatwg.org/#document.title>
    pub fn title(&self, document: NodeId) -> String {
        let Some(title) = self.title_for_reading(document) else {
            return String::new();
        };
        let text = self.child_text_content(title);
        let text = text.to_string_lossy();
        let mut words = text
            .split(|c: char| c.is_ascii_whitespace())
            .filter(|word| !word.is_empty());
        let mut title = words.next().unwrap_or_default().to_owned();
        for word in words {
            title.push(' ');
            title.push_str(word);
        }
        title
    }

    fn title_for_reading(&self, document: NodeId) -> Option<NodeId> {
        match self.svg_document_element(document) {
            Some(root) => self.svg_title(root),
            None => self.title_element(document),
        }
    }

    fn svg_document_element(&self, document: NodeId) -> Option<NodeId> {
        self.document_element(document).filter(|&root| {
            *self.namespace(root) == ns!(svg) && *self.local_name(root) == local_name!("svg")
        })
    }

    fn svg_title(&self, root: NodeId) -> Option<NodeId> {
        self.children(root).find(|&child| {
            *self.namespace(child) == ns!(svg) && *self.local_name(child) == local_name!("title")
        })
    }

    /// Sets `document.title`, making the title element if there is a place for one.
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    ///
    /// Standard: <https://html.spec.whatwg.org/#document.title>
    pub fn set_title(&mut self, document: NodeId, title: &str) -> Result<(), DomError> {
        let Some(root) = self.document_element(document) else {
            return Ok(());
        };
        let element = if self.svg_document_element(document).is_some() {
            match self.svg_title(root) {
                Some(element) => element,
                None => {
                    let element =
                        self.create_element(document, local_name!("title"), ns!(svg), None)?;
                    let first = self.first_child(root);
                    self.insert_before(element, root, first)?;
                    element
                }
            }
        } else if *self.namespace(root) == ns!(html) {
            match (self.title_element(document), self.head(document)) {
                (Some(element), _) => element,
                (None, Some(head)) => {
                    let element =
                        self.create_element(document, local_name!("title"), ns!(html), None)?;
                    self.append(element, head)?;
                    element
                }
                (None, None) => return Ok(()),
            }
        } else {
            return Ok(());
        };
        self.set_text_content(element, title)
    }

    /// The inert document that holds the contents of this document's templates; made at the first.
    ///
    /// Standard: <https://html.spec.whatwg.org/#appropriate-template-contents-owner-document>
    ///
    /// # Errors
    /// [`DomError::NodeLimit`] if the tree is full.
    pub fn template_contents_owner(&mut self, document: NodeId) -> Result<NodeId, DomError> {
        let data = self
            .document_data(document)
            .ok_or(DomError::NotFound("the document is gone"))?;
        if let Some(owner) = data.template_owner {
            return Ok(owner);
        }
        let init = DocumentInit {
            kind: data.init.kind,
            ..match data.init.kind {
                DocumentKind::Html => DocumentInit::html("about:blank"),
                DocumentKind::Xml => DocumentInit::xml("about:blank"),
            }
        };
        let owner = self.create_document(init)?;
        if let Some(data) = self.document_data_mut(owner) {
            data.template_owner = Some(owner);
        }
        if let Some(data) = self.document_data_mut(document) {
            data.template_owner = Some(owner);
        }
        Ok(owner)
    }

    /// The inert document that goes with `document`, if it is another one.
    pub(crate) fn inert_document(&self, document: NodeId) -> Option<NodeId> {
        self.document_data(document)?
            .template_owner
            .filter(|&owner| owner != document)
    }

    /// Whether `document` is the inert document of some template contents.
    pub fn is_inert(&self, document: NodeId) -> bool {
        self.document_data(document)
            .is_some_and(|data| data.template_owner == Some(document))
    }
}
