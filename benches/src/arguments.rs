//! What the programs are told on the command line.

/// Names, two numbers and flags: `[NAME…] [--threads N] [--seconds S] [--FLAG]`.
#[derive(Debug, Clone)]
pub struct Arguments {
    /// What stands without dashes.
    pub names: Vec<String>,
    /// How many threads; `None` if not said.
    pub threads: Option<usize>,
    /// Seconds for each figure.
    pub seconds: Option<f64>,
    /// The flags that were given, without their dashes.
    pub flags: Vec<String>,
}

impl Arguments {
    /// Those of this program; prints `usage` and ends it if they make no sense.
    pub fn parse(usage: &str, flags: &[&str]) -> Arguments {
        Arguments::read(std::env::args().skip(1), flags).unwrap_or_else(|problem| {
            eprintln!("{problem}\nusage: {usage}");
            std::process::exit(2);
        })
    }

    /// Whether a flag was given.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.iter().any(|f| f == flag)
    }

    fn read(mut words: impl Iterator<Item = String>, known: &[&str]) -> Result<Arguments, String> {
        let mut parsed = Arguments { names: Vec::new(), threads: None, seconds: None, flags: Vec::new() };
        while let Some(word) = words.next() {
            let mut number = || {
                let text = words.next().ok_or_else(|| format!("{word} needs a number"))?;
                let number = text.parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
                number.ok_or_else(|| format!("{word}: expected a number above 0, got {text:?}"))
            };
            match (word.as_str(), word.strip_prefix("--")) {
                ("--threads", _) => parsed.threads = Some((number()? as usize).max(1)),
                ("--seconds", _) => parsed.seconds = Some(number()?),
                (_, Some(flag)) if known.contains(&flag) => parsed.flags.push(flag.to_owned()),
                (_, Some(_)) => return Err(format!("unknown argument {word:?}")),
                (_, None) => parsed.names.push(word),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn arguments_are_read_and_problems_named() {
        let read = |line: &str| Arguments::read(line.split_whitespace().map(str::to_owned), &["json"]);
        let parsed = read("gemm --threads 2 exp --json --seconds 0.5").unwrap();
        assert_eq!(parsed.names, ["gemm", "exp"]);
        assert_eq!((parsed.threads, parsed.seconds, parsed.has("json")), (Some(2), Some(0.5), true));
        for (line, problem) in [
            ("--fast", "unknown argument \"--fast\""),
            ("--seconds", "--seconds needs a number"),
            ("--threads two", "--threads: expected a number above 0, got \"two\""),
            ("--seconds -1", "--seconds: expected a number above 0, got \"-1\""),
        ] {
            assert_eq!(read(line).unwrap_err(), problem);
        }
    }
}
