//! What rules do with numbers that have all but vanished.

use crate::Step;
use plywood_tensor::{Elem, simd};

/// How many steps a number may stay in the state after it has vanished: a look at all of them costs a pass over memory.
const EVERY: u64 = 32;

/// Sets numbers of the state to 0, in one step of [`EVERY`], that are smaller than any stored in full precision.
///
/// A running mean of gradients that have become 0 shrinks step by step, but rounding stops it at a handful of the smallest
/// numbers there are, above 0 for ever. Processors compute with those far more slowly, some a hundred times, so the state of
/// a unit that is out of use would slow down every step to come.
#[inline]
pub(super) fn settle(step: &Step, slots: &mut [&mut [Elem]]) {
    if !step.count.is_multiple_of(EVERY) {
        return;
    }
    for slot in slots {
        simd::dispatch(|| {
            for x in slot.iter_mut() {
                // A NaN is not smaller than anything.
                *x = if x.abs() < Elem::MIN_POSITIVE { 0.0 } else { *x };
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Adadelta, Adam, AdamW, Lamb, Lion, NAdam, Optimizer, RAdam, RmsProp, Sgd};
    use plywood_autograd::{Gradients, Param};
    use plywood_tensor::Tensor;

    #[test]
    fn only_what_has_vanished_becomes_0() {
        let smallest = Elem::MIN_POSITIVE;
        let mut kept = [0.0, smallest, -smallest, 1.0, Elem::MAX, Elem::INFINITY, Elem::NAN];
        let mut gone = [smallest / 2.0, -smallest / 2.0, Elem::from_bits(1)];
        let before = (kept.map(Elem::to_bits), gone);
        settle(&Step::new(EVERY - 1, 0.1), &mut [&mut kept, &mut gone]);
        assert_eq!((kept.map(Elem::to_bits), gone), before);
        settle(&Step::new(EVERY, 0.1), &mut [&mut kept, &mut gone]);
        assert_eq!((kept.map(Elem::to_bits), gone), (before.0, [0.0; 3]));
    }

    #[test]
    fn the_state_of_a_unit_out_of_use_comes_to_rest_at_0() {
        let rules: [(&str, Optimizer); 10] = [
            ("Adam", Adam::new(1e-3).betas(0.9, 0.99).into()),
            ("AdamW", AdamW::new(1e-3).betas(0.9, 0.99).into()),
            ("Sgd", Sgd::new(1e-3).momentum(0.9).into()),
            ("RmsProp", RmsProp::new(1e-3).momentum(0.9).into()),
            ("RmsProp centered", RmsProp::new(1e-3).centered().into()),
            ("NAdam", NAdam::new(1e-3).betas(0.9, 0.99).into()),
            ("RAdam", RAdam::new(1e-3).betas(0.9, 0.99).into()),
            ("Adadelta", Adadelta::default().into()),
            ("Lion", Lion::default().into()),
            ("Lamb", Lamb::new(1e-3).betas(0.9, 0.99).into()),
        ];
        for (name, mut optimizer) in rules {
            let mut model = vec![Param::new(Tensor::from([1.0, -1.0]))];
            let mut gradients = Gradients::default();
            gradients.set(&model[0], Tensor::from([1e-3, -1e-3]));
            optimizer.step(&mut model, &gradients).unwrap();
            gradients.set(&model[0], Tensor::from([0.0, 0.0]));
            // Long enough for the slowest mean in double precision: 0.99ⁿ < 10⁻³⁰⁸.
            for _ in 0..75_000 {
                optimizer.step(&mut model, &gradients).unwrap();
            }
            for (slot, value) in optimizer.state_dict().tensors() {
                assert_eq!(value.as_slice(), [0.0, 0.0], "{name}: {slot}");
            }
            assert!(model[0].value().is_finite());
        }
    }
}
