//! Addresses on the net: e-mail, links that carry secrets, IP.

use super::{Pii, Span};
use memchr::{memchr, memchr_iter, memchr2};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

/// The addresses of a text in order. `is_version` tells, by the text before a dotted number and
/// where it starts, that the number is a version.
///
/// Each kind is looked for between the spans of the kinds before it, as if marks stood there.
pub(super) fn find(text: &str, is_version: impl Fn(&str, usize) -> bool) -> Vec<Span> {
    let bytes = text.as_bytes();
    let mut spans = Vec::new();
    if memchr2(b'/', b'=', bytes).is_some() {
        links(text, &mut spans);
    }
    if memchr(b'@', bytes).is_some() {
        between(text, &mut spans, emails);
    }
    between(text, &mut spans, |part, start, spans| {
        ips(part, start, |before| is_version(before, start), spans);
    });
    spans
}

/// Runs `find` on each part between the spans, with the byte where it starts, and keeps the order.
pub(super) fn between(
    text: &str,
    spans: &mut Vec<Span>,
    mut find: impl FnMut(&str, usize, &mut Vec<Span>),
) {
    let mut from = 0;
    for at in 0..spans.len() {
        let span = spans[at];
        find(&text[from..span.start], from, spans);
        from = span.end;
    }
    find(&text[from..], from, spans);
    spans.sort_unstable_by_key(|span| span.start);
}

/// Adds the e-mail addresses of a part of a text that starts at byte `start`.
fn emails(part: &str, start: usize, spans: &mut Vec<Span>) {
    let mut from = 0;
    for at in memchr_iter(b'@', part.as_bytes()) {
        let found = part
            .get(from..)
            .zip(at.checked_sub(from))
            .and_then(|(rest, at)| email(rest, at));
        if let Some(found) = found {
            spans.push(Span {
                start: start + from + found.start,
                end: start + from + found.end,
                pii: Pii::Email,
            });
            from += found.end;
        }
    }
}

/// The e-mail address around the `@` at byte `at`; a space on both sides of it is allowed.
fn email(text: &str, at: usize) -> Option<Range<usize>> {
    let (before, after) = (&text[..at], &text[at + 1..]);
    let (before, domain) = match (before.strip_suffix(' '), after.strip_prefix(' ')) {
        (Some(before), Some(after)) => (before, after),
        _ => (before, after),
    };
    let local = before
        .trim_end_matches(|character: char| {
            character.is_alphanumeric() || "._%+-'".contains(character)
        })
        .len();
    let local = &before[local..];
    let trimmed = local.trim_start_matches(['.', '\'', '-', '+', '%']);
    if trimmed.is_empty() || local.ends_with('.') {
        return None;
    }
    let end = text.len() - domain.len() + domain_end(domain)?;
    Some(before.len() - trimmed.len()..end)
}

/// Where a domain with a top level of two letters or more ends.
///
/// A capital after the last dot begins a sentence whose space was forgotten: `x@y.com.Gracias`.
fn domain_end(text: &str) -> Option<usize> {
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '-' | '.');
    let length = text.find(|character| !is_part(character));
    let domain = &text[..length.unwrap_or(text.len())];
    let mut end = None;
    let mut from = 0;
    for (place, label) in domain.split('.').enumerate() {
        let letters = label
            .find(|character: char| !character.is_alphabetic())
            .unwrap_or(label.len());
        let sentence = end.is_some() && label.starts_with(char::is_uppercase);
        if label.is_empty() || (sentence && !domain.starts_with(char::is_uppercase)) {
            break;
        }
        if place > 0 && label[..letters].chars().nth(1).is_some() {
            end = Some(from + letters);
        }
        from += label.len() + 1;
    }
    end
}

/// What a link begins with; the letters of a scheme stand before the first.
const OPENINGS: [&str; 3] = ["://", "www.", "WWW."];

/// Adds the links that carry user information, a query with values, or a long random path.
fn links(text: &str, spans: &mut Vec<Span>) {
    let bare = text.contains('?') && text.contains('=');
    if !bare && !OPENINGS.iter().any(|opening| text.contains(opening)) {
        return;
    }
    let ends_link =
        |character: char| character.is_whitespace() || "<>\"'[]{}|\\^`«»“”".contains(character);
    let mut from = 0;
    for word in text.split(ends_link) {
        if let Some(link) = secret_link(word) {
            spans.push(Span {
                start: from + link.start,
                end: from + link.end,
                pii: Pii::Url,
            });
        }
        let after = from + word.len();
        from = after + text[after..].chars().next().map_or(0, char::len_utf8);
    }
}

/// How many links of each opening are looked at in one word: bounds the time that a hostile text can take.
const LINKS_IN_WORD: usize = 8;

/// The first link inside a word that tells a secret, without the punctuation after it.
fn secret_link(word: &str) -> Option<Range<usize>> {
    let word = word.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '…', '*', '_']);
    let mut starts: Vec<usize> = OPENINGS
        .iter()
        .flat_map(|opening| word.match_indices(opening).take(LINKS_IN_WORD))
        .map(|(at, opening)| match opening {
            "://" => scheme_start(&word[..at]),
            _ => at,
        })
        .collect();
    starts.extend(bare_link(word));
    starts.sort_unstable();
    let start = starts
        .into_iter()
        .find(|start| is_secret(&word[*start..]))?;
    Some(start..word.len())
}

/// Where the letters at the end of `before` start.
fn scheme_start(before: &str) -> usize {
    before
        .trim_end_matches(|character: char| character.is_ascii_alphabetic())
        .len()
}

/// Where a link without scheme starts: something like `shop.example/path?` with a value after it.
fn bare_link(word: &str) -> Option<usize> {
    let query = word.find('?')?;
    word[query..].find('=')?;
    let head = &word[..query];
    let start = head
        .trim_end_matches(|character: char| {
            character.is_alphanumeric() || "-._~/%@:+&".contains(character)
        })
        .len();
    let host = head[start..].split('/').next().unwrap_or_default();
    domain_end(host).map(|_| start)
}

/// True when a link says who opened it or opens something by itself.
fn is_secret(link: &str) -> bool {
    let rest = match link.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => rest,
        _ => link,
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let tail = &rest[authority.len()..];
    let has_value = |part: &str| {
        part.split(['&', ';']).any(|pair| {
            pair.split_once('=')
                .is_some_and(|(_, value)| !value.is_empty())
        })
    };
    let query = tail
        .split_once('?')
        .is_some_and(|(_, query)| has_value(query));
    let fragment = tail
        .split_once('#')
        .is_some_and(|(_, fragment)| has_value(fragment));
    authority.contains('@') || query || fragment || has_random_part(tail)
}

/// The shortest run of letters and digits that counts as random. A guess: product numbers are
/// shorter, tokens longer.
const RANDOM: usize = 16;

/// True with a run of 16 letters and digits or more, at least three of each and no word inside; or
/// with a UUID.
fn has_random_part(path: &str) -> bool {
    let is_token = |part: &str| {
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let letters = part.bytes().filter(u8::is_ascii_alphabetic).count();
        part.len() >= RANDOM && digits > 2 && letters > 2
    };
    let is_uuid = |part: &str| {
        part.len() == 36
            && part.bytes().enumerate().all(|(at, byte)| match at {
                8 | 13 | 18 | 23 => byte == b'-',
                _ => byte.is_ascii_hexdigit(),
            })
    };
    path.split(['/', '?', '#', '.', '%'])
        .any(|segment| is_uuid(segment) || segment.split(['-', '~']).any(is_token))
}

/// Adds the IP addresses of both versions in a part of a text that starts at byte `start`.
///
/// What stands beside one may become a mark itself, so nothing is trimmed that a mark could follow
/// or precede: the second run must decide as the first did.
fn ips(text: &str, start: usize, is_version: impl Fn(&str) -> bool, spans: &mut Vec<Span>) {
    let mut add = |run: Range<usize>| {
        let joined = |neighbour: Option<char>| neighbour.is_some_and(char::is_alphanumeric);
        let (before, after) = (&text[..run.start], &text[run.end..]);
        if !joined(before.chars().next_back())
            && !joined(after.chars().next())
            && !is_version(before)
        {
            spans.push(Span {
                start: start + run.start,
                end: start + run.end,
                pii: Pii::Ip,
            });
        }
    };
    for run in runs(text, 7, |byte| byte.is_ascii_digit() || byte == b'.') {
        let address = text[run.clone()].trim_end_matches('.');
        let end = run.start + address.len();
        let digits = address.bytes().filter(u8::is_ascii_digit).count();
        if digits >= super::number::FEWEST_DIGITS
            && address.parse::<Ipv4Addr>().is_ok_and(is_of_somebody)
            && !text[end..].starts_with(".[")
        {
            add(run.start..end);
        }
    }
    if text.contains(':') {
        for run in runs(text, 7, |byte| byte.is_ascii_hexdigit() || byte == b':') {
            let address = &text[run.clone()];
            let hextets = address.split(':').filter(|part| !part.is_empty()).count();
            if hextets > 2 && address.parse::<Ipv6Addr>().is_ok() {
                add(run);
            }
        }
    }
}

/// False for addresses that are the same for everybody: masks, the machine itself, routers at home.
fn is_of_somebody(address: Ipv4Addr) -> bool {
    let [first, .., last] = address.octets();
    let is_router = address.is_private() && matches!(last, 0 | 1 | 254 | 255);
    !(first == 255 || first == 0 || address.is_loopback() || is_router)
}

/// The longest runs of at least `least` bytes that are all `inside`.
fn runs(text: &str, least: usize, inside: fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    text.as_bytes()
        .chunk_by(move |left, right| inside(*left) == inside(*right))
        .filter_map(move |run| {
            let start = at;
            at += run.len();
            let taken = run.len() >= least && run.first().is_some_and(|byte| inside(*byte));
            taken.then_some(start..at)
        })
}
