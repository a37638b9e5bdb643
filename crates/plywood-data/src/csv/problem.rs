//! What can be wrong with a file.

use crate::data_error::{listed, one_of};
use plywood_tensor::quoted;

/// What to do about a cell that is not a number.
fn number_advice(cell: &str) -> &'static str {
    const NO_VALUE: [&str; 6] = ["n/a", "na", "null", "none", "?", "-"];
    let cell = cell.trim().to_lowercase();
    match cell.trim_start_matches(['-', '+']) {
        "" | "nan" if cell != "-" => "; `missing` says what becomes of cells without a value",
        _ if NO_VALUE.contains(&cell.as_str()) => {
            "; if it means that there is no value, name it in `marks`, and say `missing`"
        }
        bare if !bare.contains(|c: char| c.is_ascii_digit()) => {
            "; a column of categories is named in `categorical`"
        }
        _ => "",
    }
}

/// What can be wrong with a file of separated values.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CsvProblem {
    /// It cannot be opened or read.
    #[error("cannot read: {reason}")]
    Read {
        /// What the system says.
        reason: String,
    },
    /// Bytes that are no text.
    #[error("expected UTF-8 text, got other bytes")]
    Encoding,
    /// No header and no rows.
    #[error("expected a table, got an empty file")]
    Empty,
    /// A header alone.
    #[error("expected rows after the header, got none")]
    NoRows,
    /// Nothing left after rows with missing cells were dropped.
    #[error("expected a row without a missing cell, got {dropped} rows with one")]
    AllDropped {
        /// How many rows there were.
        dropped: usize,
    },
    /// A row that is longer or shorter than the others.
    #[error("expected {expected} cells, got {got}")]
    Ragged {
        /// How many columns there are.
        expected: usize,
        /// How many cells this row has.
        got: usize,
    },
    /// A column that the file does not have.
    #[error("there is no such column, {}", hint(near, known))]
    UnknownColumn {
        /// The columns of the file whose names are nearly the same.
        near: Vec<String>,
        /// All columns of the file.
        known: Vec<String>,
    },
    /// A name that two columns bear, so that neither can be meant.
    #[error("two columns have this name")]
    TwoColumns,
    /// A column that is to be input and target.
    #[error("the target cannot be a feature too")]
    TargetIsFeature,
    /// A column that is chosen twice.
    #[error("the feature is named twice")]
    FeatureTwice,
    /// No column left to be an input.
    #[error("expected at least one feature column, got none")]
    NoFeatures,
    /// More numbers than are read from a text of this length; categories make a column each.
    #[error("expected at most {limit} numbers, got {rows} rows of {columns}")]
    Width {
        /// The most numbers.
        limit: usize,
        /// How many rows there are.
        rows: usize,
        /// How many numbers each would have.
        columns: usize,
    },
    /// A cell that is not a number.
    #[error("expected a number, got {}{}", short(got), number_advice(got))]
    Number {
        /// The cell.
        got: String,
    },
    /// A cell that is infinite, or becomes so when rounded.
    #[error("expected a finite number, got {}", short(got))]
    NotFinite {
        /// The cell.
        got: String,
    },
    /// A cell without a category.
    #[error("expected a category, got {}", short(got))]
    NoCategory {
        /// The cell.
        got: String,
    },
    /// A cell that is none of the categories given for its column.
    #[error("expected {}, got {}", one_of(expected), short(got))]
    Category {
        /// The categories.
        expected: Vec<String>,
        /// The cell.
        got: String,
    },
    /// A column without a single number to take the mean of.
    #[error("expected a number to take the mean of, got only missing cells")]
    NoMean,
    /// A number to fill in that is none.
    #[error("expected a finite number for missing cells, got {got}")]
    Fill {
        /// The number.
        got: f64,
    },
    /// Categories that are none, or the same twice.
    #[error("expected different categories, at least one, got {}", listed(got))]
    Categories {
        /// The categories.
        got: Vec<String>,
    },
}

/// A cell as a message shows it.
fn short(cell: &str) -> String {
    quoted(cell, 40)
}

/// The name that was meant, those there are, and what to do where the first line was not read as it was meant.
fn hint(near: &[String], known: &[String]) -> String {
    match near {
        [] => format!("expected {}{}", one_of(known), reading(known)),
        [_] if known.len() == 1 => format!("did you mean {}?", listed(near)),
        _ => format!("did you mean {}? there are {}", listed(near), listed(known)),
    }
}

/// What to say about a table whose columns have such names.
fn reading(names: &[String]) -> String {
    let between = |mark: &char| names.len() == 1 && names[0].contains(*mark);
    if let Some(mark) = [';', '\t', '|'].iter().find(|mark| between(mark)) {
        return format!("; if cells end with {mark:?}, say `delimiter(b{mark:?})`");
    }
    let numbers = names.iter().filter(|name| name.trim().parse::<f64>().is_ok()).count();
    if names.iter().zip(0..).all(|(name, i)| *name == i.to_string()) {
        "; columns without a header are called by their numbers, or as `columns` tells".into()
    } else if 2 * numbers > names.len() {
        "; if the first line is data, say `header(false)`".into()
    } else {
        String::new()
    }
}
