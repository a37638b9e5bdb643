//! Vectors of 16 bytes as arrays, which the compiler puts into whatever registers the target has (NEON, SSE2).

use super::Simd;

/// What every target has.
pub(crate) struct Portable;

/// Whether the target multiplies and adds with one rounding by an instruction that all its processors have.
///
/// Elsewhere a function would be called for each number, a hundred times slower: there the product is rounded too.
const FUSED: bool = cfg!(any(target_feature = "fma", target_arch = "aarch64"));

macro_rules! portable {
    ($t:ty, $lanes:literal) => {
        // SAFETY of all functions below: by the contract of `Simd`, the pointers are valid.
        impl Simd<$t> for Portable {
            type Vector = [$t; $lanes];
            type Mask = usize;
            const LANES: usize = $lanes;
            const AHEAD: usize = 0;

            #[inline(always)]
            unsafe fn mask(count: usize) -> usize {
                count
            }
            #[inline(always)]
            unsafe fn splat(x: $t) -> [$t; $lanes] {
                [x; $lanes]
            }
            #[inline(always)]
            unsafe fn load(from: *const $t) -> [$t; $lanes] {
                // SAFETY: see above.
                unsafe { from.cast::<[$t; $lanes]>().read_unaligned() }
            }
            #[inline(always)]
            unsafe fn load_part(from: *const $t, mask: usize) -> [$t; $lanes] {
                if mask == $lanes {
                    // SAFETY: see above.
                    return unsafe { from.cast::<[$t; $lanes]>().read_unaligned() };
                }
                let mut x = [0.0; $lanes];
                for i in 0..mask {
                    // SAFETY: see above.
                    x[i] = unsafe { *from.add(i) };
                }
                x
            }
            #[inline(always)]
            unsafe fn store(to: *mut $t, x: [$t; $lanes]) {
                // SAFETY: see above.
                unsafe { to.cast::<[$t; $lanes]>().write_unaligned(x) }
            }
            #[inline(always)]
            unsafe fn store_part(to: *mut $t, x: [$t; $lanes], mask: usize) {
                for i in 0..mask {
                    // SAFETY: see above.
                    unsafe { *to.add(i) = x[i] }
                }
            }
            #[inline(always)]
            unsafe fn add(mut a: [$t; $lanes], b: [$t; $lanes]) -> [$t; $lanes] {
                for i in 0..$lanes {
                    a[i] += b[i];
                }
                a
            }
            #[inline(always)]
            unsafe fn multiply_add(a: [$t; $lanes], b: [$t; $lanes], mut c: [$t; $lanes]) -> [$t; $lanes] {
                for i in 0..$lanes {
                    c[i] = if FUSED { a[i].mul_add(b[i], c[i]) } else { a[i] * b[i] + c[i] };
                }
                c
            }
            #[inline(always)]
            unsafe fn sum(mut x: [$t; $lanes]) -> $t {
                let mut half = $lanes / 2;
                while half > 0 {
                    for i in 0..half {
                        x[i] += x[i + half];
                    }
                    half /= 2;
                }
                x[0]
            }
            #[inline(always)]
            unsafe fn rectify(mut x: [$t; $lanes]) -> [$t; $lanes] {
                for x in &mut x {
                    *x = if *x < 0.0 { 0.0 } else { *x };
                }
                x
            }
            #[inline(always)]
            unsafe fn transpose(
                from: *const $t,
                from_step: usize,
                [rows, columns]: [usize; 2],
                to: *mut $t,
                to_step: usize,
            ) {
                for i in 0..columns {
                    for j in 0..rows {
                        // SAFETY: see above.
                        unsafe { *to.add(i * to_step + j) = *from.add(j * from_step + i) }
                    }
                }
            }
        }
    };
}
portable!(f32, 4);
portable!(f64, 2);
