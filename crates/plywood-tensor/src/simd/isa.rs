//! Which instruction set, and how code reaches it.

use std::sync::OnceLock;

/// A set of vector instructions that code is compiled for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Isa {
    /// What every processor of the target has.
    Portable,
    /// x86-64 with AVX2 and FMA: 32-byte vectors.
    Avx2,
    /// x86-64 with AVX-512 (F, VL, BW, DQ): 64-byte vectors.
    Avx512,
}

impl Isa {
    /// The best instruction set of this processor.
    #[inline]
    pub fn best() -> Isa {
        // Looked up once: kernels ask for every run.
        static BEST: OnceLock<Isa> = OnceLock::new();
        *BEST.get_or_init(Isa::detect)
    }

    fn detect() -> Isa {
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512vl")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512dq")
            {
                return Isa::Avx512;
            }
            if avx2 {
                return Isa::Avx2;
            }
        }
        Isa::Portable
    }
}

/// Runs `work` in the widest vectors that this processor has, and returns what it returns.
///
/// The closure should hold the loop and little else: it is compiled once for each instruction set when the compiler
/// inlines it, as it does with short closures. It must not depend on which set was taken.
#[inline(always)]
pub fn dispatch<R>(work: impl FnOnce() -> R) -> R {
    #[cfg(target_arch = "x86_64")]
    match Isa::best() {
        // SAFETY: `best` found these features on this processor.
        Isa::Avx512 => return unsafe { avx512(work) },
        // SAFETY: as above.
        Isa::Avx2 => return unsafe { avx2(work) },
        Isa::Portable => {}
    }
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vl,avx512bw,avx512dq,avx2,fma")]
fn avx512<R>(work: impl FnOnce() -> R) -> R {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn avx2<R>(work: impl FnOnce() -> R) -> R {
    work()
}
