//! Who of a team is away, and how much of it others see.
//!
//! A colleague learns that somebody is not at work (不在岗) and when, nothing else: neither the type nor where one
//! request ends and the next begins, and nothing of what is not decided yet. Who may read an officer's leave, and the
//! officer himself, sees each request with its type, and whether it is granted.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::api::{Access, Code};
use crate::day::{Day, HalfDay, Span};
use crate::endpoint;
use crate::leave::rules::Stored;

/// The most days that one look at a team covers: three months.
pub const MAX_DAYS: i64 = 93;

/// How many days are shown where no end is named: two weeks.
pub const USUAL_DAYS: i64 = 14;

/// The days to look at. Without a beginning they begin today, without an end they are [`USUAL_DAYS`].
///
/// Errors: [`Code::InvertedSpan`], and [`Code::SpanTooLong`] beyond [`MAX_DAYS`].
pub fn window(from: Option<Day>, to: Option<Day>, today: Day) -> Result<Span, Code> {
    let first = from.unwrap_or(today);
    let last = to.unwrap_or_else(|| first.plus(USUAL_DAYS - 1));
    let span = Span::days(first, last).ok_or(Code::InvertedSpan)?;
    if last.days_since(first) < MAX_DAYS { Ok(span) } else { Err(Code::SpanTooLong) }
}

/// A request for leave, as far as being away is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave {
    /// The request's id.
    pub request: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// Its state.
    pub stored: Stored,
    /// Its span as asked for.
    pub span: Span,
    /// The first half day back at work, once reported, confirmed or not.
    pub back: Option<HalfDay>,
}

impl Leave {
    /// The half days on which the officer is not at work for this request, or would not be once it is approved. `None`
    /// when it has come to nothing, or when he was back before it began.
    fn absence(&self) -> Option<Span> {
        match self.stored {
            Stored::InApproval | Stored::SentBack => Some(self.span),
            // Who says that he is back is at work, while his report still waits for its confirmation.
            Stored::Approved | Stored::Returned => {
                let last = self.back.map_or(self.span.to(), |back| back.previous().min(self.span.to()));
                Span::new(self.span.from(), last)
            }
            Stored::Withdrawn | Stored::Refused | Stored::Cancelled => None,
        }
    }

    /// Whether it is granted: what is still being decided keeps nobody away.
    fn is_granted(&self) -> bool {
        matches!(self.stored, Stored::Approved | Stored::Returned)
    }
}

/// How much a viewer sees of an officer's leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// A colleague: 不在岗 only.
    Colleague,
    /// The officer himself, or somebody whose role covers his leave.
    Whole,
}

/// When an officer is away, cut to a window, in order of time: for a colleague without a seam between one request and
/// the next, for who may read it request by request.
pub fn away(leaves: &[Leave], reader: Reader, window: Span) -> Vec<Away> {
    let mut found: Vec<(Span, &Leave)> = leaves
        .iter()
        .filter(|leave| reader == Reader::Whole || leave.is_granted())
        .filter_map(|leave| Some((cut(leave.absence()?, window)?, leave)))
        .collect();
    found.sort_by_key(|(span, leave)| (span.from(), span.to(), leave.request));
    if reader == Reader::Colleague {
        let spans = join(found.into_iter().map(|(span, _)| span));
        return spans.into_iter().map(|span| Away { from: span.from(), to: span.to(), leave: None }).collect();
    }
    let whole = |(span, leave): (Span, &Leave)| {
        let leave_type = leave.leave_type.clone();
        let leave = AwayLeave { request: leave.request, leave_type, granted: leave.is_granted() };
        Away { from: span.from(), to: span.to(), leave: Some(leave) }
    };
    found.into_iter().map(whole).collect()
}

/// The part of a span that lies in a window.
pub fn cut(span: Span, window: Span) -> Option<Span> {
    Span::new(span.from().max(window.from()), span.to().min(window.to()))
}

/// Spans in order of their beginnings as the fewest that cover the same half days: what touches or overlaps is one.
pub fn join(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans {
        match joined.last_mut() {
            Some(last) if span.from() <= last.to().next() => {
                *last = Span::new(last.from(), span.to().max(last.to())).unwrap_or(*last);
            }
            _ => joined.push(span),
        }
    }
    joined
}

/// Which people, and which days.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "openapi", into_params(parameter_in = Query))]
pub struct TeamQuery {
    /// A department; the caller's own when neither it nor a court is named. Another's needs a role that covers it.
    pub department: Option<Uuid>,
    /// A whole court, for those whose role covers all of it; not together with a department.
    pub court: Option<Uuid>,
    /// The first day; today when absent.
    pub from: Option<Day>,
    /// The last day, included; two weeks from the first when absent. At most 93 days in all.
    pub to: Option<Day>,
}

/// A team and when its people are away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Team {
    /// The department that is shown; absent for a whole court.
    pub department: Option<Uuid>,
    /// The court that is shown, or that the department belongs to.
    pub court: Uuid,
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
    /// The days among them on which the court does not work.
    pub rest_days: Vec<Day>,
    /// The people, by department and 工号.
    pub people: Vec<TeamMember>,
    /// The departments of this court that the caller may look at.
    pub departments: Vec<TeamPlace>,
    /// The courts that the caller may look at as a whole.
    pub courts: Vec<TeamPlace>,
}

/// A department or a court to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamPlace {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
}

/// An officer of a team.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamMember {
    /// The 工号.
    pub officer: String,
    /// The name.
    pub name: String,
    /// The department's name.
    pub department: String,
    /// When he is away, in order; empty when he is at work.
    pub away: Vec<Away>,
}

/// A stretch of half days on which somebody is not at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Away {
    /// The first half day.
    pub from: HalfDay,
    /// The last half day, included.
    pub to: HalfDay,
    /// The request behind it, for those who may read the officer's leave; absent for colleagues.
    pub leave: Option<AwayLeave>,
}

/// The request behind an absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AwayLeave {
    /// The request's id.
    pub request: Uuid,
    /// The type's name.
    pub leave_type: String,
    /// Whether it is approved; what is not keeps nobody away yet.
    pub granted: bool,
}

endpoint! {
    /// Shows who of a department or a court is away on which half days. Colleagues learn that somebody is not at work
    /// and nothing else.
    GetTeam: Get "/leave/team", "get_team", Access::Party;
    query: TeamQuery;
    reply: Team;
    offline: LastKnown;
    problems: NotFound, InvertedSpan, SpanTooLong;
}

#[cfg(test)]
mod tests;
