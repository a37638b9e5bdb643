//! Times of kernels and small jobs, one line each: as quick as a developer needs between two changes.
//!
//! `cargo run --release -p plywood-benches --bin kernels -- [GROUP…] [--threads N] [--seconds S] [--regular-stores] [--avx2 | --portable]`
//!
//! `--avx2` and `--portable` compute, and measure the limits, in narrower vectors than the processor has; a rival chooses for itself.
//! A name is a group, a case, or any part of `group/case`. Two numbers with a slash are at the best and at the median time.

use plywood::prelude::*;
use plywood::tensor::simd::Isa;
use plywood_benches::{Arguments, Limits, Stores, choose};

const USAGE: &str = "kernels [GROUP…] [--threads N] [--seconds S] [--regular-stores] [--avx2 | --portable]";

fn main() -> Result<()> {
    let arguments = Arguments::parse(USAGE, &["regular-stores", "avx2", "portable"]);
    let cases = choose(&arguments.names).unwrap_or_else(|problem| {
        eprintln!("{problem}\nusage: {USAGE}");
        std::process::exit(2);
    });
    let (count, seconds) = (arguments.threads.unwrap_or(1), arguments.seconds.unwrap_or(0.2));
    let mut limits = Limits::new(0.05);
    if arguments.has("regular-stores") {
        limits = limits.stores(Stores::Regular);
    }
    let isa = if arguments.has("portable") {
        Isa::Portable
    } else if arguments.has("avx2") {
        Isa::Avx2
    } else {
        Isa::current()
    };
    Threads::with_isa(count, isa)?.install(|| {
        for (group, case) in cases {
            let measured = case.measure(count, seconds)?;
            limits.renew_peak(count);
            println!("{}", case.line(group, count, &measured, &mut limits));
        }
        Ok(())
    })
}
