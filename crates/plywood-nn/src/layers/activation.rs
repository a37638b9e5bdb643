//! What all layers have in common that apply a function to each element.

/// Implements everything for a layer that changes no shape: `activation!(Mish, |x| x.mish())`.
///
/// Settings stand in braces and are checked by the layer's `check` when it is made:
/// `activation!(Elu { alpha }, |layer, x| …)`. What a layer before it can apply itself is named after `fused`.
macro_rules! activation {
    ($name:ident, |$x:ident| $call:expr $(, fused $fused:expr)?) => {
        impl $name {
            #[allow(clippy::unused_self, clippy::unnecessary_wraps)] // layers with settings have something to check
            fn check(&self) -> plywood_tensor::Result<()> {
                Ok(())
            }
        }
        $crate::layers::activation::activation!(@layer $name {}, |_layer, $x| $call, [$($fused)?]);
    };
    ($name:ident { $($field:ident),+ }, |$layer:ident, $x:ident| $call:expr) => {
        $crate::layers::activation::activation!(@layer $name { $($field),+ }, |$layer, $x| $call, []);
    };
    (@layer $name:ident { $($field:ident),* }, |$layer:ident, $x:ident| $call:expr, [$($fused:expr)?]) => {
        const _: () = {
            use $crate::{Context, Initial, Layer, LayerConfig, Module, SavedLayer};
            use plywood_autograd::{Var, ops::Activation as Fused};
            use plywood_tensor::{Result, Shape};

            $crate::parameters!($name {} skip { $($field),* });

            impl Module for $name {
                fn forward(&self, _: &Context, $x: &Var) -> Result<Var> {
                    let $layer = self;
                    Ok($call)
                }

                fn output_shape(&self, input: &Shape) -> Result<Shape> {
                    Ok(*input)
                }

                fn describe(&self) -> String {
                    let settings: &[String] = &[$(format!("{:?}", self.$field)),*];
                    match settings {
                        [] => stringify!($name).to_owned(),
                        settings => format!("{}({})", stringify!($name), settings.join(", ")),
                    }
                }
            }

            impl Layer for $name {
                fn saved(&self) -> Option<SavedLayer> {
                    Some(SavedLayer::of(self))
                }

                fn activation(&self) -> Option<Fused> {
                    let fused: &[Fused] = &[$($fused)?];
                    fused.first().copied()
                }
            }

            impl LayerConfig for $name {
                const NAME: &'static str = stringify!($name);
                type Layer = $name;

                fn make(&self, _: &Shape, _: &Initial<'_>) -> Result<$name> {
                    self.check()?;
                    Ok(self.clone())
                }
            }
        };
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
