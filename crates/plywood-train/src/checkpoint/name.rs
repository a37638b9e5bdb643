//! How checkpoints are named in their folder.

use std::path::{Path, PathBuf};

/// What is not complete, or no longer; whoever finds it may remove it.
pub(super) const UNFINISHED: &str = ".unfinished-";
/// What was found to be damaged, and is of no use but to be looked at.
pub(super) const DAMAGED: &str = "damaged-";

/// The checkpoint after so many steps; names sort as the steps do.
pub(super) fn of_step(folder: &Path, step: u64) -> PathBuf {
    folder.join(format!("step-{step:010}"))
}

/// A name beside that of a checkpoint.
pub(super) fn beside(path: &Path, prefix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{prefix}{name}"))
}

/// The step of a checkpoint, if this is the name of one.
pub(super) fn step(name: &str) -> Option<u64> {
    let digits = name.strip_prefix("step-")?;
    (digits.len() >= 10 && digits.bytes().all(|byte| byte.is_ascii_digit())).then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_checkpoints_have_a_step() {
        for (name, expected) in [
            ("step-0000000012", Some(12)),
            ("step-12345678901", Some(12_345_678_901)),
            ("step-99999999999999999999", None),
            ("step-12", None),
            ("step-+000000012", None),
            ("damaged-step-0000000012", None),
            (".unfinished-step-0000000012", None),
            ("notes.txt", None),
        ] {
            assert_eq!(step(name), expected, "{name}");
        }
        let path = of_step(Path::new("run"), 12);
        assert_eq!(beside(&path, DAMAGED), Path::new("run/damaged-step-0000000012"));
    }
}
