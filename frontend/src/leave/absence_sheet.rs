//! The sheet for what can be done about an absence, an illness during leave, and a stand-in who declined.

use app::api::{ById, Code, Empty};
use app::leave::api::{
    AnswerAbsence, AnswerLeaveAbsence, Convert, ConvertLeave, LeaveRequest, LiftAbsence, LiftLeaveAbsence, NameStandIn,
    NewStandIn, RecordAbsence, RecordLeaveAbsence,
};
use app::leave::rules::absence::KnownBy;
use app::org::api::Colleague;
use leptos::prelude::*;

use super::absence_view::{BACK, Deed, DeedForm, deed_form};
use super::request_page::current;
use crate::approval::process_page::find_people;
use crate::i18n::td_string;
use crate::kit::{Sheet, Slot, Tone};
use crate::load::{act, complain, new_id, winner};
use crate::net::{self, Failure};
use crate::state::AppState;

/// What the buttons do, and the sheet.
pub(super) struct DeedSheet {
    pub(super) open: Callback<Deed>,
    pub(super) sheet: AnyView,
}

/// `changed` hears what the request has become.
pub(super) fn deed_sheet(
    state: AppState,
    load: Slot<LeaveRequest>,
    changed: Callback<Option<LeaveRequest>>,
) -> DeedSheet {
    let locale = state.locale;
    let (opened, busy) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<Deed>);
    let form = DeedForm::default();
    let people = RwSignal::new(Vec::<Colleague>::new());
    // One id for one sheet: a second tap after a lost answer is the same request.
    let id = StoredValue::new(new_id());
    let open = Callback::new(move |deed: Deed| {
        let Some(request) = current(load) else { return };
        form.fill(deed, &request, state.this_half_day().date);
        people.set(Vec::new());
        id.set_value(new_id());
        chosen.set(Some(deed));
        opened.set(true);
    });
    let settle = move |answer: Result<LeaveRequest, Failure>, is_other: bool| match answer {
        Ok(request) => {
            opened.try_set(false);
            state.toasts.show(Tone::Good, td_string!(locale, absence.done));
            // A request for 病假 is another one than the page shows.
            changed.try_run(Some(request).filter(|_| !is_other));
        }
        Err(Failure::Problem(problem)) if matches!(problem.code, Code::StaleVersion | Code::WrongState) => {
            opened.try_set(false);
            state.toasts.show(Tone::Warn, td_string!(locale, leave.changed_meanwhile));
            changed.try_run(winner(&problem));
        }
        Err(failure) => complain(state, &failure),
    };
    let send = Callback::new(move |()| {
        let (Some(request), Some(deed)) = (current(load), chosen.get_untracked()) else { return };
        let (path, version) = (ById { id: request.id }, request.version);
        let note = form.note.with_untracked(|note| note.trim().to_owned());
        let (day, span) = untrack(|| (form.day(), form.span()));
        let choice = form.choice.get_untracked();
        let incomplete = move || state.toasts.show(Tone::Warn, td_string!(locale, absence.incomplete));
        match deed {
            Deed::Record => {
                let (Some(since), Some(known_by)) = (day, KnownBy::parse(&choice)) else { return incomplete() };
                let body = RecordAbsence { version, since, known_by, note };
                act(busy, async move {
                    settle(net::call::<RecordLeaveAbsence>(&path, &Empty {}, &body).await, false);
                });
            }
            Deed::Answer => act(busy, async move {
                let body = AnswerAbsence { version, note };
                settle(net::call::<AnswerLeaveAbsence>(&path, &Empty {}, &body).await, false);
            }),
            Deed::Lift => {
                let back = day.filter(|_| choice == BACK);
                if choice == BACK && back.is_none() {
                    return incomplete();
                }
                act(busy, async move {
                    let body = LiftAbsence { version, back, note };
                    settle(net::call::<LiftLeaveAbsence>(&path, &Empty {}, &body).await, false);
                });
            }
            Deed::Convert => {
                let Some((from, to)) = span else { return incomplete() };
                let body = Convert { id: id.get_value(), version, from, to, reason: note };
                act(busy, async move {
                    settle(net::call::<ConvertLeave>(&path, &Empty {}, &body).await, true);
                });
            }
            Deed::NameStandIn => {
                let named = people.with_untracked(|people| people.first().map(|person| person.officer.clone()));
                let Some(stand_in) = named else { return incomplete() };
                let body = NewStandIn { instead_of: request.stand_in.unwrap_or_default(), stand_in };
                act(busy, async move {
                    settle(net::call::<NameStandIn>(&path, &Empty {}, &body).await, false);
                });
            }
        }
    });
    let title = Signal::derive(move || chosen.get().map_or("", |deed| deed.title(locale)).to_owned());
    let sheet = view! {
        <Sheet locale open=opened title=title>
            {move || {
                chosen
                    .get()
                    .map(|deed| {
                        let search = (deed == Deed::NameStandIn).then(|| find_people(state, people, false));
                        deed_form(locale, deed, form, search, busy.into(), send)
                    })
            }}
        </Sheet>
    }
    .into_any();
    DeedSheet { open, sheet }
}
