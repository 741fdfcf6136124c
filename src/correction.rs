//! What a person says a verbatim shows, in place of what was found in it.
//!
//! An index keeps corrections by id beside its verbatims and lays them over whatever a model or a taxonomy
//! says, now and whenever the verbatim is tagged again. What a correction does not speak of stays as found.

use crate::emotion::Emotion;
use crate::nev;
use crate::sentiment::{Polarity, Sentiment};
use crate::tag::Tagged;
use crate::theme::Mention;
use serde::{Deserialize, Serialize};

/// A person's word on one verbatim.
#[derive(Clone, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Its sentiment; `None` leaves the one found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Polarity>,
    /// The emotions it expresses, these and no other; `None` leaves those found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emotions: Option<Vec<Emotion>>,
    /// The themes it names, these and no other; `None` leaves those found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub themes: Option<Vec<CorrectedTheme>>,
    /// Who said so.
    pub by: String,
    /// When, as UTC in RFC 3339.
    pub when: String,
}

/// A theme that a person says is named.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectedTheme {
    /// Its id.
    pub theme: String,
    /// What is said about it; `None` leaves what was found, for a theme that was not found the sentiment of
    /// the whole text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentiment: Option<Polarity>,
}

impl Correction {
    /// True when it says nothing.
    pub fn is_empty(&self) -> bool {
        self.sentiment.is_none() && self.emotions.is_none() && self.themes.is_none()
    }

    /// Takes over what a later correction of the same verbatim says; what that one does not speak of stays.
    pub fn update(&mut self, later: Self) {
        self.sentiment = later.sentiment.or(self.sentiment);
        self.emotions = later.emotions.or_else(|| self.emotions.take());
        self.themes = later.themes.or_else(|| self.themes.take());
        self.by = later.by;
        self.when = later.when;
    }

    /// Lays it over what was found. `position` is where a theme stands in the taxonomy that `tagged` refers
    /// to; one that is gone from it is passed over.
    pub fn lay_over(&self, tagged: &mut Tagged, position: impl Fn(&str) -> Option<u16>) {
        if let Some(label) = self.sentiment
            && tagged.sentiment.is_none_or(|found| found.label != label)
        {
            tagged.sentiment = Some(Sentiment {
                label,
                probabilities: Polarity::ALL.map(|one| f32::from(u8::from(one == label))),
            });
        }
        if let Some(said) = &self.emotions {
            for emotion in Emotion::ALL {
                let (is, was) = (
                    said.contains(&emotion),
                    tagged.emotions.is_expressed(emotion),
                );
                if is != was {
                    tagged.emotions.set(emotion, f32::from(u8::from(is)), is);
                }
            }
        }
        if self.sentiment.is_some() || self.emotions.is_some() {
            tagged.nev = tagged
                .sentiment
                .map(|sentiment| nev::vote(&tagged.emotions, sentiment.label));
        }
        if let Some(said) = &self.themes {
            let said = said
                .iter()
                .filter_map(|one| Some((position(&one.theme)?, one.sentiment)));
            correct_themes(tagged, &said.collect::<Vec<_>>());
        }
    }
}

fn correct_themes(tagged: &mut Tagged, said: &[(u16, Option<Polarity>)]) {
    let whole = tagged
        .sentiment
        .map_or(Polarity::Neutral, |found| found.label);
    let of = |theme: u16| said.iter().find(|one| one.0 == theme);
    tagged.mentions.retain(|found| of(found.theme).is_some());
    for found in &mut tagged.mentions {
        if let Some((_, Some(sentiment))) = of(found.theme) {
            found.sentiment = *sentiment;
        }
    }
    for (theme, sentiment) in said {
        if !tagged.mentions.iter().any(|found| found.theme == *theme) {
            tagged.mentions.push(Mention {
                theme: *theme,
                start: 0,
                end: tagged.verbatim.text.len() as u32,
                sentiment: sentiment.unwrap_or(whole),
            });
        }
    }
    if tagged.main.is_none_or(|main| of(main).is_none()) {
        tagged.main = said.first().map(|one| one.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotions;
    use crate::lang::{Detection, Lang};
    use crate::measure::Vote;
    use crate::verbatim::{Scores, Verbatim};

    fn found() -> Tagged {
        let mut emotions = Emotions::new();
        emotions.set(Emotion::Joy, 0.8, true);
        emotions.set(Emotion::Anger, 0.1, false);
        let mention = |theme| Mention {
            theme,
            start: 0,
            end: 4,
            sentiment: Polarity::Positive,
        };
        Tagged {
            verbatim: Verbatim {
                id: "1".into(),
                text: "cola y precio".into(),
                stated: None,
                asked: None,
                day: None,
                customer: None,
                scores: Scores::default(),
                fields: Vec::new(),
            },
            lang: Detection {
                code: "es",
                confidence: 0.9,
            },
            analysed: Some(Lang::Es),
            meaningful: true,
            sentiment: Some(Sentiment {
                label: Polarity::Positive,
                probabilities: [0.1, 0.2, 0.7],
            }),
            emotions,
            nev: Some(Vote::Plus),
            clauses: Vec::new(),
            mentions: vec![mention(0), mention(1)],
            main: Some(0),
            redactions: crate::pii::Counts::default(),
        }
    }

    fn position(theme: &str) -> Option<u16> {
        ["queue", "price", "staff"]
            .iter()
            .position(|one| *one == theme)
            .map(|at| at as u16)
    }

    #[test]
    fn what_is_said_replaces_what_was_found_and_the_rest_stays() {
        let mut tagged = found();
        let correction = Correction {
            sentiment: Some(Polarity::Negative),
            emotions: Some(vec![Emotion::Anger]),
            ..Correction::default()
        };
        correction.lay_over(&mut tagged, position);
        assert_eq!(tagged.sentiment.unwrap().label, Polarity::Negative);
        assert_eq!(
            tagged.emotions.expressed().collect::<Vec<_>>(),
            [Emotion::Anger]
        );
        assert_eq!(tagged.nev, Some(Vote::Minus));
        assert_eq!(tagged.mentions, found().mentions);
        // Laying it over twice changes nothing more.
        let once = tagged.clone();
        correction.lay_over(&mut tagged, position);
        assert_eq!(tagged, once);
    }

    #[test]
    fn themes_are_exactly_those_said() {
        let mut tagged = found();
        let theme = |theme: &str, sentiment| CorrectedTheme {
            theme: theme.into(),
            sentiment,
        };
        let correction = Correction {
            themes: Some(vec![
                theme("staff", Some(Polarity::Negative)),
                theme("price", None),
                theme("gone", None),
            ]),
            ..Correction::default()
        };
        correction.lay_over(&mut tagged, position);
        let named: Vec<_> = tagged
            .mentions
            .iter()
            .map(|one| (one.theme, one.end, one.sentiment))
            .collect();
        assert_eq!(
            named,
            [(1, 4, Polarity::Positive), (2, 13, Polarity::Negative)]
        );
        assert_eq!(tagged.main, Some(2));
        let nothing = Correction {
            themes: Some(Vec::new()),
            ..Correction::default()
        };
        nothing.lay_over(&mut tagged, position);
        assert_eq!((tagged.mentions.len(), tagged.main), (0, None));
    }

    #[test]
    fn a_later_correction_adds_to_an_earlier_one() {
        let mut first = Correction {
            sentiment: Some(Polarity::Negative),
            by: "ana".into(),
            ..Correction::default()
        };
        first.update(Correction {
            emotions: Some(Vec::new()),
            by: "luis".into(),
            ..Correction::default()
        });
        assert_eq!(first.sentiment, Some(Polarity::Negative));
        assert_eq!(
            (first.emotions.as_deref(), &*first.by),
            (Some(&[][..]), "luis")
        );
    }
}
