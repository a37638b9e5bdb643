//! What commonly goes wrong in a training, looked for before time is spent on it.

mod activations;
mod finding;
mod gradients;
mod inputs;
mod labels;
mod look;
mod mixing;
mod output;
mod report;
mod sentence;
mod severity;
mod start;
mod twins;

pub use finding::Finding;
pub use report::AuditReport;
pub use severity::Severity;

use crate::Input;
use crate::trainer::fit::Data;
use look::Look;
use plywood_data::{Batch, DataError, Dataset, Samples};
use plywood_losses::{Loss, Penalty};
use plywood_nn::Module;
use plywood_tensor::{IntTensor, Result, Seed, Tensor};
use std::fmt;

/// How much [`Trainer::audit`](crate::Trainer::audit) looks at.
///
/// ```
/// use plywood_data::datasets;
/// use plywood_losses::CrossEntropy;
/// use plywood_nn::Sequential;
/// use plywood_optim::Adam;
/// use plywood_tensor::Seed;
/// use plywood_train::{Audit, Finding, Trainer};
///
/// let (train, validation) = datasets::digits().split(0.8, Seed(7))?;
/// let model = || Sequential::input([64]).normalization(&train).linear(32).relu().linear(10);
/// let trainer = Trainer::compile(model().build(Seed(7))?, Adam::default(), CrossEntropy::default());
/// let report = trainer.audit(&train, Audit::new().validation(&validation))?;
/// assert!(report.is_quiet(), "{report}");
///
/// // The loss takes a softmax itself.
/// let model = model().softmax().build(Seed(7))?;
/// let trainer = Trainer::compile(model, Adam::default(), CrossEntropy::default());
/// let report = trainer.audit(&train, Audit::new())?;
/// assert_eq!(report.to_string(), "\
/// 1 finding
/// warning: cross_entropy takes logits, but each row of the prediction is probabilities that sum to 1: \
/// leave out the last softmax, or gradients are far too small");
/// assert!(matches!(report.findings(), [Finding::Probabilities { .. }]));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub struct Audit<'a, X = Tensor, Y = IntTensor> {
    pub(crate) samples: usize,
    pub(crate) batch_size: usize,
    pub(crate) seed: Seed,
    pub(crate) validation: Option<Box<Data<'a, X, Y>>>,
}

impl<'a, X, Y> Audit<'a, X, Y> {
    /// Up to 1024 samples of the data, of which 128 go through the model.
    pub fn new() -> Audit<'a, X, Y> {
        Audit { samples: 1024, batch_size: 128, seed: Seed(0), validation: None }
    }

    /// How many samples are read for what can be said of data alone; drawn at random.
    #[must_use]
    pub fn samples(self, samples: usize) -> Self {
        Audit { samples, ..self }
    }

    /// How many of them go through the model, forward and backward, in one batch.
    #[must_use]
    pub fn batch_size(self, batch_size: usize) -> Self {
        Audit { batch_size, ..self }
    }

    /// What decides which samples these are, and what is random in the model.
    #[must_use]
    pub fn seed(self, seed: Seed) -> Self {
        Audit { seed, ..self }
    }

    /// Also looks for inputs that are in this data too; reads all of both data sets.
    #[must_use]
    pub fn validation(self, data: impl Dataset<Input = X, Target = Y> + 'a) -> Self {
        Audit { validation: Some(Box::new(data)), ..self }
    }
}

impl<X, Y> Default for Audit<'_, X, Y> {
    fn default() -> Self {
        Audit::new()
    }
}

impl<X, Y> fmt::Debug for Audit<'_, X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Audit { samples, batch_size, seed, .. } = self;
        write!(f, "Audit of {samples} samples, {batch_size} through the model, {seed:?}")
    }
}

/// What is audited.
pub(crate) struct Subject<'a, M, Y> {
    pub(crate) model: &'a M,
    pub(crate) loss: &'a dyn Loss<Y>,
    pub(crate) penalties: &'a [Box<dyn Penalty>],
    /// How many steps the model was trained for.
    pub(crate) steps: u64,
}

/// What a single batch shows.
pub(crate) fn of_batch<M: Module<X::Leaf>, X: Input, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    batch: &Batch<X, Y>,
    seed: Seed,
) -> Result<(AuditReport, Tensor)> {
    let (look, objective) = Look::at(subject, batch, seed)?;
    let mut findings = Vec::new();
    output::check(subject, &look, batch, &mut findings);
    start::check(subject, &look, batch, &mut findings)?;
    inputs::check_scale(&look, &mut findings);
    inputs::check_channels(&look, &mut findings);
    activations::check(&look, batch.len(), &mut findings);
    let Look { parameters, results, prediction, .. } = look;
    drop(results);
    gradients::check(&parameters, &objective.backward()?, &mut findings);
    Ok((AuditReport::of(findings), prediction))
}

/// Everything.
pub(crate) fn of_data<M: Module<X::Leaf>, X: Input, Y: Samples>(
    subject: &Subject<'_, M, Y>,
    data: &Data<'_, X, Y>,
    audit: &Audit<'_, X, Y>,
) -> Result<AuditReport> {
    if data.is_empty() {
        return Err(DataError::Empty.into());
    }
    let mut order = audit.seed.stream().named("audit").permutation(data.len());
    order.truncate(audit.samples.max(1));
    let batch = data.batch(&order[..order.len().min(audit.batch_size.max(1))])?;
    let (AuditReport { mut findings }, prediction) = of_batch(subject, &batch, audit.seed)?;

    let (mut features, mut labels) = (inputs::Features::default(), labels::Labels::default());
    for indices in order.chunks(READ) {
        let Batch { x, y, .. } = data.batch(indices)?;
        features.see(&x);
        labels.see(&y);
    }
    features.check(&mut findings);
    labels.check(&prediction, &batch.y, &mut findings);
    start::check_frequencies(subject, &labels, &prediction, &batch, &mut findings)?;
    mixing::check(subject.model, &batch, &mut findings);
    gradients::check_frozen(subject.model, &mut findings);
    if let Some(validation) = &audit.validation {
        twins::check(data, &**validation, &mut findings)?;
    }
    Ok(AuditReport::of(findings))
}

/// So many samples are read at a time.
const READ: usize = 256;
