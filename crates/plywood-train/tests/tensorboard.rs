//! Files for TensorBoard. `read_logs.py` reads the ones that are written here with TensorBoard itself.

use crate::common::{folder, quiet, ring, trainer};
use plywood_data::ArrayDataset;
use plywood_tensor::{Elem, Error, Seed, Tensor};
use plywood_train::{
    Checkpoints, CsvLog, EventWriter, Fit, JsonLines, TensorBoard, TrainError, Trainer, on_batch_end,
};
use std::path::{Path, PathBuf};

/// The lengths of the records of a file, which must fill it.
fn records(path: &Path) -> Vec<usize> {
    let file = std::fs::read(path).unwrap();
    let (mut rest, mut lengths) = (&file[..], Vec::new());
    while !rest.is_empty() {
        let length = u64::from_le_bytes(rest[..8].try_into().unwrap()) as usize;
        rest = &rest[16 + length..];
        lengths.push(length);
    }
    lengths
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn holds(path: &Path, text: &str) -> bool {
    std::fs::read(path).unwrap().windows(text.len()).any(|bytes| bytes == text.as_bytes())
}

/// All logs at once, so that they can be compared with each other.
fn watched<'a>(folder: &Path, validation: &'a ArrayDataset) -> Fit<'a> {
    let board = TensorBoard::new(folder)
        .text("model", "Mlp | a\nb")
        .every_steps(3)
        .weights_every(2)
        .gradients_every(2);
    quiet(5)
        .gradient_norms(true)
        .validation(validation)
        .checkpoints(Checkpoints::new(folder.join("run")).every_steps(7).every_epochs(100))
        .callback(board)
        .callback(CsvLog::new(folder.join("log.csv")).every_steps(3))
        .callback(JsonLines::new(folder.join("log.jsonl")).every_steps(3))
}

/// What `read_logs.py` reads is left in the folder `logs-read`.
#[test]
fn a_resumed_run_begins_files_that_come_after_the_others() {
    let (train, validation) = ring(200).split(0.8, Seed(1)).unwrap();
    let folder = folder("logs-read");
    for kill in [5, 19] {
        let mut trainer = trainer();
        let _ = trainer.resume(folder.join("run")).unwrap();
        let killed =
            on_batch_end(|status| if status.step == kill { Err(Error::new("killed")) } else { Ok(()) });
        trainer.fit(&train, watched(&folder, &validation).callback(killed)).unwrap_err();
    }
    let mut trainer = trainer();
    assert_eq!(trainer.resume(folder.join("run")).unwrap().steps, 14);
    trainer.fit(&train, watched(&folder, &validation)).unwrap();

    // The first run was killed before its first checkpoint, so that the second is not resumed, and before it was validated.
    let (of_training, of_validation) = (files(&folder.join("train")), files(&folder.join("validation")));
    assert_eq!((of_training.len(), of_validation.len()), (3, 2));
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    for path in of_training.iter().chain(&of_validation) {
        assert!(name(path).starts_with("events.out.tfevents.1"), "{path:?}");
        assert!(holds(path, "brain.Event:2"));
    }
    // Version and start, the text, four parameters; then one step of three values.
    assert_eq!(records(&of_training[0]).len(), 2 + 1 + 4 + 3);
    // From step 15 on: epochs 3 to 5 with loss, accuracy, norm and learning rate; 4 steps; parameters and gradients after epoch 4.
    assert_eq!(records(&of_training[2]).len(), 2 + 3 * 4 + 4 * 3 + 4 + 4);
    assert_eq!(records(&of_validation[1]).len(), 2 + 3 * 2);
    assert!(holds(&of_training[0], "    Mlp | a\n    b\n") && !holds(&of_training[2], "Mlp | a"));
    assert!(holds(&of_training[2], "weights/down.weight") && holds(&of_training[2], "gradients/up.bias"));

    // Something of every kind, for the script.
    let mut writer = EventWriter::create(folder.join("kinds")).unwrap();
    let image: Vec<Elem> = (0..24).map(|i| i as Elem / 23.0).collect();
    for (channels, name) in [(1, "grey"), (3, "colours"), (4, "opacity")] {
        let size = [2, 3, channels];
        let pixels = image[..6 * channels].to_vec();
        writer.image(name, 1, &Tensor::from_vec(pixels, size).unwrap()).unwrap();
    }
    let values: Vec<Elem> = (0..101).map(|i| i as Elem / 100.0).collect();
    writer.histogram("values", 2, &Tensor::from_vec(values, [101]).unwrap()).unwrap();
    writer.histogram("same", 2, &Tensor::from([0.5, 0.5])).unwrap();
    writer.text("notes", 3, "some **bold** words").unwrap();
    for (step, value) in [f64::NAN, f64::INFINITY, -1.5].into_iter().enumerate() {
        writer.scalar("numbers", step as u64, value).unwrap();
    }
    writer.flush().unwrap();
    assert_eq!(writer.events(), 2 + 3 + 2 + 1 + 3);
    assert_eq!(records(writer.path()).len() as u64, writer.events());
}

#[test]
fn what_cannot_be_written_is_refused() {
    let folder = folder("tensorboard-errors");
    let blocked = folder.join("file");
    std::fs::write(&blocked, "").unwrap();
    let inside = blocked.join("train");
    let error = EventWriter::create(&inside).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: not a directory", inside.display()));
    let error = trainer().fit(&ring(40), quiet(1).callback(TensorBoard::new(&blocked))).unwrap_err();
    assert_eq!(error.to_string(), format!("{}: not a directory", inside.display()));

    let mut writer = EventWriter::create(&folder).unwrap();
    for (shape, text) in [
        (vec![2, 2], "[2, 2]"),
        (vec![2, 2, 2], "[2, 2, 2]"),
        (vec![0, 2, 3], "[0, 2, 3]"),
        (vec![1, 2, 2, 3], "[1, 2, 2, 3]"),
    ] {
        let error = writer.image("x", 0, &Tensor::zeros(&shape[..]).unwrap()).unwrap_err();
        assert!(matches!(error.source_as(), Some(TrainError::Image { .. })));
        let expected = format!("image: expected [height, width, 1, 3 or 4 channels], got {text}");
        assert_eq!(error.to_string(), expected);
    }
    // Nothing finite is no histogram, and no error.
    writer.histogram("x", 0, &Tensor::from([Elem::NAN])).unwrap();
    assert_eq!(writer.events(), 2);
}

/// A custom step that says nothing of gradients shows none.
#[test]
fn gradients_of_a_custom_step_are_shown_if_it_tells_them() {
    use plywood_losses::MeanSquaredError;
    use plywood_nn::{Linear, Module};
    use plywood_tensor::Float;
    use plywood_train::{Step, StepResult};

    for tells in [true, false] {
        let folder = folder("tensorboard-gradients");
        let by_hand = move |step: &mut Step<'_, Linear, Tensor, Tensor>| {
            let cx = step.context();
            let prediction = step.model.forward(&cx, &cx.input(step.batch.x.clone()))?;
            let (loss, weight) = step.objective(&cx, &prediction)?;
            let gradients = loss.backward()?;
            step.optimizer.step(step.model, &gradients)?;
            let gradients = (tells && step.wants_gradients).then_some(gradients);
            let loss = loss.value().item()?.to_f64();
            Ok(StepResult { loss, weight, gradients, ..StepResult::default() })
        };
        let data = ArrayDataset::new(Tensor::from([[1.0], [2.0]]), Tensor::from([[1.0], [2.0]])).unwrap();
        let model = Linear::new(1, 1, &Seed(7).stream()).unwrap();
        let optimizer = plywood_optim::Sgd::new(0.1);
        let mut trainer = Trainer::compile(model, optimizer, MeanSquaredError).custom_step(by_hand);
        let board = TensorBoard::new(&folder).gradients_every(2);
        let fit = Fit::epochs(5).callback(board).progress(plywood_train::Progress::Silent);
        trainer.fit(&data, fit).unwrap();
        let [path] = &files(&folder.join("train"))[..] else { panic!("one file") };
        // Loss and learning rate of five epochs; two gradients after two of them.
        assert_eq!(records(path).len(), 2 + 5 * 2 + if tells { 2 * 2 } else { 0 });
        assert_eq!(holds(path, "gradients/weight"), tells);
    }
}
