//! How a state is loaded: all of it, or what fits.

use super::whole::WholeMut;
use crate::{LeafMut, NnError, Pattern, StateDict};
use plywood_autograd::BufferValue;
use plywood_tensor::{Result, Shape};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// How a state is loaded: which names stand for which, and what may be missing or left over.
///
/// For weights that come from elsewhere, as in transfer learning. Nothing goes unnoticed: what is not allowed is an error that
/// lists all of it, and what is allowed stands in the report, [`Loaded`].
///
/// # Example
/// A backbone that was trained on ten classes, with a new last layer for two:
/// ```
/// use plywood_nn::{Linear, Load, Parameters, parameters};
/// use plywood_tensor::Seed;
///
/// struct Network { body: Linear, head: Linear }
/// parameters!(Network { body, head });
///
/// let make = |classes, seed: Seed| -> plywood_tensor::Result<Network> {
///     let stream = seed.stream();
///     Ok(Network { body: Linear::new(3, 4, &stream.at(0))?, head: Linear::new(4, classes, &stream.at(1))? })
/// };
/// let (trained, mut fresh) = (make(10, Seed(0))?, make(2, Seed(1))?);
///
/// let error = fresh.load_state_dict(&trained.state_dict()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "state does not fit the model: head.weight: expected [2, 4], got [10, 4], head.bias: expected [2], got [10]",
/// );
/// let loaded = fresh.load_state_dict_with(&trained.state_dict(), &Load::strict().skip_mismatched("head.*"))?;
/// assert_eq!(loaded.loaded, ["body.weight", "body.bias"]);
/// assert_eq!(loaded.mismatched[1], "head.bias: expected [2], got [10]");
/// assert_eq!(fresh.body.state_dict(), trained.body.state_dict());
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
///
/// Names that differ, as in a file of another library:
/// ```
/// use plywood_nn::{Linear, Load, Parameters, StateDict};
/// use plywood_tensor::{Seed, Tensor};
///
/// let mut file = StateDict::default();
/// file.0.insert("module.fc.kernel".into(), Tensor::ones([2, 3])?.into());
/// file.0.insert("module.fc.bias".into(), Tensor::ones([2])?.into());
/// file.0.insert("epoch".into(), Tensor::ones([])?.into());
///
/// let mut layer = Linear::new(3, 2, &Seed(0).stream())?;
/// let names = Load::strict().prefix("module.fc.").rename(|name| name.replace("kernel", "weight"));
/// assert_eq!(layer.load_state_dict_with(&file, &names)?.to_string(), "loaded 2 of 2");
/// assert_eq!(layer.weight.value().as_slice(), [1.0; 6]);
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
/// # References
/// PyTorch: `load_state_dict(state, strict=False)`, which is [`Load::partial`] but for this: PyTorch also loads nothing at all
/// without a word, for example if each name has a prefix; here that is an error. Renaming is a dictionary comprehension there.
/// Keras: `load_weights(path, skip_mismatch=True)`.
#[derive(Default)]
#[must_use]
pub struct Load {
    prefix: String,
    renames: Vec<Box<Rename>>,
    missing: Vec<Pattern>,
    unexpected: Vec<Pattern>,
    mismatched: Vec<Pattern>,
}

type Rename = dyn Fn(&str) -> String + Send + Sync;

impl Load {
    /// All that the model has and all that the state has, in the shapes of the model.
    pub fn strict() -> Load {
        Load::default()
    }

    /// What both have; shapes must agree. At least one name must be there.
    #[doc(alias = "strict=False")]
    pub fn partial() -> Load {
        Load::strict().allow_missing("*").allow_unexpected("*")
    }

    /// Only what the state has under this prefix, by the rest of its name: `backbone.0.weight` is loaded as `0.weight` with
    /// the prefix `backbone.`. What else the state has is not looked at.
    ///
    /// The other way around, a state without a prefix is loaded into a part of the model:
    /// `model.backbone.load_state_dict(&state)`.
    pub fn prefix(self, prefix: impl Into<String>) -> Load {
        Load { prefix: prefix.into(), ..self }
    }

    /// What a name of the state is called in the model; behind the prefix, and in the order of the calls.
    pub fn rename(mut self, rename: impl Fn(&str) -> String + Send + Sync + 'static) -> Load {
        self.renames.push(Box::new(rename));
        self
    }

    /// Names of the model that fit this [`Pattern`] may be missing in the state: they keep their values.
    pub fn allow_missing(mut self, pattern: impl Into<String>) -> Load {
        self.missing.push(Pattern::new(pattern));
        self
    }

    /// Names of the state, after renaming, that fit this [`Pattern`] may be unknown to the model.
    pub fn allow_unexpected(mut self, pattern: impl Into<String>) -> Load {
        self.unexpected.push(Pattern::new(pattern));
        self
    }

    /// Names of the model that fit this [`Pattern`] may have another shape in the state, or integers for real numbers: they keep
    /// their values.
    #[doc(alias = "skip_mismatch")]
    pub fn skip_mismatched(mut self, pattern: impl Into<String>) -> Load {
        self.mismatched.push(Pattern::new(pattern));
        self
    }

    /// Writes the values to a model, if nothing is wrong.
    pub(super) fn apply(&self, state: &StateDict, model: &mut dyn WholeMut) -> Result<Loaded> {
        let (values, mut refused) = self.named(state);
        let mut report = Loaded::default();
        let mut unexpected: BTreeMap<&str, ()> = values.keys().map(|name| (&**name, ())).collect();
        model.show_mut(&mut |path, leaf| {
            let name = path.to_string();
            unexpected.remove(name.as_str());
            match values.get(name.as_str()).map(|value| difference(&leaf, value)) {
                None => report.missing.push(name),
                Some(None) => report.loaded.push(name),
                Some(Some(words)) => {
                    let words_of_it = format!("{name}: {words}");
                    if !fits(&self.mismatched, &name) {
                        refused.push(words_of_it.clone());
                    }
                    report.mismatched.push(words_of_it);
                }
            }
        });
        report.unexpected = unexpected.into_keys().map(str::to_owned).collect();
        let not = |allowed: &[Pattern], names: &[String]| -> Vec<String> {
            names.iter().filter(|name| !fits(allowed, name)).cloned().collect()
        };
        let mut missing = not(&self.missing, &report.missing);
        let mut unexpected = not(&self.unexpected, &report.unexpected);
        if refused.is_empty() && missing.is_empty() && unexpected.is_empty() {
            let empty =
                report.missing.is_empty() && report.unexpected.is_empty() && report.mismatched.is_empty();
            if empty || !report.loaded.is_empty() {
                write(&values, model);
                return Ok(report);
            }
            // All is allowed, and nothing was found: names that are wrong as a whole.
            (missing, unexpected, refused) = (report.missing, report.unexpected, report.mismatched);
        }
        Err(NnError::State { missing, unexpected, mismatched: refused }.into())
    }

    /// The values by the names of the model, and the names that several have.
    fn named<'s>(&self, state: &'s StateDict) -> (BTreeMap<Cow<'s, str>, &'s BufferValue>, Vec<String>) {
        let (mut values, mut origins, mut clashes) = (BTreeMap::new(), BTreeMap::new(), Vec::new());
        for (origin, value) in &state.0 {
            let Some(rest) = origin.strip_prefix(&self.prefix) else { continue };
            let mut name = Cow::Borrowed(rest);
            for rename in &self.renames {
                name = Cow::Owned(rename(&name));
            }
            if !self.renames.is_empty()
                && let Some(first) = origins.insert(name.clone(), origin)
            {
                clashes.push(format!("{name}: expected one value, got {first} and {origin}"));
            }
            values.insert(name, value);
        }
        (values, clashes)
    }
}

fn fits(patterns: &[Pattern], name: &str) -> bool {
    patterns.iter().any(|pattern| pattern.matches(name))
}

/// What keeps a value from its place, in words.
fn difference(leaf: &LeafMut<'_>, value: &BufferValue) -> Option<String> {
    let (shape, real): (&Shape, bool) = match leaf {
        LeafMut::Param(param) => (param.shape(), true),
        LeafMut::Buffer(buffer) => (buffer.value().shape(), buffer.value().as_float().is_some()),
    };
    match (value.as_float().is_some(), real) {
        (false, true) => Some("expected real numbers, got integers".into()),
        (true, false) => Some("expected integers, got real numbers".into()),
        _ if value.shape() != shape => Some(format!("expected {shape}, got {}", value.shape())),
        _ => None,
    }
}

fn write(values: &BTreeMap<Cow<'_, str>, &BufferValue>, model: &mut dyn WholeMut) {
    model.show_mut(&mut |path, leaf| {
        let Some(&value) = values.get(path.to_string().as_str()) else { return };
        if difference(&leaf, value).is_some() {
            return;
        }
        match (leaf, value) {
            (LeafMut::Param(param), BufferValue::Float(value)) => *param.value_mut() = value.clone(),
            (LeafMut::Buffer(buffer), value) => *buffer.value_mut() = value.clone(),
            (LeafMut::Param(_), BufferValue::Int(_)) => {} // a difference
        }
    });
}

/// What became of a state that was loaded.
///
/// ```
/// use plywood_nn::{Linear, Load, Parameters};
/// use plywood_tensor::Seed;
///
/// let mut layer = Linear::new(3, 2, &Seed(0).stream())?;
/// let mut state = layer.state_dict();
/// state.0.remove("bias");
/// let loaded = layer.load_state_dict_with(&state, &Load::partial())?;
/// assert_eq!(loaded.to_string(), "loaded 1 of 2, missing bias");
/// # Ok::<(), plywood_tensor::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Loaded {
    /// Names of the model that took over a value.
    pub loaded: Vec<String>,
    /// Names of the model that the state does not have.
    pub missing: Vec<String>,
    /// Names of the state, after renaming, that the model does not have.
    pub unexpected: Vec<String>,
    /// Names of the model whose values differ in shape or in kind, each with how.
    pub mismatched: Vec<String>,
}

impl fmt::Display for Loaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.loaded.len() + self.missing.len() + self.mismatched.len();
        write!(f, "loaded {} of {all}", self.loaded.len())?;
        for (title, names) in
            [("missing ", &self.missing), ("unexpected ", &self.unexpected), ("", &self.mismatched)]
        {
            if !names.is_empty() {
                write!(f, ", {title}{}", names.join(", "))?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Load")
            .field("prefix", &self.prefix)
            .field("renames", &self.renames.len())
            .field("missing", &self.missing)
            .field("unexpected", &self.unexpected)
            .field("mismatched", &self.mismatched)
            .finish()
    }
}
