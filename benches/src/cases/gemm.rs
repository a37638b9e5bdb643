//! Matrix products: the shapes of small and large networks, three transpositions, and the layer that is fused to one.

use crate::data::normal;
use crate::{Case, Work};
use plywood::autograd::ops::{Activation, linear};
use plywood::prelude::*;
use plywood::tensor::Transposed;
use std::hint::black_box;

/// `m, n, k`: the products of a 30-128-64-1 network of batch 32, of a 784-1024-1024-10 one of batch 128, squares, and the
/// first dense layer behind a convolution, each forward and in both gradients.
const SHAPES: &[[usize; 3]] = &[
    [32, 128, 30],
    [32, 64, 128],
    [30, 128, 32],
    [32, 128, 64],
    [128, 1024, 784],
    [784, 1024, 128],
    [128, 1024, 1024],
    [128, 128, 128],
    [256, 256, 256],
    [512, 512, 512],
    [1024, 1024, 1024],
    [64, 128, 9216],
    [9216, 128, 64],
    [64, 9216, 128],
    // Rows alone: what serving single requests needs.
    [1, 128, 30],
    [1, 1024, 1024],
];

const TRANSPOSITIONS: &[(&str, Transposed)] =
    &[("AB", Transposed::Neither), ("AtB", Transposed::Left), ("ABt", Transposed::Right)];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &size in SHAPES {
        let [m, n, k] = size;
        for &(name, transposed) in TRANSPOSITIONS {
            cases.push(plain(format!("{m}x{n}x{k}/{name}"), size, transposed));
        }
        cases.push(fused(format!("{m}x{n}x{k}/linear_relu"), size));
    }
    cases
}

fn operands([m, n, k]: [usize; 3], transposed: Transposed) -> Result<(Tensor, Tensor)> {
    let a = normal(if transposed.left() { [k, m] } else { [m, k] }, 1)?;
    let b = normal(if transposed.right() { [n, k] } else { [k, n] }, 2)?;
    Ok((a, b))
}

fn plain(name: String, size: [usize; 3], transposed: Transposed) -> Case {
    let [m, n, k] = size;
    let case = Case::new(name, Work::product(m, n, k), move || {
        let (a, b) = operands(size, transposed)?;
        Ok(move || {
            black_box(black_box(&a).matmul_with(&b, transposed)?);
            Ok(())
        })
    });
    #[cfg(not(plywood_f64))]
    let case = case.against(move |threads| {
        let (a, b) = operands(size, transposed)?;
        let mut c = Tensor::zeros([m, n])?;
        Ok(move || {
            let c = black_box(c.as_mut_slice());
            crate::rival::product(size, a.as_slice(), b.as_slice(), transposed, c, threads);
            Ok(())
        })
    });
    case
}

/// `relu(X Wᵀ + b)`; the rival needs a pass of its own for bias and relu.
fn fused(name: String, size: [usize; 3]) -> Case {
    let [m, n, k] = size;
    let case = Case::new(name, Work::product(m, n, k), move || {
        let (x, weight) = operands(size, Transposed::Right)?;
        let [x, weight, bias] = [x, weight, normal([n], 3)?].map(Var::constant);
        Ok(move || {
            black_box(linear(black_box(&x), &weight, Some(&bias), Activation::Relu)?);
            Ok(())
        })
    });
    #[cfg(not(plywood_f64))]
    let case = case.against(move |threads| {
        let (x, weight) = operands(size, Transposed::Right)?;
        let (bias, mut y) = (normal([n], 3)?, Tensor::zeros([m, n])?);
        Ok(move || {
            let y = black_box(y.as_mut_slice());
            crate::rival::product(size, x.as_slice(), weight.as_slice(), Transposed::Right, y, threads);
            plywood::tensor::par::chunks(y, n * 32, m * n, |_, rows| {
                let bias = bias.as_slice();
                plywood::tensor::simd::dispatch(move || {
                    for row in rows.chunks_exact_mut(n) {
                        for (y, b) in row.iter_mut().zip(bias) {
                            *y = (*y + b).max(0.0);
                        }
                    }
                });
            });
            Ok(())
        })
    });
    case
}
