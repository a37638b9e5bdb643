//! What every learning-rate schedule is.

use std::fmt::Debug;
use std::sync::Arc;

/// What the learning rate is multiplied with as time goes by: a function of time alone.
///
/// `learning rate(t) = η · factor(t)` with the learning rate `η` that the rule or the group was given.
///
/// Nothing is remembered from one moment to the next, so a run that is resumed is exactly where it was. The unit of time
/// is the caller's: steps, or epochs with their fractions. It begins at 0, with the first step.
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, Schedule, Sgd};
/// use plywood_tensor::Tensor;
///
/// /// `1 / (1 + t)`
/// #[derive(Debug)]
/// struct Inverse;
///
/// impl Schedule for Inverse {
///     fn factor(&self, time: f64) -> f64 {
///         1.0 / (1.0 + time)
///     }
/// }
///
/// let mut model = vec![Param::new(Tensor::from([1.0]))];
/// let mut gradients = Gradients::default();
/// gradients.set(&model[0], Tensor::from([1.0]));
/// let mut optimizer = Optimizer::new(Sgd::new(0.5));
/// for step in 0..2 {
///     optimizer.set_rate_factor(Inverse.factor(step as f64))?;
///     optimizer.step(&mut model, &gradients)?;
/// }
/// assert_eq!(model[0].value().as_slice(), [0.25]); // 1 − 0.5 − 0.25
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `torch.optim.lr_scheduler.LRScheduler`, which counts by itself when it is stepped. Keras:
/// `LearningRateSchedule`, which is given the step.
#[doc(alias = "LRScheduler")]
#[doc(alias = "LearningRateSchedule")]
pub trait Schedule: Debug + Send + Sync {
    /// The factor at a time of at least 0: finite, and at least 0 itself.
    fn factor(&self, time: f64) -> f64;
}

impl<S: Schedule + ?Sized> Schedule for &S {
    fn factor(&self, time: f64) -> f64 {
        (**self).factor(time)
    }
}

impl<S: Schedule + ?Sized> Schedule for Box<S> {
    fn factor(&self, time: f64) -> f64 {
        (**self).factor(time)
    }
}

impl<S: Schedule + ?Sized> Schedule for Arc<S> {
    fn factor(&self, time: f64) -> f64 {
        (**self).factor(time)
    }
}
