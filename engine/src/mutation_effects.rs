//! What mutations of the tree lead to: scripts that run, frames, style sheets, pragmas.

use std::collections::VecDeque;

use readystate_dom::{Effect, NodeId};
use readystate_js::host::{ClassicScript, HostStep};
use readystate_js::with_tree;
use readystate_xhr::fetch::ReferrerPolicy;

use crate::script_loading::Prepared;
use crate::window_host::{Continuation, WindowHost};

impl WindowHost {
    /// What one effect of a mutation asks for.
    pub(crate) fn act_on(&self, effect: &Effect) -> VecDeque<HostStep> {
        let element = effect.element();
        match with_tree(|tree| interest(tree, element)) {
            Interest::Script => self.act_on_script(effect).into_iter().collect(),
            Interest::Frame => self.act_on_frame(effect),
            Interest::Object => self.act_on_object(effect),
            Interest::Meta => {
                self.act_on_meta(effect);
                VecDeque::new()
            }
            Interest::Link => {
                self.act_on_link(effect);
                VecDeque::new()
            }
            Interest::Style => {
                self.act_on_style(effect);
                VecDeque::new()
            }
            Interest::None => VecDeque::new(),
        }
    }

    /// Standard: <https://html.spec.whatwg.org/multipage/semantics.html#meta-referrer>
    fn act_on_meta(&self, effect: &Effect) {
        let concerns = match effect {
            Effect::Connected(_) => true,
            Effect::AttributeChanged { local_name, .. } => {
                matches!(&**local_name, "name" | "content")
            }
            _ => false,
        };
        let element = effect.element();
        let is_refresh = match effect {
            Effect::Connected(_) => true,
            Effect::AttributeChanged { local_name, .. } => {
                matches!(&**local_name, "http-equiv" | "content")
            }
            _ => false,
        };
        if is_refresh
            && self
                .attribute(element, "http-equiv")
                .is_some_and(|name| name.eq_ignore_ascii_case("refresh"))
            && with_tree(|tree| tree.is_connected(element))
        {
            self.act_on_refresh_meta(element);
        }
        let is_referrer = self
            .attribute(element, "name")
            .is_some_and(|name| name.eq_ignore_ascii_case("referrer"));
        if !concerns || !is_referrer || !with_tree(|tree| tree.is_connected(element)) {
            return;
        }
        let content = self.attribute(element, "content").unwrap_or_default();
        // 5. What it was called before.
        let policy = match content.to_ascii_lowercase().as_str() {
            "never" => Some(ReferrerPolicy::NoReferrer),
            "default" => Some(ReferrerPolicy::default()),
            "always" => Some(ReferrerPolicy::UnsafeUrl),
            "origin-when-crossorigin" => Some(ReferrerPolicy::OriginWhenCrossOrigin),
            name => ReferrerPolicy::parse(name),
        };
        let window = with_tree(|tree| tree.node_document(element))
            .and_then(|document| self.window_of(document));
        if let (Some(policy), Some(window)) = (policy, window) {
            self.with_document(window, |state| state.referrer_policy = policy);
        }
    }

    /// What is fetched when a link becomes one, or leads elsewhere.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/links.html#link-type-modulepreload>
    fn act_on_link(&self, effect: &Effect) {
        let element = effect.element();
        let (concerns_module, concerns_sheet) = match effect {
            Effect::Connected(_) => (true, true),
            Effect::Disconnected(_) => (false, true),
            Effect::AttributeChanged { local_name, .. } => match &**local_name {
                "rel" | "href" => (true, true),
                "type" | "disabled" | "crossorigin" => (false, true),
                _ => (false, false),
            },
            _ => (false, false),
        };
        if concerns_module && with_tree(|tree| tree.is_connected(element)) {
            self.preload_module(element);
        }
        if concerns_sheet {
            self.link_changed(element, self.parser_is_caller.get());
        }
    }

    /// What is fetched for style elements.
    fn act_on_style(&self, effect: &Effect) {
        let concerns = match effect {
            Effect::AttributeChanged { local_name, .. } => &**local_name == "type",
            _ => true,
        };
        if concerns {
            self.style_changed(effect.element(), self.parser_is_caller.get());
        }
    }

    fn act_on_script(&self, effect: &Effect) -> Option<HostStep> {
        let element = effect.element();
        match effect {
            // <https://html.spec.whatwg.org/multipage/scripting.html#script-processing-model>: becoming connected, getting
            // children and getting a src each prepare a script, unless the parser is still to do it.
            Effect::Connected(_) | Effect::ChildrenChanged(_) => {}
            Effect::AttributeChanged {
                local_name,
                old_value,
                ..
            } => match &**local_name {
                "src" | "href" if old_value.is_none() => {}
                "async" => {
                    // Setting "async" ends "force async".
                    with_tree(|tree| {
                        let mut flags = tree.script_flags(element);
                        if flags.force_async && tree.attribute(element, "async").is_some() {
                            flags.force_async = false;
                            tree.set_script_flags(element, flags);
                        }
                    });
                    return None;
                }
                _ => return None,
            },
            _ => return None,
        }
        if with_tree(|tree| tree.script_flags(element)).parser_inserted {
            return None;
        }
        match self.prepare_script(element, 1, None) {
            Prepared::Nothing => None,
            Prepared::Run(script) => self.run_step(script),
            Prepared::Step(step) => Some(step),
        }
    }

    /// The step that runs the script of an element, in the window of its document.
    pub(crate) fn run_step(&self, script: ClassicScript) -> Option<HostStep> {
        let document = with_tree(|tree| tree.node_document(script.element?))?;
        let window = self.window_of(document)?;
        Some(HostStep::Run { window, script })
    }

    /// Acts on what the parser or Rust code did to the tree, apart from running scripts of the parser.
    pub(crate) fn take_effects(&self) -> HostStep {
        self.push_continuation(Continuation::Base);
        self.push_effects();
        self.go_on()
    }

    /// The effects that wait in the tree come next.
    pub(crate) fn push_effects(&self) {
        let effects = with_tree(|tree| {
            if tree.has_effects() {
                tree.take_effects()
            } else {
                Vec::new()
            }
        });
        if !effects.is_empty() {
            self.push_continuation(Continuation::Effects(effects.into()));
        }
    }
}

/// Whose effects are acted on.
enum Interest {
    Script,
    Frame,
    Object,
    Link,
    Style,
    Meta,
    None,
}

fn interest(tree: &readystate_dom::Tree, element: NodeId) -> Interest {
    let namespace = &**tree.namespace(element);
    let is_html = namespace == "http://www.w3.org/1999/xhtml";
    match &**tree.local_name(element) {
        "script" if is_html || namespace == "http://www.w3.org/2000/svg" => Interest::Script,
        "iframe" | "frame" if is_html => Interest::Frame,
        "object" | "embed" if is_html => Interest::Object,
        "link" if is_html => Interest::Link,
        "style" if is_html => Interest::Style,
        "meta" if is_html => Interest::Meta,
        _ => Interest::None,
    }
}
