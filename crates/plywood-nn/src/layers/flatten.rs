//! All axes of a sample as one.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// All axes of a sample as one; the axis of the batch stays.
///
/// The numbers of images and volumes come channel by channel, those of other inputs as they lie: see [`FlattenOrder`].
///
/// # Shapes
/// `[N, ..] → [N, Π..]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Flatten, FlattenOrder, Module};
/// use plywood_tensor::Tensor;
///
/// // Two pixels of two channels.
/// let x = Tensor::from([[1.0, 10.0], [2.0, 20.0]]).reshape([1, 1, 2, 2])?.into();
/// let y = Flatten::default().forward(&Context::eval(), &x)?;
/// assert_eq!(y.value().as_slice(), [1.0, 2.0, 10.0, 20.0]);
/// let y = Flatten::new(FlattenOrder::ChannelsLast).forward(&Context::eval(), &x)?;
/// assert_eq!(y.value().as_slice(), [1.0, 10.0, 2.0, 20.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Flatten`, where channels come first in memory: the linear layer behind it has the same weights.
/// Keras: `Flatten`, whose order is `ChannelsLast`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Flatten {
    #[serde(skip_serializing_if = "FlattenOrder::is_default")]
    order: FlattenOrder,
}
parameters!(Flatten {} skip { order });

/// In which order [`Flatten`] reads the numbers of a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FlattenOrder {
    /// Channel by channel where there are two axes of pixels or more, `[N, H, W, C]` and `[N, D, H, W, C]`. Else as they lie,
    /// for the last axis of three may be channels or pixels: behind a convolution of sequences `[N, L, C]` say `ChannelsFirst`.
    #[default]
    Images,
    /// Channel by channel, the last axis being channels whatever their number: as PyTorch, where they come first.
    ChannelsFirst,
    /// As they lie, pixel by pixel: as Keras.
    ChannelsLast,
}

impl FlattenOrder {
    #[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so
    fn is_default(&self) -> bool {
        *self == FlattenOrder::default()
    }
}

impl Flatten {
    /// A layer that reads in this order.
    pub fn new(order: FlattenOrder) -> Flatten {
        Flatten { order }
    }
}

impl Module for Flatten {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        let output = self.output_shape(x.shape())?;
        let moves = match self.order {
            FlattenOrder::Images => x.shape().rank() >= 4,
            FlattenOrder::ChannelsFirst => x.shape().rank() >= 3,
            FlattenOrder::ChannelsLast => false,
        };
        if moves { x.move_axis(-1, 1)?.reshape(output) } else { x.reshape(output) }
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        match **input {
            [batch, ref sample @ ..] => Shape::new(&[batch, sample.iter().product()]),
            [] => {
                Err(NnError::Input { layer: self.describe(), expected: "[N, ..]".into(), got: *input }.into())
            }
        }
    }

    fn describe(&self) -> String {
        if self.order.is_default() { "Flatten".into() } else { format!("Flatten({:?})", self.order) }
    }
}

impl Layer for Flatten {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for Flatten {
    const NAME: &'static str = "Flatten";
    type Layer = Flatten;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Flatten> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Flatten", || Ok(Flatten::default()))
            .shapes(&[2, 3, 2], &[2, 6])
            .errors(&[(&[], "Flatten: expected input [N, ..], got []")]),
        Row::layer("Flatten", || Ok(Flatten::default())).shapes(&[3], &[3, 1]),
        Row::layer("Flatten", || Ok(Flatten::default())).shapes(&[2, 2, 3, 2], &[2, 12]),
        Row::layer("Flatten", || Ok(Flatten::new(FlattenOrder::ChannelsFirst))).shapes(&[2, 3, 2], &[2, 6]),
        Row::layer("Flatten", || Ok(Flatten::new(FlattenOrder::ChannelsLast)))
            .shapes(&[2, 2, 3, 2], &[2, 12])
            .errors(&[(&[], "Flatten(ChannelsLast): expected input [N, ..], got []")]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::Tensor;

    #[test]
    fn the_order_is_that_of_the_channels_where_there_are_some() {
        let count = |shape: &[usize]| {
            let x = Tensor::arange(0.0, shape.iter().product::<usize>() as f64, 1.0).unwrap();
            Var::from(x.reshape(shape).unwrap())
        };
        for (order, shape, expected) in [
            (FlattenOrder::Images, &[1, 1, 3, 2][..], [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]),
            (FlattenOrder::Images, &[1, 3, 2], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
            (FlattenOrder::ChannelsFirst, &[1, 3, 2], [0.0, 2.0, 4.0, 1.0, 3.0, 5.0]),
            (FlattenOrder::ChannelsLast, &[1, 1, 3, 2], [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
        ] {
            let y = Flatten::new(order).forward(&Context::eval(), &count(shape)).unwrap();
            assert_eq!(y.value().as_slice(), expected, "{order:?} {shape:?}");
        }
    }
}
