//! Arrays one after the other.

use crate::{Array, Element, Result, Shape, TensorError, par};

impl<T: Element> Array<T> {
    /// The parts joined along an axis that they have; their other sizes must agree.
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Tensor::from([[1.0, 2.0]]), Tensor::from([[3.0, 4.0], [5.0, 6.0]]));
    /// assert_eq!(Tensor::concat(&[&a, &b], 0)?.as_slice(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::NoParts`] for an empty list, [`TensorError::Part`] if the other sizes differ,
    /// [`TensorError::Axis`] if there is no such axis.
    #[doc(alias = "cat")]
    pub fn concat(parts: &[&Array<T>], axis: isize) -> Result<Self> {
        let op = "concat";
        let [first, ..] = parts else { return Err(TensorError::NoParts { op }.into()) };
        let shape = *first.shape();
        let axis = shape.axis(op, axis)?;
        let mut size = 0_usize;
        for (i, part) in parts.iter().enumerate() {
            let got = *part.shape();
            if got.rank() != shape.rank() || (0..shape.rank()).any(|k| k != axis && got[k] != shape[k]) {
                let expected = format!("{shape} apart from axis {axis}");
                return Err(TensorError::Part { op, part: i, expected, got }.into());
            }
            size = size.saturating_add(got[axis]);
        }
        if let [only] = parts {
            return Ok((*only).clone());
        }
        Ok(join(parts, axis, shape.with(axis, size)?))
    }

    /// The parts, all of one shape, along a new axis before axis `axis` of theirs, or at the end (−1).
    ///
    /// ```
    /// # use plywood_tensor::Tensor;
    /// let (a, b) = (Tensor::from([1.0, 2.0]), Tensor::from([3.0, 4.0]));
    /// assert_eq!(Tensor::stack(&[&a, &b], 0)?, Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(Tensor::stack(&[&a, &b], -1)?, Tensor::from([[1.0, 3.0], [2.0, 4.0]]));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::NoParts`] for an empty list, [`TensorError::Part`] if the shapes differ, [`TensorError::Axis`] if
    /// the result would have no such axis, [`TensorError::Rank`] if it has too many.
    pub fn stack(parts: &[&Array<T>], axis: isize) -> Result<Self> {
        let op = "stack";
        let [first, ..] = parts else { return Err(TensorError::NoParts { op }.into()) };
        let shape = *first.shape();
        let last = shape.rank() as isize;
        let index = if axis < 0 { axis + last + 1 } else { axis };
        if !(0..=last).contains(&index) {
            return Err(TensorError::Axis { op, axis, shape }.into());
        }
        for (i, part) in parts.iter().enumerate() {
            if *part.shape() != shape {
                let (expected, got) = (shape.to_string(), *part.shape());
                return Err(TensorError::Part { op, part: i, expected, got }.into());
            }
        }
        let mut dims = shape.to_vec();
        dims.insert(index as usize, parts.len());
        Ok(join(parts, index as usize, Shape::new(&dims)?))
    }
}

/// Writes the parts behind each other for every index of the axes before `axis`.
fn join<T: Element>(parts: &[&Array<T>], axis: usize, shape: Shape) -> Array<T> {
    let outer: usize = shape[..axis].iter().product();
    let slices: Vec<&[T]> = parts.iter().map(|part| part.as_slice()).collect();
    Array::build(shape, |out| {
        if out.is_empty() {
            return;
        }
        let (count, row) = (out.len(), out.len() / outer);
        if outer == 1 {
            // A few long copies, cut where the output is.
            let mut ends = Vec::with_capacity(slices.len());
            let mut end = 0;
            for slice in &slices {
                end += slice.len();
                ends.push(end);
            }
            return par::chunks(out, par::CHUNK, count, |start, out| {
                let mut filled = 0;
                for k in ends.partition_point(|&end| end <= start)..slices.len() {
                    let from = start + filled + slices[k].len() - ends[k];
                    let length = (slices[k].len() - from).min(out.len() - filled);
                    out[filled..filled + length].copy_from_slice(&slices[k][from..from + length]);
                    filled += length;
                    if filled == out.len() {
                        break;
                    }
                }
            });
        }
        par::chunks(out, (par::CHUNK / row).max(1) * row, count, |start, out| {
            for (i, row_out) in out.chunks_mut(row).enumerate() {
                let mut rest = row_out;
                for slice in &slices {
                    let length = slice.len() / outer;
                    let begin = (start / row + i) * length;
                    let (piece, later) = rest.split_at_mut(length);
                    piece.copy_from_slice(&slice[begin..begin + length]);
                    rest = later;
                }
            }
        });
    })
}
