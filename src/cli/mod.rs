//! The command line: one file per verb.
//!
//! To add a verb: copy `search.rs`, add one line to `mod`, to `Verb` and to `Cli::run`.

mod accuracy;
mod aggregate;
mod causes;
mod compact;
mod completions;
mod correct;
mod delete;
mod config;
mod demo;
mod drivers;
mod embed;
mod evaluate;
mod explain;
mod export;
mod files;
mod help;
mod index;
mod input;
mod join;
mod models;
mod now;
mod output;
mod peek;
mod place;
mod progress;
mod redact;
mod report;
mod retag;
mod run_report;
mod rows;
mod search;
mod selection;
mod tag;
mod train;
mod themes;
mod usage;
mod why;

use crate::error::{Error, ErrorKind, Result};
use crate::index::WriterOptions;
use crate::lang::Lang;
use crate::locale::Locale;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use config::Kept;
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

/// Text analytics for open-ended customer feedback in Spanish and English.
#[derive(Parser, Debug)]
#[command(
    name = "voz",
    version,
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Cli {
    #[command(flatten)]
    shared: Shared,
    #[command(subcommand)]
    verb: Verb,
}

/// Flags of every verb.
#[derive(Args, Debug)]
struct Shared {
    /// Language of messages and tables: es or en; that of the system unless given
    #[arg(long, global = true, value_name = "LANG", value_parser = ["es", "en"], env = "VOZ_LANG")]
    lang: Option<String>,
    /// Threads to work with; one per core unless given
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    threads: Option<u16>,
    /// File of settings; voz.toml in this folder unless given, if it is there
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    quiet: bool,
}

#[derive(Subcommand, Debug)]
enum Verb {
    Peek(peek::Peek),
    Tag(tag::Tag),
    Explain(explain::Explain),
    Index(index::Index),
    Search(search::Search),
    Aggregate(aggregate::Aggregate),
    Drivers(drivers::Drivers),
    Themes(themes::Themes),
    Why(why::Why),
    Causes(causes::Causes),
    Report(report::Report),
    Redact(redact::Redact),
    Export(export::Export),
    Correct(correct::Correct),
    Retag(retag::Retag),
    Delete(delete::Delete),
    Compact(compact::Compact),
    Embed(embed::Embed),
    Demo(demo::Demo),
    Train(train::Train),
    Eval(evaluate::Eval),
    Models(models::Models),
    Completions(completions::Completions),
}

/// What every verb is given beside its own flags.
struct Shell {
    locale: Locale,
    threads: usize,
    quiet: bool,
}

impl Shell {
    /// How an index is written.
    fn writer(&self) -> WriterOptions {
        WriterOptions {
            threads: self.threads,
            ..WriterOptions::default()
        }
    }

    /// Says something to the person at the terminal, not to programs.
    fn say(&self, text: &str) {
        if !self.quiet {
            // That nobody listens is no failure.
            let _ = writeln!(std::io::stderr(), "{text}");
        }
    }
}

/// Runs the command line of this process. Errors are told on stderr.
pub fn main() -> ExitCode {
    let asked = help::asked_language();
    let locale = asked.map_or_else(Locale::of_system, Locale::new);
    let mut command = help::translated(Cli::command(), &locale);
    let matches = match command.try_get_matches_from_mut(std::env::args_os()) {
        Ok(matches) => matches,
        Err(error) => return refuse(&error, command, &locale),
    };
    let (matches, kept) = match config::settle(matches, &locale) {
        Ok(settled) => settled,
        Err(error) => {
            tell(&error, &locale);
            return ExitCode::from(error.kind().exit_code());
        }
    };
    let cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, command, &locale),
    };
    let chosen = cli.shared.lang.as_deref().and_then(Lang::parse);
    let locale = chosen.map_or(locale, Locale::new);
    match cli.run(&locale, kept) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error, &locale);
            ExitCode::from(error.kind().exit_code())
        }
    }
}

/// Shows help where that was asked for or nothing was, else what is wrong with the command line.
fn refuse(error: &clap::Error, mut command: clap::Command, locale: &Locale) -> ExitCode {
    use clap::error::ErrorKind as Kind;
    match error.kind() {
        Kind::DisplayHelp | Kind::DisplayVersion => {
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Kind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
        }
        Kind::MissingSubcommand => eprint!("{}", command.render_help()),
        _ => eprint!("{}", usage::told(error, &command, locale)),
    }
    ExitCode::from(ErrorKind::Usage.exit_code())
}

fn tell(error: &Error, locale: &Locale) {
    let mut out = std::io::stderr();
    let _ = writeln!(out, "{}: {error}", locale.text("error"));
    if let Some(advice) = error.advice() {
        let _ = writeln!(out, "  {}: {advice}", locale.text("error.advice"));
    }
}

impl Cli {
    fn run(mut self, locale: &Locale, kept: Kept) -> Result<()> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = self.shared.threads.map_or(cores, usize::from);
        crate::tag::use_threads(threads)?;
        let shell = Shell {
            locale: locale.clone(),
            threads,
            quiet: self.shared.quiet,
        };
        let mut files: Vec<&str> = kept.values().map(String::as_str).collect();
        files.sort_unstable();
        files.dedup();
        if !files.is_empty() {
            let files = files.join(", ");
            shell.say(&shell.locale.fill("config.used", &[("files", &files)]));
        }
        match &mut self.verb {
            Verb::Peek(verb) => verb.input.kept = kept,
            Verb::Tag(verb) => verb.input.kept = kept,
            Verb::Index(verb) => verb.input.kept = kept,
            _ => {}
        }
        match self.verb {
            Verb::Peek(verb) => verb.run(&shell),
            Verb::Tag(verb) => verb.run(&shell),
            Verb::Explain(verb) => verb.run(&shell),
            Verb::Index(verb) => verb.run(&shell),
            Verb::Search(verb) => verb.run(&shell),
            Verb::Aggregate(verb) => verb.run(&shell),
            Verb::Drivers(verb) => verb.run(&shell),
            Verb::Themes(verb) => verb.run(&shell),
            Verb::Why(verb) => verb.run(&shell),
            Verb::Causes(verb) => verb.run(&shell),
            Verb::Report(verb) => verb.run(&shell),
            Verb::Redact(verb) => verb.run(&shell),
            Verb::Export(verb) => verb.run(&shell),
            Verb::Correct(verb) => verb.run(&shell),
            Verb::Retag(verb) => verb.run(&shell),
            Verb::Delete(verb) => verb.run(&shell),
            Verb::Compact(verb) => verb.run(&shell),
            Verb::Embed(verb) => verb.run(&shell),
            Verb::Demo(verb) => verb.run(&shell),
            Verb::Train(verb) => verb.run(&shell),
            Verb::Eval(verb) => verb.run(&shell),
            Verb::Models(verb) => verb.run(&shell),
            Verb::Completions(verb) => verb.run(),
        }
    }
}
