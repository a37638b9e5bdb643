//! Features that fill a range.

use super::affine::{Affine, Feature};
use crate::DataError;
use plywood_tensor::{Result, Tensor};
use serde::{Deserialize, Serialize};

/// Shifts and scales each feature so that it fills a range, 0 to 1 unless told.
///
/// `z = low + (x − min) · (high − low) / (max − min)`, for each index of the last axis, with the smallest and the
/// largest number over all others. A feature that is the same everywhere is only shifted: it becomes `low`. Samples
/// that were not fitted may lie outside the range.
///
/// Fit on the training part alone, as with [`Standardize`](crate::Standardize).
///
/// # Shapes
/// `[N, .., C]` to fit; `[.., C]` to apply.
///
/// # Example
/// ```
/// use plywood_data::MinMax;
/// use plywood_tensor::Tensor;
///
/// let x = Tensor::from([[1.0, 5.0], [2.0, 5.0], [5.0, 5.0]]);
/// let scaler = MinMax::fit(&x)?;
/// assert_eq!(scaler.apply(&x)?, Tensor::from([[0.0, 0.0], [0.25, 0.0], [1.0, 0.0]]));
/// assert_eq!(scaler.inverse(&Tensor::from([[0.5, 1.0]]))?, Tensor::from([[3.0, 6.0]]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// `sklearn.preprocessing.MinMaxScaler`.
#[doc(alias = "MinMaxScaler")]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MinMax {
    affine: Affine,
}

impl MinMax {
    /// Takes the smallest and the largest number of each feature from a tensor or from the inputs of a data set, to
    /// be 0 and 1.
    ///
    /// # Errors
    /// [`DataError::Empty`] for no samples, [`DataError::Rank`] for fewer than two axes, [`DataError::NotFinite`] for
    /// NaN or an infinity, with its place.
    pub fn fit<'a>(x: impl Into<&'a Tensor>) -> Result<Self> {
        Self::fit_range(x, 0.0, 1.0)
    }

    /// Takes the smallest and the largest number of each feature, to be `low` and `high`.
    ///
    /// # Errors
    /// [`DataError::Range`] unless `low` is below `high` and both are finite; otherwise as [`MinMax::fit`].
    pub fn fit_range<'a>(x: impl Into<&'a Tensor>, low: f64, high: f64) -> Result<Self> {
        if !(low < high && low.is_finite() && high.is_finite()) {
            return Err(DataError::Range { op: "min-max", low, high }.into());
        }
        let affine = Affine::fit("min-max", x.into(), low, |column| {
            let (min, max) = column.range();
            Feature::new(min, (max - min) / (high - low))
        })?;
        Ok(MinMax { affine })
    }

    /// The range of the fitted samples made `low` to `high`.
    ///
    /// # Errors
    /// [`DataError::Features`] if the last axis is not as long as it was when fitted.
    pub fn apply(&self, x: &Tensor) -> Result<Tensor> {
        self.affine.apply("min-max", x)
    }

    /// What [`MinMax::apply`] was given.
    ///
    /// # Errors
    /// As [`MinMax::apply`].
    pub fn inverse(&self, x: &Tensor) -> Result<Tensor> {
        self.affine.inverse("min-max", x)
    }
}
