//! After the first steps, training asks the system for nothing: its memory is used again and again.

use plywood::data::DataLoader;
use plywood::losses::{Losses, binary_cross_entropy_with_logits, cross_entropy};
use plywood::prelude::*;
use plywood::train::{Callback, Flow, Status};
use std::alloc::{GlobalAlloc, Layout, System};
use std::io::Read;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The system's allocator, counting what it is asked for by all threads.
struct Counting;

static LARGE: AtomicUsize = AtomicUsize::new(0);
static SMALL: AtomicUsize = AtomicUsize::new(0);

fn count(bytes: usize) {
    let counter = if bytes >= 256 { &LARGE } else { &SMALL };
    counter.fetch_add(1, Ordering::Relaxed);
}

// Counting needs an allocator, and an allocator is unsafe by its trait. It stands in a test, not in the library.
// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promises are those that the system's allocator asks for; likewise below.
        unsafe { System.alloc(layout) }
    }
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as above.
        unsafe { System.realloc(block, layout, size) }
    }
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What was asked for up to now: allocations of 256 bytes and more, smaller ones, and pages touched for the first time.
#[derive(Debug, Clone, Copy)]
struct Asked {
    large: usize,
    small: usize,
    pages: usize,
}

impl Asked {
    fn now() -> Asked {
        let pages = pages();
        Asked { large: LARGE.load(Ordering::Relaxed), small: SMALL.load(Ordering::Relaxed), pages }
    }

    fn since(self, before: Asked) -> Asked {
        Asked {
            large: self.large - before.large,
            small: self.small - before.small,
            pages: self.pages - before.pages,
        }
    }
}

/// The minor page faults of this process; 0 where the system does not tell.
fn pages() -> usize {
    // Into memory of our own: reading must not count.
    let mut text = [0; 1024];
    let read = std::fs::File::open("/proc/self/stat").and_then(|mut file| file.read(&mut text));
    let text = std::str::from_utf8(&text[..read.unwrap_or(0)]).unwrap_or("");
    // The name of the program, in brackets, may hold blanks.
    let after = text.rsplit_once(')').map_or("", |(_, after)| after);
    after.split_ascii_whitespace().nth(7).and_then(|field| field.parse().ok()).unwrap_or(0)
}

/// What `steps` training steps ask for, after as many to warm up.
fn asked_by_steps<Y>(
    steps: u64,
    mut model: Sequential,
    mut optimizer: Optimizer,
    batches: &[(Tensor, Y)],
    loss: impl Fn(&Var, &Y) -> Result<Losses>,
) -> Result<Asked> {
    let mut before = Asked::now();
    for step in 0..2 * steps {
        if step == steps {
            before = Asked::now();
        }
        let (x, y) = &batches[step as usize % batches.len()];
        let cx = Context::train(Seed(0), step);
        let prediction = model.forward(&cx, &cx.input(x.clone()))?;
        let gradients = loss(&prediction, y)?.mean().backward()?;
        optimizer.step(&mut model, &gradients)?;
        cx.commit(&mut model)?;
    }
    Ok(Asked::now().since(before))
}

/// 30-128-64-1, batch 32, Adam.
fn small() -> Result<Asked> {
    let model = Sequential::input([30]).linear(128).relu().linear(64).relu().linear(1).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batches = (0..4).map(|i| {
        let mut y = Tensor::zeros([32, 1])?;
        stream.at(i).at(1).fill_bernoulli(y.as_mut_slice(), 0.5);
        Ok((Tensor::normal([32, 30], 0.0, 1.0, &stream.at(i))?, y))
    });
    let batches = batches.collect::<Result<Vec<_>>>()?;
    asked_by_steps(50, model, Adam::default().into(), &batches, binary_cross_entropy_with_logits)
}

/// 784-1024-1024-10, batch 128, momentum.
fn wide() -> Result<Asked> {
    let model = Sequential::input([784]).linear(1024).relu().linear(1024).relu().linear(10).build(Seed(0))?;
    let stream = Seed(1).stream();
    let batches = (0..2).map(|i| {
        let labels = (0..128).map(|row| stream.at(i).at(1).below(row, 10) as i64).collect();
        Ok((Tensor::normal([128, 784], 0.0, 1.0, &stream.at(i))?, IntTensor::from_vec(labels, [128])?))
    });
    let batches = batches.collect::<Result<Vec<_>>>()?;
    asked_by_steps(8, model, Sgd::new(0.01).momentum(0.9).into(), &batches, cross_entropy)
}

/// Notes what was asked for at the end of each epoch.
#[derive(Default)]
struct Watcher(Vec<Asked>);

impl Callback for Watcher {
    fn on_epoch_end(&mut self, _: &mut Status<'_>) -> Result<Flow> {
        self.0.push(Asked::now());
        Ok(Flow::Continue)
    }
}

/// The last of a few epochs of a `Trainer`, and how many batches it had.
fn trainer() -> Result<(Asked, usize)> {
    let data = datasets::breast_cancer();
    let model =
        Sequential::input([30]).linear(128).relu().linear(64).relu().linear(1).sigmoid().build(Seed(0))?;
    let mut trainer = Trainer::compile(model, Adam::default(), BinaryCrossEntropy).metric(Accuracy);
    let mut watcher = Watcher(Vec::with_capacity(8));
    trainer.fit(&data, Fit::epochs(6).progress(Progress::Silent).callback(&mut watcher))?;
    let batches = DataLoader::new(&data).batch_size(32).batches()?;
    let [.., before, last] = watcher.0[..] else { unreachable!("there were six epochs") };
    Ok((last.since(before), batches))
}

// One test, since the counters are those of the whole process.
#[test]
fn training_asks_the_system_for_nothing() -> Result<()> {
    let (one, two) = (Threads::new(1)?, Threads::new(2)?);
    let rows = [("small", 50, one.install(small)?), ("wide", 8, one.install(wide)?)];
    let shared = two.install(wide)?;
    let (asked, batches) = trainer()?;
    let others = [("wide, two threads", 8, shared), ("trainer", batches, asked)];
    for (name, steps, asked) in rows.iter().copied().chain(others) {
        println!("{name}: {steps} steps, {asked:?}");
    }
    for (name, steps, asked) in rows {
        assert_eq!(asked.large, 0, "{name}: {asked:?}");
        assert!(asked.small <= 16 * steps, "{name}: {asked:?}");
        // The system may move a page of its own accord.
        assert!(asked.pages <= 2, "{name}: {asked:?}");
    }
    // Who takes a piece of work is a matter of chance, and a thread that takes one of its kind for the first time needs memory
    // to gather operands in: one block for each of the two operands and each of the two kinds of depth.
    assert!(shared.large <= 4 && shared.small <= 16 * 8, "two threads: {shared:?}");
    Ok(())
}
