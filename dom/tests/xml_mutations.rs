//! Seeded damage to XML: nothing panics, and what another strict parser refuses, ours refuses too.

use readystate_dom::parsing::xml::{XmlLimits, parse_xml};
use readystate_dom::serializing::xml::serialize_xml;
use readystate_dom::{DocumentInit, Tree};

/// A small generator of numbers; the same seed gives the same run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound).expect("small").max(1);
        usize::try_from(self.next() % bound).expect("small")
    }
}

const SEEDS: [&str; 5] = [
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?><!DOCTYPE a PUBLIC 'p' 's' [<!ENTITY e 'x<b/>'>]><a>&e;</a>",
    "<a xmlns='u' xmlns:p='v' p:b='1' c='&lt;&#65;'><p:d/>text &amp; ]] &gt;<![CDATA[<&]]><!-- c --><?p d?></a>",
    "<!DOCTYPE a [<!ELEMENT a (b,(c|d)*,e?)+><!ATTLIST a f (x|y) 'x' g NMTOKENS #IMPLIED><!NOTATION n PUBLIC 'p'><!ENTITY % q '<!ENTITY r \"s\">'>%q;]><a g=' 1  2 '>&r;</a>",
    "<a><b><c d='é'>日本</c></b>\r\n<e/></a>",
    "<!-- c --><a b=\"'\" c='\"'>\u{1F600}<?x?></a><!-- d -->\n",
];

const PIECES: [&str; 40] = [
    "<",
    ">",
    "/",
    "&",
    ";",
    "'",
    "\"",
    "=",
    " ",
    "!",
    "?",
    "-",
    "--",
    "]]>",
    "[",
    "]",
    "<!",
    "<!--",
    "-->",
    "<?",
    "?>",
    "<![CDATA[",
    "&#",
    "&#x",
    "%",
    ":",
    "xml",
    "xmlns",
    "\u{0}",
    "\u{FFFE}",
    "\u{FEFF}",
    "é",
    "a",
    "1",
    "\r",
    "\n",
    "<a>",
    "</a>",
    "<!DOCTYPE",
    "<!ENTITY",
];

fn damage(text: &str, numbers: &mut Numbers) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=numbers.below(3) {
        let place = numbers.below(chars.len() + 1);
        match numbers.below(3) {
            0 if place < chars.len() => {
                chars.remove(place);
            }
            1 => {
                let end = (place + 1 + numbers.below(6)).min(chars.len());
                chars.drain(place.min(end)..end);
            }
            _ => {
                let piece = PIECES[numbers.below(PIECES.len())];
                let tail = chars.split_off(place);
                chars.extend(piece.chars());
                chars.extend(tail);
            }
        }
    }
    chars.into_iter().collect()
}

fn accepts(text: &str) -> Option<String> {
    let mut tree = Tree::default();
    let document = tree
        .create_document(DocumentInit::xml("about:blank"))
        .expect("room for a document");
    parse_xml(&mut tree, document, text, XmlLimits::default()).ok()?;
    Some(serialize_xml(&tree, document, false).expect("serializable"))
}

/// The other parser has no checks of the internal subset, so only documents without one are compared.
fn oracle_accepts(text: &str) -> bool {
    let config = xml::ParserConfig::new();
    xml::EventReader::new_with_config(text.as_bytes(), config)
        .into_iter()
        .all(|event| event.is_ok())
}

#[test]
fn damaged_documents_never_panic_and_what_is_accepted_round_trips() {
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut accepted = 0;
    for round in 0..20_000 {
        let text = damage(SEEDS[round % SEEDS.len()], &mut numbers);
        if let Some(first) = accepts(&text) {
            accepted += 1;
            // An empty system identifier is not written, which the standard's own algorithm does not mind.
            if first.contains("PUBLIC") {
                continue;
            }
            let second = accepts(&first);
            // Entities are gone, doctypes keep their name: what was written must be read again.
            assert_eq!(second.as_deref(), Some(first.as_str()), "{text:?}");
        }
    }
    assert!(
        accepted > 1_000,
        "only {accepted} were accepted: the damage is too great"
    );
}

#[test]
fn what_another_strict_parser_refuses_is_refused() {
    let mut numbers = Numbers(0x1234_5678_9ABC_DEF1);
    let mut refused = 0;
    for round in 0..20_000 {
        let text = damage([SEEDS[1], SEEDS[3], SEEDS[4]][round % 3], &mut numbers);
        if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
            continue;
        }
        if accepts(&text).is_some() {
            assert!(oracle_accepts(&text), "the other parser refuses {text:?}");
        } else {
            refused += 1;
        }
    }
    assert!(refused > 1_000, "only {refused} were refused");
}
