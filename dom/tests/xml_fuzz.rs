//! Random XML: what we accept is what the `xml` crate accepts and reads the same, and what we write we read again.

use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{NodeId, NodeKind, Tree, ns};
use xml::ParserConfig;
use xml::reader::XmlEvent;

use crate::random::{Random, seeds};
use crate::xml_checks::parse;

const NAMES: &[&str] = &["a", "b", "c", "p:a", "p:b", "q:a", "\u{e9}", "a-1", "_"];

const VALUES: &[&str] = &[
    "",
    "x",
    " y ",
    "&lt;",
    "&amp;&#65;",
    "&#x1F600;",
    "\u{e9}",
    "\n",
    "'",
    "a>b",
    "&quot;",
    "\t&#10;",
];

const TEXTS: &[&str] = &[
    "x",
    " ",
    "\n",
    "&lt;",
    "&gt;",
    "&amp;",
    "&#65;",
    "&#x20AC;",
    "\u{e9}",
    "\u{1F600}",
    "]]",
    ">",
    "<!-- c -->",
    "<?t d?>",
    "<?t?>",
    "<![CDATA[<&>]]>",
    "<![CDATA[]]>",
    "\r\n",
    "\r",
    "\"",
];

/// Bits that well-formed documents do not hold where they are put.
const FAULTS: &[&str] = &[
    "<",
    "&",
    "&x;",
    "]]>",
    "</a>",
    "<a>",
    "<!-- -- -->",
    "<?xml?>",
    "<?xml version='1.0'?>",
    "\u{1}",
    "&#0;",
    "<a b>",
    "<a b=c/>",
    "<a b='1' b='2'/>",
    "<a b='<'/>",
    "<a b='1'c='2'/>",
    "<1/>",
    "< a/>",
    "<a/ >",
    "<u:a/>",
    "<a u:b='1'/>",
    "<a:b:c/>",
    "&#x110000;",
    "<![CDATA[",
    "<!DOCTYPE a>",
    "</>",
    "<a b='&y;'/>",
    "\u{FFFE}",
];

struct Generator {
    random: Random,
    text: String,
    /// Whether something may be wrong.
    has_faults: bool,
}

impl Generator {
    fn element(&mut self, depth: usize) {
        let name = self.random.pick(NAMES);
        self.text.push('<');
        self.text.push_str(name);
        if depth == 0 {
            self.text.push_str(" xmlns:p='urn:p' xmlns:q=\"urn:q\"");
        }
        for index in 0..self.random.below(3) {
            let quote = self.random.pick(&["\"", "'"]);
            let value = self.random.pick(VALUES);
            if value.contains(quote) {
                continue;
            }
            let prefix = self.random.pick(&["", "", "p:", "xml:"]);
            let space = self.random.pick(&[" ", "\n", "  "]);
            let equals = self.random.pick(&["=", " = "]);
            self.text.push_str(&format!(
                "{space}{prefix}n{index}{equals}{quote}{value}{quote}"
            ));
        }
        if self.random.once_in(6) {
            self.text.push_str(self.random.pick(&[
                " xmlns=''",
                " xmlns='urn:d'",
                " xmlns:r='urn:p'",
            ]));
        }
        if depth > 0 && self.random.once_in(3) {
            self.text.push_str(self.random.pick(&["/>", " />"]));
            return;
        }
        self.text.push('>');
        for _ in 0..self.random.below(5) {
            if depth < 5 && self.random.once_in(2) {
                self.element(depth + 1);
            } else if self.has_faults && self.random.once_in(8) {
                self.text.push_str(self.random.pick(FAULTS));
            } else {
                self.text.push_str(self.random.pick(TEXTS));
            }
        }
        self.text
            .push_str(&format!("</{name}{}>", self.random.pick(&["", "", " "])));
    }
}

fn document(seed: u64) -> String {
    let mut random = Random::new(seed);
    let has_faults = random.once_in(2);
    let declaration = random.pick(&[
        "",
        "",
        "<?xml version='1.0'?>",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    ]);
    let mut generator = Generator {
        random,
        text: declaration.to_owned(),
        has_faults,
    };
    generator.element(0);
    generator.text
}

/// A tree in words: names by namespace, text in one piece.
#[derive(Default)]
struct Dump(String);

impl Dump {
    fn element(
        &mut self,
        namespace: &str,
        local: &str,
        mut attributes: Vec<(String, String, String)>,
    ) {
        attributes.sort();
        self.0.push_str(&format!("\n<{{{namespace}}}{local}"));
        for (namespace, local, value) in attributes {
            self.0
                .push_str(&format!(" {{{namespace}}}{local}={value:?}"));
        }
        self.0.push('>');
    }
}

fn dump(tree: &Tree, node: NodeId, out: &mut Dump) {
    match tree.kind(node) {
        Some(NodeKind::Element) => {
            let attributes = tree
                .attributes(node)
                .iter()
                .filter(|attribute| *attribute.namespace() != ns!(xmlns))
                .map(|attribute| {
                    (
                        attribute.namespace().to_string(),
                        attribute.local_name().to_string(),
                        attribute.value().to_owned(),
                    )
                });
            out.element(
                tree.namespace(node),
                tree.local_name(node),
                attributes.collect(),
            );
        }
        Some(NodeKind::Comment) => {
            out.0.push_str(&format!(
                "<!--{}-->",
                tree.text_content(node).unwrap_or_default()
            ));
        }
        Some(NodeKind::ProcessingInstruction) => out.0.push_str(&format!(
            "<?{} {}?>",
            tree.node_name(node),
            tree.text_content(node).unwrap_or_default()
        )),
        Some(NodeKind::Text | NodeKind::CdataSection) => {
            out.0.push_str(&tree.text_content(node).unwrap_or_default());
        }
        _ => {}
    }
    for child in tree.children(node) {
        dump(tree, child, out);
    }
    if tree.is_element(node) {
        out.0.push_str("</>");
    }
}

fn theirs(text: &str) -> Result<String, String> {
    let config = ParserConfig::new()
        .cdata_to_characters(true)
        .ignore_comments(false);
    let mut out = Dump::default();
    let (mut depth, mut roots) = (0, 0);
    for event in config.create_reader(text.as_bytes()) {
        match event.map_err(|error| error.to_string())? {
            XmlEvent::StartElement {
                name, attributes, ..
            } => {
                roots += i32::from(depth == 0);
                depth += 1;
                let attributes = attributes
                    .into_iter()
                    .map(|attribute| {
                        (
                            attribute.name.namespace.unwrap_or_default(),
                            attribute.name.local_name,
                            attribute.value,
                        )
                    })
                    .collect();
                out.element(
                    &name.namespace.unwrap_or_default(),
                    &name.local_name,
                    attributes,
                );
            }
            XmlEvent::EndElement { .. } => {
                depth -= 1;
                out.0.push_str("</>");
            }
            XmlEvent::Characters(text) | XmlEvent::Whitespace(text) | XmlEvent::CData(text) => {
                out.0.push_str(&text);
            }
            XmlEvent::Comment(text) => out.0.push_str(&format!("<!--{text}-->")),
            XmlEvent::ProcessingInstruction { name, data } => {
                out.0
                    .push_str(&format!("<?{name} {}?>", data.unwrap_or_default()));
            }
            _ => {}
        }
    }
    // NOTE: the crate reads `<a></a><a></a>` without a complaint.
    if roots > 1 {
        return Err("there is more than one root element".to_owned());
    }
    Ok(out.0)
}

fn ours(text: &str) -> Result<String, String> {
    let (tree, document) = parse(text).map_err(|error| error.to_string())?;
    let mut out = Dump::default();
    dump(&tree, document, &mut out);
    Ok(out.0)
}

#[test]
fn random_xml_is_decided_and_read_as_the_xml_crate_does() {
    let (mut accepted, mut refused) = (0, 0);
    for seed in seeds(4_000) {
        let text = document(seed);
        match (ours(&text), theirs(&text)) {
            (Ok(ours), Ok(theirs)) => {
                assert_eq!(ours, theirs, "seed {seed}: {text:?}");
                accepted += 1;
            }
            (Err(_), Err(_)) => refused += 1,
            (ours, theirs) => panic!("seed {seed}: {text:?}\nours: {ours:?}\ntheirs: {theirs:?}"),
        }
    }
    assert!(
        accepted > 100 && refused > 100,
        "{accepted} accepted, {refused} refused"
    );
}

#[test]
fn random_xml_is_written_as_it_was_read() {
    for seed in seeds(4_000) {
        let text = document(seed);
        let Ok((tree, document)) = parse(&text) else {
            continue;
        };
        let written = serialize_xml(&tree, document, false).expect("serializable");
        let mut first = Dump::default();
        dump(&tree, document, &mut first);
        assert_eq!(
            ours(&written).as_ref(),
            Ok(&first.0),
            "seed {seed}: {text:?}\n{written:?}"
        );
        let (tree, document) = parse(&written).unwrap();
        assert_eq!(
            serialize_xml(&tree, document, false).expect("serializable"),
            written,
            "seed {seed}: {text:?}"
        );
    }
}

#[test]
fn random_bytes_in_a_document_never_break_the_parser() {
    for seed in seeds(4_000) {
        let mut random = Random::new(seed);
        let mut text = document(seed);
        let pieces = [
            "<!DOCTYPE a [<!ENTITY e '",
            "'>",
            "]>",
            "<!ATTLIST a b CDATA 'c'>",
            "%p;",
            "&e;",
            "<![",
            "-",
            "?>",
        ];
        for _ in 0..=random.below(3) {
            let place = text.floor_char_boundary(random.below(text.len() + 1));
            if random.once_in(2) {
                text.insert_str(place, random.pick(&pieces));
            } else if place < text.len() {
                text.remove(place);
            }
        }
        if let Ok((tree, document)) = parse(&text) {
            assert!(
                tree.document_element(document).is_some(),
                "seed {seed}: {text:?}"
            );
        }
    }
}
