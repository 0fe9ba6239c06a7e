//! 草稿: what somebody has filled in and not submitted yet. It binds nobody and is judged by nobody; only how much of it
//! is kept is limited.

use super::api::LeaveDraftContent;
use crate::api::{Code, Problem};

/// How many drafts an officer may have.
pub const MOST: usize = 10;

/// The largest content, in bytes as JSON: several times what a request may say, so that nothing is lost of a text that
/// is still to be cut.
pub const CONTENT_LIMIT: usize = 8 * 1024;

/// How long a draft is kept after its last change, in days.
pub const KEEP_DAYS: i64 = 90;

/// A draft as it is stored.
#[derive(Clone, Copy, Debug)]
pub struct Stored<'a> {
    /// What it holds.
    pub content: &'a LeaveDraftContent,
    /// Goes up with every change, from 1.
    pub version: i64,
}

/// Judges the saving of a draft by somebody who saw `version`, 0 where he has just begun it; `others` is how many other
/// drafts he has. The answer is the version under which it is written; none where the content is there already, because
/// this is a repeat or nothing has changed.
///
/// Errors: [`Code::TooLarge`]; [`Code::StaleVersion`] where another device was faster; [`Code::NotFound`] where it has
/// been discarded meanwhile; [`Code::TooManyDrafts`].
pub fn save(
    content: &LeaveDraftContent,
    version: i64,
    stored: Option<Stored<'_>>,
    others: usize,
) -> Result<Option<i64>, Box<Problem>> {
    let refuse = |code, why: String| Err(Box::new(Problem::new(code, why)));
    if content.size() > CONTENT_LIMIT {
        return Err(Box::new(Problem::new(Code::TooLarge, "草稿内容过长，请先删减事由").at("content")));
    }
    match stored {
        Some(stored) if stored.content == content => Ok(None),
        Some(stored) if stored.version == version => Ok(Some(version + 1)),
        Some(_) => refuse(Code::StaleVersion, "这份草稿刚在另一台设备上改过，请选择保留哪一份".to_owned()),
        None if version > 0 => refuse(Code::NotFound, "这份草稿已在别处删除；继续填写会另存为新的草稿".to_owned()),
        None if others >= MOST => {
            refuse(Code::TooManyDrafts, format!("最多保存{MOST}份草稿，请先删除不用的草稿，再继续填写"))
        }
        None => Ok(Some(1)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::day::Half;

    fn content(reason: &str) -> LeaveDraftContent {
        LeaveDraftContent {
            leave_type: "annual".to_owned(),
            from_date: None,
            from_half: Half::Am,
            to_date: None,
            to_half: Half::Pm,
            reason: reason.to_owned(),
            destination: String::new(),
            contact: String::new(),
            stand_in: None,
            stand_in_name: None,
        }
    }

    #[test]
    fn the_second_device_hears_that_the_first_was_faster() {
        let (one, two) = (content("一"), content("二"));
        assert_eq!(save(&one, 0, None, 0), Ok(Some(1)));
        let stored = Some(Stored { content: &one, version: 1 });
        assert_eq!(save(&two, 1, stored, 0), Ok(Some(2)));
        assert_eq!(save(&two, 0, stored, 0).map_err(|problem| problem.code), Err(Code::StaleVersion));
        assert_eq!(save(&one, 0, stored, 0), Ok(None), "a repeat");
    }

    #[test]
    fn what_was_discarded_does_not_come_back() {
        assert_eq!(save(&content("一"), 3, None, 0).map_err(|problem| problem.code), Err(Code::NotFound));
    }

    #[test]
    fn there_is_room_for_ten_and_no_more() {
        let one = content("一");
        assert_eq!(save(&one, 0, None, MOST - 1), Ok(Some(1)));
        assert_eq!(save(&one, 0, None, MOST).map_err(|problem| problem.code), Err(Code::TooManyDrafts));
        let stored = Some(Stored { content: &one, version: 1 });
        assert_eq!(save(&content("二"), 1, stored, MOST), Ok(Some(2)), "what is there can be changed");
    }

    #[test]
    fn a_novel_is_no_draft() {
        let novel = content(&"长".repeat(CONTENT_LIMIT / 3));
        assert_eq!(save(&novel, 0, None, 0).map_err(|problem| problem.code), Err(Code::TooLarge));
        assert!(save(&content(&"长".repeat(500)), 0, None, 0).is_ok(), "as much as a request may say");
    }

    proptest! {
        /// Whatever is sent again after it was written changes nothing.
        #[test]
        fn saving_twice_is_saving_once(text in "\\PC{0,40}", version in 0i64..5) {
            let (before, after) = (content("前"), content(&text));
            let stored = Some(Stored { content: &before, version });
            if let Ok(Some(next)) = save(&after, version, stored, 0) {
                let written = Some(Stored { content: &after, version: next });
                prop_assert_eq!(save(&after, version, written, 0), Ok(None));
            }
        }
    }
}
