//! The language and the direction of an element.
//!
//! Standard: <https://html.spec.whatwg.org/#the-lang-and-xml:lang-attributes>,
//! <https://drafts.csswg.org/selectors-4/#the-lang-pseudo> and <https://html.spec.whatwg.org/#the-directionality>, texts
//! of November 2026.

use html5ever::{LocalName, local_name, ns};

use super::pseudo_class::Direction;
use crate::arena::{NodeId, Tree};
use crate::controls::input_type::InputType;

/// Whether the element's language is in one of `ranges`.
pub(super) fn matches_lang(tree: &Tree, id: NodeId, ranges: &[Box<str>]) -> bool {
    let language = language(tree, id).unwrap_or_default();
    ranges.iter().any(|range| is_in_range(language, range))
}

/// The language that the element or an ancestor names; the XML attribute goes first. Else the document's.
///
/// Standard: <https://html.spec.whatwg.org/#language>
fn language(tree: &Tree, id: NodeId) -> Option<&str> {
    // FIXME: the language that the transport names is not known here.
    named_language(tree, id).or_else(|| pragma_language(tree, id))
}

fn named_language(tree: &Tree, id: NodeId) -> Option<&str> {
    let mut next = Some(id);
    let above = std::iter::from_fn(|| {
        let element = next?;
        next = tree.shadow_host(element).or_else(|| tree.parent(element));
        Some(element)
    });
    above.into_iter().find_map(|element| {
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

/// What the last `<meta http-equiv=content-language>` of the head says.
///
/// Standard: <https://html.spec.whatwg.org/#attr-meta-http-equiv-content-language>
fn pragma_language(tree: &Tree, id: NodeId) -> Option<&str> {
    let head = tree.head(tree.node_document(id)?)?;
    tree.children(head)
        .filter(|&child| {
            tree.is_html_element_named(child, &local_name!("meta"))
                && tree
                    .attribute_atom(child, &local_name!("http-equiv"))
                    .is_some_and(|pragma| pragma.eq_ignore_ascii_case("content-language"))
        })
        .filter_map(|meta| {
            let content = tree.attribute_atom(meta, &local_name!("content"))?;
            // More than one language is none.
            (!content.contains(','))
                .then(|| content.split_ascii_whitespace().next())
                .flatten()
        })
        .last()
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

/// What a `dir` attribute says.
#[derive(Copy, Clone, PartialEq, Eq)]
enum Dir {
    Undefined,
    Auto,
    Set(Direction),
}

fn dir(tree: &Tree, id: NodeId) -> Dir {
    let value = match tree.attribute_atom(id, &local_name!("dir")) {
        Some(value) if *tree.namespace(id) == ns!(html) => value,
        _ => return Dir::Undefined,
    };
    if value.eq_ignore_ascii_case("ltr") {
        Dir::Set(Direction::LeftToRight)
    } else if value.eq_ignore_ascii_case("rtl") {
        Dir::Set(Direction::RightToLeft)
    } else if value.eq_ignore_ascii_case("auto") {
        Dir::Auto
    } else {
        Dir::Undefined
    }
}

/// Standard: <https://html.spec.whatwg.org/#the-directionality>
pub(super) fn direction(tree: &Tree, id: NodeId) -> Direction {
    let mut element = id;
    loop {
        match dir(tree, element) {
            Dir::Set(direction) => return direction,
            Dir::Auto => return auto_direction(tree, element).unwrap_or(Direction::LeftToRight),
            Dir::Undefined => {}
        }
        if tree.is_html_element_named(element, &LocalName::from("bdi")) {
            return auto_direction(tree, element).unwrap_or(Direction::LeftToRight);
        }
        if tree.input_type(element) == Some(InputType::Telephone) {
            return Direction::LeftToRight;
        }
        // Parent directionality: a shadow root's is that of its host.
        let Some(parent) = tree.parent(element) else {
            return Direction::LeftToRight;
        };
        match tree.shadow_host(parent) {
            Some(host) => element = host,
            None if tree.is_element(parent) => element = parent,
            None => return Direction::LeftToRight,
        }
    }
}

/// Standard: <https://html.spec.whatwg.org/#auto-directionality>
fn auto_direction(tree: &Tree, id: NodeId) -> Option<Direction> {
    // 1. A control's value decides.
    let is_control = match tree.input_type(id) {
        Some(
            InputType::Hidden
            | InputType::Text
            | InputType::Search
            | InputType::Telephone
            | InputType::Url
            | InputType::Email
            | InputType::Password
            | InputType::Submit
            | InputType::Reset
            | InputType::Button,
        ) => true,
        Some(_) => false,
        None => tree.is_html_element_named(id, &local_name!("textarea")),
    };
    if is_control {
        let value = tree.control_value(id);
        return match text_direction(&value) {
            Some(direction) => Some(direction),
            None => (!value.is_empty()).then_some(Direction::LeftToRight),
        };
    }
    // 2. A slot of a shadow tree shows what it was given.
    if tree.is_slot(id) && tree.containing_shadow_root(id).is_some() {
        return tree.assigned_nodes(id).iter().find_map(|&child| {
            if tree.is_text(child) {
                text_direction(&tree.character_data(child)?.to_string_lossy())
            } else {
                contained_direction(tree, child, true)
            }
        });
    }
    // 3. Else the text within.
    contained_direction(tree, id, false)
}

/// Standard: <https://html.spec.whatwg.org/#contained-text-auto-directionality>
fn contained_direction(tree: &Tree, root: NodeId, may_exclude_root: bool) -> Option<Direction> {
    let is_excluded = |id: NodeId| {
        let name = tree.local_name(id);
        dir(tree, id) != Dir::Undefined
            || (*tree.namespace(id) == ns!(html)
                && (matches!(
                    *name,
                    local_name!("script") | local_name!("style") | local_name!("textarea")
                ) || **name == *"bdi"))
    };
    if may_exclude_root && is_excluded(root) {
        return None;
    }
    let mut next = tree.first_child(root);
    while let Some(node) = next {
        if tree.is_element(node) {
            // 1.1. Some elements have a direction of their own.
            if is_excluded(node) {
                next = tree.following_outside(root, node);
                continue;
            }
            // 1.2. A slot stands for what is outside.
            if tree.is_slot(node)
                && let Some(host) = tree
                    .containing_shadow_root(node)
                    .and_then(|shadow_root| tree.shadow_host(shadow_root))
            {
                return Some(direction(tree, host));
            }
        } else if tree.is_text(node)
            && let Some(data) = tree.character_data(node)
            && let Some(direction) = text_direction(&data.to_string_lossy())
        {
            // 1.3–1.5. The first text that has a direction.
            return Some(direction);
        }
        next = tree.following_in(root, node);
    }
    None
}

/// The direction of the first strong character.
///
/// Standard: <https://html.spec.whatwg.org/#text-node-directionality>
///
/// NOTE: strong characters are known by being letters, and by the blocks of the scripts that run leftwards.
fn text_direction(text: &str) -> Option<Direction> {
    text.chars().find_map(|c| match c {
        '\u{200E}' => Some(Direction::LeftToRight),
        '\u{200F}' | '\u{61C}' => Some(Direction::RightToLeft),
        c if !c.is_alphabetic() => None,
        c if is_right_to_left(c) => Some(Direction::RightToLeft),
        _ => Some(Direction::LeftToRight),
    })
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
