//! An element of the arena as the `selectors` crate sees it.
//!
//! Standard: <https://drafts.csswg.org/selectors-4/#match-a-selector-against-an-element>, text of November 2026.

use std::fmt;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

use ::selectors::attr::{AttrSelectorOperation, CaseSensitivity, NamespaceConstraint};
use ::selectors::bloom::BloomFilter;
use ::selectors::matching::{ElementSelectorFlags, MatchingContext, matches_selector_list};
use ::selectors::{Element, OpaqueElement, SelectorList};
use html5ever::{LocalName, Namespace, local_name, ns};

use super::class_filter::ClassFilter;
use super::element_state::{self, ElementState};
use super::form_state;
use super::language;
use super::pseudo_class::PseudoClass;
use super::selector_impl::{Name, PseudoElement, Selectors, Text};
use crate::arena::{NodeId, Tree};
use crate::node::NodeKind;

/// A handle to an element.
#[derive(Copy, Clone)]
pub(super) struct ElementRef<'t> {
    pub(super) tree: &'t Tree,
    pub(super) id: NodeId,
    /// How many times [`Element::first_element_child`] led here.
    descent: u16,
}

impl<'t> ElementRef<'t> {
    pub(super) fn new(tree: &'t Tree, id: NodeId) -> Self {
        Self {
            tree,
            id,
            descent: 0,
        }
    }

    fn at(self, id: NodeId) -> Self {
        Self { id, ..self }
    }

    /// Whether it is the shadow host of the scope, and the argument matches it or what it is in.
    ///
    /// Standard: <https://drafts.csswg.org/css-shadow-1/#selectordef-host-context>
    fn matches_host_context(
        &self,
        selectors: &SelectorList<Selectors>,
        context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        if context.current_host != Some(opaque(self.id)) {
            return false;
        }
        let mut next = Some(self.id);
        while let Some(id) = next {
            let matches = context.nest(|context| {
                context.with_shadow_host(None::<Self>, |context| {
                    matches_selector_list(selectors, self.at(id), context)
                })
            });
            if matches {
                return true;
            }
            next = element_state::flat_parent(self.tree, id);
        }
        false
    }

    fn attribute(&self, name: &LocalName) -> Option<&'t str> {
        self.tree.attribute_atom(self.id, name)
    }
}

impl fmt::Debug for ElementRef<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "<{}>", self.tree.local_name(self.id))
    }
}

/// Whether one of the words of `classes` is `class`.
pub(super) fn has_class(classes: &str, class: &str, case_sensitivity: CaseSensitivity) -> bool {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0C);
    let mut words = classes.as_bytes().split(is_space);
    match case_sensitivity {
        CaseSensitivity::CaseSensitive => words.any(|word| word == class.as_bytes()),
        CaseSensitivity::AsciiCaseInsensitive => {
            words.any(|word| word.eq_ignore_ascii_case(class.as_bytes()))
        }
    }
}

/// How far below its anchor `:has()` looks. The `selectors` crate recurses there; HTML nests no deeper when parsed.
///
/// FIXME: deeper descendants, which only script and XML can make, are not found.
const MAX_DESCENT: u16 = 512;

impl Element for ElementRef<'_> {
    type Impl = Selectors;

    fn opaque(&self) -> OpaqueElement {
        opaque(self.id)
    }

    fn parent_element(&self) -> Option<Self> {
        self.tree.parent_element(self.id).map(|id| self.at(id))
    }

    // NOTE: any fragment is a "shadow root" here, so that `:scope` can stand for it; what is no shadow root is its own
    // "host", which nothing but `:scope` matches.
    fn parent_node_is_shadow_root(&self) -> bool {
        self.tree
            .parent(self.id)
            .is_some_and(|parent| self.tree.kind(parent) == Some(NodeKind::DocumentFragment))
    }

    fn containing_shadow_host(&self) -> Option<Self> {
        let root = self.tree.root(self.id);
        let is_fragment = self.tree.kind(root) == Some(NodeKind::DocumentFragment);
        is_fragment.then(|| self.at(self.tree.shadow_host(root).unwrap_or(root)))
    }

    fn assigned_slot(&self) -> Option<Self> {
        self.tree.assigned_slot(self.id).map(|id| self.at(id))
    }

    fn is_pseudo_element(&self) -> bool {
        false
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        let mut id = self.tree.previous_sibling(self.id);
        while let Some(sibling) = id {
            if self.tree.is_element(sibling) {
                return Some(self.at(sibling));
            }
            id = self.tree.previous_sibling(sibling);
        }
        None
    }

    fn next_sibling_element(&self) -> Option<Self> {
        let mut id = self.tree.next_sibling(self.id);
        while let Some(sibling) = id {
            if self.tree.is_element(sibling) {
                return Some(self.at(sibling));
            }
            id = self.tree.next_sibling(sibling);
        }
        None
    }

    fn first_element_child(&self) -> Option<Self> {
        if self.descent >= MAX_DESCENT {
            return None;
        }
        let child = self
            .tree
            .children(self.id)
            .find(|&child| self.tree.is_element(child))?;
        Some(Self {
            descent: self.descent + 1,
            ..self.at(child)
        })
    }

    fn is_html_element_in_html_document(&self) -> bool {
        self.tree.is_html_element_in_html_document(self.id)
    }

    fn has_local_name(&self, local_name: &LocalName) -> bool {
        self.tree.local_name(self.id) == local_name
    }

    fn has_namespace(&self, namespace: &Namespace) -> bool {
        self.tree.namespace(self.id) == namespace
    }

    fn is_same_type(&self, other: &Self) -> bool {
        self.has_local_name(self.tree.local_name(other.id))
            && self.has_namespace(self.tree.namespace(other.id))
    }

    fn attr_matches(
        &self,
        namespace: &NamespaceConstraint<&Namespace>,
        local_name: &Name,
        operation: &AttrSelectorOperation<&Text>,
    ) -> bool {
        self.tree.attributes(self.id).iter().any(|attribute| {
            *attribute.local_name() == local_name.0
                && match namespace {
                    NamespaceConstraint::Any => true,
                    NamespaceConstraint::Specific(namespace) => attribute.namespace() == *namespace,
                }
                && operation.eval_str(attribute.value())
        })
    }

    fn has_attr_in_no_namespace(&self, local_name: &Name) -> bool {
        self.attribute(&local_name.0).is_some()
    }

    fn match_non_ts_pseudo_class(
        &self,
        class: &PseudoClass,
        context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        let (tree, id) = (self.tree, self.id);
        match class {
            PseudoClass::Link | PseudoClass::AnyLink => self.is_link(),
            PseudoClass::Never(_) => false,
            PseudoClass::Focus | PseudoClass::FocusVisible => element_state::is_focused(tree, id),
            PseudoClass::FocusWithin => element_state::has_focus_within(tree, id),
            PseudoClass::Open => element_state::is_open(tree, id),
            PseudoClass::Modal => tree.has_element_state(id, ElementState::Modal),
            PseudoClass::PopoverOpen => tree.has_element_state(id, ElementState::PopoverOpen),
            PseudoClass::Muted => element_state::is_muted(tree, id),
            PseudoClass::Paused => element_state::is_media(tree, id),
            PseudoClass::State(name) => tree.has_custom_state(id, name),
            PseudoClass::HostContext(selector) => self.matches_host_context(selector, context),
            PseudoClass::Target => is_target(tree, id),
            PseudoClass::TargetWithin => has_target_within(tree, id),
            PseudoClass::Checked => form_state::is_checked(tree, id),
            PseudoClass::Enabled => {
                form_state::is_disableable(tree, id) && !form_state::is_disabled(tree, id)
            }
            PseudoClass::Disabled => form_state::is_disabled(tree, id),
            PseudoClass::Required => form_state::is_required(tree, id) == Some(true),
            PseudoClass::Optional => form_state::is_required(tree, id) == Some(false),
            PseudoClass::ReadWrite => form_state::is_read_write(tree, id),
            PseudoClass::ReadOnly => !form_state::is_read_write(tree, id),
            PseudoClass::Default => form_state::is_default(tree, id),
            PseudoClass::Indeterminate => form_state::is_indeterminate(tree, id),
            PseudoClass::PlaceholderShown => form_state::is_placeholder_shown(tree, id),
            PseudoClass::Valid => form_state::is_valid(tree, id) == Some(true),
            PseudoClass::Invalid => form_state::is_valid(tree, id) == Some(false),
            PseudoClass::UserValid => form_state::is_user_valid(tree, id) == Some(true),
            PseudoClass::UserInvalid => form_state::is_user_valid(tree, id) == Some(false),
            PseudoClass::InRange => form_state::is_in_range(tree, id) == Some(true),
            PseudoClass::OutOfRange => form_state::is_in_range(tree, id) == Some(false),
            PseudoClass::Defined => tree.is_defined_element(id),
            PseudoClass::Lang(ranges) => language::matches_lang(tree, id, ranges),
            PseudoClass::Dir(direction) => language::direction(tree, id) == *direction,
        }
    }

    fn match_pseudo_element(
        &self,
        _element: &PseudoElement,
        _context: &mut MatchingContext<'_, Selectors>,
    ) -> bool {
        false
    }

    fn apply_selector_flags(&self, _flags: ElementSelectorFlags) {}

    fn is_link(&self) -> bool {
        let name = self.tree.local_name(self.id);
        match *self.tree.namespace(self.id) {
            ns!(html) => {
                matches!(*name, local_name!("a") | local_name!("area"))
                    && self.attribute(&local_name!("href")).is_some()
            }
            ns!(svg) => {
                *name == local_name!("a")
                    && self.tree.attributes(self.id).iter().any(|attribute| {
                        *attribute.local_name() == local_name!("href")
                            && matches!(*attribute.namespace(), ns!() | ns!(xlink))
                    })
            }
            _ => false,
        }
    }

    fn is_html_slot_element(&self) -> bool {
        self.tree
            .is_html_element_named(self.id, &local_name!("slot"))
    }

    fn has_id(&self, id: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.tree
            .id_attribute(self.id)
            .is_some_and(|own| case_sensitivity.eq(own.as_bytes(), id.0.as_bytes()))
    }

    fn has_class(&self, name: &Name, case_sensitivity: CaseSensitivity) -> bool {
        self.tree
            .may_have_classes(self.id, ClassFilter::of_class(&name.0))
            && self
                .attribute(&local_name!("class"))
                .is_some_and(|classes| has_class(classes, &name.0, case_sensitivity))
    }

    fn has_custom_state(&self, _name: &Name) -> bool {
        false
    }

    fn imported_part(&self, _name: &Name) -> Option<Name> {
        None
    }

    fn is_part(&self, _name: &Name) -> bool {
        false
    }

    fn is_empty(&self) -> bool {
        self.tree
            .children(self.id)
            .all(|child| match self.tree.kind(child) {
                Some(NodeKind::Element) => false,
                Some(NodeKind::Text | NodeKind::CdataSection) => self
                    .tree
                    .character_data(child)
                    .is_none_or(|data| data.is_empty()),
                _ => true,
            })
    }

    fn is_root(&self) -> bool {
        self.tree
            .parent(self.id)
            .is_some_and(|parent| self.tree.kind(parent) == Some(NodeKind::Document))
    }

    fn add_element_unique_hashes(&self, _filter: &mut BloomFilter) -> bool {
        // NOTE: "not all were added" keeps the crate from building filters, for which it would recurse.
        false
    }
}

/// An element's identity: its slot, in the clothes of an address that nobody follows.
pub(super) fn opaque(id: NodeId) -> OpaqueElement {
    let slot = usize::try_from(id.raw()).unwrap_or(usize::MAX);
    OpaqueElement::from_ptr(NonNull::without_provenance(
        NonZeroUsize::new(slot).unwrap_or(NonZeroUsize::MIN),
    ))
}

/// Whether the document's URL points at the element.
///
/// Standard: <https://html.spec.whatwg.org/#selector-target>
fn is_target(tree: &Tree, id: NodeId) -> bool {
    let Some(own) = tree.id_attribute(id) else {
        return false;
    };
    let Some(document) = tree.node_document(id).filter(|_| tree.is_connected(id)) else {
        return false;
    };
    let Some((_, fragment)) = tree.url(document).and_then(|url| url.split_once('#')) else {
        return false;
    };
    // 6, 8. As it stands first, then percent-decoded.
    let target = if tree.get_element_by_id(document, fragment).is_some() {
        fragment.to_owned()
    } else {
        percent_decode(fragment)
    };
    own == target && tree.get_element_by_id(document, &target) == Some(id)
}

/// Whether the document's target is in the element.
///
/// Standard: <https://drafts.csswg.org/selectors-4/#the-target-within-pseudo>
fn has_target_within(tree: &Tree, id: NodeId) -> bool {
    let fragment = tree
        .node_document(id)
        .and_then(|document| tree.url(document))
        .and_then(|url| url.split_once('#'));
    fragment.is_some()
        && tree
            .inclusive_descendants(id)
            .any(|node| tree.is_element(node) && is_target(tree, node))
}

fn percent_decode(text: &str) -> String {
    let digit = |byte: Option<&u8>| byte.and_then(|&byte| char::from(byte).to_digit(16));
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let pair = (digit(bytes.get(index + 1)), digit(bytes.get(index + 2)));
        if byte == b'%'
            && let (Some(high), Some(low)) = pair
        {
            decoded.extend(u8::try_from(high * 16 + low));
            index += 3;
        } else {
            decoded.push(byte);
            index += 1;
        }
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
