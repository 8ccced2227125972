//! Prints the outline of a page (its title, headings and links), then the page with its links made to open elsewhere.
//!
//! ```text
//! cargo run -p readystate-dom --example outline -- page.html
//! curl -s https://example.org/ | cargo run -p readystate-dom --example outline
//! ```
#![expect(
    clippy::print_stdout,
    reason = "an example is a program, not the library"
)]

use std::error::Error;
use std::io::{self, Read, Write};

use readystate_dom::parsing::encoding::{SniffKind, decode, sniff};
use readystate_dom::parsing::html::parse_document;
use readystate_dom::serializing::html::outer_html;
use readystate_dom::xpath::XPathValue;
use readystate_dom::{DocumentInit, Tree};

fn main() -> Result<(), Box<dyn Error>> {
    // 1. The bytes of a file, or of standard input.
    let mut bytes = Vec::new();
    match std::env::args_os().nth(1) {
        Some(path) => bytes = std::fs::read(path)?,
        None => {
            io::stdin().read_to_end(&mut bytes)?;
        }
    }

    // 2. Text, by what the bytes say of their encoding; then a tree.
    let text = decode(&bytes, sniff(&bytes, None, SniffKind::Html));
    let mut tree = Tree::default();
    let document = tree.create_document(DocumentInit::html("about:blank"))?;
    let errors = parse_document(&mut tree, document, &text);

    // 3. Ask it.
    println!("title: {}", tree.title(document));
    for heading in tree.query_selector_all(document, "h1, h2, h3, h4, h5, h6")? {
        let name = tree.local_name(heading);
        let level = name.trim_start_matches('h').parse().unwrap_or(1);
        let text = tree.text_content(heading).unwrap_or_default();
        println!("{:indent$}{}", "", text.trim(), indent = 2 * level);
    }
    for link in tree.query_selector_all(document, "a[href]")? {
        let text = tree.text_content(link).unwrap_or_default();
        let target = tree.attribute(link, "href").unwrap_or_default();
        println!("link: {} -> {target}", text.trim());
    }
    if let XPathValue::Number(words) =
        tree.evaluate_xpath(document, "string-length(normalize-space(//body))")?
    {
        println!("{words} characters of text, {} parse errors", errors.len());
    }

    // 4. Change it, and write it back.
    for link in tree.query_selector_all(document, "a[href^='http']")? {
        tree.set_attribute(link, "rel", "noopener")?;
        tree.set_attribute(link, "target", "_blank")?;
    }
    if let Some(root) = tree.document_element(document) {
        writeln!(io::stdout(), "{}", outer_html(&tree, root))?;
    }
    Ok(())
}
