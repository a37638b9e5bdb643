//! Labels as rows of zeros and a one.

use crate::DataError;
use plywood_tensor::{IntTensor, Result, Tensor};

/// A row of zeros for each label, with a 1 at the label.
///
/// # Shapes
/// `[..]` gives `[.., classes]`.
///
/// # Example
/// ```
/// use plywood_data::one_hot;
/// use plywood_tensor::{IntTensor, Tensor};
///
/// let x = one_hot(&IntTensor::from([2, 0]), 3)?;
/// assert_eq!(x, Tensor::from([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`DataError::Label`] for a label outside `0..classes`; an error of the shape if it is too large.
/// # References
/// `torch.nn.functional.one_hot`, which gives integers; `keras.utils.to_categorical`.
#[doc(alias = "to_categorical")]
pub fn one_hot(labels: &IntTensor, classes: usize) -> Result<Tensor> {
    let mut shape = labels.shape().to_vec();
    shape.push(classes);
    let mut out = Tensor::zeros(shape)?;
    let rows = out.as_mut_slice();
    for (index, &label) in labels.as_slice().iter().enumerate() {
        match usize::try_from(label) {
            Ok(class) if class < classes => rows[index * classes + class] = 1.0,
            _ => return Err(DataError::Label { index, classes, got: label }.into()),
        }
    }
    Ok(out)
}
