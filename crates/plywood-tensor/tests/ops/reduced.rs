//! Rows of sums and what is like them, and of products of matrices.

use crate::row::{ANY, Row, TIES, at, row, table};
use plywood_tensor::{Activation, Array, Transposed};

const CUBES: [&str; 7] = ["3 4 5", "1 1 1", "3 0 5", "3 4 0", "40 50 60", "2 300 3", "1 70000 2"];
/// The middle axis is never empty.
const FULL: [&str; 5] = ["3 4 5", "1 1 1", "0 4 5", "40 50 60", "2 300 3"];

/// `f` of the elements over some axes, with the axes kept or not.
fn folded(x: &Array<f64>, axes: &[usize], keep: bool, f: impl Fn(&[f64]) -> f64) -> Array<f64> {
    let rank = x.shape().rank();
    let kept: Vec<usize> = (0..rank).map(|a| if axes.contains(&a) { 1 } else { x.shape()[a] }).collect();
    let mut groups = vec![Vec::new(); kept.iter().product()];
    table(x.shape(), |index| {
        let place = (0..rank).fold(0, |p, a| p * kept[a] + if axes.contains(&a) { 0 } else { index[a] });
        groups[place].push(at(x, index));
        0.0
    });
    let dims: Vec<usize> = (0..rank).filter(|a| keep || !axes.contains(a)).map(|a| kept[a]).collect();
    Array::from_vec(groups.iter().map(|group| f(group)).collect(), dims).unwrap()
}

/// Exact but for the last bit: what is lost is carried along (Neumaier, 1974).
fn sum(x: &[f64]) -> f64 {
    let (mut sum, mut lost) = (0.0_f64, 0.0);
    for &x in x {
        let next = sum + x;
        lost += if sum.abs() >= x.abs() { sum - next + x } else { x - next + sum };
        sum = next;
    }
    sum + lost
}

fn mean(x: &[f64]) -> f64 {
    sum(x) / x.len() as f64
}

fn variance(x: &[f64], correction: f64) -> f64 {
    let mean = mean(x);
    sum(&x.iter().map(|v| (v - mean) * (v - mean)).collect::<Vec<_>>())
        / (x.len() as f64 - correction).max(0.0)
}

/// Exponentials, each by the sum of those along an axis.
fn shares(x: &Array<f64>, axis: usize) -> Array<f64> {
    let sums = folded(x, &[axis], true, |x| sum(&x.iter().map(|x| libm::exp(*x)).collect::<Vec<_>>()));
    table(x.shape(), |index| {
        let mut place = index.to_vec();
        place[axis] = 0;
        libm::exp(at(x, index)) / at(&sums, &place)
    })
}

fn norm(x: &[f64]) -> f64 {
    sum(&x.iter().map(|v| v * v).collect::<Vec<_>>()).sqrt()
}

/// The extreme, NaN if one is.
fn extreme(x: &[f64], f: fn(f64, f64) -> f64) -> f64 {
    x.iter().copied().reduce(|a, b| if a.is_nan() || b.is_nan() { f64::NAN } else { f(a, b) }).unwrap()
}

/// The naive product over the last two axes; batch axes must agree.
fn product(a: &Array<f64>, b: &Array<f64>) -> Array<f64> {
    let (rank, k) = (a.shape().rank(), a.shape()[a.shape().rank() - 1]);
    let mut dims = a.shape().to_vec();
    dims[rank - 1] = b.shape()[rank - 1];
    table(&dims, |i| {
        let (batch, [m, n]) = (&i[..rank - 2], [i[rank - 2], i[rank - 1]]);
        (0..k).map(|p| at(a, &[batch, &[m, p]].concat()) * at(b, &[batch, &[p, n]].concat())).sum()
    })
}

const MATRICES: [&str; 8] = [
    "2 3|3 4",
    "1 1|1 1",
    "0 3|3 4",
    "2 0|0 4",
    "65 70|70 33",
    "300 40|40 30",
    "3 4 5|3 5 6",
    "20 30 31|20 31 32",
];

pub(crate) const ROWS: &[Row] = &[
    row!("sum", CUBES, ANY, 1e-13, |x| [x[0].sum()], |x| [Array::from(sum(x[0].as_slice()))]),
    row!("mean", CUBES, ANY, 1e-13, |x| [x[0].mean()], |x| [Array::from(mean(x[0].as_slice()))]),
    row!(
        "sum_axes",
        CUBES,
        ANY,
        1e-13,
        |x| {
            [
                x[0].sum_axes(&[0], false)?,
                x[0].sum_axes(&[1], true)?,
                x[0].sum_axes(&[-1], false)?,
                x[0].sum_axes(&[0, 2], true)?,
                x[0].sum_axes(&[], true)?,
                x[0].sum_axes(&[1, 0], false)?,
            ]
        },
        |x| {
            [
                folded(&x[0], &[0], false, sum),
                folded(&x[0], &[1], true, sum),
                folded(&x[0], &[2], false, sum),
                folded(&x[0], &[0, 2], true, sum),
                folded(&x[0], &[0, 1, 2], true, sum),
                folded(&x[0], &[0, 1], false, sum),
            ]
        }
    ),
    row!(
        "mean_axes",
        CUBES,
        ANY,
        1e-13,
        |x| [x[0].mean_axes(&[1], false)?, x[0].mean_axes(&[2, 0], true)?],
        |x| [folded(&x[0], &[1], false, mean), folded(&x[0], &[0, 2], true, mean)]
    ),
    row!(
        "prod_axes",
        ["3 4 5", "1 1 1", "3 0 5", "700 5 30"],
        ANY,
        1e-14,
        |x| [x[0].prod_axes(&[1], false)?, x[0].prod_axes(&[-2], true)?],
        |x| {
            let product = |x: &[f64]| x.iter().product::<f64>();
            [folded(&x[0], &[1], false, product), folded(&x[0], &[1], true, product)]
        }
    ),
    row!("max", ["3 4 5", "1 1 1", "40 50 60", "1 70000 2"], TIES, 0.0, |x| [x[0].max()?], |x| {
        [Array::from(extreme(x[0].as_slice(), f64::max))]
    }),
    row!("min", ["3 4 5", "1 1 1", "40 50 60", "1 70000 2"], TIES, 0.0, |x| [x[0].min()?], |x| {
        [Array::from(extreme(x[0].as_slice(), f64::min))]
    }),
    row!("max_axes", FULL, TIES, 0.0, |x| [x[0].max_axes(&[1], false)?, x[0].max_axes(&[-1], true)?], |x| {
        let largest = |x: &[f64]| extreme(x, f64::max);
        [folded(&x[0], &[1], false, largest), folded(&x[0], &[2], true, largest)]
    }),
    row!("min_axes", FULL, TIES, 0.0, |x| [x[0].min_axes(&[1], false)?, x[0].min_axes(&[-1], true)?], |x| {
        let smallest = |x: &[f64]| extreme(x, f64::min);
        [folded(&x[0], &[1], false, smallest), folded(&x[0], &[2], true, smallest)]
    }),
    row!(
        "variance_axes",
        CUBES,
        |x| x + 100.0,
        1e-13,
        |x| {
            [
                x[0].variance_axes(&[], 0, false)?,
                x[0].variance_axes(&[1], 1, true)?,
                x[0].variance_axes(&[0, 2], 1, false)?,
            ]
        },
        |x| {
            [
                folded(&x[0], &[0, 1, 2], false, |x| variance(x, 0.0)),
                folded(&x[0], &[1], true, |x| variance(x, 1.0)),
                folded(&x[0], &[0, 2], false, |x| variance(x, 1.0)),
            ]
        }
    ),
    row!("norm", CUBES, ANY, 1e-14, |x| [x[0].norm()], |x| [Array::from(norm(x[0].as_slice()))]),
    row!(
        "norm_axes",
        CUBES,
        ANY,
        1e-14,
        |x| {
            let (small, large) = (x[0].mul_scalar(1e-25), x[0].mul_scalar(1e25));
            [
                x[0].norm_axes(&[1], false)?,
                x[0].norm_axes(&[0, 2], true)?,
                small.norm_axes(&[1], false)?.mul_scalar(1e25),
                large.norm_axes(&[1], true)?.mul_scalar(1e-25),
            ]
        },
        |x| {
            let plain = folded(&x[0], &[1], false, norm);
            [plain.clone(), folded(&x[0], &[0, 2], true, norm), plain, folded(&x[0], &[1], true, norm)]
        }
    ),
    row!(
        "softmax",
        CUBES,
        |x| 3.0 * x,
        1e-14,
        |x| [x[0].softmax(0)?, x[0].softmax(1)?, x[0].softmax(-1)?],
        |x| [0, 1, 2].map(|axis| shares(&x[0], axis))
    ),
    row!(
        "sum_to",
        CUBES,
        ANY,
        1e-13,
        |x| {
            let [a, b, c] = [x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]];
            [x[0].sum_to([b, c])?, x[0].sum_to([a, 1, c])?, x[0].sum_to([b, 1])?, x[0].sum_to([a, b, c])?]
        },
        |x| {
            let (rows, inner) = (folded(&x[0], &[0], false, sum), folded(&x[0], &[1], true, sum));
            let middle = folded(&x[0], &[0, 2], false, sum).unsqueeze(-1).unwrap();
            [rows, inner, middle, x[0].clone()]
        }
    ),
    row!("matmul", MATRICES, ANY, 1e-14, |x| [x[0].matmul(&x[1])?], |x| [product(&x[0], &x[1])]),
    row!(
        "matmul_with",
        MATRICES,
        ANY,
        1e-14,
        |x| {
            let (a, b) = (x[0].transpose()?, x[1].transpose()?);
            [
                x[0].matmul_with(&x[1], Transposed::Neither)?,
                a.matmul_with(&x[1], Transposed::Left)?,
                x[0].matmul_with(&b, Transposed::Right)?,
                a.matmul_with(&b, Transposed::Both)?,
            ]
        },
        |x| {
            let y = product(&x[0], &x[1]);
            [y.clone(), y.clone(), y.clone(), y]
        }
    ),
    row!(
        "linear",
        ["4 3|2 3|2", "2 2 3|5 3|5", "3|2 3|2", "0 3|2 3|2", "1 40|70 40|70", "130 200|190 200|190"],
        ANY,
        1e-13,
        |x| {
            [
                x[0].linear(&x[1], None, Activation::Identity)?,
                x[0].linear(&x[1], Some(&x[2]), Activation::Identity)?,
                x[0].linear(&x[1], Some(&x[2]), Activation::Relu)?,
                x[0].linear(&x[1], Some(&x[2]), Activation::Tanh)?,
                x[0].linear(&x[1], Some(&x[2]), Activation::Sigmoid)?,
            ]
        },
        |x| {
            let rows = x[0].reshape([x[0].numel() / x[1].shape()[1], x[1].shape()[1]]).unwrap();
            let shape = x[0].shape().with(x[0].shape().rank() - 1, x[1].shape()[0]).unwrap();
            let y = product(&rows, &x[1].transpose().unwrap()).reshape(shape).unwrap();
            let z = &y + &x[2];
            [y, z.clone(), z.map(|z| z.max(0.0)), z.tanh(), z.sigmoid()]
        }
    ),
    // One right matrix for all: the same numbers as one by one.
    row!(
        "matmul",
        ["7 4 5|5 6", "0 4 5|5 6", "1 4 5|5 6", "40 30 31|31 32"],
        ANY,
        1e-14,
        |x| [x[0].matmul(&x[1])?],
        |x| {
            let b = x[1].shape();
            [product(&x[0], &x[1].broadcast_to([x[0].shape()[0], b[0], b[1]]).unwrap())]
        }
    ),
];
