//! Every change of any file of a checkpoint is an error.

use crate::common::{quiet, ring};
use plywood_losses::BinaryCrossEntropyWithLogits;
use plywood_nn::Linear;
use plywood_optim::Adam;
use plywood_tensor::Seed;
use plywood_train::checkpoint::{Disk, Fs, Lock, NewFile};
use plywood_train::{Checkpoints, EarlyStopping, TrainError, Trainer, weights_hash};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

type Net = Trainer<Linear>;

/// The disk, but for one file.
#[derive(Debug)]
struct Changed {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Changed {
    fn bytes(&self, path: &Path) -> io::Result<Vec<u8>> {
        if path == self.path { Ok(self.bytes.clone()) } else { std::fs::read(path) }
    }
}

impl Fs for Changed {
    fn create_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("only read")
    }
    fn create_file(&self, _: &Path) -> io::Result<Box<dyn NewFile>> {
        unreachable!("only read")
    }
    fn lock_folder(&self, _: &Path) -> io::Result<Box<dyn Lock>> {
        unreachable!("only read")
    }
    fn rename_folder(&self, _: &Path, _: &Path) -> io::Result<()> {
        unreachable!("only read")
    }
    fn sync_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("only read")
    }
    fn remove_folder(&self, _: &Path) -> io::Result<()> {
        unreachable!("only read")
    }
    fn list(&self, path: &Path) -> io::Result<Vec<String>> {
        Disk.list(path)
    }
    fn size(&self, path: &Path) -> io::Result<u64> {
        Ok(self.bytes(path)?.len() as u64)
    }
    fn open(&self, path: &Path) -> io::Result<Box<dyn Read>> {
        Ok(Box::new(io::Cursor::new(self.bytes(path)?)))
    }
}

fn net() -> Net {
    Trainer::compile(
        Linear::new(2, 1, &Seed(7).stream()).unwrap(),
        Adam::new(0.02),
        BinaryCrossEntropyWithLogits,
    )
}

/// The folder of the only checkpoint, in which every kind of file is.
fn checkpoint(name: &str) -> (PathBuf, Vec<PathBuf>) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("damage").join(name);
    let _ = std::fs::remove_dir_all(&folder);
    let fit = quiet(1).checkpoints(Checkpoints::new(&folder)).callback(EarlyStopping::new("loss"));
    net().fit(&ring(32), fit).unwrap();
    let inside = folder.join("step-0000000001");
    let mut names = Disk.list(&inside).unwrap();
    names.sort();
    let expected =
        ["MANIFEST.json", "callbacks.safetensors", "model.safetensors", "optimizer.safetensors", "state.bin"];
    assert_eq!(names, expected);
    (folder, names.into_iter().map(|name| inside.join(name)).collect())
}

/// Loads the checkpoint with one file changed: it must be refused, and the file be named.
fn refused(folder: &Path, path: &Path, bytes: Vec<u8>, what: &str) {
    let mut trainer = net();
    let before = weights_hash(trainer.model());
    let fs = Changed { path: path.to_owned(), bytes };
    let Err(error) = trainer.resume_on(&fs, folder) else { panic!("{}, {what}: loaded", path.display()) };
    let Some(TrainError::NoCheckpoint { reasons, .. }) = error.source_as() else { panic!("{error}") };
    assert!(reasons[0].starts_with(&path.display().to_string()), "{}, {what}: {error}", path.display());
    assert_eq!((weights_hash(trainer.model()), trainer.steps()), (before, 0));
}

#[test]
fn every_truncation_and_every_flipped_bit_is_refused() {
    let (folder, files) = checkpoint("changed");
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        for length in 0..bytes.len() {
            refused(&folder, path, bytes[..length].to_vec(), &format!("{length} bytes"));
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            refused(&folder, path, flipped, &format!("bit {bit}"));
        }
        refused(&folder, path, [&bytes[..], b"\0"].concat(), "a byte more");
    }
    // As it is, it is loaded.
    let _ = net().resume(&folder).unwrap();
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let (folder, files) = checkpoint("gone");
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        std::fs::remove_file(path).unwrap();
        let error = net().resume(&folder).unwrap_err();
        let text = format!(
            "{}: expected a whole checkpoint, got none: {}: no such file or folder",
            folder.display(),
            path.display()
        );
        assert_eq!(error.to_string(), text);
        std::fs::write(path, bytes).unwrap();
    }
}
