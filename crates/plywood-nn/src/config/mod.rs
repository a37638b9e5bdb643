//! How layers are described, made and written down.

pub(crate) mod initial;
mod registry;
pub(crate) mod saved;
mod settings;

use crate::{Initial, Layer};
use plywood_tensor::{Result, Shape};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// All that is needed to make a layer, once the shape of its input is known.
///
/// A layer without parameters is its own description.
///
/// ```
/// use plywood_nn::{Initial, LayerConfig, LinearConfig, Parameters};
/// use plywood_tensor::{Seed, Shape};
///
/// let config = LinearConfig { bias: false, ..LinearConfig::new(8) };
/// let layer = config.make(&Shape::new(&[32, 3])?, &Initial::random(&Seed(0).stream()))?;
/// assert_eq!(*layer.weight.shape(), [8, 3]);
/// assert_eq!(layer.parameter_count(), 24);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub trait LayerConfig: Serialize + DeserializeOwned {
    /// The name of the layer, in files too.
    const NAME: &'static str;

    /// What is made.
    type Layer: Layer;

    /// The layer for whole batches of this shape.
    ///
    /// # Errors
    /// For a setting that makes no sense or an input that the layer does not take.
    fn make(&self, input: &Shape, initial: &Initial<'_>) -> Result<Self::Layer>;
}
