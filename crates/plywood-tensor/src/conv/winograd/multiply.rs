//! Products at one point.

use crate::Float;
use crate::gemm::{Call, Engine};

/// `C = A B` as `call` says, for so many rows and a panel that is `vectors` wide. Each operand begins at its first number.
///
/// Panics if one of them is too short.
pub(super) fn multiply<T: Float>(
    engine: &Engine<T>,
    call: &Call<T>,
    [rows, vectors]: [usize; 2],
    [a, b]: [&[T]; 2],
    c: &mut [T],
) {
    let width = (vectors - 1) * engine.lanes + call.tail;
    let length = |rows: usize, step: usize, columns: usize| (rows - 1) * step + columns;
    let [a_row, a_column] = call.a_steps;
    assert!(call.runs == 1 && call.bias.is_null());
    assert!(a.len() >= length(rows, a_row, length(call.depth, a_column, 1)));
    assert!(b.len() >= length(call.depth, call.b_step, width));
    assert!(c.len() >= length(rows, call.c_step, width));
    for (tile, kernel) in engine.tiles(rows, vectors) {
        let (a, c) = (&a[tile.start * a_row..], &mut c[tile.start * call.c_step..]);
        // SAFETY: the operands are as long as was checked, and the kernel is one of an instruction set that this thread may use.
        unsafe { kernel(call, a.as_ptr(), b.as_ptr(), c.as_mut_ptr()) }
    }
}
