//! The pull towards 0.

/// How strongly parameters are pulled towards 0, and by which way.
///
/// For plain gradient descent the two are the same. Rules that divide by the size of past gradients weaken a decay that
/// enters with the gradient where gradients are large; a decoupled one acts on all parameters alike.
///
/// # References
/// Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
#[derive(Debug, Clone, Copy, PartialEq)]
#[doc(alias = "l2")]
pub enum WeightDecay {
    /// Added to the gradient, as the derivative of `½ λ p²`: `g + λ p`. PyTorch's `weight_decay`, except in `AdamW`.
    Coupled(f64),
    /// Taken off the parameter itself, `p − η λ p` with the learning rate `η`; the rule does not see it.
    Decoupled(f64),
}

impl WeightDecay {
    /// The strength `λ`.
    pub fn strength(self) -> f64 {
        match self {
            WeightDecay::Coupled(strength) | WeightDecay::Decoupled(strength) => strength,
        }
    }

    /// The same way with another strength.
    #[must_use]
    pub fn with_strength(self, strength: f64) -> WeightDecay {
        match self {
            WeightDecay::Coupled(_) => WeightDecay::Coupled(strength),
            WeightDecay::Decoupled(_) => WeightDecay::Decoupled(strength),
        }
    }
}

/// A number alone is a coupled decay.
impl From<f64> for WeightDecay {
    fn from(strength: f64) -> WeightDecay {
        WeightDecay::Coupled(strength)
    }
}
