//! Panels of B as micro-kernels like to read them: the numbers of one step of the inner index side by side.

use super::engine::Engine;

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

/// Copies `depth` rows of `columns` numbers to `to`, whose rows are `width` apart.
///
/// # Safety
/// The pointers must be valid for the panel.
pub(super) unsafe fn copied<T: Copy>(
    from: *const T,
    from_step: usize,
    [depth, columns]: [usize; 2],
    to: *mut T,
    width: usize,
) {
    for p in 0..depth {
        // SAFETY: by contract.
        unsafe { to.add(p * width).copy_from_nonoverlapping(from.add(p * from_step), columns) }
    }
}
