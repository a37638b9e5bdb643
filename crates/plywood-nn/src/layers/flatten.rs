//! All axes of a sample as one.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// All axes of a sample as one, its numbers in the order in which they lie; the axis of the batch stays.
///
/// # Shapes
/// `[N, ..] → [N, Π..]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Flatten, Module};
/// use plywood_tensor::Tensor;
///
/// let y = Flatten.forward(&Context::eval(), &Tensor::zeros([32, 8, 8])?.into())?;
/// assert_eq!(*y.shape(), [32, 64]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Flatten`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Flatten;
parameters!(Flatten {});

impl Module for Flatten {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        x.reshape(self.output_shape(x.shape())?)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        match **input {
            [batch, ref sample @ ..] => Shape::new(&[batch, sample.iter().product()]),
            [] => {
                Err(NnError::Input { layer: self.describe(), expected: "[N, ..]".into(), got: *input }.into())
            }
        }
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
        Ok(Flatten)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Flatten", || Ok(Flatten))
            .shapes(&[2, 3, 2], &[2, 6])
            .errors(&[(&[], "Flatten: expected input [N, ..], got []")]),
        Row::layer("Flatten", || Ok(Flatten)).shapes(&[3], &[3, 1]),
    ]
}
