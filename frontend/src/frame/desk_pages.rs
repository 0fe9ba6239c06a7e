//! The pages that only the desk's module has, with their addresses.

use app::approval::templates::FORMS;
use leptos::prelude::*;

use crate::approval::definition::editor_page::DefinitionPage;
use crate::approval::definition::page::DefinitionsPage;
use crate::calendar::page::{CourtDaysPage, PapersPage, WorkingWeeksPage};
use crate::leave::absences_page::AbsencesPage;
use crate::leave::accounts_page::AccountsPage;
use crate::leave::authority::page::AuthorityPage;
use crate::leave::calendar_page::CalendarPage;
use crate::leave::conflict_page::PeriodsPage;
use crate::leave::feed_page::FeedsPage;
use crate::leave::figures_page::{StatisticsPage, SummaryPage};
use crate::leave::on_behalf_page::OnBehalfPage;
use crate::leave::owed_papers_page::OwedPapersPage;
use crate::leave::types::page::LeaveTypesPage;
use crate::leave::unreported_page::UnreportedPage;
use crate::notice::channels_page::{ChannelsPage, DeliveriesPage};
use crate::org::import_page::ImportsPage;
use crate::org::page::{OfficersPage, OversightsPage, RolesPage, VacanciesPage};

/// A page for a desk, named by its address. The first segment of each address stands in [`crate::desk::ROOTS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeskPage {
    Officers,
    Imports,
    Oversights,
    Vacancies,
    Unreported,
    OwedPapers,
    Absences,
    OnBehalf,
    Accounts,
    Definitions,
    Definition(&'static str),
    Authority,
    LeaveTypes,
    Channels,
    Deliveries,
    Roles,
    Periods,
    Calendar,
    Feeds,
    Summary,
    Statistics,
    Papers,
    CourtDays,
    WorkingWeeks,
}

impl DeskPage {
    pub fn at(segments: &[&str]) -> Option<Self> {
        match segments {
            ["org"] => Some(Self::Officers),
            ["imports"] => Some(Self::Imports),
            ["oversights"] => Some(Self::Oversights),
            ["vacancies"] => Some(Self::Vacancies),
            ["unreported"] => Some(Self::Unreported),
            ["owed-papers"] => Some(Self::OwedPapers),
            ["absences"] => Some(Self::Absences),
            ["on-behalf"] => Some(Self::OnBehalf),
            ["accounts"] => Some(Self::Accounts),
            ["definitions"] => Some(Self::Definitions),
            ["definitions", form] => FORMS.iter().find(|known| *known == form).map(|form| Self::Definition(form)),
            ["authority"] => Some(Self::Authority),
            ["leave-types"] => Some(Self::LeaveTypes),
            ["channels"] => Some(Self::Channels),
            ["channels", "deliveries"] => Some(Self::Deliveries),
            ["roles"] => Some(Self::Roles),
            ["periods"] => Some(Self::Periods),
            ["team"] => Some(Self::Calendar),
            ["subscriptions"] => Some(Self::Feeds),
            ["summary"] => Some(Self::Summary),
            ["statistics"] => Some(Self::Statistics),
            ["work-calendar"] => Some(Self::Papers),
            ["work-calendar", "courts"] => Some(Self::CourtDays),
            ["work-calendar", "weeks"] => Some(Self::WorkingWeeks),
            _ => None,
        }
    }

    pub fn draw(self) -> AnyView {
        match self {
            Self::Officers => OfficersPage().into_any(),
            Self::Imports => ImportsPage().into_any(),
            Self::Oversights => OversightsPage().into_any(),
            Self::Vacancies => VacanciesPage().into_any(),
            Self::Unreported => UnreportedPage().into_any(),
            Self::OwedPapers => OwedPapersPage().into_any(),
            Self::Absences => AbsencesPage().into_any(),
            Self::OnBehalf => OnBehalfPage().into_any(),
            Self::Accounts => AccountsPage().into_any(),
            Self::Definitions => DefinitionsPage().into_any(),
            Self::Definition(form) => view! { <DefinitionPage form /> }.into_any(),
            Self::Authority => AuthorityPage().into_any(),
            Self::LeaveTypes => LeaveTypesPage().into_any(),
            Self::Channels => ChannelsPage().into_any(),
            Self::Deliveries => DeliveriesPage().into_any(),
            Self::Roles => RolesPage().into_any(),
            Self::Periods => PeriodsPage().into_any(),
            Self::Calendar => CalendarPage().into_any(),
            Self::Feeds => FeedsPage().into_any(),
            Self::Summary => SummaryPage().into_any(),
            Self::Statistics => StatisticsPage().into_any(),
            Self::Papers => PapersPage().into_any(),
            Self::CourtDays => CourtDaysPage().into_any(),
            Self::WorkingWeeks => WorkingWeeksPage().into_any(),
        }
    }
}
