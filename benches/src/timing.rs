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
    summary(&mut times)
}

/// What reading the clock costs, in nanoseconds: the shortest time between two readings, many at once.
pub fn timer() -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..20 {
        let start = Instant::now();
        for _ in 0..1000 {
            std::hint::black_box(Instant::now());
        }
        best = best.min(start.elapsed().as_secs_f64() * 1e9 / 1000.0);
    }
    best
}

/// A sample shorter than this is mostly the clock: calls are timed many at once until they take as long.
const SAMPLE: Duration = Duration::from_micros(10);

/// Collects times of calls of any length, in several turns, so that it can take turns with a rival.
#[derive(Debug)]
pub struct Sampler {
    calls: usize,
    times: Vec<f64>,
}

impl Sampler {
    /// Warms up and finds how many calls make a sample.
    pub fn new(mut work: impl FnMut()) -> Sampler {
        work();
        let mut calls = 1;
        loop {
            let start = Instant::now();
            for _ in 0..calls {
                work();
            }
            if start.elapsed() >= SAMPLE || calls >= 1 << 20 {
                return Sampler { calls, times: Vec::new() };
            }
            calls *= 2;
        }
    }

    /// Times samples for `seconds`, at least two.
    pub fn run(&mut self, seconds: f64, mut work: impl FnMut()) {
        let end = Duration::from_secs_f64(seconds);
        let begin = Instant::now();
        let mut count = 0;
        while begin.elapsed() < end || count < 2 {
            let start = Instant::now();
            for _ in 0..self.calls {
                work();
            }
            self.times.push(start.elapsed().as_secs_f64() * 1e6 / self.calls as f64);
            count += 1;
        }
    }

    /// What was found so far.
    pub fn timing(&mut self) -> Timing {
        let calls = self.calls;
        let timing = summary(&mut self.times);
        Timing { count: timing.count * calls, ..timing }
    }
}

fn summary(times: &mut [f64]) -> Timing {
    times.sort_by(f64::total_cmp);
    Timing { median: times[times.len() / 2], best: times[0], count: times.len() }
}
