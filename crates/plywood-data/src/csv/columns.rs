//! Which columns are wanted.

use super::column::Column;
use super::{CsvProblem, Missing, header};
use crate::DataError;
use std::collections::{BTreeMap, BTreeSet};

/// Which columns are wanted, and how they are read.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// All but the target if there are none.
    pub(super) features: Option<Vec<String>>,
    pub(super) without: BTreeSet<String>,
    /// The columns of categories, with their names where they are given.
    pub(super) categories: BTreeMap<String, Option<Vec<String>>>,
    pub(super) missing: Missing,
    pub(super) marks: BTreeSet<String>,
}

/// What a target is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kind {
    Number,
    Category,
}

/// The columns of a table to be read, empty at first.
pub(super) struct Chosen {
    pub(super) features: Vec<Column>,
    pub(super) target: Option<Column>,
}

/// A problem and the column that has it.
type Failure = (Option<String>, CsvProblem);

impl Columns {
    /// The columns of a table whose columns have these names.
    pub(super) fn choose(&self, names: &[String], target: Option<(&str, Kind)>) -> Result<Chosen, Failure> {
        let at =
            |name: &str| header::position(names, name).map_err(|problem| (Some(name.to_owned()), problem));
        // Whatever is named must exist, so that a slip does not go unnoticed.
        for name in self.without.iter().chain(self.categories.keys()) {
            at(name)?;
        }
        let target = target.map(|(name, kind)| Ok((name, at(name)?, kind))).transpose()?;
        let taken = target.map(|(_, position, _)| position);
        let mut features = Vec::new();
        match &self.features {
            Some(chosen) => {
                for name in chosen {
                    let position = at(name)?;
                    if taken == Some(position) {
                        return Err((Some(name.clone()), CsvProblem::TargetIsFeature));
                    }
                    if features.iter().any(|column: &Column| column.position == position) {
                        return Err((Some(name.clone()), CsvProblem::FeatureTwice));
                    }
                    features.push(self.column(name, position, Kind::Number)?);
                }
            }
            None => {
                for (position, name) in names.iter().enumerate() {
                    if taken != Some(position) && !self.without.contains(name) {
                        features.push(self.column(name, position, Kind::Number)?);
                    }
                }
            }
        }
        if features.is_empty() {
            return Err((None, CsvProblem::NoFeatures));
        }
        let target = target.map(|(name, position, kind)| self.column(name, position, kind)).transpose()?;
        Ok(Chosen { features, target })
    }

    /// Whether a cell has no value.
    pub(super) fn is_missing(&self, cell: &str) -> bool {
        let bare = cell.trim_start_matches(['+', '-']);
        cell.is_empty() || bare.eq_ignore_ascii_case("nan") || self.marks.contains(cell)
    }

    fn column(&self, name: &str, position: usize, kind: Kind) -> Result<Column, Failure> {
        let known = match self.categories.get(name) {
            None if kind == Kind::Number => return Ok(Column::numbers(name.into(), position)),
            None | Some(None) => None,
            Some(Some(names)) => Some(names.clone().try_into().map_err(|_: DataError| {
                (Some(name.to_owned()), CsvProblem::Categories { got: names.clone() })
            })?),
        };
        Ok(Column::categories(name.into(), position, known))
    }
}
