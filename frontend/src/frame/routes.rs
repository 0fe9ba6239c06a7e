//! Every page and its address, grouped by who opens it.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use crate::account::page::{MePage, SessionsPage};
use crate::approval::page::ApprovalsPage;
use crate::attendance::page::{AttendancePage, BoardPage};
use crate::home::page::HomePage;
use crate::i18n::td_string;
use crate::kit::{ButtonLink, EmptyState, Icon, TopBar};
use crate::leave::page::{LeavePage, NewLeavePage, RequestPage};
use crate::org::import_page::ImportsPage;
use crate::org::page::{OfficersPage, OversightsPage, RolesPage, VacanciesPage};
use crate::rating::page::{RatePage, ResultsPage};
use crate::scan::page::ScanPage;
use crate::state::AppState;
use crate::training::page::{ClassPage, LessonPage, TrainingPage};

/// The pages.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            // Every officer
            <Route path=path!("/") view=HomePage />
            <Route path=path!("/leave") view=LeavePage />
            <Route path=path!("/leave/new") view=NewLeavePage />
            <Route path=path!("/leave/:id") view=RequestPage />
            <Route path=path!("/me") view=MePage />
            <Route path=path!("/me/sessions") view=SessionsPage />
            // Trainees, and whoever runs a class
            <Route path=path!("/scan") view=ScanPage />
            <Route path=path!("/training") view=TrainingPage />
            <Route path=path!("/classes/:id") view=ClassPage />
            <Route path=path!("/lessons/:id") view=LessonPage />
            <Route path=path!("/lessons/:id/rate") view=RatePage />
            <Route path=path!("/lessons/:id/results") view=ResultsPage />
            <Route path=path!("/lessons/:id/board") view=BoardPage />
            <Route path=path!("/lessons/:id/attendance") view=AttendancePage />
            // Approvers
            <Route path=path!("/approvals") view=ApprovalsPage />
            // HR and administrators, at a desk
            <Route path=path!("/org") view=OfficersPage />
            <Route path=path!("/imports") view=ImportsPage />
            <Route path=path!("/oversights") view=OversightsPage />
            <Route path=path!("/vacancies") view=VacanciesPage />
            <Route path=path!("/roles") view=RolesPage />
            // Whoever builds the product
            <Route path=path!("/kit") view=KitPage />
        </FlatRoutes>
    }
}

#[cfg(feature = "gallery")]
use crate::kit::gallery::GalleryPage as KitPage;
#[cfg(not(feature = "gallery"))]
use NotFoundPage as KitPage;

#[component]
fn NotFoundPage() -> impl IntoView {
    let locale = AppState::get().locale;
    view! {
        <TopBar locale title=td_string!(locale, common.product) up="/" />
        <main class="page">
            <EmptyState
                title=td_string!(locale, common.not_found)
                detail=td_string!(locale, common.not_found_detail)
                icon=Icon::Search
            >
                <ButtonLink href="/">{td_string!(locale, common.go_home)}</ButtonLink>
            </EmptyState>
        </main>
    }
}
