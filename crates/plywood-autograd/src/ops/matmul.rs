//! Matrix products.

use crate::{Keep, Var};
use plywood_tensor::{Result, Transposed};

impl Var {
    /// `Y = A B`, over the last two axes; the axes before broadcast.
    ///
    /// Gradient: `∂A = G Bᵀ`, `∂B = Aᵀ G`, each summed back to its input's shape.
    ///
    /// # Shapes
    /// `[.., m, k] · [.., k, n] → [.., m, n]`
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::Tensor;
    /// let a = Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]]));
    /// assert_eq!(a.matmul(&a)?.value().as_slice(), [7.0, 10.0, 15.0, 22.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`TensorError::Inner`](plywood_tensor::TensorError::Inner) if the inner sizes differ,
    /// [`TensorError::Broadcast`](plywood_tensor::TensorError::Broadcast) if the batch axes do not broadcast.
    pub fn matmul(&self, other: &Var) -> Result<Var> {
        self.matmul_with(other, Transposed::Neither)
    }

    /// The product of operands that may be read as their transposes, without moving them.
    ///
    /// Gradient: as of [`Var::matmul`], again by flags.
    ///
    /// ```
    /// # use plywood_autograd::Var;
    /// # use plywood_tensor::{Tensor, Transposed};
    /// let (x, weight) = (Var::from(Tensor::from([[1.0, 2.0]])), Var::from(Tensor::from([[3.0, 4.0], [5.0, 6.0]])));
    /// assert_eq!(x.matmul_with(&weight, Transposed::Right)?.value().as_slice(), [11.0, 17.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Var::matmul`].
    pub fn matmul_with(&self, other: &Var, transposed: Transposed) -> Result<Var> {
        let y = self.value().matmul_with(other.value(), transposed)?;
        let (left, right) = (transposed.left(), transposed.right());
        Ok(Var::record("matmul", Keep::Inputs, [self, other], y, move |[a, b], _, g| {
            // With op(A) op(B) = Y: ∂op(A) = G op(B)ᵀ and ∂op(B) = op(A)ᵀ G, transposed again where A or B is.
            let for_a = || {
                let d = if left {
                    b.matmul_with(&g, Transposed::from_flags(right, true))
                } else {
                    g.matmul_with(b, Transposed::from_flags(false, !right))
                };
                d?.sum_to(a.shape())
            };
            let for_b = || {
                let d = if right {
                    g.matmul_with(a, Transposed::from_flags(true, left))
                } else {
                    a.matmul_with(&g, Transposed::from_flags(!left, false))
                };
                d?.sum_to(b.shape())
            };
            [a.wants(for_a), b.wants(for_b)]
        }))
    }
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    &[
        Row::whole("matmul", |x| x[0].matmul(&x[1]), |x| naive::matmul(&x[0], &x[1]))
            .shapes(&[
                &[&[2, 3], &[3, 4]],
                &[&[1, 1], &[1, 1]],
                &[&[2, 0], &[0, 3]],
                &[&[2, 1, 2, 3], &[3, 3, 2]],
                &[&[5, 17], &[17, 3]],
            ])
            .large(&[&[130, 200], &[200, 190]])
            .errors(&[
                (&[&[2, 3], &[2, 3]], "matmul: cannot multiply [2, 3] by [2, 3]: inner sizes 3 and 2 differ"),
                (&[&[3], &[3, 1]], "matmul: expected [.., m, n], got [3]"),
                (&[&[2, 2, 2], &[3, 2, 2]], "matmul: cannot broadcast [2, 2, 2] with [3, 2, 2]"),
            ]),
        Row::whole(
            "matmul_with",
            |x| x[0].matmul_with(&x[1], Transposed::Left),
            |x| naive::matmul(&x[0].transpose().unwrap(), &x[1]),
        )
        .shapes(&[&[&[3, 2], &[3, 4]]])
        .large(&[&[200, 130], &[200, 190]]),
        Row::whole(
            "matmul_with",
            |x| x[0].matmul_with(&x[1], Transposed::Right),
            |x| naive::matmul(&x[0], &x[1].transpose().unwrap()),
        )
        .shapes(&[&[&[2, 3], &[4, 3]]])
        .large(&[&[130, 200], &[190, 200]]),
        Row::whole(
            "matmul_with",
            |x| x[0].matmul_with(&x[1], Transposed::Both),
            |x| naive::matmul(&x[0].transpose().unwrap(), &x[1].transpose().unwrap()),
        )
        .shapes(&[&[&[3, 2], &[4, 3]]])
        .large(&[&[200, 130], &[190, 200]]),
    ]
};
