//! Who of the applicants' departments is away in the days that requests are about.

use std::collections::BTreeSet;

use app::day::Span;
use app::leave::rules::Stored;
use app::leave::types::Lane;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::inbox::Subjects;
use crate::entity::{leave_request, officer};
use crate::leave::store::half_day;

/// How many a card names; of more it says how many there are.
const NAMED: usize = 5;

/// The colleagues of the applicants who are on approved leave or ask for it.
pub(super) struct Away {
    /// In the order of their 工号.
    colleagues: Vec<Colleague>,
}

struct Colleague {
    id: Uuid,
    department: Uuid,
    name: String,
    spans: Vec<Span>,
}

impl Away {
    /// One query, of few columns: a department may have hundreds of officers, and an approver opens his list often.
    pub(super) async fn load(connection: &impl ConnectionTrait, subjects: &Subjects) -> Result<Self, DbErr> {
        use leave_request::Column;
        let spans: Vec<Span> = subjects.requests.values().map(crate::leave::store::span).collect();
        let bounds = spans.iter().map(|span| span.from().date).min().zip(spans.iter().map(|span| span.to().date).max());
        let Some((first, last)) = bounds else { return Ok(Self { colleagues: Vec::new() }) };
        let applicants = subjects.requests.values().filter_map(|request| subjects.officers.get(&request.officer_id));
        let departments: BTreeSet<Uuid> = applicants.map(|applicant| applicant.department_id).collect();
        let whose = leave_request::Entity::belongs_to(officer::Entity).from(Column::OfficerId).to(officer::Column::Id);
        let rows: Vec<(Uuid, time::Date, String, time::Date, String, Uuid, String)> = leave_request::Entity::find()
            .join(JoinType::InnerJoin, whose.into())
            .filter(Column::State.is_in([Stored::InApproval, Stored::Approved].map(Stored::as_str)))
            .filter(Column::Lane.eq(Lane::Leave.as_str()))
            .filter(Column::ToDay.gte(first.date()))
            .filter(Column::FromDay.lte(last.date()))
            .filter(officer::Column::DepartmentId.is_in(departments))
            .order_by_asc(officer::Column::Number)
            .select_only()
            .columns([Column::OfficerId, Column::FromDay, Column::FromHalf, Column::ToDay, Column::ToHalf])
            .columns([officer::Column::DepartmentId, officer::Column::Name])
            .into_tuple()
            .all(connection)
            .await?;
        let mut colleagues: Vec<Colleague> = Vec::new();
        for (id, from_day, from_half, to_day, to_half, department, name) in rows {
            let span = Span::new(half_day(from_day, &from_half), half_day(to_day, &to_half));
            // Several requests of one officer stand side by side.
            match colleagues.last_mut().filter(|last| last.id == id) {
                Some(last) => last.spans.extend(span),
                None => colleagues.push(Colleague { id, department, name, spans: span.into_iter().collect() }),
            }
        }
        Ok(Self { colleagues })
    }

    /// Who is away beside an applicant: the first names, and how many there are in all.
    pub(super) fn beside(&self, applicant: &officer::Model, span: Span) -> (Vec<String>, i64) {
        let beside = self.colleagues.iter().filter(|colleague| {
            colleague.id != applicant.id
                && colleague.department == applicant.department_id
                && colleague.spans.iter().any(|other| other.overlaps(span))
        });
        let names = beside.clone().take(NAMED).map(|colleague| colleague.name.clone()).collect();
        (names, i64::try_from(beside.count()).unwrap_or(i64::MAX))
    }
}
