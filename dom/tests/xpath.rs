//! XPath expressions and their values.

use readystate_dom::xpath::{XPathExpression, XPathNode, XPathValue};
use readystate_dom::{DocumentInit, DomError, NodeId, Tree, parsing};

use crate::page::Page;

const XML: &str = "<r xmlns:n='urn:n' a='1' b='2'><x id='one'>1</x><n:x id='two'>2<y/>3</n:x><!--c--><?p d?>\
                   <x id='three' xml:lang='en-GB'><y>4</y></x></r>";

fn xml(text: &str) -> (Tree, NodeId) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room");
    parsing::xml::parse_xml(
        &mut tree,
        document,
        text,
        parsing::xml::XmlLimits::default(),
    )
    .expect("well-formed");
    (tree, document)
}

fn value(tree: &Tree, context: NodeId, expression: &str) -> XPathValue {
    XPathExpression::parse(expression)
        .and_then(|expression| {
            expression.with_namespaces(|prefix| match prefix {
                "n" => Some("urn:n".to_owned()),
                "h" => Some("http://www.w3.org/1999/xhtml".to_owned()),
                "svg" => Some("http://www.w3.org/2000/svg".to_owned()),
                "xml" => Some("http://www.w3.org/XML/1998/namespace".to_owned()),
                _ => None,
            })
        })
        .and_then(|expression| expression.evaluate(tree, context))
        .unwrap_or_else(|error| panic!("{expression}: {error}"))
}

/// Checks values as strings.
#[track_caller]
fn check(expression: &str, expected: &str) {
    let (tree, document) = xml(XML);
    assert_eq!(
        value(&tree, document, expression).to_text(&tree),
        expected,
        "{expression}"
    );
}

/// The nodes of a result: elements by id or name, attributes by name, others by node name.
fn names(tree: &Tree, context: NodeId, expression: &str) -> String {
    let XPathValue::NodeSet(nodes) = value(tree, context, expression) else {
        panic!("{expression} is no node-set");
    };
    let names: Vec<_> = nodes
        .iter()
        .map(|node| match *node {
            XPathNode::Attribute { element, index } => {
                format!("@{}", tree.attributes(element)[index].qualified_name())
            }
            XPathNode::Node(id) => tree
                .id_attribute(id)
                .map_or_else(|| tree.node_name(id), str::to_owned),
        })
        .collect();
    names.join(" ")
}

#[track_caller]
fn check_nodes(expression: &str, expected: &str) {
    let (tree, document) = xml(XML);
    assert_eq!(names(&tree, document, expression), expected, "{expression}");
}

#[test]
fn every_axis_gives_its_nodes_in_document_order() {
    check_nodes("/r/*", "one two three");
    check_nodes("//y", "y y");
    check_nodes("/r/@*", "@a @b");
    check_nodes("//@id", "@id @id @id");
    check_nodes("//x/@id/..", "one three");
    check_nodes("/r/node()", "one two #comment p three");
    check_nodes("//y/ancestor::*", "r two three");
    check_nodes(
        "//text()/ancestor-or-self::node()[self::*]",
        "r one two three y",
    );
    check_nodes("//x/following-sibling::node()", "two #comment p three");
    check_nodes("//y/preceding-sibling::node()", "#text");
    check_nodes("//y[1]/following::*", "three y");
    check_nodes(
        "//x[2]/preceding::node()[self::* or self::comment()]",
        "one two y #comment",
    );
    check_nodes(
        "//comment()/preceding::y/following::processing-instruction('p')",
        "p",
    );
    check_nodes("//@id[.='two']/following::*[1]", "y");
    check_nodes("//@id[.='two']/preceding::*", "one");
    check_nodes("//y/parent::node()/self::n:*", "two");
    check_nodes(
        "/descendant-or-self::node()[self::y or position()=1]",
        "#document y y",
    );
    check_nodes("//namespace::*", "");
    check_nodes("/r/@xml:lang | //@*[name()='xml:lang']", "@xml:lang");
    check_nodes("(//x | /r | //x)/descendant-or-self::x", "one three");
    check_nodes("..", "");
}

#[test]
fn positions_count_along_the_axis() {
    check_nodes("/r/*[2]", "two");
    check_nodes("/r/*[last()]", "three");
    check_nodes("/r/*[position() != 2][2]", "three");
    check_nodes("//*[1]", "r one y y");
    check_nodes("(//*)[3]", "two");
    check_nodes("//y/ancestor::*[1]", "two three");
    check_nodes("(//y/ancestor::*)[1]", "r");
    check_nodes("/r/x[2]/preceding-sibling::*[1]", "two");
    check_nodes("//x[@id='three']/preceding::*[position()=1]", "y");
    check_nodes("/r/*[1.5]", "");
    check_nodes("/r/*[0]", "");
    check_nodes("/r/*['']", "");
    check_nodes("/r/*[@id][string(@id)='two']", "two");
    check_nodes("/r/*[position()=last() - 1]", "two");
    check_nodes("/r/*[count(preceding-sibling::*) + 1]", "one two three");
}

#[test]
fn functions_convert_as_the_standard_says() {
    check("string(/)", "1234");
    check("/r/n:x", "23");
    check("count(//*) + 1", "7");
    check("sum(//x)", "5");
    check("sum(//none)", "0");
    check("number('x')", "NaN");
    check("-(1 div 0)", "-Infinity");
    check("0 div 0", "NaN");
    check("-5 mod 2", "-1");
    check("5 mod -2", "1");
    check("1.5 mod 0.5", "0");
    check("round(-0.2)", "0");
    check("floor(-1.5) * ceiling(1.2)", "-4");
    check("2 - 1 - 1", "0");
    check("8 div 2 div 2 * 3", "6");
    check("--2", "2");
    check("concat(true(), 1, 'a', //x)", "true1a1");
    check("substring('12345', 1.5, 2.6)", "234");
    check("substring('12345', 0 div 0)", "");
    check("substring('12345', -1 div 0, 1 div 0)", "");
    check("substring-before('1999/04/01', '/')", "1999");
    check("substring-after('1999/04/01', '/')", "04/01");
    check("substring-after('abc', '')", "abc");
    check("substring-before('abc', 'x')", "");
    check("string-length('a😀')", "2");
    check("string-length()", "4");
    check("normalize-space('  a \n b\t')", "a b");
    check("translate('bar', 'abc', 'AB')", "BAr");
    check("name(//*[@id='two'])", "n:x");
    check("local-name(//*[@id='two'])", "x");
    check("namespace-uri(//*[@id='two'])", "urn:n");
    check("name(//@xml:lang)", "xml:lang");
    check("name(/)", "");
    check("name(//processing-instruction())", "p");
    check("boolean(//none) or not(boolean('0'))", "false");
    check("count(id('three one nothing'))", "2");
    check("count(id(//x/@id))", "2");
    check("//x[lang('en')]/@id", "three");
    check("count(//x[lang('en-gb')]/y[lang('EN')])", "1");
    check("count(//x[lang('e')])", "0");
}

#[test]
fn comparisons_look_for_some_pair() {
    check("//x = '1'", "true");
    check("//x != '1'", "true");
    check("//none = //x", "false");
    check("//none != //x", "false");
    check("//x = //y", "true");
    check("//x < 2 and //x > 3", "true");
    check("2 > //x", "true");
    check("//x = true()", "true");
    check("//none = false()", "true");
    check("true() = 2", "true");
    check("'1' = 1.0", "true");
    check("'a' < 'b'", "false");
    check("'a' != 'b'", "true");
    check("3 > 2 > 1", "false");
    check("1 = 1 = 1", "true");
    check("//x <= //y", "true");
    check("0 div 0 != 0 div 0", "true");
}

#[test]
fn html_names_ignore_case_and_other_names_do_not() {
    let page = Page::new(
        "<body><DIV id=d dataFoo=1></DIV><svg id=s viewBox=1><linearGradient id=g></svg><p xlink:href=a>",
    );
    let (tree, document) = (&page.tree, page.document);
    for (expression, expected) in [
        ("//div", "d"),
        ("//DiV", "d"),
        ("//h:dIv", "d"),
        ("//svg", ""),
        ("//svg:svg", "s"),
        ("//svg:SVG", ""),
        ("//svg:linearGradient", "g"),
        ("//svg:lineargradient", ""),
        ("//*[@DATAFOO]", "d"),
        ("//*[@viewBox]", "s"),
        ("//*[@viewbox]", ""),
        ("/html/body/*[self::div]", "d"),
    ] {
        assert_eq!(names(tree, document, expression), expected, "{expression}");
    }
    let (tree, document) =
        xml("<r><A id='a'/><x xmlns='http://www.w3.org/1999/xhtml' id='x'/></r>");
    assert_eq!(names(&tree, document, "//a"), "");
    assert_eq!(names(&tree, document, "//A"), "a");
    assert_eq!(names(&tree, document, "//x"), "");
    assert_eq!(names(&tree, document, "//h:x"), "x");
}

#[test]
fn a_context_may_be_an_attribute_or_a_detached_tree() {
    let (mut tree, document) = xml(XML);
    let root = tree.document_element(document).expect("it has one");
    let attribute = tree.attribute_node(root, 1).expect("it has two");
    let place = tree.attr_index(attribute).expect("in place");
    let name = tree.attr_name(attribute).expect("an attribute");
    assert_eq!(
        value(&tree, attribute, "."),
        XPathValue::NodeSet(vec![XPathNode::Attribute {
            element: root,
            index: place
        }])
    );
    assert_eq!(value(&tree, attribute, "name()").to_text(&tree), name);
    assert_eq!(names(&tree, attribute, "../x[1]"), "one");

    let one = tree.get_element_by_id(document, "two").expect("there");
    tree.remove(one).expect("allowed");
    assert_eq!(names(&tree, one, "/*|/text()"), "#text y #text");
    assert_eq!(value(&tree, one, "count(//y)").to_text(&tree), "1");
    assert_eq!(names(&tree, one, "id('two')"), "");

    let alone = tree
        .create_attr(document, "k".into(), "".into(), None)
        .expect("room");
    assert_eq!(value(&tree, alone, "local-name(.)").to_text(&tree), "k");
    assert_eq!(names(&tree, alone, "../.."), "");
}

#[test]
fn errors_are_named() {
    let (mut tree, document) = xml(XML);
    for text in ["//", "$x", "f()", "count(1)", "1[1]", "a:b()"] {
        let error = tree.evaluate_xpath(document, text).expect_err(text);
        assert!(matches!(error, DomError::Syntax(_)), "{text}: {error:?}");
    }
    let error = tree
        .evaluate_xpath(document, "//n:x")
        .expect_err("no namespaces");
    assert!(matches!(error, DomError::Namespace(_)));
    let fragment = tree.create_document_fragment(document).expect("room");
    let error = tree.evaluate_xpath(fragment, "a").expect_err("a fragment");
    assert!(matches!(error, DomError::NotSupported(_)));
}

#[test]
fn hostile_expressions_end() {
    let page = Page::new(&"<div>".repeat(400));
    let (tree, document) = (&page.tree, page.document);
    let nested = format!("count(//*{}{})", "[count(//*".repeat(20), ")]".repeat(20));
    let expression = XPathExpression::parse(&nested).expect("valid");
    let mut questions = 0;
    let error = expression
        .evaluate_while(tree, document, &mut || {
            questions += 1;
            questions < 100
        })
        .expect_err("it takes for ever");
    assert!(matches!(error, DomError::WorkLimit));
    assert_eq!(questions, 100);

    // As deep as an expression may be, in both phases.
    let deep = format!("{}1{}", "(".repeat(127), ")".repeat(127));
    assert_eq!(value(tree, document, &deep), XPathValue::Number(1.0));
    let deep = format!("//div[1]{}{}", "[parent::*".repeat(120), "]".repeat(120));
    assert!(value(tree, document, &deep).to_boolean());
}

#[test]
fn a_deep_tree_costs_no_stack() {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room");
    let mut parent = document;
    for _ in 0..100_000 {
        let child = tree
            .create_element(document, "d".into(), "".into(), None)
            .expect("room");
        tree.append(child, parent).expect("allowed");
        parent = child;
    }
    let count = |expression| value(&tree, document, expression).to_number(&tree);
    assert_eq!(count("count(//d)"), 100_000.0);
    assert_eq!(count("count(//d/ancestor::d)"), 99_999.0);
    assert_eq!(count("count(//d/d/..)"), 99_999.0);
    assert_eq!(count("count(//d/following::d | //d/preceding::d)"), 0.0);
    assert_eq!(count("count(//d[not(d)]/ancestor::*[last()])"), 1.0);
}

/// Compares the walks of whole sets of nodes with walks from each node by itself.
#[test]
fn unions_of_axes_are_what_each_node_sees() {
    let mut seed = 1_u64;
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    const AXES: [&str; 12] = [
        "ancestor",
        "ancestor-or-self",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
        "attribute",
    ];
    for _ in 0..60 {
        let mut tree = Tree::default();
        let document = tree
            .create_document(DocumentInit::xml("about:blank"))
            .expect("room");
        let root = tree
            .create_element(document, "r".into(), "".into(), None)
            .expect("room");
        tree.append(root, document).expect("allowed");
        let mut all = vec![root];
        for number in 0..random(40) {
            let name = if random(2) == 0 { "a" } else { "b" };
            let child = tree
                .create_element(document, name.into(), "".into(), None)
                .expect("room");
            tree.set_attribute(child, "n", &number.to_string())
                .expect("a name");
            let parent = all[usize::try_from(random(all.len() as u64)).expect("small")];
            tree.append(child, parent).expect("allowed");
            all.push(child);
        }
        for axis in AXES {
            let starts = value(&tree, document, "//a | //b/@n");
            let XPathValue::NodeSet(starts) = starts else {
                unreachable!()
            };
            let mut expected = Vec::new();
            for start in starts {
                // One node at a time, with a predicate that keeps the walk simple.
                let origin = match start {
                    XPathNode::Node(id) => id,
                    XPathNode::Attribute { element, index } => {
                        tree.attribute_node(element, index).expect("there")
                    }
                };
                let one = value(&tree, origin, &format!("{axis}::node()[position() > 0]"));
                let XPathValue::NodeSet(one) = one else {
                    unreachable!()
                };
                expected.extend(one);
            }
            let place = |node: &XPathNode| match *node {
                XPathNode::Node(id) => (in_order(&tree, document, id), 0),
                XPathNode::Attribute { element, index } => {
                    (in_order(&tree, document, element), index + 1)
                }
            };
            expected.sort_by_key(place);
            expected.dedup();
            let found = value(&tree, document, &format!("(//a | //b/@n)/{axis}::node()"));
            assert_eq!(found, XPathValue::NodeSet(expected), "{axis}");
        }
    }
}

fn in_order(tree: &Tree, document: NodeId, node: NodeId) -> Option<usize> {
    tree.inclusive_descendants(document)
        .position(|id| id == node)
}
