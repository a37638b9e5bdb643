//! What rules do with numbers that have all but vanished.

use plywood_tensor::Elem;

/// The number, or 0 if it is smaller than any that is stored in full precision; NaN stays NaN.
///
/// A running mean of gradients that have become 0 shrinks step by step, but rounding stops it at a handful of the smallest
/// numbers there are, above 0 for ever. Processors compute with those far more slowly, some a hundred times, so the state of
/// a unit that is out of use would slow down every step to come.
#[inline(always)]
pub(super) fn settle(x: Elem) -> Elem {
    if x.abs() < Elem::MIN_POSITIVE { 0.0 } else { x }
}

#[cfg(test)]
mod tests {
    use super::settle;
    use crate::{Adam, AdamW, Optimizer, RmsProp, Sgd};
    use plywood_autograd::{Gradients, Param};
    use plywood_tensor::{Elem, Tensor};

    #[test]
    fn only_what_has_vanished_becomes_0() {
        let smallest = Elem::MIN_POSITIVE;
        for kept in [0.0, smallest, -smallest, 1.0, Elem::MAX, Elem::INFINITY] {
            assert_eq!(settle(kept).to_bits(), kept.to_bits());
        }
        assert!(settle(Elem::NAN).is_nan());
        for gone in [smallest / 2.0, -smallest / 2.0, Elem::from_bits(1)] {
            assert_eq!(settle(gone), 0.0);
        }
    }

    #[test]
    fn the_state_of_a_unit_out_of_use_comes_to_rest_at_0() {
        let rules: [(&str, Optimizer); 5] = [
            ("Adam", Adam::new(1e-3).betas(0.9, 0.99).into()),
            ("AdamW", AdamW::new(1e-3).betas(0.9, 0.99).into()),
            ("Sgd", Sgd::new(1e-3).momentum(0.9).into()),
            ("RmsProp", RmsProp::new(1e-3).momentum(0.9).into()),
            ("RmsProp centered", RmsProp::new(1e-3).centered().into()),
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
