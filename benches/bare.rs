//! The search engine alone: reads a CSV file and indexes its columns, without any tag.
//!
//! `bare FILE FOLDER THREADS MIB [COLUMN]`; `benches/compare.sh` runs it against `voz index`. Same
//! texts, columns, analysers, threads and memory; the comment is stored.
//!
//! `voz index` finds the language of each comment, and so spares half of the stems. Bare tantivy
//! knows no languages: a comment is analysed as words, as Spanish and as English. With COLUMN, a
//! column of countries, it is told the language at no cost, and stems each comment once.

use std::path::Path;
use std::process::ExitCode;
use voz::index::WriterOptions;
use voz::index::bare::{Bare, Column};
use voz::lang::Lang;

/// As in `voz` itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, folder, threads, memory, country @ ..] = &arguments[..] else {
        println!("bare FILE FOLDER THREADS MIB [COLUMN]: run by benches/compare.sh");
        return ExitCode::SUCCESS;
    };
    match index(file, folder, threads, memory, country.first()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn index(
    file: &str,
    folder: &str,
    threads: &str,
    memory: &str,
    country: Option<&String>,
) -> Outcome {
    let options = WriterOptions {
        memory: memory.parse::<usize>()? << 20,
        threads: threads.parse()?,
        rebuild: false,
    };
    let mut reader = csv::Reader::from_path(file)?;
    let header = reader.headers()?.clone();
    let columns: Vec<(&str, Column)> = header.iter().map(|name| (name, kind(name))).collect();
    let country = header
        .iter()
        .position(|name| Some(name) == country.map(String::as_str));
    let mut bare = Bare::create(Path::new(folder), &columns, &options)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let country = country.and_then(|column| record.get(column));
        bare.add(country.map(lang), &record)?;
    }
    bare.finish()?;
    Ok(())
}

fn kind(column: &str) -> Column {
    match column {
        "comment" => Column::Comment,
        "id" | "customer_id" => Column::Key,
        "date" => Column::Day,
        "nps" | "csat" | "ces" | "waiting_minutes" | "resolution_hours" | "revenue" => {
            Column::Number
        }
        _ => Column::Label,
    }
}

/// The language of a country; Spanish for the few rows of countries with another one.
fn lang(country: &str) -> Lang {
    match country {
        "GB" | "IE" | "US" => Lang::En,
        _ => Lang::Es,
    }
}
