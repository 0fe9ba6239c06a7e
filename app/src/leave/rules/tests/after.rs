//! After the approval: the buttons, the way back, what is taken back and what is extended.

use super::*;

#[test]
fn the_day_alone_tells_approved_on_leave_and_awaiting_return_apart() {
    let span = span(pm("2026-06-10"), am("2026-06-12"));
    let of = |text| status(Stored::Approved, span, day(text));
    assert_eq!(of("2026-06-09"), Status::Approved);
    assert_eq!(of("2026-06-10"), Status::OnLeave);
    assert_eq!(of("2026-06-12"), Status::OnLeave);
    assert_eq!(of("2026-06-13"), Status::AwaitingReturn);
}

#[test]
fn buttons_follow_the_state_machine() {
    let span = span(am("2026-06-10"), pm("2026-06-12"));
    let applicant = Viewer { is_applicant: true, ..Viewer::default() };
    let approver = Viewer { has_open_task: true, ..Viewer::default() };
    let both = Viewer { is_applicant: true, has_open_task: true, ..Viewer::default() };
    let on = day("2026-06-10");
    let offered = |stored, viewer, on| actions(&Standing::alone(stored, span), viewer, HalfDay::am(on));
    assert_eq!(offered(Stored::InApproval, applicant, on), [Action::Withdraw]);
    assert_eq!(offered(Stored::InApproval, approver, on), [Action::Approve, Action::Refuse]);
    assert_eq!(offered(Stored::InApproval, both, on), [Action::Withdraw], "nobody decides his own request");
    assert_eq!(offered(Stored::Approved, applicant, on), [Action::Return, Action::Extend]);
    assert_eq!(offered(Stored::Approved, applicant, on.previous()), [Action::Extend], "not begun");
    assert_eq!(offered(Stored::Approved, applicant, day("2026-06-13")), [Action::Return], "over");
    assert_eq!(offered(Stored::Approved, approver, on), []);
    // Who asked for another takes it back while it is undecided, and does nothing else.
    let submitter = Viewer { is_submitter: true, has_open_task: true, has_approved: true, ..Viewer::default() };
    for stored in Stored::ALL {
        let undecided = matches!(stored, Stored::InApproval | Stored::SentBack);
        let expected = if undecided { vec![Action::Withdraw] } else { Vec::new() };
        assert_eq!(offered(stored, submitter, on.previous()), expected, "{stored:?}");
    }
    for stored in Stored::ALL {
        let offered = offered(stored, applicant, on);
        assert_eq!(offered.contains(&Action::Withdraw), stored.after(Event::Withdraw).is_ok(), "{stored:?}");
        assert_eq!(offered.contains(&Action::Return), stored.after(Event::Return).is_ok(), "{stored:?}");
        assert_eq!(Stored::parse(stored.as_str()), Some(stored));
    }
}

/// Annual leave from Monday 8 June to Friday 12 June 2026.
fn back(to: HalfDay, back: HalfDay, today: &str) -> Result<(Outcome, usize, usize), Code> {
    let calendar = WorkCalendar::builtin();
    let span = span(am("2026-06-08"), to);
    let counted = count(&calendar, &ANNUAL, span)
        .iter()
        .filter(|day| day.counts)
        .map(|day| HalfDay { date: day.date, half: day.half })
        .collect::<Vec<_>>();
    let leave = Leave { stored: Stored::Approved, leave_type: &ANNUAL, span, counted: &counted };
    let plans = report_return(&calendar, &[leave], back, day(today))?;
    Ok((plans[0].outcome, plans[0].freed.len(), plans[0].refunded.len()))
}

#[test]
fn a_return_is_on_time_until_the_first_workday_is_over() {
    let friday = pm("2026-06-12");
    assert_eq!(back(friday, am("2026-06-13"), "2026-06-13"), Ok((Outcome::OnTime, 0, 0)), "on Saturday");
    assert_eq!(back(friday, am("2026-06-15"), "2026-06-15"), Ok((Outcome::OnTime, 0, 0)));
    assert_eq!(back(friday, pm("2026-06-15"), "2026-06-15"), Ok((Outcome::OnTime, 0, 0)));
    assert_eq!(back(friday, am("2026-06-15"), "2026-06-20"), Ok((Outcome::OnTime, 0, 0)), "the report may be late");
    assert_eq!(back(friday, am("2026-06-16"), "2026-06-16"), Ok((Outcome::Late, 0, 0)));
    let noon = am("2026-06-12");
    assert_eq!(back(noon, pm("2026-06-12"), "2026-06-12"), Ok((Outcome::OnTime, 0, 0)));
    assert_eq!(back(noon, am("2026-06-15"), "2026-06-15"), Ok((Outcome::Late, 0, 0)), "the afternoon was worked");
}

#[test]
fn an_early_return_gives_back_what_is_left() {
    let friday = pm("2026-06-12");
    assert_eq!(back(friday, am("2026-06-11"), "2026-06-11"), Ok((Outcome::Early, 4, 4)));
    assert_eq!(back(friday, pm("2026-06-12"), "2026-06-12"), Ok((Outcome::Early, 1, 1)));
    assert_eq!(back(friday, am("2026-06-08"), "2026-06-08"), Ok((Outcome::Early, 10, 10)), "nothing was used");
    let sunday = pm("2026-06-14");
    assert_eq!(back(sunday, am("2026-06-13"), "2026-06-14"), Ok((Outcome::OnTime, 4, 0)), "a weekend counts nothing");
    assert_eq!(back(sunday, am("2026-06-12"), "2026-06-14"), Ok((Outcome::Early, 6, 2)));
}

#[test]
fn a_return_lies_between_the_beginning_and_today() {
    let friday = pm("2026-06-12");
    assert_eq!(back(friday, pm("2026-06-07"), "2026-06-09"), Err(Code::ReturnOutOfRange));
    assert_eq!(back(friday, am("2026-06-15"), "2026-06-12"), Err(Code::ReturnOutOfRange));
    let calendar = WorkCalendar::builtin();
    let span = span(am("2026-06-08"), friday);
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::Approved) {
        let leave = Leave { stored, leave_type: &ANNUAL, span, counted: &[] };
        assert_eq!(report_return(&calendar, &[leave], friday, day("2026-06-12")), Err(Code::WrongState));
    }
}

#[test]
fn leave_for_an_occasion_gives_nothing_back() {
    let occasion = LeaveType { name: "occasion".to_owned(), may_split: false, ..ANNUAL.clone() };
    let calendar = WorkCalendar::builtin();
    let span = span(am("2026-06-08"), pm("2026-06-09"));
    let counted = span.half_days().collect::<Vec<_>>();
    let leave = Leave { stored: Stored::Approved, leave_type: &occasion, span, counted: &counted };
    let plan = &report_return(&calendar, &[leave], am("2026-06-09"), day("2026-06-09")).expect("in range")[0];
    assert_eq!((plan.outcome, plan.freed.len(), plan.refunded.len()), (Outcome::Early, 2, 0));
}

#[test]
fn who_approved_takes_back_what_has_not_begun() {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let span = Span::days(day("2026-06-15"), day("2026-06-17")).expect("in order");
    let approver = Viewer { has_approved: true, ..Viewer::default() };
    let cancel = |stored, span, viewer, today| cancel(&Standing::alone(stored, span), viewer, HalfDay::am(today));
    let (before, begun) = (day("2026-06-14"), day("2026-06-15"));
    assert_eq!(cancel(Stored::Approved, span, approver, before), Ok(Stored::Cancelled));
    assert_eq!(cancel(Stored::Approved, span, approver, begun), Err(Code::LeaveBegun));
    assert_eq!(cancel(Stored::Approved, span, Viewer::default(), before), Err(Code::NotAllowed));
    let own = Viewer { is_applicant: true, ..approver };
    assert_eq!(cancel(Stored::Approved, span, own, before), Err(Code::NotAllowed), "nobody decides on his own leave");
    for stored in Stored::ALL.into_iter().filter(|stored| *stored != Stored::Approved) {
        assert_eq!(cancel(stored, span, approver, before), Err(Code::WrongState), "{stored:?}");
    }
    let of_hr = Viewer { follows_approvers: true, ..Viewer::default() };
    assert_eq!(cancel(Stored::Approved, span, of_hr, before), Ok(Stored::Cancelled), "who approved it has left");
    for own in [Viewer { is_applicant: true, ..of_hr }, Viewer { is_submitter: true, ..of_hr }] {
        assert_eq!(cancel(Stored::Approved, span, own, before), Err(Code::NotAllowed), "{own:?}");
    }
}

/// It was once refused from midnight on, though the officer was at work all morning.
#[test]
fn leave_that_begins_in_the_afternoon_is_taken_back_until_noon() {
    let approver = Viewer { has_approved: true, ..Viewer::default() };
    let of = |from, now| cancel(&Standing::alone(Stored::Approved, span(from, pm("2026-06-17"))), approver, now);
    assert_eq!(of(pm("2026-06-15"), am("2026-06-15")), Ok(Stored::Cancelled));
    assert_eq!(of(pm("2026-06-15"), pm("2026-06-15")), Err(Code::LeaveBegun));
    assert_eq!(of(am("2026-06-15"), pm("2026-06-14")), Ok(Stored::Cancelled));
    assert_eq!(of(am("2026-06-15"), am("2026-06-15")), Err(Code::LeaveBegun), "a morning begins at midnight");
    let reported =
        Standing { reported: true, ..Standing::alone(Stored::Approved, span(pm("2026-06-15"), pm("2026-06-15"))) };
    assert_eq!(cancel(&reported, approver, am("2026-06-15")), Err(Code::WrongState), "his report waits");
}

#[test]
fn an_extension_is_in_the_way_until_it_is_sent_back() {
    let day = |text: &str| text.parse::<Day>().expect("a day");
    let span = Span::days(day("2026-06-15"), day("2026-06-17")).expect("in order");
    let approver = Viewer { has_approved: true, ..Viewer::default() };
    let with = |extension| Standing { extension, ..Standing::alone(Stored::Approved, span) };
    let cancel = |extension| cancel(&with(extension), approver, HalfDay::pm(day("2026-06-14")));
    for extension in [None, Some(Stored::SentBack)] {
        assert_eq!(cancel(extension), Ok(Stored::Cancelled), "{extension:?}");
    }
    for extension in [Stored::InApproval, Stored::Approved] {
        assert_eq!(cancel(Some(extension)), Err(Code::AlreadyExtended), "{extension:?}");
    }
}

proptest! {
    /// A button is there exactly when pressing it succeeds.
    #[test]
    fn what_is_offered_after_approval_is_allowed(
        state in 0usize..Stored::ALL.len(),
        offset in -5i64..5,
        (begins_at_noon, is_afternoon) in any::<(bool, bool)>(),
        is_applicant in any::<bool>(),
        has_open_task in any::<bool>(),
        has_approved in any::<bool>(),
        may_confirm in any::<bool>(),
        follows_approvers in any::<bool>(),
        reported in any::<bool>(),
        extension in proptest::option::of(0usize..4),
    ) {
        let first = "2026-06-15".parse::<Day>().expect("a day");
        let from = if begins_at_noon { HalfDay::pm(first) } else { HalfDay::am(first) };
        let span = Span::new(from, HalfDay::pm(first.plus(2))).expect("in order");
        let viewer = Viewer { is_applicant, has_open_task, has_approved, may_confirm, follows_approvers, ..Viewer::default() };
        let today = first.plus(offset);
        let now = if is_afternoon { HalfDay::pm(today) } else { HalfDay::am(today) };
        let standing = Standing { reported, extension: extension.map(|at| Stored::ALL[at]), ..Standing::alone(Stored::ALL[state], span) };
        let offered = actions(&standing, viewer, now);
        prop_assert_eq!(offered.contains(&Action::Cancel), cancel(&standing, viewer, now).is_ok());
        prop_assert!(cancel(&standing, viewer, now).is_err() || now < from, "nothing that has begun");
        prop_assert_eq!(offered.contains(&Action::Extend), extend(&standing, viewer, today).is_ok());
        prop_assert_eq!(offered.contains(&Action::Return), may_return(&standing, viewer, today).is_ok());
        prop_assert_eq!(offered.contains(&Action::ConfirmReturn), may_judge_return(&standing, viewer).is_ok());
    }
}
