//! What the examples share: the number of epochs from the command line.

/// The number after `--epochs`, or what the example usually takes.
pub fn epochs(usual: usize) -> usize {
    let mut arguments = std::env::args();
    let told = arguments.find(|argument| argument == "--epochs").and_then(|_| arguments.next());
    told.and_then(|number| number.parse().ok()).unwrap_or(usual)
}
