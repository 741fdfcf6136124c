//! Heads of our own on one encoder: sentiment, emotions and an embedding, each linear over the mean of the
//! vectors of a text's pieces. A clause is the mean of its own pieces, read in the company of the others.

use super::config::COPY;
use super::weights::Weights;
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::lang::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The file that says what the heads are.
pub const FILE: &str = "heads.json";

/// Heads over a mean.
pub struct Pooled {
    sentiment: Linear,
    /// Divide the logits, by language.
    temperatures: [f32; 2],
    emotion: Linear,
    /// The emotions of the rows that are read, with the probability from which each is expressed, by language.
    emotions: [Vec<(Emotion, usize, f32)>; 2],
    embedding: Linear,
    /// The most pieces of a row.
    pub longest: usize,
}

/// A linear layer, in plain numbers: the same sums on every machine.
struct Linear {
    rows: Vec<Vec<f32>>,
    bias: Vec<f32>,
}

impl Linear {
    fn new(weights: &Weights, name: &str, out: usize, width: i64, biased: bool) -> Result<Self> {
        let rows = weights.get(&format!("heads.{name}.weight"), &[out as i64, width])?;
        let bias = if biased {
            super::encoder::numbers_of(&weights.get(&format!("heads.{name}.bias"), &[out as i64])?)?
        } else {
            vec![0.0; out]
        };
        Ok(Self {
            rows: super::encoder::rows_of(&rows)?,
            bias,
        })
    }

    fn apply(&self, input: &[f32]) -> Vec<f32> {
        let all = self.rows.iter().zip(&self.bias);
        let dot = |row: &[f32]| {
            row.iter()
                .zip(input)
                .map(|(a, b)| f64::from(a * b))
                .sum::<f64>()
        };
        all.map(|(row, bias)| (dot(row) + f64::from(*bias)) as f32)
            .collect()
    }
}

/// `heads.json`.
#[derive(Deserialize)]
struct File {
    max_length: usize,
    sentiment: Sentiment,
    emotion: Emotions,
}

#[derive(Deserialize)]
struct Sentiment {
    labels: Vec<String>,
    temperature: BTreeMap<String, f32>,
}

#[derive(Deserialize)]
struct Emotions {
    labels: Vec<String>,
    thresholds: BTreeMap<String, BTreeMap<String, f32>>,
}

impl Pooled {
    /// The heads in a folder; `None` where it has none of ours.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when they are damaged.
    pub fn open(folder: &Path, weights: &Weights, width: i64) -> Result<Option<Self>> {
        let path = folder.join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(|error| {
            Error::io("the file of the model's heads cannot be read", error).at(&path)
        })?;
        Self::parse(&text, weights, width)
            .map(Some)
            .map_err(|error| error.at(&path))
    }

    /// The heads that the text of such a file tells of.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when they are damaged.
    pub fn parse(text: &str, weights: &Weights, width: i64) -> Result<Self> {
        let damaged = || Error::model("the file of the model's heads is damaged").hint(COPY);
        let file: File = serde_json::from_str(text).map_err(|error| damaged().caused_by(error))?;
        if file.sentiment.labels != ["negative", "neutral", "positive"] || file.max_length < 3 {
            return Err(damaged());
        }
        let temperature = |lang: Lang| file.sentiment.temperature.get(lang.code()).copied();
        let read = |lang: Lang| {
            let thresholds = file.emotion.thresholds.get(lang.code());
            let rows = file.emotion.labels.iter().enumerate();
            let read = rows.filter_map(|(row, label)| {
                Some((Emotion::parse(label)?, row, *thresholds?.get(label)?))
            });
            read.collect::<Vec<_>>()
        };
        let mut temperatures = [1.0; 2];
        for lang in Lang::ALL {
            temperatures[lang as usize] = temperature(lang)
                .filter(|one| *one > 0.0)
                .ok_or_else(damaged)?;
        }
        let labels = file.emotion.labels.len();
        Ok(Self {
            sentiment: Linear::new(weights, "sentiment", 3, width, true)?,
            temperatures,
            emotion: Linear::new(weights, "emotion", labels, width, true)?,
            emotions: Lang::ALL.map(read),
            embedding: Linear::new(weights, "embedding", width as usize, width, false)?,
            longest: file.max_length,
        })
    }

    /// The logits of negative, neutral and positive, as they are in a language.
    pub fn sentiment(&self, mean: &[f32], lang: Lang) -> [f32; 3] {
        let logits = self.sentiment.apply(mean);
        std::array::from_fn(|at| logits[at] / self.temperatures[lang as usize])
    }

    /// The logit of each emotion that is read in a language, and the probability from which it is expressed.
    pub fn emotions(&self, mean: &[f32], lang: Lang) -> Vec<(Emotion, f32, f32)> {
        let logits = self.emotion.apply(mean);
        let read = self.emotions[lang as usize].iter();
        read.map(|(emotion, row, from)| (*emotion, logits[*row], *from))
            .collect()
    }

    /// The emotions that are read in a language, with the probability from which each is expressed.
    pub fn thresholds(&self, lang: Lang) -> impl Iterator<Item = (Emotion, f32)> + '_ {
        let read = self.emotions[lang as usize].iter();
        read.map(|(emotion, _, from)| (*emotion, *from))
    }

    /// The vector of a text, of whatever length.
    pub fn embedding(&self, mean: &[f32]) -> Vec<f32> {
        self.embedding.apply(mean)
    }
}
