//! Matrix products.

use super::broadcast::Broadcast;
use crate::gemm::Product;
use crate::{Array, Float, MAX_RANK, Result, Shape, TensorError, par};

/// Which operands of a product are read as their transpose, without moving them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Transposed {
    /// `A B`.
    #[default]
    Neither,
    /// `Aᵀ B`.
    Left,
    /// `A Bᵀ`.
    Right,
    /// `Aᵀ Bᵀ`.
    Both,
}

impl Transposed {
    /// Whether the left operand is transposed.
    pub fn left(self) -> bool {
        matches!(self, Transposed::Left | Transposed::Both)
    }

    /// Whether the right operand is transposed.
    pub fn right(self) -> bool {
        matches!(self, Transposed::Right | Transposed::Both)
    }

    /// The variant for these two answers.
    pub fn from_flags(left: bool, right: bool) -> Self {
        match (left, right) {
            (false, false) => Transposed::Neither,
            (true, false) => Transposed::Left,
            (false, true) => Transposed::Right,
            (true, true) => Transposed::Both,
        }
    }
}

impl<T: Float> Array<T> {
    /// The matrix product, `[.., m, k] · [.., k, n] → [.., m, n]`; the axes before the last two broadcast.
    ///
    /// # Errors
    /// [`TensorError::Inner`] if the inner sizes differ, [`TensorError::Broadcast`] if the batch axes do not broadcast,
    /// [`TensorError::Shape`] if an operand has fewer than two axes.
    pub fn matmul(&self, other: &Self) -> Result<Self> {
        self.matmul_with(other, Transposed::Neither)
    }

    /// The matrix product of operands that may be read as their transposes.
    ///
    /// ```
    /// # use plywood_tensor::{Tensor, Transposed};
    /// let (x, weight) = (Tensor::from([[1.0, 2.0]]), Tensor::from([[3.0, 4.0], [5.0, 6.0]]));
    /// assert_eq!(x.matmul_with(&weight, Transposed::Right)?.as_slice(), [11.0, 17.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Array::matmul`].
    pub fn matmul_with(&self, other: &Self, transposed: Transposed) -> Result<Self> {
        let (lhs, rhs) = (*self.shape(), *other.shape());
        let shape = product_shape(&lhs, &rhs, transposed)?;
        let rank = shape.rank();
        let [m, n] = [shape[rank - 2], shape[rank - 1]];
        let k = inner(&lhs, !transposed.left());
        let (a, b) = (self.as_slice(), other.as_slice());
        let product = |m: usize, i: usize, j: usize| Product {
            size: [m, n, k],
            a: &a[i * m * k..(i + 1) * m * k],
            a_transposed: transposed.left(),
            b: &b[j * k * n..(j + 1) * k * n],
            b_transposed: transposed.right(),
            bias: None,
            rectify: false,
        };
        if rank == 2 {
            return Ok(Array::build(shape, |out| product(m, 0, 0).write(out)));
        }
        let batch = Shape::from_checked(&shape[..rank - 2]);
        let batches = [&lhs, &rhs].map(|s| Shape::from_checked(&s[..s.rank() - 2]));
        // Matrices that all meet the same right one are the rows of one tall matrix.
        let tall = !transposed.left() && batches[1].numel() == 1 && batches[0].numel() == batch.numel();
        let (m, count) = if tall { (batch.numel() * m, 1) } else { (m, batch.numel()) };
        Ok(Array::build(shape, |out| {
            if out.is_empty() {
                return;
            }
            if count == 1 {
                return product(m, 0, 0).write(out);
            }
            let plan = Broadcast::new(&batch, [&batches[0], &batches[1]]);
            par::chunks(out, m * n, count * m * n * k, |start, c| {
                plan.runs(start / (m * n), &mut [()], |_, [i, j]| product(m, i, j).write(c));
            });
        }))
    }
}

/// The size that is summed over: the last axis if `last`, else the one before.
fn inner(shape: &Shape, last: bool) -> usize {
    shape[shape.rank() - if last { 1 } else { 2 }]
}

/// The shape of a product, or what is wrong with its operands.
pub(crate) fn product_shape(lhs: &Shape, rhs: &Shape, transposed: Transposed) -> Result<Shape> {
    let op = "matmul";
    for shape in [lhs, rhs] {
        if shape.rank() < 2 {
            return Err(TensorError::Shape { op, expected: "[.., m, n]".into(), got: *shape }.into());
        }
    }
    let (inner_lhs, inner_rhs) = (inner(lhs, !transposed.left()), inner(rhs, transposed.right()));
    if inner_lhs != inner_rhs {
        return Err(TensorError::Inner { op, lhs: *lhs, rhs: *rhs, inner_lhs, inner_rhs }.into());
    }
    let outer = [inner(lhs, transposed.left()), inner(rhs, !transposed.right())];
    if lhs.rank() == 2 && rhs.rank() == 2 {
        return Shape::new(&outer);
    }
    let batch = Shape::from_checked(&lhs[..lhs.rank() - 2])
        .broadcast(op, &Shape::from_checked(&rhs[..rhs.rank() - 2]))
        // The whole shapes say more than their batch axes.
        .map_err(|_| TensorError::Broadcast { op, lhs: *lhs, rhs: *rhs })?;
    let mut dims = [0; MAX_RANK];
    let rank = batch.rank();
    dims[..rank].copy_from_slice(&batch);
    dims[rank..rank + 2].copy_from_slice(&outer);
    Shape::new(&dims[..rank + 2])
}

#[cfg(test)]
mod tests {
    use super::Transposed;
    use crate::{Array, Seed};

    fn naive(a: &Array<f64>, b: &Array<f64>) -> Array<f64> {
        let (m, k, n) = (a.shape()[0], a.shape()[1], b.shape()[1]);
        let at = |i: usize, j: usize| (0..k).map(|p| a.as_slice()[i * k + p] * b.as_slice()[p * n + j]).sum();
        Array::from_vec((0..m * n).map(|i| at(i / n, i % n)).collect(), [m, n]).unwrap()
    }

    #[test]
    fn products_agree_with_loops_for_every_flag() {
        let stream = Seed(1).stream();
        for [m, n, k] in [[1, 1, 1], [3, 5, 7], [17, 33, 65], [64, 1, 32], [1, 40, 9], [130, 70, 200]] {
            let a = Array::<f64>::normal([m, k], 0.0, 1.0, &stream).unwrap();
            let b = Array::<f64>::normal([k, n], 0.0, 1.0, &stream.at(1)).unwrap();
            let expected = naive(&a, &b);
            let (at, bt) = (a.transpose().unwrap(), b.transpose().unwrap());
            for (a, b, transposed) in [
                (&a, &b, Transposed::Neither),
                (&at, &b, Transposed::Left),
                (&a, &bt, Transposed::Right),
                (&at, &bt, Transposed::Both),
            ] {
                let got = a.matmul_with(b, transposed).unwrap();
                let error = got.sub(&expected).unwrap().abs().max_axes(&[], false).unwrap().item().unwrap();
                assert!(error < 1e-12, "{m} {n} {k} {transposed:?}: {error}");
            }
        }
    }

    #[test]
    fn batches_broadcast_and_errors_show_both_shapes() {
        let a = Array::<f32>::arange(0.0, 12.0, 1.0).unwrap().reshape([2, 1, 2, 3]).unwrap();
        let b = Array::<f32>::ones([4, 3, 2]).unwrap();
        let y = a.matmul(&b).unwrap();
        assert_eq!(*y.shape(), [2, 4, 2, 2]);
        assert_eq!(y.at(&[1, 2, 1, 0]).unwrap(), 9.0 + 10.0 + 11.0);
        // Many matrices, one right operand.
        let (tall, right) = (a.reshape([2, 2, 3]).unwrap(), Array::<f32>::eye(3).unwrap());
        assert_eq!(tall.matmul(&right).unwrap(), tall);
        assert_eq!(tall.matmul_with(&right, Transposed::Right).unwrap(), tall);
        assert_eq!(
            tall.matmul_with(&Array::<f32>::eye(2).unwrap(), Transposed::Left).unwrap(),
            tall.transpose().unwrap()
        );
        assert_eq!(
            b.matmul(&b).unwrap_err().to_string(),
            "matmul: cannot multiply [4, 3, 2] by [4, 3, 2]: inner sizes 2 and 3 differ"
        );
        let empty = Array::<f32>::ones([2, 0]).unwrap().matmul(&Array::ones([0, 3]).unwrap()).unwrap();
        assert_eq!(empty.as_slice(), [0.0; 6]);
    }
}
