//! Numbers that will be needed soon.

/// Asks for `count` numbers from `at` on, which need not exist: a hint that changes nothing but the time a read takes.
#[inline(always)]
pub(crate) fn prefetch<T>(at: *const T, count: usize) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        /// Bytes that a processor reads at once.
        const LINE: usize = 64;
        for byte in (0..count * size_of::<T>()).step_by(LINE) {
            // SAFETY: every processor of this kind has the instruction, and it may be given any address.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast::<i8>().wrapping_add(byte)) }
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (at, count);
}
