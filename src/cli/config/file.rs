//! What stands in a file of settings.

use crate::error::{Error, ErrorKind, Result};
use crate::source::{Encoding, Join};
use serde::Deserialize;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// A file of settings.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Config {
    model: Option<String>,
    themes: Option<PathBuf>,
    lexicon: Option<PathBuf>,
    names: bool,
    sheet: Option<String>,
    index: Option<PathBuf>,
    rejects: Option<PathBuf>,
    max_rejects: Option<u64>,
    columns: Columns,
    scales: Scales,
    file: Written,
    join: Vec<Second>,
}

/// The columns of the comments; an empty name means that no column has the role.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Columns {
    id: Option<String>,
    text: Option<Names>,
    date: Option<String>,
    nps: Option<String>,
    csat: Option<String>,
    ces: Option<String>,
    customer: Option<String>,
    lang_column: Option<String>,
    fields: Option<Vec<String>>,
    stated: Option<Language>,
    asks: Option<Asks>,
}

/// One column or several.
#[derive(Deserialize, Debug)]
#[serde(untagged)]
enum Names {
    One(String),
    Many(Vec<String>),
}

#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Scales {
    csat_max: Option<u8>,
    ces_max: Option<u8>,
    ces_high_is_hard: bool,
}

/// How the file is written.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Written {
    date_order: Option<Order>,
    delimiter: Option<String>,
    encoding: Option<String>,
    decimal_comma: Option<bool>,
}

/// A second file that is joined.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Second {
    file: PathBuf,
    on: String,
}

#[derive(Deserialize, Debug, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Language {
    Es,
    En,
}

#[derive(Deserialize, Debug, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Asks {
    Negative,
    Positive,
    Neither,
}

#[derive(Deserialize, Debug, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Order {
    Dmy,
    Mdy,
}

/// What is set for a flag.
pub(super) struct Setting {
    /// The id of the flag.
    pub id: &'static str,
    /// Its values, as on a command line.
    pub values: Vec<OsString>,
}

impl Config {
    /// Reads a file; `None` when there is none and none must be.
    pub fn read(path: &Path, must: bool) -> Result<Option<Self>> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must => return Ok(None),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(Error::usage("there is no such file of settings")
                    .at(path)
                    .hint("`voz peek FILE --write` drafts one"));
            }
            Err(error) => return Err(Error::io("the settings cannot be read", error).at(path)),
        };
        Self::parse(&text).map(Some).map_err(|error| error.at(path))
    }

    fn parse(text: &str) -> Result<Self> {
        toml::from_str(text).map_err(|error| {
            let message = error.message().trim().replace('\n', "; ");
            let told = Error::usage(message).hint(
                "README.md lists the settings; `voz peek FILE --write` drafts a file of them",
            );
            let before = error.span().and_then(|span| text.get(..span.start));
            match before {
                Some(before) => told.row(before.matches('\n').count() as u64 + 1),
                None => told,
            }
        })
    }

    /// What is set, flag by flag; `path` is where it was read, and paths are relative to its folder.
    ///
    /// # Errors
    /// [`ErrorKind::Usage`] when a value cannot be.
    pub fn settings(self, path: &Path) -> Result<Vec<Setting>> {
        self.check().map_err(|error| error.at(path))?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let at = |file: &Path| folder.join(file).into_os_string();
        let mut list = List::default();
        list.add("model", self.model.map(|model| placed(&model, folder)));
        list.add("themes", self.themes.as_deref().map(at));
        list.add("lexicon", self.lexicon.as_deref().map(at));
        list.add("names", self.names.then(|| "true".into()));
        list.add("sheet", self.sheet.map(OsString::from));
        list.add("index", self.index.as_deref().map(at));
        list.add("rejects", self.rejects.as_deref().map(at));
        list.add(
            "max_rejects",
            self.max_rejects.map(|most| most.to_string().into()),
        );
        let columns = self.columns;
        let text = match columns.text {
            Some(Names::One(name)) => vec![name],
            Some(Names::Many(names)) => names,
            None => Vec::new(),
        };
        list.add("text", text.into_iter().map(OsString::from));
        for (id, name) in [
            ("id", columns.id),
            ("date", columns.date),
            ("nps", columns.nps),
            ("csat", columns.csat),
            ("ces", columns.ces),
            ("customer", columns.customer),
            ("lang_column", columns.lang_column),
        ] {
            list.add(id, name.map(OsString::from));
        }
        list.add(
            "fields",
            columns.fields.into_iter().flatten().map(OsString::from),
        );
        let lower = |word: String| OsString::from(word.to_lowercase());
        list.add(
            "stated",
            columns.stated.map(|lang| lower(format!("{lang:?}"))),
        );
        list.add("asks", columns.asks.map(|asks| lower(format!("{asks:?}"))));
        list.add(
            "csat_max",
            self.scales.csat_max.map(|max| max.to_string().into()),
        );
        list.add(
            "ces_max",
            self.scales.ces_max.map(|max| max.to_string().into()),
        );
        list.add(
            "ces_high_is_hard",
            self.scales.ces_high_is_hard.then(|| "true".into()),
        );
        let order = self.file.date_order;
        list.add("date_order", order.map(|order| lower(format!("{order:?}"))));
        list.add("delimiter", self.file.delimiter.map(OsString::from));
        list.add("encoding", self.file.encoding.map(OsString::from));
        let comma = self.file.decimal_comma;
        list.add("decimal_comma", comma.map(|comma| comma.to_string().into()));
        list.add("join", self.join.iter().map(|join| at(&join.file)));
        list.add(
            "on_key",
            self.join.iter().map(|join| OsString::from(&join.on)),
        );
        Ok(list.0)
    }

    fn check(&self) -> Result<()> {
        for (name, max) in [
            ("csat-max", self.scales.csat_max),
            ("ces-max", self.scales.ces_max),
        ] {
            if max.is_some_and(|max| max < 2) {
                return Err(Error::usage(format!("{name} is less than 2"))
                    .hint("it is the highest score; the lowest is 1"));
            }
        }
        if let Some(name) = &self.file.encoding
            && Encoding::parse(name).is_none()
        {
            return Err(Error::usage(format!("no encoding is called `{name}`"))
                .hint("try utf-8, windows-1252, iso-8859-1 or utf-16le"));
        }
        if let Some(sign) = &self.file.delimiter
            && !(sign.len() == 1 || sign.eq_ignore_ascii_case("tab"))
        {
            return Err(Error::usage("a delimiter is one character")
                .hint("use \",\" \";\" \"|\" or \"tab\""));
        }
        for join in &self.join {
            Join::new(join.file.clone(), &join.on)
                .map_err(|error| Error::new(ErrorKind::Usage, format!("join: {error}")))?;
        }
        Ok(())
    }
}

/// Settings that are put together.
#[derive(Default)]
struct List(Vec<Setting>);

impl List {
    fn add(&mut self, id: &'static str, values: impl IntoIterator<Item = OsString>) {
        let values: Vec<OsString> = values.into_iter().collect();
        if !values.is_empty() {
            self.0.push(Setting { id, values });
        }
    }
}

/// A model: a name as it stands, a folder from that of the file.
fn placed(model: &str, folder: &Path) -> OsString {
    let own = folder.join(model);
    if model.contains(['/', '\\']) || own.is_dir() {
        own.into_os_string()
    } else {
        model.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let config = Config::parse(text);
        let settled = config.and_then(|config| config.settings(Path::new("conf/voz.toml")));
        settled.err().unwrap().to_string()
    }

    #[test]
    fn what_is_unknown_is_named_with_what_would_work() {
        let told = error("model = \"fast\"\n[columns]\nnsp = \"x\"\n");
        assert!(
            told.starts_with("row 3: unknown field `nsp`, expected one of `id`, `text`"),
            "{told}"
        );
        let told = error("[file]\ndate-order = \"ymd\"\n");
        assert!(told.contains("row 2") && told.contains("`dmy`"), "{told}");
        assert!(error("[scales]\ncsat-max = 1\n").contains("csat-max"));
        assert!(error("[[join]]\nfile = \"crm.csv\"\n").contains("`on`"));
        assert!(error("[[join]]\nfile = \"crm.csv\"\non = \"a=\"\n").contains("join"));
        assert!(error("[file]\nencoding = \"oops\"\n").contains("oops"));
    }

    #[test]
    fn paths_are_those_of_the_file() {
        let text = "model = \"fast\"\nindex = \"kept\"\n[columns]\ntext = [\"a\", \"b\"]\nnps = \"\"\n[[join]]\nfile = \"crm.csv\"\non = \"customer\"\n";
        let settings = Config::parse(text).unwrap();
        let settings = settings.settings(Path::new("conf/voz.toml")).unwrap();
        let told: Vec<String> = settings
            .iter()
            .map(|one| format!("{} {:?}", one.id, one.values))
            .collect();
        assert_eq!(
            told,
            [
                "model [\"fast\"]",
                "index [\"conf/kept\"]",
                "text [\"a\", \"b\"]",
                "nps [\"\"]",
                "join [\"conf/crm.csv\"]",
                "on_key [\"customer\"]"
            ]
        );
    }
}
