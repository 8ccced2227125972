//! The event loop's inputs: tasks by source, and timers.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/webappapis.html#event-loops>, as of 2026-01.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use readystate_dom::NodeHandle;
use readystate_js::host::{FetchId, SourceLocation, TimerKind, WebSocketId, WindowId};
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::web_socket::WebSocketEvent;

use crate::command::Command;
use crate::frame_navigation::FrameTarget;
use crate::navigation_resource::AskedNavigation;
use crate::task_source::{TaskQueues, TaskSource};
use crate::timer_heap::{DueTimer, NESTING_LIMIT, TimerHeap, clamp};

/// Everything that can make a page do something.
pub(crate) enum Task {
    /// The network has something to say.
    Fetch { fetch: FetchId, event: FetchEvent },
    /// A WebSocket connection has something to say.
    WebSocket {
        socket: WebSocketId,
        event: WebSocketEvent,
    },
    /// A timer is due.
    Timer {
        key: TimerKey,
        nesting_level: u32,
        /// When it was due.
        due: Duration,
    },
    /// Something script queued by itself.
    Callback { window: WindowId, callback: u32 },
    /// A simple event at an element that does not bubble, `load` or `error`.
    FireAtElement {
        window: WindowId,
        element: NodeHandle,
        name: &'static str,
    },
    /// `DOMContentLoaded`.
    DomContentLoaded { window: WindowId },
    /// The document is complete: `load`, `pageshow`.
    Complete { window: WindowId },
    /// A parser may have something to do.
    Parse { window: WindowId },
    /// Script asked for another document.
    Navigate {
        window: WindowId,
        asked: Box<AskedNavigation>,
    },
    /// Script of a window asked for another document in a frame.
    NavigateFrameTo {
        navigable: u32,
        asked: Box<AskedNavigation>,
    },
    /// A frame goes on with a navigation.
    NavigateFrame {
        navigable: u32,
        id: u32,
        target: Box<FrameTarget>,
    },
    /// What a frame shows is complete: `load` at its element.
    FrameLoaded { navigable: u32 },
    /// Script goes so many steps through a top-level window's session history.
    Traverse { top: u32, delta: i32 },
    /// Script gives up the page's own navigation.
    StopPage,
    /// Script has closed a window that it may close.
    CloseWindow { navigable: u32 },
    /// The page's driver asked for something.
    Command(Command),
}

impl Task {
    /// Whether it is for the page, whatever document that shows.
    pub(crate) fn is_unbound(&self) -> bool {
        matches!(self, Self::Fetch { .. } | Self::Command(_))
    }

    /// The window it belongs to, if to one.
    pub(crate) fn window(&self) -> Option<WindowId> {
        match self {
            Self::Timer { key, .. } => Some(key.window),
            Self::Callback { window, .. }
            | Self::FireAtElement { window, .. }
            | Self::DomContentLoaded { window }
            | Self::Complete { window }
            | Self::Parse { window }
            | Self::Navigate { window, .. } => Some(*window),
            Self::Fetch { .. }
            | Self::WebSocket { .. }
            | Self::NavigateFrameTo { .. }
            | Self::NavigateFrame { .. }
            | Self::FrameLoaded { .. }
            | Self::Traverse { .. }
            | Self::StopPage
            | Self::CloseWindow { .. }
            | Self::Command(_) => None,
        }
    }
}

/// A timer's name within an agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TimerKey {
    pub(crate) window: WindowId,
    pub(crate) timer: u32,
    pub(crate) kind: TimerKind,
}

/// Frames are 60 a second, as browsers have it on most screens.
const FRAME: Duration = Duration::from_micros(16_667);

/// Of how many armed timers the place is kept. Finding it costs some microseconds, and more nobody reads.
const KNOWN_PLACES: usize = 64;
const PLACES_OF_A_TASK: usize = 16;

/// The timer table is full.
#[derive(Debug)]
pub(crate) struct TooManyTimers;

/// Task queues and timers of one agent.
pub(crate) struct EventLoop {
    queues: TaskQueues<Task>,
    /// By the page's clock.
    timers: TimerHeap<TimerKey>,
    /// Those of the network, by the machine's clock.
    native_timers: TimerHeap<TimerKey>,
    /// Where timers were armed, as far as that is known.
    places: HashMap<TimerKey, SourceLocation>,
    /// The same of the timer whose task is running: an interval is armed again.
    running_place: Option<(TimerKey, SourceLocation)>,
    /// How many more places the running task may have found.
    places_left: usize,
    /// Timers that were due and wait in a queue: one may be disarmed there still.
    due: HashSet<TimerKey>,
    /// How many timers deep the running task is.
    nesting_level: u32,
    max_timers: usize,
    max_tasks: usize,
}

impl EventLoop {
    pub(crate) fn new(max_timers: usize, max_tasks: usize) -> Self {
        Self {
            queues: TaskQueues::new(),
            timers: TimerHeap::new(),
            native_timers: TimerHeap::new(),
            places: HashMap::new(),
            running_place: None,
            places_left: PLACES_OF_A_TASK,
            due: HashSet::new(),
            nesting_level: 0,
            max_timers,
            max_tasks,
        }
    }

    pub(crate) fn queue(&mut self, source: TaskSource, task: Task) {
        self.queues.push(source, task);
    }

    /// Queues a task that script has asked for; `false` if too many wait.
    pub(crate) fn queue_by_script(&mut self, source: TaskSource, task: Task) -> bool {
        let has_room = self.queues.len() < self.max_tasks;
        if has_room {
            self.queues.push(source, task);
        }
        has_room
    }

    /// The next task to run; `now` is the page's time, `real_now` the machine's.
    pub(crate) fn next_task(&mut self, now: Duration, real_now: Duration) -> Option<Task> {
        self.queue_due_timers(now, real_now);
        self.running_place = None;
        self.places_left = PLACES_OF_A_TASK;
        loop {
            let (_, task) = self.queues.pop()?;
            self.nesting_level = 0;
            if let Task::Timer {
                key, nesting_level, ..
            } = &task
            {
                if !self.due.remove(key) {
                    // Disarmed after it was due.
                    continue;
                }
                self.nesting_level = *nesting_level;
                self.running_place = self.places.remove(key).map(|place| (*key, place));
            }
            return Some(task);
        }
    }

    /// Takes a task whether or not it is its turn, to move it elsewhere.
    pub(crate) fn take_any(&mut self) -> Option<(TaskSource, Task)> {
        self.queues.pop()
    }

    /// Arms a timer. `now` is the time by the clock that is the timer's, see [`Self::next_timer`].
    ///
    /// Gives whether it would be good to know where script did that.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps>
    pub(crate) fn set_timer(
        &mut self,
        key: TimerKey,
        now: Duration,
        delay: Duration,
    ) -> Result<bool, TooManyTimers> {
        // Those that are due and wait for their turn count too.
        let armed = self.timers.len() + self.native_timers.len() + self.due.len();
        if armed >= self.max_timers {
            return Err(TooManyTimers);
        }
        self.due.remove(&key);
        // 3. The nesting level is that of the timer whose task is running, or 0.
        let nesting_level = self.nesting_level;
        let due = match key.kind {
            // 4. and 5. Clamp.
            TimerKind::Timer => now.saturating_add(clamp(delay, nesting_level)),
            TimerKind::AnimationFrame => next_frame(now),
            _ => now.saturating_add(delay),
        };
        // 9. The task's own level is one more.
        if key.kind == TimerKind::Native {
            self.native_timers.arm(key, due, nesting_level + 1);
            return Ok(false);
        }
        if key.kind == TimerKind::AnimationFrame {
            // The documents of a frame come from the outermost inwards: a window's number is higher than its parent's.
            self.timers
                .arm_by_rank(key, due, nesting_level + 1, key.window.0);
        } else {
            self.timers.arm(key, due, nesting_level + 1);
        }
        // An interval stays where it was armed; of a chain so long that nobody waits for it one place will do.
        if let Some((running, place)) = &self.running_place
            && (*running == key || (running.kind == key.kind && nesting_level > NESTING_LIMIT))
        {
            self.places.insert(key, place.clone());
            return Ok(false);
        }
        let wants_place = matches!(key.kind, TimerKind::Timer | TimerKind::AnimationFrame)
            && nesting_level <= NESTING_LIMIT
            && self.places.len() < KNOWN_PLACES
            && self.places_left > 0;
        self.places_left -= usize::from(wants_place);
        Ok(wants_place)
    }

    /// Notes where a timer was armed.
    pub(crate) fn note_place(&mut self, key: TimerKey, place: SourceLocation) {
        self.places.insert(key, place);
    }

    pub(crate) fn clear_timer(&mut self, key: TimerKey) {
        self.timers.disarm(&key);
        self.native_timers.disarm(&key);
        self.due.remove(&key);
        self.places.remove(&key);
    }

    /// Drops the tasks and timers of a window.
    pub(crate) fn forget_window(&mut self, window: WindowId) {
        self.queues.retain(|task| task.window() != Some(window));
        self.timers.retain(|key| key.window != window);
        self.native_timers.retain(|key| key.window != window);
        self.places.retain(|key, _| key.window != window);
        self.due.retain(|key| key.window != window);
    }

    /// When the next timer is due, by the page's clock.
    pub(crate) fn next_timer(&self) -> Option<Duration> {
        Some(self.timers.next()?.due)
    }

    /// When the network's next timer is due, by the machine's clock.
    pub(crate) fn next_native_timer(&self) -> Option<Duration> {
        Some(self.native_timers.next()?.due)
    }

    /// How many tasks wait, idle ones included.
    pub(crate) fn queued(&self) -> usize {
        self.queues.len()
    }

    /// Whether a timer keeps a page from being settled.
    pub(crate) fn counts_timers(&self, until: Duration) -> bool {
        self.timers
            .iter()
            .take_while(|timer| timer.due <= until)
            .any(|timer| counts(&timer))
    }

    /// The armed timers of script, earliest first: what was armed where, when it is due, and whether it keeps a page from being
    /// settled.
    pub(crate) fn armed_timers(
        &self,
        until: Duration,
    ) -> impl Iterator<Item = (DueTimer<TimerKey>, Option<&SourceLocation>, bool)> {
        self.timers.iter().map(move |timer| {
            let counts = timer.due <= until && counts(&timer);
            (timer, self.places.get(&timer.key), counts)
        })
    }

    fn queue_due_timers(&mut self, now: Duration, real_now: Duration) {
        while let Some(timer) = self.timers.pop_due(now) {
            let source = match timer.key.kind {
                TimerKind::Timer => TaskSource::Timer,
                TimerKind::AnimationFrame => TaskSource::Rendering,
                TimerKind::Idle => TaskSource::Idle,
                TimerKind::Native => TaskSource::Networking,
                TimerKind::Refresh => TaskSource::NavigationAndTraversal,
            };
            self.queue_timer(source, timer);
        }
        while let Some(timer) = self.native_timers.pop_due(real_now) {
            self.queue_timer(TaskSource::Networking, timer);
        }
    }

    fn queue_timer(&mut self, source: TaskSource, timer: DueTimer<TimerKey>) {
        self.due.insert(timer.key);
        self.queues.push(
            source,
            Task::Timer {
                key: timer.key,
                nesting_level: timer.nesting_level,
                due: timer.due,
            },
        );
    }
}

/// Chains of many timers are polls and animations, which never end.
fn counts(timer: &DueTimer<TimerKey>) -> bool {
    matches!(
        timer.key.kind,
        TimerKind::Timer | TimerKind::AnimationFrame | TimerKind::Refresh
    ) && timer.nesting_level <= NESTING_LIMIT
}

fn next_frame(now: Duration) -> Duration {
    let frames = now.as_nanos() / FRAME.as_nanos() + 1;
    u32::try_from(frames).map_or(now + FRAME, |frames| FRAME * frames)
}
