//! The program `voz`. Everything is in the library; see `voz::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    voz::cli::main()
}
