//! The tables of losses and metrics: a row for each, the same checks for every row.

mod golden;
mod loss_errors;
mod losses;
mod metrics;

pub(crate) use losses::Row;
pub(crate) use metrics::MetricRow;

/// Every type that implements the trait in the files of a folder: all must have rows.
fn implementors(folder: &str, of: &str) -> Vec<(String, String)> {
    let folder = format!("{}/src/{folder}", env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for line in text.lines().filter(|line| line.starts_with(of)) {
            found.push((path.file_stem().unwrap().to_string_lossy().into_owned(), line.to_owned()));
        }
    }
    assert!(!found.is_empty(), "nothing implements {of}");
    found
}
