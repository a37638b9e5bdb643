//! The checks that every row passes.

use super::model::{Pairs, Slope, parabola, rosenbrock, valley};
use super::{Make, ROWS, Row};
use crate::{Optimizer, OptimizerState};
use plywood_nn::Parameters;
use plywood_tensor::{Elem, Threads, math};
use serde_json::Value;
use std::collections::BTreeSet;

/// Single precision rounds each step by half a unit of its seventh digit; PyTorch's own trajectories in single precision
/// end up to 2e-6 away from those in double precision.
const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-11 } else { 1e-5 };

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/trajectories.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = |name: &str| value[name].as_array().unwrap().iter().map(|x| x.as_f64().unwrap());
    list("weight").chain(list("bias")).collect()
}

/// The pairs of the golden file; a row that sees whole parameters has the first ones as a matrix.
fn start(optimizer: &Optimizer) -> Pairs {
    let start = numbers(&golden()["start"]);
    let (weight, bias) = start.split_at(start.len() / 2);
    Pairs::new(weight, bias).for_rule(optimizer)
}

/// A case with what it begins with.
fn begin(make: Make) -> (Pairs, Optimizer) {
    let optimizer = make();
    (start(&optimizer), optimizer)
}

/// The cases of all rows.
fn cases() -> impl Iterator<Item = (&'static str, Make)> {
    ROWS.iter().flat_map(|row| row.cases).copied()
}

#[test]
fn a_hundred_steps_are_those_of_pytorch() {
    let golden = golden();
    for (name, make) in cases() {
        let (mut model, mut optimizer) = begin(make);
        for step in 1..=100 {
            model.step(&mut optimizer, valley).unwrap();
            let Some(expected) = golden["cases"][name].get(step.to_string()) else { continue };
            for (got, expected) in model.numbers().into_iter().zip(numbers(expected)) {
                let close = (got - expected).abs() <= CLOSE * expected.abs().max(1.0);
                assert!(close, "{name}, step {step}: {got} instead of {expected}");
            }
        }
    }
}

#[test]
fn every_case_of_the_golden_file_belongs_to_a_row_and_the_other_way_round() {
    let golden = golden();
    let written: BTreeSet<&str> = golden["cases"].as_object().unwrap().keys().map(String::as_str).collect();
    let named: BTreeSet<&str> = cases().map(|(name, _)| name).collect();
    assert_eq!(written, named);
}

#[test]
fn every_rule_has_a_row() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules");
    let mut written = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = if file.is_file() { std::fs::read_to_string(file).unwrap() } else { String::new() };
        let rules = text.lines().filter(|line| line.starts_with("impl") && line.contains("Rule for "));
        let name = |line: &str| -> String {
            let (_, name) = line.split_once("Rule for ").unwrap();
            name.chars().take_while(|c| c.is_alphanumeric()).collect()
        };
        written.extend(rules.map(name));
    }
    assert_eq!(written, ROWS.iter().map(|row| row.name.to_owned()).collect());
}

/// How far the row's settings end from the minimum.
fn distance(row: &Row, start: [f64; 2], slope: Slope, minimum: [f64; 2]) -> f64 {
    let mut optimizer = (row.minimum)();
    // Rules that see whole parameters get four pairs: a step in proportion to the norm of a single number never leaves its
    // side of 0.
    let spread: &[f64] = if optimizer.rule().is_whole() { &[1.0, 0.5, -0.7, 1.3] } else { &[1.0] };
    let [x, y] = start.map(|at| spread.iter().map(|factor| at * factor).collect::<Vec<_>>());
    let mut model = Pairs::new(&x, &y).for_rule(&optimizer);
    for _ in 0..row.steps {
        model.step(&mut optimizer, slope).unwrap();
    }
    let ends = minimum.into_iter().flat_map(|end| std::iter::repeat_n(end, spread.len()));
    let off = model.numbers().into_iter().zip(ends).map(|(got, expected)| (got - expected).abs());
    off.fold(0.0, math::maximum)
}

#[test]
fn the_minimum_of_a_parabola_is_found() {
    for row in ROWS {
        let off = distance(row, [-3.0, 3.0], parabola, [1.0, -2.0]);
        assert!(off < 2e-3, "{}: {off} away", row.name);
    }
}

#[test]
fn the_minimum_of_rosenbrock_is_found() {
    for row in ROWS {
        let off = distance(row, [-1.2, 1.0], rosenbrock, [1.0, 1.0]);
        assert!(off < 2e-2, "{}: {off} away", row.name);
    }
}

#[test]
fn a_run_that_is_saved_and_resumed_ends_in_the_same_bits() {
    for (name, make) in cases() {
        let (mut model, mut optimizer) = begin(make);
        for step in 0..10 {
            if step == 7 {
                optimizer.set_learning_rate(optimizer.learning_rate() / 3.0);
            }
            model.step(&mut optimizer, valley).unwrap();
        }
        let text = serde_json::to_string(&optimizer.state_dict()).unwrap();
        let state: OptimizerState = serde_json::from_str(&text).unwrap();
        assert_eq!(state, optimizer.state_dict(), "{name}");

        let (mut resumed, mut again) = (model.clone(), make());
        resumed.renew_ids();
        again.load_state_dict(&state).unwrap();
        for _ in 10..20 {
            model.step(&mut optimizer, valley).unwrap();
            resumed.step(&mut again, valley).unwrap();
        }
        assert_eq!(model.bits(), resumed.bits(), "{name}");
        assert_eq!(optimizer.state_dict(), again.state_dict(), "{name}");
    }
}

#[test]
fn a_learning_rate_of_zero_changes_nothing() {
    for (name, make) in cases() {
        let (mut model, mut optimizer) = begin(make);
        optimizer.set_learning_rate(0.0);
        for _ in 0..3 {
            model.step(&mut optimizer, valley).unwrap();
        }
        assert_eq!(model.bits(), start(&optimizer).bits(), "{name}");
        assert_eq!(optimizer.steps(), 3);
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let pools = [1, 2, 3, 8].map(|count| Threads::new(count).unwrap().split_always());
    for (name, make) in cases() {
        let bits = pools.each_ref().map(|pool| {
            pool.install(|| {
                let mut optimizer = make();
                let mut model = Pairs::many(100_000).for_rule(&optimizer);
                for _ in 0..3 {
                    model.step(&mut optimizer, valley).unwrap();
                }
                model.bits()
            })
        });
        assert!(bits.iter().all(|b| *b == bits[0]), "{name}: bits depend on threads");
    }
}

#[test]
fn pieces_of_a_large_parameter_are_what_small_ones_would_be() {
    // Norms couple the elements; without them each goes its own way, in whatever piece it lies.
    let coupled =
        |name: &str, make: Make| name.contains("clip") || name.contains("sam") || make().rule().is_whole();
    for (name, make) in cases().filter(|&(name, make)| !coupled(name, make)) {
        let (mut large, mut of_large) = (Pairs::many(100_000), make());
        let (mut small, mut of_small) = (Pairs::many(1009), make());
        for _ in 0..2 {
            large.step(&mut of_large, valley).unwrap();
            small.step(&mut of_small, valley).unwrap();
        }
        // The numbers repeat after 1009.
        let (large, small) = (large.bits(), small.bits());
        for start in (0..98_000).step_by(1009) {
            assert_eq!(large[start..start + 1009], small[..1009], "{name}");
        }
    }
}

#[test]
fn parameters_and_slots_are_written_in_place() {
    for (name, make) in cases().filter(|(name, _)| !name.contains("sam")) {
        let (mut model, mut optimizer) = begin(make);
        model.step(&mut optimizer, valley).unwrap();
        let places = |model: &Pairs, optimizer: &Optimizer| {
            let mut places = vec![model.weight.value().as_slice().as_ptr()];
            places.extend(optimizer.state_dict().tensors().values().map(|slot| slot.as_slice().as_ptr()));
            places
        };
        let before = places(&model, &optimizer);
        let graph = plywood_autograd::Var::parameter(&model.weight).sum();
        graph.backward().unwrap();
        model.step(&mut optimizer, valley).unwrap();
        assert_eq!(places(&model, &optimizer), before, "{name}");
    }
}

#[test]
fn a_nan_in_a_gradient_comes_out_where_it_went_in() {
    for row in ROWS {
        let mut optimizer = (row.minimum)().non_finite(crate::NonFinite::Ignore);
        let whole = optimizer.rule().is_whole();
        let mut model = start(&optimizer);
        let poisoned: Slope = |x, _| (if x == 1.5 { Elem::NAN } else { 1.0 }, 1.0);
        // The norm that Sam needs is not finite, which it says.
        match model.step(&mut optimizer, poisoned) {
            Ok(_) => {
                let nans: Vec<bool> = model.numbers().iter().map(|x| x.is_nan()).collect();
                // A norm carries it to all elements of its parameter, and no further.
                let expected = |i: usize| if whole { i < 4 } else { i == 2 };
                let expected: Vec<bool> = (0..nans.len()).map(expected).collect();
                assert_eq!(nans, expected, "{}", row.name);
            }
            Err(error) => assert_eq!(
                error.to_string(),
                "weight: expected a gradient whose norm is finite, got NaN",
                "{}",
                row.name
            ),
        }
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in ROWS {
        for (make, text) in row.errors {
            let (mut model, mut optimizer) = begin(*make);
            let error = model.step(&mut optimizer, parabola).unwrap_err();
            assert_eq!(error.to_string(), *text, "{}", row.name);
            assert_eq!(model.bits(), start(&optimizer).bits());
        }
    }
}
