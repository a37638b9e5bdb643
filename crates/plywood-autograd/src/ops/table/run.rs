//! The checks that every row passes.

use super::{Nan, Reference, Row, naive, rows};
use crate::check::derivatives;
use crate::{Var, grad, gradgradcheck};
use plywood_tensor::{Array, Elem, Float, Result, Seed, Tensor, Threads};

/// Single precision keeps 24 bits; a sum of 200 products loses a few more where its terms cancel.
const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-12 } else { 5e-5 };

pub(super) fn draw(row: &Row, shapes: &[&[usize]], seed: u64) -> Vec<Tensor> {
    let stream = Seed(seed).stream().named(row.name);
    let input = |(i, &shape): (usize, &&[usize])| {
        let (low, high) = row.domain[i.min(row.domain.len() - 1)];
        let x = Tensor::uniform(shape, low, high, &stream.at(i as u64)).unwrap();
        // Samples are moved off the points where differences mean nothing, further than differences reach.
        let clear = |x: Elem| {
            let near = row.avoid.iter().find(|&&p| (x.to_f64() - p).abs() < 0.1);
            near.map_or(x, |&p| Elem::of(if x.to_f64() < p { p - 0.1 } else { p + 0.1 }))
        };
        x.map(clear)
    };
    shapes.iter().enumerate().map(input).collect()
}

fn samples(row: &Row) -> impl Iterator<Item = Vec<Tensor>> + '_ {
    row.shapes.iter().enumerate().map(|(i, shapes)| draw(row, shapes, i as u64))
}

pub(super) fn vars(inputs: &[Tensor]) -> Vec<Var> {
    inputs.iter().cloned().map(Var::variable).collect()
}

fn reference(row: &Row, inputs: &[Array<f64>]) -> Array<f64> {
    match row.reference {
        Reference::Each(f) => inputs[0].map(f),
        Reference::Pair(f) => naive::pair(&inputs[0], &inputs[1], f),
        Reference::Whole(f) => f(inputs),
    }
}

#[test]
fn values_agree_with_the_reference() {
    for row in rows() {
        for inputs in samples(row).chain([draw(row, row.large, 99)]) {
            let wide: Vec<Array<f64>> = inputs.iter().map(|x| x.map(Float::to_f64)).collect();
            let expected = reference(row, &wide);
            let got = (row.call)(&vars(&inputs)).unwrap_or_else(|error| panic!("{}: {error}", row.name));
            assert_eq!(got.shape(), expected.shape(), "{}", row.name);
            let largest = expected.as_slice().iter().fold(1.0_f64, |m, x| m.max(x.abs()));
            for (i, (&got, &expected)) in got.value().as_slice().iter().zip(expected.as_slice()).enumerate() {
                let close = (got.to_f64() - expected).abs() <= CLOSE * largest;
                assert!(close, "{}: element {i}: {got} instead of {expected}", row.name);
            }
        }
    }
}

#[test]
fn first_derivatives_agree_with_differences() {
    for row in rows() {
        for inputs in samples(row) {
            let found =
                derivatives(&row.call, &inputs).unwrap_or_else(|error| panic!("{}: {error}", row.name));
            found.compare(row.name).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        }
    }
}

#[test]
fn a_planted_error_is_caught_in_every_row() {
    for row in rows() {
        for inputs in samples(row).filter(|inputs| inputs.iter().any(|x| x.numel() > 0)) {
            let mut found = derivatives(&row.call, &inputs).unwrap();
            let largest = |d: &[f64]| d.iter().fold(0.0_f64, |m, d| m.max(d.abs()));
            // The largest slope of the first input that has any: 1 % too much, or a little where all are 0.
            let input = found.analytic.iter().position(|d| !d.is_empty()).unwrap();
            let slopes = &mut found.analytic[input];
            let top = largest(slopes);
            let planted = slopes.iter_mut().find(|d| d.abs() == top).unwrap();
            *planted += if top == 0.0 { 1e-2 } else { planted.signum() * (0.01 * planted.abs()).max(1e-2) };
            assert!(found.compare(row.name).is_err(), "{}: a wrong gradient passed", row.name);
        }
    }
}

#[test]
fn second_derivatives_agree_with_differences() {
    for row in rows() {
        for inputs in samples(row) {
            gradgradcheck(row.call, &inputs).unwrap_or_else(|error| panic!("{}: {error}", row.name));
        }
    }
}

#[test]
fn slopes_at_kinks_are_those_of_the_documentation() {
    for row in rows() {
        for &(x, slope) in row.kinks {
            let x = Var::variable(Tensor::from(Elem::of(x)));
            let y = (row.call)(std::slice::from_ref(&x)).unwrap();
            let got = grad(&y.sum(), &[&x], false).unwrap().remove(0).value().item().unwrap();
            assert_eq!(got.to_f64(), slope, "{} at {}", row.name, x.value());
        }
    }
}

#[test]
fn nan_goes_where_the_row_says() {
    for row in rows() {
        let mut inputs = draw(row, row.shapes[0], 5);
        inputs[0].as_mut_slice()[0] = Elem::NAN;
        let y = (row.call)(&vars(&inputs)).unwrap();
        let seen = y.value().as_slice().iter().any(|y| y.is_nan());
        assert!(seen || row.nan == Nan::Vanishes, "{}: a NaN was lost", row.name);
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let pools = [1, 2, 3, 8].map(|n| Threads::new(n).unwrap().split_always());
    for row in rows() {
        for shapes in [row.large, row.shapes[0]] {
            let inputs = draw(row, shapes, 3);
            let bits = pools.each_ref().map(|pool| {
                pool.install(|| -> Result<Vec<u64>> {
                    let x = vars(&inputs);
                    let y = (row.call)(&x)?;
                    let bits = |x: &Tensor| x.as_slice().iter().map(|x| x.bits()).collect::<Vec<u64>>();
                    let mut all = bits(y.value());
                    let gradients = grad(&y.sum(), &x.iter().collect::<Vec<_>>(), false)?;
                    all.extend(gradients.iter().flat_map(|g| bits(g.value())));
                    Ok(all)
                })
                .unwrap()
            });
            assert!(bits.iter().all(|b| *b == bits[0]), "{}: bits depend on threads", row.name);
        }
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in rows() {
        for (shapes, text) in row.errors {
            let inputs = draw(row, shapes, 0);
            match (row.call)(&vars(&inputs)) {
                Ok(y) => panic!("{}: {shapes:?} gave {}", row.name, y.shape()),
                Err(error) => assert_eq!(error.to_string(), *text),
            }
        }
    }
}

#[test]
fn constants_record_nothing() {
    for row in rows() {
        let inputs: Vec<Var> = draw(row, row.shapes[0], 1).into_iter().map(Var::constant).collect();
        assert!(!(row.call)(&inputs).unwrap().is_recorded(), "{}", row.name);
    }
}

/// Every public function in the files of the operations has a row of its name.
#[test]
fn every_operation_has_a_row() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/ops");
    let names: Vec<&str> = rows().map(|row| row.name).collect();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().map(str::trim_start) {
            let Some(rest) = line.strip_prefix("pub fn ") else { continue };
            let name = rest.split(['(', '<']).next().unwrap();
            assert!(names.contains(&name), "{}: `{name}` has no row", path.display());
        }
    }
}
