//! Products at one point.

use crate::Float;
use crate::gemm::{Call, Engine};

/// `C = A B` as `call` says, for so many rows and a panel that is `vectors` wide; A is read by rows, or by columns. Each operand
/// begins at its first number.
///
/// Panics if one of them is too short.
pub(super) fn multiply<T: Float>(
    engine: &Engine<T>,
    call: &Call<T>,
    [rows, vectors]: [usize; 2],
    by_columns: bool,
    [a, b]: [&[T]; 2],
    c: &mut [T],
) {
    let width = (vectors - 1) * engine.lanes + call.tail;
    let length = |rows: usize, step: usize, columns: usize| (rows - 1) * step + columns;
    let (a_rows, a_columns) = if by_columns { (call.depth, rows) } else { (rows, call.depth) };
    assert!(call.runs == 1 && call.bias.is_null());
    assert!(
        a.len() >= length(a_rows, call.a_step, a_columns)
            && b.len() >= length(call.depth, call.b_step, width)
    );
    assert!(c.len() >= length(rows, call.c_step, width));
    let a_step = if by_columns { 1 } else { call.a_step };
    for (tile, kernel) in engine.tiles(rows, vectors, by_columns) {
        let (a, c) = (&a[tile.start * a_step..], &mut c[tile.start * call.c_step..]);
        // SAFETY: the operands are as long as was checked, and the kernel is one of an instruction set that this thread may use.
        unsafe { kernel(call, a.as_ptr(), b.as_ptr(), c.as_mut_ptr()) }
    }
}
