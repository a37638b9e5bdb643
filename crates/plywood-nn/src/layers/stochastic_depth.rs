//! Branches that are left out at random.

use super::dropout::{probability, scaled_mask};
use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{MAX_RANK, Result, Shape};
use serde::{Deserialize, Serialize};

/// In training sets whole samples, or the whole batch, to 0 with probability `p` and divides the others by `1 − p`; else
/// does nothing. At the end of a [`Residual`](crate::Residual) branch it makes a deep network shallow now and then.
///
/// # Shapes
/// `[N, ..] → [N, ..]`
///
/// # Example
/// ```
/// use plywood_nn::{Context, Module, StochasticDepth, StochasticDepthMode};
/// use plywood_tensor::{Seed, Tensor};
///
/// let layer = StochasticDepth::new(0.5, StochasticDepthMode::Row)?;
/// let y = layer.forward(&Context::train(Seed(7), 0), &Tensor::ones([100, 3])?.into())?;
/// let rows = y.value().as_slice().chunks(3);
/// assert!(rows.clone().all(|row| row == [0.0; 3] || row == [2.0; 3]));
/// assert!((30..70).contains(&rows.filter(|row| row[0] == 0.0).count()));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`NnError::Input`] for an input without an axis.
///
/// # References
/// torchvision: `torchvision.ops.StochasticDepth`; timm: `DropPath`, which is `Row`. Huang, Sun, Liu, Sedra and Weinberger,
/// *Deep networks with stochastic depth*, 2016.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[doc(alias = "DropPath")]
pub struct StochasticDepth {
    p: f64,
    mode: StochasticDepthMode,
}
parameters!(StochasticDepth {} skip { p, mode });

/// What [`StochasticDepth`] leaves out at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StochasticDepthMode {
    /// Each sample by itself.
    Row,
    /// All samples of the batch or none.
    Batch,
}

impl StochasticDepth {
    /// Leaves out with probability `p`.
    ///
    /// # Errors
    /// [`NnError::Setting`] unless `p` is at least 0 and at most 1.
    pub fn new(p: f64, mode: StochasticDepthMode) -> Result<StochasticDepth> {
        probability("StochasticDepth", p).map(|p| StochasticDepth { p, mode })
    }
}

impl Module for StochasticDepth {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let input = self.output_shape(x.shape())?;
        if !cx.is_training() || self.p == 0.0 {
            return Ok(x.clone());
        }
        let mut dims = [1; MAX_RANK];
        if self.mode == StochasticDepthMode::Row {
            dims[0] = input[0];
        }
        x.mul(&scaled_mask(cx, Shape::new(&dims[..input.rank()])?, self.p)?.into())
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        if input.rank() > 0 {
            return Ok(*input);
        }
        Err(NnError::Input { layer: self.describe(), expected: "[N, ..]".into(), got: *input }.into())
    }

    fn describe(&self) -> String {
        format!("StochasticDepth({}, {:?})", self.p, self.mode)
    }
}

impl Layer for StochasticDepth {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(self))
    }
}

impl LayerConfig for StochasticDepth {
    const NAME: &'static str = "StochasticDepth";
    type Layer = StochasticDepth;

    fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<StochasticDepth> {
        StochasticDepth::new(self.p, self.mode)
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use StochasticDepthMode::{Batch, Row as ByRow};
    vec![
        Row::layer("StochasticDepth", || StochasticDepth::new(0.5, ByRow))
            .shapes(&[6, 2, 2], &[6, 2, 2])
            .errors(&[(&[], "StochasticDepth(0.5, Row): expected input [N, ..], got []")])
            .refused([(
                || StochasticDepth::new(-0.5, ByRow).map(drop),
                "StochasticDepth: expected a probability p of at least 0 and at most 1, got -0.5",
            )]),
        Row::layer("StochasticDepth", || StochasticDepth::new(0.01, Batch)).shapes(&[2, 3], &[2, 3]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use plywood_tensor::{Seed, Tensor};

    #[test]
    fn a_batch_goes_whole_or_not_at_all() {
        let layer = StochasticDepth::new(0.5, StochasticDepthMode::Batch).unwrap();
        let x = Var::from(Tensor::ones([5, 2]).unwrap());
        let mut left_out = 0;
        for step in 0..40 {
            let y = layer.forward(&Context::train(Seed(1), step), &x).unwrap().into_value();
            assert!(y.as_slice() == [0.0; 10] || y.as_slice() == [2.0; 10], "{y}");
            left_out += usize::from(y.as_slice()[0] == 0.0);
        }
        assert!((10..30).contains(&left_out), "{left_out}");
    }
}
