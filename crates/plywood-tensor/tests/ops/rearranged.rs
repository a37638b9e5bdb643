//! Rows of what only moves elements.

use crate::row::{ANY, Row, at, moved, row, table, with};
use plywood_tensor::Array;

const CUBES: [&str; 5] = ["3 4 5", "3 1 5", "1 4 1", "3 0 5", "33 41 67"];

/// The part `start, start + step, …` before `end`.
fn part(x: &Array<f64>, axis: usize, start: usize, end: usize, step: usize) -> Array<f64> {
    let size = (end - start).div_ceil(step);
    table(&with(x, axis, size), |i| at(x, &moved(i, axis, start + step * i[axis])))
}

fn concat(parts: &[Array<f64>], axis: usize) -> Array<f64> {
    let size = parts.iter().map(|part| part.shape()[axis]).sum();
    table(&with(&parts[0], axis, size), |index| {
        let (mut k, mut i) = (0, index[axis]);
        while i >= parts[k].shape()[axis] {
            i -= parts[k].shape()[axis];
            k += 1;
        }
        at(&parts[k], &moved(index, axis, i))
    })
}

fn permuted(x: &Array<f64>, order: &[usize]) -> Array<f64> {
    let dims: Vec<usize> = order.iter().map(|&axis| x.shape()[axis]).collect();
    table(&dims, |index| {
        let mut source = vec![0; order.len()];
        for (to, &from) in order.iter().enumerate() {
            source[from] = index[to];
        }
        at(x, &source)
    })
}

fn flipped(x: &Array<f64>, axes: &[usize]) -> Array<f64> {
    table(x.shape(), |index| {
        let mut index = index.to_vec();
        for &axis in axes {
            index[axis] = x.shape()[axis] - 1 - index[axis];
        }
        at(x, &index)
    })
}

pub(crate) const ROWS: &[Row] = &[
    row!(
        "permute",
        ["3 4 5", "1 4 1", "3 0 5", "20 33 41", "66 2 401", "5 67 211"],
        ANY,
        0.0,
        |x| {
            [
                x[0].permute(&[0, 1, 2])?,
                x[0].permute(&[0, 2, 1])?,
                x[0].permute(&[1, 0, 2])?,
                x[0].permute(&[1, 2, 0])?,
                x[0].permute(&[2, 0, 1])?,
                x[0].permute(&[-1, -2, -3])?,
            ]
        },
        |x| [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
            .map(|order| permuted(&x[0], &order))
    ),
    row!(
        "transpose",
        ["2 3", "1 1", "0 5", "4 0", "1 7", "257 259", "3 17 19", "70000 2", "2 70000"],
        ANY,
        0.0,
        |x| [x[0].transpose()?],
        |x| {
            let rank = x[0].shape().rank();
            let mut order: Vec<usize> = (0..rank).collect();
            order.swap(rank - 1, rank - 2);
            [permuted(&x[0], &order)]
        }
    ),
    row!(
        "move_axis",
        CUBES,
        ANY,
        0.0,
        |x| [x[0].move_axis(0, 2)?, x[0].move_axis(-1, 0)?, x[0].move_axis(1, 1)?, x[0].move_axis(2, 1)?],
        |x| [[1, 2, 0], [2, 0, 1], [0, 1, 2], [0, 2, 1]].map(|order| permuted(&x[0], &order))
    ),
    row!(
        "flip",
        CUBES,
        ANY,
        0.0,
        |x| {
            [
                x[0].flip(&[])?,
                x[0].flip(&[0])?,
                x[0].flip(&[1])?,
                x[0].flip(&[-1])?,
                x[0].flip(&[2, 0])?,
                x[0].flip(&[0, 1, 2])?,
            ]
        },
        |x| [&[][..], &[0], &[1], &[2], &[0, 2], &[0, 1, 2]].map(|axes| flipped(&x[0], axes))
    ),
    row!(
        "narrow",
        ["6 5 3", "6 5 0", "3 5 1", "3 70 400"],
        ANY,
        0.0,
        |x| [x[0].narrow(0, 1, 3)?, x[0].narrow(1, 2, 5)?, x[0].narrow(-2, 0, 5)?, x[0].narrow(1, 3, 3)?],
        |x| [
            part(&x[0], 0, 1, 3, 1),
            part(&x[0], 1, 2, 5, 1),
            part(&x[0], 1, 0, x[0].shape()[1].min(5), 1),
            part(&x[0], 1, 3, 3, 1)
        ]
    ),
    row!(
        "slice",
        ["6 5 3", "6 5 0", "6 5 1", "6 70 400"],
        ANY,
        0.0,
        |x| {
            [
                x[0].slice(0, 1, 6, 2)?,
                x[0].slice(1, 0, 5, 3)?,
                x[0].slice(-2, 4, 5, usize::MAX)?,
                x[0].slice(1, 1, 1, 7)?,
            ]
        },
        |x| [
            part(&x[0], 0, 1, 6, 2),
            part(&x[0], 1, 0, 5, 3),
            part(&x[0], 1, 4, 5, 1),
            part(&x[0], 1, 1, 1, 1)
        ]
    ),
    row!("split", ["6 5", "6 0", "6 1", "6 20000"], ANY, 0.0, |x| x[0].split(0, &[1, 0, 3, 2])?, |x| {
        [(0, 1), (1, 1), (1, 4), (4, 6)].map(|(start, end)| part(&x[0], 0, start, end, 1))
    }),
    row!("chunk", ["3 7", "0 7", "1 7", "20000 7"], ANY, 0.0, |x| x[0].chunk(-1, 3)?, |x| {
        [(0, 3), (3, 5), (5, 7)].map(|(start, end)| part(&x[0], 1, start, end, 1))
    }),
    row!(
        "concat",
        ["2 3 4|2 3 4", "2 0 4|2 3 4", "1 3 1|1 3 1", "41 3 301|41 9 301", "1 90 400|1 100 400"],
        ANY,
        0.0,
        |x| {
            let (a, b) = (&x[0], &x[1]);
            [Array::concat(&[a, b], 1)?, Array::concat(&[b, a, a, b], -2)?, Array::concat(&[a], 0)?]
        },
        |x| {
            let (a, b) = (x[0].clone(), x[1].clone());
            [concat(x, 1), concat(&[b.clone(), a.clone(), a.clone(), b], 1), a]
        }
    ),
    row!(
        "stack",
        ["|", "3|3", "2 0|2 0", "1 1|1 1", "301 233|301 233"],
        ANY,
        0.0,
        |x| {
            let (a, b) = (&x[0], &x[1]);
            [Array::stack(&[a, b, a], 0)?, Array::stack(&[a, b], -1)?]
        },
        |x| {
            let dims = x[0].shape().to_vec();
            let (first, last) = ([&[3], &dims[..]].concat(), [&dims[..], &[2]].concat());
            [
                table(&first, |i| at(&x[i[0] % 2], &i[1..])),
                table(&last, |i| at(&x[i[dims.len()]], &i[..dims.len()])),
            ]
        }
    ),
    row!(
        "pad",
        ["3 4", "1 1", "0 2", "2 0", "200 350"],
        ANY,
        0.0,
        |x| {
            [
                x[0].pad(&[(0, 0), (0, 0)], 9.0)?,
                x[0].pad(&[(1, 2), (0, 3)], 9.0)?,
                x[0].pad(&[(0, 0), (2, 0)], -1.0)?,
            ]
        },
        |x| {
            let pad = |pairs: [(usize, usize); 2], value: f64| {
                let size = |axis: usize| x[0].shape()[axis] + pairs[axis].0 + pairs[axis].1;
                table(&[size(0), size(1)], |i| {
                    let inside =
                        |axis: usize| i[axis].checked_sub(pairs[axis].0).filter(|&i| i < x[0].shape()[axis]);
                    match (inside(0), inside(1)) {
                        (Some(i), Some(j)) => at(&x[0], &[i, j]),
                        _ => value,
                    }
                })
            };
            [pad([(0, 0), (0, 0)], 9.0), pad([(1, 2), (0, 3)], 9.0), pad([(0, 0), (2, 0)], -1.0)]
        }
    ),
    row!("squeeze", ["1 3", "1 0"], ANY, 0.0, |x| [x[0].squeeze(0)?, x[0].squeeze(-2)?], |x| {
        let y = table(&x[0].shape()[1..], |i| at(&x[0], &[0, i[0]]));
        [y.clone(), y]
    }),
    row!(
        "unsqueeze",
        ["2 3", "1 0"],
        ANY,
        0.0,
        |x| [x[0].unsqueeze(0)?, x[0].unsqueeze(1)?, x[0].unsqueeze(-1)?],
        |x| {
            let [n, m] = [x[0].shape()[0], x[0].shape()[1]];
            [
                table(&[1, n, m], |i| at(&x[0], &[i[1], i[2]])),
                table(&[n, 1, m], |i| at(&x[0], &[i[0], i[2]])),
                table(&[n, m, 1], |i| at(&x[0], &[i[0], i[1]])),
            ]
        }
    ),
    row!(
        "flatten_from",
        CUBES,
        ANY,
        0.0,
        |x| [x[0].flatten_from(1)?, x[0].flatten_from(-1)?, x[0].flatten_from(0)?],
        |x| {
            let [a, b, c] = [x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]];
            [
                table(&[a, b * c], |i| at(&x[0], &[i[0], i[1] / c, i[1] % c])),
                x[0].clone(),
                table(&[a * b * c], |i| at(&x[0], &[i[0] / (b * c), i[0] / c % b, i[0] % c])),
            ]
        }
    ),
    row!(
        "broadcast_to",
        ["3 1", "1 1", "0 1", "1 0", "257 1"],
        ANY,
        0.0,
        |x| {
            let [rows, columns] = [x[0].shape()[0], x[0].shape()[1]];
            let wide = if columns == 1 { 40 } else { columns };
            [x[0].broadcast_to([20, rows, wide])?, x[0].broadcast_to([0, rows, columns])?]
        },
        |x| {
            let [rows, columns] = [x[0].shape()[0], x[0].shape()[1]];
            let wide = if columns == 1 { 40 } else { columns };
            let source = |i: &[usize]| at(&x[0], &[i[1], 0]);
            [table(&[20, rows, wide], source), table(&[0, rows, columns], source)]
        }
    ),
    row!("cast", ["", "0", "1", "2 3", "257 259"], ANY, 0.0, |x| [x[0].cast::<f32>().cast()], |x| [
        x[0].clone()
    ]),
];
