//! A layer and a way round it.

use crate::{Context, Initial, Layer, LayerConfig, Module, NnError, Outline, SavedLayer, parameters};
use plywood_autograd::Var;
use plywood_tensor::{At, Result, Shape};
use serde::{Deserialize, Serialize};

/// `y = x + f(x)`: a layer `f`, and a way round it by which values and gradients pass unhindered.
///
/// # Shapes
/// `S → S`; the layer must keep the shape, nothing broadcasts.
///
/// # Example
/// ```
/// use plywood_nn::{Context, LeakyRelu, Module, Residual};
/// use plywood_tensor::Tensor;
///
/// let layer = Residual::new(LeakyRelu::new(0.5)?);
/// let y = layer.forward(&Context::eval(), &Tensor::from([-2.0, 2.0]).into())?;
/// assert_eq!(y.value().as_slice(), [-3.0, 4.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch and Keras have no such layer and leave the sum to the model's code. He, Zhang, Ren and Sun, *Deep residual
/// learning for image recognition*, 2015.
#[derive(Debug, Clone)]
#[doc(alias("Add", "skip connection"))]
pub struct Residual {
    /// `f`
    pub inner: Box<dyn Layer>,
}
parameters!(Residual { inner });

/// The settings of a [`Residual`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ResidualConfig {
    inner: SavedLayer,
}

impl Residual {
    /// `x + inner(x)`.
    pub fn new(inner: impl Layer) -> Residual {
        Residual { inner: Box::new(inner) }
    }

    fn check(&self, input: &Shape, output: &Shape) -> Result<()> {
        if input == output {
            return Ok(());
        }
        let expected = format!("a layer that keeps {input}");
        let (layer, got) = ("Residual".into(), output.to_string());
        Err(NnError::Setting { layer, expected, got }.into())
    }
}

impl Module for Residual {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let y = self.inner.forward(cx, x).at("inner")?;
        self.check(x.shape(), y.shape())?;
        x.add(&y)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let output = self.inner.output_shape(input).at("inner")?;
        self.check(input, &output)?;
        Ok(output)
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        self.inner.multiply_adds(input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        let output = self.output_shape(input)?;
        outline.group(self.describe(), output);
        outline.part("inner", &*self.inner, input)
    }
}

impl Layer for Residual {
    fn saved(&self) -> Option<SavedLayer> {
        self.inner.saved().map(|inner| SavedLayer::of(&ResidualConfig { inner }))
    }
}

impl LayerConfig for ResidualConfig {
    const NAME: &'static str = "Residual";
    type Layer = Residual;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Residual> {
        Ok(Residual { inner: self.inner.make(input, initial).at("inner")? })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::seeded("Residual", |stream| Ok(Residual::new(crate::Linear::new(3, 3, stream)?)))
            .parameters(&[("inner.weight", &[3, 3]), ("inner.bias", &[3])])
            .errors(&[(&[2, 4], "inner: Linear(3 -> 3): expected input [.., 3], got [2, 4]")]),
        Row::seeded("Residual", |stream| {
            let inner = crate::Sequential::new(vec![
                Box::new(crate::Linear::new(3, 4, stream)?),
                Box::new(crate::Tanh),
                Box::new(crate::Linear::new(4, 3, &stream.at(1))?.without_bias()),
            ]);
            Ok(Residual::new(inner))
        })
        .parameters(&[
            ("inner.0.weight", &[4, 3]),
            ("inner.0.bias", &[4]),
            ("inner.2.weight", &[3, 4]),
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Linear;
    use plywood_tensor::Seed;

    #[test]
    fn a_layer_that_changes_the_shape_is_refused() {
        let layer = Residual::new(Linear::new(3, 1, &Seed(0).stream()).unwrap());
        let text = "Residual: expected a layer that keeps [2, 3], got [2, 1]";
        let x = plywood_tensor::Tensor::zeros([2, 3]).unwrap();
        assert_eq!(layer.forward(&Context::eval(), &x.into()).unwrap_err().to_string(), text);
        assert_eq!(layer.output_shape(&Shape::new(&[2, 3]).unwrap()).unwrap_err().to_string(), text);
    }
}
