//! How a batch enters a model.

use plywood_autograd::Var;
use plywood_data::Samples;
use plywood_nn::Context;
use plywood_tensor::{Array, Element, Float, IntTensor, Tensor};

/// How the inputs of a batch become what [`Module::forward`](plywood_nn::Module::forward) takes.
///
/// Tensors enter as [`Var`]s, integers (token ids) as they are, pairs as pairs. Implement it for a struct of your own,
/// together with [`Samples`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the input of a model that is trained",
    note = "a `Tensor`, an `IntTensor` and pairs of them can; a type of your own implements `Samples` and `Input`"
)]
pub trait Input: Samples {
    /// What the model is given.
    type Leaf;

    /// The batch as the model takes it.
    fn enter(&self, cx: &Context) -> Self::Leaf;

    /// The position of the first sample with a number that is infinite or NaN, if there is one.
    fn first_non_finite(&self) -> Option<usize> {
        None
    }

    /// A number for each sample that others share only if they are the same to the bit, as far as 128 bits can tell; none for
    /// inputs that are not compared. [`Audit::validation`](crate::Audit::validation) asks for it.
    fn fingerprints(&self) -> Option<Vec<u128>> {
        None
    }
}

/// A fingerprint of each sample.
fn fingerprints<T: Element>(x: &Array<T>, bits: impl Fn(&T) -> u64) -> Vec<u128> {
    let count = x.count();
    let width = x.numel().checked_div(count).unwrap_or(0);
    let print = |row: usize| {
        let numbers = &x.as_slice()[row * width..(row + 1) * width];
        numbers.iter().fold(width as u128, |print, number| {
            // Fowler, Noll and Vo's multiplication, a word at a time, with the upper half let down to the lower.
            let print = (print ^ u128::from(bits(number))).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
            print ^ (print >> 67)
        })
    };
    (0..count).map(print).collect()
}

impl Input for Tensor {
    type Leaf = Var;

    fn enter(&self, cx: &Context) -> Var {
        cx.input(self.clone())
    }

    fn first_non_finite(&self) -> Option<usize> {
        let width = self.numel().checked_div(self.count())?.max(1);
        self.as_slice().iter().position(|x| !x.to_f64().is_finite()).map(|position| position / width)
    }

    fn fingerprints(&self) -> Option<Vec<u128>> {
        Some(fingerprints(self, |x| x.to_f64().to_bits()))
    }
}

impl Input for IntTensor {
    type Leaf = IntTensor;

    fn enter(&self, _: &Context) -> IntTensor {
        self.clone()
    }

    fn fingerprints(&self) -> Option<Vec<u128>> {
        Some(fingerprints(self, |&x| x as u64))
    }
}

impl<A: Input, B: Input> Input for (A, B) {
    type Leaf = (A::Leaf, B::Leaf);

    fn enter(&self, cx: &Context) -> Self::Leaf {
        (self.0.enter(cx), self.1.enter(cx))
    }

    fn first_non_finite(&self) -> Option<usize> {
        self.0.first_non_finite().or_else(|| self.1.first_non_finite())
    }

    fn fingerprints(&self) -> Option<Vec<u128>> {
        let pairs = self.0.fingerprints()?.into_iter().zip(self.1.fingerprints()?);
        Some(pairs.map(|(a, b)| a.rotate_left(1) ^ b.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect())
    }
}
