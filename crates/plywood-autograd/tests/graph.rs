//! The graph: its life, its errors, and what users lean on when they record, walk and free it.

use plywood_autograd::ops::{Activation, linear};
use plywood_autograd::{Buffer, Gradients, Keep, Param, Var, Watch, grad};
use plywood_tensor::{Elem, Float, Result, Seed, Tensor};
use std::sync::Arc;
use std::thread;

fn number(x: &Var) -> f64 {
    x.value().item().expect("a single number").to_f64()
}

fn chain(start: &Var, length: usize) -> Var {
    (0..length).fold(start.clone(), |x, _| x.neg())
}

/// Runs `work` with little stack: what recurses along the graph would overflow it.
fn on_a_small_stack(work: impl FnOnce() + Send + 'static) {
    let started = thread::Builder::new().stack_size(256 * 1024).spawn(work);
    started.expect("a thread can start").join().expect("the work passes");
}

#[test]
fn a_chain_of_a_million_operations_is_dropped() {
    on_a_small_stack(|| drop(chain(&Var::variable(Tensor::from(1.0)), 1_000_000)));
}

#[test]
fn a_chain_of_a_million_operations_walks_back() {
    on_a_small_stack(|| {
        let weight = Param::new(Tensor::from(2.0));
        let y = chain(&Var::parameter(&weight), 1_000_001);
        let gradients = y.backward().unwrap();
        assert_eq!(gradients.get(&weight).unwrap().item().unwrap(), -1.0);
    });
}

#[test]
fn a_long_chain_is_differentiated_with_its_graph() {
    on_a_small_stack(|| {
        let x = Var::variable(Tensor::from(3.0));
        let y = chain(&x.mul(&x).unwrap(), 100_000);
        let slope = grad(&y, &[&x], true).unwrap().remove(0);
        assert_eq!(number(&slope), 6.0);
        assert_eq!(number(&grad(&slope, &[&x], false).unwrap()[0]), 2.0);
    });
}

#[test]
fn a_value_used_a_hundred_thousand_times_gets_every_share() {
    on_a_small_stack(|| {
        let x = Var::variable(Tensor::from(1.0));
        let y = (0..100_000).fold(x.clone(), |sum, _| sum.add(&x).unwrap());
        assert_eq!(number(&grad(&y, &[&x], false).unwrap()[0]), 100_001.0);
    });
}

#[test]
fn graphs_move_between_threads() {
    let weight = Param::new(Tensor::from([1.0, 2.0]));
    let loss = thread::scope(|scope| {
        // Two threads record, a third joins.
        let left = scope.spawn(|| Var::parameter(&weight).mul_scalar(3.0));
        let right = scope.spawn(|| Var::parameter(&weight).tanh());
        let (left, right) = (left.join().unwrap(), right.join().unwrap());
        scope.spawn(move || left.mul(&right).unwrap().sum()).join().unwrap()
    });
    // A fourth walks.
    let gradients = thread::spawn(move || loss.backward().unwrap()).join().unwrap();
    let here = {
        let weight = Var::parameter(&weight);
        weight.mul_scalar(3.0).mul(&weight.tanh()).unwrap().sum().backward().unwrap()
    };
    assert_eq!(gradients.get(&weight), here.get(&weight));
    assert!(gradients.get(&weight).is_some());
}

/// What is recorded after a value of another thread comes later in the graph, whichever thread numbered more before.
#[test]
fn a_graph_that_goes_through_another_thread_and_back_is_walked_in_order() {
    let x = Var::variable(Tensor::from(5.0));
    // There: 2 x. Back here, on two ways: 3 (2 x) + 2 x.
    let there = thread::scope(|scope| scope.spawn(|| x.mul_scalar(2.0)).join().unwrap());
    let y = there.mul_scalar(3.0).add(&there).unwrap();
    assert_eq!(number(&y), 40.0);
    assert_eq!(number(&grad(&y, &[&x], false).unwrap()[0]), 8.0);
}

#[test]
fn eight_threads_differentiate_one_graph_twice_at_once() {
    let x = Var::variable(Tensor::from([0.3, -0.7, 1.1]));
    let y = x.softmax(0).unwrap().mul(&x.tanh()).unwrap().prod_axes(&[], false).unwrap();
    let both = || {
        let slope = grad(&y, &[&x], true).unwrap().remove(0);
        let curvature = grad(&slope.norm(), &[&x], true).unwrap().remove(0);
        (slope.into_value(), curvature.into_value())
    };
    let expected = both();
    thread::scope(|scope| {
        let walks: Vec<_> = (0..8).map(|_| scope.spawn(both)).collect();
        for walk in walks {
            assert_eq!(walk.join().unwrap(), expected);
        }
    });
}

/// `tanh(x)²`, recorded as one operation whose rule computes again and walks a graph of its own.
fn checkpointed(x: &Var) -> Var {
    let f = |x: &Var| x.tanh().mul(&x.tanh());
    let y = f(&x.detach()).expect("the shapes are equal").into_value();
    Var::record("checkpointed", Keep::Inputs, [x], y, move |[x], _, g| {
        let again = || {
            let inner = Var::variable(x.value().clone());
            let y = f(&inner)?.mul(&g.detach())?.sum();
            Ok(grad(&y, &[&inner], false)?.remove(0).detach())
        };
        [x.wants(again)]
    })
}

#[test]
fn a_rule_may_walk_a_graph_of_its_own_on_every_thread() {
    let weight = Param::new(Tensor::from([0.5, -1.5]));
    let walk = || {
        let x = Var::parameter(&weight);
        checkpointed(&checkpointed(&x).add(&x).unwrap()).sum().backward().unwrap()
    };
    let plain = {
        let x = Var::parameter(&weight);
        let f = |x: &Var| x.tanh().mul(&x.tanh()).unwrap();
        f(&f(&x).add(&x).unwrap()).sum().backward().unwrap()
    };
    thread::scope(|scope| {
        let walks: Vec<_> = (0..8).map(|_| scope.spawn(walk)).collect();
        for walk in walks {
            let gradients = walk.join().unwrap();
            assert!(gradients.get(&weight).unwrap().all_close(plain.get(&weight).unwrap(), 1e-6, 0.0));
        }
    });
}

#[test]
fn errors_have_these_texts() {
    let x = Var::variable(Tensor::from([1.0, 2.0]));
    let other = Var::variable(Tensor::from(1.0));
    let constant = Var::constant(Tensor::from(1.0));
    let single = || x.mul(&x).unwrap().sum();
    let text = |result: Result<Vec<Var>>| result.unwrap_err().to_string();
    let rows = [
        (
            "backward of a vector",
            x.mul_scalar(2.0).backward().unwrap_err().to_string(),
            "backward: expected a single number to differentiate, got [2]; take its mean or sum first",
        ),
        (
            "grad of a vector",
            text(grad(&x.mul_scalar(2.0), &[&x], false)),
            "grad: expected a single number to differentiate, got [2]; take its mean or sum first",
        ),
        (
            "backward of a constant",
            constant.backward().unwrap_err().to_string(),
            "backward: expected a value that depends on a trained parameter or a variable, got a constant; frozen parameters and those of an evaluation are constants",
        ),
        (
            "grad of a constant",
            text(grad(&constant, &[&x], false)),
            "grad: expected a value that depends on a trained parameter or a variable, got a constant; frozen parameters and those of an evaluation are constants",
        ),
        (
            "an unused input",
            text(grad(&single(), &[&x, &other], false)),
            "grad: input 1 does not influence the result",
        ),
        (
            "a constant input",
            text(grad(&single(), &[&constant], false)),
            "grad: input 0 is a constant; make it with Var::variable",
        ),
        (
            "a detached input",
            text(grad(&single(), &[&x, &x.detach()], false)),
            "grad: input 1 is a constant; make it with Var::variable",
        ),
    ];
    for (name, got, expected) in rows {
        assert_eq!(got, expected, "{name}");
    }
}

/// A freed node may have led to the input: leaving its part out in silence would give a wrong gradient.
#[test]
fn grad_refuses_to_pass_over_a_part_that_was_freed() {
    let x = Var::variable(Tensor::from([1.0, 2.0]));
    let hidden = x.exp();
    grad(&hidden.sum(), &[&x], false).unwrap();
    let both_ways = hidden.sum().add(&x.sum()).unwrap();
    for y in [hidden.sum(), both_ways] {
        let error = grad(&y, &[&x], false).unwrap_err().to_string();
        assert!(error.starts_with("grad: the graph below exp was freed by an earlier backward"), "{error}");
    }
}

/// The definition of a fused operation fails at an input that nobody wants a gradient for.
#[test]
fn an_error_of_a_rule_is_never_lost() {
    let data = Var::constant(Tensor::from([1.0, 2.0]));
    let weight = Var::variable(Tensor::from([3.0, 4.0]));
    let y = Var::record("broken", Keep::Nothing, [&data, &weight], data.value().clone(), |_, _, g| {
        [Some(g.reshape([7])), None]
    });
    let error = grad(&y.sum(), &[&weight], false).unwrap_err().to_string();
    assert_eq!(error, "reshape: [7] holds 7 elements, got 2");
}

#[test]
fn a_second_backward_says_what_was_freed() {
    let weight = Param::new(Tensor::from([1.0, 2.0]));
    let hidden = Var::parameter(&weight).tanh();
    let loss = hidden.sum();
    loss.backward().unwrap();
    assert_eq!(
        loss.backward().unwrap_err().to_string(),
        "backward: the graph below sum was freed by an earlier backward; \
         add the losses before one backward, or use backward_keeping"
    );
    // Another loss over the same part meets it further down.
    assert_eq!(
        hidden.mul_scalar(2.0).sum().backward().unwrap_err().to_string(),
        "backward: the graph below tanh was freed by an earlier backward; \
         add the losses before one backward, or use backward_keeping"
    );
    // The way out that the message names.
    let hidden = Var::parameter(&weight).tanh();
    let both = hidden.sum().add(&hidden.mul_scalar(2.0).sum()).unwrap().backward().unwrap();
    assert!(both.get(&weight).is_some());
}

#[test]
fn a_gradient_of_the_wrong_shape_names_the_operation() {
    let x = Var::variable(Tensor::from([1.0, 2.0]));
    let y = Var::record("mine", Keep::Nothing, [&x], x.value().sum(), |[x], _, g| [x.wants(|| Ok(g))]);
    assert_eq!(
        grad(&y, &[&x], false).unwrap_err().to_string(),
        "mine: its gradient for input 0 has shape [], expected [2]"
    );
}

#[test]
fn a_value_used_twice_gets_both_gradients() {
    let x = Var::variable(Tensor::from([2.0, -3.0]));
    // y = x³ + 2x by several paths, one operation with the same value at both inputs.
    let y = x.mul(&x).unwrap().mul(&x).unwrap().add(&x).unwrap().add(&x).unwrap();
    assert_eq!(grad(&y.sum(), &[&x], false).unwrap()[0].value().as_slice(), [14.0, 29.0]);
    // Asked for twice, given twice.
    let both = grad(&x.mul(&x).unwrap().sum(), &[&x, &x], false).unwrap();
    assert_eq!(both[0].value(), both[1].value());
    assert_eq!(both[1].value().as_slice(), [4.0, -6.0]);
}

/// First, second and third derivative of a function of a vector, each summed with weights before the next.
fn three_derivatives(f: impl Fn(&Var) -> Result<Var>, x: &Var) -> Result<[Tensor; 3]> {
    let weigh = |y: &Var, from: f64| -> Result<Var> {
        let count = y.value().numel();
        let weights = Tensor::linspace(from, 1.0, count)?.reshape(y.shape())?;
        Ok(y.mul(&weights.into())?.sum())
    };
    let first = grad(&weigh(&f(x)?, 0.5)?, &[x], true)?.remove(0);
    let second = grad(&weigh(&first, -0.3)?, &[x], true)?.remove(0);
    let third = grad(&weigh(&second, 0.7)?, &[x], true)?.remove(0);
    Ok([first, second, third].map(Var::into_value))
}

#[test]
fn an_input_that_depends_on_another_input_of_a_fused_operation() -> Result<()> {
    let close = if size_of::<Elem>() == 8 { 1e-12 } else { 1e-4 };
    let stream = Seed(3).stream();
    let x = Var::variable(Tensor::uniform([2, 3], -1.0, 1.0, &stream.at(0))?);
    let bias = Var::from(Tensor::uniform([2], -1.0, 1.0, &stream.at(1))?);
    // The weight is a function of the input: its gradient reaches the input by two ways.
    let weight = |x: &Var| x.mul(x).map(|square| square.tanh());
    for activation in [Activation::Identity, Activation::Tanh] {
        let apply = |y: Var| if activation == Activation::Tanh { y.tanh() } else { y };
        let fused = |x: &Var| linear(x, &weight(x)?, Some(&bias), activation);
        let simple = |x: &Var| Ok(apply(x.matmul(&weight(x)?.transpose()?)?.add(&bias)?));
        let (fused, simple) = (three_derivatives(fused, &x)?, three_derivatives(simple, &x)?);
        for (order, (fused, simple)) in fused.iter().zip(&simple).enumerate() {
            assert!(fused.all_close(simple, close, close), "{activation:?}: {order}: {fused} {simple}");
            assert!(simple.norm().item()? > 1e-3);
        }
        // The input and itself as the weight: one node at two places.
        let fused = |x: &Var| Ok(linear(x, x, None, activation)?.tanh());
        let simple = |x: &Var| Ok(apply(x.matmul(&x.transpose()?)?).tanh());
        let (fused, simple) = (three_derivatives(fused, &x)?, three_derivatives(simple, &x)?);
        for (fused, simple) in fused.iter().zip(&simple) {
            assert!(fused.all_close(simple, close, close), "{activation:?}: {fused} {simple}");
        }
    }
    Ok(())
}

#[test]
fn a_product_with_zeros_has_a_third_derivative() -> Result<()> {
    let x = Var::variable(Tensor::from([0.0, 2.0, 0.0, 1.5]));
    let by_first = grad(&x.prod_axes(&[], false)?, &[&x], true)?.remove(0).select(0, 0)?;
    let by_third = grad(&by_first, &[&x], true)?.remove(0).select(0, 2)?;
    assert_eq!(number(&by_third), 3.0);
    // What is left of x₀ x₁ x₂ x₃ is x₁ x₃.
    assert_eq!(grad(&by_third, &[&x], true)?[0].value().as_slice(), [0.0, 1.5, 0.0, 2.0]);
    Ok(())
}

#[test]
fn backward_keeping_may_be_repeated() {
    let weight = Param::new(Tensor::from([0.2, -0.4]));
    let loss = Var::parameter(&weight).tanh().log_softmax(0).unwrap().norm();
    let first = loss.backward_keeping().unwrap();
    let second = loss.backward_keeping().unwrap();
    let last = loss.backward().unwrap();
    assert_eq!(first.get(&weight), second.get(&weight));
    assert_eq!(first.get(&weight), last.get(&weight));
    assert!(loss.backward_keeping().is_err());
}

#[test]
fn detach_stops_gradients() {
    let x = Var::variable(Tensor::from(3.0));
    let y = x.mul(&x.detach()).unwrap();
    assert_eq!(number(&y), 9.0);
    assert_eq!(number(&grad(&y, &[&x], false).unwrap()[0]), 3.0);
    assert!(!x.detach().is_recorded());
    // Gradients come without a graph unless one is asked for.
    let slope = grad(&x.mul(&x).unwrap(), &[&x], false).unwrap().remove(0);
    assert!(!slope.is_recorded());
}

#[test]
fn a_frozen_parameter_is_a_constant() {
    let (mut frozen, trained) = (Param::new(Tensor::from(2.0)), Param::new(Tensor::from(5.0)));
    frozen.set_trainable(false);
    assert!(!Var::parameter(&frozen).is_recorded());
    let gradients = Var::parameter(&frozen).mul(&Var::parameter(&trained)).unwrap().backward().unwrap();
    assert!(gradients.get(&frozen).is_none());
    assert_eq!(gradients.get(&trained).unwrap().item().unwrap(), 2.0);
    frozen.set_trainable(true);
    assert!(Var::parameter(&frozen).is_recorded());
}

#[test]
fn a_parameter_with_several_leaves_gets_the_sum() {
    let weight = Param::new(Tensor::from([1.0, 2.0]));
    let replica = weight.clone();
    let leaves = [Var::parameter(&weight), Var::parameter(&weight), Var::parameter(&replica)];
    let total = |leaves: &[Var]| Var::concat(&leaves.iter().collect::<Vec<_>>(), 0).unwrap().sum();
    let gradients = total(&leaves).backward().unwrap();
    assert_eq!(gradients.len(), 1);
    assert_eq!(gradients.get(&weight).unwrap().as_slice(), [3.0, 3.0]);
    // One leaf stands for its parameter in `grad` too.
    let by_grad = grad(&total(&leaves), &[&leaves[1]], false).unwrap();
    assert_eq!(by_grad[0].value().as_slice(), [3.0, 3.0]);
    // A copy that is trained apart has its own.
    let mut apart = weight.clone();
    apart.renew_id();
    let gradients = total(&[Var::parameter(&weight), Var::parameter(&apart)]).backward().unwrap();
    assert_eq!(gradients.len(), 2);
}

#[test]
fn gradients_merge_scale_and_are_set() -> Result<()> {
    let (a, b) = (Param::new(Tensor::from([1.0, 2.0])), Param::new(Tensor::from(3.0)));
    let mut gradients = Var::parameter(&a).mul_scalar(2.0).sum().backward()?;
    assert_eq!((gradients.len(), gradients.is_empty()), (1, false));
    gradients.merge(Var::parameter(&a).sum().add(&Var::parameter(&b))?.backward()?)?;
    assert_eq!(gradients.get(&a).unwrap().as_slice(), [3.0, 3.0]);
    assert_eq!(gradients.get(&b).unwrap().item()?, 1.0);
    gradients.scale(0.5);
    assert_eq!(gradients.get(&a).unwrap().as_slice(), [1.5, 1.5]);
    gradients.set(&a, Tensor::from([7.0, 8.0]));
    gradients.get_mut(&b).unwrap().map_in_place(|g| g + 1.0);
    assert_eq!(gradients.get(&a).unwrap().as_slice(), [7.0, 8.0]);
    assert_eq!(gradients.get(&b).unwrap().item()?, 1.5);
    let ids: Vec<_> = gradients.iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [a.id(), b.id()]);

    let mut wrong = Gradients::default();
    assert!(wrong.is_empty());
    wrong.set(&a, Tensor::from([1.0, 2.0, 3.0]));
    assert_eq!(gradients.merge(wrong).unwrap_err().to_string(), "add: cannot broadcast [2] with [3]");
    Ok(())
}

#[test]
fn changing_a_gradient_leaves_the_graph_alone() {
    // Gradients share memory with nothing that a later walk reads.
    let weight = Param::new(Tensor::from([1.0, 2.0]));
    let leaf = Var::parameter(&weight);
    let loss = leaf.mul(&leaf).unwrap().sum();
    let mut first = loss.backward_keeping().unwrap();
    first.scale(100.0);
    assert_eq!(loss.backward().unwrap().get(&weight).unwrap().as_slice(), [2.0, 4.0]);
    assert_eq!(weight.value().as_slice(), [1.0, 2.0]);
}

#[test]
fn values_and_gradients_cross_threads() {
    fn crosses<T: Send + Sync + 'static>() {}
    crosses::<Var>();
    crosses::<Gradients>();
    crosses::<Param>();
    crosses::<Buffer>();
    crosses::<Watch>();
}

#[test]
fn a_watch_names_the_first_operation_that_made_a_nan() {
    let run = |value: Elem| {
        let watch = Arc::new(Watch::default());
        let weight = Param::new(Tensor::from([value, 1.0]));
        let x = Var::watched_parameter(&weight, Some(watch.clone()));
        // 1 / 0 is infinite in `div`; everything after it is only a consequence.
        let inverse = Var::from(Tensor::from(1.0)).div(&x.mul_scalar(2.0)).unwrap();
        inverse.sub(&inverse).unwrap().softmax(0).unwrap().sum();
        watch.first().map(|first| first.op)
    };
    assert_eq!(run(1.0), None);
    assert_eq!(run(0.0), Some("div"));
}

#[test]
fn a_watch_names_the_first_operation_whose_gradient_is_not_finite() {
    let run = |f: fn(&Var, &Var) -> Var, value: [Elem; 2]| {
        let watch = Arc::new(Watch::default());
        let [a, b] = value.map(|value| Param::new(Tensor::from([value])));
        let [x, y] = [&a, &b].map(|param| Var::watched_parameter(param, Some(watch.clone())));
        let loss = f(&x.mul_scalar(1.0), &y).sum();
        assert!(loss.value().is_finite() && watch.first().is_none());
        loss.backward().unwrap();
        watch.first().map(|first| {
            assert!(first.gradient);
            (first.op, first.inside, first.parameter == Some(a.id()))
        })
    };
    assert_eq!(run(|x, y| x.sqrt().mul(y).unwrap(), [1.0, 1.0]), None);
    assert_eq!(run(|x, y| x.sqrt().mul(y).unwrap(), [0.0, 1.0]), Some(("sqrt", false, true)));
    // What comes after the square root is only a consequence.
    assert_eq!(run(|x, y| x.mul(y).unwrap().square().sqrt(), [0.0, 1.0]), Some(("sqrt", false, false)));
    // Each finite, their sum not.
    let huge = |x: &Var, y: &Var| {
        let large = Elem::MAX / 4.0;
        let once = x.mul(y).unwrap();
        (0..6).map(|_| once.mul_scalar(large)).reduce(|a, b| a.add(&b).unwrap()).unwrap().mul_scalar(1.0)
    };
    assert_eq!(run(huge, [1e-3, 1.0]), Some(("mul", true, false)));
}

#[test]
fn a_watch_knows_the_parameter_on_the_way_and_keeps_results_if_told() {
    let watch = Arc::new(Watch::keeping());
    let (mut frozen, weight) = (Param::new(Tensor::from([2.0])), Param::new(Tensor::from([3.0])));
    frozen.set_trainable(false);
    let input = Var::watched_variable(Tensor::from([5.0]), watch.clone());
    let [first, second] = [&frozen, &weight].map(|param| Var::watched_parameter(param, Some(watch.clone())));
    let y = input.neg().mul(&first).unwrap().relu();
    y.add(&second).unwrap().add(&y).unwrap();
    let results = watch.take_results();
    let seen: Vec<_> = results.iter().map(|seen| (seen.operation.op, seen.operation.inside)).collect();
    assert_eq!(seen, [("neg", false), ("mul", true), ("relu", false), ("add", true), ("add", false)]);
    let parameters: Vec<_> = results.iter().map(|seen| seen.operation.parameter).collect();
    let (a, b) = (Some(frozen.id()), Some(weight.id()));
    assert_eq!(parameters, [None, a, a, b, b]);
    assert_eq!(results[1].input, Some(Tensor::from([-5.0])));
    assert_eq!(results[3].output, Tensor::from([3.0]));
    assert!(watch.take_results().is_empty());
}

#[test]
fn steps_leave_nothing_behind() {
    // Every node below a watched leaf holds the watch: its owners count what is alive.
    let watch = Arc::new(Watch::default());
    let mut weight = Param::new(Tensor::from([0.5, -0.5]));
    let target = Var::from(Tensor::from([1.0, 2.0]));
    for step in 0..10_000 {
        let loss = {
            let x = Var::watched_parameter(&weight, Some(watch.clone()));
            let distance = x.tanh().sub(&target).unwrap();
            distance.mul(&distance).unwrap().mean()
        };
        assert_eq!(Arc::strong_count(&watch), 6);
        if step % 3 == 0 {
            continue; // evaluated, but never walked
        }
        let gradients = loss.backward().unwrap();
        // The walk freed everything but the node that `loss` names.
        assert_eq!(Arc::strong_count(&watch), 2);
        let gradient = gradients.get(&weight).unwrap().clone();
        weight.value_mut().combine("step", &gradient, |w, g| w - 0.1 * g).unwrap();
        drop(loss);
        assert_eq!(Arc::strong_count(&watch), 1);
    }
    assert!(weight.value().is_finite());
}

#[test]
fn a_kept_value_does_not_keep_the_graph_behind_its_result() {
    let watch = Arc::new(Watch::default());
    let weight = Param::new(Tensor::from([0.5, -0.5]));
    let mut history = Vec::new();
    for _ in 0..100 {
        let x = Var::watched_parameter(&weight, Some(watch.clone()));
        let loss = x.mul(&x).unwrap().sum();
        loss.backward().unwrap();
        history.push(loss); // as users do who keep losses to print them later
    }
    // One walked node each, none of what is below.
    assert_eq!(Arc::strong_count(&watch), 101);
    drop(history);
    assert_eq!(Arc::strong_count(&watch), 1);
}
