//! What a model owns: parameters that are trained, buffers that are only kept.

use plywood_tensor::{IntTensor, Shape, Tensor};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tells one parameter from another, within one run of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParamId(u64);

impl ParamId {
    fn new() -> ParamId {
        // Ids name parameters within this process only; nothing that is computed or saved depends on them.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        ParamId(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A tensor that is trained: plain data, owned by its layer.
///
/// A clone keeps the id, so that a replica of a model receives the gradients of the original;
/// [`Param::renew_id`] makes it a parameter of its own. `{:?}` shows its shape, for a model has many of them; its numbers
/// are those of [`Param::value`].
///
/// ```
/// use plywood_autograd::Param;
/// use plywood_tensor::Tensor;
///
/// let mut weight = Param::new(Tensor::zeros([64, 30])?);
/// assert_eq!(format!("{weight:?}"), "Param([64, 30])");
/// weight.set_trainable(false);
/// assert_eq!(format!("{weight:?}"), "Param([64, 30], frozen)");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Clone)]
pub struct Param {
    id: ParamId,
    value: Tensor,
    trainable: bool,
}

impl Param {
    /// A parameter that starts at this value.
    pub fn new(value: Tensor) -> Param {
        Param { id: ParamId::new(), value, trainable: true }
    }

    /// What [`Gradients`](crate::Gradients) know it by.
    #[inline]
    pub fn id(&self) -> ParamId {
        self.id
    }

    /// Gives it an id of its own, as a copy that is trained apart needs.
    pub fn renew_id(&mut self) {
        self.id = ParamId::new();
    }

    /// The numbers.
    #[inline]
    pub fn value(&self) -> &Tensor {
        &self.value
    }

    /// The numbers, to be changed in place: by an optimizer, an initialiser or a file.
    #[inline]
    pub fn value_mut(&mut self) -> &mut Tensor {
        &mut self.value
    }

    /// The sizes along each axis.
    #[inline]
    pub fn shape(&self) -> &Shape {
        self.value.shape()
    }

    /// Whether it receives gradients; a frozen one enters the graph as a constant.
    #[inline]
    pub fn is_trainable(&self) -> bool {
        self.trainable
    }

    /// Freezes or unfreezes it.
    pub fn set_trainable(&mut self, trainable: bool) {
        self.trainable = trainable;
    }
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let frozen = if self.trainable { "" } else { ", frozen" };
        write!(f, "Param({}{frozen})", self.shape())
    }
}

/// A tensor that belongs to a layer and is saved with it, but not trained: a running mean, a counter.
#[derive(Clone)]
pub struct Buffer {
    id: ParamId,
    value: BufferValue,
}

/// The contents of a [`Buffer`]: real numbers or integers.
#[derive(Debug, Clone, PartialEq)]
pub enum BufferValue {
    /// Real numbers, such as running statistics.
    Float(Tensor),
    /// Integers, such as counters.
    Int(IntTensor),
}

impl Buffer {
    /// A buffer that starts at this value.
    pub fn new(value: impl Into<BufferValue>) -> Buffer {
        Buffer { id: ParamId::new(), value: value.into() }
    }

    /// What a pending update knows it by.
    pub fn id(&self) -> ParamId {
        self.id
    }

    /// Gives it an id of its own, as a copy that is trained apart needs.
    pub fn renew_id(&mut self) {
        self.id = ParamId::new();
    }

    /// What it holds.
    pub fn value(&self) -> &BufferValue {
        &self.value
    }

    /// What it holds, to be changed in place.
    pub fn value_mut(&mut self) -> &mut BufferValue {
        &mut self.value
    }
}

impl fmt::Debug for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Buffer({})", self.value.shape())
    }
}

impl BufferValue {
    /// The sizes along each axis.
    pub fn shape(&self) -> &Shape {
        match self {
            BufferValue::Float(value) => value.shape(),
            BufferValue::Int(value) => value.shape(),
        }
    }

    /// The real numbers, if it holds such.
    pub fn as_float(&self) -> Option<&Tensor> {
        match self {
            BufferValue::Float(value) => Some(value),
            BufferValue::Int(_) => None,
        }
    }

    /// The integers, if it holds such.
    pub fn as_int(&self) -> Option<&IntTensor> {
        match self {
            BufferValue::Int(value) => Some(value),
            BufferValue::Float(_) => None,
        }
    }
}

impl From<Tensor> for BufferValue {
    fn from(value: Tensor) -> Self {
        BufferValue::Float(value)
    }
}

impl From<IntTensor> for BufferValue {
    fn from(value: IntTensor) -> Self {
        BufferValue::Int(value)
    }
}
