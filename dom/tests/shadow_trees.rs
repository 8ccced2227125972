//! Shadow trees: attaching, slots, order, event paths, markup.

use std::collections::HashSet;

use readystate_dom::custom_elements::{CallbackSet, Definition};
use readystate_dom::event_path::EventReach;
use readystate_dom::mutation::clone::CloneDepth;
use readystate_dom::parsing::html::{DeclarativeShadowRoots, HtmlParser, HtmlParserOptions};
use readystate_dom::serializing::html::{ShadowRoots, html_with_shadow_roots};
use readystate_dom::shadow::{ShadowRootInit, ShadowRootMode, SlotAssignmentMode};
use readystate_dom::{DocumentInit, DomError, Effect, LocalName, NodeId, Tree};

use crate::page::Page;

const CLOSED: ShadowRootInit = ShadowRootInit {
    mode: ShadowRootMode::Closed,
    delegates_focus: false,
    slot_assignment: SlotAssignmentMode::Named,
    clonable: false,
    serializable: false,
};

/// A page whose `#host` has a shadow root with this markup.
fn page_with_shadow(markup: &str, init: ShadowRootInit, shadow: &str) -> (Page, NodeId, NodeId) {
    let mut page = Page::new(markup);
    let host = page.id("host");
    let root = page.tree.attach_shadow(host, init).unwrap();
    page.tree.set_inner_html(root, shadow).unwrap();
    page.tree.take_signal_slots();
    (page, host, root)
}

fn find(page: &Page, root: NodeId, id: &str) -> NodeId {
    page.tree.get_element_by_id(root, id).unwrap()
}

fn parse(options: HtmlParserOptions, markup: &str) -> Page {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, options);
    parser.feed(&mut tree, markup);
    parser.end(&mut tree);
    Page { tree, document }
}

fn declarative(markup: &str) -> Page {
    parse(
        HtmlParserOptions {
            declarative_shadow_roots: DeclarativeShadowRoots::Attach,
            ..HtmlParserOptions::default()
        },
        markup,
    )
}

#[test]
fn only_some_elements_can_be_hosts_and_only_once() {
    let mut page =
        Page::new("<div id=a></div><input id=b><x-y id=c></x-y><font-face id=d></font-face>");
    let init = ShadowRootInit::default();
    for (id, allowed) in [("a", true), ("b", false), ("c", true), ("d", false)] {
        let element = page.id(id);
        assert_eq!(
            page.tree.attach_shadow(element, init).is_ok(),
            allowed,
            "{id}"
        );
    }
    let a = page.id("a");
    assert!(matches!(
        page.tree.attach_shadow(a, init),
        Err(DomError::NotSupported(_))
    ));
}

#[test]
fn a_shadow_tree_is_connected_with_its_host_and_has_a_root_of_its_own() {
    let (mut page, host, root) = page_with_shadow(
        "<div id=host></div>",
        ShadowRootInit::default(),
        "<p><b id=b></b></p>",
    );
    let b = find(&page, root, "b");
    let document = page.document;
    assert_eq!(page.tree.root(b), root);
    assert_eq!(page.tree.shadow_including_root(b), document);
    assert!(page.tree.is_connected(b));
    assert_eq!(page.tree.get_element_by_id(document, "b"), None);
    page.tree.remove(host).unwrap();
    assert!(!page.tree.is_connected(b));
    assert_eq!(page.tree.shadow_including_root(b), host);
    // Out of the shadow tree it is like any other node.
    page.tree.remove(b).unwrap();
    assert!(!page.tree.is_in_shadow_tree(b));
    page.tree.append(b, page.body()).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "b"), Some(b));
}

#[test]
fn effects_follow_shadow_including_tree_order() {
    let mut page = Page::new("");
    let host = page.element("div");
    let light = page.element("script");
    page.tree.append(light, host).unwrap();
    let root = page
        .tree
        .attach_shadow(host, ShadowRootInit::default())
        .unwrap();
    let inner = page.element("script");
    page.tree.append(inner, root).unwrap();
    page.tree.append(host, page.body()).unwrap();
    assert_eq!(
        page.tree.take_effects(),
        [Effect::Connected(inner), Effect::Connected(light)]
    );
    page.tree.remove(host).unwrap();
    assert_eq!(
        page.tree.take_effects(),
        [Effect::Disconnected(inner), Effect::Disconnected(light)]
    );
}

#[test]
fn children_go_to_the_first_slot_of_their_name() {
    let (mut page, host, root) = page_with_shadow(
        "<div id=host><i id=i slot=a></i>text<b id=b></b></div>",
        ShadowRootInit::default(),
        "<slot id=one name=a></slot><slot id=two name=a></slot><slot id=rest><u></u></slot>",
    );
    let (one, two, rest) = (
        find(&page, root, "one"),
        find(&page, root, "two"),
        find(&page, root, "rest"),
    );
    let (i, b) = (page.id("i"), page.id("b"));
    let text = page.tree.next_sibling(i).unwrap();
    assert_eq!(page.tree.assigned_nodes(one), [i]);
    assert!(page.tree.assigned_nodes(two).is_empty());
    assert_eq!(page.tree.assigned_nodes(rest), [text, b]);
    // The first goes: the second takes over, and both changed.
    page.tree.remove(one).unwrap();
    assert_eq!(page.tree.assigned_nodes(two), [i]);
    assert!(page.tree.assigned_nodes(one).is_empty());
    assert_eq!(page.tree.take_signal_slots(), [two, one]);
    // A child changes its mind.
    page.tree.set_attribute(i, "slot", "").unwrap();
    assert_eq!(page.tree.assigned_nodes(rest), [i, text, b]);
    assert_eq!(page.tree.take_signal_slots(), [two, rest]);
    // A slot changes its name.
    page.tree.set_attribute(two, "name", "").unwrap();
    assert_eq!(page.tree.assigned_nodes(two), [i, text, b]);
    assert!(page.tree.assigned_nodes(rest).is_empty());
    // A child comes in between, another goes.
    page.tree.take_signal_slots();
    let new = page.element("s");
    page.tree.insert_before(new, host, Some(b)).unwrap();
    page.tree.remove(text).unwrap();
    assert_eq!(page.tree.assigned_nodes(two), [i, new, b]);
    assert_eq!(page.tree.take_signal_slots(), [two]);
    assert_eq!(page.tree.assigned_slot(text), None);
}

#[test]
fn flattening_goes_through_slots_and_fallback() {
    let (mut page, _, root) = page_with_shadow(
        "<div id=host><b></b></div>",
        ShadowRootInit::default(),
        "<div id=inner><slot id=outer></slot></div><slot id=empty name=x>a<slot name=y><i></i></slot></slot>",
    );
    let inner = find(&page, root, "inner");
    let inner_root = page
        .tree
        .attach_shadow(inner, ShadowRootInit::default())
        .unwrap();
    page.tree
        .set_inner_html(inner_root, "<slot id=s></slot>")
        .unwrap();
    let slot = find(&page, inner_root, "s");
    let names = |nodes: &[NodeId]| -> Vec<String> {
        nodes
            .iter()
            .map(|&node| page.tree.node_name(node))
            .collect()
    };
    assert_eq!(names(page.tree.assigned_nodes(slot)), ["SLOT"]);
    assert_eq!(names(&page.tree.flattened_slottables(slot)), ["B"]);
    let empty = find(&page, root, "empty");
    assert_eq!(
        names(&page.tree.flattened_slottables(empty)),
        ["#text", "I"]
    );
}

#[test]
fn manual_slots_take_only_what_they_are_given() {
    let manual = ShadowRootInit {
        slot_assignment: SlotAssignmentMode::Manual,
        ..ShadowRootInit::default()
    };
    let (mut page, host, root) = page_with_shadow(
        "<div id=host><i id=i></i><b id=b></b></div><u id=u></u>",
        manual,
        "<slot id=one></slot><slot id=two></slot>",
    );
    let (one, two) = (find(&page, root, "one"), find(&page, root, "two"));
    let (i, b, u) = (page.id("i"), page.id("b"), page.id("u"));
    assert!(page.tree.assigned_nodes(one).is_empty());
    page.tree.assign_to_slot(one, &[b, i, u, b]).unwrap();
    assert_eq!(page.tree.assigned_nodes(one), [b, i]);
    page.tree.assign_to_slot(two, &[i]).unwrap();
    assert_eq!(page.tree.assigned_nodes(one), [b]);
    assert_eq!(page.tree.assigned_nodes(two), [i]);
    assert_eq!(page.tree.open_assigned_slot(i), Some(two));
    // Out of the host it is not shown; the slot is told.
    page.tree.take_signal_slots();
    page.tree.remove(b).unwrap();
    assert!(page.tree.assigned_nodes(one).is_empty());
    assert_eq!(page.tree.take_signal_slots(), [one]);
    page.tree.append(b, host).unwrap();
    assert_eq!(page.tree.assigned_nodes(one), [b]);
}

#[test]
fn event_paths_hide_what_is_inside_from_what_is_outside() {
    let (page, host, root) = page_with_shadow(
        "<div id=host><i id=i></i></div>",
        CLOSED,
        "<p id=p><slot id=s></slot></p>",
    );
    let (p, slot, i) = (find(&page, root, "p"), find(&page, root, "s"), page.id("i"));
    let ids = |reach, target| -> Vec<(NodeId, Option<NodeId>)> {
        page.tree
            .event_path(target, None, reach)
            .iter()
            .map(|entry| (entry.invocation_target, entry.shadow_adjusted_target))
            .collect()
    };
    // Not composed: it stays inside.
    assert_eq!(ids(EventReach::Tree, p), [(p, Some(p)), (root, None)]);
    // Composed: the host stands for it.
    let path = ids(EventReach::Composed, p);
    assert_eq!(
        &path[..4],
        [
            (p, Some(p)),
            (root, None),
            (host, Some(host)),
            (page.body(), None)
        ]
    );
    // A slotted node goes through its slot, and stays the target.
    let path = page.tree.event_path(i, None, EventReach::Tree);
    let targets: Vec<_> = path.iter().map(|entry| entry.invocation_target).collect();
    assert_eq!(&targets[..5], [i, slot, p, root, host]);
    assert!(path[1].slot_in_closed_tree && path[3].root_of_closed_tree);
    assert!(
        path[1..]
            .iter()
            .all(|entry| entry.shadow_adjusted_target.is_none())
    );
}

#[test]
fn events_between_nodes_of_one_shadow_tree_do_not_leave_it() {
    let (page, host, root) = page_with_shadow(
        "<div id=host></div>",
        ShadowRootInit::default(),
        "<a id=a></a><b id=b></b>",
    );
    let (a, b) = (find(&page, root, "a"), find(&page, root, "b"));
    let path = page.tree.event_path(a, Some(b), EventReach::Composed);
    let targets: Vec<_> = path.iter().map(|entry| entry.invocation_target).collect();
    assert_eq!(targets, [a, root]);
    // Seen from the host, both are the host.
    assert!(
        page.tree
            .event_path(host, Some(b), EventReach::Composed)
            .is_empty()
    );
    assert_eq!(page.tree.retarget(a, Some(page.body())), host);
    assert_eq!(page.tree.retarget(a, Some(b)), a);
}

#[test]
fn clones_take_clonable_roots_along() {
    let clonable = ShadowRootInit {
        clonable: true,
        ..CLOSED
    };
    for (init, has_root) in [(clonable, true), (CLOSED, false)] {
        let (mut page, host, _) = page_with_shadow(
            "<div id=host><i id=i></i></div>",
            init,
            "<p><slot id=s></slot></p>",
        );
        let copy = page.tree.clone_node(host, CloneDepth::Subtree).unwrap();
        assert_eq!(page.tree.shadow_root(copy).is_some(), has_root);
        if let Some(root) = page.tree.shadow_root(copy) {
            let slot = find(&page, root, "s");
            assert!(page.tree.is_in_shadow_tree(slot));
            assert_eq!(
                page.tree.assigned_nodes(slot),
                [page.tree.first_child(copy).unwrap()]
            );
        }
        let shallow = page.tree.clone_node(host, CloneDepth::Node).unwrap();
        let inside = page
            .tree
            .shadow_root(shallow)
            .and_then(|root| page.tree.first_child(root));
        assert_eq!(inside.is_some(), has_root);
    }
}

#[test]
fn adoption_takes_the_shadow_tree_along_and_no_root_alone() {
    let (mut page, host, root) = page_with_shadow(
        "<div id=host></div>",
        ShadowRootInit::default(),
        "<b id=b></b>",
    );
    let b = find(&page, root, "b");
    let other = page
        .tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    assert!(matches!(
        page.tree.adopt(root, other),
        Err(DomError::HierarchyRequest(_))
    ));
    assert!(matches!(
        page.tree.clone_node(root, CloneDepth::Subtree),
        Err(DomError::NotSupported(_))
    ));
    page.tree.adopt(host, other).unwrap();
    assert_eq!(page.tree.node_document(b), Some(other));
    assert_eq!(page.tree.node_document(root), Some(other));
    // A host does not fit into its own shadow tree.
    assert!(matches!(
        page.tree.append(host, b),
        Err(DomError::HierarchyRequest(_))
    ));
}

#[test]
fn declarative_roots_are_attached_where_the_caller_allows_it() {
    let markup = "<div id=host><template shadowrootmode=closed shadowrootserializable>\
        <p>in</p><slot></slot></template><b>out</b></div>";
    let page = declarative(markup);
    let host = page.id("host");
    let root = page.tree.shadow_root(host).unwrap();
    assert!(page.tree.is_declarative_shadow_root(root));
    assert_eq!(page.inner(root), "<p>in</p><slot></slot>");
    assert_eq!(page.inner(host), "<b>out</b>");
    let slot = page.tree.last_child(root).unwrap();
    assert_eq!(
        page.tree.assigned_nodes(slot),
        [page.tree.first_child(host).unwrap()]
    );
    // Elsewhere it is a template.
    let page = parse(HtmlParserOptions::default(), markup);
    assert_eq!(page.tree.shadow_root(page.id("host")), None);
    let mut page = Page::new("<div id=a></div>");
    let a = page.id("a");
    page.tree.set_inner_html(a, markup).unwrap();
    assert_eq!(page.tree.shadow_root(page.id("host")), None);
    page.tree.set_html_unsafe(a, markup).unwrap();
    assert!(page.tree.shadow_root(page.id("host")).is_some());
}

#[test]
fn a_second_declarative_root_is_a_template_and_a_first_one_can_be_attached_again() {
    let mut page = declarative(
        "<div id=host><template shadowrootmode=open>1</template><template shadowrootmode=open>2</template></div>",
    );
    let host = page.id("host");
    let root = page.tree.shadow_root(host).unwrap();
    assert_eq!(page.inner(root), "1");
    assert_eq!(
        page.inner(host),
        "<template shadowrootmode=\"open\">2</template>"
    );
    assert!(page.tree.attach_shadow(host, CLOSED).is_err());
    assert_eq!(
        page.tree.attach_shadow(host, ShadowRootInit::default()),
        Ok(root)
    );
    assert_eq!(page.inner(root), "");
    assert!(
        page.tree
            .attach_shadow(host, ShadowRootInit::default())
            .is_err()
    );
}

#[test]
fn markup_with_shadow_roots_reads_back() {
    let markup = "<div id=\"host\"><template shadowrootmode=\"open\" shadowrootdelegatesfocus=\"\" \
        shadowrootserializable=\"\" shadowrootclonable=\"\"><p><x-y><template shadowrootmode=\"closed\" \
        shadowrootserializable=\"\"></template>light</x-y></p></template><i></i></div><b></b>";
    let page = declarative(markup);
    let all = ShadowRoots::Some {
        serializable: true,
        listed: &[],
    };
    assert_eq!(html_with_shadow_roots(&page.tree, page.body(), all), markup);
    assert_eq!(page.body_html(), "<div id=\"host\"><i></i></div><b></b>");
    // By name, whatever it was made with.
    let (page, host, root) = page_with_shadow("<div id=host>x</div>", CLOSED, "y");
    let listed = ShadowRoots::Some {
        serializable: true,
        listed: &[root],
    };
    assert_eq!(
        html_with_shadow_roots(&page.tree, host, listed),
        "<template shadowrootmode=\"closed\">y</template>x"
    );
    assert_eq!(html_with_shadow_roots(&page.tree, host, all), "x");
}

#[test]
fn selectors_stay_within_their_tree() {
    let (page, host, root) = page_with_shadow(
        "<div id=host class=c><p></p></div>",
        ShadowRootInit::default(),
        "<p><b></b></p>",
    );
    let p = page.tree.first_child(root).unwrap();
    let query = |scope, selectors| page.tree.query_selector(scope, selectors).unwrap();
    assert_eq!(
        page.tree
            .query_selector_all(page.document, "p")
            .unwrap()
            .len(),
        1
    );
    assert_eq!(query(root, "p"), Some(p));
    assert_eq!(query(root, "div p"), None);
    assert_eq!(query(root, "body b"), None);
    assert_eq!(query(root, ":host > p"), Some(p));
    assert_eq!(query(root, ":host(.c) b"), page.tree.first_child(p));
    assert_eq!(query(root, ":host(.d) b"), None);
    assert_eq!(query(root, ":scope > p"), Some(p));
    assert_eq!(query(root, ":root"), None);
    assert!(
        page.tree
            .matches(page.tree.first_child(p).unwrap(), "p > b")
            .unwrap()
    );
    assert_eq!(page.tree.closest(p, "div"), Ok(None));
    let _ = host;
}

#[test]
fn freeing_a_host_frees_its_shadow_tree() {
    let (mut page, host, _) = page_with_shadow(
        "<div id=host>a<b></b></div>",
        ShadowRootInit::default(),
        "<p><slot></slot></p><x-y></x-y>",
    );
    let before = page.tree.node_count();
    page.tree.remove(host).unwrap();
    page.tree.free_subtree(host).unwrap();
    assert_eq!(before - page.tree.node_count(), 7);
    assert!(!page.tree.has_shadow_trees());
    // The templates of declarative roots are gone with the parser.
    let page = declarative("<body><div id=host><template shadowrootmode=open></template></div>");
    // Document, html, head, body, host, root, and the inert document of the template.
    assert_eq!(page.tree.node_count(), 7);
}

#[test]
fn moving_between_trees_keeps_ids_where_they_belong() {
    let (mut page, host, root) = page_with_shadow(
        "<div id=host></div><p id=p></p>",
        ShadowRootInit::default(),
        "<slot></slot>",
    );
    let (document, p) = (page.document, page.id("p"));
    page.tree.move_before(p, root, None).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "p"), None);
    assert!(page.tree.is_in_shadow_tree(p));
    page.tree.move_before(p, host, None).unwrap();
    assert_eq!(page.tree.get_element_by_id(document, "p"), Some(p));
    assert_eq!(page.tree.assigned_slot(p), page.tree.first_child(root));
}

#[test]
fn many_children_of_a_host_cost_little_each() {
    let (mut page, host, root) = page_with_shadow(
        "<div id=host></div>",
        ShadowRootInit::default(),
        "<slot></slot>",
    );
    let slot = page.tree.first_child(root).unwrap();
    for _ in 0..20_000 {
        let child = page.element("i");
        page.tree.append(child, host).unwrap();
    }
    assert_eq!(page.tree.assigned_nodes(slot).len(), 20_000);
    while let Some(child) = page.tree.first_child(host) {
        page.tree.remove(child).unwrap();
    }
    assert!(page.tree.assigned_nodes(slot).is_empty());
}

#[test]
fn a_definition_can_forbid_shadow_roots() {
    let mut page = Page::new("<x-y id=a></x-y>");
    let (a, document) = (page.id("a"), page.document);
    page.tree.set_custom_element_registry(document, 1);
    let definition = Definition {
        name: LocalName::from("x-y"),
        local_name: LocalName::from("x-y"),
        observed_attributes: HashSet::default(),
        callbacks: CallbackSet::default(),
        form_associated: false,
        disable_shadow: true,
    };
    page.tree.define_custom_element(1, definition);
    assert!(matches!(
        page.tree.attach_shadow(a, ShadowRootInit::default()),
        Err(DomError::NotSupported(_))
    ));
    page.tree
        .set_html_unsafe(a, "<x-y><template shadowrootmode=open></template></x-y>")
        .unwrap();
    assert!(page.inner(a).contains("<template"));
}
