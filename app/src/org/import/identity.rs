//! Identity numbers (公民身份号码, GB 11643-1999).

use crate::day::Day;

/// Checks an identity number: 17 digits and a check character, a day of birth that exists.
///
/// The area code is not looked up: codes of abolished counties stay on people's cards for life.
///
/// # Errors
/// Why it is none, in Chinese.
pub fn check(number: &str) -> Result<(), &'static str> {
    let bytes = number.as_bytes();
    if bytes.len() == 15 && bytes.iter().all(u8::is_ascii_digit) {
        return Err("15 位旧号码，请换成 18 位");
    }
    let well_formed = bytes.len() == 18
        && bytes[..17].iter().all(u8::is_ascii_digit)
        && (bytes[17].is_ascii_digit() || bytes[17] == b'X');
    if !well_formed {
        return Err("应为 18 位身份证号");
    }
    if check_character(&bytes[..17]) != bytes[17] {
        return Err("校验位不符");
    }
    if born_on(number).is_none() {
        return Err("出生日期不存在");
    }
    Ok(())
}

/// The day of birth in an identity number; nothing where it names none.
pub fn born_on(number: &str) -> Option<Day> {
    let part = |range: std::ops::Range<usize>| number.get(range)?.parse::<u16>().ok();
    let [month, day] = [part(10..12)?, part(12..14)?].map(u8::try_from);
    Day::new(i32::from(part(6..10)?), month.ok()?, day.ok()?)
}

/// The check character of 17 digits: ISO 7064 MOD 11-2, the weight of the digit at position i from the right being
/// 2^i mod 11.
pub fn check_character(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0u32, |sum, digit| (sum + u32::from(digit.wrapping_sub(b'0'))) * 2 % 11);
    match (12 - sum) % 11 {
        10 => b'X',
        value => b'0' + u8::try_from(value).expect("a remainder of 11 that is not 10 is a digit"),
    }
}
