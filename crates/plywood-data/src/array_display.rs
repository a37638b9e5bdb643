//! What is in a data set, in a line.

use crate::{ArrayDataset, Dataset, Samples};
use plywood_tensor::{IntTensor, Tensor, one_line};
use std::any::Any;
use std::collections::BTreeMap;
use std::fmt;

/// How many classes are listed.
const SHOWN: usize = 12;

/// How many samples there are, the shape of one, and how many are of each class:
/// `455 samples: inputs [30]; labels {malignant: 169, benign: 286}`.
impl<X: Samples, Y: Samples> fmt::Display for ArrayDataset<X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.len();
        write!(
            f,
            "{count} {}: inputs {}",
            if count == 1 { "sample" } else { "samples" },
            of_sample(self.x())
        )?;
        match self.y().classes() {
            Some(labels) => write!(f, "; labels {{{}}}", counts(labels, self.class_names()))?,
            None => write!(f, "; targets {}", of_sample(self.y()))?,
        }
        f.write_str(if self.weights().is_some() { "; weights" } else { "" })
    }
}

/// As it is displayed: nobody wants to see all the numbers.
impl<X: Samples, Y: Samples> fmt::Debug for ArrayDataset<X, Y> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArrayDataset({self})")
    }
}

/// The shape of one sample, where samples are tensors; the type otherwise.
fn of_sample<S: Samples>(samples: &S) -> String {
    let any = samples as &dyn Any;
    let real = any.downcast_ref::<Tensor>().map(|samples| (samples.shape(), ""));
    let whole = || any.downcast_ref::<IntTensor>().map(|samples| (samples.shape(), " of integers"));
    match real.or_else(whole) {
        Some((shape, kind)) => format!("{:?}{kind}", shape.get(1..).unwrap_or_default()),
        None => format!("of type {}", std::any::type_name::<S>()),
    }
}

fn counts(labels: &[i64], names: Option<&[String]>) -> String {
    let mut counts = BTreeMap::new();
    for label in labels {
        *counts.entry(label).or_insert(0_usize) += 1;
    }
    let name = |label: i64| {
        let name = names.zip(usize::try_from(label).ok()).and_then(|(names, label)| names.get(label));
        name.map_or_else(|| label.to_string(), |name| one_line(name, 40))
    };
    let shown = counts.iter().take(SHOWN).map(|(&&label, count)| format!("{}: {count}", name(label)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = counts.len().saturating_sub(SHOWN);
    if more > 0 { format!("{shown} and {more} more classes") } else { shown }
}

#[cfg(test)]
mod tests {
    use crate::ArrayDataset;
    use plywood_tensor::{IntTensor, Tensor};

    #[test]
    fn data_sets_print_what_is_in_them() {
        let zeros = |shape: &[usize]| Tensor::zeros(shape).unwrap();
        let labels = || IntTensor::from([1, 0, 1]);
        let many = IntTensor::from((0..20).collect::<Vec<i64>>());
        let images = || ArrayDataset::new(zeros(&[3, 28, 28, 1]), labels()).unwrap();
        let rows = [
            (images().to_string(), "3 samples: inputs [28, 28, 1]; labels {0: 1, 1: 2}"),
            (
                images().with_class_names(["cat", "dog"]).unwrap().to_string(),
                "3 samples: inputs [28, 28, 1]; labels {cat: 1, dog: 2}",
            ),
            (
                ArrayDataset::new(zeros(&[1, 30]), zeros(&[1, 2])).unwrap().to_string(),
                "1 sample: inputs [30]; targets [2]",
            ),
            (
                ArrayDataset::new(IntTensor::from([[1, 2], [3, 4]]), zeros(&[2])).unwrap().to_string(),
                "2 samples: inputs [2] of integers; targets []",
            ),
            (
                images().with_weights(Tensor::from([1.0, 2.0, 3.0])).unwrap().to_string(),
                "3 samples: inputs [28, 28, 1]; labels {0: 1, 1: 2}; weights",
            ),
            (
                ArrayDataset::new(zeros(&[20, 1]), many).unwrap().to_string(),
                "20 samples: inputs [1]; labels {0: 1, 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 1, 9: 1, 10: 1, \
                 11: 1 and 8 more classes}",
            ),
            (
                format!("{:?}", ArrayDataset::new((zeros(&[1, 2]), zeros(&[1])), zeros(&[1, 1])).unwrap()),
                "ArrayDataset(1 sample: inputs of type (plywood_tensor::array::Array<f32>, \
                 plywood_tensor::array::Array<f32>); targets [1])",
            ),
        ];
        for (text, expected) in rows {
            assert_eq!(text, expected.replace("f32", std::any::type_name::<plywood_tensor::Elem>()));
        }
    }
}
