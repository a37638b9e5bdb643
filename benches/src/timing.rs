//! Times of many calls.

use std::time::{Duration, Instant};

/// Times of a call, in microseconds.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Half of the calls took less.
    pub median: f64,
    /// The shortest.
    pub best: f64,
    /// How many calls were timed.
    pub count: usize,
}

/// Calls `work` three times to warm up, then for `seconds` but at least five times.
pub fn time(seconds: f64, mut work: impl FnMut()) -> Timing {
    for _ in 0..3 {
        work();
    }
    let end = Duration::from_secs_f64(seconds);
    let begin = Instant::now();
    let mut times = Vec::new();
    while begin.elapsed() < end || times.len() < 5 {
        let start = Instant::now();
        work();
        times.push(start.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    Timing { median: times[times.len() / 2], best: times[0], count: times.len() }
}
