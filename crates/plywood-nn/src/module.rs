//! What every layer and every model is.

use crate::{Context, Outline, Parameters};
use plywood_autograd::Var;
use plywood_tensor::{Result, Shape, Tensor};
use std::fmt::Debug;

/// A layer, or a model made of layers: a pure function of its parameters, a context and an input.
///
/// The input is a [`Var`] unless said otherwise; token ids, masks or pairs of values enter as an `X` of their own.
/// `forward` changes nothing: running statistics are handed to the [`Context`], which commits them after the step.
///
/// Shapes are those of whole batches, the batch axis first.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no module for inputs of type `{X}`",
    note = "a model of your own has its parameters named by `parameters!(…)` and implements `Module`: `forward` and `output_shape`",
    note = "a `SequentialBuilder` becomes a model by `build(seed)?`"
)]
pub trait Module<X: ?Sized = Var>: Parameters + Debug + Send + Sync {
    /// The output for an input.
    ///
    /// # Errors
    /// Whatever is wrong with the input, with the path of the layer that refused it.
    fn forward(&self, cx: &Context, x: &X) -> Result<Var>;

    /// What the model answers to a batch of samples: [`Module::forward`] for [evaluation](Context::eval), in which nothing is random
    /// and nothing is recorded, from tensor to tensor.
    ///
    /// All samples go through the model at once; `Trainer::predict` takes them batch by batch, and data sets too. Behind a model whose
    /// loss takes logits, [`Tensor::softmax`] or [`Tensor::sigmoid`] makes probabilities of them.
    ///
    /// ```
    /// use plywood_nn::{Module, Sequential};
    /// use plywood_tensor::{Seed, Tensor};
    ///
    /// let model = Sequential::input([4]).linear(16).relu().dropout(0.5).linear(3).build(Seed(7))?;
    /// let flowers = Tensor::from([[5.1, 3.5, 1.4, 0.2], [6.2, 2.9, 4.3, 1.3]]);
    /// let probabilities = model.predict(&flowers)?.softmax(-1)?;
    /// assert_eq!(*probabilities.shape(), [2, 3]);
    /// assert!(probabilities.sum_axes(&[-1], false)?.all_close(&Tensor::ones([2])?, 1e-6, 0.0));
    /// # Ok::<(), plywood_tensor::Error>(())
    /// ```
    /// # Errors
    /// As [`Module::forward`].
    ///
    /// # References
    /// Keras: `Model.predict`. PyTorch: `model.eval()` and `torch.no_grad()`.
    #[doc(alias("no_grad", "call"))]
    fn predict(&self, x: &Tensor) -> Result<Tensor>
    where
        X: From<Tensor>,
    {
        Ok(self.forward(&Context::eval(), &x.clone().into())?.into_value())
    }

    /// The shape of the output for an input of this shape, found without computing anything.
    ///
    /// # Errors
    /// The same as [`Module::forward`] would return for such an input.
    fn output_shape(&self, input: &Shape) -> Result<Shape>;

    /// The layer and its sizes in a few words, such as `Linear(64 -> 256)`.
    fn describe(&self) -> String {
        let name = std::any::type_name::<Self>();
        name.split('<').next().unwrap_or(name).rsplit("::").next().unwrap_or(name).to_owned()
    }

    /// How many multiplications with an addition `forward` takes for an input of this shape; 0 unless a module says so. One made of
    /// others need not: where [`Module::outline`] tells of its parts, a summary counts theirs.
    fn multiply_adds(&self, input: &Shape) -> u64 {
        let _ = input;
        0
    }

    /// Adds rows to a [`summary`](crate::summary()), and returns the shape of the output: one row unless a module made of
    /// others tells of its parts, as [`Outline`] shows.
    ///
    /// # Errors
    /// As [`Module::output_shape`].
    fn outline(&self, input: &Shape, outline: &mut Outline) -> Result<Shape> {
        let output = self.output_shape(input)?;
        outline.single(self.describe(), output, self.multiply_adds(input), &self);
        Ok(output)
    }
}
