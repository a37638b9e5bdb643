//! How numbers and times are written for people.

use serde::de::{Deserialize, Deserializer};
use serde::{Serialize, Serializer};
use std::fmt;

/// A measured number: four decimals, or four digits and an exponent where that would show too little.
#[derive(Debug, Clone, Copy)]
pub struct Number(pub f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size == 0.0 || (1e-3..1e5).contains(&size) || !size.is_finite() {
            f.pad(&format!("{:.4}", self.0))
        } else {
            f.pad(&format!("{:.3e}", self.0))
        }
    }
}

/// A time, in the unit in which it has few digits.
#[derive(Debug, Clone, Copy)]
pub struct Seconds(pub f64);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        f.pad(&if seconds < 0.9995 {
            format!("{:.0} ms", seconds * 1e3)
        } else if seconds < 59.95 {
            format!("{seconds:.1} s")
        } else {
            let seconds = seconds.round();
            format!("{} min {:02} s", (seconds / 60.0).floor(), seconds % 60.0)
        })
    }
}

/// A large number in few digits.
#[derive(Debug, Clone, Copy)]
pub struct Thousands(pub f64);

impl fmt::Display for Thousands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            x if x < 999.5 => write!(f, "{x:.0}"),
            x if x < 9_995.0 => write!(f, "{:.2}k", x / 1e3),
            x if x < 999_500.0 => write!(f, "{:.0}k", x / 1e3),
            x => write!(f, "{:.1}M", x / 1e6),
        }
    }
}

/// How long something still takes, as well as that can be known.
#[derive(Debug, Clone, Copy)]
pub struct Left(u64);

impl Left {
    /// Of seconds; none if it is nearly over, or if it cannot be said.
    pub fn of(seconds: f64) -> Option<Left> {
        const YEAR: f64 = 365.0 * 24.0 * 3600.0;
        (1.0..YEAR).contains(&seconds).then_some(Left(seconds.round() as u64))
    }
}

impl fmt::Display for Left {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, minutes) = (self.0, (self.0 + 30) / 60);
        match self.0 {
            0..60 => write!(f, "{seconds} s left"),
            60..3_570 => write!(f, "{minutes} min left"),
            3_570..86_370 => write!(f, "{} h {:02} min left", minutes / 60, minutes % 60),
            _ => write!(f, "{:.1} days left", seconds as f64 / 86_400.0),
        }
    }
}

/// For `#[serde(with)]`: JSON knows no NaN, and `serde_json` would write one as null and then refuse to read it.
pub(crate) fn serialize<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    number.serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    if deserializer.is_human_readable() {
        Ok(Option::deserialize(deserializer)?.unwrap_or(f64::NAN))
    } else {
        f64::deserialize(deserializer)
    }
}

/// A number that may be missing, which in texts is another thing than one that is not a number.
pub(crate) mod optional {
    use super::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<S: Serializer>(number: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
        match number {
            Some(number) if number.is_nan() && serializer.is_human_readable() => "NaN".serialize(serializer),
            number => number.serialize(serializer),
        }
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Text {
            Number(f64),
            Name(String),
        }
        if !deserializer.is_human_readable() {
            return Option::deserialize(deserializer);
        }
        match Option::<Text>::deserialize(deserializer)? {
            None => Ok(None),
            Some(Text::Number(number)) => Ok(Some(number)),
            Some(Text::Name(name)) if name == "NaN" => Ok(Some(f64::NAN)),
            Some(Text::Name(_)) => Err(serde::de::Error::custom("expected a number or \"NaN\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Left, Number, Seconds, Thousands};

    #[test]
    fn what_is_left_is_rounded() {
        for (seconds, expected) in [
            (0.5, None),
            (1.4, Some("1 s left")),
            (59.4, Some("59 s left")),
            (59.6, Some("1 min left")),
            (125.0, Some("2 min left")),
            (3_569.0, Some("59 min left")),
            (3_570.0, Some("1 h 00 min left")),
            (5_400.0, Some("1 h 30 min left")),
            (86_369.0, Some("23 h 59 min left")),
            (200_000.0, Some("2.3 days left")),
            (1e9, None),
            (f64::NAN, None),
        ] {
            assert_eq!(Left::of(seconds).map(|left| left.to_string()).as_deref(), expected, "{seconds}");
        }
    }

    #[test]
    fn numbers_and_times_stay_short() {
        for (number, expected) in [
            (0.0, "0.0000"),
            (0.12345, "0.1235"),
            (-3.0, "-3.0000"),
            (0.000_123_45, "1.234e-4"),
            (123_456.0, "1.235e5"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(Number(number).to_string(), expected);
        }
        for (seconds, expected) in [
            (0.0004, "0 ms"),
            (0.0123, "12 ms"),
            (0.9996, "1.0 s"),
            (59.94, "59.9 s"),
            (59.96, "1 min 00 s"),
            (125.0, "2 min 05 s"),
        ] {
            assert_eq!(Seconds(seconds).to_string(), expected);
        }
        for (x, text) in [(0.4, "0"), (999.0, "999"), (1234.0, "1.23k"), (12_345.0, "12k"), (2.5e6, "2.5M")] {
            assert_eq!(Thousands(x).to_string(), text);
        }
    }
}
