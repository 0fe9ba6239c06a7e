//! Codes are drawn, bent and dirtied here, then read back.

use super::decode;
use qrcode::{EcLevel, QrCode};

const LINK: &str = "https://court.example/c/01938c5e-7b1a-7c3e-9d2f-3b6a5c4d2e1f/2930417/QK3V7M2PX5TA4B6C";

/// Draws `text` as a camera might see it: `module` pixels a module, turned by `degrees`, with noise of
/// up to `noise` grey levels either way from a fixed sequence.
fn photograph(text: &str, module: f64, degrees: f64, noise: i32) -> (u32, u32, Vec<u8>) {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
    let modules = code.width();
    let dark = code.to_colors().iter().map(|color| *color == qrcode::Color::Dark).collect::<Vec<_>>();
    let side = ((modules as f64 + 8.0) * module * 1.5) as usize;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let mut state = 0x2545_f491_u32;
    let mut luma = Vec::with_capacity(side * side);
    for y in 0..side {
        for x in 0..side {
            let (dx, dy) = (x as f64 - side as f64 / 2.0, y as f64 - side as f64 / 2.0);
            let column = (dx * cos + dy * sin) / module + modules as f64 / 2.0;
            let row = (dy * cos - dx * sin) / module + modules as f64 / 2.0;
            let inside = column >= 0.0 && row >= 0.0 && column < modules as f64 && row < modules as f64;
            let grey = if inside && dark[row as usize * modules + column as usize] { 40 } else { 210 };
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            let shake = if noise == 0 { 0 } else { (state % (2 * noise as u32 + 1)) as i32 - noise };
            luma.push((grey + shake).clamp(0, 255) as u8);
        }
    }
    (side as u32, side as u32, luma)
}

fn check(module: f64, degrees: f64, noise: i32) {
    let (width, height, luma) = photograph(LINK, module, degrees, noise);
    assert_eq!(
        decode(width, height, &luma).as_deref(),
        Some(LINK),
        "module {module}, {degrees} degrees, noise {noise}"
    );
}

#[test]
fn reads_a_straight_code_at_several_sizes() {
    for module in [3.0, 4.5, 8.0, 14.0] {
        check(module, 0.0, 0);
    }
}

#[test]
fn reads_a_turned_code() {
    for degrees in [7.0, 30.0, 45.0, 90.0, 163.0, 270.0] {
        check(7.0, degrees, 0);
    }
}

#[test]
fn reads_a_noisy_code() {
    check(8.0, 12.0, 60);
    check(6.0, 0.0, 40);
}

#[test]
fn reads_light_on_dark() {
    let (width, height, luma) = photograph(LINK, 6.0, 0.0, 0);
    let inverted = luma.iter().map(|grey| 255 - grey).collect::<Vec<_>>();
    assert_eq!(decode(width, height, &inverted).as_deref(), Some(LINK));
}

#[test]
fn finds_nothing_where_there_is_nothing() {
    assert_eq!(decode(64, 64, &[128; 64 * 64]), None);
    assert_eq!(decode(0, 0, &[]), None);
    assert_eq!(decode(10, 10, &[0; 99]), None, "a picture of the wrong length is refused");
}
