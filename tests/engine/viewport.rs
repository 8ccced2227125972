//! The viewport, and what asks about boxes where there is no layout.

use readystate::Page;

use crate::support::page::page;
use crate::support::trials;

trials!("engine::viewport":
    media_queries_are_asked_of_the_viewport,
    css_supports_says_what_style_sheets_would,
    lists_are_told_when_the_viewport_changes,
    boxes_are_empty_but_the_root_has_the_viewport,
    what_is_displayed_has_a_box,
    what_is_not_displayed_takes_no_focus,
    what_can_have_the_focus_no_longer_loses_it_when_the_page_would_be_rendered,
    what_is_observed_is_told_of_once_as_not_intersecting,
    sizes_never_change,
    rectangles_know_their_edges,
    performance_observers_hear_of_marks_and_measures,
);

fn shown(html: &str) -> Page {
    let page = page();
    page.set_content(&format!("<!doctype html>{html}"), Some("http://a.test/"))
        .expect("the page loads");
    page
}

#[track_caller]
fn check(page: &Page, script: &str, expected: &str) {
    let value: String = page
        .evaluate(&format!("(async () => JSON.stringify({script}))()"))
        .expect("the script runs");
    assert_eq!(value, expected, "{script}");
}

fn media_queries_are_asked_of_the_viewport() {
    let page = shown("");
    check(
        &page,
        "['(min-width: 1280px)', 'PRINT', '(width>=10000px)', '', 'nonsense and', '(prefers-color-scheme: dark)'] \
         .map((query) => matchMedia(query)).map((list) => [list.media, list.matches])",
        r#"[["(min-width: 1280px)",true],["print",false],["(width >= 10000px)",false],["",true],["not all",false],["(prefers-color-scheme: dark)",false]]"#,
    );
}

fn css_supports_says_what_style_sheets_would() {
    let page = shown("");
    check(
        &page,
        "[CSS.supports('display', 'grid'), CSS.supports('(no-such: 1)'), CSS.supports('selector(:has(a))'), CSS.supports.length]",
        "[true,false,true,1]",
    );
}

fn lists_are_told_when_the_viewport_changes() {
    let page = shown(
        "<script>const told = []; const list = matchMedia('(max-width: 600px)'); \
         list.onchange = (e) => told.push(['change', e.matches, e.media, e.target === list, e.constructor.name]); \
         list.addListener(() => told.push('listener')); matchMedia('(min-width: 1px)').onchange = () => told.push('wrong'); \
         addEventListener('resize', (e) => told.push(['resize', innerWidth, innerHeight, e.target === window]));</script>",
    );
    page.set_viewport(500, 400).expect("the page is there");
    page.set_viewport(500, 400).expect("nothing changes");
    check(
        &page,
        "told",
        r#"[["resize",500,400,true],["change",true,"(max-width: 600px)",true,"MediaQueryListEvent"],"listener"]"#,
    );
    page.set_content("<!doctype html>", Some("http://b.test/"))
        .expect("the page loads");
    check(
        &page,
        "[innerWidth, matchMedia('(width: 500px)').matches]",
        "[500,true]",
    );
}

fn boxes_are_empty_but_the_root_has_the_viewport() {
    let page = shown("<p id=p style='width: 10px; height: 5px'>text</p>");
    check(
        &page,
        "[p.getBoundingClientRect(), p.getClientRects().length, [...p.getClientRects()], p.offsetWidth, p.offsetParent.localName, p.clientHeight, \
         document.documentElement.clientWidth, document.documentElement.clientHeight, document.body.clientWidth]",
        r#"[{"x":0,"y":0,"width":0,"height":0,"top":0,"right":0,"bottom":0,"left":0},1,[{"x":0,"y":0,"width":0,"height":0,"top":0,"right":0,"bottom":0,"left":0}],0,"body",0,1280,720,0]"#,
    );
    check(
        &page,
        "(scrollTo(0, 10), scrollTo({ top: 5 }), p.scrollIntoView(), p.scrollTop = 3, [scrollY, p.scrollTop, document.scrollingElement.localName])",
        r#"[0,0,"html"]"#,
    );
}

fn what_is_displayed_has_a_box() {
    let page = shown(
        "<style>.gone { display: none } .flat { display: contents } .here { position: relative } .clear { opacity: 0 }</style>
         <p id=p>text</p><div class=gone><p id=inside></p></div><p id=hid hidden></p><script id=s></script><div class=flat id=flat><b id=b></b></div>
         <table class=here><tr><td><i id=i></i></td></tr></table><div class=here><u id=u style='position: absolute'><a id=a></a></u></div>
         <div class=clear style='visibility: hidden'><p id=c></p></div><details><summary id=sum></summary><p id=det></p></details>
         <div id=host><em id=slotted slot=x></em><em id=lost></em></div><div style='position: fixed' id=fixed></div>",
    );
    check(
        &page,
        "(host.attachShadow({ mode: 'closed' }).innerHTML = '<div style=\"position: relative\"><slot name=x></slot></div>') && \
         [p, inside, hid, s, flat, b, i, u, a, c, sum, det, slotted, lost, fixed, document.createElement('p')] \
         .map((e) => `${e.id} ${e.getClientRects().length} ${e.checkVisibility()} ${e.offsetParent?.localName}`)",
        r#"["p 1 true body","inside 0 false undefined","hid 0 false undefined","s 0 false undefined","flat 0 false undefined","b 1 true body","i 1 true td","u 1 true div","a 1 true u","c 1 true body","sum 1 true body","det 1 false body","slotted 1 true body","lost 0 false undefined","fixed 1 true undefined"," 0 false undefined"]"#,
    );
    check(
        &page,
        "[{}, { checkOpacity: true }, { opacityProperty: true }, { visibilityProperty: true }, { checkVisibilityCSS: true }].map((options) => c.checkVisibility(options))",
        "[true,false,false,false,false]",
    );
    check(
        &page,
        "[p.getClientRects().item(0) === p.getClientRects()[0], p.getClientRects().item(1), p.getClientRects()[1] === undefined, hid.getClientRects().item(0)]",
        "[false,null,true,null]",
    );
}

fn what_is_not_displayed_takes_no_focus() {
    let page = shown(
        "<input id=a hidden><p style='display: none'><input id=b></p><button id=c style='visibility: hidden'></button><input id=d>
         <details><summary id=e></summary><button id=f></button></details><div style='display: contents'><input id=g></div>",
    );
    check(
        &page,
        "[a, b, c, d, e, f, g].filter((element) => (element.focus(), document.activeElement === element)).map((element) => element.id)",
        r#"["d","e","g"]"#,
    );
}

fn what_can_have_the_focus_no_longer_loses_it_when_the_page_would_be_rendered() {
    let page = shown("<input id=a><p id=p><button id=b>b</button></p><dialog id=d>words</dialog>");
    check(
        &page,
        "await (async () => {
             const frame = () => new Promise(requestAnimationFrame), log = [];
             document.addEventListener('focusout', (event) => log.push(event.target.id));
             const see = async (id, change) => {
                 document.getElementById(id).focus();
                 change();
                 log.push(document.activeElement.id);
                 await frame();
                 log.push(document.activeElement.localName);
             };
             await see('a', () => { a.disabled = true });
             await see('b', () => { p.style.display = 'none' });
             p.style.display = '';
             await see('b', () => {});
             d.showModal();
             await frame();
             log.push(document.activeElement.id);
             return log;
         })()",
        r#"["a","body","b","body","b","button","b","d"]"#,
    );
}

fn what_is_observed_is_told_of_once_as_not_intersecting() {
    let page = shown("<p id=p></p><p id=q></p>");
    check(
        &page,
        "await new Promise((resolve) => { const observer = new IntersectionObserver((entries, same) => resolve( \
         entries.map((entry) => [entry.target.id, entry.isIntersecting, entry.intersectionRatio, entry.boundingClientRect.width, \
         entry.rootBounds.width, same === observer])), { rootMargin: '1px 2%', threshold: [1, 0] }); \
         observer.observe(p); observer.observe(p); observer.observe(q); observer.unobserve(q); })",
        r#"[["p",false,0,0,1280,true]]"#,
    );
    check(
        &page,
        "((observer) => [observer.root, observer.rootMargin, observer.thresholds])(new IntersectionObserver(() => {}, { rootMargin: '1px 2%', threshold: [1, 0] }))",
        r#"[null,"1px 2% 1px 2%",[0,1]]"#,
    );
    check(
        &page,
        "[{ rootMargin: '1em' }, { threshold: 2 }, { root: {} }].map((options) => { try { new IntersectionObserver(() => {}, options) } \
         catch (error) { return error.name } })",
        r#"["SyntaxError","RangeError","TypeError"]"#,
    );
}

fn sizes_never_change() {
    let page = shown("<p id=p></p>");
    check(
        &page,
        "await (async () => { let calls = 0; const observer = new ResizeObserver(() => calls++); observer.observe(p, { box: 'border-box' }); \
         await new Promise(requestAnimationFrame); await new Promise(requestAnimationFrame); observer.disconnect(); return calls })()",
        "0",
    );
}

fn rectangles_know_their_edges() {
    let page = shown("");
    check(
        &page,
        "((rect) => (rect.width = -4, [rect, rect instanceof DOMRectReadOnly]))(DOMRect.fromRect({ x: 1, y: 2, width: 3, height: 4 }))",
        r#"[{"x":1,"y":2,"width":-4,"height":4,"top":2,"right":1,"bottom":6,"left":-3},true]"#,
    );
}

fn performance_observers_hear_of_marks_and_measures() {
    let page = shown("<script>performance.mark('before')</script>");
    check(
        &page,
        "await new Promise((resolve) => { new PerformanceObserver((list, observer) => resolve([list.getEntries().map((entry) => entry.name), \
         list.getEntriesByType('measure').length, list.getEntriesByName('a', 'mark').length])).observe({ entryTypes: ['mark', 'measure', 'none'] }); \
         performance.mark('a'); performance.measure('b', 'a') })",
        r#"[["a","b"],1,1]"#,
    );
    check(
        &page,
        "await new Promise((resolve) => new PerformanceObserver((list) => resolve(list.getEntries().map((entry) => entry.name))) \
         .observe({ type: 'mark', buffered: true }))",
        r#"["before","a"]"#,
    );
    check(
        &page,
        "PerformanceObserver.supportedEntryTypes",
        r#"["mark","measure"]"#,
    );
}
