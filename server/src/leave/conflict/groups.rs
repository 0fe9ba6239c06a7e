//! Groups of which some have to stay: heads and deputies of a department, leaders of a court, and what HR adds.

use std::collections::{BTreeSet, HashMap};

use app::day::{Day, Span};
use app::leave::conflict::{Colleague, Effect, Group, GroupKind, Kind};
use app::leave::rules::Stored;
use app::leave::types::{Lane, LeaveType};
use app::org::rules::{OfficerStatus, PostClass};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect,
};
use uuid::Uuid;

use crate::database::among;
use crate::entity::{court, department, leave_request, officer};
use crate::leave::after::report;
use crate::leave::presence::Rule;
use crate::leave::store::half_day;
use crate::reference::Reference;

/// What of an officer decides about his groups.
#[derive(Clone, Debug)]
struct Place {
    id: Uuid,
    name: String,
    court: Uuid,
    department: Uuid,
    post: Option<String>,
    post_class: String,
    category: String,
}

impl From<&officer::Model> for Place {
    fn from(row: &officer::Model) -> Self {
        Self {
            id: row.id,
            name: row.name.clone(),
            court: row.court_id,
            department: row.department_id,
            post: row.post.clone(),
            post_class: row.post_class.clone(),
            category: row.category.clone(),
        }
    }
}

impl Place {
    fn class(&self) -> Option<PostClass> {
        PostClass::parse(&self.post_class)
    }

    fn is_leader(&self) -> bool {
        self.class().is_some_and(PostClass::is_leader)
    }

    /// Whether he is head or deputy of his department, which has this name.
    fn leads(&self, department: &str) -> bool {
        self.class()
            .is_some_and(|class| class == PostClass::DepartmentDeputy || class.heads(self.post.as_deref(), department))
    }

    fn is_meant_by(&self, rule: &Rule) -> bool {
        let Rule { row: rule, officers } = rule;
        rule.court_id == self.court
            && (officers.is_empty() || officers.contains(&self.id))
            && rule.department_id.is_none_or(|department| department == self.department)
            && rule.post_class.as_ref().is_none_or(|class| *class == self.post_class)
            && rule.category.as_ref().is_none_or(|category| *category == self.category)
    }
}

/// The groups of some applicants, with when everybody in them is away.
pub(super) struct Groups {
    /// Everybody who could be in one of the groups, by 工号.
    people: Vec<Place>,
    rules: Vec<Rule>,
    /// The names of the departments in which an applicant may lead.
    departments: HashMap<Uuid, String>,
    gone: HashMap<Uuid, Gone>,
}

/// When an officer is on leave or out of town, approved or asked for.
#[derive(Clone, Debug, Default)]
struct Gone {
    away: Vec<Span>,
    asked: Vec<Span>,
    out: Vec<Span>,
    asked_out: Vec<Span>,
}

impl Groups {
    /// At most two queries; none for somebody who leads nothing and whom no rule means.
    pub(super) async fn load(
        connection: &impl ConnectionTrait,
        reference: &Reference,
        applicants: impl Iterator<Item = &officer::Model>,
        days: (Day, Day),
    ) -> Result<Self, DbErr> {
        let applicants: Vec<Place> = applicants.map(Place::from).collect();
        let courts: BTreeSet<Uuid> = applicants.iter().map(|place| place.court).collect();
        let leading = applicants.iter().filter(|place| place.class().is_some_and(|class| class != PostClass::Staff));
        let leading: BTreeSet<Uuid> = leading.map(|place| place.department).collect();
        let departments = reference.org.departments.iter().filter(|row| leading.contains(&row.id));
        let departments = departments.map(|row| (row.id, row.name.clone())).collect();
        let rules = reference.presence_rules.iter().filter(|rule| courts.contains(&rule.row.court_id));
        let rules: Vec<_> = rules.cloned().collect();
        let people = people(connection, &applicants, &rules).await?;
        let gone = gone(connection, people.iter().map(|place| place.id).collect(), &COUNTED, days).await?;
        Ok(Self { people, rules, departments, gone })
    }

    /// The groups that an applicant belongs to.
    pub(super) fn of(&self, applicant: &officer::Model) -> Vec<Group> {
        let applicant = Place::from(applicant);
        let department = self.departments.get(&applicant.department).map_or("", String::as_str);
        let mut groups = Vec::new();
        if applicant.leads(department) {
            let same = |other: &Place| other.department == applicant.department && other.leads(department);
            groups.push(self.group(GroupKind::Leaders, format!("{department}正副职"), 1, applicant.id, same));
        }
        if applicant.is_leader() {
            let same = |other: &Place| other.court == applicant.court && other.is_leader();
            groups.push(self.group(GroupKind::Leaders, "本院院领导".to_owned(), 1, applicant.id, same));
        }
        // Who is alone in such a post would never get leave: his substitute is found by the chain.
        groups.retain(|group| !group.others.is_empty());
        let rules = self.rules.iter().filter(|rule| applicant.is_meant_by(rule));
        groups.extend(rules.map(|rule| {
            let least = usize::try_from(rule.row.least).unwrap_or(0);
            self.group(GroupKind::Rule, rule.row.title.clone(), least, applicant.id, |other| other.is_meant_by(rule))
        }));
        groups
    }

    fn group(
        &self,
        kind: GroupKind,
        title: String,
        least: usize,
        applicant: Uuid,
        is_in: impl Fn(&Place) -> bool,
    ) -> Group {
        let others = self.people.iter().filter(|other| other.id != applicant && is_in(other));
        let others = others.map(|other| {
            let Gone { away, asked, out, asked_out } = self.gone.get(&other.id).cloned().unwrap_or_default();
            Colleague { name: other.name.clone(), away, asked, out, asked_out }
        });
        Group { kind, title, least, others: others.collect() }
    }
}

/// Everybody in service who could be in a group of the applicants: of few columns, since a court has hundreds.
async fn people(connection: &impl ConnectionTrait, applicants: &[Place], rules: &[Rule]) -> Result<Vec<Place>, DbErr> {
    use officer::Column;
    let leaders = [PostClass::CourtLeader, PostClass::President].map(PostClass::as_str);
    let heads = [PostClass::DepartmentDeputy, PostClass::DepartmentHead].map(PostClass::as_str);
    let led = |place: &&Place| place.class().is_some_and(|class| class != PostClass::Staff);
    let courts: BTreeSet<Uuid> = applicants.iter().filter(led).map(|place| place.court).collect();
    let departments: BTreeSet<Uuid> = applicants.iter().filter(led).map(|place| place.department).collect();
    let of_courts = among(Column::CourtId, courts).map(|courts| courts.and(Column::PostClass.is_in(leaders)));
    let of_departments = among(Column::DepartmentId, departments);
    let of_departments = of_departments.map(|departments| departments.and(Column::PostClass.is_in(heads)));
    let mut meant = Condition::any().add_option(of_courts).add_option(of_departments);
    for rule in rules.iter().filter(|rule| applicants.iter().any(|place| place.is_meant_by(rule))) {
        let Rule { row: rule, officers } = rule;
        let of_rule = Condition::all()
            .add_option(among(Column::Id, officers.clone()))
            .add(Column::CourtId.eq(rule.court_id))
            .add_option(rule.department_id.map(|department| Column::DepartmentId.eq(department)))
            .add_option(rule.post_class.as_ref().map(|class| Column::PostClass.eq(class)))
            .add_option(rule.category.as_ref().map(|category| Column::Category.eq(category)));
        meant = meant.add(of_rule);
    }
    // Nobody is meant, and a condition that is empty would mean everybody.
    if meant.is_empty() {
        return Ok(Vec::new());
    }
    type Row = (Uuid, String, Uuid, Uuid, Option<String>, String, String);
    let rows: Vec<Row> = officer::Entity::find()
        .filter(Column::Status.eq(OfficerStatus::InService.as_str()))
        .filter(meant)
        .order_by_asc(Column::Number)
        .select_only()
        .columns([Column::Id, Column::Name, Column::CourtId, Column::DepartmentId])
        .columns([Column::Post, Column::PostClass, Column::Category])
        .into_tuple()
        .all(connection)
        .await?;
    let place = |(id, name, court, department, post, post_class, category): Row| Place {
        id,
        name,
        court,
        department,
        post,
        post_class,
        category,
    };
    Ok(rows.into_iter().map(place).collect())
}

/// When these officers are on approved leave, and when they ask to be.
///
/// # Errors
/// The database fails.
pub(crate) async fn away(
    connection: &impl ConnectionTrait,
    officers: Vec<Uuid>,
    days: (Day, Day),
) -> Result<HashMap<Uuid, (Vec<Span>, Vec<Span>)>, DbErr> {
    let found = gone(connection, officers, &[Lane::Leave], days).await?;
    Ok(found.into_iter().map(|(officer, gone)| (officer, (gone.away, gone.asked))).collect())
}

/// What presence looks at: leave, and for leaders reports of leaving town.
const COUNTED: [Lane; 2] = [Lane::Leave, Lane::Report];

async fn gone(
    connection: &impl ConnectionTrait,
    officers: Vec<Uuid>,
    lanes: &[Lane],
    (first, last): (Day, Day),
) -> Result<HashMap<Uuid, Gone>, DbErr> {
    use leave_request::Column;
    if officers.is_empty() {
        return Ok(HashMap::new());
    }
    type Row = (Uuid, String, String, time::Date, String, time::Date, String);
    let rows: Vec<Row> = leave_request::Entity::find()
        .filter(Column::OfficerId.is_in(officers))
        .filter(Column::State.is_in([Stored::InApproval, Stored::Approved].map(Stored::as_str)))
        .filter(Column::Lane.is_in(lanes.iter().map(|lane| lane.as_str())))
        .filter(report::reported_of_series().not())
        .filter(Column::ToDay.gte(first.date()))
        .filter(Column::FromDay.lte(last.date()))
        .select_only()
        .columns([Column::OfficerId, Column::State, Column::Lane])
        .columns([Column::FromDay, Column::FromHalf, Column::ToDay, Column::ToHalf])
        .into_tuple()
        .all(connection)
        .await?;
    let mut found: HashMap<Uuid, Gone> = HashMap::new();
    for (officer, state, lane, from_day, from_half, to_day, to_half) in rows {
        let span = Span::new(half_day(from_day, &from_half), half_day(to_day, &to_half));
        let gone = found.entry(officer).or_default();
        let spans = match (lane == Lane::Report.as_str(), state == Stored::Approved.as_str()) {
            (false, true) => &mut gone.away,
            (false, false) => &mut gone.asked,
            (true, true) => &mut gone.out,
            (true, false) => &mut gone.asked_out,
        };
        spans.extend(span);
    }
    Ok(found)
}

/// Locks the groups that an applicant belongs to, where this installation blocks what leaves too few of them: of two who
/// ask at once the second then sees the first. A group's lock is the row of its department, or of its court; courts come
/// first. It is taken before the applicant's own row, since whoever holds a group writes to the rows of others.
///
/// # Errors
/// The database fails.
pub(crate) async fn lock_groups(
    tx: &impl ConnectionTrait,
    reference: &Reference,
    applicant: Uuid,
    leave_type: &LeaveType,
) -> Result<(), DbErr> {
    let is_counted = leave_type.chosen && COUNTED.contains(&leave_type.lane());
    if !is_counted || reference.conflicts.of(Kind::Presence) != Effect::Block {
        return Ok(());
    }
    let Some(applicant) = officer::Entity::find_by_id(applicant).one(tx).await? else { return Ok(()) };
    let place = Place::from(&applicant);
    let rules: Vec<_> = reference.presence_rules.iter().filter(|rule| place.is_meant_by(rule)).collect();
    if place.is_leader() || rules.iter().any(|rule| rule.row.department_id.is_none()) {
        court::Entity::find_by_id(place.court).lock(LockType::NoKeyUpdate).one(tx).await?;
    }
    if place.class().is_some_and(|class| class != PostClass::Staff)
        || rules.iter().any(|rule| rule.row.department_id.is_some())
    {
        department::Entity::find_by_id(place.department).lock(LockType::NoKeyUpdate).one(tx).await?;
    }
    Ok(())
}
