//! What moves a score: pure arithmetic on tallies, no model and no file.
//!
//! ```text
//! votes and names ──Accumulator──▶ counts that merge ──analyse──▶ Analysis: rows of drivers, themes
//!                                          └──────────change_to──▶ why the score moved
//! ```
//!
//! | member | the question |
//! |---|---|
//! | [`accumulator`] | what must be counted, so that parts of a file can be counted apart |
//! | [`analysis`] | what does the table of drivers say |
//! | [`impact`] | how many points does this cost or add, and how sure is that |
//! | [`rank`] | which one first |
//! | [`false_discovery`] | which of so many are not chance |
//! | [`shapley`] | what is each one's part when comments name several |
//! | [`asymmetry`] | does doing it well add as much as doing it badly costs |
//! | [`trend`] | is it named more than before |
//! | [`units`] | does it hurt in so many units that nobody owns it |
//! | [`change`] | why did the score move between two periods |
//! | [`contribution`] | what did one part do to that, and how sure is it |
//! | [`mix`] | how much of that is only that others answered |
//! | [`counted`] | what is counted of a group, to hold it against another |
//! | [`proportion`] | does one group do something more than another |
//! | [`fate`] | which themes are new, grow, fade or are gone between two groups |
//! | [`why`] | all of why a score moved |
//! | [`apart`] | what does a group name more often than the rest |
//! | [`spot`] | in which segments is something concentrated |
//! | [`threshold`] | from which value of a number on is it more likely |
//! | [`keyness`] | which words tell one group of comments from another |

pub mod accumulator;
pub mod analysis;
pub mod apart;
pub mod asymmetry;
pub mod change;
pub mod contribution;
pub mod counted;
pub mod false_discovery;
pub mod fate;
pub mod impact;
pub mod keyness;
pub mod mix;
pub mod proportion;
pub mod rank;
mod ridge;
pub mod shapley;
pub mod spot;
pub mod threshold;
pub mod trend;
pub mod units;
pub mod why;

pub use accumulator::{Accumulator, Named};
pub use analysis::{Analysis, Row};
pub use counted::Counted;
pub use impact::Impact;
pub use rank::Side;
pub use trend::{Compared, Timeline, Trend};
pub use units::{Spread, Units};
pub use why::Why;
