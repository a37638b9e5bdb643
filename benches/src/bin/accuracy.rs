//! How well networks learn the 10 000 digits of `examples/data`, which `peers/torch_accuracy.py` measures alike in PyTorch.
//!
//! `cargo run --release -p plywood-benches --bin accuracy -- [folds] [paired] [--augment] [--threads N]`
//!
//! - `folds`: the network of the example `mnist`, trained five times for ten epochs on four fifths, and judged on the rest. With
//!   `--augment` digits are turned, moved and stretched a little, for twenty epochs in which the rate rises and falls.
//! - `paired`: the ResNet of 20 layers, trained from five seeds with and without products in fewer multiplications.

use plywood::augment::{Affine, Pipeline};
use plywood::nn::{ResNet, ResNetConfig};
use plywood::optim::schedules::OneCycle;
use plywood::prelude::*;
use plywood_benches::Arguments;

const FOLDS: usize = 5;
/// Epochs on augmented digits.
const AUGMENTED: usize = 20;

fn main() -> Result<()> {
    let usage = "accuracy [folds] [paired] [--augment] [--threads N]";
    let arguments = Arguments::parse(usage, &["augment"]);
    let wanted = |name: &str| arguments.names.is_empty() || arguments.names.iter().any(|n| n == name);
    let data = digits()?;
    Threads::new(arguments.threads.unwrap_or(2))?.install(|| {
        if wanted("folds") {
            let name = if arguments.has("augment") { "folds, augmented" } else { "folds" };
            let scores = (0..FOLDS).map(|fold| folded(&data, fold, arguments.has("augment")));
            tell(name, &scores.collect::<Result<Vec<f64>>>()?);
        }
        if wanted("paired") {
            let differences = (0..5).map(|seed| {
                let [exact, fast] = [true, false].map(|exact| residual(&data, seed, exact));
                Ok(fast? - exact?)
            });
            tell("paired, fast - exact", &differences.collect::<Result<Vec<f64>>>()?);
        }
        Ok(())
    })
}

/// All 10 000, as pixels between 0 and 1.
fn digits() -> Result<ArrayDataset<Tensor, IntTensor>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/data/mnist");
    let (first, second) = datasets::mnist(folder)?;
    let (first, second) = (first.batch(&all(first.len()))?, second.batch(&all(second.len()))?);
    ArrayDataset::new(
        Tensor::concat(&[&first.x, &second.x], 0)?,
        IntTensor::concat(&[&first.y, &second.y], 0)?,
    )
}

fn all(count: usize) -> Vec<usize> {
    (0..count).collect()
}

/// The samples of a fold, and all others.
fn split(
    data: &ArrayDataset<Tensor, IntTensor>,
    fold: usize,
) -> Result<[ArrayDataset<Tensor, IntTensor>; 2]> {
    let (held, rest): (Vec<usize>, Vec<usize>) = (0..data.len()).partition(|i| i % FOLDS == fold);
    Ok([data.select(&rest)?, data.select(&held)?])
}

/// The share of a fold that is told right, in percent.
fn folded(data: &ArrayDataset<Tensor, IntTensor>, fold: usize, augment: bool) -> Result<f64> {
    let [train, test] = split(data, fold)?;
    // That of the example, and of `peers/torch_accuracy.py`: what is changed here is changed there.
    let model = Sequential::input([28, 28, 1])
        .conv2d(32, 3)
        .batch_norm2d()
        .relu()
        .max_pool2d(2)
        .conv2d(64, 3)
        .batch_norm2d()
        .relu()
        .max_pool2d(2)
        .flatten()
        .dropout(0.3)
        .linear(128)
        .relu()
        .dropout(0.3)
        .linear(10)
        .build(Seed(fold as u64))?;
    let (epochs, rate) = if augment { (AUGMENTED, 3e-3) } else { (10, 1e-3) };
    let mut fit = Fit::epochs(epochs).batch_size(64).seed(Seed(fold as u64)).progress(Progress::Silent);
    if augment {
        let handwriting = Affine::new(10.0)?.translate(0.08, 0.08)?.scale(0.9..=1.1)?.shear(8.0, 0.0)?;
        let pipeline = Pipeline::builder().then(handwriting).build()?;
        fit = fit.workers(1).augment(move |x, y, draw| Ok((pipeline.tensor(x, draw)?, y)));
        fit = fit.schedule(OneCycle::new(AUGMENTED as f64)?);
    }
    let mut trainer = Trainer::compile(model, Adam::new(rate), CrossEntropy::default()).metric(Accuracy);
    trainer.fit(&train, fit)?;
    accuracy(&trainer, &test, &format!("fold {fold}"))
}

/// The same for a ResNet on the first fold.
fn residual(data: &ArrayDataset<Tensor, IntTensor>, seed: u64, exact: bool) -> Result<f64> {
    let [train, test] = split(data, 0)?;
    let config = ResNetConfig { exact, ..ResNetConfig::resnet20(10) };
    let model = ResNet::new(1, config, &Seed(seed).stream())?;
    let fit = Fit::epochs(5).batch_size(64).seed(Seed(seed)).progress(Progress::Silent);
    let fit = fit.schedule(OneCycle::new(5.0)?);
    let mut trainer =
        Trainer::compile(model, Sgd::new(0.1).momentum(0.9), CrossEntropy::default()).metric(Accuracy);
    trainer.fit(&train, fit)?;
    accuracy(&trainer, &test, &format!("seed {seed}, {}", if exact { "exact" } else { "fast" }))
}

fn accuracy<M: Module>(
    trainer: &Trainer<M>,
    test: &ArrayDataset<Tensor, IntTensor>,
    name: &str,
) -> Result<f64> {
    let share = 100.0 * trainer.evaluate(test)?.get("accuracy").unwrap_or(f64::NAN);
    println!("{name}: {share:.2} %");
    Ok(share)
}

/// The mean, and the standard error that it has.
fn tell(name: &str, scores: &[f64]) {
    let count = scores.len() as f64;
    let mean = scores.iter().sum::<f64>() / count;
    let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / (count - 1.0);
    println!("{name}: mean {mean:.3} %, standard error {:.3}", (variance / count).sqrt());
}
