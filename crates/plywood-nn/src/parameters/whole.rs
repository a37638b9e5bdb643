//! A model behind one type: what is done with every model is compiled once, not for each kind of layer.

use crate::{Leaf, LeafMut, Parameters, Path};
use plywood_autograd::Param;

/// Shows all of a model.
pub(crate) trait Whole<'a> {
    fn show(&self, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>));
}

/// Shows all of a model for changing.
pub(crate) trait WholeMut {
    fn show_mut(&mut self, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>));
}

impl<'a, M: Parameters + ?Sized> Whole<'a> for &'a M {
    fn show(&self, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        (**self).visit(&Path::root(), visit);
    }
}

impl<M: Parameters + ?Sized> WholeMut for &mut M {
    fn show_mut(&mut self, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        (**self).visit_mut(&Path::root(), visit);
    }
}

/// Every parameter with its path.
pub(super) fn named<'a>(model: &dyn Whole<'a>) -> Vec<(String, &'a Param)> {
    let mut named = Vec::new();
    model.show(&mut |path, leaf| {
        if let Leaf::Param(param) = leaf {
            named.push((path.to_string(), param));
        }
    });
    named
}

/// How many numbers parameters have.
pub(super) fn count(model: &dyn Whole<'_>) -> usize {
    let mut count = 0;
    model.show(&mut |_, leaf| {
        if let Leaf::Param(param) = leaf {
            count += param.shape().numel();
        }
    });
    count
}

/// New ids for parameters and buffers.
pub(super) fn renew_ids(model: &mut dyn WholeMut) {
    model.show_mut(&mut |_, leaf| match leaf {
        LeafMut::Param(param) => param.renew_id(),
        LeafMut::Buffer(buffer) => buffer.renew_id(),
    });
}
