//! Help in the reader's language, with examples first.
//!
//! The English texts stand at the flags themselves; the Spanish ones are `models/interface/help.es.toml`,
//! by verb and flag. The examples, in both languages, are `models/interface/examples.toml`.

use crate::lang::Lang;
use crate::locale::Locale;
use clap::builder::Resettable;
use clap::{Arg, Command};
use serde::Deserialize;
use std::collections::BTreeMap;

type Texts = BTreeMap<String, BTreeMap<String, String>>;

#[derive(Deserialize)]
struct Example {
    verb: String,
    command: String,
    es: String,
    en: String,
}

#[derive(Deserialize)]
struct Examples {
    example: Vec<Example>,
}

/// The name of the whole program among the verbs.
const WHOLE: &str = "voz";
/// The verb that clap adds.
const HELP: &str = "help";
/// Flags that every verb has.
const GENERAL: [&str; 6] = ["lang", "threads", "config", "quiet", "help", "version"];

/// The language asked for on the command line, looked up before it is parsed: help needs it.
pub fn asked_language() -> Option<Lang> {
    let arguments: Vec<String> = std::env::args_os()
        .map(|one| one.to_string_lossy().into_owned())
        .collect();
    let flag = arguments
        .windows(2)
        .find(|pair| pair[0] == "--lang")
        .map(|pair| pair[1].clone());
    let joined = arguments
        .iter()
        .find_map(|one| one.strip_prefix("--lang=").map(str::to_owned));
    let asked = flag.or(joined).or_else(|| std::env::var("VOZ_LANG").ok())?;
    Lang::parse(&asked)
}

/// `command` with examples before everything, and its texts in the language of `locale`.
pub fn translated(mut command: Command, locale: &Locale) -> Command {
    // The flags of every verb, and those for help, are there only after the build. From then on
    // flags may be changed, but not moved: the parser knows them by their place.
    command.build();
    let help = Help {
        texts: translations(locale.lang()),
        examples: examples(),
        locale,
    };
    help.on(command, WHOLE)
}

fn translations(lang: Lang) -> Texts {
    match lang {
        Lang::Es => toml::from_str(include_str!("../../models/interface/help.es.toml")),
        Lang::En => Ok(Texts::default()),
    }
    .unwrap_or_default()
}

fn examples() -> Vec<Example> {
    let file = include_str!("../../models/interface/examples.toml");
    toml::from_str::<Examples>(file).map_or_else(|_| Vec::new(), |file| file.example)
}

/// What a verb inside another is called here. All verbs `help` are one.
fn path(outer: &str, inner: &str) -> String {
    if outer == WHOLE || outer == HELP || inner == HELP {
        inner.to_owned()
    } else {
        format!("{outer} {inner}")
    }
}

struct Help<'l> {
    texts: Texts,
    examples: Vec<Example>,
    locale: &'l Locale,
}

impl Help<'_> {
    /// The help of a verb and of those inside it, such as `eval lang`.
    fn on(&self, command: Command, name: &str) -> Command {
        let mut command = command
            .mut_subcommands(|inner| {
                let inner_name = path(name, inner.get_name());
                self.on(inner, &inner_name)
            })
            .mut_args(|flag| self.flag(flag, name))
            .subcommand_help_heading(self.locale.text("help.commands").to_owned())
            .help_template(format!(
                "{{before-help}}{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
                self.locale.text("help.usage")
            ));
        if let Some(about) = self.texts.get(name).and_then(|own| own.get("about")) {
            command = command.about(about.clone());
        }
        if let Some(verb) = self.value_name("COMMAND") {
            command = command.subcommand_value_name(verb);
        }
        // The word OPTIONS is clap's own and stands in the rendered line only.
        let usage = command.render_usage().to_string();
        let usage = usage.trim_start_matches("Usage: ");
        let options = self.locale.text("help.options").to_uppercase();
        command = command.override_usage(usage.replace("[OPTIONS]", &format!("[{options}]")));
        match self.shown_examples(name) {
            Some(shown) => command.before_help(shown),
            None => command,
        }
    }

    /// The flag under its heading, with its text and the names of its values.
    fn flag(&self, flag: Arg, verb: &str) -> Arg {
        let id = flag.get_id().to_string();
        let heading = if GENERAL.contains(&id.as_str()) {
            "help.general"
        } else if flag.get_help_heading() == Some("Columns") {
            "help.columns"
        } else if flag.is_positional() {
            "help.arguments"
        } else {
            "help.options"
        };
        let flag = flag.help_heading(self.locale.text(heading).to_owned());
        let Some(text) = self.text_of(&id, verb) else {
            return flag;
        };
        let text = format!("{text}{}", self.settings(&flag));
        let names = flag.get_value_names().unwrap_or_default();
        let names: Vec<String> = names
            .iter()
            .filter_map(|name| self.value_name(name))
            .collect();
        let flag = flag
            .help(text)
            .long_help(Resettable::Reset)
            .hide_default_value(true)
            .hide_possible_values(true)
            .hide_env(true);
        if names.is_empty() {
            flag
        } else {
            flag.value_names(names)
        }
    }

    fn text_of(&self, id: &str, verb: &str) -> Option<&String> {
        let of = |table: &str| self.texts.get(table).and_then(|texts| texts.get(id));
        of(verb).or_else(|| of("shared"))
    }

    fn value_name(&self, name: &str) -> Option<String> {
        self.texts.get("values")?.get(name).cloned()
    }

    /// Variable and default of a flag, as clap shows them in English.
    fn settings(&self, flag: &Arg) -> String {
        let variable = flag.get_env().map(|name| ("help.variable", name.into()));
        let defaults = flag.get_default_values();
        let default = defaults
            .first()
            .filter(|_| flag.get_action().takes_values());
        let default = default.map(|value| ("help.default", value.to_os_string()));
        let settings = variable.into_iter().chain(default);
        let settings = settings.map(|(label, value)| {
            format!(
                " [{}: {}]",
                self.locale.text(label),
                value.to_string_lossy()
            )
        });
        settings.collect()
    }

    fn shown_examples(&self, verb: &str) -> Option<String> {
        let own = self.examples.iter().filter(|example| example.verb == verb);
        let shown: Vec<String> = own
            .map(|example| {
                let what = match self.locale.lang() {
                    Lang::Es => &example.es,
                    Lang::En => &example.en,
                };
                format!("  {}\n      {what}", example.command)
            })
            .collect();
        let heading = self.locale.text("help.examples");
        (!shown.is_empty()).then(|| format!("{heading}:\n{}", shown.join("\n")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    fn built() -> Command {
        let mut command = super::super::Cli::command();
        command.build();
        command
    }

    /// Every verb and those inside it, but the ones that clap adds.
    fn verbs(command: &Command) -> Vec<(String, &Command)> {
        fn add<'c>(name: &str, command: &'c Command, verbs: &mut Vec<(String, &'c Command)>) {
            verbs.push((name.to_owned(), command));
            for inner in command.get_subcommands() {
                if inner.get_name() != HELP {
                    add(&path(name, inner.get_name()), inner, verbs);
                }
            }
        }
        let mut verbs = Vec::new();
        add(WHOLE, command, &mut verbs);
        verbs
    }

    #[test]
    fn every_verb_and_flag_has_a_spanish_text() {
        let locale = Locale::new(Lang::Es);
        let help = Help {
            texts: translations(Lang::Es),
            examples: Vec::new(),
            locale: &locale,
        };
        for (verb, command) in verbs(&built()) {
            assert!(
                help.texts
                    .get(&verb)
                    .is_some_and(|own| own.contains_key("about")),
                "{verb} has no `about`\nhelp: add it to models/interface/help.es.toml"
            );
            for flag in command.get_arguments() {
                let id = flag.get_id().as_str();
                let text = help.text_of(id, &verb).unwrap_or_else(|| {
                    panic!("{verb} {id}\nhelp: add it to models/interface/help.es.toml")
                });
                let possible = flag.get_possible_values();
                for value in possible.iter().filter(|_| id != "decimal_comma") {
                    let is_flag = !flag.get_action().takes_values();
                    assert!(
                        is_flag || text.contains(value.get_name()),
                        "{verb} {id} does not say the value {}",
                        value.get_name()
                    );
                }
                for name in flag.get_value_names().unwrap_or_default() {
                    let takes = flag.get_action().takes_values();
                    assert!(
                        !takes || help.value_name(name).is_some(),
                        "{verb} {id} {name}"
                    );
                }
            }
        }
    }

    #[test]
    fn no_spanish_text_is_left_over() {
        let command = built();
        let verbs = verbs(&command);
        let has =
            |command: &Command, id: &str| command.get_arguments().any(|flag| flag.get_id() == id);
        for (table, texts) in translations(Lang::Es) {
            for id in texts.keys().filter(|id| *id != "about") {
                let is_used = match table.as_str() {
                    "values" => true,
                    "shared" => verbs.iter().any(|(_, command)| has(command, id)),
                    _ => verbs
                        .iter()
                        .any(|(verb, command)| *verb == table && has(command, id)),
                };
                assert!(is_used, "[{table}] {id} is the text of nothing");
            }
        }
    }

    #[test]
    fn every_verb_has_an_example() {
        let (command, examples) = (built(), examples());
        for (verb, _) in &verbs(&command) {
            let verb = verb.split(' ').next();
            assert!(
                examples.iter().any(|example| Some(&*example.verb) == verb),
                "{verb:?}\nhelp: add one to models/interface/examples.toml"
            );
        }
    }

    #[test]
    fn spanish_help_has_no_english_left() {
        let command = translated(super::super::Cli::command(), &Locale::new(Lang::Es));
        for (verb, command) in &verbs(&command) {
            let help = (*command).clone().render_long_help().to_string();
            for word in ["Uso: ", "Siempre disponibles:"] {
                assert!(help.contains(word), "{verb} lacks {word}");
            }
            for word in [
                "Usage",
                "Options",
                "OPTIONS",
                "Commands",
                "Arguments",
                "default",
                "possible",
                " the ",
            ] {
                assert!(!help.contains(word), "{verb} still says {word}:\n{help}");
            }
        }
    }
}
