//! A history as text.

use super::History;
use crate::number::{Number, Seconds};
use std::fmt;

/// A table, one line for each epoch.
impl fmt::Display for History {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in self.epochs.iter().flat_map(|record| record.iter()) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let mut rows =
            vec![["epoch".to_owned()].into_iter().chain(names.clone()).chain(["time".to_owned()]).collect()];
        for record in &self.epochs {
            let mut row = vec![record.epoch.to_string()];
            row.extend(
                names.iter().map(|name| record.get(name).map_or("-".to_owned(), |x| Number(x).to_string())),
            );
            row.push(Seconds(record.seconds).to_string());
            rows.push(row);
        }
        aligned(f, &rows)?;
        self.restored.iter().try_for_each(|restored| write!(f, "\n{restored}"))
    }
}

fn aligned(f: &mut fmt::Formatter<'_>, rows: &[Vec<String>]) -> fmt::Result {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..rows[0].len()).map(width).collect();
    for (i, row) in rows.iter().enumerate() {
        let line: Vec<String> =
            row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}")).collect();
        write!(f, "{}{}", if i > 0 { "\n" } else { "" }, line.join("  "))?;
    }
    Ok(())
}
