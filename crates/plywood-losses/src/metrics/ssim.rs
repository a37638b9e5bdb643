//! Structural similarity as a metric: what the loss of the same name takes from 1.

use super::samples::{each, share};
use crate::{Metric, Ssim};
use plywood_autograd::Var;
use plywood_tensor::{Result, Tensor};

impl Metric<Tensor> for Ssim {
    fn name(&self) -> String {
        "ssim".into()
    }

    fn update(
        &self,
        counts: &mut Vec<f64>,
        prediction: &Tensor,
        target: &Tensor,
        weights: Option<&Tensor>,
    ) -> Result<()> {
        each("ssim", counts, prediction, weights, || {
            Ok(self.of("ssim", &Var::constant(prediction.clone()), target)?.into_value())
        })
    }

    fn value(&self, counts: &[f64]) -> f64 {
        share(counts)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::MetricRow] =
    &[crate::table::MetricRow::real("ssim", || Box::new(Ssim::default()))];
