//! Themes that are new, grow, fade or are gone between two groups of verbatims.

use super::counted::Counted;
use super::false_discovery;
use super::proportion::Proportions;
use crate::tally::HIDDEN_BELOW;
use serde::Serialize;

/// What became of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Fate {
    /// Named after and not once before.
    New,
    /// Named by a larger share.
    Growing,
    /// No change that is more than chance.
    Steady,
    /// Named by a smaller share.
    Fading,
    /// Named before and not once after.
    Gone,
}

impl Fate {
    /// `"new"`, `"growing"`, `"steady"`, `"fading"` or `"gone"`.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Growing => "growing",
            Self::Steady => "steady",
            Self::Fading => "fading",
            Self::Gone => "gone",
        }
    }
}

/// How often a theme is named before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Its position in the taxonomy.
    pub theme: u16,
    /// Verbatims that name it, of all that were analysed: before there, after here.
    pub counts: Proportions,
    /// Chance of shares at least as far apart if nothing had changed, 0 to 1.
    pub p: f64,
    /// `p` adjusted for all themes tested.
    pub q: f64,
    /// What became of it.
    pub fate: Fate,
}

impl Moved {
    /// Share after minus share before, -1 to 1.
    pub fn change(&self) -> f64 {
        let share = |share: Option<f64>| share.unwrap_or_default();
        share(self.counts.share_here()) - share(self.counts.share_there())
    }
}

/// Every theme that at least [`HIDDEN_BELOW`] name in both periods together: what moved first, the
/// largest move first. Which themes are tested depends on both periods together, which tells nothing
/// of their difference, so the level holds.
pub fn moved(before: &Counted, after: &Counted) -> Vec<Moved> {
    let themes = before.themes.len().max(after.themes.len());
    let counts = (0..themes).map(|theme| {
        let counts = Proportions {
            here: after.naming(theme),
            all_here: after.analysed,
            there: before.naming(theme),
            all_there: before.analysed,
        };
        (theme as u16, counts)
    });
    let counts: Vec<_> = counts
        .filter(|(_, c)| c.here + c.there >= HIDDEN_BELOW)
        .collect();
    let p: Vec<Option<f64>> = counts.iter().map(|(_, counts)| Some(counts.p())).collect();
    let tested = p.iter().zip(false_discovery::adjust(&p));
    let rows = counts
        .into_iter()
        .zip(tested)
        .map(|((theme, counts), (p, q))| {
            let (p, q) = (p.unwrap_or(1.0), q.unwrap_or(1.0));
            let fate = fate(&counts, q);
            Moved {
                theme,
                counts,
                p,
                q,
                fate,
            }
        });
    let mut rows: Vec<Moved> = rows.collect();
    let is_steady = |row: &Moved| row.fate == Fate::Steady;
    rows.sort_by(|a, b| {
        let moved = is_steady(a).cmp(&is_steady(b));
        let size = b.change().abs().total_cmp(&a.change().abs());
        moved.then(size).then(a.theme.cmp(&b.theme))
    });
    rows
}

fn fate(counts: &Proportions, q: f64) -> Fate {
    if q > false_discovery::ACCEPTED {
        Fate::Steady
    } else if counts.there == 0 {
        Fate::New
    } else if counts.here == 0 {
        Fate::Gone
    } else if counts.is_more() {
        Fate::Growing
    } else {
        Fate::Fading
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    fn counted(analysed: u64, themes: Vec<u64>) -> Counted {
        Counted {
            analysed,
            themes,
            ..Counted::default()
        }
    }

    #[test]
    fn each_fate() {
        let before = counted(1_000, vec![0, 20, 50, 60, 30, 2]);
        let after = counted(1_000, vec![30, 60, 52, 20, 0, 2]);
        let rows = moved(&before, &after);
        let told: Vec<(u16, Fate)> = rows.iter().map(|row| (row.theme, row.fate)).collect();
        // The last theme is named by 4 in all, too few to show.
        assert_eq!(
            told,
            [
                (1, Fate::Growing),
                (3, Fate::Fading),
                (0, Fate::New),
                (4, Fate::Gone),
                (2, Fate::Steady)
            ]
        );
    }

    /// 70 themes from rare to common, none of which changed: at most one run in twenty raises an
    /// alarm.
    #[test]
    fn unchanged_themes_raise_no_alarm() {
        let mut chance = Chance::new(23);
        let runs = 1_000;
        let mut draw = |n| {
            let share = |theme: i32| 0.002 * 1.07_f64.powi(theme);
            counted(
                n,
                (0..70)
                    .map(|theme| chance.binomial(n, share(theme)))
                    .collect(),
            )
        };
        let alarms = (0..runs)
            .filter(|_| {
                let rows = moved(&draw(900), &draw(2_000));
                rows.iter().any(|row| row.fate != Fate::Steady)
            })
            .count();
        // 50 are the level; 64 is two standard errors above it.
        assert!(alarms <= 64, "{alarms} of {runs}");
    }
}
