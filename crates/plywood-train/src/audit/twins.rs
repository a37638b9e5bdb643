//! Inputs that are in two data sets.

use super::{Finding, READ};
use crate::Input;
use crate::trainer::fit::Data;
use plywood_data::Samples;
use plywood_tensor::Result;
use std::collections::BTreeMap;

pub(super) fn check<X: Input, Y: Samples>(
    train: &Data<'_, X, Y>,
    validation: &Data<'_, X, Y>,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut rows = BTreeMap::new();
    let known = each(train, |row, print| {
        rows.entry(print).or_insert(row);
    })?;
    if !known {
        return Ok(());
    }
    let (mut count, mut first) = (0, None);
    each(validation, |row, print| {
        if let Some(&twin) = rows.get(&print) {
            count += 1;
            first.get_or_insert((twin, row));
        }
    })?;
    if let Some(first) = first {
        findings.push(Finding::Leak { count, of: validation.len(), first });
    }
    Ok(())
}

/// Calls `see` for each row with its fingerprint; says whether inputs of this type have one.
fn each<X: Input, Y: Samples>(data: &Data<'_, X, Y>, mut see: impl FnMut(usize, u128)) -> Result<bool> {
    let indices: Vec<usize> = (0..data.len()).collect();
    for indices in indices.chunks(READ) {
        let Some(prints) = data.batch(indices)?.x.fingerprints() else { return Ok(false) };
        indices.iter().zip(prints).for_each(|(&row, print)| see(row, print));
    }
    Ok(true)
}
