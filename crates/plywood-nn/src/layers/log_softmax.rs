//! Numbers as logarithms of probabilities.

use crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape};
use serde::{Deserialize, Serialize};

/// Logarithms of probabilities, `yᵢ = xᵢ − ln Σⱼ e^xⱼ` along an axis, the last unless told; never overflows.
///
/// What the negative log likelihood takes; a loss on logits needs neither.
///
/// # Shapes
/// `[.., C] → [.., C]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, LogSoftmax};
/// use plywood_tensor::Tensor;
///
/// let y = LogSoftmax::default().forward(&Context::eval(), &Tensor::from([[0.0, 1.0], [5.0, 5.0]]).into())?;
/// assert_eq!(format!("{:.4?}", y.value().as_slice()), "[-1.3133, -0.3133, -0.6931, -0.6931]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.LogSoftmax`, which must be told the axis.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSoftmax {
    axis: isize,
}
parameters!(LogSoftmax {} skip { axis });

impl LogSoftmax {
    /// Logarithms of probabilities along this axis, counted from the end if negative; axis 0 is that of the batch.
    pub fn new(axis: isize) -> LogSoftmax {
        LogSoftmax { axis }
    }
}

impl Default for LogSoftmax {
    fn default() -> LogSoftmax {
        LogSoftmax { axis: -1 }
    }
}

impl Module for LogSoftmax {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        x.log_softmax(self.axis)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        input.axis("log_softmax", self.axis).map(|_| *input)
    }

    fn describe(&self) -> String {
        format!("LogSoftmax({})", self.axis)
    }
}

impl Layer for LogSoftmax {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for LogSoftmax {
    const NAME: &'static str = "LogSoftmax";
    type Layer = LogSoftmax;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<LogSoftmax> {
        Ok(*self)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::layer("LogSoftmax", || Ok(LogSoftmax::default())),
        Row::layer("LogSoftmax", || Ok(LogSoftmax::new(1)))
            .shapes(&[2, 3, 2], &[2, 3, 2])
            .errors(&[(&[2], "log_softmax: axis 1 is out of range for [2]")]),
    ]
}
