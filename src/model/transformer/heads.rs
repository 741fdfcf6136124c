//! What stands on an encoder: a classifier as Hugging Face's libraries build it for each family.

use super::config::{Config, Family};
use super::layers::Dense;
use super::weights::Weights;
use crate::error::Result;
use tch::Tensor;

/// A classifier over the vector of the first piece.
pub struct Head {
    dense: Dense,
    between: Between,
    out: Dense,
}

/// What is done to the numbers between the two layers.
#[derive(Clone, Copy)]
enum Between {
    Tanh,
    Relu,
    Gelu,
}

impl Head {
    /// The classifier, which shares the memory of `weights`.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when a weight is missing or of other sizes.
    pub fn new(config: &Config, weights: &Weights) -> Result<Self> {
        let (dense, between, out) = match config.family {
            Family::Bert => ("pooler.dense", Between::Tanh, "classifier"),
            Family::Roberta | Family::XlmRoberta => {
                ("classifier.dense", Between::Tanh, "classifier.out_proj")
            }
            Family::DistilBert => ("pre_classifier", Between::Relu, "classifier"),
            Family::Electra => ("classifier.dense", Between::Gelu, "classifier.out_proj"),
        };
        let (width, labels) = (config.width, config.labels.len() as i64);
        Ok(Self {
            dense: Dense::new(weights, dense, width, width)?,
            between,
            out: Dense::new(weights, out, labels, width)?,
        })
    }

    /// The logits of rows, from the vectors of their pieces.
    pub fn logits(&self, hidden: &Tensor) -> Tensor {
        let middle = self.dense.of(&hidden.select(1, 0));
        let middle = match self.between {
            Between::Tanh => middle.tanh(),
            Between::Relu => middle.relu(),
            Between::Gelu => middle.gelu("none"),
        };
        self.out.of(&middle)
    }
}
