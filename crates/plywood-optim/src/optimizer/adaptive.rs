//! Limits for gradients in proportion to the weights they move.

use super::Optimizer;
use crate::norm::{cut, serial_squares, squares};
use plywood_tensor::{Elem, Float, Shape, Tensor, par, simd};

/// The norm that weights count as at least, so that they can leave 0.
const SMALLEST: f64 = 1e-3;

impl Optimizer {
    /// Shortens the gradient of each unit whose norm is more than `limit` times that of its weights.
    ///
    /// A unit is an entry of the first axis, such as a row of a matrix or a kernel of a convolution, or all of a vector. With
    /// its weights `w` and gradient `g`, `g ← g · min(1, limit · max(‖w‖, 0.001) / ‖g‖)`. In layers whose first axis is not
    /// that of the outputs, as in transposed convolutions and embeddings, units are what that axis has. It acts after
    /// [`Optimizer::clip_value`] and before the limits for norms. Networks without normalisation learn with it in large
    /// batches; 0.01 is usual. The last layer should be left out, by
    /// [`ParamGroup::without_clip_adaptive`](crate::ParamGroup::without_clip_adaptive).
    ///
    /// ```
    /// use plywood_autograd::{Gradients, Param};
    /// use plywood_optim::{Optimizer, Sgd};
    /// use plywood_tensor::Tensor;
    ///
    /// let mut model = vec![Param::new(Tensor::from([[3.0, 4.0], [3.0, 4.0]]))];
    /// let mut gradients = Gradients::default();
    /// gradients.set(&model[0], Tensor::from([[8.0, 0.0], [0.0, 0.25]]));
    /// Optimizer::new(Sgd::new(1.0)).clip_adaptive(0.1).step(&mut model, &gradients)?;
    /// // The first row is cut to a tenth of its norm of 5, the second has less.
    /// assert_eq!(model[0].value().as_slice(), [2.5, 4.0, 3.0, 3.75]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// Brock and others, "High-performance large-scale image recognition without normalization", 2021 (arXiv 2102.06171).
    #[must_use]
    #[doc(alias = "AGC")]
    pub fn clip_adaptive(mut self, limit: f64) -> Optimizer {
        self.clip.adaptive = Some(limit);
        self
    }
}

/// How many units a parameter of this shape has.
fn count(shape: &Shape) -> usize {
    if shape.rank() < 2 { 1 } else { shape[0] }
}

/// What each unit's gradient is multiplied with, and the sum of squares of all after that; elements are cut off at `±value`.
pub(super) fn factors(
    parameter: &Tensor,
    gradient: &Tensor,
    value: f64,
    limit: f64,
    out: &mut Vec<Elem>,
) -> f64 {
    out.clear();
    let units = count(parameter.shape());
    let (p, g) = (parameter.as_slice(), gradient.as_slice());
    let size = p.len().checked_div(units).unwrap_or(0);
    let sums = if units == 1 {
        vec![(squares(p, f64::INFINITY), squares(g, value))]
    } else {
        par::map(units, p.len(), |i| {
            let unit = i * size..(i + 1) * size;
            (serial_squares(&p[unit.clone()], Elem::INFINITY), serial_squares(&g[unit], Elem::of(value)))
        })
    };
    let mut total = 0.0;
    for (of_parameter, of_gradient) in sums {
        let (most, norm) = (limit * of_parameter.sqrt().max(SMALLEST), of_gradient.sqrt());
        let factor = if norm > most { most / norm } else { 1.0 };
        total += of_gradient * factor * factor;
        out.push(Elem::of(factor));
    }
    total
}

/// The gradient with each unit multiplied by its factor, after elements were cut off at `±value`.
pub(super) fn scaled(gradient: &Tensor, value: f64, factors: &[Elem]) -> Tensor {
    let mut scaled = gradient.clone();
    let size = gradient.numel().checked_div(factors.len()).unwrap_or(0).max(1);
    let (numbers, value) = (scaled.as_mut_slice(), Elem::of(value));
    let steps = numbers.len();
    par::chunks(numbers, size, steps, |start, unit| {
        let factor = factors[start / size];
        simd::dispatch(move || unit.iter_mut().for_each(|g| *g = cut(*g, value) * factor));
    });
    scaled
}
