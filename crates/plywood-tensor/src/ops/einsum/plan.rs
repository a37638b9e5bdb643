//! A description that was read and checked against shapes.

use super::contract::{Term, contract};
use super::parse::{count, parse};
use crate::{Array, Float, Result, Shape, TensorError};
use std::collections::BTreeMap;

/// A sum of products, read once and checked against the shapes of its operands.
///
/// [`einsum`](crate::einsum) reads and applies in one call. The gradients of a sum of products are sums of products too,
/// and [`Einsum::gradient`] gives their plans: so the operation can be differentiated as often as one likes.
///
/// ```
/// use plywood_tensor::{Einsum, Tensor};
///
/// let (a, b) = (Tensor::from([[1.0, 2.0]]), Tensor::from([[3.0], [4.0]]));
/// let plan = Einsum::new("ij,jk->ik", &[a.shape(), b.shape()])?;
/// assert_eq!(plan.apply(&[&a, &b])?.as_slice(), [11.0]);
/// // The gradient for `a`: the gradient of the result stands in its place.
/// let upstream = Tensor::from([[10.0]]);
/// assert_eq!(plan.gradient(0).apply(&[&upstream, &b])?.as_slice(), [30.0, 40.0]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Einsum {
    /// The labels of each operand's axes: letters, and digits for the axes that `...` stands for, from the last one on.
    pub(super) inputs: Vec<Vec<char>>,
    /// The labels of the result's axes. A gradient may repeat one (the rest of that diagonal is 0) or have one that no
    /// operand has (the result is repeated along it).
    pub(super) output: Vec<char>,
    pub(super) sizes: BTreeMap<char, usize>,
}

impl Einsum {
    /// Reads a description and checks it against the shapes of the operands; see [`einsum`](crate::einsum).
    ///
    /// # Errors
    /// [`TensorError::Einsum`] if it cannot be read or does not fit the shapes, with the reason.
    pub fn new(spec: &str, shapes: &[&Shape]) -> Result<Self> {
        parse(spec, shapes).map_err(|reason| TensorError::Einsum { spec: spec.to_owned(), reason }.into())
    }

    /// The sum of products of these operands.
    ///
    /// # Errors
    /// [`TensorError::Einsum`] for operands of other shapes than the plan was made for, [`TensorError::Rank`] or
    /// [`TensorError::Overflow`] if a product on the way has too many axes or elements.
    pub fn apply<T: Float>(&self, operands: &[&Array<T>]) -> Result<Array<T>> {
        if let Some(reason) = self.mismatch(operands) {
            return Err(TensorError::Einsum { spec: self.spec(), reason }.into());
        }
        let mut terms = Vec::with_capacity(operands.len());
        for (i, operand) in operands.iter().enumerate() {
            // Letters that nothing else needs are summed at once: nothing is cheaper.
            let needed = |c: char| {
                self.output.contains(&c) || (0..operands.len()).any(|k| k != i && self.inputs[k].contains(&c))
            };
            terms.push(Term::new(operand, &self.inputs[i])?.sum_but(needed)?);
        }
        let mut terms = terms.into_iter();
        let mut result = terms.next().expect("a plan has operands");
        let mut later: Vec<&[char]> = self.inputs[1..].iter().map(Vec::as_slice).collect();
        for term in terms {
            later.remove(0);
            let needed = |c: char| self.output.contains(&c) || later.iter().any(|labels| labels.contains(&c));
            result = contract(result, term, needed)?;
        }
        result.arrange(&self.output, &self.sizes)
    }

    /// The plan of the gradient for one operand: its operands are those of `self`, with the gradient of the result in
    /// the place of that one.
    ///
    /// # Panics
    /// If there is no operand of that number.
    #[must_use]
    pub fn gradient(&self, operand: usize) -> Einsum {
        let mut gradient = self.clone();
        std::mem::swap(&mut gradient.inputs[operand], &mut gradient.output);
        gradient
    }

    /// The description, as [`einsum`](crate::einsum) takes it, with digits for the axes that `...` stands for.
    pub fn spec(&self) -> String {
        let list = |labels: &Vec<char>| labels.iter().collect::<String>();
        let inputs: Vec<String> = self.inputs.iter().map(list).collect();
        format!("{}->{}", inputs.join(","), list(&self.output))
    }

    /// Why the operands do not fit, if they do not.
    fn mismatch<T: Float>(&self, operands: &[&Array<T>]) -> Option<String> {
        if operands.len() != self.inputs.len() {
            return Some(count(self.inputs.len(), operands.len()));
        }
        operands.iter().enumerate().find_map(|(i, operand)| {
            let expected: Vec<usize> = self.inputs[i].iter().map(|c| self.sizes[c]).collect();
            (**operand.shape() != expected)
                .then(|| format!("operand {i}: expected {expected:?}, got {}", operand.shape()))
        })
    }
}
