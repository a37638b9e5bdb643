//! How far predictions are from their targets.

use crate::{Curve, Plot, TrainError};
use plywood_losses::{MeanAbsoluteError, Meter, RSquared, RootMeanSquaredError};
use plywood_tensor::{Float, Result, Tensor};

/// So many points are drawn at most: more make a file that is slow to open, and no other picture.
const DRAWN: usize = 1500;

/// Numbers that were predicted, each with the one that it should have been.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Residuals {
    pub(super) predictions: Tensor,
    pub(super) targets: Tensor,
}

impl Residuals {
    pub(super) fn check(&self) -> Result<(), TrainError> {
        let (predictions, targets) = (self.predictions.numel(), self.targets.numel());
        if predictions == targets && targets > 0 {
            return Ok(());
        }
        Err(TrainError::Residuals { predictions, targets })
    }

    fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        let pairs = self.predictions.as_slice().iter().zip(self.targets.as_slice());
        pairs.map(|(prediction, target)| (prediction.to_f64(), target.to_f64()))
    }

    /// Root mean squared error, mean absolute error, and the share of the variance that is explained; NaN where a number is
    /// not finite.
    pub(super) fn errors(&self) -> Result<[(&'static str, f64); 3]> {
        // Of whatever shapes they are, as many numbers belong together in their order.
        let numbers = [self.targets.numel()];
        let (predictions, targets) = (self.predictions.reshape(numbers)?, self.targets.reshape(numbers)?);
        let finite = self.pairs().all(|(prediction, target)| prediction.is_finite() && target.is_finite());
        let measure = |mut meter: Meter<Tensor>| -> Result<f64> {
            // A metric refuses them, but a report is to show what there is.
            if !finite {
                return Ok(f64::NAN);
            }
            meter.update(&predictions, &targets, None)?;
            Ok(meter.value())
        };
        Ok([
            ("root mean squared error", measure(Meter::new(RootMeanSquaredError))?),
            ("mean absolute error", measure(Meter::new(MeanAbsoluteError))?),
            ("R²", measure(Meter::new(RSquared))?),
        ])
    }

    /// Predictions over targets, and what is missing over predictions.
    pub(super) fn panels(&self) -> [Plot; 2] {
        let stride = self.targets.numel().div_ceil(DRAWN);
        let drawn = || self.pairs().step_by(stride).filter(|(p, t)| p.is_finite() && t.is_finite());
        let range = |of: fn((f64, f64)) -> f64| {
            drawn()
                .map(of)
                .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
        };
        let ((low, high), (left, right)) = (range(|(_, target)| target), range(|(prediction, _)| prediction));
        let dots = Curve::over("samples", drawn().map(|(p, t)| (t, p))).dots();
        let perfect = Curve::over("perfect", [(low, low), (high, high)]);
        let missing = Curve::over("samples", drawn().map(|(p, t)| (p, t - p))).dots();
        let zero = Curve::over("zero", [(left, 0.0), (right, 0.0)]);
        [
            Plot::new().panel("prediction", [dots, perfect]).across("target"),
            Plot::new().panel("target − prediction", [missing, zero]).across("prediction"),
        ]
    }
}
