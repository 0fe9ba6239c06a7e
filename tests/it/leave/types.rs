//! Types of leave as data: what comes with the product, what HR makes of it, whom each is for, papers that are owed.

use app::leave::api::{
    ConfirmEvidence, ContractStaffChange, Evidence, EvidenceSeen, Extend, ExtendLeave, GetContractStaff,
    ListLeaveTypes, ListTypeRules, Resubmit, ResubmitLeave, SetContractStaff, SetTypeRules, TypePath, TypeRules,
};
use app::leave::entitlement::ContractRule;
use app::leave::types::{BUILTIN, Basis, LeaveType, Limit, Unit};
use server::entity::audit_entry;
use tests::world::{ADMIN, DIRECTOR, HIGH_DIRECTOR, HR};

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
    a_provincial_officer_sets_what_a_year_gives_and_nobody_below_does,
    a_type_of_hr_counts_minutes_where_it_says_so,
    papers_and_the_most_of_one_request_count_what_adjoins,
    what_was_in_time_stays_in_time_when_it_is_extended_or_sent_back,
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
    nursing.rules.unit = Unit::HalfDays;
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

async fn a_provincial_officer_sets_what_a_year_gives_and_nobody_below_does(app: TestApp) {
    app.world().await;
    let (director, clerk) = (app.client_of(HIGH_DIRECTOR).await, app.client_of(CLERK).await);
    let mut parental = rules_of(&director, "parental").await;
    parental.rules.year_limit = Some(Limit { half_days: 4, blocking: true });
    for number in [HR, DIRECTOR, CLERK] {
        let client = app.client_of(number).await;
        assert_eq!(client.get::<ListTypeRules>(Empty {}).await.unwrap_err().code, Code::NotAllowed, "{number}");
        assert_eq!(set(&client, &parental).await.unwrap_err().code, Code::NotAllowed, "{number}");
    }
    let before = submit(&clerk, asking("parental", "2026-11-25", "2026-11-25")).await;
    let saved = set(&director, &parental).await.unwrap();
    assert_eq!((saved.version, saved.rules.year_limit), (1, parental.rules.year_limit));
    submit(&clerk, asking("parental", "2026-12-01", "2026-12-01")).await;
    let third = asking("parental", "2026-12-08", "2026-12-08");
    let preview = clerk.send::<PreviewLeave>(previewing(&third)).await.unwrap();
    assert_eq!((preview.warnings[0].code.as_str(), preview.warnings[0].blocking), ("over_limit", true));
    assert!(preview.warnings[0].text.contains("2026年已请2天"), "{:?}", preview.warnings);
    assert_eq!(refused(&clerk, third.clone()).await, (Code::OverLimit, Some("to".to_owned())));
    submit(&clerk, asking("parental", "2027-01-05", "2027-01-05")).await;
    // What was withdrawn is not counted, and a limit that only warns leaves it to the approver.
    let gone = Withdraw { version: before.version };
    clerk.post::<WithdrawLeave>(ById { id: before.id }, gone).await.unwrap();
    submit(&clerk, Submit { id: Uuid::new_v4(), ..third }).await;
    let warning = TypeRules {
        rules: LeaveType { year_limit: Some(Limit { half_days: 4, blocking: false }), ..saved.rules.clone() },
        ..saved
    };
    assert_eq!(set(&director, &warning).await.unwrap().version, 2);
    let fourth = asking("parental", "2026-12-15", "2026-12-15");
    let preview = clerk.send::<PreviewLeave>(previewing(&fourth)).await.unwrap();
    assert!(preview.warnings.iter().any(|one| one.code == "over_limit" && !one.blocking), "{:?}", preview.warnings);
    submit(&clerk, fourth).await;
}

async fn a_type_of_hr_counts_minutes_where_it_says_so(app: TestApp) {
    app.world().await;
    let (director, clerk) = (app.client_of(HIGH_DIRECTOR).await, app.client_of(CLERK).await);
    let help = "多胞胎每多哺乳一个婴儿每天加1小时。依据：《女职工劳动保护特别规定》第九条。".to_owned();
    let own = |unit, basis| TypeRules {
        version: 0,
        rules: LeaveType { unit, basis, help: help.clone(), ..LeaveType::own("双胎哺乳时间").unwrap() },
    };
    let nothing = set(&director, &own(Unit::Report, Basis::NaturalDays)).await.unwrap_err();
    assert_eq!((nothing.code, nothing.field.as_deref()), (Code::BadInput, Some("unit")), "{nothing:?}");
    let twins = set(&director, &own(Unit::Minutes { a_day: 120 }, Basis::Workdays)).await.unwrap();
    assert_eq!((twins.version, twins.rules.unit), (1, Unit::Minutes { a_day: 120 }), "as it was asked for");
    let offered = clerk.get::<ListLeaveTypes>(Empty {}).await.unwrap().types;
    let offered = offered.into_iter().find(|known| known.name == "双胎哺乳时间").unwrap();
    assert_eq!(offered.minutes_a_day, Some(120));

    // Thursday and Friday.
    let hours = submit(&clerk, asking("双胎哺乳时间", "2026-11-26", "2026-11-27")).await;
    assert_eq!((hours.half_days, hours.minutes, hours.chain.len()), (0, Some(240), 1));
    assert_eq!(refused(&clerk, asking("nursing", "2026-11-27", "2026-11-27")).await.0, Code::OverlappingLeave);
    approve_all(&app, &hours).await;
    let used = balance(&clerk, "双胎哺乳时间").await;
    assert_eq!((used.minutes, used.used, used.available), (true, 240, None));
    assert!(!balance(&clerk, "annual").await.minutes);
    assert_eq!(server::check::check(&app.state).await.unwrap().ledger, Vec::new());
    let mut other = twins.clone();
    other.rules.unit = Unit::HalfDays;
    assert_eq!(set(&director, &other).await.unwrap_err().field.as_deref(), Some("unit"), "nor is it changed later");
}

fn more(leave: &LeaveRequest, last: &str) -> Extend {
    Extend {
        id: Uuid::new_v4(),
        version: leave.version,
        to: half(last, Half::Pm),
        leave_type: None,
        reason: "需延长".to_owned(),
    }
}

async fn papers_and_the_most_of_one_request_count_what_adjoins(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let sick = submit(&clerk, asking("sick", "2026-11-24", "2026-11-25")).await;
    assert_eq!(sick.evidence, None, "two days");
    approve_all(&app, &sick).await;
    let sick = show(&clerk, sick.id).await;
    let asked = Preview {
        to: half("2026-11-27", Half::Pm),
        extends: Some(sick.id),
        ..previewing(&asking("sick", "2026-11-26", "2026-11-27"))
    };
    let told = clerk.send::<PreviewLeave>(asked).await.unwrap().warnings;
    let told = told.into_iter().find(|warning| warning.code == "evidence_owed").expect("four days");
    assert!(!told.blocking && told.text.contains(&sick.number) && told.text.contains("4天"), "{told:?}");
    let longer = clerk.post::<ExtendLeave>(ById { id: sick.id }, more(&sick, "2026-11-27")).await.unwrap();
    assert_eq!(longer.evidence, Some(Evidence::Owed), "two more days make four");
    assert_eq!(show(&clerk, sick.id).await.evidence, None, "what was asked for before is not judged again");

    let mut personal = rules_of(&admin, "personal").await;
    personal.rules.request_limit = Some(Limit { half_days: 2, blocking: true });
    set(&admin, &personal).await.unwrap();
    let friday = submit(&clerk, asking("personal", "2026-12-04", "2026-12-04")).await;
    let monday = clerk.send::<SubmitLeave>(asking("personal", "2026-12-07", "2026-12-07")).await.unwrap_err();
    assert_eq!((monday.code, monday.field.as_deref()), (Code::OverLimit, Some("to")));
    assert!(monday.detail.contains(&friday.number) && monday.detail.contains("合并为2天"), "{monday:?}");
    submit(&clerk, asking("annual", "2026-12-07", "2026-12-07")).await;
    submit(&clerk, asking("personal", "2026-12-09", "2026-12-09")).await;
    // What came to nothing adjoins nothing.
    let morning = Submit { to: half("2026-12-10", Half::Am), ..asking("personal", "2026-12-10", "2026-12-10") };
    assert_eq!(refused(&clerk, morning.clone()).await.0, Code::OverLimit);
    clerk.post::<WithdrawLeave>(ById { id: friday.id }, Withdraw { version: friday.version }).await.unwrap();
    submit(&clerk, asking("personal", "2026-12-04", "2026-12-04")).await;
}

async fn what_was_in_time_stays_in_time_when_it_is_extended_or_sent_back(app: TestApp) {
    app.world().await;
    let (admin, clerk) = (app.client_of(ADMIN).await, app.client_of(CLERK).await);
    let mut annual = rules_of(&admin, "annual").await;
    annual.rules.notice_workdays = 3;
    set(&admin, &annual).await.unwrap();
    let leave = submit(&clerk, asking("annual", "2026-11-26", "2026-11-26")).await;
    approve_all(&app, &leave).await;
    let other = submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;

    app.clock.set(at("2026-11-26", 9, 0));
    let clerk = app.client_of(CLERK).await;
    assert_eq!(refused(&clerk, asking("annual", "2026-11-30", "2026-11-30")).await.0, Code::OutsideWindow);
    let leave = show(&clerk, leave.id).await;
    let longer = clerk.post::<ExtendLeave>(ById { id: leave.id }, more(&leave, "2026-11-27")).await;
    let longer = longer.expect("how early an extension is asked for is a setting of its own");

    app.clock.set(at("2026-11-30", 9, 0));
    let (clerk, head) = (app.client_of(CLERK).await, app.client_of(HEAD).await);
    for request in [&longer, &other] {
        let task = inbox(&head).await.tasks.into_iter().find(|task| task.subject.subject_id == request.id).unwrap();
        let body = Decide::new(TaskAction::SendBack, "请写明事由", task.version);
        head.post::<DecideTask>(ById { id: task.id }, body).await.unwrap();
    }
    let again = async |request: &LeaveRequest, from: &str, to: &str| {
        let seen = show(&clerk, request.id).await;
        let body = Resubmit {
            version: seen.version,
            leave_type: "annual".to_owned(),
            from: half(from, Half::Am),
            to: half(to, Half::Pm),
            reason: "探亲".to_owned(),
            destination: String::new(),
            stand_in: None,
            contact: String::new(),
        };
        clerk.post::<ResubmitLeave>(ById { id: request.id }, body).await
    };
    let preview = Preview { resubmits: Some(other.id), ..previewing(&asking("annual", "2026-12-01", "2026-12-01")) };
    let told = clerk.send::<PreviewLeave>(preview).await.unwrap().warnings;
    assert!(told.iter().all(|warning| !warning.blocking), "{told:?}");
    let earlier = again(&other, "2026-11-30", "2026-12-01").await.unwrap_err();
    assert_eq!((earlier.code, earlier.field.as_deref()), (Code::OutsideWindow, Some("from")), "it begins earlier now");
    assert_eq!(again(&other, "2026-12-01", "2026-12-01").await.unwrap().status, Status::InApproval);
    assert_eq!(again(&longer, "2026-11-27", "2026-11-27").await.unwrap().status, Status::InApproval);
}
