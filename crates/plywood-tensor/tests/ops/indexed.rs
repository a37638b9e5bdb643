//! Rows of what reads or adds by index.

use crate::row::{ANY, Row, at, indices, moved, row, some, table, with};
use plywood_tensor::Array;

fn taken(x: &Array<f64>, axis: usize, count: usize) -> Array<f64> {
    let list = some(count, x.shape()[axis]);
    table(&with(x, axis, list.numel()), |i| at(x, &moved(i, axis, list.as_slice()[i[axis]] as usize)))
}

/// The naive form of `index_add` and `scatter_add`: `index` says where an element of the source goes.
fn added(x: &Array<f64>, source: &Array<f64>, index: impl Fn(&[usize]) -> Vec<usize>) -> Array<f64> {
    let mut result = x.clone();
    let dims = x.shape().to_vec();
    table(source.shape(), |i| {
        let to = index(i);
        let place = to.iter().zip(&dims).fold(0, |place, (&i, &d)| place * d + i);
        result.as_mut_slice()[place] += at(source, i);
        0.0
    });
    result
}

pub(crate) const ROWS: &[Row] = &[
    row!(
        "select",
        ["3 4 5", "3 4 0", "2 3 1", "30 40 60"],
        ANY,
        0.0,
        |x| [x[0].select(0, 1)?, x[0].select(1, 2)?, x[0].flip(&[2])?.select(-2, 0)?],
        |x| {
            let [a, b, c] = [x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]];
            [
                table(&[b, c], |i| at(&x[0], &[1, i[0], i[1]])),
                table(&[a, c], |i| at(&x[0], &[i[0], 2, i[1]])),
                table(&[a, c], |i| at(&x[0], &[i[0], 0, c - 1 - i[1]])),
            ]
        }
    ),
    row!(
        "index_select",
        ["3 4 5", "3 0 5", "1 1 1", "30 50 60"],
        ANY,
        0.0,
        |x| {
            let size = |axis: usize| x[0].shape()[axis];
            [
                x[0].index_select(0, &some(7, size(0)))?,
                x[0].index_select(1, &some(9, size(1)))?,
                x[0].index_select(-1, &some(2, size(2)))?,
            ]
        },
        |x| [taken(&x[0], 0, 7), taken(&x[0], 1, 9), taken(&x[0], 2, 2)]
    ),
    row!(
        "index_add",
        ["4 3|9 3", "4 0|9 0", "1 1|9 1", "5|9", "0|0", "700 3|9 3", "90 150|900 150"],
        ANY,
        1e-15,
        |x| {
            let list = some(x[1].shape()[0], x[0].shape()[0]);
            [x[0].index_add(0, &list, &x[1])?]
        },
        |x| {
            let list = some(x[1].shape()[0], x[0].shape()[0]);
            [added(&x[0], &x[1], |i| moved(i, 0, list.as_slice()[i[0]] as usize))]
        }
    ),
    // Along a later axis: each slab by itself.
    row!(
        "index_add",
        ["2 4 3|2 9 3", "2 4 0|2 9 0", "1 1 1|1 9 1", "60 40 30|60 50 30"],
        ANY,
        1e-15,
        |x| {
            let list = some(x[1].shape()[1], x[0].shape()[1]);
            [x[0].index_add(-2, &list, &x[1])?]
        },
        |x| {
            let list = some(x[1].shape()[1], x[0].shape()[1]);
            [added(&x[0], &x[1], |i| moved(i, 1, list.as_slice()[i[1]] as usize))]
        }
    ),
    row!(
        "gather",
        ["3 4 5", "3 1 5", "1 1 1", "3 4 0", "30 50 60"],
        ANY,
        0.0,
        |x| {
            let [a, b, c] = [x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]];
            [
                x[0].gather(0, &indices(&[7, b, c], a))?,
                x[0].gather(1, &indices(&[a, 2, c], b))?,
                x[0].gather(-1, &indices(&[a, b, if c == 0 { 0 } else { 6 }], c))?,
            ]
        },
        |x| {
            let [a, b, c] = [x[0].shape()[0], x[0].shape()[1], x[0].shape()[2]];
            let gather = |axis: usize, dims: [usize; 3], size: usize| {
                let list = indices(&dims, size);
                table(&dims, |i| at(&x[0], &moved(i, axis, list.at(i).unwrap() as usize)))
            };
            [
                gather(0, [7, b, c], a),
                gather(1, [a, 2, c], b),
                gather(2, [a, b, if c == 0 { 0 } else { 6 }], c),
            ]
        }
    ),
    row!(
        "scatter_add",
        ["3 4 5|3 9 5", "1 1 1|1 9 1", "3 4 0|3 9 0", "30 50 60|30 40 60"],
        ANY,
        1e-15,
        |x| [x[0].scatter_add(1, &indices(x[1].shape(), x[0].shape()[1]), &x[1])?],
        |x| {
            let list = indices(x[1].shape(), x[0].shape()[1]);
            [added(&x[0], &x[1], |i| moved(i, 1, list.at(i).unwrap() as usize))]
        }
    ),
];
