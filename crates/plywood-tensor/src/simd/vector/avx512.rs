//! Vectors of 64 bytes.

use super::{Avx2, Simd};
use std::arch::x86_64::*;

/// AVX-512.
pub(crate) struct Avx512;

// SAFETY of all functions below: by the contract of `Simd`, the instructions exist and the pointers are valid.
impl Simd<f32> for Avx512 {
    type Vector = __m512;
    type Mask = __mmask16;
    const LANES: usize = 16;
    const AHEAD: usize = 8;

    #[inline(always)]
    unsafe fn mask(count: usize) -> __mmask16 {
        ((1_u32 << count) - 1) as __mmask16
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> __m512 {
        // SAFETY: see above.
        unsafe { _mm512_set1_ps(x) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        // SAFETY: see above.
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, mask: __mmask16) -> __m512 {
        // SAFETY: see above.
        unsafe { _mm512_maskz_loadu_ps(mask, from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: __m512) {
        // SAFETY: see above.
        unsafe { _mm512_storeu_ps(to, x) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, x: __m512, mask: __mmask16) {
        // SAFETY: see above.
        unsafe { _mm512_mask_storeu_ps(to, mask, x) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        // SAFETY: see above.
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn multiply_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        // SAFETY: see above.
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn sum(x: __m512) -> f32 {
        // SAFETY: see above.
        unsafe {
            let high = _mm256_castpd_ps(_mm512_extractf64x4_pd::<1>(_mm512_castps_pd(x)));
            <Avx2 as Simd<f32>>::sum(_mm256_add_ps(_mm512_castps512_ps256(x), high))
        }
    }
    #[inline(always)]
    unsafe fn rectify(x: __m512) -> __m512 {
        // The second operand is returned where either is NaN.
        // SAFETY: see above.
        unsafe { _mm512_max_ps(_mm512_setzero_ps(), x) }
    }
    #[inline(always)]
    unsafe fn transpose(
        from: *const f32,
        from_step: usize,
        [rows, columns]: [usize; 2],
        to: *mut f32,
        to_step: usize,
    ) {
        // SAFETY: see above.
        unsafe {
            let mask = <Self as Simd<f32>>::mask(columns);
            // Rows that are not there are read as the last one: nobody looks at what becomes of them.
            let row = |i: usize| _mm512_maskz_loadu_ps(mask, from.add(i.min(rows - 1) * from_step));
            // Squares of 4 within each quarter of a register, then quarters, then halves.
            let mut quads = [_mm512_setzero_ps(); 16];
            for i in (0..16).step_by(4) {
                let low = |a, b| _mm512_castps_pd(_mm512_unpacklo_ps(a, b));
                let high = |a, b| _mm512_castps_pd(_mm512_unpackhi_ps(a, b));
                let [a, b, c, d] = [row(i), row(i + 1), row(i + 2), row(i + 3)];
                let (ab, cd) = (low(a, b), low(c, d));
                quads[i] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd));
                quads[i + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd));
                let (ab, cd) = (high(a, b), high(c, d));
                quads[i + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab, cd));
                quads[i + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab, cd));
            }
            let put = |i: usize, x| {
                if i < columns {
                    _mm512_storeu_ps(to.add(i * to_step), x);
                }
            };
            for i in 0..4 {
                let [a, b, c, d] = [quads[i], quads[4 + i], quads[8 + i], quads[12 + i]];
                let (ab, cd) = (_mm512_shuffle_f32x4::<0x88>(a, b), _mm512_shuffle_f32x4::<0x88>(c, d));
                put(i, _mm512_shuffle_f32x4::<0x88>(ab, cd));
                put(8 + i, _mm512_shuffle_f32x4::<0xdd>(ab, cd));
                let (ab, cd) = (_mm512_shuffle_f32x4::<0xdd>(a, b), _mm512_shuffle_f32x4::<0xdd>(c, d));
                put(4 + i, _mm512_shuffle_f32x4::<0x88>(ab, cd));
                put(12 + i, _mm512_shuffle_f32x4::<0xdd>(ab, cd));
            }
        }
    }
}

impl Simd<f64> for Avx512 {
    type Vector = __m512d;
    type Mask = __mmask8;
    const LANES: usize = 8;
    const AHEAD: usize = 8;

    #[inline(always)]
    unsafe fn mask(count: usize) -> __mmask8 {
        ((1_u32 << count) - 1) as __mmask8
    }
    #[inline(always)]
    unsafe fn splat(x: f64) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_set1_pd(x) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_loadu_pd(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f64, mask: __mmask8) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_maskz_loadu_pd(mask, from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f64, x: __m512d) {
        // SAFETY: see above.
        unsafe { _mm512_storeu_pd(to, x) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f64, x: __m512d, mask: __mmask8) {
        // SAFETY: see above.
        unsafe { _mm512_mask_storeu_pd(to, mask, x) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512d, b: __m512d) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_add_pd(a, b) }
    }
    #[inline(always)]
    unsafe fn multiply_add(a: __m512d, b: __m512d, c: __m512d) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_fmadd_pd(a, b, c) }
    }
    #[inline(always)]
    unsafe fn sum(x: __m512d) -> f64 {
        // SAFETY: see above.
        unsafe {
            let high = _mm512_extractf64x4_pd::<1>(x);
            <Avx2 as Simd<f64>>::sum(_mm256_add_pd(_mm512_castpd512_pd256(x), high))
        }
    }
    #[inline(always)]
    unsafe fn rectify(x: __m512d) -> __m512d {
        // SAFETY: see above.
        unsafe { _mm512_max_pd(_mm512_setzero_pd(), x) }
    }
    #[inline(always)]
    unsafe fn transpose(
        from: *const f64,
        from_step: usize,
        [rows, columns]: [usize; 2],
        to: *mut f64,
        to_step: usize,
    ) {
        // SAFETY: see above.
        unsafe {
            let mask = <Self as Simd<f64>>::mask(columns);
            let row = |i: usize| _mm512_maskz_loadu_pd(mask, from.add(i.min(rows - 1) * from_step));
            let mut pairs = [_mm512_setzero_pd(); 8];
            for i in (0..8).step_by(2) {
                let (a, b) = (row(i), row(i + 1));
                pairs[i] = _mm512_unpacklo_pd(a, b);
                pairs[i + 1] = _mm512_unpackhi_pd(a, b);
            }
            let put = |i: usize, x| {
                if i < columns {
                    _mm512_storeu_pd(to.add(i * to_step), x);
                }
            };
            for i in 0..2 {
                let [a, b, c, d] = [pairs[i], pairs[2 + i], pairs[4 + i], pairs[6 + i]];
                let (ab, cd) = (_mm512_shuffle_f64x2::<0x88>(a, b), _mm512_shuffle_f64x2::<0x88>(c, d));
                put(i, _mm512_shuffle_f64x2::<0x88>(ab, cd));
                put(4 + i, _mm512_shuffle_f64x2::<0xdd>(ab, cd));
                let (ab, cd) = (_mm512_shuffle_f64x2::<0xdd>(a, b), _mm512_shuffle_f64x2::<0xdd>(c, d));
                put(2 + i, _mm512_shuffle_f64x2::<0x88>(ab, cd));
                put(6 + i, _mm512_shuffle_f64x2::<0xdd>(ab, cd));
            }
        }
    }
}
