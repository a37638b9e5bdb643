//! A model and its data under audit.

use super::Trainer;
use crate::audit::{self, Subject};
use crate::{Audit, AuditReport, Input, Progress};
use plywood_data::{Batch, Dataset, Samples};
use plywood_nn::Module;
use plywood_tensor::{Result, Seed};
use std::io::Write;

impl<M: Module<X::Leaf>, X: Input, Y: Samples> Trainer<M, X, Y> {
    /// Looks for what commonly goes wrong in a training, before time is spent on it; changes nothing.
    ///
    /// Among the [`Finding`](crate::Finding)s are a last activation that does not fit the loss, a loss that starts too high, inputs
    /// and targets that are not scaled or do not vary, dead and saturated activations, gradients that vanish or explode, samples
    /// that influence each other, and validation data that is in the training data too. `fit` has
    /// [a first look](crate::Fit::audit) at what a single batch can show.
    ///
    /// A model that was trained already can be audited too; where its loss starts is not looked at then.
    ///
    /// ```
    /// use plywood_losses::MeanSquaredError;
    /// use plywood_nn::Sequential;
    /// use plywood_optim::Sgd;
    /// use plywood_tensor::{Seed, Tensor};
    /// use plywood_data::ArrayDataset;
    /// use plywood_train::{Audit, Trainer};
    ///
    /// let x = Tensor::uniform([100, 3], 0.0, 1.0, &Seed(1).stream())?.mul_scalar(1000.0);
    /// let data = ArrayDataset::new(x, Tensor::normal([100, 1], 0.0, 1.0, &Seed(2).stream())?)?;
    /// let model = Sequential::input([3]).linear(8).tanh().linear(1).build(Seed(7))?;
    /// let trainer = Trainer::compile(model, Sgd::new(0.1), MeanSquaredError);
    /// assert_eq!(trainer.audit(&data, Audit::new())?.to_string(), "\
    /// 2 findings
    /// warning: the numbers that enter 0 are of size 569.3470: normalise the inputs
    /// warning: linear_tanh in 0: 99 % of the results are at the limits, where there is next to no slope: \
    /// normalise what comes in, or start the weights smaller");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`DataError::Empty`](plywood_data::DataError::Empty) for no samples; what the data set, the model or the loss refuses.
    pub fn audit(
        &self,
        data: &impl Dataset<Input = X, Target = Y>,
        audit: Audit<'_, X, Y>,
    ) -> Result<AuditReport> {
        audit::of_data(&self.subject(), data, &audit)
    }

    /// What `fit` has found in the first batch of the untrained model, if it had a look: see [`Fit::audit`](crate::Fit::audit).
    pub fn first_look(&self) -> Option<&AuditReport> {
        self.first_look.as_ref()
    }

    fn subject(&self) -> Subject<'_, M, Y> {
        let Trainer { model, loss, penalties, steps, .. } = self;
        Subject { model, loss: &**loss, penalties, steps: *steps }
    }

    /// Looks at the first batch, and prints what there is to say about it.
    pub(super) fn look_first(&mut self, batch: &Batch<X, Y>, seed: Seed, progress: Progress) {
        // What fails here fails in the step, which says in which batch.
        let Ok((report, _)) = audit::of_batch(&self.subject(), batch, seed) else { return };
        if progress != Progress::Silent && !report.is_quiet() {
            let _ = writeln!(std::io::stderr(), "audit of the first batch: {report}");
        }
        self.first_look = Some(report);
    }
}
