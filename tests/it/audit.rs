//! The audit trail: every write leaves a row, the chain of digests shows what was changed afterwards.

use app::account::api::GetMe;
use app::api::Empty;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
};
use server::audit::{self, Actor, Deed};
use server::entity::audit_entry;
use tests::world::CLERK;
use tests::{TestApp, on_both};

on_both!(
    the_chain_holds_and_tells_the_unsealed_tail_apart,
    a_changed_row_is_found,
    a_removed_row_is_found,
    a_row_put_in_between_is_found,
    activating_leaves_a_row_and_reading_none,
    a_write_that_fails_leaves_no_row,
);

async fn write(app: &TestApp, count: usize) {
    for position in 0..count {
        let tx = app.state.database.begin().await.unwrap();
        let id = position.to_string();
        let deed = Deed { action: "test.write", subject: "thing", id: &id };
        audit::record(&tx, &app.clock, &Actor::system(), deed, None::<&()>, Some(&position)).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn sealed_row(app: &TestApp, seal: i64) -> audit_entry::Model {
    let query = audit_entry::Entity::find().filter(audit_entry::Column::Seal.eq(seal));
    query.one(app.state.database.read()).await.unwrap().unwrap()
}

async fn broken(app: &TestApp) -> Vec<i64> {
    audit::verify(&app.state.database).await.unwrap().broken
}

async fn the_chain_holds_and_tells_the_unsealed_tail_apart(app: TestApp) {
    let found = audit::verify(&app.state.database).await.unwrap();
    assert_eq!((found.sealed, found.unsealed, found.broken.len()), (0, 0, 0));
    write(&app, 12).await;
    assert_eq!(audit::seal(&app.state.database).await.unwrap(), 12);
    write(&app, 3).await;
    let found = audit::verify(&app.state.database).await.unwrap();
    assert_eq!((found.sealed, found.unsealed, found.broken.len()), (12, 3, 0));
    assert_eq!(audit::seal(&app.state.database).await.unwrap(), 3);
    assert_eq!(audit::seal(&app.state.database).await.unwrap(), 0);
    let found = audit::verify(&app.state.database).await.unwrap();
    assert_eq!((found.sealed, found.unsealed, found.broken.len()), (15, 0, 0));
}

async fn a_changed_row_is_found(app: TestApp) {
    write(&app, 6).await;
    audit::seal(&app.state.database).await.unwrap();
    let mut change = sealed_row(&app, 4).await.into_active_model();
    change.subject_id = Set("another thing".to_owned());
    change.update(app.state.database.write()).await.unwrap();
    assert_eq!(broken(&app).await, [4]);
}

async fn a_removed_row_is_found(app: TestApp) {
    write(&app, 6).await;
    audit::seal(&app.state.database).await.unwrap();
    let row = sealed_row(&app, 3).await;
    audit_entry::Entity::delete_by_id(row.id).exec(app.state.database.write()).await.unwrap();
    assert_eq!(broken(&app).await, [3]);
}

async fn a_row_put_in_between_is_found(app: TestApp) {
    write(&app, 6).await;
    audit::seal(&app.state.database).await.unwrap();
    let last = sealed_row(&app, 6).await;
    let mut forged = sealed_row(&app, 2).await;
    forged.id = app.clock.new_id();
    forged.action = "test.never".to_owned();
    forged.seal = Some(7);
    forged.seal_digest = last.seal_digest;
    let insert = audit_entry::Entity::insert(forged.into_active_model());
    insert.exec_without_returning(app.state.database.write()).await.unwrap();
    assert_eq!(broken(&app).await, [7]);
}

async fn activating_leaves_a_row_and_reading_none(app: TestApp) {
    app.world().await;
    let count = || audit_entry::Entity::find().count(app.state.database.read());
    let before = count().await.unwrap();
    let client = app.activate(CLERK, "a password of my own").await;
    assert_eq!(count().await.unwrap(), before + 2, "the code and its use");
    client.send::<GetMe>(Empty {}).await.unwrap();
    assert_eq!(count().await.unwrap(), before + 2);
    let rows = audit_entry::Entity::find().all(app.state.database.read()).await.unwrap();
    let used = rows.iter().find(|row| row.action == "account.activate").unwrap();
    assert_eq!(used.actor_id, Some(app.officer(CLERK).await.id));
}

async fn a_write_that_fails_leaves_no_row(app: TestApp) {
    let tx = app.state.database.begin().await.unwrap();
    let deed = Deed { action: "test.write", subject: "thing", id: "1" };
    audit::record(&tx, &app.clock, &Actor::system(), deed, None::<&()>, None::<&()>).await.unwrap();
    tx.rollback().await.unwrap();
    assert_eq!(audit_entry::Entity::find().count(app.state.database.read()).await.unwrap(), 0);
}
