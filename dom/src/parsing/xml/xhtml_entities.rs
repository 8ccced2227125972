//! The entities of XHTML and MathML, which are known without loading their doctypes.
//!
//! Standard: <https://html.spec.whatwg.org/#parsing-xhtml-documents>

use html5ever::data::NAMED_ENTITIES;

/// Whether documents with this public identifier know the named character references of HTML.
pub(super) fn declares_html_entities(public_id: &str) -> bool {
    matches!(
        public_id,
        "-//W3C//DTD XHTML 1.0 Transitional//EN"
            | "-//W3C//DTD XHTML 1.1//EN"
            | "-//W3C//DTD XHTML 1.0 Strict//EN"
            | "-//W3C//DTD XHTML 1.0 Frameset//EN"
            | "-//W3C//DTD XHTML Basic 1.0//EN"
            | "-//W3C//DTD XHTML 1.1 plus MathML 2.0//EN"
            | "-//W3C//DTD XHTML 1.1 plus MathML 2.0 plus SVG 1.1//EN"
            | "-//W3C//DTD MathML 2.0//EN"
            | "-//WAPFORUM//DTD XHTML Mobile 1.0//EN"
            | "-//WAPFORUM//DTD XHTML Mobile 1.1//EN"
            | "-//WAPFORUM//DTD XHTML Mobile 1.2//EN"
    )
}

/// The characters, one or two, that HTML's reference `&name;` stands for.
pub(super) fn html_entity(name: &str) -> Option<String> {
    let &(first, second) = NAMED_ENTITIES.get(format!("{name};").as_str())?;
    let mut text = String::new();
    text.extend(char::from_u32(first).filter(|&c| c != '\0'));
    text.extend(char::from_u32(second).filter(|&c| c != '\0'));
    (!text.is_empty()).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::html_entity;

    #[test]
    fn names_of_html_are_known_in_full_only() {
        assert_eq!(html_entity("nbsp").as_deref(), Some("\u{A0}"));
        assert_eq!(html_entity("bne").as_deref(), Some("=\u{20E5}"));
        assert_eq!(html_entity("nbs"), None);
        assert_eq!(html_entity("nbsp;"), None);
        assert_eq!(html_entity(""), None);
    }
}
