//! What a call tells.

/// What a call of [`Lbfgs::step_with`](crate::Lbfgs::step_with) did.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct LbfgsReport {
    /// The loss before the first step of the call.
    pub first_loss: f64,
    /// The loss where the parameters are now.
    pub loss: f64,
    /// How many steps were taken.
    pub iterations: u64,
    /// How often the loss was evaluated.
    pub evaluations: u64,
}
