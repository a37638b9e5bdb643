//! A line of a summary.

use plywood_tensor::Shape;

/// One layer in a [`Summary`](crate::Summary).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SummaryRow {
    /// Where the layer is, such as `4.inner.0`; empty for the model itself.
    pub path: String,
    /// In how many other layers it lies.
    pub depth: usize,
    /// The layer and its sizes.
    pub layer: String,
    /// The shape that it returns.
    pub output: Shape,
    /// How many of its numbers are trained. What has its parts in rows of their own counts only what they do not own.
    pub trainable: usize,
    /// How many numbers of its parameters are frozen.
    pub frozen: usize,
    /// How many numbers there are in its buffers.
    pub buffers: usize,
    /// What all these take in memory.
    pub bytes: usize,
    /// How many multiplications with an addition it takes.
    pub multiply_adds: u64,
    /// Whether its parts follow in rows of their own.
    pub is_group: bool,
}

impl SummaryRow {
    /// Whether its sizes and its work say something: not where all of them are those of its parts.
    pub fn has_numbers(&self) -> bool {
        !self.is_group || self.bytes > 0
    }
}
