//! Networks for small processors.

pub(crate) mod config;
pub(crate) mod inverted_residual;

use super::parts::{self, Parts};
use crate::{
    Context, ConvConfig, Dropout, GlobalAveragePool2d, Initial, Initializer, InvertedResidualConfig, Layer,
    LayerConfig, Linear, LinearConfig, MobileNetV2Config, Module, Outline, SavedLayer, Sequential,
    parameters,
};
use plywood_autograd::Var;
use plywood_tensor::{At, Result, Shape, Stream};

/// MobileNetV2: a convolution, [`InvertedResidual`](crate::InvertedResidual) blocks of depthwise convolutions, a wide convolution
/// of 1 × 1, the mean of each channel, and a linear layer to the classes. A tenth of the arithmetic of a ResNet.
///
/// # Shapes
/// `[N, H, W, C] → [N, classes]`; any height and width.
///
/// # Example
/// ```
/// use plywood_nn::{MobileNetV2, MobileNetV2Config, Parameters, summary};
/// use plywood_tensor::Seed;
///
/// let model = MobileNetV2::new(3, MobileNetV2Config::new(1000), &Seed(7).stream())?;
/// assert_eq!(model.parameter_count(), 3_504_872);
/// assert_eq!(summary(&model, [1, 224, 224, 3])?.multiply_adds(), 300_774_272);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names.
///
/// # References
/// torchvision: `torchvision.models.mobilenet_v2`, with the same names, shapes and initial distribution. Keras:
/// `keras.applications.MobileNetV2`. Sandler, Howard, Zhu, Zhmoginov and Chen, *MobileNetV2: inverted residuals and linear
/// bottlenecks*, 2018.
#[derive(Debug, Clone)]
#[doc(alias = "mobilenet_v2")]
pub struct MobileNetV2 {
    /// All that looks at the image.
    pub features: Sequential,
    /// Dropout and a linear layer.
    pub classifier: Sequential,
    config: MobileNetV2Config,
}
parameters!(MobileNetV2 { features, classifier } skip { config });

impl MobileNetV2 {
    /// A network with random weights, for images of so many channels.
    ///
    /// # Errors
    /// [`NnError::Setting`](crate::NnError::Setting) for sizes of 0 and a dropout that is no probability.
    pub fn new(channels: usize, config: MobileNetV2Config, stream: &Stream) -> Result<MobileNetV2> {
        config.make(&Shape::new(&[channels])?, &Initial::random(stream))
    }

    /// As the last layer has it, which someone may have exchanged.
    fn classes(&self) -> usize {
        let last = self.classifier.layers().last().and_then(|layer| layer.downcast_ref::<Linear>());
        last.map_or(self.config.classes, |linear| linear.weight.shape()[0])
    }

    fn parts(&self) -> Parts<'_> {
        vec![
            ("features".into(), &self.features),
            ("avgpool".into(), const { &GlobalAveragePool2d {} }),
            ("classifier".into(), &self.classifier),
        ]
    }
}

impl Module for MobileNetV2 {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        parts::forward(&self.parts(), cx, x)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        parts::output_shape(&self.parts(), input)
    }

    fn describe(&self) -> String {
        let blocks: usize = self.config.groups.iter().map(|group| group[2]).sum();
        format!("MobileNetV2({blocks} blocks -> {})", self.classes())
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        parts::outline(&self.parts(), input, outline)
    }
}

impl Layer for MobileNetV2 {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&MobileNetV2Config { classes: self.classes(), ..self.config.clone() }))
    }
}

impl LayerConfig for MobileNetV2Config {
    const NAME: &'static str = "MobileNetV2";
    type Layer = MobileNetV2;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<MobileNetV2> {
        let mut layers: Vec<Box<dyn Layer>> = Vec::new();
        let mut inputs = input.last().copied().unwrap_or(0);
        let first = ConvConfig::new(self.first, 3).stride(2).padding(1);
        layers.push(Box::new(parts::conv_norm_relu6(inputs, first, &initial.at(0)).at("features.0")?));
        inputs = self.first;
        for &[expand, outputs, count, stride] in &self.groups {
            for i in 0..count {
                let stride = if i == 0 { stride } else { 1 };
                let config = InvertedResidualConfig { expand, outputs, stride };
                let index = layers.len();
                let block = config.make(&Shape::new(&[inputs])?, &initial.at(index));
                layers.push(Box::new(block.at(index).at("features")?));
                inputs = outputs;
            }
        }
        let (index, last) = (layers.len(), ConvConfig::new(self.last, 1));
        let last = parts::conv_norm_relu6(inputs, last, &initial.at(index)).at(index).at("features")?;
        layers.push(Box::new(last));
        let linear = LinearConfig {
            weight_initializer: Some(Initializer::Normal { mean: 0.0, deviation: 0.01 }),
            bias_initializer: Some(Initializer::Zeros),
            ..LinearConfig::new(self.classes)
        };
        let dropout = Dropout::new(self.dropout).at("classifier.0")?;
        let linear = linear.make(&Shape::new(&[self.last])?, &initial.at(index + 1)).at("classifier.1")?;
        let classifier = Sequential::new(vec![Box::new(dropout), Box::new(linear)]);
        Ok(MobileNetV2 { features: Sequential::new(layers), classifier, config: self.clone() })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    fn small() -> MobileNetV2Config {
        let groups = vec![[1, 4, 1, 1], [2, 6, 2, 2]];
        MobileNetV2Config { first: 4, groups, last: 12, dropout: 0.0, ..MobileNetV2Config::new(3) }
    }
    fn wide(factor: f64) -> Result<()> {
        MobileNetV2::new(2, small().width(factor), &plywood_tensor::Seed(0).stream()).map(drop)
    }
    const NONE: &str = "features.0.0: Conv2d: expected at least one input and one output, got 2 -> 0";
    let mut rows = inverted_residual::rows();
    rows.extend([
        Row::new("MobileNetV2", |stream| MobileNetV2::new(2, small(), stream))
            .shapes(&[4, 9, 8, 2], &[4, 3])
            .errors(&[(
                &[2, 9, 8, 1],
                "features.0.0: Conv2d(2 -> 4, 3, stride 2, padding 1): expected input [N, H, W, 2], got [2, 9, 8, 1]",
            )])
            .refused(&[
                (
                    || {
                        let config = MobileNetV2Config { dropout: 1.5, ..small() };
                        MobileNetV2::new(2, config, &plywood_tensor::Seed(0).stream()).map(drop)
                    },
                    "classifier.0: Dropout: expected a probability p of at least 0 and at most 1, got 1.5",
                ),
                (|| wide(f64::NAN), NONE),
                (|| wide(-1.0), NONE),
                (|| wide(0.0), NONE),
                (
                    || wide(1e30),
                    "features.0.0: shape: [18446744073709551615, 2, 3, 3] has more elements than can be addressed",
                ),
            ]),
    ]);
    rows
}
