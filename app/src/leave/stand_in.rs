//! The colleague who stands in (工作代理人): his answer, and what speaks against him.
//!
//! Approval does not wait for him unless his court has said that it does. His answer is shown wherever the request is,
//! and whoever decides last is told while it is open.

use serde::{Deserialize, Serialize};

use crate::api::Code;
use crate::day::{Day, HalfDay, Span};
use crate::leave::api::Warning;
use crate::leave::conflict::Hearing;
use crate::leave::rules::Stored;

/// Whether the colleague who is to stand in has agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum StandInState {
    /// 待同意.
    Open,
    /// 已同意.
    Accepted,
    /// 不同意.
    Declined,
}

impl StandInState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Open, Self::Accepted, Self::Declined];

    /// The name as stored and as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Accepted => "accepted",
            Self::Declined => "declined",
        }
    }

    /// The state of this stored name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// Whether he can still answer, for the first time or otherwise than before: while the request is being decided or
/// mended, and after it is approved until the leave begins. An answer that is open can be given until the leave is over.
pub fn may_answer(stored: Stored, span: Span, state: StandInState, today: Day) -> bool {
    match stored {
        Stored::InApproval | Stored::SentBack => true,
        Stored::Approved if state == StandInState::Open => today <= span.to().date,
        Stored::Approved => today < span.from().date,
        Stored::Returned | Stored::Withdrawn | Stored::Refused | Stored::Cancelled => false,
    }
}

/// The state after an answer. The same answer again changes nothing, whenever it comes.
///
/// Errors: [`Code::WrongState`] where no other answer can be given any more.
pub fn answer(stored: Stored, span: Span, state: StandInState, accept: bool, today: Day) -> Result<StandInState, Code> {
    let after = if accept { StandInState::Accepted } else { StandInState::Declined };
    if after == state || may_answer(stored, span, state, today) { Ok(after) } else { Err(Code::WrongState) }
}

/// Whether a request cannot be approved yet: its court lets nobody approve before the stand-in has agreed (须代理人同意),
/// and he has not. Refusing and sending back are free all the same.
pub fn blocks_approval(state: Option<StandInState>, is_first: bool) -> bool {
    is_first && state.is_some_and(|state| state != StandInState::Accepted)
}

/// Whether the applicant can name another colleague: while the present one has not agreed, and until the leave is over.
pub fn may_name(stored: Stored, span: Span, state: Option<StandInState>, today: Day) -> bool {
    let is_due = match stored {
        Stored::InApproval | Stored::SentBack => true,
        Stored::Approved => today <= span.to().date,
        Stored::Returned | Stored::Withdrawn | Stored::Refused | Stored::Cancelled => false,
    };
    is_due && matches!(state, Some(StandInState::Open | StandInState::Declined))
}

/// What an applicant knows before he submits, where his court lets nobody approve before the stand-in has agreed.
pub fn first_remark() -> Warning {
    let text = "本院规定：代理人同意代理后，审批人才能批准，请提前与其沟通".to_owned();
    Warning { code: "stand_in_first".to_owned(), blocking: false, text }
}

/// What is known of somebody who is to stand in.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// His name.
    pub name: &'a str,
    /// When he is on approved leave.
    pub away: &'a [Span],
    /// When he asks to be.
    pub asked: &'a [Span],
    /// His hearings.
    pub hearings: &'a [Hearing],
    /// For whom else he stands in, and when.
    pub stands_in: &'a [(String, Span)],
}

/// What speaks against a colleague standing in over a span. Nothing of it blocks.
pub fn remarks(span: Span, facts: Facts<'_>) -> Vec<Warning> {
    let name = facts.name;
    let warning = |code: &str, text: String| Warning { code: code.to_owned(), blocking: false, text };
    let mut found = Vec::new();
    if facts.away.iter().any(|other| other.overlaps(span)) {
        found.push(warning("stand_in_away", format!("代理人{name}同期不在岗，请另选代理人")));
    } else if facts.asked.iter().any(|other| other.overlaps(span)) {
        found.push(warning("stand_in_away", format!("代理人{name}同期也在申请外出，请与其协商或另选代理人")));
    }
    let meets = |hearing: &&Hearing| hearing.halves().into_iter().any(|at: HalfDay| span.contains(at));
    if let Some(first) = facts.hearings.iter().find(meets) {
        let (day, case) = (first.day.text(), &first.case_number);
        let text = format!("代理人{name}同期有庭审（{day} {case}），请确认其能兼顾或另选代理人");
        found.push(warning("stand_in_hearing", text));
    }
    if let Some((other, _)) = facts.stands_in.iter().find(|(_, other)| other.overlaps(span)) {
        let text = format!("代理人{name}同期已为{other}代理工作，请确认其能兼顾或另选代理人");
        found.push(warning("stand_in_busy", text));
    }
    found
}

/// What somebody who asks for leave has promised over those days: to stand in for colleagues, each with when. One
/// sentence each: for himself, or for whoever reads his request (`name`). Of their leave it says nothing but the days.
pub fn promises(name: Option<&str>, span: Span, stands_in: &[(String, Span)]) -> Vec<String> {
    let who = name.map_or_else(|| "您".to_owned(), str::to_owned);
    let next = if name.is_none() { "请先与其商量，另行安排代理人" } else { "请先确认由谁代理" };
    let sentence = |(other, at): &(String, Span)| {
        let (from, to) = (at.from().date, at.to().date);
        let days = if from == to { from.text() } else { format!("{}至{}", from.text(), to.text()) };
        format!("{who}已同意{days}为{other}代理工作，与本次请假重叠，{next}")
    };
    stands_in.iter().filter(|(_, at)| at.overlaps(span)).map(sentence).collect()
}

/// The same as warnings of a preview, which never block.
pub fn promise_warnings(texts: &[String]) -> Vec<Warning> {
    let warning = |text: &String| Warning { code: "stands_in".to_owned(), blocking: false, text: text.clone() };
    texts.iter().map(warning).collect()
}

/// Why a colleague who has left cannot stand in.
pub fn has_left(name: &str) -> String {
    format!("{name}已不在职，不能代理工作，请另选代理人")
}

/// What an approver is told of the colleague's answer; an open one concerns whoever decides last, or everybody where the
/// court says that nobody approves before (`is_first`).
pub fn for_approver(name: &str, state: StandInState, note: &str, is_last: bool, is_first: bool) -> Option<String> {
    match state {
        StandInState::Open if is_first => Some(format!("代理人{name}尚未同意，本院规定须其同意后才能批准")),
        StandInState::Open if is_last => Some(format!("代理人{name}尚未同意，批准前请先与其确认")),
        StandInState::Declined if note.is_empty() => Some(format!("代理人{name}不同意代理，请申请人另行安排")),
        StandInState::Declined => Some(format!("代理人{name}不同意代理（{note}），请申请人另行安排")),
        StandInState::Open | StandInState::Accepted => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn days(first: &str, last: &str) -> Span {
        let day = |text: &str| text.parse::<Day>().expect("a day");
        Span::days(day(first), day(last)).expect("in order")
    }

    #[test]
    fn whoever_has_promised_to_stand_in_is_reminded_of_the_days_that_he_asks_for() {
        let promised = [
            ("周书记".to_owned(), days("2026-11-25", "2026-11-26")),
            ("刘洋".to_owned(), days("2026-11-30", "2026-11-30")),
        ];
        let asked = days("2026-11-26", "2026-11-27");
        let own = "您已同意11月25日至11月26日为周书记代理工作，与本次请假重叠，请先与其商量，另行安排代理人";
        assert_eq!(promises(None, asked, &promised), [own]);
        let read = "吴同事已同意11月30日为刘洋代理工作，与本次请假重叠，请先确认由谁代理";
        assert_eq!(promises(Some("吴同事"), days("2026-11-30", "2026-12-01"), &promised), [read]);
        assert!(promises(None, days("2026-11-27", "2026-11-29"), &promised).is_empty());
        let warnings = promise_warnings(&promises(None, asked, &promised));
        assert!(!warnings[0].blocking && warnings[0].code == "stands_in");
    }

    fn codes(span: Span, facts: Facts<'_>) -> Vec<String> {
        remarks(span, facts).into_iter().map(|warning| warning.code).collect()
    }

    #[test]
    fn whoever_cannot_stand_in_is_named_with_the_reason() {
        let span = days("2026-11-25", "2026-11-27");
        let free = Facts { name: "吴同事", away: &[], asked: &[], hearings: &[], stands_in: &[] };
        assert!(remarks(span, free).is_empty());
        let away = [days("2026-11-27", "2026-11-30")];
        assert_eq!(codes(span, Facts { away: &away, ..free }), ["stand_in_away"]);
        assert_eq!(codes(span, Facts { asked: &away, ..free }), ["stand_in_away"]);
        assert!(codes(days("2026-11-23", "2026-11-24"), Facts { away: &away, ..free }).is_empty());
        let hearings = [Hearing {
            case_number: "（2026）江01民初12号".to_owned(),
            day: "2026-11-26".parse().expect("a day"),
            starts_minute: 540,
            ends_minute: 600,
        }];
        let stands_in = [("周书记".to_owned(), away[0])];
        let busy = Facts { hearings: &hearings, stands_in: &stands_in, ..free };
        assert_eq!(codes(span, busy), ["stand_in_hearing", "stand_in_busy"]);
        assert!(remarks(span, busy)[1].text.contains("已为周书记代理工作"));
    }

    #[test]
    fn the_last_approver_hears_of_an_open_answer_and_everybody_of_a_refusal() {
        use StandInState::{Accepted, Declined, Open};
        assert_eq!(for_approver("吴同事", Open, "", false, false), None);
        assert!(for_approver("吴同事", Open, "", false, true).is_some_and(|text| text.contains("才能批准")));
        assert!(for_approver("吴同事", Open, "", true, false).is_some_and(|text| text.contains("尚未同意")));
        assert_eq!(for_approver("吴同事", Accepted, "", true, true), None);
        assert!(
            for_approver("吴同事", Declined, "那几天开庭", false, true).is_some_and(|text| text.contains("那几天开庭"))
        );
    }

    #[test]
    fn where_the_court_says_so_nobody_approves_before_he_agrees() {
        use StandInState::{Accepted, Declined, Open};
        for (state, blocked) in [(Some(Open), true), (Some(Declined), true), (Some(Accepted), false), (None, false)] {
            assert_eq!(blocks_approval(state, true), blocked, "{state:?}");
            assert!(!blocks_approval(state, false), "off at first");
        }
        let span = days("2026-11-25", "2026-11-27");
        let may = |stored, state, today: &str| may_name(stored, span, state, today.parse().expect("a day"));
        assert!(
            may(Stored::InApproval, Some(Declined), "2026-11-20") && may(Stored::Approved, Some(Open), "2026-11-27")
        );
        assert!(!may(Stored::InApproval, Some(Accepted), "2026-11-20"), "he has agreed");
        assert!(!may(Stored::InApproval, None, "2026-11-20") && !may(Stored::Approved, Some(Declined), "2026-11-28"));
    }

    fn states() -> impl Strategy<Value = StandInState> {
        (0usize..3).prop_map(|at| StandInState::ALL[at])
    }

    proptest! {
        #[test]
        fn an_answer_is_kept_and_nothing_that_is_over_is_answered_anew(
            stored in 0usize..Stored::ALL.len(), state in states(), accept: bool, ahead in -10i64..10
        ) {
            let (stored, span) = (Stored::ALL[stored], days("2026-11-25", "2026-11-27"));
            let today = span.from().date.plus(ahead);
            match answer(stored, span, state, accept, today) {
                Ok(after) => {
                    prop_assert_eq!(after, if accept { StandInState::Accepted } else { StandInState::Declined });
                    prop_assert_eq!(answer(stored, span, after, accept, today), Ok(after), "a repeat");
                }
                Err(code) => {
                    prop_assert_eq!(code, Code::WrongState);
                    prop_assert!(!matches!(stored, Stored::InApproval | Stored::SentBack));
                }
            }
        }
    }
}
