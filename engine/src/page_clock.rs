//! The clock of a page, as its driver sets it.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::clock::VIRTUAL_HORIZON;
use crate::command::{Command, Deadline, Reply};
use crate::error::Error;
use crate::page::Page;
use crate::page_thread::PageThread;
use crate::waiting::{Waiter, WaitingFor};

/// The clock of a page: [`Page::clock`].
///
/// It governs `Date`, `Intl.DateTimeFormat` and `Temporal.Now`, `performance.now()`, `event.timeStamp`, timers, animation frames and
/// idle callbacks, in every window of the page, frames and later documents among them. The network goes by the machine's time: a
/// standing clock does not hold a request up, nor does a moved one end it; so do `XMLHttpRequest.timeout` and
/// `AbortSignal.timeout()`.
///
/// The words are Playwright's, with two differences: [`Self::install`] has the clock stand still, and [`Self::advance`] is its `runFor`.
///
/// ```no_run
/// # use std::time::Duration;
/// # let browser = readystate::Browser::new(readystate::BrowserOptions::new())?;
/// let page = browser.new_page()?;
/// page.clock().install()?;
/// page.goto("https://example.com/session")?;
/// page.clock().advance(Duration::from_secs(30 * 60))?; // half an hour, at once
/// page.wait_for_selector(".session-expired")?;
/// # Ok::<(), readystate::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PageClock<'a> {
    page: &'a Page,
}

/// What is done to a page's clock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum ClockChange {
    Install(Option<Duration>),
    Advance(Duration),
    RunUntilSettled(Duration),
    SetFixedTime(Duration),
    Resume,
}

impl Page {
    /// The page's clock.
    #[must_use]
    pub fn clock(&self) -> PageClock<'_> {
        PageClock { page: self }
    }
}

impl PageClock<'_> {
    /// Stops the clock at the time it shows. It moves by [`Self::advance`] and [`Self::run_until_settled`] only, until
    /// [`Self::resume`].
    ///
    /// While it stands, [`Page::wait_until_settled`] does not wait for timers.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn install(&self) -> Result<(), Error> {
        self.change(ClockChange::Install(None))
    }

    /// As [`Self::install`], at a time of day. `performance.now()` and timers go on from where they are.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn install_at(&self, time: SystemTime) -> Result<(), Error> {
        self.change(ClockChange::Install(Some(since_1970(time))))
    }

    /// Moves the clock forward, installed first if it is not. Everything that falls due on the way runs, each at its time; what it
    /// requests is not waited for.
    ///
    /// # Errors
    /// [`Error::Timeout`] if the timers on the way take longer than [`PageOptions::timeout`](crate::PageOptions::timeout) of real
    /// time, [`Error::Limit`], [`Error::Closed`].
    pub fn advance(&self, by: Duration) -> Result<(), Error> {
        self.change(ClockChange::Advance(by))
    }

    /// Moves the clock, installed first if it is not, until the page is settled: whenever no task waits and no request is in flight, to
    /// the next timer, as long as one is due within ten seconds that [`Page::wait_until_settled`] would wait for.
    ///
    /// # Errors
    /// As [`Page::wait_until_settled`].
    pub fn run_until_settled(&self) -> Result<(), Error> {
        self.change(ClockChange::RunUntilSettled(VIRTUAL_HORIZON))
    }

    /// Has `Date` show this time for ever. Timers and `performance.now()` go on as they do.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn set_fixed_time(&self, time: SystemTime) -> Result<(), Error> {
        self.change(ClockChange::SetFixedTime(since_1970(time)))
    }

    /// Has the time flow on, from what it shows.
    ///
    /// # Errors
    /// [`Error::Closed`].
    pub fn resume(&self) -> Result<(), Error> {
        self.change(ClockChange::Resume)
    }

    fn change(&self, change: ClockChange) -> Result<(), Error> {
        let deadline = Deadline::after(self.page.timeout());
        self.page.ask(deadline, |reply| Command::ChangeClock {
            change,
            deadline,
            reply,
        })
    }
}

/// Times before 1970 are 1970.
pub(crate) fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(UNIX_EPOCH).unwrap_or_default()
}

impl PageThread {
    /// Does what the driver asks of the clock, and answers when it is done.
    pub(crate) fn change_clock(
        &mut self,
        change: ClockChange,
        deadline: Deadline,
        reply: Reply<()>,
    ) {
        let was_set = self.clock.wall_time().is_some();
        let condition = match change {
            ClockChange::Install(time) => {
                self.clock.set_wall_time(time);
                self.clock.stop();
                None
            }
            ClockChange::SetFixedTime(time) => {
                self.clock.set_fixed_time(time);
                None
            }
            ClockChange::Resume => {
                self.clock.resume();
                None
            }
            ClockChange::Advance(by) => {
                self.stop_clock();
                Some(WaitingFor::Clock(self.clock.now().saturating_add(by)))
            }
            ClockChange::RunUntilSettled(horizon) => {
                self.stop_clock();
                Some(WaitingFor::Settled {
                    horizon,
                    moves_clock: true,
                })
            }
        };
        if !was_set && self.clock.wall_time().is_some() {
            self.call(readystate_js::Agent::clock_set);
        }
        match condition {
            Some(condition) => self.waiters.push(Waiter {
                condition,
                deadline,
                reply: reply.into(),
            }),
            // The asker may have gone.
            None => drop(reply.send(Ok(()))),
        }
    }

    fn stop_clock(&self) {
        if self.clock.flows() {
            if self.clock.wall_time().is_none() {
                self.clock.set_wall_time(None);
            }
            self.clock.stop();
        }
    }

    /// Moves a clock that stands to the next time that somebody waits for; whether it did.
    pub(crate) fn jump(&self) -> bool {
        if self.clock.flows() || self.stopped.is_some() {
            return false;
        }
        let now = self.clock.now();
        let next_timer = self.host.event_loop.borrow().next_timer();
        let is_quiet = self.network.is_idle() && self.navigation.is_none();
        let target = self.waiters.iter().find_map(|waiter| {
            let timer_within = |horizon: Duration| {
                let event_loop = self.host.event_loop.borrow();
                event_loop
                    .counts_timers(now.saturating_add(horizon))
                    .then_some(next_timer)?
            };
            match waiter.condition {
                WaitingFor::Clock(time) => {
                    (time > now).then(|| next_timer.map_or(time, |next| next.min(time)))
                }
                WaitingFor::Settled {
                    horizon,
                    moves_clock,
                } if is_quiet && (moves_clock || self.clock.jumps()) => timer_within(horizon),
                WaitingFor::Loaded if is_quiet && self.clock.jumps() => {
                    timer_within(VIRTUAL_HORIZON)
                }
                WaitingFor::Selector { .. } | WaitingFor::Evaluation(_)
                    if is_quiet && self.clock.jumps() =>
                {
                    next_timer
                }
                _ => None,
            }
        });
        match target {
            Some(target) => {
                self.clock.advance_to(target);
                true
            }
            None => false,
        }
    }
}
