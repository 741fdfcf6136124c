//! The languages Voz reads, and what is found about a text's language (by `detect`).

use serde::{Deserialize, Serialize};

/// A language whose comments are analysed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Spanish.
    Es,
    /// English.
    En,
}

impl Lang {
    /// Both, in the order of every array over languages in this crate.
    pub const ALL: [Self; 2] = [Self::Es, Self::En];

    /// The ISO 639-1 code: `"es"` or `"en"`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Es => "es",
            Self::En => "en",
        }
    }

    /// The language of an ISO 639-1 code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code)
    }
}

/// What language a text is in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// ISO 639-1 code where there is one, else 639-3; `"und"` when nothing tells.
    pub code: &'static str,
    /// How sure, 0 to 1: how often a lead as small as this one was right (see `detect`).
    pub confidence: f32,
}

impl Detection {
    /// The language if it is one that Voz analyses.
    pub fn lang(&self) -> Option<Lang> {
        Lang::parse(self.code)
    }
}
