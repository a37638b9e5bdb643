//! Maps of names, made by inserting.
//!
//! `collect` sorts before it builds, and the compiler makes a sort for each kind of pair; a few names need none.

use plywood_tensor::Result;
use std::collections::BTreeMap;

/// The pairs as a map; of two with one name the later stays.
pub(crate) fn by_name<K: Ord, V>(pairs: impl Iterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    pairs.for_each(|(name, value)| drop(map.insert(name, value)));
    map
}

/// As [`by_name`], up to the first error.
pub(crate) fn try_by_name<K: Ord, V>(
    mut pairs: impl Iterator<Item = Result<(K, V)>>,
) -> Result<BTreeMap<K, V>> {
    let mut map = BTreeMap::new();
    pairs.try_for_each(|pair| pair.map(|(name, value)| drop(map.insert(name, value))))?;
    Ok(map)
}
