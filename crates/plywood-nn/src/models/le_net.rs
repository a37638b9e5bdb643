//! The first convolutional network.

use super::parts::{self, Parts};
use crate::{
    Context, Conv2d, ConvConfig, Flatten, Initial, Layer, LayerConfig, Linear, LinearConfig, MaxPool2d,
    Module, Outline, SavedLayer, parameters,
};
use plywood_autograd::Var;
use plywood_autograd::ops::Activation;
use plywood_tensor::{At, Result, Shape, Stream};
use serde::{Deserialize, Serialize};

/// LeNet-5: two convolutions of 5 × 5, each with a pooling behind it, and three linear layers.
///
/// As it is written today, with the rectifier and the largest of four pixels where the original has the hyperbolic tangent and
/// their mean.
///
/// # Shapes
/// `[N, H, W, C] → [N, classes]`, for images of the size that it was made for.
///
/// # Example
/// ```
/// use plywood_nn::{Context, LeNet, Module, Parameters};
/// use plywood_tensor::{Seed, Tensor};
///
/// let model = LeNet::new([28, 28, 1], 10, &Seed(7).stream())?;
/// assert_eq!(model.parameter_count(), 44_426);
/// let logits = model.forward(&Context::eval(), &Tensor::zeros([2, 28, 28, 1])?.into())?;
/// assert_eq!(*logits.shape(), [2, 10]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// Those of its layers, with their names: images smaller than 16 × 16 pixels leave nothing to look at.
///
/// # References
/// LeCun, Bottou, Bengio and Haffner, *Gradient-based learning applied to document recognition*, 1998. The names are those of
/// PyTorch's tutorial, whose images have 32 × 32 pixels.
#[derive(Debug, Clone)]
pub struct LeNet {
    /// 5 × 5 to 6 channels.
    pub conv1: Conv2d,
    /// 5 × 5 to 16 channels.
    pub conv2: Conv2d,
    /// To 120 numbers.
    pub fc1: Linear,
    /// To 84 numbers.
    pub fc2: Linear,
    /// To the classes.
    pub fc3: Linear,
}
parameters!(LeNet { conv1, conv2, fc1, fc2, fc3 });

/// The settings of a [`LeNet`]; its other sizes follow from its images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeNetConfig {
    /// How many numbers come out.
    pub classes: usize,
}

impl LeNet {
    /// A network with random weights, for images of this height, width and number of channels.
    ///
    /// # Errors
    /// [`NnError`](crate::NnError) for sizes of 0 and for images that are too small.
    pub fn new(image: [usize; 3], classes: usize, stream: &Stream) -> Result<LeNet> {
        let [height, width, channels] = image;
        let input = Shape::new(&[1, height, width, channels])?;
        LeNetConfig { classes }.make(&input, &Initial::random(stream))
    }
}

const POOL: fn() -> MaxPool2d = || MaxPool2d::new(2);

impl Module for LeNet {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let relu = Activation::Relu;
        let x = self.conv1.forward_activated(cx, x, relu).at("conv1")?;
        let x = POOL().forward(cx, &x).at("pool1")?;
        let x = self.conv2.forward_activated(cx, &x, relu).at("conv2")?;
        let x = POOL().forward(cx, &x).at("pool2")?;
        let x = Flatten::default().forward(cx, &x).at("flatten")?;
        let x = self.fc1.forward_activated(cx, &x, relu).at("fc1")?;
        let x = self.fc2.forward_activated(cx, &x, relu).at("fc2")?;
        self.fc3.forward(cx, &x).at("fc3")
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let (pool, flatten) = (POOL(), Flatten::default());
        parts::output_shape(&self.parts(&pool, &flatten), input)
    }

    fn describe(&self) -> String {
        format!("LeNet({} -> {})", self.conv1.inputs(), self.fc3.weight.shape()[0])
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        parts::multiply_adds(self, input)
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        let (pool, flatten) = (POOL(), Flatten::default());
        parts::outline(&self.parts(&pool, &flatten), input, outline)
    }
}

impl LeNet {
    fn parts<'a>(&'a self, pool: &'a MaxPool2d, flatten: &'a Flatten) -> Parts<'a> {
        vec![
            ("conv1".into(), &self.conv1),
            ("pool1".into(), pool),
            ("conv2".into(), &self.conv2),
            ("pool2".into(), pool),
            ("flatten".into(), flatten),
            ("fc1".into(), &self.fc1),
            ("fc2".into(), &self.fc2),
            ("fc3".into(), &self.fc3),
        ]
    }
}

impl Layer for LeNet {
    fn saved(&self) -> Option<SavedLayer> {
        Some(SavedLayer::of(&LeNetConfig { classes: self.fc3.weight.shape()[0] }))
    }
}

impl LayerConfig for LeNetConfig {
    const NAME: &'static str = "LeNet";
    type Layer = LeNet;

    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<LeNet> {
        let conv1 = ConvConfig::<2>::new(6, 5).make(input, &initial.at(0)).at("conv1")?;
        let shape = conv1.output_shape(input).at("conv1")?;
        let shape = POOL().output_shape(&shape).at("pool1")?;
        let conv2 = ConvConfig::<2>::new(16, 5).make(&shape, &initial.at(1)).at("conv2")?;
        let shape = conv2.output_shape(&shape).at("conv2")?;
        let shape = POOL().output_shape(&shape).at("pool2")?;
        let shape = Flatten::default().output_shape(&shape).at("flatten")?;
        let linear = |inputs: usize, outputs: usize, index| {
            LinearConfig::new(outputs).make(&Shape::new(&[inputs])?, &initial.at(index))
        };
        Ok(LeNet {
            conv1,
            conv2,
            fc1: linear(shape[1], 120, 2).at("fc1")?,
            fc2: linear(120, 84, 3).at("fc2")?,
            fc3: linear(84, self.classes, 4).at("fc3")?,
        })
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    vec![
        Row::new("LeNet", |stream| LeNet::new([16, 16, 2], 3, stream))
            .shapes(&[2, 16, 16, 2], &[2, 3])
            .errors(&[
                (
                    &[2, 16, 16, 1],
                    "conv1: Conv2d(2 -> 6, 5): expected input [N, H, W, 2], got [2, 16, 16, 1]",
                ),
                (&[2, 28, 28, 2], "fc1: Linear(16 -> 120): expected input [.., 16], got [2, 256]"),
            ])
            .refused(&[
                (
                    || LeNet::new([12, 16, 1], 3, &plywood_tensor::Seed(0).stream()).map(drop),
                    "conv2: Conv2d(6 -> 16, 5): expected input at least 5 along axis 1, got [1, 4, 6, 6]",
                ),
                (
                    || LeNet::new([16, 16, 1], 0, &plywood_tensor::Seed(0).stream()).map(drop),
                    "fc3: Linear: expected at least one input and one output, got 84 -> 0",
                ),
            ]),
    ]
}
