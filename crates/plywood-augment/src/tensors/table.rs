//! The table of transforms of tables and sequences: a row for each, the same checks for every row.

use super::TensorTransform;
use plywood_tensor::{Result, Seed, Tensor, Threads, par};
use std::collections::BTreeSet;

type Refused = (fn() -> Result<()>, &'static str);

/// A transform, a sample, and what it must be.
pub(super) struct Row {
    name: &'static str,
    make: Box<dyn Fn() -> Result<Box<dyn TensorTransform>>>,
    input: &'static [usize],
    output: &'static [usize],
    identity: bool,
    errors: Vec<(&'static [usize], &'static str)>,
    refused: Vec<Refused>,
}

impl Row {
    pub(super) fn new<T: TensorTransform + 'static>(
        name: &'static str,
        make: fn() -> Result<T>,
        input: &'static [usize],
        output: &'static [usize],
    ) -> Row {
        let make = Box::new(move || Ok(Box::new(make()?) as Box<dyn TensorTransform>));
        Row { name, make, input, output, identity: false, errors: Vec::new(), refused: Vec::new() }
    }

    /// Nothing is changed, whatever is drawn.
    pub(super) fn identity(self) -> Row {
        Row { identity: true, ..self }
    }

    pub(super) fn error(mut self, shape: &'static [usize], text: &'static str) -> Row {
        self.errors.push((shape, text));
        self
    }

    pub(super) fn refused<const N: usize>(self, refused: [Refused; N]) -> Row {
        Row { refused: refused.into(), ..self }
    }
}

fn rows() -> Vec<Row> {
    let rows = [
        super::feature_dropout::rows(),
        super::feature_noise::rows(),
        super::jitter::rows(),
        super::scaling::rows(),
        super::sequence_crop::rows(),
        super::time_masking::rows(),
    ];
    rows.into_iter().flatten().collect()
}

#[test]
fn draws_decide_and_threads_do_not() {
    for row in rows() {
        let transform = (row.make)().unwrap();
        let x = Tensor::uniform(row.input, 0.5, 1.5, &Seed(1).stream()).unwrap();
        let all = |threads| {
            let apply = |i: usize| transform.apply(&x, &Seed(3).stream().at(i as u64)).unwrap();
            let threads: Threads = Threads::new(threads).unwrap().split_always();
            threads.install(|| par::map(20, 1 << 20, apply))
        };
        let one = all(1);
        assert_eq!(one, all(3), "{}", row.name);
        assert!(one.iter().all(|y| &**y.shape() == row.output), "{}", row.name);
        if row.identity {
            assert!(one.iter().all(|y| *y == x), "{}: changed", row.name);
        } else {
            assert!(one.iter().any(|y| *y != x), "{}: nothing changed", row.name);
        }
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in rows() {
        for (shape, text) in &row.errors {
            let x = Tensor::ones(*shape).unwrap();
            let error = (row.make)().unwrap().apply(&x, &Seed(0).stream()).unwrap_err();
            assert_eq!(error.to_string(), *text);
        }
        for (make, text) in &row.refused {
            assert_eq!(make().unwrap_err().to_string(), *text);
        }
    }
}

#[test]
fn every_transform_has_a_row() {
    let names: BTreeSet<String> = rows().iter().map(|row| row.name.to_owned()).collect();
    let found = crate::testing::implementors("tensors", "impl TensorTransform for ");
    assert_eq!(found, names);
}
