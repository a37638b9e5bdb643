//! Checkpoints of every format that was ever written can be read. `formats/N` has one of format N, for each width of numbers.
//!
//! A new format needs a sample: `PLYWOOD_WRITE_SAMPLE=1 cargo test -p plywood-train formats`, and the same with
//! `cargo test-f64`, writes the one that is not there; the test that reads it may fail that one time. Those of older formats stay as they are.

use crate::common::{folder, quiet, ring};
use plywood_autograd::BufferValue;
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits, RocAuc};
use plywood_nn::{LinearConfig, Parameters, Sequential};
use plywood_optim::{Adam, Average, Optimizer};
use plywood_tensor::{Elem, Error, Float, Seed};
use plywood_train::{
    Checkpoints, CsvLog, EarlyStopping, Fit, ReduceOnPlateau, Trainer, on_batch_end, weights_hash,
};
use std::path::{Path, PathBuf};

/// The step at which the sample was saved: in the midst of the second epoch of nine steps, and of an accumulated step.
const STEPS: u64 = 13;

/// With running statistics, gradients that wait, and metrics that keep what they have seen.
///
/// Without a bias in front of the normalisation: its gradient would be what rounding leaves of 0, of which Adam makes whole steps.
fn trainer() -> Trainer<Sequential> {
    let first = LinearConfig { bias: false, ..LinearConfig::new(4) };
    let model = Sequential::input([2]).linear_with(first).batch_norm1d().tanh().dropout(0.1).linear(1);
    let optimizer = Optimizer::new(Adam::new(0.02)).accumulate(2).clip_global_norm(0.5);
    Trainer::compile(model.build(Seed(7)).unwrap(), optimizer, BinaryCrossEntropyWithLogits)
        .metric(Accuracy.threshold(0.0))
        .metric(RocAuc)
}

/// With everything that is in a checkpoint: a mean, a plateau, best weights, the place in a log.
fn fit(log: &Path) -> Fit<'static> {
    let plateau = ReduceOnPlateau::new("validation loss").patience(1).factor(0.5).unwrap();
    let stopping = EarlyStopping::new("validation loss").patience(9);
    let fit = quiet(4).batch_size(8).validation_split(0.25).seed(Seed(11));
    fit.average(Average::exponential(0.9).buffers())
        .callback(plateau)
        .callback(stopping)
        .callback(CsvLog::new(log.join("log.csv")))
}

fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("formats")
}

/// That of a format, for numbers as this program has them.
fn sample(format: u64) -> PathBuf {
    samples().join(format.to_string()).join(format!("f{}", 8 * size_of::<Elem>()))
}

/// Writes a checkpoint and returns its format.
fn write(folder: &Path) -> u64 {
    let killed =
        on_batch_end(|status| if status.step == STEPS + 1 { Err(Error::new("killed")) } else { Ok(()) });
    let checkpoints = Checkpoints::new(folder).every_steps(STEPS).every_epochs(100);
    let log = folder.with_extension("log");
    std::fs::create_dir_all(&log).unwrap();
    let error = trainer().fit(&ring(96), fit(&log).checkpoints(checkpoints).callback(killed)).unwrap_err();
    assert_eq!(error.to_string(), "killed");
    let manifest = folder.join(format!("step-{STEPS:010}")).join("MANIFEST.json");
    let manifest: serde_json::Value = serde_json::from_slice(&std::fs::read(manifest).unwrap()).unwrap();
    manifest["format"].as_u64().unwrap()
}

/// Copies the files of a checkpoint, all of which lie in one folder.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in std::fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
}

#[test]
fn the_format_that_is_written_has_a_sample_and_none_is_newer() {
    let written = folder("formats-written");
    let format = write(&written);
    let to = sample(format);
    if std::env::var_os("PLYWOOD_WRITE_SAMPLE").is_some() && !to.exists() {
        copy(&written.join(format!("step-{STEPS:010}")), &to);
        let mut trainer = trainer();
        let _ = trainer.resume(&written).unwrap();
        std::fs::write(to.with_extension("hash"), weights_hash(trainer.model()).to_string()).unwrap();
    }
    assert!(to.exists(), "format {format} has no sample in {}", to.display());
    let mut formats: Vec<u64> = std::fs::read_dir(samples())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    formats.sort_unstable();
    assert_eq!(formats, (1..=format).collect::<Vec<_>>());
}

/// The bits are those of the sample where it begins. In the end they are close to those of a whole run: the sample of format 1 was
/// written by the first program that had one. That one rounds steps of Adam otherwise, of which three epochs make no more than a few
/// units of the last place of numbers near 1, and leaves out of the manifest what was added later.
#[test]
fn a_run_goes_on_from_every_format() {
    const CLOSE: f64 = if size_of::<Elem>() == 4 { 1e-5 } else { 1e-13 };
    let data = ring(96);
    let logs = folder("formats-log");
    let mut whole = trainer();
    whole.fit(&data, fit(&logs)).unwrap();
    for format in std::fs::read_dir(samples()).unwrap() {
        let format: u64 = format.unwrap().file_name().to_str().unwrap().parse().unwrap();
        let folder = folder("formats-read");
        copy(&sample(format), &folder.join(format!("step-{STEPS:010}")));
        let hash = std::fs::read_to_string(sample(format).with_extension("hash")).unwrap();

        let mut trainer = trainer();
        let resumed = trainer.resume(&folder).unwrap();
        assert_eq!((resumed.steps, resumed.skipped.len(), trainer.history().len()), (STEPS, 0, 1));
        assert_eq!(resumed.differences, []);
        assert_eq!(weights_hash(trainer.model()).to_string(), hash);

        trainer.fit(&data, fit(&logs)).unwrap();
        assert_eq!(trainer.steps(), whole.steps());
        let log = std::fs::read_to_string(logs.join("log.csv")).unwrap();
        let epochs: Vec<&str> = log.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(epochs, ["epoch", "1", "2", "3", "4"]);
        let of_epochs = |trainer: &Trainer<Sequential>| -> Vec<(String, f64)> {
            trainer.history().epochs().iter().flat_map(|epoch| epoch.iter().collect::<Vec<_>>()).collect()
        };
        let (got, expected) = (of_epochs(&trainer), of_epochs(&whole));
        assert_eq!(got.len(), expected.len());
        for (got, expected) in got.iter().zip(&expected) {
            // A share of samples moves by one of them when one logit changes its sign.
            let close = if got.0.ends_with("loss") || got.0.ends_with("norm") || got.0.ends_with("rate") {
                CLOSE
            } else {
                0.06
            };
            assert!(got.0 == expected.0 && (got.1 - expected.1).abs() < close, "{got:?} {expected:?}");
        }
        let (got, expected) = (trainer.model().state_dict().0, whole.model().state_dict().0);
        assert!(got.keys().eq(expected.keys()));
        for ((path, got), expected) in got.iter().zip(expected.values()) {
            let (BufferValue::Float(got), BufferValue::Float(expected)) = (got, expected) else {
                assert_eq!(got, expected, "{path}");
                continue;
            };
            assert_eq!(got.shape(), expected.shape(), "{path}");
            for (got, expected) in got.as_slice().iter().zip(expected.as_slice()) {
                assert!((got - expected).abs().to_f64() < CLOSE, "{path}: {got} {expected}");
            }
        }
    }
}
