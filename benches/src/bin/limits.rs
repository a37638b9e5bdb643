//! What this machine can do at most: arithmetic, bandwidth of caches and memory, parallel regions, the clock.
//!
//! `cargo run --release -p plywood-benches --bin limits -- [--threads N] [--seconds S] [--json]`

use plywood::prelude::*;
use plywood_benches::{Arguments, Level, Limits, region, timer};
use serde::Serialize;

/// All figures, as `--json` prints them.
#[derive(Serialize)]
struct Report {
    element: &'static str,
    instructions: String,
    timer_nanoseconds: f64,
    threads: Vec<OfThreads>,
}

#[derive(Serialize)]
struct OfThreads {
    threads: usize,
    peak_gigaflops: f64,
    region_microseconds: f64,
    bandwidth_gigabytes: Vec<Level>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse("limits [--threads N] [--seconds S] [--json]", &["json"]);
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let counts = match arguments.threads {
        Some(count) => vec![count],
        None if all > 1 => vec![1, all],
        None => vec![1],
    };
    let mut limits = Limits::new(arguments.seconds.unwrap_or(0.1));
    let mut threads = Vec::new();
    for count in counts {
        threads.push(OfThreads {
            threads: count,
            peak_gigaflops: limits.peak(count),
            region_microseconds: Threads::new(count)?.install(|| region(count)),
            bandwidth_gigabytes: limits.levels(count).to_vec(),
        });
    }
    let element = if size_of::<Elem>() == 4 { "f32" } else { "f64" };
    let instructions = format!("{:?}", plywood::tensor::simd::Isa::current());
    let report = Report { element, instructions, timer_nanoseconds: timer(), threads };
    if arguments.has("json") {
        println!("{}", serde_json::to_string_pretty(&report).map_err(Error::new)?);
    } else {
        print(&report);
    }
    Ok(())
}

fn print(report: &Report) {
    println!("{} elements, {} instructions", report.element, report.instructions);
    println!("reading the clock: {:.0} ns", report.timer_nanoseconds);
    for of in &report.threads {
        let s = if of.threads == 1 { "" } else { "s" };
        println!();
        println!("{} thread{s}", of.threads);
        println!("  multiply-adds: {:.1} GFLOP/s", of.peak_gigaflops);
        println!("  a parallel region: {:.2} us", of.region_microseconds);
        println!(
            "  GB/s, bytes read and written  {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
            "read", "copy", "(stream)", "triad", "(stream)", "in place"
        );
        for level in &of.bandwidth_gigabytes {
            let optional = |rate: Option<f64>| rate.map_or("–".to_owned(), |rate| format!("{rate:.1}"));
            println!(
                "  {:8} {:>12.0} KB       {:>9.1} {:>9.1} {:>9} {:>9.1} {:>9} {:>9.1}",
                level.name,
                level.footprint / 1024.0,
                level.read,
                level.copy,
                optional(level.copy_streaming),
                level.triad,
                optional(level.triad_streaming),
                level.update
            );
        }
    }
}
