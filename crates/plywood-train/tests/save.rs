//! Stopping, saving, loading and going on.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod common;

use common::{RingTrainer, quiet, ring, trainer};
use plywood_train::{Fit, TrainError, weights_hash};
use std::path::PathBuf;

fn folder(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn save(trainer: &RingTrainer, name: &str) -> (PathBuf, PathBuf) {
    let folder = folder(name);
    let (weights, state) = (folder.join("weights.safetensors"), folder.join("run.state"));
    trainer.save_weights(&weights).unwrap();
    trainer.save_state(&state).unwrap();
    (weights, state)
}

#[test]
fn a_run_that_is_continued_ends_in_the_same_bits() {
    let data = ring(100);
    let fit = |epochs| -> Fit<'_> { quiet(epochs).validation_split(0.2) };
    let mut whole = trainer();
    whole.fit(&data, fit(6)).unwrap();

    let mut first = trainer();
    first.fit(&data, fit(4)).unwrap();
    let (weights, state) = save(&first, "continued");
    drop(first);
    let mut second = trainer();
    second.load_weights(&weights).unwrap();
    second.load_state(&state).unwrap();
    let done = second.history().last().unwrap().epoch;
    second.fit(&data, fit(6).initial_epoch(done)).unwrap();

    assert_eq!(weights_hash(second.model()), weights_hash(whole.model()));
    assert_eq!(second.steps(), whole.steps());
    for name in ["loss", "accuracy", "validation loss", "validation accuracy", "learning rate"] {
        assert_eq!(second.history().series(name), whole.history().series(name), "{name}");
    }
}

#[test]
fn states_that_do_not_belong_are_refused() {
    let mut trained = trainer();
    trained.fit(&ring(64), quiet(1)).unwrap();
    let (weights, state) = save(&trained, "refused");

    let mut fresh = trainer();
    let error = fresh.load_state(&state).unwrap_err();
    assert_eq!(error.source_as(), Some(&TrainError::OtherWeights));
    let text = "the training state belongs to other weights: load the weights that were saved with it first";
    assert_eq!(error.to_string(), text);
    assert_eq!(fresh.steps(), 0);

    let error = fresh.load_state(&weights).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: not a file of plywood", weights.display()));
    let error = fresh.load_state("no/such.state").unwrap_err();
    assert_eq!(error.to_string(), "no/such.state: entity not found");

    let mut bytes = std::fs::read(&state).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    let damaged = state.with_file_name("damaged.state");
    std::fs::write(&damaged, bytes).unwrap();
    let error = fresh.load_state(&damaged).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("{}: the checksum differs: the file is damaged", damaged.display())
    );
}

#[test]
fn a_history_survives_json_even_with_nan() {
    let mut trainer = trainer();
    trainer.fit(&ring(64), quiet(2).validation_split(0.5)).unwrap();
    let text = serde_json::to_string(trainer.history()).unwrap();
    assert_eq!(&serde_json::from_str::<plywood_train::History>(&text).unwrap(), trainer.history());

    let undefined = plywood_train::Evaluation::new(0.5, [("roc auc".to_owned(), f64::NAN)], 3);
    let text = serde_json::to_string(&undefined).unwrap();
    let back: plywood_train::Evaluation = serde_json::from_str(&text).unwrap();
    assert!(back.get("roc auc").unwrap().is_nan());
}
