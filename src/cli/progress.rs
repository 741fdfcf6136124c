//! Progress of long work, on stderr, only for people.

use super::Shell;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// A line that says how far a run is.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// A line for rows of a file; silent when asked, and where nobody looks.
    pub fn rows(shell: &Shell) -> Self {
        if shell.quiet || !std::io::stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let unit = shell.locale.text("progress.rows");
        let template = format!("{{spinner}} {{human_pos}} {unit} · {{per_sec}} · {{elapsed}}");
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So many rows are done.
    pub fn at(&self, rows: u64) {
        self.bar.set_position(rows);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
