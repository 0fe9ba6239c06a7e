//! Putting text right: spaces, full-width digits and letters.

/// A text with what was put right on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// The text.
    pub text: String,
    /// Spaces were taken away.
    pub spaces: bool,
    /// Full-width digits became digits.
    pub digits: bool,
    /// Full-width letters became letters.
    pub letters: bool,
}

/// Whether a character takes room but shows nothing: spaces of any width, and the marks that copying from a web page
/// or a chat leaves behind.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a character is a Chinese ideograph (the blocks that names are written with).
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// The half-width form of a full-width digit or letter.
fn half_width(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(c) - 0xFEE0).expect("the full-width block lies 0xFEE0 above ASCII")
        }
        _ => c,
    }
}

/// Takes spaces of any width from both ends, and turns full-width digits and letters into half-width ones.
pub fn clean(text: &str) -> Cleaned {
    let trimmed = text.trim_matches(is_blank);
    let mut cleaned = Cleaned { spaces: trimmed.len() != text.len(), ..Cleaned::default() };
    for c in trimmed.chars() {
        let half = half_width(c);
        if half != c {
            cleaned.digits |= half.is_ascii_digit();
            cleaned.letters |= half.is_ascii_alphabetic();
        }
        cleaned.text.push(half);
    }
    cleaned
}

/// Like [`clean`], and takes away every space inside: for numbers, codes and headings.
pub fn clean_code(text: &str) -> Cleaned {
    let mut cleaned = clean(text);
    let before = cleaned.text.len();
    cleaned.text.retain(|c| !is_blank(c));
    cleaned.spaces |= cleaned.text.len() != before;
    cleaned
}

/// Like [`clean`] for a person's name: spaces that pad between two Chinese characters (`王　刚`) are taken away, those
/// of other scripts stay as one plain space.
pub fn clean_name(text: &str) -> Cleaned {
    let mut cleaned = clean(text);
    let mut name = String::with_capacity(cleaned.text.len());
    let mut pending = false;
    for c in cleaned.text.chars() {
        if is_blank(c) {
            pending = true;
            continue;
        }
        let padded = pending && is_ideograph(c) && name.chars().next_back().is_some_and(is_ideograph);
        if pending && !padded {
            name.push(' ');
        }
        pending = false;
        name.push(c);
    }
    cleaned.spaces |= name != cleaned.text;
    cleaned.text = name;
    cleaned
}

/// A heading as it is compared: without spaces, with half-width brackets.
pub fn heading(text: &str) -> String {
    clean_code(text)
        .text
        .chars()
        .map(|c| match c {
            '（' => '(',
            '）' => ')',
            _ => c,
        })
        .collect()
}
