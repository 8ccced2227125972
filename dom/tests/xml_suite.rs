//! The W3C XML conformance suite: XML 1.0, fifth edition, and namespaces.
//!
//! What needs an external entity is counted apart, for nothing is ever loaded. Suite: <https://www.w3.org/XML/Test/>

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use readystate_dom::parsing::encoding::{SniffKind, decode_fatal, sniff};
use readystate_dom::parsing::xml::XmlErrorKind;
use readystate_dom::{NodeId, NodeKind, Tree};

use crate::suites::{say, suite};
use crate::xml_checks::parse;

/// Documents that are not well-formed and yet accepted, with the reason.
const ACCEPTED: &[(&str, &str)] = &[
    (
        "rmt-e2e-61",
        "declares UTF-16 in ASCII: by the HTML standard's sniffing such a declaration means UTF-8",
    ),
    (
        "hst-lhs-007",
        "declares ISO-8859-1 after a mark of UTF-8: by the Encoding standard the mark wins",
    ),
    (
        "hst-lhs-008",
        "declares UTF-8 after a mark of UTF-16: by the Encoding standard the mark wins",
    ),
];

/// Documents that are valid and yet refused, with the reason.
const REFUSED: &[(&str, &str)] = &[];

/// Documents whose canonical form holds what is no part of a tree: a processing instruction in a doctype.
const NOT_COMPARED: &[&str] = &["ibm-valid-P29-ibm29v01.xml"];

/// The lists of cases, each relative to the suite; what they name is relative to them.
const CATALOGUES: &[&str] = &[
    "sun/sun-valid.xml",
    "sun/sun-invalid.xml",
    "sun/sun-not-wf.xml",
    "sun/sun-error.xml",
    "xmltest/xmltest.xml",
    "japanese/japanese.xml",
    "oasis/oasis.xml",
    "ibm/ibm_oasis_invalid.xml",
    "ibm/ibm_oasis_not-wf.xml",
    "ibm/ibm_oasis_valid.xml",
    "eduni/errata-2e/errata2e.xml",
    "eduni/errata-3e/errata3e.xml",
    "eduni/errata-4e/errata4e.xml",
    "eduni/namespaces/1.0/rmt-ns10.xml",
    "eduni/misc/ht-bh.xml",
];

struct Case {
    id: String,
    /// `valid`, `invalid`, `not-wf` or `error`.
    kind: String,
    path: PathBuf,
    /// The canonical form of what was read.
    output: Option<PathBuf>,
    needs_external: bool,
    /// About namespaces.
    is_namespaces: bool,
}

/// The cases that concern XML 1.0, fifth edition, with namespaces.
fn cases(folder: &Path) -> Vec<Case> {
    let mut cases = Vec::new();
    for catalogue in CATALOGUES {
        let path = folder.join(catalogue);
        let text = std::fs::read_to_string(&path).expect("the catalogue is there");
        // Some are pieces of a document, of more than one element.
        let start = text.find("<TEST").expect("cases");
        let wrapped = format!("<x>{}</x>", &text[start..]);
        let (tree, document) = parse(&wrapped).expect("the catalogue is well-formed");
        for node in tree.descendants(document) {
            if tree.is_element(node) && &**tree.local_name(node) == "TEST" {
                cases.extend(case(&tree, node, &path));
            }
        }
    }
    cases
}

fn case(tree: &Tree, node: NodeId, catalogue: &Path) -> Option<Case> {
    let attribute = |name| tree.attribute(node, name).unwrap_or_default().to_owned();
    let recommendation = attribute("RECOMMENDATION");
    let editions = attribute("EDITION");
    let is_current = editions.is_empty() || editions.split(' ').any(|edition| edition == "5");
    if recommendation.ends_with("1.1") || attribute("VERSION") == "1.1" || !is_current {
        return None;
    }
    // NOTE: for parsers that know no namespaces.
    if attribute("NAMESPACE") == "no" {
        return None;
    }
    let beside = |name: String| {
        (!name.is_empty()).then(|| {
            catalogue
                .parent()
                .expect("a catalogue lies in a folder")
                .join(name)
        })
    };
    let entities = attribute("ENTITIES");
    Some(Case {
        id: attribute("ID"),
        kind: attribute("TYPE"),
        path: beside(attribute("URI"))?,
        output: beside(attribute("OUTPUT")),
        needs_external: !(entities.is_empty() || entities == "none"),
        is_namespaces: recommendation.starts_with("NS"),
    })
}

/// Parses a file as a browser does; `Err` is why it was refused.
fn parse_file(path: &Path) -> Result<(Tree, NodeId), (XmlErrorKind, String)> {
    let bytes = std::fs::read(path).expect("the case is there");
    let text = decode_fatal(&bytes, sniff(&bytes, None, SniffKind::Xml))
        .ok_or((XmlErrorKind::Syntax, "bad bytes".to_owned()))?;
    parse(&text).map_err(|error| (error.kind, error.to_string()))
}

#[derive(Default)]
struct Score {
    right: usize,
    listed: Vec<String>,
    wrong: Vec<String>,
}

#[test]
fn the_w3c_suite_is_decided_as_it_says() {
    let Some(folder) = suite("xmlconf") else {
        return;
    };
    let mut scores: BTreeMap<&str, Score> = BTreeMap::new();
    for case in cases(&folder) {
        let result = parse_file(&case.path);
        let (group, is_right, exceptions) = match (&*case.kind, case.needs_external) {
            ("valid" | "invalid", false) => ("well-formed", result.is_ok(), REFUSED),
            ("valid" | "invalid", true) => ("well-formed, external", result.is_ok(), REFUSED),
            ("not-wf", _) if case.is_namespaces => ("namespace errors", result.is_err(), ACCEPTED),
            ("not-wf", false) => ("not well-formed", result.is_err(), ACCEPTED),
            // The fault may stand in what is not loaded: any answer is right.
            ("not-wf", true) => ("not well-formed, external", true, ACCEPTED),
            // Parsers may report these or not.
            _ => continue,
        };
        let score = scores.entry(group).or_default();
        let exception = exceptions.iter().find(|(id, _)| *id == case.id);
        match (is_right, exception) {
            (true, None) => score.right += 1,
            (true, Some(_)) => score.wrong.push(format!("{}: right, but listed", case.id)),
            (false, Some((_, reason))) => score.listed.push(format!("{}: {reason}", case.id)),
            (false, None) => score.wrong.push(format!(
                "{} ({}): {}",
                case.id,
                case.path.display(),
                result.err().map_or("accepted".to_owned(), |(_, why)| why)
            )),
        }
    }
    for (group, score) in &scores {
        say(&format!(
            "xmlconf, {group}: {} right, {} listed, {} wrong",
            score.right,
            score.listed.len(),
            score.wrong.len()
        ));
    }
    let wrong: Vec<_> = scores.values().flat_map(|score| &score.wrong).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    for (group, least) in [
        ("well-formed", 500),
        ("not well-formed", 900),
        ("namespace errors", 20),
    ] {
        assert!(scores[group].right >= least, "{group}: cases are missing");
    }
}

#[test]
fn the_w3c_suite_reads_as_its_canonical_forms() {
    let Some(folder) = suite("xmlconf") else {
        return;
    };
    let mut compared = 0;
    let mut wrong = Vec::new();
    for case in cases(&folder) {
        let Some(output) = case.output.filter(|_| !case.needs_external) else {
            continue;
        };
        if NOT_COMPARED.contains(&&*case.id) {
            continue;
        }
        let Ok((tree, document)) = parse_file(&case.path) else {
            continue;
        };
        let expected = std::fs::read_to_string(output).expect("the output is there");
        let expected = without_doctype(&expected);
        let mut actual = String::new();
        write_canonical(&tree, document, &mut actual);
        compared += 1;
        if actual.trim_end() != expected.trim_end() {
            wrong.push(format!("{}:\n{expected}\n{actual}", case.id));
        }
    }
    say(&format!("xmlconf, canonical forms: {compared} compared"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(compared > 100);
}

/// Notations, which some outputs declare, are no part of the tree.
fn without_doctype(output: &str) -> &str {
    match output.strip_prefix("<!DOCTYPE") {
        Some(rest) => rest
            .split_once("]>")
            .map_or(rest, |(_, after)| after)
            .trim_start(),
        None => output,
    }
}

/// The canonical form of the suite: no comments, no declarations, attributes in order.
fn write_canonical(tree: &Tree, node: NodeId, out: &mut String) {
    match tree.kind(node) {
        Some(NodeKind::Element) => {
            let name = tree.qualified_name(node);
            let mut attributes: Vec<_> = tree
                .attributes(node)
                .iter()
                .map(|attribute| (attribute.qualified_name().into_owned(), attribute.value()))
                .collect();
            attributes.sort_unstable();
            out.push('<');
            out.push_str(&name);
            for (name, value) in attributes {
                out.push_str(&format!(" {name}=\""));
                push_escaped(value, out);
                out.push('"');
            }
            out.push('>');
            for child in tree.children(node) {
                write_canonical(tree, child, out);
            }
            out.push_str(&format!("</{name}>"));
        }
        Some(NodeKind::Document) => {
            for child in tree.children(node) {
                write_canonical(tree, child, out);
            }
        }
        Some(NodeKind::Text | NodeKind::CdataSection) => {
            push_escaped(&tree.text_content(node).unwrap_or_default(), out);
        }
        Some(NodeKind::ProcessingInstruction) => {
            let target = tree.node_name(node);
            let data = tree.text_content(node).unwrap_or_default();
            out.push_str(&format!("<?{target} {data}?>"));
        }
        _ => {}
    }
}

fn push_escaped(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
}
