//! Vectors of 32 bytes.

use super::Simd;
use std::arch::x86_64::*;

/// AVX2 with FMA.
pub(crate) struct Avx2;

/// A window of this that ends behind its ones is the mask of that many lanes.
const ONES: [i32; 16] = [-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0];
const LONG_ONES: [i64; 8] = [-1, -1, -1, -1, 0, 0, 0, 0];

/// A mask, and whether it has all lanes: then plain instructions are much quicker.
#[derive(Clone, Copy)]
pub(crate) struct Mask {
    lanes: __m256i,
    full: bool,
}

// SAFETY of all functions below: by the contract of `Simd`, the instructions exist and the pointers are valid.
impl Simd<f32> for Avx2 {
    type Vector = __m256;
    type Mask = Mask;
    const LANES: usize = 8;
    const AHEAD: usize = 0;

    #[inline(always)]
    unsafe fn mask(count: usize) -> Mask {
        // SAFETY: see above; the window lies inside, for the count is at most 8.
        let lanes = unsafe { _mm256_loadu_si256(ONES.as_ptr().add(8 - count).cast()) };
        Mask { lanes, full: count == 8 }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> __m256 {
        // SAFETY: see above.
        unsafe { _mm256_set1_ps(x) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m256 {
        // SAFETY: see above.
        unsafe { _mm256_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f32, mask: Mask) -> __m256 {
        // SAFETY: see above.
        unsafe { _mm256_maskload_ps(from, mask.lanes) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, x: __m256) {
        // SAFETY: see above.
        unsafe { _mm256_storeu_ps(to, x) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f32, x: __m256, mask: Mask) {
        // SAFETY: see above.
        unsafe { if mask.full { _mm256_storeu_ps(to, x) } else { _mm256_maskstore_ps(to, mask.lanes, x) } }
    }
    #[inline(always)]
    unsafe fn add(a: __m256, b: __m256) -> __m256 {
        // SAFETY: see above.
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn multiply_add(a: __m256, b: __m256, c: __m256) -> __m256 {
        // SAFETY: see above.
        unsafe { _mm256_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn sum(x: __m256) -> f32 {
        // SAFETY: see above.
        unsafe {
            let x = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps::<1>(x));
            let x = _mm_add_ps(x, _mm_movehl_ps(x, x));
            _mm_cvtss_f32(_mm_add_ss(x, _mm_shuffle_ps::<1>(x, x)))
        }
    }
    #[inline(always)]
    unsafe fn rectify(x: __m256) -> __m256 {
        // The second operand is returned where either is NaN.
        // SAFETY: see above.
        unsafe { _mm256_max_ps(_mm256_setzero_ps(), x) }
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
            let row = |i: usize| <Self as Simd<f32>>::load_part(from.add(i.min(rows - 1) * from_step), mask);
            let mut quads = [_mm256_setzero_ps(); 8];
            for i in (0..8).step_by(4) {
                let low = |a, b| _mm256_castps_pd(_mm256_unpacklo_ps(a, b));
                let high = |a, b| _mm256_castps_pd(_mm256_unpackhi_ps(a, b));
                let [a, b, c, d] = [row(i), row(i + 1), row(i + 2), row(i + 3)];
                let (ab, cd) = (low(a, b), low(c, d));
                quads[i] = _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd));
                quads[i + 1] = _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd));
                let (ab, cd) = (high(a, b), high(c, d));
                quads[i + 2] = _mm256_castpd_ps(_mm256_unpacklo_pd(ab, cd));
                quads[i + 3] = _mm256_castpd_ps(_mm256_unpackhi_pd(ab, cd));
            }
            let put = |i: usize, x| {
                if i < columns {
                    _mm256_storeu_ps(to.add(i * to_step), x);
                }
            };
            for i in 0..4 {
                let (a, b) = (quads[i], quads[4 + i]);
                put(i, _mm256_permute2f128_ps::<0x20>(a, b));
                put(4 + i, _mm256_permute2f128_ps::<0x31>(a, b));
            }
        }
    }
}

impl Simd<f64> for Avx2 {
    type Vector = __m256d;
    type Mask = Mask;
    const LANES: usize = 4;
    const AHEAD: usize = 0;

    #[inline(always)]
    unsafe fn mask(count: usize) -> Mask {
        // SAFETY: see above; the window lies inside, for the count is at most 4.
        let lanes = unsafe { _mm256_loadu_si256(LONG_ONES.as_ptr().add(4 - count).cast()) };
        Mask { lanes, full: count == 4 }
    }
    #[inline(always)]
    unsafe fn splat(x: f64) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_set1_pd(x) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f64) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_loadu_pd(from) }
    }
    #[inline(always)]
    unsafe fn load_part(from: *const f64, mask: Mask) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_maskload_pd(from, mask.lanes) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f64, x: __m256d) {
        // SAFETY: see above.
        unsafe { _mm256_storeu_pd(to, x) }
    }
    #[inline(always)]
    unsafe fn store_part(to: *mut f64, x: __m256d, mask: Mask) {
        // SAFETY: see above.
        unsafe { if mask.full { _mm256_storeu_pd(to, x) } else { _mm256_maskstore_pd(to, mask.lanes, x) } }
    }
    #[inline(always)]
    unsafe fn add(a: __m256d, b: __m256d) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_add_pd(a, b) }
    }
    #[inline(always)]
    unsafe fn multiply_add(a: __m256d, b: __m256d, c: __m256d) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_fmadd_pd(a, b, c) }
    }
    #[inline(always)]
    unsafe fn sum(x: __m256d) -> f64 {
        // SAFETY: see above.
        unsafe {
            let x = _mm_add_pd(_mm256_castpd256_pd128(x), _mm256_extractf128_pd::<1>(x));
            _mm_cvtsd_f64(_mm_add_sd(x, _mm_unpackhi_pd(x, x)))
        }
    }
    #[inline(always)]
    unsafe fn rectify(x: __m256d) -> __m256d {
        // SAFETY: see above.
        unsafe { _mm256_max_pd(_mm256_setzero_pd(), x) }
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
            let row = |i: usize| <Self as Simd<f64>>::load_part(from.add(i.min(rows - 1) * from_step), mask);
            let [a, b, c, d] = [row(0), row(1), row(2), row(3)];
            let put = |i: usize, x| {
                if i < columns {
                    _mm256_storeu_pd(to.add(i * to_step), x);
                }
            };
            let (ab, cd) = (_mm256_unpacklo_pd(a, b), _mm256_unpacklo_pd(c, d));
            put(0, _mm256_permute2f128_pd::<0x20>(ab, cd));
            put(2, _mm256_permute2f128_pd::<0x31>(ab, cd));
            let (ab, cd) = (_mm256_unpackhi_pd(a, b), _mm256_unpackhi_pd(c, d));
            put(1, _mm256_permute2f128_pd::<0x20>(ab, cd));
            put(3, _mm256_permute2f128_pd::<0x31>(ab, cd));
        }
    }
}
