//! Parts of a data set: to learn from, and to be judged by.

use crate::{ArrayDataset, DataError, Dataset, Samples};
use plywood_tensor::{IntTensor, Result, Seed, Stream, Tensor};
use std::fmt;

impl<X: Samples, Y: Samples> ArrayDataset<X, Y> {
    /// Two parts in random order: `fraction` of the samples, and the rest.
    ///
    /// The first part has `round(fraction · len)` samples. If the targets are class labels, each class is divided
    /// in the same proportion, to within one sample. The same seed gives the same parts.
    ///
    /// ```
    /// use plywood_data::{Dataset, datasets};
    /// use plywood_tensor::Seed;
    ///
    /// let (train, test) = datasets::digits().split(0.75, Seed(1))?;
    /// assert_eq!((train.len(), test.len()), (1348, 449));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`DataError::Empty`] for no samples, [`DataError::Fraction`] for a fraction outside 0 to 1,
    /// [`DataError::EmptyPart`] if it leaves a part empty.
    /// # References
    /// `sklearn.model_selection.train_test_split`, which stratifies when asked to; `torch.utils.data.random_split`
    /// does not stratify.
    #[doc(alias("train_test_split", "random_split"))]
    pub fn split(&self, fraction: f64, seed: Seed) -> Result<(Self, Self)> {
        if self.is_empty() {
            return Err(DataError::Empty.into());
        }
        if !(fraction > 0.0 && fraction < 1.0) {
            return Err(DataError::Fraction { got: fraction }.into());
        }
        let len = self.len();
        let count = (fraction * len as f64).round() as usize;
        self.both_parts(count)?;
        let order = seed.stream().named("split").permutation(len);
        let mut first = vec![false; len];
        for (rank, &index) in by_class(&order, self.y()).iter().enumerate() {
            // Of every run of ranks, and so of every class, the first part gets its share to within one.
            first[index] = share(rank + 1, count, len) > share(rank, count, len);
        }
        let (first, second): (Vec<_>, Vec<_>) = order.into_iter().partition(|&index| first[index]);
        Ok((self.select(&first)?, self.select(&second)?))
    }

    /// Two parts in the order as it is: the first `count` samples, and the rest. Shares the memory.
    ///
    /// For samples whose order means something, for example time.
    ///
    /// # Errors
    /// [`DataError::EmptyPart`] if a part would be empty or larger than the whole.
    pub fn split_at(&self, count: usize) -> Result<(Self, Self)> {
        self.both_parts(count)?;
        let all: Vec<usize> = (0..self.len()).collect();
        Ok((self.select(&all[..count])?, self.select(&all[count..])?))
    }

    /// `folds` pairs of a large and a small part; the small ones are disjoint and make up the whole.
    ///
    /// Sizes differ by at most one, and so do the numbers of each class if the targets are class labels. The
    /// pairs are made one by one, as the loop asks for them. If the folds cannot be made, the only item is the error.
    ///
    /// ```
    /// use plywood_data::{Dataset, datasets};
    /// use plywood_tensor::Seed;
    ///
    /// for fold in datasets::wine_quality().k_fold(5, Seed(7)) {
    ///     let (train, validation) = fold?;
    ///     assert_eq!(train.len() + validation.len(), 1599);
    /// }
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// [`DataError::Empty`] for no samples, [`DataError::Folds`] for fewer than 2 folds or more than samples.
    /// # References
    /// `sklearn.model_selection.StratifiedKFold` and `KFold`.
    #[doc(alias("KFold", "StratifiedKFold", "cross_validation"))]
    pub fn k_fold(&self, folds: usize, seed: Seed) -> Folds<'_, X, Y> {
        Folds {
            data: self,
            folds,
            next: 0,
            plan: self.plan(folds, &seed.stream().named("k-fold")).map_err(Some),
        }
    }

    /// Which samples the smaller part of each fold has that [`ArrayDataset::k_fold`] makes of the same seed, in its order: predictions for
    /// that part go back to their rows by it.
    ///
    /// ```
    /// use plywood_data::ArrayDataset;
    /// use plywood_tensor::{Elem, IntTensor, Result, Seed, Tensor};
    ///
    /// let x = Tensor::from_vec((0..6).map(|row| row as Elem).collect(), [6, 1])?;
    /// let data = ArrayDataset::new(x, IntTensor::from([0, 1, 0, 1, 0, 1]))?;
    /// let mut out_of_fold = vec![0.0; 6];
    /// for (fold, rows) in data.k_fold(3, Seed(7)).zip(data.k_fold_indices(3, Seed(7))?) {
    ///     let (_, validation) = fold?;
    ///     for (&answer, row) in validation.x().as_slice().iter().zip(rows) {
    ///         out_of_fold[row] = answer; // of a model that was trained on the other part
    ///     }
    /// }
    /// assert_eq!(out_of_fold, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As the first fold of [`ArrayDataset::k_fold`].
    ///
    /// # References
    /// scikit-learn: `cross_val_predict`, and what `KFold.split` yields.
    #[doc(alias = "cross_val_predict")]
    pub fn k_fold_indices(&self, folds: usize, seed: Seed) -> Result<Vec<Vec<usize>>> {
        let Plan { order, fold } = self.plan(folds, &seed.stream().named("k-fold"))?;
        let of = |own: usize| order.iter().copied().filter(|&index| fold[index] == own).collect();
        Ok((0..folds).map(of).collect())
    }

    fn plan(&self, folds: usize, stream: &Stream) -> Result<Plan> {
        let len = self.len();
        if len == 0 {
            return Err(DataError::Empty.into());
        }
        if folds < 2 || folds > len {
            return Err(DataError::Folds { len, got: folds }.into());
        }
        let order = stream.permutation(len);
        let mut fold = vec![0; len];
        for (rank, &index) in by_class(&order, self.y()).iter().enumerate() {
            fold[index] = rank % folds;
        }
        Ok(Plan { order, fold })
    }

    fn both_parts(&self, count: usize) -> Result<()> {
        let len = self.len();
        if count == 0 || count >= len { Err(DataError::EmptyPart { len, got: count }.into()) } else { Ok(()) }
    }
}

/// The pairs of [`ArrayDataset::k_fold`].
pub struct Folds<'a, X = Tensor, Y = IntTensor> {
    data: &'a ArrayDataset<X, Y>,
    folds: usize,
    next: usize,
    plan: Result<Plan, Option<plywood_tensor::Error>>,
}

impl<X: Samples, Y: Samples> fmt::Debug for Folds<'_, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "fold {} of {} of {:?}", self.next, self.folds, self.data)
    }
}

/// The samples in random order, and the fold of each.
#[derive(Debug)]
struct Plan {
    order: Vec<usize>,
    fold: Vec<usize>,
}

impl<X: Samples, Y: Samples> Iterator for Folds<'_, X, Y> {
    type Item = Result<(ArrayDataset<X, Y>, ArrayDataset<X, Y>)>;

    fn next(&mut self) -> Option<Self::Item> {
        let plan = match &mut self.plan {
            Ok(_) if self.next == self.folds => return None,
            Ok(plan) => plan,
            Err(error) => return error.take().map(Err),
        };
        let (small, large): (Vec<_>, Vec<_>) =
            plan.order.iter().partition(|&&index| plan.fold[index] == self.next);
        self.next += 1;
        Some(self.data.select(&large).and_then(|large| Ok((large, self.data.select(&small)?))))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = match &self.plan {
            Ok(_) => self.folds - self.next,
            Err(error) => usize::from(error.is_some()),
        };
        (left, Some(left))
    }
}

impl<X: Samples, Y: Samples> ExactSizeIterator for Folds<'_, X, Y> {}

/// The samples of `order` class by class, in this order within each; as they are if there are no classes.
fn by_class(order: &[usize], targets: &impl Samples) -> Vec<usize> {
    let mut sorted = order.to_vec();
    if let Some(labels) = targets.classes() {
        sorted.sort_by_key(|&index| labels[index]);
    }
    sorted
}

/// How many of the first `rank` of `len` samples go to a part of `count`, rounded down.
fn share(rank: usize, count: usize, len: usize) -> usize {
    (rank as u128 * count as u128 / len as u128) as usize
}
