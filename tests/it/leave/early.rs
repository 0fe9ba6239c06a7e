//! Early returns from leave that gives nothing back: it is released without credit, and every book agrees on it.

use app::leave::api::{ListTypeRules, SetTypeRules, TypePath};
use migrations::{Migrator, MigratorTrait};
use sea_orm::QueryOrder;
use sea_orm::sea_query::Expr;
use server::check::check;
use server::entity::leave_slot;
use tests::world::{ADMIN, HR};

use super::extend::approved;
use super::figures::{exported, month, statistics, summary};
use super::*;

on_both!(
    leave_for_an_occasion_that_is_cut_short_is_used_and_was_not_taken,
    half_days_that_ended_before_they_said_so_are_told_by_the_ledger,
);

async fn is_sound(app: &TestApp) {
    let findings = check(&app.state).await.expect("the database answers");
    assert_eq!((findings.ledger.as_slice(), findings.is_sound()), ([].as_slice(), true));
}

/// A whole-day request that everybody approves.
async fn granted(app: &TestApp, officer: &str, leave_type: &str, first: &str, last: &str) -> LeaveRequest {
    let client = app.client_of(officer).await;
    let request = submit(&client, asking(leave_type, first, last)).await;
    approve_all(app, &request).await;
    show(&client, request.id).await
}

async fn back(app: &TestApp, officer: &str, id: Uuid, at: HalfDay) -> Option<Outcome> {
    let client = app.client_of(officer).await;
    let version = show(&client, id).await.version;
    let body = ReportReturn { version, back: at, note: String::new() };
    client.post::<ReturnFromLeave>(ById { id }, body).await.expect("he is back").outcome
}

async fn leave_for_an_occasion_that_is_cut_short_is_used_and_was_not_taken(app: TestApp) {
    app.world().await;
    let leave = granted(&app, CLERK, "bereavement", "2026-11-24", "2026-11-26").await;
    let whole = granted(&app, COLLEAGUE, "bereavement", "2026-11-25", "2026-11-26").await;
    app.clock.set(at("2026-11-25", 9, 0));
    assert_eq!(back(&app, CLERK, leave.id, half("2026-11-25", Half::Am)).await, Some(Outcome::Early));
    assert_eq!(back(&app, COLLEAGUE, whole.id, half("2026-11-25", Half::Am)).await, Some(Outcome::Early));
    is_sound(&app).await;

    // The books have all of it as used, the figures what was taken.
    let clerk = app.client_of(CLERK).await;
    let left = balance(&clerk, "bereavement").await;
    assert_eq!((left.available, left.used, ledger_sum(&app, CLERK, "bereavement").await), (None, 6, -6));
    assert_eq!(balance(&app.client_of(COLLEAGUE).await, "bereavement").await.used, 4);
    let hr = app.client_of(HR).await;
    let lines = summary(&hr, month("2026-11")).await.lines;
    let lines: Vec<_> = lines.iter().map(|line| (line.officer.as_str(), line.half_days, line.requests)).collect();
    assert_eq!(lines, [(CLERK, 2, 1)], "the other one took nothing");
    let year = statistics(&hr, 2026).await;
    assert_eq!((year.half_days, year.by_month[10]), (2, 2));
    let rows = exported(&hr, "2026-11", ["编号", "天数", "实休天数", "销假"]).await;
    let row = |number: &str, approved: &str, taken: &str| [number, approved, taken, "提前"].map(str::to_owned);
    assert_eq!(rows, [row(&leave.number, "3", "1"), row(&whole.number, "2", "0")]);

    // He is at work on the days that he gave up, and can ask for them.
    let again = granted(&app, CLERK, "personal", "2026-11-26", "2026-11-26").await;
    assert_eq!(again.half_days, 2);
    is_sound(&app).await;
}

async fn half_days_that_ended_before_they_said_so_are_told_by_the_ledger(app: TestApp) {
    app.world().await;
    convert::allow(&app).await;
    // Where annual leave may not be split a conversion gives days back and a return does not.
    let admin = app.client_of(ADMIN).await;
    let all = admin.get::<ListTypeRules>(Empty {}).await.unwrap().items;
    let mut annual = all.into_iter().find(|item| item.rules.name == "annual").unwrap();
    annual.rules.may_split = false;
    admin.post::<SetTypeRules>(TypePath { name: "annual".to_owned() }, annual).await.unwrap();
    let leave = approved(&app, "2026-11-24", "2026-11-27").await;
    let clerk = app.client_of(CLERK).await;
    let withdrawn = submit(&clerk, asking("annual", "2026-12-07", "2026-12-08")).await;
    let body = Withdraw { version: withdrawn.version };
    clerk.post::<WithdrawLeave>(ById { id: withdrawn.id }, body).await.unwrap();
    let occasion = granted(&app, COLLEAGUE, "bereavement", "2026-11-24", "2026-11-26").await;
    let personal = granted(&app, OTHER_HEAD, "personal", "2026-11-25", "2026-11-26").await;
    app.clock.set(at("2026-11-26", 10, 0));
    let clerk = app.client_of(CLERK).await;
    let seen = show(&clerk, leave.id).await;
    let ill = convert::ill(&seen, half("2026-11-25", Half::Am), half("2026-11-25", Half::Pm));
    let sick = convert::convert(&clerk, &seen, ill).await.expect("it is on");
    convert::certificate(&clerk, sick.id).await;
    approve_all(&app, &sick).await;
    for (officer, request) in [(CLERK, leave.id), (COLLEAGUE, occasion.id), (OTHER_HEAD, personal.id)] {
        assert_eq!(back(&app, officer, request, half("2026-11-26", Half::Am)).await, Some(Outcome::Early));
    }
    is_sound(&app).await;
    let used = (balance(&clerk, "annual").await.used, balance(&clerk, "sick").await.used);
    assert_eq!(used, (6, 2), "two half days became 病假, four were released without credit");

    let database = app.state.database.write();
    let slots = || {
        let ordered = leave_slot::Entity::find().order_by_asc(leave_slot::Column::RequestId);
        let ordered = ordered.order_by_asc(leave_slot::Column::Day).order_by_asc(leave_slot::Column::Half);
        ordered.all(database)
    };
    let said = slots().await.unwrap();
    let counting = |request: Uuid| {
        let of_request = said.iter().filter(move |slot| slot.request_id == request && slot.counts);
        of_request.map(|slot| slot.live).fold(
            (0, 0),
            |(live, dead), is_live| {
                if is_live { (live + 1, dead) } else { (live, dead + 1) }
            },
        )
    };
    let found = [leave.id, sick.id, withdrawn.id, occasion.id, personal.id].map(counting);
    assert_eq!(found, [(2, 4), (2, 0), (0, 0), (4, 2), (2, 0)], "(taken, released without credit)");

    // As the program before left them: none of these days is a day of rest, so each of them counted.
    let steps = Migrator::migrations();
    let step = steps.iter().position(|step| step.name().ends_with("release_without_credit")).expect("a step");
    Migrator::down(database, u32::try_from(steps.len() - step).ok()).await.expect("every step can be taken back");
    leave_slot::Entity::update_many()
        .col_expr(leave_slot::Column::Counts, Expr::value(true))
        .filter(leave_slot::Column::Live.eq(false))
        .exec(database)
        .await
        .unwrap();
    Migrator::up(database, None).await.expect("and taken again, over what is there");
    assert_eq!(slots().await.unwrap(), said);
    is_sound(&app).await;
}
