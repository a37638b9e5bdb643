//! Checkpoints that were written to do harm, with checksums that are right: an error or a run, never a panic, never more memory than
//! is promised.
#![allow(clippy::unwrap_used)] // a panic is a failed test

mod common;
#[path = "../../plywood-nn/tests/mutate/memory.rs"]
mod memory;
#[path = "../../plywood-nn/tests/mutate/mod.rs"]
mod mutate;

use common::{quiet, ring};
use plywood_losses::{Accuracy, BinaryCrossEntropyWithLogits};
use plywood_nn::Linear;
use plywood_optim::{Adam, Average};
use plywood_tensor::Seed;
use plywood_train::codec::{self, Kind};
use plywood_train::{Checkpoints, EarlyStopping, Fit, Trainer};
use std::path::{Path, PathBuf};

type Net = Trainer<Linear>;

/// What a checkpoint may take besides its own length, of which it takes at most [`MOST`] times as much: serde allocates up to 1 MiB
/// for a list whose length it is told, and lists of a state lie in lists.
const BESIDES: usize = 8 << 20;
const MOST: usize = 64;

fn net() -> Net {
    let model = Linear::new(2, 1, &Seed(7).stream()).unwrap();
    Trainer::compile(model, Adam::new(0.02), BinaryCrossEntropyWithLogits).metric(Accuracy.threshold(0.0))
}

fn fit<'a>() -> Fit<'a> {
    let stopping = EarlyStopping::new("loss").patience(9);
    quiet(3).batch_size(8).average(Average::exponential(0.9)).callback(stopping)
}

/// A checkpoint in the midst of the second epoch, in a folder of its own.
fn checkpoint(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("hostile").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    let stop = plywood_train::on_batch_end(|status: &mut plywood_train::Status<'_>| {
        if status.step == 6 { plywood_train::Flow::Stop } else { plywood_train::Flow::Continue }
    });
    net().fit(&ring(32), fit().checkpoints(Checkpoints::new(&folder).keep_last(1)).callback(stop)).unwrap();
    folder.join("step-0000000006")
}

/// Writes a file of a checkpoint, and a manifest that says that it is what it should be.
fn replace(inside: &Path, name: &str, bytes: &[u8]) {
    let manifest = inside.join("MANIFEST.json");
    let mut json: serde_json::Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    json.as_object_mut().unwrap().remove("checksum");
    let crc32 = format!("{:08x}", crc32fast::hash(bytes));
    json["files"][name] = serde_json::json!({ "bytes": bytes.len(), "crc32": crc32 });
    std::fs::write(inside.join(name), bytes).unwrap();
    seal(&manifest, &json);
}

/// A manifest with this content and the right checksum.
fn seal(path: &Path, json: &serde_json::Value) {
    let text = serde_json::to_string_pretty(json).unwrap();
    let head = text.strip_suffix("\n}").unwrap().to_owned() + ",\n";
    let checksum = format!("  \"checksum\": \"{:08x}\"\n}}\n", crc32fast::hash(head.as_bytes()));
    std::fs::write(path, head + &checksum).unwrap();
}

/// An envelope around this content, as `plywood_train::codec` describes it.
fn envelope(header: &[u8], content: &[u8]) -> Vec<u8> {
    let mut file = header[..28].to_vec();
    file.extend((content.len() as u64).to_le_bytes());
    let checksum = crc32fast::hash(&[&file[8..], content].concat());
    [&file[..], &checksum.to_le_bytes(), content].concat()
}

/// Resumes from a folder, and goes on if that is possible.
fn go_on(folder: &Path) {
    if let Err(error) = outcome(folder) {
        assert!(error.len() <= 8192 && !error.contains(char::is_control), "{error:?}");
    }
}

/// Whether it was possible; otherwise the message.
fn outcome(folder: &Path) -> Result<(), String> {
    let mut trainer = net();
    let resumed = trainer.resume(folder).and_then(|_| trainer.fit(&ring(32), fit()));
    resumed.map(drop).map_err(|error| error.to_string())
}

#[test]
fn states_with_right_checksums_are_errors_or_runs() {
    let _alone = memory::alone();
    let inside = checkpoint("state");
    let folder = inside.parent().unwrap();
    let good = std::fs::read(inside.join("state.bin")).unwrap();
    let (header, content) = good.split_at(40);
    assert_eq!(envelope(header, content), good);
    let mut tried = 0;
    mutate::mutations(&[content], 5, 4_000, |content| {
        replace(&inside, "state.bin", &envelope(header, content));
        plywood_tensor::trim_pool();
        let length = content.len() + 4096; // the other files
        memory::bounded("state", content, MOST * length + BESIDES, |_| go_on(folder));
        tried += 1;
    });
    // As it was, it goes on.
    replace(&inside, "state.bin", &good);
    assert_eq!((net().resume(folder).unwrap().batch, tried), (2, 4_000));
}

/// Just above a limit of the reader the next one is as far from the length of the file as it gets.
#[test]
fn a_text_that_claims_to_be_longer_takes_no_more_than_a_multiple_of_its_file() {
    let _alone = memory::alone();
    const TEXT: Kind = Kind::new("text");
    let header = codec::encode(TEXT, &String::new()).unwrap();
    for length in [16, (1 << 16) + 1, (1 << 18) + 1, (1 << 20) + 1, (1 << 24) + 1] {
        for claimed in (10..32).map(|power| (1_u64 << power) - 64) {
            let mut content = vec![0; length];
            content[..8].copy_from_slice(&claimed.to_le_bytes());
            let file = envelope(&header, &content);
            memory::bounded("text", &file, MOST * file.len() + BESIDES, |file| {
                assert!(codec::decode::<String>(TEXT, file).is_err());
            });
        }
    }
}

/// A message names what it found, on one line that a terminal takes for nothing but text.
#[test]
fn texts_of_strangers_are_short_in_messages() {
    let _alone = memory::alone();
    let inside = checkpoint("texts");
    let good = std::fs::read(inside.join("state.bin")).unwrap();
    let (header, content) = good.split_at(40);
    let written = |text: &str| [&(text.len() as u64).to_le_bytes(), text.as_bytes()].concat();
    let hostile = "\u{1b}[2J\n".repeat(50_000);
    let (shown, most) = (r"\u{1b}[2J\n\u{1b}[2J\n", 2048);
    let rows: [(&[&str], &str); 5] = [
        (&["Adam"], "expected a state of Adam, got one of "),
        // The path of a parameter, and a slot of it.
        (&["weight"], "expected the tensor \""),
        (&["m"], "expected the tensor \"bias."),
        // The value of a setting, and its name too.
        (&["true"], "the run was begun with other settings: shuffle: expected "),
        (&["shuffle", "true"], "the run was begun with other settings: "),
    ];
    for (texts, message) in rows {
        let (mut changed, mut at) = (Vec::new(), 0);
        while at < content.len() {
            let found = texts.iter().map(|text| written(text)).find(|from| content[at..].starts_with(from));
            changed.extend(found.as_ref().map_or(vec![content[at]], |_| written(&hostile)));
            at += found.map_or(1, |from| from.len());
        }
        replace(&inside, "state.bin", &envelope(header, &changed));
        let error = outcome(inside.parent().unwrap()).unwrap_err();
        assert!(error.contains(&format!("{message}{shown}")), "{texts:?}: {error:?}");
        assert!(error.len() <= most && !error.contains(char::is_control), "{texts:?}: {error:?}");
    }
    let mut header = header.to_vec();
    header[12..28].copy_from_slice(b"\x1b[2J\n\0\0\0\0\0\0\0\0\0\0\0");
    replace(&inside, "state.bin", &envelope(&header, content));
    let error = outcome(inside.parent().unwrap()).unwrap_err();
    assert!(error.ends_with(r#"got "\u{1b}[2J\n""#), "{error:?}");
}

#[test]
fn manifests_that_name_other_files_are_refused() {
    let _alone = memory::alone();
    let inside = checkpoint("manifest");
    let manifest = inside.join("MANIFEST.json");
    let good: serde_json::Value = serde_json::from_slice(&std::fs::read(&manifest).unwrap()).unwrap();
    let outside = inside.parent().unwrap().join("outside");
    std::fs::write(&outside, "secret").unwrap();
    let entry = serde_json::json!({ "bytes": 6, "crc32": format!("{:08x}", crc32fast::hash(b"secret")) });
    let absolute = outside.display().to_string();
    for name in ["../outside", &absolute, "notes.txt", "", "MANIFEST.json"] {
        let mut json = good.clone();
        json.as_object_mut().unwrap().remove("checksum");
        json["files"][name] = entry.clone();
        seal(&manifest, &json);
        let error = net().resume(inside.parent().unwrap()).unwrap_err().to_string();
        assert!(error.ends_with(&format!("state.bin, got {name:?}")), "{name}: {error}");
    }
    let mut json = good.clone();
    json.as_object_mut().unwrap().remove("checksum");
    json["step"] = 7.into();
    seal(&manifest, &json);
    let error = net().resume(inside.parent().unwrap()).unwrap_err().to_string();
    assert!(error.ends_with("state.bin: the content cannot be read: expected 7 steps, got 6"), "{error}");
}
