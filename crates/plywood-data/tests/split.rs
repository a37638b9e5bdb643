//! Splits and folds: disjoint, complete, in proportion, repeatable.

use plywood_data::{ArrayDataset, Dataset, datasets};
use plywood_tensor::{Elem, IntTensor, Seed, Tensor};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// Sample `i` is the number `i`, so that each can be found again.
fn numbered(labels: &[i64]) -> ArrayDataset {
    let x = Tensor::arange(0.0, labels.len() as f64, 1.0).unwrap().reshape([labels.len(), 1]).unwrap();
    let weights = x.add_scalar(1.0).reshape([labels.len()]).unwrap();
    let data = ArrayDataset::new(x, IntTensor::from_slice(labels, [labels.len()]).unwrap()).unwrap();
    data.with_weights(weights).unwrap()
}

fn ids<Y: plywood_data::Samples>(data: &ArrayDataset<Tensor, Y>) -> Vec<usize> {
    data.x().as_slice().iter().map(|&x| x as usize).collect()
}

/// Two parts make up the whole, and what belongs to a sample went with it.
fn check_parts(labels: &[i64], first: &ArrayDataset, second: &ArrayDataset) {
    let mut all: Vec<usize> = ids(first).into_iter().chain(ids(second)).collect();
    all.sort_unstable();
    assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
    for part in [first, second] {
        for (i, id) in ids(part).into_iter().enumerate() {
            assert_eq!(part.y().as_slice()[i], labels[id]);
            assert_eq!(part.weights().unwrap().as_slice()[i], (id + 1) as Elem);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn splits_are_disjoint_complete_and_in_proportion(
        labels in prop::collection::vec(-1_i64..4, 2..120),
        fraction in 0.01..0.99_f64,
        seed in any::<u64>(),
    ) {
        let data = numbered(&labels);
        let count = (fraction * labels.len() as f64).round() as usize;
        let parts = data.split(fraction, Seed(seed));
        prop_assert_eq!(parts.is_ok(), count > 0 && count < labels.len());
        let Ok((first, second)) = parts else { return Ok(()) };
        check_parts(&labels, &first, &second);
        prop_assert_eq!(first.len(), count);
        let chosen = first.class_counts();
        for (label, all) in data.class_counts() {
            let got = chosen.get(&label).copied().unwrap_or(0) as f64;
            let share = all as f64 * count as f64 / labels.len() as f64;
            prop_assert!((got - share).abs() < 1.0, "{} of {} of class {}", got, all, label);
        }
        let again = data.split(fraction, Seed(seed)).unwrap();
        prop_assert_eq!((ids(&again.0), ids(&again.1)), (ids(&first), ids(&second)));
    }

    #[test]
    fn folds_are_disjoint_complete_and_in_proportion(
        labels in prop::collection::vec(0_i64..4, 2..80),
        folds in 2_usize..9,
        seed in any::<u64>(),
    ) {
        let data = numbered(&labels);
        let all = data.k_fold(folds, Seed(seed));
        if folds > labels.len() {
            prop_assert_eq!(all.len(), 1);
            prop_assert!(all.into_iter().all(|fold| fold.is_err()));
            return Ok(());
        }
        prop_assert_eq!(all.len(), folds);
        let all: Vec<_> = all.map(Result::unwrap).collect();
        let mut held_back = Vec::new();
        for (train, validation) in &all {
            check_parts(&labels, train, validation);
            held_back.extend(ids(validation));
            prop_assert!([labels.len() / folds, labels.len().div_ceil(folds)].contains(&validation.len()));
            for (label, count) in data.class_counts() {
                let got = validation.class_counts().get(&label).copied().unwrap_or(0);
                prop_assert!([count / folds, count.div_ceil(folds)].contains(&got));
            }
        }
        held_back.sort_unstable();
        prop_assert_eq!(held_back, (0..labels.len()).collect::<Vec<_>>());
    }
}

#[test]
fn the_split_of_the_quickstart_keeps_the_classes_apart_in_proportion() {
    let data = datasets::breast_cancer();
    let (train, validation) = data.split(0.8, Seed(7)).unwrap();
    assert_eq!((train.len(), validation.len()), (455, 114));
    let counts = [BTreeMap::from([(0, 169), (1, 286)]), BTreeMap::from([(0, 43), (1, 71)])];
    assert_eq!([train.class_counts(), validation.class_counts()], counts);
    assert_eq!(train.class_names(), data.class_names());
    assert_eq!(validation.feature_names(), data.feature_names());
}

#[test]
fn another_seed_is_another_split_and_values_are_shuffled_too() {
    let data = numbered(&[0; 50]);
    let (a, b) = (data.split(0.5, Seed(1)).unwrap().0, data.split(0.5, Seed(2)).unwrap().0);
    assert_ne!(ids(&a), ids(&b));

    let values = ArrayDataset::new(data.x().clone(), data.x().clone()).unwrap();
    let (train, rest) = values.split(0.5, Seed(1)).unwrap();
    assert_eq!(train.x(), train.y());
    let sorted = |mut ids: Vec<usize>| {
        ids.sort_unstable();
        ids
    };
    assert_ne!(ids(&train), sorted(ids(&train)));
    assert_ne!(sorted(ids(&train)), (0..25).collect::<Vec<_>>());
    assert_eq!(sorted([ids(&train), ids(&rest)].concat()), (0..50).collect::<Vec<_>>());
}

#[test]
fn split_at_keeps_the_order() {
    let data = numbered(&[0, 1, 2, 3, 4]);
    let (before, after) = data.split_at(3).unwrap();
    assert_eq!((ids(&before), ids(&after)), (vec![0, 1, 2], vec![3, 4]));
    assert_eq!(before.y().as_slice().as_ptr(), data.y().as_slice().as_ptr(), "memory is shared");
}
