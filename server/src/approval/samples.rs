//! Somebody of every unit, to try a definition with.

use std::collections::{BTreeMap, HashMap};

use app::approval::definition::{Definition, Values};
use app::approval::directory::{Directory, Officer};
use app::approval::lint::Sample;
use app::approval::templates;
use app::org::rules::{OfficerStatus, POLITICAL_DEPARTMENT, PostClass};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait};
use uuid::Uuid;

use super::directory::{self, Asked};
use crate::entity::officer;
use crate::reference::Org;

/// The most units that are tried.
const MOST: usize = 10_000;

/// One applicant of each class of post in each department, with the facts about his court.
pub(super) struct Units {
    units: Vec<Unit>,
    directories: HashMap<Uuid, Directory>,
}

struct Unit {
    name: String,
    applicant: Uuid,
    court: Uuid,
    known: Values,
}

impl Units {
    /// The units of the province with the people whom these definitions may ask for: one query.
    ///
    /// # Errors
    /// The database fails.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        org: &Org,
        form: &str,
        definitions: [&Definition; 2],
    ) -> Result<Self, DbErr> {
        let asked = Asked::of(definitions.into_iter().flat_map(Definition::rules));
        let Org { courts, departments, oversights, role_grants: grants } = org;

        let in_service = || officer::Column::Status.eq(OfficerStatus::InService.as_str());
        let one_of_each = officer::Entity::find()
            .select_only()
            .column_as(officer::Column::Number.min(), "number")
            .filter(in_service())
            .group_by(officer::Column::DepartmentId)
            .group_by(officer::Column::PostClass)
            .into_query();
        let small = |name: &str| name == POLITICAL_DEPARTMENT || asked.departments.contains(name);
        let small = departments.iter().filter(|department| small(&department.name)).map(|department| department.id);
        let mut people = Condition::any()
            .add(officer::Column::Number.in_subquery(one_of_each))
            .add(officer::Column::Number.is_in(asked.numbers.iter().map(String::as_str)))
            .add(officer::Column::Id.is_in(grants.iter().map(|grant| grant.officer_id)))
            .add(officer::Column::DepartmentId.is_in(small))
            .add(officer::Column::PostClass.ne(PostClass::Staff.as_str()));
        if asked.court || asked.court_above {
            people = people.add(in_service());
        }
        let officers = officer::Entity::find().filter(people).all(connection).await?;
        let officers: Vec<Officer> = officers.into_iter().map(directory::known).collect();

        let mut applicants = BTreeMap::new();
        for officer in officers.iter().filter(|officer| officer.can_log_in) {
            applicants.entry((officer.court_id, officer.department_id, officer.post_class)).or_insert(officer.id);
        }
        let court_name = |id: Uuid| courts.iter().find(|court| court.id == id).map_or("", |court| &court.name);
        let name = |id: Uuid| departments.iter().find(|known| known.id == id).map_or("", |known| &known.name);
        let unit = |((court, department, class), applicant): ((Uuid, Uuid, PostClass), Uuid)| Unit {
            name: format!("{}{}{}", court_name(court), name(department), class.text()),
            applicant,
            court,
            known: templates::known_of(form, class),
        };
        let units = applicants.into_iter().take(MOST).map(unit).collect();

        let anywhere = |officer: &&Officer| {
            asked.numbers.contains(&officer.officer) || grants.iter().any(|grant| grant.officer_id == officer.id)
        };
        let anywhere: Vec<&Officer> = officers.iter().filter(anywhere).collect();
        let mut by_court = HashMap::<Uuid, Vec<&Officer>>::new();
        for officer in &officers {
            by_court.entry(officer.court_id).or_default().push(officer);
        }
        let directory = |court: Uuid| {
            let above = directory::courts_above(courts, court);
            let lineage = || std::iter::once(&court).chain(&above);
            let local = lineage().filter_map(|court| by_court.get(court)).flatten().copied();
            let elsewhere = anywhere.iter().copied().filter(|officer| !lineage().any(|own| *own == officer.court_id));
            let mine = departments.iter().filter(|department| lineage().any(|own| *own == department.court_id));
            let mine: Vec<_> = mine.cloned().collect();
            let overseen = |department: Uuid| mine.iter().any(|known| known.id == department);
            Directory {
                courts: courts.clone(),
                officers: local.chain(elsewhere).cloned().collect(),
                oversights: oversights.iter().filter(|row| overseen(row.department_id)).copied().collect(),
                roles: directory::role_holders(grants, court, &above),
                departments: mine,
                submitter: None,
            }
        };
        let directories = by_court.keys().map(|court| (*court, directory(*court))).collect();
        Ok(Self { units, directories })
    }

    /// The samples for the linter.
    pub(super) fn samples(&self) -> Vec<Sample<'_>> {
        let of_unit = self.units.iter().filter_map(|unit| {
            let Unit { name, applicant, court, known } = unit;
            Some(Sample { unit: name, applicant: *applicant, known, directory: self.directories.get(court)? })
        });
        of_unit.collect()
    }
}
