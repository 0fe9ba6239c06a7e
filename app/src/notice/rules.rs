//! What is told to whom: the kinds of notices, what a lock screen may show of them, each officer's switches.
//!
//! The list in the app is the truth and gets every notice. Switches and quiet hours decide only about what leaves the
//! house, and what leaves it says neither a reason, nor a type of leave, nor a name (leave.md 3.8, R5).

mod delivery;
mod quiet;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use delivery::{
    AfterFailure, ChannelKind, DeliveryFacts, DeliveryState, MOST_TRIES, OLDEST_SECONDS, PUSH_SERVICES, Verdict,
    after_failure, verdict,
};
pub use quiet::{QuietHours, goes_out_at};

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $name:ident $text:literal $before:literal $after:literal;)+) => {
        /// Why an officer is told something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum NoticeKind { $($(#[doc = $doc])+ $name,)+ }

        impl NoticeKind {
            /// Every kind, in the order of the settings page.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name as stored and as on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What is there to do, in Chinese, for so many of them: `3 项待办审批`. Fit for a lock screen.
            pub fn summary(self, count: i64) -> String {
                match self { $(Self::$name => format!(concat!($before, "{}", $after), count),)+ }
            }
        }
    };
}

kinds! {
    /// 待我审批: a task waits for his decision.
    TaskWaiting "task_waiting" "" " 项待办审批";
    /// 我的申请有结果: his own request was decided.
    Decided "decided" "" " 项申请已有结果";
    /// 退回: his own request came back to him.
    SentBack "sent_back" "" " 项申请需要您处理";
    /// 撤销: his own request, which was approved, was taken back.
    Cancelled "cancelled" "" " 项申请已被撤销";
    /// 催办: somebody waits for his decision and says so.
    Urged "urged" "" " 项审批被催办";
    /// 逾期提醒: his task is past its deadline.
    Reminded "reminded" "" " 项待办已超过时限";
    /// 抄送: he was given a copy.
    Copied "copied" "" " 项抄送待阅";
    /// 评论: somebody commented where he has a part.
    Commented "commented" "" " 条新评论";
    /// 销假待确认: somebody has reported back, and he confirms it.
    ReturnReported "return_reported" "" " 项待办确认";
    /// 销假结果: his own return was confirmed, or sent back to him.
    ReturnJudged "return_judged" "" " 项登记有了结果";
    /// 请销假: a leave of his own is over, and nobody has reported back.
    ReturnDue "return_due" "" " 项登记待您完成";
    /// 请提醒销假: the same of an officer whose leave he approved.
    StaffReturnDue "staff_return_due" "" " 项登记待您提醒";
    /// 未归记录: somebody has recorded that he is not back, or lifted the record.
    AbsenceRecorded "absence_recorded" "" " 项登记待您说明";
    /// 未归情况: an officer of his is on record as not back, day by day, or has said something to it.
    StaffAbsent "staff_absent" "" " 项在岗情况待您核实";
    /// 续假未决: a leave ends today, and nobody has decided on its extension.
    ExtensionUndecided "extension_undecided" "" " 项延期尚未决定";
    /// 委托代理: he decides for somebody, or somebody for him, or no longer.
    Delegated "delegated" "" " 项委托变更";
    /// 工作代理: somebody asks him to stand in for him.
    StandInAsked "stand_in_asked" "" " 项代理请求待答复";
    /// 代理答复: whom he asked to stand in has answered.
    StandInAnswered "stand_in_answered" "" " 项代理请求已有答复";
    /// 代理变化: what he stands in for was called off, changed, or ended early.
    StandInChanged "stand_in_changed" "" " 项代理安排有变化";
    /// 代为提交: somebody has asked for him, which he may take back.
    SubmittedFor "submitted_for" "" " 项他人代您提交的申请";
    /// 补交证明材料: papers that a request owed have come after its approval, and wait to be seen.
    PapersFiled "papers_filed" "" " 项材料待查验";
    /// 代提交结果: a request that he submitted for an officer was decided or sent back.
    DecidedFor "decided_for" "" " 项代提交申请已有结果";
    /// 代提交撤回: a request that somebody submitted for an officer was taken back by the other of the two.
    WithdrawnFor "withdrawn_for" "" " 项代提交申请已撤回";
    /// 日历变化: his own request, or one of his people, was counted anew after the calendar changed.
    Recounted "recounted" "" " 项申请的天数有变化";
    /// 审批人核对: a request counts so much since that somebody else would decide on it too. For whoever decides on it, and
    /// for 政治部.
    Outgrown "outgrown" "" " 项申请的审批人待核对";
}

impl NoticeKind {
    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == name)
    }

    /// The kinds that ask for a decision: once somebody has decided, they have done their work.
    pub const ASKING: [Self; 3] = [Self::TaskWaiting, Self::Urged, Self::Reminded];

    /// Whether the notice is about something that the officer decides on, as opposed to something of his own.
    fn is_for_approver(self) -> bool {
        self == Self::Copied || Self::ASKING.contains(&self)
    }

    /// The sentence for the officer's own devices: `您有 1 项待办审批`.
    pub fn text(self, count: i64) -> String {
        format!("您有 {}", self.summary(count))
    }
}

/// Somebody is told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct News {
    /// Who is told.
    pub officer: Uuid,
    /// Why.
    pub kind: NoticeKind,
    /// Whom the notice names: who did it, or whose request it is; nobody for the system itself. The name is shown in
    /// the app and never leaves it.
    pub actor: Option<Uuid>,
}

/// The path of the page that a notice opens. The page shows and asks; the link itself decides nothing (R7).
///
/// What the officer has a copy of opens at `/approvals/{id}`, and what waits for him there too, with the sheet for
/// approving already up (`?decide`): a tap on the notice and a tap on 确认同意 decide. What is his own opens at
/// `/leave/{id}`, or where the kind of its subject has its pages; a delegation at the list of delegations, and what he
/// is asked to stand in for at the list of that.
pub fn link(kind: NoticeKind, subject_kind: &str, subject_id: Uuid) -> String {
    match (kind, subject_kind) {
        (NoticeKind::Delegated, _) => "/me/delegations".to_owned(),
        (NoticeKind::StandInAsked | NoticeKind::StandInChanged, _) => "/me/stand-ins".to_owned(),
        (kind, _) if NoticeKind::ASKING.contains(&kind) => format!("/approvals/{subject_id}?decide"),
        (kind, _) if kind.is_for_approver() => format!("/approvals/{subject_id}"),
        (_, kind) => format!("/{kind}/{subject_id}"),
    }
}

/// The path that stands in what leaves the house, for `count` unread notices of the kind. It tells as little as the text
/// beside it: a lock screen, a mail, a group see `/approvals/…`, which is the page of every form, and never `/leave/…`.
pub fn outgoing_link(kind: NoticeKind, subject_id: Uuid, count: i64) -> String {
    match kind {
        kind if NoticeKind::ASKING.contains(&kind) && count > 1 => "/approvals".to_owned(),
        _ if count > 1 => "/notices".to_owned(),
        NoticeKind::Delegated => "/me/delegations".to_owned(),
        NoticeKind::StandInAsked | NoticeKind::StandInChanged => "/me/stand-ins".to_owned(),
        kind if NoticeKind::ASKING.contains(&kind) => format!("/approvals/{subject_id}?decide"),
        _ => format!("/approvals/{subject_id}"),
    }
}

/// Kinds as they are stored: names with commas between.
pub fn names_of(kinds: &[NoticeKind]) -> String {
    NoticeKind::ALL.iter().filter(|kind| kinds.contains(kind)).map(|kind| kind.as_str()).collect::<Vec<_>>().join(",")
}

/// The kinds of a stored text; a name that nobody knows any more is left out.
pub fn kinds_of(text: &str) -> Vec<NoticeKind> {
    text.split(',').filter_map(NoticeKind::parse).collect()
}

/// The longest address of e-mail (RFC 5321, 4.5.3.1.3, less the angle brackets).
const EMAIL_LIMIT: usize = 254;

/// Whether a text is an address of e-mail that a notice can be sent to: a dot-atom before the `@`, a domain with a dot
/// behind it, ASCII only. Quoted local parts and address literals are legal in RFC 5321 and unknown in offices.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let is_atom = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c))
    };
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= EMAIL_LIMIT
        && local.len() <= 64
        && local.split('.').all(is_atom)
        && domain.contains('.')
        && domain.split('.').all(is_label)
        // A number alone is no top-level domain; it would be an IP address.
        && domain.rsplit('.').next().is_some_and(|label| label.chars().any(|c| c.is_ascii_alphabetic()))
}

/// Where an officer is in the court tree, for finding the channels that carry his notices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// His court and every court above it.
    pub courts: Vec<Uuid>,
    /// His department.
    pub department: Uuid,
}

/// The part of the tree that a channel carries notices for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// A court with the courts below it; the whole province when absent.
    pub court: Option<Uuid>,
    /// One department only.
    pub department: Option<Uuid>,
}

impl Reach {
    /// Whether the channel carries the notices of an officer there.
    pub fn covers(self, place: &Place) -> bool {
        self.distance(place).is_some()
    }

    /// How far above an officer the channel stands, where it carries his notices: his department, his court, the courts
    /// above it, the province.
    pub fn distance(self, place: &Place) -> Option<usize> {
        let levels = match self.court {
            Some(court) => place.courts.iter().position(|other| *other == court)?,
            None => place.courts.len(),
        };
        match self.department {
            Some(department) => (place.department == department).then_some(0),
            None => Some(levels + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_lock_screen_shows_how_much_and_nothing_else() {
        assert_eq!(NoticeKind::TaskWaiting.text(1), "您有 1 项待办审批");
        for kind in NoticeKind::ALL {
            let text = kind.text(12);
            assert!(text.starts_with("您有 12 "), "{text}");
            // R5: neither the type of the leave nor that it is leave at all, no outcome, no reason.
            for telling in ["假", "病", "产", "同意", "拒绝", "退回", "理由", "原因"] {
                assert!(!text.contains(telling), "{text} tells too much");
            }
        }
    }

    #[test]
    fn a_link_opens_a_page_about_the_subject() {
        let id = Uuid::from_u128(7);
        assert_eq!(link(NoticeKind::TaskWaiting, "leave", id), format!("/approvals/{id}?decide"));
        assert_eq!(link(NoticeKind::Copied, "leave", id), format!("/approvals/{id}"));
        assert_eq!(link(NoticeKind::Decided, "leave", id), format!("/leave/{id}"));
        assert_eq!(link(NoticeKind::Delegated, "delegation", id), "/me/delegations");
    }

    #[test]
    fn a_link_that_leaves_the_house_does_not_say_what_it_is_about() {
        let id = Uuid::from_u128(7);
        for (kind, count) in NoticeKind::ALL.iter().flat_map(|kind| [(*kind, 1), (*kind, 2)]) {
            let link = outgoing_link(kind, id, count);
            assert!(!link.contains("leave"), "{kind:?}: {link}");
            let is_of_a_list =
                matches!(kind, NoticeKind::Delegated | NoticeKind::StandInAsked | NoticeKind::StandInChanged);
            assert_eq!(link.contains(&id.to_string()), count == 1 && !is_of_a_list, "{kind:?}: {link}");
        }
    }

    #[test]
    fn an_address_of_e_mail_is_what_offices_use() {
        for good in ["zhou@court.example", "z.h+notice@mail.jiangzhou.court.example", "a@b.cn"] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "zhou",
            "@court.example",
            "zhou@",
            "zhou@court",
            "zhou@@court.example",
            ".z@court.example",
            "z..h@court.example",
            "zhou@-court.example",
            "zhou@court..example",
            "zhou @court.example",
            "zhou@127.0.0.1",
            "zhou@court.example\r\nBcc: all@court.example",
            "<zhou@court.example>",
            "周@court.example",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_channel_of_a_court_carries_the_courts_below() {
        let (high, court, civil, criminal) =
            (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3), Uuid::from_u128(4));
        let place = Place { courts: vec![court, high], department: civil };
        let reach = |court, department| Reach { court, department };
        assert!(reach(None, None).covers(&place));
        assert!(reach(Some(high), None).covers(&place) && reach(Some(court), Some(civil)).covers(&place));
        assert!(!reach(Some(court), Some(criminal)).covers(&place));
        assert!(!reach(Some(Uuid::from_u128(9)), None).covers(&place));
        let nearest_first =
            [reach(None, Some(civil)), reach(Some(court), None), reach(Some(high), None), reach(None, None)];
        assert!(nearest_first.is_sorted_by_key(|reach| reach.distance(&place).expect("each of them covers him")));
    }

    proptest! {
        #[test]
        fn switches_survive_storing(picked in proptest::collection::vec(any::<bool>(), NoticeKind::ALL.len())) {
            let muted: Vec<NoticeKind> =
                NoticeKind::ALL.iter().copied().zip(picked).filter_map(|(kind, off)| off.then_some(kind)).collect();
            prop_assert_eq!(&kinds_of(&names_of(&muted)), &muted);
        }

        #[test]
        fn nothing_that_breaks_a_header_is_an_address(text in ".{0,40}@.{0,40}") {
            if is_email(&text) {
                prop_assert!(text.is_ascii() && !text.contains(char::is_whitespace) && !text.contains(['<', '>', ',', '"']));
            }
        }
    }
}
