//! Selectors: which parse, and what they match.

use readystate_dom::parsing::html::parse_document;
use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree};

use crate::page::Page;
use crate::random::Random;

fn html(markup: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("https://example.org/#t%C3%A9"))
        .expect("room for a document");
    parse_document(&mut tree, document, markup);
    (tree, document)
}

fn xml(markup: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, markup, XmlLimits::default()).expect("well-formed");
    (tree, document)
}

/// The ids of what `selector` matches below `scope`, with spaces between.
fn ids(tree: &Tree, scope: NodeId, selector: &str) -> String {
    let found = tree
        .query_selector_all(scope, selector)
        .unwrap_or_else(|error| panic!("{selector:?}: {error}"));
    let first = tree
        .query_selector(scope, selector)
        .expect("it parsed before");
    assert_eq!(
        first,
        found.first().copied(),
        "first and all differ for {selector:?}"
    );
    for &node in &found {
        assert_eq!(tree.matches(node, selector), Ok(true), "{selector:?}");
    }
    let ids: Vec<&str> = found
        .iter()
        .map(|&node| tree.attribute(node, "id").unwrap_or("?"))
        .collect();
    ids.join(" ")
}

const PAGE: &str = "<!DOCTYPE html><html id=html lang=en><head id=head><title id=title>T</title></head><body id=body>\
    <div id=d1 class='a b' data-x='one two' title=Hello><p id=p1 class=a>x</p><p id=p2>y<span id=s1 class=b></span></p>\
    <p id=p3 class=A><!-- c --></p><ul id=ul><li id=l1>1<li id=l2 class=k>2<li id=l3>3<li id=l4 class=k>4<li id=l5>5</ul></div>\
    <div id=d2 lang=de-CH dir=rtl><a id=a1 href='/x.html'>l</a><a id=a2>n</a><em id=e1></em><em id=e2> </em>\
    <p id=té contenteditable>z</p></div><form id=f><fieldset id=fs disabled><legend id=lg><input id=i1></legend><input id=i2>\
    </fieldset><input id=i3 type=checkbox checked><input id=i4 type=radio name=r><input id=i5 type=radio name=r>\
    <input id=i6 required readonly><select id=se><optgroup id=og disabled><option id=o1><option id=o2 selected></optgroup>\
    </select><textarea id=ta placeholder=p></textarea><button id=b1>s</button><button id=b2 type=button>t</button>\
    <progress id=pr></progress><x-y id=xy></x-y></form><svg id=svg viewBox='0 0 1 1'><linearGradient id=lin /></svg></body></html>";

#[test]
fn elements_are_matched_in_tree_order() {
    let (tree, document) = html(PAGE);
    for (selector, expected) in [
        ("#p1", "p1"),
        ("#P1", ""),
        (".a", "d1 p1"),
        (".A", "p3"),
        (".a.b", "d1"),
        ("p", "p1 p2 p3 té"),
        ("P", "p1 p2 p3 té"),
        ("linearGradient", "lin"),
        ("lineargradient", ""),
        ("svg *", "lin"),
        ("p, .a", "d1 p1 p2 p3 té"),
        ("div p.a", "p1"),
        ("div > p", "p1 p2 p3 té"),
        ("body > p", ""),
        ("p + p", "p2 p3"),
        ("p ~ ul", "ul"),
        ("p+ul>li:first-child", "l1"),
        ("html body div span", "s1"),
        ("* > title", "title"),
        ("#d1 #s1", "s1"),
        ("div#d1.a[title]", "d1"),
        ("\t p \n", "p1 p2 p3 té"),
        ("p/**/.a", "p1"),
        ("#\\70 1", "p1"),
        ("#t\\E9", "té"),
        ("#té", "té"),
        ("div:not(.a)", "d2"),
        ("*|p", "p1 p2 p3 té"),
        ("|p", ""),
        (
            "*|*",
            "html head title body d1 p1 p2 s1 p3 ul l1 l2 l3 l4 l5 d2 a1 a2 e1 e2 té f fs lg i1 i2 i3 i4 i5 i6 se og o1 o2 ta b1 b2 pr xy svg lin",
        ),
    ] {
        assert_eq!(ids(&tree, document, selector), expected, "{selector:?}");
    }
}

#[test]
fn attributes_are_matched_by_their_operators() {
    let (tree, document) = html(PAGE);
    for (selector, expected) in [
        ("[title]", "d1"),
        ("[TITLE]", "d1"),
        ("[title=Hello]", "d1"),
        ("[title=hello]", ""),
        ("[title=hello i]", "d1"),
        ("[title='Hello' s]", "d1"),
        ("[data-x~=two]", "d1"),
        ("[data-x~='one two']", ""),
        ("[data-x~='']", ""),
        ("[data-x^=one]", "d1"),
        ("[data-x$=two]", "d1"),
        ("[data-x*='e t']", "d1"),
        ("[data-x*='']", ""),
        ("[lang|=de]", "d2"),
        ("[lang|=d]", ""),
        ("[type=RADIO]", "i4 i5"),
        ("[viewBox]", "svg"),
        ("[viewbox]", ""),
        ("[*|title]", "d1"),
        ("[|title]", "d1"),
        ("a:not([href])", "a2"),
        ("[id^='l']:not([class])", "l1 l3 l5 lg lin"),
    ] {
        assert_eq!(ids(&tree, document, selector), expected, "{selector:?}");
    }
}

#[test]
fn structural_pseudo_classes_count_siblings() {
    let (tree, document) = html(PAGE);
    for (selector, expected) in [
        (":root", "html"),
        ("li:first-child", "l1"),
        ("li:last-child", "l5"),
        ("li:only-child", ""),
        ("title:only-child", "title"),
        ("li:nth-child(2)", "l2"),
        ("li:nth-child(odd)", "l1 l3 l5"),
        ("li:nth-child(2n)", "l2 l4"),
        ("li:nth-child( -n + 2 )", "l1 l2"),
        ("li:nth-child(n+4)", "l4 l5"),
        ("li:nth-last-child(2)", "l4"),
        ("li:nth-child(2 of .k)", "l4"),
        ("li:nth-last-child(1 of .k)", "l4"),
        ("p:nth-of-type(3)", "p3"),
        ("#d2 > p:first-of-type", "té"),
        ("#d1 > p:last-of-type", "p3"),
        ("#d1 > ul:only-of-type", "ul"),
        ("#d2 > a:nth-last-of-type(1)", "a2"),
        ("#d1 :empty", "s1 p3"),
        ("em:empty", "e1"),
        (":is(#p1, .k, bogus)", "p1 l2 l4"),
        (":where(ul, ol) > .k", "l2 l4"),
        ("li:not(:nth-child(odd), #l4)", "l2"),
        ("div:has(span)", "d1"),
        ("div:has(> span)", ""),
        ("p:has(+ ul)", "p3"),
        ("p:has(~ ul)", "p1 p2 p3"),
        ("ul:has(> li.k + li)", "ul"),
        ("div:not(:has(ul))", "d2"),
        (":is(:not(:is(p, li)), :where(.k)):nth-child(1 of li)", ""),
        (":is()", ""),
    ] {
        assert_eq!(ids(&tree, document, selector), expected, "{selector:?}");
    }
}

#[test]
fn state_pseudo_classes_follow_the_content_attributes() {
    let (tree, document) = html(PAGE);
    for (selector, expected) in [
        (":link", "a1"),
        (":any-link", "a1"),
        ("a:visited", ""),
        (":hover, :active, :focus, :focus-within, :focus-visible", ""),
        (":target", "té"),
        (":checked", "i3 o2"),
        (":disabled", "fs i2 og o1 o2"),
        ("input:enabled", "i1 i3 i4 i5 i6"),
        ("option:enabled", ""),
        (":required", "i6"),
        ("input:optional", "i1 i2 i3 i4 i5"),
        ("input:read-write", "i1"),
        ("p:read-write", "té"),
        ("textarea:read-only", ""),
        ("li:read-only", "l1 l2 l3 l4 l5"),
        (":default", "i3 o2 b1"),
        (":indeterminate", "i4 i5 pr"),
        (":placeholder-shown", "ta"),
        ("x-y:defined", ""),
        ("p:defined", "p1 p2 p3 té"),
        ("div:lang(de)", "d2"),
        ("div:lang('de-ch', fr)", "d2"),
        ("div:lang(en)", "d1"),
        ("a:dir(rtl)", "a1 a2"),
        ("div:dir(ltr)", "d1"),
        ("p::before, p:after", ""),
        (":host, ::slotted(p), ::part(x)", ""),
    ] {
        assert_eq!(ids(&tree, document, selector), expected, "{selector:?}");
    }
}

#[test]
fn scope_is_the_element_that_is_asked() {
    let (tree, document) = html(PAGE);
    let ul = tree.get_element_by_id(document, "ul").expect("a list");
    let d1 = tree.get_element_by_id(document, "d1").expect("a division");
    assert_eq!(ids_of(&tree, d1, ":scope > p"), "p1 p2 p3");
    assert_eq!(ids_of(&tree, d1, ":scope"), "");
    assert_eq!(ids_of(&tree, document, ":scope > head"), "head");
    // Ancestors outside the scope count for matching.
    assert_eq!(ids_of(&tree, ul, "body li.k"), "l2 l4");
    assert_eq!(tree.matches(ul, ":scope"), Ok(true));
    assert_eq!(tree.matches(ul, "div > :scope"), Ok(true));
    assert_eq!(tree.closest(ul, "div"), Ok(Some(d1)));
    assert_eq!(tree.closest(ul, "ul"), Ok(Some(ul)));
    assert_eq!(tree.closest(ul, "li"), Ok(None));
    assert_eq!(tree.closest(ul, ":has(> :scope)"), Ok(Some(d1)));
    assert_eq!(tree.matches(document, "*"), Ok(false));
}

fn ids_of(tree: &Tree, scope: NodeId, selector: &str) -> String {
    tree.query_selector_all(scope, selector)
        .expect("valid")
        .iter()
        .map(|&node| tree.attribute(node, "id").unwrap_or("?"))
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn invalid_selectors_are_syntax_errors() {
    let (tree, document) = html(PAGE);
    for selector in [
        "",
        " ",
        ",",
        "a,",
        ",a",
        "a,,b",
        "a >",
        "> a",
        "a > > b",
        "a + ~ b",
        "#",
        "#1",
        ".",
        ".1",
        "..a",
        "a..b",
        "1",
        "-",
        "[",
        "[]",
        "[a",
        "[a=]",
        "[a=b",
        "[a=b c]",
        "[a==b]",
        "[=b]",
        "[a~b]",
        "[a b]",
        "[1]",
        "[a=1]",
        ":",
        "::",
        ": root",
        ":bogus",
        "::bogus",
        ":bogus(x)",
        ":nth-child",
        ":nth-child()",
        ":nth-child(x)",
        ":nth-child(2n+)",
        ":nth-child(n 2)",
        ":nth-child(+ 2n)",
        ":not",
        ":not()",
        ":not(",
        ":not(a,)",
        ":not(bogus:bogus)",
        ":has()",
        ":has(a:bogus)",
        ":has(:has(a))",
        ":lang",
        ":lang()",
        ":dir()",
        ":root()",
        ":first-child(1)",
        "ns|a",
        "[ns|a]",
        "|",
        "*|",
        "a|",
        "a*",
        "**",
        "a!b",
        "a@b",
        "a{b}",
        "a;b",
        "a)",
        "a]",
        "(a)",
        "\"a\"",
        "<a>",
        "%",
        "&&",
        "a::before b",
        "::before::before.x",
        ":is(a",
        "\u{0}>",
        "a /deep/ b",
        "a || b",
        "::slotted",
        "::slotted()",
        "@charset",
        "}",
        "\\\n",
    ] {
        let result = tree.query_selector_all(document, selector);
        // An open block or string is closed by the end, as the syntax of CSS has it.
        let closes_itself = matches!(selector, "[a" | "[a=b" | ":is(a");
        if closes_itself {
            assert!(result.is_ok(), "{selector:?}");
        } else {
            assert!(
                matches!(result, Err(DomError::Syntax(_))),
                "{selector:?}: {result:?}"
            );
            assert!(
                tree.query_selector(document, selector).is_err(),
                "{selector:?}"
            );
            assert!(tree.matches(document, selector).is_err(), "{selector:?}");
            assert!(tree.closest(document, selector).is_err(), "{selector:?}");
        }
    }
}

#[test]
fn classes_and_ids_ignore_case_in_quirks_mode_only() {
    let (tree, document) = html("<p id=X class=Ab>");
    assert_eq!(ids(&tree, document, ".aB"), "X");
    assert_eq!(ids(&tree, document, "#x"), "X");
    assert_eq!(ids(&tree, document, "p.aB#x"), "X");
    let (tree, document) = html("<!DOCTYPE html><p id=X class=Ab>");
    assert_eq!(ids(&tree, document, ".aB"), "");
    assert_eq!(ids(&tree, document, "#x"), "");
}

#[test]
fn xml_names_keep_their_case() {
    let (tree, document) = xml(
        "<R id='r' xmlns:h='http://www.w3.org/1999/xhtml' xmlns:p='u'><h:P id='h' Type='Radio'/><p:q id='q' p:A='1'/><Q id='Q'/></R>",
    );
    for (selector, expected) in [
        ("R", "r"),
        ("r", ""),
        ("p", ""),
        ("P", "h"),
        ("q", "q"),
        ("Q", "Q"),
        ("[Type]", "h"),
        ("[type]", ""),
        ("[Type=radio]", ""),
        ("[A]", ""),
        ("[*|A]", "q"),
        ("[*|A='1']", "q"),
        ("|Q", "Q"),
        ("|q", ""),
        ("*|q", "q"),
        (":root > *", "h q Q"),
    ] {
        assert_eq!(ids(&tree, document, selector), expected, "{selector:?}");
    }
}

#[test]
fn fragments_and_detached_trees_are_searched() {
    let (mut tree, document) = html("");
    let fragment = tree.create_document_fragment(document).expect("room");
    let outer = tree.create_html_element(document, "div").expect("valid");
    let inner = tree.create_html_element(document, "p").expect("valid");
    tree.append(inner, outer).expect("valid");
    tree.append(outer, fragment).expect("valid");
    assert_eq!(tree.query_selector(fragment, "div > p"), Ok(Some(inner)));
    assert_eq!(tree.query_selector(fragment, ":root"), Ok(None));
    assert_eq!(
        tree.query_selector(fragment, "p:first-child"),
        Ok(Some(inner))
    );
    assert_eq!(tree.query_selector(outer, "p"), Ok(Some(inner)));
    assert_eq!(tree.matches(inner, "div p"), Ok(true));
}

#[test]
fn long_and_nested_selectors_are_refused_or_answered_in_bounds() {
    let (tree, document) = html("<!DOCTYPE html><p id=p class=a>");
    assert_eq!(
        ids(&tree, document, &format!("p{}", ".a".repeat(50_000))),
        "p"
    );
    assert_eq!(
        ids(&tree, document, &format!("{}p", "x > y, ".repeat(15_000))),
        "p"
    );
    for abusive in [
        "a ".repeat(50_000),
        "a>".repeat(50_000) + "a",
        ":not(".repeat(20_000),
        ":is(".repeat(20_000) + "a" + &")".repeat(20_000),
        "[".repeat(100_000),
        "(".repeat(100_000),
        "{[(".repeat(30_000),
        ":has(".repeat(20_000),
        ":nth-child(1 of ".repeat(6_000),
    ] {
        assert!(tree.query_selector(document, &abusive).is_err());
    }
}

#[test]
fn deep_and_wide_trees_are_searched_without_recursion() {
    let (mut tree, document) = html("");
    let root = tree.create_html_element(document, "div").expect("valid");
    let mut parent = root;
    for _ in 0..20_000 {
        let inner = tree.create_html_element(document, "i").expect("valid");
        tree.append(inner, parent).expect("valid");
        parent = inner;
    }
    assert_eq!(tree.query_selector(root, "b"), Ok(None));
    assert_eq!(tree.query_selector(root, "i:empty"), Ok(Some(parent)));
    assert_eq!(tree.matches(root, ":has(b)"), Ok(false));
    assert_eq!(tree.closest(parent, "div"), Ok(Some(root)));
    assert_eq!(
        tree.matches(parent, &format!("div {}", "i ".repeat(200))),
        Ok(true)
    );
}

/// What is in `:is()` is matched by the general way only.
#[test]
fn common_selectors_match_the_same_by_the_short_way_as_by_the_general_one() {
    const COMPOUNDS: [&str; 20] = [
        "b",
        "i",
        "B",
        "*",
        ".x",
        ".y",
        "b.x",
        ".x.y",
        "#k",
        "i#k.x",
        ":nth-child(2)",
        ":nth-child(2n+1)",
        "b:nth-child(-n+3)",
        ":first-child",
        ":not(.x)",
        "b:not(.x, .y)",
        "i:nth-child(even):not(.y)",
        "*.y:nth-child(3n)",
        "b:first-child:nth-child(odd)",
        "svg",
    ];
    let mut random = Random::new(29);
    for _ in 0..60 {
        let mut page = Page::new("");
        let mut nodes = vec![page.body()];
        for _ in 0..60 {
            let parent = nodes[random.below(nodes.len())];
            let node = page.element(random.pick(&["b", "i", "u", "svg"]));
            if random.once_in(2) {
                let classes = random.pick(&["x", "y", " x\ty ", "X", "xy", ""]);
                page.tree.set_attribute(node, "class", classes).unwrap();
            }
            if random.once_in(8) {
                page.tree.set_attribute(node, "id", "k").unwrap();
            }
            let text = page.text("t");
            page.tree.append(text, parent).unwrap();
            page.tree.append(node, parent).unwrap();
            nodes.push(node);
        }
        for _ in 0..60 {
            let mut selector = random.pick(&COMPOUNDS).to_owned();
            for _ in 0..random.below(4) {
                selector.push_str(random.pick(&[" ", " > "]));
                selector.push_str(random.pick(&COMPOUNDS));
            }
            let scope = nodes[random.below(nodes.len())];
            let short = page.tree.query_selector_all(scope, &selector);
            let general = page
                .tree
                .query_selector_all(scope, &format!(":is({selector})"));
            assert_eq!(short, general, "{selector}");
        }
    }
}
