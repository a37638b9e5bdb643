//! Stores that go round the caches: memory need not be read before it is written.
//!
//! Safe code has no such stores. They are here because a limit that leaves them out would be too low.
#![allow(unsafe_code)]

use plywood::prelude::Elem;

/// `out = factor · x` with such stores; false if this machine or build has none.
pub(super) fn scale(out: &mut [Elem], x: &[Elem], factor: Elem) -> bool {
    #[cfg(all(target_arch = "x86_64", not(plywood_f64)))]
    if ready(out) {
        // SAFETY: `ready` found AVX.
        unsafe { avx::scale(out, x, factor) };
        return true;
    }
    let _ = (out, x, factor);
    false
}

/// `out = x + factor · y` with such stores; false if this machine or build has none.
pub(super) fn triad(out: &mut [Elem], x: &[Elem], y: &[Elem], factor: Elem) -> bool {
    #[cfg(all(target_arch = "x86_64", not(plywood_f64)))]
    if ready(out) {
        // SAFETY: `ready` found AVX.
        unsafe { avx::triad(out, x, y, factor) };
        return true;
    }
    let _ = (out, x, y, factor);
    false
}

/// Whether the processor has the stores and the array begins and ends where they can.
#[cfg(all(target_arch = "x86_64", not(plywood_f64)))]
fn ready(out: &[f32]) -> bool {
    is_x86_feature_detected!("avx") && out.as_ptr().addr().is_multiple_of(32) && out.len().is_multiple_of(8)
}

#[cfg(all(target_arch = "x86_64", not(plywood_f64)))]
mod avx {
    use std::arch::x86_64::*;

    #[target_feature(enable = "avx")]
    pub(super) fn scale(out: &mut [f32], x: &[f32], factor: f32) {
        let factor = _mm256_set1_ps(factor);
        for (out, x) in out.chunks_exact_mut(8).zip(x.chunks_exact(8)) {
            // SAFETY: both chunks hold 8 numbers, and `out` began at a multiple of 32 bytes, as every chunk of it does.
            unsafe { _mm256_stream_ps(out.as_mut_ptr(), _mm256_mul_ps(factor, _mm256_loadu_ps(x.as_ptr()))) };
        }
        _mm_sfence();
    }

    #[target_feature(enable = "avx")]
    pub(super) fn triad(out: &mut [f32], x: &[f32], y: &[f32], factor: f32) {
        let factor = _mm256_set1_ps(factor);
        for ((out, x), y) in out.chunks_exact_mut(8).zip(x.chunks_exact(8)).zip(y.chunks_exact(8)) {
            // SAFETY: all three chunks hold 8 numbers, and `out` began at a multiple of 32 bytes, as every chunk of it does.
            unsafe {
                let (x, y) = (_mm256_loadu_ps(x.as_ptr()), _mm256_loadu_ps(y.as_ptr()));
                _mm256_stream_ps(out.as_mut_ptr(), _mm256_add_ps(x, _mm256_mul_ps(factor, y)));
            }
        }
        _mm_sfence();
    }
}

#[cfg(test)]
mod tests {
    use plywood::prelude::Tensor;

    #[test]
    fn stores_write_what_they_should() {
        let x = Tensor::arange(0.0, 1024.0, 1.0).unwrap();
        let mut out = Tensor::zeros([1024]).unwrap();
        if super::scale(out.as_mut_slice(), x.as_slice(), 2.0) {
            assert_eq!(out, x.mul_scalar(2.0));
        }
        if super::triad(out.as_mut_slice(), x.as_slice(), x.as_slice(), 2.0) {
            assert_eq!(out, x.mul_scalar(3.0));
        }
    }
}
