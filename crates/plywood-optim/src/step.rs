//! What a rule is told besides the numbers.

/// One step of one parameter.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Step {
    /// How many steps this parameter has taken with this one, from 1; less than the optimizer's where it was frozen.
    pub count: u64,
    /// The learning rate after group and schedule.
    pub learning_rate: f64,
}

impl Step {
    /// The step of this count, from 1.
    pub fn new(count: u64, learning_rate: f64) -> Step {
        Step { count, learning_rate }
    }
}
