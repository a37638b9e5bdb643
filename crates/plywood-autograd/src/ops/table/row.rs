//! One row of the table.

use crate::Var;
use plywood_tensor::{Array, Result};

/// An operation, how to call it, and what it must do.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// The public function or method.
    pub(crate) name: &'static str,
    pub(crate) call: fn(&[Var]) -> Result<Var>,
    pub(crate) reference: Reference,
    /// Small samples: for each the shapes of the inputs.
    pub(crate) shapes: &'static [&'static [&'static [usize]]],
    /// One sample above the parallel threshold.
    pub(crate) large: &'static [&'static [usize]],
    /// From which interval each input is drawn; the last serves for the inputs that follow.
    pub(crate) domain: &'static [(f64, f64)],
    /// Points that samples keep clear of, because differences across them mean nothing.
    pub(crate) avoid: &'static [f64],
    /// Points without a derivative and the slope that the documentation promises there.
    pub(crate) kinks: &'static [(f64, f64)],
    pub(crate) nan: Nan,
    /// Shapes of inputs that are refused, and the exact text.
    pub(crate) errors: &'static [(&'static [&'static [usize]], &'static str)],
}

/// The operation in double precision by the most obvious loops.
#[derive(Clone, Copy)]
pub(crate) enum Reference {
    /// Of each element.
    Each(fn(f64) -> f64),
    /// Of each pair, after broadcasting.
    Pair(fn(f64, f64) -> f64),
    /// Of whole arrays.
    Whole(fn(&[Array<f64>]) -> Array<f64>),
}

/// What an operation does with a NaN in its first input.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Nan {
    /// It comes out, at least once.
    Propagates,
    /// It may vanish, as the documentation says.
    Vanishes,
}

/// Sizes 0 and 1, and around the widths of vectors.
const UNARY: &[&[&[usize]]] =
    &[&[&[2, 3]], &[&[]], &[&[0]], &[&[1]], &[&[7]], &[&[8]], &[&[15]], &[&[16]], &[&[17]], &[&[33]]];
const BINARY: &[&[&[usize]]] = &[
    &[&[2, 3], &[2, 3]],
    &[&[2, 3], &[3]],
    &[&[3], &[2, 3]],
    &[&[2, 3], &[]],
    &[&[], &[2, 3]],
    &[&[2, 1], &[1, 3]],
    &[&[2, 3], &[2, 1]],
    &[&[1], &[4]],
    &[&[2, 1, 3], &[4, 1]],
    &[&[0, 3], &[1, 3]],
    &[&[], &[]],
    &[&[17], &[17]],
];

impl Row {
    const fn new(name: &'static str, call: fn(&[Var]) -> Result<Var>, reference: Reference) -> Row {
        Row {
            name,
            call,
            reference,
            shapes: UNARY,
            large: &[&[70_001]],
            domain: &[(-2.0, 2.0)],
            avoid: &[],
            kinks: &[],
            nan: Nan::Propagates,
            errors: &[],
        }
    }

    /// A function of each element.
    pub(crate) const fn unary(name: &'static str, call: fn(&[Var]) -> Result<Var>, f: fn(f64) -> f64) -> Row {
        Row::new(name, call, Reference::Each(f))
    }

    /// A function of each pair of elements, with broadcasting.
    pub(crate) const fn binary(
        name: &'static str,
        call: fn(&[Var]) -> Result<Var>,
        f: fn(f64, f64) -> f64,
    ) -> Row {
        let row = Row::new(name, call, Reference::Pair(f));
        Row { shapes: BINARY, large: &[&[300, 301], &[301]], ..row }
    }

    /// Any other function; give it `shapes` and `large` unless one input of any shape will do.
    pub(crate) const fn whole(
        name: &'static str,
        call: fn(&[Var]) -> Result<Var>,
        f: fn(&[Array<f64>]) -> Array<f64>,
    ) -> Row {
        let row = Row::new(name, call, Reference::Whole(f));
        Row { shapes: &[&[&[2, 3]], &[&[3, 2]]], large: &[&[300, 301]], ..row }
    }

    pub(crate) const fn shapes(self, shapes: &'static [&'static [&'static [usize]]]) -> Row {
        Row { shapes, ..self }
    }

    pub(crate) const fn large(self, large: &'static [&'static [usize]]) -> Row {
        Row { large, ..self }
    }

    pub(crate) const fn domain(self, domain: &'static [(f64, f64)]) -> Row {
        Row { domain, ..self }
    }

    pub(crate) const fn avoid(self, avoid: &'static [f64]) -> Row {
        Row { avoid, ..self }
    }

    pub(crate) const fn kinks(self, kinks: &'static [(f64, f64)]) -> Row {
        Row { kinks, ..self }
    }

    pub(crate) const fn nan(self, nan: Nan) -> Row {
        Row { nan, ..self }
    }

    pub(crate) const fn errors(self, errors: &'static [(&'static [&'static [usize]], &'static str)]) -> Row {
        Row { errors, ..self }
    }
}
