//! What every metric is.

use plywood_tensor::{Result, Tensor};

/// A figure by which people judge a model, computed over all samples of a data set, batch by batch.
///
/// A metric is a description; what was counted so far lies beside it, in a [`Meter`](crate::Meter), as plain numbers that can be
/// saved. So your own needs two functions:
///
/// ```
/// use plywood_losses::{Meter, Metric};
/// use plywood_tensor::{Float, Result, Tensor};
///
/// /// The largest prediction.
/// struct Peak;
///
/// impl Metric<Tensor> for Peak {
///     fn name(&self) -> String {
///         "peak".into()
///     }
///     fn update(&self, counts: &mut Vec<f64>, prediction: &Tensor, _: &Tensor, _: Option<&Tensor>) -> Result<()> {
///         counts.push(prediction.max_axes(&[], false)?.item()?.to_f64());
///         Ok(())
///     }
///     fn value(&self, counts: &[f64]) -> f64 {
///         counts.iter().copied().fold(f64::NAN, f64::max)
///     }
/// }
///
/// let mut meter = Meter::new(Peak);
/// let target = Tensor::zeros([2])?;
/// meter.update(&Tensor::from([1.0, 3.0]), &target, None)?;
/// meter.update(&Tensor::from([2.0, 0.0]), &target, None)?;
/// assert_eq!(meter.value(), 3.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no metric for targets of type `{Y}`",
    note = "class labels are an `IntTensor`, real numbers a `Tensor`: take a metric for these targets, or turn them with `to_float` or `to_int`",
    note = "one of your own implements `Metric<{Y}>`: a name, an update and a value"
)]
pub trait Metric<Y: ?Sized>: Send + Sync {
    /// The name in reports, histories and saved states, such as `accuracy`.
    fn name(&self) -> String;

    /// Counts a batch: adds to `counts`, which is empty at the start and whose meaning is the metric's own.
    ///
    /// `weights`, `[N]`, says how much each sample counts.
    ///
    /// # Errors
    /// Whatever is wrong with the prediction or the target; see [`LossError`](crate::LossError). The metrics of
    /// this crate refuse a prediction of NaN and name its row, and count nothing of a batch that they refuse.
    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Y,
        weights: Option<&Tensor>,
    ) -> Result<()>;

    /// The figure for what was counted; NaN if that is nothing.
    fn value(&self, counts: &[f64]) -> f64;

    /// Whether more is better, as of an accuracy, or worse, as of an error.
    fn higher_is_better(&self) -> bool {
        true
    }
}
