//! Noise on gradients.

use super::Optimizer;
use crate::error::expect;
use plywood_tensor::{Result, Seed, Shape, Tensor, math};

/// Normal noise whose variance falls.
#[derive(Debug, Clone, Copy)]
pub(super) struct Noise {
    eta: f64,
    gamma: f64,
    seed: Seed,
}

impl Optimizer {
    /// Adds normal noise of variance `η / (1 + t)^γ` to every gradient after it was clipped, `t` counting steps from 0.
    ///
    /// It helps very deep networks out of bad starts. The paper tries `η` of 0.01, 0.3 and 1, with `γ = 0.55`. What is drawn
    /// is a function of the seed, the step, the path of the parameter and the place in it: neither threads nor a run that was
    /// resumed change it.
    ///
    /// ```
    /// use plywood_autograd::{Gradients, Param};
    /// use plywood_optim::{Optimizer, Sgd};
    /// use plywood_tensor::{Seed, Tensor};
    ///
    /// let mut model = vec![Param::new(Tensor::zeros([10_000])?)];
    /// let mut gradients = Gradients::default();
    /// gradients.set(&model[0], Tensor::zeros([10_000])?);
    /// let mut optimizer = Optimizer::new(Sgd::new(1.0)).gradient_noise(0.25, 0.55, Seed(7));
    /// optimizer.step(&mut model, &gradients)?;
    /// let variance = model[0].value().square().mean().item()?;
    /// assert!((variance - 0.25).abs() < 0.01, "{variance}");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// Neelakantan and others, "Adding gradient noise improves learning for very deep networks", 2015.
    #[must_use]
    pub fn gradient_noise(mut self, eta: f64, gamma: f64, seed: Seed) -> Optimizer {
        self.noise = Some(Noise { eta, gamma, seed });
        self
    }
}

impl Noise {
    pub(super) fn check(&self) -> Result<()> {
        let (eta, gamma) = (self.eta, self.gamma);
        let fits = |x: f64| x >= 0.0 && x.is_finite();
        expect("gradient_noise", "a finite eta of at least 0", eta, fits(eta))?;
        expect("gradient_noise", "a finite gamma of at least 0", gamma, fits(gamma))
    }

    /// The noise of a parameter in a step, counted from 0.
    pub(super) fn of(&self, step: u64, path: &str, shape: Shape) -> Tensor {
        let deviation = (self.eta / math::pow(1.0 + step as f64, self.gamma)).sqrt();
        let stream = self.seed.stream().named("gradient_noise").at(step).named(path);
        Tensor::normal(shape, 0.0, deviation, &stream).expect("a shape was checked when it was made")
    }
}
