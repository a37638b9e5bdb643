//! What all layers have in common that apply a function to each element.

/// Implements everything for a layer that changes no shape: `activation!(Mish, |x| x.mish())`.
///
/// Settings stand in braces and are checked by the layer's `check` when it is made:
/// `activation!(Elu { alpha }, |layer, x| …)`. A function that a layer before it can apply itself is named after `fused`.
macro_rules! activation {
    ($name:ident, |$x:ident| $call:expr $(, fused $fused:expr)?) => {
        impl $crate::Module for $name {
            fn forward(&self, _: &$crate::Context, $x: &plywood_autograd::Var) -> plywood_tensor::Result<plywood_autograd::Var> {
                Ok($call)
            }
            fn output_shape(&self, input: &plywood_tensor::Shape) -> plywood_tensor::Result<plywood_tensor::Shape> {
                Ok(*input)
            }
        }

        impl $name {
            #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // layers with settings have something to check
            fn check(&self) -> plywood_tensor::Result<()> {
                Ok(())
            }
        }

        $crate::layers::activation::activation!(@layer $name {} $($fused)?);
    };
    ($name:ident { $($field:ident),+ }, |$layer:ident, $x:ident| $call:expr) => {
        impl $crate::Module for $name {
            fn forward(&self, _: &$crate::Context, $x: &plywood_autograd::Var) -> plywood_tensor::Result<plywood_autograd::Var> {
                let $layer = self;
                Ok($call)
            }
            fn output_shape(&self, input: &plywood_tensor::Shape) -> plywood_tensor::Result<plywood_tensor::Shape> {
                Ok(*input)
            }
            fn describe(&self) -> String {
                let settings = [$(format!("{:?}", self.$field)),+];
                format!("{}({})", stringify!($name), settings.join(", "))
            }
        }

        $crate::layers::activation::activation!(@layer $name { $($field),+ });
    };
    (@layer $name:ident { $($field:ident),* } $($fused:expr)?) => {
        $crate::parameters!($name {} skip { $($field),* });

        impl $crate::Layer for $name {
            fn saved(&self) -> Option<$crate::SavedLayer> {
                Some($crate::SavedLayer::of(self))
            }
            $(
                fn activation(&self) -> Option<plywood_autograd::ops::Activation> {
                    Some($fused)
                }
            )?
        }

        impl $crate::LayerConfig for $name {
            const NAME: &'static str = stringify!($name);
            type Layer = $name;
            fn make(&self, _: &plywood_tensor::Shape, _: &$crate::Initial<'_>) -> plywood_tensor::Result<$name> {
                self.check()?;
                Ok(self.clone())
            }
        }
    };
}
pub(crate) use activation;

/// Fails unless a setting is a finite number.
pub(crate) fn finite(layer: &str, setting: &str, value: f64) -> plywood_tensor::Result<()> {
    if value.is_finite() {
        return Ok(());
    }
    let expected = format!("a finite {setting}");
    Err(crate::NnError::Setting { layer: layer.into(), expected, got: value.to_string() }.into())
}
