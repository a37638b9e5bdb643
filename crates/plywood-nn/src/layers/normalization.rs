//! Features of mean 0 and variance 1.

use crate::{Context, Features, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::{Buffer, Var};
use plywood_tensor::{Elem, Float, Result, Shape, Tensor, math};
use serde::{Deserialize, Serialize};

/// `y = (x − mean) / √variance` for each feature, with the mean and the variance of the data it was fitted on.
///
/// It belongs at the head of a model: raw data goes in, and the file of the model holds what prepares it. Fit it on the
/// training part alone, so that what judges the model has no say in it. The two are buffers: saved, but not trained.
///
/// A feature that is the same everywhere is only shifted, to 0.
///
/// # Shapes
/// `[.., C] → [.., C]`, `mean [C]`, `variance [C]`.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Normalization};
/// use plywood_tensor::Tensor;
///
/// let layer = Normalization::fit(&Tensor::from([[1.0, 5.0], [3.0, 5.0]]))?;
/// let y = layer.forward(&Context::eval(), &Tensor::from([[4.0, 6.0]]).into())?;
/// assert_eq!(y.value().as_slice(), [2.0, 1.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Keras: `Normalization` and its `adapt`, with the same (population) variance; it divides a constant feature by 1e-7,
/// which makes huge numbers of later deviations. scikit-learn's `StandardScaler` does as we do. PyTorch has none.
#[derive(Debug, Clone)]
#[doc(alias("StandardScaler", "adapt"))]
pub struct Normalization {
    /// `[C]`
    pub mean: Buffer,
    /// `[C]`
    pub variance: Buffer,
}
parameters!(Normalization { mean, variance });

/// The settings of a [`Normalization`]: none, for the fitted numbers are buffers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NormalizationConfig {}

impl Normalization {
    /// Takes the mean and the variance of each feature (each index of the last axis) from data.
    ///
    /// # Errors
    /// [`NnError::Setting`] for fewer than two axes, for no samples, for a number that is not finite, and for a feature
    /// whose variance is not.
    pub fn fit(data: &(impl Features + ?Sized)) -> Result<Normalization> {
        let data = data.features()?;
        let refuse = |expected: &str, got: String| {
            let (layer, expected) = ("Normalization".into(), expected.into());
            Err(NnError::Setting { layer, expected, got }.into())
        };
        let [_, .., features] = **data.shape() else {
            return refuse("data [N, .., C] to be fitted on", data.shape().to_string());
        };
        if data.numel() == 0 {
            return refuse("data to be fitted on", data.shape().to_string());
        }
        if let Some(at) = data.as_slice().iter().position(|x| !x.is_finite()) {
            let place =
                format!("{} in row {}, feature {}", data.as_slice()[at], at / features, at % features);
            return refuse("finite data to be fitted on", place);
        }
        let rows = data.as_slice().chunks_exact(features);
        let count = rows.len() as f64;
        // In double precision, and about the first row: a large common part would cost digits.
        let first: Vec<f64> = data.as_slice()[..features].iter().map(|x| x.to_f64()).collect();
        let (mut sums, mut squares) = (vec![0.0; features], vec![0.0; features]);
        for row in rows.clone() {
            for (i, x) in row.iter().enumerate() {
                sums[i] += x.to_f64() - first[i];
            }
        }
        let mean: Vec<f64> = sums.iter().zip(&first).map(|(sum, first)| first + sum / count).collect();
        for row in rows {
            for (i, x) in row.iter().enumerate() {
                squares[i] += (x.to_f64() - mean[i]).powi(2);
            }
        }
        let tensor = |values: Vec<f64>| {
            Tensor::from_vec(values.into_iter().map(Elem::of).collect::<Vec<Elem>>(), [features])
        };
        let variance: Vec<f64> = squares.into_iter().map(|sum| sum / count).collect();
        // Divided by an infinite one, a feature would be 0 everywhere.
        if let Some(feature) = variance.iter().position(|&v| !Elem::of(v).is_finite()) {
            let got = format!("{} in feature {feature}", Elem::of(variance[feature]));
            return refuse("data of finite variance to be fitted on", got);
        }
        Ok(Normalization { mean: Buffer::new(tensor(mean)?), variance: Buffer::new(tensor(variance)?) })
    }

    fn features(&self) -> usize {
        self.mean.value().shape().first().copied().unwrap_or(0)
    }
}

impl Module for Normalization {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        let (mean, variance) = (cx.buffer(&self.mean), cx.buffer(&self.variance));
        let (Some(mean), Some(variance)) = (mean.as_float(), variance.as_float()) else {
            let (layer, expected) = (self.describe(), "real numbers as mean and variance".into());
            return Err(NnError::Setting { layer, expected, got: "integers".into() }.into());
        };
        let factor = variance.map(|v| if v > 0.0 { 1.0 / math::sqrt(v) } else { 1.0 });
        x.sub(&mean.clone().into())?.mul(&factor.into())
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let features = self.features();
        if input.last() == Some(&features) {
            return Ok(*input);
        }
        let expected = format!("[.., {features}]");
        Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
    }

    fn describe(&self) -> String {
        format!("Normalization({})", self.features())
    }
}

impl Layer for Normalization {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&NormalizationConfig {}))
    }
}

impl LayerConfig for NormalizationConfig {
    const NAME: &'static str = "Normalization";
    type Layer = Normalization;

    /// Mean 0 and variance 1, until the fitted numbers are loaded.
    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Normalization> {
        let Some(&features) = input.last() else {
            let (layer, expected) = (Self::NAME.into(), "[.., C]".into());
            return Err(NnError::Input { layer, expected, got: *input }.into());
        };
        Ok(Normalization {
            mean: initial.buffer([features], 0.0)?,
            variance: initial.buffer([features], 1.0)?,
        })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::seeded("Normalization", |stream| {
            Normalization::fit(&Tensor::uniform([20, 3], -1.0, 3.0, stream)?)
        })
        .parameters(&[("mean", &[3]), ("variance", &[3])])
        .errors(&[
            (&[2, 4], "Normalization(3): expected input [.., 3], got [2, 4]"),
            (&[], "Normalization(3): expected input [.., 3], got []"),
        ])
        .refused([
            (
                || Normalization::fit(&Tensor::from([[1.0, 2.0], [Elem::NAN, 0.0]])).map(drop),
                "Normalization: expected finite data to be fitted on, got NaN in row 1, feature 0",
            ),
            (
                || Normalization::fit(&Tensor::from([[1.0, Elem::MAX], [2.0, -Elem::MAX]])).map(drop),
                "Normalization: expected data of finite variance to be fitted on, got inf in feature 1",
            ),
            (
                || Normalization::fit(&Tensor::zeros([0, 3])?).map(drop),
                "Normalization: expected data to be fitted on, got [0, 3]",
            ),
            (
                || Normalization::fit(&Tensor::zeros([3])?).map(drop),
                "Normalization: expected data [N, .., C] to be fitted on, got [3]",
            ),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::Seed;

    #[test]
    fn fitted_data_has_mean_0_and_variance_1() {
        // A large common part and small deviations, a constant feature, and images with channels last.
        let stream = Seed(1).stream();
        let data = Tensor::normal([50, 2, 3], 1000.0, 0.5, &stream).unwrap();
        let layer = Normalization::fit(&data).unwrap();
        let y = layer.forward(&Context::eval(), &data.into()).unwrap().into_value();
        let mean = y.mean_axes(&[0, 1], false).unwrap();
        let variance = y.square().mean_axes(&[0, 1], false).unwrap();
        assert!(mean.as_slice().iter().all(|m| m.abs() < 1e-3), "{mean}");
        assert!(variance.as_slice().iter().all(|v| (v - 1.0).abs() < 1e-3), "{variance}");
        let constant = Tensor::full([7, 1], Elem::of(0.1)).unwrap();
        let y = Normalization::fit(&constant).unwrap().forward(&Context::eval(), &constant.into()).unwrap();
        assert_eq!(y.value().as_slice(), [0.0; 7]);
    }
}
