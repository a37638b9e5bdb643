//! Numbers drawn one after the other.

use crate::Span;
use plywood_tensor::Stream;

/// The numbers of a stream in order.
#[derive(Debug)]
pub(crate) struct Draws<'a> {
    stream: &'a Stream,
    next: u64,
}

impl<'a> Draws<'a> {
    pub(crate) fn new(stream: &'a Stream) -> Draws<'a> {
        Draws { stream, next: 0 }
    }

    fn index(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }

    /// Whether a coin of probability `p` shows heads: always for 1, never for 0.
    pub(crate) fn coin(&mut self, p: f64) -> bool {
        let index = self.index();
        self.stream.uniform(index) < p
    }

    /// A number of a span.
    pub(crate) fn within(&mut self, span: Span) -> f64 {
        let index = self.index();
        span.low + (span.high - span.low) * self.stream.uniform(index)
    }

    /// An integer of `0..bound`; 0 if there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let index = self.index();
        self.stream.below(index, bound)
    }
}
