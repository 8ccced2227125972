//! Source maps: where an error stands in the sources that a script was made from. For reports to people; pages see what runs.
//!
//! Standard: <https://tc39.es/ecma426/>

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use readystate_js::host::{ExceptionReport, SourceLocation};
use sourcemap::DecodedMap;
use url::Url;

/// The maps that a page's scripts name.
#[derive(Default)]
pub(crate) struct SourceMaps {
    /// By script: where its map is.
    named: RefCell<HashMap<String, Url>>,
    /// By script; `None` for a map that cannot be had, or read.
    read: RefCell<HashMap<String, Option<DecodedMap>>>,
    bytes: Cell<usize>,
}

/// How many scripts' maps are kept.
const MAX_SCRIPTS: usize = 1_000;
/// How many bytes of maps inside of scripts are kept.
const MAX_BYTES: usize = 256 << 20;

impl SourceMaps {
    /// Notes the map that a script names in its last lines.
    ///
    /// Standard: <https://tc39.es/ecma426/#sec-linking-inline>
    pub(crate) fn note(&self, script: &str, source: &str) {
        let Some(place) = source.rfind(COMMENT) else {
            return;
        };
        let named = source[place + COMMENT.len()..].split_whitespace().next();
        let address = named.and_then(|named| match Url::parse(script) {
            Ok(base) => base.join(named).ok(),
            Err(_) => Url::parse(named).ok(),
        });
        let Some(address) = address else { return };
        let bytes = self.bytes.get() + address.as_str().len();
        let mut all = self.named.borrow_mut();
        if all.len() < MAX_SCRIPTS && bytes <= MAX_BYTES {
            self.bytes.set(bytes);
            all.insert(script.to_owned(), address);
        }
    }

    /// The report as it reads in the sources; `fetch` gives the bytes of a map.
    pub(crate) fn apply(
        &self,
        report: &ExceptionReport,
        fetch: impl Fn(&Url) -> Option<Vec<u8>>,
    ) -> ExceptionReport {
        let mut report = report.clone();
        if self.named.borrow().is_empty() {
            return report;
        }
        if let Some(location) = self.original(&report.location, &fetch) {
            report.location = location;
        }
        report.stack = report.stack.map(|stack| {
            let lines: Vec<String> = stack
                .lines()
                .map(|line| {
                    self.original_frame(line, &fetch)
                        .unwrap_or_else(|| line.to_owned())
                })
                .collect();
            lines.join("\n")
        });
        report
    }

    /// A line of a stack: `at name (place)` or `at place`.
    fn original_frame(
        &self,
        line: &str,
        fetch: &impl Fn(&Url) -> Option<Vec<u8>>,
    ) -> Option<String> {
        let start = line.find("at ")? + 3;
        let (from, to) = match line.rfind('(') {
            Some(open) if line.ends_with(')') => (open + 1, line.len() - 1),
            _ => (start, line.len()),
        };
        let mut parts = line.get(from..to)?.rsplitn(3, ':');
        let column = parts.next()?.parse().ok()?;
        let row = parts.next()?.parse().ok()?;
        let url = parts.next()?.to_owned();
        let location = SourceLocation {
            url,
            line: row,
            column,
        };
        let original = self.original(&location, fetch)?;
        Some(format!(
            "{}{}:{}:{}{}",
            line.get(..from)?,
            original.url,
            original.line,
            original.column,
            line.get(to..)?
        ))
    }

    /// Where a place of a script comes from.
    fn original(
        &self,
        location: &SourceLocation,
        fetch: &impl Fn(&Url) -> Option<Vec<u8>>,
    ) -> Option<SourceLocation> {
        let address = self.named.borrow().get(&location.url)?.clone();
        let mut read = self.read.borrow_mut();
        let map = read.entry(location.url.clone()).or_insert_with(|| {
            let bytes = fetch(&address)?;
            // The crate reads what strangers wrote.
            catch_unwind(|| sourcemap::decode_slice(&bytes).ok())
                .ok()
                .flatten()
        });
        let map = map.as_ref()?;
        let (row, column) = (
            location.line.checked_sub(1)?,
            location.column.saturating_sub(1),
        );
        catch_unwind(AssertUnwindSafe(|| {
            let token = map.lookup_token(row, column)?;
            let source = token.get_source()?;
            let base = match address.scheme() {
                "data" => Url::parse(&location.url).ok(),
                _ => Some(address.clone()),
            };
            let url = base.and_then(|base| base.join(source).ok());
            Some(SourceLocation {
                url: url.map_or_else(|| source.to_owned(), String::from),
                line: token.get_src_line().checked_add(1)?,
                column: token.get_src_col().checked_add(1)?,
            })
        }))
        .ok()
        .flatten()
    }
}

const COMMENT: &str = "//# sourceMappingURL=";
