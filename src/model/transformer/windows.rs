//! Long texts in windows that overlap, and rows of one length together.

use std::ops::Range;

/// The windows over `pieces` pieces, each of `most` at most: as few as will do, alike in length, and
/// each sharing about a quarter with the one before.
pub fn windows(pieces: usize, most: usize) -> Vec<Range<usize>> {
    let most = most.max(1);
    if pieces <= most {
        return std::iter::once(0..pieces).collect();
    }
    let step = most - most / 4;
    let count = (pieces - most).div_ceil(step) + 1;
    let start = |at: usize| at * (pieces - most) / (count - 1);
    (0..count).map(|at| start(at)..start(at) + most).collect()
}

/// Pieces that are run together at least: fewer leave a core waiting for the weights.
const PIECES: usize = 128;

/// The numbers of rows that are run together: rows of one length, always as many of that length, the last
/// one again where they do not suffice. How sums are rounded depends on how many numbers there are, so
/// that a row gives the same bits in any company.
pub fn groups(lengths: &[usize]) -> Vec<Vec<usize>> {
    let mut order: Vec<usize> = (0..lengths.len()).collect();
    order.sort_by_key(|row| lengths[*row]);
    let alike = order.chunk_by(|a, b| lengths[*a] == lengths[*b]);
    let full = |rows: &[usize], count: usize| {
        let last = rows.last().copied();
        let again = last.into_iter().cycle();
        rows.iter().copied().chain(again).take(count).collect()
    };
    alike
        .flat_map(|rows| {
            let length = rows.first().map_or(0, |row| lengths[*row]);
            let count = PIECES.div_ceil(length.max(1));
            rows.chunks(count).map(move |rows| full(rows, count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_is_one_window() {
        assert_eq!(windows(0, 10), std::slice::from_ref(&(0..0)));
        assert_eq!(windows(10, 10), std::slice::from_ref(&(0..10)));
    }

    #[test]
    fn windows_hold_every_piece_and_overlap() {
        for pieces in 11..400 {
            for most in [1, 2, 3, 10, 64] {
                let all = windows(pieces, most);
                assert_eq!(all[0].start, 0);
                assert_eq!(all.last().unwrap().end, pieces.max(most.min(pieces)));
                for pair in all.windows(2) {
                    assert!(pair[1].start > pair[0].start, "{pieces} {most}");
                    assert!(
                        pair[1].start <= pair[0].end - most / 4,
                        "{pieces} {most} {pair:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn rows_of_one_length_go_together_and_always_as_many() {
        let groups = groups(&[100, 40, 100, 128, 100]);
        assert_eq!(groups, [vec![1; 4], vec![0, 2], vec![4, 4], vec![3]]);
        assert!(super::groups(&[]).is_empty());
    }
}
