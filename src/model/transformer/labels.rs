//! What the labels of a foreign model mean here: a table, known for models that many use.

use crate::emotion::Emotion;
use crate::error::{Error, Result};
use crate::sentiment::Polarity;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// What a classifier says, label by label, in our words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The side of each label.
    Sentiment(Vec<Polarity>),
    /// The emotion of each label; `None` where it is none of ours.
    Emotions(Vec<Option<Emotion>>),
}

/// What stands in a table for a label that shows none of our emotions.
const NONE: &str = "none";

/// A table that is filled in by hand.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Table {
    labels: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Known {
    scheme: Vec<Scheme>,
}

/// The labels of models that are known.
#[derive(Deserialize)]
struct Scheme {
    /// Part of the name of the models; needed where the labels alone may mean anything.
    origin: Option<String>,
    labels: BTreeMap<String, String>,
}

impl Meaning {
    /// What `labels` mean: as `table` says where there is one, else as known models have them.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] for labels that nobody maps, with the table to fill in.
    pub fn of(labels: &[String], origin: &str, table: Option<&Path>) -> Result<Self> {
        if let Some(path) = table {
            let text = std::fs::read_to_string(path)
                .map_err(|error| Error::io("the table of labels cannot be read", error).at(path))?;
            let table: Table = toml::from_str(&text).map_err(|error| {
                Error::model("the table of labels is damaged")
                    .at(path)
                    .caused_by(error)
                    .hint(to_fill_in(labels))
            })?;
            let unknown = |named: &&String| {
                let named = named.to_lowercase();
                labels.iter().all(|label| label.to_lowercase() != named)
            };
            if let Some(unknown) = table.labels.keys().find(unknown) {
                return Err(Error::model(format!("the model has no label `{unknown}`"))
                    .at(path)
                    .hint(to_fill_in(labels)));
            }
            return meant(labels, &table.labels).map_err(|error| error.at(path));
        }
        let known: Known = toml::from_str(include_str!("../../../models/transformers/labels.toml"))
            .map_err(|error| {
                Error::model("the shipped table of labels is damaged").caused_by(error)
            })?;
        let fits = |scheme: &&Scheme| {
            let from = scheme.origin.as_deref();
            from.is_none_or(|part| origin.to_lowercase().contains(part))
                && labels
                    .iter()
                    .all(|label| find(&scheme.labels, label).is_some())
        };
        match known.scheme.iter().find(fits) {
            Some(scheme) => meant(labels, &scheme.labels),
            None => Err(Error::model(format!(
                "the labels {} are of no model that is known",
                labels.join(", ")
            ))
            .hint(to_fill_in(labels))),
        }
    }

    /// The table of these labels, to be read and changed.
    pub fn to_toml(&self, labels: &[String]) -> String {
        let ours = |at: usize| match self {
            Self::Sentiment(sides) => sides[at].name(),
            Self::Emotions(emotions) => emotions[at].map_or(NONE, Emotion::name),
        };
        let all = labels.iter().enumerate();
        let labels = all
            .map(|(at, label)| (label.clone(), ours(at).to_owned()))
            .collect();
        toml::to_string(&Table { labels }).unwrap_or_default()
    }
}

/// A label in a table, whatever its case.
fn find<'t>(table: &'t BTreeMap<String, String>, label: &str) -> Option<&'t str> {
    let label = label.to_lowercase();
    let mut all = table.iter();
    all.find(|(name, _)| name.to_lowercase() == label)
        .map(|(_, ours)| ours.as_str())
}

fn meant(labels: &[String], table: &BTreeMap<String, String>) -> Result<Meaning> {
    let wrong = |message: String| Err(Error::model(message).hint(to_fill_in(labels)));
    let mut all = Vec::new();
    for label in labels {
        match find(table, label) {
            Some(ours) => all.push(ours),
            None => return wrong(format!("the table of labels lacks `{label}`")),
        }
    }
    let is_known = |ours: &str| {
        ours == NONE || Polarity::parse(ours).is_some() || Emotion::parse(ours).is_some()
    };
    if let Some(ours) = all.iter().find(|ours| !is_known(ours)) {
        return wrong(match *ours {
            "" => "the table of labels is not filled in".to_owned(),
            ours => format!("`{ours}` is no sentiment, no emotion of ours, and not `{NONE}`"),
        });
    }
    let sides: Option<Vec<Polarity>> = all.iter().map(|ours| Polarity::parse(ours)).collect();
    if let Some(sides) = sides {
        if Polarity::ALL
            .into_iter()
            .any(|side| side != Polarity::Neutral && !sides.contains(&side))
        {
            return wrong(
                "a sentiment needs labels that are negative and labels that are positive"
                    .to_owned(),
            );
        }
        return Ok(Meaning::Sentiment(sides));
    }
    let mut emotions = Vec::new();
    for ours in all {
        match Emotion::parse(ours) {
            None if ours != NONE => {
                return wrong("sentiments and emotions stand in one table of labels".to_owned());
            }
            emotion => emotions.push(emotion),
        }
    }
    if emotions.iter().all(Option::is_none) {
        return wrong("no label shows an emotion".to_owned());
    }
    Ok(Meaning::Emotions(emotions))
}

/// What a user is shown where labels are not known.
fn to_fill_in(labels: &[String]) -> String {
    let mut table = String::from(
        "say what each label is, in a file, and give it as --labels FILE:\n\n[labels]\n",
    );
    for label in labels {
        let _ = writeln!(table, "{} = \"\"", serde_json::Value::from(label.as_str()));
    }
    let emotions: Vec<&str> = Emotion::ALL.into_iter().map(Emotion::name).collect();
    let _ = write!(
        table,
        "\nof a sentiment model: negative, neutral, positive\nof an emotion model: {NONE}, {}",
        emotions.join(", ")
    );
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use Polarity::{Negative, Neutral, Positive};

    fn of(labels: &[&str], origin: &str) -> Result<Meaning> {
        let labels: Vec<String> = labels.iter().map(|&label| label.to_owned()).collect();
        Meaning::of(&labels, origin, None)
    }

    #[test]
    fn models_that_many_use_are_known() {
        let three = Meaning::Sentiment(vec![Negative, Neutral, Positive]);
        assert_eq!(of(&["NEG", "NEU", "POS"], "").unwrap(), three);
        assert_eq!(of(&["negative", "neutral", "positive"], "").unwrap(), three);
        assert_eq!(of(&["Negative", "Neutral", "Positive"], "").unwrap(), three);
        let stars = ["1 star", "2 stars", "3 stars", "4 stars", "5 stars"];
        let stars = of(&stars, "").unwrap();
        assert_eq!(
            stars,
            Meaning::Sentiment(vec![Negative, Negative, Neutral, Positive, Positive])
        );
        let ekman = of(
            &[
                "anger", "disgust", "fear", "joy", "neutral", "sadness", "surprise",
            ],
            "",
        );
        let Meaning::Emotions(ekman) = ekman.unwrap() else {
            panic!("emotions")
        };
        assert_eq!(ekman[3..5], [Some(Emotion::Joy), None]);
    }

    #[test]
    fn numbers_mean_something_only_where_their_maker_is_known() {
        let labels = ["LABEL_0", "LABEL_1", "LABEL_2"];
        let error = of(&labels, "somebody/model").unwrap_err();
        assert!(error.advice().unwrap().contains("\"LABEL_1\" = \"\""));
        let cardiff = of(&labels, "cardiffnlp/twitter-roberta-base-sentiment").unwrap();
        assert_eq!(
            cardiff,
            Meaning::Sentiment(vec![Negative, Neutral, Positive])
        );
    }

    #[test]
    fn a_table_is_read_as_it_was_written_and_wrong_ones_are_refused() {
        let labels: Vec<String> = ["bad", "so-so", "good"].map(str::to_owned).to_vec();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.toml");
        let three = Meaning::Sentiment(vec![Negative, Neutral, Positive]);
        std::fs::write(&path, three.to_toml(&labels)).unwrap();
        assert_eq!(Meaning::of(&labels, "", Some(&path)).unwrap(), three);
        for wrong in [
            "[labels]\nbad = \"negative\"\nso-so = \"neutral\"\n",
            "[labels]\nbad = \"negative\"\nso-so = \"neutral\"\ngood = \"fine\"\n",
            "[labels]\nbad = \"negative\"\nso-so = \"neutral\"\ngood = \"neutral\"\n",
            "[labels]\nbad = \"negative\"\nso-so = \"neutral\"\ngood = \"positive\"\nfine = \"positive\"\n",
            "[labels]\nbad = \"none\"\nso-so = \"none\"\ngood = \"none\"\n",
            "labels = 3",
        ] {
            std::fs::write(&path, wrong).unwrap();
            let error = Meaning::of(&labels, "", Some(&path)).unwrap_err();
            assert!(
                error.advice().unwrap().contains("so-so"),
                "{wrong}: {error}"
            );
        }
    }
}
