//! Images in memory, as bytes.

use crate::files::FileProblem;
use crate::files::bytes::Bytes;
use crate::files::idx::Idx;
use crate::samples::check_indices;
use crate::{ArrayDataset, Batch, DataError, Dataset, Samples};
use plywood_tensor::{Array, Elem, IntTensor, Result, Seed, Shape, Tensor};
use std::collections::BTreeMap;
use std::path::Path;

/// Images of one size with a class each: in memory a byte for each number, in a batch numbers from 0 to 1.
///
/// A quarter of the memory of an [`ArrayDataset`]; a batch is made straight from the bytes. A clone costs little.
///
/// # Shapes
/// Inputs `[N, H, W, C]`, channels last; targets `[N]`.
///
/// # Example
/// ```
/// use plywood_data::{DataLoader, Dataset, ImageDataset};
/// use plywood_tensor::{Array, IntTensor, Tensor};
///
/// let pixels = Array::from_vec(vec![0, 51, 255, 102, 0, 0], [3, 1, 2, 1])?;
/// let data = ImageDataset::new(pixels, IntTensor::from([0, 1, 0]))?;
/// assert_eq!(data.get(0)?.0, Tensor::from([[[0.0], [0.2]]]));
///
/// let batch = DataLoader::new(&data).batch_size(2).epoch(0).next().expect("three images")?;
/// assert_eq!(*batch.x.shape(), [2, 1, 2, 1]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// The data sets of torchvision, whose `ToTensor` divides by 255 too and puts channels first.
#[derive(Debug, Clone)]
pub struct ImageDataset {
    data: ArrayDataset<Array<u8>, IntTensor>,
}

impl ImageDataset {
    /// Images `[N, H, W, C]`, and the class of each.
    ///
    /// # Errors
    /// [`DataError::Images`] if there are not four axes, [`DataError::Lengths`] if there are more of one than of the other.
    pub fn new(images: Array<u8>, labels: IntTensor) -> Result<ImageDataset> {
        if images.shape().rank() != 4 {
            return Err(DataError::Images { got: *images.shape() }.into());
        }
        Ok(ImageDataset { data: ArrayDataset::new(images, labels)? })
    }

    /// Gray images from a file in the IDX format, and the class of each from another; both may be compressed with gzip.
    ///
    /// # Shapes
    /// `[N, H, W]` in the file, `[N, H, W, 1]` in the data set.
    ///
    /// # Errors
    /// [`DataError::File`] with what is wrong.
    #[doc(alias = "MNIST")]
    pub fn from_idx(images: impl AsRef<Path>, labels: impl AsRef<Path>) -> Result<ImageDataset> {
        ImageDataset::parse_idx(&Bytes::open(images.as_ref())?, &Bytes::open(labels.as_ref())?)
    }

    pub(crate) fn parse_idx(images: &Bytes, labels: &Bytes) -> Result<ImageDataset> {
        let (images, labels) = (Idx::parse(images)?, Idx::parse(labels)?);
        let &[count, height, width] = &**images.shape() else {
            let got = images.shape().rank();
            return Err(images.problem(FileProblem::Rank { expected: "images of 3 axes", got }));
        };
        let &[of_labels] = &**labels.shape() else {
            let got = labels.shape().rank();
            return Err(labels.problem(FileProblem::Rank { expected: "labels of 1 axis", got }));
        };
        if count != of_labels {
            return Err(labels.problem(FileProblem::Count { images: count, labels: of_labels }));
        }
        let classes = labels.into_bytes()?.into_iter().map(i64::from).collect();
        let classes = IntTensor::from_vec(classes, [count])?;
        let pixels = Array::from_vec(images.into_bytes()?, [count, height, width, 1])?;
        ImageDataset::new(pixels, classes)
    }

    /// The same images with a name for each class: label 0 means the first, and so on.
    ///
    /// # Errors
    /// [`DataError::Label`] if there is a label without a name.
    pub fn with_class_names<S: Into<String>>(self, names: impl IntoIterator<Item = S>) -> Result<Self> {
        Ok(ImageDataset { data: self.data.with_class_names(names)? })
    }

    /// All images, `[N, H, W, C]`.
    pub fn images(&self) -> &Array<u8> {
        self.data.x()
    }

    /// The class of each image, `[N]`.
    pub fn labels(&self) -> &IntTensor {
        self.data.y()
    }

    /// What each class label means, if it is known.
    pub fn class_names(&self) -> Option<&[String]> {
        self.data.class_names()
    }

    /// How many images there are of each class.
    pub fn class_counts(&self) -> BTreeMap<i64, usize> {
        self.data.class_counts()
    }

    /// For each image, a weight that makes all classes count alike; see [`ArrayDataset::balancing_weights`].
    pub fn balancing_weights(&self) -> Vec<f64> {
        self.data.balancing_weights()
    }

    /// The images at these positions, in this order, any of them as often as it is named.
    ///
    /// # Errors
    /// [`DataError::Index`] if a position does not exist.
    #[doc(alias = "Subset")]
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        Ok(ImageDataset { data: self.data.select(indices)? })
    }

    /// Two parts in random order, with the same share of each class; see [`ArrayDataset::split`].
    ///
    /// # Errors
    /// As [`ArrayDataset::split`].
    pub fn split(&self, fraction: f64, seed: Seed) -> Result<(Self, Self)> {
        let (first, second) = self.data.split(fraction, seed)?;
        Ok((ImageDataset { data: first }, ImageDataset { data: second }))
    }

    /// Two parts in the order as it is; see [`ArrayDataset::split_at`].
    ///
    /// # Errors
    /// As [`ArrayDataset::split_at`].
    pub fn split_at(&self, count: usize) -> Result<(Self, Self)> {
        let (first, second) = self.data.split_at(count)?;
        Ok((ImageDataset { data: first }, ImageDataset { data: second }))
    }

    /// All images as numbers from 0 to 1, four times as large or more.
    ///
    /// # Errors
    /// If they are too large for a tensor.
    pub fn to_arrays(&self) -> Result<ArrayDataset> {
        let all: Vec<usize> = (0..self.len()).collect();
        let arrays = ArrayDataset::new(self.floats(&all)?, self.data.y().clone())?;
        match self.class_names() {
            Some(names) => arrays.with_class_names(names.to_vec()),
            None => Ok(arrays),
        }
    }

    /// Images at these positions as numbers from 0 to 1, written straight into their tensor.
    fn floats(&self, indices: &[usize]) -> Result<Tensor> {
        check_indices(indices, self.len())?;
        let (images, length) = (self.images(), self.one()?.numel());
        let dims: Vec<usize> = std::iter::once(indices.len()).chain(self.one()?.iter().copied()).collect();
        let mut out = Tensor::zeros(dims)?;
        for (out, &index) in out.as_mut_slice().chunks_exact_mut(length.max(1)).zip(indices) {
            for (x, &byte) in out.iter_mut().zip(&images.as_slice()[index * length..][..length]) {
                *x = Elem::from(byte) / 255.0;
            }
        }
        Ok(out)
    }

    /// The shape of one image.
    fn one(&self) -> Result<Shape> {
        Shape::new(&self.images().shape()[1..])
    }
}

impl Dataset for ImageDataset {
    type Input = Tensor;
    type Target = IntTensor;

    fn len(&self) -> usize {
        self.data.len()
    }

    fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
        Ok((self.floats(&[index])?.reshape(self.one()?)?, self.labels().sample(index)?))
    }

    fn batch(&self, indices: &[usize]) -> Result<Batch> {
        Ok(Batch {
            x: self.floats(indices)?,
            y: self.labels().take(indices)?,
            weight: None,
            indices: indices.to_vec(),
        })
    }
}
