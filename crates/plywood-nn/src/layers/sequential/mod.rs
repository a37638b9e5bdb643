//! Layers one after another.

mod advice;
pub(crate) mod builder;
pub(crate) mod config;
mod file;
mod images;
mod step;

pub(crate) use advice::advice;

use crate::{Context, Layer, Leaf, LeafMut, Module, NnError, Outline, Parameters, Path, SavedLayer};
use crate::{SequentialBuilder, Summary};
use plywood_autograd::Var;
use plywood_tensor::{At, IntoShape, Result, Shape};
use std::fmt;
use std::ops::{Index, IndexMut};

/// Layers one after another, each given what the one before it returns.
///
/// [`Sequential::input`] builds one and finds the sizes that can be found; [`Sequential::new`] takes layers as they are.
/// A linear layer and the activation behind it are computed in one pass, but both count: parameters are numbered as in
/// PyTorch, `0.weight`, `2.weight`. `{:?}` shows the layers in a line, [`Sequential::summary`] as a table.
///
/// # Shapes
/// Those of its layers.
///
/// # Example
/// ```
/// use plywood_nn::{Context, Linear, Module, Parameters, Relu, Sequential};
/// use plywood_tensor::{Seed, Tensor};
///
/// let model = Sequential::input([30]).linear(64).relu().dropout(0.5).linear(1).sigmoid().build(Seed(7))?;
/// assert_eq!(*model.forward(&Context::eval(), &Tensor::zeros([32, 30])?.into())?.shape(), [32, 1]);
/// assert_eq!(model.parameter_count(), 30 * 64 + 64 + 64 + 1);
///
/// let stream = Seed(7).stream();
/// let layers = Sequential::new(vec![Box::new(Linear::new(30, 64, &stream)?), Box::new(Relu)]);
/// let error = layers.forward(&Context::eval(), &Tensor::zeros([32, 31])?.into()).unwrap_err();
/// assert_eq!(error.to_string(), "0: Linear(30 -> 64): expected input [.., 30], got [32, 31]");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// PyTorch: `torch.nn.Sequential`, with the same names of parameters. Keras: `Sequential`.
#[derive(Clone, Default)]
pub struct Sequential {
    layers: Vec<Box<dyn Layer>>,
    /// The shape of one sample, if it is known.
    input: Option<Shape>,
}

impl Sequential {
    /// Starts a model for samples of this shape, the axis of the batch left out.
    pub fn input(sample: impl IntoShape) -> SequentialBuilder {
        SequentialBuilder::for_samples(sample)
    }

    /// A model of these layers.
    pub fn new(layers: Vec<Box<dyn Layer>>) -> Sequential {
        Sequential { layers, input: None }
    }

    /// The same, knowing the shape of a sample, which saving and [`Sequential::summary`] need.
    ///
    /// # Errors
    /// [`NnError::Built`] by the first layer that does not take what it would get.
    pub fn with_input(mut self, sample: impl IntoShape) -> Result<Sequential> {
        let sample = sample.into_shape()?;
        advice::about_samples(self.output_shape(&one(&sample)?), &sample, "with_input")?;
        self.input = Some(sample);
        Ok(self)
    }

    /// The shape of a sample, if it is known.
    pub fn input_shape(&self) -> Option<&Shape> {
        self.input.as_ref()
    }

    /// Adds a layer at the end.
    pub fn push(&mut self, layer: impl Layer) {
        self.layers.push(Box::new(layer));
    }

    /// How many layers there are, activations included.
    pub fn len(&self) -> usize {
        self.layers.len()
    }

    /// Whether there are no layers; such a model returns its input.
    pub fn is_empty(&self) -> bool {
        self.layers.is_empty()
    }

    /// The layers, to be looked at.
    pub fn layers(&self) -> &[Box<dyn Layer>] {
        &self.layers
    }

    /// The layers, to be exchanged, removed or put in.
    pub fn layers_mut(&mut self) -> &mut Vec<Box<dyn Layer>> {
        &mut self.layers
    }

    /// What the model is made of, for a single sample; see [`summary`](crate::summary()).
    ///
    /// # Errors
    /// [`NnError::NoInput`] if the model does not know the shape of its samples.
    pub fn summary(&self) -> Result<Summary> {
        let sample = self.input.ok_or(NnError::NoInput)?;
        crate::summary(self, one(&sample)?)
    }
}

/// A batch of one sample.
fn one(sample: &Shape) -> Result<Shape> {
    Shape::new(&[&[1], &**sample].concat())
}

impl Module for Sequential {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let mut x = x.clone();
        let mut index = 0;
        while let Some(layer) = self.layers.get(index) {
            let activation = self.layers.get(index + 1).and_then(|next| next.activation());
            let fused = activation.and_then(|activation| layer.forward_fused(cx, &x, activation));
            let (y, done) = match fused {
                Some(y) => (y, 2),
                None => (layer.forward(cx, &x), 1),
            };
            x = y.at(index)?;
            index += done;
        }
        Ok(x)
    }

    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let mut layers = self.layers.iter().enumerate();
        layers.try_fold(*input, |shape, (index, layer)| layer.output_shape(&shape).at(index))
    }

    fn describe(&self) -> String {
        let count = self.layers.len();
        format!("Sequential({count} {})", if count == 1 { "layer" } else { "layers" })
    }

    fn multiply_adds(&self, input: &Shape) -> u64 {
        let mut shape = *input;
        let mut sum = 0;
        for layer in &self.layers {
            sum += layer.multiply_adds(&shape);
            let Ok(output) = layer.output_shape(&shape) else { break };
            shape = output;
        }
        sum
    }

    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        outline.group(self.describe(), self.output_shape(input)?);
        let mut layers = self.layers.iter().enumerate();
        layers.try_fold(*input, |shape, (index, layer)| outline.part(index, &**layer, &shape))
    }
}

impl Layer for Sequential {
    fn saved(&self) -> Option<SavedLayer> {
        let layers: Option<Vec<SavedLayer>> = self.layers.iter().map(|layer| layer.saved()).collect();
        layers.map(|layers| SavedLayer::of(&config::SequentialConfig { layers }))
    }
}

/// What it is made of, in a line: `Sequential { input: [30], layers: [Linear(30 -> 64), Relu] }`.
impl fmt::Debug for Sequential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Sequential");
        if let Some(input) = &self.input {
            fields.field("input", &format_args!("{input}"));
        }
        fields.field("layers", &Described(&self.layers)).finish()
    }
}

/// Layers as they describe themselves.
struct Described<'a>(&'a [Box<dyn Layer>]);

impl fmt::Debug for Described<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        self.0.iter().for_each(|layer| {
            list.entry(&format_args!("{}", layer.describe()));
        });
        list.finish()
    }
}

/// The layers are numbered, as in a list.
impl Parameters for Sequential {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        self.layers.visit(path, visit);
    }

    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        self.layers.visit_mut(path, visit);
    }
}

/// The layer at a position; panics if there is none.
impl Index<usize> for Sequential {
    type Output = dyn Layer;
    #[track_caller]
    fn index(&self, index: usize) -> &dyn Layer {
        &*self.layers[index]
    }
}

/// The layer at a position, to be changed; panics if there is none.
impl IndexMut<usize> for Sequential {
    #[track_caller]
    fn index_mut(&mut self, index: usize) -> &mut dyn Layer {
        &mut *self.layers[index]
    }
}

#[cfg(test)]
pub(super) fn rows() -> Vec<super::table::Row> {
    use super::table::Row;
    use crate::{Dropout, Linear, Normalization, Residual, Sigmoid, Silu, Tanh};
    use plywood_tensor::Tensor;
    vec![
        Row::seeded("Sequential", |stream| {
            Ok(Sequential::new(vec![
                Box::new(Normalization::fit(&Tensor::uniform([20, 3], -1.0, 3.0, stream)?)?),
                Box::new(Linear::new(3, 5, stream)?),
                Box::new(Tanh),
                Box::new(Dropout::new(0.25)?),
                Box::new(Residual::new(Linear::new(5, 5, &stream.at(1))?)),
                Box::new(Linear::new(5, 1, &stream.at(2))?),
                Box::new(Sigmoid),
            ]))
        })
        .shapes(&[4, 3], &[4, 1])
        .parameters(&[
            ("0.mean", &[3]),
            ("0.variance", &[3]),
            ("1.weight", &[5, 3]),
            ("1.bias", &[5]),
            ("4.inner.weight", &[5, 5]),
            ("4.inner.bias", &[5]),
            ("5.weight", &[1, 5]),
            ("5.bias", &[1]),
        ])
        .errors(&[(&[2, 4], "0: Normalization(3): expected input [.., 3], got [2, 4]")]),
        Row::seeded("Sequential", |stream| {
            let layers = Sequential::new(vec![Box::new(Linear::new(3, 8, stream)?), Box::new(Silu)]);
            Ok(Sequential::new(vec![Box::new(layers), Box::new(Linear::new(8, 2, &stream.at(1))?)]))
        })
        .shapes(&[4, 3], &[4, 2])
        .parameters(&[("0.0.weight", &[8, 3]), ("0.0.bias", &[8]), ("1.weight", &[2, 8]), ("1.bias", &[2])])
        .errors(&[(&[2, 4], "0.0: Linear(3 -> 8): expected input [.., 3], got [2, 4]")]),
        Row::layer("Sequential", || Ok(Sequential::default())),
    ]
}
