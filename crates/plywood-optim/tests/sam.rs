//! Steps of several evaluations, on a model that owns more than parameters.

use plywood_autograd::{Buffer, Param, Var};
use plywood_nn::parameters;
use plywood_optim::{Optimizer, Sam, Sgd};
use plywood_tensor::{Elem, Tensor};

/// A buffer stands before the parameters and another between them.
#[derive(Debug, Clone)]
struct Shifted {
    mean: Buffer,
    first: Param,
    count: Buffer,
    second: Param,
}
parameters!(Shifted { mean, first, count, second });

/// `loss = Σ first² / 2 + Σ second² / 2`: the gradient is the parameter, and `x + ρ x / ‖x‖` where Sam looks.
#[test]
fn parameters_come_back_to_their_own_places() {
    let of = |values: [Elem; 2]| Tensor::from(values);
    let mut model = Shifted {
        mean: Buffer::new(of([7.0, 8.0])),
        first: Param::new(of([3.0, 0.0])),
        count: Buffer::new(Tensor::from([9.0])),
        second: Param::new(of([0.0, 4.0])),
    };
    let mut optimizer = Optimizer::from(Sam::new(Sgd::new(0.5)).radius(2.5));
    let half_square = |param: &Param| Var::parameter(param).square().sum().mul_scalar(0.5);
    optimizer
        .step_with(&mut model, |model| {
            let loss = half_square(&model.first).add(&half_square(&model.second))?;
            Ok(((), loss.backward()?))
        })
        .unwrap();
    // The norm is 5, so the second gradient is one and a half times the first, and the step a half of that.
    // The rule adds 1e-12 to the norm.
    assert!(model.first.value().all_close(&of([0.75, 0.0]), 1e-11, 0.0), "{}", model.first.value());
    assert!(model.second.value().all_close(&of([0.0, 1.0]), 1e-11, 0.0), "{}", model.second.value());
    assert_eq!(model.mean.value().as_float(), Some(&of([7.0, 8.0])));
}
