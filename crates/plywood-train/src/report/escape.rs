//! Text in HTML.

use std::fmt;

/// A text that cannot be taken for markup, between tags and in attributes.
pub(super) struct Escaped<T>(pub(super) T);

impl<T: fmt::Display> fmt::Display for Escaped<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.to_string().chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                // A browser stops at none of them, but shows them as something else.
                '\0' => f.write_str("\u{fffd}")?,
                letter => write!(f, "{letter}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Escaped;

    #[test]
    fn nothing_is_taken_for_markup() {
        for (text, expected) in [
            ("a < b", "a &lt; b"),
            ("<script>alert('x')</script>", "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;"),
            ("\"&amp;\"", "&quot;&amp;amp;&quot;"),
            ("żółć → 图\0", "żółć → 图\u{fffd}"),
        ] {
            assert_eq!(Escaped(text).to_string(), expected);
        }
    }
}
