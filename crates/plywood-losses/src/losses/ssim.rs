//! How alike the structure of two images is.

use crate::{Loss, LossError, Losses, checks};
use plywood_autograd::Var;
use plywood_tensor::{Elem, Float, Result, Shape, Tensor, Transposed, math};

const OP: &str = "ssim_loss";

/// The size of the window, and the standard deviation of the weights in it.
const WINDOW: usize = 11;
const SIGMA: f64 = 1.5;

/// `ℓ = 1 − SSIM(x, t)`, averaged over the windows and channels of an image. Also a [`Metric`](crate::Metric), the mean SSIM of all images.
///
/// `SSIM = (2 μₓμₜ + C₁)(2 σₓₜ + C₂) / ((μₓ² + μₜ² + C₁)(σₓ² + σₜ² + C₂))` of each window of 11×11 pixels with Gaussian weights of
/// standard deviation 1.5, where `C₁ = (0.01 L)²`, `C₂ = (0.03 L)²` and `L` is the range of the numbers, 1 unless told. Only
/// windows that lie inside the image count. 1 for images that are the same.
///
/// # Shapes
/// prediction `[N, H, W, C]` with `H` and `W` of at least 11, target exactly the same
///
/// # Example
/// ```
/// # use plywood_losses::{Loss, Meter, Ssim};
/// # use plywood_tensor::{Seed, Tensor};
/// let image = Tensor::uniform([1, 16, 16, 3], 0.0, 1.0, &Seed(7).stream())?;
/// let loss = Ssim::default().losses(&image.clone().into(), &image)?.mean();
/// assert!(loss.value().item()?.abs() < 1e-5);
///
/// let mut meter = Meter::new(Ssim::default());
/// meter.update(&image.mul_scalar(0.5), &image, None)?;
/// assert!((0.5..0.95).contains(&meter.value()));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`LossError::Setting`] for a range that is not above 0, or whose fourth power is 0 or infinite;
/// [`LossError::Prediction`] for smaller images; errors of shapes.
///
/// # References
/// Wang, Bovik, Sheikh, Simoncelli, *Image Quality Assessment: From Error Visibility to Structural Similarity*, 2004.
/// scikit-image: `structural_similarity(gaussian_weights=True, sigma=1.5, use_sample_covariance=False)`; torchmetrics:
/// `StructuralSimilarityIndexMeasure`. PyTorch has none.
#[derive(Debug, Clone, Copy)]
#[doc(alias = "StructuralSimilarity")]
pub struct Ssim {
    range: f64,
}

/// [`Ssim`] as a function, of numbers from 0 to 1.
///
/// # Errors
/// As [`Ssim`].
pub fn ssim_loss(prediction: &Var, target: &Tensor) -> Result<Losses> {
    Ssim::default().losses(prediction, target)
}

impl Ssim {
    /// Of numbers whose largest and smallest possible are so far apart, for example 255.
    pub fn new(range: f64) -> Ssim {
        Ssim { range }
    }

    /// SSIM of each image, `[N]`.
    pub(crate) fn of(&self, op: &'static str, prediction: &Var, target: &Tensor) -> Result<Var> {
        let [c1, c2] = [0.01, 0.03].map(|share| Elem::of(square(share * self.range)));
        // Of the width that is computed with: they are multiplied where both images are black.
        if !(self.range > 0.0 && c1 * c2 > 0.0 && (c1 * c2).is_finite()) {
            let (expected, got) =
                ("a range above 0 whose fourth power is above 0 and finite", format!("{:?}", self.range));
            return Err(LossError::Setting { op, expected, got }.into());
        }
        checks::same_shape(op, prediction.shape(), target)?;
        let &[samples, height, width, channels] = &**prediction.shape() else {
            return Err(too_small(op, prediction.shape()));
        };
        if height < WINDOW || width < WINDOW {
            return Err(too_small(op, prediction.shape()));
        }
        // Channels first, so that rows and columns are the matrices of two products.
        let x = prediction.permute(&[0, 3, 1, 2])?;
        let t = Var::constant(target.permute(&[0, 3, 1, 2])?);
        let (down, across) = (Var::constant(windows(height)?), Var::constant(windows(width)?));
        let mean = |image: &Var| down.matmul(&image.matmul_with(&across, Transposed::Right)?);
        let (mx, mt) = (mean(&x)?, mean(&t)?);
        let (mxx, mtt, mxt) = (mx.square(), mt.square(), mx.mul(&mt)?);
        // Rounding may bring a variance below 0, where it has no business.
        let variance = |image: &Var, mean_square: &Var| {
            Ok::<_, plywood_tensor::Error>(
                mean(&image.square())?.sub(mean_square)?.clamp(0.0, Elem::INFINITY),
            )
        };
        let spread = variance(&x, &mxx)?.add(&variance(&t, &mtt)?)?;
        let together = mean(&x.mul(&t)?)?.sub(&mxt)?;
        let alike = mxt.mul_scalar(2.0).add_scalar(c1).mul(&together.mul_scalar(2.0).add_scalar(c2))?;
        let all = mxx.add(&mtt)?.add_scalar(c1).mul(&spread.add_scalar(c2))?;
        let count = channels * (height - WINDOW + 1) * (width - WINDOW + 1);
        let sum = alike.div(&all)?.reshape([samples, count])?.sum_axes(&[1], false)?;
        Ok(sum.mul_scalar(Elem::of(1.0 / count.max(1) as f64)))
    }
}

impl Default for Ssim {
    /// Of numbers from 0 to 1.
    fn default() -> Ssim {
        Ssim::new(1.0)
    }
}

fn square(x: f64) -> f64 {
    x * x
}

fn too_small(op: &'static str, got: &Shape) -> plywood_tensor::Error {
    LossError::Prediction { op, expected: "[N, H, W, C] of at least 11 by 11", got: *got }.into()
}

/// The weights of each window along an axis of `size`, a row for each: `[size − 10, size]`.
fn windows(size: usize) -> Result<Tensor> {
    let weights: Vec<f64> = (0..WINDOW)
        .map(|i| math::exp(-square(i as f64 - (WINDOW / 2) as f64) / (2.0 * SIGMA * SIGMA)))
        .collect();
    let total: f64 = weights.iter().sum();
    let mut matrix = Tensor::zeros([size - WINDOW + 1, size])?;
    for (start, row) in matrix.as_mut_slice().chunks_exact_mut(size).enumerate() {
        for (out, weight) in row[start..].iter_mut().zip(&weights) {
            *out = Elem::of(weight / total);
        }
    }
    Ok(matrix)
}

impl Loss<Tensor> for Ssim {
    fn name(&self) -> &str {
        OP
    }

    fn losses(&self, prediction: &Var, target: &Tensor) -> Result<Losses> {
        Losses::new(&self.of(OP, prediction, target)?.neg().add_scalar(1.0))
    }
}

#[cfg(test)]
pub(crate) const ROWS: &[crate::table::Row] = &[
    crate::table::Row::real("ssim_loss", ssim_loss).extremes(&[-1e4, 0.0, 1.0, 1e4]),
    crate::table::Row::real("ssim_loss: channels", |x, t| Ssim::new(2.0).losses(x, t)),
];
