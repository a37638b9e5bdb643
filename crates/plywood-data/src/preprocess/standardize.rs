//! Features of mean 0 and variance 1.

use super::affine::{Affine, Feature};
use plywood_tensor::{Result, Tensor};
use serde::{Deserialize, Serialize};

/// Shifts and scales each feature to mean 0 and variance 1.
///
/// `z = (x − mean) / deviation`, for each index of the last axis, with the mean and the (population) standard
/// deviation over all others. A feature that is the same everywhere has no deviation to divide by and is only
/// shifted: it becomes 0.
///
/// Fit on the training part alone. What is fitted on samples that judge the model later tells it about them.
///
/// # Shapes
/// `[N, .., C]` to fit; `[.., C]` to apply; for images `[N, H, W, C]` one mean for each channel.
///
/// # Example
/// ```
/// use plywood_data::{Standardize, datasets};
/// use plywood_tensor::{Seed, Tensor};
///
/// let (train, validation) = datasets::wine_quality().split(0.8, Seed(7))?;
/// let scaler = Standardize::fit(&train)?; // not on the validation part
/// let train = train.map_inputs(|x| scaler.apply(x))?;
/// let validation = validation.map_inputs(|x| scaler.apply(x))?;
/// assert!(train.x().mean().item()?.abs() < 1e-4);
/// # assert!(validation.x().mean().item()?.abs() < 0.1);
///
/// let small = Standardize::fit(&Tensor::from([[1.0, 5.0], [3.0, 5.0]]))?;
/// assert_eq!(small.apply(&Tensor::from([[4.0, 6.0]]))?, Tensor::from([[2.0, 1.0]]));
/// assert_eq!(small.inverse(&Tensor::from([[2.0, 1.0]]))?, Tensor::from([[4.0, 6.0]]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `sklearn.preprocessing.StandardScaler`; `keras.layers.Normalization`.
#[doc(alias("StandardScaler", "Normalization"))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Standardize {
    affine: Affine,
}

impl Standardize {
    /// Takes mean and deviation of each feature from a tensor or from the inputs of a data set.
    ///
    /// # Errors
    /// [`DataError::Empty`](crate::DataError::Empty) for no samples, [`DataError::Rank`](crate::DataError::Rank) for
    /// fewer than two axes, [`DataError::NotFinite`](crate::DataError::NotFinite) for NaN or an infinity, with its
    /// place.
    pub fn fit<'a>(x: impl Into<&'a Tensor>) -> Result<Self> {
        let affine = Affine::fit("standardize", x.into(), 0.0, |column| {
            let (low, high) = column.range();
            // Compared exactly: rounding gives even a constant column a tiny variance.
            if low == high {
                return Feature::new(low, 0.0);
            }
            let mean = column.mean_of(|x| x);
            let variance = column.mean_of(|x| (x - mean).powi(2));
            Feature::new(mean, variance.sqrt())
        })?;
        Ok(Standardize { affine })
    }

    /// `(x − mean) / deviation`.
    ///
    /// # Errors
    /// [`DataError::Features`](crate::DataError::Features) if the last axis is not as long as it was when fitted.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        self.affine.apply("standardize", x)
    }

    /// `x · deviation + mean`: what [`Standardize::apply`] was given.
    ///
    /// # Errors
    /// As [`Standardize::apply`].
    pub fn inverse(&self, x: &Tensor) -> Result<Tensor> {
        self.affine.inverse("standardize", x)
    }

    /// The mean of each feature.
    pub fn mean(&self) -> Vec<f64> {
        self.affine.features.iter().map(|feature| feature.shift).collect()
    }

    /// What each feature is divided by: its standard deviation, or 1 if it is the same everywhere.
    pub fn deviation(&self) -> Vec<f64> {
        self.affine.features.iter().map(|feature| feature.scale).collect()
    }
}
