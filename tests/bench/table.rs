//! The table: a row per measurement, a column per engine, peers with their ratio to the first column.

use std::fmt;

/// Measurements by name and engine.
#[derive(Debug)]
pub(crate) struct Table {
    engines: Vec<String>,
    rows: Vec<(String, Vec<Option<f64>>)>,
}

impl Table {
    /// An empty table.
    pub(crate) fn new(engines: Vec<String>) -> Self {
        Self {
            engines,
            rows: Vec::new(),
        }
    }

    /// Enters a measurement unless a lesser one is there.
    pub(crate) fn set_least(&mut self, name: &str, column: usize, value: f64) {
        let row = self.rows.iter().find(|(row, _)| row == name);
        let known = row.and_then(|(_, cells)| cells.get(column).copied().flatten());
        self.set(name, column, known.map_or(value, |known| known.min(value)));
    }

    /// Enters a measurement; a new name starts a row.
    pub(crate) fn set(&mut self, name: &str, column: usize, value: f64) {
        let index = match self.rows.iter().position(|(row, _)| row == name) {
            Some(index) => index,
            None => {
                self.rows
                    .push((name.to_owned(), vec![None; self.engines.len()]));
                self.rows.len() - 1
            }
        };
        let cell = self
            .rows
            .get_mut(index)
            .and_then(|(_, cells)| cells.get_mut(column));
        if let Some(cell) = cell {
            *cell = Some(value);
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name_width = self.rows.iter().map(|(name, _)| name.chars().count()).max();
        let name_width = name_width.unwrap_or(0);
        write!(f, "{:name_width$}", "")?;
        for engine in &self.engines {
            write!(f, "  {engine:>20}")?;
        }
        writeln!(f)?;
        for (name, cells) in &self.rows {
            write!(f, "{name:name_width$}")?;
            let ours = cells.first().copied().flatten();
            for (column, cell) in cells.iter().enumerate() {
                let text = match cell {
                    Some(value) if column == 0 => format!("{value:.1}"),
                    Some(value) => format!("{value:.1}{}", ratio(*value, ours)),
                    None => "-".to_owned(),
                };
                write!(f, "  {text:>20}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}

/// How many times more a peer takes.
fn ratio(value: f64, ours: Option<f64>) -> String {
    match ours {
        Some(ours) if ours > 0.0 => format!(" ({:.2}x)", value / ours),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_shows_how_many_times_more_it_takes() {
        let mut table = Table::new(vec!["ours".to_owned(), "peer".to_owned()]);
        table.set("start, ms", 1, 30.0);
        table.set("start, ms", 0, 10.0);
        let text = table.to_string();
        assert!(
            text.contains("10.0") && text.contains("30.0 (3.00x)"),
            "{text}"
        );
    }
}
