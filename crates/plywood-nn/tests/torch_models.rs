//! Networks against PyTorch and torchvision, with weights that those have saved: results, gradients, running statistics.
//!
//! `golden/models` and `golden/models.json` were written by `golden/make_models.py`.

use crate::compare::{buffers, close, numbers, tensor, weights};
use plywood_autograd::{Var, grad};
use plywood_nn::{
    Context, Layer, LeNet, MobileNetV2, MobileNetV2Config, Parameters, ResNet, ResNetBlock, ResNetConfig,
    ResNetStem, StateDict, UNet, UNetConfig,
};
use plywood_tensor::{Elem, Result, Seed};
use serde_json::Value;

/// Rounding is multiplied by each normalisation of few numbers that it passes.
const CLOSE: f64 = if size_of::<Elem>() == 8 { 1e-9 } else { 5e-5 };

fn models() -> Result<Vec<(&'static str, Box<dyn Layer>)>> {
    let stream = Seed(1).stream();
    let res_net = |channels, stem, block, blocks: &[usize]| {
        ResNet::new(
            channels,
            ResNetConfig { classes: 5, stem, block, width: 2, blocks: blocks.to_vec(), exact: false },
            &stream,
        )
    };
    let groups = vec![[1, 4, 1, 1], [2, 4, 2, 1], [3, 6, 2, 2]];
    let mobile = MobileNetV2Config { classes: 5, first: 4, groups, last: 10, dropout: 0.0 };
    let u_net = UNetConfig { classes: 3, width: 2, depth: 2 };
    Ok(vec![
        ("resnet_basic", Box::new(res_net(1, ResNetStem::ImageNet, ResNetBlock::Basic, &[1, 2, 1, 1])?)),
        ("resnet_bottleneck", Box::new(res_net(3, ResNetStem::ImageNet, ResNetBlock::Bottleneck, &[2, 1])?)),
        ("resnet_cifar", Box::new(res_net(3, ResNetStem::Cifar, ResNetBlock::Basic, &[1, 1, 2])?)),
        ("mobilenet_v2", Box::new(MobileNetV2::new(3, mobile, &stream)?)),
        ("lenet", Box::new(LeNet::new([16, 16, 2], 3, &stream)?)),
        ("unet", Box::new(UNet::new(3, u_net, &stream)?)),
    ])
}

#[test]
fn networks_with_saved_weights_do_what_those_of_torchvision_do() -> Result<()> {
    let golden: Value = serde_json::from_str(include_str!("golden/models.json")).unwrap();
    let models = models()?;
    assert_eq!(models.len(), golden.as_object().unwrap().len());
    for (name, mut model) in models {
        let (case, file) = (&golden[name], format!("tests/golden/models/{name}.safetensors"));
        model.load_state_dict(&StateDict::load_safetensors(file)?)?;
        let x = Var::variable(tensor(&case["x"]));

        let y = model.forward(&Context::eval(), &x.detach())?;
        assert_eq!(y.shape(), tensor(&case["eval"]).shape(), "{name}");
        close(&format!("{name}, evaluated"), y.value().as_slice(), &numbers(&case["eval"]["data"]), CLOSE);

        let cx = Context::train(Seed(1), 0);
        let y = model.forward(&cx, &x)?;
        close(name, y.value().as_slice(), &numbers(&case["train"]["data"]), CLOSE);
        let loss = y.mul(&weights(y.value()).into())?.sum();
        let gradients = loss.backward_keeping()?;
        let slope = grad(&loss, &[&x], false)?.remove(0);
        close(&format!("{name}, gradient"), slope.value().as_slice(), &numbers(&case["gradient"]), CLOSE);
        let named = model.named_parameters();
        assert_eq!(named.len(), case["parameter_gradients"].as_object().unwrap().len(), "{name}");
        for (path, param) in named {
            let gradient = gradients.get(param).unwrap();
            let sum = gradient.mul(&weights(gradient))?.sum().item()?;
            let expected = case["parameter_gradients"][&path].as_f64().unwrap();
            close(&format!("{name}, {path}"), &[sum], &[expected], CLOSE);
        }

        cx.commit(&mut *model)?;
        buffers(name, &*model, &case["buffers"], CLOSE);
    }
    Ok(())
}
