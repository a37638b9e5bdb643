//! What the examples share: the number of epochs from the command line, and where their data lies.

/// The number after `--epochs`, or what the example usually takes.
pub fn epochs(usual: usize) -> usize {
    let mut arguments = std::env::args();
    let told = arguments.find(|argument| argument == "--epochs").and_then(|_| arguments.next());
    told.and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// A folder of `examples/data`, wherever the example is started.
pub fn data(folder: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder)
}
