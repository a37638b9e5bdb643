//! Panels of B and tiles of A as micro-kernels like to read them: the numbers of one step of the inner index side by side.

use super::engine::Engine;
use crate::simd::vector::Simd;
use std::ops::Range;

/// Writes `depth` steps of `columns` columns to `to`, whose rows are `width` apart; `from` has a row for each column.
///
/// # Safety
/// The pointers must be valid for the panel, and the engine for this processor.
pub(super) unsafe fn transposed<T: Copy>(
    engine: &Engine<T>,
    from: *const T,
    from_step: usize,
    [depth, columns]: [usize; 2],
    to: *mut T,
    width: usize,
) {
    let lanes = engine.lanes;
    for j in (0..columns).step_by(lanes) {
        for p in (0..depth).step_by(lanes) {
            let size = [(columns - j).min(lanes), (depth - p).min(lanes)];
            // SAFETY: by contract; the square lies inside the panel, or what of it does is said by `size`.
            unsafe {
                (engine.transpose)(from.add(j * from_step + p), from_step, size, to.add(p * width + j), width)
            }
        }
    }
}

/// Copies `depth` rows of `columns` numbers to `to`, whose rows are `width` apart and whole vectors long: what lies behind the
/// columns becomes 0.
///
/// # Safety
/// As for [`Simd`]; the pointers must be valid for the panel.
#[inline(always)]
pub(super) unsafe fn copied<S: Simd<T>, T: Copy>(
    from: *const T,
    from_step: usize,
    [depth, columns]: [usize; 2],
    to: *mut T,
    width: usize,
) {
    let last = (columns - 1) / S::LANES * S::LANES;
    // SAFETY: by contract.
    unsafe {
        let mask = S::mask(columns - last);
        for p in 0..depth {
            let (from, to) = (from.add(p * from_step), to.add(p * width));
            for j in (0..last).step_by(S::LANES) {
                S::store(to.add(j), S::load(from.add(j)));
            }
            S::store(to.add(last), S::load_part(from.add(last), mask));
        }
    }
}

/// Steps of the inner index that are copied for all tiles before the next: a near cache keeps them.
const STEPS: usize = 16;

/// Copies `depth` columns of A, `from_step` apart, tile by tile: the numbers of a tile for one step side by side, those of
/// the next step `height` further on.
///
/// # Safety
/// The pointers must be valid for all tiles.
pub(super) unsafe fn tiles<T: Copy>(
    from: *const T,
    from_step: usize,
    depth: usize,
    tiles: impl Iterator<Item = Range<usize>> + Clone,
    to: *mut T,
    height: usize,
) {
    for start in (0..depth).step_by(STEPS) {
        let steps = STEPS.min(depth - start);
        for (i, tile) in tiles.clone().enumerate() {
            // SAFETY: by contract.
            unsafe {
                let from = from.add(start * from_step + tile.start);
                let to = to.add((i * depth + start) * height);
                copy_of(tile.len())(from, from_step, steps, to, height);
            }
        }
    }
}

/// Copies so many columns of a height that is known, from one place and step to another: no call for each of them.
type CopyColumns<T> = unsafe fn(*const T, usize, usize, *mut T, usize);

/// [`columns`] for one of the heights that tiles have.
fn copy_of<T: Copy>(height: usize) -> CopyColumns<T> {
    #[rustfmt::skip]
    let of: [CopyColumns<T>; 15] = [
        columns::<T, 0>, columns::<T, 1>, columns::<T, 2>, columns::<T, 3>, columns::<T, 4>,
        columns::<T, 5>, columns::<T, 6>, columns::<T, 7>, columns::<T, 8>, columns::<T, 9>,
        columns::<T, 10>, columns::<T, 11>, columns::<T, 12>, columns::<T, 13>, columns::<T, 14>,
    ];
    of[height]
}

unsafe fn columns<T: Copy, const HEIGHT: usize>(
    from: *const T,
    from_step: usize,
    count: usize,
    to: *mut T,
    to_step: usize,
) {
    for p in 0..count {
        // SAFETY: by contract of `tiles`; numbers lie where their type wants them, and so do arrays of them.
        unsafe {
            let column = from.add(p * from_step).cast::<[T; HEIGHT]>().read();
            to.add(p * to_step).cast::<[T; HEIGHT]>().write(column);
        }
    }
}
