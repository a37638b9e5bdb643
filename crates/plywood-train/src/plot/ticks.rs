//! Where the lines of a grid are, and what is written beside them.

/// Round numbers within a range, about `count` of them.
pub(super) fn ticks(low: f64, high: f64, count: usize, whole: bool) -> Vec<f64> {
    let step = step(low, high, count, whole);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// The distance of the ticks: 1, 2 or 5 times a power of 10.
pub(super) fn step(low: f64, high: f64, count: usize, whole: bool) -> f64 {
    let rough = ((high - low) / count.max(1) as f64).max(f64::MIN_POSITIVE);
    let mut power: f64 = 1.0;
    while power > rough {
        power /= 10.0;
    }
    while power * 10.0 <= rough {
        power *= 10.0;
    }
    let nice = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * power);
    let step = nice.into_iter().find(|&step| step >= rough * 0.999).unwrap_or(10.0 * power);
    if whole { step.max(1.0).round() } else { step }
}

/// A tick as text, with as many decimals as its step needs.
pub(super) fn label(value: f64, step: f64) -> String {
    if !(1e-4..1e5).contains(&step) {
        if value == 0.0 {
            return "0".to_owned();
        }
        let decimals = (exponent(value) - exponent(step)).max(1) as usize;
        return format!("{value:.decimals$e}");
    }
    let mut decimals = 0;
    let mut scaled = step;
    while scaled < 0.999 {
        scaled *= 10.0;
        decimals += 1;
    }
    format!("{value:.decimals$}")
}

/// That of the power of ten before which the number has one digit, rounded: a tick is next to a round number, not at it.
fn exponent(x: f64) -> i32 {
    let text = format!("{x:.9e}");
    text.rsplit_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{label, step, ticks};

    #[test]
    fn ticks_are_round_and_few() {
        for (low, high, count, whole, expected) in [
            (0.7, 10.3, 10, true, "1 2 3 4 5 6 7 8 9 10"),
            (0.9, 3.1, 10, true, "1 2 3"),
            (-3.0, 104.0, 6, true, "0 20 40 60 80 100"),
            (0.0, 1.05, 5, false, "0.0 0.5 1.0"),
            (0.931, 0.992, 5, false, "0.94 0.96 0.98"),
            (0.0, 3e-6, 3, false, "0 1.0e-6 2.0e-6 3.0e-6"),
            (0.0, 2500.0, 5, false, "0 500 1000 1500 2000 2500"),
            (0.59310, 0.59314, 4, false, "5.9310e-1 5.9311e-1 5.9312e-1 5.9313e-1 5.9314e-1"),
            (-1e-5, 1.000_1e-5, 2, false, "-1.0e-5 0 1.0e-5"),
            (9.998e-2, 1.000_2e-1, 4, false, "9.998e-2 9.999e-2 1.0000e-1 1.0001e-1 1.0002e-1"),
            (1.23e10, 1.25e10, 4, false, "1.230e10 1.235e10 1.240e10 1.245e10 1.250e10"),
            (-1e300, 1e300, 4, false, "-1.0e300 -5.0e299 0 5.0e299 1.0e300"),
        ] {
            let step = step(low, high, count, whole);
            let labels: Vec<String> =
                ticks(low, high, count, whole).into_iter().map(|tick| label(tick, step)).collect();
            assert_eq!(labels.join(" "), expected, "{low}..{high}");
        }
    }
}
