//! Sums of products by Einstein's convention.

use crate::{Keep, Var};
use plywood_tensor::{Einsum, Result, Shape, Tensor};

/// The sum of products that `spec` describes: letters of each operand's axes, `->`, the letters of the result.
///
/// What the result does not name is summed over, a letter twice in one operand takes the diagonal, and `...` stands for
/// any axes. [`plywood_tensor::einsum`] says it in full.
///
/// Gradient: for each operand the sum of products in which `g` stands in its place.
///
/// ```
/// # use plywood_autograd::{Var, ops::einsum};
/// # use plywood_tensor::Tensor;
/// let (a, b) = (Var::from(Tensor::from([[1.0, 2.0], [3.0, 4.0]])), Var::from(Tensor::from([10.0, 100.0])));
/// assert_eq!(einsum("ij,j->i", &[&a, &b])?.value().as_slice(), [210.0, 430.0]);
/// assert_eq!(einsum("ii->", &[&a])?.value().item()?, 5.0);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # Errors
/// [`TensorError::Einsum`](plywood_tensor::TensorError::Einsum) if the description cannot be read or does not fit the
/// operands, with the reason.
///
/// # References
/// NumPy's and PyTorch's `einsum`, which also guess the result where `->` is missing; here it must be written.
pub fn einsum(spec: &str, operands: &[&Var]) -> Result<Var> {
    let shapes: Vec<&Shape> = operands.iter().map(|operand| operand.shape()).collect();
    apply(Einsum::new(spec, &shapes)?, operands)
}

fn apply(plan: Einsum, operands: &[&Var]) -> Result<Var> {
    let values: Vec<&Tensor> = operands.iter().map(|operand| operand.value()).collect();
    let y = plan.apply(&values)?;
    // A lone operand is not needed for its own gradient.
    let keep = if operands.len() == 1 { Keep::Nothing } else { Keep::Inputs };
    Ok(Var::record_many("einsum", keep, operands, y, move |inputs, _, g| {
        let gradient = |index: usize| {
            let others = inputs.iter().enumerate();
            let operands: Vec<&Var> =
                others.map(|(i, input)| if i == index { &g } else { &**input }).collect();
            apply(plan.gradient(index), &operands)
        };
        inputs.iter().enumerate().map(|(index, input)| input.wants(|| gradient(index))).collect()
    }))
}

#[cfg(test)]
pub(super) const ROWS: &[super::table::Row] = {
    use super::table::{Row, naive};
    use plywood_tensor::Array;
    fn total(terms: impl Iterator<Item = f64>) -> f64 {
        terms.sum()
    }
    fn at(x: &Array<f64>, index: &[usize]) -> f64 {
        x.at(index).unwrap()
    }
    &[
        Row::whole("einsum", |x| einsum("ij,jk->ik", &[&x[0], &x[1]]), |x| naive::matmul(&x[0], &x[1]))
            .shapes(&[&[&[2, 3], &[3, 4]], &[&[1, 1], &[1, 1]], &[&[2, 0], &[0, 3]], &[&[0, 2], &[2, 3]]])
            .large(&[&[130, 200], &[200, 190]])
            .errors(&[
                (
                    &[&[2, 3], &[2, 3]],
                    "einsum: \"ij,jk->ik\": `j` has size 3 in operand 0 and 2 in operand 1",
                ),
                (&[&[2, 3], &[3]], "einsum: \"ij,jk->ik\": operand 1: expected 2 axes, got [3]"),
            ]),
        // Broadcast axes, an order of its own, and letters summed in one operand alone.
        Row::whole(
            "einsum",
            |x| einsum("...ijm,...kj->k...i", &[&x[0], &x[1]]),
            |x| {
                let (a, b) = (x[0].shape(), x[1].shape());
                naive::from_fn(&[b[1], a[0], a[1]], |i| {
                    let inner = naive::indices(&[a[2], a[3]]);
                    total(
                        inner
                            .iter()
                            .map(|s| at(&x[0], &[i[1], i[2], s[0], s[1]]) * at(&x[1], &[i[1], i[0], s[0]])),
                    )
                })
            },
        )
        .shapes(&[&[&[2, 2, 3, 2], &[2, 2, 3]], &[&[1, 1, 1, 1], &[1, 1, 1]], &[&[2, 1, 0, 2], &[2, 2, 0]]])
        .large(&[&[4, 30, 40, 20], &[4, 30, 40]]),
        // Three operands, one letter in all of them.
        Row::whole(
            "einsum",
            |x| einsum("i,ij,ik->jk", &[&x[0], &x[1], &x[2]]),
            |x| {
                let (b, c) = (x[1].shape(), x[2].shape());
                naive::from_fn(&[b[1], c[1]], |i| {
                    total((0..b[0]).map(|s| at(&x[0], &[s]) * at(&x[1], &[s, i[0]]) * at(&x[2], &[s, i[1]])))
                })
            },
        )
        .shapes(&[&[&[3], &[3, 2], &[3, 2]], &[&[1], &[1, 1], &[1, 1]], &[&[0], &[0, 2], &[0, 1]]])
        .large(&[&[50], &[50, 60], &[50, 70]]),
        // Diagonals: a trace, and a diagonal that stays.
        Row::whole(
            "einsum",
            |x| einsum("ii->", &[&x[0]]),
            |x| naive::from_fn(&[], |_| total((0..x[0].shape()[0]).map(|i| at(&x[0], &[i, i])))),
        )
        .shapes(&[&[&[3, 3]], &[&[1, 1]], &[&[0, 0]]])
        .large(&[&[300, 300]])
        .errors(&[(&[&[2, 3]], "einsum: \"ii->\": `i` has size 2 in operand 0 and 3 in operand 0")]),
        Row::whole(
            "einsum",
            |x| einsum("iij,ij->ji", &[&x[0], &x[1]]),
            |x| {
                let d = x[1].shape();
                naive::from_fn(&[d[1], d[0]], |i| at(&x[0], &[i[1], i[1], i[0]]) * at(&x[1], &[i[1], i[0]]))
            },
        )
        .shapes(&[&[&[2, 2, 3], &[2, 3]], &[&[1, 1, 1], &[1, 1]]])
        .large(&[&[40, 40, 50], &[40, 50]]),
        Row::whole(
            "einsum",
            |x| einsum("ij->j", &[&x[0]]),
            |x| naive::fold(&x[0], &[0], false, 0.0, |a, b| a + b),
        )
        .shapes(&[&[&[2, 3]], &[&[0, 3]], &[&[1, 1]]]),
        Row::whole(
            "einsum",
            |x| einsum("i,j->ij", &[&x[0], &x[1]]),
            |x| {
                naive::from_fn(&[x[0].numel(), x[1].numel()], |i| {
                    x[0].as_slice()[i[0]] * x[1].as_slice()[i[1]]
                })
            },
        )
        .shapes(&[&[&[2], &[3]], &[&[1], &[0]]])
        .large(&[&[300], &[301]]),
        // The same operand twice: both places count.
        Row::whole(
            "einsum",
            |x| einsum("ij,kj->ik", &[&x[0], &x[0]]),
            |x| naive::matmul(&x[0], &x[0].transpose().unwrap()),
        )
        .shapes(&[&[&[2, 3]], &[&[1, 1]]])
        .large(&[&[130, 200]]),
    ]
};
