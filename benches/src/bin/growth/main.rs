//! How cost grows with batch, width and parameters: the share of the limit at each point, as plots and as a table.
//!
//! `cargo run --release -p plywood-benches --bin growth -- [PANEL…] [--threads N] [--seconds S]`
//!
//! Writes `batch.svg`, `width.svg`, `parameters.svg` and a `.csv` beside each into `docs/images/growth` of the current folder.

mod draw;

use draw::{Line, draw};
use plywood::prelude::*;
use plywood_benches::{Arguments, Limits, panels};
use std::path::Path;

const FOLDER: &str = "docs/images/growth";

fn main() -> Result<()> {
    let arguments = Arguments::parse("growth [PANEL…] [--threads N] [--seconds S]", &[]);
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let counts = match arguments.threads {
        Some(count) => vec![count],
        None if all > 1 => vec![1, all],
        None => vec![1],
    };
    let seconds = arguments.seconds.unwrap_or(0.3);
    let mut limits = Limits::new(0.1);
    std::fs::create_dir_all(FOLDER).map_err(Error::new)?;
    for panel in panels() {
        if !arguments.names.is_empty() && !arguments.names.iter().any(|name| name == panel.name) {
            continue;
        }
        let mut table = String::from("task,threads,size,median_us,best_us,limit_us,share_percent\n");
        let mut lines = Vec::new();
        for &count in &counts {
            let threads = Threads::new(count)?;
            for curve in &panel.curves {
                let mut points = Vec::new();
                for (size, case) in &curve.points {
                    let timing = threads.install(|| case.measure(count, seconds))?.own;
                    let floor = limits.floor(&case.work, count).unwrap_or(0.0);
                    // The limit is the best that was seen, so it is compared with the best.
                    let share = 100.0 * floor / timing.best;
                    points.push((*size as f64, share));
                    let row = format!(
                        "{},{count},{size},{:.3},{:.3},{floor:.3},{share:.1}",
                        curve.name, timing.median, timing.best
                    );
                    println!("{}: {row}", panel.name);
                    table += &row;
                    table.push('\n');
                }
                let s = if count == 1 { "" } else { "s" };
                lines.push(Line { name: format!("{}, {count} thread{s}", curve.name), points });
            }
        }
        let file = |ending: &str| Path::new(FOLDER).join(format!("{}.{ending}", panel.name));
        std::fs::write(file("csv"), table).map_err(Error::new)?;
        std::fs::write(file("svg"), draw(&panel, &lines)?).map_err(Error::new)?;
    }
    Ok(())
}
