//! The search engine alone: reads a CSV file and indexes its columns, without any tag.
//!
//! `bare FILE FOLDER THREADS MIB`; `benches/compare.sh` runs it against `voz index`. Same texts,
//! columns, analysers, threads and memory; the comment is stored, and stemmed in the language of
//! the row's country, so that no time goes into finding it.

use std::path::Path;
use std::process::ExitCode;
use voz::index::WriterOptions;
use voz::index::bare::{Bare, Column};
use voz::lang::Lang;

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [file, folder, threads, memory] = &arguments[..] else {
        println!("bare FILE FOLDER THREADS MIB: run by benches/compare.sh");
        return ExitCode::SUCCESS;
    };
    match index(file, folder, threads, memory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bare: {error}");
            ExitCode::FAILURE
        }
    }
}

fn index(file: &str, folder: &str, threads: &str, memory: &str) -> Outcome {
    let options = WriterOptions {
        memory: memory.parse::<usize>()? << 20,
        threads: threads.parse()?,
        rebuild: false,
    };
    let mut reader = csv::Reader::from_path(file)?;
    let header = reader.headers()?.clone();
    let columns: Vec<(&str, Column)> = header.iter().map(|name| (name, kind(name))).collect();
    let country = header.iter().position(|name| name == "country");
    let mut bare = Bare::create(Path::new(folder), &columns, &options)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record)? {
        let country = country.and_then(|column| record.get(column));
        bare.add(country.and_then(lang), &record)?;
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

fn lang(country: &str) -> Option<Lang> {
    match country {
        "GB" | "IE" | "US" => Some(Lang::En),
        "BR" | "PT" => None,
        _ => Some(Lang::Es),
    }
}
