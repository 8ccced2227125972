//! Task sources and the queues behind them.
//!
//! Standard: HTML <https://html.spec.whatwg.org/multipage/webappapis.html#event-loops>, as of 2026-01.

use std::collections::VecDeque;

/// Where a task comes from. Tasks of one source run in the order they were queued.
///
/// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#generic-task-sources>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum TaskSource {
    /// Mutations that happen in a non-blocking way, lifecycle events of documents.
    DomManipulation,
    /// Input made by the page's driver.
    UserInteraction,
    /// Anything that answers network activity.
    Networking,
    /// Navigations and session history.
    NavigationAndTraversal,
    /// `setTimeout` and `setInterval`.
    Timer,
    /// Animation frames.
    Rendering,
    /// `postMessage` and message ports.
    PostedMessage,
    /// File reading.
    FileReading,
    /// WebSocket connections.
    WebSocket,
    /// Events of an `EventSource`'s stream.
    RemoteEvent,
    /// Idle callbacks: only when nothing else is due.
    Idle,
}

const SOURCES: usize = TaskSource::Idle as usize + 1;

/// One queue per source, emptied in a fair order.
///
/// The standard leaves the choice among sources to the implementation. Here the oldest task of all goes first, so that
/// no source can starve another and two runs of a page behave alike; idle tasks come last.
#[derive(Debug)]
pub struct TaskQueues<T> {
    queues: [VecDeque<(u64, T)>; SOURCES],
    next_sequence: u64,
    len: usize,
}

impl<T> Default for TaskQueues<T> {
    fn default() -> Self {
        Self {
            queues: std::array::from_fn(|_| VecDeque::new()),
            next_sequence: 0,
            len: 0,
        }
    }
}

impl<T> TaskQueues<T> {
    /// No tasks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Queues a task.
    ///
    /// Standard: <https://html.spec.whatwg.org/multipage/webappapis.html#queue-a-task>
    pub fn push(&mut self, source: TaskSource, task: T) {
        let sequence = self.next_sequence;
        self.next_sequence += 1;
        self.len += 1;
        self.queues[source as usize].push_back((sequence, task));
    }

    /// Takes the next task: the oldest of all sources, an idle one only if there is no other.
    pub fn pop(&mut self) -> Option<(TaskSource, T)> {
        let (source, _) = SOURCE_LIST
            .iter()
            .filter(|source| **source != TaskSource::Idle)
            .filter_map(|source| {
                let (sequence, _) = self.queues[*source as usize].front()?;
                Some((*source, *sequence))
            })
            .min_by_key(|(_, sequence)| *sequence)
            .or_else(|| {
                let (sequence, _) = self.queues[TaskSource::Idle as usize].front()?;
                Some((TaskSource::Idle, *sequence))
            })?;
        let (_, task) = self.queues[source as usize].pop_front()?;
        self.len -= 1;
        Some((source, task))
    }

    /// How many tasks wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no task waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Drops the tasks that `keep` refuses (those of a closed window).
    pub fn retain(&mut self, mut keep: impl FnMut(&T) -> bool) {
        for queue in &mut self.queues {
            queue.retain(|(_, task)| keep(task));
        }
        self.len = self.queues.iter().map(VecDeque::len).sum();
    }
}

const SOURCE_LIST: [TaskSource; SOURCES] = [
    TaskSource::DomManipulation,
    TaskSource::UserInteraction,
    TaskSource::Networking,
    TaskSource::NavigationAndTraversal,
    TaskSource::Timer,
    TaskSource::Rendering,
    TaskSource::PostedMessage,
    TaskSource::FileReading,
    TaskSource::WebSocket,
    TaskSource::RemoteEvent,
    TaskSource::Idle,
];
