//! How code reaches the vectors of an instruction set.

use super::Isa;

/// Runs `work` in the widest vectors that this processor has, and returns what it returns.
///
/// The closure should hold a short loop and little else: it is compiled once for each instruction set when the compiler
/// inlines it, as it does with short closures. For more, see [`call`]. It must not depend on which set was taken.
#[inline(always)]
pub fn dispatch<R>(work: impl FnOnce() -> R) -> R {
    call((), |()| work())
}

/// Runs a kernel on its arguments in the widest vectors that this processor has, and returns what it returns.
///
/// Give it a function marked `#[inline(always)]`, and mark so what the function calls in its loop: then, however long it
/// is, it is compiled once for each instruction set. A long closure would run in the vectors of the oldest processor
/// without a sign.
///
/// ```
/// use plywood_tensor::{math, simd};
///
/// #[inline(always)]
/// fn sigmoids((y, x): (&mut [f32], &[f32])) {
///     for (y, &x) in y.iter_mut().zip(x) {
///         *y = math::sigmoid(x);
///     }
/// }
///
/// let mut y = [0.0; 3];
/// simd::call((&mut y[..], &[0.0_f32, 100.0, -100.0][..]), sigmoids);
/// assert_eq!(y[..2], [0.5, 1.0]);
/// ```
#[inline(always)]
pub fn call<A, R>(arguments: A, kernel: impl FnOnce(A) -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    match Isa::current() {
        // SAFETY: threads use only instruction sets that this processor was found to have.
        Isa::Avx512 => return unsafe { avx512(arguments, kernel) },
        // SAFETY: as above.
        Isa::Avx2 => return unsafe { avx2(arguments, kernel) },
        Isa::Portable => {}
    }
    kernel(arguments)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
fn avx512<A, R>(arguments: A, kernel: impl FnOnce(A) -> R) -> R {
    kernel(arguments)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<A, R>(arguments: A, kernel: impl FnOnce(A) -> R) -> R {
    kernel(arguments)
}
