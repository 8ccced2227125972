//! Selections and what of the glue a page can see.

use super::agent_fixture::check;
use crate::support::trials;

trials!("js::selection":
    a_selection_in_a_shadow_tree_is_seen_by_who_knows_the_root,
    a_range_that_is_selected_moves_the_selection,
    a_node_is_moved_within_its_tree_only,
    a_range_ends_up_around_what_surrounds_it,
    functions_of_the_interfaces_print_as_native,
);

fn a_selection_in_a_shadow_tree_is_seen_by_who_knows_the_root() {
    check(
        "<p id=host></p>",
        "const root = host.attachShadow({ mode: 'open' });
         root.innerHTML = '<b>text</b>';
         const selection = getSelection();
         selection.setBaseAndExtent(root.firstChild.firstChild, 1, root.firstChild.firstChild, 3);
         const [outside] = selection.getComposedRanges();
         const [inside] = selection.getComposedRanges({ shadowRoots: [root] });
         [selection.rangeCount, selection.anchorNode, outside.startContainer.nodeName, outside.endOffset - outside.startOffset,
          inside.startContainer.data, inside.startOffset, inside.endOffset].join()",
        "0,,BODY,1,text,1,3",
    );
}

fn a_range_that_is_selected_moves_the_selection() {
    check(
        "<p>text</p>",
        "const text = document.querySelector('p').firstChild;
         getSelection().collapse(text, 1);
         getSelection().getRangeAt(0).setEnd(text, 4);
         [getSelection().toString(), getSelection().type, getSelection().focusOffset].join()",
        "ext,Range,4",
    );
}

fn a_node_is_moved_within_its_tree_only() {
    check(
        "<ul><li id=a>1</li><li id=b>2</li></ul>",
        "const list = document.querySelector('ul');
         const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         list.moveBefore(b, a);
         [list.textContent, name(() => list.moveBefore(document.createElement('i'), null)), name(() => a.moveBefore(list, null))].join()",
        "21,HierarchyRequestError,HierarchyRequestError",
    );
}

fn a_range_ends_up_around_what_surrounds_it() {
    check(
        "<p>abcd</p>",
        "const p = document.querySelector('p');
         const range = document.createRange();
         range.setStart(p.firstChild, 1);
         range.setEnd(p.firstChild, 3);
         range.surroundContents(document.createElement('b'));
         [p.innerHTML, range.startContainer.nodeName, range.startOffset, range.endOffset].join()",
        "a<b>bc</b>d,P,1,2",
    );
}

fn functions_of_the_interfaces_print_as_native() {
    check(
        "",
        "const own = function own(a) { return a };
         const getter = Object.getOwnPropertyDescriptor(Node.prototype, 'firstChild').get;
         [String(Node), String(document.createElement), String(getter), String(Function.prototype.toString), String(own)].join(' | ')",
        "function Node() { [native code] } | function createElement() { [native code] } | function get firstChild() { [native code] } \
         | function toString() { [native code] } | function own(a) { return a }",
    );
}
