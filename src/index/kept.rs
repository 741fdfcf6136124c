//! What the index keeps of a verbatim to show it: its [`Record`] without the names.
//!
//! An array in place of an object, whole ten-thousandths in place of probabilities, and the
//! manifest's numbers in place of the names of themes and fields: less to write, to compress and to
//! read (the index of the sample is a third smaller than with whole records). As everywhere, the
//! driver of a theme follows from the manifest.

use super::manifest::Manifest;
use crate::emotion::{Emotion, Emotions};
use crate::lang::{Detection, Lang};
use crate::measure::Vote;
use crate::pii::Counts;
use crate::record::{Clause, Feeling, Given, Language, Mention, Record};
use crate::sentiment::{Polarity, Sentiment};
use crate::tag::{Opinion, Tagged};
use crate::theme;
use crate::verbatim::{Day, Scores, Value, Verbatim};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A record as it lies in the index. Its order is part of the format of the index.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Kept<'a>(
    /// Id.
    Cow<'a, str>,
    /// Text.
    Cow<'a, str>,
    /// Code of the language, and how sure.
    (Cow<'a, str>, i32),
    /// Meaningful.
    bool,
    /// Label, score, and the probabilities of positive, neutral and negative.
    Option<(u8, [i32; 4])>,
    /// Probabilities in the order of [`Emotion::ALL`]; empty where none is known.
    Vec<Option<i32>>,
    /// Expressed emotions, one bit for each of [`Emotion::ALL`].
    u16,
    /// Vote for the Net Emotional Value.
    Option<i8>,
    /// First byte, byte after the last and label of each clause.
    Vec<(usize, usize, u8)>,
    /// Theme, first byte, byte after the last and label of each mention.
    Vec<(u32, u32, u32, u8)>,
    /// Number of the day.
    Option<u64>,
    /// Customer.
    Option<Cow<'a, str>>,
    /// NPS, CSAT and CES.
    (Option<u8>, Option<f64>, Option<f64>),
    /// Number and value of each field.
    Vec<(usize, Cow<'a, Value>)>,
    /// The theme it is mainly about, the label of what the question asked for, and the language its source
    /// stated.
    (Option<u32>, Option<u8>, Option<Lang>),
);

impl<'a> Kept<'a> {
    /// What is kept of `tagged`; `themes` are the manifest's numbers of the taxonomy's themes,
    /// `fields` those of the verbatim's fields, in their order.
    pub(super) fn new(tagged: &'a Tagged, themes: &[u32], fields: &[usize]) -> Self {
        let verbatim = &tagged.verbatim;
        let emotions = &tagged.emotions;
        let known = emotions.iter().next().is_some();
        let probability = |emotion| emotions.probability(emotion).map(steps);
        let clauses = tagged.clauses.iter().map(|clause| {
            let label = clause.sentiment.label as u8;
            (clause.span.start, clause.span.end, label)
        });
        let mentions = tagged.mentions.iter().filter_map(|mention| {
            let theme = *themes.get(usize::from(mention.theme))?;
            Some((theme, mention.start, mention.end, mention.sentiment as u8))
        });
        let values = verbatim
            .fields
            .iter()
            .map(|(_, value)| Cow::Borrowed(value));
        Self(
            Cow::Borrowed(&verbatim.id),
            Cow::Borrowed(&verbatim.text),
            (
                Cow::Borrowed(tagged.lang.code),
                steps(tagged.lang.confidence),
            ),
            tagged.meaningful,
            tagged.sentiment.map(|sentiment| {
                let shown = [Polarity::Positive, Polarity::Neutral, Polarity::Negative];
                let [positive, neutral, negative] =
                    shown.map(|label| steps(sentiment.probability(label)));
                let score = steps(sentiment.score());
                (sentiment.label as u8, [score, positive, neutral, negative])
            }),
            if known {
                Emotion::ALL.map(probability).into()
            } else {
                Vec::new()
            },
            emotions
                .expressed()
                .fold(0, |bits, emotion| bits | 1 << emotion as u16),
            tagged.nev.map(Vote::value),
            clauses.collect(),
            mentions.collect(),
            verbatim.day.map(Day::number),
            verbatim.customer.as_deref().map(Cow::Borrowed),
            (
                verbatim.scores.nps,
                verbatim.scores.csat,
                verbatim.scores.ces,
            ),
            fields.iter().copied().zip(values).collect(),
            (
                tagged
                    .main
                    .and_then(|theme| themes.get(usize::from(theme)).copied()),
                verbatim.asked.map(|asked| asked as u8),
                verbatim.stated,
            ),
        )
    }

    /// The numbers of the themes it names, ascending, each once.
    pub(super) fn themes(&self) -> Vec<u32> {
        let mut themes: Vec<u32> = self.9.iter().map(|mention| mention.0).collect();
        themes.sort_unstable();
        themes.dedup();
        themes
    }

    /// The verbatim as it was tagged; the themes of its mentions are numbers of the manifest. `analysed` is the
    /// language it was analysed in. `None` when it does not fit the manifest, which a sound index does not do.
    pub(super) fn into_tagged(self, manifest: &Manifest, analysed: Option<Lang>) -> Option<Tagged> {
        let (main, asked, stated) = self.14;
        let mentions = self.9.iter().map(|(theme, start, end, label)| {
            Some(theme::Mention {
                theme: u16::try_from(*theme).ok()?,
                start: *start,
                end: *end,
                sentiment: polarity(*label)?,
            })
        });
        let mentions = mentions.collect::<Option<_>>()?;
        let record = self.into_record(manifest)?;
        let mut emotions = Emotions::new();
        for (emotion, probability) in &record.emotions {
            let expressed = record.expressed.contains(emotion);
            emotions.set(*emotion, *probability as f32, expressed);
        }
        let sentiment = record.sentiment.map(sentiment_of);
        let opinion = |clause: &Clause| Opinion {
            span: clause.start..clause.end,
            sentiment: Sentiment {
                label: clause.sentiment,
                // Only the label of a clause is kept.
                probabilities: Polarity::ALL
                    .map(|label| f32::from(u8::from(label == clause.sentiment))),
            },
        };
        Some(Tagged {
            lang: Detection {
                code: crate::detect::known_code(&record.lang.code),
                confidence: record.lang.confidence as f32,
            },
            analysed,
            meaningful: record.meaningful,
            sentiment,
            emotions,
            nev: record.nev.map(|nev| Vote::of_sign(i64::from(nev))),
            clauses: record.clauses.iter().map(opinion).collect(),
            mentions,
            main: main.and_then(|theme| u16::try_from(theme).ok()),
            redactions: Counts::default(),
            verbatim: Verbatim {
                id: record.id.into_owned(),
                text: record.text.into_owned(),
                stated,
                asked: asked.and_then(polarity),
                day: record.date,
                customer: record.customer.map(Cow::into_owned),
                scores: Scores {
                    nps: record.scores.nps,
                    csat: record.scores.csat,
                    ces: record.scores.ces,
                },
                fields: record
                    .fields
                    .into_iter()
                    .map(|(name, value)| (name.into(), value.into_owned()))
                    .collect(),
            },
        })
    }

    /// The record; `None` when it does not fit the manifest, which a sound index does not do.
    pub(super) fn into_record(self, manifest: &Manifest) -> Option<Record<'a>> {
        let Self(
            id,
            text,
            lang,
            meaningful,
            sentiment,
            emotions,
            expressed,
            nev,
            clauses,
            mentions,
            day,
            customer,
            (nps, csat, ces),
            fields,
            (main, ..),
        ) = self;
        let mention = |(theme, start, end, label)| mention(manifest, theme, start..end, label);
        let clause = |(start, end, label)| {
            let sentiment = polarity(label)?;
            Some(Clause {
                start,
                end,
                sentiment,
            })
        };
        let field = |(number, value): (usize, _)| {
            let name = manifest.fields.get(number)?.name.clone();
            Some((Cow::Owned(name), value))
        };
        Some(Record {
            id,
            text,
            lang: Language {
                code: lang.0,
                confidence: share(lang.1),
            },
            meaningful,
            sentiment: match sentiment {
                Some((label, steps)) => Some(feeling(label, steps)?),
                None => None,
            },
            emotions: Emotion::ALL
                .into_iter()
                .zip(emotions)
                .filter_map(|(emotion, steps)| Some((emotion, share(steps?))))
                .collect(),
            expressed: Emotion::ALL
                .into_iter()
                .filter(|emotion| expressed & 1 << *emotion as u16 != 0)
                .collect(),
            nev,
            clauses: clauses.into_iter().map(clause).collect::<Option<_>>()?,
            mentions: mentions.into_iter().map(mention).collect::<Option<_>>()?,
            main_theme: match main {
                Some(theme) => Some(Cow::Owned(manifest.themes.get(theme as usize)?.id.clone())),
                None => None,
            },
            date: day.map(Day::from_number),
            customer,
            scores: Given { nps, csat, ces },
            fields: fields.into_iter().map(field).collect::<Option<_>>()?,
        })
    }
}

fn mention(
    manifest: &Manifest,
    theme: u32,
    span: std::ops::Range<u32>,
    label: u8,
) -> Option<Mention<'static>> {
    let theme = manifest.themes.get(theme as usize)?;
    let driver = manifest.drivers.get(usize::from(theme.driver))?;
    Some(Mention {
        theme: Cow::Owned(theme.id.clone()),
        driver: Cow::Owned(driver.id.clone()),
        start: span.start as usize,
        end: span.end as usize,
        sentiment: polarity(label)?,
    })
}

fn feeling(label: u8, steps: [i32; 4]) -> Option<Feeling> {
    let [score, positive, neutral, negative] = steps.map(share);
    Some(Feeling {
        label: polarity(label)?,
        score,
        positive,
        neutral,
        negative,
    })
}

/// A sentiment that is rounded to the same figures again: the score was rounded by itself, and may be a step
/// away from the difference of the rounded probabilities.
fn sentiment_of(feeling: Feeling) -> Sentiment {
    let off = feeling.score - (feeling.positive - feeling.negative);
    // Less than half a step each, and together more than half of one.
    let (positive, negative) = (feeling.positive + 0.3 * off, feeling.negative - 0.3 * off);
    Sentiment {
        label: feeling.label,
        probabilities: [negative, feeling.neutral, positive].map(|one| one as f32),
    }
}

fn polarity(label: u8) -> Option<Polarity> {
    Polarity::ALL.get(usize::from(label)).copied()
}

/// What a record is rounded to: steps of one ten-thousandth.
const STEPS: f64 = 1e4;

fn steps(share: f32) -> i32 {
    (f64::from(share) * STEPS).round() as i32
}

fn share(steps: i32) -> f64 {
    f64::from(steps) / STEPS
}
