//! Sums of two samples.

use super::beta::beta;
use super::{blend, check_targets, one_hot};
use crate::Span;
use plywood_tensor::{IntTensor, Result, Stream, Tensor};

/// Makes of each sample of a batch a weighted sum with another one, and of its label a probability for each class.
///
/// `x̃ᵢ = λ xᵢ + (1 − λ) xⱼ`, `ỹᵢ = λ yᵢ + (1 − λ) yⱼ`; `λ` is drawn from Beta(α, α) once a batch, the partners `j` are a
/// random order of the batch.
///
/// # Shapes
/// `[N, ..]` and labels `[N]` or probabilities `[N, classes]` → `[N, ..]` and probabilities `[N, classes]`
///
/// # Example
/// ```
/// use plywood_augment::MixUp;
/// use plywood_tensor::{IntTensor, Seed, Tensor};
///
/// let (x, labels) = (Tensor::from([[0.0], [1.0]]), IntTensor::from([0, 1]));
/// let (mixed, targets) = MixUp::new(0.4, 2)?.apply(&x, &labels, &Seed(7).stream())?;
/// // The share of the sample 1 is the probability of its class.
/// assert!((mixed.at(&[0, 0])? - targets.at(&[0, 1])?).abs() < 1e-6);
/// assert!((targets.sum().item()? - 2.0).abs() < 1e-6);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `MixUp`, whose partner is the sample before. Zhang et al., *mixup: beyond empirical risk minimization*, 2018.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MixUp {
    alpha: f64,
    classes: usize,
}

impl MixUp {
    /// Shares from Beta(α, α), such as α = 0.2, and labels of so many classes.
    ///
    /// # Errors
    /// [`AugmentError::Setting`](crate::AugmentError::Setting) for α outside 0.001 and 1000.
    pub fn new(alpha: f64, classes: usize) -> Result<MixUp> {
        Span::exactly(alpha).checked("MixUp", "an alpha from 0.001 to 1000", 0.001, 1000.0)?;
        Ok(MixUp { alpha, classes })
    }

    /// Mixes a batch with labels.
    ///
    /// # Errors
    /// [`AugmentError::Shape`](crate::AugmentError::Shape) unless there is a label for each sample,
    /// [`AugmentError::Label`](crate::AugmentError::Label) for one that is no class.
    pub fn apply(&self, x: &Tensor, labels: &IntTensor, draw: &Stream) -> Result<(Tensor, Tensor)> {
        self.mix(x, &one_hot("MixUp", x, labels, self.classes)?, draw)
    }

    /// Mixes a batch with probabilities `[N, classes]`.
    ///
    /// For loaders and trainers, whose batches keep the type of their targets.
    ///
    /// # Errors
    /// [`AugmentError::Shape`](crate::AugmentError::Shape) unless there is a row of probabilities for each sample.
    pub fn mix(&self, x: &Tensor, targets: &Tensor, draw: &Stream) -> Result<(Tensor, Tensor)> {
        check_targets("MixUp", x, targets, self.classes)?;
        let own = beta(self.alpha, &draw.at(0));
        let partners = draw.at(1).permutation(targets.shape()[0]);
        Ok((blend(x, &partners, own), blend(targets, &partners, own)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::{Elem, Float, Seed};

    #[test]
    fn sums_and_probabilities_agree() {
        let x = Tensor::arange(0.0, 12.0, 1.0).unwrap().reshape([4, 3]).unwrap();
        let labels = IntTensor::from([0, 1, 2, 3]);
        for seed in 0..20 {
            let draw = Seed(seed).stream();
            let (mixed, targets) = MixUp::new(1.0, 4).unwrap().apply(&x, &labels, &draw).unwrap();
            // Sample i is i in each class, so the targets say what the sum must be.
            let expected = targets.matmul(&x).unwrap();
            // Sums of four numbers up to 11, in another order.
            assert!(mixed.all_close(&expected, 8.0 * Elem::EPSILON.to_f64(), 0.0), "{mixed} {expected}");
            // Mixing what is mixed mixes its probabilities.
            let (twice, targets) = MixUp::new(1.0, 4).unwrap().mix(&mixed, &targets, &draw).unwrap();
            let expected = targets.matmul(&x).unwrap();
            assert!(twice.all_close(&expected, 16.0 * Elem::EPSILON.to_f64(), 0.0), "{twice} {expected}");
        }
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let mix = MixUp::new(0.2, 2).unwrap();
        let (x, draw) = (Tensor::zeros([2, 3]).unwrap(), Seed(0).stream());
        let rows = [
            (
                IntTensor::from([0]),
                "MixUp: expected labels of shape [2] for a batch of shape [2, 3], got [1]",
            ),
            (
                IntTensor::from([0, 2]),
                "MixUp: row 1: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
            ),
            (IntTensor::from([-1, 0]), "MixUp: row 0: expected a label in 0..2, got -1"),
        ];
        for (labels, text) in rows {
            assert_eq!(mix.apply(&x, &labels, &draw).unwrap_err().to_string(), text);
        }
        let error = mix.mix(&x, &Tensor::zeros([2, 3]).unwrap(), &draw).unwrap_err();
        let text = "MixUp: expected probabilities of shape [2, 2] for a batch of shape [2, 3], got [2, 3]";
        assert_eq!(error.to_string(), text);
        let error = mix.apply(&Tensor::from(1.0), &IntTensor::from([0]), &draw).unwrap_err();
        assert_eq!(error.to_string(), "MixUp: expected a batch [N, ..], got []");
        let error = MixUp::new(0.0, 2).unwrap_err();
        assert_eq!(error.to_string(), "MixUp: expected an alpha from 0.001 to 1000, got 0");
        let empty = (Tensor::zeros([0, 3]).unwrap(), IntTensor::zeros([0]).unwrap());
        assert_eq!(**mix.apply(&empty.0, &empty.1, &draw).unwrap().1.shape(), [0, 2]);
    }
}
