//! The tagger: from a verbatim to everything that is found in it.

use crate::chance::hash;
use crate::detect::Detector;
use crate::embedding::Embedding;
use crate::emotion::Emotions;
use crate::error::{Error, Result};
use crate::lang::{Detection, Lang};
use crate::measure::{Measure, Vote};
use crate::model::{Explanation, Fixed, Model, Reading, Text, vocabulary};
use crate::nev;
use crate::phrase::Room;
use crate::pii::{Counts, Redactor};
use crate::sentiment::{Polarity, Sentiment};
use crate::text::{Clause, ClauseSplitter, Lexicon, Meaningful, Tokenizer, Tokens, fold};
use crate::theme::{Look, Mention, MentionFinder, Taxonomy};
use crate::verbatim::{Scales, Verbatim};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::ops::Range;

/// A verbatim and what was found in it. No model runs after this; the rest is counting.
#[derive(Clone, Debug, PartialEq)]
pub struct Tagged {
    /// The verbatim; its text has typed marks where personal data stood.
    pub verbatim: Verbatim,
    /// The language found.
    pub lang: Detection,
    /// The language it was analysed in; `None` where it was not. A comment of emoji alone is in no
    /// language, and is analysed in the stated one or English: emoji mean the same in both.
    pub analysed: Option<Lang>,
    /// True when the text says something.
    pub meaningful: bool,
    /// The sentiment; `None` for texts that say nothing and for languages that are not analysed.
    pub sentiment: Option<Sentiment>,
    /// The emotions; empty where there is no sentiment.
    pub emotions: Emotions,
    /// The vote for the Net Emotional Value; `None` where there is no sentiment.
    pub nev: Option<Vote>,
    /// The clauses with their sentiment.
    pub clauses: Vec<Opinion>,
    /// The themes named, in the order of the text.
    pub mentions: Vec<Mention>,
    /// The theme it is mainly about; `None` where it names none.
    pub main: Option<u16>,
    /// Personal data that were replaced when it was tagged, by type.
    pub redactions: Counts,
}

/// A clause and its sentiment.
#[derive(Clone, Debug, PartialEq)]
pub struct Opinion {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// Its sentiment.
    pub sentiment: Sentiment,
}

impl Tagged {
    /// Its vote for any measure.
    pub fn vote(&self, measure: Measure, scales: &Scales) -> Option<Vote> {
        match measure {
            Measure::Nev => self.nev,
            Measure::Sentiment => self.sentiment.map(|sentiment| sentiment.label.vote()),
            _ => self.verbatim.scores.vote(measure, scales),
        }
    }
}

/// A verbatim with what was found in it, and why.
#[derive(Clone, Debug)]
pub struct Explained {
    /// What was found.
    pub tagged: Tagged,
    /// The tokens of its text.
    pub tokens: Tokens,
    /// Why the model reads it so; `None` where there is no sentiment.
    pub why: Option<Explanation>,
}

/// Finds everything in verbatims: the only place that puts the parts together.
pub struct Tagger {
    model: Model,
    taxonomy: Taxonomy,
    tokenizer: Tokenizer,
    splitter: ClauseSplitter,
    meaningful: Meaningful,
    detector: Detector,
    redactor: Redactor,
    /// What the lexicon adds to the identity of the model; empty without one.
    lexicon: String,
    finder: MentionFinder,
    embedding: Embedding,
}

impl Tagger {
    /// The tagger of the shipped model and taxonomy.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] if a shipped file is damaged.
    pub fn shipped() -> Result<Self> {
        Self::new(Model::shipped()?, Taxonomy::shipped()?)
    }

    /// A tagger that finds languages, clauses and themes only, and says that every text is neutral: no model
    /// reads a text.
    ///
    /// # Errors
    /// As [`Tagger::new`].
    pub fn of_themes(taxonomy: Taxonomy) -> Result<Self> {
        let reading = Reading {
            sentiment: Some(Sentiment {
                label: Polarity::Neutral,
                probabilities: [0.0, 1.0, 0.0],
            }),
            ..Reading::default()
        };
        let model = Model {
            vocabulary: vocabulary(Embedding::words()),
            classifier: Box::new(Fixed::new(reading)),
        };
        Self::new(model, taxonomy)
    }

    /// A tagger of a model and a taxonomy.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] for a phrase of the taxonomy that cannot be one.
    pub fn new(model: Model, taxonomy: Taxonomy) -> Result<Self> {
        let empty: Vec<String> = include_str!("../models/text/empty.txt")
            .lines()
            .map(str::to_owned)
            .collect();
        let vocabulary = &model.vocabulary;
        Ok(Self {
            tokenizer: Tokenizer::new(vocabulary.clone()),
            splitter: ClauseSplitter::shipped(vocabulary)?,
            meaningful: Meaningful::new(&empty),
            detector: Detector::new(vocabulary),
            redactor: Redactor::new(),
            lexicon: String::new(),
            finder: MentionFinder::new(&taxonomy, vocabulary)?,
            embedding: Embedding::shipped(vocabulary)?,
            model,
            taxonomy,
        })
    }

    /// The tagger with another redactor: one that finds names too.
    #[must_use]
    pub fn with_redactor(self, redactor: Redactor) -> Self {
        Self { redactor, ..self }
    }

    /// What replaces personal data before anything else reads a text.
    pub fn redactor(&self) -> &Redactor {
        &self.redactor
    }

    /// The tagger that reads a user's own words as well; `text` is that of their file, empty for none. A
    /// transformer reads a text as it stands, so they matter to its themes and languages only.
    ///
    /// # Errors
    /// As [`Lexicon::parse`].
    pub fn with_lexicon(self, text: &str) -> Result<Self> {
        if text.is_empty() {
            return Ok(self);
        }
        let lexicon = Lexicon::parse(text, &self.tokenizer)?;
        Ok(Self {
            tokenizer: self.tokenizer.with_lexicon(lexicon),
            lexicon: format!("+words-{:08x}", hash(text.as_bytes()) >> 32),
            ..self
        })
    }

    /// Name and version of the model, and of the user's own words, as an index keeps it.
    pub fn model(&self) -> String {
        self.model.classifier.card().identity() + &self.lexicon
    }

    /// How many verbatims its model is best given at a time.
    pub fn batch(&self) -> usize {
        self.model.classifier.batch().max(1)
    }

    /// How the model misreads votes, from its card, per language code.
    pub fn votes(&self) -> &BTreeMap<String, nev::Confusion> {
        &self.model.classifier.card().votes
    }

    /// The taxonomy its mentions refer to.
    pub fn taxonomy(&self) -> &Taxonomy {
        &self.taxonomy
    }

    /// The themes whose phrases are found in a few words, else those whose names hold them all, by
    /// position.
    pub fn themes_of(&self, words: &str) -> Vec<u16> {
        let themes = self.finder.themes_of(&self.tokenizer.tokenize(words));
        if themes.is_empty() {
            return self.taxonomy.named(words);
        }
        themes
    }

    /// Folded words of both languages that mean nearly the same as a word, the nearest first; none where
    /// the word has no vector of its own.
    pub fn near(&self, word: &str) -> Vec<String> {
        /// Cosine from which two words are taken for the same: below it stand words of one topic.
        const LEAST: f32 = 0.7;
        const MOST: usize = 8;
        let words = self.embedding.nearest(&fold(word), MOST, LEAST);
        words.into_iter().map(str::to_owned).collect()
    }

    /// What splits texts into tokens.
    pub fn tokenizer(&self) -> &Tokenizer {
        &self.tokenizer
    }

    /// The vectors of words and texts.
    pub fn embedding(&self) -> &Embedding {
        &self.embedding
    }

    /// Tags verbatims on every core, in their order. The answer does not depend on the cores.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the model's backend fails; never because of a text.
    pub fn tag(&self, verbatims: Vec<Verbatim>) -> Result<Vec<Tagged>> {
        let mut all = Vec::with_capacity(verbatims.len());
        let size = self.batch();
        let mut batches = Vec::with_capacity(verbatims.len() / size + 1);
        let mut rest = verbatims.into_iter();
        loop {
            let batch: Vec<Verbatim> = rest.by_ref().take(size).collect();
            if batch.is_empty() {
                break;
            }
            batches.push(batch);
        }
        let tagged: Result<Vec<Vec<Tagged>>> = batches
            .into_par_iter()
            .map_init(Workshop::default, |workshop, batch| {
                self.tag_batch(batch, workshop)
            })
            .collect();
        for mut batch in tagged? {
            all.append(&mut batch);
        }
        Ok(all)
    }

    /// Tags one verbatim, and says why it is read so.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when the model cannot say why, or its backend fails.
    pub fn explain(&self, verbatim: Verbatim) -> Result<Explained> {
        let mut workshop = Workshop::default();
        let tagged = self.tag_batch(vec![verbatim], &mut workshop)?;
        let (Some(tagged), Some(piece)) = (tagged.into_iter().next(), workshop.pieces.pop()) else {
            return Err(Error::model("the model read nothing"));
        };
        let text = |lang| Text {
            lang,
            text: &tagged.verbatim.text,
            tokens: &piece.tokens,
            clauses: &piece.clauses,
        };
        let classifier = &self.model.classifier;
        let why = piece.lang.map(|lang| classifier.explain(&text(lang)));
        Ok(Explained {
            why: why.transpose()?,
            tokens: piece.tokens,
            tagged,
        })
    }

    /// Tags one batch on this thread.
    fn tag_batch(&self, verbatims: Vec<Verbatim>, workshop: &mut Workshop) -> Result<Vec<Tagged>> {
        workshop
            .pieces
            .resize_with(verbatims.len().max(workshop.pieces.len()), Piece::default);
        let Workshop { pieces, room } = workshop;
        let mut verbatims = verbatims;
        let mut texts = Vec::with_capacity(verbatims.len());
        for (verbatim, piece) in verbatims.iter_mut().zip(pieces.iter_mut()) {
            piece.redactions = self.redactor.redact_verbatim(verbatim);
            self.prepare(verbatim, piece);
        }
        for (verbatim, piece) in verbatims.iter().zip(pieces.iter()) {
            let Some(lang) = piece.lang else {
                continue;
            };
            texts.push(Text {
                lang,
                text: &verbatim.text,
                tokens: &piece.tokens,
                clauses: &piece.clauses,
            });
        }
        let mut readings = self.model.classifier.classify(&texts)?.into_iter();
        let tagged = verbatims
            .into_iter()
            .zip(pieces.iter())
            .map(|(verbatim, piece)| self.assemble(verbatim, piece, &mut readings, room));
        Ok(tagged.collect())
    }

    fn prepare(&self, verbatim: &Verbatim, piece: &mut Piece) {
        self.tokenizer.read(&verbatim.text, &mut piece.tokens);
        piece.meaningful = self.meaningful.is(&piece.tokens);
        let detection = self
            .detector
            .detect(&verbatim.text, &piece.tokens, verbatim.stated);
        piece.detection = Some(detection);
        let wordless = piece.tokens.words() == 0;
        let lang = if wordless {
            verbatim.stated.or(Some(Lang::En))
        } else {
            detection.lang()
        };
        piece.lang = lang.filter(|_| piece.meaningful);
        piece.clauses.clear();
        if piece.lang.is_some() {
            self.splitter.split(&piece.tokens, &mut piece.clauses);
        }
    }

    fn assemble(
        &self,
        verbatim: Verbatim,
        piece: &Piece,
        readings: &mut impl Iterator<Item = Reading>,
        room: &mut Room,
    ) -> Tagged {
        let mut tagged = Tagged {
            verbatim,
            lang: piece.detection.unwrap_or(Detection {
                code: "und",
                confidence: 0.0,
            }),
            analysed: piece.lang,
            meaningful: piece.meaningful,
            sentiment: None,
            emotions: Emotions::new(),
            nev: None,
            clauses: Vec::with_capacity(piece.clauses.len()),
            mentions: Vec::new(),
            main: None,
            redactions: piece.redactions,
        };
        let Some(lang) = piece.lang else {
            return tagged;
        };
        let Some(whole) = readings.next() else {
            return tagged;
        };
        tagged.sentiment = whole.sentiment;
        tagged.emotions = whole.emotions;
        tagged.nev = whole
            .sentiment
            .map(|sentiment| nev::vote(&whole.emotions, sentiment.label));
        for (clause, sentiment) in piece.clauses.iter().zip(whole.clauses) {
            tagged.clauses.push(Opinion {
                span: clause.span.clone(),
                sentiment,
            });
        }
        let spans = piece.clauses.iter().map(|clause| clause.tokens.clone());
        self.find_themes(lang, &piece.tokens, spans, room, &mut tagged);
        tagged
    }

    /// Fills in the themes of the clauses that `tagged` has, of which these are the tokens.
    fn find_themes(
        &self,
        lang: Lang,
        tokens: &Tokens,
        clauses: impl Iterator<Item = Range<usize>>,
        room: &mut Room,
        tagged: &mut Tagged,
    ) {
        let Tagged {
            mentions,
            clauses: opinions,
            verbatim,
            sentiment,
            ..
        } = tagged;
        let clauses: Vec<Range<usize>> = clauses.take(opinions.len()).collect();
        let likes = self.finder.likes(&self.embedding, tokens, &clauses);
        let found = clauses.into_iter().zip(opinions.iter()).zip(likes.clauses);
        for ((clause, opinion), like) in found {
            let look = Look {
                lang,
                tokens,
                clause,
                sentiment: opinion.sentiment.label,
                asked: verbatim.asked,
            };
            let first = mentions.len();
            self.finder.find(&look, room, mentions);
            if let Some(theme) = like {
                self.finder.add_like(&look, theme, first, mentions);
            }
        }
        if let (Some(theme), Some(sentiment), true) = (likes.whole, *sentiment, mentions.is_empty())
        {
            // No clause says enough by itself.
            mentions.push(Mention {
                theme,
                start: 0,
                end: verbatim.text.len() as u32,
                sentiment: sentiment.label,
            });
        }
        tagged.main = likes.whole.or_else(|| most_named(&tagged.mentions));
    }

    /// Finds the themes of a verbatim anew, by this tagger's taxonomy; everything else that was found in it
    /// stays. `lang` is the language it was analysed in.
    pub fn find_themes_again(&self, tagged: &mut Tagged, workshop: &mut Workshop) {
        tagged.mentions.clear();
        tagged.main = None;
        let Some(lang) = tagged.analysed else {
            return;
        };
        workshop
            .pieces
            .resize_with(1.max(workshop.pieces.len()), Piece::default);
        let Workshop { pieces, room } = workshop;
        let tokens = &mut pieces[0].tokens;
        self.tokenizer.read(&tagged.verbatim.text, tokens);
        let spans: Vec<Range<usize>> = tagged
            .clauses
            .iter()
            .map(|clause| crate::theme::discover::tokens_of(tokens, &clause.span))
            .collect();
        self.find_themes(lang, tokens, spans.into_iter(), room, tagged);
    }
}

/// The theme named most, of equals the first.
fn most_named(mentions: &[Mention]) -> Option<u16> {
    let times = |theme: u16| mentions.iter().filter(|one| one.theme == theme).count();
    let most = mentions.iter().map(|one| times(one.theme)).max()?;
    mentions
        .iter()
        .map(|one| one.theme)
        .find(|theme| times(*theme) == most)
}

/// Room for work, one per thread, made to be reused.
#[derive(Default)]
pub struct Workshop {
    pieces: Vec<Piece>,
    room: Room,
}

/// What is known of a verbatim before the model runs.
#[derive(Default)]
struct Piece {
    tokens: Tokens,
    clauses: Vec<Clause>,
    detection: Option<Detection>,
    redactions: Counts,
    meaningful: bool,
    /// The language to analyse it in: `None` when it says nothing or is in another language.
    lang: Option<Lang>,
}

/// Sets how many threads tagging uses in this process; the first call counts.
///
/// # Errors
/// `Io` when the machine gives no threads.
pub fn use_threads(threads: usize) -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    match pool.build_global() {
        Err(error) if std::error::Error::source(&error).is_some() => Err(Error::io(
            "starting threads failed",
            std::io::Error::other(error),
        )),
        _ => Ok(()),
    }
}
