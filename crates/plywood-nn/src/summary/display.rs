//! How a summary prints.

use crate::Summary;
use std::fmt;

const TITLES: [&str; 6] = ["", "layer", "output", "parameters", "bytes", "multiply-adds"];

/// A table: paths, layers and shapes to the left, numbers to the right, and the sums below.
impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The model itself needs no row if everything lies in its parts.
        let shown = self.rows.iter().filter(|row| row.depth > 0 || !row.is_group || row.bytes > 0);
        let body: Vec<[String; 6]> = shown.map(cells).collect();
        let sums = [self.parameters() as u64, self.bytes() as u64, self.multiply_adds()].map(grouped);
        let [parameters, bytes, work] = sums;
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
            [self.trainable(), self.frozen(), self.buffers()].map(|n| grouped(n as u64));
        write!(f, "input {}; trainable {trainable}, frozen {frozen}, buffers {buffers}", self.input)
    }
}

fn cells(row: &crate::SummaryRow) -> [String; 6] {
    let number = |n: u64| if row.is_group && row.bytes == 0 { String::new() } else { grouped(n) };
    [
        row.path.clone(),
        // What lies in another layer stands further in.
        format!("{}{}", "  ".repeat(row.depth.saturating_sub(1)), row.layer),
        row.output.to_string(),
        number((row.trainable + row.frozen) as u64),
        number(row.bytes as u64),
        number(row.multiply_adds),
    ]
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

/// Digits in groups of three: `12,345`.
fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn digits_stand_in_groups_of_three() {
        let texts = [0, 12, 999, 1000, 12_345, 1_234_567].map(super::grouped);
        assert_eq!(texts, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
    }
}
