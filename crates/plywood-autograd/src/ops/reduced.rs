//! What a reduction over some axes does to a shape.

use plywood_tensor::{MAX_RANK, Result, Shape};

/// The axes of a reduction.
pub(super) struct Reduced {
    mask: [bool; MAX_RANK],
    /// The shape with every reduced axis left in it, of size 1.
    pub(super) kept: Shape,
    /// How many elements become one.
    pub(super) count: usize,
}

impl Reduced {
    /// A reduction of this shape over these axes, all if the list is empty; `op` names it in errors.
    pub(super) fn new(op: &'static str, shape: &Shape, axes: &[isize]) -> Result<Reduced> {
        let mask = shape.axes(op, axes)?;
        let mut reduced = Reduced { mask, kept: *shape, count: 1 };
        for axis in (0..shape.rank()).filter(|&axis| mask[axis]) {
            reduced.kept = reduced.kept.with(axis, 1)?;
            reduced.count *= shape[axis];
        }
        Ok(reduced)
    }

    /// All axes, the reduced ones last.
    pub(super) fn order(&self) -> Vec<isize> {
        let (mut order, mut last) = (Vec::new(), Vec::new());
        for axis in 0..self.kept.rank() {
            if self.mask[axis] { &mut last } else { &mut order }.push(axis as isize);
        }
        order.append(&mut last);
        order
    }
}
