//! Loads the years that give an officer no leave, and says for HR that their absences cost none.

use app::api::{Code, Empty, Problem};
use app::leave::api::{ListLostYears, LostYears, LostYearsQuery, SetLeaveExemption};
use leptos::prelude::*;

use super::accounts_view::Fault;
use super::exemption_view::{self as view, CostlyYear, ExemptionForm};
use crate::i18n::td_string;
use crate::kit::{Loaded, Sheet, Tone};
use crate::load::{act, complain, read, trouble};
use crate::net::{self, Failure};
use crate::state::AppState;

/// The lost years of an officer, with the sheet in which HR gives its word on one. `on_change` is told when it has.
pub(super) fn lost_years(state: AppState, officer: String, on_change: Callback<()>) -> AnyView {
    let locale = state.locale;
    let asked = officer.clone();
    let reading =
        read::<ListLostYears>(state, move || Some((Empty {}, LostYearsQuery { officer: Some(asked.clone()) })));
    let form = ExemptionForm::default();
    let (open, busy) = (RwSignal::new(false), RwSignal::new(false));
    let choose = Callback::new(move |year: CostlyYear| {
        form.begin(year);
        open.set(true);
    });
    let confirm = Callback::new(move |()| {
        let body = match untrack(|| form.body(state.words(), &officer)) {
            Some(Ok(body)) => body,
            Some(Err(fault)) => return form.fault.set(Some(fault)),
            None => return,
        };
        form.fault.set(None);
        act(busy, async move {
            match net::call::<SetLeaveExemption>(&Empty {}, &Empty {}, &body).await {
                Ok(said) => {
                    let done = if said.exempt {
                        td_string!(locale, ledger.exempt_done)
                    } else {
                        td_string!(locale, ledger.exempt_undone)
                    };
                    state.toasts.show(Tone::Good, done);
                    form.done();
                }
                // Somebody was faster. What was typed stays for when the year is opened as it is by now.
                Err(failure @ Failure::Problem(Problem { code: Code::StaleVersion, .. })) => complain(state, &failure),
                Err(Failure::Problem(problem)) if problem.code == Code::BadInput => {
                    let fault = Fault { field: problem.field.unwrap_or_default(), text: problem.detail };
                    form.fault.try_set(Some(fault));
                    return;
                }
                // Without an answer it may have been said; the same once more says nothing else.
                Err(failure) => {
                    complain(state, &failure);
                    // The sheet may stand over the message.
                    let fault = Fault { field: String::new(), text: trouble(locale, &failure).detail };
                    form.fault.try_set(Some(fault));
                    return;
                }
            }
            open.try_set(false);
            reading.again.try_run(());
            on_change.try_run(());
        });
    });
    let draw = move |data: &LostYears| view::lost_years(state.words(), data, choose);
    let title = Signal::derive(move || {
        form.year.with(|year| match year {
            Some(year) if year.exempt => td_string!(locale, ledger.exempt_undo_title, year = year.year),
            Some(year) => td_string!(locale, ledger.exempt_title, year = year.year),
            None => String::new(),
        })
    });
    view! {
        <Loaded locale load=reading.load on_retry=reading.again draw=draw />
        <Sheet locale open=open title=title>
            {move || view::exemption_form(state.words(), form, busy.into(), confirm)}
        </Sheet>
    }
    .into_any()
}
