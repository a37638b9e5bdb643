//! What a step tells.

/// What there is to know about a step that was taken, or skipped.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct StepReport {
    /// The norm over all gradients, after limits for elements, units and parameters, before that for all of them; known when
    /// [`clip_global_norm`] or [`measure_norm`] is set.
    ///
    /// [`clip_global_norm`]: crate::Optimizer::clip_global_norm
    /// [`measure_norm`]: crate::Optimizer::measure_norm
    pub norm: Option<f64>,
    /// The path of the parameter whose gradient was not finite, if the step was skipped for it.
    pub skipped: Option<String>,
    /// How many calls wait for their step, if none was taken because of [`accumulate`].
    ///
    /// [`accumulate`]: crate::Optimizer::accumulate
    pub accumulated: Option<u64>,
}

impl StepReport {
    /// Whether the parameters were moved.
    pub fn is_step(&self) -> bool {
        self.skipped.is_none() && self.accumulated.is_none()
    }
}
