//! `voz export`: every comment of a selection, as `voz tag` prints it.

use super::Shell;
use super::rows::Rows;
use super::selection::Selection;
use crate::error::Result;
use crate::index::FieldKind;
use crate::report::Kind;
use clap::Args;

/// Write every comment of a selection with its tags and scores, in the order of a hash of the ids
#[derive(Args, Debug)]
pub struct Export {
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    rows: Rows,
}

impl Export {
    pub fn run(&self, shell: &Shell) -> Result<()> {
        self.rows.form()?;
        let index = self.selection.open()?;
        let query = self.selection.query()?;
        let fields = index.fields().iter().map(|field| {
            let kind = match field.kind {
                FieldKind::Bool => Kind::Bool,
                FieldKind::Number => Kind::Number,
                FieldKind::Text => Kind::Text,
            };
            (field.name.clone(), kind)
        });
        let mut comments = self.rows.open(fields, shell)?;
        index.each_record(&query, |record| comments.add(&record))?;
        // Widths are those of all rows.
        comments.show()?;
        let told = shell.locale.count(comments.finish(shell)?);
        shell.say(&shell.locale.fill("export.told", &[("n", &told)]));
        Ok(())
    }
}
