//! One column while it is read.

use super::{CsvProblem, Missing};
use crate::Categories;
use plywood_tensor::{Elem, Float};
use std::collections::BTreeMap;

/// One column while it is read: the cells of the rows so far.
#[derive(Debug)]
pub(super) struct Column {
    pub(super) name: String,
    /// Where its cell stands in a row.
    pub(super) position: usize,
    cells: Cells,
}

#[derive(Debug)]
enum Cells {
    /// NaN where a mean is to be filled in.
    Numbers(Vec<Elem>),
    /// Categories that are given.
    Known { numbers: Vec<usize>, categories: Categories },
    /// Categories that are collected, numbered as they come.
    Found { numbers: Vec<usize>, names: BTreeMap<String, usize> },
}

/// A column that has been read.
#[derive(Debug)]
pub(super) enum Read {
    Numbers(Vec<Elem>),
    Categories(Vec<usize>, Categories),
}

impl Read {
    /// How many numbers an input has of this column.
    pub(super) fn width(&self) -> usize {
        match self {
            Read::Numbers(_) => 1,
            Read::Categories(_, categories) => categories.names().len(),
        }
    }
}

impl Column {
    pub(super) fn numbers(name: String, position: usize) -> Column {
        Column { name, position, cells: Cells::Numbers(Vec::new()) }
    }

    /// A column of these categories, or of those that it turns out to have.
    pub(super) fn categories(name: String, position: usize, known: Option<Categories>) -> Column {
        let numbers = Vec::new();
        let cells = match known {
            Some(categories) => Cells::Known { numbers, categories },
            None => Cells::Found { numbers, names: BTreeMap::new() },
        };
        Column { name, position, cells }
    }

    /// Adds a cell; `missing` if it has no value, with what to do about it.
    pub(super) fn push(&mut self, cell: &str, missing: Option<Missing>) -> Result<(), CsvProblem> {
        match &mut self.cells {
            Cells::Numbers(numbers) => numbers.push(match missing {
                Some(Missing::Fill(number)) => Elem::of(number),
                Some(Missing::FillMean) => Elem::NAN,
                Some(_) => return Err(CsvProblem::Number { got: cell.into() }),
                None => number(cell)?,
            }),
            _ if missing.is_some() => return Err(CsvProblem::NoCategory { got: cell.into() }),
            Cells::Known { numbers, categories } => match categories.number(cell) {
                Some(number) => numbers.push(number),
                None => {
                    let expected = categories.names().to_vec();
                    return Err(CsvProblem::Category { expected, got: cell.into() });
                }
            },
            Cells::Found { numbers, names } => {
                // Looked up before it is inserted, so that only new names are copied.
                let number = names.get(cell).copied().unwrap_or(names.len());
                if number == names.len() {
                    names.insert(cell.into(), number);
                }
                numbers.push(number);
            }
        }
        Ok(())
    }

    /// The column by name, with means filled in and categories sorted; it must have a cell.
    pub(super) fn finish(self) -> Result<(String, Read), (String, CsvProblem)> {
        let read = match self.cells {
            Cells::Numbers(mut numbers) => match fill_mean(&mut numbers) {
                Ok(()) => Read::Numbers(numbers),
                Err(problem) => return Err((self.name, problem)),
            },
            Cells::Known { numbers, categories } => Read::Categories(numbers, categories),
            Cells::Found { mut numbers, names } => {
                let categories =
                    Categories::fit(names.keys().cloned()).expect("a column has at least one cell");
                let mut sorted = vec![0; names.len()];
                for (name, &number) in &names {
                    sorted[number] = categories.number(name).expect("a name of this column");
                }
                numbers.iter_mut().for_each(|number| *number = sorted[*number]);
                Read::Categories(numbers, categories)
            }
        };
        Ok((self.name, read))
    }
}

fn number(cell: &str) -> Result<Elem, CsvProblem> {
    let number: f64 = cell.parse().map_err(|_| CsvProblem::Number { got: cell.into() })?;
    let number = Elem::of(number);
    if number.is_finite() { Ok(number) } else { Err(CsvProblem::NotFinite { got: cell.into() }) }
}

fn fill_mean(numbers: &mut [Elem]) -> Result<(), CsvProblem> {
    let (mut sum, mut count) = (0.0, 0_usize);
    for number in numbers.iter().filter(|number| !number.is_nan()) {
        sum += number.to_f64();
        count += 1;
    }
    if count == 0 {
        return Err(CsvProblem::NoMean);
    }
    if count < numbers.len() {
        let mean = Elem::of(sum / count as f64);
        numbers.iter_mut().filter(|number| number.is_nan()).for_each(|number| *number = mean);
    }
    Ok(())
}
