//! The table of schedules: a row for each, the same checks for every row.

mod run;

use crate::Schedule;
use plywood_tensor::Result;

/// A schedule with settings, ready for use.
pub(super) type Make = fn() -> Result<Box<dyn Schedule>>;

/// A schedule and what it must do.
#[derive(Clone, Copy)]
pub(super) struct Row {
    /// The public type.
    pub(super) name: &'static str,
    /// Settings that follow rates of PyTorch, by their name in the golden file, and change without a jump.
    pub(super) smooth: &'static [(&'static str, Make)],
    /// Those that jump.
    pub(super) jumping: &'static [(&'static str, Make)],
    /// Settings that are refused, and the exact text.
    pub(super) errors: &'static [(Make, &'static str)],
}

const ROWS: &[Row] = &[
    super::constant::ROW,
    super::cosine::ROW,
    super::cosine_restarts::ROW,
    super::custom::ROW,
    super::exponential::ROW,
    super::linear::ROW,
    super::multi_step::ROW,
    super::noam::ROW,
    super::one_cycle::ROW,
    super::polynomial::ROW,
    super::sequence::ROW,
    super::step_decay::ROW,
    super::warmup::ROW,
];
