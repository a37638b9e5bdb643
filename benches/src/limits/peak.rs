//! Arithmetic.
//!
//! The compiler would turn plain loops into such chains for some instruction sets and into something else for others, and
//! a limit must not depend on that: where vectors are known by name they are used by name.
#![allow(unsafe_code)]

use super::together::together;
use plywood::prelude::Elem;
use plywood::tensor::simd::Isa;
use std::hint::black_box;

/// Independent sums: enough to hide the latency of a multiply-add, few enough for the registers.
const CHAINS: usize = 12;
const ROUNDS: usize = 40_000;

/// Fused multiply-adds of all threads together, in GFLOP/s.
pub(super) fn peak(threads: usize, seconds: f64) -> f64 {
    let (chains, lanes): (fn(Elem) -> Elem, usize) = match Isa::current() {
        #[cfg(target_arch = "x86_64")]
        // SAFETY: this set was found on this processor.
        Isa::Avx512 => (|half| unsafe { vectors::avx512(half) }, 64 / size_of::<Elem>()),
        #[cfg(target_arch = "x86_64")]
        // SAFETY: as above.
        Isa::Avx2 => (|half| unsafe { vectors::avx2(half) }, 32 / size_of::<Elem>()),
        _ => (portable, PORTABLE_LANES),
    };
    let time = together(&mut vec![0.5; threads], seconds, |half| {
        black_box(chains(black_box(*half)));
    });
    (2 * ROUNDS * CHAINS * lanes * threads) as f64 / time / 1e9
}

const PORTABLE_LANES: usize = 16 / size_of::<Elem>();

/// What every processor has; two instructions for a step where the target may have no fused one.
fn portable(half: Elem) -> Elem {
    let mut sums: [[Elem; PORTABLE_LANES]; CHAINS] = [[1.0; PORTABLE_LANES]; CHAINS];
    for _ in 0..ROUNDS {
        for sums in &mut sums {
            for sum in sums {
                *sum = if cfg!(target_arch = "aarch64") { sum.mul_add(half, 1.0) } else { *sum * half + 1.0 };
            }
        }
    }
    sums.iter().flatten().sum()
}

#[cfg(target_arch = "x86_64")]
mod vectors {
    use super::{CHAINS, Elem, ROUNDS};
    use std::arch::x86_64::*;

    macro_rules! chains {
        ($name:ident, $features:literal, $splat:ident, $fused:ident, $first:ident) => {
            /// Sums that converge to 2 and stay there: neither infinite nor denormal.
            #[target_feature(enable = $features)]
            pub(super) fn $name(half: Elem) -> Elem {
                let (half, one) = ($splat(half), $splat(1.0));
                let mut sums = [one; CHAINS];
                for _ in 0..ROUNDS {
                    for sum in &mut sums {
                        *sum = $fused(*sum, half, one);
                    }
                }
                // A tree would do as well: it only has to need every sum.
                let total = sums.into_iter().reduce(|a, b| $fused(a, half, b)).unwrap_or(one);
                $first(total)
            }
        };
    }
    #[cfg(not(plywood_f64))]
    chains!(avx2, "avx2,fma", _mm256_set1_ps, _mm256_fmadd_ps, _mm256_cvtss_f32);
    #[cfg(not(plywood_f64))]
    chains!(avx512, "avx512f", _mm512_set1_ps, _mm512_fmadd_ps, _mm512_cvtss_f32);
    #[cfg(plywood_f64)]
    chains!(avx2, "avx2,fma", _mm256_set1_pd, _mm256_fmadd_pd, _mm256_cvtsd_f64);
    #[cfg(plywood_f64)]
    chains!(avx512, "avx512f", _mm512_set1_pd, _mm512_fmadd_pd, _mm512_cvtsd_f64);
}
