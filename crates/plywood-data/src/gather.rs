//! Samples, got one by one, become a batch.

use crate::samples::Collector;
use crate::{Batch, DataError, Dataset, visiting};
use plywood_tensor::{Error, Result};

/// A batch of one sample.
type One<D> = (<D as Dataset>::Input, <D as Dataset>::Target);

/// The samples at these positions side by side, each got by its place among them.
pub(crate) fn gather<D: Dataset + ?Sized>(
    dataset: &D,
    indices: &[usize],
    get: impl Fn(usize) -> Result<One<D>>,
) -> Result<Batch<D::Input, D::Target>> {
    let (mut inputs, mut targets) = (Collector::new(indices.len()), Collector::new(indices.len()));
    for (place, &index) in indices.iter().enumerate() {
        visiting::sample(dataset.position(index));
        let (input, target) = get(place).map_err(|error| named(dataset, index, error))?;
        inputs.push(input).map_err(|error| uneven(dataset, indices, "inputs", error))?;
        targets.push(target).map_err(|error| uneven(dataset, indices, "targets", error))?;
    }
    visiting::none();
    let x = inputs.finish().map_err(|error| uneven(dataset, indices, "inputs", error))?;
    let y = targets.finish().map_err(|error| uneven(dataset, indices, "targets", error))?;
    let positions = indices.iter().map(|&index| dataset.position(index)).collect();
    Ok(Batch { x, y, weight: dataset.sample_weights(indices)?, indices: positions })
}

/// The error of a sample under its name.
fn named<D: Dataset + ?Sized>(dataset: &D, index: usize, error: Error) -> Error {
    // What is wrong with a file names it already.
    if matches!(error.source_as(), Some(DataError::File { .. })) {
        return error.at(format_args!("sample {}", dataset.position(index)));
    }
    error.at(dataset.name(index))
}

/// Says of samples of different shape which they are.
fn uneven<D: Dataset + ?Sized>(dataset: &D, indices: &[usize], what: &'static str, error: Error) -> Error {
    let name = |position: usize| indices.get(position).map(|&index| dataset.name(index));
    if let Some(&DataError::Uneven { position, expected, got }) = error.source_as()
        && let (Some(first), Some(sample)) = (name(0), name(position))
    {
        return DataError::Shapes { what, first, expected, sample, got }.into();
    }
    error.at(what)
}

/// What makes samples of such a shape alike.
pub(crate) fn advice(rank: usize) -> &'static str {
    if rank == 3 {
        "bring images to one size by `ImageFolder::resized`, or by a crop or a resize in `map`"
    } else {
        "bring samples to one shape by `map`, of the data set or of the loader"
    }
}
