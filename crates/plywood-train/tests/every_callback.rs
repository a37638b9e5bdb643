//! Every callback of the crate: it watches without changing what is learnt, and a run that is killed and resumed does not lose it.

use crate::common::{RingTrainer, folder, quiet, ring, trainer};
use plywood_data::ArrayDataset;
use plywood_tensor::{Error, Seed};
use plywood_train::{
    Callback, Checkpoints, CsvLog, EarlyStopping, Fit, JsonLines, Lines, ReduceOnPlateau, Resources,
    StopFile, TensorBoard, TimeLimit, on_batch_end, on_epoch_end, on_gradients, on_train_begin, on_train_end,
    weights_hash,
};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

type Make = fn(&Path) -> Box<dyn Callback>;

/// Each with settings by which it neither stops the training nor steers it.
const ROWS: &[(&str, Make)] = &[
    ("CsvLog", |folder| Box::new(CsvLog::new(folder.join("log.csv")).every_steps(2))),
    ("EarlyStopping", |_| Box::new(EarlyStopping::new("loss").patience(99).restore_best(false))),
    ("JsonLines", |folder| Box::new(JsonLines::new(folder.join("log.jsonl")).every_steps(2))),
    ("Lines", |_| Box::new(Lines::to(std::io::sink()))),
    ("ReduceOnPlateau", |_| Box::new(ReduceOnPlateau::new("loss").patience(99))),
    ("Resources", |_| Box::new(Resources::new())),
    ("StopFile", |folder| Box::new(StopFile::new(folder.join("stop")))),
    ("TensorBoard", |folder| {
        Box::new(TensorBoard::new(folder.join("board")).every_steps(2).weights_every(1))
    }),
    ("TimeLimit", |_| Box::new(TimeLimit::new(Duration::MAX))),
    ("on_batch_end", |_| Box::new(on_batch_end(|_| ()))),
    ("on_epoch_end", |_| Box::new(on_epoch_end(|_| ()))),
    ("on_gradients", |_| Box::new(on_gradients(|_| ()))),
    ("on_train_begin", |_| Box::new(on_train_begin(|_| ()))),
    ("on_train_end", |_| Box::new(on_train_end(|_| ()))),
];

fn watched<'a>(validation: &'a ArrayDataset, folder: &Path, make: Option<Make>) -> Fit<'a> {
    let fit = quiet(3)
        .validation(validation)
        .checkpoints(Checkpoints::new(folder.join("run")).every_steps(2))
        .callback(on_batch_end(|_| ()));
    match make {
        Some(make) => fit.callback(make(folder)),
        None => fit,
    }
}

#[test]
fn what_watches_changes_nothing() {
    let (train, validation) = ring(120).split(0.8, Seed(1)).unwrap();
    let end = |trainer: &RingTrainer| {
        (weights_hash(trainer.model()), trainer.optimizer().state_dict(), trainer.history().series("loss"))
    };
    let plain = {
        let mut trainer = trainer();
        trainer.fit(&train, watched(&validation, &folder("every-plain"), None)).unwrap();
        end(&trainer)
    };
    for &(name, make) in ROWS {
        let whole = folder(&format!("every-whole-{name}"));
        let mut trainer = trainer();
        trainer.fit(&train, watched(&validation, &whole, Some(make))).unwrap();
        assert_eq!(end(&trainer), plain, "{name}");
        // Again with the same trainer, in the same folder: nothing is left over that would disturb it.
        let again = quiet(1).callback(make(&whole));
        trainer.fit(&train, again).unwrap_or_else(|error| panic!("{name}: {error}"));

        let parts = folder(&format!("every-parts-{name}"));
        let mut killed = crate::common::trainer();
        let kill = on_batch_end(|status| if status.step == 5 { Err(Error::new("killed")) } else { Ok(()) });
        killed.fit(&train, watched(&validation, &parts, Some(make)).callback(kill)).unwrap_err();
        let mut resumed = crate::common::trainer();
        assert_eq!(resumed.resume(parts.join("run")).unwrap().steps, 4, "{name}");
        resumed.fit(&train, watched(&validation, &parts, Some(make))).unwrap();
        assert_eq!(end(&resumed), plain, "{name}");
    }
}

/// What `pub use` of the crate names, and is a callback.
#[test]
fn every_callback_has_a_row() {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = std::fs::read_to_string(sources.join("lib.rs")).unwrap();
    let public: BTreeSet<&str> = lib
        .split("\npub use ")
        .skip(1)
        .flat_map(|item| item.split(';').next().unwrap().split([',', '{', '}', ':', ' ', '\n']))
        .collect();
    let mut callbacks = BTreeSet::new();
    let mut folders = vec![sources];
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in std::fs::read_to_string(&path).unwrap_or_default().lines() {
                let name = line.starts_with("impl").then(|| line.split_once("Callback for ")).flatten();
                let word = |text: &str| {
                    text.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()
                };
                callbacks.extend(name.map(|(_, name)| word(name)));
                let made = line.strip_prefix("pub fn ").filter(|line| line.ends_with("-> impl Callback {"));
                callbacks.extend(made.map(word));
            }
        }
    }
    callbacks.retain(|name| public.contains(name.as_str()));
    let rows: BTreeSet<String> = ROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(rows, callbacks);
}
