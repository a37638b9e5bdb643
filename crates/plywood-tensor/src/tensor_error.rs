//! What can be wrong with a tensor operation.

use crate::{Shape, Source};

/// What can be wrong with a tensor operation: which one, and the shapes it was given.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TensorError {
    /// Two shapes that do not broadcast against each other.
    #[error("{op}: cannot broadcast {lhs} with {rhs}")]
    Broadcast {
        /// The operation.
        op: &'static str,
        /// Shape of the left operand.
        lhs: Shape,
        /// Shape of the right operand.
        rhs: Shape,
    },
    /// A shape that is not the one the operation needs.
    #[error("{op}: expected {expected}, got {got}")]
    Shape {
        /// The operation.
        op: &'static str,
        /// What it needs, for example `a matrix` or `[3, ..]`.
        expected: String,
        /// What it was given.
        got: Shape,
    },
    /// Two operands of a product whose inner sizes differ.
    #[error("{op}: cannot multiply {lhs} by {rhs}: inner sizes {inner_lhs} and {inner_rhs} differ")]
    Inner {
        /// The operation.
        op: &'static str,
        /// Shape of the left operand, as stored.
        lhs: Shape,
        /// Shape of the right operand, as stored.
        rhs: Shape,
        /// Size that the left operand offers for the sum.
        inner_lhs: usize,
        /// Size that the right operand offers for the sum.
        inner_rhs: usize,
    },
    /// An axis that the shape does not have.
    #[error("{op}: axis {axis} is out of range for {shape}")]
    Axis {
        /// The operation.
        op: &'static str,
        /// The axis, counted from the end if negative.
        axis: isize,
        /// The shape.
        shape: Shape,
    },
    /// An axis that is named twice.
    #[error("{op}: axis {axis} is named twice")]
    AxisTwice {
        /// The operation.
        op: &'static str,
        /// The axis.
        axis: isize,
    },
    /// An index outside its axis.
    #[error("{op}: index {index} is not in 0..{size} (axis {axis} of {shape})")]
    Index {
        /// The operation.
        op: &'static str,
        /// The index.
        index: i64,
        /// The size of the axis.
        size: usize,
        /// The axis.
        axis: usize,
        /// The shape.
        shape: Shape,
    },
    /// A range outside its axis.
    #[error("{op}: range {start}..{end} is not in 0..{size} (axis {axis} of {shape})")]
    Range {
        /// The operation.
        op: &'static str,
        /// First index of the range.
        start: usize,
        /// One past the last index of the range.
        end: usize,
        /// The size of the axis.
        size: usize,
        /// The axis.
        axis: usize,
        /// The shape.
        shape: Shape,
    },
    /// A number of elements that does not fill the shape.
    #[error("{op}: {shape} holds {expected} elements, got {got}")]
    Length {
        /// The operation.
        op: &'static str,
        /// The shape.
        shape: Shape,
        /// How many elements it holds.
        expected: usize,
        /// How many there are.
        got: usize,
    },
    /// Pieces that do not make up an axis.
    #[error("{op}: sizes {sizes:?} do not add up to {size} (axis {axis} of {shape})")]
    Sizes {
        /// The operation.
        op: &'static str,
        /// The sizes of the pieces.
        sizes: Vec<usize>,
        /// The size of the axis.
        size: usize,
        /// The axis.
        axis: usize,
        /// The shape.
        shape: Shape,
    },
    /// Nothing to join.
    #[error("{op}: expected at least one tensor, got none")]
    NoParts {
        /// The operation.
        op: &'static str,
    },
    /// One of the arrays to be joined does not fit the first.
    #[error("{op}: part {part}: expected {expected}, got {got}")]
    Part {
        /// The operation.
        op: &'static str,
        /// Which one, counted from 0.
        part: usize,
        /// The shape it must have, for example `[2, 3] apart from axis 0`.
        expected: String,
        /// The shape it has.
        got: Shape,
    },
    /// A shape with more elements than memory could ever hold.
    #[error("shape: {dims:?} has more elements than can be addressed")]
    Overflow {
        /// The sizes.
        dims: Vec<usize>,
    },
    /// A shape of too many axes.
    #[error("shape: expected at most {max} axes, got {rank}")]
    Rank {
        /// How many axes there are.
        rank: usize,
        /// How many there may be.
        max: usize,
    },
    /// A reduction without a neutral element over no elements at all.
    #[error("{op}: no elements to reduce in {shape}")]
    Empty {
        /// The operation.
        op: &'static str,
        /// The shape.
        shape: Shape,
    },
    /// An argument out of its range.
    #[error("{op}: expected {expected}, got {got}")]
    Argument {
        /// The operation.
        op: &'static str,
        /// What it needs, for example `a step that is not 0`.
        expected: &'static str,
        /// What it was given.
        got: f64,
    },
    /// An instruction set that the processor does not have.
    #[error("threads: this processor has no {isa}")]
    Isa {
        /// The instruction set.
        isa: crate::simd::Isa,
    },
    /// A description of a product that cannot be read.
    #[error("einsum: {spec:?}: {reason}")]
    Einsum {
        /// The description.
        spec: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl Source for TensorError {}
