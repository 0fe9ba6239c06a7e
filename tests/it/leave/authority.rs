//! The approval authority: a rule book with gaps is mended, published and followed; running requests keep their version.

use app::approval::api::{ByForm, DefinitionQuery, GetDefinition, NewVersion, SaveDefinition};
use app::approval::templates;
use app::leave::api::{
    AskAuthority, AskWhoDecides, Authority, AuthorityAnswer, GetAuthority, LintAuthority, ListAuthorityTemplates,
    PublishAuthority, PublishMatrix, SaveAuthority, SaveMatrix,
};
use app::leave::authority::compile::compile;
use app::leave::authority::lint::Fault;
use app::leave::authority::templates::{jinghu, standard};
use app::leave::authority::{Approver, Band, Bound, Cell, Column, Matrix, Route};
use app::org::rules::PostClass;
use futures_util::future::join_all;
use server::entity::audit_entry;
use tests::world::{ADMIN, DIRECTOR, HIGH_DIRECTOR, HR};

use super::*;

on_both!(
    a_rule_book_with_gaps_is_mended_published_and_followed,
    of_two_who_edit_or_publish_one_is_shown_the_other_s,
    what_repeats_itself_changes_nothing,
    requests_that_adjoin_are_added_up_and_named,
    the_chain_that_is_told_is_the_chain_that_decides,
    a_definition_written_by_hand_stands_beside_the_table,
    bad_questions_are_told_what_is_wrong,
);

async fn read(client: &Client) -> Authority {
    client.get::<GetAuthority>(Empty {}).await.unwrap()
}

async fn save(client: &Client, version: i64, matrix: &Matrix) -> Result<Authority, Problem> {
    client.send::<SaveAuthority>(SaveMatrix { version, matrix: matrix.clone() }).await
}

async fn publish(client: &Client, version: i64, based_on: i32) -> Result<Authority, Problem> {
    client.send::<PublishAuthority>(PublishMatrix { version, based_on }).await
}

/// Saves and publishes over what is there.
async fn establish(client: &Client, matrix: &Matrix) -> Authority {
    let before = read(client).await;
    let saved = save(client, before.version, matrix).await.unwrap();
    publish(client, saved.version, before.current).await.unwrap()
}

fn chain(request: &LeaveRequest) -> Vec<&str> {
    request.chain.iter().filter_map(|step| step.officer.as_deref()).collect()
}

/// 镜湖 with its gaps closed: staff up to 2 days by 分管院领导, heads up to 1 day.
fn mended() -> Matrix {
    let mut matrix = jinghu();
    matrix.rows[0].cells[0].bands[1].to = Some(Bound::at(4));
    matrix.rows[1].cells[0].bands[0].to = Some(Bound::at(2));
    matrix
}

fn ask() -> AskAuthority {
    AskAuthority {
        officer: Some(CLERK.to_owned()),
        post_class: None,
        leave_type: "personal".to_owned(),
        half_days: None,
        from: None,
        to: None,
        matrix: None,
    }
}

async fn who(client: &Client, question: AskAuthority) -> Result<AuthorityAnswer, Problem> {
    client.send::<AskWhoDecides>(question).await
}

async fn a_rule_book_with_gaps_is_mended_published_and_followed(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let at_first = read(&admin).await;
    assert_eq!((at_first.version, at_first.current, at_first.published), (0, 0, None));
    assert_eq!((at_first.matrix, at_first.saved_at), (standard(), None));
    let running = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    assert_eq!(chain(&running), [HEAD, OVERSEER]);

    // As it was published, the rule book leaves two gaps: it can be kept, not put into force.
    let saved = save(&admin, 0, &jinghu()).await.unwrap();
    assert_eq!((saved.version, saved.current, saved.saved_by.as_deref()), (1, 0, Some("杨管理")));
    assert_eq!((&saved.matrix, saved.saved_at), (&jinghu(), Some(app.now())));
    let linted = admin.send::<LintAuthority>(jinghu()).await.unwrap();
    let gaps: Vec<&str> = linted.findings.iter().map(|finding| finding.text.as_str()).collect();
    assert_eq!(linted.total, 2);
    let templates = admin.get::<ListAuthorityTemplates>(Empty {}).await.unwrap().items;
    let faults: Vec<(&str, i64)> = templates.iter().map(|item| (item.name.as_str(), item.faults)).collect();
    assert_eq!(faults[..2], [("standard", 0), ("jinghu_2012", 2)]);
    assert_eq!(templates[1].matrix, jinghu());
    let lost = linted.changes.iter().find(|change| change.after == "无人审批").unwrap();
    assert_eq!(lost.classes, [PostClass::Staff, PostClass::DepartmentDeputy]);
    assert!(gaps[0].starts_with("一般干警、部门副职请各种假别，1.5至2天没有人审批"), "{gaps:?}");
    assert!(gaps[1].starts_with("部门负责人请各种假别，1天没有人审批"), "{gaps:?}");
    let refused = publish(&admin, 1, 0).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("matrix")));
    assert!(refused.detail.contains("1.5至2天没有人审批") && refused.detail.contains("共 2 处"), "{refused:?}");

    // Mended: what is left is what no rule book mends, a court without leaders.
    let saved = save(&admin, 1, &mended()).await.unwrap();
    let linted = admin.send::<LintAuthority>(mended()).await.unwrap();
    let only_holes = |fault: Fault, blocking: bool| fault == Fault::Definition && !blocking;
    assert!(linted.findings.iter().all(|found| only_holes(found.fault, found.blocking)), "{linted:?}");
    assert!(linted.changes.iter().all(|change| change.after != "无人审批"), "{linted:?}");
    let in_force = publish(&admin, saved.version, 0).await.unwrap();
    let again = admin.send::<LintAuthority>(mended()).await.unwrap();
    assert_eq!(again.changes, [], "in force by now");
    assert_eq!((in_force.current, in_force.published.as_ref()), (1, Some(&mended())));

    // Two days that ran before keep head and overseer; two new ones go to the overseer alone, with a copy to 政治部.
    let new = submit(&clerk, asking("annual", "2026-12-02", "2026-12-03")).await;
    assert_eq!(chain(&new), [OVERSEER]);
    assert_eq!(chain(&show(&clerk, running.id).await), [HEAD, OVERSEER]);
    for approver in [HEAD, OVERSEER] {
        let approver = app.client_of(approver).await;
        let task = inbox(&approver).await.tasks.into_iter().find(|task| task.subject.subject_id == running.id).unwrap();
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }
    assert_eq!(show(&clerk, running.id).await.status, Status::Approved);
    let rows = audit_entry::Entity::find().filter(audit_entry::Column::Action.starts_with("leave_authority."));
    let rows = rows.all(app.state.database.read()).await.unwrap();
    let mut actions: Vec<&str> = rows.iter().map(|row| row.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["leave_authority.publish", "leave_authority.save", "leave_authority.save"]);
}

async fn of_two_who_edit_or_publish_one_is_shown_the_other_s(app: TestApp) {
    app.world().await;
    let (admin, director) = (app.client_of(ADMIN).await, app.client_of(HIGH_DIRECTOR).await);
    let saved = save(&admin, 0, &mended()).await.unwrap();
    let lost = save(&director, 0, &jinghu()).await.unwrap_err();
    assert_eq!(lost.code, Code::StaleVersion);
    let current: Authority = serde_json::from_value(lost.current.unwrap()).unwrap();
    assert_eq!(current, saved, "the loser sees what won");
    // Whoever looked at another working copy, or at another version in force, publishes nothing.
    for (version, based_on) in [(0, 0), (1, 1), (2, 0)] {
        assert_eq!(publish(&director, version, based_on).await.unwrap_err().code, Code::StaleVersion);
    }
    let both = join_all([&admin, &director].map(|client| publish(client, 1, 0))).await;
    assert!(both.iter().all(|outcome| outcome.as_ref().is_ok_and(|now| now.current == 1)), "the same twice: {both:?}");
    // None of them is what is there already (4): saving that changes nothing and is accepted beside the winner.
    let edits = (5..11).map(|most| {
        let mut matrix = mended();
        matrix.rows[0].cells[0].bands[1].to = Some(Bound::at(most));
        matrix.rows[0].cells[0].bands[2].from = Some(Bound::beyond(most));
        matrix
    });
    let edits: Vec<Matrix> = edits.collect();
    let outcomes = join_all(edits.iter().map(|edit| save(&admin, 1, edit))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    for lost in outcomes.iter().filter_map(|outcome| outcome.as_ref().err()) {
        assert_eq!(lost.code, Code::StaleVersion);
    }
    assert_eq!(read(&admin).await.version, 2);
}

async fn what_repeats_itself_changes_nothing(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let saved = save(&admin, 0, &mended()).await.unwrap();
    assert_eq!(save(&admin, 0, &mended()).await.unwrap(), saved);
    let published = publish(&admin, 1, 0).await.unwrap();
    assert_eq!(publish(&admin, 1, 0).await.unwrap(), published, "the answer was lost, the same comes again");
    let rows = audit_entry::Entity::find().filter(audit_entry::Column::Action.starts_with("leave_authority."));
    assert_eq!(rows.all(app.state.database.read()).await.unwrap().len(), 2);
    // The table that comes with the program needs no working copy.
    let other = app.client_of(HIGH_DIRECTOR).await;
    let back = establish(&other, &standard()).await;
    assert_eq!((back.version, back.current, back.published), (2, 2, Some(standard())));
}

async fn requests_that_adjoin_are_added_up_and_named(app: TestApp) {
    app.world().await;
    let (director, clerk) = (app.client_of(HIGH_DIRECTOR).await, app.client_of(CLERK).await);
    establish(&director, &mended()).await;
    // Thursday and Friday, then Monday after the weekend: three days go to the president.
    let first = submit(&clerk, asking("personal", "2026-12-03", "2026-12-04")).await;
    assert_eq!(chain(&first), [OVERSEER]);
    let monday = asking("personal", "2026-12-07", "2026-12-07");
    let preview = clerk.send::<PreviewLeave>(previewing(&monday)).await.unwrap();
    assert_eq!((preview.half_days, preview.routed_half_days), (2, 6));
    let warning = preview.warnings.iter().find(|warning| warning.code == "adjoining").unwrap();
    assert!(warning.text.contains(&first.number) && warning.text.contains("合并为3天（本次1天）"), "{warning:?}");

    let asked = AskAuthority { from: Some(monday.from), to: Some(monday.to), ..ask() };
    let answer = who(&director, asked.clone()).await.unwrap();
    assert_eq!((answer.half_days, answer.routed_half_days), (2, 6));
    assert_eq!(
        answer.added.iter().map(|added| (added.number.as_str(), added.half_days)).collect::<Vec<_>>(),
        [(first.number.as_str(), 4)]
    );
    assert_eq!(answer.chain, preview.chain, "as the applicant sees it");
    let said = answer.said.unwrap();
    assert_eq!((said.row.as_str(), said.band.as_str()), ("一般干警、部门副职", "超过2天"));
    assert_eq!(said.route, "院长，抄送政治部");
    let submitted = submit(&clerk, monday).await;
    assert_eq!(chain(&submitted), [PRESIDENT]);
    // Whoever writes rules and may not see his leave asks for a number of days.
    let admin = app.client_of(ADMIN).await;
    assert_eq!(who(&admin, asked).await.unwrap_err().code, Code::NotAllowed);
    let alone = who(&admin, AskAuthority { half_days: Some(2), ..ask() }).await.unwrap();
    assert_eq!((alone.routed_half_days, alone.added.len(), alone.chain.len()), (2, 0, 1));
}

async fn the_chain_that_is_told_is_the_chain_that_decides(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let clerk = app.client_of(CLERK).await;
    // 事假 of its own: 政治部 looks first, and both leaders decide together.
    let mut matrix = mended();
    matrix.columns.push(Column {
        key: "personal".to_owned(),
        title: "事假".to_owned(),
        leave_types: vec!["personal".to_owned()],
    });
    for row in &mut matrix.rows {
        let mut bands = row.cells[0].bands.clone();
        if row.classes.contains(&PostClass::Staff) {
            let mut route = Route::through(&[Approver::PoliticalDepartment, Approver::DepartmentHead]);
            route.steps[1].approvers.push(Approver::Overseer);
            bands = vec![Band { from: None, to: None, route }];
        }
        row.cells.push(Cell { column: "personal".to_owned(), bands });
    }
    let before = who(&admin, AskAuthority { half_days: Some(1), matrix: Some(matrix.clone()), ..ask() }).await.unwrap();
    establish(&admin, &matrix).await;
    let after = who(&admin, AskAuthority { half_days: Some(1), ..ask() }).await.unwrap();
    assert_eq!(after, before, "what is only written decides as it will in force");
    assert_eq!(after.said.as_ref().unwrap().route, "政治部 → 部门负责人、分管院领导会签");
    let request =
        submit(&clerk, Submit { to: half("2026-12-02", Half::Am), ..asking("personal", "2026-12-02", "2026-12-02") })
            .await;
    let told: Vec<(i32, Option<&str>)> = after.chain.iter().map(|step| (step.step, step.officer.as_deref())).collect();
    let deciding: Vec<(i32, Option<&str>)> =
        request.chain.iter().map(|step| (step.step, step.officer.as_deref())).collect();
    assert_eq!(told, deciding);
    assert!(told.contains(&(1, Some(HR))) && told.contains(&(2, Some(HEAD))) && told.contains(&(2, Some(OVERSEER))));
    let annual =
        submit(&clerk, Submit { to: half("2026-12-09", Half::Am), ..asking("annual", "2026-12-09", "2026-12-09") })
            .await;
    assert_eq!(chain(&annual), [HEAD]);

    let of_class =
        AskAuthority { officer: None, post_class: Some(PostClass::DepartmentHead), half_days: Some(3), ..ask() };
    let answer = who(&admin, of_class).await.unwrap();
    assert_eq!(answer.chain.iter().map(|step| step.post.as_str()).collect::<Vec<_>>(), ["院长审批"]);
    assert_eq!((answer.copies, answer.problem), (vec!["抄送政治部".to_owned()], None));
    // A gap is told as one.
    let gap = AskAuthority { half_days: Some(4), matrix: Some(jinghu()), leave_type: "annual".to_owned(), ..ask() };
    let answer = who(&admin, gap).await.unwrap();
    assert!(answer.said.is_none() && answer.chain.is_empty() && answer.problem.is_some(), "{answer:?}");
}

async fn a_definition_written_by_hand_stands_beside_the_table(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    establish(&admin, &mended()).await;
    let form = || ByForm { form: "leave".to_owned() };
    let version = NewVersion { based_on: 1, definition: templates::leave() };
    admin.post::<SaveDefinition>(form(), version).await.unwrap();
    let now = read(&admin).await;
    assert_eq!((now.current, now.published.as_ref(), &now.matrix), (2, None, &mended()));
    let by_hand = who(&admin, AskAuthority { half_days: Some(2), ..ask() }).await.unwrap();
    assert!(by_hand.said.is_none());
    assert_eq!(by_hand.chain[0].officer.as_deref(), Some(HEAD));
    // The table can be put into force again, and is read in the editor of definitions like any other version.
    let again = publish(&admin, now.version, 2).await.unwrap();
    assert_eq!(again.current, 3);
    let shown = admin.call::<GetDefinition>(form(), DefinitionQuery { version: Some(1) }, Empty {}).await.unwrap();
    assert_eq!(shown.definition, compile(&mended()));
    let newest = admin.call::<GetDefinition>(form(), DefinitionQuery::default(), Empty {}).await.unwrap();
    assert_eq!((newest.current, newest.definition), (3, shown.definition));
}

async fn bad_questions_are_told_what_is_wrong(app: TestApp) {
    app.world().await;
    let director = app.client_of(HIGH_DIRECTOR).await;
    let refused = async |question| {
        let problem = who(&director, question).await.unwrap_err();
        (problem.code, problem.field.unwrap_or_default())
    };
    let bad = |field: &str| (Code::BadInput, field.to_owned());
    assert_eq!(refused(ask()).await, bad("half_days"));
    for half_days in [0, -1, 4001, i64::MAX] {
        assert_eq!(refused(AskAuthority { half_days: Some(half_days), ..ask() }).await, bad("half_days"));
    }
    let (from, to) = (Some(half("2026-12-01", Half::Am)), Some(half("2026-12-01", Half::Pm)));
    assert_eq!(refused(AskAuthority { half_days: Some(1), from, to, ..ask() }).await, bad("half_days"));
    assert_eq!(refused(AskAuthority { officer: None, half_days: Some(1), ..ask() }).await, bad("officer"));
    let class = AskAuthority { officer: None, post_class: Some(PostClass::Staff), from, to, ..ask() };
    assert_eq!(refused(class).await, bad("from"));
    let nobody = AskAuthority { officer: Some("999999".to_owned()), half_days: Some(1), ..ask() };
    assert_eq!(refused(nobody).await, bad("officer"));
    let unknown = AskAuthority { leave_type: "moon".to_owned(), half_days: Some(1), ..ask() };
    assert_eq!(refused(unknown).await.0, Code::UnknownLeaveType);
    let rest = Some(half("2026-12-05", Half::Am));
    let rest = who(&director, AskAuthority { from: rest, to: rest, ..ask() }).await.unwrap();
    assert!(rest.chain.is_empty() && rest.problem.unwrap().contains("休息日"));
    let mut vast = standard();
    let column = vast.columns[0].clone();
    vast.columns = vec![column; 25];
    assert_eq!(save(&director, 0, &vast).await.unwrap_err().code, Code::BadInput);
    for person in [HR, DIRECTOR, PRESIDENT, CLERK] {
        let client = app.client_of(person).await;
        assert_eq!(client.get::<GetAuthority>(Empty {}).await.unwrap_err().code, Code::NotAllowed, "{person}");
        assert_eq!(save(&client, 0, &mended()).await.unwrap_err().code, Code::NotAllowed, "{person}");
    }
}
