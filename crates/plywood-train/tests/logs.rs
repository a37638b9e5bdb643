//! What callbacks write down while a training runs, and what stays of it when the run is resumed.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod common;

use common::{folder, quiet, resumed, ring, trainer};
use plywood_data::ArrayDataset;
use plywood_tensor::Error;
use plywood_train::{Callback, Checkpoints, CsvLog, Fit, JsonLines, on_batch_end};
use std::path::{Path, PathBuf};

/// In batches of 32.
fn fit<'a>(epochs: usize) -> Fit<'a> {
    quiet(epochs)
}

/// Without the last column or member, which is a time; lines of steps have none.
fn timeless(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let of_epoch = |line: &str| line.contains("\"seconds\"") || !path.to_string_lossy().contains("json");
    let of_steps = path.to_string_lossy().contains("steps");
    text.lines()
        .map(|line| match line.rsplit_once(',') {
            Some((rest, _)) if of_epoch(line) && !of_steps => format!("{rest}\n"),
            _ => format!("{line}\n"),
        })
        .collect()
}

type MakeLog = fn(PathBuf) -> Box<dyn Callback>;

/// Name of the file, its callback, all files that it writes.
const LOGS: &[(&str, MakeLog, &[&str])] = &[
    ("log.csv", |path| Box::new(CsvLog::new(path)), &["log.csv"]),
    ("log.csv", |path| Box::new(CsvLog::new(path).every_steps(3)), &["log.csv", "log.steps.csv"]),
    ("log.jsonl", |path| Box::new(JsonLines::new(path)), &["log.jsonl"]),
    ("log.jsonl", |path| Box::new(JsonLines::new(path).every_steps(3)), &["log.jsonl"]),
];

/// A run that is killed before its first checkpoint, then in its fourth epoch, five steps after the second one, which
/// was made in the third epoch; while it was writing.
fn killed_and_resumed(data: &ArrayDataset, path: &Path, make: MakeLog, files: &[&str]) {
    let checkpoints = Checkpoints::new(path.with_file_name("run")).every_steps(7).every_epochs(100);
    for kill in [5, 19] {
        let mut trainer = trainer();
        trainer.resume(path.with_file_name("run")).unwrap();
        let killed =
            on_batch_end(|status| if status.step == kill { Err(Error::new("killed")) } else { Ok(()) });
        let fit = fit(5).checkpoints(checkpoints.clone()).callback(make(path.into())).callback(killed);
        assert_eq!(trainer.fit(data, fit).unwrap_err().to_string(), "killed");
    }
    for file in files {
        let mut text = std::fs::read_to_string(path.with_file_name(file)).unwrap();
        text.push_str(if file.contains("json") { "{\"epoch\":4,\"st" } else { "4,1" });
        std::fs::write(path.with_file_name(file), text).unwrap();
    }
    let mut trainer = trainer();
    assert_eq!(trainer.resume(path.with_file_name("run")).unwrap().steps, 14);
    trainer.fit(data, fit(5).checkpoints(checkpoints).callback(make(path.into()))).unwrap();
}

#[test]
fn a_resumed_run_leaves_the_rows_of_one_that_was_never_killed() {
    let data = ring(160);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let (whole, parts) = (folder(&format!("logs-whole-{i}")), folder(&format!("logs-parts-{i}")));
        trainer().fit(&data, fit(5).callback(make(whole.join(name)))).unwrap();
        killed_and_resumed(&data, &parts.join(name), *make, files);
        for file in *files {
            assert_eq!(timeless(&whole.join(file)), timeless(&parts.join(file)), "{file} {i}");
        }
        let lines = std::fs::read_to_string(whole.join(files.last().unwrap())).unwrap().lines().count();
        // A header in CSV, 5 epochs, and the steps 3, 6, …, 24.
        assert_eq!(lines, [6, 9, 5, 13][i], "{name} {i}");
    }
}

#[test]
fn tables_look_like_this() {
    let path = folder("logs-table").join("log.csv");
    let (train, validation) = ring(60).split(0.8, plywood_tensor::Seed(1)).unwrap();
    let log = CsvLog::new(&path).every_steps(2);
    let history = trainer().fit(&train, fit(2).validation(&validation).callback(log)).unwrap();
    let last = history.last().unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "epoch,step,loss,accuracy,validation loss,validation accuracy,learning rate,seconds"
    );
    // Every number comes back as it was.
    let numbers: Vec<f64> = lines[2].split(',').map(|cell| cell.parse().unwrap()).collect();
    let mut expected = vec![2.0, 4.0];
    expected.extend(last.iter().map(|(_, value)| value));
    expected.push(last.seconds);
    assert_eq!(numbers, expected);
    let steps = std::fs::read_to_string(path.with_extension("steps.csv")).unwrap();
    assert_eq!(steps.lines().next(), Some("epoch,step,batch,batch loss,learning rate"));
    assert!(steps.lines().nth(2).unwrap().starts_with("2,4,2,"), "{steps}");
}

#[test]
fn rows_of_before_stay_where_they_are_to_be_appended_to() {
    let data = ring(40);
    let path = folder("logs-append").join("log.csv");
    let rows = |append| {
        let log = CsvLog::new(&path).append(append);
        trainer().fit(&data, fit(2).callback(log)).unwrap();
        std::fs::read_to_string(&path).unwrap().lines().count()
    };
    assert_eq!([rows(true), rows(true), rows(false)], [3, 5, 3]);
}

#[test]
fn files_that_cannot_be_written_are_named() {
    let data = ring(40);
    let folder = folder("logs-errors");
    let path = |name: &str| folder.join(name);
    std::fs::write(path("notes.csv"), "a,b\n1,x\n").unwrap();
    std::fs::write(path("other.csv"), "epoch,step,loss,seconds\n1,0,0.5,0.1\n").unwrap();
    std::fs::write(path("notes.jsonl"), "{\"a\":1}\n").unwrap();
    let csv = |name: &str| Box::new(CsvLog::new(path(name))) as Box<dyn Callback>;
    let json = |name: &str| Box::new(JsonLines::new(path(name))) as Box<dyn Callback>;
    for (log, text) in [
        (csv("no/log.csv"), "no/log.csv: no such file or folder"),
        (json("no/log.jsonl"), "no/log.jsonl: no such file or folder"),
        (resumed(csv("notes.csv")), "notes.csv: the content cannot be read: line 2 has no step"),
        (resumed(json("notes.jsonl")), "notes.jsonl: the content cannot be read: line 1 has no step"),
        (
            resumed(csv("other.csv")),
            "other.csv: expected the columns epoch,step,loss,accuracy,learning rate,seconds, \
             got epoch,step,loss,seconds",
        ),
    ] {
        let error = trainer().fit(&data, fit(1).callback(log)).unwrap_err().to_string();
        assert_eq!(error, path(text).display().to_string());
    }
    // What was none of ours is as it was.
    assert_eq!(std::fs::read_to_string(path("notes.csv")).unwrap(), "a,b\n1,x\n");
}
