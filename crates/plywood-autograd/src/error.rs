//! What can be wrong with a differentiation.

use plywood_tensor::{Shape, Source};

/// What can be wrong with a differentiation.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum AutogradError {
    /// Only a single number has a gradient without further say.
    #[error("{op}: expected a single number to differentiate, got {shape}; take its mean or sum first")]
    NotScalar {
        /// `backward` or `grad`.
        op: &'static str,
        /// The shape of the value.
        shape: Shape,
    },
    /// A constant has no gradient.
    #[error(
        "{op}: expected a value that depends on a trained parameter or a variable, got a constant; frozen parameters and those of an evaluation are constants"
    )]
    Constant {
        /// `backward` or `grad`.
        op: &'static str,
    },
    /// The graph was freed by an earlier walk.
    #[error(
        "{walk}: the graph below {op} was freed by an earlier backward; add the losses before one backward, or use backward_keeping"
    )]
    Walked {
        /// `backward` or `grad`.
        walk: &'static str,
        /// The operation at which the walk ended.
        op: &'static str,
    },
    /// A gradient was asked for a value on which the result does not depend.
    #[error("grad: input {index} does not influence the result")]
    Unused {
        /// Which of the inputs.
        index: usize,
    },
    /// A gradient was asked for a constant.
    #[error("grad: input {index} is a constant; make it with Var::variable")]
    ConstantInput {
        /// Which of the inputs.
        index: usize,
    },
    /// A rule returned a gradient of the wrong shape.
    #[error("{op}: its gradient for input {index} has shape {got}, expected {expected}")]
    GradientShape {
        /// The operation.
        op: &'static str,
        /// Which of its inputs.
        index: usize,
        /// The shape of the input.
        expected: Shape,
        /// The shape of the gradient.
        got: Shape,
    },
    /// A derivative that does not agree with finite differences.
    #[error("{check}: input {input}, element {element}: analytic {analytic:.6e}, numeric {numeric:.6e}")]
    Mismatch {
        /// `gradcheck` or `gradgradcheck`.
        check: &'static str,
        /// Which input.
        input: usize,
        /// Which of its elements, in row-major order.
        element: usize,
        /// What the rule says.
        analytic: f64,
        /// What differences of the function say.
        numeric: f64,
    },
    /// An argument of an operation that is out of its range.
    #[error("{op}: expected {expected}, got {got}")]
    Argument {
        /// The operation.
        op: &'static str,
        /// What it needs.
        expected: &'static str,
        /// What it was given.
        got: String,
    },
}

impl Source for AutogradError {}
