//! Random HTML: our tree is the one that `markup5ever_rcdom` makes, and does not depend on how the text is cut.

use html5ever_0_39::tendril::TendrilSink;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use readystate_dom::parsing::html::{HtmlParser, HtmlParserOptions, parse_document};
use readystate_dom::{DocumentInit, NodeId, Tree};

use crate::html_suite::write_node;
use crate::random::{Random, seeds};

/// Elements that html5ever 0.39 and 0.40 treat alike.
const NAMES: &[&str] = &[
    "a",
    "b",
    "i",
    "font",
    "nobr",
    "p",
    "div",
    "span",
    "table",
    "tbody",
    "tr",
    "td",
    "th",
    "caption",
    "colgroup",
    "col",
    "ul",
    "li",
    "dl",
    "dd",
    "dt",
    "h1",
    "h2",
    "form",
    "button",
    "input",
    "br",
    "hr",
    "img",
    "pre",
    "textarea",
    "title",
    "style",
    "script",
    "noscript",
    "template",
    "svg",
    "math",
    "mi",
    "mtext",
    "annotation-xml",
    "foreignObject",
    "desc",
    "path",
    "body",
    "html",
    "head",
    "frameset",
    "frame",
    "iframe",
    "object",
    "applet",
    "ruby",
    "rt",
    "rp",
    "address",
    "x-y",
    "image",
    "plaintext",
    "main",
    "details",
    "summary",
    "base",
    "link",
    "meta",
];

/// Elements whose rules are newer than html5ever 0.39.
const NEW_NAMES: &[&str] = &["select", "option", "optgroup", "selectedcontent", "search"];

const ATTRIBUTES: &[&str] = &[
    " id=x",
    " class='a b'",
    " a=1 a=2",
    " definitionurl=q",
    " xlink:href=z",
    " type=hidden",
    " x",
    " encoding=text/html",
    " color=red",
    " =",
    " a=\"&amp;&lt\"",
    " viewbox=1",
    "/",
    " \u{e9}=\u{e9}",
    " href=\"?a=1&b=2&copy=3&copy\"",
    " t='\r\n&#39;&notin;\r'",
    " A=B",
    "\r\nviewBox = x",
    " y\ty",
    " z='\0'",
    " u=a/b",
    " u=&lt;",
    " q='>'",
];

const TEXTS: &[&str] = &[
    "x",
    " ",
    "\n",
    "&amp;",
    "&notit;",
    "&#0;",
    "&#x80;",
    "&",
    "<",
    "</",
    "\0",
    "\u{e9}",
    "\u{1F600}",
    "<!-- c -->",
    "<!--",
    "-->",
    "<!-- a--!>",
    "<!x>",
    "<![CDATA[y]]>",
    "]]>",
    "<?z?>",
    "\r\n",
    "\u{FEFF}",
    "<!DOCTYPE html>",
    "<!doctype x public 'y'>",
    "&#x10FFFF;",
    "&ngE;",
    "&NotEqualTilde;",
    "\r",
    "&copy",
    "&copy;",
    "&#x41;&#65;",
    "&#1234567890123;",
    "&#128;",
    "&eacute;t&eacute;",
    "a & b",
    "text",
];

fn markup(random: &mut Random, names: &[&str]) -> String {
    let mut text = String::new();
    if random.once_in(2) {
        text.push_str("<!DOCTYPE html>");
    }
    for _ in 0..random.below(60) {
        match random.below(10) {
            0..=3 => {
                text.push('<');
                text.push_str(random.pick(names));
                for _ in 0..random.below(3) {
                    text.push_str(random.pick(ATTRIBUTES));
                }
                text.push_str(random.pick(&[">", ">", ">", ">", "/>", ""]));
            }
            4..=6 => {
                text.push_str("</");
                text.push_str(random.pick(names));
                text.push_str(random.pick(&[">", ">", ">", " x>"]));
            }
            _ => text.push_str(random.pick(TEXTS)),
        }
    }
    text
}

fn dump(tree: &Tree, document: NodeId) -> String {
    let mut text = String::new();
    for child in tree.children(document) {
        write_node(tree, child, 0, &mut text);
    }
    text
}

fn ours(text: &str) -> String {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    parse_document(&mut tree, document, text);
    dump(&tree, document)
}

/// The document, and the line the parser stands in at the end.
fn ours_cut(text: &str, random: &mut Random, longest: usize) -> (String, u64) {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::html("about:blank"))
        .unwrap();
    let mut parser = HtmlParser::new(&mut tree, document, HtmlParserOptions::default());
    let mut rest = text;
    while !rest.is_empty() {
        let length = random.below(longest) + 1;
        let end = rest.ceil_char_boundary(length.min(rest.len()));
        parser.feed(&mut tree, &rest[..end]);
        rest = &rest[end..];
    }
    parser.end(&mut tree);
    (dump(&tree, document), parser.line())
}

fn theirs(text: &str) -> String {
    let options = html5ever_0_39::ParseOpts {
        tree_builder: html5ever_0_39::tree_builder::TreeBuilderOpts {
            scripting_enabled: false,
            ..Default::default()
        },
        // NOTE: it would drop one wherever it stops, as after a script.
        tokenizer: html5ever_0_39::tokenizer::TokenizerOpts {
            discard_bom: false,
            ..Default::default()
        },
    };
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let dom = html5ever_0_39::parse_document(RcDom::default(), options).one(text);
    let mut out = String::new();
    for child in dom.document.children.borrow().iter() {
        write_rc_node(child, 0, &mut out);
    }
    out
}

fn write_rc_node(node: &Handle, depth: usize, out: &mut String) {
    let indent = format!("| {}", "  ".repeat(depth));
    match &node.data {
        NodeData::Element {
            name,
            attrs,
            template_contents,
            ..
        } => {
            let prefix = match &*name.ns {
                "http://www.w3.org/2000/svg" => "svg ",
                "http://www.w3.org/1998/Math/MathML" => "math ",
                _ => "",
            };
            out.push_str(&format!("{indent}<{prefix}{}>\n", name.local));
            let mut attributes: Vec<_> = attrs
                .borrow()
                .iter()
                .map(|attribute| {
                    let prefix = match &*attribute.name.ns {
                        "http://www.w3.org/1999/xlink" => "xlink ",
                        "http://www.w3.org/XML/1998/namespace" => "xml ",
                        "http://www.w3.org/2000/xmlns/" => "xmlns ",
                        _ => "",
                    };
                    (
                        format!("{prefix}{}", attribute.name.local),
                        attribute.value.to_string(),
                    )
                })
                .collect();
            attributes.sort_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
            for (name, value) in attributes {
                out.push_str(&format!("{indent}  {name}=\"{value}\"\n"));
            }
            if let Some(contents) = &*template_contents.borrow() {
                out.push_str(&format!("{indent}  content\n"));
                for child in contents.children.borrow().iter() {
                    write_rc_node(child, depth + 2, out);
                }
            }
        }
        NodeData::Text { contents } => {
            out.push_str(&format!("{indent}\"{}\"\n", contents.borrow()));
        }
        NodeData::Comment { contents } => out.push_str(&format!("{indent}<!-- {contents} -->\n")),
        NodeData::ProcessingInstruction { target, contents } => {
            out.push_str(&format!("{indent}<?{target} {contents}>\n"));
        }
        NodeData::Doctype {
            name,
            public_id,
            system_id,
        } => {
            out.push_str(&format!("{indent}<!DOCTYPE {name}"));
            if !public_id.is_empty() || !system_id.is_empty() {
                out.push_str(&format!(" \"{public_id}\" \"{system_id}\""));
            }
            out.push_str(">\n");
        }
        NodeData::Document => {}
    }
    for child in node.children.borrow().iter() {
        write_rc_node(child, depth + 1, out);
    }
}

#[test]
fn random_html_reads_as_rcdom_reads_it() {
    for seed in seeds(3_000) {
        let text = markup(&mut Random::new(seed), NAMES);
        let (ours, theirs) = (ours(&text), theirs(&text));
        assert_eq!(ours, theirs, "seed {seed}: {text:?}");
    }
}

#[test]
fn random_html_reads_the_same_wherever_it_is_cut() {
    let names: Vec<_> = NAMES.iter().chain(NEW_NAMES).copied().collect();
    for seed in seeds(2_000) {
        let mut random = Random::new(seed);
        let text = markup(&mut random, &names);
        // What comes in small pieces goes through the tokenizer, and what comes whole past it.
        let cut = ours_cut(&text, &mut random, 9);
        let whole = ours_cut(&text, &mut random, usize::MAX - 1);
        assert_eq!(whole, cut, "seed {seed}: {text:?}");
    }
}
