//! The table of the automaton: the node after a node and a symbol.

/// Open addressing, at most half full: most look-ups find nothing, and do so in one line of the
/// processor's cache.
pub(super) struct Edges {
    slots: Vec<Slot>,
    used: usize,
}

/// Symbols begin at 1: a slot of zeros is free.
#[derive(Clone, Copy, Default)]
struct Slot {
    node: u32,
    symbol: u32,
    next: u32,
}

impl Default for Edges {
    fn default() -> Self {
        Self {
            slots: vec![Slot::default(); 1024],
            used: 0,
        }
    }
}

impl Edges {
    /// The node after `node` and `symbol`; `None` for symbol 0.
    #[inline]
    pub(super) fn get(&self, node: u32, symbol: u32) -> Option<u32> {
        let slot = self.slots[self.place(node, symbol)];
        (slot.symbol != 0).then_some(slot.next)
    }

    /// Adds an edge that is not there yet.
    pub(super) fn insert(&mut self, node: u32, symbol: u32, next: u32) {
        self.used += 1;
        if 2 * self.used > self.slots.len() {
            let twice = vec![Slot::default(); 2 * self.slots.len()];
            for slot in std::mem::replace(&mut self.slots, twice) {
                if slot.symbol != 0 {
                    self.put(slot);
                }
            }
        }
        self.put(Slot { node, symbol, next });
    }

    fn put(&mut self, slot: Slot) {
        let place = self.place(slot.node, slot.symbol);
        self.slots[place] = slot;
    }

    /// Where the edge stands, or the free slot where it would.
    #[inline]
    fn place(&self, node: u32, symbol: u32) -> usize {
        let mask = self.slots.len() - 1;
        let key = u64::from(node) << 32 | u64::from(symbol);
        let mut at = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) as usize & mask;
        loop {
            let slot = self.slots[at];
            if slot.symbol == 0 || (slot.node == node && slot.symbol == symbol) {
                return at;
            }
            at = (at + 1) & mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_put_in_and_nothing_else() {
        let mut edges = Edges::default();
        let pairs = || (0..60).flat_map(|node| (1..60).map(move |symbol| (node, symbol)));
        for (node, symbol) in pairs().filter(|(node, symbol)| (node + symbol) % 3 == 0) {
            edges.insert(node, symbol, 100 * node + symbol);
        }
        for (node, symbol) in pairs() {
            let there = (node + symbol) % 3 == 0;
            let expected = there.then_some(100 * node + symbol);
            assert_eq!(edges.get(node, symbol), expected);
        }
        assert_eq!(edges.get(0, 0), None);
    }
}
