//! A way to end training from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends training from outside: from another thread, or when the user presses Ctrl-C.
///
/// A clone is the same signal. Training ends after the batch at which it is seen; the model keeps what it learnt until
/// then, also where [`EarlyStopping`](crate::EarlyStopping) would have taken something back. The library handles no
/// signal of the system by itself: a program that wants to stop on Ctrl-C calls [`StopSignal::stop`] in its own handler.
///
/// ```
/// use plywood_train::StopSignal;
///
/// let signal = StopSignal::new();
/// let handler = signal.clone(); // moves into the handler, say `ctrlc::set_handler(move || handler.stop())`
/// handler.stop();
/// assert!(signal.is_stopped());
/// ```
#[derive(Debug, Clone, Default)]
pub struct StopSignal(Arc<AtomicBool>);

impl StopSignal {
    /// A signal that nobody has given yet.
    pub fn new() -> StopSignal {
        StopSignal::default()
    }

    /// Asks the training to end.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether someone has asked.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Takes it back, so that the next training runs.
    pub fn reset(&self) {
        self.0.store(false, Ordering::Relaxed);
    }
}
