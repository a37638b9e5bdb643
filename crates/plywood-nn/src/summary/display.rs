//! How a summary prints.

use crate::{Grouped, Summary, SummaryRow};
use std::fmt;

const TITLES: [&str; 6] = ["", "layer", "output", "parameters", "bytes", "multiply-adds"];

/// A table: paths, layers and shapes to the left, numbers to the right, and the sums below.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body: Vec<[String; 6]> = self.shown().map(cells).collect();
        let sums = [self.parameters() as u64, self.bytes() as u64, self.multiply_adds()];
        let [parameters, bytes, work] = sums.map(|n| Grouped(n).to_string());
        let total = ["".into(), "total".into(), self.output.to_string(), parameters, bytes, work];
        let titles = TITLES.map(str::to_owned);
        let width = |column: usize| {
            let cells = [&titles, &total].into_iter().chain(&body).map(|row| row[column].chars().count());
            cells.max().unwrap_or(0)
        };
        let widths: [usize; 6] = std::array::from_fn(width);
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * 5 - if widths[0] == 0 { 2 } else { 0 });
        line(f, &titles, &widths)?;
        writeln!(f, "{rule}")?;
        for row in &body {
            line(f, row, &widths)?;
        }
        writeln!(f, "{rule}")?;
        line(f, &total, &widths)?;
        let [trainable, frozen, buffers] =
            [self.trainable(), self.frozen(), self.buffers()].map(|n| Grouped(n as u64));
        write!(f, "input {}; trainable {trainable}, frozen {frozen}, buffers {buffers}", self.input)
    }
}

fn cells(row: &SummaryRow) -> [String; 6] {
    let number = |n: u64| if row.has_numbers() { Grouped(n).to_string() } else { String::new() };
    [
        row.path.clone(),
        // What lies in another layer stands further in.
        format!(
            "{}{}{}",
            "  ".repeat(row.depth.saturating_sub(1)),
            row.layer,
            if is_frozen(row) { ", frozen" } else { "" }
        ),
        row.output.to_string(),
        number((row.trainable + row.frozen) as u64),
        number(row.bytes as u64),
        number(row.multiply_adds),
    ]
}

/// Whether a layer has parameters, and none that is trained.
fn is_frozen(row: &SummaryRow) -> bool {
    row.has_numbers() && row.frozen > 0 && row.trainable == 0
}

fn line(f: &mut fmt::Formatter<'_>, cells: &[String; 6], widths: &[usize; 6]) -> fmt::Result {
    let mut text = String::new();
    for (column, (cell, &width)) in cells.iter().zip(widths).enumerate() {
        // A model without parts has no column of paths.
        if width > 0 {
            text += &if column < 3 { format!("{cell:<width$}  ") } else { format!("{cell:>width$}  ") };
        }
    }
    writeln!(f, "{}", text.trim_end())
}
