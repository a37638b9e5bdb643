//! Operations that move more than they compute: the limit is bandwidth.

use super::{pass::both, size_name};
use crate::data::normal;
use crate::{Case, Streams, Work};
use plywood::prelude::*;
use std::hint::black_box;

/// Bytes of one tensor: in each cache, beyond them, and far beyond them.
const BYTES: [usize; 7] = [4 << 10, 64 << 10, 1 << 20, 4 << 20, 32 << 20, 128 << 20, 256 << 20];

/// The length of the row that is added to each row.
const WIDTH: usize = 1024;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for bytes in BYTES {
        let (count, size) = (bytes / size_of::<Elem>(), size_name(bytes));
        let two = move || Ok::<_, Error>((normal([count], 1)?, normal([count], 2)?));
        cases.push(Case::new(format!("add/{size}"), Work::traffic(Streams::Triad, count, 3, 3), move || {
            let (x, y) = two()?;
            Ok(move || {
                black_box(black_box(&x).add(&y)?);
                Ok(())
            })
        }));
        cases.push(Case::new(format!("mul/{size}"), Work::traffic(Streams::Triad, count, 3, 3), move || {
            let (x, y) = two()?;
            Ok(move || {
                black_box(black_box(&x).mul(&y)?);
                Ok(())
            })
        }));
        // Two inputs and a result; then, from its gradient and both inputs, two gradients.
        let work = Work::traffic(Streams::Triad, count, 8, 6);
        cases.push(Case::new(format!("mul_and_gradient/{size}"), work, move || {
            let ((x, y), g) = (two()?, normal([count], 3)?);
            Ok(move || both([&x, &y], &g, |[x, y]| x.mul(y)))
        }));
        // The gradient goes to both inputs as it is.
        let work = Work::traffic(Streams::Triad, count, 3, 3);
        cases.push(Case::new(format!("add_and_gradient/{size}"), work, move || {
            let ((x, y), g) = (two()?, normal([count], 3)?);
            Ok(move || both([&x, &y], &g, |[x, y]| x.add(y)))
        }));
        cases.push(Case::new(format!("relu/{size}"), Work::traffic(Streams::Copy, count, 2, 2), move || {
            let x = Var::constant(normal([count], 1)?);
            Ok(move || {
                black_box(black_box(&x).relu());
                Ok(())
            })
        }));
        // Input and result; then the gradient, one of the two again and the new gradient.
        let work = Work::traffic(Streams::Triad, count, 5, 4);
        cases.push(Case::new(format!("relu_and_gradient/{size}"), work, move || {
            let (x, g) = two()?;
            Ok(move || both([&x], &g, |[x]| Ok(x.relu())))
        }));
        let work = Work::traffic(Streams::Update, count, 3, 2);
        cases.push(Case::new(format!("add_in_place/{size}"), work, move || {
            // Adding nothing keeps the numbers as they are for ever.
            let (mut x, y) = (normal([count], 1)?, Tensor::zeros([count])?);
            Ok(move || black_box(&mut x).add_in_place(&y))
        }));
        let row = WIDTH.min(count);
        cases.push(Case::new(
            format!("add_row/{size}"),
            Work::traffic(Streams::Copy, count, 2, 2),
            move || {
                let (x, y) = (normal([count / row, row], 1)?, normal([row], 2)?);
                Ok(move || {
                    black_box(black_box(&x).add(&y)?);
                    Ok(())
                })
            },
        ));
    }
    cases
}
