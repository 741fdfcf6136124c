//! The emotions a text can show: the one list, each with its side and cluster.
//!
//! After Shaw, *The DNA of Customer Experience* (2007), narrowed to what text shows.

use serde::{Deserialize, Serialize};

/// One emotion of a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(
    missing_docs,
    reason = "the names say it; `neglected` and `hurried` are told below"
)]
pub enum Emotion {
    Joy,
    Gratitude,
    Trust,
    Admiration,
    Interest,
    Anger,
    Frustration,
    Disappointment,
    Sadness,
    /// Fear, worry or stress.
    Fear,
    Disgust,
    /// Left alone: nobody answers, left hanging, ignored.
    Neglected,
    /// Rushed or pushed out.
    Hurried,
    Surprise,
    Confusion,
}

/// On which side of the Net Emotional Value an emotion counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Adds value.
    Positive,
    /// Destroys value.
    Negative,
    /// Either, by the sign of the clause it is in.
    Either,
}

/// Shaw's clusters of emotions, by what they do to a customer's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cluster {
    /// Customers who speak for the company.
    Advocacy,
    /// Customers who come back and recommend.
    Recommendation,
    /// Customers who look closer.
    Attention,
    /// Customers who leave.
    Destroying,
}

/// How many emotions there are.
pub const COUNT: usize = 15;

impl Emotion {
    /// Every emotion, in the order of every array over emotions in this crate.
    pub const ALL: [Self; COUNT] = [
        Self::Joy,
        Self::Gratitude,
        Self::Trust,
        Self::Admiration,
        Self::Interest,
        Self::Anger,
        Self::Frustration,
        Self::Disappointment,
        Self::Sadness,
        Self::Fear,
        Self::Disgust,
        Self::Neglected,
        Self::Hurried,
        Self::Surprise,
        Self::Confusion,
    ];

    /// The English name in lower case, as in output and queries.
    pub fn name(self) -> &'static str {
        match self {
            Self::Joy => "joy",
            Self::Gratitude => "gratitude",
            Self::Trust => "trust",
            Self::Admiration => "admiration",
            Self::Interest => "interest",
            Self::Anger => "anger",
            Self::Frustration => "frustration",
            Self::Disappointment => "disappointment",
            Self::Sadness => "sadness",
            Self::Fear => "fear",
            Self::Disgust => "disgust",
            Self::Neglected => "neglected",
            Self::Hurried => "hurried",
            Self::Surprise => "surprise",
            Self::Confusion => "confusion",
        }
    }

    /// The emotion called `name`, if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|emotion| emotion.name() == name)
    }

    /// On which side it counts.
    pub fn side(self) -> Side {
        match self {
            Self::Joy | Self::Gratitude | Self::Trust | Self::Admiration | Self::Interest => {
                Side::Positive
            }
            Self::Surprise | Self::Confusion => Side::Either,
            _ => Side::Negative,
        }
    }

    /// Its cluster; `None` for the two that take their side from the clause.
    pub fn cluster(self) -> Option<Cluster> {
        match self {
            Self::Joy | Self::Gratitude => Some(Cluster::Advocacy),
            Self::Trust | Self::Admiration => Some(Cluster::Recommendation),
            Self::Interest => Some(Cluster::Attention),
            Self::Surprise | Self::Confusion => None,
            _ => Some(Cluster::Destroying),
        }
    }
}

/// A probability for each emotion that a model knows in the text's language, and which of them
/// are expressed.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Emotions {
    probabilities: [f32; COUNT],
    known: u16,
    expressed: u16,
}

impl Emotions {
    /// Nothing known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the probability (0 to 1) of an emotion and whether it is expressed.
    pub fn set(&mut self, emotion: Emotion, probability: f32, expressed: bool) {
        let bit = 1 << emotion as u16;
        self.probabilities[emotion as usize] = probability;
        self.known |= bit;
        if expressed {
            self.expressed |= bit;
        } else {
            self.expressed &= !bit;
        }
    }

    /// Its probability, 0 to 1; `None` where the model does not know the emotion.
    pub fn probability(&self, emotion: Emotion) -> Option<f32> {
        (self.known & (1 << emotion as u16) != 0).then(|| self.probabilities[emotion as usize])
    }

    /// True when the emotion passes the threshold on the model's card.
    pub fn is_expressed(&self, emotion: Emotion) -> bool {
        self.expressed & (1 << emotion as u16) != 0
    }

    /// The emotions that are expressed, in the order of [`Emotion::ALL`].
    pub fn expressed(&self) -> impl Iterator<Item = Emotion> + '_ {
        Emotion::ALL
            .into_iter()
            .filter(|emotion| self.is_expressed(*emotion))
    }

    /// The emotions the model knows with their probabilities, in the order of [`Emotion::ALL`].
    pub fn iter(&self) -> impl Iterator<Item = (Emotion, f32)> + '_ {
        Emotion::ALL
            .into_iter()
            .filter_map(|emotion| Some((emotion, self.probability(emotion)?)))
    }
}
