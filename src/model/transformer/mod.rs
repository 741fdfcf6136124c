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
mod labels;
mod layers;
mod pieces;
mod pooled;
mod runner;
mod shipped;
mod weights;
mod windows;

use super::shelf;
use super::{Card, Classifier, Linear, Reading, Text, agrees, sigmoid};
use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::sentiment::{Polarity, Sentiment};
use crate::text::Vocabulary;
use config::Config;
use labels::Meaning;
use pieces::Pieces;
use pooled::Pooled;
use runner::{Passage, Runner};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use weights::Weights;

/// A transformer, and the fast model beneath it.
pub struct Transformer {
    card: Card,
    runner: Runner,
    says: Says,
    fast: Linear,
}

/// What stands on the encoder.
enum Says {
    /// Nothing: its vectors are what is wanted.
    Vectors,
    /// A classifier, what its labels are called and mean; true where a text may have several.
    Labels {
        labels: Vec<String>,
        meaning: Meaning,
        several: bool,
    },
    /// Heads of our own.
    Heads(Pooled),
}

/// The probability from which an emotion is expressed, where a model says nothing else.
const EXPRESSED: f32 = 0.5;

impl Transformer {
    /// The model in a folder as Hugging Face's libraries write it, with its card where it has one.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when a file is missing or damaged, or the model is of a kind that
    /// is not read; the hint says what would work.
    pub fn open(folder: &Path, table: Option<&Path>, vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        runner::use_one_thread_per_copy();
        let config = Config::open(folder)?;
        let pieces = Pieces::open(folder, &config)?;
        let says = labels_in(folder, &config, table)?;
        let weights = Weights::open(folder, config.family)?;
        let heads = Pooled::open(folder, &weights, config.width)?;
        if let (Some(table), true) = (table, config.labels.is_empty()) {
            return Err(Error::usage(
                "the model has no labels, so there is nothing for a table to say",
            )
            .at(table)
            .hint("leave out --labels"));
        }
        let longest = heads.as_ref().map_or(usize::MAX, |heads| heads.longest);
        let says = heads.map_or(says, Says::Heads);
        let card = shelf::card_in(folder)?;
        let about = about(&config, &says);
        let opened = Self {
            card: Card::default(),
            runner: Runner::new(config, pieces, longest, weights),
            fast: Linear::shipped(vocabulary)?,
            says,
        };
        opened.try_out().map_err(|error| error.at(folder))?;
        let card = match card {
            Some(card) => card,
            None => opened.describe(folder, &about)?,
        };
        Ok(Self { card, ..opened })
    }

    /// The bilingual model that is built into the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
    pub fn accurate(vocabulary: &Arc<Vocabulary>) -> Result<Self> {
        runner::use_one_thread_per_copy();
        let config = Config::parse(shipped::CONFIG)?;
        let pieces = Pieces::parse(shipped::TOKENIZER, &config)?;
        let weights = Weights::parse(
            shipped::WEIGHTS,
            config.family,
            Path::new(weights::FILES[0]),
        )?;
        let heads = Pooled::parse(shipped::HEADS, &weights, config.width)?;
        Ok(Self {
            card: Self::accurate_card()?,
            runner: Runner::new(config, pieces, heads.longest, weights),
            fast: Linear::shipped(vocabulary)?,
            says: Says::Heads(heads),
        })
    }

    /// The card of the model that is built into the program.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if it is damaged.
    pub fn accurate_card() -> Result<Card> {
        serde_json::from_str(shipped::CARD)
            .map_err(|error| Error::model("the shipped card is damaged").caused_by(error))
    }

    /// Runs the model once: a folder whose parts do not fit is refused when it is opened.
    fn try_out(&self) -> Result<()> {
        let smoke = ["Muy buena atención 😊", "I waited forty minutes."];
        let ran = self.runner.run(&smoke.map(Passage::whole))?;
        let numbers = ran.iter().flatten().flatten();
        if numbers.into_iter().any(|number| !number.is_finite()) {
            return Err(Error::model("the model gives numbers that are none")
                .hint("the weights are damaged, or need more than half precision"));
        }
        Ok(())
    }

    /// The card of a model that has none of its own.
    fn describe(&self, folder: &Path, about: &str) -> Result<Card> {
        let name = folder
            .canonicalize()
            .unwrap_or_else(|_| folder.to_owned())
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let files = shelf::checksums(&Self::files(folder)?)?;
        let fast = self.fast.card();
        let mut card = Card {
            name: name.unwrap_or_else(|| "transformer".to_owned()),
            version: shelf::version(&files),
            about: format!("{about}. What it does not say, {} says.", fast.identity()),
            thresholds: fast.thresholds.clone(),
            off: fast.off.clone(),
            files,
            ..Card::default()
        };
        if let Says::Vectors = &self.says {
            card.about = format!("{about}.");
            card.thresholds.clear();
            card.off.clear();
        }
        for lang in Lang::ALL {
            for (emotion, from) in self.thresholds(lang) {
                let name = emotion.name();
                let of_lang = card.thresholds.entry(lang.code().to_owned());
                of_lang.or_default().insert(name.to_owned(), from);
                if let Some(off) = card.off.get_mut(lang.code()) {
                    off.retain(|one| one != name);
                }
            }
        }
        Ok(card)
    }

    /// The emotions that the transformer itself reads, with the probability from which each is expressed.
    fn thresholds(&self, lang: Lang) -> Vec<(Emotion, f32)> {
        match &self.says {
            Says::Labels {
                meaning: Meaning::Emotions(meant),
                ..
            } => meant
                .iter()
                .flatten()
                .map(|emotion| (*emotion, EXPRESSED))
                .collect(),
            Says::Heads(heads) => heads.thresholds(lang).collect(),
            Says::Labels { .. } | Says::Vectors => Vec::new(),
        }
    }

    /// The table of the labels, to be read and changed; `None` for a model without labels of its own.
    pub fn labels(&self) -> Option<String> {
        match &self.says {
            Says::Labels {
                labels, meaning, ..
            } => Some(meaning.to_toml(labels)),
            Says::Vectors | Says::Heads(_) => None,
        }
    }

    /// The files that the model in a folder is made of, beside its card and table of labels.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there are no weights.
    pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
        let mut files = vec![folder.join("config.json"), weights::file(folder)?];
        files.extend(pieces::files(folder));
        let heads = folder.join(pooled::FILE);
        files.extend(heads.is_file().then_some(heads));
        Ok(files)
    }

    /// The pieces of a text as the model is given them, of its first window.
    pub fn pieces(&self, text: &str) -> Vec<i64> {
        self.runner.pieces(text)
    }

    /// The logits of each text, in the order of the model's labels; for a text of several windows the
    /// mean of theirs, each by its pieces.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the backend fails, or the model has no labels of its own.
    pub fn logits(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let Says::Labels { .. } = &self.says else {
            return Err(Error::model("the model has no classifier")
                .hint("it gives vectors of texts only: `voz embed`"));
        };
        self.wholes(texts)
    }

    /// What the runner gives of whole texts.
    fn wholes(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        let passages: Vec<Passage<'_>> = texts.iter().map(|text| Passage::whole(text)).collect();
        let ran = self.runner.run(&passages)?.into_iter();
        Ok(ran
            .map(|slots| slots.into_iter().next().unwrap_or_default())
            .collect())
    }

    /// What the transformer says of each text, as our own labels have it.
    fn findings(&self, texts: &[Text<'_>]) -> Result<Vec<Findings>> {
        match &self.says {
            Says::Vectors => Err(Error::model("the model has no classifier")
                .hint("it gives vectors of texts only: `voz embed`")),
            Says::Labels {
                meaning, several, ..
            } => {
                let strings: Vec<&str> = texts.iter().map(|text| text.text).collect();
                let logits = self.logits(&strings)?;
                Ok(logits
                    .iter()
                    .map(|logits| Findings::of(logits, meaning, *several))
                    .collect())
            }
            Says::Heads(heads) => {
                let passages: Vec<Passage<'_>> = texts.iter().map(with_clauses).collect();
                let ran = self.runner.run(&passages)?;
                let all = ran.iter().zip(texts);
                Ok(all
                    .map(|(means, text)| Findings::of_means(means, heads, text.lang))
                    .collect())
            }
        }
    }
}

/// A text with its clauses, where it has several.
fn with_clauses<'t>(text: &Text<'t>) -> Passage<'t> {
    let spans = text.clauses.iter().map(|clause| clause.span.clone());
    Passage {
        text: text.text,
        parts: if text.clauses.len() > 1 {
            spans.collect()
        } else {
            Vec::new()
        },
    }
}

/// The labels of a model as they are told by its folder, and what they mean.
fn labels_in(folder: &Path, config: &Config, table: Option<&Path>) -> Result<Says> {
    if config.labels.is_empty() {
        return Ok(Says::Vectors);
    }
    let own = folder.join(shelf::LABELS);
    let table = table.or_else(|| own.is_file().then_some(own.as_path()));
    let meaning = Meaning::of(&config.labels, &config.origin, table);
    Ok(Says::Labels {
        labels: config.labels.clone(),
        meaning: meaning.map_err(|error| error.at(folder))?,
        several: config.several,
    })
}

/// What a model is, in a sentence.
fn about(config: &Config, says: &Says) -> String {
    let says = match says {
        Says::Vectors => "sentence embeddings",
        Says::Heads(_) => "sentiment, emotions and sentence embeddings",
        Says::Labels { meaning, .. } => match meaning {
            Meaning::Sentiment(_) => "sentiment",
            Meaning::Emotions(_) => "emotions",
        },
    };
    let origin = match config.origin.as_str() {
        "" => String::new(),
        origin => format!(", made from {origin}"),
    };
    format!(
        "A transformer ({}, {} layers of {}, {} pieces) for {says}{origin}",
        config.family.name(),
        config.layers,
        config.width,
        config.pieces,
    )
}

/// What a transformer says of a text.
#[derive(Default)]
struct Findings {
    sentiment: Option<Sentiment>,
    /// The emotions it reads, each with its probability and that from which it is expressed.
    emotions: Vec<(Emotion, f32, f32)>,
    /// Of each clause; empty where it says nothing of clauses.
    clauses: Vec<Option<Sentiment>>,
}

impl Findings {
    /// What the logits of a classifier mean.
    fn of(logits: &[f32], meaning: &Meaning, several: bool) -> Self {
        let probabilities = if several {
            logits.iter().map(|logit| sigmoid(*logit)).collect()
        } else {
            softmax(logits)
        };
        match meaning {
            Meaning::Sentiment(sides) => Self {
                sentiment: Some(of_sides(&probabilities, sides)),
                ..Self::default()
            },
            Meaning::Emotions(meant) => Self {
                emotions: of_emotions(&probabilities, meant, several),
                ..Self::default()
            },
        }
    }

    /// What heads say of the mean of a text, and of those of its clauses.
    fn of_means(means: &[Vec<f32>], heads: &Pooled, lang: Lang) -> Self {
        let sentiment = |mean: &Vec<f32>| {
            let probabilities = (!mean.is_empty()).then(|| softmax(&heads.sentiment(mean, lang)));
            probabilities.map(|probabilities| of_sides(&probabilities, &Polarity::ALL))
        };
        let Some((whole, clauses)) = means.split_first() else {
            return Self::default();
        };
        let emotions = heads.emotions(whole, lang).into_iter();
        Self {
            sentiment: sentiment(whole),
            emotions: emotions
                .map(|(emotion, logit, from)| (emotion, sigmoid(logit), from))
                .collect(),
            clauses: clauses.iter().map(sentiment).collect(),
        }
    }

    /// Puts them in the place of what the fast model read.
    fn overlay(&self, reading: &mut Reading) {
        if let Some(sentiment) = self.sentiment {
            reading.sentiment = Some(sentiment);
            if let [only] = reading.clauses.as_mut_slice() {
                *only = sentiment;
            }
            for emotion in Emotion::ALL {
                if reading.emotions.is_expressed(emotion) && !agrees(emotion, &sentiment) {
                    let probability = reading.emotions.probability(emotion).unwrap_or_default();
                    reading.emotions.set(emotion, probability, false);
                }
            }
        }
        for (clause, own) in reading.clauses.iter_mut().zip(&self.clauses) {
            if let Some(own) = own {
                *clause = *own;
            }
        }
        for (emotion, probability, from) in &self.emotions {
            reading
                .emotions
                .set(*emotion, *probability, probability >= from);
        }
    }
}

/// Probabilities of logits of which one is true.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::MIN, f32::max);
    let powers = logits.iter().map(|logit| libm::expf(logit - largest));
    let powers: Vec<f32> = powers.collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The sentiment of labels, each with its side.
fn of_sides(probabilities: &[f32], sides: &[Polarity]) -> Sentiment {
    let mut sums = [0.0; 3];
    for (probability, side) in probabilities.iter().zip(sides) {
        sums[*side as usize] += probability;
    }
    // Labels that are not each other's rest need not sum to 1.
    let sum: f32 = sums.iter().sum();
    let probabilities = sums.map(|one| if sum > 0.0 { one / sum } else { 1.0 / 3.0 });
    let probability = |side: &Polarity| probabilities[*side as usize];
    // Of equals the first, as everywhere.
    let sides = Polarity::ALL.into_iter().rev();
    let label = sides.max_by(|a, b| probability(a).total_cmp(&probability(b)));
    Sentiment {
        label: label.unwrap_or(Polarity::Neutral),
        probabilities,
    }
}

/// The emotions of labels. Of several labels of one emotion the surest counts where a text may have
/// several, else all of them.
fn of_emotions(
    probabilities: &[f32],
    meant: &[Option<Emotion>],
    several: bool,
) -> Vec<(Emotion, f32, f32)> {
    let of = |emotion: Emotion| {
        let labels = meant.iter().zip(probabilities);
        let own = labels.filter(|(one, _)| **one == Some(emotion));
        let own = own.map(|(_, probability)| *probability);
        let probability = if several {
            own.reduce(f32::max)
        } else {
            own.reduce(|a, b| a + b)
        };
        Some((emotion, probability?.min(1.0), EXPRESSED))
    };
    Emotion::ALL.into_iter().filter_map(of).collect()
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
        for (reading, findings) in readings.iter_mut().zip(self.findings(texts)?) {
            findings.overlay(reading);
        }
        Ok(readings)
    }

    /// The mean of the vectors of the pieces.
    fn vectors(&self, texts: &[&str]) -> Result<Vec<Vec<f32>>> {
        if let Says::Labels { .. } = &self.says {
            return Err(
                Error::model("the model is a classifier, and gives no vectors of texts")
                    .hint("sentence embeddings come from models without a classifier"),
            );
        }
        let mut vectors = self.wholes(texts)?;
        for vector in &mut vectors {
            if let Says::Heads(heads) = &self.says {
                *vector = heads.embedding(vector);
            }
            let squares = vector.iter().map(|number| f64::from(*number).powi(2));
            let length = squares.sum::<f64>().sqrt();
            if length > 0.0 {
                let unit = |number: &mut f32| *number = (f64::from(*number) / length) as f32;
                vector.iter_mut().for_each(unit);
            }
        }
        Ok(vectors)
    }

    fn explain(&self, text: &Text<'_>) -> Result<super::Explanation> {
        self.why(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_are_added_up_by_side() {
        use Polarity::{Negative, Neutral, Positive};
        let sides = [Negative, Negative, Neutral, Positive, Positive];
        let meaning = Meaning::Sentiment(sides.to_vec());
        let logits: Vec<f32> = [0.2_f32, 0.2, 0.3, 0.1, 0.2].map(f32::ln).to_vec();
        let found = Findings::of(&logits, &meaning, false).sentiment.unwrap();
        assert_eq!(found.label, Negative, "two stars and one star together");
        assert!((found.probabilities[0] - 0.4).abs() < 1e-6, "{found:?}");
    }

    #[test]
    fn of_two_labels_of_one_emotion_the_surest_counts_where_there_may_be_several() {
        let meaning = Meaning::Emotions(vec![Some(Emotion::Joy), None, Some(Emotion::Joy)]);
        let joy = |several| Findings::of(&[0.0, 3.0, -1.0], &meaning, several).emotions[0].1;
        assert!((joy(true) - 0.5).abs() < 1e-6);
        let one_of_three = joy(false);
        assert!(one_of_three > 0.05 && one_of_three < 0.1, "{one_of_three}");
    }

    #[test]
    fn what_is_not_said_stays_as_the_fast_model_read_it() {
        let mut reading = Reading::default();
        reading.emotions.set(Emotion::Anger, 0.9, true);
        reading.emotions.set(Emotion::Surprise, 0.9, true);
        let meaning = Meaning::Sentiment(Polarity::ALL.to_vec());
        Findings::of(&[-9.0, 0.0, 9.0], &meaning, false).overlay(&mut reading);
        assert_eq!(reading.sentiment.unwrap().label, Polarity::Positive);
        assert!(
            !reading.emotions.is_expressed(Emotion::Anger),
            "no anger in plain praise"
        );
        assert!(reading.emotions.is_expressed(Emotion::Surprise));
    }
}
