//! CIFAR-10 and CIFAR-100, in their binary version.

use super::mnist::check_labels;
use crate::ImageDataset;
use crate::files::FileProblem;
use crate::files::bytes::Bytes;
use plywood_tensor::{Array, IntTensor, Result};
use std::path::Path;

/// Width and height of an image.
const SIDE: usize = 32;
/// More records than all files together have.
const RECORDS: usize = 60_000;
/// A plane of one colour.
const PLANE: usize = SIDE * SIDE;

/// Colour photographs of ten classes, 32×32, from the files of CIFAR-10's binary version in a folder: to train on, and to test.
///
/// The folder holds `data_batch_1.bin` to `data_batch_5.bin` and `test_batch.bin`. Nothing is downloaded.
///
/// # Shapes
/// Inputs `[50000, 32, 32, 3]` and `[10000, 32, 32, 3]`, from 0 to 1; targets `[50000]` and `[10000]`.
///
/// # Errors
/// [`DataError::File`](crate::DataError::File) with the file and what is wrong with it.
///
/// # References
/// Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; `torchvision.datasets.CIFAR10`.
pub fn cifar10(folder: impl AsRef<Path>) -> Result<(ImageDataset, ImageDataset)> {
    let (folder, format) = (folder.as_ref(), Format { labels: 1, label: 0, classes: 10 });
    let batches: Vec<String> = (1..=5).map(|batch| format!("data_batch_{batch}.bin")).collect();
    let names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
    let train = format.read(folder, &batches)?.with_class_names(names)?;
    Ok((train, format.read(folder, &["test_batch.bin".into()])?.with_class_names(names)?))
}

/// Colour photographs of a hundred classes, 32×32, from the files of CIFAR-100's binary version in a folder.
///
/// The folder holds `train.bin` and `test.bin`. Nothing is downloaded.
///
/// # Shapes
/// As of [`cifar10`].
///
/// # Errors
/// [`DataError::File`](crate::DataError::File) with the file and what is wrong with it.
///
/// # References
/// Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009; `torchvision.datasets.CIFAR100`.
pub fn cifar100(folder: impl AsRef<Path>) -> Result<(ImageDataset, ImageDataset)> {
    hundred(folder.as_ref(), Format { labels: 2, label: 1, classes: 100 })
}

/// [`cifar100`] with its twenty superclasses, such as flowers or fish, as targets.
///
/// # Errors
/// As [`cifar100`].
pub fn cifar100_superclasses(folder: impl AsRef<Path>) -> Result<(ImageDataset, ImageDataset)> {
    hundred(folder.as_ref(), Format { labels: 2, label: 0, classes: 20 })
}

fn hundred(folder: &Path, format: Format) -> Result<(ImageDataset, ImageDataset)> {
    Ok((format.read(folder, &["train.bin".into()])?, format.read(folder, &["test.bin".into()])?))
}

/// What a record is: labels of a byte each, then planes of red, green and blue.
#[derive(Clone, Copy)]
struct Format {
    /// How many labels there are.
    labels: usize,
    /// Which one is wanted.
    label: usize,
    /// How many classes it has.
    classes: usize,
}

impl Format {
    /// The records of several files, one after the other.
    fn read(self, folder: &Path, names: &[String]) -> Result<ImageDataset> {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        let record = self.labels + 3 * PLANE;
        for name in names {
            let mut file = Bytes::first(folder, &[name])?;
            let bytes = file.all((RECORDS * record) as u64)?;
            if bytes.is_empty() || !bytes.len().is_multiple_of(record) {
                let (record, got) = (record as u64, bytes.len() as u64);
                return Err(file.problem(FileProblem::Records { record, got }));
            }
            let start = labels.len();
            pixels.reserve(bytes.len() / record * 3 * PLANE);
            for record in bytes.chunks_exact(record) {
                let (of_record, planes) = record.split_at(self.labels);
                labels.push(i64::from(of_record[self.label]));
                pixels.extend((0..PLANE).flat_map(|i| [planes[i], planes[PLANE + i], planes[2 * PLANE + i]]));
            }
            let of_file = IntTensor::from_slice(&labels[start..], [labels.len() - start])?;
            check_labels(&file, &of_file, self.classes)?;
        }
        let count = labels.len();
        let pixels = Array::from_vec(pixels, [count, SIDE, SIDE, 3])?;
        ImageDataset::new(pixels, IntTensor::from_vec(labels, [count])?)
    }
}
