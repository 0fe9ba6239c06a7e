//! Who may call what: every endpoint x every role x inside and outside of its part of the tree.
//!
//! A row names the people who get in; everybody else of [`PEOPLE`] is refused. An endpoint without a row fails the test.

mod reads;

use std::collections::BTreeSet;

use app::api::{Access, BASE, Code, Problem};
use app::approval::api::{CreateDelegation, NewDelegation};
use app::approval::delegation::{Kinds, Period};
use app::day::Half;
use app::notice::rules::{News, NoticeKind};
use axum::http::{Method, StatusCode};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};
use server::entity::{attendance, delivery, import_run, notice, role_grant};
use server::notice::{Subject, send};
use tests::world::{
    ADMIN, AUDITOR, BASIC_CLERK, BASIC_HR, BASIC_PRESIDENT, CLERK, COLLEAGUE, Class, DEPUTY, FOREIGN_CLERK, HEAD, HR,
    OTHER_HEAD, OVERSEER, PRESIDENT, TEACHER, TRAINING_ADMIN, World,
};
use tests::{Answered, Client, TestApp, at, on_both};
use uuid::Uuid;

use crate::leave::{asking, half, only_task, submit};

on_both!(
    every_endpoint_lets_in_exactly_who_may,
    nobody_gets_in_without_signing_in,
    lists_hold_only_ones_own_part,
    a_role_that_is_taken_away_ends_at_once,
    nobody_gives_more_than_he_holds,
);

/// A trainee of the class; he is of the basic court.
const TRAINEE: &str = "700001";

/// One of each role, and three who hold a role elsewhere.
const PEOPLE: &[&str] = &[
    CLERK,
    HEAD,
    OVERSEER,
    PRESIDENT,
    HR,
    TRAINING_ADMIN,
    TEACHER,
    ADMIN,
    AUDITOR,
    TRAINEE,
    OTHER_HEAD,
    BASIC_PRESIDENT,
    BASIC_HR,
    FOREIGN_CLERK,
];

enum Reach {
    /// Signed in or not.
    Public,
    /// Everybody who is signed in; what he reaches is his own.
    SignedIn,
    /// These people.
    Only(&'static [&'static str]),
}

struct Row {
    call: &'static str,
    path: String,
    body: Value,
    reach: Reach,
}

struct Scene {
    app: TestApp,
    world: World,
    class: Class,
    request: Uuid,
    task: Uuid,
    delegation: Uuid,
    report: Uuid,
    channel: Uuid,
    delivery: Uuid,
    notice: Uuid,
    link: String,
    attachment: Uuid,
    /// The link that HR has got for the attachment.
    paper: String,
}

impl Scene {
    async fn set(app: TestApp) -> Self {
        let world = app.world().await;
        let class = app.class(&world, 1, TestApp::DAY).await;
        assert_eq!(class.trainees, [TRAINEE]);
        let request = submit(&app.client_of(CLERK).await, asking("annual", "2026-11-25", "2026-11-25")).await;
        let task = only_task(&app.client_of(HEAD).await).await.id;
        let delegation = Uuid::new_v4();
        let now = app.now();
        let offer = NewDelegation {
            id: delegation,
            to: DEPUTY.to_owned(),
            kinds: Kinds::All,
            period: Period::Between { from: now.plus_minutes(9999), until: now.plus_minutes(19999) },
        };
        app.client_of(HEAD).await.send::<CreateDelegation>(offer).await.unwrap();
        let report = import_run::Model {
            id: Uuid::new_v4(),
            kind: "roster".to_owned(),
            at: app.now().millis(),
            officer_id: Some(app.officer(HR).await.id),
            dry_run: true,
            report: json!({"roster": {"rows": 0, "accepted": 0, "changed": 0, "rejected": [], "normalised": []}})
                .to_string(),
        };
        let seat = attendance::Model {
            lesson_id: class.lessons[1],
            officer_id: app.officer(TRAINEE).await.id,
            status: "on_time".to_owned(),
            at: app.now().millis(),
            received_at: app.now().millis(),
            source: "code".to_owned(),
            device: None,
        };
        let writer = app.state.database.write();
        import_run::Entity::insert(report.clone().into_active_model()).exec_without_returning(writer).await.unwrap();
        attendance::Entity::insert(seat.into_active_model()).exec_without_returning(writer).await.unwrap();
        let (channel, delivery, notice) = told(&app).await;
        app.clock.set(at(TestApp::DAY, 8, 40));
        let board = app.client_of(TEACHER).await.fetch(&format!("{BASE}/lessons/{}/board", class.lessons[0])).await;
        let link = board.json()["link"].as_str().unwrap().to_owned();
        let attachment = Uuid::new_v4();
        let path = format!("{BASE}/leave/requests/{}/attachments/{attachment}", request.id);
        let photo = tests::fixture("photo.jpg");
        let clerk = app.client_of(CLERK).await;
        let sent = clerk.request(Method::PUT, &format!("{path}?name=a.jpg"), "image/jpeg", photo).await;
        assert!(sent.status.is_success(), "{}", sent.text());
        let hr = app.client_of(HR).await;
        let opened = hr.request(Method::POST, &format!("{path}/open"), "application/json", Vec::new()).await.json();
        let paper = opened["link"].as_str().unwrap().trim_start_matches(BASE).to_owned();
        Self {
            app,
            world,
            class,
            request: request.id,
            task,
            delegation,
            report: report.id,
            channel,
            delivery,
            notice,
            link,
            attachment,
            paper,
        }
    }

    fn rows(&self) -> Vec<Row> {
        use Reach::{Only, Public, SignedIn};
        let row = |call, path: String, body, reach| Row { call, path, body, reach };
        let none = || json!({});
        let (lesson, class, request) = (self.class.lessons[0], self.class.id, self.request);
        let staff: &[&str] = &[TEACHER, TRAINING_ADMIN];
        let of_class: &[&str] = &[TEACHER, TRAINING_ADMIN, TRAINEE];
        let leaders: &[&str] = &[PRESIDENT, HR, ADMIN];
        let over_somebody: &[&str] = &[HEAD, OVERSEER, PRESIDENT, HR, OTHER_HEAD, BASIC_PRESIDENT, BASIC_HR];
        let in_court: &[&str] = &[HEAD, OVERSEER, PRESIDENT, HR, OTHER_HEAD];
        let over_court: &[&str] = &[PRESIDENT, HR, BASIC_PRESIDENT, BASIC_HR];
        let days = "from=2026-11-01&to=2026-11-30";
        let over_clerk: &[&str] = &[CLERK, HEAD, OVERSEER, PRESIDENT, HR];
        let login = json!({"username": CLERK, "password": "wrong password", "mode": "bearer"});
        let activate =
            json!({"username": CLERK, "code": "AAAA", "new_password": "a password of my own", "mode": "bearer"});
        let span = json!({"leave_type": "sick", "from": {"date": "2026-12-01", "half": "am"}, "to": {"date": "2026-12-01", "half": "pm"}});
        let askers: &[&str] = &[HEAD, HR, OTHER_HEAD, BASIC_HR];
        // Nothing counts on a weekend: who may ask hears so.
        let weekend = |half: &str| json!({"date": "2026-11-28", "half": half});
        let on_behalf = json!({
            "id": Uuid::new_v4(), "officer_id": CLERK, "leave_type": "annual", "from": weekend("am"), "to": weekend("pm"),
        });
        let paper = json!({"year": 2027, "days": []});
        let halves = json!({"womens_day": "pm", "youth_day": "pm"});
        let halves = json!({"seen": halves, "settings": halves});
        let court_day =
            json!({"id": Uuid::new_v4(), "court_id": self.world.court, "date": "2027-12-01", "reason": "检修"});
        // No week works, so that nobody's is changed; who may set one hears so.
        let week = json!({"id": Uuid::new_v4(), "from": "2027-12-01", "halves": vec![false; 14]});
        let role = json!({"id": Uuid::new_v4(), "officer": COLLEAGUE, "role": "auditor", "court_id": self.world.court});
        let oversight = json!({"officer": OVERSEER, "departments": [self.world.civil, self.world.criminal]});
        let scores = json!({"content": 5, "method": 5, "relevance": 5, "organisation": 5});
        let definition = serde_json::to_value(app::approval::templates::leave()).unwrap();
        let edited = json!({"based_on": 99, "definition": definition});
        let running = json!({"urge_after_minutes": 120, "urge_every_minutes": 720, "take_back": true});
        let running = json!({"seen": running, "settings": running});
        let readers: &[&str] = &[HEAD, OVERSEER, PRESIDENT, HR, OTHER_HEAD, BASIC_PRESIDENT, BASIC_HR];
        let leave_settings = json!({"seen": {}, "settings": {}});
        let contract = json!({"seen": {"rule": "same"}, "rule": {"rule": "same"}});
        let matrix = serde_json::to_value(app::leave::authority::templates::standard()).unwrap();
        let save_matrix = json!({"version": 99, "matrix": matrix});
        let publish_matrix = json!({"version": 99, "based_on": 99});
        let who_decides = json!({"officer": CLERK, "leave_type": "annual", "half_days": 2});
        let simulated = json!({"officer": CLERK, "values": {"leave_type": "annual", "half_days": 2}});
        let rating = json!({"id": Uuid::new_v4(), "scores": scores, "text": ""});
        let duty = json!({
            "version": 0, "kind": "duty", "title": "值班", "from": "2027-06-01", "to": "2027-06-02",
            "court": self.world.court, "officers": [CLERK],
        });
        let presence =
            json!({"version": 0, "title": "法官", "court": self.world.court, "category": "judge", "least": 1});
        let at = json!({"date": "2026-11-25", "half": "am"});
        let converted = json!({"id": Uuid::new_v4(), "version": 99, "from": at, "to": at, "reason": "发热"});
        let missing = json!({"version": 99, "since": "2026-11-26", "known_by": "told", "note": "未到岗"});
        let said = json!({"version": 99, "note": "航班取消"});
        let limits = serde_json::to_value(app::leave::rules::absence::Limits::default()).unwrap();
        let limits = json!({"seen": limits, "limits": limits});
        let named = json!({"instead_of": "", "stand_in": DEPUTY});
        let conflicts = serde_json::to_value(app::leave::conflict::Settings::default()).unwrap();
        let conflicts = json!({"seen": conflicts, "settings": conflicts});
        let channel = json!({
            "id": Uuid::new_v4(),
            "settings": {"name": "通道", "enabled": false, "kinds": ["urged"]},
            "config": {"kind": "wecom", "url": "http://127.0.0.1:1/"},
        });
        vec![
            row("create_session", "/session".into(), login, Public),
            row("activate_account", "/session/activate".into(), activate, Public),
            row("refresh_session", "/session/refresh".into(), json!({"refresh_token": "x"}), Public),
            row("get_boot", "/boot".into(), none(), Public),
            row("get_me", "/me".into(), none(), SignedIn),
            row("get_home", "/home".into(), none(), SignedIn),
            row("list_sessions", "/sessions".into(), none(), SignedIn),
            row("revoke_session", format!("/sessions/{}", Uuid::new_v4()), none(), Only(&[])),
            row("end_session", "/session".into(), none(), SignedIn),
            row("count_days", "/calendar/count?from=2026-11-23&to=2026-11-27".into(), none(), SignedIn),
            row("list_calendar_days", "/calendar/days?from=2026-11-23&to=2026-11-27".into(), none(), SignedIn),
            row("list_papers", "/calendar/papers".into(), none(), Only(&[ADMIN])),
            row("import_paper", "/calendar/papers?dry_run=true".into(), paper, Only(&[ADMIN])),
            row("get_half_holidays", "/calendar/half-holidays".into(), none(), Only(&[ADMIN])),
            row("set_half_holidays", "/calendar/half-holidays".into(), halves, Only(&[ADMIN])),
            row("list_court_days", "/calendar/court-days".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row(
                "list_court_days",
                format!("/calendar/court-days?court={}", self.world.court),
                none(),
                Only(&[HR, ADMIN]),
            ),
            row("create_court_day", "/calendar/court-days".into(), court_day, Only(&[HR, ADMIN])),
            row("list_working_weeks", format!("/officers/{CLERK}/working-weeks"), none(), Only(&[CLERK, HR, ADMIN])),
            row("create_working_week", format!("/officers/{CLERK}/working-weeks"), week, Only(&[HR, ADMIN])),
            // Accounts and roles.
            row("create_activation", format!("/officers/{COLLEAGUE}/activation"), none(), Only(&[HR, ADMIN])),
            row(
                "create_activation",
                format!("/officers/{BASIC_CLERK}/activation"),
                none(),
                Only(&[HR, ADMIN, BASIC_HR]),
            ),
            row("create_activation", format!("/officers/{FOREIGN_CLERK}/activation"), none(), Only(&[ADMIN])),
            row("list_role_grants", "/role-grants".into(), none(), Only(&[ADMIN])),
            row("create_role_grant", "/role-grants".into(), role, Only(&[ADMIN])),
            row("delete_role_grant", format!("/role-grants/{}", Uuid::new_v4()), none(), Only(&[])),
            // The org.
            row("list_courts", "/courts".into(), none(), SignedIn),
            row("list_departments", format!("/departments?court={}", self.world.court), none(), Only(leaders)),
            row(
                "list_departments",
                format!("/departments?court={}", self.world.basic),
                none(),
                Only(&[PRESIDENT, HR, ADMIN, BASIC_PRESIDENT, BASIC_HR]),
            ),
            row("list_officers", "/officers".into(), none(), Only(&[PRESIDENT, HR, ADMIN, BASIC_PRESIDENT, BASIC_HR])),
            row("get_officer", format!("/officers/{CLERK}"), none(), Only(leaders)),
            row(
                "get_officer",
                format!("/officers/{BASIC_CLERK}"),
                none(),
                Only(&[PRESIDENT, HR, ADMIN, BASIC_PRESIDENT, BASIC_HR]),
            ),
            row("get_officer", format!("/officers/{FOREIGN_CLERK}"), none(), Only(&[ADMIN])),
            row("set_oversights", "/oversights".into(), oversight, Only(&[HR, ADMIN])),
            row("list_vacancies", "/vacancies".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("create_import", "/imports/roster?dry_run=true".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("create_import", "/imports/balances?dry_run=true".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("create_import", "/imports/training?dry_run=true".into(), none(), Only(&[TRAINING_ADMIN, ADMIN])),
            row("download_import_report", format!("/imports/{}/report", self.report), none(), Only(&[HR, ADMIN])),
            // Leave.
            row("list_leave_types", "/leave/types".into(), none(), SignedIn),
            row("list_type_rules", "/leave/type-rules".into(), none(), Only(&[ADMIN])),
            row("set_type_rules", "/leave/type-rules/annual".into(), json!({}), Only(&[ADMIN])),
            row("get_contract_staff", "/leave/contract-staff".into(), none(), Only(&[ADMIN])),
            row("set_contract_staff", "/leave/contract-staff".into(), contract, Only(&[ADMIN])),
            row("get_statement", "/leave/statement?leave_type=annual".into(), none(), SignedIn),
            row(
                "get_statement",
                format!("/leave/statement?leave_type=annual&officer={CLERK}"),
                none(),
                Only(over_clerk),
            ),
            row(
                "grant_leave",
                "/leave/grants".into(),
                json!({
                    "id": Uuid::new_v4(), "officer": CLERK, "leave_type": "compensatory", "half_days": 0, "reason": "值班"
                }),
                Only(&[HR, ADMIN, BASIC_HR]),
            ),
            row("list_account_officers", "/leave/accounts?q=a".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("get_account_officer", format!("/leave/accounts/{CLERK}"), none(), Only(&[HR, ADMIN])),
            row("list_balances", "/leave/balances".into(), none(), SignedIn),
            row("list_balances", format!("/leave/balances?officer={CLERK}"), none(), Only(over_clerk)),
            row("list_lost_years", "/leave/lost-years".into(), none(), SignedIn),
            row("list_lost_years", format!("/leave/lost-years?officer={CLERK}"), none(), Only(over_clerk)),
            // Nobody has said anything of that year.
            row(
                "set_leave_exemption",
                "/leave/exemptions".into(),
                json!({"officer": CLERK, "year": 2026, "version": 0, "exempt": false, "reason": "已扣发工资"}),
                Only(&[HR, ADMIN]),
            ),
            row("preview_leave", "/leave/preview".into(), span, SignedIn),
            row("submit_leave", "/leave/requests".into(), json!({"id": "no uuid"}), SignedIn),
            // A draft is its owner's; everybody has his own, and saves under an id of his own.
            row("list_leave_drafts", "/leave/drafts".into(), none(), SignedIn),
            row("save_leave_draft", format!("/leave/drafts/{}", Uuid::new_v4()), json!({"version": "none"}), SignedIn),
            row("delete_leave_draft", format!("/leave/drafts/{}", Uuid::new_v4()), none(), SignedIn),
            // In place of another: HR, and the head of his department.
            row("list_on_behalf_officers", "/leave/on-behalf/officers?q=a".into(), none(), Only(askers)),
            row("get_on_behalf_officer", format!("/leave/on-behalf/officers/{CLERK}"), none(), Only(&[HEAD, HR])),
            row("list_on_behalf_requests", "/leave/on-behalf/requests".into(), none(), SignedIn),
            row("submit_leave", "/leave/requests".into(), on_behalf.clone(), Only(&[CLERK, HEAD, HR])),
            row("preview_leave", "/leave/preview".into(), on_behalf, Only(&[CLERK, HEAD, HR])),
            row("list_leave_requests", "/leave/requests".into(), none(), SignedIn),
            row("list_leave_requests", format!("/leave/requests?officer={CLERK}"), none(), Only(over_clerk)),
            row("get_leave_request", format!("/leave/requests/{request}"), none(), Only(over_clerk)),
            row(
                "withdraw_leave",
                format!("/leave/requests/{request}/withdraw"),
                json!({"version": 99}),
                Only(&[CLERK]),
            ),
            // Nobody has approved it yet.
            row(
                "cancel_leave",
                format!("/leave/requests/{request}/cancel"),
                json!({"version": 99, "reason": "有紧急庭审"}),
                Only(&[]),
            ),
            // Nothing is owed.
            row(
                "confirm_evidence",
                format!("/leave/requests/{request}/evidence"),
                json!({"version": 1}),
                Only(&[HEAD, HR]),
            ),
            row("list_attachments", format!("/leave/requests/{request}/attachments"), none(), Only(&[CLERK, HEAD, HR])),
            // The file is none.
            row(
                "add_attachment",
                format!("/leave/requests/{request}/attachments/{}", Uuid::new_v4()),
                none(),
                Only(&[CLERK]),
            ),
            // It is not there.
            row(
                "remove_attachment",
                format!("/leave/requests/{request}/attachments/{}", Uuid::new_v4()),
                none(),
                Only(&[]),
            ),
            row(
                "open_attachment",
                format!("/leave/requests/{request}/attachments/{}/open", self.attachment),
                none(),
                Only(&[CLERK, HEAD, HR]),
            ),
            row("read_attachment", self.paper.clone(), none(), Only(&[HR])),
            row(
                "return_from_leave",
                format!("/leave/requests/{request}/return"),
                json!({"version": 99, "back": half("2026-11-26", Half::Am)}),
                Only(&[CLERK]),
            ),
            row(
                "extend_leave",
                format!("/leave/requests/{request}/extend"),
                json!({"id": Uuid::new_v4(), "version": 99, "to": half("2026-11-26", Half::Pm)}),
                Only(&[CLERK]),
            ),
            // Nobody has reported back yet.
            row(
                "confirm_leave_return",
                format!("/leave/requests/{request}/confirm-return"),
                json!({"version": 99}),
                Only(&[HR]),
            ),
            row(
                "dispute_leave_return",
                format!("/leave/requests/{request}/dispute-return"),
                json!({"version": 99, "back": half("2026-11-26", Half::Am), "reason": "请核对"}),
                Only(&[HR]),
            ),
            row("convert_leave", format!("/leave/requests/{request}/convert"), converted, Only(&[CLERK])),
            row("record_leave_absence", format!("/leave/requests/{request}/absence"), missing, Only(&[HEAD, HR])),
            row(
                "answer_leave_absence",
                format!("/leave/requests/{request}/absence/answer"),
                said.clone(),
                Only(&[CLERK]),
            ),
            row("lift_leave_absence", format!("/leave/requests/{request}/absence/lift"), said, Only(&[HEAD, HR])),
            row("list_absences", "/leave/absences".into(), none(), Only(&[HR, BASIC_HR])),
            row("get_absence_limits", "/leave/absence-limits".into(), none(), Only(&[ADMIN])),
            row("set_absence_limits", "/leave/absence-limits".into(), limits, Only(&[ADMIN])),
            row("name_stand_in", format!("/leave/requests/{request}/name-stand-in"), named, Only(&[CLERK])),
            row("list_stand_in_rules", "/leave/stand-in-rules".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row(
                "set_stand_in_rule",
                format!("/leave/stand-in-rules/{}", self.world.court),
                json!({"version": 0, "accept_first": false}),
                Only(&[HR, ADMIN]),
            ),
            row("list_unreported", "/leave/unreported".into(), none(), Only(readers)),
            row("list_owed_papers", "/leave/owed-papers".into(), none(), Only(&[HR, BASIC_HR])),
            row("get_leave_settings", "/leave-settings".into(), none(), Only(&[ADMIN])),
            row("set_leave_settings", "/leave-settings".into(), leave_settings, Only(&[ADMIN])),
            row("get_authority", "/leave/authority".into(), none(), Only(&[ADMIN])),
            row("save_authority", "/leave/authority".into(), save_matrix, Only(&[ADMIN])),
            row("list_authority_templates", "/leave/authority/templates".into(), none(), Only(&[ADMIN])),
            row("lint_authority", "/leave/authority/lint".into(), matrix, Only(&[ADMIN])),
            row("publish_authority", "/leave/authority/publish".into(), publish_matrix, Only(&[ADMIN])),
            row("ask_who_decides", "/leave/authority/who-decides".into(), who_decides, Only(&[ADMIN])),
            row(
                "resubmit_leave",
                format!("/leave/requests/{request}/resubmit"),
                json!({
                    "version": 99, "leave_type": "annual",
                    "from": half("2026-11-26", Half::Am), "to": half("2026-11-26", Half::Pm)
                }),
                Only(&[CLERK]),
            ),
            row("list_stand_ins", "/leave/stand-ins".into(), none(), SignedIn),
            // Nobody was asked to.
            row(
                "answer_stand_in",
                format!("/leave/requests/{request}/stand-in"),
                json!({"accept": true, "from": half("2026-11-25", Half::Am), "to": half("2026-11-25", Half::Pm)}),
                Only(&[]),
            ),
            // The rules of leave.
            row("list_leave_periods", "/leave/periods".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("set_leave_period", format!("/leave/periods/{}", Uuid::new_v4()), duty, Only(&[HR, ADMIN])),
            row("delete_leave_period", format!("/leave/periods/{}", Uuid::new_v4()), none(), Only(&[])),
            row("list_presence_rules", "/leave/presence-rules".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("set_presence_rule", format!("/leave/presence-rules/{}", Uuid::new_v4()), presence, Only(&[HR, ADMIN])),
            row("delete_presence_rule", format!("/leave/presence-rules/{}", Uuid::new_v4()), none(), Only(&[])),
            row("get_conflict_settings", "/leave/conflict-settings".into(), none(), Only(&[HR, ADMIN, BASIC_HR])),
            row("set_conflict_settings", "/leave/conflict-settings".into(), conflicts, Only(&[ADMIN])),
            row("get_team", "/leave/team".into(), none(), SignedIn),
            row(
                "get_team",
                format!("/leave/team?department={}", self.world.civil),
                none(),
                Only(&[CLERK, HEAD, OVERSEER, PRESIDENT, HR]),
            ),
            row("get_team", format!("/leave/team?court={}", self.world.court), none(), Only(&[PRESIDENT, HR])),
            row("list_feeds", "/leave/feeds".into(), none(), SignedIn),
            row("create_feed", "/leave/feeds".into(), json!({"id": "no uuid"}), SignedIn),
            row("revoke_feed", format!("/leave/feeds/{}", Uuid::new_v4()), none(), Only(&[])),
            row("get_leave_summary", "/leave/summary".into(), none(), Only(over_somebody)),
            row("get_leave_summary", format!("/leave/summary?court={}", self.world.court), none(), Only(in_court)),
            row("get_leave_statistics", "/leave/statistics".into(), none(), Only(over_somebody)),
            row(
                "get_leave_statistics",
                format!("/leave/statistics?court={}", self.world.court),
                none(),
                Only(in_court),
            ),
            row("export_leave", format!("/leave/export.xlsx?{days}"), none(), Only(over_court)),
            row(
                "export_leave",
                format!("/leave/export.xlsx?{days}&court={}", self.world.court),
                none(),
                Only(&[PRESIDENT, HR]),
            ),
            row("export_leave_summary", "/leave/summary.xlsx".into(), none(), Only(over_court)),
            row("list_colleagues", "/colleagues?q=a".into(), none(), SignedIn),
            // Approvals.
            row("get_inbox", "/approvals/inbox".into(), none(), SignedIn),
            row("list_requests", "/approvals/requests".into(), none(), SignedIn),
            row("get_process", format!("/approvals/requests/{request}"), none(), Only(over_clerk)),
            row(
                "act_on_process",
                format!("/approvals/requests/{request}/act"),
                json!({"action": "comment", "comment": "请按时返岗"}),
                Only(&[CLERK, HEAD]),
            ),
            row("approve_tasks", "/approvals/tasks/approve".into(), json!({"tasks": []}), SignedIn),
            row("list_delegations", "/delegations".into(), none(), SignedIn),
            row("create_delegation", "/delegations".into(), json!({"id": "no uuid"}), SignedIn),
            row(
                "answer_delegation",
                format!("/delegations/{}/answer", self.delegation),
                json!({"accept": true}),
                Only(&[DEPUTY]),
            ),
            row("revoke_delegation", format!("/delegations/{}", self.delegation), none(), Only(&[HEAD, DEPUTY])),
            row(
                "decide_task",
                format!("/approvals/tasks/{}/decide", self.task),
                json!({"action": "approve", "version": 99}),
                Only(&[HEAD]),
            ),
            // Definitions are the province's.
            row("list_definitions", "/approval-definitions".into(), none(), Only(&[ADMIN])),
            row("get_definition", "/approval-definitions/leave".into(), none(), Only(&[ADMIN])),
            row("save_definition", "/approval-definitions/leave".into(), edited, Only(&[ADMIN])),
            row("lint_definition", "/approval-definitions/leave/lint".into(), definition, Only(&[ADMIN])),
            row("get_approval_settings", "/approval-settings".into(), none(), Only(&[ADMIN])),
            row("set_approval_settings", "/approval-settings".into(), running, Only(&[ADMIN])),
            row("simulate_definition", "/approval-definitions/leave/simulate".into(), simulated, Only(&[ADMIN])),
            // Notices.
            row("list_notices", "/notices".into(), none(), SignedIn),
            row("watch_notices", "/notices/watch".into(), none(), SignedIn),
            row("mark_notice_read", format!("/notices/{}/read", self.notice), none(), Only(&[HEAD])),
            row("mark_all_notices_read", "/notices/read".into(), json!({"through": 0}), SignedIn),
            row("get_notice_settings", "/notices/settings".into(), none(), SignedIn),
            row("set_notice_settings", "/notices/settings".into(), json!({"muted": ["copied"]}), SignedIn),
            row("get_push_key", "/notices/push-key".into(), none(), SignedIn),
            row("create_push_subscription", "/notices/push-subscriptions".into(), json!({"id": "no uuid"}), SignedIn),
            row(
                "delete_push_subscription",
                format!("/notices/push-subscriptions/{}", Uuid::new_v4()),
                none(),
                Only(&[]),
            ),
            row("list_channels", "/notices/channels".into(), none(), Only(&[ADMIN])),
            row("create_channel", "/notices/channels".into(), channel.clone(), Only(&[ADMIN])),
            row(
                "change_channel",
                format!("/notices/channels/{}", self.channel),
                json!({"version": 99, "settings": channel["settings"]}),
                Only(&[ADMIN]),
            ),
            row("test_channel", format!("/notices/channels/{}/test", self.channel), none(), Only(&[ADMIN])),
            row("list_deliveries", "/notices/deliveries".into(), none(), Only(&[ADMIN])),
            row("retry_delivery", format!("/notices/deliveries/{}/retry", self.delivery), none(), Only(&[ADMIN])),
            row("delete_channel", format!("/notices/channels/{}", self.channel), none(), Only(&[ADMIN])),
            // Class, sign-in, rating.
            row("list_classes", "/classes".into(), none(), SignedIn),
            row("get_class", format!("/classes/{class}"), none(), Only(of_class)),
            row("list_lessons", format!("/classes/{class}/lessons"), none(), Only(of_class)),
            row("get_lesson", format!("/lessons/{lesson}"), none(), Only(of_class)),
            row("get_board", format!("/lessons/{lesson}/board"), none(), Only(staff)),
            row("watch_board", format!("/lessons/{lesson}/board/events"), none(), Only(staff)),
            row("get_attendance", format!("/lessons/{lesson}/attendance"), none(), Only(staff)),
            row(
                "create_sign_in",
                "/attendance/sign-ins".into(),
                json!({"link": self.link, "nonce": Uuid::new_v4()}),
                Only(&[TRAINEE]),
            ),
            row("rate_lesson", format!("/lessons/{}/ratings", self.class.lessons[1]), rating, Only(&[TRAINEE])),
            row("close_rating", format!("/lessons/{lesson}/ratings/close"), none(), Only(staff)),
            row("get_results", format!("/lessons/{lesson}/results"), none(), Only(of_class)),
        ]
    }
}

/// A channel of the province, a delivery that waits for it, and the notice of the head of the division that it carries.
async fn told(app: &TestApp) -> (Uuid, Uuid, Uuid) {
    let channel = json!({
        "id": Uuid::new_v4(),
        "settings": {"name": "通道", "enabled": true, "kinds": ["urged"]},
        "config": {"kind": "wecom", "url": "http://127.0.0.1:1/"},
    });
    let body = channel.to_string().into_bytes();
    let admin = app.client_of(ADMIN).await;
    let made = admin.request(Method::POST, &format!("{BASE}/notices/channels"), "application/json", body).await.json();
    let head = app.officer(HEAD).await.id;
    let subject = Subject { kind: "leave", id: Uuid::new_v4(), number: "" };
    let tx = app.state.database.begin().await.unwrap();
    send(&tx, &app.clock, subject, [News { officer: head, kind: NoticeKind::Urged, actor: None }]).await.unwrap();
    tx.commit().await.unwrap();
    let read = app.state.database.read();
    let notice = notice::Entity::find().filter(notice::Column::OfficerId.eq(head)).one(read).await.unwrap().unwrap();
    let waiting = delivery::Entity::find().one(read).await.unwrap().unwrap();
    (made["id"].as_str().unwrap().parse().unwrap(), waiting.id, notice.id)
}

fn method_of(call: &str) -> Method {
    let found = server::endpoints().into_iter().find(|mounted| mounted.name == call);
    let found = found.unwrap_or_else(|| panic!("the table has a row for {call}, which is not mounted"));
    Method::from_bytes(found.method.as_str().as_bytes()).unwrap()
}

async fn make(client: &Client, row: &Row) -> Answered {
    let method = method_of(row.call);
    let body = if method == Method::GET { Vec::new() } else { row.body.to_string().into_bytes() };
    client.request(method, &format!("{BASE}{}", row.path), "application/json", body).await
}

/// What somebody hears who may not: no permission, or no such thing for him.
fn is_shut_out(answer: &Answered) -> bool {
    if answer.status.is_success() {
        return false;
    }
    let problem: Problem = answer.problem();
    matches!(
        problem.code,
        Code::SignedOut
            | Code::NotAllowed
            | Code::NotFound
            | Code::ForeignOfficer
            | Code::NotOnRoster
            | Code::NotSignedIn
            | Code::CrossSite
    )
}

async fn every_endpoint_lets_in_exactly_who_may(app: TestApp) {
    let scene = Scene::set(app).await;
    let rows = scene.rows();
    let tabled: BTreeSet<&str> = rows.iter().map(|row| row.call).collect();
    let mounted: BTreeSet<&str> = server::endpoints().iter().map(|call| call.name).collect();
    assert_eq!(mounted, tabled, "each endpoint needs a row in this table");
    let mut wrong = Vec::new();
    for row in &rows {
        for person in PEOPLE {
            let expected = match row.reach {
                Reach::Public => continue,
                Reach::SignedIn => true,
                Reach::Only(people) => people.contains(person),
            };
            // A call may end the session it is made in.
            let client = scene.app.client_of(person).await;
            let answer = make(&client, row).await;
            assert!(!answer.status.is_server_error(), "{} by {person}: {}", row.call, answer.text());
            if is_shut_out(&answer) == expected {
                wrong.push(format!("{} {} by {person}: {} {}", row.call, row.path, answer.status, answer.text()));
            }
        }
    }
    assert!(wrong.is_empty(), "{} surprises:\n{}", wrong.len(), wrong.join("\n"));
}

async fn nobody_gets_in_without_signing_in(app: TestApp) {
    let scene = Scene::set(app).await;
    for row in scene.rows() {
        let answer = make(&scene.app.client(), &row).await;
        if let Reach::Public = row.reach {
            assert_ne!(answer.status, StatusCode::FORBIDDEN, "{}", row.call);
        } else {
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{} {}", row.call, row.path);
            assert_eq!(answer.problem().code, Code::SignedOut, "{}", row.call);
        }
    }
    let public: BTreeSet<&str> =
        server::endpoints().iter().filter(|call| call.access == Access::Public).map(|call| call.name).collect();
    let expected = ["activate_account", "create_session", "get_boot", "refresh_session"];
    assert_eq!(public, BTreeSet::from(expected), "a call that needs no session is a decision of its own");
}

async fn lists_hold_only_ones_own_part(app: TestApp) {
    app.world().await;
    let officers = |person: &'static str, query: &'static str| {
        let app = app.clone();
        async move {
            let answer = app.client_of(person).await.fetch(&format!("{BASE}/officers?limit=200{query}")).await.json();
            let items = answer["items"].as_array().unwrap().clone();
            items.iter().map(|item| item["officer"].as_str().unwrap().to_owned()).collect::<BTreeSet<_>>()
        }
    };
    let below = officers(BASIC_HR, "").await;
    assert!(below.contains(BASIC_CLERK) && below.iter().all(|number| number.starts_with('3')), "{below:?}");
    let middle = officers(HR, "").await;
    assert!(middle.contains(BASIC_CLERK) && middle.contains(CLERK) && !middle.contains(FOREIGN_CLERK), "{middle:?}");
    assert!(officers(ADMIN, "").await.contains(FOREIGN_CLERK));
    assert!(officers(BASIC_HR, "&q=%E5%91%A8").await.is_empty(), "a search finds nobody outside either");
}

async fn a_role_that_is_taken_away_ends_at_once(app: TestApp) {
    app.world().await;
    let admin = app.client_of(ADMIN).await;
    let grants = admin.fetch(&format!("{BASE}/role-grants")).await.json();
    let of_admin = grants["items"].as_array().unwrap().iter().find(|item| item["officer"] == ADMIN).unwrap().clone();
    let path = format!("{BASE}/role-grants/{}", of_admin["id"].as_str().unwrap());
    assert_eq!(admin.request(Method::DELETE, &path, "", Vec::new()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(admin.fetch(&format!("{BASE}/role-grants")).await.problem().code, Code::NotAllowed);
    let left = role_grant::Entity::find().all(app.state.database.read()).await.unwrap();
    assert_eq!(left.len(), 2);
}

async fn nobody_gives_more_than_he_holds(app: TestApp) {
    let world = app.world().await;
    app.give_role(BASIC_HR, "admin", Some(world.basic)).await;
    let admin = app.client_of(BASIC_HR).await;
    let give = |court: Option<Uuid>| {
        let body = json!({ "id": Uuid::new_v4(), "officer": BASIC_CLERK, "role": "admin", "court_id": court });
        let admin = admin.clone();
        let path = format!("{BASE}/role-grants");
        async move { admin.request(Method::POST, &path, "application/json", body.to_string().into_bytes()).await }
    };
    assert_eq!(give(None).await.problem().code, Code::NotFound);
    assert_eq!(give(Some(world.court)).await.problem().code, Code::NotFound);
    assert_eq!(give(Some(world.basic)).await.status, StatusCode::OK);
    let grants = role_grant::Entity::find().all(app.state.database.read()).await.unwrap();
    let of_province = grants.iter().find(|grant| grant.court_id.is_none() && grant.role == "admin").unwrap();
    let path = format!("{BASE}/role-grants/{}", of_province.id);
    assert_eq!(admin.request(Method::DELETE, &path, "", Vec::new()).await.problem().code, Code::NotFound);
}
