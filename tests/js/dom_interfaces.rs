//! The interfaces of the tree as script sees them.

use super::agent_fixture::check;
use crate::support::trials;

trials!("js::dom_interfaces":
    a_node_has_one_wrapper_of_its_interface,
    failures_are_exceptions_with_the_standards_names,
    an_id_looked_up_again_and_again_follows_every_change,
    live_collections_follow_the_tree_and_static_lists_do_not,
    items_of_lists_are_read_only_properties_of_their_own,
    the_names_of_a_collection_hide_nothing_and_are_not_enumerated,
    a_list_with_many_items_is_read_again_after_each_change,
    attributes_reflect_both_ways,
    event_handler_attributes_see_their_form_and_document,
    a_click_on_a_checkbox_is_undone_when_cancelled,
    a_form_knows_its_controls_by_name_and_resets_them,
    a_select_shows_the_option_that_script_chose,
    ranges_extract_across_elements_and_follow_mutations,
    node_iterators_step_aside_when_their_node_goes,
    mutation_records_tell_what_changed,
    elements_with_an_id_are_properties_of_the_window,
    a_name_of_the_window_comes_and_goes_with_its_elements,
    a_name_that_nobody_declared_is_a_reference_error,
    text_keeps_what_has_more_than_one_byte,
);

fn a_node_has_one_wrapper_of_its_interface() {
    check(
        "<p id=p>x",
        "const p = document.getElementById('p');
         [p === document.querySelector('p'), p.constructor.name, p.firstChild.constructor.name,
          document.createElement('no-such').constructor.name, document.createElement('nosuch').constructor.name,
          document.createElementNS('http://www.w3.org/2000/svg', 'svg').constructor.name].join()",
        "true,HTMLParagraphElement,Text,HTMLElement,HTMLUnknownElement,SVGSVGElement",
    );
}

fn failures_are_exceptions_with_the_standards_names() {
    check(
        "<p></p>",
        "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         const p = document.querySelector('p');
         [name(() => p.appendChild(document.body)), name(() => p.removeChild(p)), name(() => p.querySelector('!')),
          name(() => document.createElement('')), name(() => document.createElementNS(null, 'a:b')),
          name(() => p.appendChild(null)), name(() => Node.prototype.firstChild), name(() => new HTMLElement())].join()",
        "HierarchyRequestError,NotFoundError,SyntaxError,InvalidCharacterError,NamespaceError,TypeError,TypeError,TypeError",
    );
}

fn an_id_looked_up_again_and_again_follows_every_change() {
    check(
        "<p id=a>1</p><p id=b>2</p>",
        "const first = document.getElementById('a'), second = document.getElementById('b'), answers = [];
         const other = document.implementation.createHTMLDocument(); other.body.innerHTML = '<p id=a>other</p>';
         const ask = (root = document) => {
           let last;
           for (let i = 0; i < 4; i++) { const found = root.getElementById('a')?.textContent ?? '-'; if (i && found !== last) throw found; last = found }
           answers.push(last);
         };
         ask(); ask(other); ask();
         second.id = 'a'; ask();
         first.remove(); ask();
         document.body.append(first); ask();
         document.body.moveBefore(first, second); ask();
         first.removeAttribute('id'); second.id = 'b'; ask();
         document.body.insertAdjacentHTML('afterbegin', '<b id=a>3</b>'); ask();
         document.getElementById = undefined; delete document.getElementById;
         Map.prototype.get = () => 1; Map.prototype.set = Map.prototype.get; ask();
         document.body.innerHTML = ''; ask(); ask(other);
         const fragment = document.createDocumentFragment(); fragment.append(first); first.id = 'a'; ask(fragment); first.id = 'c'; ask(fragment);
         answers.join()",
        "1,other,1,1,2,2,1,-,3,3,-,other,1,-",
    );
}

fn live_collections_follow_the_tree_and_static_lists_do_not() {
    check(
        "<i class=a></i><i class=b></i>",
        "const live = document.getElementsByClassName('a'), fixed = document.querySelectorAll('.a');
         document.querySelector('.b').className = 'a';
         [live.length, fixed.length, live[1] === document.body.lastChild, 2 in live, [...live].length].join()",
        "2,1,true,false,2",
    );
}

fn items_of_lists_are_read_only_properties_of_their_own() {
    check(
        "<p class='x y'></p><p></p>",
        "'use strict';
         const tried = (f) => { try { return String(f()) } catch (e) { return e.name } };
         [document.getElementsByTagName('p'), document.body.childNodes, document.querySelectorAll('p'), document.body.firstChild.classList].map((list) => [
           tried(() => { list[0] = 1 }), tried(() => { list[9] = 1 }), tried(() => delete list[0]), tried(() => delete list[9]),
           tried(() => Object.defineProperty(list, 0, { value: 1 })), Reflect.set(list, 0, 1), Reflect.defineProperty(list, 0, { value: 1 }),
           tried(() => Object.preventExtensions(list)), Object.keys(list), 1 in list, 2 in list, list[2], list['00'], list[4294967295],
           Object.entries(Object.getOwnPropertyDescriptor(list, 1)).map(([key, value]) => key === 'value' ? value === list[1] : value),
         ].join()).join(' ')",
        &["TypeError,TypeError,TypeError,true,TypeError,false,false,TypeError,0,1,true,false,,,,true,false,true,true"; 4].join(" "),
    );
}

fn the_names_of_a_collection_hide_nothing_and_are_not_enumerated() {
    check(
        "<p id=one></p><p name=two></p><p id=item></p>",
        "const list = document.getElementsByTagName('p');
         list.two = 'lost'; list.other = 'kept';
         let named = 0; for (const key in list) if (key === 'one') named++;
         [list.one === list[0], list.two === list[1], typeof list.item, list.other, named,
          Object.getOwnPropertyNames(list).sort(), delete list.one, 'one' in list, Object.getOwnPropertyDescriptor(list, 'one').enumerable].join()",
        "true,true,function,kept,0,0,1,2,one,other,two,false,true,false",
    );
}

fn a_list_with_many_items_is_read_again_after_each_change() {
    check(
        "<p></p>",
        "for (let i = 0; i < 40; i++) document.body.append(i % 2 ? document.createElement('p') : 't');
         const all = document.getElementsByTagName('p'), nodes = document.body.childNodes, marked = document.getElementsByClassName('m');
         const seen = () => [all.length, all[20] === document.body.lastChild, nodes[40]?.nodeName, nodes[41]?.nodeName, marked[0] === all[1]].join();
         const before = [seen(), seen()];
         all[1].className = 'm'; before.push(seen(), seen());
         nodes[0].remove(); before.push(seen(), seen());
         document.body.prepend('t', document.createElement('p')); before.push(seen(), seen());
         before.join(' ')",
        "21,true,P,,false 21,true,P,,false 21,true,P,,true 21,true,P,,true \
         20,false,,,false 20,false,,,false 21,true,#text,P,true 21,true,#text,P,true",
    );
}

fn attributes_reflect_both_ways() {
    check(
        "<a href=../x?y#z></a><input maxlength=4>",
        "const [a, input] = document.body.children;
         a.hash = 'w'; a.dataset.fooBar = 1; a.style.color = 'red'; a.classList.add('c', 'd'); a.hidden = true;
         [a.pathname, a.getAttribute('href'), a.outerHTML.includes('data-foo-bar=\"1\"'), a.getAttribute('style'),
          a.className, a.getAttribute('hidden') === '', input.maxLength, input.type].join()",
        "/x,https://a.test/x?y#w,true,color: red;,c d,true,4,text",
    );
}

fn event_handler_attributes_see_their_form_and_document() {
    check(
        "<form><input name=user value=me><button type=button onclick='window.seen = [user.value, this.type, event.type, body.tagName].join()'>",
        "document.querySelector('button').click(); window.seen",
        "me,button,click,BODY",
    );
}

fn a_click_on_a_checkbox_is_undone_when_cancelled() {
    check(
        "<input type=checkbox>",
        "const box = document.querySelector('input'), log = [];
         for (const type of ['click', 'input', 'change']) box.addEventListener(type, () => log.push(type + box.checked));
         box.click();
         box.addEventListener('click', (event) => event.preventDefault());
         box.click();
         [log.join(' '), box.checked].join()",
        "clicktrue inputtrue changetrue clickfalse,true",
    );
}

fn a_form_knows_its_controls_by_name_and_resets_them() {
    check(
        "<form name=f><input name=user value=me><input type=radio name=r value=1 checked><input type=radio name=r value=2>",
        "const f = document.forms.f;
         f.user.value = 'you'; f.elements.r[1].checked = true;
         const before = [f.user.value, f.elements.r.value, f.user.defaultValue];
         f.reset();
         [...before, f.user.value, f.elements.r.value, f[0] === f.user, f.length].join()",
        "you,2,me,me,1,true,3",
    );
}

fn a_select_shows_the_option_that_script_chose() {
    check(
        "<select><option disabled>-<option value=a>A<option>B</select>",
        "const s = document.querySelector('select'), log = [s.value];
         s.value = 'B'; log.push(s.selectedIndex);
         s.value = 'none'; log.push(s.selectedIndex);
         s.add(new Option('C', 'c', false, true)); log.push(s.value, s.options.length);
         log.join()",
        "a,2,-1,c,4",
    );
}

fn ranges_extract_across_elements_and_follow_mutations() {
    check(
        "<p>hello <b>bold</b> world</p><p>second</p>",
        "const [one, two] = document.body.children, range = document.createRange();
         range.setStart(one.firstChild, 2); range.setEnd(two.firstChild, 3);
         const text = String(range), holder = document.createElement('div');
         holder.append(range.extractContents());
         const at = range.startOffset; one.remove();
         [text, holder.innerHTML, document.body.innerHTML, at, range.startOffset].join('|')",
        "llo bold worldsec|<p>llo <b>bold</b> world</p><p>sec</p>|<p>ond</p>|1|0",
    );
}

fn node_iterators_step_aside_when_their_node_goes() {
    check(
        "<i></i><b></b><u></u>",
        "const walk = document.createNodeIterator(document.body, NodeFilter.SHOW_ELEMENT);
         walk.nextNode(); walk.nextNode(); walk.nextNode().remove();
         [walk.referenceNode.localName, walk.nextNode().localName, walk.nextNode()].join()",
        "i,u,",
    );
}

fn mutation_records_tell_what_changed() {
    check(
        "",
        "const observer = new MutationObserver(() => {});
         observer.observe(document.body, { childList: true, subtree: true, attributeOldValue: true });
         const p = document.body.appendChild(document.createElement('p')); p.id = 'a'; p.id = 'b'; p.append('x');
         observer.takeRecords().map((r) => r.type + ':' + r.addedNodes.length + ':' + r.oldValue).join()",
        "childList:1:null,attributes:0:null,attributes:0:a,childList:1:null",
    );
}

fn elements_with_an_id_are_properties_of_the_window() {
    let markup = "<p id=first></p><form name=second></form>";
    check(
        markup,
        "[first === document.querySelector('p'), window.second === document.forms[0], typeof third, 'first' in window].join()",
        "true,true,undefined,true",
    );
}

fn a_name_of_the_window_comes_and_goes_with_its_elements() {
    check(
        "<p id=one></p><form name=two></form><i id=many></i><i id=many></i>",
        "const read = (name) => { try { return String((0, eval)(name)) } catch (error) { return error.name } };
         const seen = [read('many.length'), read('later')];
         one.id = 'later'; seen.push(read('one'), read('later.localName'));
         later.remove(); seen.push(read('later'));
         two.name = 'three'; seen.push(read('two'), read('three.localName'));
         (0, eval)('many = 5'); seen.push(read('many')); delete globalThis.many; seen.push(read('many.length'));
         document.body.textContent = ''; seen.push(read('three'), read('many'));
         seen.join()",
        "2,ReferenceError,ReferenceError,p,ReferenceError,ReferenceError,form,5,2,ReferenceError,ReferenceError",
    );
}

fn a_name_that_nobody_declared_is_a_reference_error() {
    check(
        "",
        "(() => { try { return nobodyDeclaredThis } catch (error) { return error.name } })()",
        "ReferenceError",
    );
}

fn text_keeps_what_has_more_than_one_byte() {
    check(
        "<p>\u{e9}\u{4e2d}\u{1f600}</p>",
        "const text = document.querySelector('p').firstChild;
         [text.length, text.substringData(1, 1), text.splitText(2).data.codePointAt(0).toString(16), text.data].join()",
        "4,\u{4e2d},1f600,\u{e9}\u{4e2d}",
    );
}
