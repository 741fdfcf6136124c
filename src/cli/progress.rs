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
        let unit = shell.locale.text("progress.rows");
        let template = format!("{{spinner}} {{human_pos}} {unit} · {{per_sec}} · {{elapsed}}");
        Self::new(&template, shell)
    }

    /// A bar for steps of learning, as silent.
    pub fn steps(shell: &Shell) -> Self {
        let unit = shell.locale.text("progress.train");
        let template = format!("{{spinner}} {{bar:30}} {{pos}}/{{len}} {unit} · {{elapsed}}");
        Self::new(&template, shell)
    }

    fn new(template: &str, shell: &Shell) -> Self {
        if shell.quiet || !std::io::stderr().is_terminal() {
            return Self {
                bar: ProgressBar::hidden(),
            };
        }
        let style = ProgressStyle::with_template(template)
            .unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = ProgressBar::new_spinner().with_style(style);
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar }
    }

    /// So many rows are done.
    pub fn at(&self, rows: u64) {
        self.bar.set_position(rows);
    }

    /// So many steps are done, of so many.
    pub fn of(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Does what writes to the terminal while the line is out of the way.
    pub fn aside(&self, act: impl FnOnce()) {
        self.bar.suspend(act);
    }

    /// Takes the line away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
