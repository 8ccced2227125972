//! Ops of `Node`, `CharacterData` and the mixins of parents and children; how ids and text cross.
//!
//! A node crosses as the number of its id, 0 for none. A mutation answers with what it left to do: bit 0 for effects that
//! the host is to run, bit 1 for mutation records to be delivered, bit 3 for custom element reactions; negative for a failure (see [`crate::error`]).
//!
//! Standard: <https://dom.spec.whatwg.org/#interface-node>

use deno_core::{OpDecl, op2, v8};
use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::node::links::LinkBlock;
use readystate_dom::{CharacterData, DomError, NodeId, NodeKind, Tree, VersionTable};

use crate::backend;
use crate::error::{Failure, fail};
use crate::state::with_tree;

/// The ops of this area.
pub(crate) fn ops() -> Vec<OpDecl> {
    vec![
        op_tree_version(),
        op_tree_structure_version(),
        op_tree_version_table(),
        op_tree_pending(),
        op_node_type(),
        op_node_document(),
        op_node_parent(),
        op_node_parent_element(),
        op_node_first_child(),
        op_node_last_child(),
        op_node_previous_sibling(),
        op_node_next_sibling(),
        op_node_root(),
        op_node_has_children(),
        op_node_is_connected(),
        op_node_length(),
        op_node_index(),
        op_node_children(),
        op_node_link_table(),
        op_node_fill_children(),
        op_node_contains(),
        op_node_compare_position(),
        op_node_is_equal(),
        op_node_name(),
        op_node_text_content(),
        op_node_set_text_content(),
        op_node_set_ascii_text_content(),
        op_node_append(),
        op_node_insert_before(),
        op_node_move_before(),
        op_node_replace_child(),
        op_node_remove_child(),
        op_node_remove(),
        op_node_replace_children(),
        op_node_reclaim(),
        op_node_normalize(),
        op_node_clone(),
        op_node_adopt(),
        op_node_following(),
        op_node_preceding(),
        op_node_is_passive_target(),
        op_event_path(),
        op_text_length(),
        op_text_data(),
        op_text_set_data(),
        op_text_set_ascii_data(),
        op_text_substring(),
        op_text_replace(),
        op_text_split(),
        op_text_whole(),
    ]
}

/// The number of an id, 0 for none.
#[inline]
pub(crate) fn raw(id: Option<NodeId>) -> u32 {
    id.map_or(0, NodeId::raw)
}

/// Reads the tree at a node; the default if `id` is 0.
#[inline]
pub(crate) fn read<T: Default>(id: u32, f: impl FnOnce(&mut Tree, NodeId) -> T) -> T {
    match NodeId::from_raw(id) {
        Some(id) => with_tree(|tree| f(tree, id)),
        None => T::default(),
    }
}

/// What a mutation has left to do: bit 0 effects, bit 1 mutation records, bit 3 custom element reactions, bit 4 wrappers to
/// be restored, bit 5 names of the window.
#[inline]
pub(crate) fn pending(tree: &mut Tree) -> i32 {
    tree.update_form_associated_elements();
    i32::from(tree.has_effects())
        | i32::from(tree.has_pending_observers()) << 1
        | i32::from(tree.has_custom_element_reactions()) << 3
        | i32::from(tree.has_strengthened()) << 4
        | i32::from(backend::LISTS_WINDOW_NAMES && tree.has_window_names()) << 5
}

/// Changes the tree at a node; answers with what is left to do.
#[inline]
pub(crate) fn mutate<T>(id: u32, f: impl FnOnce(&mut Tree, NodeId) -> Result<T, DomError>) -> i32 {
    let Some(id) = NodeId::from_raw(id) else {
        return fail(Failure::illegal());
    };
    with_tree(|tree| match f(tree, id) {
        Ok(_) => pending(tree),
        Err(error) => fail(error),
    })
}

/// Makes or finds a node; answers with its id.
#[inline]
pub(crate) fn make(id: u32, f: impl FnOnce(&mut Tree, NodeId) -> Result<NodeId, DomError>) -> i32 {
    let Some(id) = NodeId::from_raw(id) else {
        return fail(Failure::illegal());
    };
    match with_tree(|tree| f(tree, id)) {
        Ok(made) => id_result(made),
        Err(error) => fail(error),
    }
}

/// An id as a result; the limit of nodes keeps it within the type.
pub(crate) fn id_result(id: NodeId) -> i32 {
    i32::try_from(id.raw()).unwrap_or_else(|_| fail(DomError::NodeLimit))
}

/// Names a node that an algorithm needs.
pub(crate) fn given(id: u32) -> Result<NodeId, DomError> {
    NodeId::from_raw(id).ok_or(DomError::NotFound("the node is gone"))
}

/// The code units of a script's string.
pub(crate) fn text_from(
    scope: &v8::PinScope<'_, '_>,
    text: v8::Local<'_, v8::String>,
) -> CharacterData {
    if text.contains_only_onebyte() {
        let mut units = vec![0; text.length()];
        text.write_one_byte_v2(scope, 0, &mut units, v8::WriteFlags::empty());
        CharacterData::from_latin1(units)
    } else {
        let mut units = vec![0; text.length()];
        text.write_v2(scope, 0, &mut units, v8::WriteFlags::empty());
        CharacterData::from(units)
    }
}

/// A script's string of these code units. Longer than the engine's limit: the empty string.
pub(crate) fn text_to<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: &CharacterData,
) -> v8::Local<'s, v8::Value> {
    let string = match text.as_utf16() {
        Some(units) => v8::String::new_from_two_byte(scope, units, v8::NewStringType::Normal),
        None => {
            let units = text.as_latin1().unwrap_or_default();
            v8::String::new_from_one_byte(scope, units, v8::NewStringType::Normal)
        }
    };
    string.unwrap_or_else(|| v8::String::empty(scope)).into()
}

/// A script's string of UTF-8 text.
pub(crate) fn str_to<'s>(scope: &v8::PinScope<'s, '_>, text: &str) -> v8::Local<'s, v8::Value> {
    let string = if text.is_ascii() {
        v8::String::new_from_one_byte(scope, text.as_bytes(), v8::NewStringType::Normal)
    } else {
        v8::String::new(scope, text)
    };
    string.unwrap_or_else(|| v8::String::empty(scope)).into()
}

/// As [`str_to`], `None` being null.
pub(crate) fn opt_str_to<'s>(
    scope: &v8::PinScope<'s, '_>,
    text: Option<&str>,
) -> v8::Local<'s, v8::Value> {
    match text {
        Some(text) => str_to(scope, text),
        None => v8::null(scope).into(),
    }
}

/// An array of strings.
pub(crate) fn strings_to<'s>(
    scope: &v8::PinScope<'s, '_>,
    texts: impl IntoIterator<Item = impl AsRef<str>>,
) -> v8::Local<'s, v8::Array> {
    let items: Vec<_> = texts
        .into_iter()
        .map(|text| str_to(scope, text.as_ref()))
        .collect();
    v8::Array::new_with_elements(scope, &items)
}

/// An array of ids.
pub(crate) fn ids_to<'s>(scope: &v8::PinScope<'s, '_>, ids: &[NodeId]) -> v8::Local<'s, v8::Value> {
    let items: Vec<v8::Local<'_, v8::Value>> = ids
        .iter()
        .map(|id| v8::Integer::new_from_unsigned(scope, id.raw()).into())
        .collect();
    v8::Array::new_with_elements(scope, &items).into()
}

/// Ops that read a number, a flag or a node of one node.
macro_rules! reads {
    ($($(#[$doc:meta])* $name:ident -> $kind:ident = $body:expr;)*) => {$(
        $(#[$doc])*
        #[cfg_attr(feature = "v8", op2(fast))]
        #[cfg_attr(not(feature = "v8"), op2(nofast))]
        fn $name(id: u32) -> $kind {
            read(id, $body)
        }
    )*};
}

reads! {
    /// `nodeType`.
    op_node_type -> u32 = |tree, id| u32::from(tree.node_type(id));
    /// The node document; a document's is itself.
    op_node_document -> u32 = |tree, id| raw(tree.node_document(id));
    /// `parentNode`.
    op_node_parent -> u32 = |tree, id| raw(tree.parent(id));
    /// `parentElement`.
    op_node_parent_element -> u32 = |tree, id| raw(tree.parent_element(id));
    /// `firstChild`.
    op_node_first_child -> u32 = |tree, id| raw(tree.first_child(id));
    /// `lastChild`.
    op_node_last_child -> u32 = |tree, id| raw(tree.last_child(id));
    /// `previousSibling`.
    op_node_previous_sibling -> u32 = |tree, id| raw(tree.previous_sibling(id));
    /// `nextSibling`.
    op_node_next_sibling -> u32 = |tree, id| raw(tree.next_sibling(id));
    /// `getRootNode()`.
    op_node_root -> u32 = |tree, id| tree.root(id).raw();
    /// `hasChildNodes()`.
    op_node_has_children -> bool = |tree, id| tree.has_child_nodes(id);
    /// `isConnected`.
    op_node_is_connected -> bool = |tree, id| tree.is_connected(id);
    /// The length of a node, as ranges count. <https://dom.spec.whatwg.org/#concept-node-length>
    op_node_length -> u32 = |tree, id| u32::try_from(tree.length(id)).unwrap_or(u32::MAX);
    /// The index of a node. <https://dom.spec.whatwg.org/#concept-tree-index>
    op_node_index -> u32 = |tree, id| u32::try_from(tree.index(id)).unwrap_or(u32::MAX);
    /// `length` of character data, in code units.
    op_text_length -> u32 = |tree, id| {
        tree.character_data(id).map_or(0, |data| u32::try_from(data.len()).unwrap_or(u32::MAX))
    };
    /// Whether touch and wheel listeners are passive by default here.
    /// <https://dom.spec.whatwg.org/#default-passive-value>
    op_node_is_passive_target -> bool = |tree, id| {
        let Some(document) = tree.node_document(id) else { return false };
        id == document || tree.document_element(document) == Some(id) || tree.body(document) == Some(id)
    };
}

/// A number that changes with every change of any tree, attributes included.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tree_version() -> f64 {
    // NOTE: a count that a double holds exactly for longer than any page lives.
    with_tree(|tree| {
        tree.structure_version()
            .wrapping_add(tree.attribute_version()) as f64
    })
}

/// A number that changes with every change of structure or text, attributes left out.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tree_structure_version() -> f64 {
    with_tree(|tree| tree.structure_version() as f64)
}

/// The low halves of what [`op_tree_structure_version`] and the attributes count, and a count of changed ids, to be read in
/// place, see [`VersionTable`]; null where that is not done.
#[op2]
fn op_tree_version_table<'s>(scope: &v8::PinScope<'s, '_>) -> v8::Local<'s, v8::Value> {
    let table = with_tree(Tree::version_table);
    backend::shared_numbers(scope, table, VersionTable::words)
}

/// What mutations so far have left to do.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_tree_pending() -> i32 {
    with_tree(pending)
}

/// The table of the links of a block of nodes, to be read in place; null if there is no such block.
#[op2]
fn op_node_link_table<'s>(scope: &v8::PinScope<'s, '_>, block: u32) -> v8::Local<'s, v8::Value> {
    match with_tree(|tree| tree.link_block(block as usize)) {
        Some(block) => backend::shared_numbers(scope, block, LinkBlock::words),
        None => v8::null(scope).into(),
    }
}

/// The ids of the children.
#[op2]
fn op_node_children<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let children: Vec<NodeId> = read(id, |tree, id| tree.children(id).collect());
    ids_to(scope, &children)
}

/// The ids of the children into `out`. How many they are, though they may be more than fit.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_fill_children(id: u32, #[buffer] out: &mut [u32]) -> u32 {
    read(id, |tree, id| {
        let mut count = 0u32;
        let mut slots = out.iter_mut();
        for child in tree.children(id) {
            count += 1;
            if let Some(slot) = slots.next() {
                *slot = child.raw();
            }
        }
        count
    })
}

/// `contains()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_contains(id: u32, other: u32) -> bool {
    read(id, |tree, id| {
        NodeId::from_raw(other).is_some_and(|other| tree.contains(id, other))
    })
}

/// `compareDocumentPosition()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_compare_position(id: u32, other: u32) -> u32 {
    read(id, |tree, id| {
        NodeId::from_raw(other).map_or(0, |other| {
            u32::from(tree.compare_document_position(id, other))
        })
    })
}

/// `isEqualNode()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_is_equal(id: u32, other: u32) -> bool {
    read(id, |tree, id| {
        NodeId::from_raw(other).is_some_and(|other| tree.is_equal_node(id, other))
    })
}

/// `nodeName`.
#[op2]
fn op_node_name<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    let name = read(id, |tree, id| tree.node_name(id));
    str_to(scope, &name)
}

/// `textContent`.
#[op2]
fn op_node_text_content<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    match read(id, |tree, id| tree.text_content_data(id)) {
        Some(text) => text_to(scope, &text),
        None => v8::null(scope).into(),
    }
}

/// Sets `textContent`.
#[op2]
fn op_node_set_text_content(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    text: v8::Local<'_, v8::String>,
) -> i32 {
    let text = text_from(scope, text);
    mutate(id, |tree, id| tree.set_text_content(id, text))
}

/// Sets `textContent` to ASCII; [`NOT_ASCII`] if the text holds anything else.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_set_ascii_text_content(id: u32, #[string] text: &str) -> i32 {
    if !text.is_ascii() {
        return NOT_ASCII;
    }
    let text = CharacterData::from_latin1(text.as_bytes());
    mutate(id, |tree, id| tree.set_text_content(id, text))
}

/// What the ASCII forms of ops answer to other text. OPTIMIZATION: they are fast calls, for which the engine converts the
/// text to UTF-8; that is exact for ASCII only.
const NOT_ASCII: i32 = i32::MIN;

/// `appendChild()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_append(parent: u32, node: u32) -> i32 {
    mutate(parent, |tree, parent| tree.append(given(node)?, parent))
}

/// `insertBefore()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_insert_before(parent: u32, node: u32, child: u32) -> i32 {
    mutate(parent, |tree, parent| {
        tree.insert_before(given(node)?, parent, NodeId::from_raw(child))
    })
}

/// `moveBefore()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_move_before(parent: u32, node: u32, child: u32) -> i32 {
    mutate(parent, |tree, parent| {
        tree.move_before(given(node)?, parent, NodeId::from_raw(child))
    })
}

/// `replaceChild()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_replace_child(parent: u32, node: u32, child: u32) -> i32 {
    mutate(parent, |tree, parent| {
        tree.replace_child(given(node)?, parent, given(child)?)
    })
}

/// `removeChild()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_remove_child(parent: u32, child: u32) -> i32 {
    mutate(parent, |tree, parent| {
        tree.remove_child(given(child)?, parent)
    })
}

/// `remove()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_remove(id: u32) -> i32 {
    mutate(id, Tree::remove)
}

/// `replaceChildren()`; `node` 0 removes all children.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_replace_children(parent: u32, node: u32) -> i32 {
    mutate(parent, |tree, parent| {
        tree.replace_children(NodeId::from_raw(node), parent)
    })
}

/// Gives back a detached node that script never saw.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_reclaim(id: u32) {
    read(id, |tree, id| {
        tree.reclaim_unwrapped(id);
    });
}

/// `normalize()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_normalize(id: u32) -> i32 {
    mutate(id, Tree::normalize)
}

/// `cloneNode()` and `importNode()`; `document` 0 is the node's own.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_clone(id: u32, document: u32, deep: bool) -> i32 {
    let depth = if deep {
        CloneDepth::Subtree
    } else {
        CloneDepth::Node
    };
    make(id, |tree, id| match NodeId::from_raw(document) {
        Some(document) => tree.clone_node_into(id, document, depth),
        None => tree.clone_node(id, depth),
    })
}

/// Puts a node into another document, out of its tree. <https://dom.spec.whatwg.org/#concept-node-adopt>
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_adopt(id: u32, document: u32) -> i32 {
    mutate(id, |tree, id| tree.adopt(id, given(document)?))
}

/// The next node in tree order under `root`, 0 at the end. `skip` leaves the node's own descendants out.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_following(root: u32, node: u32, skip: bool) -> u32 {
    read(root, |tree, root| {
        NodeId::from_raw(node).map_or(0, |node| {
            raw(if skip {
                tree.following_outside(root, node)
            } else {
                tree.following_in(root, node)
            })
        })
    })
}

/// The previous node in tree order under `root`, 0 at the start.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_node_preceding(root: u32, node: u32) -> u32 {
    read(root, |tree, root| {
        NodeId::from_raw(node).map_or(0, |node| raw(tree.preceding_in(root, node)))
    })
}

/// The ids from a node to its root into `out`, those with a content attribute `on<type>` marked by bit 31. If they are
/// more than fit, the length needed; the largest number if the path leads through shadow trees, and
/// `op_shadow_event_path` is to be asked.
///
/// Standard: <https://dom.spec.whatwg.org/#concept-event-dispatch> step 5
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_event_path(id: u32, #[string] kind: &str, #[buffer] out: &mut [u32]) -> u32 {
    read(id, |tree, id| {
        if !tree.is_event_path_plain(id) {
            return u32::MAX;
        }
        let mut length = 0u32;
        let mut slots = out.iter_mut();
        for node in tree.inclusive_ancestors(id) {
            length += 1;
            if let Some(slot) = slots.next() {
                let handles = tree.attributes(node).iter().any(|attribute| {
                    attribute
                        .local_name()
                        .strip_prefix("on")
                        .is_some_and(|name| name == kind)
                });
                *slot = node.raw() | u32::from(handles) << 31;
            }
        }
        length
    })
}

/// `data` of character data; null for other nodes.
#[op2]
fn op_text_data<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    with_tree(
        |tree| match NodeId::from_raw(id).and_then(|id| tree.character_data(id)) {
            Some(text) => text_to(scope, text),
            None => v8::null(scope).into(),
        },
    )
}

/// Sets `data`.
#[op2]
fn op_text_set_data(scope: &v8::PinScope<'_, '_>, id: u32, text: v8::Local<'_, v8::String>) -> i32 {
    let text = text_from(scope, text);
    mutate(id, |tree, id| tree.set_data(id, text))
}

/// Sets `data` to ASCII; [`NOT_ASCII`] if the text holds anything else.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_text_set_ascii_data(id: u32, #[string] text: &str) -> i32 {
    if !text.is_ascii() {
        return NOT_ASCII;
    }
    let text = CharacterData::from_latin1(text.as_bytes());
    mutate(id, |tree, id| tree.set_data(id, text))
}

/// `substringData()`; null if the offset lies outside.
#[op2]
fn op_text_substring<'s>(
    scope: &v8::PinScope<'s, '_>,
    id: u32,
    offset: u32,
    count: u32,
) -> v8::Local<'s, v8::Value> {
    let text = with_tree(|tree| {
        let data = NodeId::from_raw(id).and_then(|id| tree.character_data(id))?;
        (offset as usize <= data.len()).then(|| data.substring(offset as usize, count as usize))
    });
    match text {
        Some(text) => text_to(scope, &text),
        None => {
            fail(DomError::IndexSize(
                "the offset lies past the end of the data",
            ));
            v8::null(scope).into()
        }
    }
}

/// `replaceData()`, and with it `appendData()`, `insertData()`, `deleteData()`.
#[op2]
fn op_text_replace(
    scope: &v8::PinScope<'_, '_>,
    id: u32,
    offset: u32,
    count: u32,
    text: v8::Local<'_, v8::String>,
) -> i32 {
    let text = text_from(scope, text);
    mutate(id, |tree, id| {
        tree.replace_data(id, offset as usize, count as usize, &text)
    })
}

/// `splitText()`.
#[cfg_attr(feature = "v8", op2(fast))]
#[cfg_attr(not(feature = "v8"), op2(nofast))]
fn op_text_split(id: u32, offset: u32) -> i32 {
    make(id, |tree, id| tree.split_text(id, offset as usize))
}

/// `wholeText`.
#[op2]
fn op_text_whole<'s>(scope: &v8::PinScope<'s, '_>, id: u32) -> v8::Local<'s, v8::Value> {
    match read(id, |tree, id| tree.whole_text(id)) {
        Some(text) => text_to(scope, &text),
        None => v8::String::empty(scope).into(),
    }
}

/// Whether a node is an element of HTML with this name.
pub(crate) fn is_html(tree: &Tree, id: NodeId, name: &str) -> bool {
    tree.kind(id) == Some(NodeKind::Element)
        && *tree.namespace(id) == readystate_dom::ns!(html)
        && &**tree.local_name(id) == name
}
