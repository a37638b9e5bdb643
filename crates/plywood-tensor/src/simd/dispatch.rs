//! How code reaches the vectors of an instruction set.

use super::Isa;

/// Work of any length that is to run in the widest vectors: see [`run`].
pub trait Kernel {
    /// What it returns.
    type Output;
    /// Does the work.
    ///
    /// Mark it `#[inline(always)]`, and mark so what it calls in its loops: then it is compiled once for each instruction
    /// set, however long it is. It must not depend on which set was taken.
    fn run(self) -> Self::Output;
}

/// Runs `work` in the widest vectors that this processor has, and returns what it returns.
///
/// For a short loop and little else: the closure is compiled once for each instruction set only where the compiler inlines
/// it, as it does with short ones. A long one would run in the vectors of the oldest processor without a sign; it is to be
/// a [`Kernel`].
#[inline(always)]
pub fn dispatch<R>(work: impl FnOnce() -> R) -> R {
    run(Closure(work))
}

struct Closure<F>(F);

impl<R, F: FnOnce() -> R> Kernel for Closure<F> {
    type Output = R;
    #[inline(always)]
    fn run(self) -> R {
        (self.0)()
    }
}

/// Runs a kernel in the widest vectors that this processor has, and returns what it returns.
///
/// ```
/// use plywood_tensor::{math, simd};
///
/// struct Sigmoids<'a> { y: &'a mut [f32], x: &'a [f32] }
///
/// impl simd::Kernel for Sigmoids<'_> {
///     type Output = ();
///     #[inline(always)]
///     fn run(self) {
///         for (y, &x) in self.y.iter_mut().zip(self.x) {
///             *y = math::sigmoid(x);
///         }
///     }
/// }
///
/// let mut y = [0.0; 3];
/// simd::run(Sigmoids { y: &mut y, x: &[0.0, 100.0, -100.0] });
/// assert_eq!(y[..2], [0.5, 1.0]);
/// ```
#[inline(always)]
pub fn run<K: Kernel>(kernel: K) -> K::Output {
    #[cfg(target_arch = "x86_64")]
    match Isa::current() {
        // SAFETY: threads use only instruction sets that this processor was found to have.
        Isa::Avx512 => return unsafe { avx512(kernel) },
        // SAFETY: as above.
        Isa::Avx2 => return unsafe { avx2(kernel) },
        Isa::Portable => {}
    }
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
fn avx512<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<K: Kernel>(kernel: K) -> K::Output {
    kernel.run()
}
