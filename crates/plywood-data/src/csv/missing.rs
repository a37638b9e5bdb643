//! What becomes of cells without a value.

/// What becomes of cells without a value: empty ones, those that say NaN, and those that [`Csv::marks`] names.
///
/// Only features of numbers are filled. A category or a target without a value is an error unless its row is dropped:
/// a made-up answer would be learnt like a true one.
///
/// [`Csv::marks`]: crate::Csv::marks
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Missing {
    /// An error that names line and column.
    #[default]
    Error,
    /// The row is left out.
    Drop,
    /// The cell gets this number.
    Fill(f64),
    /// The cell gets the mean of its column's other cells, those of the whole file.
    ///
    /// If a part of the file is to judge the model, that part has a say in the mean; fill with a number if that
    /// matters.
    FillMean,
}
