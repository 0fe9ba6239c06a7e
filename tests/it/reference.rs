//! What servers keep in memory: read once, and again by the first call after a change, whoever made it.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::account::api::GetMe;
use app::account::rules::Role;
use app::api::{Code, Empty};
use app::day::HalfDay;
use app::leave::api::{Preview, PreviewLeave};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, IntoActiveModel, ModelTrait, QueryFilter, Statement,
};
use server::entity::{approval_definition, court, reference_revision, role_grant};
use server::reference::Reference;
use server::setting;
use tests::world::{CLERK, HEAD};
use tests::{TestApp, on_both};
use uuid::Uuid;

use crate::leave::balance;

on_both!(
    nothing_is_read_again_until_it_changes,
    what_is_rolled_back_is_not_remembered,
    of_many_who_want_it_few_read_it,
    what_cannot_be_read_locks_nobody_out,
    without_its_revision_nothing_is_kept,
    each_table_has_its_triggers,
    a_change_is_noted_beside_its_table,
    a_change_from_elsewhere_is_noted_too,
    the_settings_that_are_kept_have_their_triggers,
);

const NEW_NAME: &str = "江城市第一中级人民法院";

async fn current(app: &TestApp) -> Arc<Reference> {
    app.state.reference.current(app.state.database.read()).await.unwrap()
}

fn name(reference: &Arc<Reference>, id: Uuid) -> &str {
    &reference.org.courts.iter().find(|court| court.id == id).unwrap().name
}

async fn rename(connection: &impl ConnectionTrait, court: Uuid) {
    court::Entity::update_many()
        .col_expr(court::Column::Name, Expr::value(NEW_NAME))
        .filter(court::Column::Id.eq(court))
        .exec(connection)
        .await
        .unwrap();
}

async fn nothing_is_read_again_until_it_changes(app: TestApp) {
    let world = app.world().await;
    let (first, other) = (current(&app).await, app.replica().await);
    let before = app.state.database.statements().get();
    assert!(Arc::ptr_eq(&first, &current(&app).await), "the same, not read again");
    assert_eq!(app.state.database.statements().get() - before, 1);
    assert_ne!(name(&current(&other).await, world.court), NEW_NAME);
    rename(app.state.database.write(), world.court).await;
    assert_eq!(name(&current(&app).await, world.court), NEW_NAME);
    assert_eq!(name(&current(&other).await, world.court), NEW_NAME, "another replica hears of it as well");
}

async fn what_is_rolled_back_is_not_remembered(app: TestApp) {
    let world = app.world().await;
    let before = name(&current(&app).await, world.court).to_owned();
    let tx = app.state.database.begin().await.unwrap();
    rename(&*tx, world.court).await;
    let within = app.state.reference.current(&*tx).await.unwrap();
    assert_eq!(name(&within, world.court), NEW_NAME, "a transaction sees its own change");
    tx.rollback().await.unwrap();
    // Nobody has read between: the next change must not come by the revision of the one that never was.
    rename(app.state.database.write(), world.basic).await;
    let after = current(&app).await;
    assert_eq!((name(&after, world.court), name(&after, world.basic)), (before.as_str(), NEW_NAME));
}

async fn of_many_who_want_it_few_read_it(app: TestApp) {
    let world = app.world().await;
    current(&app).await;
    rename(app.state.database.write(), world.court).await;
    let before = app.state.database.statements().get();
    let all = futures_util::future::join_all((0..40).map(|_| current(&app))).await;
    assert!(all.iter().all(|reference| name(reference, world.court) == NEW_NAME));
    let statements = app.state.database.statements().get() - before;
    assert!(statements < 40 * 5, "{statements} statements for 40");
}

async fn what_cannot_be_read_locks_nobody_out(app: TestApp) {
    app.world().await;
    let row = approval_definition::Model {
        form: "leave".to_owned(),
        version: 7,
        name: "请假".to_owned(),
        body: "{\"of_a_later_program\": true}".to_owned(),
        source: None,
        made_at: 0,
        made_by: None,
    };
    approval_definition::Entity::insert(row.into_active_model())
        .exec_without_returning(app.state.database.write())
        .await
        .unwrap();
    let clerk = app.client_of(CLERK).await;
    let day = HalfDay::am("2026-11-30".parse().unwrap());
    balance(&clerk, "annual").await;
    let preview = Preview {
        leave_type: "annual".to_owned(),
        from: day,
        to: day,
        resubmits: None,
        stand_in: None,
        extends: None,
        officer_id: None,
    };
    assert_eq!(clerk.send::<PreviewLeave>(preview).await.unwrap_err().code, Code::Internal, "nobody knows who decides");
    let paper = "INSERT INTO calendar_paper (id, revision, year, content, at) \
                 SELECT id, 1, 2027, 'no paper', 0 FROM court LIMIT 1";
    app.state.database.write().execute_unprepared(paper).await.unwrap();
    app.state.database.write().execute_unprepared("UPDATE calendar_state SET revision = 1").await.unwrap();
    assert!(app.state.reference.current(app.state.database.read()).await.is_err());
    let head = app.client_of(HEAD).await;
    assert_eq!(head.get::<GetMe>(Empty {}).await.unwrap().officer, HEAD);
}

async fn without_its_revision_nothing_is_kept(app: TestApp) {
    let world = app.world().await;
    current(&app).await;
    reference_revision::Entity::delete_many().exec(app.state.database.write()).await.unwrap();
    assert_ne!(name(&current(&app).await, world.court), NEW_NAME);
    rename(app.state.database.write(), world.court).await;
    assert_eq!(name(&current(&app).await, world.court), NEW_NAME);
}

async fn revisions(app: &TestApp) -> Vec<(String, i64)> {
    let rows = reference_revision::Entity::find().all(app.state.database.read()).await.unwrap();
    rows.into_iter().map(|row| (row.name, row.revision)).collect()
}

/// The tables whose revision a statement has changed.
async fn changed_by(app: &TestApp, change: impl AsyncFnOnce(&TestApp)) -> Vec<String> {
    let before = revisions(app).await;
    change(app).await;
    let after = revisions(app).await.into_iter().filter(|row| !before.contains(row));
    after.map(|(name, _)| name).collect()
}

async fn each_table_has_its_triggers(app: TestApp) {
    app.world().await;
    let is_postgres = app.state.database.backend() == DatabaseBackend::Postgres;
    let triggers = if is_postgres {
        "SELECT tgname::text AS name FROM pg_trigger WHERE tgname LIKE 'note_%'"
    } else {
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    };
    let triggers = Statement::from_string(app.state.database.backend(), triggers);
    let triggers = app.state.database.read().query_all_raw(triggers).await.unwrap();
    let triggers: BTreeSet<String> = triggers.iter().map(|row| row.try_get("", "name").unwrap()).collect();
    let tables: Vec<String> = revisions(&app).await.into_iter().map(|(name, _)| name).collect();
    let changes = ["insert", "update", "delete"].into_iter().chain(is_postgres.then_some("truncate"));
    let wanted = tables.iter().flat_map(|table| changes.clone().map(move |change| format!("note_{table}_{change}")));
    assert_eq!((tables.len(), triggers), (13, wanted.collect()));
}

async fn a_change_is_noted_beside_its_table(app: TestApp) {
    app.world().await;
    let officer = app.officer(CLERK).await.id;
    let row = role_grant::Model {
        id: Uuid::from_u128(1),
        officer_id: officer,
        role: Role::Hr.as_str().to_owned(),
        court_id: None,
        department_id: None,
        given_at: 0,
    };
    let inserted = changed_by(&app, async |app| {
        role_grant::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(app.state.database.write())
            .await
            .unwrap();
    });
    assert_eq!(inserted.await, ["role_grant"]);
    let deleted = changed_by(&app, async |app| {
        row.clone().delete(app.state.database.write()).await.unwrap();
    });
    assert_eq!(deleted.await, ["role_grant"]);
    for touch in
        ["UPDATE court SET name = name", "UPDATE department SET name = name", "UPDATE oversight SET set_at = 1"]
    {
        let table = touch.split(' ').nth(1).unwrap();
        let touched = changed_by(&app, async |app| {
            app.state.database.write().execute_unprepared(touch).await.unwrap();
        });
        assert_eq!(touched.await, [table]);
    }
}

async fn a_change_from_elsewhere_is_noted_too(app: TestApp) {
    let world = app.world().await;
    if app.state.database.backend() != DatabaseBackend::Postgres {
        return;
    }
    current(&app).await;
    // As a restore of the data alone would write.
    let tx = app.state.database.begin().await.unwrap();
    tx.execute_unprepared("SET LOCAL search_path = ''").await.unwrap();
    let schema = "SELECT schemaname::text AS name FROM pg_tables WHERE tablename = 'reference_revision'";
    let schema = Statement::from_string(DatabaseBackend::Postgres, schema);
    let schema: String = tx.query_one_raw(schema).await.unwrap().unwrap().try_get("", "name").unwrap();
    let rename = format!("UPDATE {schema}.court SET name = '{NEW_NAME}' WHERE id = '{}'", world.court);
    tx.execute_unprepared(&rename).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(name(&current(&app).await, world.court), NEW_NAME);
}

async fn the_settings_that_are_kept_have_their_triggers(app: TestApp) {
    for (name, is_kept) in [("annual_leave", true), ("leave_conflicts", true), ("posts_followed", false)] {
        let expected: &[&str] = if is_kept { &["setting"] } else { &[] };
        for value in ["{}", "{ }"] {
            let changed = changed_by(&app, async |app| {
                setting::set(app.state.database.write(), name, value).await.unwrap();
            });
            assert_eq!(changed.await, expected, "{name}");
        }
        let deleted = changed_by(&app, async |app| {
            let delete = format!("DELETE FROM setting WHERE name = '{name}'");
            app.state.database.write().execute_unprepared(&delete).await.unwrap();
        });
        assert_eq!(deleted.await, expected, "back to what the program brings: {name}");
    }
}
