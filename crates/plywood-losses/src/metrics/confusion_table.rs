//! A confusion matrix to be read.

use crate::{ConfusionMatrix, ConfusionMatrixAbove, LossError, Meter};
use plywood_tensor::{Array, IntTensor, Result, Tensor, one_line};
use std::fmt;

/// So much of a class name is shown.
const SHOWN: usize = 15;

/// How many samples of each class were predicted as each class, as a table that prints: true classes down, predicted ones across,
/// beside each row its recall, below each column its precision, and the accuracy in the last line.
///
/// [`ConfusionMatrix::of`] makes it from predictions and labels, [`ConfusionMatrix::table`] from what a [`Meter`] has counted.
///
/// # Example
/// ```
/// use plywood_losses::ConfusionMatrix;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let prediction = Tensor::from([0.9, 0.8, 0.2, 0.1]);
/// let table = ConfusionMatrix.of(&prediction, &IntTensor::from([1, 0, 0, 0]))?.with_names(["cat", "dog"])?;
/// assert_eq!(table.to_string(), "\
/// true \\ predicted   cat   dog  recall
/// ────────────────────────────────────
/// cat                  2     1    0.67
/// dog                  .     1    1.00
/// ────────────────────────────────────
/// precision         1.00  0.50
/// 3 of 4 right: 0.7500");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `ConfusionMatrixDisplay` and `classification_report`.
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "ConfusionMatrixDisplay")]
pub struct ConfusionTable {
    matrix: Array<f64>,
    names: Vec<String>,
}

impl ConfusionTable {
    /// Classes that are called by their labels.
    fn new(matrix: Array<f64>) -> ConfusionTable {
        let names = (0..matrix.shape()[0]).map(|label| label.to_string()).collect();
        ConfusionTable { matrix, names }
    }

    /// The same with a name for each class: label 0 means the first, and so on.
    ///
    /// # Errors
    /// [`LossError::Names`] for more or fewer names than there are classes.
    pub fn with_names<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Result<ConfusionTable> {
        let names: Vec<String> = names.into_iter().map(Into::into).collect();
        let classes = self.names.len();
        if names.len() != classes {
            return Err(LossError::Names { op: "confusion_matrix", classes, got: names.len() }.into());
        }
        Ok(ConfusionTable { names, ..self })
    }

    /// The counts, `[C, C]`: true classes down, predicted ones across.
    pub fn matrix(&self) -> &Array<f64> {
        &self.matrix
    }

    /// What the classes are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }
}

impl ConfusionMatrix {
    /// The table of these predictions, all of them at once, and the labels that they should have had.
    ///
    /// # Errors
    /// Those of [`Accuracy`](crate::Accuracy).
    pub fn of(&self, prediction: &Tensor, labels: &IntTensor) -> Result<ConfusionTable> {
        counted(Meter::new(*self), prediction, labels)
    }

    /// The table of what a [`Meter`] has counted.
    pub fn table(&self, counts: &[f64]) -> ConfusionTable {
        ConfusionTable::new(self.matrix(counts))
    }
}

impl ConfusionMatrixAbove {
    /// As [`ConfusionMatrix::of`], with this threshold.
    ///
    /// # Errors
    /// As there.
    pub fn of(&self, prediction: &Tensor, labels: &IntTensor) -> Result<ConfusionTable> {
        counted(Meter::new(*self), prediction, labels)
    }
}

fn counted(mut meter: Meter<IntTensor>, prediction: &Tensor, labels: &IntTensor) -> Result<ConfusionTable> {
    meter.update(prediction, labels, None)?;
    Ok(ConfusionMatrix.table(&meter.state().counts))
}

/// A dot is a 0: what is not there shall not hide what is.
impl fmt::Display for ConfusionTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let classes = self.names.len();
        if classes == 0 {
            return f.write_str("no samples were counted");
        }
        let count = |row: usize, column: usize| self.matrix.as_slice()[row * classes + column];
        let sum = |of: &dyn Fn(usize) -> f64| (0..classes).map(of).sum::<f64>();
        let names = || self.names.iter().map(|name| one_line(name, SHOWN));

        let titles = ["true \\ predicted".to_owned()].into_iter().chain(names()).chain(["recall".to_owned()]);
        let mut rows: Vec<Vec<String>> = vec![titles.collect()];
        for (row, name) in names().enumerate() {
            let cells = (0..classes).map(|column| number(count(row, column)));
            let recall = share(count(row, row), sum(&|column| count(row, column)));
            rows.push([name].into_iter().chain(cells).chain([recall]).collect());
        }
        let precision = |class| share(count(class, class), sum(&|row| count(row, class)));
        let precisions = ["precision".to_owned()].into_iter().chain((0..classes).map(precision));
        rows.push(precisions.chain([String::new()]).collect());

        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..classes + 2).map(width).collect();
        let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (classes + 1));
        for (i, row) in rows.iter().enumerate() {
            if i == 1 || i == rows.len() - 1 {
                writeln!(f, "{rule}")?;
            }
            let mut line = format!("{:<1$}", row[0], widths[0]);
            for (cell, width) in row.iter().zip(&widths).skip(1) {
                line += &format!("  {cell:>width$}");
            }
            writeln!(f, "{}", line.trim_end())?;
        }
        let (right, all) = (sum(&|class| count(class, class)), self.matrix.as_slice().iter().sum::<f64>());
        let [right_shown, all_shown] = [right, all].map(whole);
        write!(f, "{right_shown} of {all_shown} right: {:.4}", right / all)
    }
}

/// Counts are whole unless samples have weights.
fn whole(count: f64) -> String {
    if count.fract() == 0.0 { format!("{count:.0}") } else { format!("{count:.2}") }
}

fn number(count: f64) -> String {
    if count == 0.0 { ".".to_owned() } else { whole(count) }
}

/// A class that nothing was of has neither recall nor precision.
fn share(part: f64, all: f64) -> String {
    if all > 0.0 { format!("{:.2}", part / all) } else { "–".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_read_by_their_axes() {
        let rows: [(&[f64], &[&str], &str); 3] = [
            (
                // Two of class 1 taken for class 2, and nothing else is wrong.
                &[8.0, 0.0, 0.0, 0.0, 10.0, 2.0, 0.0, 0.0, 100.0],
                &["cat", "a dog of a long name", "no\nbody"],
                "\
true \\ predicted   cat  a dog of a long…  no\\nbody  recall
──────────────────────────────────────────────────────────
cat                  8                 .         .    1.00
a dog of a long…     .                10         2    0.83
no\\nbody             .                 .       100    1.00
──────────────────────────────────────────────────────────
precision         1.00              1.00      0.98
118 of 120 right: 0.9833",
            ),
            (
                // Nothing is of class 1, and nothing was taken for it; samples have weights.
                &[2.5, 0.0, 0.0, 0.0],
                &[],
                "\
true \\ predicted     0  1  recall
─────────────────────────────────
0                 2.50  .    1.00
1                    .  .       –
─────────────────────────────────
precision         1.00  –
2.50 of 2.50 right: 1.0000",
            ),
            (&[], &[], "no samples were counted"),
        ];
        for (counts, names, text) in rows {
            let table = ConfusionMatrix.table(counts);
            let table = if names.is_empty() { table } else { table.with_names(names.to_vec()).unwrap() };
            assert_eq!(table.to_string(), text);
        }
    }

    #[test]
    fn a_threshold_holds_for_tables_too() {
        let (logits, labels) = (Tensor::from([0.25, -2.5]), IntTensor::from([1, 0]));
        let table = ConfusionMatrix.threshold(0.0).of(&logits, &labels).unwrap();
        assert_eq!(table.matrix().as_slice(), [1.0, 0.0, 0.0, 1.0]);
        assert_eq!(table.names(), ["0", "1"]);
        let error = table.with_names(["cat"]).unwrap_err().to_string();
        assert_eq!(error, "confusion_matrix: expected a name for each of 2 classes, got 1");
    }
}
