//! What documents may do with powerful features, by their response's header and by the frames they are in.
//!
//! The one feature there is, is [`SYNC_XHR`]; its default allowlist is `*`.
//!
//! Standard: Permissions Policy <https://www.w3.org/TR/permissions-policy/>, of 2025-05.

use readystate_dom::NodeId;
use readystate_js::host::WindowId;
use readystate_js::{Sandbox, with_tree};
use readystate_xhr::Origin;
use readystate_xhr::fetch::Response;
use sfv::{BareItem, Dictionary, Item, ListEntry, Parser};
use url::Url;

use crate::frames::is_named;
use crate::window_host::WindowHost;

/// The feature of synchronous requests.
///
/// Standard: <https://xhr.spec.whatwg.org/#sync-xhr>
pub(crate) const SYNC_XHR: &str = "sync-xhr";

/// A document's policy for one feature.
#[derive(Clone, Debug)]
pub(crate) struct FeaturePolicy {
    /// Whether whoever shows the document lets it use the feature.
    inherited: bool,
    /// What the document's own header says, if it does.
    declared: Option<Allowlist>,
}

impl Default for FeaturePolicy {
    fn default() -> Self {
        Self {
            inherited: true,
            declared: None,
        }
    }
}

impl FeaturePolicy {
    /// A document's policy before its header is looked at.
    pub(crate) const fn inherited(inherited: bool) -> Self {
        Self {
            inherited,
            declared: None,
        }
    }

    /// Whether `origin` may use the feature in the document, whose origin is `own`.
    ///
    /// Standard: <https://www.w3.org/TR/permissions-policy/#algo-is-feature-enabled>, <https://www.w3.org/TR/permissions-policy/#algo-get-feature-value>
    fn allows(&self, origin: &Origin, own: &Origin) -> bool {
        self.inherited
            && self
                .declared
                .as_ref()
                .is_none_or(|list| list.matches(origin, own, own))
    }
}

/// Who may use a feature.
///
/// Standard: <https://www.w3.org/TR/permissions-policy/#allowlists>
#[derive(Clone, Debug, Default, PartialEq)]
struct Allowlist {
    everyone: bool,
    own: bool,
    source: bool,
    origins: Vec<Origin>,
}

impl Allowlist {
    /// Whether it matches `origin`; `own` is what `self` stands for, `source` what `'src'` does.
    fn matches(&self, origin: &Origin, own: &Origin, source: &Origin) -> bool {
        self.everyone
            || (self.own && origin.same_origin(own))
            || (self.source && origin.same_origin(source))
            || self.origins.iter().any(|one| origin.same_origin(one))
    }

    fn add_origin(&mut self, text: &str) {
        if let Ok(url) = Url::parse(text)
            && !Origin::of(&url).is_opaque()
        {
            self.origins.push(Origin::of(&url));
        }
    }

    /// What a value of the header says.
    ///
    /// Standard: <https://www.w3.org/TR/permissions-policy/#algo-construct-policy>
    fn of_header(value: &ListEntry) -> Self {
        let mut list = Self::default();
        match value {
            ListEntry::Item(item) => list.add_item(item),
            ListEntry::InnerList(inner) => inner.items.iter().for_each(|item| list.add_item(item)),
        }
        list
    }

    fn add_item(&mut self, item: &Item) {
        match &item.bare_item {
            BareItem::Token(token) if token.as_str() == "*" => self.everyone = true,
            BareItem::Token(token) if token.as_str() == "self" => self.own = true,
            BareItem::String(origin) => self.add_origin(origin.as_str()),
            _ => {}
        }
    }

    /// What an `allow` attribute says of `feature`, if it does.
    ///
    /// Standard: <https://www.w3.org/TR/permissions-policy/#algo-parse-policy-directive>
    fn of_attribute(value: &str, feature: &str) -> Option<Self> {
        // 2. The first directive of a feature counts.
        value.split(';').find_map(|directive| {
            // 2.1. – 2.2. A feature and whom it is for.
            let mut tokens = directive.split_ascii_whitespace();
            if !tokens.next()?.eq_ignore_ascii_case(feature) {
                return None;
            }
            let mut list = Self::default();
            let mut is_empty = true;
            for token in tokens {
                is_empty = false;
                match token.to_ascii_lowercase().as_str() {
                    "*" => list.everyone = true,
                    "'self'" => list.own = true,
                    "'src'" => list.source = true,
                    "'none'" => {}
                    _ => list.add_origin(token),
                }
            }
            // 2.7. Nobody named: the source.
            list.source |= is_empty;
            Some(list)
        })
    }
}

/// What a response declares of `feature`. A header that does not parse declares nothing.
///
/// Standard: <https://www.w3.org/TR/permissions-policy/#algo-process-response-policy>
fn declared(header: &[u8], feature: &str) -> Option<Allowlist> {
    let policy: Dictionary = Parser::new(header).parse().ok()?;
    policy.get(feature).map(Allowlist::of_header)
}

impl WindowHost {
    /// Whether a window's document may make synchronous requests.
    pub(crate) fn allows_sync_xhr(&self, window: WindowId) -> bool {
        self.sync_xhr
            && self
                .with_document(window, |state| {
                    state.sync_xhr.allows(&state.origin, &state.origin)
                })
                .unwrap_or(true)
    }

    /// The policy of a document with this origin in the frame of `element`.
    ///
    /// Standard: <https://www.w3.org/TR/permissions-policy/#algo-define-inherited-policy-in-container>
    pub(crate) fn policy_of_frame(
        &self,
        element: NodeId,
        parent: WindowId,
        origin: &Origin,
    ) -> FeaturePolicy {
        let inherited = self.with_document(parent, |state| {
            // 2. – 3. Who has not got it cannot give it.
            state.sync_xhr.allows(&state.origin, &state.origin)
                && state.sync_xhr.allows(origin, &state.origin)
        });
        // 4. The frame's own say. 5. By default everyone has it.
        let is_granted = self.container_policy(element).is_none_or(|list| {
            list.matches(
                origin,
                &self.origin_of(parent),
                &self.declared_origin(element, parent),
            )
        });
        FeaturePolicy::inherited(inherited.unwrap_or(true) && is_granted)
    }

    fn container_policy(&self, element: NodeId) -> Option<Allowlist> {
        with_tree(|tree| is_named(tree, element, "iframe"))
            .then(|| self.attribute(element, "allow"))
            .flatten()
            .and_then(|allow| Allowlist::of_attribute(&allow, SYNC_XHR))
    }

    /// Standard: <https://www.w3.org/TR/permissions-policy/#declared-origin>
    fn declared_origin(&self, element: NodeId, parent: WindowId) -> Origin {
        // 1. Sandboxed: nobody's.
        if self.sandbox_of(element, parent).takes(Sandbox::ORIGIN) {
            return self.network.opaque_origin();
        }
        // 2. – 4. Where src leads; else the document's own.
        let own = self.origin_of(parent);
        if self.attribute(element, "srcdoc").is_some() {
            return own;
        }
        let document = self.with_document(parent, |state| state.document);
        let source = document
            .zip(self.attribute(element, "src"))
            .and_then(|(document, source)| self.encoding_parse(document, &source));
        match source {
            Some(url) if url.scheme() != "about" => Origin::of(&url),
            _ => own,
        }
    }

    /// Takes what a document's response declares.
    pub(crate) fn heed_permissions_policy(&self, window: WindowId, response: &Response) {
        if let Some(header) = response.header_list.get("permissions-policy") {
            self.with_document(window, |state| {
                state.sync_xhr.declared = declared(&header, SYNC_XHR);
            });
        }
    }
}
