//! What a step tells.

use plywood_autograd::Gradients;
use plywood_tensor::Tensor;

/// What a step of training tells.
#[derive(Debug, Clone, Default)]
pub struct StepResult {
    /// The loss of the batch, as it was minimised.
    pub loss: f64,
    /// How much the batch counts in the mean of the epoch: the weights of its samples, or their number.
    pub weight: f64,
    /// What the model answered, for the metrics; without it the batch does not count in them.
    pub prediction: Option<Tensor>,
    /// The norm over all gradients, if it is known.
    pub gradient_norm: Option<f64>,
    /// The gradients, for callbacks that [want them](crate::Step::wants_gradients).
    pub gradients: Option<Gradients>,
    /// Whether nothing was changed, because a number was not finite: then the batch counts nowhere, and the step not either.
    pub skipped: bool,
}
