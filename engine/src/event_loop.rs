//! The event loop's inputs: tasks by source, and timers.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/webappapis.html#event-loops>, as of 2026-01.

use std::collections::HashSet;
use std::time::Duration;

use readystate_dom::NodeHandle;
use readystate_js::host::{FetchId, TimerKind, WebSocketId, WindowId};
use readystate_xhr::fetch::FetchEvent;
use readystate_xhr::web_socket::WebSocketEvent;

use crate::command::Command;
use crate::frame_navigation::FrameTarget;
use crate::navigation_resource::AskedNavigation;
use crate::task_source::{TaskQueues, TaskSource};
use crate::timer_heap::{NESTING_LIMIT, TimerHeap, clamp};

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
    Timer { key: TimerKey, nesting_level: u32 },
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
        container: NodeHandle,
        asked: Box<AskedNavigation>,
    },
    /// A frame goes on with a navigation.
    NavigateFrame {
        container: NodeHandle,
        id: u32,
        target: Box<FrameTarget>,
    },
    /// What a frame shows is complete: `load` at its element.
    FrameLoaded { container: NodeHandle },
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

/// The timer table is full.
#[derive(Debug)]
pub(crate) struct TooManyTimers;

/// Task queues and timers of one agent.
pub(crate) struct EventLoop {
    queues: TaskQueues<Task>,
    timers: TimerHeap<TimerKey>,
    /// Timers that were due and wait in a queue: one may be disarmed there still.
    due: HashSet<TimerKey>,
    /// How many timers deep the running task is.
    nesting_level: u32,
    max_timers: usize,
}

impl EventLoop {
    pub(crate) fn new(max_timers: usize) -> Self {
        Self {
            queues: TaskQueues::new(),
            timers: TimerHeap::new(),
            due: HashSet::new(),
            nesting_level: 0,
            max_timers,
        }
    }

    pub(crate) fn queue(&mut self, source: TaskSource, task: Task) {
        self.queues.push(source, task);
    }

    /// The next task to run.
    pub(crate) fn next_task(&mut self, now: Duration) -> Option<Task> {
        self.queue_due_timers(now);
        loop {
            let (_, task) = self.queues.pop()?;
            self.nesting_level = 0;
            if let Task::Timer { key, nesting_level } = &task {
                if !self.due.remove(key) {
                    // Disarmed after it was due.
                    continue;
                }
                self.nesting_level = *nesting_level;
            }
            return Some(task);
        }
    }

    /// Takes a task whether or not it is its turn, to move it elsewhere.
    pub(crate) fn take_any(&mut self) -> Option<(TaskSource, Task)> {
        self.queues.pop()
    }

    /// Arms a timer.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/timers-and-user-prompts.html#timer-initialisation-steps>
    pub(crate) fn set_timer(
        &mut self,
        key: TimerKey,
        now: Duration,
        delay: Duration,
    ) -> Result<(), TooManyTimers> {
        if self.timers.len() >= self.max_timers {
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
        self.timers.arm(key, due, nesting_level + 1);
        Ok(())
    }

    pub(crate) fn clear_timer(&mut self, key: TimerKey) {
        self.timers.disarm(&key);
        self.due.remove(&key);
    }

    /// Drops the tasks and timers of a window.
    pub(crate) fn forget_window(&mut self, window: WindowId) {
        self.queues.retain(|task| task.window() != Some(window));
        self.timers.retain(|key| key.window != window);
        self.due.retain(|key| key.window != window);
    }

    /// When the next timer is due.
    pub(crate) fn next_timer(&self) -> Option<Duration> {
        Some(self.timers.next()?.due)
    }

    /// How many tasks wait, idle ones included.
    pub(crate) fn queued(&self) -> usize {
        self.queues.len()
    }

    /// Timers that keep a page from being settled: how many, and when the first is due.
    pub(crate) fn counted_timers(&self, until: Duration) -> (usize, Option<Duration>) {
        let mut counted = self
            .timers
            .iter()
            .take_while(|timer| timer.due <= until)
            .filter(|timer| {
                matches!(timer.key.kind, TimerKind::Timer | TimerKind::AnimationFrame)
                    && timer.nesting_level <= NESTING_LIMIT
            });
        let first = counted.next().map(|timer| timer.due);
        (usize::from(first.is_some()) + counted.count(), first)
    }

    fn queue_due_timers(&mut self, now: Duration) {
        while let Some(timer) = self.timers.pop_due(now) {
            let source = match timer.key.kind {
                TimerKind::Timer => TaskSource::Timer,
                TimerKind::AnimationFrame => TaskSource::Rendering,
                TimerKind::Idle => TaskSource::Idle,
                TimerKind::Native => TaskSource::Networking,
            };
            self.due.insert(timer.key);
            self.queues.push(
                source,
                Task::Timer {
                    key: timer.key,
                    nesting_level: timer.nesting_level,
                },
            );
        }
    }
}

fn next_frame(now: Duration) -> Duration {
    let frames = now.as_nanos() / FRAME.as_nanos() + 1;
    u32::try_from(frames).map_or(now + FRAME, |frames| FRAME * frames)
}
