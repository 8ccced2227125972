//! A short way for simple markup in `innerHTML`, as other engines have one.
//!
//! OPTIMIZATION: well-nested markup of common elements reads the same whichever insertion mode rules are at hand, so it
//! needs neither a tokenizer's states nor a tree builder's. Whatever could be read in another way (a missing end tag, a
//! table, an unknown character reference, an upper-case name …) makes the short way give up, and the parser starts anew.
//!
//! Standard: <https://html.spec.whatwg.org/#parsing-main-inbody>, text of November 2026.

use html5ever::{LocalName, local_name, ns};
use memchr::{memchr, memchr2};

use crate::arena::{NodeId, Tree};
use crate::node::character_data::CharacterData;
use crate::node::element::{Attribute, AttributeValue};
use crate::parsing::character_references::{TextPlace, decoded};

/// How an element behaves in the insertion mode "in body".
#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Role {
    /// Closes an open `p`; that is left to the parser.
    Block,
    Paragraph,
    List,
    /// Goes into a list; elsewhere it may close another item.
    Item,
    Heading,
    /// Formatting, or of no special kind. Where everything is closed in order, the list of active formatting elements
    /// holds open elements only and is never looked at.
    Inline,
    /// One in another one closes it.
    Anchor,
    Void,
    /// Belongs to a form if there is one.
    Image,
    /// Void, and closes an open `p`.
    Rule,
}

/// The elements that the short way knows.
fn known(name: &[u8]) -> Option<(LocalName, Role)> {
    Some(match name {
        b"a" => (local_name!("a"), Role::Anchor),
        b"abbr" => (local_name!("abbr"), Role::Inline),
        b"article" => (local_name!("article"), Role::Block),
        b"aside" => (local_name!("aside"), Role::Block),
        b"b" => (local_name!("b"), Role::Inline),
        b"blockquote" => (local_name!("blockquote"), Role::Block),
        b"br" => (local_name!("br"), Role::Void),
        b"cite" => (local_name!("cite"), Role::Inline),
        b"code" => (local_name!("code"), Role::Inline),
        b"div" => (local_name!("div"), Role::Block),
        b"em" => (local_name!("em"), Role::Inline),
        b"figcaption" => (local_name!("figcaption"), Role::Block),
        b"figure" => (local_name!("figure"), Role::Block),
        b"footer" => (local_name!("footer"), Role::Block),
        b"h1" => (local_name!("h1"), Role::Heading),
        b"h2" => (local_name!("h2"), Role::Heading),
        b"h3" => (local_name!("h3"), Role::Heading),
        b"h4" => (local_name!("h4"), Role::Heading),
        b"h5" => (local_name!("h5"), Role::Heading),
        b"h6" => (local_name!("h6"), Role::Heading),
        b"header" => (local_name!("header"), Role::Block),
        b"hr" => (local_name!("hr"), Role::Rule),
        b"i" => (local_name!("i"), Role::Inline),
        b"img" => (local_name!("img"), Role::Image),
        b"kbd" => (local_name!("kbd"), Role::Inline),
        b"label" => (local_name!("label"), Role::Inline),
        b"li" => (local_name!("li"), Role::Item),
        b"main" => (local_name!("main"), Role::Block),
        b"mark" => (local_name!("mark"), Role::Inline),
        b"nav" => (local_name!("nav"), Role::Block),
        b"ol" => (local_name!("ol"), Role::List),
        b"p" => (local_name!("p"), Role::Paragraph),
        b"s" => (local_name!("s"), Role::Inline),
        b"section" => (local_name!("section"), Role::Block),
        b"small" => (local_name!("small"), Role::Inline),
        b"span" => (local_name!("span"), Role::Inline),
        b"strong" => (local_name!("strong"), Role::Inline),
        b"sub" => (local_name!("sub"), Role::Inline),
        b"sup" => (local_name!("sup"), Role::Inline),
        b"time" => (local_name!("time"), Role::Inline),
        b"u" => (local_name!("u"), Role::Inline),
        b"ul" => (local_name!("ul"), Role::List),
        _ => return None,
    })
}

/// Whether markup in this element is read in the insertion mode "in body" and in the data state.
fn is_simple_context(tree: &Tree, context: NodeId) -> bool {
    tree.node(context).as_element().is_some_and(|element| {
        element.namespace == ns!(html)
            && (matches!(
                element.local_name,
                local_name!("body") | local_name!("td") | local_name!("th") | local_name!("form")
            ) || known(element.local_name.as_bytes()).is_some())
    })
}

/// Deeper markup is left to the parser, which has a limit.
const MAX_DEPTH: usize = 64;

/// Tags with more attributes are left to the parser: each name is compared with all others.
const MAX_ATTRIBUTES: usize = 32;

/// Puts what `markup` says into `fragment`, which is empty. False if the parser has to do it; what was made is then in the
/// fragment and is to be freed.
pub(super) fn parse_simple(
    tree: &mut Tree,
    context: NodeId,
    fragment: NodeId,
    has_form: bool,
    markup: &str,
) -> bool {
    let depth = usize::try_from(tree.limits().max_depth).unwrap_or(usize::MAX);
    if depth <= MAX_DEPTH + 1
        || !is_simple_context(tree, context)
        || markup.starts_with('\u{FEFF}')
        || memchr2(b'\r', 0, markup.as_bytes()).is_some()
    {
        return false;
    }
    let Some(document) = tree.node_document(fragment) else {
        return false;
    };
    let mut reader = Reader {
        tree,
        document,
        fragment,
        has_form,
        markup,
        at: 0,
        open: Vec::new(),
        paragraphs: 0,
        anchors: 0,
    };
    reader.read_all().is_some()
}

/// An element whose end tag has not come.
struct Open {
    node: NodeId,
    name: LocalName,
    role: Role,
}

struct Reader<'t, 'm> {
    tree: &'t mut Tree,
    document: NodeId,
    fragment: NodeId,
    has_form: bool,
    markup: &'m str,
    at: usize,
    open: Vec<Open>,
    /// How many `p` and `a` are open.
    paragraphs: u32,
    anchors: u32,
}

impl<'m> Reader<'_, 'm> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.markup.as_bytes().get(at).copied()
    }

    /// What follows `from` up to the first byte that is not `wanted`.
    fn run(&self, from: usize, wanted: impl Fn(u8) -> bool) -> &'m str {
        let rest = self.markup.get(from..).unwrap_or_default();
        let length = rest.bytes().take_while(|&byte| wanted(byte)).count();
        rest.get(..length).unwrap_or_default()
    }

    fn append(&mut self, node: NodeId) {
        let parent = self.open.last().map_or(self.fragment, |open| open.node);
        self.tree.link(node, parent, None);
    }

    fn read_all(&mut self) -> Option<()> {
        while let Some(byte) = self.byte(self.at) {
            if byte != b'<' {
                self.read_text()?;
                continue;
            }
            match self.byte(self.at + 1)? {
                b'/' => self.read_end_tag()?,
                b'!' => self.read_comment()?,
                b'a'..=b'z' => self.read_start_tag()?,
                _ => return None,
            }
        }
        self.open.is_empty().then_some(())
    }

    fn read_text(&mut self) -> Option<()> {
        let rest = self.markup.get(self.at..)?;
        let length = memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        let text = rest.get(..length)?;
        let data = if memchr(b'&', text.as_bytes()).is_none() {
            CharacterData::from(text)
        } else {
            CharacterData::from(decoded(text, TextPlace::Data)?)
        };
        let node = self.tree.create_text(self.document, data).ok()?;
        self.append(node);
        self.at += length;
        Some(())
    }

    fn read_comment(&mut self) -> Option<()> {
        let rest = self.markup.get(self.at..)?.strip_prefix("<!--")?;
        let text = rest.get(..rest.find("--")?)?;
        let after = rest.get(text.len()..)?;
        if !after.starts_with("-->") || text.starts_with('>') || text.starts_with("->") {
            return None;
        }
        let node = self.tree.create_comment(self.document, text).ok()?;
        self.append(node);
        self.at += "<!--".len() + text.len() + "-->".len();
        Some(())
    }

    fn read_end_tag(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        let rest = self.markup.as_bytes().get(self.at + 2..)?;
        let after = rest.strip_prefix(open.name.as_bytes())?;
        if after.first() != Some(&b'>') {
            return None;
        }
        match open.role {
            Role::Paragraph => self.paragraphs -= 1,
            Role::Anchor => self.anchors -= 1,
            _ => {}
        }
        self.at += open.name.len() + "</>".len();
        Some(())
    }

    fn read_start_tag(&mut self) -> Option<()> {
        let name = self.run(self.at + 1, |byte| byte.is_ascii_alphanumeric());
        let (name, role) = known(name.as_bytes())?;
        let is_fit = match role {
            Role::Block | Role::Paragraph | Role::List | Role::Rule => self.paragraphs == 0,
            Role::Item => {
                self.paragraphs == 0 && self.open.last().is_none_or(|open| open.role == Role::List)
            }
            Role::Heading => {
                self.paragraphs == 0
                    && self
                        .open
                        .last()
                        .is_none_or(|open| open.role != Role::Heading)
            }
            Role::Anchor => self.anchors == 0,
            Role::Image => !self.has_form,
            Role::Inline | Role::Void => true,
        };
        if !is_fit || self.open.len() >= MAX_DEPTH {
            return None;
        }
        self.at += 1 + name.len();
        let attributes = self.read_attributes()?;
        let node = self
            .tree
            .create_element_with_attributes(
                self.document,
                name.clone(),
                ns!(html),
                None,
                attributes,
            )
            .ok()?;
        self.append(node);
        match role {
            Role::Void | Role::Image | Role::Rule => return Some(()),
            Role::Paragraph => self.paragraphs += 1,
            Role::Anchor => self.anchors += 1,
            _ => {}
        }
        self.open.push(Open { node, name, role });
        Some(())
    }

    /// The attributes of a tag, and its end.
    fn read_attributes(&mut self) -> Option<Vec<Attribute>> {
        let mut attributes: Vec<Attribute> = Vec::new();
        loop {
            let space = self.run(self.at, is_space).len();
            self.at += space;
            match self.byte(self.at)? {
                b'>' => {
                    self.at += 1;
                    return Some(attributes);
                }
                b'/' if self.byte(self.at + 1) == Some(b'>') => {
                    self.at += 2;
                    return Some(attributes);
                }
                _ if space == 0 || attributes.len() >= MAX_ATTRIBUTES => return None,
                _ => {}
            }
            let name = self.run(self.at, |byte| {
                byte.is_ascii_lowercase()
                    || byte.is_ascii_digit()
                    || matches!(byte, b'-' | b'_' | b':' | b'.' | b'@')
            });
            self.at += name.len();
            if name.is_empty() || name == "is" {
                return None;
            }
            let value = self.read_value()?;
            let local_name = LocalName::from(name);
            if attributes
                .iter()
                .any(|other| other.local_name == local_name)
            {
                return None;
            }
            attributes.push(Attribute {
                local_name,
                namespace: ns!(),
                prefix: None,
                value,
                node: None,
                value_slot: Default::default(),
            });
        }
    }

    /// The value of the attribute whose name has just been read.
    fn read_value(&mut self) -> Option<AttributeValue> {
        match self.byte(self.at)? {
            b'=' => {}
            b'>' | b'/' => return Some(AttributeValue::default()),
            byte if is_space(byte) => {
                // An equals sign may yet come.
                let after = self.at + self.run(self.at, is_space).len();
                return (self.byte(after)? != b'=').then(AttributeValue::default);
            }
            _ => return None,
        }
        let quote = self.byte(self.at + 1)?;
        let text = if matches!(quote, b'"' | b'\'') {
            let rest = self.markup.get(self.at + 2..)?;
            let text = rest.get(..memchr(quote, rest.as_bytes())?)?;
            self.at += text.len() + 3;
            text
        } else {
            let text = self.run(self.at + 1, |byte| {
                byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'#' | b':')
            });
            self.at += text.len() + 1;
            // NOTE: a slash would belong to the value.
            let is_over = self.byte(self.at)? == b'>' || is_space(self.byte(self.at)?);
            if text.is_empty() || !is_over {
                return None;
            }
            text
        };
        if memchr(b'&', text.as_bytes()).is_none() {
            return Some(text.into());
        }
        decoded(text, TextPlace::Attribute).map(AttributeValue::from)
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0C)
}
