//! Drafts, filling in like last time, and asking in place of another.

use app::day::{Half, HalfDay};
use app::leave::api::{LeaveDraft, LeaveDraftContent, OnBehalfOfficer};
use app::leave::like_last::LikeLast;
use app::leave::rules::{Action, Status};
use frontend::kit::{Load, Tab};
use frontend::leave::draft_view::{DraftStatus, HeadActions, LineActions, draft_line, form_head};
use frontend::leave::form::{LeaveForm, SubmitButton, leave_form};
use frontend::leave::on_behalf_view::{choose, submitted, whose};
use frontend::leave::view::{LeaveOverview, overview};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn content() -> LeaveDraftContent {
    LeaveDraftContent {
        leave_type: "annual".to_owned(),
        from_date: Some(facts::day(26)),
        from_half: Half::Am,
        to_date: Some(facts::day(27)),
        to_half: Half::Pm,
        reason: "回乡探望父母".to_owned(),
        destination: String::new(),
        contact: String::new(),
        stand_in: Some("G0124".to_owned()),
        stand_in_name: Some("赵倩".to_owned()),
    }
}

fn draft(number: u128, content: LeaveDraftContent) -> LeaveDraft {
    LeaveDraft { id: facts::id(number), version: 2, changed_at: facts::at(20, 9, 12), content }
}

fn like() -> LikeLast {
    LikeLast {
        of: facts::id(7),
        leave_type: "annual".to_owned(),
        from: HalfDay { date: facts::day(27), half: Half::Pm },
        to: HalfDay { date: facts::day(27), half: Half::Pm },
        reason: "接送孩子".to_owned(),
        destination: "本市".to_owned(),
        contact: "13800000000".to_owned(),
        stand_in: Some(("G0124".to_owned(), "赵倩".to_owned())),
    }
}

fn line() -> LineActions {
    LineActions { take_theirs: nothing(), keep_mine: nothing(), discard: nothing() }
}

#[test]
fn above_a_new_form_stand_drafts_and_the_last_request() {
    let undated = LeaveDraftContent { from_date: None, to_date: None, leave_type: "sick".to_owned(), ..content() };
    let drafts = [draft(71, content()), draft(72, undated)];
    let actions = HeadActions { go_on: nothing(), discard: nothing(), fill: nothing() };
    let html = draw("draft_head", || {
        in_frame("申请请假", Tab::Leave, form_head(facts::words(), &drafts, Some(&like()), actions))
    });
    assert!(html.contains("继续填写") && html.contains("照上次填写") && html.contains("未选日期"));
    insta::assert_snapshot!(html);
    let empty = draw("draft_head_empty", || form_head(facts::words(), &[], None, actions));
    assert!(!empty.contains("<button"), "who has neither sees the form and nothing else");
}

#[test]
fn a_draft_is_saved_where_the_server_has_it_and_nowhere_else() {
    let conflict = DraftStatus::Conflict(Box::new(draft(71, content())));
    let all = [
        DraftStatus::Untouched,
        DraftStatus::Unsaved,
        DraftStatus::Saving,
        DraftStatus::Offline,
        DraftStatus::Refused("最多保存10份草稿，请先删除不用的草稿，再继续填写".to_owned()),
        conflict.clone(),
    ];
    for status in all {
        let html = draw("draft_line", || draft_line(facts::words(), &status, line()));
        assert!(!html.contains("草稿已保存"), "{status:?}: {html}");
    }
    let saved = draw("draft_saved", || draft_line(facts::words(), &DraftStatus::Saved, line()));
    assert!(saved.contains("草稿已保存") && saved.contains("放弃草稿"));
    let conflict = draw("draft_conflict", || draft_line(facts::words(), &conflict, line()));
    insta::assert_snapshot!([saved, conflict].join("\n"));
}

#[test]
fn a_form_gives_back_what_it_was_filled_with() {
    let owner = Owner::new();
    owner.with(|| {
        let form = LeaveForm::for_day(facts::day(23));
        form.fill(&content());
        assert_eq!(form.draft(), content());
        let undated =
            LeaveDraftContent { from_date: None, to_date: None, stand_in: None, stand_in_name: None, ..content() };
        form.fill(&undated);
        assert_eq!(form.draft(), undated);
        assert!(form.preview().is_none(), "nothing is asked for without days");
        form.fill_like(&like());
        let asked = form.submission(facts::id(8)).expect("both days are chosen");
        assert_eq!((asked.from, asked.to, asked.stand_in.as_deref()), (like().from, like().to, Some("G0124")));
        assert_eq!((asked.reason.as_str(), asked.contact.as_str()), ("接送孩子", "13800000000"));
    });
}

#[test]
fn the_leave_tab_lists_drafts() {
    let data = LeaveOverview {
        year: 2026,
        balances: facts::balances(),
        requests: vec![facts::request(Status::InApproval, vec![])],
        more: false,
        drafts: vec![draft(71, content())],
    };
    let html = draw("leave_drafts", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())));
    assert!(html.contains(&format!("/leave/new?draft={}", facts::id(71))));
    insta::assert_snapshot!(html);
}

#[test]
fn who_asks_for_another_finds_him_first() {
    let search = view! { <p>"查找"</p> }.into_any();
    let html = draw("on_behalf", || {
        let request = facts::request(Status::InApproval, vec![Action::Withdraw]);
        let parts = view! {
            {choose(facts::words(), search)}
            {submitted(facts::words(), &[request])}
        };
        in_frame("代提交请假", Tab::Me, parts.into_any())
    });
    insta::assert_snapshot!(html);
    let none = draw("on_behalf_none", || submitted(facts::words(), &[]));
    assert!(none.contains("还没有代提交的申请"));
}

#[test]
fn the_form_says_whose_leave_it_is() {
    let officer = OnBehalfOfficer {
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        types: facts::leave_types(),
    };
    let html = draw("on_behalf_form", || {
        let preview = RwSignal::new(Load::Ready(facts::preview()));
        let form = LeaveForm::for_day(facts::day(23));
        let submit = SubmitButton { text: "提交申请", busy: false.into(), on_press: nothing() };
        let fields = ().into_any();
        let parts = view! {
            {whose(facts::words(), &officer, nothing())}
            {leave_form(facts::words(), &officer.types, form, preview.into(), fields, submit)}
        };
        in_frame("代提交请假", Tab::Me, parts.into_any())
    });
    assert!(html.contains("代 王晓燕 · 民事审判第二庭 请假"));
    insta::assert_snapshot!(html);
}

#[test]
fn a_card_and_a_request_name_who_submitted_them() {
    let request = app::leave::api::LeaveRequest {
        submitted_by: Some("G0200".to_owned()),
        submitted_by_name: Some("孙梅".to_owned()),
        ..facts::request(Status::InApproval, vec![])
    };
    let html = draw("request_on_behalf", || {
        frontend::leave::view::request(facts::words(), &request, nothing(), nothing(), nothing())
    });
    assert!(html.contains("代提交人") && html.contains("孙梅"));
    let own = draw("request_own", || {
        let own = facts::request(Status::InApproval, vec![]);
        frontend::leave::view::request(facts::words(), &own, nothing(), nothing(), nothing())
    });
    assert!(!own.contains("代提交人"));
}
