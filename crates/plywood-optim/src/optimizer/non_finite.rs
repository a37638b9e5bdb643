//! Gradients that are infinite or NaN.

/// What an optimizer does when a gradient is infinite or NaN somewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NonFinite {
    /// Returns an error that names the parameter, the number and its place; nothing is changed.
    #[default]
    Error,
    /// Skips the step, and says so in the report; nothing is changed.
    Skip,
    /// Does not look, which saves a pass over the gradients. A norm to clip that is not finite is still an error.
    Ignore,
}
