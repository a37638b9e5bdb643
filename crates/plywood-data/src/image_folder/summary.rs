//! What was read, and what was not, in a line.

use super::ImageFolder;
use crate::Dataset;
use plywood_tensor::one_line;
use std::fmt;

/// How many images there are of each class, and what was left out.
impl fmt::Display for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.class_counts();
        let classes = self.class_names.iter().zip(0..).take(SHOWN).map(|(name, label)| {
            format!("{} {}", one_line(name, 40), counts.get(&label).copied().unwrap_or(0))
        });
        let classes = classes.collect::<Vec<_>>().join(", ");
        let more = self.class_names.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more classes") } else { String::new() };
        write!(f, "{} images: {classes}{more}", self.len())?;
        if let Some([height, width]) = self.size {
            write!(f, "; resized to {height} x {width}")?;
        }
        let skipped = self.skipped.iter().map(ToString::to_string);
        left_out(f, "broken and left out", skipped, self.skipped.len())?;
        let others = self.others.iter().map(|path| path.display().to_string());
        left_out(f, "of other kinds and not looked at", others, self.others.len())
    }
}

/// As it is displayed, with what is not listed there.
impl fmt::Debug for ImageFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ImageFolder({self})")
    }
}

/// How many classes, and how many files that were left out, are listed.
const SHOWN: usize = 12;

fn left_out(
    f: &mut fmt::Formatter<'_>,
    what: &str,
    files: impl Iterator<Item = String>,
    count: usize,
) -> fmt::Result {
    if count == 0 {
        return Ok(());
    }
    let first: Vec<String> = files.take(3).map(|file| one_line(&file, 200)).collect();
    let more = if count > first.len() { ", …" } else { "" };
    write!(f, "; {what}: {count}, such as {}{more}", first.join(", "))
}
