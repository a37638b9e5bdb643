//! Texts from outside in messages.

/// A name from a file as messages show it: in quotes, what is not printable escaped, and `…` behind so many characters.
///
/// A message stays one line of bounded length, whatever a stranger wrote.
///
/// ```
/// use plywood_tensor::quoted;
///
/// assert_eq!(quoted("0.weight", 40), r#""0.weight""#);
/// assert_eq!(quoted("\u{1b}[2J\n", 40), r#""\u{1b}[2J\n""#);
/// assert_eq!(quoted("abcdef", 3), r#""abc"…"#);
/// ```
pub fn quoted(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}
