//! The share of the variance that a prediction explains.

use super::samples::{measured, slots};
use crate::{Metric, checks};
use plywood_tensor::{Result, Tensor};

const OP: &str = "r_squared";

/// `1 − Σ (t − x)² / Σ (t − mean t)²`, averaged over the outputs of a sample: 1 is perfect, 0 is no better than the mean.
///
/// An output whose target never varies counts 1 if it is predicted exactly, 0 otherwise.
///
/// # Shapes
/// prediction `[N, ..]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, RSquared};
/// # use plywood_tensor::Tensor;
/// let mut meter = Meter::new(RSquared);
/// meter.update(&Tensor::from([1.0, 2.0, 2.0]), &Tensor::from([1.0, 2.0, 3.0]), None)?;
/// assert_eq!(meter.value(), 0.5);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `r2_score`. The variance is collected by Welford's method, which does not lose digits where the mean is
/// far from 0 (*Note on a Method for Calculating Corrected Sums of Squares and Products*, 1962).
#[derive(Debug, Clone, Copy, Default)]
#[doc(alias = "R2Score")]
pub struct RSquared;

/// The counts are, for each output: weight, mean and squared deviations of the target, squared error of the prediction.
impl Metric<Tensor> for RSquared {
    fn name(&self) -> String {
        OP.into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Tensor,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        let numbers = measured(OP, prediction, target, weights)?;
        let counts = slots(OP, counts, 4 * checks::per_sample(prediction.shape()))?;
        for number in numbers.filter(|number| number.weight > 0.0) {
            // Four numbers each.
            let [weight, mean, deviations, errors] = &mut counts[4 * number.column..][..4] else { continue };
            *weight += number.weight;
            let (error, before) = (number.prediction - number.target, number.target - *mean);
            *mean += before * number.weight / *weight;
            *deviations += number.weight * before * (number.target - *mean);
            *errors += number.weight * error * error;
        }
        Ok(())
    }

    fn value(&self, counts: &[f64]) -> f64 {
        let outputs = counts.chunks_exact(4);
        let count = outputs.len() as f64;
        let of = |output: &[f64]| match (output[0], output[2], output[3]) {
            (0.0, ..) => f64::NAN,
            (_, 0.0, 0.0) => 1.0,
            (_, 0.0, _) => 0.0,
            (_, deviations, errors) => 1.0 - errors / deviations,
        };
        outputs.map(of).sum::<f64>() / count
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::real("r_squared", || Box::new(RSquared)),
        MetricRow::real("r_squared: two outputs", || Box::new(RSquared)),
    ]
};
