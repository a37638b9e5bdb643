//! From the cases of the library to criterion.

use criterion::{BenchmarkId, Criterion, Throughput};
use plywood::prelude::Threads;
use plywood_benches::{Call, Limits, choose};
use std::cell::RefCell;
use std::time::{Duration, Instant};

/// Runs all cases of a group with one thread and with all, beside their rivals, and prints shares of the limit.
///
/// The times are short so that the whole suite takes minutes; criterion's own flags make them longer.
pub(crate) fn run(group: &str) {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(100))
        .measurement_time(Duration::from_millis(300))
        .sample_size(10)
        .configure_from_args();
    let mut limits = Limits::new(0.05);
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let mut counts = vec![1, all];
    counts.dedup();
    for count in counts {
        let threads = Threads::new(count).expect("the system can start as many threads as it has cores");
        for (name, case) in choose(&[format!("{group}/")]).expect("every benchmark has a group") {
            let mut group = criterion.benchmark_group(name);
            if case.work.flops > 0.0 {
                group.throughput(Throughput::Elements(case.work.flops as u64));
            } else if case.work.bytes > 0.0 {
                group.throughput(Throughput::Bytes(case.work.bytes as u64));
            }
            let mut medians = Vec::new();
            for suffix in ["", "/rival"] {
                let is_rival = !suffix.is_empty();
                if is_rival && !case.has_rival() {
                    continue;
                }
                // Inputs are made when criterion wants this benchmark at all, and once.
                let call: RefCell<Option<Call>> = RefCell::new(None);
                let mut samples = Vec::new();
                let id = BenchmarkId::from_parameter(format!("{}{suffix}/t{count}", case.name));
                group.bench_function(id, |bencher| {
                    bencher.iter_custom(|iterations| {
                        let mut call = call.borrow_mut();
                        let call = call.get_or_insert_with(|| {
                            let call =
                                if is_rival { case.prepare_rival(count) } else { case.prepare().map(Some) };
                            call.expect("the inputs of a case").expect("a rival that is there")
                        });
                        let elapsed = threads.install(|| {
                            let start = Instant::now();
                            for _ in 0..iterations {
                                call().expect("a case that can run");
                            }
                            start.elapsed()
                        });
                        samples.push(elapsed.as_secs_f64() * 1e6 / iterations as f64);
                        elapsed
                    });
                });
                samples.sort_by(f64::total_cmp);
                medians.push(samples.get(samples.len() / 2).copied());
            }
            group.finish();
            if let Some(Some(median)) = medians.first() {
                if let Some(share) = limits.share(&case.work, count, *median) {
                    println!("{:24}share:  {share:.0} % of the limit", "");
                }
                if let Some(Some(rival)) = medians.get(1) {
                    println!("{:24}rival:  {:.2} times as long", "", rival / median);
                }
            }
        }
    }
    criterion.final_summary();
}
