//! What files are called, and when they come and go.

use proptest::prelude::*;

use super::*;
use crate::leave::rules::Event;

#[test]
fn a_file_is_called_what_it_is() {
    for (given, kind, called) in [
        ("诊断证明.jpg", Kind::Jpeg, "诊断证明.jpg"),
        ("IMG_0001.JPEG", Kind::Jpeg, "IMG_0001.jpeg"),
        ("page.html", Kind::Jpeg, "page.html.jpg"),
        ("../../etc/passwd", Kind::Png, "passwd.png"),
        ("C:\\fakepath\\照片.png", Kind::Png, "照片.png"),
        ("evil\u{202e}gpj.exe", Kind::Pdf, "evilgpj.exe.pdf"),
        ("a\r\nSet-Cookie: x.pdf", Kind::Pdf, "aSet-Cookie x.pdf"),
        ("", Kind::Webp, "附件.webp"),
        (" .jpg ", Kind::Jpeg, "jpg.jpg"),
        ("...", Kind::Pdf, "附件.pdf"),
    ] {
        assert_eq!(name(given, kind), called);
    }
}

#[test]
fn what_was_relied_on_stays() {
    assert_eq!(remove(Stored::InApproval, false, true), Ok(()));
    assert_eq!(remove(Stored::InApproval, true, true), Err(Code::WrongState));
    assert_eq!(remove(Stored::InApproval, false, false), Err(Code::NotFound));
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::InApproval) {
        assert_eq!(remove(stored, false, true), Err(Code::WrongState), "{stored:?}");
    }
}

#[test]
fn late_papers_come_as_long_as_they_are_owed() {
    assert_eq!(add(Stored::Returned, true, true), Ok(()));
    assert_eq!(add(Stored::Returned, false, true), Err(Code::WrongState));
    assert_eq!(add(Stored::Approved, false, true), Ok(()), "until the leave is closed");
    for stored in Stored::ALL {
        assert_eq!(add(stored, true, false), Err(Code::NotFound), "only who asked: {stored:?}");
        if !stored.is_live() {
            assert_eq!(add(stored, true, true), Err(Code::WrongState), "{stored:?}");
        }
    }
}

proptest! {
    #[test]
    fn a_name_is_short_has_its_ending_and_stays(given in any::<String>(), kind in 0usize..4) {
        let kind = Kind::ALL[kind];
        let called = name(&given, kind);
        prop_assert!(called.chars().count() <= NAME_LIMIT);
        let ending = called.rsplit_once('.').map(|(_, ending)| ending);
        prop_assert!(ending.is_some_and(|ending| kind.endings().contains(&ending)));
        let has_mark = called.chars().any(|letter| letter.is_control() || is_invisible(letter) || "/\\\"".contains(letter));
        prop_assert!(!has_mark);
        prop_assert_eq!(name(&called, kind), called);
    }

    /// Whatever happens to a request: what may no longer be added to can also not be taken from, and a conclusion ends
    /// both unless papers are owed.
    #[test]
    fn what_is_closed_stays_as_it_is(events in prop::collection::vec(0usize..7, 0..12), relied_on in any::<bool>()) {
        const EVENTS: [Event; 7] = [
            Event::Withdraw, Event::Approve, Event::Refuse, Event::SendBack, Event::Resubmit, Event::Return, Event::Cancel,
        ];
        let mut stored = Stored::InApproval;
        let mut was_decided = relied_on;
        for event in events.into_iter().map(|event| EVENTS[event]) {
            let Ok(next) = stored.after(event) else { continue };
            stored = next;
            was_decided |= matches!(event, Event::Approve | Event::Refuse | Event::SendBack);
            let (adds, removes) = (add(stored, false, true).is_ok(), remove(stored, was_decided, true).is_ok());
            prop_assert!(adds || !removes);
            prop_assert!(!(was_decided && removes));
            if !stored.is_live() {
                prop_assert_eq!(add(stored, true, true), Err(Code::WrongState));
            }
        }
    }
}

#[test]
fn papers_are_news_once_and_only_after_the_approval() {
    for stored in Stored::ALL {
        let is_granted = matches!(stored, Stored::Approved | Stored::Returned);
        assert_eq!(is_news(stored, true, 0), is_granted, "{stored:?}");
        assert!(!is_news(stored, true, 1) && !is_news(stored, false, 0), "{stored:?}");
    }
}
