//! 逾期未归, 转为病假, another stand-in: what stands below a request, the sheet, and the pages of 政治部.

use app::leave::api::{
    AbsenceDeed, AbsenceEntry, AbsenceRecord, Absent, Conversion, Evidence, Extended, LeaveRequest, StandInRule,
};
use app::leave::rules::absence::{KnownBy, Limit, Limits, Running};
use app::leave::rules::{Action, Status};
use app::org::rules::Category;
use frontend::i18n::Locale;
use frontend::kit::Tab;
use frontend::leave::absence_view::{Deed, DeedForm, absence, deed_form};
use frontend::leave::absences_view::{LimitsForm, absences, limits_card, stand_in_rules};
use frontend::leave::words::status_text;
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn page(name: &str, data: LeaveRequest) -> String {
    draw(name, move || {
        let view = absence(facts::words(), &data, Callback::new(|_| ()));
        in_frame("请假详情", Tab::Leave, view! { <div class="stack">{view}</div> }.into_any())
    })
}

fn record(is_open: bool) -> AbsenceRecord {
    let entry = |deed, note: &str| AbsenceEntry {
        deed,
        by: "王建国".to_owned(),
        at: facts::at(26, 9, 5),
        day: (deed != AbsenceDeed::Answered).then(|| facts::day(25)),
        known_by: (deed == AbsenceDeed::Recorded).then_some(KnownBy::OutOfReach),
        note: note.to_owned(),
    };
    AbsenceRecord {
        since: is_open.then(|| facts::day(25)),
        running: Running { natural_days: 2, workdays: 2 },
        entries: vec![entry(AbsenceDeed::Recorded, "打电话未接"), entry(AbsenceDeed::Answered, "航班取消")],
    }
}

#[test]
fn the_leader_is_asked_and_the_officer_is_told() {
    let mut data = facts::request(Status::AwaitingReturn, vec![Action::RecordAbsence]);
    let html = page("absence_ask", data.clone());
    assert!(html.contains("是否已返岗") && html.contains("确认没有返岗的才记录未归"), "{html}");
    data.actions = vec![Action::Return, Action::AnswerAbsence];
    data.absence = Some(record(true));
    let html = page("absence_own", data.clone());
    for text in ["已返岗请销假", "已 2 天（2 个工作日）", "联系不上", "航班取消", "说明情况"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
    assert!(!html.contains("辞退") && !html.contains("界限"), "the limit is for 政治部 only: {html}");
    insta::assert_snapshot!(html);
    data.absence = Some(record(false));
    assert!(page("absence_over", data).contains("没有生效的未归记录"));
}

#[test]
fn a_leave_and_its_conversion_name_each_other() {
    let mut data = facts::request(Status::OnLeave, vec![Action::Convert]);
    data.conversions = vec![Conversion {
        id: facts::id(8),
        number: "假2026-000124".to_owned(),
        status: Status::InApproval,
        from: data.from,
        to: data.to,
    }];
    let html = page("absence_convert", data.clone());
    assert!(html.contains("转病假") && html.contains("转为病假"), "{html}");
    data.converts = Some(Extended { id: facts::id(6), number: "假2026-000122".to_owned() });
    assert!(page("absence_converts", data.clone()).contains("由 假2026-000122 转病假"));
    // Who may consent, and who has to bring the certificate, read it while there is none.
    data.status = Status::InApproval;
    data.evidence = Some(Evidence::Owed);
    data.actions = vec![Action::Approve, Action::Refuse, Action::ConfirmEvidence];
    assert!(page("absence_convert_owed", data.clone()).contains("尚未交就诊证明，不能同意"));
    data.actions = vec![Action::Withdraw];
    assert!(page("absence_convert_owed_own", data.clone()).contains("请在本页上传就诊证明照片"));
    data.evidence = Some(Evidence::Seen { by: "王庭长".to_owned(), at: data.submitted_at });
    assert!(!page("absence_convert_seen", data).contains("就诊证明照片"));
}

#[test]
fn the_sheet_asks_for_what_each_deed_needs() {
    let leave = facts::request(Status::AwaitingReturn, Vec::new());
    let sheet = |name: &'static str, deed: Deed| {
        let leave = leave.clone();
        draw(name, move || {
            let form = DeedForm::default();
            form.fill(deed, &leave, facts::day(26));
            deed_form(Locale::zh_CN, deed, form, None, false.into(), Callback::new(|()| ()))
        })
    };
    let html = sheet("absence_record_sheet", Deed::Record);
    assert!(html.contains("未归起始日") && html.contains("联系不上") && html.contains("disabled"), "{html}");
    insta::assert_snapshot!(html);
    assert!(sheet("absence_lift_sheet", Deed::Lift).contains("返岗日"));
    assert!(sheet("absence_convert_sheet", Deed::Convert).contains("须交验就诊证明"));
    assert!(!sheet("absence_answer_sheet", Deed::Answer).contains("返岗日"));
    assert!(!sheet("absence_stand_in_sheet", Deed::NameStandIn).contains("deed-note"));
}

#[test]
fn the_political_department_sees_the_days_against_the_limit() {
    let item = Absent {
        id: facts::id(7),
        number: "假2026-000123".to_owned(),
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        category: Some(Category::Judge),
        to: app::day::HalfDay::pm(facts::day(8)),
        since: facts::day(9),
        recorded_by: "王建国".to_owned(),
        known_by: Some(KnownBy::NotSeen),
        is_answered: true,
        running: Running { natural_days: 16, workdays: 12 },
        in_year: Running { natural_days: 20, workdays: 15 },
        limit: Some(Limit::STATUTE),
        is_passed: true,
    };
    let html = draw("absences", || absences(facts::words(), &[item]));
    for text in ["16 天 / 12 个工作日", "连续超过 15 天或全年超过 30 天（自然日）", "已超过", "本人有说明"]
    {
        assert!(html.contains(text), "{text}: {html}");
    }
    insta::assert_snapshot!(html);
    assert!(draw("absences_none", || absences(facts::words(), &[])).contains("没有未归记录"));
    let html = draw("absence_limits", || {
        limits_card(Locale::zh_CN, &LimitsForm::of(&Limits::default()), false.into(), Callback::new(|()| ()))
    });
    assert!(html.contains("公务员法") && html.contains("聘用制人员"), "{html}");
    Owner::new().with(|| assert_eq!(LimitsForm::of(&Limits::default()).limits(), Some(Limits::default())));
    let rule = StandInRule {
        court: facts::id(1),
        court_name: "江州市中级人民法院".to_owned(),
        version: 1,
        accept_first: true,
    };
    let html = draw("stand_in_rules", || stand_in_rules(Locale::zh_CN, &[rule], Callback::new(|_| ())));
    assert!(html.contains("审批人不能批准") && html.contains("江州市中级人民法院"), "{html}");
}

#[test]
fn what_ended_by_itself_is_not_said_to_be_reported() {
    let mut data = facts::request(Status::Returned, Vec::new());
    data.needs_return = false;
    assert_eq!(status_text(Locale::zh_CN, &data), "已结束");
}
