//! Integers that labels, indices and counts come as.

use crate::{Array, IntTensor, Shape};

/// An integer that an [`IntTensor`] can be made of: `IntTensor::from(vec![…])` takes labels and indices as programs have them.
///
/// An [`IntTensor`] holds `i64`. A number beyond its largest, which is no label and no index of anything, becomes that largest one.
///
/// ```
/// use plywood_tensor::IntTensor;
///
/// let labels: Vec<usize> = vec![2, 0, 1];
/// assert_eq!(IntTensor::from(labels), IntTensor::from([2, 0, 1]));
/// assert_eq!(IntTensor::from(vec![255_u8, 7]).as_slice(), [255, 7]);
/// assert_eq!(IntTensor::from(vec![u64::MAX]).as_slice(), [i64::MAX]);
/// ```
pub trait Integer: Copy + sealed::Sealed {
    /// The same number, or the largest there is.
    fn to_i64(self) -> i64;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! integer {
    ($($t:ty),*) => { $(
        impl sealed::Sealed for $t {}
        impl Integer for $t {
            #[inline]
            #[allow(irrefutable_let_patterns, clippy::unnecessary_fallible_conversions, clippy::useless_conversion)] // each is true of some of the types
            fn to_i64(self) -> i64 {
                // Types with a sign reach no farther than i64 does.
                i64::try_from(self).unwrap_or(i64::MAX)
            }
        }
    )* };
}
integer!(i8, i16, i32, i64, u8, u16, u32, u64, usize);

/// Along one axis; [`Array::reshape`] gives them another shape.
impl<I: Integer> From<Vec<I>> for IntTensor {
    fn from(data: Vec<I>) -> Self {
        let shape = Shape::from_checked(&[data.len()]);
        Array::build(shape, |out| out.iter_mut().zip(&data).for_each(|(out, x)| *out = x.to_i64()))
    }
}

#[cfg(test)]
mod tests {
    use crate::{IntTensor, Tensor};

    #[test]
    fn vectors_of_any_integer_become_one_axis() {
        for (made, expected) in [
            (IntTensor::from(vec![1, -2]), vec![1, -2]),
            (IntTensor::from(vec![i64::MIN, i64::MAX]), vec![i64::MIN, i64::MAX]),
            (IntTensor::from(vec![3_usize, usize::MAX]), vec![3, i64::MAX]),
            (IntTensor::from(vec![u32::MAX]), vec![4_294_967_295]),
            (IntTensor::from(vec![-128_i8, 127]), vec![-128, 127]),
            (IntTensor::from(Vec::<u16>::new()), vec![]),
        ] {
            assert_eq!(*made.shape(), [expected.len()]);
            assert_eq!(made.to_vec(), expected);
        }
        let numbers = vec![0.5, -1.0];
        assert_eq!(Tensor::from(numbers), Tensor::from([0.5, -1.0]));
    }
}
