//! What is checked during a training.

use crate::{Fit, Progress};
use plywood_optim::NonFinite;

/// What is checked during a training.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Checks {
    /// As the optimizer says, if none.
    pub(super) non_finite: Option<NonFinite>,
    pub(super) anomaly: bool,
    pub(super) gradient_norms: bool,
    /// Where progress is shown, if none.
    pub(super) audit: Option<bool>,
}

impl<X, Y> Fit<'_, X, Y> {
    /// What to do about a loss or a gradient that is not finite; what the optimizer is told, which is an error, unless set here.
    ///
    /// - [`NonFinite::Error`] ends the training, with the batch, and the operation and layer where the number arose.
    /// - [`NonFinite::Skip`] leaves out the step: parameters, the optimizer and running statistics stay as they are, and
    ///   neither the count of steps nor a [schedule by step](Fit::schedule_by_step) moves on. The batch is in no mean; how many
    ///   were skipped is in the [`EpochRecord`](crate::EpochRecord) and in the lines of progress. An epoch in which nothing
    ///   else happens is an error.
    /// - [`NonFinite::Ignore`] goes on, whatever becomes of the model.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::{NonFinite, Sgd};
    /// use plywood_tensor::{Elem, Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// let x = Tensor::from([[1.0], [2.0], [Elem::NAN], [3.0]]);
    /// let y = Tensor::from([[3.0], [5.0], [7.0], [7.0]]);
    /// let mut trainer =
    ///     Trainer::compile(Linear::new(1, 1, &Seed(7).stream())?, Sgd::new(0.05), MeanSquaredError);
    /// let fit = || Fit::epochs(100).batch_size(1).progress(Progress::Silent);
    /// let error = trainer.fit_arrays(&x, &y, fit().shuffle(false)).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "epoch 1, batch 3: the loss is NaN; sample 2 of the data set has an input that is not finite"
    /// );
    ///
    /// let history = trainer.fit_arrays(&x, &y, fit().non_finite(NonFinite::Skip))?;
    /// assert_eq!(history.last().unwrap().skipped, 1);
    /// assert!(history.last().unwrap().training.loss() < 1e-3);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TrainError::AllSkipped`](crate::TrainError::AllSkipped) for an epoch without a step that counts.
    #[must_use]
    #[doc(alias = "TerminateOnNaN")]
    pub fn non_finite(mut self, policy: NonFinite) -> Self {
        self.checks.non_finite = Some(policy);
        self
    }

    /// Looks at every result and every gradient of every step, and stops at the first that is not finite: also where the loss
    /// is finite all the same, and in a [custom step](crate::Trainer::custom_step) that uses [`Step::context`](crate::Step::context).
    ///
    /// It costs a pass over every number. A loss or a gradient of a parameter that is not finite is traced without it: the
    /// step is run again then. A model that uses infinities on purpose, as masks do, is refused.
    ///
    /// ```
    /// use plywood_autograd::Var;
    /// use plywood_losses::Losses;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// // Overflows, and then divides by it: the loss is 0, and so is every gradient.
    /// let vanishing = |y: &Var, _: &Tensor| Losses::new(&y.square().add_scalar(1e3).exp().reciprocal());
    /// let model = Sequential::input([1]).linear(4).tanh().linear(1).build(Seed(7))?;
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.1), vanishing);
    /// let fit = Fit::epochs(1).detect_anomaly(true).progress(Progress::Silent);
    /// let error = trainer.fit_arrays(&Tensor::from([[1.0]]), &Tensor::from([[1.0]]), fit).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "epoch 1, batch 1: a number is not finite; first non-finite result: exp behind 2"
    /// );
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TrainError::Anomaly`](crate::TrainError::Anomaly).
    ///
    /// # References
    /// PyTorch: `torch.autograd.set_detect_anomaly`, which looks at gradients alone, for NaN alone.
    #[must_use]
    #[doc(alias = "set_detect_anomaly")]
    pub fn detect_anomaly(mut self, detect: bool) -> Self {
        self.checks.anomaly = detect;
        self
    }

    /// Whether the norm over all gradients is found in every step, and its mean is in the [history](crate::EpochRecord), its logs
    /// and its [report](crate::Report); it is where the optimizer [limits](plywood_optim::Optimizer::clip_global_norm) or
    /// [measures](plywood_optim::Optimizer::measure_norm) it, and nowhere else unless set.
    ///
    /// It costs a pass over the gradients, and changes no bit of the training. Limits for elements, units and parameters are applied
    /// before it is taken, that for all gradients after it. A norm that is not finite, where
    /// [such are ignored](Fit::non_finite), is left out of the mean. Callbacks see that of each step as
    /// [`Status::gradient_norm`](crate::Status::gradient_norm).
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Linear;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_train::{Fit, Progress, Trainer};
    ///
    /// // The prediction is 0, so that the only gradient is 2 (0 + 1) 3 = 6.
    /// let (x, y) = (Tensor::from([[3.0]]), Tensor::from([[-1.0]]));
    /// let mut model = Linear::new(1, 1, &Seed(7).stream())?.without_bias();
    /// *model.weight.value_mut() = Tensor::from([[0.0]]);
    /// let mut trainer = Trainer::compile(model, Sgd::new(0.01), MeanSquaredError);
    /// let history = trainer.fit_arrays(&x, &y, Fit::epochs(1).gradient_norms(true).progress(Progress::Silent))?;
    /// assert_eq!(history.series("gradient norm"), [(1, 6.0)]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// PyTorch Lightning: `grad_norm` in `on_before_optimizer_step`.
    #[must_use]
    #[doc(alias = "grad_norm")]
    pub fn gradient_norms(mut self, measure: bool) -> Self {
        self.checks.gradient_norms = measure;
        self
    }

    /// Whether to look at the first batch of an untrained model for what commonly goes wrong, and to print on standard error what
    /// is found, where progress is shown; it is done where progress is shown, unless told here.
    ///
    /// It costs one more pass of the batch through the model and back, and changes no bit of the training. Nothing is printed when
    /// all is well; [`Trainer::first_look`](crate::Trainer::first_look) has what was found. [`Trainer::audit`](crate::Trainer::audit)
    /// looks at the data too. A [custom step](crate::Trainer::custom_step) is not looked at.
    ///
    /// ```
    /// use plywood_data::datasets;
    /// use plywood_losses::BinaryCrossEntropyWithLogits;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Adam;
    /// use plywood_tensor::Seed;
    /// use plywood_train::{Finding, Fit, Progress, Trainer};
    ///
    /// let data = datasets::breast_cancer();
    /// let model = Sequential::input([30]).normalization(&data).linear(8).relu().linear(1).sigmoid().build(Seed(7))?;
    /// let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropyWithLogits);
    /// trainer.fit(&data, Fit::epochs(1).audit(true).progress(Progress::Silent))?;
    /// let found = trainer.first_look().unwrap().findings();
    /// assert!(matches!(found, [Finding::Probabilities { softmax: false, .. }]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// PyTorch Lightning's sanity check, which runs validation batches before the first epoch to see that nothing fails.
    #[must_use]
    pub fn audit(mut self, audit: bool) -> Self {
        self.checks.audit = Some(audit);
        self
    }

    pub(super) fn looks_first(&self) -> bool {
        self.checks.audit.unwrap_or(self.progress != Progress::Silent)
    }
}
