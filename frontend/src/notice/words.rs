//! Notices in words.

use app::day::Timestamp;
use app::notice::api::Notice;
use app::notice::rules::NoticeKind;
use uuid::Uuid;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::Icon;

/// The page that a notice of a delegation opens.
const DELEGATIONS: &str = "/me/delegations";
/// The page that a notice of somebody who asks the officer to stand in opens.
const STAND_INS: &str = "/me/stand-ins";

/// The name of a kind, as the switches and the channels list it.
pub fn kind_name(locale: Locale, kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::TaskWaiting => td_string!(locale, notice.kind_task_waiting),
        NoticeKind::Decided => td_string!(locale, notice.kind_decided),
        NoticeKind::SentBack => td_string!(locale, notice.kind_sent_back),
        NoticeKind::Urged => td_string!(locale, notice.kind_urged),
        NoticeKind::Reminded => td_string!(locale, notice.kind_reminded),
        NoticeKind::Copied => td_string!(locale, notice.kind_copied),
        NoticeKind::Commented => td_string!(locale, notice.kind_commented),
        NoticeKind::Cancelled => td_string!(locale, notice.kind_cancelled),
        NoticeKind::ReturnReported => td_string!(locale, after.kind_return_reported),
        NoticeKind::ReturnJudged => td_string!(locale, after.kind_return_judged),
        NoticeKind::ReturnDue => td_string!(locale, after.kind_return_due),
        NoticeKind::StaffReturnDue => td_string!(locale, after.kind_staff_return_due),
        NoticeKind::AbsenceRecorded => td_string!(locale, absence.kind_absence_recorded),
        NoticeKind::StaffAbsent => td_string!(locale, absence.kind_staff_absent),
        NoticeKind::ExtensionUndecided => td_string!(locale, absence.kind_extension_undecided),
        NoticeKind::Delegated => td_string!(locale, notice.kind_delegated),
        NoticeKind::StandInAsked => td_string!(locale, notice.kind_stand_in_asked),
        NoticeKind::StandInAnswered => td_string!(locale, notice.kind_stand_in_answered),
        NoticeKind::StandInChanged => td_string!(locale, notice.kind_stand_in_changed),
        NoticeKind::SubmittedFor => td_string!(locale, notice.kind_submitted_for),
        NoticeKind::PapersFiled => td_string!(locale, notice.kind_papers_filed),
        NoticeKind::DecidedFor => td_string!(locale, notice.kind_decided_for),
        NoticeKind::WithdrawnFor => td_string!(locale, notice.kind_withdrawn_for),
        NoticeKind::Recounted => td_string!(locale, notice.kind_recounted),
        NoticeKind::Outgrown => td_string!(locale, notice.kind_outgrown),
    }
}

/// The icon of a kind.
pub fn kind_icon(kind: NoticeKind) -> Icon {
    match kind {
        NoticeKind::TaskWaiting => Icon::Pen,
        NoticeKind::Decided => Icon::Check,
        NoticeKind::SentBack => Icon::Return,
        NoticeKind::Urged => Icon::Bell,
        NoticeKind::Reminded => Icon::Clock,
        NoticeKind::Copied => Icon::Copy,
        NoticeKind::Commented => Icon::Comment,
        NoticeKind::Cancelled => Icon::Cross,
        NoticeKind::Delegated | NoticeKind::StandInAsked | NoticeKind::StandInAnswered | NoticeKind::StandInChanged => {
            Icon::People
        }
        NoticeKind::AbsenceRecorded | NoticeKind::StaffAbsent => Icon::Warning,
        NoticeKind::ReturnReported => Icon::Return,
        NoticeKind::ReturnJudged => Icon::Check,
        NoticeKind::ReturnDue | NoticeKind::StaffReturnDue | NoticeKind::ExtensionUndecided => Icon::Clock,
        NoticeKind::SubmittedFor => Icon::Pen,
        NoticeKind::PapersFiled => Icon::Copy,
        NoticeKind::DecidedFor => Icon::Check,
        NoticeKind::WithdrawnFor => Icon::Return,
        NoticeKind::Recounted => Icon::Leave,
        NoticeKind::Outgrown => Icon::People,
    }
}

/// What happened, in a sentence: who, what, and what is to be done. The name stands in the app only; what leaves the
/// house says how much there is to do and nothing else.
pub fn sentence(locale: Locale, notice: &Notice) -> String {
    let number = match notice.number.as_str() {
        "" => td_string!(locale, notice.a_request),
        number => number,
    };
    let Some(actor) = notice.actor.as_deref() else { return sentence_of_the_system(locale, notice.kind, number) };
    match notice.kind {
        NoticeKind::TaskWaiting => td_string!(locale, notice.task_waiting_by, actor, number),
        NoticeKind::Decided => td_string!(locale, notice.decided_by, actor, number),
        NoticeKind::SentBack => td_string!(locale, notice.sent_back_by, actor, number),
        NoticeKind::Urged => td_string!(locale, notice.urged_by, actor, number),
        NoticeKind::Reminded => td_string!(locale, notice.reminded_by, actor, number),
        NoticeKind::Copied => td_string!(locale, notice.copied_by, actor, number),
        NoticeKind::Commented => td_string!(locale, notice.commented_by, actor, number),
        NoticeKind::Cancelled => td_string!(locale, notice.cancelled_by, actor),
        NoticeKind::ReturnReported => td_string!(locale, after.return_reported_by, actor, number),
        NoticeKind::ReturnJudged => td_string!(locale, after.return_judged_by, actor, number),
        NoticeKind::ReturnDue => td_string!(locale, after.return_due, number),
        NoticeKind::StaffReturnDue => td_string!(locale, after.staff_return_due_by, actor, number),
        NoticeKind::AbsenceRecorded => td_string!(locale, absence.recorded_by, actor, number),
        NoticeKind::StaffAbsent => td_string!(locale, absence.staff_absent_by, actor, number),
        NoticeKind::ExtensionUndecided => td_string!(locale, absence.undecided_by, actor, number),
        NoticeKind::Delegated => td_string!(locale, notice.delegated_by, actor),
        NoticeKind::StandInAsked => td_string!(locale, notice.stand_in_asked_by, actor),
        NoticeKind::StandInAnswered => td_string!(locale, notice.stand_in_answered_by, actor, number),
        NoticeKind::StandInChanged => td_string!(locale, notice.stand_in_changed_by, actor),
        NoticeKind::SubmittedFor => td_string!(locale, notice.submitted_for_by, actor, number),
        NoticeKind::PapersFiled => td_string!(locale, notice.papers_filed_by, actor, number),
        NoticeKind::DecidedFor => td_string!(locale, notice.decided_for_by, actor, number),
        NoticeKind::WithdrawnFor => td_string!(locale, notice.withdrawn_for_by, actor, number),
        NoticeKind::Recounted => td_string!(locale, notice.recounted, number),
        NoticeKind::Outgrown => td_string!(locale, notice.outgrown_by, actor, number),
    }
}

fn sentence_of_the_system(locale: Locale, kind: NoticeKind, number: &str) -> String {
    match kind {
        NoticeKind::TaskWaiting => td_string!(locale, notice.task_waiting, number),
        NoticeKind::Decided => td_string!(locale, notice.decided, number),
        NoticeKind::SentBack => td_string!(locale, notice.sent_back, number),
        NoticeKind::Urged => td_string!(locale, notice.urged, number),
        NoticeKind::Reminded => td_string!(locale, notice.reminded, number),
        NoticeKind::Copied => td_string!(locale, notice.copied, number),
        NoticeKind::Commented => td_string!(locale, notice.commented, number),
        NoticeKind::Cancelled => td_string!(locale, notice.cancelled).to_owned(),
        NoticeKind::ReturnReported => td_string!(locale, after.return_reported, number),
        NoticeKind::ReturnJudged => td_string!(locale, after.return_judged, number),
        NoticeKind::ReturnDue => td_string!(locale, after.return_due, number),
        NoticeKind::StaffReturnDue => td_string!(locale, after.staff_return_due, number),
        NoticeKind::AbsenceRecorded => td_string!(locale, absence.recorded, number),
        NoticeKind::StaffAbsent => td_string!(locale, absence.staff_absent, number),
        NoticeKind::ExtensionUndecided => td_string!(locale, absence.undecided, number),
        NoticeKind::StandInChanged => td_string!(locale, notice.stand_in_changed).to_owned(),
        NoticeKind::Delegated => td_string!(locale, notice.delegated).to_owned(),
        NoticeKind::StandInAsked => td_string!(locale, notice.stand_in_asked).to_owned(),
        NoticeKind::StandInAnswered => td_string!(locale, notice.stand_in_answered, number),
        NoticeKind::SubmittedFor => td_string!(locale, notice.submitted_for, number),
        NoticeKind::PapersFiled => td_string!(locale, notice.papers_filed, number),
        NoticeKind::DecidedFor => td_string!(locale, notice.decided_for, number),
        NoticeKind::WithdrawnFor => td_string!(locale, notice.withdrawn_for, number),
        NoticeKind::Recounted => td_string!(locale, notice.recounted, number),
        NoticeKind::Outgrown => td_string!(locale, notice.outgrown, number),
    }
}

/// How long ago within the last hour, else the time of day, with the date before yesterday: `5 分钟前`, `09:30`,
/// `11月18日 09:30`. A phone whose clock is slow says 刚刚.
pub fn when(words: Words, now: Timestamp, at: Timestamp) -> String {
    let minutes = now.seconds_since(at) / 60;
    let day = words.zone.day(at);
    if minutes < 1 {
        td_string!(words.locale, notice.just_now).to_owned()
    } else if minutes < 60 {
        td_string!(words.locale, notice.minutes_ago, minutes)
    } else if day >= words.today.previous() {
        words.zone.clock(at)
    } else {
        words.moment(at)
    }
}

/// Whether notices can be about a page: it shows one thing, or it is a list that notices open.
pub fn is_about_something(path: &str) -> bool {
    [DELEGATIONS, STAND_INS].contains(&path) || path.split('/').any(|part| Uuid::parse_str(part).is_ok())
}

/// Whether a page shows what a notice is about.
pub fn is_about(path: &str, notice: &Notice) -> bool {
    let subject = notice.subject_id.to_string();
    notice.link == path || path.split('/').any(|part| part == subject)
}

#[cfg(test)]
mod tests {
    use app::day::{Day, Zone};

    use super::*;

    #[test]
    fn notices_are_about_single_things() {
        for path in ["/leave/0193d8a0-0000-7000-8000-000000000001", "/me/delegations"] {
            assert!(is_about_something(path), "{path}");
        }
        for path in ["/", "/leave/new", "/notices/settings", "/me/sessions", "/channels/deliveries"] {
            assert!(!is_about_something(path), "{path}");
        }
    }

    #[test]
    fn a_moment_is_told_the_shorter_the_nearer_it_is() {
        let words = Words {
            locale: Locale::zh_CN,
            zone: Zone::SHANGHAI,
            today: Day::new(2026, 11, 21).expect("a day of the calendar"),
        };
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let now = at("2026-11-21T10:00:00+08:00");
        let told = |text: &str| when(words, now, at(text));
        assert_eq!(told("2026-11-21T10:00:20+08:00"), "刚刚", "a slow phone");
        assert_eq!(told("2026-11-21T09:59:30+08:00"), "刚刚");
        assert_eq!(told("2026-11-21T09:01:00+08:00"), "59 分钟前");
        assert_eq!(told("2026-11-21T08:05:00+08:00"), "08:05");
        assert_eq!(told("2026-11-20T23:50:00+08:00"), "23:50");
        assert_eq!(told("2026-11-19T23:50:00+08:00"), "11月19日 23:50");
    }
}
