//! When a report was made.

use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

/// A date and a time of day, by the clock of Greenwich.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Date {
    /// Since 1970.
    minutes: u64,
}

impl Date {
    pub(super) fn now() -> Date {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Date { minutes: since.map_or(0, |since| since.as_secs() / 60) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, minute) = (self.minutes / 1440, self.minutes % 1440);
        // Years begin in March here, so that the day that comes every four years is the last of one: then months have 153 days in
        // each five. After Howard Hinnant, chrono-compatible low-level date algorithms.
        let days = days + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02} {:02}:{:02} UTC", minute / 60, minute % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::Date;

    /// As `date -u -d @…` prints them.
    #[test]
    fn dates_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01 00:00 UTC"),
            (951_782_399, "2000-02-28 23:59 UTC"),
            (951_782_400, "2000-02-29 00:00 UTC"),
            (1_709_251_199, "2024-02-29 23:59 UTC"),
            (1_709_251_200, "2024-03-01 00:00 UTC"),
            (1_735_689_599, "2024-12-31 23:59 UTC"),
            (4_107_542_400, "2100-03-01 00:00 UTC"),
        ] {
            assert_eq!(Date { minutes: seconds / 60 }.to_string(), text);
        }
    }
}
