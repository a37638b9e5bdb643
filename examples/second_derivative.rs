//! A network that solves a differential equation: u″ = −π² sin πx on [−1, 1], with u(−1) = u(1) = 0.
//!
//! The loss holds the second derivative of the network by its input, and is itself differentiated by the weights: three
//! derivatives deep. The solution is sin πx.
//!
//! `cargo run --release --example second_derivative [-- --epochs N]`

use plywood::autograd::grad;
use plywood::prelude::*;
use std::f64::consts::PI;

fn main() -> Result<()> {
    let mut model = Sequential::input([1]).linear(32).tanh().linear(32).tanh().linear(1).build(Seed(5))?;
    let mut optimizer = Optimizer::new(Adam::new(3e-3));
    let points = Tensor::linspace(-1.0, 1.0, 64)?.reshape([64, 1])?;
    let source = points.map(|x| (-PI * PI) as Elem * math::sin(PI as Elem * x));
    let ends = Tensor::from([[-1.0], [1.0]]);

    let epochs = plywood_examples::epochs(2000);
    for step in 0..epochs {
        let cx = Context::train(Seed(5), step as u64);
        let x = Var::variable(points.clone());
        let u = model.forward(&cx, &x)?;
        // Each output depends on its own input only, so the gradient of the sum holds all slopes.
        let slope = grad(&u.sum(), &[&x], true)?.remove(0);
        let curvature = grad(&slope.sum(), &[&x], true)?.remove(0);
        let residual = curvature.sub(&source.clone().into())?.square().mean();
        let border = model.forward(&cx, &cx.input(ends.clone()))?.square().mean();
        let loss = residual.add(&border.mul_scalar(100.0))?;
        optimizer.step(&mut model, &loss.backward()?)?;
        if step % 400 == 0 || step + 1 == epochs {
            println!("step {step:4}  loss {:10.6}", loss.value().item()?);
        }
    }

    let u = model.forward(&Context::eval(), &points.clone().into())?.into_value();
    let error = u.sub(&points.map(|x| math::sin(PI as Elem * x)))?.abs().max_axes(&[], false)?.item()?;
    println!("largest error against sin πx: {error:.5}");
    Ok(())
}
