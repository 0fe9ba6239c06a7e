//! 待销假名单, drawn from plain data.

use app::leave::api::Unreported;
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{EmptyState, Icon, RichTable};

/// Leave that is over and that nobody has reported back from, the longest first. It says that a report is missing, and
/// nothing about where anybody is.
pub fn unreported(words: Words, items: &[Unreported]) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, after.unreported_none)
                detail=td_string!(locale, after.unreported_none_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, after.unreported_name),
        td_string!(locale, after.unreported_department),
        td_string!(locale, after.unreported_number),
        td_string!(locale, after.unreported_last),
        td_string!(locale, after.unreported_days),
    ];
    let row = |item: &Unreported| {
        let href = format!("/leave/{}", item.id);
        let days = if item.overdue_days == 0 {
            td_string!(locale, after.unreported_not_due).to_owned()
        } else {
            td_string!(locale, after.unreported_workdays, days = item.overdue_days)
        };
        vec![
            format!("{} {}", item.name, item.officer).into_any(),
            item.department.clone().into_any(),
            view! { <a href=href>{item.number.clone()}</a> }.into_any(),
            words.half_day(item.to).into_any(),
            days.into_any(),
        ]
    };
    let rows = items.iter().map(row).collect();
    view! {
        <p class="small muted">{td_string!(locale, after.unreported_intro)}</p>
        <RichTable
            label=td_string!(locale, after.unreported)
            head=head.map(str::to_owned).to_vec()
            rows
        />
    }
    .into_any()
}
