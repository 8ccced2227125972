//! Custom elements as script sees them: definitions, construction, upgrades, reactions, element internals.

use super::agent_fixture::{Fixture, with_agent};
use crate::support::trials;

trials!("js::custom_elements":
    a_definition_reads_its_constructor_in_the_order_of_the_standard,
    what_cannot_be_defined_is_refused_by_name,
    elements_are_constructed_by_new_and_by_create_element,
    a_failed_constructor_leaves_an_unknown_element_and_is_reported,
    upgrades_go_in_tree_order_and_tell_of_attributes_then_of_connection,
    customized_built_in_elements_keep_their_is_value,
    reactions_run_before_the_method_that_caused_them_returns,
    a_method_with_several_nodes_tells_at_its_end,
    a_move_is_told_once_or_as_two_reactions,
    templates_are_inert_and_imports_are_not,
    markup_is_upgraded_outside_the_document_too,
    internals_are_given_once_and_only_to_constructed_elements,
    form_associated_elements_take_part_in_their_form,
    states_are_a_set,
    a_hundred_thousand_reactions_are_handled_without_recursion,
);

/// Runs `source`, and after a checkpoint compares what `result` gives.
#[track_caller]
fn check(source: &str, result: &str, expected: &str) {
    let texts = [source, result, expected].map(str::to_owned);
    with_agent(move |fixture: &mut Fixture| {
        let [source, result, expected] = texts;
        let window = fixture.open("https://a.test/page", None);
        fixture.value(window, &format!("{source}\n;''"));
        assert_eq!(fixture.value(window, &result), expected, "{source}");
    });
}

fn a_definition_reads_its_constructor_in_the_order_of_the_standard() {
    check(
        "var log = [];
         const traced = (object, name) => new Proxy(object, { get(target, key) { if (typeof key === 'string') log.push(name + key); return Reflect.get(target, key); } });
         class X extends HTMLElement { static formAssociated = true; attributeChangedCallback() {} }
         const prototype = traced(X.prototype, '.');
         const proxy = new Proxy(X, { get(target, key) { log.push(key); return key === 'prototype' ? prototype : Reflect.get(target, key); },
           getOwnPropertyDescriptor: undefined });
         const plain = function () {};
         plain.prototype = prototype;
         plain.formAssociated = true;
         customElements.define('x-x', new Proxy(plain, { get(target, key) { log.push(key); return Reflect.get(target, key); } }))",
        "log.join()",
        "prototype,.connectedCallback,.disconnectedCallback,.adoptedCallback,.connectedMoveCallback,.attributeChangedCallback,\
         observedAttributes,disabledFeatures,formAssociated,.formAssociatedCallback,.formResetCallback,.formDisabledCallback,\
         .formStateRestoreCallback",
    );
}

fn what_cannot_be_defined_is_refused_by_name() {
    check(
        "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         class A extends HTMLElement {}
         customElements.define('a-a', A);
         var errors = [
           name(() => customElements.define('b-b', () => {})), name(() => customElements.define('b-b', {})),
           name(() => customElements.define('bb', class {})), name(() => customElements.define('B-b', class {})),
           name(() => customElements.define('font-face', class {})), name(() => customElements.define('a-a', class {})),
           name(() => customElements.define('c-c', A)), name(() => customElements.define('d-d', class {}, { extends: 'a-a' })),
           name(() => customElements.define('d-d', class {}, { extends: 'blink' })), name(() => new A.constructor.prototype.constructor()),
           name(() => new HTMLElement()), name(() => new (class extends HTMLElement {})()), name(() => new HTMLDivElement()),
           name(() => HTMLElement()), name(() => new CustomElementRegistry())];
         var later = [];
         customElements.whenDefined('nope').catch((e) => later.push(e.name));
         const promise = customElements.whenDefined('e-e');
         later.push(promise === customElements.whenDefined('e-e'));
         promise.then((c) => later.push(c === customElements.get('e-e'), customElements.getName(c)));
         customElements.define('e-e', class extends HTMLElement {})",
        "[...errors, ...later, customElements.get('z-z'), customElements.getName(class {})].join()",
        "TypeError,TypeError,SyntaxError,SyntaxError,SyntaxError,NotSupportedError,NotSupportedError,NotSupportedError,NotSupportedError,none,\
         TypeError,TypeError,TypeError,TypeError,TypeError,true,SyntaxError,true,e-e,,",
    );
}

fn elements_are_constructed_by_new_and_by_create_element() {
    check(
        "class A extends HTMLElement { #secret = 7; read() { return this.#secret } }
         customElements.define('a-a', A);
         class B extends A {}
         customElements.define('b-b', B);
         const made = [new A(), document.createElement('A-A'), document.createElementNS('http://www.w3.org/1999/xhtml', 'p:a-a'), new B()];
         const foreign = document.createElementNS('http://www.w3.org/2000/svg', 'a-a');
         var result = [made.map((e) => [e.constructor.name, e.localName, e.prefix, e.read(), e.matches(':defined')].join('/')), foreign instanceof A,
           document.createElement('c-c').matches(':defined'), document.createElement('c-c').constructor.name, document.createElement('cc').constructor.name]",
        "result.join()",
        "A/a-a//7/true,A/a-a//7/true,A/a-a/p/7/true,B/b-b//7/true,false,false,HTMLElement,HTMLUnknownElement",
    );
}

fn a_failed_constructor_leaves_an_unknown_element_and_is_reported() {
    check(
        "var log = [];
         window.onerror = (message, url, line, column, error) => { log.push(error.name); return true };
         let act = () => {};
         customElements.define('a-a', class extends HTMLElement { constructor() { super(); act(this) } });
         const states = [];
         for (act of [(e) => e.setAttribute('x', ''), (e) => e.append('x'), (e) => document.body.append(e), () => { throw new RangeError('no') }]) {
           const made = document.createElement('a-a');
           states.push(made.constructor.name, made.matches(':defined'));
         }
         document.body.innerHTML = '';
         act = () => {};
         document.body.innerHTML = '<b-b></b-b>';
         const element = document.body.firstChild;
         customElements.define('b-b', class extends HTMLElement { constructor() { super(); throw new EvalError('no') } connectedCallback() { log.push('connected') } });
         customElements.upgrade(element);
         states.push(element.constructor.name, element.matches(':defined'));
         customElements.define('c-c', class extends HTMLElement { constructor() { return document.createElement('div') } });
         states.push(document.createElement('c-c').localName);
         document.body.innerHTML = '<d-d></d-d>';
         customElements.define('d-d', class extends HTMLElement { constructor() { super(); return new Object(); } })",
        "[...states, ...log].join()",
        "HTMLUnknownElement,false,HTMLUnknownElement,false,HTMLUnknownElement,false,HTMLUnknownElement,false,,false,c-c,\
         NotSupportedError,NotSupportedError,NotSupportedError,RangeError,EvalError,NotSupportedError,TypeError",
    );
}

fn upgrades_go_in_tree_order_and_tell_of_attributes_then_of_connection() {
    check(
        "var log = [];
         document.body.innerHTML = '<a-a id=1 x=1 y=2><a-a id=2 z=3></a-a></a-a>';
         const host = document.createElement('div');
         document.body.firstChild.append(host);
         host.attachShadow({ mode: 'open' }).innerHTML = '<a-a id=3></a-a>';
         const outside = document.createElement('a-a');
         outside.id = 4;
         class A extends HTMLElement {
           static observedAttributes = ['y', 'x', 'z'];
           constructor() { super(); log.push('new ' + this.id) }
           connectedCallback() { log.push('in ' + this.id) }
           attributeChangedCallback(name, old, value, namespace) { log.push([name, old, value, namespace].join('/')) }
         }
         customElements.define('a-a', A);
         log.push('defined', outside instanceof A);
         document.body.append(outside);
         log.push(outside instanceof A)",
        "log.join()",
        "new 1,x//1/,y//2/,in 1,new 2,z//3/,in 2,new 3,in 3,defined,false,new 4,in 4,true",
    );
}

fn customized_built_in_elements_keep_their_is_value() {
    check(
        "class P extends HTMLParagraphElement { hello() { return 'hi' } }
         const early = document.createElement('p', { is: 'my-p' });
         document.body.append(early);
         customElements.define('my-p', P, { extends: 'p' });
         const made = document.createElement('p', { is: 'my-p' });
         document.body.insertAdjacentHTML('beforeend', '<p is=my-p></p><div is=my-p></div>');
         const [, parsed, wrong] = document.body.children;
         parsed.setAttribute('is', 'other');
         var result = [early.hello(), made.hello(), new P().hello(), parsed.cloneNode().hello(), wrong instanceof P, wrong.matches(':defined'),
           made.outerHTML, made.hasAttribute('is'), parsed.outerHTML, document.createElement('p', { is: 'none-p' }).matches(':defined'),
           document.createElement('my-p') instanceof P]",
        "result.join()",
        "hi,hi,hi,hi,false,false,<p is=\"my-p\"></p>,false,<p is=\"other\"></p>,false,false",
    );
}

fn reactions_run_before_the_method_that_caused_them_returns() {
    check(
        "var log = [];
         class A extends HTMLElement {
           static observedAttributes = ['x', 'class', 'style', 'data-k', 'title'];
           connectedCallback() { log.push('in'); this.setAttribute('x', '0'); log.push('end') }
           disconnectedCallback() { log.push('out ' + this.isConnected) }
           adoptedCallback(from, to) { log.push('adopted ' + (from === document) + (to === other)) }
           attributeChangedCallback(name, old, value) { log.push(`${name}:${old}>${value}`) }
         }
         customElements.define('a-a', A);
         const other = document.implementation.createHTMLDocument('');
         const a = new A();
         document.body.append(a);
         a.classList.add('c'); a.style.color = 'red'; a.dataset.k = 'v'; a.title = 't'; a.toggleAttribute('x'); a.attributes.class.value = 'd';
         a.setAttribute('y', '1');
         log.push('|');
         other.body.append(a);
         log.push('|');
         a.remove();
         window.onerror = () => { log.push('reported'); return true };
         customElements.define('b-b', class extends HTMLElement { connectedCallback() { throw new Error('x') } });
         document.body.append(document.createElement('b-b'));
         log.push('after')",
        "log.join()",
        "in,x:null>0,end,class:null>c,style:null>color: red;,data-k:null>v,title:null>t,x:0>null,class:c>d,|,\
         out true,adopted truetrue,in,x:null>0,end,|,out false,reported,after",
    );
}

fn a_method_with_several_nodes_tells_at_its_end() {
    check(
        "var log = [];
         customElements.define('a-a', class extends HTMLElement {
           connectedCallback() { log.push('in ' + this.id + document.body.children.length) } disconnectedCallback() { log.push('out ' + this.id) } });
         document.body.innerHTML = '<a-a id=1></a-a><a-a id=2></a-a><i></i>';
         log.length = 0;
         const [one, two, i] = document.body.children;
         i.after(one, two);
         log.push('|');
         document.body.replaceChildren(two, one)",
        "log.join()",
        "out 1,in 13,out 2,in 23,|,out 2,in 22,out 1,in 12",
    );
}

fn a_move_is_told_once_or_as_two_reactions() {
    check(
        "var log = [];
         customElements.define('a-a', class extends HTMLElement { connectedMoveCallback() { log.push('moved') } connectedCallback() { log.push('in') } });
         customElements.define('b-b', class extends HTMLElement { connectedCallback() { log.push('in b') } disconnectedCallback() { log.push('out b ' + this.isConnected) } });
         document.body.innerHTML = '<a-a></a-a><b-b></b-b><div></div>';
         log.length = 0;
         const [a, b, div] = document.body.children;
         div.moveBefore?.(a, null);
         div.moveBefore?.(b, null)",
        "typeof document.body.moveBefore === 'function' ? log.join() : 'moved,out b true,in b'",
        "moved,out b true,in b",
    );
}

fn templates_are_inert_and_imports_are_not() {
    check(
        "var count = 0;
         class A extends HTMLElement { constructor() { super(); count++ } }
         customElements.define('a-a', A);
         document.body.innerHTML = '<template id=t><a-a></a-a><template><a-a></a-a></template></template>';
         const t = document.getElementById('t');
         var counts = [count];
         t.innerHTML += '<a-a></a-a>';
         counts.push(count);
         counts.push(t.content.cloneNode(true).firstChild instanceof A, count);
         const copy = document.importNode(t.content, true);
         counts.push(copy.firstChild instanceof A, count)",
        "counts.join()",
        "0,0,false,0,true,2",
    );
}

fn markup_is_upgraded_outside_the_document_too() {
    check(
        "class A extends HTMLElement {}
         customElements.define('a-a', A);
         const div = document.createElement('div');
         div.innerHTML = '<a-a></a-a>';
         const range = document.createRange();
         const inert = new DOMParser().parseFromString('<a-a></a-a>', 'text/html');
         var result = [div.firstChild instanceof A, range.createContextualFragment('<a-a></a-a>').firstChild instanceof A,
           inert.body.firstChild instanceof A, inert.createElement('a-a') instanceof A]",
        "result.join()",
        "true,true,false,false",
    );
}

fn internals_are_given_once_and_only_to_constructed_elements() {
    check(
        "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         class A extends HTMLElement { constructor() { super(); this.internals = this.attachInternals() } }
         customElements.define('a-a', A);
         customElements.define('b-b', class extends HTMLElement { static disabledFeatures = ['internals', 'shadow'] });
         class P extends HTMLParagraphElement {}
         customElements.define('p-p', P, { extends: 'p' });
         const a = new A(), b = document.createElement('b-b');
         var errors = [a, b, new P(), document.createElement('div'), document.createElement('c-c')].map((e) => name(() => e.attachInternals()));
         errors.push(name(() => b.attachShadow({ mode: 'open' })), name(() => a.internals.form));
         const root = a.attachShadow({ mode: 'closed' });
         a.internals.ariaLabel = 'label'; a.internals.role = 'button';",
        "[...errors, a.internals.shadowRoot === root, a.internals.ariaLabel, a.internals.role, a.internals.ariaBusy, a.getAttribute('role')].join()",
        "NotSupportedError,NotSupportedError,NotSupportedError,NotSupportedError,NotSupportedError,NotSupportedError,NotSupportedError,\
         true,label,button,,",
    );
}

fn form_associated_elements_take_part_in_their_form() {
    check(
        "var log = [];
         class C extends HTMLElement {
           static formAssociated = true;
           constructor() { super(); this.i = this.attachInternals(); this.i.setFormValue('v'); this.i.setValidity({ tooLong: true }, 'long') }
           formAssociatedCallback(form) { log.push('form ' + (form && form.id)) }
           formDisabledCallback(disabled) { log.push('disabled ' + disabled) }
           formResetCallback() { log.push('reset') }
         }
         customElements.define('c-c', C);
         document.body.innerHTML = '<form id=f><fieldset id=s><label for=c id=l>x</label><c-c id=c name=n></c-c></fieldset></form><form id=g></form>';
         const c = document.getElementById('c'), f = document.getElementById('f'), s = document.getElementById('s');
         const entries = () => [...new FormData(f)].join('=');
         log.push(f.elements.length, f.elements.n === c, entries(), f.checkValidity(), c.matches(':invalid'), c.i.validity.tooLong,
           c.i.validationMessage, c.i.labels.length, document.getElementById('l').control === c);
         f.reset();
         log.push('|');
         s.disabled = true;
         log.push(entries(), c.matches(':disabled'), c.i.willValidate);
         s.disabled = false;
         c.setAttribute('form', 'g');
         c.remove();
         c.i.setValidity({});
         log.push(c.i.form, c.matches(':valid'))",
        "log.join()",
        "form f,2,true,n,v,false,true,true,long,1,true,reset,|,disabled true,,true,false,disabled false,form g,form null,,true",
    );
}

fn states_are_a_set() {
    check(
        "class A extends HTMLElement { constructor() { super(); this.i = this.attachInternals() } }
         customElements.define('a-a', A);
         const { i } = new A(), { states } = i;
         states.add('x').add('y').add('x');
         var result = [states === i.states, states.size, states.has('y'), states.delete('x'), [...states].join('+'), String(states)];
         states.clear();
         result.push(states.size)",
        "result.join()",
        "true,2,true,true,y,[object CustomStateSet],0",
    );
}

fn a_hundred_thousand_reactions_are_handled_without_recursion() {
    check(
        "var count = 0;
         document.body.innerHTML = '<a-a></a-a>'.repeat(20000);
         customElements.define('a-a', class extends HTMLElement { connectedCallback() { count++ } disconnectedCallback() { count++ } });
         const fragment = document.createDocumentFragment();
         fragment.append(...document.body.children);
         document.body.append(fragment);
         document.body.textContent = ''",
        "String(count)",
        "80000",
    );
}
