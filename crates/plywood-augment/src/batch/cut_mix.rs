//! A part of one sample in another.

use super::beta::beta;
use super::{blend, check_targets, one_hot};
use crate::draws::Draws;
use crate::{AugmentError, Span};
use plywood_tensor::{IntTensor, Result, Stream, Tensor, math};

/// Puts a rectangle of another picture of the batch into each, and makes of its label a probability for each class: its
/// share of the area.
///
/// `λ` is drawn from Beta(α, α) once a batch; the rectangle is `√(1 − λ)` as high and wide as the picture, its centre lies
/// anywhere, and what of it lies beyond the edge is cut off before its area is counted.
///
/// # Shapes
/// `[N, H, W, C]` and labels `[N]` or probabilities `[N, classes]` → `[N, H, W, C]` and probabilities `[N, classes]`
///
/// # Example
/// ```
/// use plywood_augment::CutMix;
/// use plywood_tensor::{IntTensor, Seed, Tensor};
///
/// let x = Tensor::concat(&[&Tensor::zeros([1, 8, 8, 1])?, &Tensor::ones([1, 8, 8, 1])?], 0)?;
/// let (mixed, targets) = CutMix::new(1.0, 2)?.apply(&x, &IntTensor::from([0, 1]), &Seed(7).stream())?;
/// // The mean of a picture is the share of ones, which is the probability of their class.
/// assert!((mixed.rows(0, 1)?.mean().item()? - targets.at(&[0, 1])?).abs() < 1e-6);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// torchvision: `CutMix`, whose partner is the sample before. Yun et al., *CutMix: regularization strategy to train strong
/// classifiers with localizable features*, 2019.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CutMix {
    alpha: f64,
    classes: usize,
}

impl CutMix {
    /// Areas from Beta(α, α), such as α = 1, and labels of so many classes.
    ///
    /// # Errors
    /// [`AugmentError::Setting`] for α outside 0.001 and 1000.
    pub fn new(alpha: f64, classes: usize) -> Result<CutMix> {
        Span::exactly(alpha).checked("CutMix", "an alpha from 0.001 to 1000", 0.001, 1000.0)?;
        Ok(CutMix { alpha, classes })
    }

    /// Mixes a batch with labels.
    ///
    /// # Errors
    /// [`AugmentError::Shape`] unless the batch is one of pictures and there is a label for each,
    /// [`AugmentError::Label`] for one that is no class.
    pub fn apply(&self, x: &Tensor, labels: &IntTensor, draw: &Stream) -> Result<(Tensor, Tensor)> {
        self.mix(x, &one_hot("CutMix", x, labels, self.classes)?, draw)
    }

    /// Mixes a batch with probabilities `[N, classes]`.
    ///
    /// For loaders and trainers, whose batches keep the type of their targets.
    ///
    /// # Errors
    /// [`AugmentError::Shape`] unless the batch is one of pictures and there is a row of probabilities for each.
    pub fn mix(&self, x: &Tensor, targets: &Tensor, draw: &Stream) -> Result<(Tensor, Tensor)> {
        let &[count, height, width, channels] = &**x.shape() else {
            let (expected, got) = ("a batch [N, H, W, C]".into(), *x.shape());
            return Err(AugmentError::Shape { what: "CutMix", expected, got }.into());
        };
        check_targets("CutMix", x, targets, self.classes)?;
        let side = math::sqrt(1.0 - beta(self.alpha, &draw.at(0)));
        let partners = draw.at(1).permutation(count);
        let mut draws = Draws::new(draw);
        let parts = [height, width].map(|size| {
            let (centre, half) = (draws.below(size), (side * size as f64 / 2.0) as usize);
            [centre.saturating_sub(half), (centre + half).min(size)]
        });
        let [[top, bottom], [left, right]] = parts;
        let mut mixed = x.clone();
        let length = height * width * channels;
        let pictures = mixed.as_mut_slice().chunks_exact_mut(length.max(1));
        for (picture, &partner) in pictures.zip(&partners) {
            let other = &x.as_slice()[partner * length..(partner + 1) * length];
            for y in top..bottom {
                let part = (y * width + left) * channels..(y * width + right) * channels;
                picture[part.clone()].copy_from_slice(&other[part]);
            }
        }
        let area = ((bottom - top) * (right - left)) as f64;
        let own = 1.0 - area / ((height * width) as f64).max(1.0);
        Ok((mixed, blend(targets, &partners, own)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::{Elem, Seed};

    #[test]
    fn areas_and_probabilities_agree() {
        // Picture i is full of the number i.
        let pictures: Vec<Tensor> = (0..5).map(|i| Tensor::full([1, 6, 7, 2], i as Elem).unwrap()).collect();
        let x = Tensor::concat(&pictures.iter().collect::<Vec<_>>(), 0).unwrap();
        let labels = IntTensor::from([0, 1, 2, 3, 4]);
        let mut moved = 0;
        for seed in 0..30 {
            let draw = Seed(seed).stream();
            let (mixed, targets) = CutMix::new(1.0, 5).unwrap().apply(&x, &labels, &draw).unwrap();
            for i in 0..5 {
                let picture = mixed.rows(i, i + 1).unwrap();
                for class in 0..5 {
                    let count = picture.as_slice().iter().filter(|&&x| x == class as Elem).count();
                    let share = count as Elem / 84.0;
                    let target = targets.at(&[i, class]).unwrap();
                    assert!((share - target).abs() < 1e-6, "{share} {target}");
                    moved += usize::from(class != i && count > 0);
                }
            }
        }
        assert!(moved > 50, "{moved}");
    }

    #[test]
    fn errors_say_what_is_wrong() {
        let draw = Seed(0).stream();
        let cut = CutMix::new(1.0, 2).unwrap();
        let error = cut.apply(&Tensor::zeros([2, 3]).unwrap(), &IntTensor::from([0, 1]), &draw).unwrap_err();
        assert_eq!(error.to_string(), "CutMix: expected a batch [N, H, W, C], got [2, 3]");
        let pictures = Tensor::zeros([2, 3, 3, 1]).unwrap();
        let error = cut.mix(&pictures, &Tensor::zeros([1, 2]).unwrap(), &draw).unwrap_err();
        let text =
            "CutMix: expected probabilities of shape [2, 2] for a batch of shape [2, 3, 3, 1], got [1, 2]";
        assert_eq!(error.to_string(), text);
        let x = Tensor::zeros([1, 2, 2, 1]).unwrap();
        let error = cut.apply(&x, &IntTensor::from([5]), &draw).unwrap_err();
        assert_eq!(error.to_string(), "CutMix: row 0: expected a label in 0..2, got 5");
    }
}
