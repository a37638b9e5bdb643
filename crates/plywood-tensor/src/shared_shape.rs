//! A shape behind a pointer.

use crate::Shape;
use crate::storage::Buffer;
use std::fmt;
use std::ops::Deref;

/// A [`Shape`] in recycled memory: one pointer instead of nine numbers, to be kept in many places.
///
/// What is left of a tensor whose numbers nobody needs any more.
///
/// ```
/// use plywood_tensor::{Shape, SharedShape};
///
/// let kept = SharedShape::new(&Shape::new(&[2, 3])?);
/// assert_eq!(kept.numel(), 6);
/// assert_eq!(size_of::<SharedShape>(), size_of::<usize>());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Clone)]
pub struct SharedShape(Buffer<u8>);

impl SharedShape {
    /// The same sizes, behind a pointer.
    pub fn new(shape: &Shape) -> SharedShape {
        SharedShape(Buffer::hollow(shape))
    }
}

impl Deref for SharedShape {
    type Target = Shape;
    #[inline]
    fn deref(&self) -> &Shape {
        self.0.shape()
    }
}

impl fmt::Debug for SharedShape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}
