//! Reading a description.

use super::Einsum;
use crate::Shape;
use std::collections::BTreeMap;

/// The plan that a description and the shapes of the operands make, or what is wrong.
pub(super) fn parse(spec: &str, shapes: &[&Shape]) -> Result<Einsum, String> {
    let plain: String = spec.chars().filter(|c| !c.is_whitespace()).collect();
    let (left, right) = plain.split_once("->").ok_or("expected `->` and the letters of the result")?;
    let lists: Vec<&str> = left.split(',').collect();
    if lists.len() != shapes.len() {
        return Err(count(lists.len(), shapes.len()));
    }
    let mut plan = Einsum { inputs: Vec::new(), output: Vec::new(), sizes: BTreeMap::new() };
    let mut owners: BTreeMap<char, usize> = BTreeMap::new();
    let mut widest = 0;
    for (i, (list, shape)) in lists.iter().zip(shapes).enumerate() {
        let (before, behind) = letters(list)?;
        let named = before.len() + behind.as_ref().map_or(0, Vec::len);
        if named > shape.rank() || (behind.is_none() && named < shape.rank()) {
            let (axes, more) =
                (if named == 1 { "axis" } else { "axes" }, if behind.is_some() { " or more" } else { "" });
            return Err(format!("operand {i}: expected {named} {axes}{more}, got {shape}"));
        }
        let open = shape.rank() - named;
        widest = widest.max(open);
        let labels: Vec<char> =
            before.into_iter().chain(ellipsis(open)).chain(behind.unwrap_or_default()).collect();
        for (&label, &size) in labels.iter().zip(shape.iter()) {
            let owner = *owners.entry(label).or_insert(i);
            let known = *plan.sizes.entry(label).or_insert(size);
            if known != size {
                let name =
                    if label.is_ascii_digit() { "an axis of `...`".into() } else { format!("`{label}`") };
                return Err(format!("{name} has size {known} in operand {owner} and {size} in operand {i}"));
            }
        }
        plan.inputs.push(labels);
    }
    let (before, behind) = letters(right)?;
    let open = if behind.is_some() { widest } else { 0 };
    plan.output = before.into_iter().chain(ellipsis(open)).chain(behind.unwrap_or_default()).collect();
    for (i, label) in plan.output.iter().enumerate() {
        if plan.output[..i].contains(label) {
            return Err(format!("the result names `{label}` twice"));
        }
        if !plan.sizes.contains_key(label) {
            return Err(format!("the result names `{label}`, which no operand has"));
        }
    }
    Ok(plan)
}

/// The letters before and behind `...`; nothing behind if there is none.
fn letters(list: &str) -> Result<(Vec<char>, Option<Vec<char>>), String> {
    let read = |part: &str| match part.chars().find(|c| !c.is_ascii_alphabetic()) {
        Some(c) => Err(format!("`{c}` is not a letter")),
        None => Ok(part.chars().collect()),
    };
    match list.split_once("...") {
        Some((before, behind)) => Ok((read(before)?, Some(read(behind)?))),
        None => Ok((read(list)?, None)),
    }
}

/// Labels for axes without letters, so that the last axes of different operands meet.
fn ellipsis(count: usize) -> impl Iterator<Item = char> {
    (0..count as u8).rev().map(|i| char::from(b'0' + i))
}

/// That there are not as many operands as lists of letters.
pub(super) fn count(expected: usize, got: usize) -> String {
    format!("expected {expected} operand{}, got {got}", if expected == 1 { "" } else { "s" })
}
