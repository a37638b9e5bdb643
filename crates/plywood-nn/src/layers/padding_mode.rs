//! What lies beyond the ends of an input.

use plywood_autograd::Var;
use plywood_tensor::{IntTensor, Result};
use serde::{Deserialize, Serialize};

/// What lies beyond the ends of the input of a [`Convolution`](crate::Convolution).
///
/// ```
/// use plywood_nn::{ConvConfig, PaddingMode, Sequential};
/// use plywood_tensor::Seed;
///
/// let config = ConvConfig::<2>::new(8, 3).padding(1).padding_mode(PaddingMode::Reflect);
/// let model = Sequential::input([16, 16, 3]).layer_with(config).build(Seed(7))?;
/// assert_eq!(model[0].describe(), "Conv2d(3 -> 8, 3, padding 1, reflect)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `padding_mode` of `torch.nn.Conv2d`, with the same names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The input, mirrored at its last place.
    Reflect,
    /// The last place again and again.
    Replicate,
    /// The input from its other end.
    Circular,
}

impl PaddingMode {
    /// As in files.
    pub(super) fn name(self) -> &'static str {
        match self {
            PaddingMode::Zeros => "zeros",
            PaddingMode::Reflect => "reflect",
            PaddingMode::Replicate => "replicate",
            PaddingMode::Circular => "circular",
        }
    }

    /// The smallest size that so much padding at one of its ends can be made of.
    pub(super) fn least(self, padding: usize) -> usize {
        match self {
            PaddingMode::Zeros => 0,
            PaddingMode::Reflect => padding.saturating_add(1),
            PaddingMode::Replicate => 1,
            PaddingMode::Circular => padding,
        }
    }

    /// The input with copies of itself in front of the axes behind the batch and behind them. Each is at least as long as
    /// [`least`](PaddingMode::least) says, and the result was found to be addressable.
    pub(super) fn pad(self, x: &Var, padding: &[[usize; 2]]) -> Result<Var> {
        let mut x = x.clone();
        for (axis, padding) in padding.iter().enumerate() {
            let size = x.shape()[1 + axis] as i64;
            let [low, high] = padding.map(|size| size as i64);
            if low + high == 0 {
                continue;
            }
            let place = |at: i64| match self {
                PaddingMode::Replicate => at.clamp(0, size - 1),
                PaddingMode::Circular => at.rem_euclid(size),
                _ => (size - 1) - ((size - 1) - at.abs()).abs(),
            };
            let places: Vec<i64> = (-low..size + high).map(place).collect();
            let count = places.len();
            x = x.index_select(1 + axis as isize, &IntTensor::from_vec(places, [count])?)?;
        }
        Ok(x)
    }
}
