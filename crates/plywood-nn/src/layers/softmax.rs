//! Numbers as probabilities.

use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// Numbers as probabilities, `yᵢ = e^xᵢ / Σⱼ e^xⱼ` along an axis, the last unless told; never overflows.
///
/// A network for classification trains better without it and with a loss on logits.
///
/// # Shapes
/// `[.., C] → [.., C]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, Softmax};
/// use plywood_tensor::Tensor;
///
/// let y = Softmax::default().forward(&Context::eval(), &Tensor::from([[0.0, 1.0], [5.0, 5.0]]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[0.2689, 0.7311, 0.5000, 0.5000]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Softmax`, which must be told the axis. Keras: `Softmax`, along the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Softmax {
    axis: isize,
}
parameters!(Softmax {} skip { axis });

impl Softmax {
    /// Probabilities along this axis, counted from the end if negative; axis 0 is that of the batch.
    pub fn new(axis: isize) -> Softmax {
        Softmax { axis }
    }
}

impl Default for Softmax {
    fn default() -> Softmax {
        Softmax { axis: -1 }
    }
}

impl Module for Softmax {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        x.softmax(self.axis)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        input.axis("softmax", self.axis).map(|_| *input)
    }

    fn describe(&self) -> String {
        format!("Softmax({})", self.axis)
    }
}

impl Layer for Softmax {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for Softmax {
    const NAME: &'static str = "Softmax";
    type Layer = Softmax;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<Softmax> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("Softmax", || Ok(Softmax::default())),
        Row::layer("Softmax", || Ok(Softmax::new(1)))
            .shapes(&[2, 3, 2], &[2, 3, 2])
            .errors(&[(&[2], "softmax: axis 1 is out of range for [2]")]),
    ]
}
