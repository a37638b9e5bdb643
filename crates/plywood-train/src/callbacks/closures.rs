//! Closures as callbacks.

use crate::{Callback, Flow, Status};
use plywood_tensor::Result;
use std::fmt;

/// A closure that is called when a training begins, also where one goes on; see [`on_epoch_end`] for what it may return.
///
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Trainer, on_train_begin};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let start = on_train_begin(|status| status.optimizer.set_learning_rate(0.05));
/// let history = trainer.fit_arrays(&x, &y, Fit::epochs(1).callback(start).progress(Progress::Silent))?;
/// assert_eq!(history.series("learning rate"), [(1, 0.05)]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `LambdaCallback(on_train_begin=…)`.
pub fn on_train_begin<R: Outcome>(call: impl FnMut(&mut Status<'_>) -> R) -> impl Callback {
    Closure { moment: Moment::TrainBegin, call }
}

/// A closure that is called after each step; see [`on_epoch_end`] for what it may return.
///
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Flow, Progress, Trainer, on_batch_end};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// // Stops as soon as the loss of a batch is small enough.
/// let enough = on_batch_end(|status| if status.batch_loss < 0.1 { Flow::Stop } else { Flow::Continue });
/// trainer.fit_arrays(&x, &y, Fit::epochs(1000).callback(enough).progress(Progress::Silent))?;
/// assert!(trainer.steps() < 100);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `LambdaCallback(on_train_batch_end=…)`.
pub fn on_batch_end<R: Outcome>(call: impl FnMut(&mut Status<'_>) -> R) -> impl Callback {
    Closure { moment: Moment::BatchEnd, call }
}

/// A closure that is called after each step with [`Status::gradients`]; see [`on_epoch_end`] for what it may return.
///
/// The gradients are as they were before any limit; the parameters have been moved already. A custom step tells its gradients by
/// [`StepResult::gradients`](crate::StepResult::gradients); without them the closure is not called.
///
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Trainer, on_gradients};
///
/// let (x, y) = (Tensor::from([[1.0], [3.0]]), Tensor::from([[0.0], [0.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.01), MeanSquaredError);
/// let mut largest: f64 = 0.0;
/// let look = on_gradients(|status| {
///     for (_, gradient) in status.gradients.into_iter().flat_map(|gradients| gradients.iter()) {
///         largest = gradient.as_slice().iter().fold(largest, |largest, &g| largest.max(f64::from(g).abs()));
///     }
/// });
/// trainer.fit_arrays(&x, &y, Fit::epochs(1).callback(look).progress(Progress::Silent))?;
/// assert!(largest > 0.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch Lightning: `on_before_optimizer_step`, where gradients may be changed: here a
/// [custom step](crate::Trainer::custom_step) does that.
pub fn on_gradients<R: Outcome>(call: impl FnMut(&mut Status<'_>) -> R) -> impl Callback {
    Closure { moment: Moment::Gradients, call }
}

/// A closure that is called after the validation of each epoch; [`Status::record`] is there.
///
/// What it returns is an [`Outcome`]: nothing, a [`Flow`], or a `Result` of either.
///
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Trainer, on_epoch_end};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let mut losses = Vec::new();
/// let fit = Fit::epochs(3).progress(Progress::Silent).callback(on_epoch_end(|status| losses.push(status.loss)));
/// let history = trainer.fit_arrays(&x, &y, fit)?;
/// assert_eq!(losses, history.series("loss").into_iter().map(|(_, loss)| loss).collect::<Vec<_>>());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `LambdaCallback(on_epoch_end=…)`.
#[doc(alias = "LambdaCallback")]
pub fn on_epoch_end<R: Outcome>(call: impl FnMut(&mut Status<'_>) -> R) -> impl Callback {
    Closure { moment: Moment::EpochEnd, call }
}

/// A closure that is called when a training ends, but not after an error; see [`on_epoch_end`] for what it may return.
///
/// A stop that it asks for means nothing then.
///
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, Trainer, on_train_end};
///
/// let (x, y) = (Tensor::from([[1.0], [2.0]]), Tensor::from([[3.0], [5.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
/// let mut steps = 0;
/// let count = on_train_end(|status| steps = status.step);
/// trainer.fit_arrays(&x, &y, Fit::epochs(3).callback(count).progress(Progress::Silent))?;
/// assert_eq!(steps, 3);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `LambdaCallback(on_train_end=…)`.
pub fn on_train_end<R: Outcome>(call: impl FnMut(&mut Status<'_>) -> R) -> impl Callback {
    Closure { moment: Moment::TrainEnd, call }
}

/// What a closure may return: nothing, a [`Flow`], or a `Result` of either.
///
/// ```
/// use plywood_tensor::Error;
/// use plywood_train::{Flow, Outcome};
///
/// assert_eq!(().flow()?, Flow::Continue);
/// assert_eq!(Flow::Stop.flow()?, Flow::Stop);
/// assert_eq!(Ok(Flow::Stop).flow()?, Flow::Stop);
/// assert_eq!(Err::<(), _>(Error::new("enough")).flow().unwrap_err().to_string(), "enough");
/// # Ok::<(), Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "a closure as a callback returns nothing, a `Flow`, or a `Result` of either, not `{Self}`",
    label = "the closure returns `{Self}`",
    note = "a semicolon behind its last expression makes it return nothing"
)]
pub trait Outcome {
    /// Whether training goes on.
    ///
    /// # Errors
    /// The one that the closure returned.
    fn flow(self) -> Result<Flow>;
}

impl Outcome for () {
    fn flow(self) -> Result<Flow> {
        Ok(Flow::Continue)
    }
}

impl Outcome for Flow {
    fn flow(self) -> Result<Flow> {
        Ok(self)
    }
}

impl<O: Outcome> Outcome for Result<O> {
    fn flow(self) -> Result<Flow> {
        self.and_then(O::flow)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    TrainBegin,
    Gradients,
    BatchEnd,
    EpochEnd,
    TrainEnd,
}

/// A closure, and when it is called.
struct Closure<F> {
    moment: Moment,
    call: F,
}

impl<F: FnMut(&mut Status<'_>) -> R, R: Outcome> Closure<F> {
    fn at(&mut self, moment: Moment, status: &mut Status<'_>) -> Result<Flow> {
        if self.moment == moment { (self.call)(status).flow() } else { Ok(Flow::Continue) }
    }
}

impl<F: FnMut(&mut Status<'_>) -> R, R: Outcome> Callback for Closure<F> {
    fn name(&self) -> &str {
        "a closure"
    }

    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.at(Moment::TrainBegin, status)
    }
    fn wants_gradients(&self, _: &Status<'_>) -> bool {
        self.moment == Moment::Gradients
    }
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        if self.moment == Moment::Gradients && status.gradients.is_some() {
            return (self.call)(status).flow();
        }
        self.at(Moment::BatchEnd, status)
    }
    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.at(Moment::EpochEnd, status)
    }
    fn on_train_end(&mut self, status: &mut Status<'_>) -> Result<()> {
        self.at(Moment::TrainEnd, status).map(drop)
    }
}

impl<F> fmt::Debug for Closure<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Closure at {:?}", self.moment)
    }
}
