//! A part of a sequence.

use super::{TensorTransform, length};
use crate::AugmentError;
use crate::draws::Draws;
use crate::error::setting;
use plywood_tensor::{Result, Stream, Tensor};

/// Keeps so many steps of a sequence from a random place on, all places being as likely.
///
/// # Shapes
/// `[T, ..] → [length, ..]`
///
/// # Example
/// ```
/// use plywood_augment::{SequenceCrop, TensorTransform};
/// use plywood_tensor::{Seed, Tensor};
///
/// let crop = SequenceCrop::new(3)?;
/// let part = crop.apply(&Tensor::arange(0.0, 10.0, 1.0)?, &Seed(7).stream())?;
/// assert_eq!(part.at(&[2])?, part.at(&[0])? + 2.0);
/// let error = crop.apply(&Tensor::zeros([2])?, &Seed(7).stream()).unwrap_err();
/// assert_eq!(error.to_string(), "SequenceCrop: expected a sequence of at least 3 steps, got [2]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Le Guennec et al., *Data augmentation for time series classification using convolutional neural networks*, 2016: window
/// slicing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SequenceCrop {
    length: usize,
}

impl SequenceCrop {
    /// So many steps.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] for none.
    pub fn new(length: usize) -> Result<SequenceCrop> {
        if length == 0 {
            return Err(setting("SequenceCrop", "at least one step", length));
        }
        Ok(SequenceCrop { length })
    }
}

impl TensorTransform for SequenceCrop {
    fn apply(&self, x: &Tensor, draw: &Stream) -> Result<Tensor> {
        let steps = length("SequenceCrop", x)?;
        let Some(rest) = steps.checked_sub(self.length) else {
            let expected = format!("a sequence of at least {} steps", self.length);
            return Err(AugmentError::Shape { what: "SequenceCrop", expected, got: *x.shape() }.into());
        };
        let start = Draws::new(draw).below(rest + 1);
        x.rows(start, start + self.length)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("SequenceCrop", || SequenceCrop::new(4), &[9, 2], &[4, 2])
            .error(&[], "SequenceCrop: expected a sequence [T, ..], got []"),
        Row::new("SequenceCrop", || SequenceCrop::new(9), &[9], &[9])
            .identity()
            .error(&[8], "SequenceCrop: expected a sequence of at least 9 steps, got [8]")
            .refused([(
                || SequenceCrop::new(0).map(drop),
                "SequenceCrop: expected at least one step, got 0",
            )]),
    ]
}
