//! How cost grows with the size of a task.

use crate::Case;
use crate::cases::optimizer_case;
use crate::workload::{momentum_step, network_work};

/// Curves over one quantity.
#[derive(Debug)]
pub struct Panel {
    /// The name of its file.
    pub name: &'static str,
    /// What grows from left to right.
    pub quantity: &'static str,
    /// The base of its logarithmic axis: each power of it is marked.
    pub base: f64,
    /// What the curves are about.
    pub title: String,
    /// The curves.
    pub curves: Vec<Curve>,
}

/// A task in growing sizes.
#[derive(Debug)]
pub struct Curve {
    /// What is done.
    pub name: &'static str,
    /// The sizes, and a case for each.
    pub points: Vec<(usize, Case)>,
}

/// All panels: batch, width and parameters.
pub fn panels() -> Vec<Panel> {
    let batches = || (0..=12).map(|power| (1 << power, [256, 512, 512, 10], 1 << power));
    let widths = || (4..=12).map(|power| (1 << power, [1 << power; 4], 64));
    vec![
        Panel {
            name: "batch",
            quantity: "batch",
            base: 2.0,
            title: "256-512-512-10, momentum".into(),
            curves: vec![network("forward", batches(), true), network("training step", batches(), false)],
        },
        Panel {
            name: "width",
            quantity: "width",
            base: 2.0,
            title: "three layers of that width, batch 64, momentum".into(),
            curves: vec![network("forward", widths(), true), network("training step", widths(), false)],
        },
        Panel {
            name: "parameters",
            quantity: "parameters",
            base: 10.0,
            title: "a step of the optimizer".into(),
            curves: vec![optimizer("momentum"), optimizer("adam")],
        },
    ]
}

/// Steps of networks: for each size the widths of its layers and the batch.
fn network(
    name: &'static str,
    sizes: impl Iterator<Item = (usize, [usize; 4], usize)>,
    infer: bool,
) -> Curve {
    let points = sizes.map(|(size, widths, batch)| {
        let work = network_work(&widths, batch, [5, 3], infer);
        (size, Case::new(name.into(), work, move || momentum_step(&widths, batch, infer)))
    });
    Curve { name, points: points.collect() }
}

/// The cases of the optimizer group, in more sizes.
fn optimizer(rule: &'static str) -> Curve {
    let counts =
        [10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000, 10_000_000, 30_000_000, 100_000_000];
    let points = counts.map(|count| (count, optimizer_case(rule, count)));
    Curve { name: rule, points: points.into() }
}
