//! Sums and other ways from many numbers to few; the limit is the bandwidth of reading once.

use super::size_name;
use crate::data::normal;
use crate::{Case, Streams, Work};
use plywood::prelude::*;
use std::hint::black_box;

type Reduction = fn(&Tensor) -> Result<Tensor>;

/// Over everything.
const WHOLE: &[(&str, Reduction)] = &[("sum", |x| Ok(x.sum())), ("norm", |x| Ok(x.norm()))];

/// Over one axis of a matrix: `columns` adds up the rows, as the gradient of a bias does.
const AXES: &[(&str, Reduction)] = &[
    ("sum_columns", |x| x.sum_axes(&[0], false)),
    ("sum_rows", |x| x.sum_axes(&[1], false)),
    ("max_columns", |x| x.max_axes(&[0], false)),
    ("max_rows", |x| x.max_axes(&[1], false)),
    ("variance_columns", |x| x.variance_axes(&[0], 0, false)),
    ("variance_rows", |x| x.variance_axes(&[1], 0, false)),
];

const SIZES: [usize; 6] = [4 << 10, 64 << 10, 1 << 20, 4 << 20, 32 << 20, 256 << 20];

/// Small batches of narrow layers, a wide layer, a long table.
const MATRICES: [[usize; 2]; 5] = [[32, 64], [32, 128], [128, 1024], [1024, 1024], [262_144, 32]];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &(name, reduce) in WHOLE {
        for bytes in SIZES {
            let count = bytes / size_of::<Elem>();
            cases.push(case(format!("{name}/{}", size_name(bytes)), [1, count], reduce));
        }
    }
    for &(name, reduce) in AXES {
        for [rows, columns] in MATRICES {
            cases.push(case(format!("{name}/{rows}x{columns}"), [rows, columns], reduce));
        }
    }
    cases
}

fn case(name: String, shape: [usize; 2], reduce: Reduction) -> Case {
    Case::new(name, Work::traffic(Streams::Read, shape[0] * shape[1], 1, 1), move || {
        let x = normal(shape, 1)?;
        Ok(move || {
            black_box(reduce(black_box(&x))?);
            Ok(())
        })
    })
}
