//! The account of an officer: his grants, his ledger, and what is still to be granted to him.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use app::day::Day;
use app::leave::entitlement::{Absences, Exclusion, History, Person, Setting, exclusions, missing};
use app::leave::grant::{Grant, Lot, Source, end, late_carry};
use app::leave::ledger::{Entry, Kind, Totals};
use app::leave::rules::Applicant;
use app::leave::types::{Catalogue, GrantRule, LeaveType, PERSONAL, SICK};
use app::org::rules::{Category, Sex};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait,
};
use uuid::Uuid;

use crate::clock::Clock;
use crate::entity::{leave_entry, leave_exemption, leave_grant, officer, opening_balance};
use crate::reference::Reference;
use crate::setting;

/// The setting that holds [`Setting`] as JSON.
pub const ANNUAL_SETTING: &str = "annual_leave";

/// An entry that is still to be written, with the grant that it begins, where it begins one.
#[derive(Clone, Debug)]
pub struct Owed {
    leave_type: String,
    grant: Grant,
    is_new: bool,
    entry: Entry,
}

/// What is known of an officer's leave in some years.
#[derive(Clone, Debug)]
pub struct Account {
    officer: Uuid,
    applicant: Applicant,
    setting: Setting,
    grants: Vec<(String, Grant)>,
    entries: Vec<(String, Entry)>,
    // The years whose annual leave an office brought along, and the day on which it did.
    brought: BTreeMap<(String, i32), Day>,
    // The years whose absences cost nothing.
    exempt: BTreeSet<i32>,
    // What ended before this year was ended long ago, or belongs to a time before this system.
    ends_from: i32,
}

impl Account {
    /// Reads what bears on these years: grants that are open in them or in the two years before, with all of their
    /// entries, the use of types without a balance, and what HR has said of them. Four queries.
    ///
    /// # Errors
    /// The database fails.
    pub async fn load(
        connection: &impl ConnectionTrait,
        reference: &Reference,
        officer: &officer::Model,
        years: RangeInclusive<i32>,
    ) -> Result<Self, DbErr> {
        // What the year before was used for can cost this one's leave, and what it left can go over, unless the one before
        // that has cost it.
        let first_year = years.start() - 2;
        let first = Day::new(first_year, 1, 1).map(Day::date);
        let last = Day::new(*years.end(), 12, 31).map(Day::date);
        let grants = leave_grant::Entity::find()
            .filter(leave_grant::Column::OfficerId.eq(officer.id))
            .filter(leave_grant::Column::ValidUntil.gte(first))
            .filter(leave_grant::Column::ValidFrom.lte(last));
        let ids = grants.clone().select_only().column(leave_grant::Column::Id).into_query();
        let rows = leave_entry::Entity::find()
            .filter(leave_entry::Column::OfficerId.eq(officer.id))
            .filter(
                Condition::any()
                    .add(leave_entry::Column::Year.between(first_year, *years.end()))
                    .add(leave_entry::Column::GrantId.in_subquery(ids)),
            )
            .select_only()
            .column(leave_entry::Column::LeaveType)
            .column(leave_entry::Column::Year)
            .column(leave_entry::Column::Kind)
            .column(leave_entry::Column::HalfDays)
            .column(leave_entry::Column::GrantId)
            .into_tuple()
            .all(connection);
        let brought = opening_balance::Entity::find()
            .filter(opening_balance::Column::OfficerId.eq(officer.id))
            .filter(opening_balance::Column::Year.between(first_year, *years.end()))
            .all(connection);
        let exempt = leave_exemption::Entity::find()
            .filter(leave_exemption::Column::OfficerId.eq(officer.id))
            .filter(leave_exemption::Column::Year.between(first_year, *years.end()))
            .filter(leave_exemption::Column::Exempt.eq(true))
            .all(connection);
        let grants = grants.order_by_asc(leave_grant::Column::ValidUntil).all(connection);
        let (rows, brought_rows, exempt, grants) = tokio::try_join!(rows, brought, exempt, grants)?;
        let entry = |(leave_type, year, kind, half_days, grant): (String, i32, String, i64, Option<Uuid>)| {
            Some((leave_type, Entry { kind: Kind::parse(&kind)?, year, half_days, grant }))
        };
        // Of what was brought before its day was kept, the figure stands for the whole year.
        let brought_on = |row: &opening_balance::Model| match row.known_on {
            Some(day) => Some(Day::from(day)),
            None => Day::new(row.year, 12, 31),
        };
        let brought = |row: opening_balance::Model| Some(((row.leave_type.clone(), row.year), brought_on(&row)?));
        Ok(Self {
            officer: officer.id,
            applicant: applicant(officer),
            setting: reference.annual_leave,
            grants: grants.into_iter().filter_map(|row| Some((row.leave_type.clone(), grant(&row)?))).collect(),
            entries: rows.into_iter().filter_map(entry).collect(),
            brought: brought_rows.into_iter().filter_map(brought).collect(),
            exempt: exempt.into_iter().map(|row| row.year).collect(),
            ends_from: years.start() - 1,
        })
    }

    /// Who asks.
    pub fn applicant(&self) -> Applicant {
        self.applicant
    }

    /// The grants of a type with what the ledger says of each. What of them a lost year takes away follows from
    /// [`Self::exclusions`].
    pub fn lots(&self, leave_type: &str) -> Vec<Lot> {
        let of_type = |(name, grant): &(String, Grant)| (name == leave_type).then_some(*grant);
        let grants: Vec<Grant> = self.grants.iter().filter_map(of_type).collect();
        Lot::of(&grants, &self.entries(leave_type))
    }

    /// What a type was used for in a year, by the days themselves.
    pub fn of_year(&self, leave_type: &str, year: i32) -> Totals {
        Totals::of(self.entries(leave_type).iter().filter(|entry| entry.year == year))
    }

    /// Taken and asked for of a type in each of these years, in half days.
    pub fn taken(&self, leave_type: &str, years: RangeInclusive<i32>) -> BTreeMap<i32, i64> {
        let taken = |year| {
            let totals = self.of_year(leave_type, year);
            (year, totals.used + totals.held)
        };
        years.map(taken).collect()
    }

    /// The years that give none of a type, and why.
    pub fn exclusions(&self, leave_type: &LeaveType, years: RangeInclusive<i32>, on: Day) -> BTreeMap<i32, Exclusion> {
        exclusions(&leave_type.grant, self.applicant.person, years.clone(), on, &self.history(leave_type, years))
    }

    /// The same if HR had exempted no year.
    pub fn exclusions_without_exemption(
        &self,
        leave_type: &LeaveType,
        years: RangeInclusive<i32>,
        on: Day,
    ) -> BTreeMap<i32, Exclusion> {
        let history = History { exempt: BTreeSet::new(), ..self.history(leave_type, years.clone()) };
        exclusions(&leave_type.grant, self.applicant.person, years, on, &history)
    }

    fn history(&self, leave_type: &LeaveType, years: RangeInclusive<i32>) -> History {
        let with_last = years.start() - 1..=*years.end();
        let used = |name: &str, year: i32| self.of_year(name, year).used;
        let absences = with_last
            .clone()
            .map(|year| (year, Absences { personal: used(&PERSONAL.name, year), sick: used(&SICK.name, year) }));
        let lots = self.lots(&leave_type.name);
        let own = |year: i32| lots.iter().filter(move |lot| lot.grant.source.is_own() && lot.grant.year == year);
        let used = with_last.map(|year| (year, own(year).map(|lot| lot.totals.used).sum::<i64>()));
        History { absences: absences.collect(), used: used.collect(), exempt: self.exempt.clone() }
    }

    /// Takes entries into account that are not written, like what a request that is submitted again gives back.
    pub fn add(&mut self, leave_type: &str, entries: &[Entry]) {
        self.entries.extend(entries.iter().map(|entry| (leave_type.to_owned(), *entry)));
    }

    /// Finds what these years still owe the officer by the rules of a type, as it stands on a day, and takes it into
    /// account: also what a bracket adds that is reached by then, which pays for days from its month on.
    pub fn grant_owed(
        &mut self,
        leave_type: &LeaveType,
        years: RangeInclusive<i32>,
        on: Day,
        new_id: impl Fn() -> Uuid,
    ) -> Vec<Owed> {
        if matches!(leave_type.grant, GrantRule::None | GrantRule::Earned { .. }) {
            return Vec::new();
        }
        let lost = self.exclusions(leave_type, years.clone(), on);
        let mut all = Vec::new();
        for year in years {
            if lost.contains_key(&year) {
                continue;
            }
            let known: Vec<Grant> = self
                .grants
                .iter()
                .filter(|(name, grant)| *name == leave_type.name && grant.year == year && grant.source.is_own())
                .map(|(_, grant)| *grant)
                .collect();
            let mut granted: BTreeMap<Source, i64> = BTreeMap::new();
            for entry in self.entries(&leave_type.name).iter().filter(|entry| entry.kind == Kind::Grant) {
                if let Some(grant) = known.iter().find(|grant| entry.grant == Some(grant.id)) {
                    *granted.entry(grant.source).or_default() += entry.half_days;
                }
            }
            let brought_on = self.brought.get(&(leave_type.name.clone(), year)).copied();
            let parts = leave_type.grant.parts_of_year(self.applicant.person, self.setting, year, on);
            for (part, half_days) in missing(&parts, &granted, brought_on) {
                let same = known.iter().find(|grant| grant.source == part.source).copied();
                let Some(grant) = same.or_else(|| Grant::opening(new_id(), part.source, part.from)) else { continue };
                let entry = app::leave::grant::give(&grant, half_days);
                let owed = Owed { leave_type: leave_type.name.clone(), grant, is_new: same.is_none(), entry };
                self.take(&owed);
                all.push(owed);
            }
        }
        all
    }

    /// Ends the grants of a type that are over on a day, and takes it into account: what is left of each expires, and
    /// begins again in the next year as far as the type lets it. A second call finds nothing.
    pub fn end_over(&mut self, leave_type: &LeaveType, today: Day, new_id: impl Fn() -> Uuid) -> Vec<Owed> {
        let mut all = Vec::new();
        let ends_from = self.ends_from;
        for lot in self.lots(&leave_type.name).into_iter().filter(|lot| lot.grant.until.year() >= ends_from) {
            let next = lot.grant.year + 1;
            let carried = self
                .lots(&leave_type.name)
                .into_iter()
                .find(|other| other.grant.source == Source::CarryOver && other.grant.year == next);
            let before = carried.map_or(0, |carried| carried.totals.granted);
            // A year that was lost leaves nothing over.
            let year = lot.grant.year;
            let is_lost = self.exclusions(leave_type, year..=year, today).contains_key(&year);
            let ending = end(&lot, leave_type.carry_over.filter(|_| !is_lost), before, today);
            let mut owe = |grant, is_new, entry| {
                let owed = Owed { leave_type: leave_type.name.clone(), grant, is_new, entry };
                self.take(&owed);
                all.push(owed);
            };
            if ending.expires > 0 {
                owe(lot.grant, false, app::leave::grant::expire(&lot.grant, ending.expires));
            }
            let rule = leave_type.carry_over.filter(|_| ending.goes_over > 0);
            let into = carried.map(|carried| carried.grant);
            if let Some(grant) = into.or_else(|| Grant::carried_into(new_id(), next, rule?)).filter(|_| rule.is_some())
            {
                owe(grant, into.is_none(), app::leave::grant::give(&grant, ending.goes_over));
            }
        }
        all
    }

    /// Finds what years still owe once HR has exempted their absences, and takes it into account: their leave, and what
    /// of a year that is over should have gone over. A second call finds nothing.
    pub fn make_up(
        &mut self,
        leave_type: &LeaveType,
        years: RangeInclusive<i32>,
        today: Day,
        new_id: impl Fn() -> Uuid,
    ) -> Vec<Owed> {
        let lost = self.exclusions(leave_type, years.clone(), today);
        let exempted = self.exclusions_without_exemption(leave_type, years, today).into_keys();
        let freed: Vec<i32> = exempted.filter(|year| !lost.contains_key(year)).collect();
        let mut all = Vec::new();
        for &year in &freed {
            all.extend(self.grant_owed(leave_type, year..=year, today, &new_id));
        }
        all.extend(self.end_over(leave_type, today, &new_id));
        for &year in &freed {
            all.extend(self.carry_late(leave_type, year, today, &new_id));
        }
        all
    }

    fn carry_late(&mut self, leave_type: &LeaveType, year: i32, today: Day, new_id: impl Fn() -> Uuid) -> Option<Owed> {
        let rule = leave_type.carry_over.filter(|rule| rule.last_day(year + 1).is_some_and(|last| today <= last))?;
        let lots = self.lots(&leave_type.name);
        let own = lots.iter().filter(|lot| lot.grant.source.is_own() && lot.grant.year == year);
        let expired = own.map(|lot| lot.totals.expired).sum();
        let into = lots.iter().find(|lot| lot.grant.source == Source::CarryOver && lot.grant.year == year + 1);
        let half_days = late_carry(expired, into.map_or(0, |lot| lot.totals.granted), rule);
        let grant = into.map(|lot| lot.grant).or_else(|| Grant::carried_into(new_id(), year + 1, rule))?;
        let entry = app::leave::grant::give(&grant, half_days);
        let owed = Owed { leave_type: leave_type.name.clone(), grant, is_new: into.is_none(), entry };
        (half_days > 0).then(|| {
            self.take(&owed);
            owed
        })
    }

    fn take(&mut self, owed: &Owed) {
        if owed.is_new {
            self.grants.push((owed.leave_type.clone(), owed.grant));
        }
        self.entries.push((owed.leave_type.clone(), owed.entry));
    }

    fn entries(&self, leave_type: &str) -> Vec<Entry> {
        self.entries.iter().filter(|(name, _)| name == leave_type).map(|(_, entry)| *entry).collect()
    }

    /// Writes what was found to be owed. The caller has locked the officer.
    ///
    /// # Errors
    /// The database fails.
    pub async fn write(&self, tx: &impl ConnectionTrait, clock: &Clock, owed: &[Owed]) -> Result<(), DbErr> {
        for owed in owed {
            if owed.is_new {
                let row = grant_row(self.officer, &owed.leave_type, &owed.grant, clock.now().millis());
                leave_grant::Entity::insert(sea_orm::IntoActiveModel::into_active_model(row))
                    .exec_without_returning(tx)
                    .await?;
            }
            append(tx, clock, self.officer, &owed.leave_type, None, &[owed.entry]).await?;
        }
        Ok(())
    }
}

/// An officer as far as entitlements ask.
pub fn person(officer: &officer::Model) -> Person {
    Person {
        started_work_on: Day::from(officer.started_work_on),
        category: Category::parse(&officer.category).unwrap_or(Category::Administrative),
    }
}

/// An officer as far as a request asks.
pub fn applicant(officer: &officer::Model) -> Applicant {
    Applicant { person: person(officer), sex: Sex::parse(&officer.sex) }
}

/// A grant as stored. `None` where its source is one that nobody knows.
pub fn grant(row: &leave_grant::Model) -> Option<Grant> {
    Some(Grant {
        id: row.id,
        source: Source::parse(&row.source)?,
        year: row.year,
        from: Day::from(row.valid_from),
        until: Day::from(row.valid_until),
    })
}

/// The row of a grant.
pub fn grant_row(officer: Uuid, leave_type: &str, grant: &Grant, at: i64) -> leave_grant::Model {
    leave_grant::Model {
        id: grant.id,
        officer_id: officer,
        leave_type: leave_type.to_owned(),
        source: grant.source.as_str().to_owned(),
        year: grant.year,
        valid_from: grant.from.date(),
        valid_until: grant.until.date(),
        at,
    }
}

/// The installation's rule for what contract staff get of annual leave.
///
/// # Errors
/// The database fails.
pub async fn annual_setting(connection: &impl ConnectionTrait) -> Result<Setting, DbErr> {
    let stored = setting::get(connection, ANNUAL_SETTING).await?;
    Ok(stored.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Appends entries to the ledger.
///
/// # Errors
/// The database fails.
pub async fn append(
    tx: &impl ConnectionTrait,
    clock: &Clock,
    officer: Uuid,
    leave_type: &str,
    request: Option<Uuid>,
    entries: &[Entry],
) -> Result<(), DbErr> {
    append_noted(tx, clock, officer, leave_type, request, entries, None).await
}

/// The same with a note that stands beside each of them.
///
/// # Errors
/// The database fails.
pub async fn append_noted(
    tx: &impl ConnectionTrait,
    clock: &Clock,
    officer: Uuid,
    leave_type: &str,
    request: Option<Uuid>,
    entries: &[Entry],
    note: Option<&str>,
) -> Result<(), DbErr> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.iter().map(|entry| leave_entry::ActiveModel {
        id: Set(clock.new_id()),
        officer_id: Set(officer),
        leave_type: Set(leave_type.to_owned()),
        year: Set(entry.year),
        kind: Set(entry.kind.as_str().to_owned()),
        half_days: Set(entry.half_days),
        request_id: Set(request),
        at: Set(clock.now().millis()),
        grant_id: Set(entry.grant),
        note: Set(note.map(str::to_owned)),
        made_by: Set(None),
    });
    leave_entry::Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}

/// Every type that gives something by itself, year after year.
pub fn yearly(catalogue: &Catalogue) -> impl Iterator<Item = &LeaveType> {
    catalogue
        .active()
        .filter(|leave_type| matches!(leave_type.grant, GrantRule::ByService { .. } | GrantRule::Yearly { .. }))
}
