//! The desk pages.

use std::collections::{BTreeMap, BTreeSet};

use app::account::api::{Activation, RoleGrant};
use app::account::rules::Role;
use app::api::Page;
use app::org::api::{
    Department, Departments, DocketHearing, ImportCounts, ImportKind, ImportRun, NormalisedRow, OfficerItem,
    RejectedRow, Vacancy,
};
use app::org::rules::{Category, OfficerStatus, PostClass};
use frontend::i18n::Locale;
use frontend::kit::Tab;
use frontend::org::import_view::{CancelForm, report};
use frontend::org::view::{activation, officers, oversights, role_grants, vacancies};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn officer(number: &str, name: &str, active: bool) -> OfficerItem {
    OfficerItem {
        officer: number.to_owned(),
        name: name.to_owned(),
        court: "江州市中级人民法院".to_owned(),
        department: "民事审判第二庭".to_owned(),
        post: Some("庭长".to_owned()),
        post_class: PostClass::DepartmentHead,
        category: Category::Judge,
        status: OfficerStatus::InService,
        phone: Some("138****0001".to_owned()),
        active,
    }
}

fn run(dry_run: bool, changed: u32) -> ImportRun {
    let counts = ImportCounts {
        rows: 120,
        accepted: 118,
        changed,
        rejected: vec![RejectedRow {
            row: 17, column: Some("身份证号".to_owned()), why: "校验位不正确".to_owned()
        }],
        normalised: vec![NormalisedRow { row: 5, what: "全角数字改为半角".to_owned() }],
        courts: Some(12),
        absent: Some(vec!["G0999".to_owned()]),
        ..ImportCounts::default()
    };
    ImportRun {
        id: facts::id(41),
        kind: ImportKind::Roster,
        at: facts::at(21, 10, 0),
        dry_run,
        report: BTreeMap::from([("roster".to_owned(), counts)]),
    }
}

#[test]
fn the_report_of_a_dry_run_offers_to_apply() {
    let draw_run = |name: &str, run: ImportRun| {
        draw(name, || {
            in_frame("数据导入", Tab::Me, report(ZH, &run, CancelForm::new(), false.into(), Callback::new(|()| ())))
        })
    };
    let html = draw_run("import", run(true, 118));
    assert!(html.contains("写入 118 行变化"));
    insta::assert_snapshot!(html);
    assert!(draw_run("import_same", run(true, 0)).contains("无需写入"));
    assert!(draw_run("import_applied", run(false, 118)).contains("已写入"));
}

#[test]
fn a_docket_shows_what_it_does_not_have_any_more_and_asks() {
    let hearing = |case: u32| DocketHearing {
        case_number: format!("(2026)江01民初{case}号"),
        officer: "G0001".to_owned(),
        name: "周明远".to_owned(),
        day: facts::day(25),
        starts_minute: 570,
    };
    let counts = ImportCounts {
        rows: 12,
        accepted: 12,
        changed: 2,
        cancelled: vec![hearing(1)],
        elsewhere: vec![hearing(2)],
        missing: (3..25).map(hearing).collect(),
        ..ImportCounts::default()
    };
    let docket = |dry_run, counts| ImportRun {
        kind: ImportKind::Hearings,
        report: BTreeMap::from([("hearings".to_owned(), counts)]),
        ..run(dry_run, 0)
    };
    let draw_run = |name: &str, run: ImportRun, chosen: bool| {
        draw(name, || {
            let form = CancelForm::new();
            let nothing = form.query(&run);
            assert_eq!((nothing.cancel_elsewhere, nothing.cancel_missing), (None, None));
            form.missing.set(chosen);
            let query = form.query(&run);
            assert_eq!(query.cancel_missing, chosen.then_some(22));
            in_frame("数据导入", Tab::Me, report(ZH, &run, form, false.into(), Callback::new(|()| ())))
        })
    };
    let html = draw_run("import_docket", docket(true, counts.clone()), false);
    for text in ["写入 2 行变化", "09:30", "一并取消这 22 场", "另有 2 场"] {
        assert!(html.contains(text), "{text}");
    }
    assert!(draw_run("import_docket_chosen", docket(true, counts.clone()), true).contains("写入 24 行变化"));
    insta::assert_snapshot!(html);
    let only = ImportCounts { changed: 0, cancelled: Vec::new(), ..counts };
    let html = draw_run("import_docket_only_missing", docket(true, only.clone()), false);
    assert!(html.contains("disabled") && !html.contains("无需写入"), "there is something to choose");
    let html = draw_run("import_docket_applied", docket(false, only), true);
    assert!(!html.contains("role=\"switch\""), "what is done is not chosen any more");
}

#[test]
fn officers_show_the_door_to_a_code_only_to_those_who_may_open_it() {
    let items = [officer("G0001", "周明远", true), officer("G0002", "赵倩", false)];
    let page =
        |items: &[OfficerItem], next: Option<&str>| Page { items: items.to_vec(), next: next.map(str::to_owned) };
    let with = |can: bool| draw("officers", || officers(ZH, &page(&items, Some("G0002")), can, Callback::new(|_| ())));
    assert!(!with(false).contains("激活码"));
    assert!(
        with(false).contains(" · 庭长") && with(false).contains("G0001 · 江州市中级人民法院"),
        "a phone has no columns"
    );
    let without_post = [OfficerItem { post: None, ..officer("G0003", "孙立", true) }];
    let clerk = draw("officers_without_post", || officers(ZH, &page(&without_post, None), true, Callback::new(|_| ())));
    assert!(clerk.contains(" · 法官"), "his category stands where his post would");
    insta::assert_snapshot!(with(true));
    assert!(draw("officers_none", || officers(ZH, &page(&[], None), true, Callback::new(|_| ()))).contains("没有找到"));
}

#[test]
fn a_fresh_code_is_shown_with_its_end() {
    let data =
        Activation { officer: "G0002".to_owned(), code: "8F2K-QX7M".to_owned(), expires_at: facts::at(28, 9, 0) };
    insta::assert_snapshot!(draw("activation", || activation(facts::words(), &data)));
}

#[test]
fn oversight_names_departments_that_nobody_oversees() {
    let department = |number: u128, name: &str, overseer: Option<&str>| Department {
        id: facts::id(number),
        court_id: facts::id(1),
        name: name.to_owned(),
        overseer: overseer.map(str::to_owned),
        overseer_name: overseer.map(|_| "陈海涛".to_owned()),
        leaders_only: false,
    };
    let leaders = |overseer| Department { leaders_only: true, ..department(53, "院领导", overseer) };
    let data = Departments {
        items: vec![department(51, "立案庭", Some("G0100")), department(52, "刑事审判庭", None), leaders(None)],
        leaders: vec![officer("G0100", "陈海涛", true)],
    };
    let draw_data = |name: &str, data: &Departments| {
        draw(name, || {
            let chosen = RwSignal::new(BTreeSet::from([facts::id(51)]));
            let leader = RwSignal::new("G0100".to_owned());
            oversights(ZH, data, leader, chosen, false.into(), Callback::new(|()| ()))
        })
    };
    let box_of_leaders = "<span class=\"cell-title\">院领导";
    let html = draw_data("oversights", &data);
    assert!(html.contains("有 1 个部门还没有设置分管院领导"));
    assert!(!html.contains(box_of_leaders), "nobody has to oversee the leaders");
    let overseen = Departments { items: vec![leaders(Some("G0100"))], ..data.clone() };
    assert!(draw_data("oversights_leaders", &overseen).contains(box_of_leaders), "it can be taken away again");
    insta::assert_snapshot!(html);
}

#[test]
fn vacancies_and_roles_are_tables() {
    let vacancy = Vacancy {
        court: "临江区人民法院".to_owned(),
        department: None,
        post_class: PostClass::President,
        fallback: "政治部主任".to_owned(),
    };
    let html = draw("vacancies", || vacancies(ZH, &[vacancy]));
    assert!(html.contains("<td data-label=\"部门\">\n</td>"), "what is empty has no line on a phone");
    insta::assert_snapshot!(html);
    let grant = RoleGrant {
        id: facts::id(61),
        officer: "G0002".to_owned(),
        name: "赵倩".to_owned(),
        role: Role::TrainingAdmin,
        court_id: None,
        court: None,
        department_id: None,
        department: None,
    };
    insta::assert_snapshot!(draw("roles", || role_grants(ZH, &[grant], false.into(), Callback::new(|_| ()))));
}
