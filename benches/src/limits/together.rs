//! Several threads that work at the same time.

use std::sync::Barrier;
use std::time::Instant;

/// Runs `work` on every state, each on a thread of its own, in rounds that begin together; returns the shortest time in
/// seconds in which a round was done by all. The rounds take about `seconds`; there are at least three.
pub(super) fn together<S: Send>(states: &mut [S], seconds: f64, work: impl Fn(&mut S) + Sync) -> f64 {
    let start = Instant::now();
    let (threads, barrier) = (states.len(), Barrier::new(states.len()));
    let mut run = |rounds: usize| -> f64 {
        let times: Vec<Vec<f64>> = std::thread::scope(|scope| {
            let handles: Vec<_> = states
                .iter_mut()
                .map(|state| {
                    scope.spawn(|| {
                        let mut times = Vec::with_capacity(rounds);
                        for _ in 0..rounds {
                            barrier.wait();
                            let start = Instant::now();
                            work(state);
                            times.push(start.elapsed().as_secs_f64());
                        }
                        times
                    })
                })
                .collect();
            handles.into_iter().map(|handle| handle.join().expect("a measuring thread")).collect()
        });
        let slowest = |round| (0..threads).map(|t| times[t][round]).fold(0.0, f64::max);
        (0..rounds).map(slowest).fold(f64::INFINITY, f64::min)
    };
    let first = run(1); // touches the memory, too
    let rounds = ((seconds - start.elapsed().as_secs_f64()) / first).clamp(3.0, 1000.0);
    run(rounds as usize).min(first)
}
