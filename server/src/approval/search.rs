//! Searching a list: by who asked, by the number of the request, by its days.

use app::day::Day;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ColumnTrait, Condition, EntityTrait, ExprTrait, QuerySelect, QueryTrait, Select};

use crate::entity::{leave_request, officer};
use crate::leave::number;

/// What is sought.
pub(super) struct Search<'a> {
    text: Option<&'a str>,
    from: Option<Day>,
    to: Option<Day>,
}

impl<'a> Search<'a> {
    /// A search for these words, and for requests that have to do with these days; none where nothing is sought.
    pub(super) fn of(text: Option<&'a str>, from: Option<Day>, to: Option<Day>) -> Option<Self> {
        let text = text.map(str::trim).filter(|text| !text.is_empty());
        (text.is_some() || from.is_some() || to.is_some()).then_some(Self { text, from, to })
    }

    /// What it asks of the rows of a list, each of which names a request and its applicant. People are sought among the
    /// applicants of the list, who are few, and requests row by row: those that fit in the whole province could be most
    /// of it.
    pub(super) fn among<E: EntityTrait>(
        &self,
        list: &Select<E>,
        subject: E::Column,
        applicant: E::Column,
    ) -> Condition {
        let request = || {
            let is_it = Expr::col((leave_request::Entity, leave_request::Column::Id)).eq(subject.into_expr());
            Query::select().expr(Expr::cust("1")).from(leave_request::Entity).and_where(is_it).to_owned()
        };
        let of_person = |text: &str| {
            let is_meant = officer::Column::Name
                .contains(text)
                .or(officer::Column::Number.starts_with(text))
                .or(officer::Column::Initials.starts_with(text.to_lowercase()));
            // A value and no EXISTS: PostgreSQL would make a join of that, and read all officers of the province for it.
            let is_meant = Query::select()
                .expr(is_meant)
                .from(officer::Entity)
                .and_where(Expr::cust("officer.id = listed.applicant_id"))
                .to_owned();
            let listed = list.clone().select_only().column_as(applicant, "applicant_id").distinct().into_query();
            let people = Query::select()
                .column(("listed", "applicant_id"))
                .from_subquery(listed, "listed")
                .and_where(Expr::SubQuery(None, Box::new(is_meant.into())))
                .to_owned();
            applicant.in_subquery(people)
        };
        let of_number = |text: &str| {
            let text = text.to_uppercase();
            let numbered = || request().and_where(leave_request::Column::Number.contains(&text)).to_owned();
            number::could_contain(&text).then(|| Expr::exists(numbered()))
        };
        let text = self.text.map(|text| Condition::any().add(of_person(text)).add_option(of_number(text)));
        let days = (self.from.is_some() || self.to.is_some()).then(|| {
            let days = Condition::all()
                .add_option(self.from.map(|from| leave_request::Column::ToDay.gte(from.date())))
                .add_option(self.to.map(|to| leave_request::Column::FromDay.lte(to.date())));
            Expr::exists(request().cond_where(days).to_owned())
        });
        Condition::all().add_option(text).add_option(days)
    }
}
