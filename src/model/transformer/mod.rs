//! The accurate tier: a transformer in a folder, read through rust-bert.
//!
//! ```text
//! texts ──pieces──▶ windows ──groups──▶ rows of one length ──encoder──▶ vectors ──head──▶ logits ──▶ Reading
//! ```
//!
//! What the transformer does not say (a sentiment model no emotions, say, or the clauses of a text) the
//! fast model beneath it says, so that a reading is always whole.

mod config;
mod encoder;
mod explain;
mod heads;
mod pieces;
mod weights;
mod windows;

use super::labels::{self, Meaning};
use super::{Card, Classifier, Linear, Reading, Text, agrees, sigmoid};
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::sentiment::{Polarity, Sentiment};
use crate::text::Vocabulary;
use config::Config;
use encoder::{Encoder, rows_of, without_gradient};
use heads::Head;
use pieces::Pieces;
use rayon::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};
use weights::Weights;

/// A transformer, and the fast model beneath it.
pub struct Transformer {
    card: Card,
    config: Config,
    meaning: Option<Meaning>,
    pieces: Pieces,
    weights: Mutex<Weights>,
    /// Copies that wait for a thread. They share the memory of the weights.
    copies: Mutex<Vec<Copy>>,
    fast: Linear,
}

/// The encoder and head, for one thread at a time.
struct Copy {
    encoder: Encoder,
    head: Option<Head>,
}

impl Transformer {
    /// The model in a folder as Hugging Face's libraries write it, with its card where it has one.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when a file is missing or damaged, or the model is of a kind that
    /// is not read; the hint says what would work.
    pub fn open(folder: &Path, table: Option<&Path>, vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        let config = Config::open(folder)?;
        let pieces = Pieces::open(folder, &config)?;
        let own = folder.join(labels::FILE);
        let table = table.or_else(|| own.is_file().then_some(own.as_path()));
        let meaning = match config.labels.as_slice() {
            [] => None,
            labels => {
                let meaning = Meaning::of(labels, &config.origin, table);
                Some(meaning.map_err(|error| error.at(folder))?)
            }
        };
        use_one_thread_per_copy();
        let weights = Weights::open(folder, config.family)?;
        let opened = Self {
            card: Card::default(),
            copies: Mutex::default(),
            weights: Mutex::new(weights),
            fast: Linear::shipped(vocabulary)?,
            meaning,
            config,
            pieces,
        };
        opened.try_out().map_err(|error| error.at(folder))?;
        let card = super::shelf::card_in(folder)?;
        Ok(Self {
            card: match card {
                Some(card) => card,
                None => opened.describe(folder)?,
            },
            ..opened
        })
    }

    /// Runs the model once: a folder whose parts do not fit is refused when it is opened.
    fn try_out(&self) -> Result<()> {
        let smoke = ["Muy buena atención 😊", "I waited forty minutes."];
        let finite = |numbers: &Vec<f32>| numbers.iter().all(|number| number.is_finite());
        if !self.run(&smoke)?.iter().all(finite) {
            return Err(Error::model("the model gives numbers that are none")
                .hint("the weights are damaged, or need more than half precision"));
        }
        Ok(())
    }

    /// The card of a model that has none of its own.
    fn describe(&self, folder: &Path) -> Result<Card> {
        let name = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let name = name
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let files = super::shelf::checksums(&Self::files(folder)?)?;
        let config = &self.config;
        let says = match &self.meaning {
            Some(Meaning::Sentiment(_)) => "sentiment",
            Some(Meaning::Emotions(_)) => "emotions",
            None => "sentence embeddings",
        };
        Ok(Card {
            name: name.unwrap_or_else(|| "transformer".to_owned()),
            version: super::shelf::version(&files),
            about: format!(
                "A transformer ({}, {} layers of {}, {} pieces) for {says}{}. What it does not say, {} says.",
                config.family.name(),
                config.layers,
                config.width,
                config.pieces,
                if config.origin.is_empty() {
                    String::new()
                } else {
                    format!(", made from {}", config.origin)
                },
                self.fast.card().identity(),
            ),
            sources: Vec::new(),
            thresholds: self.fast.card().thresholds.clone(),
            off: self.fast.card().off.clone(),
            files,
            ..Card::default()
        })
    }

    /// The table of the labels, to be read and changed; `None` for a model without a classifier.
    pub fn labels(&self) -> Option<String> {
        Some(self.meaning.as_ref()?.to_toml(&self.config.labels))
    }

    /// The files that the model in a folder is made of, beside its card and table of labels.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there are no weights.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
        let mut files = vec![folder.join("config.json"), weights::file(folder)?];
        files.extend(pieces::files(folder));
        Ok(files)
    }

    /// The pieces of a text as the model is given them, of its first window.
    pub fn pieces(&self, text: &str) -> Vec<i64> {
        let ids = self.pieces.split(text);
        let most = self.pieces.longest().saturating_sub(2);
        self.pieces.row(&ids[..ids.len().min(most)])
    }

    /// The logits of each text, in the order of the model's labels; for a text of several windows the
    /// mean of theirs, each by its pieces.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails, or the model has no classifier.
    pub fn logits(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        if self.meaning.is_none() {
            return Err(Error::model("the model has no classifier")
                .hint("it gives vectors of texts only: `voz embed`"));
        }
        self.run(texts)
    }

    /// Logits, or mean vectors where there is no classifier, worked out on every core.
    fn run(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let most = self.pieces.longest().saturating_sub(2);
        let of_text = |(at, text): (usize, &&str)| {
            let ids = self.pieces.split(text);
            let windows = windows::windows(ids.len(), most).into_iter();
            let rows = windows.map(|window| (at, self.pieces.row(&ids[window])));
            rows.collect::<Vec<_>>()
        };
        let rows: Vec<(usize, Vec<i64>)> = texts
            .par_iter()
            .enumerate()
            .flat_map_iter(of_text)
            .collect();
        let lengths: Vec<usize> = rows.iter().map(|(_, row)| row.len()).collect();
        let groups = windows::groups(&lengths);
        let ran: Result<Vec<Vec<Vec<f32>>>> = groups
            .par_iter()
            .map(|group| self.run_group(group, &rows))
            .collect();
        let mut of_rows: Vec<Vec<f32>> = vec![Vec::new(); rows.len()];
        for (group, ran) in groups.iter().zip(ran?) {
            for (row, numbers) in group.iter().zip(ran) {
                of_rows[*row] = numbers;
            }
        }
        Ok(means(texts.len(), &rows, of_rows))
    }

    /// Runs some rows of one length on this thread.
    fn run_group(&self, group: &[usize], rows: &[(usize, Vec<i64>)]) -> Result<Vec<Vec<f32>>> {
        let rows: Vec<&[i64]> = group.iter().map(|row| rows[*row].1.as_slice()).collect();
        let copy = self.copy()?;
        // A copy in which something failed is not used again.
        let ran = catch_unwind(AssertUnwindSafe(|| copy.run(&rows)));
        let ran = ran.unwrap_or_else(|_| Err(Error::model("the transformer failed")))?;
        locked(&self.copies).push(copy);
        Ok(ran)
    }

    /// A copy for this thread, from those that wait or a new one.
    fn copy(&self) -> Result<Copy> {
        let waiting = locked(&self.copies).pop();
        match waiting {
            Some(copy) => Ok(copy),
            None => Copy::new(&self.config, &locked(&self.weights)),
        }
    }

    /// The sentiment of logits.
    fn sentiment(&self, logits: &[f32], sides: &[Polarity]) -> Sentiment {
        let mut probabilities = [0.0; 3];
        for (probability, side) in self.probabilities(logits).into_iter().zip(sides) {
            probabilities[*side as usize] += probability;
        }
        // Labels that are not each other's rest need not sum to 1.
        let sum: f32 = probabilities.iter().sum();
        let probabilities = probabilities.map(|one| if sum > 0.0 { one / sum } else { 1.0 / 3.0 });
        let probability = |side: &Polarity| probabilities[*side as usize];
        // Of equals the first, as everywhere.
        let label = Polarity::ALL
            .into_iter()
            .rev()
            .max_by(|a, b| probability(a).total_cmp(&probability(b)));
        Sentiment {
            label: label.unwrap_or(Polarity::Neutral),
            probabilities,
        }
    }

    /// The probability of each label.
    fn probabilities(&self, logits: &[f32]) -> Vec<f32> {
        if self.config.several {
            return logits.iter().map(|logit| sigmoid(*logit)).collect();
        }
        let largest = logits.iter().copied().fold(f32::MIN, f32::max);
        let powers: Vec<f32> = logits
            .iter()
            .map(|logit| libm::expf(logit - largest))
            .collect();
        let sum: f32 = powers.iter().sum();
        powers.into_iter().map(|power| power / sum).collect()
    }

    /// Puts what the transformer says into what the fast model read.
    fn overlay(&self, logits: &[f32], text: &Text<'_>, reading: &mut Reading) {
        match &self.meaning {
            None => {}
            Some(Meaning::Sentiment(sides)) => {
                let sentiment = self.sentiment(logits, sides);
                reading.sentiment = Some(sentiment);
                if let ([_], [only]) = (text.clauses, reading.clauses.as_mut_slice()) {
                    *only = sentiment;
                }
                for emotion in Emotion::ALL {
                    if reading.emotions.is_expressed(emotion) && !agrees(emotion, &sentiment) {
                        let probability = reading.emotions.probability(emotion).unwrap_or_default();
                        reading.emotions.set(emotion, probability, false);
                    }
                }
            }
            Some(Meaning::Emotions(_)) => {
                for (emotion, probability) in self.emotions(logits) {
                    reading
                        .emotions
                        .set(emotion, probability, probability >= EXPRESSED);
                }
            }
        }
    }

    /// The emotions that the transformer reads, with their probabilities. Of several labels of one emotion
    /// the surest counts where a text may have several, else all of them.
    fn emotions(&self, logits: &[f32]) -> Vec<(Emotion, f32)> {
        let Some(Meaning::Emotions(meant)) = &self.meaning else {
            return Vec::new();
        };
        let probabilities = self.probabilities(logits);
        let of = |emotion: Emotion| {
            let labels = meant.iter().zip(&probabilities);
            let own = labels
                .filter(|(one, _)| **one == Some(emotion))
                .map(|(_, probability)| *probability);
            let probability = if self.config.several {
                own.reduce(f32::max)
            } else {
                own.reduce(|a, b| a + b)
            };
            Some((emotion, probability?.min(1.0)))
        };
        Emotion::ALL.into_iter().filter_map(of).collect()
    }
}

/// The probability from which an emotion is expressed, where the model's card says nothing else.
const EXPRESSED: f32 = 0.5;

impl Copy {
    fn new(config: &Config, weights: &Weights) -> Result<Self> {
        without_gradient(|| {
            let classifies = !config.labels.is_empty();
            let head = classifies.then(|| Head::new(config, weights)).transpose()?;
            Ok(Self {
                encoder: Encoder::new(config, weights)?,
                head,
            })
        })
    }

    /// Logits of rows of one length; the means of their vectors where there is no classifier.
    fn run(&self, rows: &[&[i64]]) -> Result<Vec<Vec<f32>>> {
        without_gradient(|| {
            let hidden = self.encoder.encode(rows)?;
            match &self.head {
                Some(head) => rows_of(&head.logits(&hidden)),
                None => rows_of(&hidden.mean_dim(1, false, tch::Kind::Float)),
            }
        })
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Each copy computes on its own thread: copies side by side are faster than threads inside one, and
/// sums come out the same however many there are.
fn use_one_thread_per_copy() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| tch::set_num_threads(1));
}

/// The mean over the windows of each text, each by its pieces.
fn means(texts: usize, rows: &[(usize, Vec<i64>)], of_rows: Vec<Vec<f32>>) -> Vec<Vec<f32>> {
    let mut sums: Vec<(Vec<f32>, f32)> = vec![(Vec::new(), 0.0); texts];
    for ((text, row), numbers) in rows.iter().zip(of_rows) {
        let weight = row.len() as f32;
        let (sum, total) = &mut sums[*text];
        if sum.is_empty() {
            *total = weight;
            *sum = numbers;
            continue;
        }
        let mean = |old: f32, new: f32| (old * *total + new * weight) / (*total + weight);
        sum.iter_mut()
            .zip(numbers)
            .for_each(|(old, new)| *old = mean(*old, new));
        *total += weight;
    }
    sums.into_iter().map(|(sum, _)| sum).collect()
}

impl Classifier for Transformer {
    fn card(&self) -> &Card {
        &self.card
    }

    /// Enough for full groups of every length; a slow model is heard of every few seconds.
    fn batch(&self) -> usize {
        1024
    }

    fn classify(&self, texts: &[Text<'_>]) -> Result<Vec<Reading>> {
        let mut readings = self.fast.classify(texts)?;
        let strings: Vec<&str> = texts.iter().map(|text| text.text).collect();
        let logits = self.logits(&strings)?;
        for ((reading, logits), text) in readings.iter_mut().zip(&logits).zip(texts) {
            self.overlay(logits, text, reading);
        }
        Ok(readings)
    }

    /// The mean of the vectors of the pieces.
    fn vectors(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        if self.meaning.is_some() {
            return Err(
                Error::model("the model is a classifier, and gives no vectors of texts")
                    .hint("sentence embeddings come from models without a classifier"),
            );
        }
        let mut vectors = self.run(texts)?;
        for vector in &mut vectors {
            let length = vector
                .iter()
                .map(|number| f64::from(*number).powi(2))
                .sum::<f64>()
                .sqrt();
            if length > 0.0 {
                vector
                    .iter_mut()
                    .for_each(|number| *number = (f64::from(*number) / length) as f32);
            }
        }
        Ok(vectors)
    }

    fn explain(&self, text: &Text<'_>) -> Result<super::Explanation> {
        self.why(text)
    }
}
