//! 续假: a leave and the requests that extend it, one after the other.
//!
//! An extension is a request of its own, with its own approval and its own half days; it begins with the half day after
//! the leave that it extends. The leave and its extensions are reported back from once, on the last approved one.

use uuid::Uuid;

use super::{Status, Stored, Viewer, status};
use crate::api::Code;
use crate::calendar::rules::WorkCalendar;
use crate::day::{Day, HalfDay, Span};

/// What a request is, as far as the way back from it is concerned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// The officer is away from work.
    #[default]
    Absence,
    /// He is at work: an hour a day, or a report of where he is (外出报备). Nobody misses him there when it is over.
    Present,
    /// 病假 in place of days of this annual leave, which is reported back from for both.
    Converts(Uuid),
}

/// Where a request is on a day. What needs no report of its end is over when it is over.
pub fn ended_status(needs_return: bool, stored: Stored, span: Span, today: Day) -> Status {
    match status(stored, span, today) {
        Status::AwaitingReturn if !needs_return => Status::Returned,
        status => status,
    }
}

/// One request of a series, as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The request.
    pub id: Uuid,
    /// The request that it extends; none for the first.
    pub extends: Option<Uuid>,
    /// Its state.
    pub stored: Stored,
    /// Its span.
    pub span: Span,
    /// What it is.
    pub kind: Kind,
    /// Whether its end is to be reported: as its type said when it was asked for, and the same for the whole series.
    pub needs_return: bool,
    /// Whether anything of it counts. A report that he is out of town has nothing that could.
    pub counts: bool,
}

/// A request with what stands around it in its series: the facts that decide what can be done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The request's state.
    pub stored: Stored,
    /// The request's span.
    pub span: Span,
    /// From the beginning of the first leave of the series to the end of the last one that is approved. The span itself
    /// where nothing is extended.
    pub whole: Span,
    /// The state of the request that extends this one, where there is one that has not come to nothing.
    pub extension: Option<Stored>,
    /// The last day on which an extension can be asked for.
    pub extend_until: Day,
    /// Whether he has reported back, and the report waits for its confirmation.
    pub reported: bool,
    /// What it is.
    pub kind: Kind,
    /// Whether its end is to be reported. Where the calendar has left no day of the series, there is nothing to come
    /// back from.
    pub needs_return: bool,
}

impl Standing {
    /// A request that extends nothing and is not extended. An extension can be asked for until its last day.
    pub fn alone(stored: Stored, span: Span) -> Self {
        let extend_until = span.to().date;
        let kind = Kind::Absence;
        let whole = span;
        Self { stored, span, whole, extension: None, extend_until, reported: false, kind, needs_return: true }
    }

    /// Where a request stands in its series. `series` may hold requests of other series and such that have come to
    /// nothing. `workdays_before` is how many workdays of the officer's own calendar before its last day an extension has
    /// to be asked for.
    pub fn of(series: &[Link], own: Link, calendar: &WorkCalendar, workdays_before: i64) -> Self {
        let first = before(series, own).last().unwrap_or(own);
        // What was converted ends for the officer when the leave does of which it was a part.
        let leave = match own.kind {
            Kind::Converts(id) => series.iter().copied().find(|link| link.id == id).unwrap_or(own),
            Kind::Absence | Kind::Present => own,
        };
        let granted =
            after(series, leave).take_while(|next| matches!(next.stored, Stored::Approved | Stored::Returned));
        let end = granted.map(|next| next.span.to()).last().unwrap_or(leave.span.to());
        // What is not granted may still come to something.
        let is_asked = own.counts || own.stored != Stored::Approved;
        Self {
            stored: own.stored,
            span: own.span,
            whole: Span::new(first.span.from(), end.max(own.span.to())).unwrap_or(own.span),
            extension: extension(series, own.id).map(|next| next.stored),
            extend_until: workday_before(calendar, own.span.to().date, workdays_before),
            reported: false,
            kind: own.kind,
            needs_return: own.needs_return && (is_asked || counts(series, own)),
        }
    }

    /// Whether a request that extends this one has to be acted on first: somebody is deciding on it, or it is granted. One
    /// that was sent back waits for the officer alone, and holds up nobody else.
    pub fn is_extension_in_the_way(&self) -> bool {
        matches!(self.extension, Some(Stored::InApproval | Stored::Approved | Stored::Returned))
    }

    /// Where the request is on a day. With an approved extension nobody is due back before its end; whoever has reported
    /// back waits for the confirmation, though days of the leave are left.
    pub fn status(self, today: Day) -> Status {
        if self.reported && self.stored == Stored::Approved {
            return Status::AwaitingReturn;
        }
        let until = Span::new(self.span.from(), self.whole.to()).unwrap_or(self.span);
        ended_status(self.needs_return, self.stored, until, today)
    }
}

/// The request that extends this one and has not come to nothing; never more than one.
pub fn extension(series: &[Link], id: Uuid) -> Option<Link> {
    series.iter().copied().find(|link| link.extends == Some(id) && link.stored.is_live())
}

/// The leaves that this one extends, the nearest first, without itself.
pub fn before(series: &[Link], own: Link) -> impl Iterator<Item = Link> {
    let up = move |link: &Link| series.iter().copied().find(|other| Some(other.id) == link.extends);
    std::iter::successors(up(&own), up).take(series.len())
}

/// The leaves that a return from this one closes: those that it extends, the first one first, and itself.
pub fn closing(series: &[Link], own: Link) -> Vec<Link> {
    let mut closing = vec![own];
    closing.extend(before(series, own));
    closing.reverse();
    closing
}

/// The 病假 that stands in place of days of these leaves, granted and not closed, in the order given.
pub fn converted(series: &[Link], closing: &[Link]) -> Vec<Link> {
    let is_part = |link: &&Link| {
        link.stored == Stored::Approved
            && matches!(link.kind, Kind::Converts(leave) if closing.iter().any(|other| other.id == leave))
    };
    series.iter().filter(is_part).copied().collect()
}

/// Whether anything counts of the leaves that are granted around this one, or of the 病假 in place of their days.
fn counts(series: &[Link], own: Link) -> bool {
    let mut granted = closing(series, own);
    granted.extend(after(series, own).take_while(|next| matches!(next.stored, Stored::Approved | Stored::Returned)));
    let sick = converted(series, &granted);
    granted.iter().chain(&sick).any(|link| link.counts)
}

fn after(series: &[Link], own: Link) -> impl Iterator<Item = Link> {
    let down = move |link: &Link| extension(series, link.id);
    std::iter::successors(down(&own), down).take(series.len())
}

/// The day so many workdays before a day; the day itself for none.
fn workday_before(calendar: &WorkCalendar, day: Day, workdays: i64) -> Day {
    (0..workdays).fold(day, |day, _| {
        // Two weeks without a workday have never occurred; a calendar that knows none answers the day itself.
        (1..=60).map(|n| day.plus(-n)).find(|earlier| calendar.is_workday(*earlier)).unwrap_or(day)
    })
}

/// Asks for more of a leave (续假): the half day with which the extension begins.
///
/// Errors: [`Code::NotAllowed`] for others than the applicant, [`Code::WrongState`] unless the leave is approved and not
/// reported back from, [`Code::AlreadyExtended`] where a request extends it already, [`Code::ExtendTooLate`] past the
/// last day for it.
pub fn extend(standing: &Standing, viewer: Viewer, today: Day) -> Result<HalfDay, Code> {
    if !viewer.is_applicant {
        return Err(Code::NotAllowed);
    }
    let is_leave = !matches!(standing.kind, Kind::Converts(_));
    if standing.stored != Stored::Approved || standing.reported || !is_leave {
        return Err(Code::WrongState);
    }
    if standing.extension.is_some() {
        return Err(Code::AlreadyExtended);
    }
    if today > standing.extend_until {
        return Err(Code::ExtendTooLate);
    }
    Ok(standing.span.to().next())
}

/// Whether the applicant can report back from a leave: once for the whole series, on its last approved leave, from the
/// day on which the series begins. An extension that is still being decided is taken back by it.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] unless the leave is approved and not reported back
/// from, [`Code::AlreadyExtended`] where an approved request extends it, [`Code::ReturnOutOfRange`] before it begins.
pub fn may_return(standing: &Standing, viewer: Viewer, today: Day) -> Result<(), Code> {
    if !viewer.is_applicant {
        return Err(Code::NotAllowed);
    }
    // What ends by itself can still be ended early, until its last day.
    let has_return =
        !matches!(standing.kind, Kind::Converts(_)) && (standing.needs_return || today <= standing.whole.to().date);
    if standing.stored != Stored::Approved || standing.reported || !has_return {
        return Err(Code::WrongState);
    }
    if matches!(standing.extension, Some(Stored::Approved | Stored::Returned)) {
        return Err(Code::AlreadyExtended);
    }
    if today < standing.whole.from().date { Err(Code::ReturnOutOfRange) } else { Ok(()) }
}

/// Whether somebody can confirm a reported return, or dispute it: whoever the settings name, never the applicant.
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::WrongState`] unless a report waits.
pub fn may_judge_return(standing: &Standing, viewer: Viewer) -> Result<(), Code> {
    if !viewer.may_confirm || viewer.is_applicant {
        return Err(Code::NotAllowed);
    }
    if standing.stored == Stored::Approved && standing.reported { Ok(()) } else { Err(Code::WrongState) }
}

#[cfg(test)]
mod tests;
