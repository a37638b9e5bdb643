//! The table of update rules: a row for each, the same checks for every row.

mod model;
mod run;

use crate::Optimizer;

/// A rule with settings, ready for use.
pub(super) type Make = fn() -> Optimizer;

/// A rule and what it must do.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// The public type.
    pub(super) name: &'static str,
    /// The settings that follow a trajectory of the golden file, by its name there.
    pub(super) cases: &'static [(&'static str, Make)],
    /// Settings that find minima, and how many steps they may take.
    pub(super) minimum: Make,
    pub(super) steps: usize,
    /// Settings that are refused, and the exact text.
    pub(super) errors: &'static [(Make, &'static str)],
}

const ROWS: &[Row] = &[
    super::adadelta::ROW,
    super::adafactor::ROW,
    super::adagrad::ROW,
    super::adam::ROW,
    super::adamax::ROW,
    super::adamw::ROW,
    super::lamb::ROW,
    super::lion::ROW,
    super::muon::ROW,
    super::nadam::ROW,
    super::radam::ROW,
    super::rmsprop::ROW,
    super::rprop::ROW,
    super::sam::ROW,
    super::sgd::ROW,
];
