//! The gallery of the design system.

use frontend::i18n::Locale;
use frontend::kit::gallery::gallery;

use crate::page::draw;

#[test]
fn every_part_stands_in_the_gallery() {
    let html = draw("gallery", || gallery(Locale::zh_CN));
    for class in ["button-danger", "field-bad", "skeleton", "steps", "timeline", "chart", "qr-code", "sheet"] {
        assert!(html.contains(class), "{class} is missing");
    }
}
