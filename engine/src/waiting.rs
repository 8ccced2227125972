//! Callers that wait for the page: for `load`, for it to be settled, for an element, for a promise.

use std::time::{Duration, Instant};

use readystate_js::host::TimerKind;
use readystate_js::{Evaluation, with_tree};

use crate::command::{Deadline, Reply};
use crate::document_state::LoadPhase;
use crate::error::Error;
use crate::page_thread::PageThread;
use crate::settled::{Pending, PendingDocument, PendingTimer, PendingTimerKind};
use crate::timer_heap::NESTING_LIMIT;

/// Of so many timers of a kind is told.
const TOLD: usize = 32;

/// A caller, and what it waits for.
pub(crate) struct Waiter {
    pub(crate) condition: WaitingFor,
    pub(crate) deadline: Deadline,
    pub(crate) reply: AnyReply,
}

/// What ends the wait.
pub(crate) enum WaitingFor {
    /// The document that was asked for has fired `load`.
    Loaded,
    /// The page is settled.
    Settled {
        /// Timers due within this time are waited for.
        horizon: Duration,
        /// Whether the page's clock, which stands, is moved for that.
        moves_clock: bool,
    },
    /// The page's clock, which stands, has come to this time.
    Clock(Duration),
    /// An element matches.
    Selector {
        selector: String,
        /// The tree's version when it was looked for last.
        seen: Option<u64>,
    },
    /// The promise of an evaluation is settled.
    Evaluation(u32),
}

/// Where the answer goes, by its type.
pub(crate) enum AnyReply {
    Done(Reply<()>),
    Value(Reply<Evaluation>),
    /// `true` when it is done.
    Flag(Reply<bool>),
}

impl From<Reply<()>> for AnyReply {
    fn from(reply: Reply<()>) -> Self {
        Self::Done(reply)
    }
}

impl From<Reply<Evaluation>> for AnyReply {
    fn from(reply: Reply<Evaluation>) -> Self {
        Self::Value(reply)
    }
}

impl AnyReply {
    /// Answers; a caller that has gone is not missed.
    fn send(self, result: Result<Evaluation, Error>) {
        match self {
            Self::Done(reply) => drop(reply.send(result.map(drop))),
            Self::Value(reply) => drop(reply.send(result)),
            Self::Flag(reply) => drop(reply.send(result.map(|_| true))),
        }
    }
}

impl PageThread {
    /// Answers the waiters whose condition holds or whose time is over. Whether the page is settled can only be told when
    /// it is idle.
    pub(crate) fn answer_waiters(&mut self, is_idle: bool) {
        if self.waiters.is_empty() {
            return;
        }
        let mut waiters = std::mem::take(&mut self.waiters);
        let mut kept = Vec::with_capacity(waiters.len());
        for mut waiter in waiters.drain(..) {
            let answer = match self.check(&mut waiter.condition, is_idle) {
                None if Instant::now() >= waiter.deadline.at => Some(Err(Error::Timeout {
                    after: waiter.deadline.after,
                    waiting_for: waiter.condition.describe(),
                    pending: Box::new(
                        self.pending(waiter.condition.horizon(self.options.settle_horizon)),
                    ),
                })),
                answer => answer,
            };
            match answer {
                Some(answer) => waiter.reply.send(answer),
                None => kept.push(waiter),
            }
        }
        // Answering runs no script, but a promise's value is converted by script: nothing is added meanwhile.
        kept.append(&mut self.waiters);
        self.waiters = kept;
    }

    /// Ends the waits for `load` of a navigation that failed or was replaced.
    pub(crate) fn fail_load_waiters(&mut self, error: impl Fn() -> Error) {
        let (loading, others) = std::mem::take(&mut self.waiters)
            .into_iter()
            .partition(|waiter| matches!(waiter.condition, WaitingFor::Loaded));
        self.waiters = others;
        let loading: Vec<Waiter> = loading;
        for waiter in loading {
            waiter.reply.send(Err(error()));
        }
    }

    pub(crate) fn earliest_deadline(&self) -> Option<Instant> {
        self.waiters.iter().map(|waiter| waiter.deadline.at).min()
    }

    /// What the page is busy with.
    pub(crate) fn pending(&self, horizon: Duration) -> Pending {
        let now = self.host.clock.now();
        let event_loop = self.host.event_loop.borrow();
        let counts_timers = self.waits_for_timers(false);
        let (mut timers, mut other_timers) = (Vec::new(), Vec::new());
        for (timer, place, counts) in event_loop.armed_timers(now.saturating_add(horizon)) {
            let kind = match timer.key.kind {
                TimerKind::Timer => PendingTimerKind::Timer,
                TimerKind::AnimationFrame => PendingTimerKind::AnimationFrame,
                TimerKind::Idle => PendingTimerKind::Idle,
                TimerKind::Refresh => PendingTimerKind::Refresh,
                TimerKind::Native => continue,
            };
            let list = if counts && counts_timers {
                &mut timers
            } else {
                &mut other_timers
            };
            if list.len() < TOLD {
                list.push(PendingTimer {
                    kind,
                    due_in: timer.due.saturating_sub(now),
                    place: place.cloned(),
                    is_chain: timer.nesting_level > NESTING_LIMIT,
                });
            }
        }
        Pending {
            requests: self.network.pending(),
            timers,
            tasks: event_loop.queued(),
            documents: self.loading_documents(),
            navigation: self
                .navigation
                .as_ref()
                .map(|navigation| navigation.url.to_string()),
            other_timers,
            connections: self.network.connections(),
            stopped: self.stopped.is_some(),
        }
    }

    /// Whether nothing is left to wait for, as [`Pending::is_settled`]; the network and the navigation have been looked at.
    fn is_settled(&self, horizon: Duration, moves_clock: bool) -> bool {
        let event_loop = self.host.event_loop.borrow();
        let until = self.clock.now().saturating_add(horizon);
        event_loop.queued() == 0
            && !(self.waits_for_timers(moves_clock) && event_loop.counts_timers(until))
            && self.loading_documents().is_empty()
    }

    /// Whether timers ever come due.
    fn waits_for_timers(&self, moves_clock: bool) -> bool {
        self.clock.flows() || self.clock.jumps() || moves_clock
    }

    fn is_window_loading(&self) -> bool {
        self.window()
            .and_then(|window| {
                self.host.with_document(window, |state| {
                    state.phase < LoadPhase::Complete && !state.waits_for_script()
                })
            })
            .unwrap_or(false)
    }

    fn loading_documents(&self) -> Vec<PendingDocument> {
        let navigables = self.host.navigables.borrow();
        self.host
            .documents
            .borrow()
            .iter()
            .filter(|(_, state)| state.phase < LoadPhase::Complete && !state.waits_for_script())
            .map(|(window, state)| PendingDocument {
                url: state.url.to_string(),
                in_frame: navigables.of_window(*window).is_some(),
                waits_for: match state.phase {
                    LoadPhase::Parsing if state.sheets.blocks_scripts() => {
                        "a style sheet before the next script"
                    }
                    LoadPhase::Parsing => "its source is being parsed",
                    LoadPhase::DeferredScripts => "its deferred scripts",
                    LoadPhase::DomContentLoadedQueued => "DOMContentLoaded",
                    LoadPhase::AwaitingLoad => "what delays its load event",
                    LoadPhase::CompleteQueued | LoadPhase::Complete => "its load event",
                },
            })
            .collect()
    }

    fn check(
        &mut self,
        condition: &mut WaitingFor,
        is_idle: bool,
    ) -> Option<Result<Evaluation, Error>> {
        const DONE: Option<Result<Evaluation, Error>> = Some(Ok(Evaluation::Undefined));
        match condition {
            WaitingFor::Loaded => {
                if let Some((limit, message)) = &self.stopped {
                    return Some(Err(Error::Limit {
                        limit: *limit,
                        message: message.clone(),
                    }));
                }
                if self.navigation.is_none() && !self.is_window_loading() {
                    DONE
                } else {
                    None
                }
            }
            WaitingFor::Clock(time) => {
                if let Some((limit, message)) = &self.stopped {
                    return Some(Err(Error::Limit {
                        limit: *limit,
                        message: message.clone(),
                    }));
                }
                if is_idle && self.clock.now() >= *time {
                    DONE
                } else {
                    None
                }
            }
            WaitingFor::Settled {
                horizon,
                moves_clock,
            } => {
                if let Some((limit, message)) = &self.stopped {
                    return Some(Err(Error::Limit {
                        limit: *limit,
                        message: message.clone(),
                    }));
                }
                if !is_idle || !self.network.is_idle() || self.navigation.is_some() {
                    return None;
                }
                if self.is_settled(*horizon, *moves_clock) {
                    DONE
                } else {
                    None
                }
            }
            WaitingFor::Selector { selector, seen } => {
                let window = self.ensure_window()?;
                let document = self.host.with_document(window, |state| state.document)?;
                let found = with_tree(|tree| {
                    let version = tree.mutation_version(document);
                    if *seen == Some(version) {
                        return Ok(false);
                    }
                    *seen = Some(version);
                    tree.query_selector(document, selector)
                        .map(|found| found.is_some())
                });
                match found {
                    Ok(true) => DONE,
                    Ok(false) => None,
                    Err(_) => Some(Err(Error::InvalidSelector(selector.clone()))),
                }
            }
            WaitingFor::Evaluation(pending) => {
                let pending = *pending;
                let Some(agent) = self.agent_mut() else {
                    return Some(Err(Error::Closed));
                };
                match agent.poll_evaluation(pending) {
                    Ok(Evaluation::Pending(_)) => None,
                    Ok(value) => Some(Ok(value)),
                    Err(error) => Some(Err(self.script_error(error))),
                }
            }
        }
    }
}

impl WaitingFor {
    /// Timers due within which time are waited for, where nothing else was said.
    fn horizon(&self, default: Duration) -> Duration {
        match self {
            Self::Settled { horizon, .. } => *horizon,
            _ => default,
        }
    }

    fn describe(&self) -> String {
        match self {
            Self::Loaded => "the load event has not come; ".to_owned(),
            Self::Settled { .. } => "the page is not settled; ".to_owned(),
            Self::Clock(_) => "timers on the way still run; ".to_owned(),
            Self::Selector { selector, .. } => format!("no element matches {selector:?}; "),
            Self::Evaluation(_) => "the promise is not settled; ".to_owned(),
        }
    }
}
