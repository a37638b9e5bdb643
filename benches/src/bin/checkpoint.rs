//! What it costs to save a run, and how quickly it is loaded again.
//!
//! `cargo run --release -p plywood-benches --bin checkpoint -- [--threads N]`
//!
//! A network of 25 million parameters with Adam, 302 MB of weights and memory, is trained in batches of 128, and saved every 50
//! steps by a thread of its own. Beside it stands a copy of as much memory in the same run.
//!
//! What a save costs has two parts. The step after it makes copies of what it changes; that part is measured alone, with a
//! thread that waits for a while before it writes. Then the thread needs a share of the processor and of the memory; that part is
//! seen in a run in which it does not wait.

use plywood::optim::Adam;
use plywood::prelude::*;
use plywood::train::checkpoint::{Disk, Fs, Lock, NewFile};
use plywood::train::{Callback, Checkpoints, Flow, Status};
use plywood_benches::Arguments;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

const BATCH: usize = 128;
/// Steps between two checkpoints.
const INTERVAL: usize = 50;
/// How often it is saved.
const SAVES: usize = 9;

/// When each step ended.
#[derive(Default)]
struct Clock(Vec<Instant>);

impl Callback for Clock {
    fn on_batch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.0.push(Instant::now());
        Ok(Flow::Continue)
    }
}

/// The disk, after a while.
#[derive(Debug, Clone, Copy)]
struct Patient(Duration);

impl Fs for Patient {
    fn create_folder(&self, path: &Path) -> io::Result<()> {
        std::thread::sleep(self.0);
        Disk.create_folder(path)
    }

    fn create_file(&self, path: &Path) -> io::Result<Box<dyn NewFile>> {
        Disk.create_file(path)
    }

    fn lock_folder(&self, path: &Path) -> io::Result<Box<dyn Lock>> {
        Disk.lock_folder(path)
    }

    fn rename_folder(&self, from: &Path, to: &Path) -> io::Result<()> {
        Disk.rename_folder(from, to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        Disk.sync_folder(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        Disk.remove_folder(path)
    }

    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        Disk.list(path)
    }

    fn size(&self, path: &Path) -> io::Result<u64> {
        Disk.size(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn io::Read>> {
        Disk.open(path)
    }
}

fn trainer() -> Result<Trainer<Sequential>> {
    let model =
        Sequential::input([3072]).linear(4096).relu().linear(3000).relu().linear(10).build(Seed(1))?;
    Ok(Trainer::compile(model, Adam::new(1e-4), CrossEntropy::default()))
}

/// Seconds of each step but the first.
fn steps(data: &ArrayDataset<Tensor, IntTensor>, checkpoints: Option<Checkpoints>) -> Result<Vec<f64>> {
    let mut clock = Clock::default();
    let mut fit = Fit::epochs(1).batch_size(BATCH).progress(Progress::Silent).callback(&mut clock);
    if let Some(checkpoints) = checkpoints {
        fit = fit.checkpoints(checkpoints);
    }
    let start = Instant::now();
    let mut trainer = trainer()?;
    trainer.fit(data, fit)?;
    let total = start.elapsed();
    println!("  {} steps in {:.2} s", clock.0.len(), total.as_secs_f64());
    Ok(clock.0.windows(2).map(|pair| (pair[1] - pair[0]).as_secs_f64()).collect())
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// The shortest of a few times that it takes to copy so many bytes to memory that was written before.
fn copy(bytes: usize) -> f64 {
    let from = vec![1_u8; bytes];
    let mut to = vec![0_u8; bytes];
    let once = || {
        let start = Instant::now();
        to.copy_from_slice(&from);
        std::hint::black_box(&to);
        start.elapsed().as_secs_f64()
    };
    median(std::iter::repeat_with(once).take(7).collect())
}

fn main() -> Result<()> {
    let arguments = Arguments::parse("checkpoint [--threads N]", &[]);
    let folder = std::env::temp_dir().join(format!("plywood-checkpoint-{}", std::process::id()));
    Threads::new(arguments.threads.unwrap_or(2))?.install(|| {
        let samples = (INTERVAL * SAVES + 5) * BATCH;
        let x = Tensor::uniform([samples, 3072], -1.0, 1.0, &Seed(3).stream())?;
        let y = IntTensor::from_vec((0..samples as i64).map(|i| i % 10).collect(), [samples])?;
        let data = ArrayDataset::new(x, y)?;

        let state = trainer()?.model().parameter_count() * 3 * size_of::<Elem>();
        let copied = copy(state);
        println!("state: {:.0} MB, a copy of it: {:.1} ms", state as f64 / 1e6, copied * 1e3);

        println!("without:");
        let plain = steps(&data, None)?;
        let usual = median(plain.clone());
        println!("  step: {:.1} ms", usual * 1e3);
        let checkpoints = |folder| {
            let checkpoints = Checkpoints::new(folder).every_steps(INTERVAL as u64).every_epochs(usize::MAX);
            checkpoints.in_background()
        };
        let held_up = |times: &[f64]| {
            // The step after a save copies what is being written; time number `i` is that of step `i + 2`.
            let after: Vec<f64> = (1..=SAVES).map(|save| times[save * INTERVAL - 1] - usual).collect();
            let held: Vec<String> = after.iter().map(|time| format!("{:.1}", time * 1e3)).collect();
            let copies = median(after) / copied;
            println!("  held up by {} ms = {copies:.2} copies by the median", held.join(", "));
        };

        println!("every {INTERVAL} steps, in the background, the writing begins three steps later:");
        let patient = Patient(Duration::from_secs_f64(3.0 * usual));
        held_up(&steps(&data, Some(checkpoints(&folder).on(patient)))?);
        std::fs::remove_dir_all(&folder)?;
        println!("every {INTERVAL} steps, in the background:");
        let saved = steps(&data, Some(checkpoints(&folder)))?;
        held_up(&saved);
        let mean = |times: &[f64]| times[..INTERVAL * SAVES].iter().sum::<f64>() / (INTERVAL * SAVES) as f64;
        println!("  throughput: {:.1} % less", (1.0 - mean(&plain) / mean(&saved)) * 100.0);

        let mut resumed = trainer()?;
        let load = || {
            let start = Instant::now();
            resumed.resume(&folder).map(|_| start.elapsed().as_secs_f64())
        };
        let loads = std::iter::repeat_with(load).take(3).collect::<Result<Vec<f64>>>()?;
        let fastest = median(loads);
        println!("loaded in {:.0} ms: {:.2} GB/s", fastest * 1e3, state as f64 / fastest / 1e9);
        Ok::<(), Error>(())
    })?;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}
