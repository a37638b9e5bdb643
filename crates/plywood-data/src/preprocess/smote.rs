//! More samples of rare classes, between those there are.

use crate::{ArrayDataset, DataError, Dataset};
use plywood_tensor::{Elem, Float, IntTensor, Result, Seed, Stream, Tensor, par};
use std::collections::BTreeMap;

const OP: &str = "smote";

/// Makes up samples of rare classes: each lies on the line from a real one to one of its nearest neighbours of the same class.
///
/// `x = a + u (b − a)`, where `b` is one of the `k` nearest to `a` and `u` is drawn evenly from 0 to 1. Every sample of a class
/// takes its turn as `a`. Neighbours are found by comparing all pairs of a class, in Euclidean distance, so bring features to one
/// scale first. Features that are no quantities, such as columns of zeros and ones, come out as fractions.
///
/// Only for the samples that a model learns from: those that it is judged by stay real, so split first.
///
/// # Shapes
/// Inputs `[N, ..]`, targets `[N]`; the made-up samples follow those there are, class by class.
///
/// # Example
/// ```
/// use plywood_data::{Smote, Standardize, datasets};
/// use plywood_tensor::Seed;
///
/// let (train, test) = datasets::breast_cancer().split(0.8, Seed(7))?;
/// let scaler = Standardize::fit(&train)?;
/// let train = train.map_inputs(|x| scaler.apply(x))?;
/// assert_eq!((train.class_counts()[&0], train.class_counts()[&1]), (169, 286));
///
/// let balanced = Smote::default().balance(&train, Seed(7))?;
/// assert_eq!((balanced.class_counts()[&0], balanced.class_counts()[&1]), (286, 286));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// Chawla, Bowyer, Hall, Kegelmeyer, "SMOTE: Synthetic Minority Over-sampling Technique", 2002;
/// `imblearn.over_sampling.SMOTE`, which draws `a` at random.
#[doc(alias = "oversampling")]
#[derive(Debug, Clone, Copy)]
pub struct Smote {
    neighbours: usize,
}

impl Default for Smote {
    /// Between 5 neighbours, as in the paper.
    fn default() -> Smote {
        Smote::new(5)
    }
}

impl Smote {
    /// With the number of nearest neighbours to choose from, at least 1.
    pub fn new(neighbours: usize) -> Smote {
        Smote { neighbours }
    }

    /// All classes as large as the largest.
    ///
    /// One class that is smaller and has no more samples than neighbours, five or fewer by default, is an error for all: leave it out, or
    /// call [`Smote::enlarge`] for the others.
    ///
    /// # Errors
    /// As [`Smote::enlarge`].
    pub fn balance(&self, data: &ArrayDataset, seed: Seed) -> Result<ArrayDataset> {
        let mut counts = data.class_counts();
        let most = counts.values().copied().max().unwrap_or(0);
        counts.values_mut().for_each(|count| *count = most);
        self.enlarge(data, &counts, seed)
    }

    /// These classes as large as told, the others as they are.
    ///
    /// What is made up is a function of the data, the seed and the class: it does not depend on the other classes.
    ///
    /// # Errors
    /// [`DataError::NoNeighbours`] for 0 neighbours; [`DataError::Neighbours`] for a class that is to grow and has no more samples than that;
    /// [`DataError::ClassCount`] for a class that would shrink; [`DataError::NotFinite`] for a number that is not finite.
    pub fn enlarge(
        &self,
        data: &ArrayDataset,
        counts: &BTreeMap<i64, usize>,
        seed: Seed,
    ) -> Result<ArrayDataset> {
        let width = data.x().numel() / data.len().max(1);
        let bad = data.x().as_slice().iter().position(|x| !x.is_finite());
        if let Some(at) = bad {
            let got = data.x().as_slice()[at].to_f64();
            return Err(DataError::NotFinite { op: OP, row: at / width, feature: at % width, got }.into());
        }
        let mut made = Made::default();
        for (&class, &count) in counts {
            let of_class = |&index: &usize| data.y().as_slice()[index] == class;
            let members: Vec<usize> = (0..data.len()).filter(of_class).collect();
            let Some(missing) = count.checked_sub(members.len()) else {
                return Err(DataError::ClassCount { class, expected: members.len(), got: count }.into());
            };
            if missing == 0 {
                continue;
            }
            if self.neighbours == 0 {
                return Err(DataError::NoNeighbours { op: OP }.into());
            }
            if members.len() <= self.neighbours {
                let (neighbours, got) = (self.neighbours, members.len());
                return Err(DataError::Neighbours { class, neighbours, got }.into());
            }
            let near = self.nearest(data.x().as_slice(), &members, width);
            let stream = seed.stream().named(OP).at(class as u64);
            made.class(data, &members, &near, missing, &stream);
        }
        made.append_to(data)
    }

    /// For each member of a class, the members nearest to it, nearest first, itself left out.
    fn nearest(&self, x: &[Elem], members: &[usize], width: usize) -> Vec<Vec<usize>> {
        let sample = |index: usize| &x[index * width..][..width];
        let steps = members.len() * members.len() * width;
        par::map(members.len(), steps, |own| {
            let distance = |&other: &usize| -> f64 {
                let pairs = sample(members[own]).iter().zip(sample(members[other]));
                pairs.map(|(a, b)| (a.to_f64() - b.to_f64()) * (a.to_f64() - b.to_f64())).sum()
            };
            let others = (0..members.len()).filter(|&other| other != own);
            let mut all: Vec<(f64, usize)> = others.map(|other| (distance(&other), other)).collect();
            let closer = |a: &(f64, usize), b: &(f64, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1));
            all.select_nth_unstable_by(self.neighbours - 1, closer);
            all.truncate(self.neighbours);
            all.sort_by(closer);
            all.into_iter().map(|(_, other)| members[other]).collect()
        })
    }
}

/// Samples that were made up.
#[derive(Default)]
struct Made {
    x: Vec<Elem>,
    y: Vec<i64>,
    weights: Vec<Elem>,
}

impl Made {
    /// `count` more of a class.
    fn class(
        &mut self,
        data: &ArrayDataset,
        members: &[usize],
        near: &[Vec<usize>],
        count: usize,
        stream: &Stream,
    ) {
        let width = data.x().numel() / data.len().max(1);
        let sample = |index: usize| &data.x().as_slice()[index * width..][..width];
        let (turns, of, how_far) = (stream.at(0), stream.at(1), stream.at(2));
        let mut order = Vec::new();
        for number in 0..count {
            // Everyone once, in random order, before anyone twice.
            let (round, turn) = (number / members.len(), number % members.len());
            if turn == 0 {
                order = turns.at(round as u64).permutation(members.len());
            }
            let near = &near[order[turn]];
            let (a, b) = (members[order[turn]], near[of.below(number as u64, near.len())]);
            let u = Elem::of(how_far.uniform(number as u64));
            let between = |(&a, &b): (&Elem, &Elem)| a + u * (b - a);
            self.x.extend(sample(a).iter().zip(sample(b)).map(between));
            self.y.push(data.y().as_slice()[a]);
            if let Some(weights) = data.weights() {
                self.weights.push(between((&weights.as_slice()[a], &weights.as_slice()[b])));
            }
        }
    }

    /// The samples there are, then these.
    fn append_to(self, data: &ArrayDataset) -> Result<ArrayDataset> {
        let count = self.y.len();
        if count == 0 {
            return Ok(data.clone());
        }
        let mut dims = data.x().shape().to_vec();
        dims[0] = count;
        let x = Tensor::concat(&[data.x(), &Tensor::from_vec(self.x, dims)?], 0)?;
        let y = IntTensor::concat(&[data.y(), &IntTensor::from_vec(self.y, [count])?], 0)?;
        let mut all = ArrayDataset::new(x, y)?;
        if let Some(weights) = data.weights() {
            let made = Tensor::from_vec(self.weights, [count])?;
            all = all.with_weights(Tensor::concat(&[weights, &made], 0)?)?;
        }
        if let Some(names) = data.feature_names() {
            all = all.with_feature_names(names.to_vec())?;
        }
        match data.class_names() {
            Some(names) => all.with_class_names(names.to_vec()),
            None => Ok(all),
        }
    }
}
