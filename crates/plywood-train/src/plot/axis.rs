//! An axis with ticks of our own choice.

use super::ticks::{label, step, ticks};
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};
use std::ops::Range;

/// An axis with round ticks; those of `plotters` fall between epochs.
#[derive(Clone)]
pub(super) struct Axis {
    range: Range<f64>,
    ticks: Vec<f64>,
    step: f64,
    /// Whether a tick stands for ten to its power.
    powers: bool,
}

impl Axis {
    /// About `count` ticks within the range, at whole numbers if `whole`.
    pub(super) fn new(range: Range<f64>, count: usize, whole: bool) -> Axis {
        let (low, high) = (range.start, range.end);
        Axis {
            ticks: ticks(low, high, count, whole),
            step: step(low, high, count, whole),
            powers: false,
            range,
        }
    }

    /// About `count` powers of ten, whose logarithms lie within the range.
    pub(super) fn of_powers(range: Range<f64>, count: usize) -> Axis {
        Axis { powers: true, ..Axis::new(range, count, true) }
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (first, last): (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        // What is far outside stays there.
        first.saturating_add((f64::from(last - first) * share).round() as i32)
    }

    fn key_points<Hint: KeyPointHint>(&self, hint: Hint) -> Vec<f64> {
        if hint.weight().allow_light_points() { Vec::new() } else { self.ticks.clone() }
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format(value: &f64) -> String {
        value.to_string()
    }

    fn format_ext(&self, value: &f64) -> String {
        if self.powers { format!("1e{value}") } else { label(*value, self.step) }
    }
}
