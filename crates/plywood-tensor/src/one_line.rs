//! Words of others in messages.

/// Words of somebody else, a decoder for example, as a part of a message: as [`quoted`](crate::quoted), without the quotes.
///
/// ```
/// use plywood_tensor::one_line;
///
/// assert_eq!(one_line("unknown field `it's \"a\"`", 40), "unknown field `it's \"a\"`");
/// assert_eq!(one_line("unknown field `\u{1b}[2J\n`", 40), r"unknown field `\u{1b}[2J\n`");
/// assert_eq!(one_line("unknown field", 7), "unknown…");
/// ```
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for (index, letter) in text.chars().enumerate() {
        if index == most {
            line.push('…');
            break;
        }
        match letter {
            '"' | '\'' | '\\' => line.push(letter),
            _ => line.extend(letter.escape_debug()),
        }
    }
    line
}
