//! Callers that wait for the page: for `load`, for it to be settled, for an element, for a promise.

use std::time::{Duration, Instant};

use readystate_js::{Evaluation, with_tree};

use crate::command::{Deadline, Reply};
use crate::document_state::LoadPhase;
use crate::error::Error;
use crate::page_thread::PageThread;
use crate::settled::Pending;

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
    /// The page is settled within this horizon.
    Settled(Duration),
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
                    pending: Box::new(self.pending(self.options.settle_horizon)),
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
        let (timers, first) = event_loop.counted_timers(now.saturating_add(horizon));
        Pending {
            requests: self.network.pending(),
            timers,
            next_timer: first.map(|due| due.saturating_sub(now)),
            tasks: event_loop.queued(),
            documents: self.loading_documents(),
            navigation: self
                .navigation
                .as_ref()
                .map(|navigation| navigation.url.to_string()),
            stopped: self.stopped.is_some(),
        }
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

    fn loading_documents(&self) -> usize {
        self.host
            .documents
            .borrow()
            .values()
            .filter(|state| state.phase < LoadPhase::Complete && !state.waits_for_script())
            .count()
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
            WaitingFor::Settled(horizon) => {
                if let Some((limit, message)) = &self.stopped {
                    return Some(Err(Error::Limit {
                        limit: *limit,
                        message: message.clone(),
                    }));
                }
                if !is_idle || !self.network.is_idle() || self.navigation.is_some() {
                    return None;
                }
                if self.pending(*horizon).is_settled() {
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
    fn describe(&self) -> String {
        match self {
            Self::Loaded => "the load event has not come; ".to_owned(),
            Self::Settled(_) => "the page is not settled; ".to_owned(),
            Self::Selector { selector, .. } => format!("no element matches {selector:?}; "),
            Self::Evaluation(_) => "the promise is not settled; ".to_owned(),
        }
    }
}
