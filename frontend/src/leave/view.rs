//! The leave tab and one request, drawn from plain data.

use app::leave::api::{Balance, Evidence, LeaveDraft, LeaveRequest, Recounted};
use app::leave::rules::{Action, Status};
use app::leave::types::Lane;
use leptos::prelude::*;

use super::account_view::account_href;
use super::draft_view::draft_list;
use super::stand_in_view::stand_in_text;
use super::words::{amount, kind_name, status_text, status_tone, type_name};
use crate::format::{Words, days};
use crate::i18n::td_string;
use crate::kit::{
    Badge, Button, ButtonLink, Callout, Card, Cell, EmptyState, Facts, Icon, List, Look, Size, Stat, Tone,
};

/// What the leave tab shows.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaveOverview {
    /// The year that the balances are of.
    pub year: i32,
    /// The balances, one for each type.
    pub balances: Vec<Balance>,
    /// The requests, newest first.
    pub requests: Vec<LeaveRequest>,
    /// Whether there are older ones.
    pub more: bool,
    /// What is filled in and not submitted.
    pub drafts: Vec<LeaveDraft>,
}

/// The leave tab: what is left, 申请请假, and the requests.
pub fn overview(words: Words, data: &LeaveOverview, on_more: Callback<()>) -> AnyView {
    let locale = words.locale;
    // The three that everybody asks for, and whatever else he has something of.
    let in_use = |balance: &&Balance| {
        let is_usual = ["annual", "personal", "sick"].contains(&balance.leave_type.as_str());
        is_usual || balance.used + balance.held > 0 || balance.available.is_some_and(|left| left > 0)
    };
    let tiles = data.balances.iter().filter(in_use).map(|balance| balance_tile(words, balance)).collect_view();
    let requests = if data.requests.is_empty() {
        view! {
            <EmptyState
                icon=Icon::Leave
                title=td_string!(locale, leave.no_requests)
                detail=td_string!(locale, leave.no_requests_detail)
            />
        }
        .into_any()
    } else {
        let cells = data.requests.iter().map(|request| request_cell(words, request)).collect_view();
        view! {
            <List title=td_string!(locale, leave.my_requests)>
                {cells}
            </List>
            {data
                .more
                .then(|| {
                    view! {
                        <Button look=Look::Ghost on_press=on_more>
                            {td_string!(locale, common.more)}
                        </Button>
                    }
                })}
        }
        .into_any()
    };
    view! {
        <section class="stack stack-tight">
            <div class="list-head">
                <h2>{td_string!(locale, leave.balances_of, year = data.year)}</h2>
                <span class="small muted">{td_string!(locale, ledger.see)}</span>
            </div>
            <div class="grid-3">{tiles}</div>
        </section>
        <ButtonLink href="/leave/new" size=Size::Wide icon=Icon::Plus>
            {td_string!(locale, leave.ask)}
        </ButtonLink>
        <ButtonLink href="/leave/new?type=leaving_town" look=Look::Secondary size=Size::Wide>
            {td_string!(locale, leave.type_leaving_town)}
        </ButtonLink>
        {draft_list(words, &data.drafts)}
        <div class="stack">{requests}</div>
    }
    .into_any()
}

/// A balance, which leads to what explains it.
fn balance_tile(words: Words, balance: &Balance) -> AnyView {
    let stat = balance_stat(words, balance);
    view! {
        <a class="stat-link" href=account_href(&balance.leave_type)>
            {stat}
        </a>
    }
    .into_any()
}

fn balance_stat(words: Words, balance: &Balance) -> AnyView {
    let locale = words.locale;
    let label = type_name(locale, &balance.leave_type);
    let unit = td_string!(locale, common.unit_days);
    let note = match (balance.available, balance.held) {
        (None, _) => String::new(),
        (Some(_), _) if balance.lost.is_some() => td_string!(locale, leave.lost_year).to_owned(),
        (Some(_), 0) => td_string!(locale, leave.used_of, used = days(balance.used)),
        (Some(_), held) => td_string!(locale, leave.held_of, held = days(held)),
    };
    match balance.available {
        Some(available) => view! {
            <Stat label=td_string!(locale, leave.left_of, name = label) value=days(available) unit=unit note=note />
        }
        .into_any(),
        // An hour a day is not a part of any day off.
        None if balance.minutes => view! {
            <Stat
                label=td_string!(locale, leave.taken_of, name = label)
                value=balance.used.to_string()
                unit=td_string!(locale, common.unit_minutes)
            />
        }
        .into_any(),
        None => view! {
            <Stat label=td_string!(locale, leave.taken_of, name = label) value=days(balance.used) unit=unit note=note />
        }
        .into_any(),
    }
}

/// Whether papers are still to come: what came to nothing owes none any more.
fn owes_papers(request: &LeaveRequest) -> bool {
    let is_over = matches!(request.status, Status::Withdrawn | Status::Refused | Status::Cancelled);
    request.evidence == Some(Evidence::Owed) && !is_over
}

/// A request as a line of a list.
pub fn request_cell(words: Words, request: &LeaveRequest) -> AnyView {
    let locale = words.locale;
    let title =
        format!("{} · {}", kind_name(locale, request.leave_type.as_deref(), request.lane), amount(words, request));
    let badge = view! { <Badge tone=status_tone(request.status) text=status_text(locale, request) /> }.into_any();
    let end = if owes_papers(request) {
        let owed = td_string!(locale, leave.evidence_badge);
        view! {
            <span class="cell-lines">
                {badge}
                <Badge tone=Tone::Warn text=owed />
            </span>
        }
        .into_any()
    } else {
        badge
    };
    view! {
        <Cell
            title=title
            note=words.span(request.from, request.to)
            href=format!("/leave/{}", request.id)
            end=end
        />
    }
    .into_any()
}

/// One request: what it asks for and, once it is over, 销假. How it is decided stands beside it, since that is the same
/// for every form.
pub fn request(
    words: Words,
    data: &LeaveRequest,
    on_return: Callback<()>,
    on_cancel: Callback<()>,
    on_evidence: Callback<()>,
) -> AnyView {
    let locale = words.locale;
    let returned = data.back.zip(data.returned_at).map_or_else(String::new, |(back, at)| {
        let (back, at) = (words.half_day(back), words.moment(at));
        match data.lane {
            Lane::Report => td_string!(locale, leave.back_in_town_on, back, at),
            Lane::Leave | Lane::Hours => td_string!(locale, leave.returned_on, back, at),
        }
    });
    let cancelled = data.cancelled.as_ref().map_or_else(String::new, |cancelled| {
        let (by, reason) = (cancelled.by.clone(), cancelled.reason.clone());
        td_string!(locale, leave.cancelled_by, by, at = words.moment(cancelled.at), reason)
    });
    let evidence = match &data.evidence {
        None => String::new(),
        Some(Evidence::Owed) => td_string!(locale, leave.evidence_owed).to_owned(),
        Some(Evidence::Provided { at }) => td_string!(locale, leave.evidence_provided, at = words.moment(*at)),
        Some(Evidence::Seen { by, at }) => {
            td_string!(locale, leave.evidence_seen, by = by.clone(), at = words.moment(*at))
        }
    };
    let facts = vec![
        (td_string!(locale, leave.fact_time), words.span(data.from, data.to)),
        // Whoever may not read the type is not told how much of it counts.
        (
            td_string!(locale, leave.fact_amount),
            data.leave_type.as_ref().map_or_else(String::new, |_| match data.lane {
                Lane::Report => td_string!(locale, leave.report_amount, days = amount(words, data)),
                Lane::Leave | Lane::Hours => amount(words, data),
            }),
        ),
        (td_string!(locale, leave.fact_evidence), evidence),
        (td_string!(locale, leave.fact_reason), data.reason.clone().unwrap_or_default()),
        (td_string!(locale, leave.fact_destination), data.destination.clone().unwrap_or_default()),
        (td_string!(locale, leave.fact_stand_in), stand_in_text(locale, data)),
        (td_string!(locale, stand_in.contact), data.contact.clone().unwrap_or_default()),
        (td_string!(locale, leave.fact_applicant), format!("{} · {}", data.name, data.department)),
        (td_string!(locale, on_behalf.fact), data.submitted_by_name.clone().unwrap_or_default()),
        (td_string!(locale, leave.fact_number), data.number.clone()),
        (td_string!(locale, leave.fact_returned), returned),
        (td_string!(locale, leave.fact_cancelled), cancelled),
    ];
    let badge = view! { <Badge tone=status_tone(data.status) text=status_text(locale, data) /> }.into_any();
    let can_return = data.actions.contains(&Action::Return);
    let due = (can_return && data.status == Status::AwaitingReturn).then(|| {
        let text = match data.lane {
            Lane::Report => td_string!(locale, leave.please_report_back),
            Lane::Leave | Lane::Hours => td_string!(locale, leave.please_return),
        };
        view! { <Callout tone=Tone::Gold>{text}</Callout> }
    });
    let report = can_return.then(|| {
        view! {
            <Button size=Size::Wide icon=Icon::Return on_press=on_return>
                {td_string!(locale, leave.report_return)}
            </Button>
        }
    });
    let cancel = data.actions.contains(&Action::Cancel).then(|| {
        view! {
            <Button look=Look::Danger size=Size::Wide on_press=on_cancel>
                {td_string!(locale, leave.cancel_leave)}
            </Button>
        }
    });
    let papers = data.actions.contains(&Action::ConfirmEvidence).then(|| {
        view! {
            <Button look=Look::Secondary size=Size::Wide on_press=on_evidence>
                {td_string!(locale, leave.confirm_evidence)}
            </Button>
        }
    });
    let recounted = data.recounted.map(|recounted| recount_notes(words, data, recounted));
    let provisional = data.provisional.then(|| provisional_note(words));
    view! {
        {due}
        {recounted}
        {provisional}
        <Card title=kind_name(locale, data.leave_type.as_deref(), data.lane) end=badge accent=true>
            <Facts facts />
        </Card>
        {report}
        {papers}
        {cancel}
    }
    .into_any()
}

/// That the holidays of some of the days are not announced yet: to the applicant, and to whoever decides.
pub fn provisional_note(words: Words) -> AnyView {
    view! { <Callout tone=Tone::Gold>{td_string!(words.locale, leave.provisional)}</Callout> }.into_any()
}

/// How a request was counted anew after the calendar had changed, and what is to be done where the balance does not
/// cover it.
fn recount_notes(words: Words, data: &LeaveRequest, recounted: Recounted) -> AnyView {
    let locale = words.locale;
    let [before, after, amount] =
        [recounted.before, recounted.after, recounted.uncovered].map(|counted| match data.minutes {
            Some(_) => td_string!(locale, leave.minutes, minutes = counted),
            None => words.half_days(counted),
        });
    let changed = (recounted.before != recounted.after).then(|| {
        view! { <Callout tone=Tone::Court>{td_string!(locale, leave.recounted, before, after)}</Callout> }
    });
    let uncovered = (recounted.uncovered > 0).then(|| {
        view! { <Callout tone=Tone::Warn>{td_string!(locale, leave.uncovered, amount)}</Callout> }
    });
    view! {
        {changed}
        {uncovered}
    }
    .into_any()
}
