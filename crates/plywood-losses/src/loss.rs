//! What every loss is.

use crate::Losses;
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};

/// How wrong a prediction is, sample by sample, given a target of type `Y`.
///
/// `Y` says what the loss takes: class labels ([`IntTensor`](plywood_tensor::IntTensor)) or real numbers
/// ([`Tensor`](plywood_tensor::Tensor)); several losses take both. A closure is a loss too. Targets of one's own loss should have the
/// shape of the prediction: others broadcast, which training refuses where it sees it
/// ([`Losses::expect_one_target_each`](crate::Losses::expect_one_target_each)).
///
/// ```
/// use plywood_autograd::Var;
/// use plywood_losses::{Loss, Losses};
/// use plywood_tensor::{Result, Tensor};
///
/// fn quartic(prediction: &Var, target: &Tensor) -> Result<Losses> {
///     Losses::new(&prediction.sub(&target.clone().into())?.square().square())
/// }
///
/// fn mean(loss: &impl Loss<Tensor>) -> Result<Var> {
///     Ok(loss.losses(&Tensor::from([[1.0], [4.0]]).into(), &Tensor::from([[0.0], [2.0]]))?.mean())
/// }
/// assert_eq!(mean(&quartic)?.value().item()?, 8.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no loss for targets of type `{Y}`",
    note = "class labels are an `IntTensor`, real numbers a `Tensor`: take a loss for these targets, or turn them with `to_float` or `to_int`",
    note = "a closure `|prediction: &Var, target: &{Y}| -> Result<Losses>` is a loss too"
)]
pub trait Loss<Y: ?Sized>: Send + Sync {
    /// The name in reports and errors, such as `cross_entropy`.
    fn name(&self) -> &str {
        "loss"
    }

    /// The loss of each sample, with its weight.
    ///
    /// # Errors
    /// Whatever is wrong with the prediction or the target; see [`LossError`](crate::LossError).
    fn losses(&self, prediction: &Var, target: &Y) -> Result<Losses>;

    /// How many classes there are for a prediction of this shape, where the target is one class label for each sample; none unless
    /// written. By it a training is told at once that it has too many class weights, or too few.
    fn classes(&self, prediction: &Shape) -> Option<usize> {
        let _ = prediction;
        None
    }
}

impl<Y: ?Sized, F> Loss<Y> for F
where
    F: Fn(&Var, &Y) -> Result<Losses> + Send + Sync,
{
    fn losses(&self, prediction: &Var, target: &Y) -> Result<Losses> {
        self(prediction, target)
    }
}
