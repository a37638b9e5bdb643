//! The names of the columns.

use super::CsvProblem;

/// The position of the column with this name.
pub(super) fn position(names: &[String], name: &str) -> Result<usize, CsvProblem> {
    let mut found = names.iter().enumerate().filter(|(_, known)| *known == name).map(|(at, _)| at);
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err(CsvProblem::TwoColumns),
        (None, _) => {
            let near = names.iter().filter(|known| is_near(known, name)).cloned().collect();
            Err(CsvProblem::UnknownColumn { near, known: names.to_vec() })
        }
    }
}

/// Whether one name may be a slip for the other: a third of its letters, or case and spaces.
fn is_near(known: &str, name: &str) -> bool {
    let letters = |s: &str| -> Vec<char> {
        s.chars().filter(|c| !c.is_whitespace() && !"_-".contains(*c)).flat_map(char::to_lowercase).collect()
    };
    let (known, name) = (letters(known), letters(name));
    distance(&known, &name) <= known.len().min(name.len()) / 3
}

/// How many letters have to be added, removed or replaced (Levenshtein, 1965).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_those_of_the_textbook() {
        let rows = [("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0), ("flaw", "lawn", 2)];
        for (a, b, expected) in rows {
            let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
            assert_eq!((distance(&a, &b), distance(&b, &a)), (expected, expected));
        }
    }
}
