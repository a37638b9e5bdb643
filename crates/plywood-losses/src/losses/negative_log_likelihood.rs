//! The negative logarithm of the probability of the right class.

use super::class_weights;
use crate::{Loss, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{IntTensor, Result, Shape, Tensor};

const OP: &str = "nll_loss";

/// `ℓ = −w_y x_y`: the prediction is logarithms of probabilities, as [`Var::log_softmax`] returns them.
///
/// Options, as those of [`CrossEntropy`](crate::CrossEntropy): class weights and an ignored label.
///
/// # Shapes
/// prediction `[N, .., C]`, labels `[N, ..]`
///
/// # Example
/// ```
/// # use plywood_losses::{Loss, NegativeLogLikelihood};
/// # use plywood_tensor::{IntTensor, Tensor};
/// let log_probabilities = Tensor::from([[-0.5, -1.0], [-2.0, -0.25]]).into();
/// let losses = NegativeLogLikelihood::default().losses(&log_probabilities, &IntTensor::from([0, 1]))?;
/// assert_eq!(losses.values().value().as_slice(), [0.5, 0.25]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Label`](crate::LossError::Label) names the row of a label out of range.
///
/// # References
/// PyTorch: `torch.nn.NLLLoss`, with the classes on axis 1 and −100 ignored unasked.
#[derive(Debug, Clone, Default)]
#[doc(alias = "NLLLoss")]
pub struct NegativeLogLikelihood {
    class_weights: Option<Tensor>,
    ignore_index: Option<i64>,
}

/// [`NegativeLogLikelihood`] without options, as a function.
///
/// # Errors
/// As [`NegativeLogLikelihood`]; errors of shapes.
pub fn nll_loss(log_probabilities: &Var, labels: &IntTensor) -> Result<Losses> {
    NegativeLogLikelihood::default().losses(log_probabilities, labels)
}

impl NegativeLogLikelihood {
    /// Lets each class count by its own weight, `[C]`.
    #[must_use]
    pub fn class_weights(self, weights: Tensor) -> Self {
        NegativeLogLikelihood { class_weights: Some(weights), ..self }
    }

    /// Leaves out rows with this label, which need not be a class.
    #[must_use]
    pub fn ignore_index(self, label: i64) -> Self {
        NegativeLogLikelihood { ignore_index: Some(label), ..self }
    }
}

impl Loss<IntTensor> for NegativeLogLikelihood {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, labels: &IntTensor) -> Result<Losses> {
        let classes = checks::classes(OP, prediction.shape(), labels, self.ignore_index)?;
        class_weights::check(OP, self.class_weights.as_ref(), classes)?;
        let column = prediction.shape().with(prediction.shape().rank() - 1, 1)?;
        // An ignored label need not be a class; any class stands in for it.
        let known = labels.map(|label| if self.ignore_index == Some(label) { 0 } else { label });
        let own = prediction.gather(-1, &known.reshape(column)?)?.reshape(labels.shape())?.neg();
        match class_weights::of_labels(labels, self.class_weights.as_ref(), self.ignore_index) {
            Some(weights) => {
                // What does not count is taken out, not multiplied by 0: it may be infinite.
                let counting = Var::select_where(&weights, &own, &Tensor::from(0.0).into())?;
                Losses::weighted(&counting.mul(&weights.clone().into())?, &weights)
            }
            None => Losses::new(&own),
        }
    }

    fn classes(&self, prediction: &Shape) -> Option<usize> {
        prediction.last().copied()
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    &[
        Row::labels("nll_loss", nll_loss).extremes(&[-1e4, 0.0]),
        Row::labels("nll_loss: class weights and ignored labels", |x, t| {
            let loss = NegativeLogLikelihood::default().class_weights(Tensor::from([0.5, 2.0, 1.25]));
            loss.ignore_index(-1).losses(x, t)
        }),
    ]
};
