//! Which classes were taken for which, as a table.

use super::escape::Escaped;
use crate::TrainError;
use plywood_tensor::Array;
use std::fmt::Write;

/// Beyond so many classes the table has colours alone.
const WITH_NUMBERS: usize = 20;

/// A matrix `[C, C]`, true classes down and predicted ones across, with names.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Confusion {
    pub(super) matrix: Array<f64>,
    pub(super) names: Vec<String>,
}

impl Confusion {
    pub(super) fn check(&self) -> Result<(), TrainError> {
        let classes = self.names.len();
        if self.matrix.shape()[..] == [classes, classes] && classes > 0 {
            return Ok(());
        }
        Err(TrainError::Confusion { names: classes, got: *self.matrix.shape() })
    }

    pub(super) fn html(&self) -> String {
        let (counts, classes) = (self.matrix.as_slice(), self.names.len());
        let row = |i: usize| &counts[i * classes..(i + 1) * classes];
        let (numbers, total) = (classes <= WITH_NUMBERS, counts.iter().sum::<f64>());
        let right: f64 = (0..classes).map(|i| row(i)[i]).sum();
        let mut html = String::new();
        let kind = if numbers { "" } else { " dense" };
        let _ = write!(
            html,
            "<p class=\"lead\">{} of {} right, {}. True classes down, predicted ones across; the colour is the share of the \
             true class.</p>\n<div class=\"scroll\"><table class=\"confusion{kind}\">\n<thead><tr><th></th>",
            count(right),
            count(total),
            percent(right, total)
        );
        for name in &self.names {
            let _ = write!(html, "<th scope=\"col\" title=\"{0}\">{0}</th>", Escaped(name));
        }
        html += "<th class=\"gap\">recall</th><th>precision</th><th>samples</th></tr></thead>\n<tbody>\n";
        for (i, name) in self.names.iter().enumerate() {
            let of_class: f64 = row(i).iter().sum();
            let predicted: f64 = (0..classes).map(|other| row(other)[i]).sum();
            let _ = write!(html, "<tr><th scope=\"row\">{}</th>", Escaped(name));
            for (j, &cell) in row(i).iter().enumerate() {
                let share = if of_class > 0.0 { cell / of_class } else { 0.0 };
                let kind = if i == j { "right" } else { "wrong" };
                let shown = if numbers && cell > 0.0 { count(cell) } else { String::new() };
                // A single mistake among many samples shall be seen too: its colour grows faster than its share.
                let strength = match (i == j, share > 0.0) {
                    (true, _) => 70.0 * share,
                    (false, true) => 12.0 + 73.0 * share.sqrt(),
                    (false, false) => 0.0,
                };
                let _ = write!(
                    html,
                    "<td class=\"{kind}\" style=\"--s:{strength:.0}%\" title=\"{} taken for {}: {} ({})\">{shown}</td>",
                    Escaped(name),
                    Escaped(&self.names[j]),
                    count(cell),
                    percent(cell, of_class)
                );
            }
            let (recall, precision) = (percent(row(i)[i], of_class), percent(row(i)[i], predicted));
            let _ = writeln!(
                html,
                "<td class=\"gap\">{recall}</td><td>{precision}</td><td>{}</td></tr>",
                count(of_class)
            );
        }
        html + "</tbody></table></div>\n"
    }
}

/// Counts are whole unless samples have weights.
fn count(x: f64) -> String {
    if x.fract() == 0.0 { format!("{x:.0}") } else { format!("{x:.2}") }
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.1} %", 100.0 * part / whole) } else { "–".to_owned() }
}
