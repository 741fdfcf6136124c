//! An explanation to read: the text in colours, what was found, and the table that adds up.

use super::super::output::terminal_width;
use super::Class;
use super::ledger::Ledger;
use crate::emotion::Emotion;
use crate::locale::Locale;
use crate::model::explain::{Contribution, EmotionWhy, by_token};
use crate::model::{Explanation, Logits};
use crate::report::{Sheet, Show};
use crate::sentiment::{Polarity, Sentiment};
use crate::tag::Explained;
use crate::text::Tokens;
use crate::theme::Taxonomy;
use serde_json::Value;

/// What is shown, and how.
pub struct Shown<'e> {
    pub explained: &'e Explained,
    pub taxonomy: &'e Taxonomy,
    /// Name and version of the tagger's model.
    pub model: String,
    pub locale: &'e Locale,
    pub colour: bool,
    /// Features in the table.
    pub top: usize,
}

const FOR: &str = "\x1b[32m";
const AGAINST: &str = "\x1b[31m";
const BOLD: &str = "\x1b[1m";
const OFF: &str = "\x1b[0m";

/// Shares of the largest sum of a token from which a token has a colour, and from which it is bold.
/// Guesses, made by looking.
const COLOURED_FROM: f32 = 0.1;
const BOLD_FROM: f32 = 0.5;

/// Why nothing is explained, if so.
pub fn unread(explained: &Explained, locale: &Locale) -> Option<String> {
    if explained.why.is_some() {
        return None;
    }
    let code = explained.tagged.lang.code;
    Some(if !explained.tagged.meaningful {
        locale.text("explain.meaningless").to_owned()
    } else if code == "und" {
        locale.text("explain.und").to_owned()
    } else {
        locale.fill("explain.unread", &[("lang", &locale.word("lang", code))])
    })
}

/// The surface of tokens; `…` stands for what is left out between them.
pub fn words(text: &str, tokens: &Tokens, at: &[usize]) -> String {
    let mut words = String::new();
    let mut before: Option<usize> = None;
    for &at in at {
        let Some(token) = tokens.as_slice().get(at) else {
            continue;
        };
        words.push_str(match before {
            None => "",
            Some(before) if before + 1 == at => " ",
            Some(_) => " … ",
        });
        words.push_str(text.get(token.span()).unwrap_or_default());
        before = Some(at);
    }
    words
}

/// The text with each token in the colour of its value: green above 0, red below.
pub fn painted(text: &str, tokens: &Tokens, values: &[f32]) -> String {
    let largest = values.iter().map(|value| value.abs()).fold(0.0, f32::max);
    let mut painted = String::new();
    let mut end = 0;
    for (token, value) in tokens.as_slice().iter().zip(values) {
        let span = token.span();
        painted.push_str(text.get(end..span.start).unwrap_or_default());
        end = span.end;
        let surface = text.get(span).unwrap_or_default();
        let size = value.abs();
        if size == 0.0 || size < COLOURED_FROM * largest {
            painted.push_str(surface);
            continue;
        }
        let bold = if size >= BOLD_FROM * largest {
            BOLD
        } else {
            ""
        };
        let colour = if *value > 0.0 { FOR } else { AGAINST };
        painted.extend([bold, colour, surface, OFF]);
    }
    painted.push_str(text.get(end..).unwrap_or_default());
    painted
}

/// Every feature and what it adds, for a spreadsheet.
pub fn all(explained: &Explained, locale: &Locale) -> Sheet {
    let mut columns = vec![("words", Show::Text), ("kind", Show::Word)];
    columns.extend(Polarity::ALL.map(|label| (label.name(), Show::Fine)));
    columns.extend(Emotion::ALL.map(|emotion| (emotion.name(), Show::Fine)));
    let text = &explained.tagged.verbatim.text;
    let contributions = explained.why.iter().flat_map(|why| &why.contributions);
    let row = |one: &Contribution<Logits>| {
        let adds = one.adds.sentiment.iter().chain(&one.adds.emotions);
        let words = words(text, &explained.tokens, &one.tokens);
        let front = [words.into(), one.feature.name().into()];
        front
            .into_iter()
            .chain(adds.map(|value| rounded(*value, 1e6).into()))
            .collect()
    };
    Sheet {
        rows: contributions.map(row).collect(),
        ..Sheet::new(locale, &columns)
    }
}

/// A number to so many steps of 1; never -0.
pub fn rounded(value: f32, steps: f64) -> f64 {
    (f64::from(value) * steps).round() / steps + 0.0
}

impl Shown<'_> {
    /// All of it.
    pub fn text(&self, class: Option<Class>) -> String {
        let tagged = &self.explained.tagged;
        let (Some(why), Some(class)) = (&self.explained.why, class) else {
            let unread = unread(self.explained, self.locale).unwrap_or_default();
            return format!("{}\n\n{}\n{unread}", tagged.verbatim.text, self.lang());
        };
        let mut parts = vec![self.coloured(why, class)];
        parts.push(format!(
            "{}\n{}",
            self.sentiment(&why.decision.sentiment),
            self.lang() + &self.by(why)
        ));
        parts.push(self.section("explain.clauses", &self.clauses(), "explain.no_clause"));
        parts.push(self.section("explain.themes", &self.themes(), "explain.no_theme"));
        parts.push(self.section(
            "explain.emotions",
            &self.emotions(why),
            "explain.no_emotion",
        ));
        parts.push(format!(
            "{}\n{}",
            self.heading(class),
            self.features(why, class)
        ));
        parts.join("\n\n")
    }

    /// A sheet under its heading; a line where it is empty.
    fn section(&self, heading: &str, sheet: &Sheet, none: &str) -> String {
        if sheet.rows.is_empty() {
            return self.locale.text(none).to_owned();
        }
        let table = sheet.to_table(self.locale, terminal_width());
        format!("{}\n{table}", self.locale.text(heading))
    }

    /// A share of 1 as a percentage.
    pub fn percent(&self, share: f32) -> String {
        format!("{} %", self.locale.number(100.0 * f64::from(share), 1))
    }

    fn label(&self, label: Polarity) -> &str {
        self.locale.word("sentiment", label.name())
    }

    /// A class as the reader calls it.
    pub fn name(&self, class: Class) -> String {
        match class {
            Class::Lead(one, other) => format!("{} − {}", self.label(one), self.label(other)),
            Class::Label(label) => self.label(label).to_owned(),
            Class::Emotion(one) => self.locale.word("expressed", one.name()).to_owned(),
        }
    }

    /// The text, and what its colours say; without colours the text alone.
    fn coloured(&self, why: &Explanation, class: Class) -> String {
        let text = &self.explained.tagged.verbatim.text;
        if !self.colour {
            return text.clone();
        }
        // Without a wish, colours are those of praise and blame.
        let (class, legend) = match class {
            Class::Lead(..) => (
                Class::Lead(Polarity::Positive, Polarity::Negative),
                self.locale.text("explain.colours").to_owned(),
            ),
            class => {
                let class_name: &dyn std::fmt::Display = &self.name(class);
                let legend = self
                    .locale
                    .fill("explain.colours.of", &[("class", class_name)]);
                (class, legend)
            }
        };
        let tokens = &self.explained.tokens;
        let sums = by_token(&why.contributions, tokens.len(), |adds| class.of(adds));
        format!("{}\n  {legend}", painted(text, tokens, &sums))
    }

    fn sentiment(&self, found: &Sentiment) -> String {
        let shares = Polarity::ALL.map(|label| {
            let share = self.percent(found.probability(label));
            format!("{} {share}", self.label(label))
        });
        let score = f64::from(found.score());
        let sign = if score > 0.0 { "+" } else { "" };
        self.locale.fill(
            "explain.sentiment",
            &[
                ("label", &self.label(found.label)),
                ("score", &format!("{sign}{}", self.locale.number(score, 2))),
                ("shares", &shares.join(", ")),
            ],
        )
    }

    /// The language found, and that of the reading where it is another: emoji are in none.
    fn lang(&self) -> String {
        let found = self.explained.tagged.lang;
        let read = self
            .explained
            .tagged
            .analysed
            .filter(|lang| lang.code() != found.code);
        let read_as = read.map_or_else(String::new, |lang| {
            let lang = self.locale.word("lang", lang.code());
            self.locale.fill("explain.read_as", &[("lang", &lang)])
        });
        let told = self.locale.fill(
            "explain.lang",
            &[
                ("lang", &self.locale.word("lang", found.code)),
                ("confidence", &self.percent(found.confidence)),
            ],
        );
        format!("{told}{read_as}")
    }

    /// The model that decided, where it is one of a cascade.
    fn by(&self, why: &Explanation) -> String {
        if why.model == self.model {
            return String::new();
        }
        let by = self.locale.fill("explain.by", &[("model", &why.model)]);
        format!("\n{by}")
    }

    fn clauses(&self) -> Sheet {
        let shares = Polarity::ALL.map(|label| (label.name(), Show::Percent));
        let mut columns = vec![("sentiment", Show::Word), ("score", Show::Fine)];
        columns.extend(shares);
        columns.push(("text", Show::Text));
        let mut sheet = Sheet::new(self.locale, &columns);
        if let Some(column) = sheet.columns.last_mut() {
            self.locale
                .text("column.clause")
                .clone_into(&mut column.title);
        }
        let text = &self.explained.tagged.verbatim.text;
        sheet
            .rows
            .extend(self.explained.tagged.clauses.iter().map(|clause| {
                let found = clause.sentiment;
                let mut row = vec![found.label.name().into(), found.score().into()];
                row.extend(found.probabilities.map(Value::from));
                row.push(text.get(clause.span.clone()).unwrap_or_default().into());
                row
            }));
        sheet
    }

    fn themes(&self) -> Sheet {
        let columns = [
            ("driver", Show::Text),
            ("theme", Show::Text),
            ("sentiment", Show::Word),
            ("words", Show::Text),
        ];
        let mut sheet = Sheet::new(self.locale, &columns);
        let lang = self.locale.lang();
        let tagged = &self.explained.tagged;
        sheet.rows.extend(tagged.mentions.iter().filter_map(|one| {
            let theme = self.taxonomy.themes.get(usize::from(one.theme))?;
            let driver = self.taxonomy.drivers.get(usize::from(theme.driver))?;
            let words = tagged
                .verbatim
                .text
                .get(one.start as usize..one.end as usize)?;
            Some(vec![
                driver.name(lang).into(),
                theme.name(lang).into(),
                one.sentiment.name().into(),
                words.into(),
            ])
        }));
        sheet
    }

    fn emotions(&self, why: &Explanation) -> Sheet {
        let columns = [
            ("expressed", Show::Word),
            ("probability", Show::Percent),
            ("threshold", Show::Percent),
            ("phrases", Show::Text),
        ];
        let mut sheet = Sheet::new(self.locale, &columns);
        let text = &self.explained.tagged.verbatim.text;
        let phrases = |one: &EmotionWhy| -> Vec<String> {
            let spans = one.phrases.iter().map(|phrase| phrase.tokens.clone());
            let mut told: Vec<String> = spans
                .map(|span| words(text, &self.explained.tokens, &span.collect::<Vec<_>>()))
                .collect();
            // Several rules may look for the same words.
            told.dedup();
            told
        };
        let expressed = why.emotions.iter().filter(|one| one.expressed);
        sheet.rows.extend(expressed.map(|one| {
            let phrases = phrases(one);
            vec![
                one.emotion.name().into(),
                one.probability.into(),
                one.read.map_or(Value::Null, |read| read.threshold.into()),
                if phrases.is_empty() {
                    Value::Null
                } else {
                    phrases.into()
                },
            ]
        }));
        sheet
    }

    fn heading(&self, class: Class) -> String {
        let name = self.name(class);
        self.locale.fill("explain.features", &[("class", &name)])
    }

    /// The strongest features, the sum of the others, the bias, and the logit they add up to.
    fn features(&self, why: &Explanation, class: Class) -> String {
        let table = Ledger {
            shown: self,
            why,
            class,
        };
        table.sheet().to_table(self.locale, terminal_width())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Tokenizer, Vocabulary};
    use std::sync::Arc;

    fn tokens(text: &str) -> Tokens {
        Tokenizer::new(Arc::new(Vocabulary::new(std::iter::empty::<&str>()))).tokenize(text)
    }

    #[test]
    fn colours_follow_the_values_and_leave_the_text_as_it_is() {
        let text = "Très  bon, señor 😊!";
        let tokens = tokens(text);
        let values: Vec<f32> = (0..tokens.len()).map(|at| at as f32 - 2.0).collect();
        let painted = painted(text, &tokens, &values);
        let mut plain = painted.clone();
        for code in [FOR, AGAINST, BOLD, OFF] {
            plain = plain.replace(code, "");
        }
        assert_eq!(plain, text);
        assert!(
            painted.starts_with(&format!("{BOLD}{AGAINST}Très{OFF}")),
            "{painted:?}"
        );
        assert!(painted.contains(&format!("{FOR}señor{OFF}")), "{painted:?}");
        assert!(
            painted.contains("\x1b[0m, ") || painted.contains("bon\x1b[0m,"),
            "{painted:?}"
        );
    }

    #[test]
    fn a_text_without_weight_has_no_colour() {
        let text = "nada de nada";
        assert_eq!(painted(text, &tokens(text), &[0.0; 3]), text);
    }

    #[test]
    fn words_left_out_leave_a_mark() {
        let text = "no me ha fallado";
        let tokens = tokens(text);
        assert_eq!(words(text, &tokens, &[0, 1]), "no me");
        assert_eq!(words(text, &tokens, &[0, 3]), "no … fallado");
        assert_eq!(words(text, &tokens, &[]), "");
    }
}
