//! The time of day, for what people read: nothing is decided by it.

/// The present second, as UTC in RFC 3339: "2026-11-28T06:00:00Z".
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    let second = jiff::Timestamp::from_second(now.as_second()).unwrap_or(now);
    second.to_string()
}
