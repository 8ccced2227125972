//! The XML parser stops where scripts stand, and goes on in whatever the scripts have left.

use readystate_dom::parsing::html::Step;
use readystate_dom::parsing::xml::{XmlErrorKind, XmlParser, XmlParserOptions};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, NodeId, Tree};

const HTML: &str = "http://www.w3.org/1999/xhtml";

fn parser(text: &str) -> (Tree, NodeId, XmlParser) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .unwrap();
    let options = XmlParserOptions {
        scripting: true,
        ..XmlParserOptions::default()
    };
    let parser = XmlParser::new(document, text, options);
    (tree, document, parser)
}

#[track_caller]
fn script(step: Step) -> NodeId {
    match step {
        Step::Script(script) => script,
        step => panic!("no script, but {step:?}"),
    }
}

#[test]
fn each_script_sees_what_stands_before_it() {
    let text = format!(
        "<h xmlns='{HTML}'>\n<script>1</script><p/><script src='x'/><s:script xmlns:s='http://www.w3.org/2000/svg'/>\
         <script xmlns=''/></h>"
    );
    let (mut tree, document, mut parser) = parser(&text);
    let first = script(parser.advance(&mut tree).unwrap());
    assert_eq!(tree.text_content(first).as_deref(), Some("1"));
    assert_eq!(tree.next_sibling(first), None);
    assert!(tree.script_flags(first).parser_inserted);
    assert!(!tree.script_flags(first).force_async);
    assert_eq!(parser.line(), 2);
    let second = script(parser.advance(&mut tree).unwrap());
    assert_eq!(tree.attribute(second, "src"), Some("x"));
    let third = script(parser.advance(&mut tree).unwrap());
    assert_eq!(tree.previous_sibling(third), Some(second));
    // The last has no namespace, so it is no script.
    assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
    assert!(parser.is_done());
    assert_eq!(
        tree.children(tree.document_element(document).unwrap())
            .count(),
        6
    );
}

#[test]
fn a_script_may_take_the_open_elements_away() {
    let text = format!("<h xmlns='{HTML}'><b><script/><i>in b</i></b>in h</h>");
    let (mut tree, document, mut parser) = parser(&text);
    tree.set_reclaims_removed(true);
    let script = script(parser.advance(&mut tree).unwrap());
    let b = tree.parent(script).unwrap();
    tree.remove(b).unwrap();
    assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
    assert_eq!(
        serialize_xml(&tree, document, false).unwrap(),
        format!("<h xmlns=\"{HTML}\">in h</h>")
    );
}

#[test]
fn scripts_before_an_error_have_run() {
    for (text, kind) in [
        ("<script/><p></q>", XmlErrorKind::Syntax),
        ("<script/><p a='\u{1}'/></h>", XmlErrorKind::Syntax),
        ("<script/><x:p/></h>", XmlErrorKind::Namespace),
        ("<script/></h>\u{FFFF}", XmlErrorKind::Syntax),
    ] {
        let (mut tree, document, mut parser) = parser(&format!("<h xmlns='{HTML}'>{text}"));
        script(parser.advance(&mut tree).unwrap());
        let error = parser.advance(&mut tree).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
        assert!(tree.document_element(document).is_some());
        assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
    }
}

#[test]
fn a_forbidden_character_is_reported_where_it_stands() {
    let (mut tree, _, mut parser) = parser("<h>\n<p a='\u{1}'/></h>");
    let error = parser.advance(&mut tree).unwrap_err();
    assert_eq!((error.line, error.column), (2, 7));
    // What is wrong before it comes first.
    let (mut tree, _, mut parser) = self::parser("<h>\n</q>\u{1}");
    let error = parser.advance(&mut tree).unwrap_err();
    assert_eq!((error.line, error.column), (2, 3));
}

#[test]
fn a_script_in_an_entity_stops_the_parser_too() {
    let text = format!(
        "<!DOCTYPE h [<!ENTITY e '<script>2</script>after'>]><h xmlns='{HTML}'>&e;<i/>&e;</h>"
    );
    let (mut tree, document, mut parser) = parser(&text);
    for _ in 0..2 {
        let script = script(parser.advance(&mut tree).unwrap());
        assert_eq!(tree.next_sibling(script), None);
    }
    assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
    let root = tree.document_element(document).unwrap();
    assert_eq!(tree.text_content(root).as_deref(), Some("2after2after"));
}

#[test]
fn an_aborted_parser_does_nothing_more() {
    let (mut tree, document, mut parser) = parser(&format!("<h xmlns='{HTML}'><script/><p/></h>"));
    script(parser.advance(&mut tree).unwrap());
    parser.abort(&mut tree);
    assert_eq!(parser.advance(&mut tree), Ok(Step::Done));
    let root = tree.document_element(document).unwrap();
    assert_eq!(tree.children(root).count(), 1);
}
