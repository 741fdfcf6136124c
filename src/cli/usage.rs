//! A command line that cannot be understood, told in the reader's language.

use crate::lang::Lang;
use crate::locale::Locale;
use clap::Command;
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// What is wrong with the command line, and where to look; as clap says it in English.
pub fn told(error: &Error, command: &Command, locale: &Locale) -> String {
    if locale.lang() == Lang::En {
        return error.render().to_string();
    }
    let first = |kind| error.get(kind).map(text);
    let invalid = first(ContextKind::InvalidArg).unwrap_or_default();
    let value = first(ContextKind::InvalidValue).unwrap_or_default();
    let fill = |key: &str, what: &str| locale.fill(key, &[("what", &what), ("value", &value)]);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => fill("usage.unknown_flag", &invalid),
        ErrorKind::InvalidSubcommand => {
            let verb = first(ContextKind::InvalidSubcommand).unwrap_or_default();
            fill("usage.unknown_verb", &verb)
        }
        ErrorKind::MissingRequiredArgument => fill("usage.missing", &invalid),
        ErrorKind::InvalidValue if value.is_empty() => fill("usage.no_value", &invalid),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => fill("usage.invalid", &invalid),
        ErrorKind::ArgumentConflict => fill("usage.twice", &invalid),
        _ => locale.text("usage.other").to_owned(),
    };
    let mut lines = vec![format!("{}: {message}", locale.text("error"))];
    let nearest = [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedValue,
    ];
    if let Some(nearest) = nearest.into_iter().find_map(first) {
        lines.push("  ".to_owned() + &fill("usage.nearest", &nearest));
    }
    if let Some(values) = first(ContextKind::ValidValue).filter(|values| !values.is_empty()) {
        lines.push("  ".to_owned() + &locale.fill("usage.possible", &[("values", &values)]));
    }
    if let Some(why) = std::error::Error::source(error) {
        lines.push(format!("  {why}"));
    }
    let verb = std::env::args().find(|word| command.find_subcommand(word).is_some());
    let help = verb.map_or_else(
        || "voz --help".to_owned(),
        |verb| format!("voz {verb} --help"),
    );
    lines.push("  ".to_owned() + &locale.fill("usage.help", &[("command", &help)]));
    lines.join("\n") + "\n"
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(one) => one.clone(),
        ContextValue::Strings(all) => all.join(", "),
        ContextValue::StyledStr(one) => one.to_string(),
        ContextValue::StyledStrs(all) => {
            let all: Vec<String> = all.iter().map(ToString::to_string).collect();
            all.join(", ")
        }
        other => other.to_string(),
    }
}
