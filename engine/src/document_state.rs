//! What a document with a window needs while it is loaded: its parser, its scripts, how far it has come.

use std::collections::VecDeque;

use readystate_dom::parsing::encoding::Decoder;
use readystate_dom::parsing::html::HtmlParser;
use readystate_dom::{NodeHandle, NodeId};
use url::Url;

use crate::script_loading::PendingScripts;

/// How far a document has come.
///
/// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#the-end>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LoadPhase {
    /// Its source is being parsed.
    Parsing,
    /// It is parsed; scripts that were deferred run.
    DeferredScripts,
    /// The task that fires `DOMContentLoaded` is queued.
    DomContentLoadedQueued,
    /// Something delays its load event.
    AwaitingLoad,
    /// The task that fires `load` is queued.
    CompleteQueued,
    /// `load` was fired.
    Complete,
}

/// A document that is its window's active one.
pub(crate) struct DocumentState {
    pub(crate) document: NodeId,
    pub(crate) url: Url,
    pub(crate) phase: LoadPhase,
    pub(crate) source: Source,
    pub(crate) scripts: PendingScripts,
    /// While an external script runs, `document.write` may not blow the document away.
    pub(crate) ignore_destructive_writes: u32,
}

impl DocumentState {
    /// A document without a source yet, complete as `about:blank` is.
    pub(crate) fn new(document: NodeId, url: Url) -> Self {
        Self {
            document,
            url,
            phase: LoadPhase::Complete,
            source: Source::None,
            scripts: PendingScripts::default(),
            ignore_destructive_writes: 0,
        }
    }

    pub(crate) fn parser_mut(&mut self) -> Option<&mut ActiveParser> {
        match &mut self.source {
            Source::Html(parser) => Some(parser),
            _ => None,
        }
    }
}

/// What turns bytes into the document.
pub(crate) enum Source {
    /// Nothing (any more).
    None,
    /// The HTML parser, fed as bytes arrive.
    Html(Box<ActiveParser>),
    /// Bytes of an XML document, parsed when they are all there.
    Xml {
        bytes: Vec<u8>,
        charset: Option<String>,
    },
    /// Scripts of a parsed XML document, run one after the other.
    XmlScripts(VecDeque<NodeHandle>),
    /// Bytes of something shown as plain text.
    Text {
        bytes: Vec<u8>,
        charset: Option<String>,
    },
}

/// An HTML parser and its input.
pub(crate) struct ActiveParser {
    pub(crate) parser: HtmlParser,
    pub(crate) decoding: Decoding,
    /// Text that arrived while the parser could not take it.
    pub(crate) input: String,
    /// Whether the network has no more to say.
    pub(crate) input_ended: bool,
    /// The script that the parser found is over: it wants `resume`.
    pub(crate) wants_resume: bool,
    /// Made by `document.open()`: the insertion point is always defined.
    pub(crate) script_created: bool,
    /// The tree became full, and that has been reported.
    pub(crate) is_full: bool,
}

/// From bytes to text.
pub(crate) enum Decoding {
    /// Text comes as it is (`document.write`, a string given by the driver).
    Text,
    /// Not enough bytes yet to know the encoding.
    Sniffing {
        bytes: Vec<u8>,
        charset: Option<String>,
    },
    /// Known.
    Decoding(Box<Decoder>),
}

impl ActiveParser {
    pub(crate) fn new(parser: HtmlParser, decoding: Decoding) -> Self {
        Self {
            parser,
            decoding,
            input: String::new(),
            input_ended: false,
            wants_resume: false,
            script_created: false,
            is_full: false,
        }
    }

    /// Whether `document.write` goes to this parser instead of opening the document anew.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/parsing.html#insertion-point>
    pub(crate) fn has_insertion_point(&self) -> bool {
        self.script_created || self.parser.script_nesting_level() > 0
    }
}
