//! Images of another size.

use super::resample::resample;
use crate::Var;
use plywood_tensor::{Resample, Result};

impl Var {
    /// Images of these sizes, each pixel that of the nearest: pixel `i` of an axis is pixel `⌊i · in / out⌋`.
    ///
    /// Gradient: `∂x` of a pixel is the sum of `g` over its copies.
    ///
    /// # Shapes
    /// `[N, .., C] → [N, sizes.., C]` with 1 to 3 axes between.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[[1.0], [5.0]]]));
    /// assert_eq!(x.upsample_nearest(&[4])?.value().as_slice(), [1.0, 1.0, 5.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Resample::nearest`].
    ///
    /// # References
    /// PyTorch: `interpolate(mode="nearest")`. Of quotients that are not exact it computes the index in single precision,
    /// and so takes the neighbour at times; with a factor it multiplies by the rounded inverse of that.
    #[doc(alias = "interpolate")]
    pub fn upsample_nearest(&self, sizes: &[usize]) -> Result<Var> {
        resample("upsample_nearest", self, Resample::nearest("upsample_nearest", self.shape(), sizes)?)
    }

    /// Images of these sizes, along each axis on straight lines between neighbouring pixels.
    ///
    /// With `align_corners` the first and the last pixels of both images lie on each other; without, the edges of
    /// both images do, and beyond the centres of the outermost pixels nothing changes.
    ///
    /// Gradient: the transposed map of `g`.
    ///
    /// # Shapes
    /// `[N, .., C] → [N, sizes.., C]` with 1 to 3 axes between.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([[[0.0], [6.0]]]));
    /// assert_eq!(x.upsample_linear(&[4], true)?.value().as_slice(), [0.0, 2.0, 4.0, 6.0]);
    /// assert_eq!(x.upsample_linear(&[4], false)?.value().as_slice(), [0.0, 1.5, 4.5, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Resample::linear`].
    ///
    /// # References
    /// PyTorch: `interpolate` with `mode="linear"`, `"bilinear"` and `"trilinear"`. Smaller images are not smoothed first,
    /// as they are with `antialias=True`.
    #[doc(alias("interpolate", "bilinear"))]
    pub fn upsample_linear(&self, sizes: &[usize], align_corners: bool) -> Result<Var> {
        let map = Resample::linear("upsample_linear", self.shape(), sizes, align_corners)?;
        resample("upsample_linear", self, map)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    const SHAPES: &[&[&[usize]]] = &[&[&[2, 3, 2, 2]], &[&[1, 1, 1, 1]], &[&[0, 2, 2, 3]], &[&[1, 2, 3, 33]]];
    /// By hats over the pixels; `place` says where pixel `i` of the result lies.
    fn lines(x: &Array<f64>, sizes: [usize; 2], place: fn(f64, f64, f64) -> f64) -> Array<f64> {
        let d = x.shape();
        naive::from_fn(&[d[0], sizes[0], sizes[1], d[3]], |i| {
            let hat = |axis: usize, pixel: usize| {
                let (input, output) = (d[1 + axis] as f64, sizes[axis] as f64);
                let at = place(i[1 + axis] as f64, input, output).clamp(0.0, input - 1.0);
                (1.0 - (at - pixel as f64).abs()).max(0.0)
            };
            let mut sum = 0.0;
            for h in 0..d[1] {
                for w in 0..d[2] {
                    sum += hat(0, h) * hat(1, w) * x.at(&[i[0], h, w, i[3]]).unwrap();
                }
            }
            sum
        })
    }
    &[
        Row::whole(
            "upsample_nearest",
            |x| x[0].upsample_nearest(&[5, 4]),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], 5, 4, d[3]], |i| {
                    x[0].at(&[i[0], i[1] * d[1] / 5, i[2] * d[2] / 4, i[3]]).unwrap()
                })
            },
        )
        .shapes(SHAPES)
        .large(&[&[40, 30, 20, 5]])
        .errors(&[
            (&[&[2, 3, 2]], "upsample_nearest: expected input [N, H, W, C], got [2, 3, 2]"),
            (&[&[2, 3, 0, 2]], "upsample_nearest: expected at least one pixel, got [2, 3, 0, 2]"),
        ]),
        Row::whole(
            "upsample_linear",
            |x| x[0].upsample_linear(&[5, 4], false),
            |x| lines(&x[0], [5, 4], |i, input, output| (i + 0.5) * input / output - 0.5),
        )
        .shapes(SHAPES)
        .large(&[&[40, 30, 20, 5]])
        .errors(&[(&[&[2, 3]], "upsample_linear: expected input [N, H, W, C], got [2, 3]")]),
        Row::whole(
            "upsample_linear",
            |x| x[0].upsample_linear(&[5, 4], true),
            |x| lines(&x[0], [5, 4], |i, input, output| i * (input - 1.0) / (output - 1.0)),
        )
        .shapes(SHAPES)
        .large(&[&[40, 30, 20, 5]]),
    ]
};
