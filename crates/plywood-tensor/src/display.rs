//! How arrays print.

use crate::{Array, Element, Shape};
use std::fmt;

/// Longer axes show this many elements at either end.
const EDGE: usize = 3;
/// Arrays of more elements than this are shown by their edges.
const WHOLE: usize = 100;

/// Rows in nested brackets; arrays of more than a hundred elements show the first and last three of each axis.
/// The usual `{:.3}` sets the number of decimals (4 unless told).
impl<T: Element> fmt::Display for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let precision = f.precision().unwrap_or(4);
        // Integers, infinities and NaN ignore the precision.
        write(f, self.shape(), &|position| format!("{:.precision$}", self.as_slice()[position]))
    }
}

/// Prints as `Display` does, after the shape.
impl<T: Element> fmt::Debug for Array<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.shape())?;
        f.write_str(if self.shape().rank() > 1 { "\n" } else { " " })?;
        fmt::Display::fmt(self, f)
    }
}

/// Writes the numbers at all positions that are shown: compiled once, not for each kind of element in each program.
fn write(f: &mut fmt::Formatter<'_>, shape: &Shape, number: &dyn Fn(usize) -> String) -> fmt::Result {
    if shape.rank() == 0 {
        return f.write_str(&number(0));
    }
    // An array without elements may still have long axes.
    let short = shape.numel() > WHOLE || shape.iter().any(|&size| size > WHOLE);
    let width = visible(shape, short).into_iter().map(|position| number(position).len()).max().unwrap_or(0);
    nested(f, shape, short, width, number, 0, 0)
}

/// The indices of an axis that are shown; `None` stands for those left out.
fn indices(size: usize, short: bool) -> Vec<Option<usize>> {
    if short && size > 2 * EDGE {
        (0..EDGE).map(Some).chain([None]).chain((size - EDGE..size).map(Some)).collect()
    } else {
        (0..size).map(Some).collect()
    }
}

/// The positions of the elements that are shown.
fn visible(shape: &Shape, short: bool) -> Vec<usize> {
    let strides = shape.strides();
    let mut positions = vec![0];
    for (axis, &size) in shape.iter().enumerate() {
        let kept: Vec<usize> = indices(size, short).into_iter().flatten().collect();
        positions = positions.iter().flat_map(|p| kept.iter().map(move |i| p + i * strides[axis])).collect();
    }
    positions
}

fn nested(
    f: &mut fmt::Formatter<'_>,
    shape: &Shape,
    short: bool,
    width: usize,
    number: &dyn Fn(usize) -> String,
    axis: usize,
    offset: usize,
) -> fmt::Result {
    let (rank, stride) = (shape.rank(), shape.strides()[axis]);
    f.write_str("[")?;
    for (i, index) in indices(shape[axis], short).into_iter().enumerate() {
        if i > 0 {
            // Rows stand below each other, blocks a line apart.
            let lines = rank - axis - 1;
            f.write_str(if lines == 0 { ", " } else { "," })?;
            write!(f, "{}{}", "\n".repeat(lines), " ".repeat(if lines == 0 { 0 } else { axis + 1 }))?;
        }
        match index {
            None => f.write_str("…")?,
            Some(i) if axis + 1 == rank => write!(f, "{:>width$}", number(offset + i))?,
            Some(i) => nested(f, shape, short, width, number, axis + 1, offset + i * stride)?,
        }
    }
    f.write_str("]")
}

#[cfg(test)]
mod tests {
    use crate::{Elem, IntTensor, Tensor};

    #[test]
    fn small_arrays_print_whole_and_aligned() {
        assert_eq!(
            Tensor::from([[1.0, -2.5], [10.0, 0.125]]).to_string(),
            "[[ 1.0000, -2.5000],\n [10.0000,  0.1250]]"
        );
        assert_eq!(format!("{:.1}", Tensor::from([1.0, Elem::NAN])), "[1.0, NaN]");
        assert_eq!(format!("{:?}", IntTensor::from([3, -1])), "[2] [ 3, -1]");
        assert_eq!(Tensor::from(2.0).to_string(), "2.0000");
        assert_eq!(Tensor::zeros([0]).unwrap().to_string(), "[]");
    }

    #[test]
    fn large_arrays_show_their_edges() {
        let text = Tensor::arange(0.0, 400.0, 1.0).unwrap().reshape([20, 20]).unwrap().to_string();
        assert_eq!(text.lines().count(), 7);
        assert!(text.starts_with("[[  0.0000,   1.0000,   2.0000, …,  17.0000,"), "{text}");
        assert!(text.contains("\n …,\n"), "{text}");
    }

    #[test]
    fn long_axes_without_elements_show_their_edges() {
        assert_eq!(Tensor::zeros([2, 0]).unwrap().to_string(), "[[],\n []]");
        assert_eq!(Tensor::zeros([1 << 50, 0]).unwrap().to_string().lines().count(), 7);
    }

    #[test]
    fn blocks_stand_a_line_apart() {
        assert_eq!(IntTensor::from([[[1, 2]], [[3, 4]]]).to_string(), "[[[1, 2]],\n\n [[3, 4]]]");
    }
}
