//! Every operation of the crate as a row of a table; the checks below run on each.
//!
//! - against a naive loop in double precision, over several shapes, sizes 0 and 1 and work for several threads among them;
//! - the `f32` form against the `f64` form of the same kernel;
//! - the same bits for 1, 2, 3 and 8 threads, the smallest work split;
//! - the exact text of each error;
//! - and no public function of `src/ops` without a row.
#![allow(clippy::unwrap_used)] // helpers of tests, not only tests

mod arithmetic;
mod complete;
mod conv;
mod create;
mod einsum;
mod faults;
mod images;
mod indexed;
mod ordered;
mod properties;
mod rearranged;
mod reduced;
mod row;

use plywood_tensor::{Array, Float, Seed, Threads};
use row::{Check, Row};

fn rows() -> impl Iterator<Item = &'static Row> {
    [arithmetic::ROWS, rearranged::ROWS, indexed::ROWS, ordered::ROWS, reduced::ROWS, images::ROWS]
        .into_iter()
        .flatten()
}

fn checks() -> impl Iterator<Item = &'static Check> {
    [create::CHECKS, einsum::CHECKS, conv::CHECKS, images::CHECKS].into_iter().flatten()
}

#[test]
fn values_are_those_of_naive_loops() {
    for row in rows() {
        for sample in row.samples {
            let inputs = row.inputs(sample);
            let got =
                (row.double)(&inputs).unwrap_or_else(|error| panic!("{} of {sample}: {error}", row.name));
            let expected = (row.expected)(&inputs);
            assert_eq!(got.len(), expected.len(), "{}", row.name);
            for (i, (got, expected)) in got.iter().zip(&expected).enumerate() {
                near(got, expected, row.tolerance, &format!("{} of {sample}, result {i}", row.name));
            }
        }
    }
}

#[test]
fn single_precision_follows_double() {
    for row in rows() {
        for sample in row.samples {
            let inputs = row.inputs(sample);
            let narrow: Vec<Array<f32>> = inputs.iter().map(Array::cast).collect();
            let (single, double) = ((row.single)(&narrow).unwrap(), (row.double)(&inputs).unwrap());
            for (i, (single, double)) in single.iter().zip(&double).enumerate() {
                let what = format!("{} of {sample}, result {i}", row.name);
                let rounded: Array<f32> = double.cast();
                let tolerance = row.tolerance * f64::from(f32::EPSILON) / f64::EPSILON;
                near(&single.cast(), &rounded.cast(), tolerance, &what);
            }
        }
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let pools = [1, 2, 3, 8].map(|count| Threads::new(count).unwrap().split_always());
    for row in rows() {
        for sample in row.samples {
            let inputs = row.inputs(sample);
            let narrow: Vec<Array<f32>> = inputs.iter().map(Array::cast).collect();
            let (single, double) = ((row.single)(&narrow).unwrap(), (row.double)(&inputs).unwrap());
            for pool in &pools {
                let what = format!("{} of {sample} with {pool:?}", row.name);
                same_bits(&pool.install(|| (row.single)(&narrow)).unwrap(), &single, &what);
                same_bits(&pool.install(|| (row.double)(&inputs)).unwrap(), &double, &what);
            }
        }
    }
}

#[test]
fn samples_have_sizes_0_and_1() {
    // Of all elements together, and an error without one.
    let chooses = |name: &str| ["max", "min"].contains(&name);
    for row in rows() {
        for size in if chooses(row.name) { 1..=1 } else { 0..=1 } {
            let found =
                row.samples.iter().any(|sample| row::shapes(sample).iter().flatten().any(|&d| d == size));
            assert!(found, "{} has no sample of size {size}", row.name);
        }
    }
}

#[test]
fn checks_hold() {
    for check in checks() {
        println!("{}", check.name);
        (check.run)();
    }
}

/// Fails unless both have the same shape, and elements that are NaN together or differ by at most `tolerance`, seen
/// against the largest finite one.
fn near(got: &Array<f64>, expected: &Array<f64>, tolerance: f64, what: &str) {
    assert_eq!(got.shape(), expected.shape(), "{what}");
    let scale = expected.as_slice().iter().filter(|x| x.is_finite()).fold(1.0_f64, |m, x| m.max(x.abs()));
    for (i, (&a, &b)) in got.as_slice().iter().zip(expected.as_slice()).enumerate() {
        let same = a == b || (a.is_nan() && b.is_nan());
        assert!(same || (a - b).abs() <= tolerance * scale, "{what}: element {i} is {a}, expected {b}");
    }
}

fn same_bits<T: Float>(got: &[Array<T>], expected: &[Array<T>], what: &str) {
    let bits = |arrays: &[Array<T>]| -> Vec<u64> {
        arrays.iter().flat_map(|x| x.as_slice().iter().map(|x| x.bits())).collect()
    };
    assert!(bits(got) == bits(expected), "{what}");
}

/// Standard normal numbers that both widths hold exactly.
fn noise(dims: &[usize], branch: u64) -> Array<f64> {
    Array::<f32>::normal(dims, 0.0, 1.0, &Seed(5).stream().at(branch)).unwrap().cast()
}
