//! What the examples share: numbers from the command line, where their data lies, made-up pictures, and sheets of them.

pub mod canvas;
pub mod shapes;

/// The number after `--epochs`, or what the example usually takes.
pub fn epochs(usual: usize) -> usize {
    number("--epochs", usual)
}

/// The number after `--samples`, or how many samples the example usually trains on.
pub fn samples(usual: usize) -> usize {
    number("--samples", usual)
}

fn number(flag: &str, usual: usize) -> usize {
    let mut arguments = std::env::args();
    let told = arguments.find(|argument| argument == flag).and_then(|_| arguments.next());
    told.and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// A folder of `examples/data`, wherever the example is started.
pub fn data(folder: &str) -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(folder)
}
