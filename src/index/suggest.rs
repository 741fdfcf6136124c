//! What was meant, when a name is not known.

/// The known names as a list, with the nearest first asked about: `did you mean …? Known: …`.
pub(super) fn names<'n>(wrong: &str, known: impl Iterator<Item = &'n str>) -> String {
    let known: Vec<&str> = known.collect();
    let list = if known.is_empty() {
        "none is known".to_owned()
    } else {
        format!("known are {}", known.join(", "))
    };
    match nearest(wrong, &known) {
        Some(name) => format!("did you mean `{name}`? {list}"),
        None => list,
    }
}

/// The nearest of the known names within two changes, or one that begins with what was written.
pub(super) fn nearest<'n>(wrong: &str, known: &[&'n str]) -> Option<&'n str> {
    const FARTHEST: usize = 2;
    known
        .iter()
        .map(|name| (distance(wrong, name), *name))
        .filter(|(distance, name)| {
            (*distance <= FARTHEST && *distance < name.chars().count())
                || (wrong.len() > FARTHEST && name.starts_with(wrong))
        })
        .min()
        .map(|(_, name)| name)
}

/// Letters to insert, delete or change (Levenshtein 1966).
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&two) {
            let above = *cell;
            left = (diagonal + usize::from(a != *b))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", "abc"), 0);
    }

    #[test]
    fn the_nearest_name_is_asked_about() {
        let known = ["region", "channel", "team"];
        assert_eq!(nearest("chanel", &known), Some("channel"));
        assert_eq!(nearest("chan", &known), Some("channel"));
        assert_eq!(nearest("price", &known), None);
    }
}
