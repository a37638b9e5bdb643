//! What the programs for the rivals share: arguments, random batches and timing, the same as in Plywood's own `steps`.

use std::time::{Duration, Instant};

/// How many fixed batches take turns.
pub const BATCHES: usize = 8;

/// The command line of every program: `[NAME…] [--seconds S]`.
pub struct Arguments {
    names: Vec<String>,
    seconds: f64,
}

impl Arguments {
    /// Those of this program; ends it with a message if they make no sense.
    pub fn parse() -> Arguments {
        let mut parsed = Arguments { names: Vec::new(), seconds: 4.0 };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match (word.as_str(), word.starts_with("--")) {
                ("--seconds", _) => match words.next().and_then(|text| text.parse().ok()) {
                    Some(seconds) => parsed.seconds = seconds,
                    None => stop("--seconds needs a number"),
                },
                (_, true) => stop(&format!("unknown argument {word:?}; usage: [NAME…] [--seconds S]")),
                (_, false) => parsed.names.push(word),
            }
        }
        parsed
    }

    /// Whether a workload is to be timed.
    pub fn wants(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.iter().any(|n| n == name)
    }

    /// Times `step`, which is given the number of the step, and prints a line as `steps` does.
    pub fn time(&self, name: &str, rival: &str, version: &str, threads: usize, mut step: impl FnMut(usize)) {
        let mut count = 0;
        let mut next = || {
            step(count);
            count += 1;
        };
        for _ in 0..3 {
            next();
        }
        let (begin, end) = (Instant::now(), Duration::from_secs_f64(self.seconds));
        let mut times = Vec::new();
        while begin.elapsed() < end || times.len() < 5 {
            let start = Instant::now();
            next();
            times.push(start.elapsed().as_secs_f64() * 1e6);
        }
        times.sort_by(f64::total_cmp);
        let (median, best, n) = (times[times.len() / 2], times[0], times.len());
        println!(
            "{name:16} {rival} {version:28} t={threads} median {median:12.1} us  best {best:12.1} us  n={n}"
        );
    }
}

fn stop(problem: &str) -> ! {
    eprintln!("{problem}");
    std::process::exit(2)
}

/// How many threads rayon uses: all rivals written in Rust take their number from it.
pub fn rayon_threads() -> usize {
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    std::env::var("RAYON_NUM_THREADS").ok().and_then(|text| text.parse().ok()).unwrap_or(all)
}

/// A plain generator (xorshift): the rivals need no better one.
pub struct Random(u64);

impl Random {
    /// The sequence of a seed, which is not 0.
    pub fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Below `bound`, which is small.
    pub fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 33) % bound
    }

    /// Between −1 and 1.
    pub fn uniform(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1_u64 << 23) as f32 - 1.0
    }

    /// `count` numbers between −√3 and √3: mean 0 and variance 1, as normal ones have.
    pub fn inputs(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.uniform() * 3.0_f32.sqrt()).collect()
    }
}
