//! Many themes tested at once: p values adjusted so that few of those called certain are not.
//!
//! Benjamini & Hochberg 1995, *Controlling the false discovery rate*, JRSS B 57: with m tests, the
//! k-th smallest p becomes q, the least of p·m/j over the j-th smallest p for all j from k to m. Of
//! all tests with q ≤ 0.05, at most one in twenty is expected to be a false alarm.

/// The share of false alarms accepted among what is called significant.
pub const ACCEPTED: f64 = 0.05;

/// The adjusted value of each p, 0 to 1, in the order given; `None` stays `None` and counts in no
/// total.
pub fn adjust(values: &[Option<f64>]) -> Vec<Option<f64>> {
    let mut tests: Vec<(f64, usize)> = values
        .iter()
        .enumerate()
        .filter_map(|(at, p)| p.map(|p| (p, at)))
        .collect();
    tests.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let mut adjusted = vec![None; values.len()];
    let mut least = 1.0_f64;
    for (rank, (p, at)) in tests.iter().enumerate().rev() {
        least = least.min(p * (tests.len() as f64 / (rank + 1) as f64));
        if let Some(place) = adjusted.get_mut(*at) {
            *place = Some(least);
        }
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_example_of_the_paper() {
        let p = [
            0.4262, 0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
            0.5719, 0.6528, 0.7590, 1.0,
        ];
        let q: Vec<f64> = adjust(&p.map(Some)).into_iter().flatten().collect();
        assert_eq!(q.iter().filter(|q| **q <= ACCEPTED).count(), 4);
        for (at, expected) in [(1, 0.0015), (4, 0.035_625), (6, 0.063_857), (14, 1.0)] {
            assert!((q[at] - expected).abs() < 1e-6, "{at}: {}", q[at]);
        }
    }

    #[test]
    fn what_was_not_tested_does_not_count() {
        assert_eq!(
            adjust(&[None, Some(0.04), None]),
            [None, Some(0.04), None],
            "one test needs no adjusting"
        );
        assert_eq!(adjust(&[]), []);
    }

    proptest! {
        #[test]
        fn never_below_p_and_in_the_order_of_p(p in prop::collection::vec(0.0..=1.0_f64, 1..40)) {
            let q: Vec<f64> = adjust(&p.iter().copied().map(Some).collect::<Vec<_>>())
                .into_iter()
                .flatten()
                .collect();
            for i in 0..p.len() {
                prop_assert!(q[i] >= p[i] && q[i] <= 1.0);
                for j in 0..p.len() {
                    prop_assert!(p[i] > p[j] || q[i] <= q[j]);
                }
            }
        }
    }
}
