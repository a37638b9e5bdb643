//! Blocks of depthwise convolutions.

use crate::models::parts;
use crate::{
    Context, ConvConfig, Initial, Layer, LayerConfig, Module, NnError, Outline, SavedLayer, Sequential,
    parameters,
};
use plywood_autograd::Var;
use plywood_tensor::{At, Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// `y = x + f(x)`, where `f` makes more channels by a convolution of 1 × 1, looks at each of them by one of 3 × 3, and makes few
/// of many again: the wide part is where it is cheap. Where the size or the channels change, `y = f(x)`.
///
/// With an expansion of 1 it is a depthwise separable convolution.
///
/// # Shapes
/// `[N, H, W, C] → [N, ⌈H / stride⌉, ⌈W / stride⌉, outputs]`
///
/// # Example
/// ```
/// use plywood_nn::{InvertedResidualConfig, Sequential};
/// use plywood_tensor::Seed;
///
/// let model = Sequential::input([32, 32, 8])
///     .layer_with(InvertedResidualConfig { expand: 6, outputs: 16, stride: 2 })
///     .build(Seed(7))?;
/// assert_eq!(model[0].describe(), "InvertedResidual(8 -> 16, expand 6, stride 2)");
/// assert_eq!(model.summary()?.output, [1, 16, 16, 16]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names.
///
/// # References
/// torchvision: `torchvision.models.mobilenetv2.InvertedResidual`, with the same names. Sandler, Howard, Zhu, Zhmoginov and Chen,
/// *MobileNetV2: inverted residuals and linear bottlenecks*, 2018.
#[derive(Debug, Clone)]
#[doc(alias("MBConv", "DepthwiseConv2D"))]
pub struct InvertedResidual {
    /// `f`
    pub conv: Sequential,
    inputs: usize,
    config: InvertedResidualConfig,
}
parameters!(InvertedResidual { conv } skip { inputs, config });

/// The settings of an [`InvertedResidual`]; how many channels it is given follows from its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InvertedResidualConfig {
    /// How many times as many channels there are inside.
    pub expand: usize,
    /// How many channels come out.
    pub outputs: usize,
    /// How far the places are apart that are looked at.
    pub stride: usize,
}

impl InvertedResidual {
    /// A block for so many channels, with random weights.
    ///
    /// # Errors
    /// [`NnError::Setting`] for sizes of 0.
    pub fn new(inputs: usize, config: InvertedResidualConfig, stream: &Stream) -> Result<InvertedResidual> {
        config.make(&Shape::new(&[inputs])?, &Initial::random(stream))
    }

    fn goes_round(&self) -> bool {
        self.config.stride == 1 && self.inputs == self.config.outputs
    }
}

impl Module for InvertedResidual {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let y = self.conv.forward(cx, x).at("conv")?;
        if self.goes_round() { x.add(&y) } else { Ok(y) }
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.conv.output_shape(input).at("conv")
    }

    fn describe(&self) -> String {
        let InvertedResidualConfig { expand, outputs, stride } = self.config;
        format!("InvertedResidual({} -> {outputs}, expand {expand}, stride {stride})", self.inputs)
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        outline.part("conv", &self.conv, input)
    }
}

impl Layer for InvertedResidual {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&self.config))
    }
}

impl LayerConfig for InvertedResidualConfig {
    const NAME: &'static str = "InvertedResidual";
    type Layer = InvertedResidual;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<InvertedResidual> {
        let inputs = input.last().copied().unwrap_or(0);
        if self.expand == 0 {
            let (layer, expected) = (Self::NAME.into(), "an expansion of at least 1".into());
            return Err(NnError::Setting { layer, expected, got: "0".into() }.into());
        }
        let inside = inputs.saturating_mul(self.expand);
        let mut layers: Vec<Box<dyn Layer>> = Vec::new();
        if self.expand > 1 {
            let wider = ConvConfig::new(inside, 1);
            layers.push(Box::new(parts::conv_norm_relu6(inputs, wider, &initial.at(0)).at("conv.0")?));
        }
        let depthwise = ConvConfig::new(inside, 3).stride(self.stride).padding(1).groups(inside);
        let index = layers.len();
        let depthwise = parts::conv_norm_relu6(inside, depthwise, &initial.at(1)).at(index).at("conv")?;
        let narrower = ConvConfig::new(self.outputs, 1);
        layers.push(Box::new(depthwise));
        layers.push(Box::new(parts::conv(inside, narrower, &initial.at(2)).at(index + 1).at("conv")?));
        layers.push(Box::new(parts::batch_norm(self.outputs, initial).at(index + 2).at("conv")?));
        Ok(InvertedResidual { conv: Sequential::new(layers), inputs, config: *self })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<crate::models::table::Row> {
    use crate::models::table::Row;
    fn block(expand: usize, stride: usize) -> InvertedResidualConfig {
        InvertedResidualConfig { expand, outputs: 3, stride }
    }
    vec![
        Row::new("InvertedResidual", |stream| InvertedResidual::new(3, block(2, 1), stream))
            .shapes(&[2, 4, 5, 3], &[2, 4, 5, 3])
            .errors(&[(
                &[2, 4, 5, 2],
                "conv.0.0: Conv2d(3 -> 6, 1): expected input [N, H, W, 3], got [2, 4, 5, 2]",
            )])
            .refused(&[(
                || InvertedResidual::new(3, block(0, 1), &plywood_tensor::Seed(0).stream()).map(drop),
                "InvertedResidual: expected an expansion of at least 1, got 0",
            )]),
        Row::new("InvertedResidual", |stream| InvertedResidual::new(2, block(1, 2), stream))
            .shapes(&[2, 4, 5, 2], &[2, 2, 3, 3]),
    ]
}
