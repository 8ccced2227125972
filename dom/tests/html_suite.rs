//! The tree construction tests of html5lib, with the scripting flag both off and on.
//!
//! Those that run script (`scripted/`) are part of the integration tests, which have an engine. Suite:
//! <https://github.com/html5lib/html5lib-tests>

use std::path::Path;

use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, Step};
use readystate_dom::parsing::html_fragment::parse_fragment;
use readystate_dom::{DocumentInit, NodeId, NodeKind, Tree, ns};

use crate::suites::{say, suite};

/// Cases that read otherwise than they should, by file and input, with the reason.
const LISTED: &[(&str, &str, &str)] = &[];

/// One case of a `.dat` file.
#[derive(Default)]
struct Case {
    data: String,
    /// The context element, for fragments.
    fragment: Option<String>,
    /// The one setting of the scripting flag that it is for.
    scripting: Option<bool>,
    document: String,
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut case = Case::default();
    let mut section = "";
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        match line {
            "#data" => {
                case = Case::default();
                section = "data";
            }
            "#errors" | "#new-errors" | "#document-fragment" | "#document" => {
                section = line.trim_start_matches('#');
            }
            "#script-on" => case.scripting = Some(true),
            "#script-off" => case.scripting = Some(false),
            _ => match section {
                "data" => {
                    if !case.data.is_empty() || case.document == "started" {
                        case.data.push('\n');
                    }
                    case.data.push_str(line);
                    case.document = "started".to_owned();
                }
                "document-fragment" => case.fragment = Some(line.to_owned()),
                "document" => {
                    if case.document == "started" {
                        case.document.clear();
                    }
                    // A blank line before the next case, or the end of the file, ends it.
                    let is_last = matches!(lines.peek(), None | Some(&"#data"));
                    if line.is_empty() && is_last {
                        cases.push(std::mem::take(&mut case));
                        section = "";
                    } else {
                        case.document.push_str(line);
                        case.document.push('\n');
                    }
                }
                _ => {}
            },
        }
    }
    if section == "document" {
        cases.push(case);
    }
    cases
}

fn parse(case: &Case, scripting: bool) -> String {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let root = match &case.fragment {
        None => {
            let options = HtmlParserOptions {
                scripting,
                ..HtmlParserOptions::default()
            };
            let mut parser = HtmlParser::new(&mut tree, document, options);
            let mut step = parser.feed(&mut tree, &case.data);
            while matches!(step, Step::Script(_)) {
                step = parser.resume(&mut tree);
            }
            step = parser.end(&mut tree);
            while matches!(step, Step::Script(_)) {
                step = parser.resume(&mut tree);
            }
            assert_eq!(step, Step::Done);
            document
        }
        Some(context) => {
            tree.set_scripting(document, scripting);
            let (namespace, name) = match context.split_once(' ') {
                Some(("svg", name)) => (ns!(svg), name),
                Some(("math", name)) => (ns!(mathml), name),
                _ => (ns!(html), &**context),
            };
            let context = tree
                .create_element(document, name.into(), namespace, None)
                .unwrap();
            parse_fragment(&mut tree, context, &case.data).unwrap()
        }
    };
    let mut text = String::new();
    for child in tree.children(root) {
        write_node(&tree, child, 0, &mut text);
    }
    text
}

/// The tree as the suite writes it.
pub(crate) fn write_node(tree: &Tree, node: NodeId, depth: usize, out: &mut String) {
    let indent = format!("| {}", "  ".repeat(depth));
    let data = || tree.text_content(node).unwrap_or_default();
    match tree.kind(node) {
        Some(NodeKind::Element) => {
            let prefix = match *tree.namespace(node) {
                ns!(svg) => "svg ",
                ns!(mathml) => "math ",
                _ => "",
            };
            out.push_str(&format!("{indent}<{prefix}{}>\n", tree.local_name(node)));
            let mut attributes: Vec<_> = tree
                .attributes(node)
                .iter()
                .map(|attribute| {
                    let prefix = match *attribute.namespace() {
                        ns!(xlink) => "xlink ",
                        ns!(xml) => "xml ",
                        ns!(xmlns) => "xmlns ",
                        _ => "",
                    };
                    let name = format!("{prefix}{}", attribute.local_name());
                    (name, attribute.value())
                })
                .collect();
            attributes.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            for (name, value) in attributes {
                out.push_str(&format!("{indent}  {name}=\"{value}\"\n"));
            }
            if let Some(contents) = tree.template_contents(node) {
                out.push_str(&format!("{indent}  content\n"));
                for child in tree.children(contents) {
                    write_node(tree, child, depth + 2, out);
                }
            }
            for child in tree.children(node) {
                write_node(tree, child, depth + 1, out);
            }
        }
        Some(NodeKind::Text) => out.push_str(&format!("{indent}\"{}\"\n", data())),
        Some(NodeKind::Comment) => out.push_str(&format!("{indent}<!-- {} -->\n", data())),
        Some(NodeKind::ProcessingInstruction) => {
            out.push_str(&format!("{indent}<?{} {}>\n", tree.node_name(node), data()));
        }
        Some(NodeKind::DocumentType) => {
            let name = tree.doctype_name(node).unwrap_or_default();
            let public_id = tree.doctype_public_id(node).unwrap_or_default();
            let system_id = tree.doctype_system_id(node).unwrap_or_default();
            out.push_str(&format!("{indent}<!DOCTYPE {name}"));
            if !public_id.is_empty() || !system_id.is_empty() {
                out.push_str(&format!(" \"{public_id}\" \"{system_id}\""));
            }
            out.push_str(">\n");
        }
        _ => {}
    }
}

#[test]
fn html5lib_tree_construction() {
    let Some(folder) = suite("html5lib-tests") else {
        return;
    };
    let mut files: Vec<_> = std::fs::read_dir(folder.join("tree-construction"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "dat"))
        .collect();
    files.sort();
    let (mut right, mut listed) = (0, 0);
    let mut wrong = Vec::new();
    for path in files {
        let name = name_of(&path);
        let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
        for case in cases(&text) {
            for scripting in [false, true] {
                if case.scripting.is_some_and(|only| only != scripting) {
                    continue;
                }
                let actual = parse(&case, scripting);
                let is_right = actual == case.document;
                let is_listed = LISTED
                    .iter()
                    .any(|(file, data, _)| *file == name && *data == case.data);
                match (is_right, is_listed) {
                    (true, false) => right += 1,
                    (false, true) => listed += 1,
                    (true, true) => {
                        wrong.push(format!("{name}: right, but listed: {:?}", case.data))
                    }
                    (false, false) => wrong.push(format!(
                        "{name}, scripting {scripting}: {:?} in {:?}\n{}\n{actual}",
                        case.data, case.fragment, case.document
                    )),
                }
            }
        }
    }
    say(&format!(
        "html5lib tree construction: {right} right, {listed} listed, {} wrong",
        wrong.len()
    ));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right > 3_000, "cases are missing");
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}
