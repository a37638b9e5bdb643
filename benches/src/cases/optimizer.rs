//! A step of each update rule.

use crate::data::normal;
use crate::{Case, Streams, Work};
use plywood::autograd::{Gradients, Param};
use plywood::optim::NonFinite;
use plywood::prelude::*;

/// The name, the rule, and how many numbers a step reads or writes for each parameter, of how many arrays.
type Rule = (&'static str, fn() -> Optimizer, usize, usize);

const RULES: &[Rule] = &[
    ("sgd", || Optimizer::new(Sgd::new(1e-3)), 3, 2),
    ("momentum", || Optimizer::new(Sgd::new(1e-3).momentum(0.9)), 5, 3),
    ("adam", || Optimizer::new(Adam::new(1e-3)), 7, 4),
    // Without the look at every gradient before anything changes: what rivals do.
    ("adam_unchecked", || Optimizer::new(Adam::new(1e-3)).non_finite(NonFinite::Ignore), 7, 4),
    ("adamw", || Optimizer::new(AdamW::new(1e-3)), 7, 4),
    ("rmsprop", || Optimizer::new(RmsProp::new(1e-3)), 5, 3),
];

const COUNTS: [(&str, usize); 3] = [("10K", 10_000), ("1M", 1_000_000), ("25M", 25_000_000)];

/// Gradients that take turns, as those of batches do: with the same one for ever, second moments of small gradients sink
/// into denormal numbers or stand still, and neither is what training does.
const GRADIENTS: usize = 8;
/// The largest model takes turns of fewer, to leave memory for others.
const LARGE_GRADIENTS: usize = 2;

pub(super) fn cases() -> Vec<Case> {
    let all = RULES.iter().flat_map(|rule| COUNTS.map(|(size, count)| case(rule, size.into(), count)));
    all.collect()
}

/// A step of the rule of that name on so many parameters.
pub(crate) fn optimizer_case(name: &str, count: usize) -> Case {
    let rule = RULES.iter().find(|rule| rule.0 == name).expect("the name of a rule in the table");
    case(rule, count.to_string(), count)
}

fn case(&(rule, optimizer, passes, arrays): &Rule, size: String, count: usize) -> Case {
    // The gradients of other steps are in no cache that the parameters need.
    let work = Work::traffic(Streams::Update, count, passes, arrays);
    Case::new(format!("{rule}/{size}"), work, move || prepare(optimizer(), count))
}

fn prepare(mut optimizer: Optimizer, count: usize) -> Result<impl FnMut() -> Result<()> + Send> {
    let mut model = vec![Param::new(normal([count], 1)?)];
    let turns = if count > 4_000_000 { LARGE_GRADIENTS } else { GRADIENTS };
    let gradients = (0..turns).map(|i| {
        let mut gradients = Gradients::default();
        gradients.set(&model[0], normal([count], 2 + i as u64)?);
        Ok(gradients)
    });
    let gradients: Vec<Gradients> = gradients.collect::<Result<_>>()?;
    let mut turn = 0;
    Ok(move || {
        optimizer.step(&mut model, &gradients[turn % turns])?;
        turn += 1;
        Ok(())
    })
}
