//! Huge pages for large blocks.

/// The size of a huge page: a block must begin at a multiple of it to be made of such.
pub(super) const HUGE: usize = 2 << 20;

/// Asks the system to back memory with huge pages, where it does so on request: passes over large tensors then look up a
/// five-hundredth of the addresses, and are up to a third faster. Nothing depends on whether it listens.
#[cfg(all(target_os = "linux", not(miri)))]
pub(super) fn advise(base: *mut u8, size: usize) {
    use std::ffi::{c_int, c_void};
    /// `MADV_HUGEPAGE` of `<sys/mman.h>`.
    const HUGE_PAGES: c_int = 14;
    unsafe extern "C" {
        fn madvise(address: *mut c_void, size: usize, advice: c_int) -> c_int;
    }
    // SAFETY: this advice changes no contents and no access, whatever the memory.
    unsafe { madvise(base.cast(), size, HUGE_PAGES) };
}

#[cfg(not(all(target_os = "linux", not(miri))))]
pub(super) fn advise(_base: *mut u8, _size: usize) {}
