//! Samples that are made up lie where they should.

use plywood_data::{ArrayDataset, Dataset, Smote, datasets};
use plywood_tensor::{Elem, Float, IntTensor, Seed, Tensor, Threads};
use std::collections::BTreeMap;

/// `counts[c]` samples of each class `c`, of `width` features.
fn data(counts: &[usize], width: usize) -> ArrayDataset {
    let labels: Vec<i64> = (0..).zip(counts).flat_map(|(class, &count)| vec![class; count]).collect();
    let x = Tensor::normal([labels.len(), width], 0.0, 1.0, &Seed(5).stream()).unwrap();
    let count = labels.len();
    ArrayDataset::new(x, IntTensor::from_vec(labels, [count]).unwrap()).unwrap()
}

fn row(x: &Tensor, index: usize) -> Vec<f64> {
    let width = x.numel() / x.shape()[0];
    x.as_slice()[index * width..][..width].iter().map(|x| x.to_f64()).collect()
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// The place on the line from `a` to `b` where `x` lies, if it does.
fn place(x: &[f64], a: &[f64], b: &[f64]) -> Option<f64> {
    let length = squared(a, b);
    let u = x.iter().zip(a).zip(b).map(|((x, a), b)| (x - a) * (b - a)).sum::<f64>() / length;
    let on_line: Vec<f64> = a.iter().zip(b).map(|(a, b)| a + u * (b - a)).collect();
    // Features are numbers up to 4, rounded to 2.4e-7; neighbours lie far enough apart that this moves `u` little.
    (squared(x, &on_line).sqrt() < 1e-5 && (-1e-5..1.0 + 1e-5).contains(&u)).then_some(u)
}

#[test]
fn each_lies_between_a_sample_and_one_of_its_nearest() {
    for (counts, width, k) in
        [(&[60, 12, 25][..], 3, 5), (&[40, 4], 2, 3), (&[9, 2], 1, 1), (&[300, 50], 8, 5)]
    {
        let data = data(counts, width);
        let all = Smote::new(k).balance(&data, Seed(1)).unwrap();
        let most = *counts.iter().max().unwrap();
        assert!(all.class_counts().values().all(|&count| count == most), "{counts:?}");
        assert_eq!(all.x().rows(0, data.len()).unwrap(), *data.x(), "the real ones come first, as they were");
        assert_eq!(all.y().rows(0, data.len()).unwrap(), *data.y());
        // How often each real sample is the one that others are made from, and how far along the line they lie.
        let (mut turns, mut places) = (vec![0; data.len()], Vec::new());
        for made in data.len()..all.len() {
            let class = all.y().as_slice()[made];
            let of_class: Vec<usize> = (0..data.len()).filter(|&i| data.y().as_slice()[i] == class).collect();
            let x = row(all.x(), made);
            let mut from = Vec::new();
            for &a in &of_class {
                let own = row(data.x(), a);
                let mut near: Vec<usize> = of_class.iter().copied().filter(|&b| b != a).collect();
                let distance = |b: &usize| squared(&own, &row(data.x(), *b));
                near.sort_by(|b, c| distance(b).total_cmp(&distance(c)));
                let found = near[..k].iter().find_map(|&b| place(&x, &own, &row(data.x(), b)));
                from.extend(found.map(|u| (a, u)));
            }
            assert!(!from.is_empty(), "{counts:?}: sample {made} lies on no line");
            // Between mutual neighbours there are two ways to see it: it counts for both.
            for &(a, _) in &from {
                turns[a] += 1;
            }
            places.push(from[0].1);
        }
        if width > 3 {
            let least = turns[300..].iter().min().unwrap();
            assert!(*least >= 5, "250 made of 50: everyone takes five turns: {turns:?}");
            let mean = places.iter().sum::<f64>() / places.len() as f64;
            assert!((0.4..0.6).contains(&mean) && places.iter().any(|&u| u > 0.9), "{mean}");
        }
    }
}

#[test]
fn it_depends_on_data_and_seed_alone() {
    let data = data(&[60, 12, 25], 4);
    let x = |seed| Smote::default().balance(&data, Seed(seed)).unwrap().x().clone();
    let one = x(1);
    assert_eq!(x(1), one);
    assert_ne!(x(2), one);
    for threads in [1, 3] {
        assert_eq!(Threads::new(threads).unwrap().split_always().install(|| x(1)), one);
    }
    // What is made up of one class does not depend on whether another grows.
    let counts = BTreeMap::from([(2, 60)]);
    let alone = Smote::default().enlarge(&data, &counts, Seed(1)).unwrap();
    assert_eq!(alone.class_counts(), BTreeMap::from([(0, 60), (1, 12), (2, 60)]));
    assert_eq!(alone.x().rows(97, 132).unwrap(), one.rows(97 + 48, 180).unwrap());
}

#[test]
fn names_weights_and_shapes_stay() {
    let cancer = datasets::breast_cancer();
    let all = Smote::default().balance(&cancer, Seed(1)).unwrap();
    assert_eq!((all.feature_names(), all.class_names()), (cancer.feature_names(), cancer.class_names()));
    assert_eq!((all.len(), all.weights()), (714, None));

    let images = data(&[8, 3], 4).map_inputs(|x| x.reshape([11, 2, 2, 1])).unwrap();
    let weighted = images.with_weights(Tensor::linspace(1.0, 2.0, 11).unwrap()).unwrap();
    let all = Smote::new(2).balance(&weighted, Seed(1)).unwrap();
    assert_eq!(*all.x().shape(), [16, 2, 2, 1]);
    let made: Vec<Elem> = all.weights().unwrap().as_slice()[11..].to_vec();
    assert!(
        made.iter().all(|&weight| (1.8..=2.0).contains(&weight)),
        "between those of the rare class: {made:?}"
    );

    let even = data(&[4, 4], 2);
    assert_eq!(
        Smote::default().balance(&even, Seed(1)).unwrap().x(),
        even.x(),
        "nothing to do needs no neighbours"
    );
    // Not even an axis of samples.
    let none = ArrayDataset::new(Tensor::from(1.0), IntTensor::zeros([0]).unwrap()).unwrap();
    assert_eq!(Smote::default().balance(&none, Seed(1)).unwrap().x(), none.x());
    let empty = data(&[], 3);
    assert_eq!(*Smote::default().balance(&empty, Seed(1)).unwrap().x().shape(), [0, 3]);
}
