//! What is said when data does not fit, apart from files (`csv.rs`, `files.rs`).

use plywood_data::{
    ArrayDataset, Categories, DataError, DataLoader, Dataset, ImageDataset, MinMax, Samples, SlidingWindow,
    Smote, Standardize,
};
use plywood_tensor::{Array, Elem, Error, IntTensor, Result, Seed, Stream, Tensor};
use std::collections::{BTreeMap, HashSet};

fn data(len: usize) -> ArrayDataset {
    ArrayDataset::new(Tensor::zeros([len, 2]).unwrap(), IntTensor::zeros([len]).unwrap()).unwrap()
}

/// A type that makes room and does not fill it.
#[derive(Clone)]
struct Roomy;

impl Samples for Roomy {
    fn count(&self) -> usize {
        1
    }

    fn take(&self, _: &[usize]) -> Result<Self> {
        Ok(Roomy)
    }

    fn sample(&self, _: usize) -> Result<Self> {
        Ok(Roomy)
    }

    fn collate(_: Vec<Self>) -> Result<Self> {
        Ok(Roomy)
    }

    fn room(&self, _: usize) -> Result<Option<Self>> {
        Ok(Some(Roomy))
    }
}

/// Samples of which each is longer than the one before.
#[derive(Clone)]
struct Sizes(usize);

impl Dataset for Sizes {
    type Input = Tensor;
    type Target = IntTensor;

    fn len(&self) -> usize {
        4
    }

    fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
        Ok((Tensor::zeros([2 + index, self.0])?, IntTensor::from(0)))
    }
}

/// What is wrong with windows of a series of so many steps.
fn cut(window: SlidingWindow, steps: usize) -> Option<Error> {
    window.cut(&Tensor::zeros([steps, 2]).unwrap()).err()
}

/// What is wrong with the first batch.
fn first_of<D: Dataset>(loader: DataLoader<D>) -> Option<Error> {
    loader.epoch(0).next()?.err()
}

/// The error that the loop over an epoch sees.
fn first<D: Dataset>(loader: &DataLoader<D>) -> Option<Error> {
    let mut epoch = loader.epoch(0);
    assert_eq!(epoch.len(), 1);
    let error = epoch.next()?.err();
    assert!(epoch.next().is_none(), "the error is the only item");
    assert_eq!(error.as_ref().map(Error::to_string), loader.batches().err().map(|error| error.to_string()));
    error
}

#[test]
fn messages_say_what_was_expected_and_what_was_got() {
    let four = data(4);
    let scaler = Standardize::fit(&Tensor::from([[1.0, 2.0], [3.0, 4.0]])).unwrap();
    let rows: Vec<(Option<Error>, &str)> = vec![
        (first(&DataLoader::new(&data(0))), "the data set is empty"),
        (data(0).split(0.5, Seed(1)).err(), "the data set is empty"),
        (data(0).k_fold(2, Seed(1)).next().and_then(Result::err), "the data set is empty"),
        (Standardize::fit(data(0).x()).err(), "the data set is empty"),
        (Tensor::collate(vec![]).err(), "the data set is empty"),
        (
            ArrayDataset::new(Tensor::zeros([3, 1]).unwrap(), IntTensor::from([0, 1])).err(),
            "expected one target for each of 3 inputs, got 2",
        ),
        (four.select(&[0, 4]).err(), "sample 4 is not in 0..4"),
        (four.get(9).err(), "sample 9 is not in 0..4"),
        (four.batch(&[5, 6]).err(), "sample 5 is not in 0..4"),
        (
            Tensor::collate(vec![Tensor::from([1.0]), Tensor::from(1.0)]).err(),
            "sample 1 of the batch: expected shape [1] as the first, got []",
        ),
        (
            ArrayDataset::new(Roomy, Roomy)
                .and_then(|data| DataLoader::new(data).map(|x, y, _| Ok((x, y))).epoch(0).next().transpose())
                .err(),
            "inputs: samples: expected a type with `Samples::put`, since it has `Samples::room`, got one without",
        ),
        (first(&DataLoader::new(&four).batch_size(0)), "batch size: expected at least 1, got 0"),
        (
            first(&DataLoader::new(&four).drop_last(true)),
            "batch size: expected at most 4 when short batches are dropped, got 32",
        ),
        (four.split(80.0, Seed(1)).err(), "split: expected a fraction between 0 and 1, got 80"),
        (four.split(Elem::NAN.into(), Seed(1)).err(), "split: expected a fraction between 0 and 1, got NaN"),
        (four.split(0.9, Seed(1)).err(), "split: expected 1 to 3 of 4 samples in the first part, got 4"),
        (four.split_at(0).err(), "split: expected 1 to 3 of 4 samples in the first part, got 0"),
        (
            four.k_fold(5, Seed(1)).next().and_then(Result::err),
            "k-fold: expected 2 to 4 folds for 4 samples, got 5",
        ),
        (first(&DataLoader::new(&four).weights([1.0])), "weights: expected one for each of 4 samples, got 1"),
        (
            data(4).with_weights(Tensor::from([1.0, -0.5, 1.0, 1.0])).err(),
            "weights: expected finite numbers of at least 0, got -0.5 for sample 1",
        ),
        (
            first(&DataLoader::new(&four).weights([1.0, 1.0, f64::NAN, 1.0])),
            "weights: expected finite numbers of at least 0, got NaN for sample 2",
        ),
        (first(&DataLoader::new(&four).weights([0.0; 4])), "weights: expected a finite sum above 0, got 0"),
        (
            first(&DataLoader::new(&four).weights([f64::MAX; 4])),
            "weights: expected a finite sum above 0, got inf",
        ),
        (
            ArrayDataset::new(Tensor::zeros([2, 1]).unwrap(), IntTensor::from([0, 2]))
                .and_then(|data| data.with_class_names(["no", "yes"]))
                .err(),
            "sample 1: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        ),
        (
            ArrayDataset::new(Tensor::zeros([2, 1]).unwrap(), IntTensor::from([0, 7]))
                .and_then(|data| data.with_class_names(["no", "yes"]))
                .err(),
            "sample 1: expected a label in 0..2, got 7",
        ),
        (
            first_of(DataLoader::new(Sizes(3))),
            "inputs: expected shape [2, 3] as of sample 0, got [3, 3] of sample 1; bring samples to one shape by `map`, of the data set or of the loader",
        ),
        (
            first_of(DataLoader::new(Sizes(2).map(|x, y| Ok((y, x))))),
            "targets: expected shape [2, 2] as of sample 0, got [3, 2] of sample 1; bring samples to one shape by `map`, of the data set or of the loader",
        ),
        (
            first_of(
                DataLoader::new(Sizes(3)).workers(2).map(|x, y, _| Ok((x.reshape([x.shape()[0], 3, 1])?, y))),
            ),
            "inputs: expected shape [2, 3, 1] as of sample 0, got [3, 3, 1] of sample 1; bring images to one size by `ImageFolder::resized`, or by a crop or a resize in `map`",
        ),
        (data(4).with_feature_names(["only"]).err(), "feature names: expected 2, got 1"),
        (scaler.apply(&Tensor::zeros([5, 3]).unwrap()).err(), "standardize: expected [.., 2], got [5, 3]"),
        (
            Standardize::fit(&Tensor::from([1.0])).err(),
            "standardize: expected [samples, .., features], got [1]",
        ),
        (
            Standardize::fit(&Tensor::from([[1.0, 2.0], [3.0, Elem::NAN]])).err(),
            "standardize: expected finite numbers, got NaN in row 1, feature 1",
        ),
        (
            MinMax::fit_range(&Tensor::from([[1.0]]), 1.0, 1.0).err(),
            "min-max: expected a finite range with low < high, got 1..1",
        ),
        (
            Categories::new(["a", "b"]).and_then(|known| known.encode(["c"])).err(),
            r#"category: expected one of "a", "b", got "c""#,
        ),
        (
            ImageDataset::new(Array::zeros([4, 28, 28]).unwrap(), IntTensor::zeros([4]).unwrap()).err(),
            "images: expected [images, height, width, channels], got [4, 28, 28]",
        ),
        (
            Smote::default().enlarge(&four, &BTreeMap::from([(0, 9)]), Seed(1)).err(),
            "class 0: expected at least 6 samples to choose from 5 neighbours, got 4",
        ),
        (
            Smote::new(0).enlarge(&four, &BTreeMap::from([(0, 9)]), Seed(1)).err(),
            "smote: expected at least 1 neighbour, got 0",
        ),
        (
            Smote::new(1).enlarge(&four, &BTreeMap::from([(7, 9)]), Seed(1)).err(),
            "class 7: expected at least 2 samples to choose from 1 neighbours, got 0",
        ),
        (
            Smote::default().enlarge(&four, &BTreeMap::from([(0, 3)]), Seed(1)).err(),
            "class 0: expected at least the 4 samples there are, got 3",
        ),
        (
            ArrayDataset::new(Tensor::from([[1.0, Elem::NAN]]), IntTensor::from([0]))
                .and_then(|data| Smote::default().balance(&data, Seed(1)))
                .err(),
            "smote: expected finite numbers, got NaN in row 0, feature 1",
        ),
        (
            Categories::new(["a", "a"]).err(),
            r#"categories: expected different names, at least one, got ["a", "a"]"#,
        ),
        (cut(SlidingWindow::new(0), 4), "windows: expected a length of at least 1, got 0"),
        (cut(SlidingWindow::new(2).stride(0), 4), "windows: expected a stride of at least 1, got 0"),
        (
            cut(SlidingWindow::new(4), 4),
            "windows: expected a series of at least 5 steps, 4 for a window and its target 1 ahead of it, got 4",
        ),
        (
            cut(SlidingWindow::new(4).ahead(0), 3),
            "windows: expected a series of at least 4 steps, 4 for a window and its target 0 ahead of it, got 3",
        ),
        (
            cut(SlidingWindow::new(usize::MAX), 3),
            "windows: expected a series of at least 18446744073709551615 steps, 18446744073709551615 for a window and its \
             target 1 ahead of it, got 3",
        ),
        (
            SlidingWindow::new(1).cut(&Tensor::from(1.0)).err(),
            "windows: expected a series of at least 2 steps, 1 for a window and its target 1 ahead of it, got 0",
        ),
        (
            SlidingWindow::new(2)
                .cut_with(&Tensor::zeros([4, 1]).unwrap(), &IntTensor::from([0, 1, 0]))
                .err(),
            "windows: expected one target for each of 4 steps of the series, got 3; which of them belongs to a window follows \
             from `ahead`",
        ),
    ];
    let panics = |_: Tensor, _: IntTensor, _: &Stream| -> Result<(Tensor, IntTensor)> { panic!("no\n  way") };
    let loader = DataLoader::new(data(4)).map(panics).workers(1);
    let mut rows = rows;
    rows.push((
        loader.epoch(0).next().and_then(Result::err),
        "batch 0, sample 0: a worker of the loader panicked: no way",
    ));
    let mut seen = HashSet::new();
    for (error, expected) in rows {
        let error = error.unwrap_or_else(|| panic!("no error: {expected}"));
        assert_eq!(error.to_string(), expected);
        seen.insert(std::mem::discriminant(error.source_as::<DataError>().expect(expected)));
    }
    // Complete: each variant has a row, but for those of files, which have tables of their own.
    assert_eq!(seen.len() + 2, include_str!("../src/data_error.rs").matches("#[error(").count());
}
