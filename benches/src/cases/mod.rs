//! All cases, by group.

mod activations;
mod convolution;
mod elementwise;
mod gemm;
mod optimizer;
mod overhead;
mod pass;
mod reductions;
mod softmax_cross_entropy;
mod steps;

use crate::Case;
pub(crate) use optimizer::optimizer_case;

/// Cases that belong together, under the name they have everywhere.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// The name.
    pub name: &'static str,
    /// Makes its cases; their inputs are made when they are measured.
    pub cases: fn() -> Vec<Case>,
}

/// All groups.
pub const GROUPS: &[Group] = &[
    Group { name: "gemm", cases: gemm::cases },
    Group { name: "convolution", cases: convolution::cases },
    Group { name: "elementwise", cases: elementwise::cases },
    Group { name: "activations", cases: activations::cases },
    Group { name: "reductions", cases: reductions::cases },
    Group { name: "softmax_cross_entropy", cases: softmax_cross_entropy::cases },
    Group { name: "optimizer", cases: optimizer::cases },
    Group { name: "overhead", cases: overhead::cases },
    Group { name: "steps", cases: steps::cases },
];

/// The cases whose `group/name` holds one of `patterns`, with the names of their groups; all if there are no patterns.
///
/// # Errors
/// The pattern that fits none.
pub fn choose(patterns: &[String]) -> Result<Vec<(&'static str, Case)>, String> {
    let all = || GROUPS.iter().flat_map(|group| (group.cases)().into_iter().map(|case| (group.name, case)));
    let fits = |group: &str, case: &Case, pattern: &str| format!("{group}/{}", case.name).contains(pattern);
    for pattern in patterns {
        if !all().any(|(group, case)| fits(group, &case, pattern)) {
            let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
            return Err(format!("no case is called {pattern:?}; the groups are {}", names.join(", ")));
        }
    }
    Ok(all()
        .filter(|(group, case)| patterns.is_empty() || patterns.iter().any(|p| fits(group, case, p)))
        .collect())
}

/// A number of bytes as `4KB` or `128MB`.
fn size_name(bytes: usize) -> String {
    if bytes >= 1 << 20 { format!("{}MB", bytes >> 20) } else { format!("{}KB", bytes >> 10) }
}

#[cfg(test)]
mod tests {
    use super::{GROUPS, choose};
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_and_can_be_chosen() {
        let all = choose(&[]).unwrap();
        let names: BTreeSet<String> =
            all.iter().map(|(group, case)| format!("{group}/{}", case.name)).collect();
        assert_eq!(names.len(), all.len());
        for group in GROUPS {
            assert!(!choose(&[format!("{}/", group.name)]).unwrap().is_empty());
        }
        assert_eq!(choose(&["gemm/512x512x512/ABt".into()]).unwrap().len(), 1);
        assert!(
            choose(&["soup".into()])
                .unwrap_err()
                .starts_with("no case is called \"soup\"; the groups are gemm,")
        );
    }

    #[test]
    fn small_cases_run() {
        for (group, case) in choose(&[]).unwrap() {
            if case.work.flops <= 1e6 && case.work.footprint <= 1e6 {
                let mut call = case.prepare().unwrap();
                for _ in 0..3 {
                    call().unwrap_or_else(|error| panic!("{group}/{}: {error}", case.name));
                }
            }
        }
    }
}
