//! How much memory a thread asks for: for tests that read files of strangers. Include it by `#[path]`; it makes itself the
//! allocator of the test.
#![allow(dead_code)] // each test uses its part

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};

thread_local! {
    /// Bytes held, and the most that were: of this thread, since [`begin`].
    static HELD: Cell<isize> = const { Cell::new(0) };
    static MOST: Cell<isize> = const { Cell::new(0) };
}

/// The system's allocator, counting.
struct Counting;

fn count(change: isize, besides: usize) {
    // A thread that is ending has no counters any more.
    let _ = HELD.try_with(|held| {
        let now = held.get() + change;
        held.set(now);
        let _ = MOST.try_with(|most| most.set(most.get().max(now + besides as isize)));
    });
}

// Counting needs an allocator, and an allocator is unsafe by its trait. It stands in a test, not in the library.
// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize, 0);
        // SAFETY: the caller's promises are those that the system's allocator asks for; likewise below.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize, 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Old and new may be there together.
        count(size as isize - layout.size() as isize, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        count(-(layout.size() as isize), 0);
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Each test of a program that counts memory holds this to its end: threads share the pool of tensors' memory, and what this one
/// has given back, and another one frees or takes for its own, would count as held by this one.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    // Of a test that failed there is nothing left to be afraid of.
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The most bytes that this thread held at once while it did something, beyond those it held before.
pub(crate) fn peak(work: impl FnOnce()) -> usize {
    begin();
    work();
    most()
}

/// From here on [`most`] counts.
pub(crate) fn begin() {
    HELD.set(0);
    MOST.set(0);
}

/// The most bytes that this thread held at once since [`begin`], beyond those it held then.
pub(crate) fn most() -> usize {
    MOST.get().max(0) as usize
}

/// Reads a file, which may be an error but no panic, and take at most `most` bytes of memory. What is wrong is shown with the
/// file.
///
/// Memory that waits to be used again would hide what is asked for: tests of tensors call `plywood_tensor::trim_pool` before.
pub(crate) fn bounded(name: &str, file: &[u8], most: usize, read: impl FnOnce(&[u8])) -> usize {
    let mut sound = true;
    let peak = peak(|| sound = catch_unwind(AssertUnwindSafe(|| read(file))).is_ok());
    assert!(sound, "{name}: a panic, reading {}", hex(file));
    assert!(peak <= most, "{name}: {peak} bytes of memory instead of {most}, reading {}", hex(file));
    peak
}

/// A file to be kept: the bytes as hexadecimal digits, the first of many.
fn hex(file: &[u8]) -> String {
    let shown: String = file.iter().take(2000).map(|byte| format!("{byte:02x}")).collect();
    format!("{} bytes: {shown}", file.len())
}
