//! What a step leaves behind in the model: updates of buffers.

use plywood_autograd::{Buffer, BufferValue};
use plywood_nn::{Context, NnError, parameters};
use plywood_tensor::{Elem, Seed, Tensor};

struct Counter {
    seen: Buffer,
}

parameters!(Counter { seen });

impl Counter {
    fn new() -> Counter {
        Counter { seen: Buffer::new(Tensor::zeros([2]).unwrap()) }
    }

    fn holds(&self, value: f64) -> bool {
        *self.seen.value() == BufferValue::Float(Tensor::full([2], value as Elem).unwrap())
    }
}

#[test]
fn each_model_takes_its_own_updates() {
    let (mut one, mut other) = (Counter::new(), Counter::new());
    let cx = Context::train(Seed(0), 0);
    cx.update(&one.seen, Tensor::full([2], 1.0).unwrap());
    cx.update(&other.seen, Tensor::full([2], 2.0).unwrap());
    cx.commit(&mut one).unwrap();
    assert!(one.holds(1.0) && other.holds(0.0));
    cx.commit(&mut other).unwrap();
    assert!(other.holds(2.0));

    cx.update(&one.seen, Tensor::zeros([3]).unwrap());
    let error = cx.commit(&mut one).unwrap_err();
    assert!(matches!(error.source_as(), Some(NnError::BufferShape { .. })), "{error}");
    assert!(one.holds(1.0));
    cx.commit(&mut one).unwrap(); // a refused update does not wait
}
