//! The text of an element as it would be rendered: `innerText`.
//!
//! Nothing is laid out: an element is displayed as the style sheet of HTML's rendering section says for its name, as
//! its own `style` attribute says, and not at all if it is `hidden`. Style sheets of authors are not applied.
//!
//! Standard: <https://html.spec.whatwg.org/#the-innertext-idl-attribute>, text of November 2026.

use html5ever::{local_name, ns};

use crate::arena::{NodeId, Tree};
use crate::css::DeclarationBlock;

impl Tree {
    /// `innerText` of an element; its text content if it is not being rendered.
    ///
    /// Standard: <https://html.spec.whatwg.org/#get-the-text-steps>
    pub fn inner_text(&self, element: NodeId) -> String {
        // 1. Not being rendered.
        if !self.is_rendered(element) {
            return self.text_content(element).unwrap_or_default();
        }
        // 2–6. Collect.
        let mut text = Rendered::default();
        let style = self.inherited_style(element);
        let mut stack = vec![Frame {
            node: element,
            style,
            on_leave: Boundary::None,
        }];
        let mut next = self.enter(element, &style, &mut text, &mut stack, true);
        // NOTE: an explicit stack, for trees are deep.
        while let Some(frame) = stack.last() {
            let style = frame.style;
            let Some(node) = next else {
                let Some(frame) = stack.pop() else { break };
                text.boundary(&frame.on_leave);
                if stack.is_empty() {
                    break;
                }
                next = self.next_sibling(frame.node);
                continue;
            };
            if self.is_text(node) {
                self.collect_text(node, &style, &mut text);
                next = self.next_sibling(node);
            } else if self.is_element(node) {
                let depth = stack.len();
                let child = self.enter(node, &style, &mut text, &mut stack, false);
                next = if stack.len() > depth {
                    child
                } else {
                    self.next_sibling(node)
                };
            } else {
                next = self.next_sibling(node);
            }
        }
        text.out
    }

    /// Whether an element would have a box, or is shown through its children.
    fn is_rendered(&self, element: NodeId) -> bool {
        if !self.is_connected(element) {
            return false;
        }
        let mut below = None;
        for ancestor in self.inclusive_ancestors(element) {
            if !self.is_element(ancestor) {
                continue;
            }
            // What a replaced element holds is not shown.
            if below.is_some() && self.is_opaque(ancestor) {
                return false;
            }
            if self.display(ancestor, &Style::of(self, ancestor)) == Display::None {
                return false;
            }
            below = Some(ancestor);
        }
        true
    }

    /// What the ancestors of an element say about its text.
    fn inherited_style(&self, element: NodeId) -> Inherited {
        let ancestors: Vec<_> = self.ancestors(element).collect();
        ancestors
            .into_iter()
            .rev()
            .fold(Inherited::default(), |style, ancestor| {
                style.with(self, ancestor, &Style::of(self, ancestor))
            })
    }

    /// The steps of an element before its children; puts a frame on the stack if they count, and gives the first.
    fn enter(
        &self,
        node: NodeId,
        inherited: &Inherited,
        text: &mut Rendered,
        stack: &mut Vec<Frame>,
        is_root: bool,
    ) -> Option<NodeId> {
        let own = Style::of(self, node);
        let display = self.display(node, &own);
        let style = inherited.with(self, node, &own);
        if is_root {
            if let Some(frame) = stack.last_mut() {
                frame.style = style;
            }
            // What it holds is not shown.
            return if self.is_opaque(node) {
                None
            } else {
                self.first_child(node)
            };
        }
        // 5. A line break of its own.
        if *self.namespace(node) == ns!(html) && *self.local_name(node) == local_name!("br") {
            if display != Display::None && style.is_visible {
                text.line_break();
            }
            return None;
        }
        // 3. Not being rendered.
        if display == Display::None {
            return None;
        }
        // 6–9. What stands before and after it.
        let is_paragraph =
            *self.namespace(node) == ns!(html) && *self.local_name(node) == local_name!("p");
        let on_leave = if !style.is_visible && !matches!(display, Display::Inline) {
            Boundary::None
        } else if is_paragraph {
            Boundary::Lines(2)
        } else {
            match display {
                Display::Block | Display::Table => Boundary::Lines(1),
                Display::Atomic => Boundary::Atomic,
                Display::Cell if self.has_later(node, Display::Cell) => Boundary::Literal('\t'),
                Display::Row if self.has_later_row(node) => Boundary::Literal('\n'),
                Display::Cell => Boundary::CellEnd,
                _ => Boundary::None,
            }
        };
        text.before(&on_leave);
        let style = Inherited {
            // White space between the parts of a table has no box.
            in_table: matches!(display, Display::Table | Display::Row | Display::Group),
            ..style
        };
        stack.push(Frame {
            node,
            style,
            on_leave,
        });
        if self.is_opaque(node) {
            None
        } else {
            self.first_child(node)
        }
    }

    fn has_later(&self, node: NodeId, wanted: Display) -> bool {
        let mut next = self.next_element_sibling(node);
        while let Some(sibling) = next {
            if self.display(sibling, &Style::of(self, sibling)) == wanted {
                return true;
            }
            next = self.next_element_sibling(sibling);
        }
        false
    }

    /// Whether a row is not the last of its table.
    fn has_later_row(&self, row: NodeId) -> bool {
        if self.has_later(row, Display::Row) {
            return true;
        }
        let Some(group) = self.parent_element(row) else {
            return false;
        };
        if self.display(group, &Style::of(self, group)) != Display::Group {
            return false;
        }
        let mut next = self.next_element_sibling(group);
        while let Some(sibling) = next {
            let has_row = self
                .child_elements(sibling)
                .any(|child| self.display(child, &Style::of(self, child)) == Display::Row);
            if has_row {
                return true;
            }
            next = self.next_element_sibling(sibling);
        }
        false
    }

    fn collect_text(&self, node: NodeId, style: &Inherited, text: &mut Rendered) {
        let Some(data) = self.character_data(node) else {
            return;
        };
        if !style.is_visible {
            return;
        }
        let data = data.to_string_lossy();
        if style.in_table && data.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return;
        }
        match style.transform {
            Transform::None => text.push_text(&data, style.space),
            Transform::Uppercase => text.push_text(&data.to_uppercase(), style.space),
            Transform::Lowercase => text.push_text(&data.to_lowercase(), style.space),
        }
    }

    /// Whether an element shows something else than its children.
    fn is_opaque(&self, node: NodeId) -> bool {
        *self.namespace(node) == ns!(html)
            && matches!(
                &**self.local_name(node),
                "audio"
                    | "video"
                    | "canvas"
                    | "iframe"
                    | "object"
                    | "embed"
                    | "textarea"
                    | "input"
                    | "img"
                    | "meter"
                    | "progress"
                    | "frame"
                    | "br"
            )
    }

    /// How an element is displayed.
    ///
    /// Standard: <https://html.spec.whatwg.org/#rendering>
    fn display(&self, node: NodeId, style: &Style) -> Display {
        let name = &**self.local_name(node);
        if *self.namespace(node) == ns!(svg) {
            return match name {
                "defs" | "desc" | "title" | "metadata" | "symbol" | "style" | "script" | "stop"
                | "linearGradient" | "radialGradient" | "clipPath" | "mask" | "filter"
                | "marker" | "pattern" => Display::None,
                "text" => Display::Block,
                _ => Display::Inline,
            };
        }
        if *self.namespace(node) != ns!(html) {
            return Display::Inline;
        }
        if name == "template" || (name == "noscript" && self.is_scripted(node)) {
            return Display::None;
        }
        let of_name = self.display_of_name(node, name);
        let said = style.display.as_deref().and_then(|said| {
            Some(match said {
                "none" => Display::None,
                "inline" | "contents" | "ruby" => Display::Inline,
                "inline-block" | "inline-flex" | "inline-grid" | "inline-table" => Display::Atomic,
                "block" | "flex" | "grid" | "list-item" | "flow-root" | "table-caption" => {
                    Display::Block
                }
                "table" => Display::Table,
                "table-row" => Display::Row,
                "table-cell" => Display::Cell,
                "table-row-group" | "table-header-group" | "table-footer-group" => Display::Group,
                _ => return None,
            })
        });
        let display = said.unwrap_or(of_name);
        let is_in_flow = !style.is_out_of_flow;
        match display {
            Display::Inline | Display::Atomic if !is_in_flow => Display::Block,
            // A replaced element is one piece.
            Display::Inline if self.is_opaque(node) => Display::Atomic,
            display => display,
        }
    }

    fn display_of_name(&self, node: NodeId, name: &str) -> Display {
        let has = |attribute: &str| self.attribute(node, attribute).is_some();
        match name {
            "area" | "base" | "basefont" | "datalist" | "head" | "link" | "meta" | "noembed"
            | "noframes" | "param" | "rp" | "script" | "style" | "title" | "source" | "track" => {
                Display::None
            }
            "dialog" if !has("open") => Display::None,
            "input"
                if self
                    .attribute(node, "type")
                    .is_some_and(|kind| kind.eq_ignore_ascii_case("hidden")) =>
            {
                Display::None
            }
            _ if has("hidden") && name != "embed" => Display::None,
            "address" | "article" | "aside" | "blockquote" | "body" | "center" | "dd"
            | "details" | "dialog" | "dir" | "div" | "dl" | "dt" | "fieldset" | "figcaption"
            | "figure" | "footer" | "form" | "frameset" | "h1" | "h2" | "h3" | "h4" | "h5"
            | "h6" | "header" | "hgroup" | "hr" | "html" | "legend" | "li" | "listing" | "main"
            | "menu" | "nav" | "ol" | "optgroup" | "option" | "p" | "plaintext" | "pre"
            | "search" | "section" | "summary" | "ul" | "xmp" | "caption" => Display::Block,
            "table" => Display::Table,
            "thead" | "tbody" | "tfoot" => Display::Group,
            "tr" => Display::Row,
            "td" | "th" => Display::Cell,
            "button" | "select" | "marquee" => Display::Atomic,
            "col" | "colgroup" => Display::None,
            _ => Display::Inline,
        }
    }

    fn is_scripted(&self, node: NodeId) -> bool {
        self.node_document(node)
            .is_some_and(|document| self.is_scripting(document))
    }
}

/// An element that the walk is in.
struct Frame {
    node: NodeId,
    style: Inherited,
    on_leave: Boundary,
}

/// What is at the edges of an element.
enum Boundary {
    None,
    /// Required line breaks.
    Lines(usize),
    /// A piece of a line that white space does not reach into.
    Atomic,
    /// After a cell that is not the last, or a row.
    Literal(char),
    CellEnd,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq)]
enum Display {
    None,
    Inline,
    /// An inline-level box of its own: inline-block and replaced elements.
    Atomic,
    Block,
    Table,
    Group,
    Row,
    Cell,
}

/// How white space is kept.
#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
enum Space {
    #[default]
    Collapse,
    Keep,
    KeepLines,
}

#[derive(Debug, Copy, Clone, PartialEq, Eq, Default)]
enum Transform {
    #[default]
    None,
    Uppercase,
    Lowercase,
}

/// What an element's style attribute says of itself.
#[derive(Default)]
struct Style {
    display: Option<String>,
    is_out_of_flow: bool,
    visibility: Option<String>,
    space: Option<String>,
    transform: Option<String>,
}

impl Style {
    fn of(tree: &Tree, element: NodeId) -> Self {
        let Some(text) = tree.attribute_atom(element, &local_name!("style")) else {
            return Self::default();
        };
        let block = DeclarationBlock::parse(text);
        let value = |name: &str| Some(block.value(name)).filter(|value| !value.is_empty());
        Self {
            display: value("display").map(|value| value.to_ascii_lowercase()),
            is_out_of_flow: value("float").is_some_and(|value| value != "none")
                || value("position").is_some_and(|value| value == "absolute" || value == "fixed"),
            visibility: value("visibility"),
            space: value("white-space"),
            transform: value("text-transform").map(|value| value.to_ascii_lowercase()),
        }
    }
}

/// What children take over.
#[derive(Debug, Copy, Clone)]
struct Inherited {
    is_visible: bool,
    space: Space,
    transform: Transform,
    in_table: bool,
}

impl Default for Inherited {
    fn default() -> Self {
        Self {
            is_visible: true,
            space: Space::Collapse,
            transform: Transform::None,
            in_table: false,
        }
    }
}

impl Inherited {
    fn with(self, tree: &Tree, element: NodeId, style: &Style) -> Self {
        let is_pre = *tree.namespace(element) == ns!(html)
            && matches!(
                &**tree.local_name(element),
                "pre" | "listing" | "xmp" | "plaintext"
            );
        Self {
            is_visible: match style.visibility.as_deref() {
                Some("hidden" | "collapse") => false,
                Some("visible" | "initial") => true,
                _ => self.is_visible,
            },
            space: match style.space.as_deref() {
                Some("pre" | "pre-wrap" | "break-spaces") => Space::Keep,
                Some("pre-line") => Space::KeepLines,
                Some("normal" | "nowrap" | "initial") => Space::Collapse,
                _ if is_pre => Space::Keep,
                _ => self.space,
            },
            transform: match style.transform.as_deref() {
                Some("uppercase") => Transform::Uppercase,
                Some("lowercase") => Transform::Lowercase,
                Some("none" | "initial") => Transform::None,
                _ => self.transform,
            },
            in_table: false,
        }
    }
}

/// The text as it grows.
#[derive(Default)]
struct Rendered {
    out: String,
    /// Line breaks that come before the next text.
    required: usize,
    /// A space that comes before the next text of the line.
    space: bool,
    /// The line has something on it already.
    in_line: bool,
}

impl Rendered {
    /// The space and the line breaks that were waiting.
    fn flush(&mut self) {
        if self.required > 0 && !self.out.is_empty() {
            self.out.extend(std::iter::repeat_n('\n', self.required));
        }
        if self.space && self.in_line {
            self.out.push(' ');
        }
        self.required = 0;
        self.space = false;
    }

    fn push_text(&mut self, text: &str, space: Space) {
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let is_newline = character == '\n' || character == '\r';
            match character {
                '\r' | '\n' if space != Space::Collapse => {
                    if character == '\r' {
                        let _ = characters.next_if_eq(&'\n');
                    }
                    self.line_break();
                    continue;
                }
                ' ' | '\t' | '\n' | '\r' | '\u{c}' if space != Space::Keep || is_newline => {
                    self.space = self.in_line;
                    continue;
                }
                _ => {}
            }
            self.flush();
            self.out.push(character);
            self.in_line = true;
        }
    }

    fn line_break(&mut self) {
        self.space = false;
        self.flush();
        self.out.push('\n');
        self.in_line = false;
    }

    fn before(&mut self, boundary: &Boundary) {
        match boundary {
            Boundary::Lines(count) => self.require(*count),
            Boundary::Atomic => {
                // White space before it stays.
                if self.space {
                    self.flush();
                }
                self.in_line = false;
            }
            Boundary::Literal('\t') | Boundary::CellEnd => {
                self.space = false;
                self.in_line = false;
            }
            _ => {}
        }
    }

    fn boundary(&mut self, boundary: &Boundary) {
        match boundary {
            Boundary::None => {}
            Boundary::Lines(count) => self.require(*count),
            Boundary::Atomic => {
                self.space = false;
                self.in_line = true;
            }
            Boundary::Literal(character) => {
                self.space = false;
                self.flush();
                self.out.push(*character);
                self.in_line = false;
            }
            Boundary::CellEnd => {
                self.space = false;
                self.in_line = false;
            }
        }
    }

    fn require(&mut self, count: usize) {
        self.required = self.required.max(count);
        self.space = false;
        self.in_line = false;
    }
}
