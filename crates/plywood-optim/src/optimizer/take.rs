//! Steps.

use super::apply::Update;
use super::clip::{Clip, factor};
use super::look::Norms;
use super::prepare::Prepare;
use super::{Optimizer, adaptive};
use crate::whole::{Whole, WholeMut};
use crate::{OptimError, Step, StepReport, WeightDecay};
use plywood_autograd::Gradients;
use plywood_nn::{Leaf, LeafMut, Parameters};
use plywood_tensor::{Result, Tensor};

impl Optimizer {
    /// Moves every trainable parameter by its gradient, in place; nothing is changed if an error is returned.
    ///
    /// The memory of a parameter is written without a copy when nothing else holds it: neither a graph that was not walked
    /// nor a state dict.
    ///
    /// # Errors
    /// With the path of the parameter: [`OptimError::NoGradient`], [`OptimError::GradientShape`],
    /// [`OptimError::NonFinite`] and their relatives. At the first step also what is wrong with the settings, the patterns of
    /// groups, or a state that was loaded before. [`OptimError::Evaluations`] for a rule that takes several gradients.
    pub fn step(
        &mut self,
        model: &mut (impl Parameters + ?Sized),
        gradients: &Gradients,
    ) -> Result<StepReport> {
        let (rule, evaluations) = (self.rule.name(), self.rule.evaluations());
        if evaluations > 1 {
            return Err(OptimError::Evaluations { rule, evaluations }.into());
        }
        self.finish(&mut { model }, gradients)
    }

    /// Takes a step with as many gradients as the rule wants: `evaluate` is called for each, once for most rules.
    ///
    /// `evaluate` returns the gradients for the parameters as they are, and anything besides, such as the loss; what it
    /// returned at the first call, before anything was moved, is returned with the report. It should not return a
    /// [`Var`](plywood_autograd::Var) whose graph holds the parameters. If it fails, they are where they were.
    ///
    /// ```
    /// use plywood_autograd::{Param, Var};
    /// use plywood_optim::{Optimizer, Sgd};
    /// use plywood_tensor::Tensor;
    ///
    /// let mut model = vec![Param::new(Tensor::from([2.0]))];
    /// let mut optimizer = Optimizer::new(Sgd::new(0.25));
    /// let (loss, _) = optimizer.step_with(&mut model, |model| {
    ///     let x = Var::parameter(&model[0]);
    ///     let loss = x.mul(&x)?.sum();
    ///     Ok((loss.value().item()?, loss.backward()?))
    /// })?;
    /// assert_eq!(loss, 4.0);
    /// assert_eq!(model[0].value().as_slice(), [1.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Optimizer::step`], and those of `evaluate`.
    pub fn step_with<M: Parameters + ?Sized, T>(
        &mut self,
        model: &mut M,
        mut evaluate: impl FnMut(&mut M) -> Result<(T, Gradients)>,
    ) -> Result<(T, StepReport)> {
        let (value, mut gradients) = evaluate(model)?;
        for evaluation in 1..self.rule.evaluations() {
            let look = self.look(&&*model, &gradients, &Clip::default(), Norms::Needed)?;
            let Some(norm) = look.norm else { return Ok((value, look.into_report(false))) };
            let origin = values(&&*model);
            self.probe(&mut &mut *model, &gradients, evaluation, norm);
            let outcome = evaluate(model);
            restore(&mut &mut *model, origin);
            (_, gradients) = outcome?;
        }
        Ok((value, self.finish(&mut { model }, &gradients)?))
    }

    /// Takes a step, or adds the gradients to those that wait for theirs.
    fn finish(&mut self, model: &mut dyn WholeMut, gradients: &Gradients) -> Result<StepReport> {
        if self.accumulates() { self.gather(model, gradients) } else { self.take(model, gradients) }
    }

    /// Looks at the gradients and, if nothing speaks against it, moves the parameters.
    pub(super) fn take(&mut self, model: &mut dyn WholeMut, gradients: &Gradients) -> Result<StepReport> {
        let clip = self.clip;
        let norms = match self.measures_norm {
            _ if clip.needs_norms() => Norms::Needed,
            true => Norms::Watched,
            false => Norms::Unknown,
        };
        let look = self.look(model, gradients, &clip, norms)?;
        if look.skipped.is_none() {
            // A state may say anything.
            self.steps = self.steps.saturating_add(1);
            self.update(model, gradients, factor(clip.global_norm, look.norm.unwrap_or(0.0)));
        }
        Ok(look.into_report(self.reports_norm()))
    }

    /// Moves the parameters; the gradients were looked at before.
    fn update(&mut self, model: &mut dyn WholeMut, gradients: &Gradients, scale: f64) {
        let Optimizer { rule, groups, clip, noise, steps, learning_rate, rate_factor, entries, .. } = self;
        let (main, main_rate) = (&**rule, *learning_rate);
        let initial = main.learning_rate();
        // Groups follow what is done to the learning rate.
        let proportion = if initial == 0.0 { 1.0 } else { main_rate / initial };
        let mut last = None;
        model.show_mut(&mut |_, leaf| {
            let LeafMut::Param(param) = leaf else { return };
            if !param.is_trainable() {
                return;
            }
            let Some(gradient) = gradients.get(param) else { return };
            let Some(entry) = entries.get_mut(&param.id()) else { return };
            let (rule, which) = entry.rule(main, groups);
            if entry.count == 0 {
                entry.start(rule);
            }
            entry.count = entry.count.saturating_add(1);

            let group = entry.group.map(|index| &groups[index]);
            let other_rate = (which != 0).then(|| rule.learning_rate());
            let own_rate = group.and_then(|group| group.learning_rate).or(other_rate);
            let own_decay = group.and_then(|group| group.weight_decay);
            let decay = rule.weight_decay();
            let decay = own_decay.map_or(decay, |own| decay.with_strength(own));
            let factor = group.and_then(|group| group.rate_factor).unwrap_or(*rate_factor);
            let rate = own_rate.map_or(main_rate, |own| own * proportion) * factor;
            let (mut limit, mut scale) = (clip.limit(), entry.scale * scale);
            // Neither is usual, so they take passes of their own.
            let mut changed = None;
            if !entry.units.is_empty() {
                changed = Some(adaptive::scaled(gradient, limit, &entry.units));
                limit = f64::INFINITY;
            }
            if let Some(noise) = noise {
                let noise = noise.of(*steps - 1, &entry.path, entry.shape);
                let gradient = changed.as_ref().unwrap_or(gradient);
                changed =
                    Some(Prepare::new(limit, scale, WeightDecay::Coupled(1.0), 0.0).whole(&noise, gradient));
                (limit, scale) = (f64::INFINITY, 1.0);
            }
            let gradient = changed.as_ref().unwrap_or(gradient);
            let mut prepare = Prepare::new(limit, scale, decay, rate);
            let known = last.filter(|(rule, _)| *rule == which).map(|(_, step)| step);
            let mut step = Step::of(rule, known, entry.count, rate);
            last = Some((which, step));
            if rule.decays() {
                step.keep = prepare.take_decay();
                step.weight_decay = if let WeightDecay::Decoupled(strength) = decay { strength } else { 0.0 };
            }
            let update = Update { rule, step, prepare };
            update.apply(param.value_mut(), gradient, &mut entry.slots);
        });
    }

    /// Moves the parameters to where the next gradient shall be taken.
    fn probe(&self, model: &mut dyn WholeMut, gradients: &Gradients, evaluation: usize, norm: f64) {
        model.show_mut(&mut |_, leaf| {
            let LeafMut::Param(param) = leaf else { return };
            if !param.is_trainable() {
                return;
            }
            if let Some(gradient) = gradients.get(param) {
                self.rule.probe(evaluation, norm, param.value_mut().as_mut_slice(), gradient.as_slice());
            }
        });
    }
}

/// Every parameter, sharing its memory.
fn values(model: &dyn Whole) -> Vec<Tensor> {
    let mut values = Vec::new();
    model.show(&mut |_, leaf| {
        if let Leaf::Param(param) = leaf {
            values.push(param.value().clone());
        }
    });
    values
}

/// Puts every parameter back.
fn restore(model: &mut dyn WholeMut, values: Vec<Tensor>) {
    let mut values = values.into_iter();
    model.show_mut(&mut |_, leaf| {
        let LeafMut::Param(param) = leaf else { return };
        if let Some(value) = values.next() {
            *param.value_mut() = value;
        }
    });
}
