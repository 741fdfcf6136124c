//! The program `voz`. Everything is in the library; see `voz::cli`.

use std::process::ExitCode;

/// Rows are read on one thread, tagged on others and dropped on a third: the allocator of the C
/// library took an eighth more time to index.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    voz::cli::main()
}
