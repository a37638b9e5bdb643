//! What a model owns, by path.

pub(crate) mod leaf;
pub(crate) mod load;
mod owners;
pub(crate) mod path;
pub(crate) mod pattern;
pub(crate) mod state_dict;
mod structs;
pub(crate) mod whole;

use crate::{Leaf, LeafMut, Load, Loaded, Path, StateDict};
use plywood_autograd::Param;
use plywood_tensor::Result;

/// Everything that owns parameters and buffers: layers, models, and lists of them.
///
/// Two visits say it all; the other methods are written with them. Use [`parameters!`](crate::parameters!) for your
/// structs. Paths are the names of fields and the positions in lists, as in PyTorch: `layers.2.weight`.
pub trait Parameters {
    /// Shows every parameter and buffer to `visit`, in the order of the fields.
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>));

    /// Shows every parameter and buffer to `visit` for changing, in the same order.
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>));

    /// Every parameter with its path.
    fn named_parameters(&self) -> Vec<(String, &Param)> {
        whole::named(&self)
    }

    /// How many numbers are trained, or would be if nothing were frozen.
    fn parameter_count(&self) -> usize {
        whole::count(&self)
    }

    /// A copy of every parameter and buffer, by path; it shares memory until one of the two is changed.
    fn state_dict(&self) -> StateDict {
        StateDict::of(&self)
    }

    /// Takes over every parameter and buffer of a state; nothing is changed if it does not fit.
    ///
    /// # Errors
    /// [`NnError::State`](crate::NnError::State) lists every name that is missing, unexpected or of another shape.
    fn load_state_dict(&mut self, state: &StateDict) -> Result<()> {
        Load::strict().apply(state, &mut { self }).map(drop)
    }

    /// Takes over what fits of a state, as [`Load`] says, and tells what that was; nothing is changed by an error.
    ///
    /// # Errors
    /// [`NnError::State`](crate::NnError::State) lists every name that is missing, unexpected or of another shape and is not
    /// allowed to be, names that renaming gave to several values, and everything if nothing at all was found.
    fn load_state_dict_with(&mut self, state: &StateDict, how: &Load) -> Result<Loaded> {
        how.apply(state, &mut { self })
    }

    /// Freezes every parameter whose path fits the pattern, such as `encoder.*`: it keeps its value from now on.
    ///
    /// Buffers are no parameters: a batch normalisation goes on following the batches it sees in training, whether its scale and
    /// shift are frozen or not, as in PyTorch. A saved model keeps what is frozen.
    ///
    /// # Errors
    /// [`NnError::NoMatch`](crate::NnError::NoMatch) if none fits.
    fn freeze(&mut self, pattern: &str) -> Result<()> {
        pattern::set_trainable(pattern, &mut { self }, false)
    }

    /// Lets every parameter whose path fits the pattern be trained again.
    ///
    /// # Errors
    /// [`NnError::NoMatch`](crate::NnError::NoMatch) if none fits.
    fn unfreeze(&mut self, pattern: &str) -> Result<()> {
        pattern::set_trainable(pattern, &mut { self }, true)
    }

    /// Makes a clone a model of its own: its parameters get new ids, so that gradients of the original pass it by.
    fn renew_ids(&mut self) {
        whole::renew_ids(&mut { self });
    }
}
