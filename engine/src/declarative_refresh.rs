//! `<meta http-equiv=refresh>` and the `Refresh` header.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/document-lifecycle.html#shared-declarative-refresh-steps>, as of 2026-01.

use std::time::Duration;

use readystate_dom::NodeId;
use readystate_js::host::{NavigationKind, TimerKind, WindowId};
use readystate_js::{Sandbox, with_tree};
use readystate_xhr::fetch::Response;
use url::Url;

use crate::document_state::LoadPhase;
use crate::event_loop::TimerKey;
use crate::navigation_resource::{AskedNavigation, NavigationResource};
use crate::page_thread::PageThread;
use crate::window_host::WindowHost;

/// A refresh after this time or more is no loop: it does not count as a navigation that the page starts by itself.
const PATIENT: Duration = Duration::from_secs(5);

/// Where a document goes by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refresh {
    pub(crate) url: Url,
    /// How long after `load`.
    pub(crate) delay: Duration,
}

/// Steps 2 to 11: the time, and the text of the URL if there is one. `None` if the value is none.
fn parse(input: &str) -> Option<(Duration, Option<&str>)> {
    let is_space = |c: char| matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ');
    // 3. White space. 5. – 7. Seconds.
    let rest = input.trim_start_matches(is_space);
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at_checked(digits)?;
    if number.is_empty() && !rest.starts_with('.') {
        return None;
    }
    let seconds = if number.is_empty() {
        0
    } else {
        number.parse::<u64>().unwrap_or(u64::MAX)
    };
    // A month is as good as never.
    let delay = Duration::from_secs(seconds.min(30 * 86_400));
    // 8. A fraction is ignored.
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    // 10. What separates the two.
    if rest.is_empty() {
        return Some((delay, None));
    }
    if !rest.starts_with(|c| is_space(c) || matches!(c, ';' | ',')) {
        return None;
    }
    let rest = rest.trim_start_matches(is_space);
    let rest = rest.strip_prefix([';', ',']).unwrap_or(rest);
    let rest = rest.trim_start_matches(is_space);
    if rest.is_empty() {
        return Some((delay, None));
    }
    // 11. "url =" may stand before it, and quotes around it.
    Some((delay, Some(url_part(rest))))
}

fn url_part(text: &str) -> &str {
    let is_space = |c: char| matches!(c, '\t' | '\n' | '\x0c' | '\r' | ' ');
    // 11.2 – 11.7. Without the u quotes count still; what goes wrong later makes the whole text the URL.
    let unquoted = match text.strip_prefix(['u', 'U']) {
        None => text,
        Some(rest) => {
            let value = rest
                .strip_prefix(['r', 'R'])
                .and_then(|rest| rest.strip_prefix(['l', 'L']))
                .and_then(|rest| rest.trim_start_matches(is_space).strip_prefix('='));
            match value {
                None => return text,
                Some(value) => value.trim_start_matches(is_space),
            }
        }
    };
    // 11.8 – 11.10. Quotes.
    match unquoted.chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let inside = unquoted.get(1..).unwrap_or_default();
            inside.split(quote).next().unwrap_or_default()
        }
        _ => unquoted,
    }
}

impl WindowHost {
    /// The shared declarative refresh steps, for a value and the document that it is of.
    pub(crate) fn refresh_declaratively(&self, window: WindowId, document: NodeId, input: &str) {
        // 1. One is enough.
        let is_set = self.with_document(window, |state| state.refresh.is_some());
        if is_set != Some(false) {
            return;
        }
        let Some((delay, text)) = parse(input) else {
            return;
        };
        // 9., 11.11. Where to: its own URL, or this one.
        let url = match text {
            None => Some(self.document_url_parsed(window)),
            Some(text) => self.encoding_parse(document, text),
        };
        // 11.12. Scripts are not run this way.
        let Some(url) = url.filter(|url| url.scheme() != "javascript") else {
            return;
        };
        // 12. – 13. After it is loaded, and so long after this. Automatic features are taken away along with scripts.
        let is_loaded = self.with_document(window, |state| {
            if state.sandbox.takes(Sandbox::SCRIPTS) {
                return false;
            }
            state.refresh = Some(Refresh { url, delay });
            state.phase == LoadPhase::Complete
        });
        if is_loaded == Some(true) {
            self.arm_refresh(window);
        }
    }

    /// The document is loaded: from now on its time runs.
    pub(crate) fn arm_refresh(&self, window: WindowId) {
        let delay = self.with_document(window, |state| {
            state.refresh.as_ref().map(|refresh| refresh.delay)
        });
        let Some(delay) = delay.flatten() else { return };
        let key = TimerKey {
            window,
            timer: 0,
            kind: TimerKind::Refresh,
        };
        let armed = self
            .event_loop
            .borrow_mut()
            .set_timer(key, self.clock.now(), delay);
        if armed.is_err() {
            self.with_document(window, |state| state.refresh = None);
        }
    }

    /// The pragma of a `meta` element.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/semantics.html#attr-meta-http-equiv-refresh>
    pub(crate) fn act_on_refresh_meta(&self, element: NodeId) {
        let content = self.attribute(element, "content").unwrap_or_default();
        let document = with_tree(|tree| tree.node_document(element));
        let window = document.and_then(|document| self.window_of(document));
        if let (Some(document), Some(window), false) = (document, window, content.is_empty()) {
            self.refresh_declaratively(window, document, &content);
        }
    }
}

impl PageThread {
    /// Standard: <https://html.spec.whatwg.org/multipage/document-lifecycle.html#initialise-the-document-object>, the `Refresh` header.
    pub(crate) fn heed_refresh_header(&self, window: WindowId, response: &Response) {
        let Some(value) = response.header_list.get_first("refresh") else {
            return;
        };
        // Isomorphic decode.
        let value: String = value.iter().copied().map(char::from).collect();
        let document = self.host.with_document(window, |state| state.document);
        if let Some(document) = document {
            self.host.refresh_declaratively(window, document, &value);
        }
    }

    /// The time of a document's refresh has come.
    pub(crate) fn refresh(&mut self, window: WindowId) {
        let refresh = self
            .host
            .with_document(window, |state| state.refresh.clone());
        let Some(refresh) = refresh.flatten() else {
            return;
        };
        if refresh.delay >= PATIENT {
            self.own_navigations = 0;
        }
        let asked = AskedNavigation {
            kind: NavigationKind::Replace,
            source: window,
            origin: self.host.origin_of(window),
            referrer: self.host.referrer_url(window),
            resource: NavigationResource::default(),
            url: refresh.url,
        };
        self.navigate_by_script(window, asked);
    }
}
