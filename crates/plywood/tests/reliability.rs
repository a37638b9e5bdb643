//! The failures that `docs/reliability.md` says are kept out: that each test it names exists.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The rows of the tables: number, failure, where it is on record, what keeps it out.
fn rows(page: &str) -> Vec<Vec<&str>> {
    let rows = page.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.strip_suffix(" |")?.split(" | ").collect();
        cells[0].parse::<usize>().is_ok().then_some(cells)
    });
    rows.collect()
}

/// What is wrong with a row, if anything is.
fn fault(row: &[&str]) -> Option<String> {
    let [number, failure, record, kept_out] = row else { return Some(format!("expected 4 cells: {row:?}")) };
    if !failure.ends_with('.') || !record.chars().any(|c| c.is_ascii_digit()) {
        return Some(format!("{number}: expected a sentence and where it is on record"));
    }
    // Every second piece stands between backticks: a file, and then the tests in it.
    let (mut file, mut tests) = (None, 0);
    for name in kept_out.split('`').skip(1).step_by(2) {
        if name.ends_with(".rs") {
            let path = root().join("crates").join(name);
            match fs::read_to_string(&path) {
                Ok(text) => file = Some((name, text)),
                Err(_) => return Some(format!("{number}: there is no {name}")),
            }
        } else {
            let Some((path, text)) = &file else { return Some(format!("{number}: {name} is in no file")) };
            if !text.contains(&format!("fn {name}(")) {
                return Some(format!("{number}: {path} has no {name}"));
            }
            tests += 1;
        }
    }
    (tests == 0).then(|| format!("{number}: no test"))
}

#[test]
fn every_test_that_the_page_names_exists() {
    let page = fs::read_to_string(root().join("docs/reliability.md")).unwrap();
    let rows = rows(&page);
    let numbers: Vec<usize> = rows.iter().map(|row| row[0].parse().unwrap()).collect();
    assert_eq!(numbers, (1..=36).collect::<Vec<_>>());
    let faults: Vec<String> = rows.iter().filter_map(|row| fault(row)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_test_that_does_not_exist_is_found() {
    let with = |kept_out: &'static str| fault(&["9", "It failed.", "burn#1", kept_out]);
    let this = "`plywood/tests/reliability.rs` `a_test_that_does_not_exist_is_found`";
    assert_eq!(with(this), None);
    for (kept_out, expected) in [
        ("`plywood/tests/none.rs` `f`", "9: there is no plywood/tests/none.rs"),
        (
            "`plywood/tests/reliability.rs` `no_such_test`",
            "9: plywood/tests/reliability.rs has no no_such_test",
        ),
        ("`a_test`", "9: a_test is in no file"),
        ("good will", "9: no test"),
        ("`plywood/tests/reliability.rs`", "9: no test"),
    ] {
        assert_eq!(with(kept_out).as_deref(), Some(expected));
    }
}

#[test]
fn dependencies_are_locked_and_withdrawn_ones_refused() {
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    let package = |name: &str| {
        let (_, rest) = lock.split_once(&format!("name = \"{name}\"\nversion = \"")).unwrap();
        rest.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(package("bincode"), "2.0.1");
    assert_ne!(package("ndarray"), "0.17.0");
    let deny = fs::read_to_string(root().join("deny.toml")).unwrap();
    assert!(deny.contains("yanked = \"deny\"") && deny.contains("unknown-git = \"deny\""));
}
