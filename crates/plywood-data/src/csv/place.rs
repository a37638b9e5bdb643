//! Where in a file.

use crate::data_error::SHOWN;
use plywood_tensor::quoted;
use std::fmt;

/// Where in a file something is: the file itself, perhaps a line, perhaps a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The path as it was given, or the name of the reader.
    pub file: String,
    /// The line, counted from 1, the header included.
    pub line: Option<u64>,
    /// The name of the column.
    pub column: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        match (&self.line, &self.column) {
            (Some(line), Some(column)) => write!(f, ": line {line}, column {}", quoted(column, SHOWN)),
            (Some(line), None) => write!(f, ": line {line}"),
            (None, Some(column)) => write!(f, ": column {}", quoted(column, SHOWN)),
            (None, None) => Ok(()),
        }
    }
}
