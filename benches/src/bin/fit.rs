//! The time of a whole `fit` as a user calls it: the program that `peers/keras_fit.py` runs in Keras.
//!
//! `cargo run --release -p plywood-benches --bin fit -- [--threads N] [--seconds S]`
//!
//! 569 samples of 30 features, 455 to train and 114 to validate, 128-64-1 with a sigmoid, Adam, binary cross entropy, accuracy,
//! ten epochs in batches of 32, silent. The first call warms up; the later ones are timed, each ten more epochs.

use plywood::prelude::*;
use plywood_benches::{Arguments, time};

fn main() -> Result<()> {
    let arguments = Arguments::parse("fit [--threads N] [--seconds S]", &[]);
    let count = arguments.threads.unwrap_or(1);
    let (train, validation) = (samples(455, 0)?, samples(114, 1)?);
    let model =
        Sequential::input([30]).linear(128).relu().linear(64).relu().linear(1).sigmoid().build(Seed(7))?;
    let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropy).metric(Accuracy);
    let mut fit = move || {
        let fit = Fit::epochs(10).batch_size(32).validation(&validation).progress(Progress::Silent);
        trainer.fit(&train, fit).map(|_| ())
    };
    let timing = Threads::new(count)?.install(|| {
        let mut result = fit();
        let timing = time(arguments.seconds.unwrap_or(1.0), || {
            if let Err(error) = fit() {
                result = Err(error);
            }
        });
        result.map(|()| timing)
    })?;
    println!(
        "{:16} plywood {:28} t={count} median {:12.1} us  best {:12.1} us  n={}",
        "fit",
        concat!(env!("CARGO_PKG_VERSION"), " "),
        timing.median,
        timing.best,
        timing.count
    );
    Ok(())
}

/// Normal features; the class is the sign of the sum of the first five.
fn samples(count: usize, branch: u64) -> Result<ArrayDataset<Tensor, IntTensor>> {
    let x = Tensor::normal([count, 30], 0.0, 1.0, &Seed(1).stream().at(branch))?;
    let rows = x.as_slice().chunks(30);
    let labels = rows.map(|row| i64::from(row[..5].iter().sum::<Elem>() > 0.0)).collect();
    ArrayDataset::new(x, IntTensor::from_vec(labels, [count])?)
}
