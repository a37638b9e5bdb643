//! Gradients do not depend on which of the other inputs want one.

use super::rows;
use super::run::{draw, vars};
use crate::{Var, grad};
use plywood_tensor::Tensor;

/// The gradient of the sum of squares of the result, which depends on every element.
fn gradients(call: fn(&[Var]) -> plywood_tensor::Result<Var>, x: &[Var]) -> Vec<Option<Tensor>> {
    let recorded: Vec<&Var> = x.iter().filter(|x| x.is_recorded()).collect();
    let y = call(x).unwrap();
    let mut found = grad(&y.mul(&y).unwrap().sum(), &recorded, true).unwrap().into_iter();
    x.iter().map(|x| x.is_recorded().then(|| found.next().unwrap().into_value())).collect()
}

#[test]
fn every_subset_of_recorded_inputs_gets_the_same_gradients() {
    for row in rows() {
        let inputs = draw(row, row.shapes[0], 11);
        let all = gradients(row.call, &vars(&inputs));
        for subset in 1..1_usize << inputs.len() {
            let recorded = |i: usize| subset >> i & 1 == 1;
            let some = inputs.iter().cloned().enumerate();
            let some: Vec<Var> =
                some.map(|(i, x)| if recorded(i) { Var::variable(x) } else { x.into() }).collect();
            for (i, (got, expected)) in gradients(row.call, &some).iter().zip(&all).enumerate() {
                assert_eq!(got.as_ref(), expected.as_ref().filter(|_| recorded(i)), "{}", row.name);
            }
        }
    }
}
