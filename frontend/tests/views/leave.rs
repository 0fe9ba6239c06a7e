//! Leave.

use app::approval::api::{ChainStep, StepMode};
use app::approval::process::TaskState;
use app::leave::api::{LeaveRequest, Recounted};
use app::leave::rules::{Action, Status};
use frontend::i18n::Locale;
use frontend::kit::{Load, Tab};
use frontend::leave::form::{LeaveForm, SubmitButton, cancel_form, leave_form, return_form};
use frontend::leave::view::{LeaveOverview, overview, request};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn button(text: &'static str) -> SubmitButton {
    SubmitButton { text, busy: false.into(), on_press: nothing() }
}

/// Where the search for a colleague stands, which fetches and is a view of its own.
fn search() -> AnyView {
    view! { <p>"工作代理人"</p> }.into_any()
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
        let view = leave_form(facts::words(), &types, form, preview.into(), search(), button("提交申请"));
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
        leave_form(facts::words(), &facts::leave_types(), form, preview.into(), search(), button("提交申请"))
    });
    let button = html.lines().find(|line| line.contains("button-wide")).expect("the form has its button");
    assert!(button.contains("disabled"), "{button}");
}

#[test]
fn a_request_says_how_far_it_is() {
    let data = facts::request(Status::InApproval, vec![Action::Withdraw]);
    let html =
        draw("request", || in_frame("请假详情", Tab::Leave, request(facts::words(), &data, nothing(), nothing())));
    assert!(html.contains("审批中 2/3"));
    insta::assert_snapshot!(html);
}

#[test]
fn after_the_last_day_the_request_asks_for_the_return() {
    let data = facts::request(Status::AwaitingReturn, vec![Action::Return]);
    let html = draw("request_due", || request(facts::words(), &data, nothing(), nothing()));
    assert!(html.contains("假期已结束"));
    let data = facts::request(Status::OnLeave, vec![]);
    let html = draw("request_on_leave", || request(facts::words(), &data, nothing(), nothing()));
    assert!(!html.contains("<button"), "a button that the state machine does not allow");
}

#[test]
fn who_approved_can_take_it_back_and_everybody_reads_why() {
    let data = facts::request(Status::Approved, vec![Action::Cancel]);
    let html = draw("request_to_cancel", || request(facts::words(), &data, nothing(), nothing()));
    assert!(html.contains("撤销这份请假"));
    let mut data = facts::request(Status::Cancelled, vec![]);
    data.cancelled = Some(facts::cancellation());
    let html = draw("request_cancelled", || request(facts::words(), &data, nothing(), nothing()));
    assert!(html.contains("王建国") && html.contains("当日有紧急庭审") && !html.contains("<button"), "{html}");
    insta::assert_snapshot!(html);
}

#[test]
fn a_request_says_how_it_was_counted_anew() {
    let recounted = Recounted { at: facts::at(22, 9, 0), before: 6, after: 4, uncovered: 0 };
    let of = |name: &str, recounted| {
        let data = LeaveRequest { recounted, ..facts::request(Status::Approved, vec![]) };
        draw(name, || request(facts::words(), &data, nothing(), nothing()))
    };
    let html = of("request_recounted", Some(recounted));
    assert!(html.contains("由3 天重新核算为2 天"), "{html}");
    let html = of("request_uncovered", Some(Recounted { before: 4, after: 4, uncovered: 2, ..recounted }));
    assert!(html.contains("还应计入1 天") && !html.contains("重新核算为"), "{html}");
    assert!(!of("request_same", None).contains("日历"));
}

#[test]
fn the_cancel_sheet_needs_a_reason() {
    let sheet = |text: &'static str| {
        draw("cancel", || cancel_form(Locale::zh_CN, RwSignal::new(text.to_owned()), false.into(), nothing()))
    };
    let button =
        |html: &str| html.lines().find(|line| line.contains("button-wide")).map(|line| line.contains("disabled"));
    let html = sheet("  ");
    assert_eq!(button(&html), Some(true));
    assert_eq!(button(&sheet("当日有紧急庭审")), Some(false));
    insta::assert_snapshot!(html);
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
fn a_request_that_was_sent_back_is_prefilled_and_names_itself() {
    let html = draw("leave_resubmit", || {
        let mut preview = facts::preview();
        preview
            .chain
            .push(ChainStep { mode: StepMode::Any, ..facts::step(3, Some("李静"), "院长", TaskState::Waiting) });
        preview.chain.push(ChainStep {
            mode: StepMode::Any,
            ..facts::step(3, Some("陈海涛"), "常务副院长", TaskState::Waiting)
        });
        let preview = RwSignal::new(Load::Ready(preview));
        let form = LeaveForm::of(&facts::request(Status::SentBack, vec![]));
        assert_eq!(form.destination.get_untracked(), "邻市");
        let asked = form.preview().expect("both days are there");
        assert!(asked.resubmits.is_some(), "so that it is not in its own way");
        assert_eq!(form.resubmission(2).map(|body| (body.version, body.stand_in)), Some((2, Some("G0124".to_owned()))));
        let types = facts::leave_types();
        leave_form(facts::words(), &types, form, preview.into(), search(), button("重新提交"))
    });
    let button = html.lines().find(|line| line.contains("button-wide")).expect("the form has its button");
    assert!(!button.contains("disabled"), "{button}");
    let chain = html.split("由谁审批").nth(1).and_then(|rest| rest.split("</section>").next()).expect("the chain");
    insta::assert_snapshot!(chain);
}
