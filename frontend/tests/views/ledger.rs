//! Statements of accounts, what is to come, and what HR gives.

use app::day::Day;
use app::leave::api::{
    AccountOfficer, Balance, Expiring, GrantableType, LeaveExemption, LeaveType, Lost, LostYear, LostYears, Statement,
    StatementLine,
};
use app::leave::entitlement::ContractRule;
use app::leave::ledger::Kind;
use frontend::format::Words;
use frontend::i18n::Locale;
use frontend::kit::Tab;
use frontend::leave::account_view::{asked_day, day_field, figures, statement, unknown_type, year_switch};
use frontend::leave::accounts_view::{Fault, GrantForm, balances, cannot_read, choose, grant_check, grant_form, whose};
use frontend::leave::contract_card::{ContractForm, contract_card};
use frontend::leave::exemption_view::{CostlyYear, ExemptionForm, exemption_form, lost_years};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

fn annual() -> LeaveType {
    facts::leave_types().into_iter().find(|kind| kind.name == "annual").expect("it is one of them")
}

fn line(date: u8, kind: Kind, half_days: i64, after: i64, text: &str) -> StatementLine {
    let request = matches!(kind, Kind::Hold | Kind::Release | Kind::Commit).then(|| facts::id(7));
    StatementLine { at: facts::at(date, 9, 0), kind, half_days, after, text: text.to_owned(), request }
}

fn lines() -> Statement {
    let lines = vec![
        line(1, Kind::Grant, 20, 20, "给予2026年度年休假10天"),
        line(3, Kind::Adjust, -3, 17, "调减1.5天（更正）"),
        line(10, Kind::Hold, -2, 15, "申请假2026-ABC（11月12日上午至11月12日下午），暂扣1天"),
    ];
    Statement { leave_type: "annual".to_owned(), year: 2026, lines }
}

fn ending() -> Balance {
    let expiring = Some(Expiring { half_days: 4, on: Day::new(2026, 12, 31).expect("a day") });
    Balance { expiring, ..facts::balances().swap_remove(0) }
}

#[test]
fn a_balance_is_told_in_figures_and_words_and_line_by_line() {
    let html = draw("account", || {
        let (typed, year) = (RwSignal::new("2026-11-21".to_owned()), RwSignal::new(2026));
        let content = view! {
            {day_field(facts::words(), typed)}
            {figures(facts::words(), &annual(), &ending(), facts::day(21))}
            {year_switch(facts::words(), year)}
            {statement(facts::words(), &annual(), &lines())}
        };
        in_frame("年休假明细", Tab::Leave, content.into_any())
    });
    assert!(html.contains("今天可用 6.5 天") && html.contains("12月31日 周四 到期"), "{html}");
    let (newest, oldest) = (html.find("暂扣1天"), html.find("给予2026年度"));
    assert!(newest.is_some() && newest < oldest, "the newest line stands first: {html}");
    insta::assert_snapshot!(html);
}

#[test]
fn a_day_to_come_is_said_to_be_a_forecast() {
    let html = draw("account_forecast", || figures(facts::words(), &annual(), &ending(), facts::day(30)));
    assert!(html.contains("推算：到 11月30日 周一") && !html.contains("今天可用"), "{html}");
    let english = Words { locale: Locale::en, ..facts::words() };
    let html = draw("account_english", || {
        let content = view! {
            {figures(english, &annual(), &ending(), facts::day(30))}
            {statement(english, &annual(), &lines())}
        };
        content.into_any()
    });
    assert!(html.contains("Forecast: 6.5 days available") && html.contains("Held"), "{html}");
}

#[test]
fn only_days_that_can_be_foreseen_are_asked_about() {
    let asked = |typed: &str| asked_day(facts::words(), typed);
    for good in ["2026-11-21", "2027-03-31", "2028-12-31"] {
        assert_eq!(asked(good).map(|day| day.to_string()).as_deref(), Ok(good));
    }
    for (bad, why) in [("", "完整"), ("2026-11-20", "今天或以后"), ("2029-01-01", "2028 年底")] {
        assert!(asked(bad).is_err_and(|said| said.contains(why)), "{bad}");
    }
    let html = draw("account_bad_day", || day_field(facts::words(), RwSignal::new("2026-11-20".to_owned())));
    assert!(html.contains("field-bad") && html.contains("今天或以后"), "{html}");
}

#[test]
fn what_has_no_balance_and_what_is_not_there_say_so() {
    let sick = LeaveType { name: "sick".to_owned(), has_balance: false, ..annual() };
    let taken = Balance { leave_type: "sick".to_owned(), half_days: None, available: None, ..ending() };
    let html =
        draw("account_sick", || figures(facts::words(), &sick, &Balance { expiring: None, ..taken }, facts::day(21)));
    assert!(html.contains("病假不设额度") && !html.contains("可用"), "{html}");
    let nursing = LeaveType { name: "nursing".to_owned(), minutes_a_day: Some(60), ..sick };
    let used = Statement {
        leave_type: "nursing".to_owned(),
        year: 2026,
        lines: vec![line(10, Kind::Commit, -120, 120, "假2026-ABC已批准，使用120分钟")],
    };
    let html = draw("account_nursing", || statement(facts::words(), &nursing, &used));
    assert!(html.contains("-120 分钟") && html.contains("累计 120 分钟"), "{html}");
    let html = draw("account_empty", || statement(facts::words(), &annual(), &Statement { lines: vec![], ..used }));
    assert!(html.contains("2026年没有记录"), "{html}");
    let html = draw("account_unknown", || unknown_type(Locale::zh_CN, "/leave".to_owned()));
    assert!(html.contains(r#"href="/leave""#), "{html}");
}

fn officer() -> AccountOfficer {
    let kind = |name: &str, lasts_days| GrantableType { name: name.to_owned(), title: String::new(), lasts_days };
    AccountOfficer {
        officer: "G0123".to_owned(),
        name: "王晓燕".to_owned(),
        department: "民事审判第二庭".to_owned(),
        types: vec![kind("annual", None), kind("compensatory", Some(180))],
    }
}

fn nothing() -> Callback<()> {
    Callback::new(|()| ())
}

/// A form that is filled in for 补休.
fn filled() -> GrantForm {
    let form = GrantForm::of(&officer().types, facts::day(21));
    form.days.set("1.5".to_owned());
    form.reason.set(" 国庆节值班 ".to_owned());
    form
}

#[test]
fn hr_sees_an_account_and_gives_leave() {
    let html = draw("accounts", || {
        let content = view! {
            {whose(facts::words(), &officer(), nothing())}
            {balances(facts::words(), "G0123", &[ending(), facts::balances().swap_remove(1)])}
            {grant_form(facts::words(), &officer().types, filled(), nothing())}
        };
        in_frame("假期余额与补休登记", Tab::Me, content.into_any())
    });
    assert!(html.contains("/accounts?officer=G0123&amp;type=annual"), "{html}");
    assert!(html.contains("grant-until") && html.contains("180 天内有效"), "{html}");
    insta::assert_snapshot!(html);
    let html = draw("accounts_year", || {
        let form = filled();
        form.leave_type.set("annual".to_owned());
        grant_form(facts::words(), &officer().types, form, nothing())
    });
    assert!(html.contains("grant-year") && html.contains("扣减") && !html.contains("grant-until"), "{html}");
    let html = draw("accounts_take", || {
        let form = filled();
        form.direction.set("take".to_owned());
        let body = form.body(facts::words(), facts::id(9), "G0123").expect("it is filled in");
        assert_eq!((body.half_days, body.until), (-3, None), "what is taken back has no days of its own");
        grant_form(facts::words(), &officer().types, form, nothing())
    });
    assert!(html.contains("从最近登记") && !html.contains("grant-until") && !html.contains("grant-year"), "{html}");
    let html = draw("accounts_choose", || choose(facts::words(), ().into_any()));
    assert!(html.contains("先找到干警"), "{html}");
    assert!(draw("accounts_unread", || cannot_read(facts::words())).contains("不能查看他的余额"));
    let none = draw("accounts_none", || grant_form(facts::words(), &[], filled(), nothing()));
    assert!(none.contains("没有可以登记的假别"), "{none}");
}

#[test]
fn hr_reads_minutes_of_every_type_that_counts_them() {
    // One of the court's own, which no name tells.
    let hours = Balance {
        leave_type: "blood_donation_hours".to_owned(),
        minutes: true,
        half_days: None,
        available: None,
        used: 120,
        held: 60,
        ..facts::balances().swap_remove(0)
    };
    let html = draw("accounts_minutes", || balances(facts::words(), "G0123", &[hours]));
    assert!(html.contains("已用 120 分钟") && html.contains("审批中 60 分钟"), "{html}");
    let html = draw("accounts_days", || balances(facts::words(), "G0123", &[ending()]));
    assert!(html.contains("已用 2 天") && html.contains("审批中 1.5 天"), "{html}");
}

#[test]
fn what_is_wrong_stands_at_its_field() {
    let html = draw("accounts_fault", || {
        let form = filled();
        form.leave_type.set("annual".to_owned());
        let text = "2026年年休假只剩1天可以调减，请核对天数".to_owned();
        form.fault.set(Some(Fault { field: "half_days".to_owned(), text }));
        grant_form(facts::words(), &officer().types, form, nothing())
    });
    let bad = html.find("field-bad").expect("a field is marked");
    assert!(html.contains("只剩1天可以调减") && html[bad..].contains("grant-days"), "{html}");
    let html = draw("accounts_fault_elsewhere", || {
        let form = filled();
        form.fault.set(Some(Fault { field: String::new(), text: "没有收到回复".to_owned() }));
        grant_form(facts::words(), &officer().types, form, nothing())
    });
    assert!(html.contains("没有收到回复") && !html.contains("field-bad"), "{html}");
}

#[test]
fn what_is_given_is_shown_back_first() {
    let owner = Owner::new();
    owner.set();
    let (words, id) = (facts::words(), facts::id(1));
    let form = filled();
    let earned = form.body(words, id, "G0123").expect("it is filled in");
    assert_eq!((earned.half_days, earned.from, earned.until), (3, Some(facts::day(21)), None));
    assert_eq!((earned.leave_type.as_str(), earned.reason.as_str()), ("compensatory", "国庆节值班"));
    let html = draw("accounts_check", || grant_check(words, &officer(), &earned, false.into(), nothing()));
    assert!(html.contains("增加 1.5 天") && html.contains("11月21日起 180 天内"), "{html}");
    insta::assert_snapshot!(html);

    form.leave_type.set("annual".to_owned());
    form.direction.set("take".to_owned());
    let taken = form.body(words, id, "G0123").expect("it is filled in");
    assert_eq!((taken.half_days, taken.from, taken.until), (-3, Some(facts::day(21)), None), "the day is named");
    let html = draw("accounts_check_year", || grant_check(words, &officer(), &taken, false.into(), nothing()));
    assert!(html.contains("扣减 1.5 天") && html.contains("2026年"), "{html}");
    form.year.set("2027".to_owned());
    assert_eq!(form.body(words, id, "G0123").expect("it is filled in").from, Day::new(2027, 1, 1));
    // Opened on the last day of a year and looked at once more after midnight.
    form.year.set("2026".to_owned());
    let later = Words { today: Day::new(2027, 1, 1).expect("a day"), ..words };
    assert_eq!(form.body(later, id, "G0123").expect("it is filled in").from, Day::new(2026, 1, 1));
    let html = draw("accounts_check_midnight", || grant_check(later, &officer(), &taken, false.into(), nothing()));
    assert!(html.contains("2026年") && !html.contains("2027年"), "{html}");
    // What is taken back of 补休 is of no day, and says so.
    form.leave_type.set("compensatory".to_owned());
    let back = form.body(words, id, "G0123").expect("it is filled in");
    let html = draw("accounts_check_back", || grant_check(words, &officer(), &back, false.into(), nothing()));
    assert!(html.contains("扣减 1.5 天") && !html.contains("11月21日"), "{html}");
    form.direction.set("add".to_owned());
    form.from.set(String::new());
    assert_eq!(form.body(words, id, "G0123").expect("it is filled in").from, Some(facts::day(21)));

    let fault = |change: &dyn Fn(GrantForm)| {
        let form = filled();
        change(form);
        form.body(words, id, "G0123").map_err(|fault| fault.field)
    };
    for days in ["", "0", "1.3", "-1", "一天"] {
        assert_eq!(fault(&|form| form.days.set(days.to_owned())), Err("half_days".to_owned()), "{days}");
    }
    assert_eq!(fault(&|form| form.reason.set("  ".to_owned())), Err("reason".to_owned()));
    assert_eq!(fault(&|form| form.until.set("2026-13-01".to_owned())), Err("until".to_owned()));
    assert_eq!(fault(&|form| form.leave_type.set("sick".to_owned())), Err("leave_type".to_owned()));
}

#[test]
fn a_form_is_kept_for_an_officer_and_begins_anew_for_another() {
    Owner::new().with(|| {
        let (words, id, types) = (facts::words(), facts::id(1), officer().types);
        let form = GrantForm::of(&[], facts::day(21));
        assert!(
            form.body(words, id, "G0123").is_err_and(|fault| fault.field == "leave_type"),
            "nothing can be given yet"
        );
        form.begin(&types, facts::day(21));
        form.leave_type.set("annual".to_owned());
        form.direction.set("take".to_owned());
        form.days.set("2".to_owned());
        form.reason.set("更正".to_owned());
        form.renew(&types);
        assert_eq!(form.body(words, id, "G0123").map(|body| body.half_days), Ok(-4), "what was typed is kept");
        form.begin(&types, facts::day(21));
        let left = [form.leave_type, form.direction, form.days, form.reason].map(|field| field.get());
        assert_eq!(left, ["compensatory", "add", "", ""]);
    });
}

#[test]
fn what_contract_staff_get_is_set_with_its_source() {
    let rules = [ContractRule::Same, ContractRule::None, ContractRule::Fixed(15)];
    Owner::new().with(|| {
        for rule in rules {
            assert_eq!(ContractForm::of(rule).rule(Locale::zh_CN), Ok(rule));
        }
        let form = ContractForm::of(ContractRule::Fixed(14));
        for days in ["", "0", "31", "7.2", "same", "一周"] {
            form.days.set(days.to_owned());
            assert!(form.rule(Locale::zh_CN).is_err_and(|why| why.contains("0.5 至 30")), "{days}");
        }
    });
    let html = draw("contract_staff", || {
        let saved = RwSignal::new(ContractRule::Fixed(14));
        let form = ContractForm::of(ContractRule::Fixed(14));
        contract_card(Locale::zh_CN, saved.into(), form, false.into(), nothing())
    });
    assert!(html.contains("职工带薪年休假条例") && html.contains("contract-days"), "{html}");
    assert!(html.lines().any(|line| line.contains("<button") && line.contains("disabled")), "nothing to save: {html}");
}

const LOST: &str = "2026年累计事假已达20天，按《职工带薪年休假条例》第四条不享受当年年休假";

#[test]
fn a_balance_says_what_is_lost_and_what_will_go_over() {
    let over = Some(Expiring { half_days: 6, on: Day::new(2027, 3, 31).expect("a day") });
    let lost = Some(Lost { half_days: 16, text: LOST.to_owned() });
    let balance = Balance { available: Some(0), expiring: None, lost, goes_over: over, ..ending() };
    let html = draw("account_lost", || figures(facts::words(), &annual(), &balance, facts::day(30)));
    assert!(html.contains(&format!("{LOST}；已给予而未休的 8 天不能再休。")), "{html}");
    assert!(html.contains("预计有 3 天结转"), "{html}");
}

/// 2026 has cost its own leave and the next year's.
fn lost() -> LostYears {
    let item = |year: i32, text: &str| LostYear {
        leave_type: "annual".to_owned(),
        year,
        because_of: 2026,
        absence: "personal".to_owned(),
        half_days: 40,
        text: text.to_owned(),
        exempt: false,
    };
    LostYears {
        items: vec![item(2026, LOST), item(2027, "2026年已休年休假，不享受2027年年休假")], exemptions: vec![]
    }
}

#[test]
fn hr_sees_what_a_year_has_cost_and_exempts_it() {
    let on_choose = || Callback::new(|_: CostlyYear| ());
    let html = draw("lost_years", || lost_years(facts::words(), &lost(), on_choose()));
    assert!(html.contains(LOST) && html.contains("2027年年休假") && html.contains("登记免除"), "{html}");
    assert_eq!(html.matches("<button").count(), 1, "one word for one year: {html}");
    let none = LostYears { items: vec![], exemptions: vec![] };
    let html = draw("lost_years_none", || lost_years(facts::words(), &none, on_choose()));
    assert!(!html.contains("不享受"), "{html}");

    let mut said = lost();
    let words = LeaveExemption {
        year: 2026,
        version: 3,
        exempt: true,
        reason: "已扣发工资".to_owned(),
        by: "李政工".to_owned(),
        at: facts::at(20, 9, 0),
    };
    said.exemptions.push(words);
    let html = draw("lost_years_exempted", || lost_years(facts::words(), &said, on_choose()));
    assert!(html.contains("已免除") && html.contains("取消免除") && html.contains("李政工，11月20日"), "{html}");
    assert_eq!(CostlyYear::of(&said)[0].version, 3);
}

#[test]
fn a_word_on_a_year_turns_it_round_and_needs_a_reason() {
    let html = draw("exemption_form", || {
        let form = ExemptionForm::default();
        assert_eq!(form.body(facts::words(), "G0123"), None, "no year is chosen");
        let year = CostlyYear::of(&lost()).swap_remove(0);
        form.begin(year.clone());
        form.reason.set("  ".to_owned());
        let fault = form.body(facts::words(), "G0123").and_then(Result::err).expect("there is no reason");
        form.fault.set(Some(fault));
        let drawn = exemption_form(facts::words(), form, false.into(), nothing());
        form.reason.set(" 已扣发工资 ".to_owned());
        let body = form.body(facts::words(), "G0123").and_then(Result::ok).expect("it is filled in");
        assert_eq!((body.year, body.version, body.exempt, body.reason.as_str()), (2026, 0, true, "已扣发工资"));
        form.begin(CostlyYear { version: 1, ..year.clone() });
        assert_eq!(form.reason.get(), " 已扣发工资 ", "the same year keeps what was typed");
        let later = CostlyYear { exempt: true, version: 4, ..year };
        form.begin(later.clone());
        assert_eq!(form.reason.get(), "", "the contrary has a reason of its own");
        form.reason.set("核对".to_owned());
        form.begin(CostlyYear { year: 2025, ..later.clone() });
        assert_eq!(form.reason.get(), "", "another begins anew");
        form.begin(later);
        form.reason.set("核对后未扣工资".to_owned());
        let body = form.body(facts::words(), "G0123").and_then(Result::ok).expect("it is filled in");
        assert_eq!((body.version, body.exempt), (4, false));
        form.done();
        assert_eq!(form.reason.get(), "");
        drawn
    });
    assert!(html.contains("请写明依据"), "{html}");
    let html = draw("exemption_unsent", || {
        let form = ExemptionForm::default();
        form.begin(CostlyYear::of(&lost()).swap_remove(0));
        form.fault.set(Some(Fault { field: String::new(), text: "没有收到回复".to_owned() }));
        exemption_form(facts::words(), form, false.into(), nothing())
    });
    assert!(html.contains("没有收到回复") && !html.contains("field-bad"), "{html}");
}
