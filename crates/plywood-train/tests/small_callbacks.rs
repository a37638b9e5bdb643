//! Closures, files and clocks that watch a training.

use crate::common::{folder, quiet, ring, trainer};
use plywood_tensor::{Error, Result};
use plywood_train::{
    Callback, EarlyStopping, Flow, Resources, Status, StopFile, TimeLimit, on_batch_end, on_epoch_end,
    on_train_begin, on_train_end, weights_hash,
};
use std::cell::RefCell;
use std::time::Duration;

#[test]
fn closures_are_called_at_their_moment_and_may_return_what_they_like() {
    let log = RefCell::new(Vec::new());
    let note = |what: &str, status: &Status<'_>| log.borrow_mut().push(format!("{what} {}", status.step));
    // Nothing, a flow, and results of both.
    let fit = quiet(2)
        .callback(on_train_begin(|status| note("begins", status)))
        .callback(on_batch_end(|status| {
            note("batch", status);
            Flow::Continue
        }))
        .callback(on_epoch_end(|status| -> Result<()> {
            note("epoch", status);
            Ok(())
        }))
        .callback(on_train_end(|status| -> Result<Flow> {
            note("ends", status);
            Ok(Flow::Stop)
        }));
    trainer().fit(&ring(40), fit).unwrap();
    let expected = ["begins 0", "batch 1", "batch 2", "epoch 2", "batch 3", "batch 4", "epoch 4", "ends 4"];
    assert_eq!(log.into_inner(), expected);
}

#[test]
fn closures_stop_and_fail() {
    let data = ring(40);
    let rows: [(Box<dyn Callback>, u64); 3] = [
        (Box::new(on_train_begin(|_| Flow::Stop)), 0),
        (Box::new(on_batch_end(|status| if status.step == 3 { Flow::Stop } else { Flow::Continue })), 3),
        (Box::new(on_epoch_end(|_| Flow::Stop)), 2),
    ];
    for (callback, steps) in rows {
        let mut trainer = trainer();
        trainer.fit(&data, quiet(5).callback(callback)).unwrap();
        assert_eq!(trainer.steps(), steps);
    }
    for callback in [
        Box::new(on_train_begin(|_| Err::<(), _>(Error::new("enough")))) as Box<dyn Callback>,
        Box::new(on_batch_end(|_| Err::<(), _>(Error::new("enough")))),
        Box::new(on_epoch_end(|_| Err::<Flow, _>(Error::new("enough")))),
        Box::new(on_train_end(|_| Err::<(), _>(Error::new("enough")))),
    ] {
        assert_eq!(trainer().fit(&data, quiet(1).callback(callback)).unwrap_err().to_string(), "enough");
    }
}

#[test]
fn the_status_tells_of_the_batch_and_of_metrics_so_far() {
    let data = ring(40);
    let seen = RefCell::new(Vec::new());
    let watch = on_batch_end(|status| {
        seen.borrow_mut().push((status.samples, status.loss, status.batch_loss, status.metrics()));
    });
    let history = trainer().fit(&data, quiet(1).callback(watch)).unwrap();
    let [first, second] = &seen.into_inner()[..] else { panic!("two batches") };
    assert_eq!((first.0, second.0), (32, 40));
    assert_eq!(first.1, first.2);
    let mean = (32.0 * first.2 + 8.0 * second.2) / 40.0;
    assert!((second.1 - mean).abs() < 1e-12);
    let record = history.last().unwrap();
    assert_eq!(second.3, [("accuracy".to_owned(), record.get("accuracy").unwrap())]);
    assert_ne!(first.3, second.3);
}

#[test]
fn a_file_stops_the_training_and_is_gone() {
    let (data, path) = (ring(40), folder("stop-file").join("stop"));
    // One that was left from before does not count.
    std::fs::write(&path, "").unwrap();
    let mut whole = trainer();
    whole.fit(&data, quiet(3).callback(StopFile::new(&path))).unwrap();
    assert_eq!((whole.steps(), path.exists()), (6, false));

    let touch = |step| {
        let path = path.clone();
        on_batch_end(move |status| {
            if status.step == step {
                std::fs::write(&path, "").unwrap();
            }
        })
    };
    let stopped = |fit: plywood_train::Fit<'_>| {
        let mut trainer = trainer();
        let history = trainer.fit(&data, fit).unwrap();
        assert!(!path.exists());
        (history.len(), trainer)
    };
    let (epochs, mut at_five) = stopped(quiet(9).callback(touch(5)).callback(StopFile::new(&path)));
    assert_eq!((epochs, at_five.steps()), (2, 5));
    // One that appears during the validation stops there.
    let validation = on_epoch_end(|status| {
        if status.epoch == 2 {
            std::fs::write(&path, "").unwrap();
        }
    });
    let (epochs, at_four) = stopped(quiet(9).callback(validation).callback(StopFile::new(&path)));
    assert_eq!((epochs, at_four.steps()), (2, 4));
    // It is a stop by a callback: what was learnt since the best epoch is taken back.
    let best = EarlyStopping::new("loss").patience(9).min_delta(1e9);
    let (_, restored) = stopped(quiet(9).callback(touch(5)).callback(StopFile::new(&path)).callback(best));
    let mut first = trainer();
    first.fit(&data, quiet(1)).unwrap();
    assert_eq!(weights_hash(restored.model()), weights_hash(first.model()));
    assert_ne!(weights_hash(at_five.model_mut()), weights_hash(first.model()));

    // A folder of that name cannot be removed as a file.
    std::fs::create_dir(&path).unwrap();
    let error = trainer().fit(&data, quiet(1).callback(StopFile::new(&path))).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
}

#[test]
fn time_is_over_before_the_first_batch_or_never() {
    let data = ring(40);
    for (limit, expected) in [(Duration::ZERO, (0, 0)), (Duration::MAX, (40, 20))] {
        let mut trainer = trainer();
        let epochs = trainer.fit(&data, quiet(20).callback(TimeLimit::new(limit))).unwrap().len();
        assert_eq!((trainer.steps(), epochs), expected);
    }
}

#[test]
fn resources_count_steps_and_samples_without_validation() {
    let (data, validation) = (ring(40), ring(4000));
    let mut resources = Resources::new();
    assert_eq!((resources.percentile(50.0), resources.samples_per_second()), (None, None));
    let fit = quiet(5).validation(&validation).callback(&mut resources);
    trainer().fit(&data, fit).unwrap();
    assert_eq!((resources.steps(), resources.samples()), (10, 200));
    let longest = resources.percentile(100.0).unwrap();
    assert!(resources.percentile(50.0).unwrap() <= longest);
    assert!(resources.seconds() >= longest);
    let rate = resources.samples_per_second().unwrap();
    assert!((rate * resources.seconds() - 200.0).abs() < 1e-9);
    if cfg!(target_os = "linux") {
        assert!(resources.peak_memory().unwrap() > 1_000_000);
    }
    let text = resources.to_string();
    assert!(text.starts_with("10 steps: median ") && text.contains(" samples/s"), "{text}");
}
