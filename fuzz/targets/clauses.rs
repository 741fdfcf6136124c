#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(init: voz_fuzz::let_panics_be_caught(), |bytes: &[u8]| {
    voz_fuzz::clauses(bytes);
});
