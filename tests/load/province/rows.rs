//! The rows of the province, as copies of the samples.

use app::day::Day;
use tests::Place;

use super::copies::{Change, Writer, since_1970};
use super::samples::{Sample, Samples, day};
use super::{DEPARTMENT, DEPARTMENTS, TURNS};

/// The 工号 of an officer of the province.
pub(super) fn number(officer: i64) -> String {
    format!("P{officer:06}")
}

/// The kinds of ids beside an officer's, see [`Writer::id`].
mod kind {
    pub(super) const COURT: u16 = 2;
    pub(super) const DEPARTMENT: u16 = 3;
    pub(super) const GRANT: u16 = 4;
    pub(super) const GRANTED: u16 = 5;
    pub(super) const RETURNED: u16 = 0x10;
    pub(super) const UNREPORTED: u16 = 0x20;
    pub(super) const OPEN: u16 = 0x30;
}

const TABLES: [&str; 11] = [
    "court",
    "department",
    "officer",
    "account",
    "leave_grant",
    "leave_request",
    "leave_slot",
    "leave_entry",
    "approval_process",
    "approval_entry",
    "approval_task",
];

/// When an officer asks: five times in each of ten years, on Mondays seven weeks and more apart.
fn turns() -> Vec<(i64, i32, Day)> {
    let years = (2017..=2026).flat_map(|year| (0..TURNS / 10).map(move |turn| (year, turn)));
    let turn = |(number, (year, turn)): (i64, (i32, i64))| {
        let january = Day::new(year, 1, 4).expect("every year has a fourth of January");
        let monday = january.plus((7 - i64::from(january.days_from_monday())) % 7);
        (number, year, monday.plus(turn * 9 * 7))
    };
    (0..).zip(years).map(turn).collect()
}

/// Writes the province. Nobody else may use the database meanwhile.
pub(super) async fn fill(place: &Place, samples: &Samples, officers: i64) {
    let writer = Writer::open(&place.url()).await;
    writer.tables(officers, DEPARTMENT, &turns()).await;
    let indexes = writer.without_indexes(&TABLES).await;
    let province = Province { writer, samples, officers };
    province.people().await;
    province.grants().await;
    // One waits for each head, 49 for the first.
    let waits = format!("k.n = 0 AND (p.i BETWEEN 1 AND {DEPARTMENT} - 1 OR p.i % {DEPARTMENT} = 1)");
    let forgotten = format!("k.n = 0 AND p.i % {DEPARTMENT} = 2");
    let on = |day: &str| since_1970(self::day(day)).to_string();
    province.requests(&samples.returned, kind::RETURNED, ("k.monday + (p.i % 9) * 7", "k.year"), "TRUE").await;
    province.requests(&samples.unreported, kind::UNREPORTED, (&on("2026-11-16"), "2026"), &forgotten).await;
    province.requests(&samples.open, kind::OPEN, (&on("2026-11-30"), "2026"), &waits).await;
    // Copies fire no triggers, and the server that made the samples remembers a small province.
    province.writer.run("UPDATE reference_revision SET revision = revision / 2 + 1").await;
    province.writer.finish(&indexes).await;
}

struct Province<'a> {
    writer: Writer,
    samples: &'a Samples,
    officers: i64,
}

impl Province<'_> {
    async fn copy(&self, table: &str, template: &str, condition: &str, changes: &[Change]) {
        self.writer.copy(table, template, condition, changes, self.officers).await;
    }

    /// The row of this id.
    fn of(&self, column: &str, id: uuid::Uuid) -> String {
        format!("t.{column} = {}", self.writer.literal(id))
    }

    async fn people(&self) {
        let (writer, samples) = (&self.writer, self.samples);
        let department = writer.id(kind::DEPARTMENT, &format!("p.i / {DEPARTMENT}"));
        let of_court = format!("p.i / {}", DEPARTMENT * DEPARTMENTS);
        let court = format!(
            "CASE WHEN {of_court} = 0 THEN {} ELSE {} END",
            writer.literal(samples.court),
            writer.id(kind::COURT, &of_court)
        );
        let first_of_court = format!("k.n = 0 AND p.i > 0 AND p.i % {} = 0", DEPARTMENT * DEPARTMENTS);
        let named = |kind: &str| ("name", format!("'{kind}' || p.i"));
        let changes = [("id", court.clone()), named("江南法院")];
        self.copy("court", &self.of("id", samples.court), &first_of_court, &changes).await;
        let heads = format!("k.n = 0 AND p.i % {DEPARTMENT} = 0");
        let changes = [("id", department.clone()), ("court_id", court.clone()), named("审判庭")];
        self.copy("department", &self.of("id", samples.department), &heads, &changes).await;
        let changes = [
            ("id", "p.id".to_owned()),
            ("number", format!("'P' || {}", writer.padded("p.i"))),
            ("name", format!("'周书记' || (p.i % {DEPARTMENT})")),
            ("id_digest", writer.bytes("p.id")),
            ("court_id", court),
            ("department_id", department),
        ];
        self.copy("officer", &self.of("id", samples.head), &heads, &changes).await;
        let others = format!("k.n = 0 AND p.i % {DEPARTMENT} <> 0");
        self.copy("officer", &self.of("id", samples.clerk), &others, &changes).await;
        let changes = [("officer_id", "p.id".to_owned())];
        self.copy("account", &self.of("officer_id", samples.clerk), "k.n = 0", &changes).await;
    }

    /// What each year has given: ten half days in the past, all of them used, and this year's in full.
    async fn grants(&self) {
        let first_of_year = format!("k.n % {} = 0", TURNS / 10);
        let changes = [
            ("id", self.grant("k.year")),
            ("officer_id", "p.id".to_owned()),
            ("year", "k.year".to_owned()),
            ("valid_from", self.writer.in_year("k.year", "01-01")),
            ("valid_until", self.writer.in_year("k.year", "12-31")),
        ];
        self.copy("leave_grant", &self.of("id", self.samples.grant), &first_of_year, &changes).await;
        let changes = [
            ("id", self.writer.id(kind::GRANTED, &of_year("k.year"))),
            ("officer_id", "p.id".to_owned()),
            ("year", "k.year".to_owned()),
            ("grant_id", self.grant("k.year")),
            ("half_days", format!("CASE WHEN k.year = 2026 THEN t.half_days ELSE {} END", TURNS / 10 * 2)),
        ];
        self.copy("leave_entry", &self.of("id", self.samples.granted), &first_of_year, &changes).await;
    }

    fn grant(&self, year: &str) -> String {
        self.writer.id(kind::GRANT, &of_year(year))
    }

    /// A request for all whom the condition selects, on a day since 1970 and in its year, with all that belongs to it.
    async fn requests(&self, sample: &Sample, kind: u16, (on, year): (&str, &str), condition: &str) {
        let number = "p.i * 64 + k.n";
        let id = self.writer.id(kind, number);
        let later = |column: &'static str| {
            let days = format!("(({on}) - {})", since_1970(sample.day));
            (column, format!("t.{column} + {days} * CAST(86400000 AS BIGINT)"))
        };
        let day = |column: &'static str, after: i64| (column, self.writer.day(&format!("{on} + {after}")));
        let officer = || ("officer_id", "p.id".to_owned());
        let mut changes = vec![
            ("id", id.clone()),
            ("number", format!("'{kind}-' || ({number})")),
            officer(),
            day("from_day", 0),
            day("to_day", 0),
            later("submitted_at"),
            later("decided_at"),
            later("returned_at"),
        ];
        if kind == kind::RETURNED {
            changes.push(day("back_day", 1));
        }
        self.copy("leave_request", &self.of("id", sample.id), condition, &changes).await;
        let changes = [("request_id", id.clone()), officer(), day("day", 0), ("grant_id", self.grant(year))];
        self.copy("leave_slot", &self.of("request_id", sample.id), condition, &changes).await;
        for (entry, nth) in sample.entries.iter().zip(1..) {
            let changes = [
                ("id", self.writer.id(kind + nth, number)),
                officer(),
                ("year", year.to_owned()),
                ("request_id", id.clone()),
                ("grant_id", self.grant(year)),
                later("at"),
            ];
            self.copy("leave_entry", &self.of("id", *entry), condition, &changes).await;
        }
        self.approval(sample, &id, (kind, number), &later, condition).await;
    }

    async fn approval(
        &self,
        sample: &Sample,
        id: &str,
        (kind, number): (u16, &str),
        later: &impl Fn(&'static str) -> Change,
        condition: &str,
    ) {
        let (clerk, head) = (self.samples.clerk, self.samples.head);
        let with_people =
            |column: &str| format!("replace(replace(t.{column}, '{clerk}', p.id_text), '{head}', p.head_text)");
        let person = |column: &'static str| {
            let (clerk, head) = (self.writer.literal(clerk), self.writer.literal(head));
            let value = format!("CASE t.{column} WHEN {clerk} THEN p.id WHEN {head} THEN p.head_id END");
            (column, value)
        };
        let changes =
            [("subject_id", id.to_owned()), person("applicant_id"), ("plan", with_people("plan")), later("started_at")];
        self.copy("approval_process", &self.of("subject_id", sample.id), condition, &changes).await;
        let changes =
            [("subject_id", id.to_owned()), person("actor_id"), ("action", with_people("action")), later("at")];
        self.copy("approval_entry", &self.of("subject_id", sample.id), condition, &changes).await;
        for (task, nth) in sample.tasks.iter().zip(8..) {
            let changes = [
                ("id", self.writer.id(kind + nth, number)),
                ("subject_id", id.to_owned()),
                person("applicant_id"),
                person("officer_id"),
                person("decided_by"),
                later("opened_at"),
                later("decided_at"),
            ];
            self.copy("approval_task", &self.of("id", *task), condition, &changes).await;
        }
    }
}

/// A number for each officer and year.
fn of_year(year: &str) -> String {
    format!("p.i * 16 + {year} - 2016")
}
