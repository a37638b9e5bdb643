//! Checkpoints of every format that was ever written can be read. `formats/N` has one of format N, for each width of numbers.
//!
//! A new format needs a sample: `PLYWOOD_WRITE_SAMPLE=1 cargo test -p plywood-train --test formats`, and the same with
//! `cargo test-f64`, writes the one that is not there. Those of older formats stay as they are.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod common;

use common::{folder, quiet, ring};
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits, RocAuc};
use plywood_nn::{Parameters, Sequential, StateDict};
use plywood_optim::{Adam, Average, Optimizer};
use plywood_tensor::{Elem, Error, Float, Seed};
use plywood_train::{
    Checkpoints, CsvLog, EarlyStopping, Fit, ReduceOnPlateau, Trainer, on_batch_end, weights_hash,
};
use std::path::{Path, PathBuf};

/// The step at which the sample was saved: in the midst of the second epoch of nine steps, and of an accumulated step.
const STEPS: u64 = 13;

/// With running statistics, gradients that wait, and metrics that keep what they have seen.
fn trainer() -> Trainer<Sequential> {
    let model = Sequential::input([2]).linear(4).batch_norm1d().tanh().dropout(0.1).linear(1);
    let optimizer = Optimizer::new(Adam::new(0.02)).accumulate(2).clip_global_norm(0.5);
    Trainer::compile(model.build(Seed(7)).unwrap(), optimizer, BinaryCrossEntropyWithLogits)
        .metric(Accuracy.threshold(0.0))
        .metric(RocAuc)
}

/// With everything that is in a checkpoint: a mean, a plateau, best weights, the place in a log.
fn fit(log: &Path) -> Fit<'static> {
    let plateau = ReduceOnPlateau::new("validation loss").patience(1).factor(0.5).unwrap();
    let stopping = EarlyStopping::new("validation loss").patience(9).restore_best_weights();
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
    }
    assert!(to.exists(), "format {format} has no sample in {}", to.display());
    let mut formats: Vec<u64> = std::fs::read_dir(samples())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_str().unwrap().parse().unwrap())
        .collect();
    formats.sort_unstable();
    assert_eq!(formats, (1..=format).collect::<Vec<_>>());
}

/// Other versions may round otherwise: the bits are those of the sample where it begins, and close to those of a whole run in the
/// end.
#[test]
fn a_run_goes_on_from_every_format() {
    let data = ring(96);
    let logs = folder("formats-log");
    let mut whole = trainer();
    whole.fit(&data, fit(&logs)).unwrap();
    for format in std::fs::read_dir(samples()).unwrap() {
        let format: u64 = format.unwrap().file_name().to_str().unwrap().parse().unwrap();
        let folder = folder("formats-read");
        copy(&sample(format), &folder.join(format!("step-{STEPS:010}")));

        let mut trainer = trainer();
        let resumed = trainer.resume(&folder).unwrap();
        assert_eq!((resumed.steps, resumed.skipped.len(), trainer.history().len()), (STEPS, 0, 1));
        let mut stored = Sequential::input([2])
            .linear(4)
            .batch_norm1d()
            .tanh()
            .dropout(0.1)
            .linear(1)
            .build(Seed(1))
            .unwrap();
        let weights = StateDict::load_safetensors(sample(format).join("model.safetensors")).unwrap();
        stored.load_state_dict(&weights).unwrap();
        assert_eq!(weights_hash(trainer.model()), weights_hash(&stored));

        trainer.fit(&data, fit(&logs)).unwrap();
        assert_eq!((trainer.steps(), trainer.history().len()), (whole.steps(), 4));
        let pairs = trainer.history().epochs().iter().zip(whole.history().epochs());
        for (got, expected) in pairs.flat_map(|(got, expected)| got.iter().zip(expected.iter())) {
            assert!(got.0 == expected.0 && (got.1 - expected.1).abs() < 1e-4, "{got:?} {expected:?}");
        }
        for ((path, got), (_, expected)) in
            trainer.model().named_parameters().iter().zip(whole.model().named_parameters())
        {
            let pairs = got.value().as_slice().iter().zip(expected.value().as_slice());
            for (got, expected) in pairs {
                assert!((got - expected).abs().to_f64() < 1e-4, "{path}: {got} {expected}");
            }
        }
    }
}
