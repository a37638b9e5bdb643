//! Which instruction set.

use crate::{Result, TensorError};
use std::cell::Cell;
use std::fmt;

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

thread_local! {
    /// What this thread computes with; unknown until it first asks.
    static CURRENT: Cell<Option<Isa>> = const { Cell::new(None) };
}

impl Isa {
    /// All of them, the best last.
    pub const ALL: [Isa; 3] = [Isa::Portable, Isa::Avx2, Isa::Avx512];

    /// The instruction set that this thread computes with: the best of the processor, unless the thread belongs to
    /// [`Threads::with_isa`](crate::Threads::with_isa).
    #[inline]
    pub fn current() -> Isa {
        CURRENT.get().unwrap_or_else(Isa::look)
    }

    #[cold]
    fn look() -> Isa {
        let best = Isa::ALL.into_iter().rfind(|isa| isa.is_supported()).unwrap_or(Isa::Portable);
        CURRENT.set(Some(best));
        best
    }

    /// Whether this processor has it.
    pub fn is_supported(self) -> bool {
        match self {
            Isa::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Isa::Avx2 => is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Isa::Avx512 => {
                Isa::Avx2.is_supported()
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512vl")
                    && is_x86_feature_detected!("avx512bw")
                    && is_x86_feature_detected!("avx512dq")
            }
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// This one, if the processor has it.
    pub(crate) fn supported(self) -> Result<Isa> {
        if self.is_supported() { Ok(self) } else { Err(TensorError::Isa { isa: self }.into()) }
    }

    /// Makes this thread compute with it from now on; it must be supported.
    pub(crate) fn use_here(self) {
        assert!(self.is_supported(), "an instruction set is checked before threads are told to use it");
        CURRENT.set(Some(self));
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Isa::Portable => "portable",
            Isa::Avx2 => "AVX2",
            Isa::Avx512 => "AVX-512",
        })
    }
}
