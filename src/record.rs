//! The record: the JSON form of a [`Tagged`], what `voz tag --format jsonl` prints and the index
//! keeps. Its JSON Schema is `models/schema/verbatim.schema.json`.
//!
//! ```text
//! Tagged ──Record::new──▶ Record<'_> ──serde──▶ one line of JSON ──serde──▶ Record<'static>
//! ```

use crate::emotion::Emotion;
use crate::measure::Vote;
use crate::sentiment::Polarity;
use crate::tag::Tagged;
use crate::theme::Taxonomy;
use crate::verbatim::{Day, Value};
use serde::de::{MapAccess, Visitor};
use serde::ser::{SerializeMap, SerializeStruct};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// One verbatim with everything found in it, as it is printed and stored.
///
/// Probabilities and scores of models are rounded to 4 decimals, so that equal tags are equal
/// bytes; what the source gave is kept as it came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// The id in its source.
    pub id: Cow<'a, str>,
    /// The answer, personal data replaced by typed marks.
    pub text: Cow<'a, str>,
    /// The language found.
    pub lang: Language<'a>,
    /// True when the text says something.
    pub meaningful: bool,
    /// The sentiment; `None` where none was read.
    pub sentiment: Option<Feeling>,
    /// Probability, 0 to 1, of each emotion the model knows, in the order of [`Emotion::ALL`].
    #[serde(with = "emotion_map")]
    pub emotions: Vec<(Emotion, f64)>,
    /// The emotions that are expressed.
    pub expressed: Vec<Emotion>,
    /// The vote for the Net Emotional Value: -1, 0 or 1.
    pub nev: Option<i8>,
    /// The clauses.
    pub clauses: Vec<Clause>,
    /// The themes named, in the order of the text.
    pub mentions: Vec<Mention<'a>>,
    /// The id of the theme it is mainly about; `None` where it names none.
    #[serde(default)]
    pub main_theme: Option<Cow<'a, str>>,
    /// The day of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "iso_day")]
    pub date: Option<Day>,
    /// The customer's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<Cow<'a, str>>,
    /// What the customer gave.
    pub scores: Given,
    /// The other columns that have a value, in column order.
    #[serde(with = "field_map")]
    pub fields: Vec<(Cow<'a, str>, Cow<'a, Value>)>,
}

/// The language of a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Language<'a> {
    /// ISO 639 code, or `und`.
    pub code: Cow<'a, str>,
    /// How sure, 0 to 1.
    pub confidence: f64,
}

/// The sentiment of a text.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Feeling {
    /// The label decided.
    pub label: Polarity,
    /// Probability of positive minus probability of negative, -1 to 1.
    pub score: f64,
    /// Probability of positive, 0 to 1.
    pub positive: f64,
    /// Probability of neutral, 0 to 1.
    pub neutral: f64,
    /// Probability of negative, 0 to 1.
    pub negative: f64,
}

/// A clause and its sentiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// Its sentiment.
    pub sentiment: Polarity,
}

/// A theme named in the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention<'a> {
    /// The theme's id.
    pub theme: Cow<'a, str>,
    /// The id of its driver.
    pub driver: Cow<'a, str>,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
    /// The sentiment of its clause.
    pub sentiment: Polarity,
}

/// The scores the customer gave; absent ones are left out of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Default, Deserialize)]
pub struct Given {
    /// Likelihood to recommend, 0 to 10.
    #[serde(default)]
    pub nps: Option<u8>,
    /// Satisfaction, from 1 up.
    #[serde(default)]
    pub csat: Option<f64>,
    /// Effort, from 1 up.
    #[serde(default)]
    pub ces: Option<f64>,
}

impl<'a> Record<'a> {
    /// The record of a tagged verbatim. `taxonomy` is the one it was tagged with; a mention of a
    /// theme that stands not in it is left out.
    pub fn new(tagged: &'a Tagged, taxonomy: &'a Taxonomy) -> Self {
        let verbatim = &tagged.verbatim;
        let emotions = &tagged.emotions;
        Self {
            id: Cow::Borrowed(&verbatim.id),
            text: Cow::Borrowed(&verbatim.text),
            lang: Language {
                code: Cow::Borrowed(tagged.lang.code),
                confidence: rounded(tagged.lang.confidence),
            },
            meaningful: tagged.meaningful,
            sentiment: tagged.sentiment.map(|sentiment| Feeling {
                label: sentiment.label,
                score: rounded(sentiment.score()),
                positive: rounded(sentiment.probability(Polarity::Positive)),
                neutral: rounded(sentiment.probability(Polarity::Neutral)),
                negative: rounded(sentiment.probability(Polarity::Negative)),
            }),
            emotions: emotions
                .iter()
                .map(|(emotion, probability)| (emotion, rounded(probability)))
                .collect(),
            expressed: emotions.expressed().collect(),
            nev: tagged.nev.map(Vote::value),
            clauses: clauses(tagged),
            mentions: mentions(tagged, taxonomy),
            main_theme: tagged
                .main
                .and_then(|theme| taxonomy.themes.get(usize::from(theme)))
                .map(|theme| Cow::Borrowed(&*theme.id)),
            date: verbatim.day,
            customer: verbatim.customer.as_deref().map(Cow::Borrowed),
            scores: Given {
                nps: verbatim.scores.nps,
                csat: verbatim.scores.csat,
                ces: verbatim.scores.ces,
            },
            fields: verbatim
                .fields
                .iter()
                .map(|(name, value)| (Cow::Borrowed(&**name), Cow::Borrowed(value)))
                .collect(),
        }
    }
}

fn clauses(tagged: &Tagged) -> Vec<Clause> {
    tagged
        .clauses
        .iter()
        .map(|clause| Clause {
            start: clause.span.start,
            end: clause.span.end,
            sentiment: clause.sentiment.label,
        })
        .collect()
}

fn mentions<'a>(tagged: &Tagged, taxonomy: &'a Taxonomy) -> Vec<Mention<'a>> {
    tagged
        .mentions
        .iter()
        .filter_map(|mention| {
            let theme = taxonomy.themes.get(usize::from(mention.theme))?;
            let driver = taxonomy.drivers.get(usize::from(theme.driver))?;
            Some(Mention {
                theme: Cow::Borrowed(&theme.id),
                driver: Cow::Borrowed(&driver.id),
                start: mention.start as usize,
                end: mention.end as usize,
                sentiment: mention.sentiment,
            })
        })
        .collect()
}

/// `value` to 4 decimals; never -0.
fn rounded(value: f32) -> f64 {
    (f64::from(value) * 1e4).round() / 1e4 + 0.0
}

/// Largest magnitude below which every whole `f64` is exact: 2^53.
const WHOLE_BELOW: f64 = 9_007_199_254_740_992.0;

/// A number as it is printed: whole ones without a decimal point.
pub struct Plain(pub f64);

impl Serialize for Plain {
    #[allow(
        clippy::float_cmp,
        reason = "a whole number equals its truncation exactly"
    )]
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.trunc() == self.0 && self.0.abs() < WHOLE_BELOW {
            serializer.serialize_i64(self.0 as i64)
        } else {
            serializer.serialize_f64(self.0)
        }
    }
}

impl Serialize for Given {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let scores = [
            ("nps", self.nps.map(f64::from)),
            ("csat", self.csat),
            ("ces", self.ces),
        ];
        let present = scores.iter().filter(|(_, score)| score.is_some()).count();
        let mut given = serializer.serialize_struct("Given", present)?;
        for (name, score) in scores {
            if let Some(score) = score {
                given.serialize_field(name, &Plain(score))?;
            }
        }
        given.end()
    }
}

/// The emotions as one object, in the order of [`Emotion::ALL`].
mod emotion_map {
    use super::{Deserializer, Emotion, Entries, Serializer};

    pub(super) fn serialize<S: Serializer>(
        emotions: &[(Emotion, f64)],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            emotions
                .iter()
                .map(|(emotion, probability)| (emotion.name(), probability)),
        )
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<(Emotion, f64)>, D::Error> {
        deserializer.deserialize_map(Entries::new())
    }
}

/// The fields as one object, in column order.
mod field_map {
    use super::{Cow, Deserializer, Entries, Plain, SerializeMap, Serializer, Value};

    type Field<'a> = (Cow<'a, str>, Cow<'a, Value>);

    pub(super) fn serialize<S: Serializer>(
        fields: &[Field<'_>],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(fields.len()))?;
        for (name, value) in fields {
            match &**value {
                Value::Number(number) => map.serialize_entry(name, &Plain(*number))?,
                other => map.serialize_entry(name, other)?,
            }
        }
        map.end()
    }

    pub(super) fn deserialize<'de, 'a, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<Field<'a>>, D::Error> {
        let owned: Vec<(String, Value)> = deserializer.deserialize_map(Entries::new())?;
        Ok(owned
            .into_iter()
            .map(|(name, value)| (Cow::Owned(name), Cow::Owned(value)))
            .collect())
    }
}

/// Reads an object into its entries, in the order they stand.
struct Entries<K, V>(std::marker::PhantomData<(K, V)>);

impl<K, V> Entries<K, V> {
    fn new() -> Self {
        Self(std::marker::PhantomData)
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for Entries<K, V> {
    type Value = Vec<(K, V)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::with_capacity(map.size_hint().unwrap_or(0));
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(entries)
    }
}

/// A day as `2026-11-22`.
mod iso_day {
    use super::{Cow, Day, Deserialize, Deserializer, Serializer};
    use serde::de::Error as _;

    #[allow(
        clippy::ref_option,
        clippy::trivially_copy_pass_by_ref,
        reason = "serde's `with` hands over a reference to the field"
    )]
    pub(super) fn serialize<S: Serializer>(
        day: &Option<Day>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        match day {
            Some(day) => serializer.collect_str(day),
            None => serializer.serialize_none(),
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Day>, D::Error> {
        let text: Option<Cow<'de, str>> = Option::deserialize(deserializer)?;
        text.map(|text| super::day(&text).ok_or_else(|| D::Error::custom("a day is YYYY-MM-DD")))
            .transpose()
    }
}

fn day(text: &str) -> Option<Day> {
    let mut parts = text.splitn(3, '-');
    Some(Day {
        year: parts.next()?.parse().ok()?,
        month: parts.next()?.parse().ok()?,
        day: parts.next()?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emotion::Emotions;
    use crate::lang::Detection;
    use crate::sentiment::Sentiment;
    use crate::tag::Opinion;
    use crate::theme::{Area, Driver, Theme};
    use crate::verbatim::{Scores, Verbatim};

    fn taxonomy() -> Taxonomy {
        Taxonomy {
            drivers: vec![Driver {
                id: "waiting".into(),
                area: Area::Process,
                es: "Espera".into(),
                en: "Waiting".into(),
            }],
            themes: vec![Theme::new("queue", 0, ["Cola", "Queue"])],
            space: None,
        }
    }

    /// A verbatim with something in every member, of which `bare` takes away all it can.
    fn tagged(bare: bool) -> Tagged {
        let sentiment = Sentiment {
            label: Polarity::Negative,
            probabilities: [0.812_34, 0.1, 0.087_66],
        };
        let mut emotions = Emotions::new();
        emotions.set(Emotion::Joy, 0.000_04, false);
        emotions.set(Emotion::Anger, 0.765_43, true);
        let fields: Vec<_> = [
            ("waiting", Value::Number(20.0)),
            ("rate", Value::Number(-0.123_456)),
            ("churned", Value::Bool(false)),
            ("región", Value::Text("Norte \"A\"".into())),
        ]
        .map(|(name, value)| (name.into(), value))
        .into();
        Tagged {
            verbatim: Verbatim {
                id: "7".into(),
                text: "¡Qué cola!".into(),
                stated: None,
                asked: None,
                day: (!bare).then(|| Day::from_number(20_260_105)),
                customer: (!bare).then(|| "c1".into()),
                scores: Scores {
                    nps: (!bare).then_some(3),
                    csat: (!bare).then_some(2.5),
                    ces: None,
                },
                fields: if bare { Vec::new() } else { fields },
            },
            lang: Detection {
                code: "es",
                confidence: 0.9,
            },
            analysed: Some(crate::lang::Lang::Es),
            meaningful: !bare,
            sentiment: (!bare).then_some(sentiment),
            emotions: if bare { Emotions::new() } else { emotions },
            nev: (!bare).then_some(Vote::Minus),
            clauses: (!bare)
                .then_some(Opinion {
                    span: 0..12,
                    sentiment,
                })
                .into_iter()
                .collect(),
            mentions: (!bare)
                .then_some(crate::theme::Mention {
                    theme: 0,
                    start: 7,
                    end: 11,
                    sentiment: Polarity::Negative,
                })
                .into_iter()
                .collect(),
            main: (!bare).then_some(0),
            redactions: crate::pii::Counts::default(),
        }
    }

    /// The members and their order are what other programs read.
    #[test]
    fn the_line_is_pinned() {
        let taxonomy = taxonomy();
        let line =
            |tagged: &Tagged| serde_json::to_string(&Record::new(tagged, &taxonomy)).unwrap();
        assert_eq!(
            line(&tagged(false)),
            concat!(
                r#"{"id":"7","text":"¡Qué cola!","lang":{"code":"es","confidence":0.9},"#,
                r#""meaningful":true,"sentiment":{"label":"negative","score":-0.7247,"#,
                r#""positive":0.0877,"neutral":0.1,"negative":0.8123},"#,
                r#""emotions":{"joy":0.0,"anger":0.7654},"expressed":["anger"],"nev":-1,"#,
                r#""clauses":[{"start":0,"end":12,"sentiment":"negative"}],"#,
                r#""mentions":[{"theme":"queue","driver":"waiting","start":7,"end":11,"#,
                r#""sentiment":"negative"}],"main_theme":"queue","date":"2026-01-05","#,
                r#""customer":"c1","#,
                r#""scores":{"nps":3,"csat":2.5},"fields":{"waiting":20,"rate":-0.123456,"#,
                r#""churned":false,"región":"Norte \"A\""}}"#
            )
        );
        assert_eq!(
            line(&tagged(true)),
            concat!(
                r#"{"id":"7","text":"¡Qué cola!","lang":{"code":"es","confidence":0.9},"#,
                r#""meaningful":false,"sentiment":null,"emotions":{},"expressed":[],"nev":null,"#,
                r#""clauses":[],"mentions":[],"main_theme":null,"scores":{},"fields":{}}"#
            )
        );
    }

    #[test]
    fn the_line_is_read_back_and_fits_its_schema() {
        let schema = include_str!("../models/schema/verbatim.schema.json");
        let schema = serde_json::from_str(schema).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let taxonomy = taxonomy();
        for tagged in [tagged(false), tagged(true)] {
            let record = Record::new(&tagged, &taxonomy);
            let line = serde_json::to_string(&record).unwrap();
            assert_eq!(serde_json::from_str::<Record<'_>>(&line).unwrap(), record);
            let line = serde_json::from_str(&line).unwrap();
            assert!(schema.is_valid(&line), "{:?}", schema.validate(&line));
        }
        assert!(!schema.is_valid(&serde_json::json!({"id": "7"})));
    }

    #[test]
    fn a_mention_of_an_unknown_theme_is_left_out() {
        let (tagged, none) = (tagged(false), Taxonomy::default());
        assert!(Record::new(&tagged, &none).mentions.is_empty());
    }
}
