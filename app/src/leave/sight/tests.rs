//! Every part x everything that a request can say.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::approval::api::{ChainStep, NodeView, StepMode, TaskView, TimelineItem};
use crate::approval::process::{Outcome as Decided, TaskState, Verb};
use crate::day::{Day, HalfDay, Timestamp};
use crate::leave::api::{
    AbsenceRecord, Cancellation, Conversion, Dispute, Evidence, Extended, Extension, Recounted, ReturnReport,
};
use crate::leave::rules::absence::Running;
use crate::leave::rules::{Action, Outcome, Status};
use crate::leave::stand_in::StandInState;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

/// A request that says everything it can; what a copy hides is marked.
fn telling() -> LeaveRequest {
    let (from, to, at) = (HalfDay::am(day("2026-11-25")), HalfDay::am(day("2026-11-30")), Timestamp::from_millis(1));
    let hidden = |text: &str| Some(format!("HIDDEN {text}"));
    LeaveRequest {
        id: Uuid::from_u128(1),
        number: "假2026-AAAAAAA".to_owned(),
        officer: "200001".to_owned(),
        name: "周书记".to_owned(),
        department: "民事审判第一庭".to_owned(),
        leave_type: hidden("type"),
        from,
        to,
        half_days: 777,
        minutes: Some(888),
        lane: Lane::Hours,
        needs_return: false,
        reason: hidden("reason"),
        destination: hidden("place"),
        stand_in: Some("200002".to_owned()),
        stand_in_name: Some("吴同事".to_owned()),
        stand_in_state: Some(StandInState::Accepted),
        stand_in_note: hidden("note"),
        contact: hidden("contact"),
        status: Status::Cancelled,
        version: 3,
        submitted_at: at,
        chain: vec![ChainStep {
            step: 1,
            mode: StepMode::Single,
            officer: Some("200004".to_owned()),
            name: Some("王庭长".to_owned()),
            post_class: None,
            post: "庭长".to_owned(),
            stands_in_for: hidden("why another decides"),
            state: TaskState::Approved,
            comment: hidden("comment"),
            decided_at: Some(at),
        }],
        back: Some(to),
        returned_at: Some(at),
        outcome: Some(Outcome::OnTime),
        cancelled: Some(Cancellation { by: "王庭长".to_owned(), at, reason: "HIDDEN reason".to_owned() }),
        evidence: Some(Evidence::Seen { by: "HIDDEN who saw papers".to_owned(), at }),
        attachments: Some(999),
        absence: Some(AbsenceRecord {
            since: Some(day("2026-12-01")),
            running: Running { natural_days: 333, workdays: 222 },
            entries: Vec::new(),
        }),
        converts: Some(Extended { id: Uuid::from_u128(4), number: "HIDDEN converted leave".to_owned() }),
        submitted_by: hidden("who submitted it"),
        submitted_by_name: hidden("his name"),
        conversions: vec![Conversion {
            id: Uuid::from_u128(5),
            number: "HIDDEN conversion".to_owned(),
            status: Status::Approved,
            from,
            to,
        }],
        extends: Some(Extended { id: Uuid::from_u128(2), number: "HIDDEN other leave".to_owned() }),
        extension: Some(Extension {
            id: Uuid::from_u128(3),
            number: "HIDDEN extension".to_owned(),
            status: Status::Approved,
            to,
        }),
        return_report: Some(ReturnReport {
            back: to,
            reported_at: at,
            note: hidden("where from"),
            is_waiting: false,
            confirmed_by: None,
            confirmed_at: None,
            disputed: Some(Dispute { by: String::new(), at, back: to, reason: "HIDDEN dispute".to_owned() }),
        }),
        overdue_days: Some(666),
        recounted: Some(Recounted { at, before: 555, after: 444, uncovered: 0 }),
        provisional: true,
        actions: vec![Action::ConfirmEvidence],
    }
}

fn way() -> ProcessView {
    let at = Timestamp::from_millis(1);
    ProcessView {
        id: Uuid::from_u128(1),
        kind: "leave".to_owned(),
        officer: "200001".to_owned(),
        name: "周书记".to_owned(),
        outcome: Decided::Approved,
        decided: 1,
        nodes_total: 1,
        nodes: vec![NodeView {
            position: 1,
            title: "HIDDEN 年休假转病假".to_owned(),
            mode: StepMode::Single,
            tasks: vec![TaskView {
                id: Uuid::from_u128(4),
                version: 1,
                officer: "200004".to_owned(),
                name: "王庭长".to_owned(),
                post: "庭长".to_owned(),
                stands_in_for: Some("HIDDEN why".to_owned()),
                state: TaskState::Approved,
                decided_by: None,
                comment: Some("HIDDEN comment".to_owned()),
                decided_at: Some(at),
            }],
        }],
        copies: vec!["沈班主".to_owned()],
        timeline: vec![TimelineItem {
            at,
            verb: Some(Verb::Approve),
            actor: Some("王庭长".to_owned()),
            acting_for: None,
            to: Vec::new(),
            comment: Some("HIDDEN comment".to_owned()),
            device: Some("HIDDEN device".to_owned()),
        }],
        offers: Vec::new(),
        send_back_to: Vec::new(),
    }
}

fn subject() -> Subject {
    let whole = telling();
    Subject {
        subject_id: whole.id,
        number: whole.number,
        kind: "leave".to_owned(),
        officer: whole.officer,
        name: whole.name,
        department: whole.department,
        leave_type: whole.leave_type,
        from: whole.from,
        to: whole.to,
        half_days: whole.half_days,
        lane: whole.lane,
        reason: whole.reason.unwrap_or_default(),
        destination: whole.destination.unwrap_or_default(),
        submitted_at: whole.submitted_at,
        submitted_by: whole.submitted_by_name,
    }
}

#[test]
fn a_copy_says_who_when_and_what_has_become_of_it() {
    let (seen, way, card) =
        (request(Sight::Copy, telling()), process(Sight::Copy, false, way()), card(Sight::Copy, subject()));
    let said = [serde_json::to_string(&seen), serde_json::to_string(&way), serde_json::to_string(&card)];
    for text in said.map(|text| text.expect("plain data")) {
        for hidden in ["HIDDEN", "777", "888", "999", "666", "555", "444", "333", "222"] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
    }
    let whole = telling();
    assert_eq!((seen.name, seen.department, seen.number), (whole.name, whole.department, whole.number));
    assert_eq!((seen.from, seen.to, seen.status, seen.half_days), (whole.from, whole.to, Status::Cancelled, 11));
    assert_eq!((seen.stand_in_name, seen.actions), (whole.stand_in_name, Vec::new()), "whom to turn to");
    assert!(whole.provisional && !seen.provisional, "it would say that rest days do not count");
    assert_eq!(seen.chain[0].state, TaskState::Approved);
    assert_eq!((way.nodes[0].tasks[0].name.as_str(), way.timeline[0].actor.as_deref()), ("王庭长", Some("王庭长")));
    assert_eq!((card.name.as_str(), card.half_days), ("周书记", 11));
}

#[test]
fn who_submitted_it_for_another_can_take_it_back_and_do_nothing_else() {
    let whole = LeaveRequest { actions: vec![Action::Withdraw, Action::Return], ..telling() };
    assert_eq!(request(Sight::Copy, whole).actions, [Action::Withdraw]);
}

#[test]
fn a_copy_tells_a_report_from_leave_and_no_more() {
    let seen = |lane| {
        let seen = request(Sight::Copy, LeaveRequest { lane, ..telling() });
        assert_eq!(card(Sight::Copy, Subject { lane, ..subject() }).lane, seen.lane);
        (seen.lane, seen.needs_return, seen.leave_type)
    };
    assert_eq!(seen(Lane::Report), (Lane::Report, true, None));
    assert_eq!((seen(Lane::Hours), seen(Lane::Leave)), ((Lane::Leave, true, None), (Lane::Leave, true, None)));
}

#[test]
fn a_leader_sees_the_request_and_no_papers() {
    let seen = request(Sight::Request, telling());
    assert_eq!(seen, LeaveRequest { attachments: None, ..telling() });
    assert_eq!(request(Sight::Papers, telling()), telling());
    assert_eq!((process(Sight::Request, false, way()), card(Sight::Request, subject())), (way(), subject()));
}

#[test]
fn the_applicant_sees_no_device() {
    let seen = process(Sight::Papers, true, way());
    assert_eq!((&seen.timeline[0].device, &seen.timeline[0].comment), (&None, &way().timeline[0].comment));
}

#[test]
fn who_attached_a_file_for_another_reads_that_one() {
    for sight in [Sight::Copy, Sight::Request] {
        assert_eq!((sight.has_file(true), sight.has_file(false)), (true, false), "{sight:?}");
    }
    assert!(Sight::Papers.has_file(false));
}

#[test]
fn papers_are_for_the_applicant_the_chain_and_hr() {
    let part = Part::default();
    assert_eq!(Sight::of(part), None, "a colleague, and who is to stand in");
    assert_eq!(Sight::of(Part { is_next: true, ..part }), Some(Sight::Request), "his turn may never come");
    assert_eq!(Sight::of(Part { has_copy: true, ..part }), Some(Sight::Copy));
    assert_eq!(Sight::of(Part { has_submitted: true, ..part }), Some(Sight::Copy), "who asked for another");
    assert_eq!(Sight::of(Part { reads_leave: true, has_copy: true, ..part }), Some(Sight::Request));
    for papers in [
        Part { is_applicant: true, ..part },
        Part { in_chain: true, ..part },
        Part { reads_leave: true, reads_papers: true, ..part },
        Part { in_chain: true, has_copy: true, ..part },
    ] {
        assert_eq!(Sight::of(papers), Some(Sight::Papers), "{papers:?}");
    }
}

fn part() -> impl Strategy<Value = Part> {
    any::<[bool; 7]>().prop_map(
        |[is_applicant, in_chain, is_next, reads_leave, reads_papers, has_copy, has_submitted]| Part {
            is_applicant,
            in_chain,
            is_next,
            reads_leave,
            reads_papers,
            has_copy,
            has_submitted,
        },
    )
}

proptest! {
    /// Another part never hides what one part shows, and a copy alone never shows papers.
    #[test]
    fn more_parts_never_see_less(one in part(), other in part()) {
        let both = Part {
            is_applicant: one.is_applicant || other.is_applicant,
            in_chain: one.in_chain || other.in_chain,
            reads_leave: one.reads_leave || other.reads_leave,
            is_next: one.is_next || other.is_next,
            reads_papers: one.reads_papers || other.reads_papers,
            has_copy: one.has_copy || other.has_copy,
            has_submitted: one.has_submitted || other.has_submitted,
        };
        prop_assert!(Sight::of(both) >= Sight::of(one).max(Sight::of(other)));
        let has_papers = Sight::of(one).is_some_and(Sight::has_papers);
        prop_assert_eq!(has_papers, one.is_applicant || one.in_chain || one.reads_papers);
    }

    /// What is shown of what was shown is the same, and never more than the lesser of two sights.
    #[test]
    fn showing_twice_shows_the_lesser(one in 0usize..3, other in 0usize..3) {
        const SIGHTS: [Sight; 3] = [Sight::Copy, Sight::Request, Sight::Papers];
        let (one, other) = (SIGHTS[one], SIGHTS[other]);
        prop_assert_eq!(request(one, request(other, telling())), request(one.min(other), telling()));
        prop_assert_eq!(card(one, card(other, subject())), card(one.min(other), subject()));
    }
}
