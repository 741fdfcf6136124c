//! Libraries that panic over damaged files: what they were doing fails, and the program does not.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

thread_local! {
    /// How many [`caught`] calls this thread is inside of.
    static GUARDS: Cell<u32> = const { Cell::new(0) };
}

/// Done once: a panic that is caught is told as an error, and not on stderr as well, where it might quote the
/// file.
static SILENCE: Once = Once::new();

/// Runs `work`; `None` when it panics. The caller does without whatever `work` was changing.
pub fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    SILENCE.call_once(|| {
        let before = take_hook();
        set_hook(Box::new(move |panic| {
            if GUARDS.get() == 0 {
                before(panic);
            }
        }));
    });
    GUARDS.set(GUARDS.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    GUARDS.set(GUARDS.get() - 1);
    done.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_nothing_done() {
        assert_eq!(caught(|| 1), Some(1));
        assert_eq!(caught(|| -> u8 { panic!("index out of range") }), None);
    }
}
