//! Samples of another shape.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{IntoShape, Result, Shape};
use serde::{Deserialize, Serialize};

/// The numbers of each sample under another shape; the axis of the batch stays.
///
/// # Shapes
/// `[N, ..] → [N, shape]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Reshape};
/// use plywood_tensor::Tensor;
///
/// let layer = Reshape::new([8, 8])?;
/// let y = layer.forward(&Context::eval(), &Tensor::zeros([32, 64])?.into())?;
/// assert_eq!(*y.shape(), [32, 8, 8]);
/// let error = layer.forward(&Context::eval(), &Tensor::zeros([32, 60])?.into()).unwrap_err();
/// assert_eq!(error.to_string(), "Reshape([8, 8]): expected samples of 64 elements, got [60]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Keras: `Reshape`. PyTorch: `torch.nn.Unflatten`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "Unflatten")]
pub struct Reshape {
    shape: Vec<usize>,
}
parameters!(Reshape {} skip { shape });

impl Reshape {
    /// Samples of this shape.
    ///
    /// # Errors
    /// [`TensorError`](plywood_tensor::TensorError) for a shape that is too large or has too many axes.
    pub fn new(shape: impl IntoShape) -> Result<Reshape> {
        let shape = shape.into_shape()?;
        batched(1, &shape)?;
        Ok(Reshape { shape: shape.to_vec() })
    }
}

fn batched(batch: usize, sample: &[usize]) -> Result<Shape> {
    Shape::new(&[&[batch], sample].concat())
}

impl Module for Reshape {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        x.reshape(self.output_shape(x.shape())?)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let expected: usize = self.shape.iter().product();
        match **input {
            [batch, ref sample @ ..] if sample.iter().product::<usize>() == expected => {
                batched(batch, &self.shape)
            }
            [_, ref sample @ ..] => {
                let expected = format!("samples of {expected} elements");
                Err(NnError::Samples { layer: self.describe(), expected, got: Shape::new(sample)? }.into())
            }
            [] => {
                Err(NnError::Input { layer: self.describe(), expected: "[N, ..]".into(), got: *input }.into())
            }
        }
    }

    fn describe(&self) -> String {
        format!("Reshape({:?})", self.shape)
    }
}

impl Layer for Reshape {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for Reshape {
    const NAME: &'static str = "Reshape";
    type Layer = Reshape;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Reshape> {
        Reshape::new(self.shape.clone())
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Reshape", || Reshape::new([3, 2]))
            .shapes(&[2, 6], &[2, 3, 2])
            .errors(&[
                (&[2, 5], "Reshape([3, 2]): expected samples of 6 elements, got [5]"),
                (&[], "Reshape([3, 2]): expected input [N, ..], got []"),
            ])
            .refused([
                (|| Reshape::new([1; 8]).map(drop), "shape: expected at most 8 axes, got 9"),
                (
                    || Reshape::new([usize::MAX, 2]).map(drop),
                    "shape: [18446744073709551615, 2] has more elements than can be addressed",
                ),
            ]),
        Row::layer("Reshape", || Reshape::new([])).shapes(&[2, 1], &[2]),
    ]
}
