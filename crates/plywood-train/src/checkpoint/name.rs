//! How checkpoints are named in their folder.

use std::path::{Path, PathBuf};

/// What is not complete, or no longer; whoever finds it may remove it.
pub(super) const UNFINISHED: &str = ".unfinished-";
/// What was a checkpoint, and is being removed.
pub(super) const OLD: &str = ".unfinished-old-";
/// What was found to be damaged, and is of no use but to be looked at.
pub(super) const DAMAGED: &str = "damaged-";

/// Which checkpoint: the step, and how often that was saved before.
pub(crate) type Number = (u64, u64);

/// The path of a checkpoint. What was saved is never written again: the same step gets another number.
pub(super) fn path((step, again): Number, folder: &Path) -> PathBuf {
    let again = if again == 0 { String::new() } else { format!("-{again}") };
    folder.join(format!("step-{step:010}{again}"))
}

/// A name beside that of a checkpoint.
pub(super) fn beside(path: &Path, prefix: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{prefix}{name}"))
}

/// The number of a checkpoint, if this is the name of one.
pub(super) fn number(name: &str) -> Option<Number> {
    let (step, again) = name.strip_prefix("step-").map(|rest| rest.split_once('-').unwrap_or((rest, "0")))?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    if step.len() < 10 { None } else { Some((digits(step)?, digits(again)?)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_checkpoints_have_a_number() {
        for (name, expected) in [
            ("step-0000000012", Some((12, 0))),
            ("step-0000000012-3", Some((12, 3))),
            ("step-12345678901", Some((12_345_678_901, 0))),
            ("step-0000000012-", None),
            ("step-0000000012-x", None),
            ("step-99999999999999999999", None),
            ("step-12", None),
            ("step-+000000012", None),
            ("damaged-step-0000000012", None),
            (".unfinished-step-0000000012", None),
            ("notes.txt", None),
        ] {
            assert_eq!(number(name), expected, "{name}");
        }
        let path = path((12, 1), Path::new("run"));
        assert_eq!(beside(&path, DAMAGED), Path::new("run/damaged-step-0000000012-1"));
    }
}
