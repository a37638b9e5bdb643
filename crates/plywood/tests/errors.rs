//! What a user reads when something is wrong: thirty-odd messages, to the letter.

use plywood::autograd::{Param, grad};
use plywood::losses::{binary_cross_entropy, cross_entropy, mse_loss};
use plywood::prelude::*;

fn zeros(shape: &[usize]) -> Tensor {
    Tensor::zeros(shape).unwrap()
}

fn constant(shape: &[usize]) -> Var {
    zeros(shape).into()
}

/// A model whose layers lie three names deep.
#[derive(Debug, Clone)]
struct FeedForward {
    up: Linear,
    down: Linear,
}
parameters!(FeedForward { up, down });

impl Module for FeedForward {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let hidden = self.up.forward(cx, x).at("up")?.relu();
        self.down.forward(cx, &hidden).at("down")
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        self.down.output_shape(&self.up.output_shape(input).at("up")?).at("down")
    }
}

#[derive(Debug, Clone)]
struct Encoder {
    layers: Vec<FeedForward>,
}
parameters!(Encoder { layers });

impl Module for Encoder {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        let mut layers = self.layers.iter().enumerate();
        layers.try_fold(x.clone(), |x, (i, layer)| layer.forward(cx, &x).at(i).at("layers"))
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        let mut layers = self.layers.iter().enumerate();
        layers.try_fold(*input, |shape, (i, layer)| layer.output_shape(&shape).at(i).at("layers"))
    }
}

fn encoder() -> Encoder {
    let layer = |inputs, hidden, outputs| FeedForward {
        up: Linear::new(inputs, hidden, &Seed(0).stream()).unwrap(),
        down: Linear::new(hidden, outputs, &Seed(1).stream()).unwrap(),
    };
    Encoder { layers: vec![layer(64, 256, 65), layer(64, 256, 64)] }
}

fn digits() -> Sequential {
    Sequential::input([64]).linear(16).relu().linear(10).build(Seed(0)).unwrap()
}

type Case = (&'static str, fn() -> Result<()>);

/// The message, and a program that earns it.
const CASES: &[Case] = &[
    // Tensors.
    ("add: cannot broadcast [2, 3] with [4]", || zeros(&[2, 3]).add(&zeros(&[4])).map(drop)),
    ("matmul: cannot multiply [2, 3] by [2, 3]: inner sizes 3 and 2 differ", || {
        zeros(&[2, 3]).matmul(&zeros(&[2, 3])).map(drop)
    }),
    ("shape: [4294967296, 4294967296, 2] has more elements than can be addressed", || {
        Tensor::zeros([1 << 32, 1 << 32, 2]).map(drop)
    }),
    ("reshape: [4, 2] holds 8 elements, got 6", || zeros(&[2, 3]).reshape([4, 2]).map(drop)),
    ("from_vec: [2, 2] holds 4 elements, got 3", || Tensor::from_vec(vec![1.0; 3], [2, 2]).map(drop)),
    ("sum: axis 2 is out of range for [2, 3]", || zeros(&[2, 3]).sum_axes(&[2], false).map(drop)),
    ("max: no elements to reduce in [0, 3]", || zeros(&[0, 3]).max_axes(&[0], false).map(drop)),
    ("at: index 3 is not in 0..3 (axis 1 of [2, 3])", || zeros(&[2, 3]).at(&[0, 3]).map(drop)),
    ("threads: expected at least 1, got 0", || Threads::new(0).map(drop)),
    // Gradients.
    ("backward: expected a single number to differentiate, got [2]; take its mean or sum first", || {
        Var::variable(zeros(&[2])).backward().map(drop)
    }),
    (
        "backward: expected a value that depends on a trained parameter or a variable, got a constant; frozen parameters and those of an evaluation are constants",
        || constant(&[]).backward().map(drop),
    ),
    (
        "backward: the graph below sum was freed by an earlier backward; add the losses before one backward, or use backward_keeping",
        || {
            let loss = Var::parameter(&Param::new(zeros(&[2]))).sum();
            loss.backward()?;
            loss.backward().map(drop)
        },
    ),
    ("grad: input 0 does not influence the result", || {
        let (x, y) = (Var::variable(zeros(&[])), Var::variable(zeros(&[])));
        grad(&y.neg(), &[&x], false).map(drop)
    }),
    // Models.
    ("layers.1.up: Linear(64 -> 256): expected input [.., 64], got [32, 65]", || {
        encoder().forward(&Context::eval(), &constant(&[32, 64])).map(drop)
    }),
    ("layers.1.up: Linear(64 -> 256): expected input [.., 64], got [32, 65]", || {
        encoder().output_shape(constant(&[32, 64]).shape()).map(drop)
    }),
    ("2: Dropout: expected a probability p of at least 0 and at most 1, got 1.5", || {
        Sequential::input([4]).linear(8).relu().dropout(1.5).build(Seed(0)).map(drop)
    }),
    ("1: Reshape([4, 5]): expected samples of 20 elements, got [64]", || {
        Sequential::input([3]).linear(64).reshape([4, 5]).build(Seed(0)).map(drop)
    }),
    (
        "state does not fit the model: missing 2.bias; unexpected extra; 0.weight: expected [16, 64], got [2, 2]",
        || {
            let mut state = digits().state_dict();
            state.0.remove("2.bias");
            state.0.insert("extra".into(), zeros(&[1]).into());
            state.0.insert("0.weight".into(), zeros(&[2, 2]).into());
            digits().load_state_dict(&state)
        },
    ),
    ("pattern \"head.*\" matches none of 0.weight, 0.bias, 2.weight, 2.bias", || digits().freeze("head.*")),
    // Losses.
    (
        "cross_entropy: row 1: expected a label in 0..3, got 3; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        || cross_entropy(&constant(&[2, 3]), &IntTensor::from([0, 3])).map(drop),
    ),
    (
        "mse_loss: expected a target of the prediction's shape [4, 1], got [4]; reshape the target to [4, 1]",
        || mse_loss(&constant(&[4, 1]), &zeros(&[4])).map(drop),
    ),
    (
        "binary_cross_entropy: row 1: expected a label in 0..2, got 2; labels count from 0: subtract 1 if yours begin with 1, otherwise there are more classes",
        || binary_cross_entropy(&constant(&[2, 1]), &IntTensor::from([0, 2])).map(drop),
    ),
    // Optimizers.
    (
        "0.bias: expected a gradient, got none; freeze the parameter if the loss shall not depend on it",
        || {
            let mut model = digits();
            let cx = Context::train(Seed(0), 0);
            let weight = cx.parameter(model.named_parameters()[0].1);
            let gradients = weight.sum().backward()?;
            Optimizer::new(Adam::default()).step(&mut model, &gradients).map(drop)
        },
    ),
    ("Adam: expected a learning rate of at least 0, got -1", || {
        let mut model = vec![Param::new(zeros(&[1]))];
        let gradients = Var::parameter(&model[0]).sum().backward()?;
        Optimizer::new(Adam::new(-1.0)).step(&mut model, &gradients).map(drop)
    }),
    ("0: expected a finite gradient, got NaN at [1]", || {
        let mut model = vec![Param::new(zeros(&[2]))];
        let factor = Tensor::from([1.0, Elem::NAN]);
        let gradients = Var::parameter(&model[0]).mul(&factor.into())?.sum().backward()?;
        Optimizer::new(Adam::default()).step(&mut model, &gradients).map(drop)
    }),
    // Data.
    ("the data set is empty", || {
        let data = ArrayDataset::new(zeros(&[0, 3]), IntTensor::zeros([0])?)?;
        DataLoader::new(&data).epoch(0).try_for_each(|batch| batch.map(drop))
    }),
    ("batch size: expected at least 1, got 0", || {
        let data = datasets::breast_cancer();
        DataLoader::new(&data).batch_size(0).epoch(0).try_for_each(|batch| batch.map(drop))
    }),
    ("expected one target for each of 3 inputs, got 2", || {
        ArrayDataset::new(zeros(&[3, 1]), IntTensor::from([0, 1])).map(drop)
    }),
    ("split: expected a fraction between 0 and 1, got 1.5", || {
        datasets::breast_cancer().split(1.5, Seed(0)).map(drop)
    }),
    ("csv: line 3: expected 2 cells, got 1", || Csv::read("a,b\n1,2\n3\n".as_bytes()).values("b").map(drop)),
    (
        "csv: line 2, column \"a\": expected a number, got \"n/a\"; if it means that there is no value, name it in `marks`, and say `missing`",
        || Csv::read("a,b\nn/a,2\n".as_bytes()).values("b").map(drop),
    ),
    ("csv: column \"quality\": there is no such column, expected one of \"a\", \"b\"", || {
        Csv::read("a,b\n1,2\n".as_bytes()).values("quality").map(drop)
    }),
    // Training.
    ("epoch 1, batch 1: the loss is NaN; first non-finite result: ln", || {
        let data = ArrayDataset::new(Tensor::from([[1.0]]), Tensor::from([[1.0]]))?;
        let mut trainer =
            Trainer::compile(Logarithm(Param::new(Tensor::from([-1.0]))), Adam::default(), MeanSquaredError);
        trainer.fit(&data, Fit::epochs(1).progress(Progress::Silent)).map(drop)
    }),
    ("epoch 1, batch 1: the loss is NaN; sample 1 of the data set has an input that is not finite", || {
        let data = ArrayDataset::new(Tensor::from([[1.0], [Elem::NAN]]), Tensor::from([[1.0], [1.0]]))?;
        let model = Sequential::input([1]).linear(1).build(Seed(0))?;
        let mut trainer = Trainer::compile(model, Adam::default(), MeanSquaredError);
        trainer.fit(&data, Fit::epochs(1).progress(Progress::Silent)).map(drop)
    }),
    (
        "early stopping: expected one of \"loss\", \"validation loss\", \"learning rate\", got \"accuracy\"",
        || {
            let data = ArrayDataset::new(Tensor::from([[1.0]]), Tensor::from([[1.0]]))?;
            let model = Sequential::input([1]).linear(1).build(Seed(0))?;
            let mut trainer = Trainer::compile(model, Adam::default(), MeanSquaredError);
            let fit = Fit::epochs(1).validation(&data).callback(EarlyStopping::new("accuracy"));
            trainer.fit(&data, fit.progress(Progress::Silent)).map(drop)
        },
    ),
];

/// `ln(w x)`, which is NaN for a negative product.
#[derive(Debug, Clone)]
struct Logarithm(Param);

impl Parameters for Logarithm {
    fn visit<'a>(
        &'a self,
        path: &plywood::nn::Path<'_>,
        visit: &mut dyn FnMut(&plywood::nn::Path<'_>, plywood::nn::Leaf<'a>),
    ) {
        self.0.visit(path, visit);
    }
    fn visit_mut(
        &mut self,
        path: &plywood::nn::Path<'_>,
        visit: &mut dyn FnMut(&plywood::nn::Path<'_>, plywood::nn::LeafMut<'_>),
    ) {
        self.0.visit_mut(path, visit);
    }
}

impl Module for Logarithm {
    fn forward(&self, cx: &Context, x: &Var) -> Result<Var> {
        Ok(x.mul(&cx.parameter(&self.0))?.ln())
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}

#[test]
fn messages_are_these_to_the_letter() {
    let mut wrong = String::new();
    for (expected, run) in CASES {
        let got = run().map_or_else(|error| error.to_string(), |()| "no error".into());
        if got != *expected {
            wrong += &format!("expected {expected:?}\n     got {got:?}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
    assert!(CASES.len() >= 30);
}

#[test]
fn messages_are_one_line_in_lower_case_without_a_final_stop() {
    for (text, _) in CASES {
        assert!(!text.contains('\n') && !text.ends_with('.'), "{text}");
    }
}

/// `main` prints the `Debug` form of an error it returns: it must be the sentence, not a structure.
#[test]
fn main_prints_a_sentence() {
    for (_, run) in CASES {
        let Err(error) = run() else { continue };
        assert_eq!(format!("{error:?}"), error.to_string());
    }
}

#[test]
fn operators_panic_with_both_shapes() {
    let panic = std::panic::catch_unwind(|| &zeros(&[2, 3]) + &zeros(&[4])).unwrap_err();
    assert_eq!(*panic.downcast::<String>().unwrap(), "add: cannot broadcast [2, 3] with [4]");
}
