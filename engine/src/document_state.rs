//! What a document with a window needs while it is loaded: its parser, its scripts, how far it has come.

use std::collections::HashSet;

use readystate_dom::parsing::encoding::Decoder;
use readystate_dom::parsing::html::HtmlParser;
use readystate_dom::parsing::xml::XmlParser;
use readystate_dom::{NodeHandle, NodeId, Tree};
use readystate_js::{Sandbox, with_tree};
use readystate_xhr::Origin;
use readystate_xhr::fetch::ReferrerPolicy;
use url::Url;

use crate::base_url::document_base_url;
use crate::declarative_refresh::Refresh;
use crate::modules::Modules;
use crate::navigation_resource::NavigationResource;
use crate::permissions_policy::FeaturePolicy;
use crate::script_loading::PendingScripts;
use crate::style_loading::PendingSheets;

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
    pub(crate) origin: Origin,
    /// The URL by which requests and cookies know the document: its own, or that of the document it comes from.
    pub(crate) address: Url,
    /// What relative URLs start from if its own URL is an `about:` one.
    pub(crate) base_url: Option<Url>,
    /// What a reload asks for along with the URL.
    pub(crate) resource: NavigationResource,
    /// What a sandbox takes away from it.
    pub(crate) sandbox: Sandbox,
    /// Whether it may make synchronous requests.
    pub(crate) sync_xhr: FeaturePolicy,
    /// Whether it came from a public address, so that it may reach no private one.
    pub(crate) is_public: bool,
    /// How much its requests tell of its address, by its header and its meta elements.
    pub(crate) referrer_policy: ReferrerPolicy,
    /// What the response says of its age.
    pub(crate) last_modified: Option<String>,
    pub(crate) phase: LoadPhase,
    pub(crate) source: Source,
    pub(crate) scripts: PendingScripts,
    pub(crate) modules: Modules,
    pub(crate) sheets: PendingSheets,
    /// `object` and `embed` elements whose response has not come.
    pub(crate) objects: HashSet<NodeHandle>,
    /// While an external script runs, `document.write` may not blow the document away.
    pub(crate) ignore_destructive_writes: u32,
    /// How many frames it has had.
    pub(crate) frames_made: u32,
    /// Whether `pageshow` was fired, and `pagehide` not.
    pub(crate) is_page_showing: bool,
    /// Above 0 while it is asked or told to go.
    pub(crate) unload_counter: u32,
    /// Where it goes by itself, and when.
    pub(crate) refresh: Option<Refresh>,
}

impl DocumentState {
    /// A document without a source yet, complete as `about:blank` is.
    pub(crate) fn new(document: NodeId, url: Url) -> Self {
        Self {
            document,
            origin: Origin::of(&url),
            address: url.clone(),
            url,
            base_url: None,
            resource: NavigationResource::default(),
            sandbox: Sandbox::default(),
            sync_xhr: FeaturePolicy::default(),
            is_public: false,
            referrer_policy: ReferrerPolicy::default(),
            last_modified: None,
            phase: LoadPhase::Complete,
            source: Source::None,
            scripts: PendingScripts::default(),
            modules: Modules::default(),
            sheets: PendingSheets::default(),
            objects: HashSet::new(),
            ignore_destructive_writes: 0,
            frames_made: 0,
            is_page_showing: false,
            unload_counter: 0,
            refresh: None,
        }
    }

    /// A document that takes over the origin of another one, and its address and base too if its own URL is an `about:` one.
    pub(crate) fn inheriting(document: NodeId, url: Url, parent: &Self) -> Self {
        let is_about = url.scheme() == "about";
        let mut state = Self::new(document, url);
        state.origin = parent.origin.clone();
        state.is_public = parent.is_public;
        if is_about {
            state.address.clone_from(&parent.address);
            state.referrer_policy = parent.referrer_policy;
            let base = with_tree(|tree| {
                let fallback = parent.base_url.as_ref().unwrap_or(&parent.address);
                document_base_url(tree, parent.document, Some(fallback))
            });
            state.base_url = Some(base);
        }
        state
    }

    /// Whether its scripts run.
    pub(crate) fn scripting(&self) -> bool {
        !self.sandbox.takes(Sandbox::SCRIPTS)
    }

    /// Whether a parser that script made waits for more of `document.write()`: it may do so for ever.
    pub(crate) fn waits_for_script(&self) -> bool {
        match &self.source {
            Source::Html(parser) => {
                parser.script_created && !parser.input_ended && self.scripts.all_done()
            }
            _ => false,
        }
    }

    /// Ends parsing for good: the document goes away.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#abort-a-document>
    pub(crate) fn abort_parser(&mut self, tree: &mut Tree) {
        match std::mem::replace(&mut self.source, Source::None) {
            Source::Html(mut parser) => parser.parser.abort(tree),
            Source::XmlParser(mut parser) => parser.abort(tree),
            _ => {}
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
    /// The XML parser, which stops at each script.
    XmlParser(Box<XmlParser>),
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
    /// Text that arrived and that the parser has not been given yet.
    pub(crate) input: Input,
    /// Whether the network has no more to say.
    pub(crate) input_ended: bool,
    /// The script that the parser found is over: it wants `resume`.
    pub(crate) wants_resume: bool,
    /// Made by `document.open()`: the insertion point is always defined.
    pub(crate) script_created: bool,
    /// The tree became full, and that has been reported.
    pub(crate) is_full: bool,
}

/// Text on its way to the parser. It goes there in pieces, so that a long document does not keep the event loop.
#[derive(Default)]
pub(crate) struct Input {
    text: String,
    /// How much of it the parser has.
    read: usize,
}

/// The size of a piece in bytes.
const PIECE: usize = 64 << 10;

impl Input {
    /// Where new text goes.
    pub(crate) fn end_mut(&mut self) -> &mut String {
        if self.read == self.text.len() {
            self.text.clear();
            self.read = 0;
        }
        &mut self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.read == self.text.len()
    }

    /// The next piece, never empty.
    pub(crate) fn next_piece(&mut self) -> Option<&str> {
        let rest = self.text.get(self.read..)?;
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        self.read += end;
        rest.get(..end).filter(|piece| !piece.is_empty())
    }
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
    Known(Box<Decoder>),
}

impl ActiveParser {
    pub(crate) fn new(parser: HtmlParser, decoding: Decoding) -> Self {
        Self {
            parser,
            decoding,
            input: Input::default(),
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
