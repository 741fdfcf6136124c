//! How often the language is found: right and wrong by language and length.

use super::Detector;
use crate::lang::Lang;
use crate::text::Tokenizer;
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many words a text has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// No word or one.
    One,
    /// 2 or 3.
    Few,
    /// 4 to 10.
    Some,
    /// 11 and more.
    Many,
}

impl Length {
    /// Of a text with this many words.
    pub fn of(words: usize) -> Self {
        match words {
            0 | 1 => Self::One,
            2..=3 => Self::Few,
            4..=10 => Self::Some,
            _ => Self::Many,
        }
    }

    /// `"1"`, `"2-3"`, `"4-10"` or `"11+"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Few => "2-3",
            Self::Some => "4-10",
            Self::Many => "11+",
        }
    }
}

/// What was counted over texts of one set, language and length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Texts.
    pub texts: u64,
    /// Of these, the language was found from the text alone.
    pub right: u64,
    /// Of these, the language was found when the source stated it; as many as `right` for
    /// languages that a source cannot state.
    pub right_stated: u64,
    /// Of these, the language was found when the source stated the other one of Spanish and
    /// English, or Spanish for a third language: what a wrong statement does.
    pub right_misled: u64,
    /// Of these, not Spanish or English but taken for it, or one of them taken for the other.
    pub analysed_wrongly: u64,
}

impl Count {
    /// The share of texts whose language was found from the text alone, 0 to 1; `None` of none.
    pub fn accuracy(&self) -> Option<f64> {
        (self.texts > 0).then(|| self.right as f64 / self.texts as f64)
    }

    fn add(&mut self, other: &Self) {
        self.texts += other.texts;
        self.right += other.right;
        self.right_stated += other.right_stated;
        self.right_misled += other.right_misled;
        self.analysed_wrongly += other.analysed_wrongly;
    }
}

/// One text whose language is known.
#[derive(Clone, Copy, Debug)]
pub struct Known<'t> {
    /// The set it is from.
    pub set: &'t str,
    /// The code that ought to be found.
    pub code: &'t str,
    /// The text.
    pub text: &'t str,
}

/// Counts by set, language and length.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accuracy {
    counts: BTreeMap<(String, String, Length), Count>,
}

/// Finds the language of every text and counts how often it was right.
pub fn accuracy<'t>(
    detector: &Detector,
    tokenizer: &Tokenizer,
    texts: impl IntoIterator<Item = Known<'t>>,
) -> Accuracy {
    let mut accuracy = Accuracy::default();
    for known in texts {
        let tokens = tokenizer.tokenize(known.text);
        let truth = Lang::parse(known.code);
        let right = |stated| detector.detect(known.text, &tokens, stated).code == known.code;
        let found = detector.detect(known.text, &tokens, None).lang();
        let misled = Lang::ALL.into_iter().find(|lang| Some(*lang) != truth);
        let length = Length::of(tokens.words());
        let key = (known.set.to_owned(), known.code.to_owned(), length);
        accuracy.counts.entry(key).or_default().add(&Count {
            texts: 1,
            right: u64::from(right(None)),
            right_stated: u64::from(right(truth)),
            right_misled: u64::from(right(misled)),
            analysed_wrongly: u64::from(found.is_some() && found != truth),
        });
    }
    accuracy
}

impl Accuracy {
    /// The count over the sets, codes and lengths that `wanted` takes.
    pub fn count(&self, wanted: impl Fn(&str, &str, Length) -> bool) -> Count {
        let mut sum = Count::default();
        for ((set, code, length), count) in &self.counts {
            if wanted(set, code, *length) {
                sum.add(count);
            }
        }
        sum
    }

    /// A table in Markdown: a row for each set and language, a column for each length with the
    /// accuracy from the text alone and the number of texts.
    pub fn table(&self) -> String {
        let lengths = [Length::One, Length::Few, Length::Some, Length::Many];
        let mut table = String::from("| set | language |");
        for length in lengths {
            let _ = write!(table, " {} |", words(length));
        }
        table +=
            " stated | misstated | analysed wrongly |\n|---|---|---|---|---|---|---|---|---|\n";
        let mut rows: Vec<(&str, &str)> = self
            .counts
            .keys()
            .map(|(set, code, _)| (set.as_str(), code.as_str()))
            .collect();
        rows.dedup();
        for (set, code) in rows {
            let _ = write!(table, "| {set} | {code} |");
            for wanted in lengths {
                let count = self.count(|s, c, length| s == set && c == code && length == wanted);
                match count.accuracy() {
                    Some(share) => {
                        let _ = write!(table, " {share:.3} of {} |", count.texts);
                    }
                    None => table += " |",
                }
            }
            let all = self.count(|s, c, _| s == set && c == code);
            let share = |right: u64| right as f64 / all.texts.max(1) as f64;
            let _ = writeln!(
                table,
                " {:.3} | {:.3} | {} |",
                share(all.right_stated),
                share(all.right_misled),
                all.analysed_wrongly
            );
        }
        table
    }
}

fn words(length: Length) -> String {
    match length {
        Length::One => "1 word".to_owned(),
        _ => format!("{} words", length.name()),
    }
}
