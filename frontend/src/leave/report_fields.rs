//! What the form asks of a report of leaving town (外出报备), and says about it.

use app::leave::types::Lane;
use leptos::prelude::*;

use super::form::LeaveForm;
use crate::i18n::{Locale, td_string};
use crate::kit::{Callout, Field, Input, Tone};

/// What a report is, where it is chosen.
pub(super) fn about_report(locale: Locale) -> AnyView {
    view! { <Callout tone=Tone::Court>{td_string!(locale, leave.report_note)}</Callout> }.into_any()
}

/// Where to and how to be reached: what a report is for, and of leave as one likes.
pub(super) fn whereabouts(locale: Locale, form: LeaveForm, lane: Lane) -> AnyView {
    let (optional, hint) = match lane {
        Lane::Report => ("", td_string!(locale, leave.report_needed)),
        Lane::Leave | Lane::Hours => (td_string!(locale, common.optional), ""),
    };
    view! {
        <Field
            label=td_string!(locale, leave.fact_destination)
            control="leave-destination"
            optional=optional
            hint=hint
        >
            <Input id="leave-destination" value=form.destination />
        </Field>
        <Field label=td_string!(locale, stand_in.contact) control="leave-contact" optional=optional hint=hint>
            <Input id="leave-contact" value=form.contact placeholder=td_string!(locale, stand_in.contact_example) />
        </Field>
    }
    .into_any()
}
