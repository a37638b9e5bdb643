//! What the parameters of new layers are made of.

use crate::{Initializer, NnError};
use plywood_autograd::{Buffer, Param};
use plywood_tensor::{Elem, Float, IntTensor, IntoShape, Result, Shape, Stream, Tensor};
use std::cell::Cell;

/// Where the parameters of a new layer come from.
///
/// Usually random numbers. While a model is read from a file they are blank, to be filled from it, and there cannot be
/// more of them than the file has numbers: a damaged file is an error, not an attempt to fill the memory.
#[derive(Debug, Clone, Copy)]
pub struct Initial<'a>(Numbers<'a>);

#[derive(Debug, Clone, Copy)]
enum Numbers<'a> {
    Random(Stream),
    /// How many are left.
    Blank(&'a Cell<usize>),
}

impl<'a> Initial<'a> {
    /// Random numbers of a stream.
    pub fn random(stream: &Stream) -> Initial<'static> {
        Initial(Numbers::Random(*stream))
    }

    pub(crate) fn blank(left: &'a Cell<usize>) -> Initial<'a> {
        Initial(Numbers::Blank(left))
    }

    /// The same for the layer at this position: a branch of the stream.
    #[must_use]
    pub fn at(&self, index: usize) -> Initial<'a> {
        match self.0 {
            Numbers::Random(stream) => Initial(Numbers::Random(stream.at(index as u64))),
            blank => Initial(blank),
        }
    }

    /// A parameter; those of different names are independent of each other.
    ///
    /// # Errors
    /// As [`Initializer::fill`]; [`NnError::Format`] while reading a file that holds fewer numbers.
    pub fn param(&self, name: &str, shape: impl IntoShape, initializer: Initializer) -> Result<Param> {
        let shape = shape.into_shape()?;
        Ok(Param::new(match self.0 {
            Numbers::Random(stream) => initializer.fill(shape, &stream.named(name))?,
            Numbers::Blank(left) => blank(left, &shape, 0.0)?,
        }))
    }

    /// A buffer with the same number everywhere.
    ///
    /// # Errors
    /// As [`Initial::param`].
    pub fn buffer(&self, shape: impl IntoShape, value: f64) -> Result<Buffer> {
        let shape = shape.into_shape()?;
        Ok(Buffer::new(match self.0 {
            Numbers::Random(_) => Tensor::full(shape, Elem::of(value))?,
            Numbers::Blank(left) => blank(left, &shape, value)?,
        }))
    }

    /// A buffer of one integer, 0: a counter.
    ///
    /// # Errors
    /// As [`Initial::param`].
    pub fn counter(&self) -> Result<Buffer> {
        if let Numbers::Blank(left) = self.0 {
            blank(left, &Shape::SCALAR, 0.0)?;
        }
        Ok(Buffer::new(IntTensor::from(0)))
    }
}

fn blank(left: &Cell<usize>, shape: &Shape, value: f64) -> Result<Tensor> {
    let Some(rest) = left.get().checked_sub(shape.numel()) else {
        let reason = format!("the model has more parameters than the file has numbers: {shape} is too large");
        return Err(NnError::Format { reason }.into());
    };
    left.set(rest);
    Tensor::full(shape, Elem::of(value))
}
