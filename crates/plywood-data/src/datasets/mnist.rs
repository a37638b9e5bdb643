//! MNIST and its relatives.

use crate::files::bytes::Bytes;
use crate::{ImageDataset, files::FileProblem};
use plywood_tensor::{IntTensor, Result};
use std::path::Path;

/// Handwritten digits, 28×28 gray pixels, from the files of MNIST in a folder: to train on, and to test.
///
/// The folder holds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`, `t10k-images-idx3-ubyte` and
/// `t10k-labels-idx1-ubyte`, each as it is or as `.gz`. Nothing is downloaded.
///
/// # Shapes
/// Inputs `[60000, 28, 28, 1]` and `[10000, 28, 28, 1]`, from 0 (background) to 1 (ink); targets `[60000]` and `[10000]`.
///
/// # Errors
/// [`DataError::File`](crate::DataError::File) with the file and what is wrong with it.
///
/// # References
/// LeCun, Bottou, Bengio, Haffner, "Gradient-Based Learning Applied to Document Recognition", 1998;
/// `torchvision.datasets.MNIST`.
#[doc(alias = "KMNIST")]
pub fn mnist(folder: impl AsRef<Path>) -> Result<(ImageDataset, ImageDataset)> {
    both(folder.as_ref(), &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
}

/// Articles of clothing, 28×28 gray pixels, from files of the same names as those of [`mnist`].
///
/// # Shapes
/// As of [`mnist`].
///
/// # Errors
/// [`DataError::File`](crate::DataError::File) with the file and what is wrong with it.
///
/// # References
/// Xiao, Rasul, Vollgraf, "Fashion-MNIST", 2017; `torchvision.datasets.FashionMNIST`.
pub fn fashion_mnist(folder: impl AsRef<Path>) -> Result<(ImageDataset, ImageDataset)> {
    let names = [
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Ankle boot",
    ];
    both(folder.as_ref(), &names)
}

fn both(folder: &Path, names: &[&str]) -> Result<(ImageDataset, ImageDataset)> {
    Ok((part(folder, "train", names)?, part(folder, "t10k", names)?))
}

fn part(folder: &Path, part: &str, names: &[&str]) -> Result<ImageDataset> {
    let images = Bytes::first(folder, &[&format!("{part}-images-idx3-ubyte")])?;
    let labels = Bytes::first(folder, &[&format!("{part}-labels-idx1-ubyte")])?;
    let data = ImageDataset::parse_idx(&images, &labels)?;
    check_labels(&labels, data.labels(), names.len())?;
    data.with_class_names(names.to_vec())
}

/// Every label is one of so many classes.
pub(super) fn check_labels(file: &Bytes, labels: &IntTensor, classes: usize) -> Result<()> {
    let labels = labels.as_slice();
    match labels.iter().position(|&label| !usize::try_from(label).is_ok_and(|label| label < classes)) {
        Some(record) => Err(file.problem(FileProblem::Label { record, classes, got: labels[record] })),
        None => Ok(()),
    }
}
