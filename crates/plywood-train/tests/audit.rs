//! The audit: planted faults are found, word for word, and networks that learn well are left in peace.

use crate::common::shifts::Shifts;
use plywood_autograd::{Param, Var};
use plywood_data::{ArrayDataset, Batch, Dataset, Samples, datasets};
use plywood_losses::{
    BinaryCrossEntropy, BinaryCrossEntropyWithLogits, CrossEntropy, L2, Loss, MeanSquaredError,
    NegativeLogLikelihood,
};
use plywood_nn::{
    Context, ConvConfig, Layer, Module, Parameters, ResNet, ResNetConfig, Sequential, SequentialBuilder,
    UNet, UNetConfig, parameters,
};
use plywood_optim::{Adam, Sgd};
use plywood_tensor::{Elem, IntTensor, Result, Seed, Shape, Tensor};
use plywood_train::{
    Audit, AuditReport, Finding, Fit, Progress, Severity, StepResult, Trainer, weights_hash,
};

type Values = ArrayDataset<Tensor, Tensor>;

fn built(builder: SequentialBuilder) -> Sequential {
    builder.build(Seed(7)).unwrap()
}

fn classes() -> ArrayDataset {
    datasets::breast_cancer()
}

/// Two hundred points and a target that follows from them.
fn values() -> Values {
    let x = Tensor::normal([200, 4], 0.0, 1.0, &Seed(3).stream()).unwrap();
    let y = x.sum_axes(&[1], true).unwrap().mul_scalar(0.5);
    ArrayDataset::new(x, y).unwrap()
}

fn audit<Y: plywood_data::Samples>(
    model: Sequential,
    loss: impl Loss<Y> + 'static,
    data: &ArrayDataset<Tensor, Y>,
) -> AuditReport {
    let trainer = Trainer::compile(model, Sgd::new(0.1), loss);
    trainer.audit(data, Audit::new()).unwrap()
}

fn regression(model: SequentialBuilder, data: &Values) -> AuditReport {
    audit(built(model), MeanSquaredError, data)
}

/// The audit of a small convolutional network on pictures of this shape.
fn pictures(shape: [usize; 3]) -> AuditReport {
    let [rows, columns, channels] = shape;
    let x = Tensor::normal([40, rows, columns, channels], 0.0, 1.0, &Seed(3).stream()).unwrap();
    let y = IntTensor::from_vec((0..40).map(|i| i % 2).collect(), [40]).unwrap();
    let model = Sequential::input(shape)
        .conv2d_with(ConvConfig::new(8, 3).padding_same())
        .relu()
        .global_average_pool2d()
        .linear(2);
    audit(built(model), CrossEntropy::default(), &ArrayDataset::new(x, y).unwrap())
}

fn mlp() -> SequentialBuilder {
    Sequential::input([4]).linear(16).relu().linear(1)
}

/// Texts, in batches as long as their longest one: 256 of the first length, fewer of the second.
struct Padded([usize; 2]);
impl Dataset for Padded {
    type Input = Tensor;
    type Target = Tensor;
    fn len(&self) -> usize {
        300
    }
    fn get(&self, index: usize) -> Result<(Tensor, Tensor)> {
        let Batch { x, y, .. } = self.batch(&[index])?;
        Ok((x.sample(0)?, y.sample(0)?))
    }
    fn batch(&self, indices: &[usize]) -> Result<Batch<Tensor, Tensor>> {
        let (count, stream) = (indices.len(), Seed(1).stream());
        let width = self.0[usize::from(count < 256)];
        let [x, y] = [width, 1].map(|width| Tensor::normal([count, width], 0.0, 1.0, &stream));
        Ok(Batch { x: x?, y: y?, weight: None, indices: indices.to_vec() })
    }
}

/// Puts all samples about the mean of the batch.
#[derive(Debug, Clone)]
struct Centre;
parameters!(Centre {});
impl Module for Centre {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        x.sub(&x.mean_axes(&[0], true)?)
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}
impl Layer for Centre {}

/// A layer whose result is cut off from the graph.
#[derive(Debug, Clone)]
struct Detach;
parameters!(Detach {});
impl Module for Detach {
    fn forward(&self, _: &Context, x: &Var) -> Result<Var> {
        Ok(x.detach())
    }
    fn output_shape(&self, input: &Shape) -> Result<Shape> {
        Ok(*input)
    }
}
impl Layer for Detach {}

/// Single precision holds seven digits.
const FAR_TARGETS: &str = if size_of::<Elem>() == 8 {
    "warning: the loss starts at 2507.8475, and to answer the mean of the targets costs 1.1870: centre and scale the targets, or start the last bias at their mean"
} else {
    "warning: the loss starts at 2507.8477, and to answer the mean of the targets costs 1.1870: centre and scale the targets, or start the last bias at their mean"
};

/// A fault, and what is said of it.
type Row = (&'static str, AuditReport, &'static [&'static str]);

fn faults() -> Vec<Row> {
    let (data, labels) = (values(), classes());
    let standard = || Sequential::input([30]).normalization(&labels).linear(16).relu();
    let deep = |mut builder: SequentialBuilder, layers| {
        for _ in 0..layers {
            builder = builder.linear(16).sigmoid();
        }
        builder
    };
    let with = |x: Tensor| ArrayDataset::new(x, data.y().clone()).unwrap();
    let scaled = |factor: Elem, shift: Elem| with(data.x().mul_scalar(factor).add_scalar(shift));
    let targets = |y: Tensor| ArrayDataset::new(data.x().clone(), y).unwrap();

    let mut dead = built(mlp());
    dead.visit_mut(&plywood_nn::Path::root(), &mut |path, leaf| {
        if let (plywood_nn::LeafMut::Param(param), true) = (leaf, *path == "0.bias") {
            *param.value_mut() = Tensor::full([16], -100.0).unwrap();
        }
    });
    let mut frozen = built(mlp());
    frozen.freeze("0.*").unwrap();
    let mut column = data.x().clone();
    column.as_mut_slice().chunks_mut(4).for_each(|row| row[2] = 7.0);
    let mut columns = data.x().clone();
    columns.as_mut_slice().chunks_mut(4).for_each(|row| row[1..].fill(0.0));
    let rare = {
        let x = Tensor::normal([1000, 4], 0.0, 1.0, &Seed(3).stream()).unwrap();
        let y: Vec<i64> = (0..1000).map(|i| i64::from(i % 100 == 0)).collect();
        ArrayDataset::new(x, IntTensor::from_vec(y, [1000]).unwrap()).unwrap()
    };
    let few = ArrayDataset::new(data.x().clone(), IntTensor::from_vec(vec![2; 200], [200]).unwrap()).unwrap();
    let two = {
        let y = (0..200).map(|i| 3 * (i % 2)).collect();
        ArrayDataset::new(data.x().clone(), IntTensor::from_vec(y, [200]).unwrap()).unwrap()
    };
    let leaked = {
        let trainer = Trainer::compile(built(mlp()), Sgd::new(0.1), MeanSquaredError);
        let (train, validation) =
            (data.select(&[3, 1, 4, 5, 9, 2, 6]).unwrap(), data.select(&[7, 8, 9, 0, 1]).unwrap());
        trainer.audit(&train, Audit::new().validation(&validation)).unwrap()
    };
    vec![
        (
            "softmax",
            audit(built(standard().linear(2).softmax()), CrossEntropy::default(), &labels),
            &[
                "warning: cross_entropy takes logits, but each row of the prediction is probabilities that sum to 1: leave out the last softmax, or gradients are far too small",
            ],
        ),
        (
            "sigmoid",
            audit(built(standard().linear(1).sigmoid()), BinaryCrossEntropyWithLogits, &labels),
            &[
                "warning: binary_cross_entropy_with_logits takes logits, but the model ends in a sigmoid: leave it out, or gradients are far too small",
            ],
        ),
        (
            "relu before the loss",
            audit(built(standard().linear(2).relu()), CrossEntropy::default(), &labels),
            &[
                "warning: cross_entropy takes logits, numbers of any size and sign, but the model ends in linear_relu in 3: leave the last activation out, or what it cuts off cannot be answered",
            ],
        ),
        (
            "gelu before the loss",
            audit(built(standard().linear(1).gelu()), BinaryCrossEntropyWithLogits, &labels),
            &[
                "warning: binary_cross_entropy_with_logits takes logits, numbers of any size and sign, but the model ends in gelu behind 3: leave the last activation out, or what it cuts off cannot be answered",
            ],
        ),
        (
            "log_softmax before the loss",
            audit(built(standard().linear(2).log_softmax()), CrossEntropy::default(), &labels),
            &[],
        ),
        (
            "nll",
            audit(built(standard().linear(2)), NegativeLogLikelihood::default(), &labels),
            &[
                "warning: nll_loss takes logarithms of probabilities, but those of a row sum to 2.6999: end the model in log_softmax, or take cross_entropy",
            ],
        ),
        (
            "tanh",
            regression(mlp().tanh(), &targets(data.y().mul_scalar(2.0))),
            &[
                "warning: linear_tanh in 2 returns numbers between -1 and 1, and a target is 6.4250: leave it out, or scale the targets",
            ],
        ),
        ("targets", regression(mlp(), &targets(data.y().add_scalar(50.0))), &[FAR_TARGETS]),
        (
            "raw",
            audit(
                built(Sequential::input([30]).linear(16).relu().linear(2)),
                CrossEntropy::default(),
                &labels,
            ),
            &[
                "warning: the loss starts at 29.4530, and to know nothing costs 0.6931: the first answers are confident and wrong, so scale the inputs, or start the last layer smaller",
                "warning: the numbers that enter 0 are of size 250.7818: normalise the inputs",
            ],
        ),
        (
            "rare",
            audit(built(mlp()), BinaryCrossEntropyWithLogits, &rare),
            &[
                "note: the loss starts at 0.7573, and to know how frequent each class is costs 0.0560: start the last bias at the logarithms of the frequencies, which saves the first epochs",
            ],
        ),
        (
            "off centre",
            regression(mlp(), &scaled(0.1, 20.0)),
            &[
                "warning: the loss starts at 15.5057, and to answer the mean of the targets costs 1.1870: centre and scale the targets, or start the last bias at their mean",
                "warning: feature 1 enters 0 with mean 20.0034 and standard deviation 0.0994 (3 more features are like that): normalise the inputs",
            ],
        ),
        (
            "channels in front",
            pictures([3, 8, 8]),
            &[
                "warning: pictures of [3, 8, 8] enter 0: channels stand last here, so transpose them to [8, 8, 3]",
            ],
        ),
        (
            "one channel in front",
            pictures([1, 8, 8]),
            &[
                "warning: pictures of [1, 8, 8] enter 0: channels stand last here, so transpose them to [8, 8, 1]",
            ],
        ),
        ("channels behind", pictures([8, 8, 3]), &[]),
        ("a flat picture of many channels", pictures([1, 8, 6]), &[]),
        (
            "dead",
            audit(dead, MeanSquaredError, &data),
            &[
                "warning: linear_relu in 0: 16 of 16 units are 0 for all 128 samples and learn nothing: normalise the inputs, lower the learning rate, or take a rectifier that leaks",
                "note: the gradient of 0.weight, 2.weight is 0 everywhere: a layer beside it is dead, or starts at 0",
            ],
        ),
        (
            "saturated",
            regression(Sequential::input([4]).linear(16).tanh().linear(1), &scaled(100.0, 0.0)),
            &[
                "warning: the numbers that enter 0 are of size 105.3906: normalise the inputs",
                "warning: linear_tanh in 0: 97 % of the results are at the limits, where there is next to no slope: normalise what comes in, or start the weights smaller",
            ],
        ),
        (
            "deep",
            regression(deep(Sequential::input([4]), 8).linear(1), &data),
            &[
                "warning: the gradient of 0.weight is 7.293e-8 of its size, that of 16.weight 0.4126 (2 more weights are like that): normalise between layers, add shortcuts, or take activations that do not saturate",
            ],
        ),
        (
            "exploding",
            regression(mlp(), &targets(data.y().mul_scalar(1e5))),
            &[
                "warning: the gradient of 2.weight is 2.412e5 times as long as the weight (1 more weight is like that): scale inputs and targets, clip gradients, or start the weights smaller",
            ],
        ),
        (
            "detached",
            regression(Sequential::input([4]).linear(8).layer(Detach).linear(1), &data),
            &[
                "warning: no gradient for 0.weight, 0.bias: freeze what shall not be trained; otherwise look for a layer that forward leaves out, or whose result it detaches",
            ],
        ),
        (
            "frozen",
            audit(frozen, MeanSquaredError, &data),
            &["note: 2 of 4 parameters are frozen: 0.weight, 0.bias"],
        ),
        (
            "constant column",
            regression(mlp(), &with(column)),
            &["note: 1 of 4 input features are the same in all 200 samples: 2; they say nothing"],
        ),
        (
            "constant columns",
            regression(mlp(), &with(columns)),
            &["warning: 3 of 4 input features are the same in all 200 samples: 1, 2, 3; they say nothing"],
        ),
        (
            "one target",
            regression(mlp(), &targets(Tensor::full([200, 1], 3.0).unwrap())),
            &[
                "warning: the target is 3 for all 200 samples: there is nothing to learn, or the data is sorted and cut",
            ],
        ),
        (
            "one class",
            audit(built(Sequential::input([4]).linear(3)), CrossEntropy::default(), &few),
            &[
                "warning: the target is 2 for all 200 samples: there is nothing to learn, or the data is sorted and cut",
            ],
        ),
        (
            "missing classes",
            audit(built(Sequential::input([4]).linear(5)), CrossEntropy::default(), &two),
            &["note: 3 of 5 classes are in none of 200 samples: 1, 2, 4; the model has outputs for them"],
        ),
        (
            "leak",
            leaked,
            &[
                "warning: 2 of 5 validation samples are in the training data too, the first as row 4 there and row 2 here: validation flatters the model, so remove duplicates before the split",
            ],
        ),
        (
            "mixed",
            regression(mlp().layer(Centre), &data),
            &[
                "warning: in evaluation, the answer to a sample changes by 0.0033 with another sample of its batch: look for an operation along axis 0, or statistics of the batch",
            ],
        ),
    ]
}

#[test]
fn planted_faults_are_named() {
    let rows = faults();
    let told = |report: &AuditReport| -> Vec<String> {
        report.findings().iter().map(|finding| format!("{}: {finding}", finding.severity())).collect()
    };
    for (name, report, expected) in &rows {
        if told(report) != *expected {
            println!("{name}\n{report}");
        }
    }
    for (name, report, expected) in &rows {
        assert_eq!(told(report), *expected, "{name}");
    }
    // A kind of finding without a fault that shows it is not known to work.
    let source = include_str!("../src/audit/finding.rs");
    let (_, source) = source.split_once("pub enum Finding {").unwrap();
    let (source, _) = source.split_once("\n}").unwrap();
    let kinds = source.lines().filter_map(|line| line.strip_prefix("    ")?.strip_suffix(" {"));
    let shown: Vec<String> = rows.iter().flat_map(|row| row.1.findings()).map(|f| format!("{f:?}")).collect();
    for kind in kinds {
        assert!(shown.iter().any(|shown| shown.starts_with(&format!("{kind} {{"))), "{kind} is never found");
    }
}

/// The networks and the data of the repository's examples, before and after some training.
#[test]
fn networks_that_learn_well_are_left_in_peace() {
    let quiet = |name: &str, report: AuditReport| assert!(report.is_quiet(), "{name}: {report}");

    let (train, validation) = classes().split(0.8, Seed(7)).unwrap();
    let model = Sequential::input([30]).normalization(&train).linear(128).relu().linear(64).relu().linear(1);
    let mut quickstart = Trainer::compile(built(model.sigmoid()), Adam::default(), BinaryCrossEntropy);
    quiet("quickstart", quickstart.audit(&train, Audit::new().validation(&validation)).unwrap());
    quickstart.fit(&train, Fit::epochs(10).progress(Progress::Silent)).unwrap();
    quiet("quickstart, trained", quickstart.audit(&train, Audit::new()).unwrap());

    let (train, validation) = datasets::digits().split(0.8, Seed(1)).unwrap();
    let model = Sequential::input([64]).normalization(&train).linear(256).relu().dropout(0.3);
    let model = built(model.linear(128).relu().dropout(0.3).linear(10));
    let mut digits =
        Trainer::compile(model, Adam::default(), CrossEntropy::default()).penalty(L2(1e-4).on("*.weight"));
    quiet("digits", digits.audit(&train, Audit::new().validation(&validation)).unwrap());
    digits.fit(&train, Fit::epochs(10).progress(Progress::Silent)).unwrap();
    quiet("digits, trained", digits.audit(&train, Audit::new().validation(&validation)).unwrap());

    let (train, _) = datasets::wine_quality().split(0.8, Seed(3)).unwrap();
    let centre = train.y().mean().item().unwrap();
    let train = ArrayDataset::new(train.x().clone(), train.y().add_scalar(-centre)).unwrap();
    let model = Sequential::input([11]).normalization(&train).linear(64).relu().dropout(0.2).linear(1);
    let wine = Trainer::compile(built(model), Adam::default(), MeanSquaredError);
    quiet("regression", wine.audit(&train, Audit::new()).unwrap());
}

#[test]
fn convolutional_networks_are_left_in_peace() {
    let quiet = |name: &str, report: AuditReport| assert!(report.is_quiet(), "{name}: {report}");
    let audit = || Audit::new().samples(256).batch_size(32);

    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/data/mnist");
    let (train, test) = datasets::mnist(folder).unwrap();
    let (train, test) = (train.select(&(0..512).collect::<Vec<_>>()).unwrap(), test);
    let model = Sequential::input([28, 28, 1]).conv2d(32, 3).batch_norm2d().relu().max_pool2d(2);
    let model = model.conv2d(64, 3).batch_norm2d().relu().max_pool2d(2).flatten().dropout(0.3);
    let model = built(model.linear(128).relu().dropout(0.3).linear(10));
    let mut mnist = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default());
    quiet("mnist", mnist.audit(&train, audit().validation(&test)).unwrap());
    mnist.fit(&train, Fit::epochs(2).progress(Progress::Silent)).unwrap();
    quiet("mnist, trained", mnist.audit(&train, audit()).unwrap());

    // Four shades with noise, and where they are.
    let noise = Tensor::normal([256, 16, 16, 3], 0.5, 0.2, &Seed(3).stream()).unwrap();
    let labels: Vec<i64> = (0..256).map(|i| i % 4).collect();
    let shades = Tensor::from_vec(labels.iter().map(|&l| 0.1 * l as Elem).collect(), [256, 1, 1, 1]).unwrap();
    let images = noise.add(&shades).unwrap();
    let mask = IntTensor::from_vec(labels.iter().flat_map(|&l| [l; 256]).collect(), [256, 16, 16]).unwrap();
    let labels = IntTensor::from_vec(labels, [256]).unwrap();

    let config = ResNetConfig { width: 8, ..ResNetConfig::resnet20(4) };
    let model = ResNet::new(3, config, &Seed(1).stream()).unwrap();
    let resnet = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default());
    quiet("resnet", resnet.audit(&ArrayDataset::new(images.clone(), labels).unwrap(), audit()).unwrap());

    let config = UNetConfig { width: 8, depth: 3, ..UNetConfig::new(4) };
    let model = UNet::new(3, config, &Seed(1).stream()).unwrap();
    let unet = Trainer::compile(model, Adam::new(1e-3), CrossEntropy::default());
    quiet("segmentation", unet.audit(&ArrayDataset::new(images, mask).unwrap(), audit()).unwrap());
}

/// Red wine was tasted several times: a split that does not know of it puts a wine into both parts.
#[test]
fn the_leak_in_the_wines_is_real() {
    let (train, validation) = datasets::wine_quality().split(0.8, Seed(3)).unwrap();
    let model = Sequential::input([11]).normalization(&train).linear(1);
    let wine = Trainer::compile(built(model), Adam::default(), MeanSquaredError);
    let report = wine.audit(&train, Audit::new().validation(&validation)).unwrap();
    let leaks = report.findings().iter().filter_map(|finding| match finding {
        Finding::Leak { count, of, first } => Some((*count, *of, *first)),
        _ => None,
    });
    let (count, of, (twin, row)) = { leaks }.next().unwrap();
    assert_eq!(train.get(twin).unwrap().0, validation.get(row).unwrap().0);
    // Counted the slow way.
    let [known, rows] = [&train, &validation]
        .map(|part| part.x().as_slice().chunks(11).map(<[Elem]>::to_vec).collect::<Vec<_>>());
    assert_eq!((count, of), (rows.iter().filter(|row| known.contains(row)).count(), rows.len()));
}

#[test]
fn fit_has_a_first_look_that_changes_no_bit() {
    let data = values();
    let fit = |look| {
        let fit = Fit::epochs(2).seed(Seed(5)).progress(Progress::Silent);
        if let Some(look) = look { fit.audit(look) } else { fit }
    };
    let trainer = || {
        let model = Sequential::input([4]).linear(16).batch_norm1d().relu().dropout(0.5).linear(1);
        Trainer::compile(built(model), Adam::default(), MeanSquaredError)
    };
    let (mut looked, mut blind) = (trainer(), trainer());
    looked.fit(&data, fit(Some(true))).unwrap();
    blind.fit(&data, fit(None)).unwrap();
    assert_eq!(weights_hash(looked.model()), weights_hash(blind.model()));
    assert!(looked.first_look().is_some_and(AuditReport::is_quiet));
    // Silence is not broken, and who shows nothing pays nothing.
    assert!(blind.first_look().is_none());

    // A trained model is no news, and a step of one's own may do anything.
    blind.fit(&data, fit(Some(true))).unwrap();
    assert!(blind.first_look().is_none());
    let mut custom = trainer().custom_step(|step| Ok(StepResult { skipped: false, ..step.run()? }));
    custom.fit(&data, fit(Some(true))).unwrap();
    assert!(custom.first_look().is_none());
}

#[test]
fn batches_of_other_widths_are_looked_at() {
    let shifts = Shifts(Param::new(Tensor::zeros([1]).unwrap()), 2);
    let trainer = Trainer::compile(shifts, Sgd::new(0.1), MeanSquaredError);
    for widths in [[1, 300], [300, 1]] {
        let report = trainer.audit(&Padded(widths), Audit::new().samples(300)).unwrap();
        let constant = |finding: &Finding| matches!(finding, Finding::ConstantFeatures { .. });
        assert!(!report.findings().iter().any(constant), "{report}");
    }
}

#[test]
fn the_most_serious_comes_first() {
    let (data, mut model) = (values(), built(mlp()));
    model.freeze("0.*").unwrap();
    let far = ArrayDataset::new(data.x().clone(), data.y().add_scalar(50.0)).unwrap();
    let report = audit(model, MeanSquaredError, &far);
    let severities: Vec<Severity> = report.findings().iter().map(Finding::severity).collect();
    assert_eq!(severities, [Severity::Warning, Severity::Note]);
    assert_eq!(report.warnings().count(), 1);
    assert!(report.to_string().starts_with("2 findings\nwarning: the loss starts at "), "{report}");

    let none = data.select(&[]).unwrap();
    let trainer = Trainer::compile(built(mlp()), Sgd::new(0.1), MeanSquaredError);
    assert_eq!(trainer.audit(&none, Audit::new()).unwrap_err().to_string(), "the data set is empty");
    assert_eq!(AuditReport::default().to_string(), "no findings");
}
