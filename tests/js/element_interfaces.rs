//! Element interfaces of HTML and SVG, form controls, style declarations and UI events as script sees them.

use super::agent_fixture::check;
use crate::support::trials;

trials!("js::element_interfaces":
    selectors_see_what_script_did_to_controls,
    a_clone_of_a_control_keeps_its_state,
    a_pattern_that_mismatches_makes_an_input_invalid,
    a_range_of_text_is_replaced_and_selected,
    values_of_dates_step_by_their_unit,
    style_declarations_are_expanded_and_serialized,
    inner_text_is_what_would_be_shown,
    outer_text_joins_the_text_beside_it,
    dialogs_and_details_tell_of_what_opens,
    svg_elements_have_interfaces_and_animated_strings,
    media_is_not_supported_and_says_so,
    user_interface_events_have_their_members,
    a_popover_opens_and_closes_by_its_button,
    aria_attributes_name_elements,
    what_is_dragged_is_given_to_a_file_input,
    a_form_knows_names_until_their_elements_leave,
    autofill_names_are_told_only_if_they_are_right,
    forms_and_images_are_properties_of_the_document_by_name,
);

fn selectors_see_what_script_did_to_controls() {
    check(
        "<form id=f><input id=a type=radio name=r checked><input id=b type=radio name=r><input id=c placeholder=p value=v>\
         <select><option id=o>1<option id=p>2</select></form>",
        "b.click(); const out = [a.matches(':checked'), b.matches(':checked'), b.checked];
         c.value = ''; out.push(c.matches(':placeholder-shown'), document.querySelector('select').selectedIndex);
         p.selected = true; out.push(o.matches(':checked'), p.matches(':checked'));
         f.reset(); out.push(a.checked, c.value, o.selected); out.join()",
        "false,true,true,true,0,false,true,true,v,true",
    );
}

fn a_clone_of_a_control_keeps_its_state() {
    check(
        "<div id=d><input value=x><input type=checkbox><textarea>t</textarea></div>",
        "const [i, c, t] = d.children; i.value = 'typed'; c.checked = true; t.value = 'more';
         const [i2, c2, t2] = d.cloneNode(true).children; [i2.value, i2.defaultValue, c2.checked, t2.value].join()",
        "typed,x,true,more",
    );
}

fn a_pattern_that_mismatches_makes_an_input_invalid() {
    check(
        "<form id=f><input id=a pattern='[a-z]+' required><input id=n type=number min=2 step=3 value=2></form>",
        "let heard = 0; a.oninvalid = () => heard++;
         const out = [a.validity.valueMissing, f.checkValidity()];
         a.value = '1'; out.push(a.validity.patternMismatch, a.matches(':invalid'), f.checkValidity(), heard);
         a.value = 'ok'; out.push(a.matches(':valid'), f.matches(':valid'), f.checkValidity());
         n.value = '3'; out.push(n.validity.stepMismatch); n.setCustomValidity('no'); out.push(n.validationMessage); out.join()",
        "true,false,true,true,false,2,true,true,true,true,no",
    );
}

fn a_range_of_text_is_replaced_and_selected() {
    check(
        "<input id=a value=0123456789>",
        "a.setSelectionRange(2, 5, 'backward');
         const out = [a.selectionStart, a.selectionEnd, a.selectionDirection];
         a.setRangeText('xy', 2, 5, 'select'); out.push(a.value, a.selectionStart, a.selectionEnd);
         a.type = 'checkbox'; out.push(a.selectionStart); out.join()",
        "2,5,backward,01xy56789,2,4,",
    );
}

fn values_of_dates_step_by_their_unit() {
    check(
        "<input id=a type=date value=2024-02-28>",
        "a.stepUp(); const out = [a.value, a.valueAsNumber]; a.stepUp(1); out.push(a.value);
         a.type = 'time'; a.value = '23:30'; a.stepDown(5); out.push(a.value);
         a.type = 'week'; a.valueAsDate = new Date(Date.UTC(2020, 11, 31)); out.push(a.value); out.join()",
        "2024-02-29,1709164800000,2024-03-01,23:25,2020-W53",
    );
}

fn style_declarations_are_expanded_and_serialized() {
    check(
        "<p id=p style='margin: 1px 2px; COLOR: #f00'>x</p>",
        "const s = p.style; const out = [s.marginLeft, s.margin, s.color, s.length];
         s.width = '10'; s.width = '10px'; s.margin = ''; s.setProperty('top', '1px', 'important');
         out.push(p.getAttribute('style'), s.getPropertyPriority('top'), s[0], CSS.escape('1 a')); out.join('|')",
        "2px|1px 2px|rgb(255, 0, 0)|5|color: rgb(255, 0, 0); width: 10px; top: 1px !important;|important|color|\\31 \\ a",
    );
}

fn inner_text_is_what_would_be_shown() {
    check(
        "<div id=d>a  <b>b</b><p>c</p><script>x</script><table><tr><td>1<td>2</table></div>",
        "JSON.stringify([d.innerText, document.createElement('p').innerText])",
        r#"["a b\n\nc\n\n1\t2",""]"#,
    );
}

fn outer_text_joins_the_text_beside_it() {
    check(
        "<p id=p>a<b id=b>b</b>c</p>",
        "b.outerText = 'x'; [p.childNodes.length, p.textContent].join()",
        "1,axc",
    );
}

fn dialogs_and_details_tell_of_what_opens() {
    check(
        "<details id=a name=n></details><details id=b name=n></details><dialog id=g><button id=k>k</button></dialog>",
        "const out = []; b.open = true; a.open = true; out.push(a.open, b.open);
         g.onbeforetoggle = (e) => out.push(e.oldState + e.newState);
         g.showModal(); out.push(g.open, document.activeElement.id);
         try { g.show() } catch (e) { out.push(e.name) } g.close('v'); out.push(g.open, g.returnValue); out.join()",
        "true,false,closedopen,true,k,InvalidStateError,openclosed,false,v",
    );
}

fn svg_elements_have_interfaces_and_animated_strings() {
    check(
        "<svg id=v class=k><a id=l xlink:href=u></a><linearGradient></linearGradient></svg>",
        "v.className.baseVal = 'm'; l.href.baseVal = 'w';
         [v.constructor.name, v.getAttribute('class'), l.constructor.name, l.href.animVal, l.getAttribute('xlink:href'),
          v.lastChild.constructor.name, v.lastChild instanceof SVGElement, v.style instanceof CSSStyleDeclaration].join()",
        "SVGSVGElement,m,SVGAElement,w,w,SVGLinearGradientElement,true,true",
    );
}

fn media_is_not_supported_and_says_so() {
    check(
        "<video id=v></video>",
        "[v.canPlayType('video/mp4'), v.paused, isNaN(v.duration), v.buffered.length, v.error,
          typeof v.play().catch(() => 0)].join()",
        ",true,true,0,,object",
    );
}

fn user_interface_events_have_their_members() {
    check(
        "<p id=p></p>",
        "const name = (f) => { try { f(); return 'none' } catch (e) { return e.name } };
         const e = document.createEvent('MouseEvents'); e.initMouseEvent('x', true, true, window, 1, 2, 3, 4, 5, true);
         [e.clientX, e.getModifierState('Control'), new KeyboardEvent('k', { modifierCapsLock: true }).getModifierState('CapsLock'),
          new WheelEvent('w', { deltaY: 2 }).deltaY, name(() => new UIEvent('u', { view: 1 })), name(() => new TextEvent('t')),
          document.createEvent('TextEvent').constructor.name, new ToggleEvent('t', { newState: 'open' }).newState].join()",
        "4,true,true,2,TypeError,TypeError,TextEvent,open",
    );
}

fn a_popover_opens_and_closes_by_its_button() {
    check(
        "<div popover id=a></div><div popover id=c></div><button popovertarget=a id=b></button><p id=p></p>",
        "const out = []; a.onbeforetoggle = (e) => out.push(e.newState);
         b.click(); out.push(a.matches(':popover-open')); c.showPopover(); out.push(a.matches(':popover-open'));
         try { p.showPopover() } catch (e) { out.push(e.name) } out.push(c.togglePopover(), p.popover === null); out.join()",
        "open,true,closed,false,NotSupportedError,false,true",
    );
}

fn aria_attributes_name_elements() {
    check(
        "<p id=a aria-owns='b c'></p><p id=b></p><p id=c></p>",
        "a.ariaActiveDescendantElement = b;
         const out = [a.ariaActiveDescendantElement === b, a.getAttribute('aria-activedescendant') === ''];
         a.setAttribute('aria-activedescendant', 'c'); out.push(a.ariaActiveDescendantElement === c);
         out.push(a.ariaOwnsElements.length, a.ariaOwnsElements === a.ariaOwnsElements);
         a.ariaOwnsElements = null; out.push(a.hasAttribute('aria-owns')); out.join()",
        "true,true,true,2,true,false",
    );
}

fn what_is_dragged_is_given_to_a_file_input() {
    check(
        "<input type=file id=f>",
        "const t = new DataTransfer(); t.setData('text', 'x'); t.items.add(new File(['q'], 'n.txt'));
         f.files = t.files;
         const out = [t.types.join('+'), t.getData('text/plain'), f.files === t.files, f.value, f.validity.valid];
         f.value = ''; out.push(f.files.length, new DragEvent('drop', { dataTransfer: t }).dataTransfer === t); out.join()",
        "text/plain+Files,x,true,C:\\fakepath\\n.txt,true,0,true",
    );
}

fn a_form_knows_names_until_their_elements_leave() {
    check(
        "<form id=f><input name=a id=i></form>",
        "const out = [f.a === i]; i.name = 'b'; out.push(f.a === i, f.b === i); i.remove(); out.push(f.a, f.b);
         f.c = 1; f.innerHTML = '<input name=c>'; out.push(f.c); out.join()",
        "true,true,true,,,1",
    );
}

fn autofill_names_are_told_only_if_they_are_right() {
    check(
        "<input id=a autocomplete='section-x SHIPPING work Tel'><input id=b autocomplete='home name'><input id=c type=hidden autocomplete=on>",
        "JSON.stringify([a.autocomplete, b.autocomplete, c.autocomplete])",
        r#"["section-x shipping work tel","",""]"#,
    );
}

fn forms_and_images_are_properties_of_the_document_by_name() {
    check(
        "<form name=login id=f></form><img name=pic id=p><img name=two><img name=two><p id=other></p>",
        "const out = [document.login === f, document.pic === p, document.p === p, document.two.length, typeof document.other];
         f.name = 'title'; out.push('login' in document, typeof document.title, document instanceof Node); out.join()",
        "true,true,true,2,undefined,false,string,true",
    );
}
