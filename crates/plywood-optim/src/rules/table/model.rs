//! Two parameters and functions of them with a minimum.

use crate::{Optimizer, StepReport};
use plywood_autograd::{Gradients, Param};
use plywood_nn::parameters;
use plywood_tensor::{Elem, Float, Result, Tensor};

/// Pairs of numbers: the first ones in `weight`, the second ones in `bias`.
#[derive(Debug, Clone)]
pub(super) struct Pairs {
    pub(super) weight: Param,
    pub(super) bias: Param,
}
parameters!(Pairs { weight, bias });

/// The gradient of a function of one pair.
pub(super) type Slope = fn(Elem, Elem) -> (Elem, Elem);

/// `(x − 1)² / 2 + 2 (y + 2)²`
pub(super) fn parabola(x: Elem, y: Elem) -> (Elem, Elem) {
    (x - 1.0, 4.0 * (y + 2.0))
}

/// `(1 − x)² + 5 (y − x²)²`, the function of the golden file.
pub(super) fn valley(x: Elem, y: Elem) -> (Elem, Elem) {
    let inner = y - x * x;
    (-2.0 * (1.0 - x) - 20.0 * x * inner, 10.0 * inner)
}

/// Rosenbrock's `(1 − x)² + 100 (y − x²)²`.
pub(super) fn rosenbrock(x: Elem, y: Elem) -> (Elem, Elem) {
    let inner = y - x * x;
    (-2.0 * (1.0 - x) - 400.0 * x * inner, 200.0 * inner)
}

impl Pairs {
    pub(super) fn new(weight: &[f64], bias: &[f64]) -> Pairs {
        let param = |x: &[f64]| {
            let data = x.iter().map(|&x| Elem::of(x)).collect();
            Param::new(Tensor::from_vec(data, [x.len()]).unwrap())
        };
        Pairs { weight: param(weight), bias: param(bias) }
    }

    /// Lets a rule that sees whole parameters have a matrix to see; `bias` stays a vector.
    pub(super) fn for_rule(self, optimizer: &Optimizer) -> Pairs {
        if !optimizer.rule().is_whole() {
            return self;
        }
        let count = self.weight.value().numel();
        let rows = if count.is_multiple_of(250) { 250 } else { 2 };
        let weight = Param::new(self.weight.value().reshape([rows, count / rows]).unwrap());
        Pairs { weight, ..self }
    }

    /// Many pairs, spread over a square.
    pub(super) fn many(count: usize) -> Pairs {
        let spread = |k: usize| (0..count).map(|i| (i * k % 1009) as f64 / 504.5 - 1.0).collect::<Vec<_>>();
        Pairs::new(&spread(7), &spread(11))
    }

    pub(super) fn gradients(&self, slope: Slope) -> Gradients {
        let (x, y) = (self.weight.value(), self.bias.value());
        let (alike, flat) = (y.reshape(*x.shape()).unwrap(), x.reshape(*y.shape()).unwrap());
        let mut gradients = Gradients::default();
        gradients.set(&self.weight, x.zip("slope", &alike, |x, y| slope(x, y).0).unwrap());
        gradients.set(&self.bias, flat.zip("slope", y, |x, y| slope(x, y).1).unwrap());
        gradients
    }

    pub(super) fn step(&mut self, optimizer: &mut Optimizer, slope: Slope) -> Result<StepReport> {
        let ((), report) = optimizer.step_with(self, |model| Ok(((), model.gradients(slope))))?;
        Ok(report)
    }

    /// All numbers, those of the weight first.
    pub(super) fn numbers(&self) -> Vec<f64> {
        let both = [self.weight.value(), self.bias.value()];
        both.into_iter().flat_map(|x| x.as_slice()).map(|x| x.to_f64()).collect()
    }

    pub(super) fn bits(&self) -> Vec<u64> {
        self.numbers().into_iter().map(f64::to_bits).collect()
    }
}
