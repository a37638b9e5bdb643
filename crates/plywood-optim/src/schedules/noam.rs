//! The schedule of the first transformer.

use crate::Schedule;
use crate::error::expect;
use plywood_tensor::Result;

/// Rises in a straight line while it warms up, then falls by the root of the step; for time in steps.
///
/// `factor(t) = d^−½ · min(s^−½, s · w^−3⁄2)` with the step `s = t + 1`, the width `d` of the model and `w` steps of warm-up
///
/// It is a rate by itself, so the optimizer is given a learning rate of 1, or another number to scale it.
///
/// # Example
/// ```
/// use plywood_optim::Schedule;
/// use plywood_optim::schedules::Noam;
///
/// let schedule = Noam::new(512, 4000)?;
/// let rounded = |time| (schedule.factor(time) * 1e6).round() / 1e6;
/// assert_eq!([0.0, 1999.0, 3999.0, 15_999.0].map(rounded), [0.0, 0.000_349, 0.000_699, 0.000_349]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Vaswani and others, "Attention is all you need", 2017, section 5.3. PyTorch and Keras have it in tutorials only, some with
/// `s = t`, whose first step has a rate of 0.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "inverse square root")]
pub struct Noam {
    width: f64,
    warmup: f64,
}

impl Noam {
    /// For a model of this width (`d_model`), and so many steps of warm-up.
    ///
    /// # Errors
    /// [`OptimError::Setting`](crate::OptimError::Setting) if one of them is 0.
    pub fn new(model_size: usize, warmup_steps: u64) -> Result<Noam> {
        let (width, warmup) = (model_size as f64, warmup_steps as f64);
        expect("Noam", "a model size of at least 1", width, width >= 1.0)?;
        expect("Noam", "a warm-up of at least 1 step", warmup, warmup >= 1.0)?;
        Ok(Noam { width, warmup })
    }
}

impl Schedule for Noam {
    fn factor(&self, time: f64) -> f64 {
        let step = time + 1.0;
        // Roots and quotients are the same on all machines; powers of −½ need not be.
        (1.0 / step.sqrt()).min(step / (self.warmup * self.warmup.sqrt())) / self.width.sqrt()
    }
}

#[cfg(test)]
pub(super) const ROW: super::table::Row = super::table::Row {
    name: "Noam",
    smooth: &[("noam", || Ok(Box::new(Noam::new(64, 10)?)))],
    jumping: &[],
    errors: &[
        (|| Ok(Box::new(Noam::new(0, 10)?)), "Noam: expected a model size of at least 1, got 0"),
        (|| Ok(Box::new(Noam::new(64, 0)?)), "Noam: expected a warm-up of at least 1 step, got 0"),
    ],
};
