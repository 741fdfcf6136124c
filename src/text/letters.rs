//! Letter sequences of a word: three to five in a row inside `<word>`, each as a 32-bit hash.

/// Lengths of the sequences.
const LENGTHS: std::ops::RangeInclusive<usize> = 3..=5;

/// What FNV-1a begins with.
const SEED: u32 = 0x811C_9DC5;

/// One step of FNV-1a.
fn step(state: u32, byte: u8) -> u32 {
    (state ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// FNV-1a over the bytes, then mixed so that low bits are good.
pub fn hash(norm: &[u8]) -> u32 {
    mix(norm.iter().copied().fold(SEED, step))
}

/// The finalizer of `MurmurHash3`.
pub fn mix(mut state: u32) -> u32 {
    state ^= state >> 16;
    state = state.wrapping_mul(0x85EB_CA6B);
    state ^= state >> 13;
    state = state.wrapping_mul(0xC2B2_AE35);
    state ^ (state >> 16)
}

/// The hash of every letter sequence of a folded word, those that end first before the others.
pub fn sequences(norm: &str) -> impl Iterator<Item = u32> + '_ {
    const LONGEST: usize = *LENGTHS.end();
    // The states of the last `LONGEST` starts: a start is left when its longest sequence is done.
    let mut states = [SEED; LONGEST];
    let mut begun = 0;
    let letters = std::iter::once('<')
        .chain(norm.chars())
        .chain(std::iter::once('>'));
    letters.flat_map(move |letter| {
        let mut bytes = [0; 4];
        let bytes = letter.encode_utf8(&mut bytes).as_bytes();
        states[begun % LONGEST] = SEED;
        begun += 1;
        let mut done = [None; LONGEST];
        for length in 1..=begun.min(LONGEST) {
            let state = &mut states[(begun - length) % LONGEST];
            *state = bytes.iter().copied().fold(*state, step);
            if LENGTHS.contains(&length) {
                done[length - 1] = Some(mix(*state));
            }
        }
        done.into_iter().flatten()
    })
}
