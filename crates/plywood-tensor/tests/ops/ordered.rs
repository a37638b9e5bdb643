//! Rows of what compares elements along an axis, or runs along it.

use crate::row::{ANY, Row, TIES, at, moved, real, row, table, with};
use plywood_tensor::Array;

const CUBES: [&str; 5] = ["3 4 5", "3 1 5", "1 1 1", "3 5 0", "30 41 67"];

/// The elements along an axis, at the place of an index.
fn along(x: &Array<f64>, axis: usize, index: &[usize]) -> Vec<f64> {
    (0..x.shape()[axis]).map(|i| at(x, &moved(index, axis, i))).collect()
}

fn arg(x: &Array<f64>, axis: usize, better: fn(f64, f64) -> bool) -> Array<f64> {
    table(&with(x, axis, 1), |index| {
        let row = along(x, axis, index);
        let best = (1..row.len()).fold(0, |best, i| {
            let wins = better(row[i], row[best]) || (row[i].is_nan() && !row[best].is_nan());
            if wins { i } else { best }
        });
        best as f64
    })
}

/// Indices by insertion: each element before the first that is worse.
fn ranks(row: &[f64], descending: bool) -> Vec<usize> {
    let above = |a: f64, b: f64| (a.is_nan() && !b.is_nan()) || a > b;
    let mut order: Vec<usize> = Vec::new();
    for i in 0..row.len() {
        let worse = |&k: &usize| if descending { above(row[i], row[k]) } else { above(row[k], row[i]) };
        let place = order.iter().position(worse).unwrap_or(order.len());
        order.insert(place, i);
    }
    order
}

fn ranked(x: &Array<f64>, axis: usize, descending: bool, count: usize) -> [Array<f64>; 2] {
    let dims = with(x, axis, count);
    let order = |index: &[usize]| ranks(&along(x, axis, &moved(index, axis, 0)), descending)[index[axis]];
    [table(&dims, |i| at(x, &moved(i, axis, order(i)))), table(&dims, |i| order(i) as f64)]
}

fn running(x: &Array<f64>, axis: usize, f: fn(f64, f64) -> f64) -> Array<f64> {
    table(x.shape(), |index| along(x, axis, index)[..=index[axis]].iter().copied().reduce(f).unwrap())
}

pub(crate) const ROWS: &[Row] = &[
    row!(
        "argmax",
        CUBES,
        TIES,
        0.0,
        |x| [real(&x[0].argmax(0, true)?), real(&x[0].argmax(-2, true)?)],
        |x| [arg(&x[0], 0, |a, b| a > b), arg(&x[0], 1, |a, b| a > b)]
    ),
    row!("argmin", CUBES, TIES, 0.0, |x| [real(&x[0].argmin(0, true)?), real(&x[0].argmin(1, true)?)], |x| {
        [arg(&x[0], 0, |a, b| a < b), arg(&x[0], 1, |a, b| a < b)]
    }),
    row!("argmax", ["3 5", "0 5", "4 1", "100 700"], TIES, 0.0, |x| [real(&x[0].argmax(-1, false)?)], |x| {
        [arg(&x[0], 1, |a, b| a > b).squeeze(1).unwrap()]
    }),
    row!(
        "sort",
        ["3 4 5", "1 1 1", "3 0 5", "20 30 12"],
        TIES,
        0.0,
        |x| {
            let ((a, i), (b, j)) = (x[0].sort(-1, false)?, x[0].sort(1, true)?);
            [a, real(&i), b, real(&j)]
        },
        |x| {
            let [[a, i], [b, j]] =
                [ranked(&x[0], 2, false, x[0].shape()[2]), ranked(&x[0], 1, true, x[0].shape()[1])];
            [a, i, b, j]
        }
    ),
    row!(
        "top_k",
        ["3 4 5", "1 2 3", "3 2 3", "0 4 5", "20 30 12"],
        TIES,
        0.0,
        |x| {
            let ((a, i), (b, j)) = (x[0].top_k(-1, 3)?, x[0].top_k(1, 2)?);
            [a, real(&i), b, real(&j), x[0].top_k(1, 0)?.0]
        },
        |x| {
            let [[a, i], [b, j]] = [ranked(&x[0], 2, true, 3), ranked(&x[0], 1, true, 2)];
            [a, i, b, j, table(&with(&x[0], 1, 0), |_| 0.0)]
        }
    ),
    row!(
        "cumsum",
        ["3 4 5", "1 1 1", "3 0 5", "20 30 12", "3 4 300"],
        ANY,
        1e-14,
        |x| [x[0].cumsum(0)?, x[0].cumsum(1)?, x[0].cumsum(-1)?],
        |x| [0, 1, 2].map(|axis| running(&x[0], axis, |a, b| a + b))
    ),
    row!(
        "cumprod",
        ["3 4 5", "1 1 1", "3 0 5", "2 30 300"],
        ANY,
        1e-14,
        |x| [x[0].cumprod(0)?, x[0].cumprod(1)?],
        |x| [0, 1].map(|axis| running(&x[0], axis, |a, b| a * b))
    ),
];
