//! Leave after it is approved: 续假, the confirmation of a return, returns that nobody has reported, the settings.

use app::day::{Half, HalfDay};
use app::leave::api::{
    Confirmation, Dispute, Extended, Extension, LeaveRequest, LeaveSettings, ReturnReport, Unreported,
};
use app::leave::rules::{Action, Status};
use frontend::i18n::Locale;
use frontend::kit::{Load, Tab};
use frontend::leave::after::{AfterActions, ExtendForm, after, dispute_form, extend_form};
use frontend::leave::settings_card::{LeaveSettingsForm, leave_settings_card};
use frontend::leave::unreported_view::unreported;
use frontend::leave::view::request;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn nothing() -> Callback<()> {
    Callback::new(|()| ())
}

fn page(name: &str, data: LeaveRequest) -> String {
    draw(name, move || {
        let deed = Callback::new(|_| ());
        let actions = AfterActions { extend: nothing(), confirm: nothing(), dispute: nothing(), deed };
        let below = after(facts::words(), &data, false.into(), actions);
        let view = view! { <div class="stack">{request(facts::words(), &data, nothing(), nothing(), nothing())} {below}</div> };
        in_frame("请假详情", Tab::Leave, view.into_any())
    })
}

fn extension(status: Status) -> Extension {
    let to = HalfDay { date: facts::day(26), half: Half::Pm };
    Extension { id: facts::id(8), number: "假2026-000124".to_owned(), status, to }
}

fn report() -> ReturnReport {
    ReturnReport {
        back: HalfDay { date: facts::day(24), half: Half::Pm },
        reported_at: facts::at(24, 13, 40),
        note: Some("民二庭办公室".to_owned()),
        is_waiting: true,
        confirmed_by: None,
        confirmed_at: None,
        disputed: None,
    }
}

#[test]
fn a_leave_and_its_extension_name_each_other() {
    let mut data = facts::request(Status::OnLeave, vec![Action::Return, Action::Extend]);
    let html = page("after_extend", data.clone());
    assert!(html.contains("续假"), "{html}");
    data.actions = vec![];
    data.extension = Some(extension(Status::Approved));
    let html = page("after_extended", data.clone());
    assert!(html.contains("已续假至 11月26日 周四 下午") && html.contains("href=\"/leave/"), "{html}");
    insta::assert_snapshot!(html);
    data.extension = None;
    data.extends = Some(Extended { id: facts::id(6), number: "假2026-000122".to_owned() });
    assert!(page("after_extends", data).contains("续自 假2026-000122"));
}

#[test]
fn until_an_extension_is_approved_the_officer_is_due_back() {
    let mut data = facts::request(Status::AwaitingReturn, vec![Action::Return]);
    data.extension = Some(extension(Status::InApproval));
    let html = page("after_still_due", data);
    assert!(html.contains("续假尚未批准；批准前请按时返岗") && html.contains("续假申请至"), "{html}");
}

#[test]
fn whoever_confirms_a_return_reads_what_was_reported() {
    let mut data = facts::request(Status::AwaitingReturn, vec![Action::ConfirmReturn, Action::DisputeReturn]);
    data.return_report = Some(report());
    let html = page("after_confirm", data.clone());
    for text in ["等待确认", "民二庭办公室", "确认销假", "退回销假"] {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("回到岗位后请销假"), "he has reported: {html}");
    insta::assert_snapshot!(html);
    let disputed = Dispute {
        by: "王建国".to_owned(),
        at: facts::at(24, 15, 0),
        back: HalfDay { date: facts::day(25), half: Half::Am },
        reason: "24日下午未见到岗。".to_owned(),
    };
    data.actions = vec![Action::Return];
    data.return_report = Some(ReturnReport { is_waiting: false, disputed: Some(disputed), ..report() });
    let html = page("after_disputed", data);
    assert!(html.contains("王建国退回了销假") && html.contains("24日下午未见到岗"), "{html}");
}

#[test]
fn the_extend_sheet_shows_what_it_adds() {
    let leave = facts::request(Status::OnLeave, vec![Action::Extend]);
    let asked = leave.clone();
    let html = draw("after_extend_sheet", move || {
        let form = ExtendForm::default();
        form.fill(&leave);
        let preview = RwSignal::new(Load::Ready(facts::preview()));
        extend_form(facts::words(), &leave, form, preview.into(), false.into(), nothing())
    });
    assert!(html.contains("续假从 11月24日 周二 下午 开始"), "{html}");
    insta::assert_snapshot!(html);
    Owner::new().with(|| {
        let form = ExtendForm::default();
        form.fill(&asked);
        let preview = form.preview(&asked).expect("a day is chosen");
        assert_eq!((preview.extends, preview.from), (Some(asked.id), asked.to.next()));
        let body = form.body(facts::id(9), &asked).expect("a day is chosen");
        assert_eq!((body.version, body.to), (asked.version, HalfDay { date: facts::day(24), half: Half::Pm }));
        form.to_date.set(String::new());
        assert!(form.body(facts::id(9), &asked).is_none());
    });
}

#[test]
fn sending_a_return_back_needs_a_reason() {
    let sheet = |text: &'static str| {
        draw("after_dispute", move || {
            let back = (RwSignal::new("2026-11-25".to_owned()), RwSignal::new(Half::Am));
            dispute_form(Locale::zh_CN, back, RwSignal::new(text.to_owned()), false.into(), nothing())
        })
    };
    let is_off =
        |html: &str| html.lines().find(|line| line.contains("button-wide")).map(|line| line.contains("disabled"));
    assert_eq!(is_off(&sheet(" ")), Some(true));
    assert_eq!(is_off(&sheet("24日下午未见到岗")), Some(false));
}

#[test]
fn a_missing_report_accuses_nobody() {
    let mut data = facts::request(Status::AwaitingReturn, vec![Action::Return]);
    data.overdue_days = Some(2);
    let html = page("after_overdue", data);
    assert!(html.contains("2 个工作日") && html.contains("不表示未到岗"), "{html}");
    let item = |number: &str, overdue_days| Unreported {
        id: facts::id(7),
        number: number.to_owned(),
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        to: HalfDay { date: facts::day(18), half: Half::Pm },
        overdue_days,
    };
    let items = [item("假2026-000123", 2), item("假2026-000124", 0)];
    let html = draw("unreported", || unreported(facts::words(), &items));
    assert!(html.contains("2 个工作日") && html.contains("未到期限") && html.contains("不表示未到岗"), "{html}");
    insta::assert_snapshot!(html);
    let none = draw("unreported_none", || unreported(facts::words(), &[]));
    assert!(none.contains("没有待销假的请假"), "{none}");
}

#[test]
fn the_settings_say_what_is_out_of_bounds() {
    let html = draw("leave_settings", || {
        let saved = RwSignal::new(LeaveSettings::default());
        let form = LeaveSettingsForm::default();
        leave_settings_card(Locale::zh_CN, saved.into(), form, false.into(), nothing())
    });
    assert!(html.lines().any(|line| line.contains("<button") && line.contains("disabled")), "nothing to save: {html}");
    insta::assert_snapshot!(html);
    Owner::new().with(|| {
        let form = LeaveSettingsForm::default();
        assert_eq!(form.settings(Locale::zh_CN), Ok(LeaveSettings::default()));
        let other = LeaveSettings {
            extend_workdays_before: 1,
            return_confirmation: Confirmation::PoliticalDepartment,
            overdue_leader_from_day: 3,
            attachment_megabytes: 8,
            attachments_a_request: 3,
            absence_days: [2, 4, 6, 8, 10],
            convert_sickness: true,
        };
        form.fill(other);
        assert_eq!(form.settings(Locale::zh_CN), Ok(other));
        form.fill(LeaveSettings { overdue_leader_from_day: 9, ..other });
        assert_eq!(form.settings(Locale::zh_CN), Err("提醒领导的起始日应在第 1 至第 5 个工作日之间".to_owned()));
    });
}
