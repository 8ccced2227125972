//! The language and the direction of an element.
//!
//! Standard: <https://html.spec.whatwg.org/#the-lang-and-xml:lang-attributes>,
//! <https://drafts.csswg.org/selectors-4/#the-lang-pseudo> and <https://html.spec.whatwg.org/#the-directionality>, texts
//! of November 2026.

use html5ever::{local_name, ns};

use super::pseudo_class::Direction;
use crate::arena::{NodeId, Tree};

/// Whether the element's language is in one of `ranges`.
pub(super) fn matches_lang(tree: &Tree, id: NodeId, ranges: &[Box<str>]) -> bool {
    let language = language(tree, id).unwrap_or_default();
    ranges.iter().any(|range| is_in_range(language, range))
}

/// The language that the element or an ancestor names; the XML attribute goes first.
fn language(tree: &Tree, id: NodeId) -> Option<&str> {
    // FIXME: the pragma-set default language and the transport's are not asked.
    tree.inclusive_ancestors(id).find_map(|element| {
        let own = |namespace| {
            tree.attributes(element)
                .iter()
                .find(|attribute| {
                    *attribute.local_name() == local_name!("lang")
                        && *attribute.namespace() == namespace
                })
                .map(|attribute| attribute.value())
        };
        own(ns!(xml)).or_else(|| {
            (*tree.namespace(element) == ns!(html))
                .then(|| own(ns!()))
                .flatten()
        })
    })
}

/// Extended filtering of language tags.
///
/// Standard: <https://www.rfc-editor.org/rfc/rfc4647#section-3.3.2>
fn is_in_range(language: &str, range: &str) -> bool {
    if range.is_empty() || language.is_empty() {
        return range.is_empty() && language.is_empty();
    }
    let mut tags = language.split('-');
    let mut wanted = range.split('-');
    // 2. The first subtags must agree.
    match (wanted.next(), tags.next()) {
        (Some("*"), Some(_)) => {}
        (Some(first), Some(tag)) if first.eq_ignore_ascii_case(tag) => {}
        _ => return false,
    }
    // 3. Each further one is found, past others but not past a singleton.
    for subtag in wanted {
        if subtag == "*" {
            continue;
        }
        loop {
            match tags.next() {
                Some(tag) if tag.eq_ignore_ascii_case(subtag) => break,
                Some(tag) if tag.len() > 1 => {}
                _ => return false,
            }
        }
    }
    true
}

/// The directionality of the element.
///
/// FIXME: of what `auto` means, only the first strong character of the text is looked for, by ranges.
pub(super) fn direction(tree: &Tree, id: NodeId) -> Direction {
    for element in tree.inclusive_ancestors(id) {
        if *tree.namespace(element) != ns!(html) {
            continue;
        }
        let dir = tree
            .attribute_atom(element, &local_name!("dir"))
            .unwrap_or_default();
        if dir.eq_ignore_ascii_case("ltr") {
            return Direction::LeftToRight;
        }
        if dir.eq_ignore_ascii_case("rtl") {
            return Direction::RightToLeft;
        }
        if dir.eq_ignore_ascii_case("auto") {
            let text = tree.text_content(element).unwrap_or_default();
            return text
                .chars()
                .find(|c| c.is_alphabetic())
                .filter(|&c| is_right_to_left(c))
                .map_or(Direction::LeftToRight, |_| Direction::RightToLeft);
        }
    }
    Direction::LeftToRight
}

fn is_right_to_left(c: char) -> bool {
    matches!(
        c,
        '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFF}'
            | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_in_range;

    #[test]
    fn language_ranges_are_filtered() {
        for (language, range, expected) in [
            ("en", "en", true),
            ("en-GB", "EN", true),
            ("en", "en-GB", false),
            ("english", "en", false),
            ("de-Latn-DE", "de-DE", true),
            ("de-x-DE", "de-DE", false),
            ("fr-CH", "*-CH", true),
            ("fr", "*", true),
            ("", "*", false),
            ("", "", true),
            ("fr", "", false),
        ] {
            assert_eq!(is_in_range(language, range), expected, "{language} {range}");
        }
    }
}
