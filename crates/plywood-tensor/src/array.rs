//! The tensor: a shape and a shared buffer.

use crate::storage::Buffer;
use crate::{Elem, Element, IntoShape, Result, Shape, TensorError, par};

/// Numbers of type `T` in a dense, row-major block.
///
/// You will meet it as [`Tensor`] and [`IntTensor`]. A clone costs nothing and shares the memory; writing to a shared
/// array copies it first, so a clone never changes behind its owner's back. [`Array::reshape`] and [`Array::rows`]
/// share memory too; every other re-ordering makes a new array.
///
/// Methods that can fail on a user's input return a [`Result`]; the operators `+ - * /` on references panic instead,
/// and are meant for shapes that were checked before.
pub struct Array<T: Element> {
    buffer: Buffer<T>,
}

/// An array of real numbers.
pub type Tensor = Array<Elem>;

/// An array of integers: class labels, token ids, indices, counters.
pub type IntTensor = Array<i64>;

impl<T: Element> Array<T> {
    /// An array of this shape whose elements `fill` writes, all of them: at the start they are unspecified numbers.
    pub(crate) fn build(shape: Shape, fill: impl FnOnce(&mut [T])) -> Self {
        let mut buffer = Buffer::new(&shape);
        fill(buffer.get_mut().expect("a new buffer has one owner"));
        Array { buffer }
    }

    /// An array of this shape with the elements of `data` in row-major order.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let x = Tensor::from_vec(vec![1.0, 2.0, 3.0, 4.0], [2, 2])?;
    /// assert_eq!(x.at(&[1, 0])?, 3.0);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Length`] if the shape holds another number of elements.
    pub fn from_vec(data: Vec<T>, shape: impl IntoShape) -> Result<Self> {
        Self::copied("from_vec", &data, shape)
    }

    /// An array of this shape with a copy of the elements in row-major order.
    ///
    /// # Errors
    /// [`TensorError::Length`] if the shape holds another number of elements.
    pub fn from_slice(data: &[T], shape: impl IntoShape) -> Result<Self> {
        Self::copied("from_slice", data, shape)
    }

    fn copied(op: &'static str, data: &[T], shape: impl IntoShape) -> Result<Self> {
        let shape = shape.into_shape()?;
        if shape.numel() != data.len() {
            let (expected, got) = (shape.numel(), data.len());
            return Err(TensorError::Length { op, shape, expected, got }.into());
        }
        Ok(Self::build(shape, |out| out.copy_from_slice(data)))
    }

    /// The sizes along each axis.
    #[inline]
    pub fn shape(&self) -> &Shape {
        self.buffer.shape()
    }

    /// How many elements there are.
    #[inline]
    pub fn numel(&self) -> usize {
        self.buffer.len()
    }

    /// The elements in row-major order.
    #[inline]
    pub fn as_slice(&self) -> &[T] {
        self.buffer.as_slice()
    }

    /// The elements in row-major order, for writing; copies them first if another array shares them.
    #[inline]
    pub fn as_mut_slice(&mut self) -> &mut [T] {
        if self.buffer.get_mut().is_none() {
            let from = self.as_slice();
            *self = Self::build(*self.shape(), |out| {
                par::chunks(out, par::CHUNK, from.len(), |start, out| {
                    out.copy_from_slice(&from[start..start + out.len()]);
                });
            });
        }
        self.buffer.get_mut().expect("the buffer has one owner now")
    }

    /// The elements for writing, if no other array shares them.
    #[inline]
    pub(crate) fn unshared(&mut self) -> Option<&mut [T]> {
        self.buffer.get_mut()
    }

    /// The elements in row-major order, as a vector.
    pub fn to_vec(&self) -> Vec<T> {
        self.as_slice().to_vec()
    }

    /// One element.
    ///
    /// # Errors
    /// [`TensorError::Index`] for an index outside its axis, [`TensorError::Shape`] for another number of indices.
    pub fn at(&self, index: &[usize]) -> Result<T> {
        let shape = *self.shape();
        if index.len() != shape.rank() {
            let expected = format!("a tensor of {} axes", index.len());
            return Err(TensorError::Shape { op: "at", expected, got: shape }.into());
        }
        let strides = shape.strides();
        let mut position = 0;
        for (axis, &i) in index.iter().enumerate() {
            let size = shape[axis];
            if i >= size {
                let index = i64::try_from(i).unwrap_or(i64::MAX);
                return Err(TensorError::Index { op: "at", index, size, axis, shape }.into());
            }
            position += i * strides[axis];
        }
        Ok(self.as_slice()[position])
    }

    /// The only element of an array that holds one.
    ///
    /// # Errors
    /// [`TensorError::Shape`] if there are none or several.
    pub fn item(&self) -> Result<T> {
        match self.as_slice() {
            [one] => Ok(*one),
            _ => {
                Err(TensorError::Shape { op: "item", expected: "one element".into(), got: *self.shape() }
                    .into())
            }
        }
    }

    /// The same elements under another shape; shares the memory.
    ///
    /// # Errors
    /// [`TensorError::Length`] if the shape holds another number of elements.
    pub fn reshape(&self, shape: impl IntoShape) -> Result<Self> {
        let shape = shape.into_shape()?;
        if shape == *self.shape() {
            return Ok(self.clone());
        }
        if shape.numel() != self.numel() {
            let (expected, got) = (shape.numel(), self.numel());
            return Err(TensorError::Length { op: "reshape", shape, expected, got }.into());
        }
        Ok(Array { buffer: self.buffer.window(0, &shape) })
    }

    /// Rows `start..end` along axis 0; shares the memory.
    ///
    /// # Errors
    /// [`TensorError::Range`] if the range is reversed or reaches beyond the axis, [`TensorError::Axis`] if there is none.
    pub fn rows(&self, start: usize, end: usize) -> Result<Self> {
        let all = *self.shape();
        let axis = all.axis("rows", 0)?;
        let size = all[0];
        if start > end || end > size {
            return Err(TensorError::Range { op: "rows", start, end, size, axis, shape: all }.into());
        }
        let step: usize = all[1..].iter().product();
        Ok(Array { buffer: self.buffer.window(start * step, &all.with(0, end - start)?) })
    }
}

impl<T: Element> Clone for Array<T> {
    #[inline]
    fn clone(&self) -> Self {
        Array { buffer: self.buffer.clone() }
    }
}

/// Equal shapes and equal elements; a NaN equals nothing.
impl<T: Element> PartialEq for Array<T> {
    fn eq(&self, other: &Self) -> bool {
        self.shape() == other.shape() && self.as_slice() == other.as_slice()
    }
}

impl<T: Element> From<T> for Array<T> {
    fn from(value: T) -> Self {
        Self::build(Shape::SCALAR, |out| out[0] = value)
    }
}

impl<T: Element, const N: usize> From<[T; N]> for Array<T> {
    fn from(data: [T; N]) -> Self {
        Self::build(Shape::from_checked(&[N]), |out| out.copy_from_slice(&data))
    }
}

/// Panics if an inner size is 0 and the others are too large for a [`Shape`]: an array without elements can be of any
/// length.
impl<T: Element, const N: usize, const M: usize> From<[[T; M]; N]> for Array<T> {
    #[track_caller]
    fn from(data: [[T; M]; N]) -> Self {
        let shape = Shape::new(&[N, M]).unwrap_or_else(|error| panic!("{error}"));
        Self::build(shape, |out| out.copy_from_slice(data.as_flattened()))
    }
}

/// Panics as that of two axes does.
impl<T: Element, const N: usize, const M: usize, const K: usize> From<[[[T; K]; M]; N]> for Array<T> {
    #[track_caller]
    fn from(data: [[[T; K]; M]; N]) -> Self {
        let shape = Shape::new(&[N, M, K]).unwrap_or_else(|error| panic!("{error}"));
        Self::build(shape, |out| out.copy_from_slice(data.as_flattened().as_flattened()))
    }
}

macro_rules! from_vec {
    ($($t:ty),*) => { $(
        /// Along one axis; [`Array::from_vec`] gives them another shape.
        impl From<Vec<$t>> for Array<$t> {
            fn from(data: Vec<$t>) -> Self {
                Self::build(Shape::from_checked(&[data.len()]), |out| out.copy_from_slice(&data))
            }
        }
    )* };
}
from_vec!(f32, f64, u8);
