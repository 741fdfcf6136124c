//! The weights of a model folder, by Hugging Face's names, in single precision.

use super::config::{COPY, Family};
use crate::error::{Error, Result};
use rustc_hash::FxHashMap;
use safetensors::{Dtype, SafeTensors};
use std::path::{Path, PathBuf};
use tch::{Kind, Tensor};

/// Tensors by name; those of the encoder without the prefix of their family.
pub struct Weights {
    named: FxHashMap<String, Tensor>,
    path: PathBuf,
}

/// The files that weights are read from; the first that is there.
pub const FILES: [&str; 2] = ["model.safetensors", "rust_model.ot"];

impl Weights {
    /// Reads the weights in a folder.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there are none, or they are damaged.
    pub fn open(folder: &Path, family: Family) -> Result<Self> {
        let path = file(folder)?;
        if !path.ends_with(FILES[0]) {
            let tensors = Tensor::load_multi(&path).map_err(damaged(&path))?;
            return Self::new(tensors, family, &path);
        }
        let bytes = std::fs::read(&path)
            .map_err(|error| Error::io("the model's weights cannot be read", error).at(&path))?;
        Self::parse(&bytes, family, &path)
    }

    /// Reads the weights in the bytes of a `model.safetensors`; messages name it by `path`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when they are damaged.
    pub fn parse(bytes: &[u8], family: Family, path: &Path) -> Result<Self> {
        let read = SafeTensors::deserialize(bytes).map_err(damaged(path))?;
        let mut tensors = Vec::new();
        for (name, view) in read.tensors() {
            // Of numbers of other kinds, as those of positions, none is a weight.
            let kind = match view.dtype() {
                Dtype::F16 => Kind::Half,
                Dtype::BF16 => Kind::BFloat16,
                Dtype::F32 => Kind::Float,
                Dtype::F64 => Kind::Double,
                _ => continue,
            };
            let sizes: Vec<i64> = view.shape().iter().map(|size| *size as i64).collect();
            let tensor = Tensor::f_from_data_size(view.data(), &sizes, kind);
            tensors.push((name, tensor.map_err(damaged(path))?));
        }
        Self::new(tensors, family, path)
    }

    fn new(tensors: Vec<(String, Tensor)>, family: Family, path: &Path) -> Result<Self> {
        let prefix = format!("{}.", family.prefix());
        let mut named = FxHashMap::default();
        for (name, tensor) in tensors {
            let name = name.strip_prefix(&prefix).unwrap_or(&name);
            // Old checkpoints name the two weights of a normalization after the paper.
            let name = name
                .replace("LayerNorm.gamma", "LayerNorm.weight")
                .replace("LayerNorm.beta", "LayerNorm.bias");
            if tensor.is_floating_point() {
                named.insert(name, tensor.f_to_kind(Kind::Float).map_err(damaged(path))?);
            }
        }
        Ok(Self {
            named,
            path: path.to_owned(),
        })
    }

    /// The tensor `name`, which must have these sizes. It shares its memory with this.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is missing or of other sizes.
    pub fn get(&self, name: &str, sizes: &[i64]) -> Result<Tensor> {
        let tensor = self.named.get(name).ok_or_else(|| {
            Error::model(format!("the weights have no `{name}`"))
                .at(&self.path)
                .hint("the weights and config.json must be of the same model")
        })?;
        if tensor.size() != sizes {
            return Err(Error::model(format!(
                "`{name}` has the sizes {:?}; config.json says {sizes:?}",
                tensor.size()
            ))
            .at(&self.path)
            .hint("the weights and config.json must be of the same model"));
        }
        Ok(tensor.shallow_clone())
    }
}

fn damaged<E>(path: &Path) -> impl Fn(E) -> Error + '_
where
    E: std::error::Error + Send + Sync + 'static,
{
    move |error| {
        Error::model("the model's weights are damaged or cut short")
            .at(path)
            .caused_by(error)
            .hint(COPY)
    }
}

/// The file of weights in a folder.
///
/// # Errors
/// [`crate::error::ErrorKind::Model`] when there is none that can be read; the hint says how to make one.
pub fn file(folder: &Path) -> Result<PathBuf> {
    let there = FILES.iter().map(|name| folder.join(name));
    if let Some(path) = there.into_iter().find(|path| path.is_file()) {
        return Ok(path);
    }
    let other = [
        "pytorch_model.bin",
        "tf_model.h5",
        "flax_model.msgpack",
        "model.onnx",
    ];
    let other = other.into_iter().find(|name| folder.join(name).is_file());
    let message = match other {
        Some(name) => format!("weights in the form of {name} are not read"),
        None => "the folder has no weights".to_owned(),
    };
    Err(Error::model(message).at(folder).hint(
        "model.safetensors and rust_model.ot are read; in Python, \
         `AutoModelForSequenceClassification.from_pretrained(DIR).save_pretrained(DIR)` writes model.safetensors",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rust_berts_own_files_hold_the_same_weights() {
        let from =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/transformers/bert-labels");
        let read = Weights::open(&from, Family::Bert).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let tensors = Tensor::read_safetensors(from.join(FILES[0])).unwrap();
        Tensor::save_multi(&tensors, folder.path().join(FILES[1])).unwrap();
        let again = Weights::open(folder.path(), Family::Bert).unwrap();
        assert_eq!(read.named.len(), again.named.len());
        assert!(
            read.named
                .contains_key("encoder.layer.0.output.dense.weight")
        );
        for (name, tensor) in &read.named {
            assert!(tensor.equal(&again.named[name]), "{name}");
        }
    }
}
