//! Steps of the schema over data that are there already.

use app::leave::api::Balance;
use migrations::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use server::entity::{leave_entry, leave_grant, leave_slot};
use tests::world::CLERK;
use tests::{TestApp, on_both};

use crate::leave::{asking, balance, submit};

on_both!(leave_that_was_taken_before_grants_had_rows_is_paid_for_by_its_year,);

/// How many steps there were before grants became rows.
const BEFORE_GRANTS: usize = 9;

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
