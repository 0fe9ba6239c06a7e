//! 年休假 that becomes 病假: who falls ill during annual leave may ask for those days back, where a court lets him.
//!
//! Neither the 条例 nor the 实施办法 says it; practice differs from place to place, so it is a setting that is off at
//! first. The 病假 is a request of its own, linked to the annual leave, decided by whoever approved that one. The annual
//! half days go back to the grants that paid for them, ended or not: what has ended ends again with the next run of the
//! month's job. It takes a certificate, and nobody can consent before one is there.

use super::series::{Kind, Standing};
use super::{Stored, Viewer};
use crate::api::Code;
use crate::day::{HalfDay, Span};
use crate::leave::grant::Taken;
use crate::leave::types::{ANNUAL, LeaveType};

/// The annual leave of which days are to become 病假.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// Where it stands.
    pub standing: Standing,
    /// The name of its type.
    pub leave_type: &'a str,
    /// The half days that it still keeps, counted or not, in order.
    pub kept: &'a [HalfDay],
    /// The counted ones among them, with what paid for each.
    pub taken: &'a [Taken],
    /// Whether days of it are asked to be converted already, and nobody has decided.
    pub is_asked: bool,
}

/// Whether the applicant can ask at all: from the first half day of annual leave on, as long as the type of the 病假 can be
/// asked for afterwards (补办).
///
/// Errors: [`Code::NotAllowed`] for others, [`Code::NotEligible`] where the setting is off, [`Code::WrongState`] for
/// another type, before the first half day, while a conversion is undecided, and where nothing is left to convert,
/// [`Code::OutsideWindow`] when it is too late.
pub fn may_ask(facts: Facts<'_>, viewer: Viewer, is_on: bool, sick: &LeaveType, now: HalfDay) -> Result<(), Code> {
    let standing = facts.standing;
    if !viewer.is_applicant {
        return Err(Code::NotAllowed);
    }
    if !is_on || !sick.active {
        return Err(Code::NotEligible);
    }
    let is_annual = facts.leave_type == ANNUAL.name && standing.kind == Kind::Absence;
    let is_taken = matches!(standing.stored, Stored::Approved | Stored::Returned);
    if !is_annual || !is_taken || now < standing.span.from() || facts.is_asked || facts.taken.is_empty() {
        return Err(Code::WrongState);
    }
    let last = facts.kept.last().map_or(standing.span.to().date, |at| at.date);
    if now.date > last.plus(sick.backfill_days) { Err(Code::OutsideWindow) } else { Ok(()) }
}

/// Asks for a part of the leave to become 病假.
///
/// Errors: those of [`may_ask`], [`Code::BadInput`] where the part holds a half day that the leave does not keep,
/// [`Code::NothingCounts`] where none of it counts as annual leave, [`Code::OutsideWindow`] when it is too late for it.
pub fn ask(
    facts: Facts<'_>,
    viewer: Viewer,
    is_on: bool,
    sick: &LeaveType,
    part: Span,
    now: HalfDay,
) -> Result<(), Code> {
    may_ask(facts, viewer, is_on, sick, now)?;
    if !part.half_days().all(|at| facts.kept.contains(&at)) {
        return Err(Code::BadInput);
    }
    if !facts.taken.iter().any(|one| part.contains(one.at)) {
        return Err(Code::NothingCounts);
    }
    if now.date > part.to().date.plus(sick.backfill_days) { Err(Code::OutsideWindow) } else { Ok(()) }
}

/// What an approver reads while no certificate is there, and is told when he consents all the same.
pub const NO_CERTIFICATE: &str =
    "尚未交就诊证明，不能同意转病假：请本人在这份申请里上传证明照片；已看过纸质证明的，请先点“证明材料已查验”再同意";

/// Whether the conversion can be consented to: a certificate is attached to it, or somebody who may has seen it on paper.
/// Refusing and sending back are free all the same.
///
/// Errors: [`Code::EvidenceMissing`] otherwise.
pub fn may_consent(is_seen: bool, files: i64) -> Result<(), Code> {
    if is_seen || files > 0 { Ok(()) } else { Err(Code::EvidenceMissing) }
}

/// What the consent does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The half days that become 病假.
    pub part: Span,
    /// The annual half days that go back to their grants.
    pub refunded: Vec<Taken>,
}

/// Converts the part that was asked for, as far as the leave still keeps it: whoever was back earlier than he thought has
/// given up the rest by his return. `None` where nothing of it is left.
pub fn convert(kept: &[HalfDay], taken: &[Taken], part: Span) -> Option<Conversion> {
    let last = part.half_days().take_while(|at| kept.contains(at)).last()?;
    let part = Span::new(part.from(), last)?;
    let refunded: Vec<Taken> = taken.iter().filter(|one| part.contains(one.at)).copied().collect();
    (!refunded.is_empty()).then_some(Conversion { part, refunded })
}

#[cfg(test)]
mod tests;
