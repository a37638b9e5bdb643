//! Large numbers for people.

use std::fmt;

/// A count that prints its digits in groups of three, as a [`Summary`](crate::Summary) does.
///
/// ```
/// use plywood_nn::Grouped;
///
/// assert_eq!(Grouped(12_345).to_string(), "12,345");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Grouped(pub u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::Grouped;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let texts = [0, 12, 999, 1000, 12_345, 1_234_567].map(|n| Grouped(n).to_string());
        assert_eq!(texts, ["0", "12", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(format!("{:>7}|{:<6}|", Grouped(12_345), Grouped(1000)), " 12,345|1,000 |");
    }
}
