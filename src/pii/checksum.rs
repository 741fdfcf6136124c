//! The check digits and letters of personal numbers, each from its public definition.
//!
//! Everything here takes ASCII digits (or capital letters where said) without separators. Wrong
//! lengths and other bytes are simply not valid.

/// The decimal value of an ASCII digit.
fn digit(byte: u8) -> Option<u32> {
    byte.is_ascii_digit().then(|| u32::from(byte - b'0'))
}

/// The sum of digits times weights; `None` when the lengths differ or a byte is no digit.
fn weighted(digits: &[u8], weights: &[u32]) -> Option<u32> {
    if digits.len() != weights.len() {
        return None;
    }
    digits
        .iter()
        .zip(weights)
        .map(|(byte, weight)| Some(digit(*byte)? * weight))
        .sum()
}

/// The digits as a number; `None` on any other byte and above 18 digits.
fn number(digits: &[u8]) -> Option<u64> {
    if digits.len() > 18 {
        return None;
    }
    digits.iter().try_fold(0, |sum: u64, byte| {
        Some(sum * 10 + u64::from(digit(*byte)?))
    })
}

/// Spanish DNI: eight digits and the letter of their remainder by 23.
pub(super) fn dni(code: &[u8]) -> bool {
    const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    let Some((letter, digits)) = code.split_last() else {
        return false;
    };
    digits.len() == 8 && number(digits).is_some_and(|n| LETTERS[(n % 23) as usize] == *letter)
}

/// Spanish NIE: a DNI whose first digit is written X, Y or Z for 0, 1 or 2.
pub(super) fn nie(code: &[u8]) -> bool {
    let Ok(mut code) = <[u8; 9]>::try_from(code) else {
        return false;
    };
    match code[0] {
        b'X'..=b'Z' => code[0] = code[0] - b'X' + b'0',
        _ => return false,
    }
    dni(&code)
}

/// Spanish CIF: a letter for the kind of company, seven digits, and a control digit or letter.
pub(super) fn cif(code: &[u8]) -> bool {
    let [kind, digits @ .., control] = code else {
        return false;
    };
    let Ok(digits) = <&[u8; 7]>::try_from(digits) else {
        return false;
    };
    let mut sum = 0;
    for (place, byte) in digits.iter().enumerate() {
        let Some(value) = digit(*byte) else {
            return false;
        };
        sum += if place % 2 == 0 {
            value * 2 / 10 + value * 2 % 10
        } else {
            value
        };
    }
    let check = (10 - sum % 10) % 10;
    let as_digit = digit(*control) == Some(check);
    let as_letter = b"JABCDEFGHI"[check as usize] == *control;
    match kind {
        b'A' | b'B' | b'E' | b'H' => as_digit,
        b'N' | b'P' | b'Q' | b'R' | b'S' | b'W' => as_letter,
        b'C' | b'D' | b'F' | b'G' | b'J' | b'U' | b'V' => as_digit || as_letter,
        _ => false,
    }
}

/// Chilean RUT: digits and their remainder by 11 with weights 2 to 7 from the right; K is ten.
pub(super) fn rut(code: &[u8]) -> bool {
    let Some((check, digits)) = code.split_last() else {
        return false;
    };
    if !(7..=8).contains(&digits.len()) {
        return false;
    }
    let weights = [3, 2, 7, 6, 5, 4, 3, 2];
    let Some(sum) = weighted(digits, &weights[8 - digits.len()..]) else {
        return false;
    };
    match 11 - sum % 11 {
        _ if sum == 0 => false,
        11 => *check == b'0',
        10 => *check == b'K',
        value => digit(*check) == Some(value),
    }
}

/// Argentine CUIT or CUIL: a prefix that is issued, eight digits, and their remainder by 11.
pub(super) fn cuit(code: &[u8]) -> bool {
    let [first, second, ..] = code else {
        return false;
    };
    let issued = matches!(
        (first, second),
        (b'2', b'0' | b'3' | b'4' | b'5' | b'6' | b'7') | (b'3', b'0' | b'3' | b'4')
    );
    let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    issued && weighted(code, &weights).is_some_and(|sum| sum % 11 == 0)
}

/// British NHS number: ten digits whose sum by weights 10 to 1 divides by 11.
pub(super) fn nhs(code: &[u8]) -> bool {
    let weights = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1];
    weighted(code, &weights).is_some_and(|sum| sum > 0 && sum % 11 == 0)
}

/// United States SSN: nine digits in areas, groups and serials that are issued. It has no check
/// digit.
pub(super) fn ssn(code: &[u8]) -> bool {
    let Ok(code) = <&[u8; 9]>::try_from(code) else {
        return false;
    };
    code.iter().all(u8::is_ascii_digit)
        && !code.starts_with(b"000")
        && !code.starts_with(b"666")
        && code[0] != b'9'
        && &code[3..5] != b"00"
        && &code[5..] != b"0000"
}

/// The sum of Luhn (ISO/IEC 7812) divides by ten, and the digits are not all the same.
pub(super) fn luhn(code: &[u8]) -> bool {
    let mut sum = 0;
    for (place, byte) in code.iter().rev().enumerate() {
        let Some(value) = digit(*byte) else {
            return false;
        };
        sum += match place % 2 {
            0 => value,
            _ if value > 4 => value * 2 - 9,
            _ => value * 2,
        };
    }
    sum % 10 == 0 && code.iter().any(|byte| Some(byte) != code.first())
}

/// International bank account number: the code with its first four characters at the end, letters
/// as 10 to 35, leaves 1 by 97 (ISO 13616). The length is for the caller to check.
pub(super) fn iban(code: &[u8]) -> bool {
    let [country @ .., _, _] = code.get(..4).unwrap_or_default() else {
        return false;
    };
    if !country.iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let turned = code[4..].iter().chain(&code[..4]);
    let remainder = turned
        .into_iter()
        .try_fold(0, |rest: u32, byte| match byte {
            b'0'..=b'9' => Some((rest * 10 + u32::from(byte - b'0')) % 97),
            b'A'..=b'Z' => Some((rest * 100 + u32::from(byte - b'A') + 10) % 97),
            _ => None,
        });
    remainder == Some(1)
}

/// Mexican CLABE: 18 digits, the last from weights 3, 7, 1 on the others.
pub(super) fn clabe(code: &[u8]) -> bool {
    let mut sum = 0;
    for (byte, weight) in code.iter().zip([3, 7, 1].into_iter().cycle().take(17)) {
        let Some(value) = digit(*byte) else {
            return false;
        };
        sum += value * weight % 10;
    }
    code.len() == 18 && !code.starts_with(b"000") && digit(code[17]) == Some((10 - sum % 10) % 10)
}

/// Argentine CBU or CVU: blocks of 8 and 14 digits, the last of each from weights on the others.
pub(super) fn cbu(code: &[u8]) -> bool {
    let block = |digits: &[u8], weights: &[u32]| {
        let Some((check, digits)) = digits.split_last() else {
            return false;
        };
        weighted(digits, weights).is_some_and(|sum| digit(*check) == Some((10 - sum % 10) % 10))
    };
    code.len() == 22
        && code.iter().any(|byte| *byte != b'0')
        && block(&code[..8], &[7, 1, 3, 9, 7, 1, 3])
        && block(&code[8..], &[3, 9, 7, 1, 3, 9, 7, 1, 3, 9, 7, 1, 3])
}

/// Month and day as two digits each, as in a date of birth.
fn birth_date(digits: &[u8]) -> bool {
    let part = |range: std::ops::Range<usize>| digits.get(range).and_then(number);
    matches!(
        (part(0..2), part(2..4), part(4..6)),
        (Some(_), Some(1..=12), Some(1..=31))
    )
}

/// The Ñ of the alphabets of CURP and RFC, as one byte.
pub(super) const ENYE: u8 = 0xD1;

/// Mexican CURP: four letters, date of birth, sex, state, three consonants, a sign of the century
/// and a check digit (weights 18 to 2 on an alphabet of 37).
pub(super) fn curp(code: &[u8]) -> bool {
    if code.len() != 18 || !code[..4].iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let shaped = birth_date(&code[4..10])
        && matches!(code[10], b'H' | b'M' | b'X')
        && code[11..16].iter().all(u8::is_ascii_uppercase)
        && code[17].is_ascii_digit();
    let value = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'N' => Some(u32::from(byte - b'A') + 10),
        b'O'..=b'Z' => Some(u32::from(byte - b'A') + 11),
        _ => None,
    };
    let sum: Option<u32> = code[..17]
        .iter()
        .zip((2..=18).rev())
        .map(|(byte, weight): (&u8, u32)| Some(value(*byte)? * weight))
        .sum();
    shaped && sum.is_some_and(|sum| digit(code[17]) == Some((10 - sum % 10) % 10))
}

/// Mexican RFC: three or four letters, a date and a homoclave whose last character checks the rest
/// (weights 13 to 2 on an alphabet of 39, remainder by 11).
pub(super) fn rfc(code: &[u8]) -> bool {
    let Some(letters) = code
        .len()
        .checked_sub(9)
        .filter(|letters| matches!(letters, 3 | 4))
    else {
        return false;
    };
    let name = &code[..letters];
    let value = |byte: u8| match byte {
        b'0'..=b'9' => Some(u32::from(byte - b'0')),
        b'A'..=b'N' => Some(u32::from(byte - b'A') + 10),
        b'O'..=b'Z' => Some(u32::from(byte - b'A') + 11),
        ENYE => Some(38),
        _ => None,
    };
    // A company's name has three letters; the fourth is a space, 37 in the alphabet.
    let padding = if letters == 3 { 37 * 13 } else { 0 };
    let last = code.len() - 1;
    let sum: Option<u32> = code[..last]
        .iter()
        .rev()
        .zip(2..)
        .map(|(byte, weight): (&u8, u32)| Some(value(*byte)? * weight))
        .sum();
    let check = sum.map(|sum| (11 - (sum + padding) % 11) % 11);
    name.iter()
        .all(|byte| byte.is_ascii_uppercase() || *byte == ENYE)
        && birth_date(&code[letters..letters + 6])
        && match code[last] {
            b'A' => check == Some(10),
            byte => digit(byte).is_some_and(|value| check == Some(value)),
        }
}

/// The first ten characters of a person's RFC, which have no check digit.
pub(super) fn rfc_without_homoclave(code: &[u8]) -> bool {
    code.len() == 10 && code[..4].iter().all(u8::is_ascii_uppercase) && birth_date(&code[4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changing any one digit of a valid number must break it: what check digits are for.
    fn guards_each_digit(valid: &[u8], check: fn(&[u8]) -> bool) {
        assert!(check(valid), "{}", String::from_utf8_lossy(valid));
        for place in 0..valid.len() {
            let mut wrong = valid.to_vec();
            if wrong[place].is_ascii_digit() {
                wrong[place] = b'0' + (wrong[place] - b'0' + 1) % 10;
                assert!(!check(&wrong), "{}", String::from_utf8_lossy(&wrong));
            }
        }
    }

    #[test]
    fn one_wrong_digit_is_always_noticed() {
        guards_each_digit(b"12345678Z", dni);
        guards_each_digit(b"X1234567L", nie);
        guards_each_digit(b"B12345674", cif);
        guards_each_digit(b"123456785", rut);
        guards_each_digit(b"10000013K", rut);
        guards_each_digit(b"20123456786", cuit);
        guards_each_digit(b"9434765919", nhs);
        guards_each_digit(b"4111111111111111", luhn);
        guards_each_digit(b"ES9121000418450200051332", iban);
        guards_each_digit(b"032180000118359719", clabe);
        guards_each_digit(b"2850590940090418135201", cbu);
    }

    #[test]
    fn mexican_codes() {
        assert!(curp(b"HEGG560427MVZRRL04"));
        assert!(!curp(b"HEGG560427MVZRRL05"));
        assert!(!curp(b"HEGG561327MVZRRL04"));
        assert!(rfc(b"GODE561231GR8"));
        assert!(!rfc(b"GODE561231GR7"));
        assert!(rfc_without_homoclave(b"GODE561231"));
    }

    #[test]
    fn no_bytes_and_no_length_panic() {
        let checks = [
            dni,
            nie,
            cif,
            rut,
            cuit,
            nhs,
            ssn,
            luhn,
            iban,
            clabe,
            cbu,
            curp,
            rfc,
            rfc_without_homoclave,
        ];
        for length in 0..40 {
            for byte in [b'0', b'A', b' ', ENYE] {
                let code = vec![byte; length];
                assert!(checks.iter().all(|check| !check(&code)), "{byte} {length}");
            }
        }
    }
}
