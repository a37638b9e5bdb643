//! Rows of what is done to each element or each pair.

use crate::row::{ANY, POSITIVE, Row, TIES, at, row, table};
use plywood_tensor::{Array, math};

const ONE: [&str; 6] = ["", "0", "1", "7", "3 0 2", "257 259"];
const PAIRS: [&str; 10] = [
    "|",
    "0|1",
    "2 3|2 3",
    "2 3|3",
    "3|2 1",
    "4 1 3|2 1",
    "2 3 4|1 3 1",
    "1|2 0",
    "257 259|259",
    "257 259|257 1",
];
/// Runs around the length from which they are handed on as they lie.
const LONG_AND_SHORT: [&str; 13] = [
    "0 3|3",
    "2 3|2 3",
    "2 3|3",
    "3|2 1",
    "300 255|255",
    "255|300 1",
    "3 256|256",
    "3 256|3 1",
    "700|5 1",
    "2 3 4|1 3 1",
    "3 1 90|7 1",
    "40 1 5|3 5",
    "257 259|",
];
const TRIPLES: [&str; 8] =
    ["||", "0|1|1", "5|5|5", "2 3|3|2 1", "3|2 1|", "1|2 3|2 3", "257 259|259|257 259", "259|257 1|257 259"];

/// The naive broadcast of any number of arrays.
fn broadcast(x: &[Array<f64>], value: impl Fn(&[f64]) -> f64) -> [Array<f64>; 1] {
    let rank = x.iter().map(|x| x.shape().rank()).max().unwrap();
    let size =
        |x: &Array<f64>, i: usize| (i + x.shape().rank()).checked_sub(rank).map_or(1, |i| x.shape()[i]);
    let dims: Vec<usize> =
        (0..rank).map(|i| x.iter().map(|x| size(x, i)).find(|&d| d != 1).unwrap_or(1)).collect();
    [table(&dims, |index| {
        let read = |x: &Array<f64>| {
            let own = &index[rank - x.shape().rank()..];
            let own: Vec<usize> =
                own.iter().zip(x.shape().iter()).map(|(&i, &d)| if d == 1 { 0 } else { i }).collect();
            at(x, &own)
        };
        value(&x.iter().map(read).collect::<Vec<_>>())
    })]
}

fn truth(condition: bool) -> f64 {
    f64::from(u8::from(condition))
}

pub(crate) const ROWS: &[Row] = &[
    row!("add", PAIRS, ANY, 0.0, |x| [x[0].add(&x[1])?], |x| broadcast(x, |v| v[0] + v[1])),
    row!("sub", PAIRS, ANY, 0.0, |x| [x[0].sub(&x[1])?], |x| broadcast(x, |v| v[0] - v[1])),
    row!("mul", PAIRS, ANY, 0.0, |x| [x[0].mul(&x[1])?], |x| broadcast(x, |v| v[0] * v[1])),
    row!("div", PAIRS, POSITIVE, 0.0, |x| [x[0].div(&x[1])?], |x| broadcast(x, |v| v[0] / v[1])),
    row!("pow", PAIRS, POSITIVE, 1e-15, |x| [x[0].pow(&x[1])?], |x| broadcast(x, |v| math::pow(v[0], v[1]))),
    row!("maximum", PAIRS, TIES, 0.0, |x| [x[0].maximum(&x[1])?], |x| broadcast(x, |v| {
        if v[0].is_nan() || v[1].is_nan() { f64::NAN } else { v[0].max(v[1]) }
    })),
    row!("minimum", PAIRS, TIES, 0.0, |x| [x[0].minimum(&x[1])?], |x| broadcast(x, |v| {
        if v[0].is_nan() || v[1].is_nan() { f64::NAN } else { v[0].min(v[1]) }
    })),
    row!("zip", PAIRS, ANY, 0.0, |x| [x[0].zip("zip", &x[1], |a, b| a - b)?], |x| broadcast(x, |v| v[0]
        - v[1])),
    row!("equal", PAIRS, TIES, 0.0, |x| [x[0].equal(&x[1])?], |x| broadcast(x, |v| truth(v[0] == v[1]))),
    row!("not_equal", PAIRS, TIES, 0.0, |x| [x[0].not_equal(&x[1])?], |x| broadcast(x, |v| truth(
        v[0] != v[1]
    ))),
    row!("greater", PAIRS, TIES, 0.0, |x| [x[0].greater(&x[1])?], |x| broadcast(x, |v| truth(v[0] > v[1]))),
    row!("greater_equal", PAIRS, TIES, 0.0, |x| [x[0].greater_equal(&x[1])?], |x| {
        broadcast(x, |v| truth(v[0] >= v[1]))
    }),
    row!("less", PAIRS, TIES, 0.0, |x| [x[0].less(&x[1])?], |x| broadcast(x, |v| truth(v[0] < v[1]))),
    row!("less_equal", PAIRS, TIES, 0.0, |x| [x[0].less_equal(&x[1])?], |x| broadcast(x, |v| truth(
        v[0] <= v[1]
    ))),
    row!("select_where", TRIPLES, TIES, 0.0, |x| [Array::select_where(&x[0], &x[1], &x[2])?], |x| {
        broadcast(x, |v| if v[0] != 0.0 { v[1] } else { v[2] })
    }),
    row!("clamp", ONE, TIES, 0.0, |x| [x[0].clamp(-0.5, 0.75), x[0].clamp(1.0, -1.0)], |x| {
        let clamp = |x: f64, low: f64, high: f64| if x.is_nan() { x } else { x.max(low).min(high) };
        [x[0].map(|v| clamp(v, -0.5, 0.75)), x[0].map(|v| clamp(v, 1.0, -1.0))]
    }),
    row!(
        "all_close",
        ["0|0", "1|1", "3 4|3 4", "2|3"],
        ANY,
        0.0,
        |x| {
            let close = |a: &Array<_>, b: &Array<_>, absolute| {
                Array::from([f32::from(a.all_close(b, 1e-3, absolute) as u8)]).cast()
            };
            let near = x[0].mul_scalar(1.0005);
            [
                close(&x[0], &x[1], 0.0),
                close(&near, &x[0], 0.0),
                close(&near.mul_scalar(1.01), &x[0], 0.0),
                close(&x[0], &x[1], 99.0),
            ]
        },
        |x| {
            let (same, none) = (x[0].shape() == x[1].shape(), x[0].numel() == 0);
            [none, true, none, same].map(|b| Array::from([truth(b)]))
        }
    ),
    row!("map", ONE, ANY, 0.0, |x| [x[0].map(|v| v + 1.0)], |x| broadcast(x, |v| v[0] + 1.0)),
    row!("map_pieces", ONE, ANY, 0.0, |x| [x[0].map_pieces(&|y, x| y.copy_from_slice(x))], |x| broadcast(
        x,
        |v| v[0]
    )),
    row!(
        "zip_pieces",
        LONG_AND_SHORT,
        ANY,
        0.0,
        |x| {
            let take = |y: &mut [_], a: &[_], b: &[_]| (0..y.len()).for_each(|i| y[i] = a[i] - b[i]);
            [x[0].zip_pieces("zip_pieces", &x[1], &take)?]
        },
        |x| broadcast(x, |v| v[0] - v[1])
    ),
    row!(
        "zip_to_two",
        ["|", "0|0", "1|1", "257 259|257 259"],
        ANY,
        0.0,
        |x| {
            let both = |sum: &mut [_], difference: &mut [_], a: &[_], b: &[_]| {
                (0..a.len()).for_each(|i| (sum[i], difference[i]) = (a[i] + b[i], a[i] - b[i]))
            };
            let (sum, difference) = x[0].zip_to_two("zip_to_two", &x[1], &both)?;
            [sum, difference]
        },
        |x| [broadcast(x, |v| v[0] + v[1])[0].clone(), broadcast(x, |v| v[0] - v[1])[0].clone()]
    ),
    row!(
        "combine_pieces",
        ["|", "0|0", "1|1", "257 259|257 259"],
        ANY,
        0.0,
        |x| {
            let mut y = x[0].clone();
            y.combine_pieces("combine_pieces", &x[1], &|a, b| (0..a.len()).for_each(|i| a[i] -= b[i]))?;
            [y]
        },
        |x| broadcast(x, |v| v[0] - v[1])
    ),
    row!(
        "map_in_place",
        ONE,
        ANY,
        0.0,
        |x| {
            let (mut shared, mut own) = (x[0].clone(), x[0].map(|v| v));
            shared.map_in_place(|v| v + 1.0);
            own.map_in_place(|v| v + 1.0);
            [shared, own, x[0].clone()]
        },
        |x| {
            let [y] = broadcast(x, |v| v[0] + 1.0);
            [y.clone(), y, x[0].clone()]
        }
    ),
    row!(
        "combine",
        ["|", "0|0", "1|1", "257 259|257 259"],
        ANY,
        0.0,
        |x| {
            let (mut shared, mut own) = (x[0].clone(), x[0].map(|v| v));
            shared.combine("combine", &x[1], |a, b| a - b)?;
            own.combine("combine", &x[1], |a, b| a - b)?;
            [shared, own, x[0].clone()]
        },
        |x| {
            let [y] = broadcast(x, |v| v[0] - v[1]);
            [y.clone(), y, x[0].clone()]
        }
    ),
    row!(
        "combine_rows",
        ["0 3|3", "1 1|1", "2 3 5|5", "259 257|257"],
        ANY,
        0.0,
        |x| {
            let (mut shared, mut own) = (x[0].clone(), x[0].map(|v| v));
            shared.combine_rows("combine_rows", &x[1], |a, b| a - b)?;
            own.combine_rows("combine_rows", &x[1], |a, b| a - b)?;
            [shared, own, x[0].clone()]
        },
        |x| {
            let [y] = broadcast(x, |v| v[0] - v[1]);
            [y.clone(), y, x[0].clone()]
        }
    ),
    row!(
        "add_in_place",
        ["|", "0|0", "1|1", "257 259|257 259"],
        ANY,
        0.0,
        |x| {
            let mut y = x[0].clone();
            y.add_in_place(&x[1])?;
            [y]
        },
        |x| broadcast(x, |v| v[0] + v[1])
    ),
    row!("add_scalar", ONE, ANY, 0.0, |x| [x[0].add_scalar(0.5)], |x| broadcast(x, |v| v[0] + 0.5)),
    row!("mul_scalar", ONE, ANY, 0.0, |x| [x[0].mul_scalar(0.75)], |x| broadcast(x, |v| v[0] * 0.75)),
    row!("div_scalar", ONE, ANY, 0.0, |x| [x[0].div_scalar(0.75)], |x| broadcast(x, |v| v[0] / 0.75)),
    row!(
        "is_finite",
        ONE,
        |x| if x > 1.9 { f64::NAN } else { x },
        0.0,
        |x| [x[0].map(|_| if x[0].is_finite() { 1.0 } else { 0.0 })],
        |x| {
            let finite = x[0].as_slice().iter().all(|v| v.is_finite());
            [x[0].map(|_| truth(finite))]
        }
    ),
    row!("neg", ONE, ANY, 0.0, |x| [x[0].neg()], |x| broadcast(x, |v| -v[0])),
    row!("square", ONE, ANY, 0.0, |x| [x[0].square()], |x| broadcast(x, |v| v[0] * v[0])),
    row!("abs", ONE, TIES, 0.0, |x| [x[0].abs()], |x| broadcast(x, |v| v[0].abs())),
    row!("sign", ONE, TIES, 0.0, |x| [x[0].sign()], |x| broadcast(x, |v| if v[0] == 0.0 {
        0.0
    } else {
        v[0].signum()
    })),
    row!("sqrt", ONE, ANY, 0.0, |x| [x[0].sqrt()], |x| broadcast(x, |v| v[0].sqrt())),
    row!("exp", ONE, ANY, 1e-15, |x| [x[0].exp()], |x| broadcast(x, |v| math::exp(v[0]))),
    row!("expm1", ONE, ANY, 1e-15, |x| [x[0].expm1()], |x| broadcast(x, |v| math::expm1(v[0]))),
    row!("ln", ONE, ANY, 1e-15, |x| [x[0].ln()], |x| broadcast(x, |v| math::ln(v[0]))),
    row!("log1p", ONE, POSITIVE, 1e-15, |x| [x[0].log1p()], |x| broadcast(x, |v| math::log1p(v[0]))),
    row!("sin", ONE, ANY, 1e-15, |x| [x[0].sin()], |x| broadcast(x, |v| math::sin(v[0]))),
    row!("cos", ONE, ANY, 1e-15, |x| [x[0].cos()], |x| broadcast(x, |v| math::cos(v[0]))),
    row!("tanh", ONE, ANY, 1e-15, |x| [x[0].tanh()], |x| broadcast(x, |v| math::tanh(v[0]))),
    row!("erf", ONE, ANY, 1e-15, |x| [x[0].erf()], |x| broadcast(x, |v| math::erf(v[0]))),
    row!("sigmoid", ONE, ANY, 1e-15, |x| [x[0].sigmoid()], |x| broadcast(x, |v| 1.0
        / (1.0 + math::exp(-v[0])))),
];
