//! Definitions over HTTP: versions, the linter, the simulator; running requests keep theirs and follow their posts.

mod settings;

use std::collections::BTreeMap;

use app::api::{BASE, ById, Code, Empty, Problem};
use app::approval::api::{
    ByForm, DefinitionQuery, DefinitionView, FormValue, GetDefinition, GetProcess, LintDefinition, ListDefinitions,
    NewVersion, SaveDefinition, Simulate, SimulateDefinition, Simulated, StepMode, TaskAction,
};
use app::approval::definition::{ApproverRule, Definition, Mode, NodeKind, Unit};
use app::approval::process::{TaskState, Verb};
use app::approval::templates;
use app::leave::api::LeaveRequest;
use app::org::api::{SetOversight, SetOversights};
use app::org::rules::PostClass;
use axum::http::Method;
use futures_util::future::join_all;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use server::entity::{audit_entry, officer};
use tests::world::{
    ADMIN, BASIC_CLERK, BASIC_HR, CLERK, DEPUTY, DIRECTOR, HEAD, HIGH_DIRECTOR, HIGH_PRESIDENT, HR, OTHER_HEAD,
    OVERSEER, PRESIDENT, World,
};
use tests::{Client, TestApp, on_both};
use uuid::Uuid;

use crate::leave::{asking, decide, inbox, only_task, show, submit};

on_both!(
    a_version_is_saved_on_top_of_the_one_that_was_edited,
    of_many_who_save_at_once_one_wins,
    running_requests_keep_their_version,
    only_who_covers_the_province_changes_definitions,
    what_would_leave_somebody_without_an_approver_is_refused,
    a_file_with_a_mistake_is_refused_with_its_place,
    a_simulation_names_everybody_and_why,
    a_task_follows_its_post,
    what_was_given_to_a_person_stays_with_him,
    a_task_follows_the_overseer,
);

fn leave() -> ByForm {
    ByForm { form: "leave".to_owned() }
}

async fn get(client: &Client, version: Option<i32>) -> Result<DefinitionView, Problem> {
    client.call::<GetDefinition>(leave(), DefinitionQuery { version }, Empty {}).await
}

async fn save(client: &Client, based_on: i32, definition: &Definition) -> Result<DefinitionView, Problem> {
    client.post::<SaveDefinition>(leave(), NewVersion { based_on, definition: definition.clone() }).await
}

/// The definition of leave with the political department in front.
fn with_hr() -> Definition {
    let mut definition = templates::leave();
    let mut node = definition.nodes[0].clone();
    node.key = "hr".to_owned();
    node.title = "政治部审核".to_owned();
    node.kind = NodeKind::Decide {
        approvers: vec![ApproverRule::Post {
            class: PostClass::Staff,
            unit: Unit::NamedDepartment { name: "政治部".to_owned() },
        }],
        mode: Mode::Any,
    };
    definition.nodes.insert(0, node);
    definition
}

async fn a_version_is_saved_on_top_of_the_one_that_was_edited(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let builtin = get(&admin, None).await.unwrap();
    assert_eq!((builtin.version, builtin.current, builtin.versions.len()), (0, 0, 1));
    assert_eq!(builtin.definition, templates::leave());

    let saved = save(&admin, 0, &with_hr()).await.unwrap();
    assert_eq!((saved.version, saved.current, &saved.definition), (1, 1, &with_hr()));
    let newest = &saved.versions[0];
    assert_eq!((newest.made_by.as_deref(), newest.made_at), (Some("杨管理"), Some(app.now())));
    assert_eq!(saved.versions[1].made_at, None, "the one that came with the program");
    assert_eq!(save(&admin, 0, &with_hr()).await.unwrap(), saved, "the answer was lost, the same comes again");

    let director = app.client_of(HIGH_DIRECTOR).await;
    let late = save(&director, 0, &templates::leave()).await.unwrap_err();
    assert_eq!(late.code, Code::StaleVersion);
    let current: DefinitionView = serde_json::from_value(late.current.unwrap()).unwrap();
    assert_eq!(current, saved, "the loser sees what won");
    assert_eq!(save(&director, 1, &templates::leave()).await.unwrap().version, 2);
    let first = get(&director, Some(1)).await.unwrap();
    assert_eq!((first.version, first.current, first.definition), (1, 2, with_hr()));
    assert_eq!(get(&director, Some(0)).await.unwrap().definition, templates::leave());
    for version in [3, -1] {
        assert_eq!(get(&director, Some(version)).await.unwrap_err().code, Code::NotFound);
    }
    let unknown = ByForm { form: "travel".to_owned() };
    let unknown = director.call::<GetDefinition>(unknown, DefinitionQuery::default(), Empty {}).await.unwrap_err();
    assert_eq!(unknown.code, Code::NotFound);
    let list = director.get::<ListDefinitions>(Empty {}).await.unwrap();
    let item = &list.items[0];
    assert_eq!((list.items.len(), item.form.as_str(), item.version.version), (1, "leave", 2));
    assert_eq!(item.version.made_by.as_deref(), Some("尤主任"));

    let rows = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("approval_definition.save"));
    let rows = rows.all(app.state.database.read()).await.unwrap();
    assert_eq!(rows.len(), 2, "a repeat and a loser leave no row");
    assert!(rows.iter().all(|row| row.subject_id == "leave" && row.before_digest.is_some()));
}

async fn of_many_who_save_at_once_one_wins(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let edits = (0..6).map(|number| Definition { name: format!("请假审批{number}"), ..templates::leave() });
    let edits: Vec<Definition> = edits.collect();
    let outcomes = join_all(edits.iter().map(|edit| save(&admin, 0, edit))).await;
    let won: Vec<_> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok()).collect();
    assert_eq!(won.len(), 1, "{outcomes:?}");
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|lost| lost.code == Code::StaleVersion));
    assert_eq!(get(&admin, None).await.unwrap().definition, won[0].definition);
}

fn chain(request: &LeaveRequest) -> Vec<&str> {
    request.chain.iter().filter_map(|step| step.officer.as_deref()).collect()
}

async fn running_requests_keep_their_version(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let running = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    assert_eq!(chain(&running), [HEAD, OVERSEER]);
    save(&app.client_of(ADMIN).await, 0, &with_hr()).await.unwrap();

    let new = submit(&clerk, asking("annual", "2026-12-02", "2026-12-02")).await;
    assert_eq!(chain(&new), [HR, HEAD]);
    assert_eq!(new.chain[0].post, "政治部一般干警");
    assert_eq!(chain(&show(&clerk, running.id).await), [HEAD, OVERSEER]);
    for approver in [HEAD, OVERSEER] {
        let approver = app.client_of(approver).await;
        decide(&approver, &only_task(&approver).await, TaskAction::Approve).await.unwrap();
    }
    let done = show(&clerk, running.id).await;
    assert!(done.chain.iter().all(|step| step.state == TaskState::Approved), "{done:?}");
    let hr = app.client_of(HR).await;
    assert_eq!(only_task(&hr).await.subject.subject_id, new.id);
}

async fn only_who_covers_the_province_changes_definitions(app: TestApp) {
    let world = app.world().await;
    app.give_role(OTHER_HEAD, "admin", Some(world.court)).await;
    for (person, may) in [
        (ADMIN, true),
        (HIGH_DIRECTOR, true),
        (HIGH_PRESIDENT, false),
        (HR, false),
        (DIRECTOR, false),
        (BASIC_HR, false),
        (OTHER_HEAD, false),
        (CLERK, false),
    ] {
        let client = app.client_of(person).await;
        let me = client.fetch(&format!("{BASE}/me")).await.json();
        assert_eq!(me["permissions"].as_array().unwrap().contains(&json!("manage_approval")), may, "{person}");
        assert_eq!(get(&client, None).await.is_ok(), may, "{person}");
        let saved = save(&client, 99, &templates::leave()).await.unwrap_err();
        assert_eq!(saved.code, if may { Code::StaleVersion } else { Code::NotAllowed }, "{person}");
    }
}

async fn what_would_leave_somebody_without_an_approver_is_refused(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let lint = async |definition: &Definition| admin.post::<LintDefinition>(leave(), definition.clone()).await.unwrap();
    let refused = async |definition: &Definition| {
        let problem = save(&admin, 0, definition).await.unwrap_err();
        assert_eq!((problem.code, problem.field.as_deref()), (Code::BadInput, Some("definition")), "{problem:?}");
        problem.detail
    };
    // The basic court elsewhere has a clerk and nobody else: no definition mends that, so it blocks none.
    let as_it_is = lint(&templates::leave()).await;
    assert!(!as_it_is.faults.is_empty() && as_it_is.faults.iter().all(|fault| !fault.blocking), "{as_it_is:?}");
    let text = &as_it_is.faults[0].text;
    assert!(text.starts_with("湖州市城西区人民法院民事审判庭一般干警申请时"), "{text}");
    assert_eq!(as_it_is.faults[0].code, "empty_approver");

    let mut gap = templates::leave();
    gap.nodes.remove(3);
    let found = lint(&gap).await;
    let first = &found.faults[0];
    assert_eq!((first.code.as_str(), first.blocking, first.node.as_deref()), ("gap", true, None));
    let example = first.example.as_ref().unwrap();
    assert_eq!(example["post_class"], FormValue::Choice("president".to_owned()));
    assert!(refused(&gap).await.contains("职务类别为院长时没有节点审批"));

    let mut nobody = templates::leave();
    nobody.nodes[0].kind = NodeKind::Decide { approvers: vec![ApproverRule::Leader { levels: 0 }], mode: Mode::Single };
    assert!(refused(&nobody).await.contains("没有可用的审批人规则"));

    let mut fields = templates::leave();
    fields.fields.remove(1);
    assert!(refused(&fields).await.contains("leave_type"));
    let mut form = templates::leave();
    form.form = "travel".to_owned();
    let problem = save(&admin, 0, &form).await.unwrap_err();
    assert_eq!(problem.field.as_deref(), Some("definition.form"));
    assert_eq!(get(&admin, None).await.unwrap().current, 0, "nothing was saved");
}

async fn a_file_with_a_mistake_is_refused_with_its_place(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let file = serde_json::to_value(templates::leave()).unwrap();
    let upload = async |definition: Value| {
        let body = json!({"based_on": 0, "definition": definition}).to_string().into_bytes();
        let path = format!("{BASE}/approval-definitions/leave");
        admin.request(Method::POST, &path, "application/json", body).await
    };
    let refused = async |change: &dyn Fn(&mut Value)| {
        let mut file = file.clone();
        change(&mut file);
        let problem = upload(file).await.problem();
        assert_eq!(problem.code, Code::BadInput);
        (problem.field.unwrap(), problem.detail)
    };
    let (place, detail) = refused(&|file| file["nodes"][1]["wen"] = json!("always")).await;
    assert!(place.starts_with("definition.nodes[1]") && detail.contains("`wen`"), "{place} {detail}");
    let (place, _) = refused(&|file| file["nodes"][2]["kind"]["decide"]["mode"] = json!("most")).await;
    assert_eq!(place, "definition.nodes[2].kind.decide.mode");
    let (place, detail) = refused(&|file| drop(file.as_object_mut().unwrap().remove("nodes"))).await;
    assert!(place.starts_with("definition") && detail.contains("`nodes`"), "{place} {detail}");
    let imported = upload(file.clone()).await;
    assert!(imported.status.is_success(), "{}", imported.text());
    assert_eq!(imported.json()["definition"], file, "what is exported can be imported as it is");
}

async fn simulate(client: &Client, body: Simulate) -> Result<Simulated, Problem> {
    client.post::<SimulateDefinition>(leave(), body).await
}

async fn a_simulation_names_everybody_and_why(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let values = |half_days: i64| {
        BTreeMap::from([
            ("leave_type".to_owned(), FormValue::Choice("annual".to_owned())),
            ("half_days".to_owned(), FormValue::Integer(half_days)),
        ])
    };
    let ask = |officer: &str, half_days| Simulate {
        officer: officer.to_owned(),
        values: values(half_days),
        definition: None,
    };
    let clerk = simulate(&admin, ask(CLERK, 4)).await.unwrap();
    assert_eq!(clerk.values["post_class"], FormValue::Choice("staff".to_owned()), "it follows from the officer");
    assert_eq!(clerk.problem, None);
    let applies: Vec<bool> = clerk.nodes.iter().map(|node| node.applies).collect();
    assert_eq!(applies, [true, true, false, false, false]);
    let head = &clerk.nodes[0];
    assert_eq!((head.mode, head.condition.as_str()), (Some(StepMode::Single), "职务类别为一般干警、部门副职"));
    assert_eq!((head.members[0].officer.as_str(), head.members[0].name.as_str()), (HEAD, "王庭长"));
    assert_eq!(head.members[0].post, "民事审判第一庭负责人");
    assert!(clerk.nodes[2].members.is_empty() && clerk.nodes[2].mode.is_none());

    // The basic court has no overseer: its president stands in, and so decides once, at his own turn.
    let basic = simulate(&admin, ask(BASIC_CLERK, 8)).await.unwrap();
    let overseer = &basic.nodes[1].members[0];
    assert_eq!(overseer.stands_in_for.as_deref(), Some("未设分管院领导，由院长代行"));
    assert_eq!(overseer.merged_into.as_deref(), Some("president"));

    let foreign = simulate(&admin, ask(tests::world::FOREIGN_CLERK, 2)).await.unwrap();
    assert_eq!(foreign.nodes[0].missing, ["民事审判庭负责人"]);
    assert!(foreign.problem.unwrap().contains("民事审判庭负责人空缺"));

    let unsaved = Simulate { definition: Some(with_hr()), ..ask(CLERK, 2) };
    let unsaved = simulate(&admin, unsaved).await.unwrap();
    assert_eq!((unsaved.nodes[0].mode, unsaved.nodes[0].members[0].officer.as_str()), (Some(StepMode::Any), HR));
    let nobody = simulate(&admin, ask("999999", 2)).await.unwrap_err();
    assert_eq!((nobody.code, nobody.field.as_deref()), (Code::BadInput, Some("officer")));
    let none = simulate(&admin, ask(CLERK, 0)).await.unwrap_err();
    assert_eq!((none.code, none.field.as_deref()), (Code::BadInput, Some("half_days")));
}

/// Gives an officer another post, as an import of the roster does.
async fn transfer(app: &TestApp, number: &str, department: Uuid, post: &str) {
    let mut row = app.officer(number).await.into_active_model();
    row.department_id = Set(department);
    row.post = Set(Some(post.to_owned()));
    row.post_class = Set(PostClass::from_post(post).unwrap().as_str().to_owned());
    row.updated_at = Set(app.now().millis());
    let tx = app.state.database.begin().await.unwrap();
    row.update(&tx).await.unwrap();
    server::approval::posts_changed(&tx, &app.clock).await.unwrap();
    tx.commit().await.unwrap();
}

async fn waiting(app: &TestApp, number: &str) -> usize {
    inbox(&app.client_of(number).await).await.tasks.len()
}

async fn a_task_follows_its_post(app: TestApp) {
    let World { civil, criminal, .. } = app.world().await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(waiting(&app, HEAD).await, 1, "nobody has moved");

    transfer(&app, HEAD, criminal, "庭长").await;
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!((waiting(&app, HEAD).await, waiting(&app, DEPUTY).await), (0, 1));
    let seen = show(&clerk, request.id).await;
    assert_eq!(chain(&seen), [DEPUTY, OVERSEER]);
    assert_eq!(seen.chain[0].stands_in_for.as_deref(), Some("民事审判第一庭负责人空缺，由民事审判第一庭副职代行"));

    // A new head comes: who stood in rightly decides. He is made head himself: it is still his task.
    transfer(&app, OTHER_HEAD, civil, "庭长").await;
    transfer(&app, DEPUTY, civil, "庭长").await;
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!((waiting(&app, DEPUTY).await, waiting(&app, OTHER_HEAD).await), (1, 0));

    // That the applicant moves changes nothing: the leaders whom he asked decide.
    transfer(&app, CLERK, criminal, "").await;
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(chain(&show(&clerk, request.id).await), [DEPUTY, OVERSEER]);
    let view = clerk.get::<GetProcess>(ById { id: request.id }).await.unwrap();
    let rerouted = view.timeline.iter().filter(|item| item.verb == Some(Verb::Reroute));
    assert_eq!(rerouted.count(), 1, "once, and on record");

    // A waiting task follows as well.
    transfer(&app, OVERSEER, criminal, "庭长").await;
    let oversight = server::entity::oversight::Entity::delete_many()
        .filter(server::entity::oversight::Column::DepartmentId.eq(civil));
    oversight.exec(app.state.database.write()).await.unwrap();
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(chain(&show(&clerk, request.id).await), [DEPUTY, PRESIDENT]);
    let deputy = app.client_of(DEPUTY).await;
    decide(&deputy, &only_task(&deputy).await, TaskAction::Approve).await.unwrap();
    assert_eq!(waiting(&app, PRESIDENT).await, 1);
}

async fn what_was_given_to_a_person_stays_with_him(app: TestApp) {
    let World { criminal, .. } = app.world().await;
    let mut definition = templates::leave();
    let approvers = vec![ApproverRule::Officer { officer: HEAD.to_owned() }];
    definition.nodes[0].kind = NodeKind::Decide { approvers, mode: Mode::Single };
    save(&app.client_of(ADMIN).await, 0, &definition).await.unwrap();
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-25")).await;
    transfer(&app, HEAD, criminal, "").await;
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(chain(&show(&clerk, request.id).await), [HEAD]);
    assert_eq!(waiting(&app, HEAD).await, 1);
}

async fn a_task_follows_the_overseer(app: TestApp) {
    let World { court, civil, criminal, .. } = app.world().await;
    let leaders = officer::Entity::find_by_id(app.officer(OVERSEER).await.id);
    let leaders = leaders.one(app.state.database.read()).await.unwrap().unwrap().department_id;
    let category = app::org::rules::Category::Judge;
    app.officer_in(court, leaders, "200020", "柳副院", "副院长", category).await;
    let clerk = app.client_of(CLERK).await;
    let request = submit(&clerk, asking("annual", "2026-11-25", "2026-11-26")).await;
    let hr = app.client_of(HR).await;
    let oversight = SetOversight { officer: "200020".to_owned(), departments: vec![civil] };
    hr.send::<SetOversights>(oversight).await.unwrap();
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(chain(&show(&clerk, request.id).await), [HEAD, "200020"]);
    let back = SetOversight { officer: OVERSEER.to_owned(), departments: vec![civil, criminal] };
    hr.send::<SetOversights>(back).await.unwrap();
    server::approval::run_due(&app.state).await.unwrap();
    assert_eq!(chain(&show(&clerk, request.id).await), [HEAD, OVERSEER]);
}
