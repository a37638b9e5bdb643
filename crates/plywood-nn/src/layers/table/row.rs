//! One row of the table.

use crate::Layer;
use plywood_tensor::{Elem, Result, Stream};

/// A setting that is refused, and the exact text.
pub(crate) type Refused = (fn() -> Result<()>, &'static str);

/// Makes a layer with the random numbers of a stream.
pub(crate) type Make = Box<dyn Fn(&Stream) -> Result<Box<dyn Layer>>>;

/// A layer, a sample, and what it must be.
pub(crate) struct Row {
    /// The public struct.
    pub(crate) name: &'static str,
    pub(crate) make: Make,
    /// The shape of a sample batch, and of what becomes of it.
    pub(crate) input: &'static [usize],
    pub(crate) output: &'static [usize],
    /// The parameters and buffers in order, with their shapes.
    pub(crate) parameters: &'static [(&'static str, &'static [usize])],
    /// How far from 0 samples are drawn.
    pub(crate) reach: f64,
    /// Points that samples keep clear of, because differences across them mean nothing.
    pub(crate) avoid: &'static [Elem],
    /// Shapes of inputs that are refused, and the exact text.
    pub(crate) errors: &'static [(&'static [usize], &'static str)],
    pub(crate) refused: Vec<Refused>,
    /// What it says of itself, where that is more than its name and the row looks at it.
    pub(crate) described: Option<&'static str>,
}

impl Row {
    /// A layer that draws nothing at random.
    pub(crate) fn layer<L: Layer>(name: &'static str, make: fn() -> Result<L>) -> Row {
        Row::boxed(name, Box::new(move |_| Ok(Box::new(make()?))))
    }

    /// A layer with random weights.
    pub(crate) fn seeded<L: Layer>(name: &'static str, make: fn(&Stream) -> Result<L>) -> Row {
        Row::boxed(name, Box::new(move |stream| Ok(Box::new(make(stream)?))))
    }

    fn boxed(name: &'static str, make: Make) -> Row {
        let (input, output) = (&[2, 3], &[2, 3]);
        let (reach, refused) = (2.0, Vec::new());
        let (parameters, avoid, errors, described) = (&[], &[], &[], None);
        Row { name, make, input, output, parameters, reach, avoid, errors, refused, described }
    }

    pub(crate) fn shapes(self, input: &'static [usize], output: &'static [usize]) -> Row {
        Row { input, output, ..self }
    }

    pub(crate) fn parameters(self, parameters: &'static [(&'static str, &'static [usize])]) -> Row {
        Row { parameters, ..self }
    }

    /// Draws samples so far apart that differences do not change which element is the largest.
    pub(crate) fn apart(self) -> Row {
        Row { reach: 100.0, ..self }
    }

    pub(crate) fn avoid(self, avoid: &'static [Elem]) -> Row {
        Row { avoid, ..self }
    }

    pub(crate) fn errors(self, errors: &'static [(&'static [usize], &'static str)]) -> Row {
        Row { errors, ..self }
    }

    pub(crate) fn refused<const N: usize>(self, refused: [Refused; N]) -> Row {
        Row { refused: refused.into(), ..self }
    }

    pub(crate) fn described(self, text: &'static str) -> Row {
        Row { described: Some(text), ..self }
    }
}
