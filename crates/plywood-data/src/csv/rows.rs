//! The rows of a file, one by one.

use super::{CsvProblem, Place};
use crate::DataError;
use plywood_tensor::Result;
use std::io::Cursor;

/// The rows of a file, one by one, and the errors that name their lines.
pub(super) struct Rows {
    input: csv::Reader<Cursor<Vec<u8>>>,
    file: String,
    row: csv::StringRecord,
    /// Whether `row` is to be found once more.
    again: bool,
}

impl Rows {
    pub(super) fn new(input: Vec<u8>, delimiter: u8, file: String) -> Self {
        let input = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true) // ragged rows get an error of ours
            .trim(csv::Trim::All)
            .from_reader(Cursor::new(input));
        Rows { input, file, row: csv::StringRecord::new(), again: false }
    }

    /// Goes to the next row; false if there is none.
    pub(super) fn next(&mut self) -> Result<bool> {
        if std::mem::take(&mut self.again) {
            return Ok(true);
        }
        Ok(self.input.read_record(&mut self.row).map_err(|error| {
            let line = error.position().map(|position| self.line_at(position));
            let problem = match error.kind() {
                csv::ErrorKind::Utf8 { .. } => CsvProblem::Encoding,
                _ => CsvProblem::Read { reason: error.to_string() },
            };
            self.fail(line, None, problem)
        })?)
    }

    /// Lets the next call of `next` find this row again.
    pub(super) fn back(&mut self) {
        self.again = true;
    }

    /// How long the text is.
    pub(super) fn bytes(&self) -> usize {
        self.input.get_ref().get_ref().len()
    }

    pub(super) fn cells(&self) -> &csv::StringRecord {
        &self.row
    }

    /// The line on which this row begins.
    pub(super) fn line(&self) -> Option<u64> {
        self.row.position().map(|position| self.line_at(position))
    }

    /// An error at a place of this file.
    pub(super) fn fail(&self, line: Option<u64>, column: Option<&str>, problem: CsvProblem) -> DataError {
        let place = Place { file: self.file.clone(), line, column: column.map(Into::into) };
        DataError::Csv { place, problem }
    }

    /// A row's position is where the one before ended: blank lines may lie between, which count too.
    fn line_at(&self, position: &csv::Position) -> u64 {
        let before = usize::try_from(position.byte()).unwrap_or(usize::MAX);
        let rest = self.input.get_ref().get_ref().get(before..).unwrap_or_default();
        let blank =
            rest.iter().take_while(|byte| b"\r\n".contains(byte)).filter(|&&byte| byte == b'\n').count();
        position.line() + blank as u64
    }
}
