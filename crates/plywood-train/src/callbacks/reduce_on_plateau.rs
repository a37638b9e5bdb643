//! A smaller learning rate when it gets no better.

use crate::{Callback, CallbackState, Flow, Status, TrainError};
use plywood_tensor::Result;

/// As errors call it.
const OWNER: &str = "reduce on plateau";

/// Makes the learning rate smaller when a quantity has not become better for some epochs.
///
/// `η ← max(factor · η, floor)` after `patience` epochs in a row without a value better than the best by `min_delta`; then
/// nothing counts against it for `cooldown` epochs.
///
/// More is better if a metric says so, otherwise less. NaN is never better. Groups with a rate of their own follow in
/// proportion. It changes [`Optimizer::set_learning_rate`](plywood_optim::Optimizer::set_learning_rate), which is saved with the
/// state of a run; a [schedule](crate::Fit::schedule) multiplies with it.
///
/// # Example
/// ```
/// use plywood_losses::MeanSquaredError;
/// use plywood_nn::Linear;
/// use plywood_optim::Sgd;
/// use plywood_tensor::{Seed, Tensor};
/// use plywood_train::{Fit, Progress, ReduceOnPlateau, Trainer};
///
/// // Two answers to one question: the loss cannot fall below 1, and soon stands still.
/// let (x, y) = (Tensor::from([[0.0], [0.0]]), Tensor::from([[-1.0], [1.0]]));
/// let model = Linear::new(1, 1, &Seed(7).stream())?;
/// let mut trainer = Trainer::compile(model, Sgd::new(0.5), MeanSquaredError);
/// let plateau = ReduceOnPlateau::new("loss").patience(2).factor(0.5)?;
/// let history = trainer.fit_arrays(&x, &y, Fit::epochs(6).callback(plateau).progress(Progress::Silent))?;
/// let rates: Vec<f64> = history.series("learning rate").into_iter().map(|(_, rate)| rate).collect();
/// assert_eq!(rates, [0.5, 0.5, 0.5, 0.5, 0.25, 0.25]); // the second epoch was the best
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Keras: `ReduceLROnPlateau`, whose settings these are but for a cooldown that is an epoch shorter. PyTorch:
/// `ReduceLROnPlateau`, whose `patience` is one less, and whose `threshold` is a share of the best value unless told.
#[derive(Debug, Clone)]
#[doc(alias = "ReduceLROnPlateau")]
pub struct ReduceOnPlateau {
    monitor: String,
    factor: f64,
    patience: usize,
    cooldown: usize,
    min_delta: f64,
    floor: f64,
    best: Option<f64>,
    /// How many epochs in a row were no better.
    waited: usize,
    /// For how many more epochs it does not wait.
    cooling: usize,
}

impl ReduceOnPlateau {
    /// Watches a quantity of [`EpochRecord`](crate::EpochRecord): `loss`, `validation loss`, `validation accuracy`, …
    ///
    /// One that there is not is an error when the training begins.
    pub fn new(monitor: impl Into<String>) -> ReduceOnPlateau {
        ReduceOnPlateau {
            monitor: monitor.into(),
            factor: 0.1,
            patience: 10,
            cooldown: 0,
            min_delta: 1e-4,
            floor: 0.0,
            best: None,
            waited: 0,
            cooling: 0,
        }
    }

    /// What the learning rate is multiplied with; 0.1 unless set.
    ///
    /// # Errors
    /// [`TrainError::Setting`] if it is not from 0 to 1.
    pub fn factor(self, factor: f64) -> Result<ReduceOnPlateau> {
        setting("a factor from 0 to 1", factor, (0.0..=1.0).contains(&factor))?;
        Ok(ReduceOnPlateau { factor, ..self })
    }

    /// How many epochs in a row may be no better before it acts; 10 unless set.
    #[must_use]
    pub fn patience(self, epochs: usize) -> ReduceOnPlateau {
        ReduceOnPlateau { patience: epochs, ..self }
    }

    /// For how many epochs after it acted nothing counts against it; 0 unless set.
    #[must_use]
    pub fn cooldown(self, epochs: usize) -> ReduceOnPlateau {
        ReduceOnPlateau { cooldown: epochs, ..self }
    }

    /// By how much an epoch must be better to count; 0.0001 unless set.
    #[must_use]
    #[doc(alias = "threshold")]
    pub fn min_delta(self, min_delta: f64) -> ReduceOnPlateau {
        ReduceOnPlateau { min_delta, ..self }
    }

    /// The smallest learning rate it sets, before the factor of a schedule; 0 unless set.
    ///
    /// # Errors
    /// [`TrainError::Setting`] if it is negative or not finite.
    #[doc(alias = "min_lr")]
    pub fn floor(self, learning_rate: f64) -> Result<ReduceOnPlateau> {
        let fits = learning_rate >= 0.0 && learning_rate.is_finite();
        setting("a finite floor of at least 0", learning_rate, fits)?;
        Ok(ReduceOnPlateau { floor: learning_rate, ..self })
    }

    /// Takes note of an epoch; whether the learning rate is to become smaller.
    fn falls(&mut self, value: f64, sign: f64) -> bool {
        let better = match self.best {
            Some(best) => sign * value < sign * best - self.min_delta,
            None => !value.is_nan(),
        };
        if better {
            self.best = Some(value);
        }
        if better || self.cooling > 0 {
            self.waited = 0;
            self.cooling = self.cooling.saturating_sub(1);
            return false;
        }
        self.waited += 1;
        if self.waited < self.patience {
            return false;
        }
        (self.waited, self.cooling) = (0, self.cooldown);
        true
    }
}

impl Callback for ReduceOnPlateau {
    fn on_train_begin(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        status.expect(OWNER, &self.monitor)?;
        (self.best, self.waited, self.cooling) = (None, 0, 0);
        Ok(Flow::Continue)
    }

    fn on_epoch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        let Some((value, sign)) = status.monitored(OWNER, &self.monitor)? else {
            return Ok(Flow::Continue);
        };
        let rate = status.optimizer.learning_rate();
        if self.falls(value, sign) && rate > self.floor {
            status.optimizer.set_learning_rate((rate * self.factor).max(self.floor));
        }
        Ok(Flow::Continue)
    }

    fn state(&self) -> Result<Option<CallbackState>> {
        let memory = (self.best, self.waited, self.cooling);
        CallbackState::new(format!("reduce on plateau of {}", self.monitor), &memory).map(Some)
    }

    fn load_state(&mut self, state: &CallbackState) -> Result<()> {
        (self.best, self.waited, self.cooling) = state.value()?;
        Ok(())
    }
}

fn setting(expected: &'static str, got: f64, fits: bool) -> Result<()> {
    if fits { Ok(()) } else { Err(TrainError::Setting { owner: OWNER, expected, got }.into()) }
}

#[cfg(test)]
mod tests {
    use super::super::testing::end_epoch;
    use super::*;
    use plywood_optim::{Optimizer, Sgd};
    use serde_json::Value;

    /// The learning rates after epochs of these values.
    fn watch(mut plateau: ReduceOnPlateau, rate: f64, values: &[f64]) -> Vec<f64> {
        let mut optimizer = Optimizer::new(Sgd::new(rate));
        let mut rates = Vec::new();
        for (&value, epoch) in values.iter().zip(1..) {
            assert_eq!(end_epoch(&mut plateau, &mut optimizer, epoch, value), Flow::Continue);
            rates.push(optimizer.learning_rate());
        }
        rates
    }

    #[test]
    fn rates_are_those_of_pytorch() {
        let golden: Value = serde_json::from_str(include_str!("../../tests/golden/plateau.json")).unwrap();
        let cases = golden["cases"].as_array().unwrap();
        assert_eq!(cases.len(), 9);
        for case in cases {
            let number = |name: &str| case[name].as_f64().unwrap();
            let list = |name: &str| -> Vec<f64> {
                case[name].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect()
            };
            let monitor = if case["higher_is_better"] == true { "score" } else { "loss" };
            let plateau = ReduceOnPlateau::new(monitor).factor(number("factor")).unwrap();
            let plateau = plateau.patience(number("patience") as usize).cooldown(number("cooldown") as usize);
            let plateau = plateau.min_delta(number("min_delta")).floor(number("floor")).unwrap();
            let rate = golden["learning_rate"].as_f64().unwrap();
            // The same products in the same order: the same bits.
            assert_eq!(watch(plateau, rate, &list("values")), list("rates"), "{case}");
            assert!(list("rates").last() < Some(&rate), "{case}");
        }
    }

    #[test]
    fn nan_is_never_better() {
        let plateau = || ReduceOnPlateau::new("loss").patience(2).factor(0.5).unwrap();
        const NAN: f64 = f64::NAN;
        for (values, rates) in [
            ([NAN, NAN, NAN, NAN], [1.0, 0.5, 0.5, 0.25]),
            ([NAN, 2.0, NAN, 1.0], [1.0, 1.0, 1.0, 1.0]),
            ([2.0, NAN, NAN, 1.0], [1.0, 1.0, 0.5, 0.5]),
            ([2.0, NAN, 3.0, 1.0], [1.0, 1.0, 0.5, 0.5]),
        ] {
            assert_eq!(watch(plateau(), 1.0, &values), rates, "{values:?}");
        }
    }

    #[test]
    fn a_rate_below_the_floor_is_not_raised() {
        let plateau = ReduceOnPlateau::new("loss").patience(1).floor(0.1).unwrap();
        assert_eq!(watch(plateau, 0.01, &[1.0; 4]), [0.01; 4]);
    }

    #[test]
    fn settings_that_make_no_sense_are_refused() {
        let new = || ReduceOnPlateau::new("loss");
        for (outcome, text) in [
            (new().factor(1.5), "reduce on plateau: expected a factor from 0 to 1, got 1.5"),
            (new().factor(f64::NAN), "reduce on plateau: expected a factor from 0 to 1, got NaN"),
            (new().floor(-1.0), "reduce on plateau: expected a finite floor of at least 0, got -1"),
        ] {
            assert_eq!(outcome.unwrap_err().to_string(), text);
        }
    }
}
