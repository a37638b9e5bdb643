//! Work so small that everything but the arithmetic is seen.

use crate::data::normal;
use crate::{Case, Work};
use plywood::autograd::{Param, grad};
use plywood::losses::mse_loss;
use plywood::prelude::*;
use std::hint::black_box;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("one_number/mul".into(), Work::NONE, || {
            let (x, y) = (Tensor::from(1.5), Tensor::from(2.0));
            Ok(move || {
                black_box(black_box(&x).mul(&y)?);
                Ok(())
            })
        }),
        Case::new("one_number/mul_and_backward".into(), Work::NONE, || {
            let (x, y) = (Param::new(Tensor::from(1.5)), Param::new(Tensor::from(2.0)));
            Ok(move || {
                black_box(Var::parameter(&x).mul(&Var::parameter(&y))?.backward()?);
                Ok(())
            })
        }),
        Case::new("one_number/mul_and_grad".into(), Work::NONE, || {
            let (x, y) = (Tensor::from(1.5), Tensor::from(2.0));
            Ok(move || {
                let (x, y) = (Var::variable(x.clone()), Var::variable(y.clone()));
                black_box(grad(&x.mul(&y)?, &[&x, &y], false)?);
                Ok(())
            })
        }),
        Case::new("one_number/tanh_and_backward".into(), Work::NONE, || {
            let x = Param::new(Tensor::from(0.5));
            Ok(move || {
                black_box(Var::parameter(&x).tanh().backward()?);
                Ok(())
            })
        }),
        Case::new("6-64-8-4/forward".into(), Work::NONE, || {
            let (model, x) = (network()?, normal([1, 6], 1)?);
            Ok(move || {
                let cx = Context::eval();
                black_box(model.forward(&cx, &cx.input(x.clone()))?);
                Ok(())
            })
        }),
        Case::new("6-64-8-4/step".into(), Work::NONE, || {
            let (mut model, x, y) = (network()?, normal([1, 6], 1)?, normal([1, 4], 2)?);
            let (mut optimizer, mut count) = (Optimizer::new(Sgd::new(1e-3)), 0);
            Ok(move || {
                let cx = Context::train(Seed(0), count);
                count += 1;
                let prediction = model.forward(&cx, &cx.input(x.clone()))?;
                let gradients = mse_loss(&prediction, &y)?.mean().backward()?;
                optimizer.step(&mut model, &gradients)?;
                cx.commit(&mut model)?;
                Ok(())
            })
        }),
    ]
}

/// The network of a small controller.
fn network() -> Result<Sequential> {
    Sequential::input([6]).linear(64).relu().linear(8).relu().linear(4).build(Seed(0))
}
