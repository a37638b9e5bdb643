//! A folder of images, a folder within it for each class.

mod decode;
mod open;
mod summary;

pub use open::{OnBroken, OpenImages};

use crate::{ArrayDataset, DataError, Dataset, FileProblem, Samples};
use decode::Decode;
use plywood_augment::Resize;
use plywood_tensor::{IntTensor, Result, Seed, Tensor, one_line};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// PNG and JPEG files, a folder for each class, read when they are needed. Needs the feature `images`.
///
/// `photos/cat/1.png` is an image of the class `cat`. Classes are sorted by name, files within each too; other files and deeper
/// folders are not looked at. What a file is, its content says and not its name; alpha is dropped, 16 bits become 8,
/// and nothing is turned by what a camera noted. Print the folder to see what there is, and what was left out.
///
/// Images keep their size unless [`ImageFolder::resized`] brings them to one. Where a random crop does that in training, what is
/// evaluated needs it all the same. No file is believed: it is decoded only if its length, its sides and the memory it asks for are
/// below limits, which [`ImageFolder::open`] lets you choose.
///
/// # Shapes
/// Inputs `[H, W, 3]`, or `[H, W, 1]` for [`OpenImages::gray`], numbers from 0 to 1; targets `[]`.
///
/// # Example
/// ```
/// use plywood_data::{DataLoader, Dataset, ImageFolder, OnBroken};
///
/// # fn main() -> plywood_tensor::Result<()> {
/// # let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/images/folder");
/// let data = ImageFolder::open(folder).on_broken(OnBroken::Skip).read()?;
/// assert_eq!(data.to_string(), "7 images: blue 3, red 4");
/// assert_eq!(data.class_names(), ["blue", "red"]);
///
/// let loader = DataLoader::new(data.resized([8, 8])?).batch_size(2);
/// let batch = loader.epoch(0).next().expect("a batch")?;
/// assert_eq!(*batch.x.shape(), [2, 8, 8, 3]);
/// # Ok(())
/// # }
/// ```
/// # References
/// `torchvision.datasets.ImageFolder`; Keras: `image_dataset_from_directory`.
#[doc(alias = "image_dataset_from_directory")]
#[derive(Clone)]
pub struct ImageFolder {
    files: Arc<Vec<PathBuf>>,
    /// The number of each file, and its class.
    data: ArrayDataset<IntTensor, IntTensor>,
    class_names: Arc<Vec<String>>,
    skipped: Arc<Vec<Skipped>>,
    /// What lies in the folders of the classes and is no image by its name.
    others: Arc<Vec<PathBuf>>,
    decode: Decode,
    size: Option<[usize; 2]>,
}

/// A file that was left out, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Skipped {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: FileProblem,
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), self.problem)
    }
}

impl ImageFolder {
    /// A folder with a folder for each class; say what is unusual about it, then [`OpenImages::read`] it.
    pub fn open(folder: impl Into<PathBuf>) -> OpenImages {
        OpenImages::new(folder.into())
    }

    /// The class of each file, `[N]`.
    pub fn labels(&self) -> &IntTensor {
        self.data.y()
    }

    /// What each class label means: the names of the folders.
    pub fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// How many files there are of each class.
    pub fn class_counts(&self) -> BTreeMap<i64, usize> {
        self.data.class_counts()
    }

    /// For each file, a weight that makes all classes count alike; see [`ArrayDataset::balancing_weights`].
    pub fn balancing_weights(&self) -> Vec<f64> {
        self.data.balancing_weights()
    }

    /// The file of a sample, if there is such a sample.
    pub fn path(&self, index: usize) -> Option<&Path> {
        let number = *self.data.x().as_slice().get(index)?;
        self.files.get(usize::try_from(number).ok()?).map(PathBuf::as_path)
    }

    /// The same images, each brought to this height and width: its middle is cut out in their proportions, to the nearest pixel, and
    /// scaled.
    ///
    /// Nothing is stretched, and nothing is drawn: for validation and tests, and for training without a crop.
    ///
    /// ```
    /// use plywood_data::{Dataset, ImageFolder};
    /// use plywood_tensor::Seed;
    ///
    /// # let folder = "tests/images/folder";
    /// let (train, validation) = ImageFolder::open(folder).read()?.split(0.5, Seed(1))?;
    /// // `train` is cropped at random when it is augmented.
    /// let validation = validation.resized([32, 48])?;
    /// for index in 0..validation.len() {
    ///     assert_eq!(*validation.get(index)?.0.shape(), [32, 48, 3]);
    /// }
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`AugmentError::Setting`](plywood_augment::AugmentError::Setting) if either is 0 or above 65536.
    /// # References
    /// Pillow: `ImageOps.fit`; Keras: `image_dataset_from_directory` with `image_size` and `crop_to_aspect_ratio`; torchvision:
    /// `Resize`, then `CenterCrop`, which scales before it cuts.
    #[doc(alias("image_size", "CenterCrop", "Resize"))]
    pub fn resized(&self, size: [usize; 2]) -> Result<Self> {
        Resize::new(size)?;
        Ok(ImageFolder { size: Some(size), ..self.clone() })
    }

    /// An image that lies in memory, such as one that came by network, in the form and within the limits of the files of this folder.
    ///
    /// ```
    /// use plywood_data::ImageFolder;
    ///
    /// let data = ImageFolder::open("tests/images/folder").read()?;
    /// let image = data.decode(&std::fs::read(data.path(0).unwrap())?)?;
    /// assert_eq!(*image.shape(), [5, 6, 3]);
    ///
    /// let error = data.decode(b"GIF89a").unwrap_err();
    /// assert_eq!(error.to_string(), "image: expected a file that begins with the mark of PNG or JPEG, got 0x47 0x49 0x46 0x38");
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    pub fn decode(&self, bytes: &[u8]) -> Result<Tensor> {
        let broken = |problem| DataError::File { file: "image".into(), problem };
        self.decode.bytes(bytes).map_err(broken)?.tensor(self.size)
    }

    /// The files that were left out, if [`OnBroken::Skip`] was chosen.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The files at these positions, in this order, any of them as often as it is named.
    ///
    /// # Errors
    /// [`DataError::Index`] if a position does not exist.
    #[doc(alias = "Subset")]
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        Ok(ImageFolder { data: self.data.select(indices)?, ..self.clone() })
    }

    /// Two parts in random order, with the same share of each class; see [`ArrayDataset::split`].
    ///
    /// # Errors
    /// As [`ArrayDataset::split`].
    pub fn split(&self, fraction: f64, seed: Seed) -> Result<(Self, Self)> {
        let (first, second) = self.data.split(fraction, seed)?;
        Ok((ImageFolder { data: first, ..self.clone() }, ImageFolder { data: second, ..self.clone() }))
    }
}

impl Dataset for ImageFolder {
    type Input = Tensor;
    type Target = IntTensor;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
        let len = self.len();
        let path = self.path(index).ok_or(DataError::Index { index, len })?;
        let image = self.decode.file(path).map_err(|problem| broken(path, problem))?;
        Ok((image.tensor(self.size)?, self.labels().sample(index)?))
    }

    fn name(&self, index: usize) -> String {
        let position = self.position(index);
        self.path(index).map_or_else(
            || format!("sample {position}"),
            |path| format!("sample {position} ({})", one_line(&path.display().to_string(), 200)),
        )
    }
}

/// An error that names the file.
fn broken(path: &Path, problem: FileProblem) -> plywood_tensor::Error {
    DataError::File { file: path.display().to_string(), problem }.into()
}
