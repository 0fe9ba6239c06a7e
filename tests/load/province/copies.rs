//! Many rows made from few: what the server itself wrote for one officer is copied for all others inside the database,
//! so that the rows are what the product writes, whatever columns they have.

use app::day::Day;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseBackend, DatabaseConnection, Statement};
use uuid::Uuid;

/// Officers whose requests are written by one statement.
const CHUNK: i64 = 2_500;

/// One connection that writes without looking after references: every row it writes is a copy of a sound one.
pub(super) struct Writer {
    connection: DatabaseConnection,
    is_postgres: bool,
}

/// A column that differs from what it was copied from, as an expression over the row `t`, the officer `p` and the turn
/// `k`.
pub(super) type Change = (&'static str, String);

impl Writer {
    pub(super) async fn open(url: &str) -> Self {
        let mut options = ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await.expect("the database of the test takes another connection");
        let is_postgres = connection.get_database_backend() == DatabaseBackend::Postgres;
        let writer = Self { connection, is_postgres };
        if is_postgres {
            writer.run("SET session_replication_role = replica").await;
        } else {
            writer.run("PRAGMA foreign_keys = OFF").await;
            writer.run("PRAGMA synchronous = OFF").await;
            writer.run("PRAGMA busy_timeout = 60000").await;
        }
        writer
    }

    pub(super) async fn run(&self, sql: &str) {
        self.connection.execute_unprepared(sql).await.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    async fn texts(&self, sql: String, columns: &[&str]) -> Vec<Vec<String>> {
        let rows = self.connection.query_all_raw(Statement::from_string(self.connection.get_database_backend(), sql));
        let rows = rows.await.expect("the database knows its own schema");
        let text = |row: &sea_orm::QueryResult, column: &&str| row.try_get("", column).expect("a text");
        rows.iter().map(|row| columns.iter().map(|column| text(row, column)).collect()).collect()
    }

    /// An id that is written in the order of its number; each kind of row has a range of its own.
    pub(super) fn id(&self, kind: u16, number: &str) -> String {
        if self.is_postgres {
            format!("('{kind:016x}' || lpad(to_hex(({number})::bigint), 16, '0'))::uuid")
        } else {
            format!("unhex('{kind:016x}' || printf('%016x', {number}))")
        }
    }

    /// The id as a literal.
    pub(super) fn literal(&self, id: Uuid) -> String {
        if self.is_postgres { format!("'{id}'::uuid") } else { format!("x'{}'", id.simple()) }
    }

    /// A day so many days after the beginning of 1970.
    pub(super) fn day(&self, since_1970: &str) -> String {
        if self.is_postgres {
            format!("(DATE '1970-01-01' + ({since_1970})::int)")
        } else {
            format!("date('1970-01-01', ({since_1970}) || ' days')")
        }
    }

    /// A day of a year, as `01-01`.
    pub(super) fn in_year(&self, year: &str, day: &str) -> String {
        if self.is_postgres { format!("(({year}) || '-{day}')::date") } else { format!("({year}) || '-{day}'") }
    }

    /// A number of six digits.
    pub(super) fn padded(&self, number: &str) -> String {
        if self.is_postgres { format!("lpad(({number})::text, 6, '0')") } else { format!("printf('%06d', {number})") }
    }

    /// The bytes of an id.
    pub(super) fn bytes(&self, id: &str) -> String {
        if self.is_postgres { format!("uuid_send({id})") } else { id.to_owned() }
    }

    /// The officers, each with who leads him, and the turns in which they ask for leave.
    pub(super) async fn tables(&self, officers: i64, department: i64, turns: &[(i64, i32, Day)]) {
        let id_type = if self.is_postgres { "uuid" } else { "BLOB" };
        self.run(&format!(
            "CREATE TEMP TABLE person (i BIGINT PRIMARY KEY, id {id_type}, head_id {id_type}, id_text TEXT, head_text TEXT)"
        ))
        .await;
        let numbers = if self.is_postgres {
            format!("SELECT i FROM generate_series(0, {officers} - 1) AS s(i)")
        } else {
            format!(
                "WITH RECURSIVE s(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM s WHERE i + 1 < {officers}) SELECT i FROM s"
            )
        };
        let head = format!("(i / {department}) * {department}");
        let text = |number: &str| {
            let hex = if self.is_postgres {
                format!("lpad(to_hex(({number})::bigint), 12, '0')")
            } else {
                format!("printf('%012x', {number})")
            };
            format!("'00000000-0000-{OFFICER:04x}-0000-' || {hex}")
        };
        let (own, heads) = (self.id(OFFICER, "i"), self.id(OFFICER, &head));
        let (own_text, heads_text) = (text("i"), text(&head));
        self.run(&format!(
            "INSERT INTO person SELECT i, {own}, {heads}, {own_text}, {heads_text} FROM ({numbers}) AS numbered"
        ))
        .await;
        self.run("CREATE TEMP TABLE turn (n BIGINT PRIMARY KEY, year INTEGER, monday BIGINT)").await;
        for (number, year, monday) in turns {
            let monday = since_1970(*monday);
            self.run(&format!("INSERT INTO turn VALUES ({number}, {year}, {monday})")).await;
        }
    }

    /// Takes the indexes of these tables away and gives how to make them again: sorted at once they cost far less.
    pub(super) async fn without_indexes(&self, tables: &[&str]) -> Vec<String> {
        let tables = tables.iter().map(|table| format!("'{table}'")).collect::<Vec<_>>().join(", ");
        let found = if self.is_postgres {
            let of_keys = "SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u')";
            let sql = format!(
                "SELECT indexname::text AS name, indexdef AS made FROM pg_indexes
                 WHERE tablename IN ({tables}) AND indexname NOT IN ({of_keys})"
            );
            self.texts(sql, &["name", "made"]).await
        } else {
            let sql = format!(
                "SELECT name, sql AS made FROM sqlite_master
                 WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({tables})"
            );
            self.texts(sql, &["name", "made"]).await
        };
        for index in &found {
            self.run(&format!("DROP INDEX \"{}\"", index[0])).await;
        }
        found.into_iter().map(|mut index| index.remove(1)).collect()
    }

    /// Copies what `template` selects of a table for every officer and turn that `condition` selects.
    pub(super) async fn copy(&self, table: &str, template: &str, condition: &str, changes: &[Change], officers: i64) {
        let sql = if self.is_postgres {
            format!("SELECT column_name::text AS name FROM information_schema.columns WHERE table_name = '{table}'")
        } else {
            format!("SELECT name FROM pragma_table_info('{table}')")
        };
        let columns: Vec<String> = self.texts(sql, &["name"]).await.into_iter().flatten().collect();
        for (name, _) in changes {
            assert!(columns.iter().any(|column| column == name), "{table} has no column {name}");
        }
        let value = |column: &String| {
            let changed = changes.iter().find(|(name, _)| name == column);
            changed.map_or_else(|| format!("t.\"{column}\""), |(_, value)| value.clone())
        };
        let values = columns.iter().map(value).collect::<Vec<_>>().join(", ");
        let columns = columns.iter().map(|column| format!("\"{column}\"")).collect::<Vec<_>>().join(", ");
        let mut first = 0;
        while first < officers {
            let last = (first + CHUNK).min(officers);
            self.run(&format!(
                "INSERT INTO {table} ({columns}) SELECT {values} FROM {table} t CROSS JOIN person p CROSS JOIN turn k
                 WHERE {template} AND p.i >= {first} AND p.i < {last} AND {condition} ORDER BY p.i, k.n"
            ))
            .await;
            first = last;
        }
    }

    /// Makes the indexes again; PostgreSQL looks at what it holds, as it does by itself within a minute.
    pub(super) async fn finish(self, indexes: &[String]) {
        for made in indexes {
            self.run(made).await;
        }
        // SQLite is told by the server itself, as in a court.
        if self.is_postgres {
            self.run("VACUUM (ANALYZE)").await;
        }
        self.connection.close().await.expect("the connection was open");
    }
}

/// The kind of an officer's id, see [`Writer::id`].
pub(super) const OFFICER: u16 = 1;

/// The day as a number of days since the beginning of 1970.
pub(super) fn since_1970(day: Day) -> i64 {
    day.days_since("1970-01-01".parse().expect("a day"))
}
