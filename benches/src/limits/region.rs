//! Threads.

use plywood::tensor::par;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What a parallel region costs in microseconds on the threads that are installed, all of them awake: the best of some
/// medians over many regions in a row, each of which ends when every thread has taken a part of it.
///
/// A part waits until all have begun; otherwise one thread would do the work of all before the others have heard of it.
pub fn region(threads: usize) -> f64 {
    (0..RUNS).map(|_| median(threads)).fold(f64::INFINITY, f64::min)
}

const RUNS: usize = 10;
const REGIONS: usize = 500;

fn median(threads: usize) -> f64 {
    let mut parts = vec![0_u8; threads];
    let mut times: Vec<f64> = (0..REGIONS)
        .map(|_| {
            let begun = AtomicUsize::new(0);
            let start = Instant::now();
            par::chunks(&mut parts, 1, usize::MAX, |_, _| {
                begun.fetch_add(1, Ordering::AcqRel);
                // On a busy machine a thread may not come for long.
                while begun.load(Ordering::Acquire) < threads && start.elapsed() < Duration::from_micros(200)
                {
                    std::hint::spin_loop();
                }
            });
            start.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
