//! 干警花名册: the court tree, departments and officers.

use std::collections::{BTreeSet, HashMap};

use app::org::api::ImportCounts;
use app::org::import::roster::{
    self, EDUCATION, Facts, GoodRow, JOINED, KnownOfficer, PHONE, POLITICAL, POST, RANK, STATUS,
};
use app::org::import::tree::{self, CourtRow};
use app::org::import::{FileFault, Sheet, text};
use app::org::rules::CourtLevel;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};
use uuid::Uuid;

use super::{Context, insert_all, sheet_named};
use crate::entity::{court, department, officer};
use crate::error::Failure;
use crate::org::pinyin::initials;

/// A roster that was judged, with what is to be written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The report.
    pub(super) counts: ImportCounts,
    new_courts: Vec<court::Model>,
    moved_courts: Vec<court::Model>,
    new_departments: Vec<department::Model>,
    new_officers: Vec<officer::Model>,
    changed_officers: Vec<officer::Model>,
}

/// Judges the file against what is stored.
///
/// # Errors
/// The file is refused as a whole, or the database fails.
pub(super) async fn prepare(
    connection: &impl ConnectionTrait,
    ctx: &Context<'_>,
    sheets: &[Sheet],
) -> Result<Prepared, Failure> {
    let stored = Stored::load(connection).await?;
    let tree_sheet = sheets.iter().find(|sheet| text::heading(&sheet.name) == tree::SHEET);
    let tree = match tree_sheet {
        Some(sheet) => tree::judge(sheet, &stored.tree())?,
        None if stored.courts.is_empty() => return Err(FileFault::NoSheet(tree::SHEET.to_owned()).into()),
        None => Vec::new(),
    };
    let mut courts = stored.courts_after(&tree, ctx);
    if ctx.covers.is_some() && !(courts.new.is_empty() && courts.moved.is_empty()) {
        return Err(FileFault::Other(
            "文件改变了组织机构，只有全省的管理员可以这样做；请使用现有的组织机构".to_owned(),
        )
        .into());
    }

    let names: BTreeSet<String> =
        courts.ids.iter().filter(|(_, id)| ctx.covers(**id)).map(|(name, _)| name.clone()).collect();
    let known = stored.known_officers();
    let facts = Facts {
        courts: &names,
        officers: &known,
        today: ctx.today(),
        digest: &|number| ctx.secrets.digest(number.as_bytes()).to_vec(),
    };
    let others: Vec<&Sheet> = sheets.iter().filter(|sheet| text::heading(&sheet.name) != tree::SHEET).collect();
    let sheet = match others.as_slice() {
        [only] => only,
        _ => sheet_named(sheets, roster::SHEET)?,
    };
    let mut roster = roster::judge(sheet, &facts)?;
    refuse_other_courts(&mut roster, &stored, ctx);

    let scope =
        if tree.is_empty() { roster.courts.clone() } else { tree.into_iter().map(|court| court.name).collect() };
    let absent = stored.absent(&scope, &roster.numbers, ctx);
    let mut departments = Departments::new(&stored, ctx);
    let mut new_officers = Vec::new();
    let mut changed_officers = Vec::new();
    for (_, row) in &roster.judged.good {
        let court = courts.ids[&row.officer.court];
        let department = departments.id(court, &row.officer.department);
        match stored.officers.get(&row.officer.number) {
            None => new_officers.push(officer_model(ctx, row, court, department)?),
            Some(before) => {
                let after = merged(ctx, before, row, court, department, &roster.lacks)?;
                if after != *before {
                    changed_officers.push(officer::Model { updated_at: ctx.clock.now().millis(), ..after });
                }
            }
        }
    }
    // Courts of a first tree come with their officers; a change of a tree that stood is a change of its own.
    let of_the_tree = if stored.courts.is_empty() { 0 } else { courts.new.len() + courts.moved.len() };
    let judged = roster.judged;
    let counts = ImportCounts {
        rows: judged.rows,
        accepted: u32::try_from(judged.good.len()).unwrap_or(u32::MAX),
        changed: u32::try_from(new_officers.len() + changed_officers.len() + of_the_tree).unwrap_or(u32::MAX),
        rejected: judged.rejected,
        normalised: judged.normalised,
        courts: u32::try_from(courts.ids.len()).ok(),
        absent: Some(absent),
        ..ImportCounts::default()
    };
    Ok(Prepared {
        counts,
        new_courts: std::mem::take(&mut courts.new),
        moved_courts: std::mem::take(&mut courts.moved),
        new_departments: departments.new,
        new_officers,
        changed_officers,
    })
}

/// Whoever imports for a part of the tree cannot take an officer from a court outside it.
fn refuse_other_courts(roster: &mut roster::Roster, stored: &Stored, ctx: &Context<'_>) {
    let elsewhere =
        |row: &GoodRow| stored.officers.get(&row.officer.number).is_some_and(|before| !ctx.covers(before.court_id));
    let (kept, refused): (Vec<_>, Vec<_>) =
        std::mem::take(&mut roster.judged.good).into_iter().partition(|(_, row)| !elsewhere(row));
    roster.judged.good = kept;
    for (number, _) in refused {
        roster.judged.normalised.retain(|row| row.row != number);
        roster.judged.rejected.push(app::org::api::RejectedRow {
            row: number,
            column: Some("工号".to_owned()),
            why: "该人员在您管理范围以外的法院".to_owned(),
        });
    }
    roster.judged.rejected.sort_by_key(|row| row.row);
}

impl Prepared {
    /// Writes it.
    pub(super) async fn write(&self, connection: &impl ConnectionTrait) -> Result<(), Failure> {
        insert_all::<court::Entity, _>(connection, &self.new_courts).await?;
        for court in &self.moved_courts {
            court.clone().into_active_model().reset_all().update(connection).await?;
        }
        insert_all::<department::Entity, _>(connection, &self.new_departments).await?;
        insert_all::<officer::Entity, _>(connection, &self.new_officers).await?;
        for officer in &self.changed_officers {
            officer.clone().into_active_model().reset_all().update(connection).await?;
        }
        Ok(())
    }
}

/// What the database holds.
struct Stored {
    courts: Vec<court::Model>,
    departments: Vec<department::Model>,
    officers: HashMap<String, officer::Model>,
}

/// The courts once the tree of the file is in.
struct CourtsAfter {
    ids: HashMap<String, Uuid>,
    new: Vec<court::Model>,
    moved: Vec<court::Model>,
}

impl Stored {
    async fn load(connection: &impl ConnectionTrait) -> Result<Self, Failure> {
        let courts = court::Entity::find().order_by_asc(court::Column::Position).all(connection).await?;
        let departments = department::Entity::find().all(connection).await?;
        let officers = officer::Entity::find().all(connection).await?;
        let officers = officers.into_iter().map(|officer| (officer.number.clone(), officer)).collect();
        Ok(Self { courts, departments, officers })
    }

    fn court_name(&self, id: Uuid) -> Option<&str> {
        self.courts.iter().find(|court| court.id == id).map(|court| court.name.as_str())
    }

    fn tree(&self) -> Vec<CourtRow> {
        self.courts
            .iter()
            .map(|court| CourtRow {
                name: court.name.clone(),
                parent: court.parent_id.and_then(|id| self.court_name(id)).map(str::to_owned),
                level: CourtLevel::parse(&court.level).unwrap_or(CourtLevel::Basic),
            })
            .collect()
    }

    fn courts_after(&self, tree: &[CourtRow], ctx: &Context<'_>) -> CourtsAfter {
        let mut ids: HashMap<String, Uuid> = self.courts.iter().map(|court| (court.name.clone(), court.id)).collect();
        for row in tree {
            ids.entry(row.name.clone()).or_insert_with(|| ctx.clock.new_id());
        }
        let (mut new, mut moved) = (Vec::new(), Vec::new());
        let mut position = self.courts.iter().map(|court| court.position).max().map_or(0, |last| last + 1);
        for row in tree {
            let parent_id = row.parent.as_ref().map(|parent| ids[parent]);
            let level = row.level.as_str();
            match self.courts.iter().find(|court| court.name == row.name) {
                None => {
                    let level = level.to_owned();
                    new.push(court::Model { id: ids[&row.name], name: row.name.clone(), level, parent_id, position });
                    position += 1;
                }
                Some(court) if court.level != level || court.parent_id != parent_id => {
                    moved.push(court::Model { level: level.to_owned(), parent_id, ..court.clone() });
                }
                Some(_) => {}
            }
        }
        CourtsAfter { ids, new, moved }
    }

    fn known_officers(&self) -> HashMap<String, KnownOfficer> {
        let known = |officer: &officer::Model| KnownOfficer {
            court: self.court_name(officer.court_id).unwrap_or_default().to_owned(),
            name: officer.name.clone(),
            id_digest: officer.id_digest.clone(),
        };
        self.officers.iter().map(|(number, officer)| (number.clone(), known(officer))).collect()
    }

    /// The officers of the courts that the file speaks of and whom it does not name. They stay as they are.
    fn absent(&self, courts: &BTreeSet<String>, numbers: &BTreeSet<String>, ctx: &Context<'_>) -> Vec<String> {
        let spoken_of = |id| ctx.covers(id) && self.court_name(id).is_some_and(|name| courts.contains(name));
        let mut absent: Vec<String> = self
            .officers
            .values()
            .filter(|officer| spoken_of(officer.court_id) && !numbers.contains(&officer.number))
            .map(|officer| officer.number.clone())
            .collect();
        absent.sort();
        absent
    }
}

/// Departments by court and name; those that are new get their place in the order of the file.
struct Departments<'c> {
    ctx: &'c Context<'c>,
    ids: HashMap<(Uuid, String), Uuid>,
    next: HashMap<Uuid, i32>,
    new: Vec<department::Model>,
}

impl<'c> Departments<'c> {
    fn new(stored: &Stored, ctx: &'c Context<'c>) -> Self {
        let mut next = HashMap::new();
        let mut ids = HashMap::new();
        for department in &stored.departments {
            let place: &mut i32 = next.entry(department.court_id).or_default();
            *place = (*place).max(department.position + 1);
            ids.insert((department.court_id, department.name.clone()), department.id);
        }
        Self { ctx, ids, next, new: Vec::new() }
    }

    fn id(&mut self, court_id: Uuid, name: &str) -> Uuid {
        if let Some(id) = self.ids.get(&(court_id, name.to_owned())) {
            return *id;
        }
        let place = self.next.entry(court_id).or_default();
        let id = self.ctx.clock.new_id();
        self.new.push(department::Model { id, court_id, name: name.to_owned(), position: *place });
        *place += 1;
        self.ids.insert((court_id, name.to_owned()), id);
        id
    }
}

fn officer_model(
    ctx: &Context<'_>,
    row: &GoodRow,
    court_id: Uuid,
    department_id: Uuid,
) -> Result<officer::Model, Failure> {
    let officer = &row.officer;
    Ok(officer::Model {
        id: ctx.clock.new_id(),
        number: officer.number.clone(),
        name: officer.name.clone(),
        sex: officer.sex.as_str().to_owned(),
        id_number: ctx.secrets.seal(officer.id_number.as_bytes()),
        id_digest: row.id_digest.clone(),
        court_id,
        department_id,
        post: officer.post.clone(),
        post_class: officer.post_class.as_str().to_owned(),
        rank: officer.rank.clone(),
        category: officer.category.as_str().to_owned(),
        started_work_on: officer.started_work_on.date(),
        joined_court_on: officer.joined_court_on.map(app::day::Day::date),
        phone: officer.phone.as_ref().map(|phone| ctx.secrets.seal(phone.as_bytes())),
        political: officer.political.clone(),
        education: officer.education.clone(),
        status: officer.status.as_str().to_owned(),
        updated_at: ctx.clock.now().millis(),
        initials: initials(&officer.name),
    })
}

/// What the row makes of a stored officer. What the file does not have a column for stays; what is sealed is sealed anew
/// only when it has changed, because the same text never seals to the same bytes.
fn merged(
    ctx: &Context<'_>,
    before: &officer::Model,
    row: &GoodRow,
    court_id: Uuid,
    department_id: Uuid,
    lacks: &BTreeSet<&'static str>,
) -> Result<officer::Model, Failure> {
    let mut after = officer_model(ctx, row, court_id, department_id)?;
    after.id = before.id;
    after.updated_at = before.updated_at;
    if before.id_digest == after.id_digest {
        after.id_number = before.id_number.clone();
    }
    let phone =
        before.phone.as_deref().map(|sealed| ctx.secrets.open(sealed)).transpose().map_err(Failure::internal)?;
    if lacks.contains(PHONE.heading) || phone.as_deref() == row.officer.phone.as_deref().map(str::as_bytes) {
        after.phone = before.phone.clone();
    }
    if lacks.contains(POST.heading) {
        after.post = before.post.clone();
        after.post_class = before.post_class.clone();
    }
    if lacks.contains(RANK.heading) {
        after.rank = before.rank.clone();
    }
    if lacks.contains(JOINED.heading) {
        after.joined_court_on = before.joined_court_on;
    }
    if lacks.contains(POLITICAL.heading) {
        after.political = before.political.clone();
    }
    if lacks.contains(EDUCATION.heading) {
        after.education = before.education.clone();
    }
    if lacks.contains(STATUS.heading) {
        after.status = before.status.clone();
    }
    Ok(after)
}
