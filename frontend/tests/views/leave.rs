//! Leave and approvals.

use app::leave::rules::{Action, Status};
use frontend::approval::view::{TaskActions, approve_form, inbox, refuse_form};
use frontend::kit::{Load, Tab};
use frontend::leave::form::{LeaveForm, leave_form, return_form};
use frontend::leave::view::{LeaveOverview, RequestActions, overview, request};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn actions() -> RequestActions {
    RequestActions { withdraw: nothing(), report_return: nothing() }
}

#[test]
fn the_leave_tab_shows_balances_and_requests() {
    let data = LeaveOverview {
        year: 2026,
        balances: facts::balances(),
        requests: vec![
            facts::request(Status::InApproval, vec![]),
            facts::request(Status::Approved, vec![]),
            facts::request(Status::Refused, vec![]),
            facts::request(Status::Returned, vec![]),
        ],
        more: true,
    };
    let html = draw("leave", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())));
    insta::assert_snapshot!(html);
}

#[test]
fn the_leave_tab_of_a_newcomer_is_empty() {
    let data = LeaveOverview { year: 2026, balances: facts::balances(), requests: vec![], more: false };
    let html = draw("leave_empty", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())));
    insta::assert_snapshot!(html);
}

#[test]
fn the_form_shows_days_and_chain_before_submitting() {
    let html = draw("leave_new", || {
        let preview = RwSignal::new(Load::Ready(facts::preview()));
        let form = LeaveForm::for_day(facts::day(23));
        let types = facts::leave_types();
        let view = leave_form(facts::words(), &types, form, preview.into(), false.into(), nothing());
        in_frame("申请请假", Tab::Leave, view)
    });
    insta::assert_snapshot!(html);
}

#[test]
fn a_blocking_warning_disables_the_button() {
    let mut preview = facts::preview();
    preview.warnings[0].blocking = true;
    let html = draw("leave_blocked", || {
        let preview = RwSignal::new(Load::Ready(preview));
        let form = LeaveForm::for_day(facts::day(23));
        leave_form(facts::words(), &facts::leave_types(), form, preview.into(), false.into(), nothing())
    });
    let button = html.lines().find(|line| line.contains("button-wide")).expect("the form has its button");
    assert!(button.contains("disabled"), "{button}");
}

#[test]
fn a_request_says_how_far_it_is() {
    let data = facts::request(Status::InApproval, vec![Action::Withdraw]);
    let html = draw("request", || in_frame("请假详情", Tab::Leave, request(facts::words(), &data, actions())));
    assert!(html.contains("审批中 2/3"));
    insta::assert_snapshot!(html);
}

#[test]
fn after_the_last_day_the_request_asks_for_the_return() {
    let data = facts::request(Status::AwaitingReturn, vec![Action::Return]);
    let html = draw("request_due", || request(facts::words(), &data, actions()));
    assert!(html.contains("假期已结束"));
    assert!(!html.contains("撤回申请"), "a button that the state machine does not allow");
}

#[test]
fn the_return_sheet_says_what_an_early_return_means() {
    let last = facts::request(Status::OnLeave, vec![]).to;
    let html = draw("return", || {
        let date = RwSignal::new("2026-11-24".to_owned());
        return_form(facts::words(), last, date, RwSignal::new(last.half), false.into(), nothing())
    });
    assert!(html.contains("提前到岗"));
    insta::assert_snapshot!(html);
}

#[test]
fn the_inbox_shows_what_is_decided_on() {
    let actions = || TaskActions { approve: nothing(), refuse: nothing() };
    let html = draw("inbox", || {
        in_frame("审批", Tab::Home, inbox(facts::words(), &[facts::task(), facts::task()], actions()))
    });
    insta::assert_snapshot!(html);
    let html = draw("inbox_empty", || inbox(facts::words(), &[], actions()));
    assert!(html.contains("没有待审批的事项"));
}

#[test]
fn a_refusal_needs_a_reason() {
    let refuse = |reason: &'static str| {
        draw("refuse", || {
            let comment = RwSignal::new(reason.to_owned());
            refuse_form(facts::words(), &facts::task(), comment, false.into(), nothing())
        })
    };
    let is_disabled = |html: &str| html.lines().any(|line| line.contains("<button") && line.contains("disabled"));
    assert!(is_disabled(&refuse("  ")));
    assert!(!is_disabled(&refuse("开庭在即，请改期。")));
    let html = draw("approve", || {
        approve_form(facts::words(), &facts::task(), RwSignal::new(String::new()), false.into(), nothing())
    });
    insta::assert_snapshot!(html);
}
