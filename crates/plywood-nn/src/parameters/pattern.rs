//! Choosing parameters by path.

use super::whole::WholeMut;
use crate::{LeafMut, NnError};
use plywood_tensor::Result;

/// A path with wildcards: `*` stands for any number of characters, dots included.
///
/// ```
/// use plywood_nn::Pattern;
///
/// assert!(Pattern::new("*.weight").matches("encoder.layers.0.weight"));
/// assert!(Pattern::new("encoder.*").matches("encoder.layers.0.weight"));
/// assert!(!Pattern::new("*.weight").matches("encoder.layers.0.bias"));
/// assert!(Pattern::new("*").matches("weight"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(String);

impl Pattern {
    /// A pattern; without a `*` it fits one path only.
    pub fn new(pattern: impl Into<String>) -> Pattern {
        Pattern(pattern.into())
    }

    /// The text it was made of.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a path fits.
    pub fn matches(&self, path: &str) -> bool {
        let mut parts = self.0.split('*');
        let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
        let mut parts: Vec<&str> = parts.collect();
        let Some(last) = parts.pop() else { return rest.is_empty() };
        for part in parts {
            // The earliest place leaves the most for the parts that follow.
            let Some(found) = rest.find(part) else { return false };
            rest = &rest[found + part.len()..];
        }
        rest.ends_with(last)
    }
}

/// Lets the parameters whose paths fit be trained, or not.
pub(super) fn set_trainable(pattern: &str, model: &mut dyn WholeMut, trainable: bool) -> Result<()> {
    let pattern = Pattern::new(pattern);
    let mut found = false;
    let mut names = Vec::new();
    model.show_mut(&mut |path, leaf| {
        let LeafMut::Param(param) = leaf else { return };
        let name = path.to_string();
        if pattern.matches(&name) {
            found = true;
            param.set_trainable(trainable);
        }
        names.push(name);
    });
    if found { Ok(()) } else { Err(NnError::NoMatch { pattern: pattern.0, names }.into()) }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn wildcards() {
        for (pattern, path, expected) in [
            ("a.b", "a.b", true),
            ("a.b", "a.b.c", false),
            ("a*", "a", true),
            ("*a", "ba", true),
            ("*.0.*", "layers.0.weight", true),
            ("a*a", "a", false),
            ("*ab*ab*", "abab", true),
            ("*ab*ab*", "ab", false),
            ("", "", true),
        ] {
            assert_eq!(Pattern::new(pattern).matches(path), expected, "{pattern} {path}");
        }
    }
}
