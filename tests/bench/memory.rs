//! Memory of a process and everything it started, as Linux's `/proc` counts it.

use std::process::{Child, Command};

/// Sums over a tree of processes, in bytes; all zero where there is no `/proc`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Memory {
    /// Private memory now (`RssAnon`): without the program's own pages, which come from its file.
    pub(crate) private: u64,
    /// The highest resident sizes so far (`VmHWM`).
    pub(crate) peak: u64,
    /// Resident memory now, with what is shared divided among those who share it (`Pss`).
    pub(crate) pss: u64,
}

impl Memory {
    /// The memory of process `root` and its descendants.
    pub(crate) fn of_tree(root: u32) -> Self {
        let mut sum = Self::default();
        for process in tree(root) {
            let status = read(process, "status");
            sum.private += kilobytes(&status, "RssAnon:");
            sum.peak += kilobytes(&status, "VmHWM:");
            sum.pss += kilobytes(&read(process, "smaps_rollup"), "Pss:");
        }
        sum
    }
}

/// Kills a process and its descendants, the youngest first.
pub(crate) fn kill_tree(child: &mut Child) {
    let processes: Vec<_> = tree(child.id()).iter().rev().map(u32::to_string).collect();
    drop(Command::new("kill").arg("-KILL").args(processes).status());
    drop(child.wait());
}

/// A process and its descendants, parents first.
fn tree(root: u32) -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let numbers = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = numbers.filter_map(|id| Some((id, parent(id)?))).collect();
    let mut found = vec![root];
    let mut next = 0;
    while let Some(&id) = found.get(next) {
        found.extend(
            parents
                .iter()
                .filter(|(_, parent)| *parent == id)
                .map(|(child, _)| child),
        );
        next += 1;
    }
    found
}

fn parent(process: u32) -> Option<u32> {
    let status = read(process, "status");
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

fn read(process: u32, file: &str) -> String {
    // A process may end between two looks; it then counts nothing.
    std::fs::read_to_string(format!("/proc/{process}/{file}")).unwrap_or_default()
}

fn kilobytes(text: &str, name: &str) -> u64 {
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    let number = value.and_then(|value| value.split_whitespace().next());
    number
        .and_then(|number| number.parse::<u64>().ok())
        .unwrap_or(0)
        * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_status_is_read_in_bytes() {
        assert_eq!(
            kilobytes("VmHWM:\t    12 kB\nRssAnon:\t 3 kB\n", "RssAnon:"),
            3072
        );
        assert_eq!(kilobytes("", "Pss:"), 0);
    }
}
