//! Shadow trees and the events in them, as script sees them.

use super::agent_fixture::{Fixture, with_agent};
use crate::support::trials;

trials!("js::shadow_dom":
    a_shadow_root_is_reached_by_its_host_if_it_is_open,
    events_are_retargeted_and_closed_trees_stay_out_of_the_path,
    an_event_between_two_nodes_of_one_shadow_tree_does_not_reach_the_host,
    a_click_inside_a_shadow_tree_activates_what_is_around_it,
    slots_tell_of_changes_in_a_microtask,
    slots_by_hand_show_what_they_were_given,
    markup_is_trusted_only_where_the_caller_says_so,
    focus_of_a_host_goes_inside_and_is_shown_as_the_hosts,
    window_event_is_not_set_inside_shadow_trees,
    listeners_added_during_a_dispatch_wait_for_the_next,
    what_a_listener_of_another_window_throws_is_reported_there,
);

/// Sets the body's markup, runs `source`, and after a checkpoint compares what `result` gives.
#[track_caller]
fn check(markup: &str, source: &str, result: &str, expected: &str) {
    let texts = [markup, source, result, expected].map(str::to_owned);
    with_agent(move |fixture: &mut Fixture| {
        let [markup, source, result, expected] = texts;
        let window = fixture.open("https://a.test/page", None);
        fixture.value(window, &format!("document.body.innerHTML = {markup:?}; ''"));
        fixture.value(window, &format!("{source}\n;''"));
        assert_eq!(fixture.value(window, &result), expected, "{source}");
    });
}

fn a_shadow_root_is_reached_by_its_host_if_it_is_open() {
    check(
        "<div id=a></div><div id=b></div><input id=c>",
        "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         var one = a.attachShadow({ mode: 'open', delegatesFocus: true, clonable: true });
         var two = b.attachShadow({ mode: 'closed', slotAssignment: 'manual', serializable: true });
         one.innerHTML = '<p id=p>x</p>';
         var errors = [name(() => a.attachShadow({ mode: 'open' })), name(() => c.attachShadow({ mode: 'open' })), name(() => a.attachShadow({})),
           name(() => one.cloneNode()), name(() => document.adoptNode(one)), name(() => new ShadowRoot())].join()",
        "[a.shadowRoot === one, b.shadowRoot, one.host === a, one.mode, two.mode, one.delegatesFocus, two.slotAssignment, one.clonable,
          two.serializable, one instanceof DocumentFragment, one.getElementById('p').isConnected, document.getElementById('p'), one.innerHTML,
          one.firstChild.getRootNode() === one, one.firstChild.getRootNode({ composed: true }) === document, errors].join()",
        "true,,true,open,closed,true,manual,true,true,true,true,,<p id=\"p\">x</p>,true,true,\
         NotSupportedError,NotSupportedError,TypeError,NotSupportedError,HierarchyRequestError,TypeError",
    );
}

fn events_are_retargeted_and_closed_trees_stay_out_of_the_path() {
    check(
        "<div id=host><i id=i></i></div>",
        "var log = [];
         const names = (list) => list.map((x) => x === window ? 'window' : x.id || x.nodeName).join('/');
         const root = host.attachShadow({ mode: 'closed' });
         root.innerHTML = '<p id=p><slot id=slot></slot></p>';
         const p = root.getElementById('p');
         for (const target of [p, root, host, document]) {
           target.addEventListener('x', (e) => log.push(`${target.id || target.nodeName}:${e.target.id}:${e.eventPhase}:${names(e.composedPath())}`));
         }
         const inner = new Event('x', { bubbles: true, composed: true });
         p.dispatchEvent(inner);
         log.push(inner.target.id, inner.currentTarget, inner.composedPath().length);
         p.dispatchEvent(new Event('x', { bubbles: true }));
         // What is slotted passes through the tree that shows it.
         i.addEventListener('x', (e) => log.push(`i:${names(e.composedPath())}`));
         i.dispatchEvent(new Event('x', { bubbles: true }));",
        "log.join(' ')",
        "p:p:2:p/#document-fragment/host/BODY/HTML/#document/window \
         #document-fragment:p:3:p/#document-fragment/host/BODY/HTML/#document/window \
         host:host:2:host/BODY/HTML/#document/window #document:host:3:host/BODY/HTML/#document/window host  0 \
         p:p:2:p/#document-fragment #document-fragment:p:3:p/#document-fragment \
         i:i/host/BODY/HTML/#document/window p:i:3:i/slot/p/#document-fragment/host/BODY/HTML/#document/window \
         #document-fragment:i:3:i/slot/p/#document-fragment/host/BODY/HTML/#document/window \
         host:i:3:i/host/BODY/HTML/#document/window #document:i:3:i/host/BODY/HTML/#document/window",
    );
}

fn an_event_between_two_nodes_of_one_shadow_tree_does_not_reach_the_host() {
    check(
        "<div id=host></div><b id=b></b>",
        "var log = [];
         const root = host.attachShadow({ mode: 'open' });
         root.innerHTML = '<i id=one></i><i id=two></i>';
         const [one, two] = root.children;
         for (const target of [one, root, host, b, document]) {
           target.addEventListener('mouseover', (e) => log.push(`${target.id || target.nodeName}:${e.target.id}<${e.relatedTarget.id}`));
         }
         const go = (target, relatedTarget) => {
           const event = new MouseEvent('mouseover', { bubbles: true, composed: true, relatedTarget });
           target.dispatchEvent(event);
           log.push(`${event.target?.id}<${event.relatedTarget?.id}`);
         };
         go(one, two); go(one, b); go(b, one); go(host, one);",
        "log.join(' ')",
        "one:one<two #document-fragment:one<two undefined<undefined \
         one:one<b #document-fragment:one<b host:host<b #document:host<b host<b \
         b:b<host #document:b<host b<host undefined<one",
    );
}

fn a_click_inside_a_shadow_tree_activates_what_is_around_it() {
    check(
        "<label id=host-label><span id=host></span><input type=checkbox id=box></label>",
        "host.attachShadow({ mode: 'open' }).innerHTML = '<input type=checkbox><b></b>';
         var inner = host.shadowRoot.firstChild;
         inner.click();
         host.shadowRoot.lastChild.click();",
        "[inner.checked, box.checked].join()",
        "true,true",
    );
}

fn slots_tell_of_changes_in_a_microtask() {
    check(
        "<div id=host><i slot=a></i></div>",
        "var log = [];
         const root = host.attachShadow({ mode: 'open' });
         root.innerHTML = '<slot name=a></slot><slot></slot>';
         root.onslotchange = (e) => log.push(`${e.target.name || 'default'}:${e.target.assignedNodes().length}:${e.bubbles}`);
         host.append('text');
         host.append('more');
         log.push('sync');",
        "log.push(host.lastChild.assignedSlot === host.shadowRoot.lastChild, host.shadowRoot.lastChild.assignedElements().length); log.join(' ')",
        "sync a:1:true default:2:true true 0",
    );
}

fn slots_by_hand_show_what_they_were_given() {
    check(
        "<div id=host><i id=i></i><b id=b></b></div>",
        "const root = host.attachShadow({ mode: 'open', slotAssignment: 'manual' });
         root.innerHTML = '<slot></slot>';
         var slot = root.firstChild, before = slot.assignedNodes().length, error;
         slot.assign(b, i);
         try { slot.assign(document) } catch (e) { error = e.name }",
        "[before, slot.assignedNodes().map((n) => n.id).join('+'), error, slot.assignedNodes({ flatten: true }).length].join()",
        "0,b+i,TypeError,2",
    );
}

fn markup_is_trusted_only_where_the_caller_says_so() {
    let template =
        "<p id=p><template shadowrootmode=open shadowrootserializable>in</template>out</p>";
    check(
        "<div id=a></div>",
        &format!(
            "const markup = '{template}';
             const has = (root) => root.querySelector('p').shadowRoot !== null;
             a.innerHTML = markup;
             var log = [has(a)];
             a.setHTMLUnsafe(markup);
             log.push(has(a), a.getHTML(), a.getHTML({{ serializableShadowRoots: true }}), a.innerHTML);
             log.push(has(new DOMParser().parseFromString(markup, 'text/html')), has(Document.parseHTMLUnsafe(markup)));"
        ),
        "log.join(' ')",
        "false true <p id=\"p\">out</p> <p id=\"p\"><template shadowrootmode=\"open\" shadowrootserializable=\"\">in</template>out</p> \
         <p id=\"p\">out</p> false true",
    );
}

fn focus_of_a_host_goes_inside_and_is_shown_as_the_hosts() {
    check(
        "<div id=host></div><input id=outside>",
        "var log = [];
         const root = host.attachShadow({ mode: 'open', delegatesFocus: true });
         root.innerHTML = '<b></b><input id=one><input id=two>';
         const active = () => `${document.activeElement.id}/${root.activeElement?.id}`;
         document.addEventListener('focusin', (e) => log.push(`in:${e.target.id}`));
         host.focus();
         log.push(active());
         root.getElementById('two').focus();
         host.focus();
         log.push(active());
         outside.focus();
         log.push(active());",
        "log.join(' ')",
        "in:host host/one host/two in:outside outside/undefined",
    );
}

fn window_event_is_not_set_inside_shadow_trees() {
    check(
        "<div id=host></div>",
        "var log = [];
         const root = host.attachShadow({ mode: 'open' });
         root.innerHTML = '<p></p>';
         const note = (e) => log.push(window.event === e);
         root.firstChild.addEventListener('x', note);
         host.addEventListener('x', note);
         root.firstChild.dispatchEvent(new Event('x', { bubbles: true, composed: true }));",
        "[...log, window.event].join()",
        "false,true,",
    );
}

fn listeners_added_during_a_dispatch_wait_for_the_next() {
    check(
        "<div id=a></div>",
        "var log = [];
         a.addEventListener('x', () => { log.push(1); a.addEventListener('x', () => log.push(2)); }, { once: true });
         a.dispatchEvent(new Event('x'));
         log.push('-');
         a.dispatchEvent(new Event('x'));",
        "log.join('')",
        "1-2",
    );
}

fn what_a_listener_of_another_window_throws_is_reported_there() {
    with_agent(|fixture: &mut Fixture| {
        let outer = fixture.open("https://a.test/page", None);
        let inner = fixture.open("https://a.test/frame", Some(outer));
        fixture.value(
            inner,
            "var log = []; window.onerror = (message) => { log.push(message); return true };
             parent.listener = () => { log.push(window.event.type); throw new Error('theirs') }; ''",
        );
        fixture.value(
            outer,
            "var own = []; window.onerror = (message) => { own.push(message); return true };
             document.body.addEventListener('x', listener);
             document.body.dispatchEvent(new Event('x')); ''",
        );
        assert_eq!(fixture.value(outer, "own.join()"), "");
        assert_eq!(
            fixture.value(inner, "log.join()"),
            "x,Uncaught Error: theirs"
        );
    });
}
