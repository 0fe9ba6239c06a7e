//! What leave collides with: told before it is submitted and where it is decided, and refused where the rule says so.

use app::api::{ById, Code, Empty};
use app::calendar::api::{CreateCourtDay, NewCourtDay};
use app::day::Half;
use app::leave::api::{
    ConflictSettingsChange, DeleteLeavePeriod, DeletePresenceRule, GetConflictSettings, LeavePeriodChange,
    ListLeavePeriods, ListPresenceRules, PresenceRuleChange, PreviewLeave, PreviewResult, SetConflictSettings,
    SetLeavePeriod, SetPresenceRule, Submit, SubmitLeave, Warning, Withdraw, WithdrawLeave,
};
use app::leave::conflict::{Effect, PeriodKind, Settings};
use app::org::rules::Category;
use sea_orm::{EntityTrait, IntoActiveModel};
use server::entity::hearing;
use tests::world::{ADMIN, BASIC_CLERK, BASIC_HR, CLERK, COLLEAGUE, DEPUTY, HEAD, HR, OVERSEER, PRESIDENT, World};
use tests::{Client, TestApp, on_both};
use uuid::Uuid;

use super::{asking, half, inbox, only_task, previewing, submit};

on_both!(
    a_hearing_is_named_before_submitting_and_at_the_decision,
    what_blocks_is_the_installations_choice_and_never_an_illness,
    a_lesson_of_ones_class_is_told,
    a_lesson_and_a_duty_stand_in_the_way_where_the_installation_says_so,
    nobody_leaves_his_court_in_a_closed_period,
    who_is_on_duty_is_told,
    head_and_deputy_see_each_other,
    a_saturday_that_the_court_works_is_guarded,
    a_rule_of_presence_counts_its_group,
    a_panel_within_a_division_is_a_group_of_its_own,
    of_two_who_would_leave_nobody_one_is_let_go,
    a_period_is_changed_in_the_version_that_was_seen,
);

async fn preview(client: &Client, body: &Submit) -> PreviewResult {
    client.send::<PreviewLeave>(previewing(body)).await.unwrap()
}

/// The warning of this code in a preview.
pub(crate) async fn warned(client: &Client, body: &Submit, code: &str) -> Option<Warning> {
    preview(client, body).await.warnings.into_iter().find(|warning| warning.code == code)
}

pub(super) async fn add_hearing(app: &TestApp, number: &str, day: &str, starts_minute: i32, ends_minute: i32) {
    let row = hearing::Model {
        id: Uuid::new_v4(),
        case_number: "（2026）江01民初128号".to_owned(),
        officer_id: app.officer(number).await.id,
        day: day.parse::<app::day::Day>().unwrap().date(),
        starts_minute,
        ends_minute,
        courtroom: "第三法庭".to_owned(),
    };
    let insert = hearing::Entity::insert(row.into_active_model());
    insert.exec_without_returning(app.state.database.write()).await.unwrap();
}

pub(crate) async fn choose(app: &TestApp, settings: Settings) {
    let admin = app.client_of(ADMIN).await;
    let seen = admin.get::<GetConflictSettings>(Empty {}).await.unwrap();
    let change = ConflictSettingsChange { seen, settings };
    assert_eq!(admin.call::<SetConflictSettings>(Empty {}, Empty {}, change).await.unwrap(), settings);
}

async fn a_hearing_is_named_before_submitting_and_at_the_decision(app: TestApp) {
    app.world().await;
    add_hearing(&app, CLERK, "2026-11-25", 9 * 60 + 30, 11 * 60).await;
    let clerk = app.client_of(CLERK).await;
    let whole = asking("annual", "2026-11-24", "2026-11-26");
    let warning = warned(&clerk, &whole, "hearing_conflict").await.unwrap();
    assert!(!warning.blocking && warning.text.contains("（2026）江01民初128号定于11月25日 09:30开庭"), "{warning:?}");
    let afternoon = Submit { from: half("2026-11-25", Half::Pm), ..asking("annual", "2026-11-25", "2026-11-25") };
    assert_eq!(warned(&clerk, &afternoon, "hearing_conflict").await, None, "the hearing is over by then");
    let colleague = app.client_of(COLLEAGUE).await;
    assert_eq!(warned(&colleague, &whole, "hearing_conflict").await, None, "it is not his");

    submit(&clerk, whole).await;
    let task = only_task(&app.client_of(HEAD).await).await;
    assert!(task.conflicts.iter().any(|text| text.contains("江01民初128号")), "{task:?}");
}

async fn what_blocks_is_the_installations_choice_and_never_an_illness(app: TestApp) {
    app.world().await;
    add_hearing(&app, CLERK, "2026-11-25", 11 * 60, 13 * 60).await;
    choose(&app, Settings { hearing: Effect::Block, ..Settings::default() }).await;
    let clerk = app.client_of(CLERK).await;
    let afternoon = Submit { from: half("2026-11-25", Half::Pm), ..asking("annual", "2026-11-25", "2026-11-25") };
    let found = preview(&clerk, &afternoon).await;
    assert!(found.warnings[0].blocking && found.warnings[0].code == "hearing_conflict", "it crosses noon: {found:?}");
    let refused = clerk.send::<SubmitLeave>(afternoon.clone()).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::HearingConflict, Some("from")));
    let ill = Submit { id: Uuid::new_v4(), leave_type: "sick".to_owned(), ..afternoon };
    assert!(!warned(&clerk, &ill, "hearing_conflict").await.unwrap().blocking);
    submit(&clerk, ill).await;
    let stale = ConflictSettingsChange {
        seen: Settings::default(),
        settings: Settings { duty: Effect::Block, ..Settings::default() },
    };
    let admin = app.client_of(ADMIN).await;
    let refused = admin.call::<SetConflictSettings>(Empty {}, Empty {}, stale).await.unwrap_err();
    assert!(refused.code == Code::StaleVersion && refused.current.is_some());
}

async fn a_lesson_of_ones_class_is_told(app: TestApp) {
    let world = app.world().await;
    let class = app.class(&world, 1, "2026-11-25").await;
    let trainee = app.client_of(&class.trainees[0]).await;
    let warning = warned(&trainee, &asking("annual", "2026-11-25", "2026-11-25"), "class_conflict").await.unwrap();
    assert!(warning.text.contains("等3节课") && warning.text.contains("11月25日 09:00"), "{warning:?}");
    let morning = Submit { to: half("2026-11-25", Half::Am), ..asking("annual", "2026-11-25", "2026-11-25") };
    assert!(warned(&trainee, &morning, "class_conflict").await.unwrap().text.contains("等2节课"));
    assert_eq!(warned(&trainee, &asking("annual", "2026-11-26", "2026-11-26"), "class_conflict").await, None);
}

async fn a_lesson_and_a_duty_stand_in_the_way_where_the_installation_says_so(app: TestApp) {
    let world = app.world().await;
    let class = app.class(&world, 1, "2026-11-25").await;
    app.add_trainee(class.id, CLERK).await;
    let duty = LeavePeriodChange {
        kind: PeriodKind::Duty,
        title: "周末值班".to_owned(),
        from: "2026-11-27".parse().unwrap(),
        to: "2026-11-27".parse().unwrap(),
        officers: vec![CLERK.to_owned()],
        ..closed(&world)
    };
    let hr = app.client_of(HR).await;
    hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, duty).await.unwrap();
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let blocks = |class, duty| Settings { class, duty, ..Settings::default() };
    for (day, code, name, settings) in [
        ("2026-11-25", Code::ClassConflict, "class_conflict", blocks(Effect::Block, Effect::Warn)),
        ("2026-11-27", Code::DutyConflict, "duty_conflict", blocks(Effect::Warn, Effect::Block)),
    ] {
        let body = asking("annual", day, day);
        assert!(!warned(&clerk, &body, name).await.unwrap().blocking, "{name}: told, as the product has it");
        choose(&app, settings).await;
        assert!(warned(&clerk, &body, name).await.unwrap().blocking, "{name}");
        let refused = clerk.send::<SubmitLeave>(body.clone()).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (code, Some("from")));
        assert!(inbox(&app.client_of(HEAD).await).await.tasks.is_empty(), "{name}: nothing was filed");
        // It is hers alone, and an illness is never refused.
        let other = submit(&colleague, asking("annual", day, day)).await;
        colleague.post::<WithdrawLeave>(ById { id: other.id }, Withdraw { version: other.version }).await.unwrap();
        let ill = Submit { id: Uuid::new_v4(), leave_type: "sick".to_owned(), ..body };
        let ill = submit(&clerk, ill).await;
        clerk.post::<WithdrawLeave>(ById { id: ill.id }, Withdraw { version: ill.version }).await.unwrap();
    }
}

pub(super) fn closed(world: &World) -> LeavePeriodChange {
    LeavePeriodChange {
        version: 0,
        kind: PeriodKind::Blackout,
        title: "重大活动安保".to_owned(),
        from: "2026-11-25".parse().unwrap(),
        to: "2026-11-27".parse().unwrap(),
        court: Some(world.court),
        department: None,
        officers: Vec::new(),
    }
}

async fn nobody_leaves_his_court_in_a_closed_period(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let path = ById { id: Uuid::new_v4() };
    let period = hr.call::<SetLeavePeriod>(path, Empty {}, closed(&world)).await.unwrap();
    assert_eq!((period.version, period.court_name.as_deref()), (1, Some("江州市中级人民法院")));
    assert_eq!(hr.get::<ListLeavePeriods>(Empty {}).await.unwrap().items, [period]);
    let below = app.client_of(BASIC_HR).await;
    assert!(below.get::<ListLeavePeriods>(Empty {}).await.unwrap().items.is_empty(), "not his court");

    let clerk = app.client_of(CLERK).await;
    let body = asking("annual", "2026-11-26", "2026-11-30");
    assert!(warned(&clerk, &body, "blackout_period").await.unwrap().blocking);
    let refused = clerk.send::<SubmitLeave>(body.clone()).await.unwrap_err();
    assert!(refused.code == Code::BlackoutPeriod && refused.detail.contains("重大活动安保"), "{refused:?}");
    submit(&app.client_of(BASIC_CLERK).await, asking("annual", "2026-11-26", "2026-11-26")).await;
    submit(&clerk, asking("sick", "2026-11-26", "2026-11-26")).await;

    hr.call::<DeleteLeavePeriod>(path, Empty {}, Empty {}).await.unwrap();
    let colleague = app.client_of(COLLEAGUE).await;
    submit(&colleague, body).await;
}

async fn who_is_on_duty_is_told(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let duty = LeavePeriodChange {
        kind: PeriodKind::Duty,
        title: "周末值班".to_owned(),
        officers: vec![CLERK.to_owned()],
        ..closed(&world)
    };
    let nobody = LeavePeriodChange { officers: Vec::new(), ..duty.clone() };
    let foreign = LeavePeriodChange { officers: vec![BASIC_CLERK.to_owned()], ..duty.clone() };
    for wrong in [nobody, foreign] {
        let refused = hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, wrong).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("officers")));
    }
    hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, duty).await.unwrap();
    let body = asking("annual", "2026-11-27", "2026-11-27");
    let warning = warned(&app.client_of(CLERK).await, &body, "duty_conflict").await.unwrap();
    assert!(!warning.blocking && warning.text.contains("“周末值班”"), "{warning:?}");
    assert_eq!(warned(&app.client_of(COLLEAGUE).await, &body, "duty_conflict").await, None);
}

async fn head_and_deputy_see_each_other(app: TestApp) {
    app.world().await;
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let body = asking("annual", "2026-11-25", "2026-11-25");
    assert_eq!(warned(&head, &body, "minimum_presence").await, None, "the deputy is there");
    submit(&deputy, body).await;
    let body = asking("annual", "2026-11-25", "2026-11-26");
    let warning = warned(&head, &body, "minimum_presence").await.unwrap();
    assert!(!warning.blocking && warning.text.contains("郑副庭（也在申请）"), "{warning:?}");
    submit(&head, body).await;
    let task = only_task(&app.client_of(OVERSEER).await).await;
    assert!(task.conflicts.iter().any(|text| text.contains("民事审判第一庭正副职")), "{task:?}");

    // The leaders of a court are a group of their own.
    let body = asking("annual", "2026-12-02", "2026-12-02");
    submit(&app.client_of(OVERSEER).await, body.clone()).await;
    assert_eq!(warned(&app.client_of(PRESIDENT).await, &body, "minimum_presence").await, None, "the director stays");
}

async fn a_saturday_that_the_court_works_is_guarded(app: TestApp) {
    let world = app.world().await;
    let saturday = "2026-11-28";
    let body = asking("annual", saturday, saturday);
    let (head, deputy) = (app.client_of(HEAD).await, app.client_of(DEPUTY).await);
    let works = NewCourtDay {
        id: Uuid::new_v4(),
        court_id: world.court,
        date: saturday.parse().unwrap(),
        half: None,
        works: Some(true),
        reason: "集中开庭".to_owned(),
        inherited: false,
    };
    app.client_of(HR).await.send::<CreateCourtDay>(works).await.unwrap();
    submit(&deputy, body.clone()).await;
    let warning = warned(&head, &body, "minimum_presence").await.unwrap();
    assert!(warning.text.contains("11月28日上午"), "{warning:?}");
    let closed = |date: &str| NewCourtDay {
        id: Uuid::new_v4(),
        court_id: world.court,
        date: date.parse().unwrap(),
        half: None,
        works: Some(false),
        reason: "停电检修".to_owned(),
        inherited: false,
    };
    app.client_of(HR).await.send::<CreateCourtDay>(closed("2026-12-03")).await.unwrap();
    submit(&deputy, asking("annual", "2026-12-02", "2026-12-03")).await;
    let after = asking("annual", "2026-12-03", "2026-12-04");
    assert_eq!(warned(&head, &after, "minimum_presence").await, None, "nobody works on the day that they share");
}

async fn a_rule_of_presence_counts_its_group(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let rule = PresenceRuleChange {
        version: 0,
        title: "民一庭法官".to_owned(),
        court: world.court,
        department: Some(world.civil),
        post_class: None,
        category: Some(Category::Judge),
        officers: Vec::new(),
        least: 2,
    };
    let path = ById { id: Uuid::new_v4() };
    let stored = hr.call::<SetPresenceRule>(path, Empty {}, rule.clone()).await.unwrap();
    assert_eq!(hr.call::<SetPresenceRule>(path, Empty {}, rule.clone()).await.unwrap(), stored, "a repeat");
    assert_eq!(hr.get::<ListPresenceRules>(Empty {}).await.unwrap().items, [stored]);
    let body = asking("annual", "2026-11-25", "2026-11-25");
    let warning = warned(&app.client_of(DEPUTY).await, &body, "minimum_presence").await.unwrap();
    assert!(warning.text.contains("民一庭法官至少须有2人在岗") && warning.text.contains("只剩1人"), "{warning:?}");
    assert_eq!(warned(&app.client_of(CLERK).await, &body, "minimum_presence").await, None, "no judge");
    let wrong = PresenceRuleChange { department: Some(world.civil), court: world.basic, ..rule };
    let refused = hr.call::<SetPresenceRule>(ById { id: Uuid::new_v4() }, Empty {}, wrong).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::NotFound, Some("department")));
}

async fn a_panel_within_a_division_is_a_group_of_its_own(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let panel = |officers: &[&str], least| PresenceRuleChange {
        version: 0,
        title: "第一合议庭".to_owned(),
        court: world.court,
        department: Some(world.civil),
        post_class: None,
        category: None,
        officers: officers.iter().map(ToString::to_string).collect(),
        least,
    };
    let path = ById { id: Uuid::new_v4() };
    let set = async |change: PresenceRuleChange| hr.call::<SetPresenceRule>(path, Empty {}, change).await;
    for (wrong, field) in [
        (panel(&[CLERK, "999999"], 1), "officers"),
        (panel(&[CLERK, OVERSEER], 1), "officers"),
        (panel(&[CLERK, COLLEAGUE], 3), "least"),
        (PresenceRuleChange { category: Some(Category::Judge), ..panel(&[CLERK], 1) }, "officers"),
    ] {
        let refused = set(wrong).await.unwrap_err();
        assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some(field)));
    }
    let three = panel(&[CLERK, COLLEAGUE, DEPUTY], 2);
    let stored = set(three.clone()).await.unwrap();
    let names: Vec<&str> = stored.officers.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(names, ["周书记", "吴同事", "郑副庭"]);
    assert_eq!(set(three.clone()).await.unwrap(), stored, "a repeat");
    assert_eq!(hr.get::<ListPresenceRules>(Empty {}).await.unwrap().items, [stored]);
    let other = panel(&[CLERK, COLLEAGUE], 2);
    assert_eq!(set(other).await.unwrap_err().code, Code::StaleVersion, "other people are another rule");

    let body = asking("personal", "2026-11-25", "2026-11-25");
    assert_eq!(warned(&app.client_of(CLERK).await, &body, "minimum_presence").await, None, "two are there");
    submit(&app.client_of(COLLEAGUE).await, body.clone()).await;
    let warning = warned(&app.client_of(CLERK).await, &body, "minimum_presence").await.unwrap();
    assert!(warning.text.starts_with("第一合议庭至少须有2人在岗") && warning.text.contains("吴同事"), "{warning:?}");
    assert_eq!(warned(&app.client_of(HEAD).await, &body, "minimum_presence").await, None, "he is of no panel");

    // Whom the rule does not name any more is free, and at once.
    set(PresenceRuleChange { version: 1, ..panel(&[COLLEAGUE, DEPUTY], 1) }).await.unwrap();
    assert_eq!(warned(&app.client_of(CLERK).await, &body, "minimum_presence").await, None);
    assert!(warned(&app.client_of(DEPUTY).await, &body, "minimum_presence").await.is_some());
    hr.call::<DeletePresenceRule>(path, Empty {}, Empty {}).await.unwrap();
    assert_eq!(warned(&app.client_of(DEPUTY).await, &body, "minimum_presence").await, None);
}

async fn of_two_who_would_leave_nobody_one_is_let_go(app: TestApp) {
    app.world().await;
    choose(&app, Settings { presence: Effect::Block, ..Settings::default() }).await;
    for day in ["2026-11-24", "2026-11-26", "2026-12-01", "2026-12-03", "2026-12-08"] {
        let mut asked = Vec::new();
        for number in [HEAD, DEPUTY] {
            let client = app.client_of(number).await;
            let body = asking("personal", day, day);
            asked.push(tokio::spawn(async move { client.send::<SubmitLeave>(body).await }));
        }
        let (mut let_go, mut refused) = (0, Vec::new());
        for outcome in asked {
            match outcome.await.unwrap() {
                Ok(_) => let_go += 1,
                Err(problem) => refused.push(problem),
            }
        }
        assert_eq!((let_go, refused.len()), (1, 1), "{day}: {refused:?}");
        assert_eq!(refused[0].code, Code::MinimumPresence);
    }
}

async fn a_period_is_changed_in_the_version_that_was_seen(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let path = ById { id: Uuid::new_v4() };
    let first = hr.call::<SetLeavePeriod>(path, Empty {}, closed(&world)).await.unwrap();
    assert_eq!(hr.call::<SetLeavePeriod>(path, Empty {}, closed(&world)).await.unwrap(), first, "a repeat");
    let renamed = LeavePeriodChange { version: 1, title: "活动安保".to_owned(), ..closed(&world) };
    let second = hr.call::<SetLeavePeriod>(path, Empty {}, renamed).await.unwrap();
    assert_eq!((second.version, second.title.as_str()), (2, "活动安保"));
    let late = LeavePeriodChange { version: 1, title: "另一个名称".to_owned(), ..closed(&world) };
    let refused = hr.call::<SetLeavePeriod>(path, Empty {}, late).await.unwrap_err();
    assert!(refused.code == Code::StaleVersion && refused.current.is_some());
    let inverted = LeavePeriodChange { to: "2026-11-24".parse().unwrap(), ..closed(&world) };
    let refused = hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, inverted).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (Code::BadInput, Some("to")));
    let province = LeavePeriodChange { court: None, ..closed(&world) };
    let refused = hr.call::<SetLeavePeriod>(ById { id: Uuid::new_v4() }, Empty {}, province).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound, "only who covers the province closes it");
    let basic = app.client_of(BASIC_HR).await;
    let refused = basic.call::<DeleteLeavePeriod>(path, Empty {}, Empty {}).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
}
