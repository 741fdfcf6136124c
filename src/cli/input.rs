//! The files of comments, and what the user says about them.

use super::Shell;
use super::config::Kept;
use super::files;
use super::join;
use super::progress::Progress;
use super::redact::redactor;
use crate::error::{Error, ErrorKind, Result};
use crate::index::Index;
use crate::lang::Lang;
use crate::model::Model;
use crate::pii::Redactor;
use crate::run::{self, Ran};
use crate::source::{Asked, DateOrder, Encoding, Joins, Mapping, Plan, Rejects, Stamp, peek};
use crate::tag::{Tagged, Tagger};
use crate::text::Lexicon;
use crate::theme::{Catalog, Taxonomy};
use crate::verbatim::Scales;
use clap::Args;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};

/// Files of comments and their columns; what is not said is found out, for each of them.
#[derive(Args, Debug)]
pub struct Input {
    /// Files of comments, or folders of them: CSV, TSV, JSON, workbooks (.xlsx, .xls, .ods), Parquet or Arrow, plain or as gzip or Zstandard; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub file: Vec<PathBuf>,
    /// Column of the ids
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    id: Option<String>,
    /// Column of the comments; given again, or several separated by commas: each is a comment of its own
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    text: Option<Vec<String>>,
    /// Column of the dates
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    date: Option<String>,
    /// Column of the NPS answers, 0 to 10
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    nps: Option<String>,
    /// Column of the satisfaction scores
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    csat: Option<String>,
    /// Column of the effort scores
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    ces: Option<String>,
    /// Column of the customers' ids
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    customer: Option<String>,
    /// Column that states the language of each comment
    #[arg(long, value_name = "COLUMN", help_heading = "Columns")]
    lang_column: Option<String>,
    /// Columns to keep as fields, separated by commas; every other one unless given
    #[arg(
        long,
        value_name = "COLUMNS",
        value_delimiter = ',',
        help_heading = "Columns"
    )]
    fields: Option<Vec<String>>,
    /// Language of comments whose row states none: es or en
    #[arg(long, value_name = "LANG", value_parser = ["es", "en"], help_heading = "Columns")]
    stated: Option<String>,
    /// What the question asks for: negative, positive or neither; told by the column's name unless given
    #[arg(long, value_name = "SENTIMENT", value_parser = ["negative", "positive", "neither"], help_heading = "Columns")]
    asks: Option<String>,
    /// Highest satisfaction score; the lowest is 1
    #[arg(long, value_name = "N", default_value = "5", help_heading = "Columns",
          value_parser = clap::value_parser!(u8).range(2..))]
    csat_max: u8,
    /// Highest effort score; the lowest is 1
    #[arg(long, value_name = "N", default_value = "7", help_heading = "Columns",
          value_parser = clap::value_parser!(u8).range(2..))]
    ces_max: u8,
    /// A high effort score means hard, not easy
    #[arg(long, help_heading = "Columns")]
    ces_high_is_hard: bool,
    /// Sheet of a workbook; the first that has a header and rows unless given
    #[arg(long, value_name = "NAME", help_heading = "Columns")]
    sheet: Option<String>,
    /// Order of day and month in dates: dmy or mdy
    #[arg(long, value_name = "ORDER", value_parser = ["dmy", "mdy"], help_heading = "Columns")]
    date_order: Option<String>,
    /// Character between columns, or tab
    #[arg(long, value_name = "CHAR", help_heading = "Columns")]
    delimiter: Option<String>,
    /// Encoding of the file, such as utf-8 or windows-1252
    #[arg(long, value_name = "NAME", help_heading = "Columns")]
    encoding: Option<String>,
    /// Numbers have a decimal comma: true or false
    #[arg(long, value_name = "BOOL", help_heading = "Columns")]
    decimal_comma: Option<bool>,
    /// What of this is kept in a file, by the id of its flag.
    #[arg(skip)]
    pub kept: Kept,
}

/// What a user has made: themes and words, as their files have them; empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Own {
    pub catalog: String,
    pub lexicon: String,
}

impl Own {
    /// What an index was tagged with; nothing where there is no index yet.
    pub fn of_index(folder: &Path) -> Self {
        Index::open(folder).map_or_else(
            |_| Self::default(),
            |index| Self {
                catalog: index.catalog().to_owned(),
                lexicon: index.lexicon().to_owned(),
            },
        )
    }

    /// A tagger by these and a model; the shipped model unless one is meant.
    pub fn tagger(&self, model: Option<&Path>) -> Result<Tagger> {
        let taxonomy = match &*self.catalog {
            "" => Taxonomy::shipped()?,
            catalog => Catalog::parse(catalog)?.over(Taxonomy::shipped()?)?,
        };
        let model = model.map_or_else(Model::shipped, Model::open)?;
        Tagger::new(model, taxonomy)?.with_lexicon(&self.lexicon)
    }
}

/// The text of a file of a user's own words. It is kept in the index as it is.
///
/// # Errors
/// `Input` when it holds personal data, `Io` when it cannot be read.
pub fn lexicon(path: &Path) -> Result<String> {
    let text = Lexicon::read(path)?;
    if Redactor::new().redact(&text).counts.total() > 0 {
        return Err(Error::input(
            "there is personal data in this file of words, and an index would keep it",
        )
        .at(path)
        .hint("take it out: names are those of products, not of people or their addresses"));
    }
    Ok(text)
}

/// A file of comments, and what was decided about it.
#[derive(Debug)]
pub struct Planned {
    pub path: PathBuf,
    pub plan: Plan,
}

/// What a run over files came to, file by file in their order.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    pub files: Vec<(PathBuf, Ran)>,
}

impl Runs {
    /// All of them together.
    pub fn total(&self) -> Ran {
        let mut total = Ran::default();
        for (_, ran) in &self.files {
            total.add(ran);
        }
        total
    }
}

impl Input {
    /// A file of which nothing is said.
    pub fn of(file: PathBuf) -> Self {
        let Scales {
            csat_max,
            ces_max,
            ces_high_is_easy,
        } = Scales::default();
        Self {
            file: vec![file],
            id: None,
            text: None,
            date: None,
            nps: None,
            csat: None,
            ces: None,
            customer: None,
            lang_column: None,
            fields: None,
            stated: None,
            asks: None,
            csat_max,
            ces_max,
            ces_high_is_hard: !ces_high_is_easy,
            sheet: None,
            date_order: None,
            delimiter: None,
            encoding: None,
            decimal_comma: None,
            kept: Kept::new(),
        }
    }

    /// A file of which only the columns of ids and comments may be said.
    pub fn with(file: PathBuf, id: Option<String>, text: Option<String>) -> Self {
        Self {
            id,
            text: text.map(|text| vec![text]),
            ..Self::of(file)
        }
    }

    /// The same without fields: only what its other columns are is read.
    #[must_use]
    pub fn without_fields(mut self) -> Self {
        self.fields = Some(Vec::new());
        self
    }

    /// What the user says about the file.
    pub fn mapping(&self) -> Result<Mapping> {
        let encoding = match &self.encoding {
            Some(name) => Some(Encoding::parse(name).ok_or_else(|| {
                Error::usage(format!("no encoding is called `{name}`"))
                    .hint("try utf-8, windows-1252, iso-8859-1 or utf-16le")
            })?),
            None => None,
        };
        Ok(Mapping {
            id: self.id.clone(),
            text: self.text.clone(),
            date: self.date.clone(),
            nps: self.nps.clone(),
            csat: self.csat.clone(),
            ces: self.ces.clone(),
            customer: self.customer.clone(),
            lang: self.lang_column.clone(),
            fields: self.fields.clone(),
            date_order: self.date_order.as_deref().and_then(DateOrder::parse),
            delimiter: self.delimiter.as_deref().map(delimiter).transpose()?,
            encoding,
            decimal_comma: self.decimal_comma,
            scales: Scales {
                csat_max: self.csat_max,
                ces_max: self.ces_max,
                ces_high_is_easy: !self.ces_high_is_hard,
            },
            stated: self.stated.as_deref().and_then(Lang::parse),
            asked: self.asks.as_deref().and_then(Asked::parse),
            kept: self.kept.clone(),
            sheet: self.sheet.clone(),
        })
    }

    /// The files, and what is decided about each before any of them is read.
    pub fn plans(&self) -> Result<Vec<Planned>> {
        let mapping = self.mapping()?;
        let files = files::of(&self.file)?.into_iter();
        files
            .map(|path| {
                let plan = peek(&path, &mapping)?;
                Ok(Planned { path, plan })
            })
            .collect()
    }

    /// True when the comments come from standard input, which is read only once.
    pub fn is_stream(&self) -> bool {
        self.file.iter().any(|path| path.as_os_str() == "-")
    }
}

fn delimiter(said: &str) -> Result<u8> {
    match said.as_bytes() {
        _ if said.eq_ignore_ascii_case("tab") || said == "\\t" => Ok(b'\t'),
        [byte] if byte.is_ascii() => Ok(*byte),
        _ => Err(Error::usage("a delimiter is one character").hint("use , ; | or tab")),
    }
}

/// How a file is tagged: model, themes, and what is done with refused rows.
#[derive(Args, Debug, Default)]
pub struct Tagging {
    /// The model: a name from `voz models list`, a folder, or fast+NAME; the shipped one unless given
    #[arg(long, value_name = "MODEL", env = "VOZ_MODEL")]
    model: Option<PathBuf>,
    /// File of your themes (`voz themes`), or folder of a whole taxonomy, one TOML file per driver; the
    /// shipped one unless given
    #[arg(long, value_name = "FILE")]
    themes: Option<PathBuf>,
    /// File of your own words: local slang with what it means, and names of products; those the index has,
    /// or none, unless given
    #[arg(long, value_name = "FILE")]
    lexicon: Option<PathBuf>,
    /// Replace names of people too, where the words before them say so: *my agent was …*
    #[arg(long)]
    names: bool,
    /// Where refused rows go, with those of all files; beside each file, as FILE.rejects.csv, unless given
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// Fail (exit 5) when more rows than this are refused; the good ones are still done
    #[arg(long, value_name = "N")]
    max_rejects: Option<u64>,
}

impl Tagging {
    /// The tagger asked for, with a user's own themes and words.
    fn tagger_with(&self, own: &Own) -> Result<Tagger> {
        let model = self
            .model
            .as_deref()
            .map_or_else(Model::shipped, Model::open)?;
        let folder = self.themes.as_deref().filter(|path| !path.is_file());
        let taxonomy = folder.map_or_else(Taxonomy::shipped, Taxonomy::open)?;
        let taxonomy = match &*own.catalog {
            "" => taxonomy,
            catalog => Catalog::parse(catalog)?.over(taxonomy)?,
        };
        let tagger = Tagger::new(model, taxonomy)?.with_redactor(redactor(self.names));
        tagger.with_lexicon(&own.lexicon)
    }

    /// The tagger asked for.
    pub fn tagger(&self) -> Result<Tagger> {
        self.tagger_with(&self.own(Own::default())?)
    }

    /// True when names of people are replaced.
    pub fn names(&self) -> bool {
        self.names
    }

    /// The user's own themes and words: those of the files given, else those kept.
    pub fn own(&self, kept: Own) -> Result<Own> {
        Ok(Own {
            catalog: match self.themes.as_deref().filter(|path| path.is_file()) {
                Some(path) => Catalog::read(path)?.to_toml()?,
                None => kept.catalog,
            },
            lexicon: match &self.lexicon {
                Some(path) => lexicon(path)?,
                None => kept.lexicon,
            },
        })
    }

    /// Looks at the files while the models are loaded: their plans, and the tagger asked for.
    pub fn prepare(&self, input: &Input) -> Result<(Vec<Planned>, Tagger)> {
        self.prepare_with(input, &self.own(Own::default())?)
    }

    /// As [`Tagging::prepare`], with a user's own themes and words.
    pub fn prepare_with(&self, input: &Input, own: &Own) -> Result<(Vec<Planned>, Tagger)> {
        std::thread::scope(|scope| {
            let tagger = scope.spawn(|| self.tagger_with(own));
            let plans = input.plans()?;
            let tagger = tagger.join();
            Ok((plans, tagger.unwrap_or_else(|panic| resume_unwind(panic))?))
        })
    }

    /// Runs over the files with progress; refused rows are kept aside and told. What all files together
    /// came to.
    pub fn run(
        &self,
        plans: &[Planned],
        tagger: &Tagger,
        shell: &Shell,
        sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>,
    ) -> Result<Ran> {
        let joins = &mut Joins::default();
        Ok(self.run_joined(plans, joins, tagger, shell, sink)?.total())
    }

    /// As [`Tagging::run`], with what second files have joined to the comments: what each file came to.
    pub fn run_joined(
        &self,
        plans: &[Planned],
        joins: &mut Joins,
        tagger: &Tagger,
        shell: &Shell,
        sink: &mut dyn FnMut(Vec<Tagged>) -> Result<()>,
    ) -> Result<Runs> {
        let shared = self.rejects.as_deref();
        let mut rejects = match shared {
            Some(path) if plans.len() > 1 => Rejects::of_files(path)?,
            shared => Rejects::new(shared)?,
        };
        // Those of earlier runs are removed before anything is read, or none is.
        let mut beside = Vec::new();
        for planned in plans {
            beside.push(match beside_of(&planned.path) {
                Some(path) if shared.is_none() => Some(Rejects::new(Some(&path))?),
                _ => None,
            });
        }
        let mut runs = Runs::default();
        let mut done = 0;
        for (at, (planned, own)) in plans.iter().zip(&mut beside).enumerate() {
            joins.begin(at);
            let rejects = own.as_mut().unwrap_or(&mut rejects);
            rejects.read_from(&planned.path);
            let progress = Progress::rows(shell);
            let mut watch = |ran: &Ran| progress.at(done + ran.rows);
            let (path, plan) = (&planned.path, &planned.plan);
            let stamp = Stamp::of(path)?;
            let ran = run::run(path, plan, joins, tagger, rejects, &mut watch, sink);
            progress.clear();
            // A file that changed is to blame for whatever went wrong in it.
            stamp.map_or(Ok(()), |stamp| stamp.still_holds())?;
            let ran = ran?;
            done += ran.rows;
            runs.files.push((path.clone(), ran));
        }
        join::tell(&runs.total(), shell);
        for rejects in beside.iter().flatten().chain([&rejects]) {
            tell(rejects, shell);
        }
        if runs.total().tagged == 0 {
            // Before anything is committed or replaced by nothing.
            let mut error = Error::new(ErrorKind::Rejects, "every row was refused");
            if let [planned] = plans {
                error = error.at(&planned.path);
            }
            return Err(error.hint(
                "the rejects file names row, column and reason; `voz peek FILE` shows how the file is read",
            ));
        }
        Ok(runs)
    }

    /// Where the refused rows of a file to be joined go: beside those of the comments where that is said,
    /// else beside the file.
    pub fn rejects_of(&self, file: &Path) -> PathBuf {
        let Some(rejects) = &self.rejects else {
            return beside(file);
        };
        let name = file.file_name().unwrap_or_default();
        if name.is_empty() || rejects.metadata().is_ok_and(|meta| !meta.is_file()) {
            return rejects.clone();
        }
        let mut own = name.to_os_string();
        own.push(".");
        own.push(rejects.file_name().unwrap_or_default());
        rejects.with_file_name(own)
    }

    /// The error when more rows were refused than allowed: told after the good ones are done.
    pub fn allow(&self, ran: &Ran) -> Result<()> {
        let joined: u64 = ran.joins.iter().map(|join| join.refused).sum();
        let refused = ran.rejected + joined;
        match self.max_rejects {
            Some(most) if refused > most => Err(Error::new(
                ErrorKind::Rejects,
                format!("{refused} rows were refused, more than {most}"),
            )
            .hint("the rejects file names row, column and reason; the good rows were done")),
            _ => Ok(()),
        }
    }
}

/// Where the refused rows of a file go unless told; those of standard input go nowhere.
fn beside_of(path: &Path) -> Option<PathBuf> {
    (path.as_os_str() != "-").then(|| beside(path))
}

/// Says how many rows were refused, and where they are.
fn tell(rejects: &Rejects, shell: &Shell) {
    if rejects.total() == 0 {
        return;
    }
    let counts = rejects.counts().iter();
    let reasons: Vec<String> = counts
        .map(|(reason, count)| format!("{reason} {count}"))
        .collect();
    let n = shell.locale.count(rejects.total());
    let reasons = reasons.join(", ");
    shell.say(&match rejects.written() {
        Some(path) => shell.locale.fill(
            "run.rejected",
            &[("n", &n), ("reasons", &reasons), ("file", &path.display())],
        ),
        None => shell
            .locale
            .fill("run.refused", &[("n", &n), ("reasons", &reasons)]),
    });
}

/// The file of refused rows beside a file.
fn beside(file: &Path) -> PathBuf {
    let mut name = file.to_path_buf().into_os_string();
    name.push(".rejects.csv");
    name.into()
}
