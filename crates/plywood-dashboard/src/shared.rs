//! What the training and whoever draws it have in common.

use crate::state::State;
use plywood_train::StopSignal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// What the thread of the training and the one that draws have in common.
#[derive(Debug)]
pub(crate) struct Shared {
    state: Mutex<State>,
    /// The user has asked to end the training.
    stop: AtomicBool,
    /// There is nothing more to come.
    done: AtomicBool,
    signal: Option<StopSignal>,
    /// When the training began.
    begin: Instant,
}

impl Shared {
    pub(crate) fn new(state: State, signal: Option<StopSignal>) -> Shared {
        let (stop, done) = (AtomicBool::new(false), AtomicBool::new(false));
        Shared { state: Mutex::new(state), stop, done, signal, begin: Instant::now() }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is shown now: a copy, so that the training does not wait while it is drawn.
    pub(crate) fn look(&self, memory: Option<u64>) -> State {
        let mut state = self.state();
        (state.elapsed, state.memory) = (self.begin.elapsed().as_secs_f64(), memory);
        state.clone()
    }

    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.signal.iter().for_each(StopSignal::stop);
    }

    pub(crate) fn is_done(&self) -> bool {
        self.done.load(Ordering::Acquire)
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Whether a signal ends the training, and not the callback.
    pub(crate) fn has_signal(&self) -> bool {
        self.signal.is_some()
    }

    /// Says that there is nothing more to come.
    pub(crate) fn end(&self) {
        self.done.store(true, Ordering::Release);
    }
}
