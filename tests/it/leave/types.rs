//! Types of leave as data: what comes with the product, what HR makes of it, whom each is for, papers that are owed.

use app::leave::api::{
    ConfirmEvidence, ContractStaffChange, Evidence, EvidenceSeen, GetContractStaff, ListLeaveTypes, ListTypeRules,
    SetContractStaff, SetTypeRules, TypePath, TypeRules,
};
use app::leave::entitlement::ContractRule;
use app::leave::types::{BUILTIN, LeaveType, Limit};
use server::entity::audit_entry;
use tests::world::{ADMIN, HR};

use super::*;

on_both!(
    every_type_of_the_country_is_there,
    hr_changes_the_settings_and_they_hold_from_then_on,
    hr_adds_a_type_that_officers_ask_for,
    the_table_of_authority_is_published_with_a_type_of_hr,
    of_two_who_change_a_type_one_is_shown_the_other_s,
    each_refusal_says_what_is_wrong,
    an_hour_a_day_is_kept_in_minutes,
    papers_are_owed_until_they_have_been_seen,
    what_contract_staff_get_is_set_on_the_screen,
);

pub(super) async fn rules_of(client: &Client, name: &str) -> TypeRules {
    let all = client.get::<ListTypeRules>(Empty {}).await.unwrap().items;
    all.into_iter().find(|item| item.rules.name == name).unwrap()
}

pub(super) async fn set(client: &Client, item: &TypeRules) -> Result<TypeRules, Problem> {
    client.post::<SetTypeRules>(TypePath { name: item.rules.name.clone() }, item.clone()).await
}

async fn refused(client: &Client, body: Submit) -> (Code, Option<String>) {
    let problem = client.send::<SubmitLeave>(body).await.unwrap_err();
    (problem.code, problem.field)
}

async fn every_type_of_the_country_is_there(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let types = clerk.get::<ListLeaveTypes>(Empty {}).await.unwrap().types;
    assert_eq!(types.len(), BUILTIN.len());
    // Each can be asked for, and finds somebody who decides, but for the one that is not for her.
    for (week, leave_type) in BUILTIN.iter().enumerate() {
        let day = "2026-11-30".parse::<Day>().unwrap().plus(7 * week as i64).to_string();
        let body = Submit { contact: "13800000001".to_owned(), ..asking(&leave_type.name, &day, &day) };
        match leave_type.name.as_str() {
            "paternity" => assert_eq!(refused(&clerk, body).await.0, Code::NotEligible),
            "compensatory" => assert_eq!(refused(&clerk, body).await.0, Code::InsufficientBalance),
            _ => assert_eq!(submit(&clerk, body).await.status, Status::InApproval, "{}", leave_type.name),
        }
    }
}

async fn hr_changes_the_settings_and_they_hold_from_then_on(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let asked_before = submit(&clerk, asking("personal", "2026-11-24", "2026-11-25")).await;
    let mut personal = rules_of(&admin, "personal").await;
    assert_eq!(personal.version, 0);
    personal.rules.notice_workdays = 4;
    personal.rules.request_limit = Some(Limit { half_days: 4, blocking: true });
    personal.rules.title = "随便".to_owned();
    let saved = set(&admin, &personal).await.unwrap();
    assert_eq!((saved.version, saved.rules.title.as_str()), (1, "事假"), "the name on screen is the product's");
    assert_eq!(refused(&clerk, asking("personal", "2026-11-26", "2026-11-26")).await.0, Code::OutsideWindow);
    let long = asking("personal", "2026-12-01", "2026-12-03");
    assert_eq!(refused(&clerk, long).await, (Code::OverLimit, Some("to".to_owned())));
    assert_eq!(show(&clerk, asked_before.id).await.half_days, 4, "what was asked for before stands");
    let mut annual = rules_of(&admin, "annual").await;
    annual.rules.help.clear();
    assert_eq!(set(&admin, &annual).await.unwrap_err().field.as_deref(), Some("help"));
    let mut nursing = rules_of(&admin, "nursing").await;
    nursing.rules.unit = app::leave::types::Unit::HalfDays;
    assert_eq!(set(&admin, &nursing).await.unwrap_err().field.as_deref(), Some("unit"));
    let unknown = client_path(&admin, "sabbatical", &personal).await;
    assert_eq!(unknown.unwrap_err().field.as_deref(), Some("name"), "a type of one's own has a Chinese title");
}

async fn hr_adds_a_type_that_officers_ask_for(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let own = |name: &str, help: &str| TypeRules {
        version: 0,
        rules: LeaveType { help: help.to_owned(), ..LeaveType::own(name).unwrap() },
    };
    let missing = set(&admin, &own("献血假", "")).await.unwrap_err();
    assert_eq!((missing.code, missing.field.as_deref()), (Code::BadInput, Some("help")), "its source belongs to it");
    let added = own("献血假", "无偿献血当日休息。依据：本院规定。");
    let added = set(&admin, &added).await.unwrap();
    assert_eq!((added.version, added.rules.title.as_str()), (1, "献血假"));
    assert_eq!(
        set(&admin, &TypeRules { version: 0, ..added.clone() }).await.unwrap(),
        added,
        "a repeat answers the same"
    );
    let taken = client_path(&admin, "年休假", &added).await.unwrap_err();
    assert_eq!(taken.field.as_deref(), Some("name"));
    assert_eq!(
        client_path(&admin, "探病假", &added).await.unwrap_err().code,
        Code::UnknownLeaveType,
        "version 1 of nothing"
    );

    let asked = submit(&clerk, asking("献血假", "2026-11-30", "2026-11-30")).await;
    assert_eq!((asked.half_days, asked.leave_type.as_deref().unwrap(), asked.chain.len()), (2, "献血假", 1));
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    assert_eq!(show(&clerk, asked.id).await.status, Status::Approved);
}

/// It once could not: the table's definition knew the built-in types only.
async fn the_table_of_authority_is_published_with_a_type_of_hr(app: TestApp) {
    use app::leave::api::{
        AskAuthority, AskWhoDecides, GetAuthority, PublishAuthority, PublishMatrix, SaveAuthority, SaveMatrix,
    };
    use app::leave::authority::{Band, Cell, Column};
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let rules = LeaveType {
        help: "无偿献血当日休息。依据：本院规定。".to_owned(),
        ..LeaveType::own("献血假").unwrap()
    };
    set(&admin, &TypeRules { version: 0, rules }).await.unwrap();
    let before = admin.get::<GetAuthority>(Empty {}).await.unwrap();
    assert!(before.leave_types.iter().any(|name| name == "献血假"));
    let mut matrix = before.matrix.clone();
    let types = vec!["献血假".to_owned()];
    matrix.columns.push(Column { key: "blood".to_owned(), title: "献血".to_owned(), leave_types: types });
    for row in &mut matrix.rows {
        let route = row.cells[0].bands[0].route.clone();
        row.cells.push(Cell { column: "blood".to_owned(), bands: vec![Band { from: None, to: None, route }] });
    }
    let ask = AskAuthority {
        officer: Some(CLERK.to_owned()),
        post_class: None,
        leave_type: "献血假".to_owned(),
        half_days: Some(2),
        from: None,
        to: None,
        matrix: Some(matrix.clone()),
    };
    let answer = admin.send::<AskWhoDecides>(ask).await.unwrap();
    assert_eq!((answer.chain.len(), answer.problem), (1, None));
    let saved =
        admin.send::<SaveAuthority>(SaveMatrix { version: before.version, matrix: matrix.clone() }).await.unwrap();
    let publish = PublishMatrix { version: saved.version, based_on: saved.current };
    let published = admin.send::<PublishAuthority>(publish).await.unwrap();
    assert_eq!((published.current, published.published), (1, Some(matrix)));
    let asked = submit(&app.client_of(CLERK).await, asking("献血假", "2026-11-30", "2026-11-30")).await;
    assert_eq!(asked.chain.len(), 1);
}

async fn client_path(client: &Client, name: &str, item: &TypeRules) -> Result<TypeRules, Problem> {
    client.post::<SetTypeRules>(TypePath { name: name.to_owned() }, item.clone()).await
}

async fn of_two_who_change_a_type_one_is_shown_the_other_s(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let before = rules_of(&admin, "sick").await;
    let with = |backfill_days| {
        let mut changed = before.clone();
        changed.rules.backfill_days = backfill_days;
        changed
    };
    let (one, other) = (with(5), with(7));
    let (first, second) = tokio::join!(set(&admin, &one), set(&admin, &other));
    let (won, lost) = match first {
        Ok(won) => (won, second),
        Err(problem) => (second.unwrap(), Err(problem)),
    };
    let problem = lost.unwrap_err();
    assert_eq!(problem.code, Code::StaleVersion);
    assert_eq!(serde_json::from_value::<TypeRules>(problem.current.unwrap()).unwrap(), won);
    assert_eq!(set(&admin, &TypeRules { version: 0, ..won.clone() }).await.unwrap(), won, "a repeat answers the same");
}

async fn each_refusal_says_what_is_wrong(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    let cases = [
        (asking("sabbatical", "2026-11-30", "2026-11-30"), Code::UnknownLeaveType, "leave_type"),
        (asking("personal", "2026-12-02", "2026-12-01"), Code::InvertedSpan, "to"),
        (asking("personal", "2026-12-05", "2026-12-06"), Code::NothingCounts, "from"),
        (asking("personal", "2025-11-20", "2025-11-21"), Code::OutsideWindow, "from"),
        (asking("annual", "2026-12-01", "2026-12-31"), Code::InsufficientBalance, "to"),
        (asking("paternity", "2026-12-01", "2026-12-01"), Code::NotEligible, "leave_type"),
    ];
    for (body, code, field) in cases {
        let name = body.leave_type.clone();
        assert_eq!(refused(&clerk, body).await, (code, Some(field.to_owned())), "{name}");
    }
    // Twenty workdays of 事假 cost the annual leave of the year (条例, article 4).
    submit(&clerk, asking("personal", "2026-11-24", "2026-12-21")).await;
    let head = app.client_of(HEAD).await;
    let task = only_task(&head).await;
    decide(&head, &task, TaskAction::Approve).await.unwrap();
    for leader in [OVERSEER, PRESIDENT] {
        let leader = app.client_of(leader).await;
        let task = only_task(&leader).await;
        decide(&leader, &task, TaskAction::Approve).await.unwrap();
    }
    assert_eq!(refused(&clerk, asking("annual", "2026-12-28", "2026-12-28")).await.0, Code::NotEntitled);
}

async fn an_hour_a_day_is_kept_in_minutes(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Friday to Tuesday: three workdays.
    let hours = submit(&clerk, asking("nursing", "2026-11-27", "2026-12-01")).await;
    assert_eq!((hours.half_days, hours.minutes), (0, Some(180)));
    assert_eq!((balance(&clerk, "nursing").await.held, balance(&clerk, "nursing").await.available), (180, None));
    assert_eq!(refused(&clerk, asking("nursing", "2026-12-01", "2026-12-02")).await.0, Code::OverlappingLeave);
    // She is at work meanwhile, and may take the day off.
    submit(&clerk, asking("annual", "2026-11-30", "2026-11-30")).await;
    approve_all_of(&app, &hours).await;
    assert_eq!(balance(&clerk, "nursing").await.used, 180);
    assert_eq!(ledger_sum(&app, CLERK, "nursing").await, -180);
    let findings = server::check::check(&app.state).await.unwrap();
    assert_eq!(findings.ledger, Vec::new());
}

/// Approves one request where others wait too.
async fn approve_all_of(app: &TestApp, request: &LeaveRequest) {
    for step in &request.chain {
        let approver = app.client_of(step.officer.as_deref().unwrap()).await;
        let task = inbox(&approver).await.tasks.into_iter().find(|task| task.subject.subject_id == request.id).unwrap();
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }
}

async fn papers_are_owed_until_they_have_been_seen(app: TestApp) {
    app.world().await;
    let (clerk, head, hr) = (app.client_of(CLERK).await, app.client_of(HEAD).await, app.client_of(HR).await);
    let short = submit(&clerk, asking("sick", "2026-11-16", "2026-11-17")).await;
    assert_eq!(short.evidence, None);
    let request = submit(&clerk, asking("sick", "2026-11-23", "2026-11-25")).await;
    assert_eq!(request.evidence, Some(Evidence::Owed));
    assert!(!request.actions.contains(&Action::ConfirmEvidence), "not by herself");
    for client in [&head, &hr] {
        assert!(show(client, request.id).await.actions.contains(&Action::ConfirmEvidence));
    }
    let confirm = async |client: &Client, id, version| {
        client.post::<ConfirmEvidence>(ById { id }, EvidenceSeen { version }).await
    };
    assert_eq!(confirm(&clerk, request.id, request.version).await.unwrap_err().code, Code::NotAllowed);
    let stranger = app.client_of(OTHER_HEAD).await;
    assert_eq!(confirm(&stranger, request.id, request.version).await.unwrap_err().code, Code::NotFound);
    assert_eq!(confirm(&hr, request.id, 99).await.unwrap_err().code, Code::StaleVersion);
    assert_eq!(confirm(&hr, short.id, short.version).await.unwrap_err().code, Code::WrongState);
    let seen = confirm(&hr, request.id, request.version).await.unwrap();
    let by = app.officer(HR).await.name;
    assert_eq!(seen.evidence, Some(Evidence::Seen { by, at: app.now() }));
    assert_eq!(confirm(&head, request.id, request.version).await.unwrap_err().code, Code::StaleVersion, "a second one");
    let problem = confirm(&head, request.id, seen.version).await.unwrap_err();
    assert_eq!(problem.code, Code::WrongState);
}

async fn what_contract_staff_get_is_set_on_the_screen(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    assert_eq!(admin.get::<GetContractStaff>(Empty {}).await.unwrap().rule, ContractRule::Same);
    let change = |seen, rule| ContractStaffChange { seen, rule };
    let fixed = ContractRule::Fixed(14);
    assert_eq!(admin.send::<SetContractStaff>(change(ContractRule::Same, fixed)).await.unwrap().rule, fixed);
    // A repeat answers the same; who saw what held before changes nothing.
    assert_eq!(admin.send::<SetContractStaff>(change(ContractRule::Same, fixed)).await.unwrap().rule, fixed);
    let late = admin.send::<SetContractStaff>(change(ContractRule::Same, ContractRule::None)).await.unwrap_err();
    assert_eq!((late.code, late.current.is_some()), (Code::StaleVersion, true));
    let much = admin.send::<SetContractStaff>(change(fixed, ContractRule::Fixed(61))).await.unwrap_err();
    assert_eq!((much.code, much.field.as_deref()), (Code::BadInput, Some("rule")));
    assert_eq!(admin.get::<GetContractStaff>(Empty {}).await.unwrap().rule, fixed);
    let traces = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.eq("leave_settings.set"))
        .all(app.state.database.read())
        .await
        .unwrap();
    assert_eq!(traces.len(), 1, "once, and with what held before");
}
