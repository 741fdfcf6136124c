//! Texts into pieces, by the tokenizer of a model folder in any of the forms that Hugging Face's
//! libraries write.

use super::config::{COPY, Config, Family};
use crate::error::{Error, Result};
use prost::Message;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::path::{Path, PathBuf};
use tokenizers::models::bpe::BPE;
use tokenizers::models::unigram::Unigram;
use tokenizers::models::wordpiece::WordPiece;
use tokenizers::normalizers::{BertNormalizer, Precompiled};
use tokenizers::pre_tokenizers::bert::BertPreTokenizer;
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::pre_tokenizers::metaspace::{Metaspace, PrependScheme};
use tokenizers::pre_tokenizers::sequence::Sequence;
use tokenizers::pre_tokenizers::whitespace::WhitespaceSplit;
use tokenizers::processors::template::TemplateProcessing;
use tokenizers::{AddedToken, Tokenizer};

/// What splits texts into a model's pieces.
pub struct Pieces {
    tokenizer: Tokenizer,
    first: i64,
    last: i64,
    longest: usize,
}

/// A piece of a text.
pub struct Piece {
    /// Its number.
    pub id: i64,
    /// The byte of the text at which it begins.
    pub start: usize,
    /// The byte after its last.
    pub end: usize,
}

/// The forms that a tokenizer is read from, the first that is there.
const FORMS: [&str; 4] = [
    "tokenizer.json",
    "sentencepiece.bpe.model",
    "vocab.json",
    "vocab.txt",
];

impl Pieces {
    /// Reads the tokenizer in a folder.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when there is none, or it is damaged.
    pub fn open(folder: &Path, config: &Config) -> Result<Self> {
        let form = FORMS.iter().find(|name| folder.join(name).is_file());
        let Some(form) = form else {
            return Err(Error::model("the folder has no tokenizer")
                .at(folder)
                .hint(format!("one of these is needed: {}", FORMS.join(", "))));
        };
        let path = folder.join(form);
        let settings: Settings = settings(&folder.join("tokenizer_config.json"))?;
        let tokenizer = match *form {
            "tokenizer.json" => Tokenizer::from_file(&path).map_err(damaged(&path)),
            "sentencepiece.bpe.model" => sentencepiece(&path, config.family),
            "vocab.json" => byte_pairs(&path, &folder.join("merges.txt"), &settings),
            _ => word_pieces(&path, &settings),
        }?;
        let longest = settings.longest(config, folder)?;
        Self::new(tokenizer, longest, config, &path)
    }

    /// Reads a `tokenizer.json`, of a model whose longest rows are as its configuration says.
    ///
    /// # Errors
    /// [`crate::error::ErrorKind::Model`] when it is damaged.
    pub fn parse(bytes: &[u8], config: &Config) -> Result<Self> {
        let path = Path::new("tokenizer.json");
        let tokenizer = Tokenizer::from_bytes(bytes).map_err(damaged(path))?;
        Self::new(tokenizer, config.longest(), config, path)
    }

    fn new(mut tokenizer: Tokenizer, longest: usize, config: &Config, path: &Path) -> Result<Self> {
        // Long texts are cut here, not there, and rows are not padded.
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(damaged(path))?;
        // A table may have spare rows, but not this many.
        let known = tokenizer.get_vocab_size(true) as i64;
        if 4 * known < 3 * config.pieces {
            return Err(Error::model(format!(
                "the tokenizer has {known} pieces, the model {}",
                config.pieces
            ))
            .at(path)
            .hint("the tokenizer and config.json must be of the same model, and whole"));
        }
        let ends = tokenizer.encode("", true).map_err(damaged(path))?;
        let &[first, last] = ends.get_ids() else {
            return Err(Error::model(
                "the tokenizer does not put one piece at either end of a text",
            )
            .at(path)
            .hint("the tokenizers of BERT, RoBERTa, XLM-R, DistilBERT and ELECTRA do"));
        };
        Ok(Self {
            tokenizer,
            first: first.into(),
            last: last.into(),
            longest,
        })
    }

    /// The most pieces that a row may have, those at both ends among them.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// The pieces of a text, without those at both ends; none of a text that the tokenizer refuses.
    pub fn split(&self, text: &str) -> Vec<Piece> {
        let Ok(encoding) = self.tokenizer.encode(text, false) else {
            return Vec::new();
        };
        let pieces = encoding.get_ids().iter().zip(encoding.get_offsets());
        let piece = |(id, (start, end)): (&u32, &(usize, usize))| Piece {
            id: i64::from(*id),
            start: *start,
            end: *end,
        };
        pieces.map(piece).collect()
    }

    /// A row for the model: `ids` between the pieces at both ends.
    pub fn row(&self, ids: &[i64]) -> Vec<i64> {
        let mut row = Vec::with_capacity(ids.len() + 2);
        row.push(self.first);
        row.extend_from_slice(ids);
        row.push(self.last);
        row
    }
}

fn damaged(path: &Path) -> impl Fn(tokenizers::Error) -> Error + '_ {
    move |error| {
        Error::model("the tokenizer is damaged")
            .at(path)
            .caused_by(error)
            .hint(COPY)
    }
}

/// `tokenizer_config.json`, and how long texts may be.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Settings {
    do_lower_case: Option<bool>,
    strip_accents: Option<bool>,
    tokenize_chinese_chars: Option<bool>,
    add_prefix_space: bool,
    /// May be 1e30 where nothing was said.
    model_max_length: Option<f64>,
}

impl Settings {
    /// The most pieces of a row, by the model and by what its maker says.
    fn longest(&self, config: &Config, folder: &Path) -> Result<usize> {
        #[derive(Deserialize, Default)]
        struct Sentences {
            max_seq_length: Option<usize>,
        }
        /// A row holds the pieces at both ends and one more.
        const LEAST: usize = 3;
        let said = self.model_max_length.filter(|most| *most < 1e6);
        let sentences: Sentences = settings(&folder.join("sentence_bert_config.json"))?;
        Ok([said.map(|most| most as usize), sentences.max_seq_length]
            .into_iter()
            .flatten()
            .filter(|most| *most >= LEAST)
            .fold(config.longest(), usize::min))
    }
}

/// What a file of settings says; nothing where it is not there.
fn settings<S: DeserializeOwned + Default>(path: &Path) -> Result<S> {
    if !path.is_file() {
        return Ok(S::default());
    }
    let text = std::fs::read_to_string(path)
        .map_err(|error| Error::io("the tokenizer's settings cannot be read", error).at(path))?;
    serde_json::from_str(&text).map_err(|error| {
        Error::model("the tokenizer's settings are damaged")
            .at(path)
            .caused_by(error)
            .hint(COPY)
    })
}

/// BERT's, DistilBERT's and ELECTRA's tokenizer, from `vocab.txt`.
fn word_pieces(path: &Path, settings: &Settings) -> Result<Tokenizer> {
    let name = path.to_string_lossy();
    let model = WordPiece::from_file(&name)
        .unk_token("[UNK]".to_owned())
        .build()
        .map_err(damaged(path))?;
    let mut tokenizer = Tokenizer::new(model);
    let lower = settings.do_lower_case.unwrap_or(true);
    let normalizer = BertNormalizer::new(
        true,
        settings.tokenize_chinese_chars.unwrap_or(true),
        settings.strip_accents,
        lower,
    );
    tokenizer
        .with_normalizer(Some(normalizer))
        .map_err(damaged(path))?;
    tokenizer.with_pre_tokenizer(Some(BertPreTokenizer));
    between(&mut tokenizer, "[CLS]", "[SEP]", path)?;
    special(
        &mut tokenizer,
        &["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"],
        path,
    )?;
    Ok(tokenizer)
}

/// RoBERTa's tokenizer, from `vocab.json` and `merges.txt`.
fn byte_pairs(path: &Path, merges: &Path, settings: &Settings) -> Result<Tokenizer> {
    if !merges.is_file() {
        return Err(
            Error::model("the tokenizer has vocab.json but no merges.txt")
                .at(merges)
                .hint("both come with the model"),
        );
    }
    let model = BPE::from_file(&path.to_string_lossy(), &merges.to_string_lossy())
        .build()
        .map_err(damaged(path))?;
    let mut tokenizer = Tokenizer::new(model);
    tokenizer.with_pre_tokenizer(Some(ByteLevel::new(settings.add_prefix_space, true, true)));
    between(&mut tokenizer, "<s>", "</s>", path)?;
    special(&mut tokenizer, &["<s>", "<pad>", "</s>", "<unk>"], path)?;
    // The mask takes the space before it.
    let mask = AddedToken::from("<mask>", true).lstrip(true);
    tokenizer
        .add_special_tokens([mask])
        .map_err(damaged(path))?;
    Ok(tokenizer)
}

/// A model of the program sentencepiece, as far as it is needed here (its `sentencepiece_model.proto`).
#[derive(Clone, PartialEq, Message)]
struct SentencePieces {
    #[prost(message, repeated, tag = "1")]
    pieces: Vec<SentencePiece>,
    #[prost(message, optional, tag = "3")]
    normalizer: Option<Normalizer>,
}

#[derive(Clone, PartialEq, Message)]
struct SentencePiece {
    #[prost(string, optional, tag = "1")]
    piece: Option<String>,
    #[prost(float, optional, tag = "2")]
    score: Option<f32>,
}

#[derive(Clone, PartialEq, Message)]
struct Normalizer {
    #[prost(bytes = "vec", optional, tag = "2")]
    characters: Option<Vec<u8>>,
}

/// XLM-R's tokenizer. Its pieces are those of sentencepiece, in fairseq's numbers: four special ones
/// first, and the mask last.
fn sentencepiece(path: &Path, family: Family) -> Result<Tokenizer> {
    /// `<unk>`, `<s>` and `</s>` come first in sentencepiece's own order.
    const SPECIAL: usize = 3;
    if family != Family::XlmRoberta {
        return Err(Error::model("only XLM-R is read with a sentencepiece model")
            .at(path)
            .hint("tokenizer.json works for every family; in Python, `AutoTokenizer.from_pretrained(DIR).save_pretrained(DIR)` writes it"));
    }
    let bytes = std::fs::read(path)
        .map_err(|error| Error::io("the tokenizer cannot be read", error).at(path))?;
    let read = SentencePieces::decode(bytes.as_slice()).map_err(|error| {
        Error::model("the tokenizer is damaged")
            .at(path)
            .caused_by(error)
            .hint(COPY)
    })?;
    if read.pieces.len() <= SPECIAL {
        return Err(Error::model("the tokenizer has no pieces")
            .at(path)
            .hint(COPY));
    }
    let special = ["<s>", "<pad>", "</s>", "<unk>"].map(|name| (name.to_owned(), 0.0));
    let pieces = read.pieces.iter().skip(SPECIAL).map(|piece| {
        let text = piece.piece.clone().unwrap_or_default();
        (text, f64::from(piece.score.unwrap_or_default()))
    });
    let all: Vec<(String, f64)> = special
        .into_iter()
        .chain(pieces)
        .chain([("<mask>".to_owned(), 0.0)])
        .collect();
    let unknown = special_number(&all, "<unk>");
    let model = Unigram::from(all, unknown, false).map_err(damaged(path))?;
    let mut tokenizer = Tokenizer::new(model);
    let characters = read.normalizer.and_then(|normalizer| normalizer.characters);
    if let Some(characters) = characters.filter(|characters| !characters.is_empty()) {
        let precompiled = Precompiled::from(&characters).map_err(|error| {
            Error::model("the tokenizer is damaged")
                .at(path)
                .caused_by(error)
                .hint(COPY)
        })?;
        tokenizer
            .with_normalizer(Some(precompiled))
            .map_err(damaged(path))?;
    }
    let words = Metaspace::new('▁', PrependScheme::Always, true);
    tokenizer.with_pre_tokenizer(Some(Sequence::new(vec![
        WhitespaceSplit.into(),
        words.into(),
    ])));
    between(&mut tokenizer, "<s>", "</s>", path)?;
    self::special(&mut tokenizer, &["<s>", "<pad>", "</s>", "<unk>"], path)?;
    let mask = AddedToken::from("<mask>", true).lstrip(true);
    tokenizer
        .add_special_tokens([mask])
        .map_err(damaged(path))?;
    Ok(tokenizer)
}

fn special_number(pieces: &[(String, f64)], name: &str) -> Option<usize> {
    pieces.iter().position(|(piece, _)| piece == name)
}

/// Has the tokenizer put a piece at either end of a text.
fn between(tokenizer: &mut Tokenizer, first: &str, last: &str, path: &Path) -> Result<()> {
    let number = |name: &str| {
        let number = tokenizer.token_to_id(name);
        number.ok_or_else(|| Error::model(format!("the tokenizer has no piece `{name}`")).at(path))
    };
    let ends = vec![
        (first.to_owned(), number(first)?),
        (last.to_owned(), number(last)?),
    ];
    let template = TemplateProcessing::builder()
        .try_single(format!("{first} $A {last}"))
        .map_err(|error| {
            Error::model("the tokenizer is damaged")
                .at(path)
                .caused_by(error)
                .hint(COPY)
        })?
        .special_tokens(ends)
        .build()
        .map_err(|error| {
            Error::model("the tokenizer is damaged")
                .at(path)
                .caused_by(error)
                .hint(COPY)
        })?;
    tokenizer.with_post_processor(Some(template));
    Ok(())
}

/// Has the tokenizer keep special pieces whole, those of them that it has.
fn special(tokenizer: &mut Tokenizer, names: &[&str], path: &Path) -> Result<()> {
    let known = names
        .iter()
        .filter(|name| tokenizer.token_to_id(name).is_some());
    let known: Vec<AddedToken> = known.map(|name| AddedToken::from(*name, true)).collect();
    tokenizer.add_special_tokens(known).map_err(damaged(path))?;
    Ok(())
}

/// The files of the tokenizer in a folder, those that are there.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let other = [
        "merges.txt",
        "tokenizer_config.json",
        "sentence_bert_config.json",
    ];
    let names = FORMS.into_iter().chain(other);
    names
        .map(|name| folder.join(name))
        .filter(|path| path.is_file())
        .collect()
}
