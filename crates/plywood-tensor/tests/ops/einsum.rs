//! Einstein's convention against loops over all letters.

use crate::row::{Check, at, table};
use crate::{near, noise};
use plywood_tensor::{Array, Einsum, Shape, Threads, einsum};
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(crate) const CHECKS: &[Check] = &[
    Check {
        name: "einsum",
        run: || {
            for (spec, shapes) in SPECS {
                let operands = operands(shapes);
                let all: Vec<&Array<f64>> = operands.iter().collect();
                let got = einsum(spec, &all).unwrap_or_else(|error| panic!("{error}"));
                near(&got, &naive(spec, &all), 1e-13, spec);
                let narrow: Vec<Array<f32>> = operands.iter().map(Array::cast).collect();
                let single = einsum(spec, &narrow.iter().collect::<Vec<_>>()).unwrap();
                near(&single.cast(), &got, 1e-5, spec);
                for count in [1, 2, 3, 8] {
                    let threads = Threads::new(count).unwrap().split_always();
                    assert_eq!(
                        threads.install(|| einsum(spec, &all)).unwrap(),
                        got,
                        "{spec} on {count} threads"
                    );
                }
            }
        },
    },
    Check {
        name: "new",
        run: || {
            let shape = Shape::new(&[2, 3]).unwrap();
            let plan = Einsum::new(" ij , ... k -> k ", &[&shape, &shape]).unwrap();
            assert_eq!(plan, Einsum::new("ij,...k->k", &[&shape, &shape]).unwrap());
        },
    },
    Check {
        name: "spec",
        run: || {
            let (a, b) = (Shape::new(&[2, 3, 4]).unwrap(), Shape::new(&[4]).unwrap());
            let plan = Einsum::new("...i, i -> i ...", &[&a, &b]).unwrap();
            assert_eq!(plan.spec(), "10i,i->i10");
            assert_eq!(plan.gradient(1).spec(), "10i,i10->i");
        },
    },
    Check {
        name: "apply",
        run: || {
            let x = noise(&[3, 4], 0);
            let plan = Einsum::new("ij->ji", &[x.shape()]).unwrap();
            assert_eq!(plan.apply(&[&x]).unwrap(), x.transpose().unwrap());
            let error = plan.apply(&[&noise(&[4, 3], 0)]).unwrap_err();
            assert_eq!(error.to_string(), "einsum: \"ij->ji\": operand 0: expected [3, 4], got [4, 3]");
            let error = plan.apply::<f64>(&[]).unwrap_err();
            assert_eq!(error.to_string(), "einsum: \"ij->ji\": expected 1 operand, got 0");
        },
    },
    Check {
        // A sum of products is linear in each operand: ⟨gradient, operand⟩ is ⟨upstream, result⟩, and the plan of the
        // gradient's own gradient leads back.
        name: "gradient",
        run: || {
            for (spec, shapes) in SPECS {
                let operands = operands(shapes);
                linear(spec, &operands);
            }
        },
    },
];

const SPECS: &[(&str, &[&[usize]])] = &[
    ("->", &[&[]]),
    (",->", &[&[], &[]]),
    ("i->i", &[&[3]]),
    ("i->", &[&[3]]),
    ("i->", &[&[0]]),
    ("ij->ji", &[&[2, 3]]),
    ("ii->", &[&[3, 3]]),
    ("ii->i", &[&[3, 3]]),
    ("iji->j", &[&[3, 2, 3]]),
    ("iii->i", &[&[2, 2, 2]]),
    ("i,j->ij", &[&[2], &[3]]),
    ("i,j->ji", &[&[2], &[0]]),
    ("i,i->", &[&[5], &[5]]),
    ("i,i->i", &[&[5], &[5]]),
    ("ij,jk->ik", &[&[2, 3], &[3, 4]]),
    ("ij,jk->ki", &[&[2, 3], &[3, 4]]),
    ("ji,kj->ik", &[&[3, 2], &[4, 3]]),
    ("ij,jk->ik", &[&[2, 0], &[0, 4]]),
    ("ij,jk->ik", &[&[1, 1], &[1, 1]]),
    ("ij,jk->ik", &[&[90, 80], &[80, 70]]),
    ("ij,kj->i", &[&[2, 3], &[4, 3]]),
    ("bij,bjk->bik", &[&[4, 2, 3], &[4, 3, 5]]),
    ("bij,bkj->bik", &[&[40, 20, 30], &[40, 50, 30]]),
    ("bi,bi->b", &[&[4, 3], &[4, 3]]),
    ("bij,b->bij", &[&[4, 2, 3], &[4]]),
    ("bhld,bhmd->bhlm", &[&[2, 3, 4, 5], &[2, 3, 6, 5]]),
    ("blhd,bmhd->bhlm", &[&[2, 4, 3, 5], &[2, 6, 3, 5]]),
    ("ij,jk,kl->il", &[&[2, 3], &[3, 4], &[4, 5]]),
    ("i,ij,j->", &[&[2], &[2, 3], &[3]]),
    ("a,ab,abc,c->bc", &[&[2], &[2, 3], &[2, 3, 4], &[4]]),
    ("ij,ij,ij->j", &[&[2, 3], &[2, 3], &[2, 3]]),
    ("...ij,...jk->...ik", &[&[2, 3, 4, 5], &[2, 3, 5, 6]]),
    ("...ij,jk->...ik", &[&[2, 3, 4], &[4, 5]]),
    ("i...->...", &[&[3, 2, 4]]),
    ("...i->i", &[&[3, 2, 4]]),
    ("Aa,aB->AB", &[&[2, 3], &[3, 4]]),
];

fn operands(shapes: &[&[usize]]) -> Vec<Array<f64>> {
    (0..).zip(shapes).map(|(i, dims)| noise(dims, i)).collect()
}

/// The sum over all letters that the result does not name, one product at a time.
fn naive(spec: &str, operands: &[&Array<f64>]) -> Array<f64> {
    let (left, right) = spec.split_once("->").unwrap();
    let mut widest = 0;
    let mut sizes: BTreeMap<char, usize> = BTreeMap::new();
    // Digits stand for the axes of `...`, from the last one on.
    let expand = |list: &str, count: usize| -> Vec<char> {
        list.replace("...", &"987654321"[9 - count..]).chars().collect()
    };
    let lists: Vec<Vec<char>> = left
        .split(',')
        .zip(operands)
        .map(|(list, operand)| {
            let open = if list.contains("...") { operand.shape().rank() + 3 - list.len() } else { 0 };
            widest = widest.max(open);
            let labels = expand(list, open);
            sizes.extend(labels.iter().copied().zip(operand.shape().iter().copied()));
            labels
        })
        .collect();
    let output = expand(right, widest);
    let summed: Vec<char> = sizes.keys().copied().filter(|c| !output.contains(c)).collect();
    let dims = |labels: &[char]| labels.iter().map(|c| sizes[c]).collect::<Vec<_>>();
    table(&dims(&output), |outer| {
        let mut total = 0.0;
        table(&dims(&summed), |inner| {
            let value = |c: &char| match output.iter().position(|o| o == c) {
                Some(place) => outer[place],
                None => inner[summed.iter().position(|s| s == c).unwrap()],
            };
            let factor = |(labels, x): (&Vec<char>, &&Array<f64>)| {
                at(x, &labels.iter().map(value).collect::<Vec<_>>())
            };
            total += lists.iter().zip(operands).map(factor).product::<f64>();
            0.0
        });
        total
    })
}

fn linear(spec: &str, operands: &[Array<f64>]) {
    let all: Vec<&Array<f64>> = operands.iter().collect();
    let shapes: Vec<&Shape> = operands.iter().map(|x| x.shape()).collect();
    let plan = Einsum::new(spec, &shapes).unwrap();
    let result = plan.apply(&all).unwrap();
    let upstream = noise(result.shape(), 77);
    let expected = upstream.mul(&result).unwrap().sum().item().unwrap();
    for i in 0..all.len() {
        let mut inputs = all.clone();
        inputs[i] = &upstream;
        let gradient = plan.gradient(i).apply(&inputs).unwrap();
        assert_eq!(gradient.shape(), all[i].shape(), "{spec}");
        let got = gradient.mul(all[i]).unwrap().sum().item().unwrap();
        assert!(
            (got - expected).abs() <= 1e-10 * (1.0 + expected.abs()),
            "{spec}, operand {i}: {got} {expected}"
        );
        assert_eq!(plan.gradient(i).gradient(i), plan);
    }
}

proptest! {
    #[test]
    fn any_description_agrees_with_loops(
        sizes in prop::array::uniform4(0_usize..4),
        lists in prop::collection::vec(prop::collection::vec(0_usize..4, 0..4), 1..4),
        kept in prop::array::uniform4(any::<bool>()),
        turned in any::<bool>(),
    ) {
        let letter = |&i: &usize| char::from(b'a' + i as u8);
        let mut output: Vec<usize> = (0..4).filter(|i| kept[*i] && lists.iter().flatten().any(|j| i == j)).collect();
        if turned {
            output.reverse();
        }
        let texts: Vec<String> = lists.iter().map(|list| list.iter().map(letter).collect()).collect();
        let spec = format!("{}->{}", texts.join(","), output.iter().map(letter).collect::<String>());
        let shapes: Vec<Vec<usize>> = lists.iter().map(|list| list.iter().map(|&i| sizes[i]).collect()).collect();
        let operands: Vec<Array<f64>> = (0..).zip(&shapes).map(|(i, dims)| noise(dims, i)).collect();
        let all: Vec<&Array<f64>> = operands.iter().collect();
        near(&einsum(&spec, &all).unwrap(), &naive(&spec, &all), 1e-13, &spec);
        linear(&spec, &operands);
    }
}
