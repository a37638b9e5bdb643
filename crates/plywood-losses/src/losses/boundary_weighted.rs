//! Cross entropy that looks at boundaries.

use super::distances::{objects, squared_distances};
use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::{Var, ops};
use plywood_tensor::{Elem, Float, IntTensor, Result, Tensor, math, par};

const OP: &str = "boundary_weighted";

/// `ℓ = w(x) · (−ln p(x))` at each pixel `x`, where the weight `w` is large near boundaries; the prediction is logits.
///
/// The cross entropy of one score a label (sigmoid) or of several classes (softmax), weighed by the true mask:
/// - [`BoundaryWeighted::between`] teaches to keep objects apart, as U-Net does: on the background,
///   `w = 1 + w₀ exp(−(d₁ + d₂)² / 2σ²)`, where `d₁` and `d₂` are the distances to the nearest object and to the second nearest.
///   Label 0 is the background; an object is what hangs together of one other label, corners included;
/// - [`BoundaryWeighted::edges`] teaches the outline of every region: everywhere, `w = 1 + w₀ exp(−d² / 2σ²)`, where `d` is
///   the distance to the nearest pixel of another label, less one.
///
/// The mean is divided by the sum of all weights. Weights of classes, `w_c` in the paper, are the trainer's.
///
/// Weights are computed anew for each batch: one pass over an image for each object of it, or for each label with
/// [`BoundaryWeighted::edges`]. All threads work, an image each.
///
/// # Shapes
/// prediction `[N, H, W]`, `[N, H, W, 1]` or `[N, H, W, C]`, labels `[N, H, W]`
///
/// # Example
/// ```
/// # use plywood_losses::BoundaryWeighted;
/// # use plywood_tensor::{IntTensor, math};
/// let mask = IntTensor::from([[[1, 0, 1, 0, 0, 0]]]);
/// let weights = BoundaryWeighted::between(10.0, 2.0).weights(&mask)?;
/// // Between the two objects, and one pixel behind the second: distances 1 and 1, 1 and 3.
/// let expected = [1.0, 1.0 + 10.0 * math::exp(-0.5), 1.0, 1.0 + 10.0 * math::exp(-2.0)];
/// assert!(weights.as_slice().iter().zip(expected).all(|(got, expected)| (got - expected).abs() < 1e-5));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`] for a `w₀` that is negative or a `σ` that is not above 0; [`LossError::Label`] names the row
/// of a label out of range; errors of shapes.
///
/// # References
/// Ronneberger, Fischer, Brox, *U-Net: Convolutional Networks for Biomedical Image Segmentation*, 2015, equation 2, with
/// `w₀ = 10` and `σ = 5`. Not to be confused with the boundary loss of Kervadec et al., 2019.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "UNetWeightMap")]
pub struct BoundaryWeighted {
    w0: f64,
    sigma: f64,
    between: bool,
}

impl BoundaryWeighted {
    /// Weighs the background between objects that are close to each other.
    pub fn between(w0: f64, sigma: f64) -> BoundaryWeighted {
        BoundaryWeighted { w0, sigma, between: true }
    }

    /// Weighs both sides of every boundary.
    pub fn edges(w0: f64, sigma: f64) -> BoundaryWeighted {
        BoundaryWeighted { w0, sigma, between: false }
    }

    /// The weight of each pixel of masks `[N, H, W]`.
    ///
    /// Takes one pass over the image for each object or label of it.
    ///
    /// # Errors
    /// As of the loss.
    pub fn weights(&self, labels: &IntTensor) -> Result<Tensor> {
        let setting = |expected, got: f64| LossError::Setting { op: OP, expected, got: got.to_string() };
        if !(self.w0 >= 0.0 && self.w0.is_finite()) {
            return Err(setting("a finite weight of at least 0", self.w0).into());
        }
        if !(self.sigma > 0.0 && self.sigma.is_finite()) {
            return Err(setting("a finite width above 0", self.sigma).into());
        }
        let &[count, height, width] = &**labels.shape() else {
            return Err(
                LossError::Prediction { op: OP, expected: "[N, H, W, ..]", got: *labels.shape() }.into()
            );
        };
        let size = height * width;
        // Some passes, of several steps a pixel.
        let weights = par::map(count, labels.numel() * 64, |image| {
            let labels = &labels.as_slice()[image * size..][..size];
            let distances = if self.between { between(labels, width) } else { to_another(labels, width) };
            // Infinitely far away there is nothing to weigh.
            let weight = |d: f64| 1.0 + self.w0 * math::exp(-d * d / (2.0 * self.sigma * self.sigma));
            distances.into_iter().map(|d| Elem::of(weight(d))).collect::<Vec<_>>()
        });
        Tensor::from_vec(weights.concat(), [count, height, width])
    }
}

/// On the background, the distance to the nearest object and to the second nearest, together; elsewhere infinite.
fn between(labels: &[i64], width: usize) -> Vec<f64> {
    let (object, count) = objects(labels, width);
    let mut nearest = vec![(f64::INFINITY, f64::INFINITY); labels.len()];
    for number in 1..=count {
        for (nearest, d) in
            nearest.iter_mut().zip(squared_distances(width, |i| object[i] == number, labels.len()))
        {
            if d < nearest.0 {
                *nearest = (d, nearest.0);
            } else if d < nearest.1 {
                nearest.1 = d;
            }
        }
    }
    let sum = |(&label, (first, second)): (&i64, (f64, f64))| {
        if label == 0 { first.sqrt() + second.sqrt() } else { f64::INFINITY }
    };
    labels.iter().zip(nearest).map(sum).collect()
}

/// The distance to the nearest pixel of another label, less one: 0 on both sides of a boundary.
fn to_another(labels: &[i64], width: usize) -> Vec<f64> {
    let mut distances = vec![f64::INFINITY; labels.len()];
    let mut known = labels.to_vec();
    known.sort_unstable();
    known.dedup();
    for label in known {
        let squared = squared_distances(width, |i| labels[i] != label, labels.len());
        for ((distance, squared), &own) in distances.iter_mut().zip(squared).zip(labels) {
            if own == label {
                *distance = squared.sqrt() - 1.0;
            }
        }
    }
    distances
}

impl Loss<IntTensor> for BoundaryWeighted {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, logits: &Var, labels: &IntTensor) -> Result<Losses> {
        let costs = if checks::is_binary(logits.shape(), labels.shape()) {
            let target = checks::binary(OP, logits.shape(), labels)?;
            ops::binary_cross_entropy_with_logits(logits, &target)?.reshape(labels.shape())?
        } else {
            checks::classes(OP, logits.shape(), labels, None)?;
            ops::softmax_cross_entropy(logits, labels)?
        };
        let weights = self.weights(labels)?;
        Losses::weighted(&costs.mul(&Var::constant(weights.clone()))?, &weights)
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = {
    use crate::table::Row;
    const EXTREMES: &[Elem] = &[-1e4, 0.0, 1e4];
    &[
        Row::labels("boundary_weighted", |x, t| BoundaryWeighted::between(10.0, 2.0).losses(x, t))
            .extremes(EXTREMES),
        Row::labels("boundary_weighted: classes", |x, t| BoundaryWeighted::between(10.0, 2.0).losses(x, t))
            .extremes(EXTREMES),
        Row::labels("boundary_weighted: edges", |x, t| BoundaryWeighted::edges(5.0, 1.5).losses(x, t))
            .extremes(EXTREMES),
    ]
};
