//! Batches: their number, their order, and what comes with them.

use plywood_data::{ArrayDataset, Batch, DataLoader, Dataset};
use plywood_tensor::{Elem, IntTensor, Result, Seed, Tensor, Threads};
use std::sync::Arc;

/// Sample `i` is the number `i` with label `i mod 3`.
fn numbered(len: usize) -> ArrayDataset {
    let x = Tensor::arange(0.0, len as f64, 1.0).unwrap().reshape([len, 1]).unwrap();
    let labels: Vec<i64> = (0..len as i64).map(|i| i % 3).collect();
    ArrayDataset::new(x, IntTensor::from_vec(labels, [len]).unwrap()).unwrap()
}

fn visited<D: Dataset>(loader: &DataLoader<D>, epoch: usize) -> Vec<usize> {
    loader.epoch(epoch).flat_map(|batch| batch.unwrap().indices).collect()
}

#[test]
fn batches_have_the_sizes_that_were_asked_for() {
    // Samples, batch size, whether short batches are dropped, sizes.
    let rows: &[(usize, usize, bool, &[usize])] = &[
        (10, 4, false, &[4, 4, 2]),
        (10, 4, true, &[4, 4]),
        (8, 4, false, &[4, 4]),
        (8, 4, true, &[4, 4]),
        (3, 4, false, &[3]),
        (3, 1, true, &[1, 1, 1]),
        (3, usize::MAX, false, &[3]),
    ];
    for &(len, batch_size, drop_last, sizes) in rows {
        let data = numbered(len);
        for shuffle in [false, true] {
            let loader = DataLoader::new(&data).batch_size(batch_size).drop_last(drop_last).shuffle(shuffle);
            let epoch = loader.epoch(0);
            assert_eq!((epoch.len(), loader.batches().unwrap()), (sizes.len(), sizes.len()));
            let batches: Vec<Batch> = epoch.collect::<Result<_>>().unwrap();
            assert_eq!(batches.iter().map(Batch::len).collect::<Vec<_>>(), sizes);
            for batch in batches {
                assert_eq!(*batch.x.shape(), [batch.len(), 1]);
                for (i, &index) in batch.indices.iter().enumerate() {
                    assert_eq!(batch.x.as_slice()[i], index as Elem);
                    assert_eq!(batch.y.as_slice()[i], index as i64 % 3);
                }
            }
        }
    }
}

#[test]
fn the_order_is_a_function_of_seed_and_epoch() {
    let data = numbered(100);
    let loader = |seed| DataLoader::new(&data).batch_size(7).shuffle(true).seed(Seed(seed));
    let first = visited(&loader(1), 0);
    let mut sorted = first.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..100).collect::<Vec<_>>(), "each sample once");
    assert_eq!(first, visited(&loader(1), 0));
    assert_ne!(first, visited(&loader(1), 1));
    assert_ne!(first, visited(&loader(2), 0));
    assert_eq!(first, Threads::new(3).unwrap().split_always().install(|| visited(&loader(1), 0)));
    assert_eq!(first, loader(1).epoch(0).indices());
    assert_eq!(visited(&DataLoader::new(&data), 5), (0..100).collect::<Vec<_>>(), "not shuffled");
    // Pinned: a run of last year must still be the same run.
    assert_eq!(first[..8], [23, 14, 32, 86, 18, 99, 30, 93]);
}

#[test]
fn an_epoch_can_be_entered_in_its_middle() {
    let data = numbered(50);
    let loader = DataLoader::new(&data).batch_size(8).shuffle(true).seed(Seed(3));
    let whole: Vec<Batch> = loader.epoch(2).collect::<Result<_>>().unwrap();
    for skipped in 0..=8 {
        let rest = loader.epoch(2).skip(skipped);
        assert_eq!(rest.len(), 7_usize.saturating_sub(skipped));
        let rest: Vec<Batch> = rest.collect::<Result<_>>().unwrap();
        assert_eq!(rest, whole[skipped.min(7)..]);
    }
    // What is wrong with the settings cannot be skipped.
    assert!(loader.batch_size(0).epoch(0).nth(3).unwrap().is_err());
}

#[test]
fn weights_set_how_often_a_sample_is_drawn() {
    let data = numbered(4);
    let loader = DataLoader::new(&data).batch_size(2).weights([0.0, 1.0, 3.0, 0.0]).seed(Seed(5));
    let mut counts = [0; 4];
    for epoch in 0..2000 {
        for index in visited(&loader, epoch) {
            counts[index] += 1;
        }
    }
    assert_eq!((counts[0], counts[3], counts.iter().sum::<i32>()), (0, 0, 8000));
    assert!((1850..2150).contains(&counts[1]), "{counts:?}");
    assert_eq!(visited(&loader, 9), visited(&loader, 9));

    let uneven = data.select(&[0, 3, 1, 1, 1, 1, 1, 1]).unwrap();
    let loader = DataLoader::new(&uneven).weights(uneven.balancing_weights());
    let ones: usize = (0..500).flat_map(|epoch| visited(&loader, epoch)).filter(|&index| index >= 2).count();
    assert!((1850..2150).contains(&ones), "half of 4000, got {ones}");
}

#[test]
fn weights_of_the_loss_go_with_their_samples() {
    let data = numbered(5).with_weights(Tensor::from([1.0, 2.0, 3.0, 4.0, 5.0])).unwrap();
    let batch = data.batch(&[4, 0, 4]).unwrap();
    assert_eq!(batch.weight, Some(Tensor::from([5.0, 1.0, 5.0])));
    assert_eq!(numbered(5).batch(&[0]).unwrap().weight, None);
}

/// Samples that are made when they are asked for.
struct Lazy {
    uneven: bool,
}

impl Dataset for Lazy {
    type Input = (Tensor, IntTensor);
    type Target = IntTensor;

    fn len(&self) -> usize {
        6
    }

    fn get(&self, index: usize) -> Result<((Tensor, IntTensor), IntTensor)> {
        if index == 5 {
            return Err(std::io::Error::other("disk on fire").into());
        }
        let width = if self.uneven { index + 1 } else { 2 };
        let tokens = IntTensor::full([3], index as i64)?;
        Ok(((Tensor::full([width], index as Elem)?, tokens), IntTensor::from(index as i64)))
    }
}

#[test]
fn samples_got_one_by_one_are_put_side_by_side() {
    let loader = DataLoader::new(Arc::new(Lazy { uneven: false })).batch_size(2);
    let batches: Vec<_> = loader.epoch(0).collect();
    let second = batches[1].as_ref().unwrap();
    assert_eq!(second.x.0, Tensor::from([[2.0, 2.0], [3.0, 3.0]]));
    assert_eq!(second.x.1, IntTensor::from([[2, 2, 2], [3, 3, 3]]));
    assert_eq!(second.y, IntTensor::from([2, 3]));
    assert_eq!(batches[2].as_ref().unwrap_err().to_string(), "sample 5: disk on fire");

    let boxed: Box<dyn Dataset<Input = (Tensor, IntTensor), Target = IntTensor>> =
        Box::new(Lazy { uneven: true });
    assert_eq!(
        boxed.batch(&[1, 2]).unwrap_err().to_string(),
        "inputs: expected shape [2] as of sample 1, got [3] of sample 2; bring samples to one shape by `map`, of the data set or of the loader",
    );
}

/// What is not cloned is shared by workers.
struct Shift(Elem);

#[test]
fn a_mapped_set_changes_its_samples_and_nothing_else() {
    let x = Tensor::arange(0.0, 12.0, 1.0).unwrap().reshape([6, 2]).unwrap();
    let labels = IntTensor::from([0, 1, 2, 3, 4, 5]);
    let weights = Tensor::from([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let plain = ArrayDataset::new(x, labels).unwrap().with_weights(weights).unwrap();
    let shift = Shift(0.5);
    // The two parts change places, so types do too.
    let mapped = plain.clone().map(move |x, y| Ok((y, x.add_scalar(shift.0))));
    let whole = |workers| {
        let loader =
            DataLoader::new(mapped.clone()).batch_size(4).shuffle(true).seed(Seed(5)).workers(workers);
        loader.epoch(2).map(Result::unwrap).collect::<Vec<_>>()
    };
    let expected = DataLoader::new(&plain).batch_size(4).shuffle(true).seed(Seed(5));
    for workers in [0, 1, 3] {
        for (got, expected) in whole(workers).into_iter().zip(expected.epoch(2).map(Result::unwrap)) {
            assert_eq!((got.x, got.y), (expected.y, expected.x.add_scalar(0.5)));
            assert_eq!((got.weight, got.indices), (expected.weight, expected.indices));
        }
    }
    let fails = plain
        .map(|x, y| if y.item()? == 4 { Err(std::io::Error::other("no fours").into()) } else { Ok((x, y)) });
    assert_eq!(fails.len(), 6);
    assert_eq!(fails.batch(&[2, 4]).unwrap_err().to_string(), "sample 4: no fours");
}
