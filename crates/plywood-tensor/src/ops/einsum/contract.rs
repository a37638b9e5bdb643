//! Products of two labelled arrays.

use crate::{Array, Float, MAX_RANK, Result, Shape, Transposed};
use std::collections::BTreeMap;

/// An array and a label for each axis, no two alike.
pub(super) struct Term<T: Float> {
    array: Array<T>,
    labels: Vec<char>,
}

impl<T: Float> Term<T> {
    /// An operand, reduced to the diagonal of labels that it repeats.
    pub(super) fn new(operand: &Array<T>, labels: &[char]) -> Result<Self> {
        let shape = operand.shape();
        let mut term = Term { array: operand.clone(), labels: Vec::with_capacity(labels.len()) };
        let (mut dims, mut steps) = (Vec::new(), [0; MAX_RANK]);
        for (axis, &label) in labels.iter().enumerate() {
            let place = term.labels.iter().position(|&l| l == label).unwrap_or_else(|| {
                term.labels.push(label);
                dims.push(shape[axis]);
                dims.len() - 1
            });
            steps[place] += shape.steps()[axis];
        }
        if dims.len() < labels.len() {
            term.array = operand.strided(0, Shape::new(&dims)?, steps);
        }
        Ok(term)
    }

    /// The sum over all labels that are not needed.
    pub(super) fn sum_but(self, needed: impl Fn(char) -> bool) -> Result<Self> {
        let axes: Vec<isize> = (0_isize..)
            .zip(&self.labels)
            .filter(|&(_, &label)| !needed(label))
            .map(|(axis, _)| axis)
            .collect();
        if axes.is_empty() {
            return Ok(self);
        }
        let array = self.array.sum_axes(&axes, false)?;
        Ok(Term { array, labels: self.labels.into_iter().filter(|&label| needed(label)).collect() })
    }

    /// The array with its axes in this order, every label once.
    fn order(&self, labels: &[char]) -> Result<Array<T>> {
        let place =
            |&label: &char| self.labels.iter().position(|&l| l == label).expect("the term has the label");
        let order: Vec<isize> = labels.iter().map(|label| place(label) as isize).collect();
        self.array.permute(&order)
    }

    /// The array as matrices `[batch, rows, columns]`, or, if it lies in memory like that, as their transposes.
    fn matrices(
        &self,
        batch: &[char],
        rows: &[char],
        columns: &[char],
        [outer, height, width]: [usize; 3],
    ) -> Result<(Array<T>, bool)> {
        let (plain, turned) = ([batch, rows, columns].concat(), [batch, columns, rows].concat());
        if self.labels != plain && self.labels == turned {
            return Ok((self.array.reshape([outer, width, height])?, true));
        }
        Ok((self.order(&plain)?.reshape([outer, height, width])?, false))
    }

    /// The array with the axes of a result: in its order, repeated along labels that the term lacks, and on the diagonal
    /// of labels that the result repeats.
    pub(super) fn arrange(self, output: &[char], sizes: &BTreeMap<char, usize>) -> Result<Array<T>> {
        let mut unique: Vec<char> = Vec::with_capacity(output.len());
        for &label in output {
            if !unique.contains(&label) {
                unique.push(label);
            }
        }
        let own: Vec<char> = unique.iter().copied().filter(|label| self.labels.contains(label)).collect();
        let dims: Vec<usize> = unique.iter().map(|label| sizes[label]).collect();
        let open: Vec<usize> = unique.iter().map(|c| if own.contains(c) { sizes[c] } else { 1 }).collect();
        let dense = self.order(&own)?.reshape(open)?.broadcast_to(dims)?;
        if unique.len() == output.len() {
            return Ok(dense);
        }
        let mut result = Array::zeros(output.iter().map(|label| sizes[label]).collect::<Vec<_>>())?;
        let steps: Vec<usize> = {
            let strides = result.shape().strides();
            let step = |c: &char| {
                (0..output.len()).filter(|&axis| output[axis] == *c).map(|axis| strides[axis]).sum()
            };
            unique.iter().map(step).collect()
        };
        let (shape, out) = (*dense.shape(), result.as_mut_slice());
        for (i, &x) in dense.as_slice().iter().enumerate() {
            let (mut rest, mut position) = (i, 0);
            for axis in (0..shape.rank()).rev() {
                position += rest % shape[axis] * steps[axis];
                rest /= shape[axis];
            }
            out[position] = x;
        }
        Ok(result)
    }
}

/// The product of two terms, summed over the labels that are not needed any more.
///
/// Labels are of four kinds: *batch* (in both, needed), *summed* (in both, not needed), and those of one side only. That
/// is a batched matrix product: `[batch, left, summed] · [batch, summed, right]`.
pub(super) fn contract<T: Float>(a: Term<T>, b: Term<T>, needed: impl Fn(char) -> bool) -> Result<Term<T>> {
    let of = |term: &Term<T>, keep: &dyn Fn(char) -> bool| -> Vec<char> {
        term.labels.iter().copied().filter(|&label| keep(label)).collect()
    };
    let batch = of(&a, &|c| b.labels.contains(&c) && needed(c));
    let summed = of(&a, &|c| b.labels.contains(&c) && !needed(c));
    let left = of(&a, &|c| !b.labels.contains(&c));
    let right = of(&b, &|c| !a.labels.contains(&c));
    let labels = [&batch[..], &left, &right].concat();
    let size = |term: &Term<T>, list: &[char]| -> Vec<usize> {
        list.iter()
            .map(|label| {
                term.array.shape()[term.labels.iter().position(|l| l == label).expect("listed above")]
            })
            .collect()
    };
    let dims = [size(&a, &batch), size(&a, &left), size(&b, &right)].concat();
    let [outer, m, n, k] = [size(&a, &batch), size(&a, &left), size(&b, &right), size(&a, &summed)]
        .map(|sizes| sizes.iter().product::<usize>());
    let shape = Shape::new(&dims)?;
    if summed.is_empty() || (left.is_empty() && right.is_empty()) {
        // No matrices: a product elementwise, and perhaps a sum over the last axis.
        let x = a.order(&[&batch[..], &left, &summed].concat())?.reshape([outer, m, 1, k])?;
        let y = b.order(&[&batch[..], &right, &summed].concat())?.reshape([outer, 1, n, k])?;
        let product = x.mul(&y)?;
        let array = if summed.is_empty() { product } else { product.sum_axes(&[-1], false)? };
        return Ok(Term { array: array.reshape(shape)?, labels });
    }
    let (x, x_transposed) = a.matrices(&batch, &left, &summed, [outer, m, k])?;
    let (y, y_transposed) = b.matrices(&batch, &summed, &right, [outer, k, n])?;
    let array = x.matmul_with(&y, Transposed::from_flags(x_transposed, y_transposed))?;
    Ok(Term { array: array.reshape(shape)?, labels })
}
