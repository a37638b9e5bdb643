//! Mean errors as metrics: the losses of the same names, measured.

use super::samples::{measured, share, slots};
use crate::{MeanAbsoluteError, MeanSquaredError, Metric};
use plywood_tensor::{Result, Tensor};

/// `Σ w f(x − t) / Σ w` over all numbers.
macro_rules! mean_error {
    ($type:ident, $name:literal, $error:expr, $value:expr) => {
        impl Metric<Tensor> for $type {
            fn name(&self) -> String {
                $name.into()
            }

            fn update(
                &self,
                counts: &mut Vec<f64>,
                prediction: &Tensor,
                target: &Tensor,
                weights: Option<&Tensor>,
            ) -> Result<()> {
                let numbers = measured($name, prediction, target, weights)?;
                let counts = slots($name, counts, 2)?;
                let error: fn(f64) -> f64 = $error;
                for number in numbers {
                    counts[0] += number.weight * error(number.prediction - number.target);
                    counts[1] += number.weight;
                }
                Ok(())
            }

            fn value(&self, counts: &[f64]) -> f64 {
                let value: fn(f64) -> f64 = $value;
                value(share(counts))
            }

            fn higher_is_better(&self) -> bool {
                false
            }
        }
    };
}

mean_error!(MeanAbsoluteError, "mean_absolute_error", f64::abs, |mean| mean);
mean_error!(MeanSquaredError, "mean_squared_error", |d| d * d, |mean| mean);
mean_error!(RootMeanSquaredError, "root_mean_squared_error", |d| d * d, f64::sqrt);

/// `√(Σ (x − t)² / n)` over all numbers of all samples: an error in the unit of the target.
///
/// # Shapes
/// prediction `[N, ..]`, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Meter, RootMeanSquaredError};
/// # use plywood_tensor::Tensor;
/// let mut meter = Meter::new(RootMeanSquaredError);
/// meter.update(&Tensor::from([1.0, 9.0]), &Tensor::from([2.0, 2.0]), None)?;
/// assert_eq!(meter.value(), 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// scikit-learn: `root_mean_squared_error`, which averages the roots of several outputs; Keras: `RootMeanSquaredError`.
#[derive(Debug, Clone, Copy, Default)]
pub struct RootMeanSquaredError;

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] = {
    use crate::table::MetricRow;
    &[
        MetricRow::real("mean_absolute_error", || Box::new(MeanAbsoluteError)),
        MetricRow::real("mean_squared_error", || Box::new(MeanSquaredError)),
        MetricRow::real("root_mean_squared_error", || Box::new(RootMeanSquaredError)),
    ]
};
