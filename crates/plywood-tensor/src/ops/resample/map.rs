//! What a linear map does along one axis.

use crate::ops::pool::window::Spans;

/// Each result is a weighted sum of some places, divided by a number.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AxisMap {
    pub(crate) input: usize,
    /// Where the terms of each result begin, and where those of the last one end.
    starts: Vec<usize>,
    /// Place and weight.
    terms: Vec<(usize, f64)>,
    divisors: Vec<f64>,
}

impl AxisMap {
    fn new(input: usize) -> AxisMap {
        AxisMap { input, starts: vec![0], terms: Vec::new(), divisors: Vec::new() }
    }

    fn push(&mut self, terms: impl IntoIterator<Item = (usize, f64)>, divisor: f64) {
        self.terms.extend(terms);
        self.starts.push(self.terms.len());
        self.divisors.push(divisor);
    }

    /// One place, and no more.
    pub(crate) fn single() -> AxisMap {
        AxisMap::nearest(1, 1)
    }

    /// The mean over each window, of the places in the border too if they are `counted` as zeros.
    pub(crate) fn means(spans: &Spans, counted: bool) -> AxisMap {
        let mut map = AxisMap::new(spans.input);
        for span in &spans.list {
            let divisor = if counted { span.padded } else { span.count };
            map.push((0..span.count).map(|k| (span.start + k * spans.step, 1.0)), divisor as f64);
        }
        map
    }

    /// Result `i` is place `⌊i · input / output⌋`.
    pub(crate) fn nearest(input: usize, output: usize) -> AxisMap {
        let mut map = AxisMap::new(input);
        for i in 0..output {
            // In 128 bits the product cannot overflow.
            map.push([((i as u128 * input as u128 / output as u128) as usize, 1.0)], 1.0);
        }
        map
    }

    /// Result `i` lies on the straight line between its two neighbours: with `corners` the first and the last places of
    /// both coincide, without the outer edges of the places do.
    pub(crate) fn linear(input: usize, output: usize, corners: bool) -> AxisMap {
        let mut map = AxisMap::new(input);
        for i in 0..output {
            let at = if corners {
                i as f64 * (input - 1) as f64 / (output.max(2) - 1) as f64
            } else {
                ((i as f64 + 0.5) * input as f64 / output as f64 - 0.5).max(0.0)
            };
            let left = (at as usize).min(input - 1);
            let share = if left + 1 < input { at - left as f64 } else { 0.0 };
            let terms = [(left, 1.0 - share), ((left + 1).min(input - 1), share)];
            map.push(terms.into_iter().filter(|&(_, weight)| weight != 0.0), 1.0);
        }
        map
    }

    pub(crate) fn outputs(&self) -> usize {
        self.divisors.len()
    }

    /// Where the terms of a result lie among all.
    #[inline(always)]
    pub(crate) fn range(&self, output: usize) -> std::ops::Range<usize> {
        self.starts[output]..self.starts[output + 1]
    }

    /// Place and weight of each term of a result.
    #[inline(always)]
    pub(crate) fn terms(&self, output: usize) -> &[(usize, f64)] {
        &self.terms[self.range(output)]
    }

    /// The weights of all terms.
    pub(crate) fn weights(&self) -> impl Iterator<Item = f64> {
        self.terms.iter().map(|&(_, weight)| weight)
    }

    #[inline(always)]
    pub(crate) fn divisor(&self, output: usize) -> f64 {
        self.divisors[output]
    }

    /// How many terms the longest sum has.
    pub(crate) fn longest(&self) -> usize {
        self.starts.windows(2).map(|ends| ends[1] - ends[0]).max().unwrap_or(0)
    }

    /// The map with rows and columns exchanged.
    pub(crate) fn transposed(&self) -> AxisMap {
        let mut columns = vec![Vec::new(); self.input];
        for output in 0..self.outputs() {
            for &(place, weight) in self.terms(output) {
                columns[place].push((output, weight / self.divisor(output)));
            }
        }
        let mut map = AxisMap::new(self.outputs());
        for column in columns {
            map.push(column, 1.0);
        }
        map
    }
}
