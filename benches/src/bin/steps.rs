//! Times of a training step, or of a forward pass, of the reference workloads: one line each.
//!
//! `cargo run --release -p plywood-benches --bin steps -- [NAME…] [--threads N] [--seconds S] [--infer]`

use plywood::prelude::*;
use plywood_benches::{WORKLOADS, time};

fn main() -> Result<()> {
    let arguments = Arguments::parse().unwrap_or_else(|problem| {
        eprintln!("{problem}\nusage: steps [NAME…] [--threads N] [--seconds S] [--infer]");
        std::process::exit(2);
    });
    let threads = Threads::new(arguments.threads)?;
    let chosen = WORKLOADS
        .iter()
        .filter(|w| arguments.names.is_empty() || arguments.names.iter().any(|n| n == w.name));
    for workload in chosen {
        let mut step = (workload.prepare)(arguments.infer)?;
        let timing = threads.install(|| {
            let mut result = Ok(());
            let timing = time(arguments.seconds, || {
                if let Err(error) = step() {
                    result = Err(error);
                }
            });
            result.map(|()| timing)
        })?;
        let version = format!("{} {}", env!("CARGO_PKG_VERSION"), if arguments.infer { "infer" } else { "" });
        println!(
            "{:16} plywood {:28} t={} median {:12.1} us  best {:12.1} us  n={}",
            workload.name, version, arguments.threads, timing.median, timing.best, timing.count
        );
    }
    Ok(())
}

struct Arguments {
    names: Vec<String>,
    threads: usize,
    seconds: f64,
    infer: bool,
}

impl Arguments {
    fn parse() -> std::result::Result<Arguments, String> {
        let mut parsed = Arguments { names: Vec::new(), threads: 1, seconds: 4.0, infer: false };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut number = || {
                let text = arguments.next().ok_or_else(|| format!("{argument} needs a number"))?;
                text.parse::<f64>().map_err(|_| format!("{argument}: expected a number, got {text:?}"))
            };
            match argument.as_str() {
                "--threads" => parsed.threads = number()? as usize,
                "--seconds" => parsed.seconds = number()?,
                "--infer" => parsed.infer = true,
                name if WORKLOADS.iter().any(|w| w.name == name) => parsed.names.push(name.to_owned()),
                other => {
                    let known: Vec<&str> = WORKLOADS.iter().map(|w| w.name).collect();
                    return Err(format!(
                        "unknown argument {other:?}; the workloads are {}",
                        known.join(", ")
                    ));
                }
            }
        }
        Ok(parsed)
    }
}
