//! What a model folder says of itself: `config.json` as Hugging Face's libraries write it.

use crate::error::{Error, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The architectures that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// BERT (Devlin et al., 2019).
    Bert,
    /// RoBERTa (Liu et al., 2019).
    Roberta,
    /// XLM-R (Conneau et al., 2020): RoBERTa over a vocabulary of a hundred languages.
    XlmRoberta,
    /// DistilBERT (Sanh et al., 2019).
    DistilBert,
    /// ELECTRA (Clark et al., 2020).
    Electra,
}

impl Family {
    /// Every family.
    pub const ALL: [Self; 5] = [
        Self::Bert,
        Self::Roberta,
        Self::XlmRoberta,
        Self::DistilBert,
        Self::Electra,
    ];

    /// Its `model_type` in `config.json`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bert => "bert",
            Self::Roberta => "roberta",
            Self::XlmRoberta => "xlm-roberta",
            Self::DistilBert => "distilbert",
            Self::Electra => "electra",
        }
    }

    /// What the names of the encoder's weights begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Bert => "bert",
            Self::Roberta | Self::XlmRoberta => "roberta",
            Self::DistilBert => "distilbert",
            Self::Electra => "electra",
        }
    }

    /// True for RoBERTa and XLM-R, whose positions begin after that of padding.
    pub fn is_roberta(self) -> bool {
        matches!(self, Self::Roberta | Self::XlmRoberta)
    }
}

/// Sizes of an encoder, and what its classifier says.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The architecture.
    pub family: Family,
    /// Numbers per piece.
    pub width: i64,
    /// Layers.
    pub layers: i64,
    /// Attention heads per layer.
    pub heads: i64,
    /// Numbers in the middle of a layer.
    pub inner: i64,
    /// Numbers per piece before the first layer; other than `width` in some ELECTRAs.
    pub embedding: i64,
    /// Rows of the table of pieces.
    pub pieces: i64,
    /// Rows of the table of positions.
    pub positions: i64,
    /// Rows of the table of segments.
    pub segments: i64,
    /// Added to a variance before it divides.
    pub epsilon: f64,
    /// The piece that fills up rows, whose position RoBERTa counts from.
    pub padding: i64,
    /// Activation of the layers, by Hugging Face's name.
    pub activation: String,
    /// The classifier's labels in their order; empty where there is no classifier.
    pub labels: Vec<String>,
    /// True when a text may have several labels.
    pub several: bool,
    /// Where the model came from, as its maker states it.
    pub origin: String,
}

/// `config.json`, of which the fields that matter here.
#[derive(Deserialize)]
struct File {
    model_type: Option<String>,
    #[serde(default)]
    architectures: Vec<String>,
    #[serde(alias = "dim")]
    hidden_size: Option<i64>,
    #[serde(alias = "n_layers")]
    num_hidden_layers: Option<i64>,
    #[serde(alias = "n_heads")]
    num_attention_heads: Option<i64>,
    #[serde(alias = "hidden_dim")]
    intermediate_size: Option<i64>,
    embedding_size: Option<i64>,
    vocab_size: Option<i64>,
    max_position_embeddings: Option<i64>,
    type_vocab_size: Option<i64>,
    layer_norm_eps: Option<f64>,
    pad_token_id: Option<i64>,
    #[serde(alias = "activation")]
    hidden_act: Option<String>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    id2label: BTreeMap<String, String>,
    problem_type: Option<String>,
    #[serde(default, rename = "_name_or_path")]
    name_or_path: String,
}

/// What rust-bert's layers add to a variance, whatever a configuration says; BERT's too unless it says otherwise.
pub const EPSILON: f64 = 1e-12;

/// What to do about a damaged file.
pub const COPY: &str = "copy the file again and compare its size and checksum with its source";

/// Activations that rust-bert computes as Hugging Face's libraries do.
const ACTIVATIONS: [&str; 4] = ["gelu", "relu", "gelu_new", "tanh"];

impl Config {
    /// Reads `config.json` in a folder.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is missing, damaged, or of a model that cannot be
    /// read; the hint says what would work.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("config.json");
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Error::model("the model's configuration cannot be read")
                .at(&path)
                .caused_by(error)
                .hint("a folder of a transformer holds config.json, its tokenizer, and model.safetensors or rust_model.ot")
        })?;
        Self::parse(&text).map_err(|error| error.at(&path))
    }

    /// The configuration in the text of such a file.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn parse(text: &str) -> Result<Self> {
        let file: File = serde_json::from_str(text).map_err(|error| {
            Error::model("the model's configuration is damaged")
                .caused_by(error)
                .hint(COPY)
        })?;
        let family = family(&file)?;
        let plain = file.position_embedding_type.as_deref();
        if plain.is_some_and(|kind| kind != "absolute") {
            return Err(
                Error::model("the model has positions of a kind that is not read")
                    .hint("models with learned absolute positions work"),
            );
        }
        let activation = file.hidden_act.clone().unwrap_or_else(|| "gelu".to_owned());
        if !ACTIVATIONS.contains(&activation.as_str()) {
            return Err(
                Error::model(format!("the activation `{activation}` is not read"))
                    .hint(format!("models with {} work", ACTIVATIONS.join(", "))),
            );
        }
        let epsilon = file.layer_norm_eps.unwrap_or(EPSILON);
        if family == Family::Electra && epsilon.total_cmp(&EPSILON).is_ne() {
            return Err(Error::model(format!(
                "an ELECTRA with `layer_norm_eps` {epsilon} is not read"
            ))
            .hint(format!("ELECTRAs with {EPSILON} work, as Google's are")));
        }
        let size = |name: &str, value: Option<i64>| {
            // The largest models of these families have a quarter of a million pieces.
            let value = value.filter(|value| (1..=1 << 24).contains(value));
            value.ok_or_else(|| {
                Error::model(format!("the configuration has no usable `{name}`")).hint(COPY)
            })
        };
        let width = size("hidden_size", file.hidden_size)?;
        let heads = size("num_attention_heads", file.num_attention_heads)?;
        if width % heads != 0 {
            return Err(
                Error::model("`hidden_size` is no multiple of `num_attention_heads`").hint(COPY),
            );
        }
        let classifies = file
            .architectures
            .iter()
            .any(|name| name.ends_with("ForSequenceClassification"));
        Ok(Self {
            family,
            width,
            heads,
            layers: size("num_hidden_layers", file.num_hidden_layers)?,
            inner: size("intermediate_size", file.intermediate_size)?,
            embedding: file.embedding_size.unwrap_or(width),
            pieces: size("vocab_size", file.vocab_size)?,
            positions: size("max_position_embeddings", file.max_position_embeddings)?,
            segments: file.type_vocab_size.unwrap_or(2),
            epsilon,
            padding: file.pad_token_id.unwrap_or(i64::from(family.is_roberta())),
            activation,
            several: file.problem_type.as_deref() == Some("multi_label_classification"),
            labels: if classifies {
                labels(&file.id2label)?
            } else {
                Vec::new()
            },
            origin: file.name_or_path,
        })
    }

    /// The most pieces that fit, those at both ends among them.
    pub fn longest(&self) -> usize {
        let before = if self.family.is_roberta() {
            self.padding + 1
        } else {
            0
        };
        usize::try_from(self.positions - before).unwrap_or(0)
    }
}

fn family(file: &File) -> Result<Family> {
    let known = || {
        let names: Vec<&str> = Family::ALL.into_iter().map(Family::name).collect();
        format!("models of these types work: {}", names.join(", "))
    };
    let Some(name) = &file.model_type else {
        return Err(Error::model("the configuration names no `model_type`").hint(known()));
    };
    let family = Family::ALL.into_iter().find(|one| one.name() == name);
    family
        .ok_or_else(|| Error::model(format!("models of type `{name}` are not read")).hint(known()))
}

/// The labels in the order of their numbers, which must be 0, 1, 2 and so on.
fn labels(numbered: &BTreeMap<String, String>) -> Result<Vec<String>> {
    // Hugging Face writes no labels where they are the two of its default.
    if numbered.is_empty() {
        return Ok(vec!["LABEL_0".to_owned(), "LABEL_1".to_owned()]);
    }
    (0..numbered.len())
        .map(|at| {
            numbered.get(&at.to_string()).cloned().ok_or_else(|| {
                Error::model(format!(
                    "`id2label` has {} labels, none of them number {at}",
                    numbered.len()
                ))
                .hint("number its labels from 0 on")
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TINY: &str = r#"{"model_type": "distilbert", "architectures": ["DistilBertForSequenceClassification"],
        "dim": 8, "n_layers": 2, "n_heads": 2, "hidden_dim": 16, "vocab_size": 10,
        "max_position_embeddings": 32, "id2label": {"1": "POS", "0": "NEG"}}"#;

    #[test]
    fn names_of_sizes_differ_by_family() {
        let config = Config::parse(TINY).unwrap();
        assert_eq!((config.width, config.layers, config.inner), (8, 2, 16));
        assert_eq!(
            config.labels,
            ["NEG", "POS"],
            "in the order of their numbers"
        );
        assert_eq!(config.longest(), 32);
    }

    #[test]
    fn roberta_begins_after_its_padding() {
        let config = TINY.replace("distilbert\"", "roberta\"");
        assert_eq!(Config::parse(&config).unwrap().longest(), 30);
    }

    #[test]
    fn another_type_is_refused_with_those_that_work() {
        let error = Config::parse(&TINY.replace("distilbert\"", "deberta-v2\"")).unwrap_err();
        assert!(error.to_string().contains("deberta-v2"), "{error}");
        assert!(error.advice().unwrap().contains("xlm-roberta"));
        let without = TINY.replace("\"model_type\": \"distilbert\", ", "");
        assert!(Config::parse(&without).unwrap_err().advice().is_some());
    }

    #[test]
    fn sizes_that_cannot_be_are_refused() {
        for (from, to) in [
            ("\"dim\": 8", "\"dim\": 0"),
            ("\"dim\": 8", "\"dim\": 9"),
            ("\"vocab_size\": 10", "\"vocab_size\": 99999999999"),
            ("\"0\": \"NEG\"", "\"2\": \"NEG\""),
        ] {
            assert!(Config::parse(&TINY.replace(from, to)).is_err(), "{to}");
        }
    }
}
