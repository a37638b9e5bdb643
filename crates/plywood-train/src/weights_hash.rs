//! A number that tells one set of weights from another.

use plywood_autograd::BufferValue;
use plywood_nn::{Leaf, Parameters, Path};
use plywood_tensor::Float;
use std::fmt::Write;

/// A number that tells one set of weights from another, to the last bit.
///
/// FNV-1a over every parameter and buffer in the order of the model: its path, a zero byte, its sizes and the bits of its
/// elements, little-endian. The same on every machine and for every number of threads; not meant against forgers.
///
/// ```
/// use plywood_nn::Linear;
/// use plywood_tensor::Seed;
/// use plywood_train::weights_hash;
///
/// let mut layer = Linear::new(3, 2, &Seed(7).stream())?;
/// let before = weights_hash(&layer);
/// assert_eq!(before, weights_hash(&layer.clone()));
/// layer.weight.value_mut().as_mut_slice()[5] += 1e-6;
/// assert_ne!(before, weights_hash(&layer));
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
pub fn weights_hash(model: &(impl Parameters + ?Sized)) -> u64 {
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    model.visit(&Path::root(), &mut |path, leaf| {
        write!(hash, "{path}\0").expect("a hash takes everything");
        let shape = match leaf {
            Leaf::Param(param) => param.shape(),
            Leaf::Buffer(buffer) => buffer.value().shape(),
        };
        shape.iter().for_each(|&size| hash.eat(&(size as u64).to_le_bytes()));
        let float = match leaf {
            Leaf::Param(param) => param.value(),
            Leaf::Buffer(buffer) => match buffer.value() {
                BufferValue::Float(value) => value,
                BufferValue::Int(value) => {
                    return value.as_slice().iter().for_each(|x| hash.eat(&x.to_le_bytes()));
                }
            },
        };
        float.as_slice().iter().for_each(|x| hash.eat(&x.bits().to_le_bytes()));
    });
    hash.0
}

struct Fnv(u64);

impl Fnv {
    fn eat(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl Write for Fnv {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.eat(text.as_bytes());
        Ok(())
    }
}
