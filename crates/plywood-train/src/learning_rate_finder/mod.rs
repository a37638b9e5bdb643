//! Which learning rate to begin with.

mod curve;

pub use curve::LearningRateCurve;

use crate::{Callback, Fit, Flow, Input, Status, TrainError, Trainer};
use plywood_data::{Dataset, Samples};
use plywood_nn::Module;
use plywood_tensor::{Result, math};

/// Finds out which learning rate to begin with: one step at each of many rates, from a tiny one to one that is too large.
///
/// The rate of step `i` of `n` is `from · (to / from)^(i / (n − 1))`. The losses of the batches are smoothed,
/// `s ← β s + (1 − β) l` with `β = 0.98`, divided by `1 − β^(i + 1)`; the sweep ends early when that is above four times the
/// smallest so far, or when a loss or gradient is no longer finite. The rate at which the smoothed loss falls most steeply is
/// the [suggestion](LearningRateCurve::suggestion).
///
/// Afterwards the trainer is what it was before, to the bit: weights, optimizer, steps and history. What a
/// [custom step](Trainer::custom_step) keeps for itself is all that cannot be taken back.
///
/// # Example
/// ```
/// use plywood_data::datasets;
/// use plywood_losses::CrossEntropy;
/// use plywood_nn::Sequential;
/// use plywood_optim::Adam;
/// use plywood_tensor::Seed;
/// use plywood_train::{Fit, LearningRateFinder, Trainer, weights_hash};
///
/// let data = datasets::digits();
/// let model = Sequential::input([64]).normalization(&data).linear(64).relu().linear(10).build(Seed(7))?;
/// let mut trainer = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default());
/// let before = weights_hash(trainer.model());
///
/// let curve = LearningRateFinder::new().run(&mut trainer, &data, Fit::epochs(1).batch_size(64))?;
/// let rate = curve.suggestion().unwrap();
/// assert!((1e-4..0.1).contains(&rate), "{rate}");
/// assert_eq!(weights_hash(trainer.model()), before);
/// trainer.optimizer_mut().set_learning_rate(rate);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Smith, [Cyclical Learning Rates for Training Neural Networks](https://arxiv.org/abs/1506.01186), 2017. fastai: `lr_find`,
/// whose `steep` is this suggestion, and whose `valley` lies lower. Lightning: `Tuner.lr_find`, whose slope is that over the
/// rate itself, which prefers small ones.
#[derive(Debug, Clone, PartialEq)]
#[doc(alias = "lr_find")]
pub struct LearningRateFinder {
    from: f64,
    to: f64,
    steps: usize,
}

const OWNER: &str = "learning rate finder";
/// How much of the smoothed loss stays at each step.
const SMOOTHING: f64 = 0.98;
/// Above so many times the smallest smoothed loss, a rate is too large.
const DIVERGED: f64 = 4.0;

impl LearningRateFinder {
    /// 100 rates from 1e-7 to 10.
    pub fn new() -> LearningRateFinder {
        LearningRateFinder { from: 1e-7, to: 10.0, steps: 100 }
    }

    /// The smallest and the largest rate.
    ///
    /// # Errors
    /// [`TrainError::Setting`] unless both are finite and `0 < from < to`.
    pub fn range(self, from: f64, to: f64) -> Result<LearningRateFinder> {
        if !(from > 0.0 && from.is_finite()) {
            let expected = "a finite smallest rate above 0";
            return Err(TrainError::Setting { owner: OWNER, expected, got: from }.into());
        }
        if !(to > from && to.is_finite()) {
            let expected = "a finite largest rate above the smallest";
            return Err(TrainError::Setting { owner: OWNER, expected, got: to }.into());
        }
        Ok(LearningRateFinder { from, to, ..self })
    }

    /// How many rates; data that has fewer batches is gone through several times.
    ///
    /// # Errors
    /// [`TrainError::Setting`] for less than 2.
    pub fn steps(self, steps: usize) -> Result<LearningRateFinder> {
        if steps < 2 {
            let expected = "at least 2 steps";
            return Err(TrainError::Setting { owner: OWNER, expected, got: steps as f64 }.into());
        }
        Ok(LearningRateFinder { steps, ..self })
    }

    /// Trains for a trial, in the batches of `fit`; its epochs, schedules, callbacks, validation and checks do not matter.
    ///
    /// # Errors
    /// What [`Trainer::fit`] refuses; numbers that are not finite are an error at the very first step alone.
    pub fn run<M: Module<X::Leaf>, X: Input, Y: Samples>(
        &self,
        trainer: &mut Trainer<M, X, Y>,
        data: &impl Dataset<Input = X, Target = Y>,
        fit: Fit<'_, X, Y>,
    ) -> Result<LearningRateCurve> {
        let before = trainer.begin_trial();
        let mut sweep = Sweep::new(self);
        let outcome = trainer.fit(data, fit.trial(&mut sweep));
        let points = sweep.points;
        trainer.end_trial(before)?;
        match outcome {
            // Going too far is what the sweep is for.
            Err(error) if points.is_empty() || !is_divergence(error.source_as()) => Err(error),
            _ => Ok(LearningRateCurve::new(points)),
        }
    }

    /// The rate of a step, counted from 0.
    fn rate(&self, step: usize) -> f64 {
        let done = step as f64 / (self.steps - 1) as f64;
        self.from * math::pow(self.to / self.from, done)
    }
}

impl Default for LearningRateFinder {
    fn default() -> LearningRateFinder {
        LearningRateFinder::new()
    }
}

fn is_divergence(error: Option<&TrainError>) -> bool {
    matches!(error, Some(TrainError::Loss { .. } | TrainError::Gradient { .. }))
}

/// What raises the rate, and writes down what it brings.
struct Sweep<'a> {
    finder: &'a LearningRateFinder,
    /// Rate and smoothed loss.
    points: Vec<(f64, f64)>,
    mean: f64,
    best: f64,
}

impl<'a> Sweep<'a> {
    fn new(finder: &'a LearningRateFinder) -> Sweep<'a> {
        Sweep { finder, points: Vec::new(), mean: 0.0, best: f64::INFINITY }
    }

    /// Takes note of the loss at the rate of this step; whether there is another one.
    fn take(&mut self, loss: f64) -> Flow {
        let step = self.points.len();
        self.mean = SMOOTHING * self.mean + (1.0 - SMOOTHING) * loss;
        let smoothed = self.mean / (1.0 - math::pow(SMOOTHING, (step + 1) as f64));
        self.points.push((self.finder.rate(step), smoothed));
        self.best = self.best.min(smoothed);
        let ends = step + 1 == self.finder.steps || smoothed > DIVERGED * self.best;
        if ends { Flow::Stop } else { Flow::Continue }
    }
}

impl Callback for Sweep<'_> {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        status.optimizer.set_rate_factor(1.0)?;
        status.optimizer.set_learning_rate(self.finder.rate(0));
        Ok(Flow::Continue)
    }

    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let flow = self.take(status.batch_loss);
        status.optimizer.set_learning_rate(self.finder.rate(self.points.len()));
        Ok(flow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    #[test]
    fn sweeps_are_those_of_fastai() {
        let golden: Value =
            serde_json::from_str(include_str!("../../tests/golden/learning_rate_finder.json")).unwrap();
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 4);
        for (number, case) in cases.iter().enumerate() {
            let list = |name: &str| -> Vec<f64> {
                case[name].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
            };
            let finder = LearningRateFinder::new();
            let mut sweep = Sweep::new(&finder);
            let _ = list("raw").into_iter().any(|loss| sweep.take(loss) == Flow::Stop);
            let expected = list("smoothed");
            assert_eq!(sweep.points.len(), expected.len(), "{number}");
            for ((_, smoothed), expected) in sweep.points.iter().zip(expected) {
                assert!((smoothed / expected - 1.0).abs() < 1e-12, "{number}: {smoothed} and {expected}");
            }
            let suggestion = LearningRateCurve::new(sweep.points).suggestion();
            // fastai always has one, also where the loss only rises.
            let expected = case["suggestion"].as_f64().filter(|_| number != 2);
            assert_eq!(suggestion.is_some(), expected.is_some(), "{number}");
            let (got, expected) = (suggestion.unwrap_or(1.0), expected.unwrap_or(1.0));
            assert!((got / expected - 1.0).abs() < 1e-12, "{number}: {got} and {expected}");
        }
    }
}
