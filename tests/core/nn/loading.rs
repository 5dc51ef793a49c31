//! Weights that do not fit are refused in words; weights that were saved come back.

use std::collections::BTreeMap;

use burn::tensor::Device;
use facespace::nn::tensors::{self, Precision};
use facespace::nn::{Networks, NetworksConfig, NnError, TensorFault, Variant};
use safetensors::SafeTensors;

use super::{assert_close, fixture};

/// The fixture's bytes without the tensors that `keep` refuses.
fn without(bytes: &[u8], keep: impl Fn(&str) -> bool) -> Vec<u8> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let kept: BTreeMap<_, _> = file.tensors().into_iter().filter(|(name, _)| keep(name)).collect();
    safetensors::serialize(kept, None).unwrap()
}

fn faults(result: Result<Networks, NnError>) -> Vec<TensorFault> {
    match result {
        Err(NnError::WrongTensors { faults }) => faults,
        Err(other) => panic!("another error: {other}"),
        Ok(_) => panic!("the weights were accepted"),
    }
}

#[test]
fn a_missing_tensor_is_named_as_in_the_file() {
    let file = fixture(Variant::Authors);
    let bytes = without(&file.0, |name| name != "E.bn.weight" && name != "G.out.weight");
    let result = Networks::load(bytes, &file.config(), &Device::flex());
    let missing = |name: &str| TensorFault::Missing { name: name.to_owned() };
    assert_eq!(result.as_ref().unwrap_err().to_string(), {
        "These weights have another shape than the networks (E.bn.weight is missing, G.out.weight is missing); \
         choose other weights"
    });
    assert_eq!(faults(result), [missing("E.bn.weight"), missing("G.out.weight")]);
}

#[test]
fn another_shape_is_told_in_the_files_layout() {
    let file = fixture(Variant::Authors);
    let config = NetworksConfig { classes: 7, ..file.config() };
    let shape = |name: &str, found: &[usize], expected: &[usize]| TensorFault::Shape {
        name: name.to_owned(),
        found: found.to_vec(),
        expected: expected.to_vec(),
    };
    assert_eq!(
        faults(Networks::load(file.0.clone(), &config, &Device::flex())),
        [shape("expression_head.fc3.weight", &[8, 200], &[7, 200]), shape("expression_head.fc3.bias", &[8], &[7]),]
    );
}

#[test]
fn networks_of_another_width_are_refused_at_length_but_told_in_short() {
    let file = fixture(Variant::Authors);
    let config = NetworksConfig { width: 16, ..file.config() };
    let error = Networks::load(file.0.clone(), &config, &Device::flex()).unwrap_err();
    assert!(error.to_string().contains(" more); choose other weights"), "{error}");
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn a_file_that_was_cut_off_is_unreadable() {
    let file = fixture(Variant::Authors);
    for length in [0, 5, 2000, file.0.len() - 1] {
        let bytes = file.0[..length].to_vec();
        assert!(matches!(tensors::shapes(&bytes), Err(NnError::Unreadable { .. })), "{length} bytes");
        let result = Networks::load(bytes, &file.config(), &Device::flex());
        assert!(matches!(result, Err(NnError::Unreadable { .. })), "{length} bytes");
    }
}

#[test]
fn settings_cannot_be_read_off_a_file_without_networks() {
    let result = NetworksConfig::from_shapes(&BTreeMap::new());
    assert!(matches!(result, Err(NnError::WrongTensors { faults }) if faults.len() == 3));
}

#[test]
fn settings_are_written_and_read() {
    let config = NetworksConfig::new(48, Variant::Paper);
    let text = serde_json::to_string(&config).unwrap();
    assert_eq!(serde_json::from_str::<NetworksConfig>(&text).unwrap(), config);
    assert_eq!(serde_json::from_str::<NetworksConfig>("{}").unwrap(), NetworksConfig::default());
}

#[test]
fn saved_networks_come_back_with_pytorchs_names() {
    let device = Device::flex();
    let file = fixture(Variant::Paper);
    let networks = file.networks(&device);
    let z = file.get::<2>("io.drawn", &device);
    for (precision, tolerance) in [(Precision::Single, 0.0), (Precision::Half, 1e-3)] {
        let metadata = [("preset".to_owned(), "paper".to_owned())];
        let bytes = tensors::save(&networks, precision, &metadata).unwrap();
        let (_, header) = SafeTensors::read_metadata(&bytes).unwrap();
        assert_eq!(header.metadata().as_ref().unwrap()["preset"], "paper");

        let names = |shapes: tensors::TensorShapes| {
            let inference =
                |name: &String| ["E.", "G.", "phi", "expression_head."].iter().any(|net| name.starts_with(net));
            shapes.into_iter().filter(|(name, _)| inference(name)).collect::<Vec<_>>()
        };
        assert_eq!(names(tensors::shapes(&bytes).unwrap()), names(tensors::shapes(&file.0).unwrap()));

        let again = Networks::load(bytes, &file.config(), &device).unwrap();
        assert_close("saved and loaded", again.G.forward(z.clone()), networks.G.forward(z.clone()), tolerance);
    }
}
