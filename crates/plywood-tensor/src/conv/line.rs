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
    /// What the first result is made of: places of the source, beyond its ends too, in rising order, and of the kernel. Places of
    /// the kernel that lie beyond the ends for every result are left out, but for one if there is no other.
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
        let (source, count, step) = (axis.input, axis.output, axis.stride);
        Line { source, count, step, taps, target: axis.output, start: 0, target_step: 1 }.pruned()
    }

    /// Without the taps that never lie inside the source: of a kernel with wide gaps over a small image they are many.
    fn pruned(mut self) -> Line {
        let first = self.taps.first().copied();
        let (source, count, step) = (self.source, self.count, self.step);
        self.taps.retain(|&(at, _)| {
            // The first result for which it is not in front of the source.
            let result = usize::try_from(-at).unwrap_or(0).div_ceil(step);
            result < count && at + ((result * step) as isize) < source as isize
        });
        if self.taps.is_empty() {
            self.taps.extend(first);
        }
        self
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
        .pruned()
    }

    /// Where in a kernel, whose sizes along the axes are given, the taps of three lines lie, in the order of the lines.
    pub(super) fn places(lines: &[Line; 3], kernel: [usize; 3]) -> Vec<usize> {
        let mut places = Vec::new();
        for &(_, z) in &lines[0].taps {
            for &(_, y) in &lines[1].taps {
                places.extend(lines[2].taps.iter().map(|&(_, x)| (z * kernel[1] + y) * kernel[2] + x));
            }
        }
        places
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
