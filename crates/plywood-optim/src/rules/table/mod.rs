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
    /// The settings that follow a trajectory of PyTorch, by its name in the golden file.
    pub(super) cases: &'static [(&'static str, Make)],
    /// Settings that find minima, and how many steps they may take.
    pub(super) minimum: Make,
    pub(super) steps: usize,
    /// Settings that are refused, and the exact text.
    pub(super) errors: &'static [(Make, &'static str)],
}

const ROWS: &[Row] = &[
    super::adagrad::ROW,
    super::adam::ROW,
    super::adamw::ROW,
    super::rmsprop::ROW,
    super::sam::ROW,
    super::sgd::ROW,
];
