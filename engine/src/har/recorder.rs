//! Recording.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use readystate_xhr::recording::RecordedExchange;
use serde_json::{Value, json};

use super::entry::entry;

/// Bytes of response bodies that a recording keeps in all; of later bodies it keeps only the sizes.
const MAX_BODY_BYTES: u64 = 256 << 20;
/// Exchanges that a recording keeps; later ones are counted only.
const MAX_ENTRIES: usize = 100_000;

/// The exchanges of a browser's pages.
#[derive(Default)]
pub(crate) struct HarRecorder {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    exchanges: Vec<RecordedExchange>,
    body_bytes: u64,
    in_flight: usize,
    left_out: usize,
}

impl HarRecorder {
    /// Bytes that the next body may have.
    pub(crate) fn room(&self) -> u64 {
        MAX_BODY_BYTES.saturating_sub(self.lock().body_bytes)
    }

    /// A request has started.
    pub(crate) fn started(&self) {
        self.lock().in_flight += 1;
    }

    /// It is over.
    pub(crate) fn finished(&self, mut exchange: RecordedExchange) {
        let mut state = self.lock();
        state.in_flight = state.in_flight.saturating_sub(1);
        let length = exchange.response_body.len() as u64;
        if state.body_bytes + length > MAX_BODY_BYTES {
            exchange.response_body = Vec::new();
            exchange.is_body_cut = true;
        } else {
            state.body_bytes += length;
        }
        if state.exchanges.len() < MAX_ENTRIES {
            state.exchanges.push(exchange);
        } else {
            state.left_out += 1;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Writes the archive. Requests that are being aborted get `patience` to end, so that they are in it.
    pub(crate) fn write(&self, path: &Path, patience: Duration) -> io::Result<()> {
        let state = self.lock();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| state.in_flight > 0)
            .unwrap_or_else(PoisonError::into_inner);
        state.exchanges.sort_by_key(|exchange| exchange.started);
        let mut file = BufWriter::new(File::create(path)?);
        // An entry at a time: as one value the archive would be in memory twice.
        write!(
            file,
            "{{\n  \"log\": {{\n    \"version\": \"1.2\",\n    \"creator\": {},\n",
            creator()
        )?;
        if state.left_out > 0 {
            let comment = format!("{} requests more were left out", state.left_out);
            writeln!(file, "    \"comment\": {},", Value::from(comment))?;
        }
        write!(file, "    \"entries\": [")?;
        for (at, exchange) in state.exchanges.iter().enumerate() {
            write!(file, "{}\n      ", if at == 0 { "" } else { "," })?;
            serde_json::to_writer(&mut file, &entry(exchange))?;
        }
        write!(file, "\n    ]\n  }}\n}}\n")?;
        file.flush()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn creator() -> Value {
    json!({ "name": "readystate", "version": env!("CARGO_PKG_VERSION") })
}
