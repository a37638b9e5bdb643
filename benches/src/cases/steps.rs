//! Whole steps of the reference workloads.

use crate::{Case, WORKLOADS};

pub(super) fn cases() -> Vec<Case> {
    let both = WORKLOADS.iter().flat_map(|workload| [(workload, false), (workload, true)]);
    both.map(|(workload, infer)| {
        let name = format!("{}/{}", workload.name, if infer { "forward" } else { "train" });
        Case::new(name, (workload.work)(infer), move || (workload.prepare)(infer))
    })
    .collect()
}
