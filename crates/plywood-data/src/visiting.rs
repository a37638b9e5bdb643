//! Which sample a thread is about to get, so that a panic in the middle of it can be laid at its door.

use std::cell::Cell;

thread_local! {
    static SAMPLE: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The thread turns to this sample.
pub(crate) fn sample(index: usize) {
    SAMPLE.set(Some(index));
}

/// The thread is with no sample in particular.
pub(crate) fn none() {
    SAMPLE.set(None);
}

/// The sample the thread is with.
pub(crate) fn current() -> Option<usize> {
    SAMPLE.get()
}
