//! A table that has been read.

use super::column::Read;
use super::columns::{Chosen, Columns, Kind};
use super::rows::Rows;
use super::{CsvProblem, Missing};
use plywood_tensor::{Elem, Element, Float, IntTensor, Result, Tensor};

/// A table may have so many numbers, or 16 for each byte of its text: a column of a million different categories would otherwise
/// become a million columns, which no memory holds.
const NUMBERS: usize = 1 << 26;

/// A table that has been read: columns of the same length, at least one row.
pub(super) struct Table {
    rows: usize,
    features: Vec<(String, Read)>,
    target: Option<Read>,
}

impl Table {
    /// Reads all rows; `names` replace those of the first line.
    pub(super) fn read(
        mut rows: Rows,
        has_header: bool,
        names: Option<Vec<String>>,
        columns: &Columns,
        target: Option<(&str, Kind)>,
    ) -> Result<Table> {
        if let Missing::Fill(got) = columns.missing
            && !Elem::of(got).is_finite()
        {
            return Err(rows.fail(None, None, CsvProblem::Fill { got }).into());
        }
        if !rows.next()? {
            return Err(rows.fail(None, None, CsvProblem::Empty).into());
        }
        let names = names.unwrap_or_else(|| {
            let name = |(i, cell): (usize, &str)| if has_header { cell.to_owned() } else { i.to_string() };
            rows.cells().iter().enumerate().map(name).collect()
        });
        if !has_header {
            rows.back();
        }
        let chosen = columns.choose(&names, target);
        let mut chosen = chosen.map_err(|(column, problem)| rows.fail(None, column.as_deref(), problem))?;
        let (mut count, mut dropped) = (0, 0);
        while rows.next()? {
            let (expected, got) = (names.len(), rows.cells().len());
            if got != expected {
                return Err(rows.fail(rows.line(), None, CsvProblem::Ragged { expected, got }).into());
            }
            match chosen.push(rows.cells(), columns) {
                Ok(true) => count += 1,
                Ok(false) => dropped += 1,
                Err((column, problem)) => {
                    return Err(rows.fail(rows.line(), Some(&column), problem).into());
                }
            }
        }
        match (count, dropped) {
            (0, 0) => return Err(rows.fail(None, None, CsvProblem::NoRows).into()),
            (0, _) => return Err(rows.fail(None, None, CsvProblem::AllDropped { dropped }).into()),
            _ => {}
        }
        let fail = |name: &str, problem| rows.fail(None, Some(name), problem);
        let target = chosen.target.map(|column| column.finish().map(|(_, read)| read));
        let features = chosen.features.into_iter().map(|column| column.finish());
        let table = Table {
            rows: count,
            features: features.collect::<Result<_, _>>().map_err(|(name, problem)| fail(&name, problem))?,
            target: target.transpose().map_err(|(name, problem)| fail(&name, problem))?,
        };
        let (columns, limit) = (table.width(), NUMBERS.max(rows.bytes().saturating_mul(16)));
        if columns.checked_mul(count).is_none_or(|numbers| numbers > limit) {
            return Err(rows.fail(None, None, CsvProblem::Width { limit, rows: count, columns }).into());
        }
        Ok(table)
    }

    /// One name for each number of an input.
    pub(super) fn feature_names(&self) -> Vec<String> {
        let mut names = Vec::new();
        for (name, read) in &self.features {
            match read {
                Read::Numbers(_) => names.push(name.clone()),
                Read::Categories(_, categories) => {
                    names.extend(categories.names().iter().map(|category| format!("{name}={category}")));
                }
            }
        }
        names
    }

    /// How many numbers an input has.
    fn width(&self) -> usize {
        self.features.iter().map(|(_, read)| read.width()).sum()
    }

    /// The features side by side, `[N, C]`.
    pub(super) fn inputs(&self) -> Result<Tensor> {
        let width = self.width();
        let mut out = Tensor::zeros([self.rows, width])?;
        for (row, out) in out.as_mut_slice().chunks_exact_mut(width).enumerate() {
            let mut start = 0;
            for (_, read) in &self.features {
                match read {
                    Read::Numbers(numbers) => out[start] = numbers[row],
                    Read::Categories(numbers, _) => out[start + numbers[row]] = Elem::ONE,
                }
                start += read.width();
            }
        }
        Ok(out)
    }

    /// The target as numbers, `[N, 1]`.
    pub(super) fn values(self) -> Result<Tensor> {
        let Some(Read::Numbers(numbers)) = self.target else {
            unreachable!("the target was read as numbers")
        };
        Tensor::from_vec(numbers, [self.rows, 1])
    }

    /// The target as labels, `[N]`, and the names of the classes.
    pub(super) fn labels(self) -> Result<(IntTensor, Vec<String>)> {
        let Some(Read::Categories(numbers, categories)) = self.target else {
            unreachable!("the target was read as categories")
        };
        let labels = numbers.into_iter().map(|number| number as i64).collect();
        Ok((IntTensor::from_vec(labels, [self.rows])?, categories.into()))
    }
}

impl Chosen {
    /// Adds a row to all columns; false if it is dropped.
    fn push(&mut self, row: &csv::StringRecord, columns: &Columns) -> Result<bool, (String, CsvProblem)> {
        let missing = |position: usize| columns.is_missing(&row[position]);
        let all = || self.features.iter().chain(&self.target);
        if columns.missing == Missing::Drop && all().any(|column| missing(column.position)) {
            return Ok(false);
        }
        for column in &mut self.features {
            let missing = missing(column.position).then_some(columns.missing);
            column.push(&row[column.position], missing).map_err(|problem| (column.name.clone(), problem))?;
        }
        if let Some(column) = &mut self.target {
            // A target is never filled in.
            let missing = missing(column.position).then_some(Missing::Error);
            column.push(&row[column.position], missing).map_err(|problem| (column.name.clone(), problem))?;
        }
        Ok(true)
    }
}
