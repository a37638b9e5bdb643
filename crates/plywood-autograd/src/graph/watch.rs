//! Finding the first value that is not finite.

use std::sync::OnceLock;

/// Remembers the first recorded operation whose result was infinite or NaN while its inputs were not.
///
/// Every operation that descends from a leaf made with a watch reports to it. It costs a pass over every result, so
/// training runs a step again with a watch only after a loss was not finite.
#[derive(Debug, Default)]
pub struct Watch(OnceLock<&'static str>);

impl Watch {
    /// The name of the first operation whose result was not finite, if there was one.
    pub fn first(&self) -> Option<&'static str> {
        self.0.get().copied()
    }

    pub(crate) fn report(&self, op: &'static str) {
        // Only the first report counts.
        let _ = self.0.set(op);
    }
}
