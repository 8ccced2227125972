//! What the layers of one connection share about the exchange in progress.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::environment::{AddressPolicy, FetchLimits};
use crate::error::{NetworkError, TimeoutStage};
use crate::fetch::{AttachGuard, FetchController, Interrupt};
use crate::http::head::ResponseHead;
use crate::recording::HopTimings;

/// Shared by the caller, the socket at the bottom of a connection and the head reader at its top.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedExchange(Arc<Mutex<Exchange>>);

impl SharedExchange {
    pub(super) fn lock(&self) -> MutexGuard<'_, Exchange> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the first named failure, for what follows from it is noise.
    pub(super) fn fail(&self, error: NetworkError) {
        let mut exchange = self.lock();
        if exchange.failure.is_none() {
            exchange.failure = Some(error);
        }
    }

    /// The failure, with an abort before all others: the socket was shut down because of it.
    pub(super) fn failure(&self) -> Option<NetworkError> {
        let exchange = self.lock();
        if exchange.controller.is_aborted() {
            return Some(NetworkError::Aborted);
        }
        exchange.failure.clone()
    }
}

/// One request and its response on a connection.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    pub(super) controller: FetchController,
    pub(super) address_policy: AddressPolicy,
    pub(super) limits: FetchLimits,
    /// The bytes that go out in place of the head that ureq writes.
    pub(super) request_head: Vec<u8>,
    pub(super) is_head_request: bool,
    /// Whether an HTTP proxy has to be asked for a tunnel in any case: what follows is not HTTP.
    pub(super) needs_tunnel: bool,
    /// Bytes of the request's body still to be written; ureq is told one more, see `UploadReader`.
    pub(super) body_left: usize,
    pub(super) stage: Stage,
    pub(super) response_head: Option<ResponseHead>,
    pub(super) failure: Option<NetworkError>,
    /// Whether the server answered, or closed, before the request's body was sent whole.
    pub(super) upload_cut: bool,
    /// Bytes received at the place of the response's head; 0 means that nothing of a response has come.
    pub(super) head_bytes: u64,
    /// Whether the connection had carried another exchange before.
    pub(super) reused: bool,
    /// Whether the other side has said that nothing more comes.
    pub(super) ended: bool,
    /// Whether the connection is gone.
    pub(super) closed: bool,
    pub(super) remote_address: Option<SocketAddr>,
    pub(super) interrupt: Option<SharedInterrupt>,
    pub(super) guard: Option<AttachGuard>,
    /// Where the time went; shared with the dialer's copy.
    pub(super) timings: SharedTimings,
    stage_since: Option<Instant>,
}

/// Durations that several layers of a connection note down.
#[derive(Clone, Debug, Default)]
pub(super) struct SharedTimings(Arc<Mutex<HopTimings>>);

impl SharedTimings {
    pub(super) fn note(&self, note: impl FnOnce(&mut HopTimings)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(super) fn read(&self) -> HopTimings {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a new exchange starts from.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) controller: FetchController,
    pub(super) address_policy: AddressPolicy,
    pub(super) limits: FetchLimits,
    pub(super) request_head: Vec<u8>,
    pub(super) is_head_request: bool,
    pub(super) body_length: usize,
}

/// How far an exchange is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) enum Stage {
    /// Name resolution, connect, proxy, TLS.
    #[default]
    Connect,
    /// The request's head and body leave.
    Send,
    /// Waiting for the end of the response's head.
    Head,
    /// Reading the body.
    Body,
}

#[derive(Clone)]
pub(super) struct SharedInterrupt(pub(super) Arc<dyn Interrupt>);

impl std::fmt::Debug for SharedInterrupt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("SharedInterrupt")
    }
}

impl Exchange {
    /// Starts over for a new request. What belongs to the connection stays.
    pub(super) fn begin(&mut self, start: Start) {
        self.controller = start.controller;
        self.address_policy = start.address_policy;
        self.limits = start.limits;
        self.request_head = start.request_head;
        self.is_head_request = start.is_head_request;
        self.body_left = start.body_length;
        self.response_head = None;
        self.failure = None;
        self.upload_cut = false;
        self.head_bytes = 0;
        self.ended = false;
        self.reused = !self.closed && self.interrupt.is_some();
        self.guard = None;
        self.timings = SharedTimings::default();
        self.stage = Stage::Connect;
        self.stage_since = Some(Instant::now());
    }

    /// What a dialer needs to know, apart from the shared state.
    pub(super) fn dialing_copy(&self) -> Self {
        Self {
            controller: self.controller.clone(),
            address_policy: self.address_policy,
            limits: self.limits.clone(),
            stage: self.stage,
            stage_since: self.stage_since,
            timings: self.timings.clone(),
            ..Self::default()
        }
    }

    pub(super) fn enter(&mut self, stage: Stage) {
        let now = Instant::now();
        let spent = self
            .stage_since
            .map(|since| now.saturating_duration_since(since))
            .unwrap_or_default();
        let left = self.stage;
        self.timings.note(|timings| match (left, stage) {
            // What is neither name nor TCP is TLS, and counts as such only if there was a connection to make.
            (Stage::Connect, Stage::Send) => {
                timings.tls = timings
                    .connect
                    .map(|connect| spent.saturating_sub(connect + timings.dns.unwrap_or_default()));
            }
            (Stage::Send, Stage::Head | Stage::Body) => timings.send = Some(spent),
            (Stage::Head, Stage::Body) => timings.wait = Some(spent),
            _ => {}
        });
        self.stage = stage;
        self.stage_since = Some(now);
    }

    /// How long the next blocking call may take, or the time-out that has been reached.
    ///
    /// Connecting and the response's head have a deadline; sending and the body count from the last progress.
    pub(super) fn time_left(&self) -> Result<Option<Duration>, NetworkError> {
        self.controller.check()?;
        let (Some(limit), is_deadline) = (match self.stage {
            Stage::Connect => (self.limits.connect_timeout, true),
            Stage::Head => (self.limits.response_head_timeout, true),
            Stage::Send | Stage::Body => (self.limits.idle_timeout, false),
        }) else {
            return Ok(None);
        };
        if !is_deadline {
            return Ok(Some(limit));
        }
        let spent = self
            .stage_since
            .map(|since| since.elapsed())
            .unwrap_or_default();
        match limit.checked_sub(spent) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(self.timed_out()),
        }
    }

    /// The error for a blocking call that ran out of time.
    pub(super) fn timed_out(&self) -> NetworkError {
        let (stage, after) = match self.stage {
            Stage::Connect => (TimeoutStage::Connect, self.limits.connect_timeout),
            Stage::Send => (TimeoutStage::Send, self.limits.idle_timeout),
            Stage::Head => (
                TimeoutStage::ResponseHead,
                self.limits.response_head_timeout,
            ),
            Stage::Body => (TimeoutStage::BodyIdle, self.limits.idle_timeout),
        };
        NetworkError::Timeout {
            stage,
            after: after.unwrap_or_default(),
        }
    }
}
