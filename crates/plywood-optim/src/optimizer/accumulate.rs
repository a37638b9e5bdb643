//! Gradients of several calls that make one step.

use super::Optimizer;
use super::clip::Clip;
use super::look::Norms;
use crate::StepReport;
use crate::error::expect;
use crate::whole::{Whole, WholeMut};
use plywood_autograd::Gradients;
use plywood_nn::Leaf;
use plywood_tensor::{At, Elem, Float, Result};

/// The name under which the sum of a parameter stands among its slots in a state.
pub(super) const SUM: &str = "accumulated";

impl Optimizer {
    /// Takes one step for every `count` calls, with the mean of their gradients: as if the batch were as many times as large.
    ///
    /// The other calls move nothing, and say so in their report ([`StepReport::accumulated`]). Clipping and weight decay see
    /// the mean. The sum so far is part of the state, as the slot `accumulated` of each parameter, so that a run can go on in
    /// the midst of it. A call whose gradients are not finite counts for nothing where that is
    /// [no error](Optimizer::non_finite). Keras: `gradient_accumulation_steps`.
    ///
    /// ```
    /// use plywood_autograd::{Gradients, Param};
    /// use plywood_optim::{Optimizer, Sgd};
    /// use plywood_tensor::Tensor;
    ///
    /// let mut model = vec![Param::new(Tensor::from([1.0]))];
    /// let mut optimizer = Optimizer::new(Sgd::new(0.5)).accumulate(2);
    /// let mut gradients = Gradients::default();
    /// gradients.set(&model[0], Tensor::from([1.0]));
    /// assert_eq!(optimizer.step(&mut model, &gradients)?.accumulated, Some(1));
    /// assert_eq!(model[0].value().as_slice(), [1.0]);
    /// gradients.set(&model[0], Tensor::from([3.0]));
    /// assert!(optimizer.step(&mut model, &gradients)?.is_step());
    /// assert_eq!(model[0].value().as_slice(), [0.0]); // the mean was 2
    /// assert_eq!(optimizer.steps(), 1);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    #[must_use]
    pub fn accumulate(mut self, count: u64) -> Optimizer {
        self.accumulate = count;
        self
    }

    /// How many calls make a step: 1 unless [`Optimizer::accumulate`] says otherwise.
    pub fn calls_per_step(&self) -> u64 {
        self.accumulate.max(1)
    }

    pub(super) fn check_accumulate(&self) -> Result<()> {
        let count = self.accumulate;
        expect("accumulate", "at least 1 call for a step", count as f64, count > 0)?;
        let evaluations = self.rule.evaluations();
        let fits = count <= 1 || evaluations == 1;
        expect("accumulate", "a rule of 1 gradient for a step", evaluations as f64, fits)
    }

    /// Whether gradients are summed before they make a step.
    pub(super) fn accumulates(&self) -> bool {
        self.accumulate > 1 || self.accumulated > 0
    }

    /// Adds the gradients to those of earlier calls, and takes a step if they are enough.
    pub(super) fn gather(&mut self, model: &mut dyn WholeMut, gradients: &Gradients) -> Result<StepReport> {
        let look = self.look(model, gradients, &Clip::default(), Norms::Unknown)?;
        if look.skipped.is_some() {
            return Ok(StepReport { accumulated: Some(self.accumulated), ..look.into_report(false) });
        }
        if self.accumulated.saturating_add(1) < self.accumulate {
            self.add(model, gradients)?;
            self.accumulated += 1;
            return Ok(StepReport { accumulated: Some(self.accumulated), ..StepReport::default() });
        }
        let mean = self.mean(model, gradients)?;
        // An error leaves the sum as it is. A mean that is skipped, for it has grown beyond all numbers, is given up.
        let report = self.take(model, &mean)?;
        self.accumulated = 0;
        self.entries.values_mut().for_each(|entry| entry.sum = None);
        Ok(report)
    }

    /// Adds the gradients to the sums. Their shapes were looked at before.
    fn add(&mut self, model: &dyn Whole, gradients: &Gradients) -> Result<()> {
        let mut result = Ok(());
        model.show(&mut |path, leaf| {
            let Leaf::Param(param) = leaf else { return };
            let (Some(gradient), Some(entry)) = (gradients.get(param), self.entries.get_mut(&param.id()))
            else {
                return;
            };
            match &mut entry.sum {
                _ if !param.is_trainable() || result.is_err() => {}
                Some(sum) => result = sum.add_in_place(gradient).at(path),
                // Shared until one of the two is changed.
                none => *none = Some(gradient.clone()),
            }
        });
        result
    }

    /// The mean of the sums and the gradients.
    fn mean(&self, model: &dyn Whole, gradients: &Gradients) -> Result<Gradients> {
        let count = Elem::of(self.accumulated.saturating_add(1) as f64);
        let (mut mean, mut result) = (Gradients::default(), Ok(()));
        model.show(&mut |path, leaf| {
            let Leaf::Param(param) = leaf else { return };
            let (Some(gradient), Some(entry)) = (gradients.get(param), self.entries.get(&param.id())) else {
                return;
            };
            let of_parameter = match &entry.sum {
                Some(sum) => sum.zip("accumulate", gradient, move |sum, g| (sum + g) / count),
                None => Ok(gradient.map(move |g| g / count)),
            };
            match of_parameter.at(path) {
                Ok(of_parameter) => mean.set(param, of_parameter),
                Err(error) => result = Err(error),
            }
        });
        result.map(|()| mean)
    }
}
