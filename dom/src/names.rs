//! Name validation and the extraction of namespace, prefix and local name.
//!
//! Standard: <https://dom.spec.whatwg.org/#namespaces>, text of November 2026.

use html5ever::{LocalName, Namespace, Prefix, local_name, ns};

use crate::error::DomError;

/// What a qualified name is to name; the two have different characters to avoid.
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
pub enum NameContext {
    /// An attribute, as in `setAttributeNS()`.
    Attribute,
    /// An element, as in `createElementNS()`.
    Element,
}

/// The three parts of a validated qualified name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtractedName {
    /// The namespace; the empty atom is null.
    pub namespace: Namespace,
    /// The namespace prefix.
    pub prefix: Option<Prefix>,
    /// The local name.
    pub local_name: LocalName,
}

fn is_forbidden(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | 0x0C | b'\r' | b' ' | 0 | b'/' | b'>')
}

/// Whether `name` may stand before the colon of a qualified name.
///
/// Standard: <https://dom.spec.whatwg.org/#valid-namespace-prefix>
pub fn is_valid_namespace_prefix(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(is_forbidden)
}

/// Whether `name` may be the local name of an attribute.
///
/// Standard: <https://dom.spec.whatwg.org/#valid-attribute-local-name>
pub fn is_valid_attribute_local_name(name: &str) -> bool {
    !name.is_empty() && !name.bytes().any(|byte| is_forbidden(byte) || byte == b'=')
}

/// Whether `name` may be the local name of an element: whatever the HTML parser can make, and a little more.
///
/// Standard: <https://dom.spec.whatwg.org/#valid-element-local-name>
pub fn is_valid_element_local_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    match bytes.next() {
        // 1. Empty.
        None => false,
        // 2. After a letter all but a few characters go.
        Some(first) if first.is_ascii_alphabetic() => !bytes.any(is_forbidden),
        // 3, 4. After another start, ASCII is restricted.
        Some(first) if first == b':' || first == b'_' || first >= 0x80 => bytes.all(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(byte, b'-' | b'.' | b':' | b'_')
                || byte >= 0x80
        }),
        Some(_) => false,
    }
}

/// Whether `name` may name a doctype; the empty string may.
///
/// Standard: <https://dom.spec.whatwg.org/#valid-doctype-name>
pub fn is_valid_doctype_name(name: &str) -> bool {
    !name.bytes().any(|byte| byte != b'/' && is_forbidden(byte))
}

/// Splits `qualified_name` and checks it against `namespace` (`None` and the empty string are null).
///
/// # Errors
/// [`DomError::InvalidCharacter`] if a part is not a valid name; [`DomError::Namespace`] if prefix and namespace
/// contradict each other.
///
/// Standard: <https://dom.spec.whatwg.org/#validate-and-extract>
pub fn validate_and_extract(
    namespace: Option<&str>,
    qualified_name: &str,
    context: NameContext,
) -> Result<ExtractedName, DomError> {
    // 1. The empty namespace is null.
    let namespace = namespace.map_or(ns!(), Namespace::from);
    // 2–4. Prefix and local name part at the first colon.
    let (prefix, local) = match qualified_name.split_once(':') {
        Some((prefix, local)) => {
            if !is_valid_namespace_prefix(prefix) {
                return Err(DomError::InvalidCharacter(
                    "the prefix is empty or holds a character that names must not hold",
                ));
            }
            (Some(prefix), local)
        }
        None => (None, qualified_name),
    };
    // 6, 7. The local name fits its context.
    let valid = match context {
        NameContext::Attribute => is_valid_attribute_local_name(local),
        NameContext::Element => is_valid_element_local_name(local),
    };
    if !valid {
        return Err(DomError::InvalidCharacter(
            "the local name is empty or holds a character that names must not hold",
        ));
    }
    // 8. A prefix needs a namespace.
    if prefix.is_some() && namespace == ns!() {
        return Err(DomError::Namespace("a prefix needs a namespace"));
    }
    // 9. `xml` is bound.
    if prefix == Some("xml") && namespace != ns!(xml) {
        return Err(DomError::Namespace(
            "the prefix \"xml\" belongs to the XML namespace",
        ));
    }
    // 10, 11. `xmlns` and its namespace go together.
    let is_xmlns = qualified_name == "xmlns" || prefix == Some("xmlns");
    if is_xmlns != (namespace == ns!(xmlns)) {
        return Err(DomError::Namespace(
            "\"xmlns\" and the XMLNS namespace go together",
        ));
    }
    // 12. The three parts.
    Ok(ExtractedName {
        namespace,
        prefix: prefix.map(Prefix::from),
        local_name: LocalName::from(local),
    })
}

/// The atoms of names that script or a parser used last, so that a name used again costs no look-up in the atom tables.
#[derive(Debug, Default)]
pub(crate) struct NameCache {
    /// Empty at first, then [`NameCache::SLOTS`] long.
    names: Vec<LocalName>,
    /// The same of HTML elements: valid names in lower case, with the flags that new elements have.
    elements: Vec<(LocalName, u16)>,
}

impl NameCache {
    const SLOTS: usize = 512;

    /// The atom of `name`.
    #[inline]
    pub(crate) fn atom(&mut self, name: &str) -> LocalName {
        let Some(slot) = Self::slot(name) else {
            return local_name!("");
        };
        if self.names.is_empty() {
            self.names.resize(Self::SLOTS, local_name!(""));
        }
        match self.names.get_mut(slot) {
            Some(cached) if **cached == *name => cached.clone(),
            Some(cached) => {
                *cached = LocalName::from(name);
                cached.clone()
            }
            None => LocalName::from(name),
        }
    }

    /// `None` for the empty name.
    #[inline]
    fn slot(name: &str) -> Option<usize> {
        let bytes = name.as_bytes();
        let (first, last) = (*bytes.first()?, *bytes.last()?);
        let middle = *bytes.get(bytes.len() / 2)?;
        let hash = usize::from(first) * 31
            + usize::from(middle) * 7
            + usize::from(last) * 67
            + bytes.len() * 101;
        Some(hash % Self::SLOTS)
    }

    /// The atom and the flags of an HTML element that was noted.
    #[inline]
    pub(crate) fn element(&self, name: &str) -> Option<(LocalName, u16)> {
        let (cached, flags) = self.elements.get(Self::slot(name)?)?;
        (**cached == *name).then(|| (cached.clone(), *flags))
    }

    /// Notes a name of HTML elements.
    pub(crate) fn note_element(&mut self, name: LocalName, flags: u16) {
        if self.elements.is_empty() {
            self.elements.resize(Self::SLOTS, (local_name!(""), 0));
        }
        if let Some(cached) = Self::slot(&name).and_then(|slot| self.elements.get_mut(slot)) {
            *cached = (name, flags);
        }
    }
}

/// Whether elements named so hold no children in HTML, and have no end tag.
///
/// Standard: <https://html.spec.whatwg.org/#void-elements>, with the obsolete ones that serialize alike.
pub(crate) fn is_void(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("area")
            | local_name!("base")
            | local_name!("br")
            | local_name!("col")
            | local_name!("embed")
            | local_name!("hr")
            | local_name!("img")
            | local_name!("input")
            | local_name!("link")
            | local_name!("meta")
            | local_name!("source")
            | local_name!("track")
            | local_name!("wbr")
            | local_name!("basefont")
            | local_name!("bgsound")
            | local_name!("frame")
            | local_name!("keygen")
            | local_name!("param")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extract(namespace: Option<&str>, name: &str) -> Result<ExtractedName, DomError> {
        validate_and_extract(namespace, name, NameContext::Element)
    }

    #[test]
    fn element_names_follow_the_relaxed_rule() {
        for name in ["a", "a:b", "a<b", "h1", "_x", ":x", "ü", "a\u{1}", "f}oo"] {
            assert!(is_valid_element_local_name(name), "{name:?}");
        }
        for name in [
            "", "1a", "-a", "a b", "a/b", "a>b", "a\0", "_a<", "ü b", "\u{1}",
        ] {
            assert!(!is_valid_element_local_name(name), "{name:?}");
        }
    }

    #[test]
    fn the_cache_gives_the_atom_of_each_name() {
        let mut cache = NameCache::default();
        for name in [
            "div",
            "dav",
            "div",
            "",
            "a-very-long-custom-name",
            "dav",
            "ü",
        ] {
            assert_eq!(cache.atom(name), LocalName::from(name));
        }
    }

    #[test]
    fn attribute_names_hold_no_equals_sign() {
        assert!(is_valid_attribute_local_name("@click"));
        assert!(is_valid_attribute_local_name("1"));
        assert!(!is_valid_attribute_local_name("a=b"));
        assert!(!is_valid_attribute_local_name(""));
        assert!(is_valid_doctype_name(""));
        assert!(is_valid_doctype_name("a/b"));
        assert!(!is_valid_doctype_name("a>b"));
    }

    #[test]
    fn prefixes_and_namespaces_must_agree() {
        let svg = extract(Some("http://www.w3.org/2000/svg"), "s:rect").expect("valid");
        assert_eq!(svg.prefix.as_deref(), Some("s"));
        assert_eq!(&*svg.local_name, "rect");
        assert!(matches!(extract(None, "a:b"), Err(DomError::Namespace(_))));
        assert!(matches!(
            extract(Some(""), "a:b"),
            Err(DomError::Namespace(_))
        ));
        assert!(matches!(
            extract(Some("u"), "xml:b"),
            Err(DomError::Namespace(_))
        ));
        assert!(matches!(
            extract(Some("u"), "xmlns"),
            Err(DomError::Namespace(_))
        ));
        assert!(matches!(
            extract(Some("http://www.w3.org/2000/xmlns/"), "b"),
            Err(DomError::Namespace(_))
        ));
        assert!(matches!(
            extract(Some("u"), ":b"),
            Err(DomError::InvalidCharacter(_))
        ));
        assert!(matches!(
            extract(Some("u"), "a:"),
            Err(DomError::InvalidCharacter(_))
        ));
        assert_eq!(
            &*extract(Some("u"), "a:b:c").expect("valid").local_name,
            "b:c"
        );
    }
}
