//! What augmentation costs a training: an epoch of `cnn_mnist` with and without it, in turn.
//!
//! `cargo run --release -p plywood-benches --bin augmented_epoch -- [--threads N]`
//!
//! 2048 images of 28 × 28 pixels in batches of 64; horizontal flip with p = 0.5, rotation within 15 degrees, padded random crop.
//! Without workers the thread that trains makes each batch; a worker makes them beside it, but has no core of its own where all
//! train.

use plywood::augment::Pipeline;
use plywood::prelude::*;
use plywood_benches::{Arguments, small_network};
use std::time::Instant;

const SAMPLES: usize = 2048;
/// Epochs of each kind, besides one to warm up.
const ROUNDS: usize = 7;

fn main() -> Result<()> {
    let count = Arguments::parse("augmented_epoch [--threads N]", &[]).threads.unwrap_or(2);
    let x = Tensor::uniform([SAMPLES, 28, 28, 1], 0.0, 1.0, &Seed(3).stream())?;
    let y = IntTensor::from_vec((0..SAMPLES as i64).map(|i| i % 10).collect(), [SAMPLES])?;
    let data = ArrayDataset::new(x, y)?;
    Threads::new(count)?.install(|| {
        for workers in [0, 1] {
            let (mut without, mut with) = (Vec::new(), Vec::new());
            for _ in 0..=ROUNDS {
                without.push(epoch(&data, workers, None)?);
                with.push(epoch(&data, workers, Some(pipeline()?))?);
            }
            let (without, with) = (median(without), median(with));
            println!(
                "t={count} workers={workers}: without {:.1} ms  with {:.1} ms  ratio {:.3}",
                without * 1e3,
                with * 1e3,
                with / without
            );
        }
        Ok(())
    })
}

fn pipeline() -> Result<Pipeline> {
    Pipeline::builder().flip_horizontal(0.5).rotate(15.0).crop_padded([28, 28], 2).build()
}

/// Seconds of the first epoch of a new network.
fn epoch(data: &ArrayDataset<Tensor, IntTensor>, workers: usize, augmented: Option<Pipeline>) -> Result<f64> {
    let mut trainer = Trainer::compile(small_network()?, Adam::default(), CrossEntropy::default());
    let mut fit = Fit::epochs(1).batch_size(64).progress(Progress::Silent).workers(workers);
    if let Some(pipeline) = augmented {
        fit = fit.augment(move |x, y, draw| Ok((pipeline.tensor(x, draw)?, y)));
    }
    let start = Instant::now();
    trainer.fit(data, fit)?;
    Ok(start.elapsed().as_secs_f64())
}

/// The median of all but the first.
fn median(mut times: Vec<f64>) -> f64 {
    times.remove(0);
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
