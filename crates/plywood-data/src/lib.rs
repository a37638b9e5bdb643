//! Data sets, CSV files, preprocessing and batches, with three small data sets included.
//!
//! - [`Dataset`] is anything that knows how many samples it has and can get one; its inputs and targets are typed, so
//!   class labels ([`IntTensor`](plywood_tensor::IntTensor)) and values ([`Tensor`](plywood_tensor::Tensor)) cannot be
//!   taken for each other.
//! - [`ArrayDataset`] holds its samples in memory: it splits in proportion to the classes, and into folds.
//! - [`DataLoader`] deals a data set out in batches, in an order that the seed and the epoch alone decide.
//! - [`Csv`] reads a table; whatever is wrong with it is reported with line and column.
//! - [`Standardize`], [`MinMax`] and [`Categories`] turn raw columns into numbers a network likes.
//! - [`Npy`] and [`Npz`] are arrays in the files of NumPy, in and out.
//! - [`ImageDataset`] holds images as bytes, from the files of MNIST, CIFAR and the like.
//! - [`datasets`] are well-known sets: three small ones that are always there, others from their files.
//!
//! ```
//! use plywood_data::{DataLoader, Standardize, datasets};
//! use plywood_tensor::{Result, Seed};
//!
//! fn main() -> Result<()> {
//!     let (train, validation) = datasets::breast_cancer().split(0.8, Seed(7))?;
//!     let scaler = Standardize::fit(&train)?; // the validation part has no say in it
//!     let train = train.map_inputs(|x| scaler.apply(x))?;
//!     let validation = validation.map_inputs(|x| scaler.apply(x))?;
//!
//!     let loader = DataLoader::new(&train).batch_size(32).shuffle(true).seed(Seed(7));
//!     let mut seen = 0;
//!     for batch in loader.epoch(0) {
//!         let batch = batch?;
//!         assert_eq!(batch.x.shape()[1], 30);
//!         seen += batch.len();
//!     }
//!     assert_eq!((seen, validation.x().shape()[0]), (455, 114));
//!     Ok(())
//! }
//! ```
//!
//! | to … | see |
//! |---|---|
//! | use arrays as they are | [`ArrayDataset::new`] |
//! | read a table | [`Csv::labels`], [`Csv::values`], [`Csv::inputs`] |
//! | read images | [`datasets::mnist`], [`datasets::cifar10`], [`ImageDataset`], [`Idx`] |
//! | exchange arrays with NumPy | [`Npy`], [`Npz`] |
//! | read folders of PNG and JPEG files | `ImageFolder`, with the feature `images` |
//! | hold samples back | [`ArrayDataset::split`], [`ArrayDataset::split_at`], [`ArrayDataset::k_fold`] |
//! | weigh samples or classes | [`ArrayDataset::with_weights`], [`ArrayDataset::balancing_weights`], [`DataLoader::weights`] |
//! | make up samples of rare classes | [`Smote`] |
//! | bring inputs to one scale | [`Standardize`], [`MinMax`] |
//! | encode categories | [`Categories::encode`], [`Categories::one_hot`] |
//! | bring samples to one size or form | [`Dataset::map`]; `ImageFolder::resized` |
//! | load samples lazily | [`Dataset`] |
//! | cut a long series into windows | [`SlidingWindow`], [`Windows`] |
//! | make batches | [`DataLoader`], [`Batch`] |
//! | load ahead, on threads | [`DataLoader::workers`], [`DataLoader::epoch_in`] |
//! | augment samples, mix batches | [`DataLoader::map`], [`DataLoader::map_batch`] |
#![forbid(unsafe_code)]
#![warn(missing_docs)]

// In reading order: what a data set is, the one in memory, batches from it, files, preprocessing, what is included.
mod data_error;
mod gather;
mod samples;
mod visiting;

mod batch;
mod dataset;
mod mapped;

mod array_dataset;
mod array_display;
mod split;

mod sliding_window;
mod windows;

mod loader;

mod csv;
mod files;
mod image_dataset;
#[cfg(feature = "images")]
mod image_folder;
mod preprocess;

pub mod datasets;

pub use array_dataset::ArrayDataset;
pub use batch::Batch;
pub use csv::{Csv, CsvProblem, Missing, Place};
pub use data_error::DataError;
pub use dataset::Dataset;
pub use files::FileProblem;
pub use files::idx::Idx;
pub use files::npy::Npy;
pub use files::npz::Npz;
pub use image_dataset::ImageDataset;
#[cfg(feature = "images")]
pub use image_folder::{ImageFolder, OnBroken, OpenImages, Skipped};
pub use loader::DataLoader;
pub use loader::epoch::Epoch;
pub use mapped::Mapped;
pub use preprocess::{Categories, MinMax, Smote, Standardize};
pub use samples::Samples;
pub use sliding_window::SlidingWindow;
pub use split::Folds;
pub use windows::Windows;
