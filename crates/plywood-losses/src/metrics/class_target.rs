//! Targets that name a class.

use crate::checks;
use plywood_tensor::{IntTensor, Result, Tensor};
use std::borrow::Cow;

/// Targets from which [`Accuracy`](crate::Accuracy) and [`TopKAccuracy`](crate::TopKAccuracy) read the true classes.
///
/// Labels are the classes. Real numbers, in the shape of the prediction, are shares: the class is that of the largest, the first of
/// equals; where there is one number for each prediction, it is whether that is above one half.
///
/// ```
/// use plywood_losses::ClassTarget;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let (prediction, shares) = (Tensor::zeros([2, 2])?, Tensor::from([[0.3, 0.7], [0.6, 0.4]]));
/// assert_eq!(*shares.classes("accuracy", &prediction)?, IntTensor::from([1, 0]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub trait ClassTarget {
    /// The class of each prediction, for the metric of this name.
    ///
    /// # Errors
    /// [`LossError::TargetShape`](crate::LossError::TargetShape) for shares of another shape than the prediction,
    /// [`LossError::Value`](crate::LossError::Value) for a number that is no share.
    fn classes(&self, op: &'static str, prediction: &Tensor) -> Result<Cow<'_, IntTensor>>;
}

impl ClassTarget for IntTensor {
    fn classes(&self, _: &'static str, _: &Tensor) -> Result<Cow<'_, IntTensor>> {
        Ok(Cow::Borrowed(self))
    }
}

impl ClassTarget for Tensor {
    fn classes(&self, op: &'static str, prediction: &Tensor) -> Result<Cow<'_, IntTensor>> {
        checks::same_shape(op, prediction.shape(), self)?;
        let expected =
            "a share from 0 to 1 as target (for other numbers there are RSquared and MeanAbsoluteError)";
        checks::values(op, self, expected, checks::is_share)?;
        let classes = match self.shape().split_last() {
            Some((&classes, [_, ..])) if classes > 1 => self.argmax(-1, false)?,
            _ => self.map(|t| if t > 0.5 { 1.0 } else { 0.0 }).to_int()?,
        };
        Ok(Cow::Owned(classes))
    }
}
