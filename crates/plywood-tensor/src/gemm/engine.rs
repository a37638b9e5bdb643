//! The micro-kernels of one instruction set.

use super::dot::{Dots, dots};
use super::micro::{Call, Micro, tile};
use super::pack;
use super::split::balanced;
use crate::conv::winograd::vectors::{self, Collect, Spread, Transforms};
use crate::simd::Isa;
#[cfg(target_arch = "x86_64")]
use crate::simd::vector::{Avx2, Avx512};
use crate::simd::vector::{Portable, Simd};
use std::ops::Range;

/// What an instruction set offers for products of `T`.
#[allow(unnameable_types, unreachable_pub, missing_debug_implementations)] // public in name only: a bound of `Float`
pub struct Engine<T: 'static> {
    /// Numbers in a vector.
    pub(crate) lanes: usize,
    /// The most rows of a tile that is 1, 2, … vectors wide, so that all of it fits into the registers.
    pub(crate) rows: &'static [usize],
    /// How many vectors wide tiles of tall results are.
    pub(super) width: usize,
    /// What is gathered.
    pub(crate) gathering: Gathering,
    /// The micro-kernel of so many rows and vectors.
    pub(super) micro: fn(usize, usize) -> Micro<T>,
    /// [`pack::copied`].
    pub(super) copy: Move<T>,
    /// [`dots`].
    pub(super) dots: unsafe fn(&Dots<T>),
    /// The transforms of convolutions in fewer multiplications.
    pub(crate) transforms: Transforms<T>,
    /// [`Simd::transpose`].
    pub(super) transpose: Move<T>,
}

/// Moves `[rows, columns]` numbers from a place to another; rows are so many numbers apart there, and here.
pub(super) type Move<T> = unsafe fn(*const T, usize, [usize; 2], *mut T, usize);

/// From when on operands that do not lie as an instruction set likes them are gathered before they are used.
#[derive(Clone, Copy)]
pub(crate) struct Gathering {
    /// Rows are far apart if so many bytes lie between them: they are on many pages, and crowd the same lines of a cache.
    pub(super) far: usize,
    /// For more columns than this that use rows of A, turning those into columns of tiles is repaid.
    pub(super) turns: usize,
    /// Rows that are computed before the next: what is gathered of A for them fits into a near cache.
    pub(super) chunk: usize,
    /// Bytes of A from which on a few rows are used by several tiles side by side before the next rows: as many as leave room in
    /// the second cache.
    pub(super) near: usize,
    /// As `far`, for the places of images that are summed over in the gradient for a weight.
    pub(crate) places: usize,
}

/// Tiles of two narrow vectors touch each row for a line of numbers.
const NARROW: Gathering = Gathering { far: 1024, turns: 512, chunk: 256, near: usize::MAX, places: 128 };
/// Tiles of four wide ones take four lines of each row. Of A they read six rows, which crowd no cache, and processors that have them
/// have larger ones.
const WIDE: Gathering = Gathering { far: 2048, turns: usize::MAX, chunk: 1024, near: 1 << 19, places: 1024 };

impl<T> Engine<T> {
    /// How many vectors wide the tiles of a result with so many rows are: wider ones for the few rows of small batches.
    pub(crate) fn vectors(&self, rows: usize) -> usize {
        if rows >= self.rows[self.width - 1] {
            return self.width;
        }
        let widest = self.rows.iter().rposition(|&most| most >= rows);
        widest.map_or(self.width, |last| last + 1)
    }

    /// Cuts so many rows into tiles that are `vectors` wide, of two heights at most, each with its micro-kernel.
    #[inline]
    pub(crate) fn tiles(
        &self,
        rows: usize,
        vectors: usize,
    ) -> impl Iterator<Item = (Range<usize>, Micro<T>)> {
        let tiles = rows.div_ceil(self.rows[vectors - 1]);
        let low = rows / tiles;
        let kernels =
            [low, if rows > low * tiles { low + 1 } else { low }].map(|rows| (self.micro)(rows, vectors));
        balanced(rows, tiles).map(move |tile| {
            let kernel = kernels[tile.len() - low];
            (tile, kernel)
        })
    }
}

/// Types that have an engine for every instruction set.
#[allow(unnameable_types, unreachable_pub)] // public in name only: a bound of `Float`
pub trait HasEngine: Sized + 'static {
    /// The engine of an instruction set that the processor has.
    fn engine(isa: Isa) -> &'static Engine<Self>;
}

/// Wraps the generic kernels in functions that enable an instruction set, and finds the one for a tile.
macro_rules! engine {
    ($module:ident, $simd:ident $([$feature:literal])?, $t:ty, $chains:literal, $width:literal, $gathering:expr, $most:expr, $($vectors:literal: $($rows:literal)*;)*) => {
        mod $module {
            use super::*;

            pub(super) const ENGINE: Engine<$t> = Engine {
                lanes: <$simd as Simd<$t>>::LANES,
                rows: $most,
                width: $width,
                gathering: $gathering,
                micro: find,
                copy,
                dots: sums,
                transforms: Transforms { input, gradient, weight, output, weight_gradient },
                transpose,
            };

            $(#[target_feature(enable = $feature)])?
            unsafe fn micro<const ROWS: usize, const VECTORS: usize>(
                call: &Call<$t>,
                a: *const $t,
                b: *const $t,
                c: *mut $t,
            ) {
                // SAFETY: the caller's contract is that of the tile; the instruction set is enabled here.
                unsafe { tile::<$simd, $t, ROWS, VECTORS>(call, a, b, c) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn sums(call: &Dots<$t>) {
                // SAFETY: as above.
                unsafe { dots::<$simd, $t, { $chains / <$simd as Simd<$t>>::LANES }>(call) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn copy(from: *const $t, from_step: usize, size: [usize; 2], to: *mut $t, to_step: usize) {
                // SAFETY: as above.
                unsafe { pack::copied::<$simd, $t>(from, from_step, size, to, to_step) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn transpose(from: *const $t, from_step: usize, size: [usize; 2], to: *mut $t, to_step: usize) {
                // SAFETY: as above.
                unsafe { <$simd as Simd<$t>>::transpose(from, from_step, size, to, to_step) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn input(call: &Spread<$t>) {
                // SAFETY: as above.
                unsafe { vectors::spread::<$simd, $t, vectors::Input, 6>(call) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn gradient(call: &Spread<$t>) {
                // SAFETY: as above.
                unsafe { vectors::spread::<$simd, $t, vectors::Gradient, 4>(call) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn weight(call: &Spread<$t>) {
                // SAFETY: as above.
                unsafe { vectors::spread::<$simd, $t, vectors::Weight, 3>(call) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn output(call: &Collect<$t>) {
                // SAFETY: as above.
                unsafe { vectors::collect::<$simd, $t, vectors::Output, 4>(call) }
            }

            $(#[target_feature(enable = $feature)])?
            unsafe fn weight_gradient(call: &Collect<$t>) {
                // SAFETY: as above.
                unsafe { vectors::collect::<$simd, $t, vectors::WeightGradient, 3>(call) }
            }

            fn find(rows: usize, vectors: usize) -> Micro<$t> {
                match (vectors, rows) {
                    $($(($vectors, $rows) => micro::<$rows, $vectors>,)*)*
                    _ => unreachable!("tiles are cut to the sizes that exist"),
                }
            }
        }
    };
}

macro_rules! engines {
    ($($t:ty, $chains:literal, $portable:ident, $avx2:ident, $avx512:ident;)*) => { $(
        engine! { $portable, Portable, $t, $chains, 2, NARROW, &[6, 6],
            1: 1 2 3 4 5 6;
            2: 1 2 3 4 5 6;
        }
        // Of 16 registers, one holds the mask, one the number of A, and the vectors of B have one each.
        #[cfg(target_arch = "x86_64")]
        engine! { $avx2, Avx2 ["avx2,fma"], $t, $chains, 2, NARROW, &[12, 6, 3, 2, 1, 1, 1, 1],
            1: 1 2 3 4 5 6 7 8 9 10 11 12;
            2: 1 2 3 4 5 6;
            3: 1 2 3;
            4: 1 2;
            5: 1;
            6: 1;
            7: 1;
            8: 1;
        }
        // Of 32 registers; the mask has one of its own kind.
        #[cfg(target_arch = "x86_64")]
        engine! { $avx512, Avx512 ["avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"], $t, $chains, 4, WIDE,
            &[14, 14, 9, 6, 4, 4, 3, 2],
            1: 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
            2: 1 2 3 4 5 6 7 8 9 10 11 12 13 14;
            3: 1 2 3 4 5 6 7 8 9;
            4: 1 2 3 4 5 6;
            5: 1 2 3 4;
            6: 1 2 3 4;
            7: 1 2 3;
            8: 1 2;
        }

        impl HasEngine for $t {
            fn engine(isa: Isa) -> &'static Engine<$t> {
                match isa {
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx512 => &$avx512::ENGINE,
                    #[cfg(target_arch = "x86_64")]
                    Isa::Avx2 => &$avx2::ENGINE,
                    _ => &$portable::ENGINE,
                }
            }
        }
    )* };
}
engines! {
    f32, 16, portable_f32, avx2_f32, avx512_f32;
    f64, 8, portable_f64, avx2_f64, avx512_f64;
}
