//! Functions of one number, at small and large sizes; their limit here is the bandwidth of reading and writing once.

use super::{pass::both, size_name};
use crate::data::normal;
use crate::{Case, Streams, Work};
use plywood::prelude::*;
use std::hint::black_box;

type Function = fn(&Var) -> Var;

/// Those that networks are made of: all sizes, and with their gradients.
const COMMON: &[(&str, Function)] =
    &[("exp", Var::exp), ("tanh", Var::tanh), ("sigmoid", Var::sigmoid), ("gelu", Var::gelu)];

/// The others: one million numbers of four bytes.
const OTHERS: &[(&str, Function)] = &[
    ("gelu_tanh", Var::gelu_tanh),
    ("silu", Var::silu),
    ("softplus", Var::softplus),
    ("log_sigmoid", Var::log_sigmoid),
    ("mish", Var::mish),
    ("elu", |x| x.elu(1.0)),
    ("erf", Var::erf),
    ("sin", Var::sin),
    ("cos", Var::cos),
    ("sqrt", Var::sqrt),
    ("ln", Var::ln),
    ("log1p", Var::log1p),
    ("pow_scalar", |x| x.pow_scalar(2.5)),
];

const SIZES: [usize; 6] = [4 << 10, 64 << 10, 1 << 20, 4 << 20, 32 << 20, 256 << 20];
const MIDDLE: usize = 4 << 20;

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for &(name, f) in COMMON {
        for bytes in SIZES {
            cases.push(forward(name, f, bytes));
        }
        let count = MIDDLE / size_of::<Elem>();
        let work = Work::traffic(Streams::Triad, count, 5, 4);
        cases.push(Case::new(format!("{name}_and_gradient/{}", size_name(MIDDLE)), work, move || {
            let (x, g) = (normal([count], 1)?, normal([count], 2)?);
            Ok(move || both([&x], &g, |[x]| Ok(f(x))))
        }));
    }
    cases.extend(OTHERS.iter().map(|&(name, f)| forward(name, f, MIDDLE)));
    let count = MIDDLE / size_of::<Elem>();
    let work = Work::traffic(Streams::Triad, count, 3, 3);
    cases.push(Case::new(format!("pow/{}", size_name(MIDDLE)), work, move || {
        let (x, y) = (normal([count], 1)?.abs(), normal([count], 2)?);
        Ok(move || {
            black_box(black_box(&x).pow(&y)?);
            Ok(())
        })
    }));
    cases
}

fn forward(name: &'static str, f: Function, bytes: usize) -> Case {
    let count = bytes / size_of::<Elem>();
    // Roots and logarithms need numbers above 0.
    let positive = ["sqrt", "ln", "log1p", "pow_scalar"].contains(&name);
    Case::new(format!("{name}/{}", size_name(bytes)), Work::traffic(Streams::Copy, count, 2, 2), move || {
        let x = normal([count], 1)?;
        let x = Var::constant(if positive { x.abs().add_scalar(0.01) } else { x });
        Ok(move || {
            black_box(f(black_box(&x)));
            Ok(())
        })
    })
}
