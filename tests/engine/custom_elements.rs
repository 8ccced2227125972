//! Custom elements and the parsers: constructed where their start tag stands, told before what follows is parsed.

use std::time::Duration;

use readystate::Page;

use crate::support::page::settled;
use crate::support::server::Server;
use crate::support::trials;

trials!("engine::custom_elements":
    the_parser_constructs_before_it_sets_attributes_and_inserts,
    the_parser_upgrades_what_was_there_before_the_definition,
    a_constructor_may_fail_or_give_another_element,
    written_markup_is_constructed_at_once,
    dynamic_markup_insertion_throws_while_the_parser_constructs,
    microtasks_run_before_and_after_a_constructor,
    templates_and_frames_have_other_registries,
    xhtml_documents_are_upgraded,
    a_script_among_several_inserted_nodes_has_reactions_of_its_own,
    a_window_that_gets_another_document_keeps_its_definitions,
);

#[track_caller]
fn check(html: &str, result: &str, expected: &str) {
    check_as("text/html", html, result, expected);
}

#[track_caller]
fn check_as(content_type: &'static str, html: &str, result: &str, expected: &str) {
    let html = html.to_owned();
    let server = Server::start(move |_, connection| connection.answer(content_type, html.clone()));
    let page: Page = settled(&server.url("/"));
    match page.evaluate_to_text(result, Duration::from_secs(20)) {
        Ok(text) => assert_eq!(text, expected),
        Err(error) => panic!("{result}: {error}"),
    }
}

fn the_parser_constructs_before_it_sets_attributes_and_inserts() {
    check(
        "<!doctype html><script>var log = [];
         class A extends HTMLElement {
           static observedAttributes = ['x'];
           constructor() { super(); log.push(`new ${this.attributes.length} ${this.parentNode} ${document.body.children.length}`) }
           attributeChangedCallback(name) { log.push(`${name} ${this.parentNode} ${this.childNodes.length}`) }
           connectedCallback() { log.push(`in ${this.parentNode.id} ${this.childNodes.length} ${this.nextSibling}`) }
         }
         customElements.define('a-a', A);
         class P extends HTMLParagraphElement { constructor() { super(); log.push('p ' + this.attributes.length) } connectedCallback() { log.push('p in') } }
         customElements.define('p-p', P, { extends: 'p' })</script>
         <body><div id=d><a-a x=1 y=2><a-a x=3>text</a-a></a-a><p is=p-p>text</p></div><b><a-a></b>",
        "log.join() + [...document.querySelectorAll('a-a')].every((e) => e instanceof A)",
        "new 0 null 1,x null 0,in d 0 null,new 0 null 1,x null 0,in  0 null,p 0,p in,new 0 null 2,in  0 nulltrue",
    );
}

fn the_parser_upgrades_what_was_there_before_the_definition() {
    check(
        "<!doctype html><body><a-a>1</a-a><textarea is=t-t></textarea><script>var log = [];
         customElements.define('a-a', class extends HTMLElement { connectedCallback() { log.push(this.textContent) } });
         customElements.define('t-t', class extends HTMLTextAreaElement { connectedCallback() { log.push('t' + this.textContent) } }, { extends: 'textarea' });
         log.push('defined')</script><a-a>2</a-a><textarea is=t-t>x</textarea>",
        "log.join()",
        "1,t,defined,,tx",
    );
}

fn a_constructor_may_fail_or_give_another_element() {
    check(
        "<!doctype html><body><script>var log = []; window.onerror = (m, u, l, c, e) => { log.push(e.name); return true };
         let other = null;
         customElements.define('a-a', class extends HTMLElement { constructor() { super(); throw new RangeError() } });
         customElements.define('b-b', class B extends HTMLElement { constructor() { super(); if (other === null) { other = this; return other = new B() } } });
         customElements.define('c-c', class extends HTMLElement { constructor() { super(); this.id = 'x' } });
         </script><a-a x=1>one</a-a><b-b>two</b-b><c-c></c-c>",
        "[...[...document.body.children].slice(1).map((e) => [e.constructor.name, e.matches(':defined'), e.textContent, e === other].join('/')), ...log].join()",
        "HTMLUnknownElement/false/one/false,B/true/two/true,HTMLUnknownElement/false//false,RangeError,NotSupportedError",
    );
}

fn written_markup_is_constructed_at_once() {
    check(
        "<!doctype html><body><script>var log = [];
         customElements.define('a-a', class extends HTMLElement { constructor() { super(); log.push('new') } connectedCallback() { log.push(this.childNodes.length) } });
         document.write('<a-a>x<b>y</b></a-a><a-');
         log.push(document.querySelectorAll('a-a').length);
         document.write('a>');
         log.push(document.querySelectorAll('a-a').length)</script>z",
        "log.join() + document.querySelectorAll('a-a')[1].textContent.trim()",
        "new,0,1,new,0,2z",
    );
}

fn dynamic_markup_insertion_throws_while_the_parser_constructs() {
    check(
        "<!doctype html><body><script>var log = [];
         const attempt = (when) => { for (const f of [() => document.write('<i>'), () => document.open(), () => document.close()]) try { f(); log.push(when + ' ok') } catch (e) { log.push(when + ' ' + e.name) } };
         customElements.define('a-a', class extends HTMLElement { static observedAttributes = ['x']; constructor() { super(); attempt('new') } attributeChangedCallback() { attempt('x') } });
         </script><a-a x=1></a-a><p id=p>after",
        "log.join() + document.getElementById('p').textContent + document.querySelectorAll('i').length",
        "new InvalidStateError,new InvalidStateError,new InvalidStateError,x InvalidStateError,x InvalidStateError,x InvalidStateErrorafter0",
    );
}

fn microtasks_run_before_and_after_a_constructor() {
    check(
        "<!doctype html><body><script>var log = [];
         customElements.define('a-a', class extends HTMLElement {
           constructor() { super(); log.push('new'); Promise.resolve().then(() => log.push('task ' + this.isConnected)) }
           connectedCallback() { log.push('in') } });
         new MutationObserver((records) => log.push('records ' + records.length)).observe(document.body, { childList: true });
         </script><b></b><a-a></a-a>",
        "log.slice(0, 4).join()",
        "records 1,new,task false,in",
    );
}

fn templates_and_frames_have_other_registries() {
    check(
        "<!doctype html><body><script>var count = 0;
         customElements.define('a-a', class A extends HTMLElement { constructor() { super(); count++ } });
         </script><template id=t><a-a></a-a></template><iframe id=f srcdoc='<a-a></a-a>'></iframe><svg><a-a></a-a></svg>",
        "const inner = f.contentDocument.querySelector('a-a');
         const before = [count, t.content.firstChild.constructor.name, inner.constructor.name, inner instanceof f.contentWindow.HTMLElement];
         document.body.append(inner);
         [...before, count, inner.constructor.name].join()",
        "0,HTMLElement,HTMLElement,true,1,A",
    );
}

fn xhtml_documents_are_upgraded() {
    check_as(
        "application/xhtml+xml",
        "<html xmlns='http://www.w3.org/1999/xhtml'><body><a-a/><p is='p-p'/><script>
         customElements.define('a-a', class A extends HTMLElement {});
         customElements.define('p-p', class P extends HTMLParagraphElement {}, { extends: 'p' });
         </script><a-a/></body></html>",
        "[...document.body.children].map((e) => e.constructor.name).join()",
        "A,P,HTMLScriptElement,A",
    );
}

fn a_script_among_several_inserted_nodes_has_reactions_of_its_own() {
    check(
        "<!doctype html><body><script>var log = [];
         class A extends HTMLElement { connectedCallback() { log.push('in ' + this.id) } }
         customElements.define('a-a', A);
         const outer = new A(), script = document.createElement('script');
         outer.id = 'outer';
         script.text = `const inner = new A(); inner.id = 'inner'; log.push('script'); document.body.append(inner); log.push('end')`;
         document.body.append(outer, script);
         log.push('after')</script>",
        "log.join()",
        "script,in inner,end,in outer,after",
    );
}

fn a_window_that_gets_another_document_keeps_its_definitions() {
    check(
        "<!doctype html><body><iframe id=f src='data:text/plain,x'></iframe><script>var log = [];
         const frame = document.createElement('iframe');
         frame.srcdoc = '<b-b></b-b>';
         document.body.append(frame);
         const first = frame.contentWindow;
         first.customElements.define('b-b', class B extends first.HTMLElement { connectedCallback() { log.push('in') } });
         frame.onload = () => log.push(first === frame.contentWindow, first.customElements.get('b-b') !== undefined)</script>",
        "const [same, kept] = log.slice(-2); [same === kept, log.includes('in') === kept].join()",
        "true,true",
    );
}
