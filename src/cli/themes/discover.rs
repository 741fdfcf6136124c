//! `voz themes discover`: propose themes that nobody listed.

use super::super::Shell;
use super::super::input::Input;
use super::super::output::{Destination, Format, Output, failed};
use super::Store;
use super::find::{Source, Told};
use crate::error::{Error, Result};
use crate::lang::Lang;
use crate::report::{Sheet, Show};
use crate::tag::Tagger;
use crate::theme::discover::{Found, Sample, discover};
use crate::theme::{Catalog, Proposed, Taxonomy};
use clap::Args;
use serde_json::{Value, json};
use std::io::Write;
use std::path::PathBuf;

/// Find themes that the taxonomy lacks and put them into the inbox
#[derive(Args, Debug)]
pub struct Discover {
    /// File of comments; those of the index unless given
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
    /// Folder of the index
    #[arg(
        long,
        value_name = "DIR",
        default_value = "voz-index",
        env = "VOZ_INDEX"
    )]
    index: PathBuf,
    /// Only comments of the index that this query finds
    #[arg(
        long = "where",
        value_name = "QUERY",
        default_value = "*",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    condition: String,
    /// Column of the comments in FILE
    #[arg(long, value_name = "COLUMN", requires = "file")]
    text: Option<String>,
    /// Column of the ids in FILE
    #[arg(long, value_name = "COLUMN", requires = "file")]
    id: Option<String>,
    #[command(flatten)]
    store: Store,
    /// As if no theme were known: neither the shipped ones nor those in the file of themes
    #[arg(long)]
    from_scratch: bool,
    /// Show what is found, and leave the file of themes as it is
    #[arg(long)]
    dry_run: bool,
    /// Also write the themes that every comment would have, one JSON object per line
    #[arg(long, value_name = "FILE")]
    assign: Option<PathBuf>,
    #[command(flatten)]
    output: Output,
}

/// How often each theme would be named.
struct Counts {
    /// By position in the taxonomy.
    verbatims: Vec<u64>,
    /// Meaningful comments in a language that is read, and those of them without a theme.
    analysed: u64,
    without: u64,
}

impl Discover {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        let mut catalog = if self.from_scratch {
            Catalog::default()
        } else {
            self.store.read()?
        };
        let input = self
            .file
            .clone()
            .map(|file| Input::with(file, self.id.clone(), self.text.clone()).without_fields());
        let source = Source::new(input.as_ref(), &self.index, &self.condition)?;
        let base = self.base()?;
        let known = Tagger::of_themes(self.known(&catalog)?)?;
        let found = find(&source, &catalog, &known, shell)?;
        let words = (known.tokenizer(), known.embedding());
        let proposed = catalog.propose(&found, known.taxonomy(), words);
        let counts = self.count(&source, &catalog, base, shell)?;
        let counts = fill(&mut catalog, &proposed, &counts.0, &counts.1);
        if !self.dry_run {
            self.store.write(&catalog)?;
        }
        let sheet = sheet(&found, &proposed, &catalog, shell);
        self.output.sheet(&sheet, shell)?;
        self.tell(&found, &proposed, counts, shell);
        Ok(())
    }

    /// The taxonomy that the catalog lies over.
    fn base(&self) -> Result<Taxonomy> {
        if self.from_scratch {
            Ok(Taxonomy::default())
        } else {
            Taxonomy::shipped()
        }
    }

    /// The taxonomy as it is, which themes are new to.
    fn known(&self, catalog: &Catalog) -> Result<Taxonomy> {
        let base = self.base()?;
        if self.from_scratch {
            Ok(base)
        } else {
            catalog.over(base)
        }
    }

    /// Counts the themes that every comment would have were all candidates accepted.
    fn count(
        &self,
        source: &Source<'_>,
        catalog: &Catalog,
        base: Taxonomy,
        shell: &Shell,
    ) -> Result<(Counts, Taxonomy)> {
        let tagger = Tagger::of_themes(catalog.over_with_candidates(base)?)?;
        let taxonomy = tagger.taxonomy();
        let mut counts = Counts {
            verbatims: vec![0; taxonomy.themes.len()],
            analysed: 0,
            without: 0,
        };
        let mut out = match &self.assign {
            Some(path) => Some(Destination::open(Some(path))?),
            None => None,
        };
        source.themes(&tagger, shell, &mut |told| {
            counts.add(&told);
            match &mut out {
                Some(out) => assign(&told, taxonomy, out),
                None => Ok(()),
            }
        })?;
        out.map_or(Ok(()), Destination::finish)?;
        Ok((counts, taxonomy.clone()))
    }

    fn tell(&self, found: &Found, proposed: &Proposed, without: f64, shell: &Shell) {
        let locale = &shell.locale;
        if self.output.form() == Format::Table || !self.dry_run {
            shell.say(&locale.fill(
                "themes.found",
                &[
                    ("comments", &locale.count(found.comments)),
                    ("themes", &found.themes.len()),
                    ("drivers", &found.drivers.len()),
                    ("new", &proposed.new.len()),
                    ("again", &proposed.again),
                    (
                        "without",
                        &format!("{} %", locale.number(100.0 * without, 1)),
                    ),
                ],
            ));
        }
        if !self.dry_run && !proposed.new.is_empty() {
            let file = self.store.path.display();
            shell.say(&locale.fill("themes.next", &[("file", &file)]));
        }
    }
}

fn find(source: &Source<'_>, catalog: &Catalog, known: &Tagger, shell: &Shell) -> Result<Found> {
    let mut sample = Sample::new(known.tokenizer(), known.embedding());
    source.sample(&mut sample, known, shell)?;
    discover(sample, catalog.space.clone(), known.taxonomy())
}

impl Counts {
    fn add(&mut self, told: &Told) {
        if told.analysed {
            self.analysed += 1;
            self.without += u64::from(told.themes.is_empty());
        }
        for theme in &told.themes {
            self.verbatims[usize::from(*theme)] += 1;
        }
    }
}

/// Puts sizes into the new candidates; the share of comments without a theme.
fn fill(catalog: &mut Catalog, proposed: &Proposed, counts: &Counts, taxonomy: &Taxonomy) -> f64 {
    let analysed = counts.analysed.max(1) as f64;
    for theme in &mut catalog.themes {
        let at = taxonomy
            .theme(&theme.id)
            .filter(|_| proposed.new.contains(&theme.id));
        if let Some(at) = at {
            let n = counts.verbatims[usize::from(at)];
            theme.size = Some(n);
            theme.share = Some((n as f64 / analysed * 1e4).round() / 1e4);
        }
    }
    counts.without as f64 / analysed
}

fn assign(told: &Told, taxonomy: &Taxonomy, out: &mut Destination) -> Result<()> {
    let id = |at: &u16| taxonomy.themes[usize::from(*at)].id.as_str();
    let line = json!({
        "id": told.id,
        "theme": told.main.as_ref().map(id),
        "themes": told.themes.iter().map(id).collect::<Vec<_>>(),
    });
    writeln!(out, "{line}").map_err(failed)
}

fn sheet(found: &Found, proposed: &Proposed, catalog: &Catalog, shell: &Shell) -> Sheet {
    let columns = [
        ("theme", Show::Text),
        ("es", Show::Never),
        ("en", Show::Never),
        ("name", Show::Text),
        ("driver", Show::Text),
        ("status", Show::Word),
        ("new", Show::Never),
        ("n", Show::Count),
        ("share", Show::Percent),
        ("cohesion", Show::Number),
        ("phrases_es", Show::Never),
        ("phrases_en", Show::Never),
        ("typical", Show::Never),
        ("text", Show::Text),
    ];
    let mut sheet = Sheet::new(&shell.locale, &columns);
    let spanish = shell.locale.lang() == Lang::Es;
    for (theme, id) in found.themes.iter().zip(&proposed.ids) {
        let Some(entry) = catalog.theme(id) else {
            continue;
        };
        let first = theme.typical.first().map(|one| one.text.as_str());
        let typical = theme
            .typical
            .iter()
            .map(|one| json!({"id": one.id, "text": one.text}));
        sheet.rows.push(vec![
            Value::from(id.as_str()),
            Value::from(entry.es.as_str()),
            Value::from(entry.en.as_str()),
            Value::from(if spanish {
                entry.es.as_str()
            } else {
                entry.en.as_str()
            }),
            Value::from(entry.driver.as_str()),
            Value::from(entry.status.name()),
            Value::from(proposed.new.contains(id)),
            entry.size.map_or(Value::Null, Value::from),
            entry.share.map_or(Value::Null, Value::from),
            Value::from((f64::from(theme.cohesion) * 100.0).round() / 100.0),
            json!(theme.phrases[0]),
            json!(theme.phrases[1]),
            Value::Array(typical.collect()),
            first.map_or(Value::Null, |text| Value::from(cut(text))),
        ]);
    }
    sheet
}

/// So much of a clause as a row of a table has room for.
pub fn cut(text: &str) -> String {
    const MOST: usize = 70;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MOST {
        return line;
    }
    let kept: String = line.chars().take(MOST - 1).collect();
    format!("{}…", kept.trim_end())
}

/// The error when there is nothing to decide about.
pub fn nothing_waits() -> Error {
    Error::usage("no theme waits for a decision")
        .hint("find some: `voz themes discover --index DIR`")
}
