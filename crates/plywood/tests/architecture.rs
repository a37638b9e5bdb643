//! What `docs/architecture.md` promises about the structure, read from the sources and from `cargo metadata`.

use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The stack, lowest first: each crate may use those before it.
const STACK: &[&str] = &[
    "plywood-tensor",
    "plywood-autograd",
    "plywood-nn",
    "plywood-optim",
    "plywood-losses",
    "plywood-augment",
    "plywood-data",
    "plywood-train",
    "plywood-dashboard",
    "plywood",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The crates of the stack, each with the crates of the stack that it depends on, for tests too.
fn edges(metadata: &Value) -> BTreeMap<String, Vec<String>> {
    let name = |v: &Value| v["name"].as_str().unwrap().to_owned();
    let packages = metadata["packages"].as_array().unwrap().iter();
    let of_stack = packages.filter(|p| p["manifest_path"].as_str().unwrap().contains("/crates/"));
    of_stack
        .map(|p| {
            let uses =
                p["dependencies"].as_array().unwrap().iter().map(name).filter(|n| n.starts_with("plywood"));
            (name(p), uses.collect())
        })
        .collect()
}

/// What is wrong with the edges, if anything.
fn violations(edges: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let place = |name: &str| STACK.iter().position(|&n| n == name);
    let mut wrong = Vec::new();
    for (from, uses) in edges {
        let Some(own) = place(from) else {
            wrong.push(format!("{from} has no place in the stack"));
            continue;
        };
        for to in uses {
            if place(to).is_none_or(|below| below >= own) {
                wrong.push(format!("{from} may not use {to}"));
            }
        }
    }
    wrong
}

#[test]
fn each_crate_uses_only_those_below_it() {
    let edges = edges(&metadata());
    assert_eq!(edges.len(), STACK.len(), "{:?}", edges.keys());
    assert_eq!(violations(&edges), [""; 0]);
}

#[test]
fn a_planted_edge_is_found() {
    let mut metadata = metadata();
    let packages = metadata["packages"].as_array_mut().unwrap();
    let tensor = packages.iter_mut().find(|p| p["name"] == "plywood-tensor").unwrap();
    tensor["dependencies"].as_array_mut().unwrap().push(serde_json::json!({ "name": "plywood-nn" }));
    assert_eq!(violations(&edges(&metadata)), ["plywood-tensor may not use plywood-nn"]);
    let mut unknown = BTreeMap::new();
    unknown.insert("plywood-extra".to_owned(), vec!["plywood-tensor".to_owned()]);
    assert_eq!(violations(&unknown), ["plywood-extra has no place in the stack"]);
}

/// Every Rust file of the crates, with its path from the root.
fn sources() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join("crates"), &mut found);
    found.sort();
    let name = |path: &Path| path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    found.iter().map(|path| (name(path), std::fs::read_to_string(path).unwrap())).collect()
}

/// The lines of a file before its tests and table rows.
fn without_tests(text: &str) -> impl Iterator<Item = &str> {
    text.lines().take_while(|line| !line.starts_with("#[cfg(test)]"))
}

#[test]
fn files_are_short() {
    for (name, text) in
        sources().iter().filter(|(name, _)| name.contains("/src/") && !name.contains("/table/"))
    {
        let lines = without_tests(text).count();
        assert!(lines <= 400, "{name} has {lines} lines: it holds more than one thing");
    }
}

#[test]
fn crates_above_the_lowest_forbid_unsafe_code() {
    for (name, text) in sources().iter().filter(|(name, _)| name.contains("/src/")) {
        let crate_name = name.split('/').nth(1).unwrap();
        if name.ends_with("/src/lib.rs") && crate_name != "plywood-tensor" {
            assert!(text.contains("#![forbid(unsafe_code)]"), "{name} does not forbid unsafe code");
        }
    }
}

#[test]
fn rayon_and_ndarray_stay_in_the_lowest_crate() {
    for (name, text) in sources().iter().filter(|(name, _)| name.contains("/src/")) {
        if !name.starts_with("crates/plywood-tensor/") {
            for used in ["rayon::", "ndarray::", "gemm::"] {
                assert!(!text.contains(used), "{name} uses {used}");
            }
        }
    }
}

#[test]
fn bincode_stays_behind_the_codec() {
    for (name, text) in sources().iter().filter(|(name, _)| name.contains("/src/")) {
        assert!(
            !text.contains("bincode::") || name.contains("/codec"),
            "{name} uses bincode outside the codec"
        );
    }
}

#[test]
fn every_example_and_every_test_runs() {
    // Put together here, so that this file does not hold what it looks for.
    let marks = [["```", "ignore"].concat(), ["```rust,", "ignore"].concat(), ["#[", "ignore"].concat()];
    for (name, text) in &sources() {
        assert!(!marks.iter().any(|mark| text.contains(mark)), "{name} leaves out an example or a test");
    }
}

/// The files of tests that belong to no program: neither to `tests/main.rs`, nor in the manifest, nor found by Cargo itself.
fn forgotten(sources: &[(String, String)], manifest: impl Fn(&str) -> String) -> Vec<&str> {
    let forgotten = sources.iter().filter(|(name, _)| {
        let Some((folder, file)) = name.split_once("/tests/") else { return false };
        let stem = file.trim_end_matches(".rs");
        let main = sources.iter().find(|(name, _)| *name == format!("{folder}/tests/main.rs"));
        main.is_some_and(|(_, main)| {
            !file.contains('/')
                && stem != "main"
                && !main.contains(&format!("mod {stem};"))
                && !manifest(folder).contains(&format!("name = \"{stem}\""))
        })
    });
    forgotten.map(|(name, _)| name.as_str()).collect()
}

#[test]
fn every_file_of_tests_belongs_to_a_program() {
    let manifest = |folder: &str| std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap();
    let mut sources = sources();
    assert_eq!(forgotten(&sources, manifest), [""; 0]);
    sources.push(("crates/plywood-nn/tests/planted.rs".to_owned(), String::new()));
    assert_eq!(forgotten(&sources, manifest), ["crates/plywood-nn/tests/planted.rs"]);
}
