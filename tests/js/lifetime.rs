//! How long nodes and their wrappers live. QuickJS need not free what it could (it is not asserted there), but keeps as much.

use libtest_mimic::Trial;
use readystate_js::{ENGINE, WindowId};

use super::agent_fixture::{Fixture, with_agent};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        Trial::test(
            "js::lifetime::detached_trees_that_script_lost_are_freed",
            || {
                with_agent(|page| {
                    let window = page.open("https://a.test/", None);
                    let before = settled_nodes(page);
                    for _ in 0..5 {
                        page.value(window, LOSE_TWO_THOUSAND_TREES);
                    }
                    let after = settled_nodes(page);
                    if ENGINE == "v8" {
                        assert!(after <= before + 10, "{before} nodes became {after}");
                    }
                });
                Ok(())
            },
        ),
        Trial::test(
            "js::lifetime::sweeping_goes_on_by_itself_at_the_end_of_tasks",
            || {
                with_agent(|page| {
                    let window = page.open("https://a.test/", None);
                    let mut most = 0;
                    for _ in 0..60 {
                        page.value(window, LOSE_TWO_THOUSAND_TREES);
                        most = most.max(nodes());
                    }
                    // 480,000 nodes were made.
                    if ENGINE == "v8" {
                        assert!(most < 150_000, "{most} nodes at once");
                    }
                });
                Ok(())
            },
        ),
        Trial::test("js::lifetime::documents_without_a_window_are_freed", || {
            with_agent(|page| {
                let window = page.open("https://a.test/", None);
                let before = settled_nodes(page);
                page.value(
                    window,
                    "for (let i = 0; i < 600; i++) new DOMParser().parseFromString('<a><b>x</b></a>', 'text/xml').documentElement.firstChild.mark = i; 0",
                );
                let after = settled_nodes(page);
                if ENGINE == "v8" {
                    assert!(after <= before + 10, "{before} nodes became {after}");
                }
            });
            Ok(())
        }),
        Trial::test(
            "js::lifetime::a_tree_lives_while_one_of_its_wrappers_does",
            || {
                keeps(
                "var div = document.createElement('div'); div.innerHTML = '<p><i>x</i></p><b></b>'; div.tag = 'top'; div.firstChild.tag = 'p';
                 div.addEventListener('x', () => heard = 'yes'); var heard = 'no'; var i = div.firstChild.firstChild; div = null; 0",
                "i.dispatchEvent(new Event('x', { bubbles: true })); [i.parentNode.tag, i.parentNode.parentNode.tag, i.parentNode.nextSibling.localName, heard].join()",
                "p,top,b,yes",
            );
                Ok(())
            },
        ),
        Trial::test(
            "js::lifetime::a_wrapper_without_a_tree_keeps_its_listeners_and_properties",
            || {
                keeps(
                    "var i = document.createElement('i'), heard = 0; i.mark = 7; i.onclick = () => heard++; var same = i; 0",
                    "i.dispatchEvent(new MouseEvent('click')); document.body.append(i); [document.body.lastChild === same, same.mark, heard].join()",
                    "true,7,1",
                );
                Ok(())
            },
        ),
        Trial::test("js::lifetime::a_node_keeps_its_document", || {
            keeps(
                "var z = new DOMParser().parseFromString('<q/>', 'text/xml').createElement('z'); z.ownerDocument.mark = 9;
                 var s = new DOMParser().parseFromString('<r><s/></r>', 'text/xml').documentElement.firstChild; s.ownerDocument.mark = 5; 0",
                "[z.ownerDocument.mark, z.ownerDocument.documentElement.localName, s.ownerDocument.mark, s.parentNode.localName].join()",
                "9,q,5,r",
            );
            Ok(())
        }),
        Trial::test("js::lifetime::what_names_a_node_keeps_it", || {
            keeps(
                "const div = document.createElement('div'); div.innerHTML = '<u class=c>1</u><u title=t>2</u>';
                 var list = div.childNodes, found = div.querySelectorAll('u'), tokens = div.firstChild.classList, attr = div.lastChild.getAttributeNode('title');
                 var range = document.createRange(); { const text = new Text('abc'); range.setStart(text, 2); }
                 { const e = document.createElement('a'); e.innerHTML = '<b/>'; var walker = document.createNodeIterator(e); } 0",
                "div_gone = typeof div; [list.length, list[1].textContent, found[0].className, tokens.value, attr.ownerElement === list[1],
                 range.startContainer.data, walker.nextNode().localName, walker.nextNode().localName].join()",
                "2,2,c,c,true,abc,a,b",
            );
            Ok(())
        }),
        Trial::test("js::lifetime::a_static_list_keeps_what_was_removed", || {
            keeps(
                "document.body.innerHTML = '<p>1</p><p>2</p>'; var list = document.querySelectorAll('p'); document.body.innerHTML = ''; 0",
                "document.body.innerHTML = '<b>3</b><b>4</b>'; [list.length, list[0].localName, list[1].textContent].join()",
                "2,p,2",
            );
            Ok(())
        }),
        Trial::test(
            "js::lifetime::trees_that_join_and_part_between_collections_stay_whole",
            || {
                keeps(
                    "var a = document.createElement('a'), b = document.createElement('b'); a.mark = 1; b.mark = 2; a.append(b); 0",
                    "const c = document.createElement('c'); c.append(a); b.remove(); c.append('x', b); b = null; c.lastChild.mark + c.firstChild.mark",
                    "3",
                );
                keeps(
                "var t = document.createElement('template'); t.innerHTML = '<i></i>'; var i = t.content.firstChild; t.mark = 1; t.content.mark = 2;
                 var h = document.createElement('div'); var root = h.attachShadow({ mode: 'open' }); h.mark = 3; h = null; 0",
                "[i.parentNode.mark, t.content === i.parentNode, t.mark, root.host.mark].join()",
                "2,true,1,3",
            );
                Ok(())
            },
        ),
        Trial::test(
            "js::lifetime::ids_of_a_freed_document_are_not_those_of_the_next",
            || {
                with_agent(|page| {
                    let window = page.open("https://a.test/", None);
                    page.value(
                        window,
                        "var find = (text) => { const d = new DOMParser().parseFromString(text, 'text/html'); let found;
                             for (let i = 0; i < 4; i++) found = d.getElementById('x')?.localName; return found }; 0",
                    );
                    // The documents and their elements may well have the same numbers one after the other.
                    for name in ["p", "u", "i", "b"] {
                        page.agent.collect_garbage();
                        let found = page.value(window, &format!("find('<b></b><{name} id=x>')"));
                        assert_eq!(found, name);
                        page.agent.collect_garbage();
                        let found = page.value(window, "find('<b></b><b></b>') + ''");
                        assert_eq!(found, "undefined");
                    }
                });
                Ok(())
            },
        ),
        Trial::test(
            "js::lifetime::a_live_document_keeps_properties_of_its_nodes",
            || {
                keeps(
                    "document.body.innerHTML = '<p><i></i></p>'; document.querySelector('i').mark = 4; 0",
                    "document.querySelector('i').mark",
                    "4",
                );
                Ok(())
            },
        ),
    ]
}

/// Two thousand trees of four nodes, with listeners that hold them.
const LOSE_TWO_THOUSAND_TREES: &str = "for (let i = 0; i < 1000; i++) {
    const div = document.createElement('div'); div.innerHTML = '<p>a<b></b></p>'; div.firstChild.onclick = () => div;
    const other = document.createElement('i'); document.body.append(other); other.append('x', document.createComment('y'), 'z'); other.remove();
    other.addEventListener('x', () => other);
} 0";

fn nodes() -> u32 {
    readystate_js::with_tree(|tree| tree.node_count())
}

fn settled_nodes(page: &mut Fixture) -> u32 {
    page.agent.collect_garbage();
    nodes()
}

/// Runs `prepare`, then much that dies and full collections, then expects of `question` the answer.
#[track_caller]
fn keeps(prepare: &'static str, question: &'static str, answer: &'static str) {
    with_agent(move |page| {
        let window: WindowId = page.open("https://a.test/", None);
        page.value(window, prepare);
        for _ in 0..2 {
            page.value(window, LOSE_TWO_THOUSAND_TREES);
            page.agent.collect_garbage();
        }
        assert_eq!(page.value(window, question), answer, "{prepare}");
    });
}
