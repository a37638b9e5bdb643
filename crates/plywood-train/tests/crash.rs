//! Power that goes, disks that break and run full: what is loaded afterwards is the old state or the new one.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod common;
mod simulated;

use common::{quiet, ring};
use plywood_losses::BinaryCrossEntropyWithLogits;
use plywood_nn::Linear;
use plywood_optim::Adam;
use plywood_tensor::{Result, Seed};
use plywood_train::{Callback, Checkpoints, Fit, Flow, Status, Trainer, weights_hash};
use simulated::{Failure, Lost, Operation, Simulated};
use std::collections::BTreeMap;
use std::io::ErrorKind;

type Net = Trainer<Linear>;

const FOLDER: &str = "runs/net";
const STEPS: u64 = 8;

fn net() -> Net {
    Trainer::compile(
        Linear::new(2, 1, &Seed(7).stream()).unwrap(),
        Adam::new(0.02),
        BinaryCrossEntropyWithLogits,
    )
}

/// Two epochs of four steps, each saved.
fn fit<'a>(fs: &Simulated) -> Fit<'a> {
    quiet(2).batch_size(8).checkpoints(Checkpoints::new(FOLDER).every_steps(1).keep_last(2).on(fs.clone()))
}

/// The weights after each step.
#[derive(Default)]
struct Weights(BTreeMap<u64, u64>);

impl Callback for Weights {
    fn on_batch_end(&mut self, status: &mut Status<'_>) -> Result<Flow> {
        self.0.insert(status.step, weights_hash(&*status.model));
        Ok(Flow::Continue)
    }
}

/// The operations of a run, and its weights after each step.
fn recorded(fs: &Simulated) -> (Vec<Operation>, BTreeMap<u64, u64>) {
    let mut weights = Weights::default();
    weights.0.insert(0, weights_hash(net().model()));
    net().fit(&ring(32), fit(fs).callback(&mut weights)).unwrap();
    assert_eq!(weights.0.len() as u64, STEPS + 1);
    (fs.log(), weights.0)
}

/// The step whose checkpoint gets its name by this operation.
fn named(operation: &Operation) -> Option<u64> {
    let Operation::Name { added: Some((name, _)), .. } = operation else { return None };
    name.strip_prefix("step-")?.parse().ok()
}

/// What may be kept of so many names: every choice of a few, and of many the first ones, all but one, or only one.
fn choices(pending: usize) -> Vec<u64> {
    let all = (1_u64 << pending) - 1;
    if pending <= 6 {
        return (0..=all).collect();
    }
    let one = (0..pending).map(|bit| 1_u64 << bit);
    one.flat_map(|bit| [bit, all & !bit, bit - 1]).chain([all]).collect()
}

/// For every prefix of the operations and every kind of loss, what is loaded; the first that is wrong.
fn check(log: &[Operation], weights: &BTreeMap<u64, u64>) -> std::result::Result<usize, String> {
    let (mut sure, mut possible, mut loaded) = (0, 0, 0);
    for end in 0..=log.len() {
        match end.checked_sub(1).map(|last| &log[last]) {
            Some(Operation::SyncFolder(_)) => sure = possible,
            Some(operation) => possible = named(operation).unwrap_or(possible),
            None => {}
        }
        let done = &log[..end];
        for lost in [Lost::Everything, Lost::Torn, Lost::Half, Lost::Nothing] {
            for kept in choices(Simulated::pending(done)) {
                let fs = Simulated::after_crash(done, lost, kept);
                let mut trainer = net();
                let place = format!("after {end} operations, lost {lost:?}, names {kept:b}");
                let resumed = trainer.resume_on(&fs, FOLDER).map_err(|error| format!("{place}: {error}"))?;
                let allowed = [sure, possible].contains(&resumed.steps) && resumed.skipped.is_empty();
                if !allowed || weights_hash(trainer.model()) != weights[&resumed.steps] {
                    return Err(format!("{place}: {resumed}, expected step {sure} or {possible}"));
                }
                loaded += 1;
                // A program that starts again goes on with what it finds, whatever was left behind.
                if lost == Lost::Half && kept % 3 == 0 {
                    trainer.fit(&ring(32), fit(&fs)).map_err(|error| format!("{place}: {error}"))?;
                    if weights_hash(trainer.model()) != weights[&STEPS] {
                        return Err(format!("{place}: it ends with other weights"));
                    }
                }
            }
        }
    }
    Ok(loaded)
}

#[test]
fn after_a_crash_the_old_state_or_the_new_one_is_loaded() {
    let (log, weights) = recorded(&Simulated::new());
    let loaded = check(&log, &weights).unwrap();
    assert!(loaded > 5_000, "{loaded}");
}

#[test]
fn a_disk_that_only_claims_to_synchronise_is_found_out() {
    let (log, weights) = recorded(&Simulated::forgetful());
    check(&log, &weights).unwrap_err();
}

/// Fails a call of a run, and says what became of it; none if the run makes fewer calls.
fn broken(failure: Failure, background: bool, whole: &Net) -> bool {
    let fs = Simulated::failing(failure);
    let checkpoints = Checkpoints::new(FOLDER).every_steps(1).keep_last(2).on(fs.clone());
    let checkpoints = if background { checkpoints.in_background() } else { checkpoints };
    let outcome = net().fit(&ring(32), quiet(2).batch_size(8).checkpoints(checkpoints));
    let reached = fs.calls() > failure.call;
    let place = format!("{failure:?}, background {background}");
    match outcome {
        Ok(_) => assert!(!reached, "{place}: no error"),
        Err(error) => {
            let text = error.to_string();
            let kind = format!(": {}", std::io::Error::from(failure.kind));
            // A file, its folder, or the folder above.
            assert!(text.starts_with("runs") && text.ends_with(&kind), "{place}: {text}");
        }
    }
    fs.mend();
    // The program starts again, on a disk that works: what had its name, for sure, is there.
    let (mut sure, mut possible) = (0, 0);
    for operation in fs.log() {
        match operation {
            Operation::SyncFolder(_) => sure = possible,
            operation => possible = named(&operation).unwrap_or(possible),
        }
    }
    let mut again = net();
    let resumed = again.resume_on(&fs, FOLDER).unwrap();
    assert!(resumed.skipped.is_empty() && resumed.steps >= sure, "{place}: {resumed}, expected step {sure}");
    again.fit(&ring(32), fit(&fs)).unwrap();
    assert_eq!(weights_hash(again.model()), weights_hash(whole.model()), "{place}");
    assert_eq!(again.optimizer().state_dict(), whole.optimizer().state_dict(), "{place}");
    reached
}

#[test]
fn whichever_call_fails_the_run_can_be_resumed() {
    let mut whole = net();
    whole.fit(&ring(32), quiet(2).batch_size(8)).unwrap();
    for kind in [ErrorKind::StorageFull, ErrorKind::BrokenPipe] {
        for sticky in [false, true] {
            let calls =
                (0..).take_while(|&call| broken(Failure { call, kind, sticky }, false, &whole)).count();
            assert!(calls > 200, "{calls}");
        }
    }
    // How many saves the thread makes depends on its pace: some calls of every kind are among the first.
    for call in 0..60 {
        broken(Failure { call, kind: ErrorKind::StorageFull, sticky: true }, true, &whole);
    }
}
