//! The progress line of a long run.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::report::Messages;
use crate::events::PageEvent;

/// Short runs show none.
const PATIENCE: Duration = Duration::from_millis(700);
const INTERVAL: Duration = Duration::from_millis(200);

/// What the line counts.
#[derive(Clone, Default)]
pub(super) struct Counts {
    started: Arc<AtomicUsize>,
    finished: Arc<AtomicUsize>,
}

impl Counts {
    pub(super) fn on_event(&self, event: &PageEvent) {
        match event {
            PageEvent::RequestStarted { .. } => {
                self.started.fetch_add(1, Ordering::Relaxed);
            }
            PageEvent::RequestFinished(_) => {
                self.finished.fetch_add(1, Ordering::Relaxed);
            }
            _ => {}
        }
    }
}

/// Shows a progress line until it is dropped.
pub(super) struct Progress {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Shows nothing if nobody would see it.
    pub(super) fn start(messages: Messages, counts: Counts) -> Self {
        if !messages.wants_progress() {
            return Self {
                stop: None,
                thread: None,
            };
        }
        let (stop, stopped) = channel();
        let start = Instant::now();
        let thread = std::thread::Builder::new()
            .name("readystate-progress".to_owned())
            .spawn(move || {
                let mut wait = PATIENCE;
                while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    wait = INTERVAL;
                    let started = counts.started.load(Ordering::Relaxed);
                    let finished = counts.finished.load(Ordering::Relaxed);
                    let seconds = start.elapsed().as_secs_f32();
                    messages.progress(&format!(
                        "{seconds:.1} s, {finished} of {started} requests done"
                    ));
                }
                messages.progress("");
            });
        Self {
            stop: Some(stop),
            // Without a thread there is no progress line.
            thread: thread.ok(),
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}
