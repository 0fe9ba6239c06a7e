//! The number that people know a request by, like `假2026-3KQW7XA`.

use app::leave::types::Lane;
use data_encoding::BASE32_NOPAD;
use uuid::Uuid;

use crate::secrets::sha256;

/// How long the part is that tells the requests of a year apart.
const CODE: usize = 7;

/// A number for people, made from the id: no counter that all submissions would have to queue for. It tells leave (假)
/// from a report (报), also where nothing else of the request is said, as in a notice.
pub(crate) fn of(id: Uuid, year: i32, lane: Lane) -> String {
    let of = if lane == Lane::Report { "报" } else { "假" };
    format!("{of}{year}-{}", &BASE32_NOPAD.encode(&sha256(id.as_bytes()))[..CODE])
}

/// Whether a text, in capitals, could be a part of a number. A name in Chinese never is, so that a search for one need not
/// look at numbers at all; initials may be.
pub(crate) fn could_contain(text: &str) -> bool {
    type Class = fn(char) -> bool;
    let lane: Class = |letter| matches!(letter, '假' | '报');
    let digit: Class = |letter| letter.is_ascii_digit();
    let dash: Class = |letter| letter == '-';
    let code: Class = |letter| matches!(letter, 'A'..='Z' | '2'..='7');
    let shape = [[lane, digit, digit, digit, digit, dash].as_slice(), &[code; CODE]].concat();
    let text: Vec<char> = text.chars().collect();
    shape.windows(text.len().max(1)).any(|part| part.iter().zip(&text).all(|(class, letter)| class(*letter)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_number_could_be_one() {
        for id in 0..200 {
            let number: Vec<char> = of(Uuid::from_u128(id), 2026, Lane::Leave).chars().collect();
            for length in 1..=number.len() {
                for part in number.windows(length) {
                    let part: String = part.iter().collect();
                    assert!(could_contain(&part), "{part} of {number:?}");
                }
            }
        }
    }

    #[test]
    fn names_and_what_is_too_long_are_no_part_of_a_number() {
        for text in ["周", "周书记7", "假条", "P000123", "F0123", "2026年", "ABCDEFGH", "假2026-ABCDEFGH"] {
            assert!(!could_contain(text), "{text}");
        }
        for text in ["假", "报2026", "26-AB", "ABC", "234"] {
            assert!(could_contain(text), "{text}");
        }
    }
}
