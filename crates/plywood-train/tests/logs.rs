//! What callbacks write down while a training runs, and what stays of it when the run is resumed.

use crate::common::{folder, quiet, resumed, ring, trainer};
use plywood_data::ArrayDataset;
use plywood_tensor::{Error, Result};
use plywood_train::{
    Callback, Checkpoints, CsvLog, EarlyStopping, EventWriter, Fit, Flow, JsonLines, Report, Status,
    TensorBoard, on_batch_end, plot_runs,
};
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

type MakeLog = fn(PathBuf, bool) -> Box<dyn Callback>;

/// Name of the file, its callback, which may be told to append, and all files that it writes.
const LOGS: &[(&str, MakeLog, &[&str])] = &[
    ("log.csv", |path, append| Box::new(CsvLog::new(path).append(append)), &["log.csv"]),
    (
        "log.csv",
        |path, append| Box::new(CsvLog::new(path).every_steps(3).append(append)),
        &["log.csv", "log.steps.csv"],
    ),
    ("log.jsonl", |path, append| Box::new(JsonLines::new(path).append(append)), &["log.jsonl"]),
    (
        "log.jsonl",
        |path, append| Box::new(JsonLines::new(path).every_steps(3).append(append)),
        &["log.jsonl"],
    ),
];

/// Ends a training by an error after this step.
fn kill(step: u64) -> impl Callback {
    on_batch_end(move |status| if status.step == step { Err(Error::new("killed")) } else { Ok(()) })
}

/// A run that is killed after each of these steps, the last of which is 19, in its fourth epoch, five steps after the second
/// checkpoint, which was made in the third epoch; while it was writing.
fn killed_and_resumed(
    data: &ArrayDataset,
    path: &Path,
    log: impl Fn() -> Box<dyn Callback>,
    files: &[&str],
    kills: &[u64],
) {
    let checkpoints = Checkpoints::new(path.with_file_name("run")).every_steps(7).every_epochs(100);
    for &step in kills {
        let mut trainer = trainer();
        let _ = trainer.resume(path.with_file_name("run")).unwrap();
        let fit = fit(5).checkpoints(checkpoints.clone()).callback(log()).callback(kill(step));
        assert_eq!(trainer.fit(data, fit).unwrap_err().to_string(), "killed");
    }
    for file in files {
        let mut text = std::fs::read(path.with_file_name(file)).unwrap();
        // Within a letter.
        text.extend(if file.contains("json") { &b"{\"epoch\":4,\"f\xc3"[..] } else { b"4,\xc3" });
        std::fs::write(path.with_file_name(file), text).unwrap();
    }
    let mut trainer = trainer();
    assert_eq!(trainer.resume(path.with_file_name("run")).unwrap().steps, 14);
    trainer.fit(data, fit(5).checkpoints(checkpoints).callback(log())).unwrap();
}

#[test]
fn a_resumed_run_leaves_the_rows_of_one_that_was_never_killed() {
    let data = ring(160);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let (whole, parts) = (folder(&format!("logs-whole-{i}")), folder(&format!("logs-parts-{i}")));
        trainer().fit(&data, fit(5).callback(make(whole.join(name), false))).unwrap();
        // Before its first checkpoint, too.
        let path = parts.join(name);
        killed_and_resumed(&data, &path, || make(path.clone(), false), files, &[5, 19]);
        for file in *files {
            assert_eq!(timeless(&whole.join(file)), timeless(&parts.join(file)), "{file} {i}");
        }
        let lines = std::fs::read_to_string(whole.join(files.last().unwrap())).unwrap().lines().count();
        // A header in CSV, 5 epochs, and the steps 3, 6, …, 24.
        assert_eq!(lines, [6, 9, 5, 13][i], "{name} {i}");
    }
}

#[test]
fn a_resumed_run_leaves_the_rows_of_the_runs_before_it() {
    let data = ring(160);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let folder = folder(&format!("logs-appended-{i}"));
        let path = folder.join(name);
        let log = || make(path.clone(), true);
        trainer().fit(&data, fit(5).callback(log())).unwrap();
        let first: Vec<String> = files.iter().map(|file| timeless(&folder.join(file))).collect();
        killed_and_resumed(&data, &path, log, files, &[19]);
        for (file, first) in files.iter().zip(first) {
            // A table has its names once.
            let header = if file.contains("json") { 0 } else { first.find('\n').unwrap() + 1 };
            assert_eq!(timeless(&folder.join(file)), format!("{first}{}", &first[header..]), "{file} {i}");
        }
    }
}

/// What stands last in the file is then of the run before, and later than where the run goes on.
#[test]
fn a_run_that_was_killed_before_its_first_row_takes_none_of_the_run_before() {
    let data = ring(160);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let folder = folder(&format!("logs-early-{i}"));
        let log = || make(folder.join(name), true);
        trainer().fit(&data, fit(2).callback(log())).unwrap();
        let first: Vec<String> = files.iter().map(|file| timeless(&folder.join(file))).collect();
        let checkpoints = || Checkpoints::new(folder.join("run")).every_steps(1);
        let killed = fit(2).checkpoints(checkpoints()).callback(log()).callback(kill(3));
        trainer().fit(&data, killed).unwrap_err();
        let mut trainer = trainer();
        assert_eq!(trainer.resume(folder.join("run")).unwrap().steps, 2);
        trainer.fit(&data, fit(2).checkpoints(checkpoints()).callback(log())).unwrap();
        for (file, first) in files.iter().zip(first) {
            let header = if file.contains("json") { 0 } else { first.find('\n').unwrap() + 1 };
            assert_eq!(timeless(&folder.join(file)), format!("{first}{}", &first[header..]), "{file} {i}");
        }
    }
}

/// A stop at the last batch comes before the validation: the run stands after all steps of an epoch that is not complete.
#[test]
fn an_epoch_whose_end_comes_twice_has_one_row() {
    let data = ring(160);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let (whole, parts) = (folder(&format!("logs-once-{i}")), folder(&format!("logs-twice-{i}")));
        trainer().fit(&data, fit(3).callback(make(whole.join(name), false))).unwrap();
        let stop = on_batch_end(|status| if status.step == 10 { Flow::Stop } else { Flow::Continue });
        let callbacks: [Option<Box<dyn Callback>>; 3] =
            [Some(Box::new(stop)), Some(Box::new(kill(12))), None];
        for (run, callback) in callbacks.into_iter().enumerate() {
            let checkpoints = Checkpoints::new(parts.join("run")).every_epochs(100);
            let fit = fit(3).checkpoints(checkpoints).callback(make(parts.join(name), false));
            let mut trainer = trainer();
            assert_eq!(trainer.resume(parts.join("run")).unwrap().steps, [0, 10, 10][run]);
            let outcome = trainer.fit(&data, callback.into_iter().fold(fit, Fit::callback));
            assert_eq!(outcome.is_err(), run == 1, "{outcome:?}");
        }
        for file in *files {
            assert_eq!(timeless(&whole.join(file)), timeless(&parts.join(file)), "{file} {i}");
        }
    }
}

/// Stops a training before its first batch.
struct Halt;

impl Callback for Halt {
    fn on_epoch_begin(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        Ok(Flow::Stop)
    }
}

#[test]
fn what_lies_there_gives_way_when_a_run_begins_and_not_before() {
    let data = ring(40);
    for (i, (name, make, files)) in LOGS.iter().enumerate() {
        let folder = folder(&format!("logs-begun-{i}"));
        let log = || make(folder.join(name), false);
        let read = || -> Vec<String> {
            files.iter().map(|file| std::fs::read_to_string(folder.join(file)).unwrap()).collect()
        };
        // Of a run that measured something else, and not even a log.
        for file in *files {
            std::fs::write(folder.join(file), "epoch,step,old\n1,2,0.5\n").unwrap();
        }
        let old = read();
        let misspelt = fit(1).callback(log()).callback(EarlyStopping::new("los"));
        trainer().fit(&data, misspelt).unwrap_err();
        assert_eq!(read(), old, "{name} {i}: refused");
        trainer().fit(&data, fit(0).callback(log())).unwrap();
        assert_eq!(read(), old, "{name} {i}: no epoch");
        let checkpoints = || Checkpoints::new(folder.join("run"));
        let halted = fit(1).checkpoints(checkpoints()).callback(log()).callback(Halt);
        trainer().fit(&data, halted).unwrap();
        assert!(read().iter().all(String::is_empty), "{name} {i}: {:?}", read());
        let mut trainer = trainer();
        assert!(trainer.resume(folder.join("run")).unwrap().checkpoint.is_some());
        trainer.fit(&data, fit(1).checkpoints(checkpoints()).callback(log())).unwrap();
        assert!(read().iter().all(|text| !text.contains("old")), "{name} {i}: {:?}", read());
    }
}

#[cfg(unix)]
#[test]
fn what_is_no_file_on_a_disk_takes_rows_too() {
    let data = ring(40);
    for append in [false, true] {
        let (csv, json) =
            (CsvLog::new("/dev/null").append(append), JsonLines::new("/dev/null").append(append));
        trainer().fit(&data, fit(2).callback(csv).callback(json)).unwrap();
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
    std::fs::write(path("bell.csv"), "epoch,step,\u{7}\n").unwrap();
    std::fs::write(path("notes.jsonl"), "{\"a\":1}\n").unwrap();
    std::fs::write(path("latin.csv"), b"epoch,step,caf\xe9\n").unwrap();
    let csv = |name: &str| Box::new(CsvLog::new(path(name))) as Box<dyn Callback>;
    let json = |name: &str| Box::new(JsonLines::new(path(name))) as Box<dyn Callback>;
    for (log, text) in [
        (csv("notes.csv/log.csv"), "notes.csv/log.csv: not a directory"),
        (json("notes.csv/log.jsonl"), "notes.csv/log.jsonl: not a directory"),
        (resumed(csv("notes.csv")), "notes.csv: the content cannot be read: line 2 has no epoch and step"),
        (resumed(csv("latin.csv")), "latin.csv: the content cannot be read: byte 14 is none of a text"),
        (
            resumed(json("notes.jsonl")),
            "notes.jsonl: the content cannot be read: line 1 has no epoch and step",
        ),
        (
            resumed(csv("other.csv")),
            "other.csv: expected the columns epoch,step,loss,accuracy,learning rate,seconds, \
             got epoch,step,loss,seconds",
        ),
        (
            resumed(csv("bell.csv")),
            "bell.csv: expected the columns epoch,step,loss,accuracy,learning rate,seconds, \
             got epoch,step,\\u{7}",
        ),
    ] {
        let error = trainer().fit(&data, fit(1).callback(log)).unwrap_err().to_string();
        assert_eq!(error, path(text).display().to_string());
    }
    // What was none of ours is as it was.
    assert_eq!(std::fs::read_to_string(path("notes.csv")).unwrap(), "a,b\n1,x\n");
}

/// Each file at a place whose folders are not there.
#[test]
fn folders_that_are_missing_are_made() {
    let folder = folder("missing-folders");
    let history = trainer().fit(&ring(32), quiet(2)).unwrap();
    let fitted = |log: Box<dyn Callback>| trainer().fit(&ring(32), quiet(1).callback(log)).map(drop);
    type Write<'a> = &'a dyn Fn(&Path) -> Result<()>;
    let rows: [(&str, Write<'_>); 9] = [
        ("log.csv", &|path| fitted(Box::new(CsvLog::new(path)))),
        ("log.jsonl", &|path| fitted(Box::new(JsonLines::new(path)))),
        ("board", &|path| fitted(Box::new(TensorBoard::new(path)))),
        ("events", &|path| EventWriter::create(path).map(drop)),
        ("page.html", &|path| Report::new("page").save(path)),
        ("history.svg", &|path| history.plot(path)),
        ("runs.svg", &|path| plot_runs([("run", &history)], "loss", path)),
        ("model.safetensors", &|path| trainer().save_weights(path)),
        ("checkpoint", &|path| trainer().save_checkpoint(path).map(drop)),
    ];
    for (name, write) in rows {
        let path = folder.join(name).join("not/there/yet").join(name);
        write(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(path.exists(), "{name}");
    }
    // Where a file is, no folder can be made; the error names what was to be written.
    let file = folder.join("file");
    std::fs::write(&file, "").unwrap();
    let path = file.join("log.csv");
    let error = fitted(Box::new(CsvLog::new(&path))).unwrap_err().to_string();
    assert_eq!(error, format!("{}: not a directory", path.display()));
}
