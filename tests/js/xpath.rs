//! XPath as script sees it.

use super::agent_fixture;
use crate::support::trials;

trials!("js::xpath":
    results_have_the_type_that_was_asked_for,
    an_iterator_is_invalid_after_a_change_and_a_snapshot_is_not,
    resolvers_are_functions_objects_or_nodes_and_their_errors_are_reported,
    attributes_are_nodes_with_one_wrapper,
    what_is_wrong_is_named,
    focus_and_dialogs_are_known_to_selectors,
);

const NAME: &str =
    "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };";

#[track_caller]
fn check(markup: &str, source: &str, expected: &str) {
    agent_fixture::check(markup, &format!("{NAME} {source}"), expected);
}

fn results_have_the_type_that_was_asked_for() {
    check(
        "<p>1</p><p>2</p>",
        "const ask = (text, type) => document.evaluate(text, document.body, null, type);
         const all = ask('p', 6);
         [ask('sum(p)', 0).resultType, ask('sum(p)').numberValue, ask('p', 1).numberValue, ask('p', 2).stringValue,
          ask('q', 3).booleanValue, ask('p').resultType, all.snapshotLength, all.snapshotItem(1).textContent, all.snapshotItem(2),
          ask('p', 9).singleNodeValue === document.querySelector('p'), ask('q', 8).singleNodeValue,
          new XPathEvaluator().createExpression('count(p)').evaluate(document.body).numberValue].join()",
        "1,3,1,1,false,4,2,2,,true,,2",
    );
}

fn an_iterator_is_invalid_after_a_change_and_a_snapshot_is_not() {
    check(
        "<p>1</p><p>2</p>",
        "const iterator = document.evaluate('//p', document, null, 5);
         const snapshot = document.evaluate('//p', document, null, 7);
         const first = iterator.iterateNext();
         const before = iterator.invalidIteratorState;
         document.body.textContent = '';
         [first.textContent, before, iterator.invalidIteratorState, name(() => iterator.iterateNext()),
          snapshot.snapshotItem(1).textContent, snapshot.invalidIteratorState].join()",
        "1,false,true,InvalidStateError,2,false",
    );
}

fn resolvers_are_functions_objects_or_nodes_and_their_errors_are_reported() {
    check(
        "<svg><path/></svg>",
        "const svg = 'http://www.w3.org/2000/svg';
         const count = (resolver) => document.evaluate('count(//s:path)', document, resolver, 1).numberValue;
         let reported = 0;
         addEventListener('error', (event) => { reported++; event.preventDefault() });
         const root = document.createElementNS(svg, 's:svg');
         [count(() => svg), count({ lookupNamespaceURI: (prefix) => prefix === 's' ? svg : null }), count(() => ''),
          count(document.createNSResolver(root)), name(() => count(null)), name(() => count(() => { throw new Error })),
          name(() => count({})), name(() => count('s')), reported].join()",
        "1,1,0,1,NamespaceError,NamespaceError,NamespaceError,TypeError,2",
    );
}

fn attributes_are_nodes_with_one_wrapper() {
    check(
        "<p id=a class=b>",
        "const p = document.querySelector('p');
         const found = document.evaluate('//p/@*', document, null, 7);
         const attr = p.getAttributeNode('class');
         [found.snapshotLength, found.snapshotItem(1) === attr,
          document.evaluate('..', attr, null, 9).singleNodeValue === p,
          document.evaluate('name(.)', attr, null, 2).stringValue].join()",
        "2,true,true,class",
    );
}

fn what_is_wrong_is_named() {
    check(
        "<p>",
        "const ask = (text, type, node = document, result = null) => name(() => document.evaluate(text, node, null, type, result));
         [ask('//', 0), ask('f()', 0), ask('$x', 0), ask('count(1)', 0), ask('1', 6), ask('1', 10), ask('p', 0, null),
          ask('p', 0, document.createDocumentFragment()), ask('p', 0, document, {}),
          name(() => document.evaluate('1', document).stringValue), name(() => document.evaluate('p', document).snapshotLength),
          name(() => document.evaluate('p')), name(() => XPathEvaluator()), name(() => new XPathResult()),
          name(() => document.createExpression('a['))].join()",
        "SyntaxError,SyntaxError,SyntaxError,SyntaxError,TypeError,TypeError,TypeError,NotSupportedError,TypeError,\
         TypeError,TypeError,TypeError,TypeError,TypeError,SyntaxError",
    );
}

fn focus_and_dialogs_are_known_to_selectors() {
    check(
        "<div id=a><input id=b></div><dialog id=d></dialog><video id=v>",
        "const id = (selector) => document.querySelector(selector)?.id;
         const [b, d, v] = ['b', 'd', 'v'].map((id) => document.getElementById(id));
         const found = [];
         b.focus();
         found.push(id(':focus'), id('div:focus-within'), b.matches(':focus-visible'));
         d.showModal();
         found.push(id(':modal'), id(':focus'));
         d.close();
         found.push(id(':modal'), id(':open'), id(':focus'));
         v.muted = true;
         found.push(id(':muted'));
         b.remove();
         found.push(b.matches(':focus'), name(() => id(':nope')));
         found.join()",
        "b,a,true,d,d,,,b,v,false,SyntaxError",
    );
}
