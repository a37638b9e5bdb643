//! One axis of a pass over the places of a result.

use super::Axis;

/// Where the results along an axis lie, and which numbers of the source each is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Places of the source.
    pub(super) source: usize,
    /// Results.
    pub(super) count: usize,
    /// From what one result is made of to the same of the next.
    pub(super) step: usize,
    /// What the first result is made of: places of the source, beyond its ends too, in rising order, and of the kernel.
    pub(super) taps: Vec<(isize, usize)>,
    /// Places of the target.
    pub(super) target: usize,
    /// Where the first result lies.
    pub(super) start: usize,
    /// From one result to the next.
    pub(super) target_step: usize,
}

impl Line {
    /// The outputs, made of inputs.
    pub(super) fn forward(axis: &Axis) -> Line {
        let taps = (0..axis.kernel).map(|k| ((k * axis.dilation) as isize - axis.low as isize, k)).collect();
        Line {
            source: axis.input,
            count: axis.output,
            step: axis.stride,
            taps,
            target: axis.output,
            start: 0,
            target_step: 1,
        }
    }

    /// The gradients of every `stride`-th input from `phase` on, made of gradients of outputs.
    ///
    /// All of them are reached by the same places of the kernel: those whose distance is a multiple of the stride.
    pub(super) fn backward(axis: &Axis, phase: usize) -> Line {
        let stride = axis.stride as isize;
        let tap = |k: usize| {
            let at = (phase + axis.low) as isize - (k * axis.dilation) as isize;
            (at.rem_euclid(stride) == 0).then_some((at.div_euclid(stride), k))
        };
        Line {
            source: axis.output,
            count: (axis.input - phase).div_ceil(axis.stride),
            step: 1,
            taps: (0..axis.kernel).rev().filter_map(tap).collect(),
            target: axis.input,
            start: phase,
            target_step: axis.stride,
        }
    }

    /// The first place of the source that a result is made of.
    pub(super) fn first(&self, result: usize) -> isize {
        self.taps[0].0 + (result * self.step) as isize
    }

    /// How far apart the outermost places of the source are that one result is made of.
    pub(super) fn reach(&self) -> usize {
        (self.taps[self.taps.len() - 1].0 - self.taps[0].0) as usize
    }

    /// Places of the source that so many neighbouring results are made of.
    pub(super) fn extent(&self, results: usize) -> usize {
        (results - 1) * self.step + self.reach() + 1
    }

    /// Whether all results are made of numbers of the source alone.
    pub(super) fn is_inside(&self) -> bool {
        self.first(0) >= 0 && self.first(0) as usize + self.extent(self.count) <= self.source
    }

    /// Whether a result is made of neighbours.
    pub(super) fn is_run(&self) -> bool {
        self.reach() + 1 == self.taps.len()
    }

    /// The distance of each tap from the first.
    pub(super) fn distances(&self) -> impl Iterator<Item = usize> + Clone {
        self.taps.iter().map(|tap| (tap.0 - self.taps[0].0) as usize)
    }
}
