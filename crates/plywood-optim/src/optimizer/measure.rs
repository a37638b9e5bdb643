//! The norm over all gradients, for those who watch it.

use super::Optimizer;

impl Optimizer {
    /// Whether the norm over all gradients is found at every step, also where no limit needs it; it is not unless set.
    ///
    /// It costs a pass over the gradients, and changes no bit of the step.
    ///
    /// ```
    /// use plywood_autograd::{Gradients, Param};
    /// use plywood_optim::{Optimizer, Sgd};
    /// use plywood_tensor::Tensor;
    ///
    /// let mut model = vec![Param::new(Tensor::from([1.0, 1.0]))];
    /// let mut gradients = Gradients::default();
    /// gradients.set(&model[0], Tensor::from([3.0, 4.0]));
    /// let mut optimizer = Optimizer::new(Sgd::new(0.5)).measure_norm(true);
    /// assert_eq!(optimizer.step(&mut model, &gradients)?.norm, Some(5.0));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # References
    /// Optax: `global_norm`. PyTorch: `torch.nn.utils.get_total_norm`.
    #[must_use]
    #[doc(alias = "global_norm")]
    pub fn measure_norm(mut self, measure: bool) -> Optimizer {
        self.measures_norm = measure;
        self
    }

    /// Whether the norm over all gradients is found where no limit needs it.
    pub fn measures_norm(&self) -> bool {
        self.measures_norm
    }

    /// Whether [`StepReport::norm`](crate::StepReport::norm) is known after each step.
    pub fn reports_norm(&self) -> bool {
        self.measures_norm || self.clip.global_norm.is_some()
    }

    /// As [`Optimizer::measure_norm`], for an optimizer that is at work.
    pub fn set_measure_norm(&mut self, measure: bool) {
        self.measures_norm = measure;
    }
}
