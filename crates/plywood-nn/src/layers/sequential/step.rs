//! What a builder remembers until the shapes are known.

use crate::{Initial, Layer, LayerConfig, SavedLayer, Sequential};
use plywood_tensor::{At, Error, Result, Shape};
use std::fmt::Debug;

/// A layer to be.
pub(super) trait Step: Debug {
    fn take(self: Box<Self>, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>>;
}

/// A layer that is made when the shape of its input is known.
#[derive(Debug)]
pub(super) struct Described<C>(pub(super) C);

impl<C: LayerConfig + Debug> Step for Described<C> {
    fn take(self: Box<Self>, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        Ok(Box::new(self.0.make(input, initial)?))
    }
}

/// A layer that is there already.
#[derive(Debug)]
pub(super) struct Ready(pub(super) Box<dyn Layer>);

impl Step for Ready {
    fn take(self: Box<Self>, _: &Shape, _: &Initial<'_>) -> Result<Box<dyn Layer>> {
        Ok(self.0)
    }
}

/// A layer that could not be made, which `build` shall say.
#[derive(Debug)]
pub(super) struct Failed(pub(super) Error);

impl Step for Failed {
    fn take(self: Box<Self>, _: &Shape, _: &Initial<'_>) -> Result<Box<dyn Layer>> {
        Err(self.0)
    }
}

/// A layer from a file.
impl Step for SavedLayer {
    fn take(self: Box<Self>, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        self.make(input, initial)
    }
}

/// A layer from a file that lies in another one.
impl Step for &SavedLayer {
    fn take(self: Box<Self>, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        self.make(input, initial)
    }
}

/// `x + f(x)` with the layers of `f` to be made.
#[derive(Debug)]
pub(super) struct Around(pub(super) Vec<Box<dyn Step>>);

impl Step for Around {
    fn take(self: Box<Self>, input: &Shape, initial: &Initial<'_>) -> Result<Box<dyn Layer>> {
        let inner = assemble(self.0, input, initial).at("inner")?;
        Ok(Box::new(crate::Residual::new(inner)))
    }
}

/// Makes the layers one after another: the output shape of each is the input shape of the next.
pub(super) fn assemble<'s>(
    steps: impl IntoIterator<Item = Box<dyn Step + 's>>,
    input: &Shape,
    initial: &Initial<'_>,
) -> Result<Sequential> {
    let mut shape = *input;
    let mut layers = Vec::new();
    for (index, step) in steps.into_iter().enumerate() {
        let layer = step.take(&shape, &initial.at(index)).at(index)?;
        shape = layer.output_shape(&shape).at(index)?;
        layers.push(layer);
    }
    Ok(Sequential::new(layers))
}
