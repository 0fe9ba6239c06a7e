//! Reading changes nothing: the whole database looks the same before and after every GET of the table, whoever asks.

use std::collections::{BTreeMap, BTreeSet};

use app::api::{BASE, Method};
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};
use tests::{Client, TestApp, at, on_both};

use super::{PEOPLE, Scene};

on_both!(no_get_changes_anything, the_first_look_at_results_that_are_due_counts_them,);

/// Streams of events, which have no end to wait for.
const STREAMS: &[&str] = &["watch_board", "watch_notices"];

/// Every row of every table, by the table's name. Nothing is left out.
type Picture = BTreeMap<String, Vec<String>>;

/// What the calls of one moment did.
#[derive(Debug, Default)]
struct Seen {
    /// The calls that somebody got an answer from.
    answered: BTreeSet<&'static str>,
    /// The tables in which a call changed something, by its name.
    changed: BTreeMap<&'static str, BTreeSet<String>>,
    /// The rows that came and went, for whoever reads the failure.
    rows: Vec<String>,
}

/// The first column of what a query finds.
async fn texts(app: &TestApp, sql: &str) -> Vec<String> {
    let connection = app.state.database.read();
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let rows = connection.query_all_raw(statement).await.expect("the database answers");
    rows.iter().map(|row| row.try_get_by_index::<String>(0).expect("a text")).collect()
}

/// For each table that the database itself names, the query that writes each of its rows as one text.
async fn tables(app: &TestApp) -> Vec<(String, String)> {
    if app.state.database.backend() == DatabaseBackend::Postgres {
        let names = texts(app, "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()").await;
        let query = |name: &String| format!(r#"SELECT row_to_json(t)::text FROM "{name}" AS t"#);
        return names.into_iter().map(|name| (name.clone(), query(&name))).collect();
    }
    let mut found = Vec::new();
    for name in texts(app, "SELECT name FROM sqlite_master WHERE type = 'table'").await {
        let columns = texts(app, &format!("SELECT name FROM pragma_table_info('{name}')")).await;
        let quoted: Vec<String> = columns.iter().map(|column| format!(r#"quote("{column}")"#)).collect();
        let query = format!(r#"SELECT {} FROM "{name}""#, quoted.join(" || ', ' || "));
        found.push((name, query));
    }
    found
}

async fn picture(app: &TestApp, tables: &[(String, String)]) -> Picture {
    let mut picture = Picture::new();
    for (name, query) in tables {
        let mut rows = texts(app, query).await;
        rows.sort_unstable();
        picture.insert(name.clone(), rows);
    }
    picture
}

/// Makes every GET of the table as everybody, allowed or not, and compares the database after each. Everybody signed in
/// before the first picture: a session notes when it was last seen only every five minutes, so that it too stays as it
/// is.
async fn read_all(scene: &Scene) -> Seen {
    let app = &scene.app;
    let mut clients: Vec<Client> = Vec::new();
    for person in PEOPLE {
        clients.push(app.client_of(person).await);
    }
    let tables = tables(app).await;
    let gets = gets();
    let mut seen = Seen::default();
    let mut before = picture(app, &tables).await;
    assert!(before["officer"].len() > PEOPLE.len() && !before["session"].is_empty(), "the picture shows the rows");
    for row in scene.rows().iter().filter(|row| gets.contains(row.call)) {
        for client in &clients {
            let answer = client.fetch(&format!("{BASE}{}", row.path)).await;
            assert!(!answer.status.is_server_error(), "{}: {}", row.call, answer.text());
            if answer.status.is_success() {
                seen.answered.insert(row.call);
            }
        }
        let after = picture(app, &tables).await;
        for (table, rows) in after.iter().filter(|(table, rows)| before[*table] != **rows) {
            let gone = before[table].iter().filter(|text| !rows.contains(text)).map(|text| format!("- {text}"));
            let come = rows.iter().filter(|text| !before[table].contains(text)).map(|text| format!("+ {text}"));
            seen.rows.extend(gone.chain(come).map(|text| format!("{} {table} {text}", row.call)));
            seen.changed.entry(row.call).or_default().insert(table.clone());
        }
        before = after;
    }
    seen
}

/// The names of all calls that read and end.
fn gets() -> BTreeSet<&'static str> {
    let mounted = server::endpoints().into_iter().filter(|call| call.method == Method::Get);
    mounted.map(|call| call.name).filter(|name| !STREAMS.contains(name)).collect()
}

async fn no_get_changes_anything(app: TestApp) {
    let scene = Scene::set(app).await;
    let app = &scene.app;
    let today = read_all(&scene).await;
    assert!(today.changed.is_empty(), "{}", today.rows.join("\n"));
    // In the new year new leave is due, lessons and delegations are over, and the jobs have done what was theirs.
    app.clock.set(at("2027-01-04", 9, 0));
    server::worker::run(&app.state).await;
    let later = read_all(&scene).await;
    assert!(later.changed.is_empty(), "{}", later.rows.join("\n"));
    let answered: BTreeSet<&str> = today.answered.union(&later.answered).copied().collect();
    assert_eq!(answered, gets(), "each of them had an answer for somebody");
}

/// The one exception, and on purpose: whoever looks at results between the end of a rating and the next round of the
/// jobs counts them, as the job would have done.
async fn the_first_look_at_results_that_are_due_counts_them(app: TestApp) {
    let scene = Scene::set(app).await;
    scene.app.clock.set(at("2027-01-04", 9, 0));
    let first = read_all(&scene).await;
    let counted = BTreeSet::from(["lesson", "rating_counter"].map(str::to_owned));
    assert_eq!(first.changed, BTreeMap::from([("get_results", counted)]), "{}", first.rows.join("\n"));
    let again = read_all(&scene).await;
    assert!(again.changed.is_empty(), "{}", again.rows.join("\n"));
}
