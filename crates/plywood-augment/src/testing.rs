//! What the tables of this crate share.

use std::collections::BTreeSet;

/// Every type that implements a trait in the files of a folder, `mod.rs` apart.
pub(crate) fn implementors(folder: &str, of: &str) -> BTreeSet<String> {
    let folder = format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeSet::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() || path.ends_with("mod.rs") {
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix(of));
        found.extend(names.map(|rest| rest.split([' ', '<']).next().unwrap().to_owned()));
    }
    assert!(found.len() >= 6, "the transforms were not found: only {found:?}");
    found
}
