//! Channels that become pixels.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// Channels become pixels, to enlarge images: `y[n, h r + i, w r + j, c] = x[n, h, w, c r² + i r + j]` with a factor `r`.
///
/// # Shapes
/// `[N, H, W, C·r²] → [N, H·r, W·r, C]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, PixelShuffle};
/// use plywood_tensor::Tensor;
///
/// let y = PixelShuffle::new(2)?.forward(&Context::eval(), &Tensor::zeros([1, 3, 5, 12])?.into())?;
/// assert_eq!(*y.shape(), [1, 6, 10, 3]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for other axes, and for sizes that cannot be divided.
///
/// # References
/// PyTorch: `torch.nn.PixelShuffle`, with the same order of channels, which come first there: the layer before it has the
/// same weights. TensorFlow's `depth_to_space` has another order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PixelShuffle {
    factor: usize,
}
parameters!(PixelShuffle {} skip { factor });

impl PixelShuffle {
    /// By this factor along height and width.
    ///
    /// # Errors
    /// [`NnError::Setting`] for a factor of 0, or one whose square is too large.
    pub fn new(factor: usize) -> Result<PixelShuffle> {
        area(Self::NAME, factor).map(|_| PixelShuffle { factor })
    }
}

/// How many pixels of a channel lie on one of the other size.
pub(super) fn area(layer: &str, factor: usize) -> Result<usize> {
    factor.checked_mul(factor).filter(|&area| area > 0).ok_or_else(|| {
        let expected = "a factor of at least 1 whose square can be counted".into();
        NnError::Setting { layer: layer.into(), expected, got: factor.to_string() }.into()
    })
}

impl Module for PixelShuffle {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        self.output_shape(x.shape())?;
        x.pixel_shuffle(self.factor)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let (r, area) = (self.factor, area(Self::NAME, self.factor)?);
        match **input {
            [n, h, w, channels] if channels.is_multiple_of(area) => {
                Shape::new(&[n, h.saturating_mul(r), w.saturating_mul(r), channels / area])
            }
            _ => {
                let expected = format!("[N, H, W, C] with C a multiple of {area}");
                Err(NnError::Input { layer: self.describe(), expected, got: *input }.into())
            }
        }
    }

    fn describe(&self) -> String {
        format!("PixelShuffle({})", self.factor)
    }
}

impl Layer for PixelShuffle {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for PixelShuffle {
    const NAME: &'static str = "PixelShuffle";
    type Layer = PixelShuffle;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<PixelShuffle> {
        PixelShuffle::new(self.factor)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("PixelShuffle", || PixelShuffle::new(2)).shapes(&[2, 2, 3, 8], &[2, 4, 6, 2]).errors(&[
            (
                &[2, 3, 4],
                "PixelShuffle(2): expected input [N, H, W, C] with C a multiple of 4, got [2, 3, 4]",
            ),
            (
                &[1, 2, 2, 6],
                "PixelShuffle(2): expected input [N, H, W, C] with C a multiple of 4, got [1, 2, 2, 6]",
            ),
        ]),
        Row::layer("PixelShuffle", || PixelShuffle::new(1)).shapes(&[1, 2, 3, 2], &[1, 2, 3, 2]).refused([
            (
                || PixelShuffle::new(0).map(drop),
                "PixelShuffle: expected a factor of at least 1 whose square can be counted, got 0",
            ),
            (
                || PixelShuffle::new(1 << 32).map(drop),
                "PixelShuffle: expected a factor of at least 1 whose square can be counted, got 4294967296",
            ),
            // As JSON it can be anything.
            (
                || PixelShuffle { factor: 0 }.output_shape(&Shape::new(&[1, 2, 2, 4])?).map(drop),
                "PixelShuffle: expected a factor of at least 1 whose square can be counted, got 0",
            ),
            (
                || PixelShuffle { factor: 1 << 32 }.output_shape(&Shape::new(&[1, 2, 2, 4])?).map(drop),
                "PixelShuffle: expected a factor of at least 1 whose square can be counted, got 4294967296",
            ),
        ]),
    ]
}
