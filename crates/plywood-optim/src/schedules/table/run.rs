//! The checks that every row passes.

use super::{Make, ROWS};
use serde_json::Value;
use std::collections::BTreeSet;

fn golden() -> Value {
    serde_json::from_str(include_str!("../../../tests/golden/schedules.json")).unwrap()
}

/// The cases of all rows.
fn cases() -> impl Iterator<Item = (&'static str, Make)> {
    ROWS.iter().flat_map(|row| row.smooth.iter().chain(row.jumping)).copied()
}

#[test]
fn rates_are_those_of_pytorch() {
    let golden = golden();
    let base = golden["learning_rate"].as_f64().unwrap();
    for (name, make) in cases() {
        let (schedule, rates) = (make().unwrap(), golden["cases"][name].as_array().unwrap());
        assert!(rates.len() >= 30, "{name}");
        for (time, expected) in rates.iter().enumerate() {
            let (got, expected) = (base * schedule.factor(time as f64), expected.as_f64().unwrap());
            // PyTorch computes small rates as differences of large ones: they carry the last bits of those.
            let close = (got - expected).abs() <= 1e-12 * expected + 1e-16 * base;
            assert!(close, "{name} at {time}: {got} instead of {expected}");
        }
    }
}

#[test]
fn every_case_of_the_golden_file_belongs_to_a_row_and_the_other_way_round() {
    let golden = golden();
    let written: BTreeSet<&str> = golden["cases"].as_object().unwrap().keys().map(String::as_str).collect();
    let named: Vec<&str> = cases().map(|(name, _)| name).collect();
    assert_eq!(written, named.iter().copied().collect());
    assert_eq!(written.len(), named.len());
}

#[test]
fn every_schedule_has_a_row() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/schedules");
    let mut written = BTreeSet::new();
    for file in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let text = if file.is_file() { std::fs::read_to_string(file).unwrap() } else { String::new() };
        let names = text.lines().filter(|line| line.starts_with("impl")).filter_map(|line| {
            let (_, name) = line.split_once("Schedule for ")?;
            Some(name.chars().take_while(|c| c.is_alphanumeric()).collect::<String>())
        });
        written.extend(names);
    }
    assert_eq!(written, ROWS.iter().map(|row| row.name.to_owned()).collect());
    for row in ROWS {
        assert!(row.smooth.len() + row.jumping.len() > 0, "{}", row.name);
    }
}

#[test]
fn factors_are_finite_and_at_least_0_for_ever() {
    for (name, make) in cases() {
        let schedule = make().unwrap();
        // Every step at first, then ever longer ones, up to more than anybody will train.
        let early = (0..20_000).map(|i| f64::from(i) / 16.0);
        let late = (0..1000).map(|i| 1e3 * 1.03_f64.powi(i));
        for time in early.chain(late) {
            let factor = schedule.factor(time);
            assert!(factor.is_finite() && factor >= 0.0, "{name} at {time}: {factor}");
        }
    }
}

/// The largest change of a factor in so short a time.
fn largest_change(make: Make, over: f64) -> f64 {
    let schedule = make().unwrap();
    let times = (0..).map(|i| f64::from(i) * over).take_while(|&time| time < 64.0);
    let changes = times.map(|time| (schedule.factor(time + over) - schedule.factor(time)).abs());
    changes.fold(0.0, f64::max)
}

#[test]
fn what_claims_to_be_smooth_is_and_what_claims_to_jump_does() {
    for row in ROWS {
        for &(name, make) in row.smooth {
            // The steepest case falls by ln 2 in a unit of time, and a power below 1 ends infinitely steep.
            let change = largest_change(make, 1.0 / 8192.0);
            assert!(change < 1e-3, "{name} jumps by {change}");
        }
        for &(name, make) in row.jumping {
            let change = largest_change(make, 1.0 / 8192.0);
            assert!(change > 1e-2, "{name} never jumps");
        }
    }
}

#[test]
fn the_same_time_always_gives_the_same_factor() {
    for (name, make) in cases() {
        let schedule = make().unwrap();
        let forth: Vec<u64> = (0..100).map(|i| schedule.factor(f64::from(i) / 3.0).to_bits()).collect();
        let mut back: Vec<u64> =
            (0..100).rev().map(|i| schedule.factor(f64::from(i) / 3.0).to_bits()).collect();
        back.reverse();
        assert_eq!(forth, back, "{name}");
    }
}

#[test]
fn errors_say_exactly_what_the_row_says() {
    for row in ROWS {
        for (make, text) in row.errors {
            assert_eq!(make().unwrap_err().to_string(), *text, "{}", row.name);
        }
    }
}
