//! 待补证明名单, drawn from plain data.

use app::leave::api::{Evidence, OwedPapers};
use leptos::prelude::*;

use super::words::type_name;
use crate::format::Words;
use crate::i18n::td_string;
use crate::kit::{EmptyState, Icon, RichTable};

/// Requests whose papers nobody has seen yet, what ended first before the others, with whether there is a file to look
/// at.
pub fn owed_papers(words: Words, items: &[OwedPapers]) -> AnyView {
    let locale = words.locale;
    if items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Check
                title=td_string!(locale, after.owed_none)
                detail=td_string!(locale, after.owed_none_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, after.unreported_name),
        td_string!(locale, after.unreported_department),
        td_string!(locale, after.unreported_number),
        td_string!(locale, after.owed_type),
        td_string!(locale, leave.fact_time),
        td_string!(locale, leave.fact_evidence),
    ];
    let row = |item: &OwedPapers| {
        let href = format!("/leave/{}", item.id);
        let evidence = match &item.evidence {
            Evidence::Provided { at } => td_string!(locale, leave.evidence_provided, at = words.moment(*at)),
            Evidence::Owed | Evidence::Seen { .. } => td_string!(locale, leave.evidence_owed).to_owned(),
        };
        vec![
            format!("{} {}", item.name, item.officer).into_any(),
            item.department.clone().into_any(),
            view! { <a href=href>{item.number.clone()}</a> }.into_any(),
            type_name(locale, &item.leave_type).into_any(),
            words.span(item.from, item.to).into_any(),
            evidence.into_any(),
        ]
    };
    let rows = items.iter().map(row).collect();
    view! {
        <p class="small muted">{td_string!(locale, after.owed_intro)}</p>
        <RichTable label=td_string!(locale, after.owed) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}
