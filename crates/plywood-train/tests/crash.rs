//! Power that goes, disks that break and run full: what is loaded afterwards is the old state or the new one.

use crate::common::{quiet, ring};
use crate::simulated::{Call, Failure, Lost, Operation, Simulated};
use plywood_losses::BinaryCrossEntropyWithLogits;
use plywood_nn::Linear;
use plywood_optim::Adam;
use plywood_tensor::{Result, Seed};
use plywood_train::{Callback, Checkpoints, Fit, Flow, Status, Trainer, on_batch_end, weights_hash};
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

/// Whether a call removes an old checkpoint: first its name, then all of it.
fn removes(Call(method, path): &Call) -> bool {
    let old = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(".unfinished-old-"));
    old && ["rename_folder", "remove_folder"].contains(method)
}

/// Whether a call may be one on the way to it: the folder is listed, and the change of the name brought to the disk.
fn may_remove(call: &Call) -> bool {
    removes(call) || ["list", "sync_folder"].contains(&call.0)
}

/// Fails a call of a run, and says what became of it; none if the run makes fewer calls.
fn broken(failure: Failure, background: bool, whole: &Net) -> bool {
    let fs = Simulated::failing(failure);
    let checkpoints = Checkpoints::new(FOLDER).every_steps(1).keep_last(2).on(fs.clone());
    let checkpoints = if background { checkpoints.in_background() } else { checkpoints };
    let mut trainer = net();
    let outcome = trainer.fit(&ring(32), quiet(2).batch_size(8).checkpoints(checkpoints));
    let reached = fs.calls() > failure.call;
    let place = format!("{failure:?}, background {background}, {:?}", fs.failed());
    match outcome {
        // What is old already may stay for a while.
        Ok(_) if reached => {
            assert!(fs.failed().is_some_and(|call| may_remove(&call)), "{place}: no error");
            assert!(fs.log().iter().filter_map(named).eq(1..=STEPS), "{place}");
            let left = fs.names(FOLDER).len() - 2;
            assert!(left <= 1 && trainer.not_removed().len() >= left, "{place}: {:?}", fs.names(FOLDER));
        }
        Ok(_) => {}
        Err(error) => {
            let text = error.to_string();
            let kind = format!(": {}", std::io::Error::from(failure.kind));
            // A file, its folder, or the folder above.
            assert!(text.starts_with("runs") && text.ends_with(&kind), "{place}: {text}");
            assert!(failure.sticky || !fs.failed().is_some_and(|call| removes(&call)), "{place}: {text}");
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

/// An old checkpoint that somebody else has open, or on a share that lets nobody remove anything.
#[test]
fn what_cannot_be_removed_ends_no_training_and_is_tried_again() {
    let mut whole = net();
    whole.fit(&ring(32), quiet(2).batch_size(8)).unwrap();
    let step = |step: u64| format!("step-{step:010}");
    // The loss falls: the best, of those at the end of an epoch, is among the newest at the end.
    let newest = [step(7), step(8)];
    type Refuses = fn(&Call) -> bool;
    let rows: [(&str, Refuses, &str); 3] = [
        ("its name stays", |call| call.0 == "rename_folder" && removes(call), ""),
        ("its name is lost", |call| call.0 == "remove_folder", ".unfinished-old-"),
        // Which one is the best cannot be told.
        (
            "it cannot be read",
            |call| call.0 == "read" && call.1.ends_with("step-0000000001/MANIFEST.json"),
            "",
        ),
    ];
    for (name, refuses, prefix) in rows {
        for background in [false, true] {
            for mended in [Some(5), None] {
                let place = format!("{name}, background {background}, mended {mended:?}");
                let fs = Simulated::new();
                fs.refuse(refuses);
                let mend = on_batch_end(|status| {
                    if Some(status.step) == mended {
                        fs.mend();
                    }
                });
                let checkpoints = Checkpoints::new(FOLDER).every_steps(1).keep_best("loss").on(fs.clone());
                let checkpoints = if background { checkpoints.in_background() } else { checkpoints };
                let mut trainer = net();
                let fit = quiet(2).batch_size(8).checkpoints(checkpoints.clone()).callback(mend);
                trainer.fit(&ring(32), fit).unwrap_or_else(|error| panic!("{place}: {error}"));
                assert_eq!(weights_hash(trainer.model()), weights_hash(whole.model()), "{place}");
                let names = || -> Vec<String> { fs.names(FOLDER) };
                let left: Vec<String> = (1..=6).map(|old| format!("{prefix}{}", step(old))).collect();
                if mended.is_none() {
                    let mut expected = [&left[..], &newest].concat();
                    expected.sort();
                    assert_eq!(names(), expected, "{place}");
                    let texts: Vec<String> = trainer.not_removed().iter().map(ToString::to_string).collect();
                    assert!(!texts.is_empty(), "{place}");
                    for text in texts {
                        assert!(text.starts_with(&format!("{FOLDER}/")), "{place}: {text}");
                        assert!(text.ends_with(": permission denied"), "{place}: {text}");
                    }
                    // Nor does it keep the next run from beginning.
                    let mut again = net();
                    assert_eq!(again.resume_on(&fs, FOLDER).unwrap().steps, STEPS, "{place}");
                    let mend = on_batch_end(|status| {
                        if status.step == 10 {
                            fs.mend();
                        }
                    });
                    let fit = quiet(3).batch_size(8).checkpoints(checkpoints).callback(mend);
                    again.fit(&ring(32), fit).unwrap_or_else(|error| panic!("{place}: {error}"));
                    assert!(again.not_removed().is_empty(), "{place}");
                    assert_eq!(names(), [step(11), step(12)], "{place}");
                } else {
                    assert_eq!((trainer.not_removed(), names()), (&[][..], newest.to_vec()), "{place}");
                }
            }
        }
    }
}
