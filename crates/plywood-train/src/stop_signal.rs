//! A way to end training from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Ends training from outside: from another thread, or when the user presses Ctrl-C.
///
/// A clone is the same signal. Training ends after the batch at which it is seen; the model keeps what it learnt until
/// then, also where [`EarlyStopping`](crate::EarlyStopping) would have taken something back. The library handles no
/// signal of the system by itself: a program that wants to stop on Ctrl-C asks for it by `StopSignal::on_ctrl_c`, or calls
/// [`StopSignal::stop`] in its own handler.
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

    /// A signal that Ctrl-C gives; a second Ctrl-C ends the program at once. With the feature `ctrlc`.
    ///
    /// A program has one handler of Ctrl-C, and this becomes it. One that was told to ignore Ctrl-C, as `train &` in a shell script
    /// is, goes on ignoring it: then nobody gives the signal. (On Linux; elsewhere that is the error.)
    ///
    /// ```no_run
    /// use plywood_train::{Checkpoints, Fit, StopSignal};
    ///
    /// let signal = StopSignal::on_ctrl_c()?;
    /// let fit: Fit = Fit::epochs(100).checkpoints(Checkpoints::new("runs/digits")).stop_signal(&signal);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TrainError::Handler`](crate::TrainError::Handler) if the program has a handler already.
    #[cfg(feature = "ctrlc")]
    pub fn on_ctrl_c() -> plywood_tensor::Result<StopSignal> {
        /// What a shell expects of a program that was interrupted: 128 and the number of the signal.
        const INTERRUPTED: i32 = 130;
        let signal = StopSignal::new();
        let of_handler = signal.clone();
        let handler = move || {
            if of_handler.is_stopped() {
                std::process::exit(INTERRUPTED);
            }
            of_handler.stop();
        };
        match ctrlc::try_set_handler(handler) {
            Err(error) if !is_ignored() => {
                Err(crate::TrainError::Handler { reason: error.to_string() }.into())
            }
            _ => Ok(signal),
        }
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

/// Whether whoever started the program has told it to ignore Ctrl-C; only Linux says so without a call of the system.
#[cfg(feature = "ctrlc")]
fn is_ignored() -> bool {
    const SIGINT: u32 = 2;
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask >> (SIGINT - 1) & 1 == 1)
}
