//! Every page and its address, grouped by who opens it.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_url};
use leptos_router::location::{BrowserUrl, LocationProvider};
use uuid::Uuid;

use crate::account::page::{MePage, SessionsPage};
use crate::approval::delegation_page::DelegationsPage;
use crate::approval::page::ApprovalsPage;
use crate::attendance::page::{AttendancePage, BoardPage};
use crate::calendar::month_page::MonthPage;
use crate::desk::is_desk_page;
use crate::home::page::HomePage;
use crate::i18n::td_string;
use crate::kit::{ButtonLink, EmptyState, Icon, TopBar};
use crate::leave::account_page::AccountPage;
use crate::leave::page::{LeavePage, NewLeavePage, ResubmitPage};
use crate::leave::request_page::RequestPage;
use crate::leave::stand_in_page::StandInsPage;
use crate::leave::team_page::TeamPage;
use crate::notice::page::NoticesPage;
use crate::notice::settings_page::NoticeSettingsPage;
use crate::rating::page::{RatePage, ResultsPage};
use crate::scan::page::ScanPage;
use crate::state::AppState;
use crate::training::page::{ClassPage, LessonPage, TrainingPage};

/// A page, named by its address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Page {
    // Every officer
    Home,
    Leave,
    NewLeave,
    Account,
    Team,
    Month,
    Request(Uuid),
    Resubmit(Uuid),
    Me,
    Sessions,
    Delegations,
    StandIns,
    Notices,
    NoticeSettings,
    // Trainees, and whoever runs a class
    Scan,
    Training,
    Class(Uuid),
    Lesson(Uuid),
    Rate(Uuid),
    Results(Uuid),
    Board(Uuid),
    Attendance(Uuid),
    // Approvers
    Approvals,
    Approval(Uuid),
    // HR and administrators
    Desk(DeskPage),
    // Whoever builds the product
    Kit,
    NotFound,
}

impl Page {
    fn at(path: &str) -> Self {
        let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
        let about = |page: fn(Uuid) -> Self, id: &str| Uuid::parse_str(id).map_or(Self::NotFound, page);
        match segments.as_slice() {
            [] => Self::Home,
            ["leave"] => Self::Leave,
            ["leave", "new"] => Self::NewLeave,
            ["leave", "account"] => Self::Account,
            ["leave", "team"] => Self::Team,
            ["calendar"] => Self::Month,
            ["leave", id] => about(Self::Request, id),
            ["leave", id, "resubmit"] => about(Self::Resubmit, id),
            ["me"] => Self::Me,
            ["me", "sessions"] => Self::Sessions,
            ["me", "delegations"] => Self::Delegations,
            ["me", "stand-ins"] => Self::StandIns,
            ["notices"] => Self::Notices,
            ["notices", "settings"] => Self::NoticeSettings,
            ["scan"] => Self::Scan,
            ["training"] => Self::Training,
            ["classes", id] => about(Self::Class, id),
            ["lessons", id] => about(Self::Lesson, id),
            ["lessons", id, "rate"] => about(Self::Rate, id),
            ["lessons", id, "results"] => about(Self::Results, id),
            ["lessons", id, "board"] => about(Self::Board, id),
            ["lessons", id, "attendance"] => about(Self::Attendance, id),
            ["approvals"] => Self::Approvals,
            ["approvals", id] => about(Self::Approval, id),
            ["kit"] => Self::Kit,
            segments if is_desk_page(path) => DeskPage::at(segments).map_or(Self::NotFound, Self::Desk),
            _ => Self::NotFound,
        }
    }

    fn draw(self) -> AnyView {
        match self {
            Self::Home => HomePage().into_any(),
            Self::Leave => LeavePage().into_any(),
            Self::NewLeave => NewLeavePage().into_any(),
            Self::Account => AccountPage().into_any(),
            Self::Team => TeamPage().into_any(),
            Self::Month => MonthPage().into_any(),
            Self::Request(_) | Self::Approval(_) => RequestPage().into_any(),
            Self::Resubmit(_) => ResubmitPage().into_any(),
            Self::Me => MePage().into_any(),
            Self::Sessions => SessionsPage().into_any(),
            Self::Delegations => DelegationsPage().into_any(),
            Self::StandIns => StandInsPage().into_any(),
            Self::Notices => NoticesPage().into_any(),
            Self::NoticeSettings => NoticeSettingsPage().into_any(),
            Self::Scan => ScanPage().into_any(),
            Self::Training => TrainingPage().into_any(),
            Self::Class(_) => ClassPage().into_any(),
            Self::Lesson(_) => LessonPage().into_any(),
            Self::Rate(_) => RatePage().into_any(),
            Self::Results(_) => ResultsPage().into_any(),
            Self::Board(_) => BoardPage().into_any(),
            Self::Attendance(_) => AttendancePage().into_any(),
            Self::Approvals => ApprovalsPage().into_any(),
            Self::Desk(page) => page.draw(),
            Self::Kit => KitPage().into_any(),
            Self::NotFound => NotFoundPage().into_any(),
        }
    }

    /// The thing that the page is about.
    fn subject(self) -> Option<Uuid> {
        match self {
            Self::Request(id)
            | Self::Resubmit(id)
            | Self::Approval(id)
            | Self::Class(id)
            | Self::Lesson(id)
            | Self::Rate(id)
            | Self::Results(id)
            | Self::Board(id)
            | Self::Attendance(id) => Some(id),
            _ => None,
        }
    }
}

/// The thing that a page's address names. A page lives as long as its address, so it never changes under it.
#[derive(Clone, Copy, Debug)]
pub struct Subject(pub Option<Uuid>);

/// The page that the address names, made anew when another page, or the page of another thing, is opened.
///
/// The router keeps the address, follows links and the back gesture; which page an address names is decided by
/// [`Page::at`]. The router's own table of routes would cost the phone 20 KB more.
#[component]
pub fn Pages() -> impl IntoView {
    let path = use_location().pathname;
    let page = Memo::new(move |_| path.with(|path| Page::at(path)));
    // The browser's address changes once the page stands; that is a table of routes' part of the work.
    let browser = use_context::<BrowserUrl>();
    let url = use_url();
    Effect::new(move |_| {
        url.track();
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
    });
    move || {
        let page = page.get();
        provide_context(Subject(page.subject()));
        untrack(|| page.draw())
    }
}

#[cfg(not(feature = "desk"))]
use super::desk_door::DeskPage;
#[cfg(feature = "desk")]
use super::desk_pages::DeskPage;

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
