//! Steps of the schema over data that are there already.

use app::api::Empty;
use app::leave::api::{Balance, Confirmation, ListTypeRules, SetTypeRules, Submit, TypePath};
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::entity::{approval_task, leave_entry, leave_grant, leave_request, leave_slot, leave_type};
use tests::world::{ADMIN, CLERK};
use tests::{TestApp, on_both};

use crate::leave::{asking, balance, submit};

on_both!(
    leave_that_was_taken_before_grants_had_rows_is_paid_for_by_its_year,
    what_was_asked_for_before_there_were_lanes_finds_its_own,
);

/// How many steps there were before grants became rows.
const BEFORE_GRANTS: usize = 9;

async fn what_was_asked_for_before_there_were_lanes_finds_its_own(app: TestApp) {
    app.world().await;
    let (clerk, admin) = (app.client_of(CLERK).await, app.client_of(ADMIN).await);
    let leave = submit(&clerk, asking("annual", "2026-12-01", "2026-12-01")).await;
    let hours = submit(&clerk, asking("nursing", "2026-12-01", "2026-12-02")).await;
    let out = Submit { contact: "13800000001".to_owned(), ..asking("leaving_town", "2026-12-01", "2026-12-01") };
    let report = submit(&clerk, out).await;
    let rules = |name: &str| TypePath { name: name.to_owned() };
    for name in ["nursing", "sick"] {
        let all = admin.get::<ListTypeRules>(Empty {}).await.unwrap().items;
        let mut changed = all.into_iter().find(|item| item.rules.name == name).unwrap();
        changed.rules.backfill_days = 30;
        changed.rules.return_confirmation = (name == "sick").then_some(Confirmation::Approver);
        admin.post::<SetTypeRules>(rules(name), changed).await.unwrap();
    }
    let database = app.state.database.write();
    let all = Migrator::migrations();
    let lanes = all.iter().position(|step| step.name().ends_with("report_leaving_town")).expect("a step");
    let steps = all.len() - lanes;
    Migrator::down(database, u32::try_from(steps).ok()).await.expect("every step can be taken back");
    let older: Vec<String> =
        leave_type::Entity::find().all(database).await.unwrap().into_iter().map(|row| row.rules).collect();
    assert!(older.len() == 2 && older.iter().all(|rules| !rules.contains("needs_return")), "{older:?}");
    assert!(older.iter().all(|rules| !rules.contains("return_confirmation")), "{older:?}");
    Migrator::up(database, None).await.expect("and taken again, over what is there");

    let (tasks, own) = (approval_task::Entity::find().all(database).await.unwrap(), app.officer(CLERK).await.id);
    assert!(!tasks.is_empty() && tasks.iter().all(|task| task.applicant_id == own), "each names its applicant again");
    let rows = leave_request::Entity::find().all(database).await.unwrap();
    let lane = |id| rows.iter().find(|row| row.id == id).map(|row| (row.lane.as_str(), row.needs_return)).unwrap();
    assert_eq!((lane(leave.id), lane(hours.id)), (("leave", true), ("hours", false)));
    let slots = leave_slot::Entity::find().all(database).await.unwrap();
    let lanes = |id| slots.iter().filter(|row| row.request_id == id).map(|row| row.lane.clone()).collect::<Vec<_>>();
    assert_eq!((lanes(leave.id), lanes(hours.id)), (vec!["leave".to_owned(); 2], vec!["hours".to_owned(); 2]));
    assert!(lanes(report.id).is_empty(), "what the schema before had no room for was let go of");
    let all = admin.get::<ListTypeRules>(Empty {}).await.unwrap().items;
    let needs = |name: &str| all.iter().find(|item| item.rules.name == name).unwrap().rules.clone();
    assert_eq!((needs("nursing").needs_return, needs("nursing").backfill_days), (false, 30));
    assert_eq!((needs("sick").needs_return, needs("sick").backfill_days), (true, 30));
    assert!(rows.iter().all(|row| row.return_confirmation.is_none()), "as the setting says");
}

async fn leave_that_was_taken_before_grants_had_rows_is_paid_for_by_its_year(app: TestApp) {
    app.world().await;
    let clerk = app.client_of(CLERK).await;
    // Across New Year, so that two years pay.
    submit(&clerk, asking("annual", "2026-12-31", "2027-01-05")).await;
    submit(&clerk, asking("personal", "2026-12-01", "2026-12-01")).await;
    let before = [balance(&clerk, "annual").await, balance(&clerk, "personal").await];
    let database = app.state.database.write();

    let steps = u32::try_from(Migrator::migrations().len() - BEFORE_GRANTS).unwrap();
    Migrator::down(database, Some(steps)).await.expect("every step can be taken back");
    Migrator::up(database, None).await.expect("and taken again, over what is there");

    let unpaid = leave_entry::Entity::find()
        .filter(leave_entry::Column::LeaveType.eq("annual"))
        .filter(leave_entry::Column::GrantId.is_null());
    assert_eq!(unpaid.count(database).await.unwrap(), 0);
    let grants = leave_grant::Entity::find().all(database).await.unwrap();
    let years: Vec<(i32, String, String)> = {
        let mut years: Vec<_> =
            grants.iter().map(|row| (row.year, row.valid_from.to_string(), row.valid_until.to_string())).collect();
        years.sort();
        years
    };
    let year = |year: i32| (year, format!("{year}-01-01"), format!("{year}-12-31"));
    assert_eq!(years, [year(2026), year(2027)]);
    let paid = leave_slot::Entity::find().filter(leave_slot::Column::GrantId.is_not_null());
    let of_2026 = grants.iter().find(|row| row.year == 2026).map(|row| row.id);
    let of_2026 = paid.clone().filter(leave_slot::Column::GrantId.eq(of_2026)).count(database).await.unwrap();
    assert_eq!((paid.count(database).await.unwrap(), of_2026), (6, 2), "31 December is the old year's");

    let clerk = app.client_of(CLERK).await;
    let after: [Balance; 2] = [balance(&clerk, "annual").await, balance(&clerk, "personal").await];
    assert_eq!(after, before);
    let findings = server::check::check(&app.state).await.unwrap();
    assert_eq!(findings.ledger, Vec::new());
}
