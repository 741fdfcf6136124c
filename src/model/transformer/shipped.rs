//! The files of the bilingual model that is built into the program; `models/bilingual/make.sh` makes them.

/// What it is.
pub const CONFIG: &str = include_str!("../../../models/accurate/config.json");
/// Its pieces.
pub const TOKENIZER: &[u8] = include_bytes!("../../../models/accurate/tokenizer.json");
/// What stands on its encoder.
pub const HEADS: &str = include_str!("../../../models/accurate/heads.json");
/// Its weights, in half precision.
pub const WEIGHTS: &[u8] = include_bytes!("../../../models/accurate/model.safetensors");
/// Its card.
pub const CARD: &str = include_str!("../../../models/accurate/card.json");
