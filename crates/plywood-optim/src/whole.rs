//! A model behind one type: what is done with every model is compiled once, not in each program.
//!
//! `plywood-nn` has the like for itself, where leaves outlive the visit; here they need not, and a model that is changed is seen too.

use plywood_nn::{Leaf, LeafMut, Parameters, Path};

/// Shows all of a model.
pub(crate) trait Whole {
    fn show(&self, visit: &mut dyn FnMut(&Path<'_>, Leaf<'_>));
}

/// Shows all of a model for changing.
pub(crate) trait WholeMut: Whole {
    fn show_mut(&mut self, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>));
}

impl<M: Parameters + ?Sized> Whole for &M {
    fn show(&self, visit: &mut dyn FnMut(&Path<'_>, Leaf<'_>)) {
        (**self).visit(&Path::root(), visit);
    }
}

impl<M: Parameters + ?Sized> Whole for &mut M {
    fn show(&self, visit: &mut dyn FnMut(&Path<'_>, Leaf<'_>)) {
        (**self).visit(&Path::root(), visit);
    }
}

impl<M: Parameters + ?Sized> WholeMut for &mut M {
    fn show_mut(&mut self, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        (**self).visit_mut(&Path::root(), visit);
    }
}
