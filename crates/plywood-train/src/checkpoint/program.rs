//! What a program says of itself, beside the run that it has saved.

use super::Difference;
use plywood_tensor::one_line;
use serde::{Deserialize, Serialize};

/// What a program says of itself, as far as words can tell it. A run that is resumed by another one is told where they differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Program {
    /// The rule of the optimizer with its settings.
    pub(crate) optimizer: String,
    /// The learning rate that the rule begins with.
    pub(crate) learning_rate: String,
    /// The shape of an input of one sample, where the model is given tensors.
    pub(crate) input: Option<Vec<usize>>,
    /// The layers with their paths, in the order in which they are applied; none where the shape of the input is not known.
    pub(crate) layers: Vec<String>,
}

/// So much of each is kept: a manifest is small.
const LONGEST: usize = 1000;
const MOST: usize = 1000;

impl Program {
    pub(crate) fn new(
        optimizer: &str,
        learning_rate: f64,
        input: Option<&[usize]>,
        layers: Vec<String>,
    ) -> Program {
        let layers = if layers.len() > MOST { Vec::new() } else { layers };
        Program {
            optimizer: one_line(optimizer, LONGEST),
            learning_rate: format!("{learning_rate:?}"),
            input: input.map(<[usize]>::to_vec),
            layers: layers.iter().map(|layer| one_line(layer, 200)).collect(),
        }
    }

    /// What the checkpoint says and the program says otherwise, but for the learning rate.
    pub(crate) fn differences(&self, program: &Program) -> Vec<Difference> {
        let known = !self.layers.is_empty() && !program.layers.is_empty();
        let of_layers = known.then(|| layers(&self.layers, &program.layers)).flatten();
        settings(&self.optimizer, &program.optimizer).into_iter().chain(of_layers).collect()
    }
}

/// Settings of a rule that differ, by name where both have the same ones.
fn settings(checkpoint: &str, program: &str) -> Option<Difference> {
    let [(rule, saved), (other, own)] = [checkpoint, program].map(fields);
    let differ: Vec<_> = saved.iter().zip(&own).filter(|(saved, own)| saved != own).collect();
    if rule == other && differ.is_empty() && saved.len() == own.len() {
        return None;
    }
    let named = rule == other && saved.len() == own.len() && differ.iter().all(|(a, b)| name(a) == name(b));
    let text = |parts: Vec<&str>| parts.join(", ");
    let (checkpoint, program) = match named {
        true => (
            text(differ.iter().map(|(saved, _)| saved.as_str()).collect()),
            text(differ.iter().map(|(_, own)| own.as_str()).collect()),
        ),
        false => (checkpoint.to_owned(), program.to_owned()),
    };
    Some(Difference::of_program("optimizer", checkpoint, program))
}

fn name(field: &str) -> &str {
    field.split_once(": ").map_or(field, |(name, _)| name)
}

/// `Name { a: 1, b: (2, 3) }` as its name and its fields; learning rates are compared as numbers elsewhere.
fn fields(text: &str) -> (&str, Vec<String>) {
    let Some((name, rest)) = text.split_once(" { ") else { return (text, Vec::new()) };
    let (mut fields, mut depth) = (vec![String::new()], 0_usize);
    for letter in rest.strip_suffix(" }").unwrap_or(rest).chars() {
        match letter {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                fields.push(String::new());
                continue;
            }
            _ => {}
        }
        fields.iter_mut().last().into_iter().for_each(|field| field.push(letter));
    }
    let fields = fields.iter().map(|field| field.trim().to_owned());
    (name, fields.filter(|field| !field.starts_with("learning_rate: ")).collect())
}

/// The layers between those that both have at the beginning and at the end.
fn layers(checkpoint: &[String], program: &[String]) -> Option<Difference> {
    let same =
        |pairs: &mut dyn Iterator<Item = (&String, &String)>| pairs.take_while(|(a, b)| a == b).count();
    let start = same(&mut checkpoint.iter().zip(program));
    let shorter = checkpoint.len().min(program.len()) - start;
    let end = same(&mut checkpoint.iter().rev().zip(program.iter().rev()).take(shorter));
    let [checkpoint, program] = [checkpoint, program].map(|layers| &layers[start..layers.len() - end]);
    let differ = !checkpoint.is_empty() || !program.is_empty();
    differ.then(|| Difference::of_program("model", few(checkpoint), few(program)))
}

/// The first few of them.
fn few(layers: &[String]) -> String {
    const SHOWN: usize = 3;
    match layers {
        [] => "nothing there".to_owned(),
        [.., _] if layers.len() > SHOWN => {
            format!("{} and {} more", layers[..SHOWN].join(", "), layers.len() - SHOWN)
        }
        _ => layers.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use super::Program;

    const ADAM: &str = "Adam { learning_rate: 0.1, betas: (0.9, 0.999), epsilon: 1e-8 }";

    #[test]
    fn what_differs_is_named_and_nothing_else() {
        let layers = |text: &str| text.split(", ").map(str::to_owned).collect::<Vec<_>>();
        let (plain, net) = ("Sgd { learning_rate: 0.1 }", "0: Linear(2 -> 4), 1: Relu, 2: Linear(4 -> 1)");
        for (saved, own, expected) in [
            ((ADAM, net), (ADAM, net), ""),
            ((ADAM, net), (&ADAM.replace("0.1", "0.5"), net), ""),
            (
                (ADAM, net),
                (&ADAM.replace("0.999", "0.95"), net),
                "optimizer: goes on with betas: (0.9, 0.95) of the program, not with betas: (0.9, 0.999) of the checkpoint",
            ),
            (
                (ADAM, net),
                ("Adam { learning_rate: 0.1, betas: (0.5, 0.999), epsilon: 1e-7 }", net),
                "optimizer: goes on with betas: (0.5, 0.999), epsilon: 1e-7 of the program, \
                 not with betas: (0.9, 0.999), epsilon: 1e-8 of the checkpoint",
            ),
            (
                (plain, net),
                ("Sgd { learning_rate: 0.1, nesterov: true }", net),
                "optimizer: goes on with Sgd { learning_rate: 0.1, nesterov: true } of the program, \
                 not with Sgd { learning_rate: 0.1 } of the checkpoint",
            ),
            (("Mine", net), ("Mine", net), ""),
            (
                ("Mine", net),
                ("Mine(2)", net),
                "optimizer: goes on with Mine(2) of the program, not with Mine of the checkpoint",
            ),
            (
                (plain, net),
                (plain, &net.replace("Relu", "Tanh")),
                "model: goes on with 1: Tanh of the program, not with 1: Relu of the checkpoint",
            ),
            (
                (plain, net),
                (plain, &(net.to_owned() + ", 3: Sigmoid")),
                "model: goes on with 3: Sigmoid of the program, not with nothing there of the checkpoint",
            ),
            (
                (plain, "a, b, c, d, e, f"),
                (plain, "a, g, f"),
                "model: goes on with g of the program, not with b, c, d and 1 more of the checkpoint",
            ),
            (
                (plain, "a, a"),
                (plain, "a"),
                "model: goes on with nothing there of the program, not with a of the checkpoint",
            ),
        ] {
            let program = |(rule, net): (&str, &str)| Program::new(rule, 0.1, Some(&[1, 2]), layers(net));
            let differences = program(saved).differences(&program(own));
            let text: Vec<String> = differences.iter().map(ToString::to_string).collect();
            assert_eq!(text.join("; "), expected);
        }
        // Of a model that says nothing of its layers, nothing is known.
        let silent = Program::new(plain, 0.1, None, Vec::new());
        assert_eq!(Program::new(plain, 0.1, None, layers(net)).differences(&silent), []);
    }
}
