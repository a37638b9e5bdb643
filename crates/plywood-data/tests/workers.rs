//! Batches that are loaded ahead on threads: the same ones, and never a hang.

use plywood_data::{ArrayDataset, Batch, DataError, DataLoader, Dataset, Samples, datasets};
use plywood_tensor::{Elem, Float, IntTensor, Result, Seed, Stream, Tensor, Threads};
use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Fails if `work` is not done after so long that it must be waiting for itself.
fn in_time<R: Send + 'static>(what: &str, work: impl FnOnce() -> R + Send + 'static) -> R {
    let (done, wait) = mpsc::channel();
    let thread = std::thread::spawn(move || drop(done.send(work())));
    match wait.recv_timeout(Duration::from_secs(120)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("{what}: hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().expect_err("it sent nothing"))
        }
    }
}

/// Ten samples, some of which go wrong.
#[derive(Clone, Copy, Default)]
struct Odd {
    len: usize,
    fails: Option<usize>,
    panics: Option<(usize, Throw)>,
    slow: bool,
}

#[derive(Clone, Copy)]
enum Throw {
    Text,
    Formatted,
    Number,
    Bomb,
}

/// What panics again when it is dropped, with another of its kind.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        std::panic::panic_any(Bomb);
    }
}

impl Dataset for Odd {
    type Input = Tensor;
    type Target = IntTensor;

    fn len(&self) -> usize {
        self.len
    }

    fn get(&self, index: usize) -> Result<(Tensor, IntTensor)> {
        if self.slow {
            std::thread::sleep(Duration::from_millis(7 * (index as u64 % 3)));
        }
        if self.fails == Some(index) {
            return Err(std::io::Error::other("disk on fire").into());
        }
        match self.panics {
            Some((bad, Throw::Text)) if bad == index => panic!("out of paper"),
            Some((bad, Throw::Formatted)) if bad == index => panic!("sheet\n  {bad} is torn"),
            Some((bad, Throw::Number)) if bad == index => std::panic::panic_any(7_u8),
            Some((bad, Throw::Bomb)) if bad == index => std::panic::panic_any(Bomb),
            _ => Ok((Tensor::full([3], index as Elem)?, IntTensor::from(index as i64))),
        }
    }
}

/// What a loop over the epoch sees: the samples of each batch, or the error.
fn seen<D: Dataset<Input = Tensor, Target = IntTensor>>(
    epoch: impl Iterator<Item = Result<Batch<D::Input, D::Target>>>,
) -> Vec<std::result::Result<Vec<usize>, String>> {
    let item = |batch: Result<Batch>| match batch {
        Ok(batch) => {
            let labels: Vec<i64> = batch.indices.iter().map(|&index| index as i64).collect();
            assert_eq!(batch.y.as_slice(), labels);
            assert_eq!(batch.x.as_slice()[0], labels[0] as Elem);
            Ok(batch.indices)
        }
        Err(error) => Err(error.to_string()),
    };
    epoch.map(item).collect()
}

#[test]
fn nothing_hangs_and_everything_stands_at_its_place() {
    const ON_FIRE: &str = "sample 5: disk on fire";
    let good = Odd { len: 10, ..Odd::default() };
    let panics = |sample, throw| Odd { panics: Some((sample, throw)), ..good };
    // The data set, and what a loop over its batches of two sees.
    type Seen<'a> = Vec<std::result::Result<Vec<usize>, &'a str>>;
    let rows: Vec<(&str, Odd, Seen<'_>)> = vec![
        ("all well", good, (0..5).map(|i| Ok(vec![2 * i, 2 * i + 1])).collect()),
        (
            "an error in the middle is followed by the rest",
            Odd { fails: Some(5), ..good },
            vec![Ok(vec![0, 1]), Ok(vec![2, 3]), Err(ON_FIRE), Ok(vec![6, 7]), Ok(vec![8, 9])],
        ),
        (
            "panic in the first batch",
            panics(1, Throw::Text),
            vec![Err("batch 0, sample 1: a worker of the loader panicked: out of paper")],
        ),
        (
            "panic in the last batch",
            panics(9, Throw::Formatted),
            vec![
                Ok(vec![0, 1]),
                Ok(vec![2, 3]),
                Ok(vec![4, 5]),
                Ok(vec![6, 7]),
                Err("batch 4, sample 9: a worker of the loader panicked: sheet 9 is torn"),
            ],
        ),
        (
            "panic after an error",
            Odd { fails: Some(5), ..panics(6, Throw::Number) },
            vec![
                Ok(vec![0, 1]),
                Ok(vec![2, 3]),
                Err(ON_FIRE),
                Err("batch 3, sample 6: a worker of the loader panicked: no message"),
            ],
        ),
        (
            "a panic that panics again",
            panics(3, Throw::Bomb),
            vec![Ok(vec![0, 1]), Err("batch 1, sample 3: a worker of the loader panicked: no message")],
        ),
        ("no samples", Odd { len: 0, ..good }, vec![Err("the data set is empty")]),
        ("one sample", Odd { len: 1, ..good }, vec![Ok(vec![0])]),
    ];
    for (what, data, expected) in rows {
        for slow in [false, true] {
            // More workers than batches too, and less room than workers.
            for (workers, prefetch) in
                [(1, None), (1, Some(0)), (2, Some(1)), (4, None), (20, None), (20, Some(3))]
            {
                let data = Odd { slow, ..data };
                let got = in_time(what, move || {
                    let mut loader = DataLoader::new(data).batch_size(2).workers(workers);
                    if let Some(prefetch) = prefetch {
                        loader = loader.prefetch(prefetch);
                    }
                    let mut epoch = loader.epoch(0);
                    let got = seen::<Odd>(&mut epoch);
                    assert!(epoch.next().is_none() && epoch.next().is_none(), "an end is an end");
                    let scoped = std::thread::scope(|scope| seen::<Odd>(loader.epoch_in(scope, workers, 0)));
                    assert_eq!(scoped, got);
                    got
                });
                let expected: Vec<_> =
                    expected.iter().cloned().map(|item| item.map_err(str::to_owned)).collect();
                assert_eq!(got, expected, "{what}, {workers} workers");
            }
        }
    }
}

#[test]
fn a_panic_is_an_error_of_its_own_type() {
    let data = Odd { len: 4, panics: Some((2, Throw::Text)), ..Odd::default() };
    let error = in_time("panic", move || {
        DataLoader::new(data).batch_size(4).workers(2).epoch(0).next().unwrap().unwrap_err()
    });
    let expected = DataError::Worker { batch: 0, sample: Some(2), message: "out of paper".into() };
    assert_eq!(error.source_as::<DataError>(), Some(&expected));
}

#[test]
fn an_epoch_can_be_left_at_any_place() {
    for taken in 0..5 {
        for panics in [None, Some((9, Throw::Text))] {
            let data = Odd { len: 10, panics, slow: true, ..Odd::default() };
            in_time("left early", move || {
                let loader = DataLoader::new(data).batch_size(1).workers(3);
                let mut epoch = loader.epoch(0);
                for _ in 0..taken {
                    epoch.next().unwrap().unwrap();
                }
                drop(epoch);
                // By a panic of the loop as well.
                let thrown = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    let _epoch = loader.epoch(0).map(Result::unwrap).nth(taken);
                    std::thread::scope(|scope| {
                        let mut epoch = loader.epoch_in(scope, 2, 0);
                        epoch.next().unwrap().unwrap();
                        panic!("enough");
                    });
                }));
                let payload: Box<dyn Any + Send> = thrown.unwrap_err();
                assert_eq!(payload.downcast_ref::<&str>(), Some(&"enough"));
            });
        }
    }
}

/// Samples, a batch of which panics when it is dropped, unless disarmed.
#[derive(Clone)]
struct Mines {
    count: usize,
    armed: bool,
}

impl Drop for Mines {
    fn drop(&mut self) {
        if self.armed {
            std::panic::panic_any(Bomb);
        }
    }
}

impl Samples for Mines {
    fn count(&self) -> usize {
        self.count
    }
    fn take(&self, indices: &[usize]) -> Result<Self> {
        Ok(Mines { count: indices.len(), armed: false })
    }
    fn sample(&self, _: usize) -> Result<Self> {
        self.take(&[0])
    }
    fn collate(samples: Vec<Self>) -> Result<Self> {
        Ok(Mines { count: samples.len(), armed: true })
    }
}

/// A slow data set of them.
#[derive(Clone)]
struct Field;

impl Dataset for Field {
    type Input = Mines;
    type Target = IntTensor;

    fn len(&self) -> usize {
        20
    }

    fn get(&self, index: usize) -> Result<(Mines, IntTensor)> {
        std::thread::sleep(Duration::from_millis(5));
        Ok((Mines { count: 1, armed: false }, IntTensor::from(index as i64)))
    }
}

/// Batches that nobody fetches may panic when they are dropped: that ends no worker and no loop.
#[test]
fn batches_that_panic_when_they_are_discarded_stop_nobody() {
    // How many batches are skipped, and how long the loop rests before it skips or leaves.
    for (workers, skip, rest) in [(1, 0, 0), (1, 3, 0), (1, 3, 60), (3, 6, 0), (3, 6, 40), (20, 12, 20)] {
        in_time("mines", move || {
            let loader = DataLoader::new(Field).batch_size(1).workers(workers).prefetch(8);
            let label = |epoch: &mut dyn Iterator<Item = Result<Batch<Mines>>>, skip| {
                std::thread::sleep(Duration::from_millis(rest));
                let mut batch = epoch.nth(skip).unwrap().unwrap();
                batch.x.armed = false;
                batch.y.as_slice()[0]
            };
            let mut epoch = loader.epoch(0);
            let labels = [label(&mut epoch, 0), label(&mut epoch, skip), label(&mut epoch, 0)];
            assert_eq!(labels, [0, 1 + skip as i64, 2 + skip as i64]);
            std::thread::sleep(Duration::from_millis(rest));
            drop(epoch);
            std::thread::scope(|scope| {
                let mut epoch = loader.epoch_in(scope, workers, 0);
                assert_eq!([label(&mut epoch, 0), label(&mut epoch, skip)], [0, 1 + skip as i64]);
            });
        });
    }
}

/// Counts what is got, and what is alive.
#[derive(Clone)]
struct Counted(Arc<AtomicUsize>);

impl Dataset for Counted {
    type Input = Tensor;
    type Target = Tensor;

    fn len(&self) -> usize {
        100
    }

    fn get(&self, index: usize) -> Result<(Tensor, Tensor)> {
        let thread = std::thread::current().name().map(str::to_owned).unwrap();
        assert!(thread.starts_with("plywood-loader-"), "{thread}");
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok((Tensor::from(index as Elem), Tensor::from(0.0)))
    }
}

#[test]
fn workers_load_no_further_ahead_than_told_and_end_with_the_epoch() {
    in_time("ahead", || {
        let count = Arc::new(AtomicUsize::new(0));
        let loader = DataLoader::new(Counted(count.clone())).batch_size(1).workers(4).prefetch(3);
        let mut epoch = loader.epoch(0);
        std::thread::sleep(Duration::from_millis(50));
        assert_eq!(count.load(Ordering::SeqCst), 0, "nobody asked yet");
        for received in 1..10 {
            epoch.next().unwrap().unwrap();
            std::thread::sleep(Duration::from_millis(10));
            let loaded = count.load(Ordering::SeqCst);
            assert!((received..=received + 3).contains(&loaded), "{loaded} loaded, {received} received");
        }
        drop(epoch);
        let held = Arc::strong_count(&count);
        assert_eq!(held, 2, "this one and that of the loader: all threads have ended");
    });
}

#[test]
fn an_epoch_is_entered_in_its_middle_without_loading_what_lies_before() {
    in_time("skip", || {
        let count = Arc::new(AtomicUsize::new(0));
        let loader = DataLoader::new(Counted(count.clone())).batch_size(10).workers(2).prefetch(2);
        let rest: Vec<_> = loader.epoch(0).skip(7).map(|batch| batch.unwrap().indices[0]).collect();
        assert_eq!(rest, [70, 80, 90]);
        assert_eq!(count.load(Ordering::SeqCst), 30);
        // And from a place where workers are ahead already.
        let mut epoch = loader.epoch(0);
        assert_eq!(epoch.next().unwrap().unwrap().indices[0], 0);
        assert_eq!((epoch.nth(4).unwrap().unwrap().indices[0], epoch.len()), (50, 4));
        assert_eq!(epoch.next().unwrap().unwrap().indices[0], 60);
        assert!(epoch.nth(9).is_none());
    });
}

#[test]
fn batches_are_the_same_for_any_number_of_workers() {
    let digits = datasets::digits();
    let data = digits.with_weights(Tensor::linspace(0.0, 1.0, 1797).unwrap()).unwrap();
    let moved = |x: Tensor, y: IntTensor, draw: &Stream| {
        let noise = Tensor::normal(x.shape(), 0.0, 1.0, draw)?;
        Ok((x.add(&noise)?, y))
    };
    let faded = |mut batch: Batch, draw: &Stream| {
        batch.x = batch.x.mul_scalar(Elem::of(draw.uniform(0)));
        Ok(batch)
    };
    let plain = DataLoader::new(data.clone()).batch_size(50).shuffle(true).seed(Seed(3));
    for loader in [
        plain.clone(),
        plain.clone().map(moved),
        plain.clone().map(moved).map(moved).map_batch(faded).map_batch(faded),
        plain.weights(data.balancing_weights()).map(moved),
    ] {
        for epoch in [0, 3] {
            let all = |loader: &DataLoader<ArrayDataset>| -> Vec<Batch> {
                loader.epoch(epoch).collect::<Result<_>>().unwrap()
            };
            let expected = all(&loader);
            assert!(expected.iter().all(|batch| batch.weight.is_some()));
            for workers in [1, 4] {
                assert!(all(&loader.clone().workers(workers)) == expected, "{workers} workers, {loader:?}");
                let scoped: Vec<Batch> = std::thread::scope(|scope| {
                    loader.epoch_in(scope, workers, epoch).collect::<Result<_>>().unwrap()
                });
                assert!(scoped == expected, "{workers} workers of a scope");
            }
            let threads = Threads::new(3).unwrap().split_always();
            assert!(threads.install(|| all(&loader)) == expected, "threads of the computation");
        }
    }
}

#[test]
fn what_is_drawn_belongs_to_seed_epoch_and_sample() {
    let data = ArrayDataset::new(Tensor::zeros([8]).unwrap(), IntTensor::zeros([8]).unwrap()).unwrap();
    let draw = |x: Tensor, y: IntTensor, stream: &Stream| Ok((x.add_scalar(Elem::of(stream.uniform(0))), y));
    let loader = |seed| DataLoader::new(data.clone()).batch_size(3).seed(Seed(seed)).map(draw);
    // What each sample was given, by its index.
    let drawn = |loader: &DataLoader<ArrayDataset>, epoch| {
        let mut drawn = vec![Vec::new(); 8];
        for batch in loader.epoch(epoch) {
            let batch = batch.unwrap();
            for (&index, &x) in batch.indices.iter().zip(batch.x.as_slice()) {
                drawn[index].push(x);
            }
        }
        drawn
    };
    let first = drawn(&loader(1), 0);
    assert_eq!(drawn(&loader(1).shuffle(true).batch_size(2), 0), first, "not of the place in the epoch");
    assert_ne!(drawn(&loader(1), 1), first);
    assert_ne!(drawn(&loader(2), 0), first);
    let twice = drawn(&loader(1).map(draw), 0);
    assert!((twice[0][0] - 2.0 * first[0][0]).abs() > 1e-3, "a second map draws numbers of its own");

    // One sample, again and again: other numbers each time, the first time those it always has.
    let only: Vec<f64> = (0..8).map(|i| f64::from(i == 2)).collect();
    let again = drawn(&loader(1).weights(only), 0).swap_remove(2);
    assert_eq!((again.len(), again[0]), (8, first[2][0]));
    let mut different = again.clone();
    different.sort_by(Elem::total_cmp);
    different.dedup();
    assert_eq!(different.len(), 8, "{again:?}");
    // Pinned: a run of last year must still be the same run.
    for (got, pinned) in [(first[0][0], 0.371_139_73), (first[7][0], 0.841_330_35)] {
        assert!((got.to_f64() - pinned).abs() < 1e-7, "{got} instead of {pinned}");
    }
}

#[test]
fn a_map_may_change_shapes_and_fail() {
    let data = Odd { len: 4, ..Odd::default() };
    let grown = |x: Tensor, y: IntTensor, _: &Stream| {
        if y.item()? == 3 {
            return Err(std::io::Error::other("no more room").into());
        }
        Ok((x.reshape([3, 1])?, y))
    };
    for workers in [0, 2] {
        let loader = DataLoader::new(data).batch_size(2).workers(workers).map(grown);
        let batches: Vec<_> = loader.epoch(0).collect();
        assert_eq!(*batches[0].as_ref().unwrap().x.shape(), [2, 3, 1]);
        assert_eq!(batches[1].as_ref().unwrap_err().to_string(), "sample 3: no more room");
        let loader = DataLoader::new(data)
            .batch_size(4)
            .workers(workers)
            .map(|x, y: IntTensor, _| Ok((x.rows(0, y.item()? as usize)?, y)));
        let error = loader.epoch(0).next().unwrap().unwrap_err().to_string();
        assert!(
            error.starts_with("inputs: expected shape [0] as of sample 0, got [1] of sample 1;"),
            "{error}"
        );
        let loader = DataLoader::new(data).batch_size(2).workers(workers).map_batch(|batch: Batch, _| {
            if batch.indices[0] == 2 { Err(DataError::Empty.into()) } else { Ok(batch) }
        });
        let error = loader.epoch(0).nth(1).unwrap().unwrap_err().to_string();
        assert_eq!(error, "batch 1: the data set is empty");
    }
}
