//! Sizes along each axis.

use crate::{Result, TensorError};
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// The largest number of axes of a tensor.
pub const MAX_RANK: usize = 8;

/// The sizes of a tensor along each axis, at most [`MAX_RANK`] of them.
///
/// The element count of a shape was checked once, here, to be addressable, and no product of its sizes can overflow
/// later. Reads like a slice of `usize` and prints as `[2, 3]`.
///
/// ```
/// use plywood_tensor::Shape;
///
/// let shape = Shape::new(&[2, 3])?;
/// assert_eq!(shape.numel(), 6);
/// assert_eq!(shape[1], 3);
/// assert_eq!(shape.to_string(), "[2, 3]");
/// assert_eq!(
///     Shape::new(&[usize::MAX, 2]).unwrap_err().to_string(),
///     "shape: [18446744073709551615, 2] has more elements than can be addressed",
/// );
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Clone, Copy)]
pub struct Shape {
    rank: usize,
    /// 0 behind the last axis.
    dims: [usize; MAX_RANK],
}

impl Shape {
    /// The shape of a single number: no axes, one element.
    pub const SCALAR: Shape = Shape { rank: 0, dims: [0; MAX_RANK] };

    /// A shape with these sizes.
    ///
    /// # Errors
    /// [`TensorError::Rank`] for more than [`MAX_RANK`] axes, [`TensorError::Overflow`] if the sizes, zeros left
    /// out, multiply to more bytes than can be addressed.
    pub fn new(dims: &[usize]) -> Result<Shape> {
        if dims.len() > MAX_RANK {
            return Err(TensorError::Rank { rank: dims.len(), max: MAX_RANK }.into());
        }
        // Zeros are left out, so that a product over some of the axes cannot overflow either.
        let count = dims.iter().try_fold(1_usize, |n, &d| n.checked_mul(d.max(1)));
        match count {
            Some(count) if count <= isize::MAX as usize / 16 => Ok(Shape::from_checked(dims)),
            _ => Err(TensorError::Overflow { dims: dims.to_vec() }.into()),
        }
    }

    /// A shape whose sizes are a part or a re-ordering of a checked shape's.
    #[inline]
    pub(crate) fn from_checked(dims: &[usize]) -> Shape {
        let mut shape = Shape { rank: dims.len(), dims: [0; MAX_RANK] };
        // A loop: for a few numbers a call to copy them takes longer.
        for (to, &from) in shape.dims[..dims.len()].iter_mut().zip(dims) {
            *to = from;
        }
        shape
    }

    /// How many axes there are.
    #[inline]
    pub fn rank(&self) -> usize {
        self.rank
    }

    /// How many elements there are: the product of the sizes.
    #[inline]
    pub fn numel(&self) -> usize {
        self.iter().product()
    }

    /// The axis as an index, counted from the end if negative.
    ///
    /// # Errors
    /// [`TensorError::Axis`], naming `op`, if there is no such axis.
    pub fn axis(&self, op: &'static str, axis: isize) -> Result<usize> {
        let index = if axis < 0 { axis + self.rank as isize } else { axis };
        if (0..self.rank as isize).contains(&index) {
            Ok(index as usize)
        } else {
            Err(TensorError::Axis { op, axis, shape: *self }.into())
        }
    }

    /// The axes as a mask over `0..rank`; all of them if the list is empty.
    ///
    /// # Errors
    /// [`TensorError::Axis`] if there is no such axis, [`TensorError::AxisTwice`] if one is named twice.
    pub fn axes(&self, op: &'static str, axes: &[isize]) -> Result<[bool; MAX_RANK]> {
        let mut mask = [axes.is_empty(); MAX_RANK];
        for &axis in axes {
            if std::mem::replace(&mut mask[self.axis(op, axis)?], true) {
                return Err(TensorError::AxisTwice { op, axis }.into());
            }
        }
        Ok(mask)
    }

    /// The shape that both broadcast to: sizes are aligned at the last axis, and 1 stretches.
    ///
    /// # Errors
    /// [`TensorError::Broadcast`], naming `op`, if two sizes differ and neither is 1;
    /// [`TensorError::Overflow`] if the common shape is too large.
    pub fn broadcast(&self, op: &'static str, other: &Shape) -> Result<Shape> {
        if self == other {
            return Ok(*self);
        }
        let rank = self.rank.max(other.rank);
        let mut dims = [1; MAX_RANK];
        for i in 0..rank {
            let size = |s: &Shape| (i + s.rank).checked_sub(rank).map_or(1, |i| s.dims[i]);
            dims[i] = match (size(self), size(other)) {
                (a, b) if a == b || b == 1 => a,
                (1, b) => b,
                _ => return Err(TensorError::Broadcast { op, lhs: *self, rhs: *other }.into()),
            };
        }
        Shape::new(&dims[..rank])
    }

    /// The same sizes with one axis set to `size`.
    ///
    /// # Errors
    /// [`TensorError::Overflow`] if the new shape is too large.
    pub fn with(&self, axis: usize, size: usize) -> Result<Shape> {
        let mut dims = self.dims;
        dims[axis] = size;
        Shape::new(&dims[..self.rank])
    }

    /// Row-major steps, in elements.
    pub(crate) fn strides(&self) -> [usize; MAX_RANK] {
        let mut strides = [0; MAX_RANK];
        let mut step = 1;
        for i in (0..self.rank).rev() {
            strides[i] = step;
            step *= self.dims[i].max(1);
        }
        strides
    }

    /// Row-major steps with a sign, for walks that may go backwards.
    pub(crate) fn steps(&self) -> [isize; MAX_RANK] {
        // A step is at most the element count with zeros left out, which `new` keeps below `isize::MAX`.
        self.strides().map(|step| step as isize)
    }

    /// How many elements lie before, along and behind an axis: `[outer, size, inner]`.
    pub(crate) fn around(&self, axis: usize) -> [usize; 3] {
        [self[..axis].iter().product(), self[axis], self[axis + 1..].iter().product()]
    }
}

impl Deref for Shape {
    type Target = [usize];
    #[inline]
    fn deref(&self) -> &[usize] {
        &self.dims[..self.rank]
    }
}

impl PartialEq for Shape {
    #[inline]
    fn eq(&self, other: &Shape) -> bool {
        // A loop: operations compare shapes all the time, and for a few numbers a call to compare memory takes longer.
        self.rank == other.rank && self.iter().zip(&**other).all(|(a, b)| a == b)
    }
}

impl Eq for Shape {}

impl Hash for Shape {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", &**self)
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const N: usize> PartialEq<[usize; N]> for Shape {
    fn eq(&self, other: &[usize; N]) -> bool {
        **self == other[..]
    }
}

/// What can be given where a shape is wanted: a [`Shape`], an array, a slice or a vector of sizes.
pub trait IntoShape {
    /// The checked shape.
    ///
    /// # Errors
    /// As [`Shape::new`].
    fn into_shape(self) -> Result<Shape>;
}

impl IntoShape for Shape {
    #[inline]
    fn into_shape(self) -> Result<Shape> {
        Ok(self)
    }
}

impl IntoShape for &Shape {
    #[inline]
    fn into_shape(self) -> Result<Shape> {
        Ok(*self)
    }
}

impl<const N: usize> IntoShape for [usize; N] {
    fn into_shape(self) -> Result<Shape> {
        Shape::new(&self)
    }
}

impl IntoShape for &[usize] {
    fn into_shape(self) -> Result<Shape> {
        Shape::new(self)
    }
}

impl IntoShape for Vec<usize> {
    fn into_shape(self) -> Result<Shape> {
        Shape::new(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(dims: &[usize]) -> Shape {
        Shape::new(dims).unwrap()
    }

    #[test]
    fn zeros_do_not_hide_an_overflow() {
        assert!(Shape::new(&[0, usize::MAX, usize::MAX]).is_err());
        assert_eq!(shape(&[0, 5]).numel(), 0);
        assert_eq!(Shape::SCALAR.numel(), 1);
        assert!(Shape::new(&[1; 9]).is_err());
    }

    #[test]
    fn broadcasting_aligns_the_last_axis() {
        let rows = [
            (&[2, 3][..], &[3][..], Some(&[2, 3][..])),
            (&[2, 1], &[1, 3], Some(&[2, 3])),
            (&[], &[4], Some(&[4])),
            (&[0], &[1], Some(&[0])),
            (&[0], &[2], None),
            (&[2, 3], &[2], None),
        ];
        for (a, b, expected) in rows {
            for (a, b) in [(a, b), (b, a)] {
                let got = shape(a).broadcast("test", &shape(b)).ok();
                assert_eq!(got.as_deref(), expected, "{a:?} with {b:?}");
            }
        }
    }
}
