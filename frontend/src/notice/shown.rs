//! The part of the officer's list that a page has loaded.

use app::notice::api::{Notice, NoticeQuery, Notices};
use uuid::Uuid;

/// What is loaded so far, newest first, without a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Whether the list is of the unread ones only.
    pub only_unread: bool,
    /// The notices.
    pub items: Vec<Notice>,
    /// The cursor of the notices that follow; none when all are here.
    pub next: Option<String>,
}

impl Shown {
    /// A list of which nothing is here yet.
    pub fn of(only_unread: bool) -> Self {
        Self { only_unread, ..Self::default() }
    }

    /// Lets go of all but the newest page as it was read: another device has marked some, and nobody knows which.
    pub fn keep_newest(&mut self, newest: Notices) {
        self.items = newest.items;
        self.next = newest.next;
    }

    /// Takes in the newest page, read again: what is new stands on top, and older notices that were loaded before stay.
    /// They go when more came meanwhile than the page holds, since the list would have a hole.
    pub fn refresh(&mut self, newest: Notices) {
        let oldest = newest.items.last().map(|notice| notice.position);
        let meets = oldest.is_some_and(|oldest| self.items.first().is_some_and(|first| first.position >= oldest));
        let older = match oldest {
            Some(oldest) if meets && newest.next.is_some() => {
                self.items.drain(..).filter(|notice| notice.position < oldest).collect()
            }
            _ => Vec::new(),
        };
        if older.is_empty() {
            self.next = newest.next;
        }
        self.items = newest.items;
        self.items.extend(older);
    }

    /// Adds the page that was asked for with this query. An answer for the other list, or for another place in this one,
    /// comes too late and is dropped.
    pub fn extend(&mut self, asked: &NoticeQuery, older: Notices) {
        if asked.unread.unwrap_or(false) != self.only_unread || asked.cursor != self.next {
            return;
        }
        let last = self.items.last().map_or(i64::MAX, |notice| notice.position);
        self.items.extend(older.items.into_iter().filter(|notice| notice.position < last));
        self.next = older.next;
    }

    /// Marks one as read.
    pub fn mark(&mut self, id: Uuid) {
        self.items.iter_mut().filter(|notice| notice.id == id).for_each(|notice| notice.read = true);
    }

    /// Marks all as read up to a position.
    pub fn mark_through(&mut self, position: i64) {
        self.items.iter_mut().filter(|notice| notice.position <= position).for_each(|notice| notice.read = true);
    }

    /// How many of those that are here are not read.
    pub fn unread(&self) -> u64 {
        self.items.iter().map(|notice| u64::from(!notice.read)).sum()
    }

    /// The position of the newest notice that is here.
    pub fn newest(&self) -> Option<i64> {
        self.items.first().map(|notice| notice.position)
    }
}

#[cfg(test)]
mod tests {
    use app::day::Timestamp;
    use app::notice::rules::NoticeKind;

    use super::*;

    fn page(positions: impl IntoIterator<Item = i64>, next: Option<i64>) -> Notices {
        let notice = |position: i64| Notice {
            id: Uuid::from_u64_pair(0, position.unsigned_abs()),
            position,
            kind: NoticeKind::TaskWaiting,
            subject_kind: "leave".to_owned(),
            subject_id: Uuid::nil(),
            number: String::new(),
            actor: None,
            link: "/notices".to_owned(),
            at: Timestamp::from_millis(position),
            read: false,
        };
        Notices {
            items: positions.into_iter().map(notice).collect(),
            next: next.map(|next| next.to_string()),
            unread: 0,
        }
    }

    fn positions(shown: &Shown) -> Vec<i64> {
        shown.items.iter().map(|notice| notice.position).collect()
    }

    #[test]
    fn what_is_new_stands_on_top_and_older_pages_stay() {
        let mut shown = Shown::default();
        shown.refresh(page((7..=9).rev(), Some(7)));
        shown.extend(&asked("7", false), page((4..=6).rev(), Some(4)));
        shown.refresh(page((9..=11).rev(), Some(9)));
        assert_eq!(positions(&shown), [11, 10, 9, 8, 7, 6, 5, 4]);
        assert_eq!(shown.next.as_deref(), Some("4"), "more goes on below what is here");
        assert_eq!(shown.newest(), Some(11));
    }

    fn asked(cursor: &str, only_unread: bool) -> NoticeQuery {
        NoticeQuery { cursor: Some(cursor.to_owned()), limit: None, unread: only_unread.then_some(true) }
    }

    #[test]
    fn an_answer_for_another_list_or_place_is_dropped() {
        let mut shown = Shown::of(true);
        shown.refresh(page((7..=9).rev(), Some(7)));
        shown.extend(&asked("7", false), page((4..=6).rev(), Some(4)));
        shown.extend(&asked("12", true), page((4..=6).rev(), Some(4)));
        assert_eq!(positions(&shown), [9, 8, 7]);
        shown.extend(&asked("7", true), page((4..=6).rev(), Some(4)));
        assert_eq!(positions(&shown), [9, 8, 7, 6, 5, 4]);
        shown.keep_newest(page((7..=9).rev(), Some(7)));
        assert_eq!((positions(&shown), shown.next.as_deref(), shown.only_unread), (vec![9, 8, 7], Some("7"), true));
    }

    #[test]
    fn a_list_never_has_a_hole() {
        let mut shown = Shown::default();
        shown.refresh(page((7..=9).rev(), Some(7)));
        shown.refresh(page((28..=30).rev(), Some(28)));
        assert_eq!((positions(&shown), shown.next.as_deref()), (vec![30, 29, 28], Some("28")));
    }

    #[test]
    fn a_page_that_is_the_whole_list_counts_alone() {
        let mut shown = Shown::default();
        shown.refresh(page((7..=9).rev(), Some(7)));
        shown.extend(&asked("7", false), page((1..=6).rev(), None));
        // Of the unread ones most were read elsewhere.
        shown.refresh(page([9, 2], None));
        assert_eq!((positions(&shown), shown.next), (vec![9, 2], None));
        let mut shown = Shown::default();
        shown.refresh(page([], None));
        assert_eq!(shown, Shown::default());
    }

    #[test]
    fn marking_reaches_what_was_seen_and_no_more() {
        let mut shown = Shown::default();
        shown.refresh(page((1..=4).rev(), None));
        shown.mark_through(2);
        shown.mark(shown.items[0].id);
        assert_eq!(shown.items.iter().map(|notice| notice.read).collect::<Vec<_>>(), [true, false, true, true]);
        assert_eq!(shown.unread(), 1);
    }
}
