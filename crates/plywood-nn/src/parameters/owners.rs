//! The things that fields are made of: parameters, buffers, and lists of what owns them.

use crate::{Leaf, LeafMut, Parameters, Path};
use plywood_autograd::{Buffer, Param};

impl Parameters for Param {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        visit(path, Leaf::Param(self));
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        visit(path, LeafMut::Param(self));
    }
}

impl Parameters for Buffer {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        visit(path, Leaf::Buffer(self));
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        visit(path, LeafMut::Buffer(self));
    }
}

impl<T: Parameters> Parameters for Option<T> {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        if let Some(inner) = self {
            inner.visit(path, visit);
        }
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        if let Some(inner) = self {
            inner.visit_mut(path, visit);
        }
    }
}

impl<T: Parameters + ?Sized> Parameters for Box<T> {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        (**self).visit(path, visit);
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        (**self).visit_mut(path, visit);
    }
}

impl<T: Parameters> Parameters for [T] {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        for (i, item) in self.iter().enumerate() {
            item.visit(&path.item(i), visit);
        }
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        for (i, item) in self.iter_mut().enumerate() {
            item.visit_mut(&path.item(i), visit);
        }
    }
}

impl<T: Parameters> Parameters for Vec<T> {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        self.as_slice().visit(path, visit);
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        self.as_mut_slice().visit_mut(path, visit);
    }
}

impl<T: Parameters, const N: usize> Parameters for [T; N] {
    fn visit<'a>(&'a self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, Leaf<'a>)) {
        self.as_slice().visit(path, visit);
    }
    fn visit_mut(&mut self, path: &Path<'_>, visit: &mut dyn FnMut(&Path<'_>, LeafMut<'_>)) {
        self.as_mut_slice().visit_mut(path, visit);
    }
}
