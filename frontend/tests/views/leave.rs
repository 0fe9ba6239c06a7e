//! Leave.

use app::approval::api::{ChainStep, StepMode};
use app::approval::process::TaskState;
use app::day::{Half, HalfDay};
use app::leave::api::{Evidence, LeaveRequest, Recounted};
use app::leave::api::{GroupMember, LeavePeriod, OnDuty, PresenceRule, PreviewDay, PreviewResult, StandIn, TypeRules};
use app::leave::conflict::{PeriodKind, Settings};
use app::leave::rules::{Action, Status};
use app::leave::sight::{self, Sight};
use app::leave::stand_in::StandInState;
use app::leave::types::{BUILTIN, LEAVING_TOWN, Lane, LeaveType};
use app::org::rules::Category;
use frontend::i18n::Locale;
use frontend::kit::{Load, Tab};
use frontend::leave::conflict_view::{
    EffectForm, Fetched, ListActions, RuleForm, effects, period_form, periods, rule_form, rules,
};
use frontend::leave::form::{LeaveForm, SubmitButton, cancel_form, leave_form, return_form};
use frontend::leave::stand_in_view::{answer_form, stand_in_text, stand_ins};
use frontend::leave::types::form::TypeForm;
use frontend::leave::types::view as types_view;
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
fn a_list_says_which_requests_owe_papers() {
    let drawn = |status, evidence| {
        let requests = vec![LeaveRequest { evidence, ..facts::request(status, vec![]) }];
        let balances = facts::balances();
        let data = LeaveOverview { year: 2026, balances, requests, more: false, drafts: vec![] };
        draw("leave_owed", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())))
    };
    let seen = Evidence::Seen { by: "王庭长".to_owned(), at: facts::request(Status::OnLeave, vec![]).submitted_at };
    for status in [Status::InApproval, Status::OnLeave, Status::Returned] {
        assert!(drawn(status, Some(Evidence::Owed)).contains("待补证明"), "{status:?}");
        assert!(!drawn(status, None).contains("待补证明") && !drawn(status, Some(seen.clone())).contains("待补证明"));
    }
    assert!(!drawn(Status::Refused, Some(Evidence::Owed)).contains("待补证明"), "it came to nothing");
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
        drafts: Vec::new(),
    };
    let html = draw("leave", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())));
    insta::assert_snapshot!(html);
}

#[test]
fn a_lost_year_says_that_it_gives_nothing() {
    let mut balances = facts::balances();
    let text = "2026年累计事假已达20天，按《职工带薪年休假条例》第四条不享受当年年休假";
    balances[0].available = Some(0);
    balances[0].lost = Some(app::leave::api::Lost { half_days: 16, text: text.to_owned() });
    let data = LeaveOverview { year: 2026, balances, requests: vec![], more: false, drafts: vec![] };
    let html = draw("leave_lost", || in_frame("请假", Tab::Leave, overview(facts::words(), &data, nothing())));
    // The whole sentence stands on the page that the tile leads to.
    assert!(html.contains("本年不享受") && !html.contains(text), "{html}");
}

#[test]
fn the_leave_tab_of_a_newcomer_is_empty() {
    let data = LeaveOverview { year: 2026, balances: facts::balances(), requests: vec![], more: false, drafts: vec![] };
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

/// The form with 外出报备 chosen, and what it would be.
fn report_form(destination: &str, contact: &str) -> AnyView {
    let days = facts::preview().days.into_iter().take(4).map(|day| PreviewDay { counts: false, ..day }).collect();
    let preview = PreviewResult { half_days: 0, lane: Lane::Report, available_after: None, days, ..facts::preview() };
    let form = LeaveForm::for_day(facts::day(28));
    form.leave_type.set(LEAVING_TOWN.name.clone());
    form.destination.set(destination.to_owned());
    form.contact.set(contact.to_owned());
    let mut types = facts::leave_types();
    types.push(LEAVING_TOWN.seen(true));
    let preview = RwSignal::new(Load::Ready(preview));
    leave_form(facts::words(), &types, form, preview.into(), search(), button("提交申请"))
}

#[test]
fn leaving_town_asks_where_to_and_says_that_it_takes_no_leave() {
    let disabled = |html: &str| {
        let button = html.lines().find(|line| line.contains("button-wide")).expect("the form has its button");
        button.contains("disabled")
    };
    let html = draw("leave_report", || in_frame("申请请假", Tab::Leave, report_form("临江市", "13800000000")));
    assert!(html.contains("外出报备不是请假") && html.contains("不占用假期") && html.contains("必填"), "{html}");
    assert!(!disabled(&html));
    insta::assert_snapshot!(html);
    for (destination, contact) in [("", "13800000000"), ("临江市", " ")] {
        assert!(disabled(&draw("leave_report_missing", || report_form(destination, contact))));
    }
}

#[test]
fn a_report_is_shown_as_what_it_is() {
    let draw_one = |name, status, actions| {
        let data = facts::report(status, actions);
        draw(name, || request(facts::words(), &data, nothing(), nothing(), nothing()))
    };
    let html = draw_one("report_out", Status::OnLeave, vec![]);
    assert!(html.contains("外出中") && html.contains("2 天，不占用假期") && html.contains("临江市"), "{html}");
    let html = draw_one("report_due", Status::AwaitingReturn, vec![Action::Return]);
    assert!(html.contains("外出时间已结束") && !html.contains("到岗"), "{html}");
    insta::assert_snapshot!(html);
    // Who has a copy reads that it is a report, and neither where to nor for how much.
    let copy = sight::request(Sight::Copy, facts::report(Status::Approved, vec![]));
    let html = draw("report_copy", || request(facts::words(), &copy, nothing(), nothing(), nothing()));
    assert!(html.contains("外出报备") && !html.contains("临江市"), "{html}");
    let html = draw("report_back", || {
        let (date, note) = (RwSignal::new("2026-11-30".to_owned()), RwSignal::new(String::new()));
        let last = (HalfDay::pm(facts::day(29)), Lane::Report);
        return_form(facts::words(), last, (date, RwSignal::new(Half::Am)), note, false.into(), nothing())
    });
    assert!(html.contains("返回时间") && !html.contains("未休的天数"), "{html}");
}

#[test]
fn what_counts_nothing_has_no_days_to_set() {
    let draw_type = |name, of: &LeaveType| {
        draw(name, || {
            let error = RwSignal::new(String::new());
            types_view::form(Locale::zh_CN, TypeForm::of(of), error, false.into(), nothing())
        })
    };
    let html = draw_type("type_report", &LEAVING_TOWN);
    assert!(
        html.contains("结束后要销假") && !html.contains("一年最多几天") && !html.contains("额度从哪里来"),
        "{html}"
    );
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
    let html = draw("request", || {
        in_frame("请假详情", Tab::Leave, request(facts::words(), &data, nothing(), nothing(), nothing()))
    });
    assert!(html.contains("审批中 2/3"));
    insta::assert_snapshot!(html);
}

#[test]
fn after_the_last_day_the_request_asks_for_the_return() {
    let data = facts::request(Status::AwaitingReturn, vec![Action::Return]);
    let html = draw("request_due", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    assert!(html.contains("假期已结束"));
    let data = facts::request(Status::OnLeave, vec![]);
    let html = draw("request_on_leave", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    assert!(!html.contains("<button"), "a button that the state machine does not allow");
}

#[test]
fn who_approved_can_take_it_back_and_everybody_reads_why() {
    let data = facts::request(Status::Approved, vec![Action::Cancel]);
    let html = draw("request_to_cancel", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    assert!(html.contains("撤销这份请假"));
    let mut data = facts::request(Status::Cancelled, vec![]);
    data.cancelled = Some(facts::cancellation());
    let html = draw("request_cancelled", || request(facts::words(), &data, nothing(), nothing(), nothing()));
    assert!(html.contains("王建国") && html.contains("当日有紧急庭审") && !html.contains("<button"), "{html}");
    insta::assert_snapshot!(html);
}

#[test]
fn a_request_says_how_it_was_counted_anew() {
    let recounted = Recounted { at: facts::at(22, 9, 0), before: 6, after: 4, uncovered: 0 };
    let of = |name: &str, recounted| {
        let data = LeaveRequest { recounted, ..facts::request(Status::Approved, vec![]) };
        draw(name, || request(facts::words(), &data, nothing(), nothing(), nothing()))
    };
    let html = of("request_recounted", Some(recounted));
    assert!(html.contains("由3 天重新核算为2 天"), "{html}");
    let html = of("request_uncovered", Some(Recounted { before: 4, after: 4, uncovered: 2, ..recounted }));
    assert!(html.contains("还应计入1 天") && !html.contains("重新核算为"), "{html}");
    assert!(!of("request_same", None).contains("日历"));
    let hours = LeaveRequest {
        recounted: Some(Recounted { before: 180, after: 120, ..recounted }),
        minutes: Some(120),
        half_days: 0,
        lane: Lane::Hours,
        ..facts::request(Status::Approved, vec![])
    };
    let html = draw("request_hours_recounted", || request(facts::words(), &hours, nothing(), nothing(), nothing()));
    assert!(html.contains("由180 分钟重新核算为120 分钟"), "{html}");
}

#[test]
fn a_request_on_days_without_a_notice_says_so() {
    let of = |provisional| {
        let data = LeaveRequest { provisional, ..facts::request(Status::InApproval, vec![]) };
        draw("request_provisional", || request(facts::words(), &data, nothing(), nothing(), nothing()))
    };
    assert!(!of(false).contains("尚未公布"));
    assert!(of(true).contains("放假安排尚未公布，天数为暂计"));
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
        let note = RwSignal::new(String::new());
        return_form(
            facts::words(),
            (last, Lane::Leave),
            (date, RwSignal::new(last.half)),
            note,
            false.into(),
            nothing(),
        )
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

#[test]
fn the_settings_of_every_type_are_drawn() {
    let items: Vec<TypeRules> = BUILTIN
        .iter()
        .map(|rules| TypeRules { version: i64::from(rules.name == "sick"), rules: rules.clone() })
        .collect();
    let html = draw("leave_types", || types_view::types(Locale::zh_CN, &items, Callback::new(|_| ())));
    assert!(html.contains("按工龄 5/10/15 天") && html.contains("已调整"));
    let html = draw("leave_type_form", || {
        let form = TypeForm::of(&BUILTIN[0]);
        types_view::form(Locale::zh_CN, form, RwSignal::new(String::new()), Signal::stored(false), nothing())
    });
    for text in ["工龄满（年）", "一次最多几天", "说明和依据", "销假由谁确认", "按统一设置"]
    {
        assert!(html.contains(text), "{text}");
    }
    let html = draw("leave_type_provinces", || {
        let maternity = BUILTIN.iter().find(|known| known.name == "maternity").expect("a built-in type");
        let form = TypeForm::of(maternity);
        types_view::form(Locale::zh_CN, form, RwSignal::new(String::new()), Signal::stored(false), nothing())
    });
    assert!(html.contains("山东 158 天") && html.contains("未经核实"));
    let html = draw("leave_type_add", || {
        let (name, error) = (RwSignal::new("献血".to_owned()), RwSignal::new(String::new()));
        types_view::adding(Locale::zh_CN, name, RwSignal::new(false), error, nothing())
    });
    assert!(html.contains("保存后名称不能再改") && html.contains("每天若干分钟"), "{html}");
}

fn duty() -> LeavePeriod {
    LeavePeriod {
        id: facts::id(51),
        version: 1,
        kind: PeriodKind::Duty,
        title: "元旦值班".to_owned(),
        from: facts::day(28),
        to: facts::day(29),
        court: Some(facts::id(1)),
        court_name: Some("江州市中级人民法院".to_owned()),
        department: None,
        department_name: None,
        officers: vec![
            OnDuty { officer: "200001".to_owned(), name: "王晓燕".to_owned() },
            OnDuty { officer: "200002".to_owned(), name: "刘洋".to_owned() },
        ],
    }
}

fn panel() -> PresenceRule {
    let member = |officer: &str, name: &str| GroupMember { officer: officer.to_owned(), name: name.to_owned() };
    PresenceRule {
        id: facts::id(54),
        version: 1,
        title: "第一合议庭".to_owned(),
        court: facts::id(1),
        court_name: "江州市中级人民法院".to_owned(),
        department: None,
        department_name: None,
        post_class: None,
        category: None,
        officers: vec![member("200001", "王晓燕"), member("200002", "刘洋")],
        least: 1,
    }
}

#[test]
fn a_panel_is_filled_in_and_read_back() {
    let html = draw("presence_rule_form", || {
        let form = RuleForm::new();
        form.show_rule(&panel());
        let filled = form.rule().expect("all of it is there");
        assert_eq!((filled.version, filled.officers, filled.least), (1, vec!["200001".into(), "200002".into()], 1));
        form.clear(String::new());
        assert!(form.officers.with(Vec::is_empty));
        form.show_rule(&panel());
        let place = || view! { <p>"法院"</p> }.into_any();
        let fetched = Fetched { courts: place(), departments: place(), people: search() };
        view! { <div class="stack">{rule_form(Locale::zh_CN, form, fetched, false.into(), nothing())}</div> }.into_any()
    });
    assert!(html.contains("指定成员"));
    insta::assert_snapshot!(html);
}

#[test]
fn hr_sets_up_what_leave_collides_with() {
    let html = draw("leave_conflicts", || {
        let words = facts::words();
        let closed = LeavePeriod {
            id: facts::id(52),
            kind: PeriodKind::Blackout,
            title: "重大活动安保".to_owned(),
            court: None,
            court_name: None,
            officers: Vec::new(),
            ..duty()
        };
        let rule = PresenceRule {
            id: facts::id(53),
            version: 2,
            title: "民一庭法官".to_owned(),
            court: facts::id(1),
            court_name: "江州市中级人民法院".to_owned(),
            department: Some(facts::id(2)),
            department_name: Some("民事审判第一庭".to_owned()),
            post_class: None,
            category: Some(Category::Judge),
            officers: Vec::new(),
            least: 3,
        };
        let view = view! {
            {periods(words, &[duty(), closed], ListActions { edit: nothing(), remove: nothing() })}
            {rules(words, &[rule, panel()], ListActions { edit: nothing(), remove: nothing() })}
            {effects(Locale::zh_CN, EffectForm::of(&Settings::default()), true, false.into(), nothing())}
        };
        in_frame("值班与外出规则", Tab::Home, view.into_any())
    });
    for text in
        ["王晓燕、刘洋", "全省", "江州市中级人民法院 · 民事审判第一庭", "至少 3 人在岗", "第一合议庭", "不得提交"]
    {
        assert!(html.contains(text), "{text}");
    }
    insta::assert_snapshot!(html);
}

#[test]
fn a_period_is_filled_in_and_read_back() {
    let html = draw("leave_period_form", || {
        let form = RuleForm::new();
        form.show_period(&duty());
        let filled = form.period().expect("all of it is there");
        assert_eq!((filled.version, filled.officers.len()), (1, 2));
        assert_eq!((filled.court, filled.from, filled.to), (Some(facts::id(1)), facts::day(28), facts::day(29)));
        form.kind.set("blackout".to_owned());
        assert!(form.period().is_some_and(|period| period.officers.is_empty()), "nobody is on duty then");
        form.title.set("  ".to_owned());
        assert_eq!(form.period(), None);
        form.show_period(&duty());
        let place = || view! { <p>"法院"</p> }.into_any();
        let fetched = Fetched { courts: place(), departments: place(), people: search() };
        view! { <div class="stack">{period_form(Locale::zh_CN, form, fetched, false.into(), nothing())}</div> }
            .into_any()
    });
    insta::assert_snapshot!(html);
}

#[test]
fn whoever_is_to_stand_in_sees_when_and_what_speaks_against_it() {
    let html = draw("stand_ins", || {
        let open = StandIn {
            id: facts::id(7),
            officer: "G0123".to_owned(),
            name: "王晓燕".to_owned(),
            department: "民事审判第二庭".to_owned(),
            from: facts::request(Status::InApproval, vec![]).from,
            to: facts::request(Status::InApproval, vec![]).to,
            contact: "13800000000".to_owned(),
            status: Status::InApproval,
            state: StandInState::Open,
            note: String::new(),
            may_answer: true,
            warnings: vec!["代理人赵倩同期已为刘洋代理工作，请确认其能兼顾或另选代理人".to_owned()],
        };
        let begun = StandIn {
            id: facts::id(8),
            name: "刘洋".to_owned(),
            contact: String::new(),
            status: Status::OnLeave,
            state: StandInState::Accepted,
            note: "可以".to_owned(),
            may_answer: false,
            warnings: Vec::new(),
            ..open.clone()
        };
        in_frame("工作代理", Tab::Home, stand_ins(facts::words(), &[open, begun], nothing()))
    });
    assert_eq!(html.matches("同意代理").count(), 1, "what has begun is not answered any more");
    insta::assert_snapshot!(html);
    let sheet = draw("stand_in_answer", || {
        answer_form(Locale::zh_CN, false, RwSignal::new("那几天开庭".to_owned()), false.into(), nothing())
    });
    insta::assert_snapshot!("stand_in_answer", sheet);
}

#[test]
fn a_request_says_whether_its_stand_in_has_agreed() {
    let mut request = facts::request(Status::InApproval, vec![]);
    assert_eq!(stand_in_text(Locale::zh_CN, &request), "赵倩 · 已同意");
    request.stand_in_state = Some(StandInState::Declined);
    request.stand_in_note = Some("那几天开庭".to_owned());
    assert_eq!(stand_in_text(Locale::zh_CN, &request), "赵倩 · 不同意（那几天开庭）");
    (request.stand_in, request.stand_in_name, request.stand_in_state) = (None, None, None);
    assert_eq!(stand_in_text(Locale::zh_CN, &request), "");
}
