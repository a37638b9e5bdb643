//! Means of windows over images.

use super::resample::resample;
use crate::Var;
use plywood_tensor::{Resample, Result, Window};

impl Var {
    /// The mean of each window, channel by channel.
    ///
    /// With `count_border` the places of the border are zeros that count; without, they are left out. What a last window
    /// reaches beyond the border never counts.
    ///
    /// Gradient: `g / n` to each of the `n` elements that count; where windows overlap, gradients add up.
    ///
    /// # Shapes
    /// `[N, .., C] → [N, .., C]` with 1 to 3 axes between, as [`Window::output_shape`] says.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{Tensor, Window};
    /// let x = Var::from(Tensor::from([[[1.0], [5.0], [2.0]]]));
    /// let window = Window::new([2]).padding([1]);
    /// assert_eq!(x.average_pool(&window, true)?.value().as_slice(), [0.5, 3.5]);
    /// assert_eq!(x.average_pool(&window, false)?.value().as_slice(), [1.0, 3.5]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Window::output_shape`].
    ///
    /// # References
    /// PyTorch: `avg_pool1d` to `avg_pool3d`, whose `count_include_pad` is true unless told, and
    /// `adaptive_avg_pool1d` to `3d`, with the channels first.
    #[doc(alias = "avg_pool2d")]
    pub fn average_pool(&self, window: &Window, count_border: bool) -> Result<Var> {
        resample("average_pool", self, Resample::average("average_pool", self.shape(), window, count_border)?)
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "average_pool",
            |x| x[0].average_pool(&Window::new([2, 2]), true),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[1] / 2, d[2] / 2, d[3]], |i| {
                    let at = |h, w| x[0].at(&[i[0], 2 * i[1] + h, 2 * i[2] + w, i[3]]).unwrap();
                    (at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4.0
                })
            },
        )
        .shapes(&[&[&[2, 4, 3, 2]], &[&[1, 2, 2, 1]], &[&[0, 2, 2, 3]], &[&[1, 2, 2, 0]], &[&[1, 2, 4, 33]]])
        .large(&[&[2, 60, 40, 20]])
        .errors(&[
            (&[&[2, 4, 3]], "average_pool: expected input [N, H, W, C], got [2, 4, 3]"),
            (&[&[2, 1, 3, 1]], "average_pool: expected at least 2 along axis 1, got [2, 1, 3, 1]"),
        ]),
        Row::whole(
            "average_pool",
            |x| x[0].average_pool(&Window::new([3]).stride([1]).padding([1]), false),
            |x| {
                let size = x[0].shape()[1];
                naive::from_fn(x[0].shape(), |i| {
                    let around = i[1].saturating_sub(1)..(i[1] + 2).min(size);
                    let count = around.len() as f64;
                    around.map(|l| x[0].at(&[i[0], l, i[2]]).unwrap()).sum::<f64>() / count
                })
            },
        )
        .shapes(&[&[&[2, 5, 2]], &[&[1, 1, 1]], &[&[1, 4, 17]]])
        .large(&[&[2, 2000, 20]]),
        Row::whole(
            "average_pool",
            |x| x[0].average_pool(&Window::adaptive([1, 1, 1]), true),
            |x| {
                let d = x[0].shape();
                naive::mean(&x[0], &[1, 2, 3], false).reshape([d[0], 1, 1, 1, d[4]]).unwrap()
            },
        )
        .shapes(&[&[&[2, 2, 1, 3, 2]], &[&[1, 1, 1, 1, 1]]])
        .large(&[&[3, 8, 9, 10, 40]]),
    ]
};
