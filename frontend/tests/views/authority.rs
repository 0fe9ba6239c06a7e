//! 审批权限: the table with its gaps, the card beside it, the sheets, who would decide.

use app::approval::api::{ChainStep, StepMode};
use app::approval::process::TaskState;
use app::day::{Half, HalfDay};
use app::leave::api::{AddedRequest, Authority, AuthorityAnswer, AuthoritySaid, MatrixLinted, MatrixTemplate};
use app::leave::authority::Matrix;
use app::leave::authority::changes::changes;
use app::leave::authority::compile::compile;
use app::leave::authority::lint::lint;
use app::leave::authority::templates::{self, jinghu, standard};
use app::leave::types::Catalogue;
use app::org::rules::PostClass;
use frontend::i18n::Locale;
use frontend::kit::Tab;
use frontend::leave::authority::cell_form::{CellForm, cell_form};
use frontend::leave::authority::save::{SaveActions, Standing, publish_sheet, save_card};
use frontend::leave::authority::sheets::{ColumnForm, RowForm, column_form, row_form, template_list};
use frontend::leave::authority::trial::{TrialForm, trial_answer, trial_form};
use frontend::leave::authority::view::{Check, GridActions, grid};
use leptos::prelude::*;

use crate::facts;
use crate::page::{draw, in_frame};

const ZH: Locale = Locale::zh_CN;

fn nothing<T: 'static>() -> Callback<T> {
    Callback::new(|_| ())
}

fn grid_actions() -> GridActions {
    GridActions { cell: nothing(), row: nothing(), column: nothing(), add_row: nothing(), add_column: nothing() }
}

fn save_actions() -> SaveActions {
    SaveActions { save: nothing(), discard: nothing(), publish: nothing(), templates: nothing() }
}

/// What the server says of a matrix while the standard one is in force.
fn checked(matrix: &Matrix) -> Check {
    let findings = lint(matrix, &Catalogue::default());
    let total = i64::try_from(findings.len()).expect("few");
    Check::Known(MatrixLinted {
        findings,
        total,
        changes: changes(&compile(&standard()), &compile(matrix), &Catalogue::default()),
    })
}

fn leave_types() -> Vec<String> {
    ["annual", "personal", "sick", "学术假"].map(str::to_owned).to_vec()
}

fn server(matrix: Matrix) -> Authority {
    Authority {
        version: 3,
        matrix,
        saved_at: Some(facts::at(20, 9, 30)),
        saved_by: Some("尤主任".to_owned()),
        current: 2,
        published: Some(standard()),
        leave_types: leave_types(),
    }
}

#[test]
fn the_table_names_its_gaps_beside_the_cells() {
    let html = draw("authority", || {
        let (matrix, check) = (jinghu(), checked(&jinghu()));
        let server = server(standard());
        let standing = Standing { server: &server, matrix: &matrix, check: &check, overwrites: true };
        let card = save_card(facts::words(), &standing, false.into(), save_actions());
        let trial =
            trial_form(ZH, TrialForm::default(), &leave_types(), false.into(), false.into(), nothing(), nothing());
        let content = view! { {grid(ZH, &matrix, &check, grid_actions())} {card} {trial} };
        in_frame("审批权限", Tab::Me, content.into_any())
    });
    insta::assert_snapshot!("authority", html);
    assert!(html.contains("一般干警、部门副职请各种假别，1.5至2天没有人审批"));
    assert!(html.contains("有 2 处问题，解决后才能发布") && html.contains("有未保存的修改"));
}

#[test]
fn publishing_says_what_changes() {
    let html = draw("authority_publish", || {
        let mut matrix = standard();
        matrix.rows[0].cells[0].bands.remove(1);
        let check = checked(&matrix);
        let server = server(matrix.clone());
        let standing = Standing { server: &server, matrix: &matrix, check: &check, overwrites: false };
        assert!(!standing.is_changed() && !standing.is_in_force());
        publish_sheet(facts::words(), &standing, false.into(), nothing())
    });
    insta::assert_snapshot!("authority_publish", html);
    assert!(html.contains("一般干警、部门副职 · 各种假别 · 1.5至3天"), "{html}");
    assert!(html.contains("改为：无人审批") && html.contains("发布为第 3 版"));
}

#[test]
fn a_cell_is_written_like_a_rule_book() {
    let html = draw("authority_cell", || {
        let matrix = jinghu();
        let error = RwSignal::new("第 2 档的天数没有填对，请填 0.5 的倍数".to_owned());
        let cell = cell_form(ZH, CellForm::of(matrix.bands(0, 0)), error, nothing());
        let row = row_form(ZH, RowForm { classes: RwSignal::new(vec![PostClass::Staff]) }, nothing(), nothing());
        let form = ColumnForm {
            title: RwSignal::new("事假".to_owned()),
            leave_types: RwSignal::new(vec!["personal".to_owned()]),
        };
        let column = column_form(ZH, form, &leave_types(), nothing(), nothing());
        let items = templates::all().into_iter().map(|template| MatrixTemplate {
            name: template.name.to_owned(),
            title: template.title.to_owned(),
            source: template.source.to_owned(),
            faults: i64::try_from(lint(&template.matrix, &Catalogue::default()).len()).expect("few"),
            matrix: template.matrix,
        });
        let list = template_list(ZH, &items.collect::<Vec<_>>(), nothing());
        view! { {cell} {row} {column} {list} }.into_any()
    });
    insta::assert_snapshot!("authority_sheets", html);
    for text in ["第 3 档", "超过……天", "再加一档", "这一行的职务", "芜湖市镜湖区人民法院（2012年）", "原文有 2 处空档"]
    {
        assert!(html.contains(text), "{text}");
    }
}

fn step(step: i32, officer: Option<&str>, post: &str) -> ChainStep {
    ChainStep {
        step,
        mode: StepMode::Single,
        officer: officer.map(str::to_owned),
        name: officer.map(|_| "李院长".to_owned()),
        post_class: officer.map(|_| PostClass::President),
        post: post.to_owned(),
        stands_in_for: None,
        state: TaskState::Waiting,
        comment: None,
        decided_at: None,
    }
}

#[test]
fn an_answer_says_why() {
    let at = |day: &str, half: Half| HalfDay { date: day.parse().expect("a day"), half };
    let added = AddedRequest {
        number: "假2026-000123".to_owned(),
        from: at("2026-12-03", Half::Am),
        to: at("2026-12-04", Half::Pm),
        half_days: 4,
    };
    let said = AuthoritySaid {
        row: "一般干警、部门副职".to_owned(),
        column: "各种假别".to_owned(),
        band: "超过2天".to_owned(),
        route: "院长，抄送政治部".to_owned(),
    };
    let of_officer = AuthorityAnswer {
        post_class: PostClass::Staff,
        half_days: 2,
        routed_half_days: 6,
        added: vec![added],
        said: Some(said.clone()),
        chain: vec![step(1, Some("200008"), "院长")],
        copies: vec!["抄送政治部（尤主任）".to_owned()],
        problem: None,
    };
    let of_class = AuthorityAnswer {
        half_days: 6,
        added: Vec::new(),
        chain: vec![step(1, None, "院长审批")],
        ..of_officer.clone()
    };
    let gap = AuthorityAnswer {
        said: None,
        chain: Vec::new(),
        copies: Vec::new(),
        problem: Some("没有人审批，请补上这一档".to_owned()),
        ..of_class.clone()
    };
    let html = draw("authority_answer", || {
        let answers = [of_officer, of_class, gap].map(|answer| trial_answer(facts::words(), &answer));
        answers.into_any()
    });
    insta::assert_snapshot!("authority_answer", html);
    assert!(html.contains("本次 1 天，与相连的请假合并为 3 天") && html.contains("假2026-000123（2 天）"));
    assert!(html.contains("一般干警、部门副职 · 各种假别 · 超过2天") && html.contains("李院长"));
}
