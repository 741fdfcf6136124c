//! The layers of BERT (Devlin et al., 2019), with the epsilon that a model's configuration states. Those of
//! rust-bert add 1e-12 to every variance; RoBERTa and XLM-R are trained with 1e-5, and over twelve layers
//! the difference moves logits in the second digit.

use super::config::Config;
use super::weights::Weights;
use crate::error::{Error, Result};
use rust_bert::Activation;
use tch::{Kind, Tensor};

/// The layers, for rows without padding.
pub struct Layers {
    each: Vec<Layer>,
    heads: i64,
    activation: fn(&Tensor) -> Tensor,
}

struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attended: Dense,
    attended_norm: Norm,
    inner: Dense,
    outer: Dense,
    norm: Norm,
}

/// A linear map.
pub struct Dense {
    weight: Tensor,
    bias: Tensor,
}

/// A layer normalization (Ba et al., 2016).
pub struct Norm {
    scale: Tensor,
    shift: Tensor,
    epsilon: f64,
}

impl Dense {
    /// The map of this name, of vectors of `width` numbers to some of `out`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is missing or of other sizes.
    pub fn new(weights: &Weights, name: &str, out: i64, width: i64) -> Result<Self> {
        Ok(Self {
            weight: weights.get(&format!("{name}.weight"), &[out, width])?,
            bias: weights.get(&format!("{name}.bias"), &[out])?,
        })
    }

    /// Each vector, mapped.
    pub fn of(&self, input: &Tensor) -> Tensor {
        input.linear(&self.weight, Some(&self.bias))
    }
}

impl Norm {
    /// The normalization of this name.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is missing or of other sizes.
    pub fn new(weights: &Weights, name: &str, config: &Config) -> Result<Self> {
        let get = |part: &str| weights.get(&format!("{name}.{part}"), &[config.width]);
        Ok(Self {
            scale: get("weight")?,
            shift: get("bias")?,
            epsilon: config.epsilon,
        })
    }

    /// Each vector with mean 0 and variance 1, scaled and shifted.
    pub fn of(&self, input: &Tensor) -> Tensor {
        let (scale, shift) = (Some(&self.scale), Some(&self.shift));
        input.layer_norm(self.scale.size(), scale, shift, self.epsilon, true)
    }
}

impl Layers {
    /// Layers that share the memory of `weights`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when a weight is missing or of other sizes.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self> {
        let layers = (0..config.layers).map(|at| Layer::new(config, weights, at));
        Ok(Self {
            each: layers.collect::<Result<_>>()?,
            heads: config.heads,
            activation: activation(&config.activation)?,
        })
    }

    /// The last states of rows of one length: rows × length × width.
    pub fn run(&self, embedded: Tensor) -> Tensor {
        let mut states = embedded;
        for layer in &self.each {
            let attended = layer.attended.of(&layer.attend(&states, self.heads));
            let attended = layer.attended_norm.of(&(states + attended));
            let inner = (self.activation)(&layer.inner.of(&attended));
            states = layer.norm.of(&(&attended + layer.outer.of(&inner)));
        }
        states
    }
}

impl Layer {
    fn new(config: &Config, weights: &Weights, at: i64) -> Result<Self> {
        let (width, inner) = (config.width, config.inner);
        let dense = |name: &str, out: i64, from: i64| {
            Dense::new(weights, &format!("encoder.layer.{at}.{name}"), out, from)
        };
        let norm = |name: &str| Norm::new(weights, &format!("encoder.layer.{at}.{name}"), config);
        Ok(Self {
            query: dense("attention.self.query", width, width)?,
            key: dense("attention.self.key", width, width)?,
            value: dense("attention.self.value", width, width)?,
            attended: dense("attention.output.dense", width, width)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            inner: dense("intermediate.dense", inner, width)?,
            outer: dense("output.dense", width, inner)?,
            norm: norm("output.LayerNorm")?,
        })
    }

    /// What each piece takes from the others of its row (scaled dot products; Vaswani et al., 2017).
    fn attend(&self, states: &Tensor, heads: i64) -> Tensor {
        let size = states.size();
        let (rows, length, width) = (size[0], size[1], size[2]);
        let by_head = |dense: &Dense| {
            let of = dense.of(states);
            of.view([rows, length, heads, width / heads])
                .transpose(1, 2)
        };
        let scale = ((width / heads) as f64).sqrt();
        let scores = by_head(&self.query).matmul(&by_head(&self.key).transpose(-1, -2)) / scale;
        let mixed = scores
            .softmax(-1, Kind::Float)
            .matmul(&by_head(&self.value));
        let mixed = mixed.transpose(1, 2).contiguous();
        mixed.view([rows, length, width])
    }
}

/// The function of this name, as rust-bert computes it.
fn activation(name: &str) -> Result<fn(&Tensor) -> Tensor> {
    let known: Activation = serde_json::from_value(name.into()).map_err(|error| {
        Error::model(format!("the activation `{name}` is not read")).caused_by(error)
    })?;
    Ok(*known.get_function().get_fn())
}
