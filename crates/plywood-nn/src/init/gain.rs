//! By how much activations shrink the deviation of what passes through them, turned round.
//!
//! PyTorch: `torch.nn.init.calculate_gain`, with the same numbers.
//!
//! ```
//! use plywood_nn::gain;
//! assert_eq!(gain::relu(), 2.0_f64.sqrt());
//! assert_eq!(gain::leaky_relu(0.0), gain::relu());
//! ```

/// 1: no activation, or a sigmoid.
pub fn linear() -> f64 {
    1.0
}

/// 5/3.
pub fn tanh() -> f64 {
    5.0 / 3.0
}

/// √2: half of the numbers are lost.
pub fn relu() -> f64 {
    leaky_relu(0.0)
}

/// `√(2 / (1 + slope²))`. With a slope of √5, [`HeUniform`](crate::Initializer::HeUniform) is PyTorch's default for
/// linear and convolutional layers, `U(−1/√fan in, 1/√fan in)`.
pub fn leaky_relu(slope: f64) -> f64 {
    (2.0 / (1.0 + slope * slope)).sqrt()
}

/// 3/4, as PyTorch has it; self-normalising networks are derived with 1.
pub fn selu() -> f64 {
    0.75
}
