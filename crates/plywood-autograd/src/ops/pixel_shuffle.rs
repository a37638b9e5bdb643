//! Channels that become pixels, and pixels that become channels.

use crate::{AutogradError, Var};
use plywood_tensor::{Result, TensorError};

impl Var {
    /// Channels become pixels: `y[n, h r + i, w r + j, c] = x[n, h, w, c r² + i r + j]` with a factor `r`.
    ///
    /// Gradient: [`Var::pixel_unshuffle`] of `g`.
    ///
    /// # Shapes
    /// `[N, H, W, C·r²] → [N, H·r, W·r, C]`
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let x = Var::from(Tensor::from([1.0, 2.0, 3.0, 4.0]).reshape([1, 1, 1, 4])?);
    /// let y = x.pixel_shuffle(2)?;
    /// assert_eq!((y.shape().to_string(), y.value().as_slice()), ("[1, 2, 2, 1]".into(), &[1.0, 2.0, 3.0, 4.0][..]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Shape`] for other axes or channels that are not a multiple of `r²`, [`AutogradError::Argument`] for a
    /// factor of 0.
    ///
    /// # References
    /// PyTorch: `pixel_shuffle`, with the same order of channels, which come first there. TensorFlow's `depth_to_space` has
    /// another: `x[.., (i r + j) C + c]`. Shi et al., *Real-time single image and video super-resolution using an
    /// efficient sub-pixel convolutional neural network*, 2016.
    #[doc(alias = "depth_to_space")]
    pub fn pixel_shuffle(&self, factor: usize) -> Result<Var> {
        let area = area("pixel_shuffle", factor)?;
        match **self.shape() {
            [n, h, w, channels] if channels.is_multiple_of(area) => {
                let (r, c) = (factor, channels / area);
                let apart = self.reshape([n, h, w, c, r, r])?;
                apart.permute(&[0, 1, 4, 2, 5, 3])?.reshape([n, h * r, w * r, c])
            }
            _ => {
                let expected = format!("[N, H, W, C] with C a multiple of {area}");
                Err(TensorError::Shape { op: "pixel_shuffle", expected, got: *self.shape() }.into())
            }
        }
    }

    /// Pixels become channels: `y[n, h, w, c r² + i r + j] = x[n, h r + i, w r + j, c]` with a factor `r`.
    ///
    /// Gradient: [`Var::pixel_shuffle`] of `g`.
    ///
    /// # Shapes
    /// `[N, H·r, W·r, C] → [N, H, W, C·r²]`
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let y = Var::from(Tensor::zeros([1, 4, 6, 3])?).pixel_unshuffle(2)?;
    /// assert_eq!(*y.shape(), [1, 2, 3, 12]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::pixel_shuffle`], for heights and widths that are not multiples of `r`.
    ///
    /// # References
    /// PyTorch: `pixel_unshuffle`, with the same order of channels; TensorFlow's `space_to_depth` has another.
    #[doc(alias = "space_to_depth")]
    pub fn pixel_unshuffle(&self, factor: usize) -> Result<Var> {
        area("pixel_unshuffle", factor)?;
        match **self.shape() {
            [n, height, width, c] if height.is_multiple_of(factor) && width.is_multiple_of(factor) => {
                let (r, h, w) = (factor, height / factor, width / factor);
                let apart = self.reshape([n, h, r, w, r, c])?;
                apart.permute(&[0, 1, 3, 5, 2, 4])?.reshape([n, h, w, c * r * r])
            }
            _ => {
                let expected = format!("[N, H, W, C] with H and W multiples of {factor}");
                Err(TensorError::Shape { op: "pixel_unshuffle", expected, got: *self.shape() }.into())
            }
        }
    }
}

/// How many pixels a pixel becomes.
fn area(op: &'static str, factor: usize) -> Result<usize> {
    match factor.checked_mul(factor) {
        Some(area) if area > 0 => Ok(area),
        _ => Err(AutogradError::Argument { op, expected: "a factor of at least 1", got: factor.to_string() }
            .into()),
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole(
            "pixel_shuffle",
            |x| x[0].pixel_shuffle(2),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[1] * 2, d[2] * 2, d[3] / 4], |i| {
                    let channel = i[3] * 4 + i[1] % 2 * 2 + i[2] % 2;
                    x[0].at(&[i[0], i[1] / 2, i[2] / 2, channel]).unwrap()
                })
            },
        )
        .shapes(&[&[&[2, 2, 3, 8]], &[&[1, 1, 1, 4]], &[&[0, 1, 1, 4]]])
        .large(&[&[3, 50, 60, 8]])
        .errors(&[
            (&[&[2, 3, 4]], "pixel_shuffle: expected [N, H, W, C] with C a multiple of 4, got [2, 3, 4]"),
            (
                &[&[1, 2, 3, 6]],
                "pixel_shuffle: expected [N, H, W, C] with C a multiple of 4, got [1, 2, 3, 6]",
            ),
        ]),
        Row::whole(
            "pixel_unshuffle",
            |x| x[0].pixel_unshuffle(2),
            |x| {
                let d = x[0].shape();
                naive::from_fn(&[d[0], d[1] / 2, d[2] / 2, d[3] * 4], |i| {
                    let (i_h, i_w) = (i[3] % 4 / 2, i[3] % 2);
                    x[0].at(&[i[0], i[1] * 2 + i_h, i[2] * 2 + i_w, i[3] / 4]).unwrap()
                })
            },
        )
        .shapes(&[&[&[2, 4, 2, 3]], &[&[1, 2, 2, 1]], &[&[0, 2, 2, 1]]])
        .large(&[&[3, 100, 120, 2]])
        .errors(&[(
            &[&[1, 3, 4, 2]],
            "pixel_unshuffle: expected [N, H, W, C] with H and W multiples of 2, got [1, 3, 4, 2]",
        )]),
    ]
};

#[cfg(test)]
mod tests {
    use crate::Var;
    use plywood_tensor::Tensor;

    #[test]
    fn a_factor_of_0_is_refused() {
        let x = Var::from(Tensor::zeros([1, 2, 2, 4]).unwrap());
        for (y, op) in [(x.pixel_shuffle(0), "pixel_shuffle"), (x.pixel_unshuffle(0), "pixel_unshuffle")] {
            assert_eq!(y.unwrap_err().to_string(), format!("{op}: expected a factor of at least 1, got 0"));
        }
    }
}
