//! Pixels that become channels.

use super::pixel_shuffle::area;
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// Pixels become channels: `y[n, h, w, c r² + i r + j] = x[n, h r + i, w r + j, c]` with a factor `r`, as
/// [`PixelShuffle`](crate::PixelShuffle) undoes it.
///
/// # Shapes
/// `[N, H·r, W·r, C] → [N, H, W, C·r²]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, PixelUnshuffle};
/// use plywood_tensor::Tensor;
///
/// let y = PixelUnshuffle::new(2)?.forward(&Context::eval(), &Tensor::zeros([1, 6, 10, 3])?.into())?;
/// assert_eq!(*y.shape(), [1, 3, 5, 12]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other axes, and for sizes that cannot be divided.
///
/// # References
/// PyTorch: `torch.nn.PixelUnshuffle`, with the same order of channels, which come first there: the layer behind it has the
/// same weights. TensorFlow's `space_to_depth` has another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PixelUnshuffle {
    factor: usize,
}
parameters!(PixelUnshuffle {} skip { factor });

impl PixelUnshuffle {
    /// By this factor along height and width.
    ///
    /// # Errors
    /// [`NnError::Setting`] for a factor of 0, or one whose square is too large.
    pub fn new(factor: usize) -> Result<PixelUnshuffle> {
        area(Self::NAME, factor).map(|_| PixelUnshuffle { factor })
    }
}

impl Module for PixelUnshuffle {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.pixel_unshuffle(self.factor)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let (r, area) = (self.factor, area(Self::NAME, self.factor)?);
        match **input {
            [n, height, width, c] if height.is_multiple_of(r) && width.is_multiple_of(r) => {
                Shape::new(&[n, height / r, width / r, c.saturating_mul(area)])
            }
            _ => {
                let expected = format!("[N, H, W, C] with H and W multiples of {r}");
                Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
            }
        }
    }

    fn describe(&self) -> String {
        format!("PixelUnshuffle({})", self.factor)
    }
}

impl Layer for PixelUnshuffle {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for PixelUnshuffle {
    const NAME: &'static str = "PixelUnshuffle";
    type Layer = PixelUnshuffle;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<PixelUnshuffle> {
        PixelUnshuffle::new(self.factor)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("PixelUnshuffle", || PixelUnshuffle::new(2)).shapes(&[2, 4, 2, 3], &[2, 2, 1, 12]).errors(&[(
            &[1, 3, 2, 6],
            "PixelUnshuffle(2): expected input [N, H, W, C] with H and W multiples of 2, got [1, 3, 2, 6]",
        )]),
        Row::layer("PixelUnshuffle", || PixelUnshuffle::new(1))
            .shapes(&[1, 2, 3, 2], &[1, 2, 3, 2])
            .refused([
                (
                    || PixelUnshuffle::new(0).map(drop),
                    "PixelUnshuffle: expected a factor of at least 1 whose square can be counted, got 0",
                ),
                (
                    || PixelUnshuffle::new(1 << 32).map(drop),
                    "PixelUnshuffle: expected a factor of at least 1 whose square can be counted, got 4294967296",
                ),
                // As JSON it can be anything.
                (
                    || PixelUnshuffle { factor: 0 }.output_shape(&Shape::new(&[1, 2, 2, 4])?).map(drop),
                    "PixelUnshuffle: expected a factor of at least 1 whose square can be counted, got 0",
                ),
                (
                    || PixelUnshuffle { factor: 1 << 32 }.output_shape(&Shape::new(&[1, 2, 2, 4])?).map(drop),
                    "PixelUnshuffle: expected a factor of at least 1 whose square can be counted, got 4294967296",
                ),
            ]),
    ]
}
