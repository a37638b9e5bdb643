//! Rprop.

use super::lion::sign;
use crate::error::expect;
use crate::{Rule, Step};
use plywood_tensor::{Elem, Float, Result, simd};

/// Steps whose lengths grow while the sign of the gradient stays, and shrink when it turns; the gradient's size is ignored.
///
/// With the gradient `g`, the one before `h`, the factors `η⁻ < 1 < η⁺` and the limits `d₀, d₁`, for each element:
/// ```text
/// g h > 0:   d ← min(η⁺ d, d₁),  p ← p − d sign(g),  h ← g
/// g h < 0:   d ← max(η⁻ d, d₀),                      h ← 0
/// g h = 0:                       p ← p − d sign(g),  h ← g
/// ```
/// The slots are `gradient` and `size` (PyTorch: `prev`, `step_size`). Sizes start at the learning rate; when the optimizer's
/// is changed later, or a schedule changes it, the steps are that many times as long. It is for gradients of all samples at
/// once: those of small batches turn too often.
///
/// # Example
/// ```
/// use plywood_autograd::{Gradients, Param};
/// use plywood_optim::{Optimizer, Rprop};
/// use plywood_tensor::Tensor;
///
/// let mut model = vec![Param::new(Tensor::from([1.0, 2.0]))];
/// let mut optimizer = Optimizer::new(Rprop::new(0.5).factors(0.5, 2.0));
/// for gradient in [[100.0, -0.01], [100.0, 0.01], [100.0, 0.01]] {
///     let mut gradients = Gradients::default();
///     gradients.set(&model[0], Tensor::from(gradient));
///     optimizer.step(&mut model, &gradients)?;
/// }
/// assert_eq!(model[0].value().as_slice(), [1.0 - 0.5 - 1.0 - 2.0, 2.0 + 0.5 - 0.0 - 0.25]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// # References
/// Riedmiller and Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", 1993, in the
/// form of `torch.optim.Rprop`, with its defaults; PyTorch's sizes do not follow a later change of the learning rate. Keras
/// does not have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rprop {
    learning_rate: f64,
    factors: (f64, f64),
    sizes: (f64, f64),
}

impl Rprop {
    /// With PyTorch's settings otherwise: factors 0.5 and 1.2, sizes from 1e-6 to 50.
    pub fn new(learning_rate: f64) -> Rprop {
        Rprop { learning_rate, factors: (0.5, 1.2), sizes: (1e-6, 50.0) }
    }

    /// What sizes are multiplied with when the gradient turns, and when it does not.
    #[must_use]
    #[doc(alias = "etas")]
    pub fn factors(self, shrink: f64, grow: f64) -> Rprop {
        Rprop { factors: (shrink, grow), ..self }
    }

    /// The smallest and the largest size of a step.
    #[must_use]
    #[doc(alias = "step_sizes")]
    pub fn sizes(self, smallest: f64, largest: f64) -> Rprop {
        Rprop { sizes: (smallest, largest), ..self }
    }
}

impl Default for Rprop {
    /// With PyTorch's learning rate, 0.01.
    fn default() -> Rprop {
        Rprop::new(1e-2)
    }
}

impl Rule for Rprop {
    fn name(&self) -> &'static str {
        "Rprop"
    }

    fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    fn check(&self) -> Result<()> {
        let ((shrink, grow), (smallest, largest)) = (self.factors, self.sizes);
        expect("Rprop", "a shrinking factor between 0 and 1", shrink, shrink > 0.0 && shrink < 1.0)?;
        expect("Rprop", "a finite growing factor above 1", grow, grow > 1.0 && grow.is_finite())?;
        expect("Rprop", "a smallest size of at least 0", smallest, smallest >= 0.0)?;
        expect("Rprop", "a finite largest size, not below the smallest", largest, largest >= smallest)?;
        expect("Rprop", "a finite largest size, not below the smallest", largest, largest.is_finite())
    }

    fn slots(&self) -> &'static [&'static str] {
        &["gradient", "size"]
    }

    fn start(&self, slot: usize) -> f64 {
        if slot == 0 { 0.0 } else { self.learning_rate }
    }

    fn update(&self, step: &Step, parameter: &mut [Elem], gradient: &[Elem], slots: &mut [&mut [Elem]]) {
        let [last, size] = slots else { unreachable!("Rprop has two slots") };
        let proportion =
            if self.learning_rate == 0.0 { 0.0 } else { step.learning_rate / self.learning_rate };
        let proportion = Elem::of(proportion);
        let (shrink, grow) = (Elem::of(self.factors.0), Elem::of(self.factors.1));
        let (smallest, largest) = (Elem::of(self.sizes.0), Elem::of(self.sizes.1));
        simd::dispatch(move || {
            let slots = last.iter_mut().zip(&mut **size);
            for ((p, &g), (h, d)) in parameter.iter_mut().zip(gradient).zip(slots) {
                // Signs are multiplied, for the product of two small gradients may vanish.
                let turn = sign(g) * sign(*h);
                let factor = if turn > 0.0 { grow } else { 1.0 };
                let factor = if turn < 0.0 { shrink } else { factor };
                let longer = *d * factor;
                let longer = if longer > largest { largest } else { longer };
                *d = if longer < smallest { smallest } else { longer };
                *h = if turn < 0.0 { 0.0 } else { g };
                *p -= proportion * *d * sign(*h);
            }
        });
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Rprop",
    cases: &[
        ("rprop", || Rprop::default().into()),
        ("rprop_settings", || Rprop::new(0.05).factors(0.4, 1.1).sizes(1e-3, 0.2).into()),
    ],
    minimum: || Rprop::new(0.02).into(),
    steps: 3000,
    errors: &[
        (|| Rprop::new(-1.0).into(), "Rprop: expected a learning rate of at least 0, got -1"),
        (
            || Rprop::default().factors(1.0, 1.2).into(),
            "Rprop: expected a shrinking factor between 0 and 1, got 1",
        ),
        (
            || Rprop::default().factors(0.5, 1.0).into(),
            "Rprop: expected a finite growing factor above 1, got 1",
        ),
        (
            || Rprop::default().sizes(-1.0, 1.0).into(),
            "Rprop: expected a smallest size of at least 0, got -1",
        ),
        (
            || Rprop::default().sizes(1.0, 0.5).into(),
            "Rprop: expected a finite largest size, not below the smallest, got 0.5",
        ),
    ],
};
