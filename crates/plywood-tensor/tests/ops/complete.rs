//! No public function without a row: the sources are read and compared with the tables.

use crate::faults::FAULTS;
use crate::{checks, rows};
use std::collections::BTreeSet;
use std::path::Path;

/// The sources under `src/ops`, whatever their depth.
fn sources(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| match path.is_dir() {
            true => sources(&path),
            false => vec![std::fs::read_to_string(&path).unwrap()],
        })
        .collect()
}

/// Each public function of a source and whether it returns a `Result`: those written out, and those that a macro of the
/// file makes from lines such as `name: |x| …;` or `name;`.
fn functions(source: &str) -> Vec<(String, bool)> {
    let code = source.split("#[cfg(test)]").next().unwrap_or(source);
    let mut found = Vec::new();
    for (place, _) in code.match_indices("pub fn ") {
        let rest = &code[place + "pub fn ".len()..];
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let signature = rest.split('{').next().unwrap_or(rest);
        if !name.is_empty() {
            found.push((name, signature.contains("-> Result<")));
        }
    }
    let mut inside = false;
    for line in code.lines() {
        let calls =
            line.ends_with("! {") && !line.starts_with([' ', '/']) && !line.starts_with("macro_rules");
        inside = (inside || calls) && line != "}";
        let text = line.trim_start();
        let made = text.split_once(": ").map(|(name, _)| name).or_else(|| text.strip_suffix(';'));
        if let Some(name) = made.filter(|_| inside && line.starts_with("    "))
            && name.chars().all(|c| c.is_lowercase() || c.is_numeric() || c == '_')
        {
            found.push((name.to_owned(), false));
        }
    }
    found
}

#[test]
fn every_public_function_has_a_row_and_every_error_a_text() {
    let tested: BTreeSet<&str> = rows().map(|row| row.name).chain(checks().map(|check| check.name)).collect();
    let refused: BTreeSet<&str> = FAULTS.iter().map(|fault| fault.name).collect();
    let all: Vec<(String, bool)> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/ops"))
        .iter()
        .flat_map(|source| functions(source))
        .collect();
    assert!(all.len() > 80, "the sources were not read: {all:?}");
    let missing: Vec<&str> =
        all.iter().map(|(name, _)| name.as_str()).filter(|name| !tested.contains(name)).collect();
    assert!(missing.is_empty(), "public functions without a row: {missing:?}");
    let silent: Vec<&str> = all
        .iter()
        .filter(|(name, fails)| *fails && !refused.contains(name.as_str()))
        .map(|(name, _)| name.as_str())
        .collect();
    assert!(silent.is_empty(), "functions that can fail without a pinned error: {silent:?}");
    let names: BTreeSet<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let stale: Vec<&str> = tested.iter().copied().filter(|name| !names.contains(name)).collect();
    assert!(stale.is_empty(), "rows of functions that do not exist: {stale:?}");
}

#[test]
fn a_function_without_a_row_is_found() {
    let planted = "impl X {\n    pub fn planted(&self) -> Result<Self> {\n    }\n}\nunary! {\n    /// Doc.\n    made: |x| x;\n    listed;\n}\n";
    assert_eq!(
        functions(planted),
        [("planted".to_owned(), true), ("made".to_owned(), false), ("listed".to_owned(), false)]
    );
}
