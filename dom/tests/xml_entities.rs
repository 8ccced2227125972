//! Entities, default attributes, namespaces and limits of the XML parser.

use readystate_dom::parsing::xml::{XmlErrorKind, XmlLimits, parse_xml};
use readystate_dom::{DocumentInit, Tree};

use crate::xml_checks::{accepts, keeps, parse, parse_with, refuses, refuses_as};

#[test]
fn entities_are_replaced_where_they_stand() {
    let check = |subset: &str, content: &str, expected: &str| {
        accepts(
            &format!("<!DOCTYPE a [{subset}]><a>{content}</a>"),
            &format!("<!DOCTYPE a><a>{expected}</a>"),
        );
    };
    check("<!ENTITY e 'x'>", "1&e;2", "1x2");
    check("<!ENTITY e 'x<b>y</b>'>", "1&e;2", "1x<b>y</b>2");
    check("<!ENTITY e '&f;&f;'><!ENTITY f 'y'>", "&e;", "yy");
    check("<!ENTITY e 'x'><!ENTITY e 'y'>", "&e;", "x");
    check("<!ENTITY e '&#60;b/>'>", "&e;", "<b/>");
    check("<!ENTITY e '&#38;#60;b/>'>", "&e;", "&lt;b/&gt;");
    check("<!ENTITY e '&lt;b/>'>", "&e;", "&lt;b/&gt;");
    check("<!ENTITY lt 'x'>", "&lt;", "&lt;");
    check("<!ENTITY e '\"\t'>", "<b c=\"&e;\"/>", "<b c=\"&quot; \"/>");
    check("<!ENTITY e 'x'>", "<b c='&e;&e;'/>", "<b c=\"xx\"/>");
    check("<!ENTITY e ''>", "&e;<b c='&e;'/>", "<b c=\"\"/>");
    check(
        "<!ENTITY e '<![CDATA[&f;]]><!--&f;--><?p &f;?>'>",
        "&e;",
        "<![CDATA[&f;]]><!--&f;--><?p &f;?>",
    );
    check("<!ENTITY e SYSTEM 's'>", "1&e;2", "12");
    // The specification's own example, of its appendix D.
    check(
        "<!ENTITY % xx '&#37;zz;'><!ENTITY % zz '&#60;!ENTITY tricky \"error-prone\" >' >%xx;",
        "This sample shows a &tricky; method.",
        "This sample shows a error-prone method.",
    );
    check(
        "<!ENTITY % p '<!ENTITY e \"x\"> <!-- c --> '>%p;",
        "&e;",
        "x",
    );
}

#[test]
fn entities_are_declared_whole_and_not_recursive() {
    let refuse = |subset: &str, content: &str| {
        refuses(&[&format!("<!DOCTYPE a [{subset}]><a>{content}</a>")]);
    };
    refuse("", "&e;");
    refuse("<!ENTITY e '&f;'>", "&e;");
    refuse("<!ENTITY e '&e;'>", "&e;");
    refuse("<!ENTITY e '&f;'><!ENTITY f '&e;'>", "&e;");
    refuse("<!ENTITY e '&f;'><!ENTITY f '&e;'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '<b>'>", "&e;</b>");
    refuse("<!ENTITY e '</b>'>", "<b>&e;");
    refuse("<!ENTITY e '</a><a>'>", "&e;");
    refuse("<!ENTITY e '<b'>", "&e;/>");
    refuse("<!ENTITY e '<b c=\"'>", "&e;\"/>");
    refuse("<!ENTITY e '<!-- '>", "&e;-->");
    refuse("<!ENTITY e '&#38;'>", "&e;");
    refuse("<!ENTITY e '&#38;lt'>", "&e;;");
    refuse("<!ENTITY e '<b/>'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '&#60;'>", "<b c='&e;'/>");
    refuse("<!ENTITY e '&f;'><!ENTITY f '<'>", "<b c='&e;'/>");
    refuse("<!ENTITY e SYSTEM 's'>", "<b c='&e;'/>");
    refuse("<!ENTITY e SYSTEM 's' NDATA n>", "&e;");
    refuse("<!ENTITY e SYSTEM 's' NDATA n>", "<b c='&e;'/>");
    refuse("<!ENTITY e '<?xml version=\"1.0\"?>'>", "&e;");
    refuse("<!ENTITY e '\u{FEFF}<'>", "&e;");
    refuse("<!ENTITY % e '<!ENTITY f \"x\"'>%e;>", "");
    refuse("<!ENTITY % e 'text'>%e;", "");
    refuse("<!ENTITY % e '%e;'>", "");
    refuse("<!ENTITY % e '&#37;e;'>%e;", "");
    refuse("<!ENTITY % e '&#37;f;'><!ENTITY % f '&#37;e;'>%e;", "");
    refuse("<!ENTITY % e 'ANY'><!ELEMENT a %e;>", "");
    refuse("<!ENTITY e 'x'>", "<!DOCTYPE a>");
    refuse("<!ATTLIST a b CDATA '&e;'><!ENTITY e 'x'>", "");
    refuses(&[
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a/>&e;",
        "<!DOCTYPE a [<!ENTITY e '<a/>'>]>&e;",
    ]);
}

#[test]
fn what_was_not_read_may_have_declared_an_entity() {
    accepts(
        "<!DOCTYPE a SYSTEM 's'><a>1&e;2</a>",
        "<!DOCTYPE a SYSTEM \"s\"><a>12</a>",
    );
    accepts(
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 's'>%p;]><a>1&e;2</a>",
        "<!DOCTYPE a><a>12</a>",
    );
    accepts(
        "<!DOCTYPE a [<!ENTITY % p SYSTEM 's'>%p;<!ENTITY e 'x'>]><a>&e;</a>",
        "<!DOCTYPE a><a/>",
    );
    refuses(&[
        "<?xml version='1.0' standalone='yes'?><!DOCTYPE a SYSTEM 's'><a>&e;</a>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM 's'>]><a>&f;</a>",
    ]);
}

#[test]
fn default_attributes_are_added_and_types_normalise() {
    let check = |subset: &str, content: &str, expected: &str| {
        accepts(
            &format!("<!DOCTYPE a [{subset}]>{content}"),
            &format!("<!DOCTYPE a>{expected}"),
        );
    };
    check("<!ATTLIST a b CDATA 'x'>", "<a/>", "<a b=\"x\"/>");
    check("<!ATTLIST a b CDATA 'x'>", "<a b='y'/>", "<a b=\"y\"/>");
    check(
        "<!ATTLIST a b CDATA 'x' b CDATA 'y'>",
        "<a/>",
        "<a b=\"x\"/>",
    );
    check(
        "<!ATTLIST a b CDATA 'x'><!ATTLIST a b CDATA 'y' c CDATA 'z'>",
        "<a/>",
        "<a b=\"x\" c=\"z\"/>",
    );
    check(
        "<!ATTLIST a b NMTOKENS #IMPLIED c CDATA #IMPLIED>",
        "<a b='  x\n  y ' c=' x '/>",
        "<a b=\"x y\" c=\" x \"/>",
    );
    check("<!ATTLIST a b ID ' x '>", "<a/>", "<a b=\"x\"/>");
    check(
        "<!ATTLIST a b NMTOKENS #IMPLIED>",
        "<a b='&#32;x&#32;&#9;'/>",
        "<a b=\"x &#9;\"/>",
    );
    check(
        "<!ENTITY e 'x'><!ATTLIST a b CDATA '&e;'>",
        "<a/>",
        "<a b=\"x\"/>",
    );
    check(
        "<!ATTLIST a xmlns CDATA #FIXED 'urn:x'>",
        "<a/>",
        "<a xmlns=\"urn:x\"/>",
    );
    check(
        "<!ATTLIST a xmlns:p CDATA 'urn:x' p:b CDATA 'y'>",
        "<a/>",
        "<a xmlns:p=\"urn:x\" p:b=\"y\"/>",
    );
}

#[test]
fn xhtml_doctypes_bring_the_entities_of_html() {
    let xhtml = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"s\">";
    accepts(
        &format!("{xhtml}<p t='&eacute;'>&nbsp;&hellip;&lt;</p>"),
        &format!("{xhtml}<p t=\"é\">\u{A0}…&lt;</p>"),
    );
    accepts(
        "<!DOCTYPE p PUBLIC '-//W3C//DTD XHTML 1.1//EN' 's' [<!ENTITY nbsp 'own'>]><p>&nbsp;</p>",
        "<!DOCTYPE p PUBLIC \"-//W3C//DTD XHTML 1.1//EN\" \"s\"><p>own</p>",
    );
    // Another doctype's entities are unknown, and skipped.
    accepts(
        "<!DOCTYPE p PUBLIC 'x' 's'><p>&nbsp;</p>",
        "<!DOCTYPE p PUBLIC \"x\" \"s\"><p/>",
    );
}

#[test]
fn namespaces_are_bound_before_use() {
    keeps("<a xmlns=\"urn:x\"><b/></a>");
    keeps("<p:a xmlns:p=\"urn:x\" p:b=\"1\"><p:c/></p:a>");
    keeps("<a xml:lang=\"en\"/>");
    keeps("<a xmlns:p=\"urn:x\" b=\"1\" p:b=\"2\"/>");
    keeps("<a xmlns=\"urn:x\"><b xmlns=\"\"/></a>");
    accepts(
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace'/>",
        "<a/>",
    );
    refuses_as(
        XmlErrorKind::Namespace,
        &[
            "<p:a/>",
            "<a p:b=''/>",
            "<a><b xmlns:p='u'/><p:c/></a>",
            "<a xmlns:p=''/>",
            "<a xmlns:xmlns='u'/>",
            "<a xmlns:xml='u'/>",
            "<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns='http://www.w3.org/XML/1998/namespace'/>",
            "<a xmlns:p='http://www.w3.org/2000/xmlns/'/>",
            "<a xmlns='http://www.w3.org/2000/xmlns/'/>",
            "<xmlns:a/>",
            "<a xmlns:p='u' xmlns:q='u' p:b='' q:b=''/>",
            "<a :b=''/>",
            "<a b:=''/>",
            "<:a/>",
            "<a:/>",
            "<a:b:c xmlns:a='u'/>",
            "<a xmlns:p='u' p:1=''/>",
            "<?p:q?><a/>",
            "<a><?p:q?></a>",
            "<!DOCTYPE a [<!ENTITY p:e 'x'>]><a/>",
            "<!DOCTYPE a [<!NOTATION p:n SYSTEM 's'>]><a/>",
            "<!DOCTYPE a:b:c><a/>",
        ],
    );
}

#[test]
fn elements_and_attributes_have_their_namespaces() {
    let (tree, document) = parse(
        "<a xmlns='urn:d' xmlns:p='urn:p' c='1' p:c='2'><p:b xmlns:p='urn:q'/><p:b/><b xmlns=''/></a>",
    )
    .expect("well-formed");
    let root = tree.document_element(document).expect("a root");
    assert_eq!(&**tree.namespace(root), "urn:d");
    assert_eq!(tree.attribute_ns(root, None, "c"), Some("1"));
    assert_eq!(tree.attribute_ns(root, Some("urn:p"), "c"), Some("2"));
    assert_eq!(
        tree.attribute_ns(root, Some("http://www.w3.org/2000/xmlns/"), "p"),
        Some("urn:p")
    );
    let namespaces: Vec<&str> = tree
        .children(root)
        .map(|child| &**tree.namespace(child))
        .collect();
    assert_eq!(namespaces, ["urn:q", "urn:p", ""]);
}

#[test]
fn template_children_go_to_its_contents() {
    let (tree, document) = parse("<template xmlns='http://www.w3.org/1999/xhtml'><p/></template>")
        .expect("well-formed");
    let template = tree.document_element(document).expect("a root");
    assert!(tree.first_child(template).is_none());
    let contents = tree.template_contents(template).expect("contents");
    assert!(tree.first_child(contents).is_some());
}

#[test]
fn text_is_one_node_across_references() {
    let (tree, document) =
        parse("<!DOCTYPE a [<!ENTITY e 'y&#38;lt;'>]><a>x&e;&amp;z&#33;</a>").expect("well-formed");
    let root = tree.document_element(document).expect("a root");
    assert_eq!(tree.children(root).count(), 1);
    assert_eq!(tree.text_content(root).as_deref(), Some("xy<&z!"));
}

#[test]
fn entity_bombs_stop_at_the_limit() {
    let mut laughs = String::from("<!DOCTYPE a [<!ENTITY l0 'lol'>");
    for level in 1..30 {
        let inner = format!("&l{};", level - 1).repeat(10);
        laughs.push_str(&format!("<!ENTITY l{level} '{inner}'>"));
    }
    for content in ["<a>&l29;</a>", "<a b='&l29;'/>"] {
        let error = parse(&format!("{laughs}]>{content}")).expect_err("refused");
        assert_eq!(error.kind, XmlErrorKind::Limit, "{error}");
    }
    // Empty entities, many times over.
    let empty = laughs.replace("'lol'", "''");
    assert!(parse(&format!("{empty}]><a>&l29;</a>")).is_err());
    // One long entity, often.
    let quadratic = format!(
        "<!DOCTYPE a [<!ENTITY e '{}'>]><a>{}</a>",
        "x".repeat(50_000),
        "&e;".repeat(50_000)
    );
    assert_eq!(
        parse(&quadratic).expect_err("refused").kind,
        XmlErrorKind::Limit
    );
    // Parameter entities.
    let mut parameters = String::from("<!DOCTYPE a [<!ENTITY % p0 '<!---->'>");
    for level in 1..30 {
        let inner = format!("&#37;p{};", level - 1).repeat(10);
        parameters.push_str(&format!("<!ENTITY % p{level} '{inner}'>"));
    }
    let error = parse(&format!("{parameters}%p29;]><a/>")).expect_err("refused");
    assert_eq!(error.kind, XmlErrorKind::Limit, "{error}");
    // Default attributes.
    let defaults = format!(
        "<!DOCTYPE a [<!ATTLIST b c CDATA '{}'>]><a>{}</a>",
        "x".repeat(50_000),
        "<b/>".repeat(50_000)
    );
    assert_eq!(
        parse(&defaults).expect_err("refused").kind,
        XmlErrorKind::Limit
    );
}

#[test]
fn long_chains_of_entities_end_in_an_error() {
    let mut chain = String::from("<!DOCTYPE a [<!ENTITY e0 'x'>");
    for level in 1..5_000 {
        chain.push_str(&format!("<!ENTITY e{level} '&e{};'>", level - 1));
    }
    for content in ["<a>&e4999;</a>", "<a b='&e4999;'/>"] {
        assert!(parse(&format!("{chain}]>{content}")).is_err());
    }
    assert!(parse(&format!("{chain}]><a b='&e400;'>&e400;</a>")).is_ok());
}

#[test]
fn depth_and_attributes_are_capped() {
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(&nested(10_000)).is_ok());
    assert_eq!(
        parse(&nested(10_001)).expect_err("refused").kind,
        XmlErrorKind::Limit
    );
    let mut limits = XmlLimits::default();
    limits.max_depth = 3;
    assert!(parse_with(&nested(3), limits).is_ok());
    assert!(parse_with(&nested(4), limits).is_err());
    let attributes: String = (0..5_000).map(|index| format!(" a{index}=''")).collect();
    assert_eq!(
        parse(&format!("<a{attributes}/>"))
            .expect_err("refused")
            .kind,
        XmlErrorKind::Limit
    );
}

#[test]
fn a_refused_document_is_left_empty() {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    let before = tree.node_count();
    assert!(
        parse_xml(
            &mut tree,
            document,
            "<!--c--><a><b>x</b></c>",
            XmlLimits::default()
        )
        .is_err()
    );
    assert!(tree.first_child(document).is_none());
    assert_eq!(tree.node_count(), before);
    assert!(parse_xml(&mut tree, document, "<a/>", XmlLimits::default()).is_ok());
}
