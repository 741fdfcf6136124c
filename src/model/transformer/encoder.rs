//! The encoders: pieces in, a vector per piece out. The layers are those of rust-bert where its epsilon is
//! the model's.
//!
//! Rows that are run together have the same length, so no row is padded: what a row gives does not
//! depend on the others, and every mask would be all ones.

use super::config::{Config, EPSILON, Family};
use super::layers::{self, Norm};
use super::weights::Weights;
use crate::error::{Error, Result};
use rust_bert::bert::{BertConfig, BertEncoder};
use rust_bert::distilbert::{DistilBertConfig, DistilBertModel};
use rust_bert::electra::{ElectraConfig, ElectraModel};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};

/// An encoder, for one thread at a time.
pub struct Encoder {
    layers: Layers,
    pieces: i64,
}

enum Layers {
    /// BERT.
    Bert(Embeddings, BertEncoder),
    /// RoBERTa and XLM-R, and BERTs with an epsilon of their own.
    Own(Embeddings, layers::Layers),
    Distil(DistilBertModel),
    Electra(ElectraModel),
}

impl Encoder {
    /// An encoder that shares the memory of `weights`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when a weight is missing or of other sizes.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self> {
        let store = VarStore::new(Device::Cpu);
        let root = store.root();
        let layers = match config.family {
            Family::Bert | Family::Roberta | Family::XlmRoberta => {
                let embeddings = Embeddings::new(config, weights)?;
                if config.epsilon.total_cmp(&EPSILON).is_eq() {
                    let layers = BertEncoder::new(&root / "encoder", &bert(config)?);
                    Layers::Bert(embeddings, layers)
                } else {
                    Layers::Own(embeddings, layers::Layers::new(config, weights)?)
                }
            }
            Family::DistilBert => Layers::Distil(DistilBertModel::new(&root, &distilbert(config)?)),
            Family::Electra => Layers::Electra(ElectraModel::new(&root, &electra(config)?)),
        };
        let prefix = format!("{}.", config.family.prefix());
        for (name, mut variable) in store.variables() {
            // rust-bert puts the model's name before those of DistilBERT alone.
            let name = name.strip_prefix(&prefix).unwrap_or(&name);
            variable.set_data(&weights.get(name, &variable.size())?);
        }
        Ok(Self {
            layers,
            pieces: config.pieces,
        })
    }

    /// The vectors of rows of pieces, all of the same length: `rows` × length × width.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] for a piece that the table lacks, and when the backend fails.
    pub fn encode(&self, rows: &[&[i64]]) -> Result<Tensor> {
        let length = rows.first().map_or(0, |row| row.len());
        let pieces: Vec<i64> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        if pieces.iter().any(|piece| !(0..self.pieces).contains(piece)) {
            return Err(
                Error::model("the tokenizer has pieces that the model has no vector of")
                    .hint("the tokenizer and config.json must be of the same model"),
            );
        }
        let pieces = Tensor::from_slice(&pieces).view([rows.len() as i64, length as i64]);
        let ran = match &self.layers {
            Layers::Bert(embeddings, layers) => {
                let embedded = embeddings.embed(&pieces);
                Ok(layers
                    .forward_t(&embedded, None, None, None, false)
                    .hidden_state)
            }
            Layers::Own(embeddings, layers) => Ok(layers.run(embeddings.embed(&pieces))),
            Layers::Distil(model) => model
                .forward_t(Some(&pieces), None, None, false)
                .map(|output| output.hidden_state),
            Layers::Electra(model) => model
                .forward_t(Some(&pieces), None, None, None, None, false)
                .map(|output| output.hidden_state),
        };
        ran.map_err(|error| Error::model("the transformer failed").caused_by(error))
    }
}

/// The first layer of BERT, RoBERTa and XLM-R. That of rust-bert has its own epsilon only.
struct Embeddings {
    pieces: Tensor,
    positions: Tensor,
    segment: Tensor,
    norm: Norm,
    first: i64,
}

impl Embeddings {
    fn new(config: &Config, weights: &Weights) -> Result<Self> {
        let get = |name: &str, sizes: &[i64]| weights.get(&format!("embeddings.{name}"), sizes);
        let width = config.width;
        let segments = get("token_type_embeddings.weight", &[config.segments, width])?;
        Ok(Self {
            pieces: get("word_embeddings.weight", &[config.pieces, width])?,
            positions: get("position_embeddings.weight", &[config.positions, width])?,
            segment: segments.get(0),
            norm: Norm::new(weights, "embeddings.LayerNorm", config)?,
            first: config.positions - config.longest() as i64,
        })
    }

    fn embed(&self, pieces: &Tensor) -> Tensor {
        let length = pieces.size()[1];
        let positions = self.positions.narrow(0, self.first, length);
        let pieces = Tensor::embedding(&self.pieces, pieces, -1, false, false);
        self.norm.of(&(pieces + positions + &self.segment))
    }
}

/// A configuration of rust-bert from its fields.
fn made<C: DeserializeOwned>(fields: Value) -> Result<C> {
    serde_json::from_value(fields)
        .map_err(|error| Error::model("the model's configuration is not read").caused_by(error))
}

fn bert(config: &Config) -> Result<BertConfig> {
    made(json!({
        "hidden_act": config.activation,
        "attention_probs_dropout_prob": 0.0,
        "hidden_dropout_prob": 0.0,
        "hidden_size": config.width,
        "initializer_range": 0.02,
        "intermediate_size": config.inner,
        "max_position_embeddings": config.positions,
        "num_attention_heads": config.heads,
        "num_hidden_layers": config.layers,
        "type_vocab_size": config.segments,
        "vocab_size": config.pieces,
    }))
}

fn distilbert(config: &Config) -> Result<DistilBertConfig> {
    made(json!({
        "activation": config.activation,
        "attention_dropout": 0.0,
        "dim": config.width,
        "dropout": 0.0,
        "hidden_dim": config.inner,
        "initializer_range": 0.02,
        "max_position_embeddings": config.positions,
        "n_heads": config.heads,
        "n_layers": config.layers,
        "qa_dropout": 0.0,
        "seq_classif_dropout": 0.0,
        "sinusoidal_pos_embds": false,
        "tie_weights_": true,
        "vocab_size": config.pieces,
    }))
}

fn electra(config: &Config) -> Result<ElectraConfig> {
    made(json!({
        "hidden_act": config.activation,
        "attention_probs_dropout_prob": 0.0,
        "embedding_size": config.embedding,
        "hidden_dropout_prob": 0.0,
        "hidden_size": config.width,
        "initializer_range": 0.02,
        "layer_norm_eps": config.epsilon,
        "intermediate_size": config.inner,
        "max_position_embeddings": config.positions,
        "num_attention_heads": config.heads,
        "num_hidden_layers": config.layers,
        "type_vocab_size": config.segments,
        "vocab_size": config.pieces,
        "pad_token_id": config.padding,
    }))
}

/// Runs `work` without keeping what a gradient would need.
pub fn without_gradient<T>(work: impl FnOnce() -> T) -> T {
    let _guard = tch::no_grad_guard();
    work()
}

/// The numbers of a tensor of two dimensions, row by row.
pub fn rows_of(tensor: &Tensor) -> Result<Vec<Vec<f32>>> {
    let tensor = tensor.to_kind(Kind::Float).contiguous();
    Vec::<Vec<f32>>::try_from(&tensor)
        .map_err(|error| Error::model("the transformer failed").caused_by(error))
}

/// The numbers of a tensor of one dimension.
pub fn numbers_of(tensor: &Tensor) -> Result<Vec<f32>> {
    Ok(rows_of(&tensor.unsqueeze(0))?
        .into_iter()
        .flatten()
        .collect())
}
