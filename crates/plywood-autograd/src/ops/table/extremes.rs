//! Functions of one number where numbers overflow, underflow and cancel.

use super::{Reference, Row, rows};
use crate::{Var, grad};
use plywood_tensor::{Elem, Float, Tensor};

/// Zero, nearly zero, where single precision rounds `1 + e⁻ˣ` to 1, where it can barely hold `eˣ`, and far beyond.
const POINTS: [f64; 11] = [0.0, 1e-30, -1e-30, 1.0, -1.0, 20.0, -20.0, 88.0, -88.0, 1e4, -1e4];
/// To how many digits numbers agree; relative, at every size.
const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-12 } else { 5e-5 };

/// Value, first derivative in one pass, first derivative as operations, second derivative.
fn jet(row: &Row, x: Elem) -> [f64; 4] {
    let x = Var::variable(Tensor::from(x));
    let y = (row.call)(std::slice::from_ref(&x)).unwrap();
    let item = |y: &Var| y.value().item().unwrap().to_f64();
    let slope = |create_graph| {
        let y = (row.call)(std::slice::from_ref(&x)).unwrap();
        grad(&y, &[&x], create_graph).unwrap().remove(0)
    };
    let again = slope(true);
    // A slope that is the same everywhere is a constant: it has no derivative in the graph.
    let second = grad(&again, &[&x], false).map_or(0.0, |mut second| item(&second.remove(0)));
    [item(&y), item(&slope(false)), item(&again), second]
}

/// What is finite in double precision and fits the element is computed to all digits, and has finite slopes.
#[test]
fn extremes_keep_their_digits_and_have_finite_slopes() {
    for row in rows() {
        let Reference::Each(f) = row.reference else { continue };
        for x in POINTS.map(Elem::of) {
            let (name, expected) = (row.name, f(x.to_f64()));
            let [y, slope, again, second] = jet(row, x);
            if !Elem::of(expected).is_finite() {
                let same = y == Elem::of(expected).to_f64() || (y.is_nan() && expected.is_nan());
                assert!(same, "{name} of {x:e}: {y:e} instead of {expected:e}");
                continue;
            }
            let close = (y - expected).abs() <= CLOSE * expected.abs() + Elem::MIN_POSITIVE.to_f64();
            assert!(close, "{name} of {x:e}: {y:e} instead of {expected:e}");
            // A slope that is infinite at a point, or too large for the element, is right as it is.
            let is_kink = row.kinks.iter().any(|&(kink, _)| x.to_f64() == kink);
            if is_kink || is_steep(f, x.to_f64()) {
                continue;
            }
            assert!(slope.is_finite(), "{name} at {x:e}: its slope is {slope}");
            let agree = (slope - again).abs() <= CLOSE * slope.abs().max(1.0);
            assert!(agree, "{name} at {x:e}: its slope is {slope:e} in one pass, {again:e} as operations");
            if x == 0.0 || x.abs() >= 1.0 {
                assert!(second.is_finite(), "{name} at {x:e}: the slope of its slope is {second}");
            }
        }
    }
}

/// Whether the slope of `f` near `x` is beyond what the element can hold.
fn is_steep(f: fn(f64) -> f64, x: f64) -> bool {
    let step = 1e-3 * x.abs();
    let slope = (f(x + step) - f(x - step)) / (2.0 * step);
    slope.abs() > 0.5 * Elem::MAX.to_f64()
}
