//! Bringing files in: choose the kind and the file, look at the dry run, apply, keep the report.

use app::account::rules::Permission;
use app::org::api::{ImportCounts, ImportKind, ImportRun, NormalisedRow, RejectedRow};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Card, Choice, EmptyState, Icon, Look, Stat, Table, Tone};

/// How many rows of a report stand on the screen; the whole is in the download.
const ROWS_SHOWN: usize = 200;

/// The kinds that these permissions allow, as choices.
pub fn kinds(locale: Locale, permissions: &[Permission]) -> Vec<Choice> {
    let all = [
        (ImportKind::Roster, Permission::ImportRoster),
        (ImportKind::Balances, Permission::ImportRoster),
        (ImportKind::Hearings, Permission::ImportRoster),
        (ImportKind::Training, Permission::ImportTraining),
    ];
    all.into_iter()
        .filter(|(_, needed)| permissions.contains(needed))
        .map(|(kind, _)| Choice::new(kind.as_str(), kind_name(locale, kind)))
        .collect()
}

/// The name of a kind of import.
pub fn kind_name(locale: Locale, kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Roster => td_string!(locale, org.kind_roster),
        ImportKind::Training => td_string!(locale, org.kind_training),
        ImportKind::Hearings => td_string!(locale, org.kind_hearings),
        ImportKind::Balances => td_string!(locale, org.kind_balances),
    }
}

/// What a kind of file has to look like.
pub fn kind_help(locale: Locale, kind: &str) -> &'static str {
    match kind {
        "training" => td_string!(locale, org.help_training),
        "hearings" => td_string!(locale, org.help_hearings),
        "balances" => td_string!(locale, org.help_balances),
        _ => td_string!(locale, org.help_roster),
    }
}

/// What an import found, or did: the counts, the rows that stayed out, the rows that were put right.
pub fn report(locale: Locale, run: &ImportRun, busy: Signal<bool>, on_apply: Callback<()>) -> AnyView {
    let sections = run.report.iter().map(|(kind, counts)| section(locale, kind, counts)).collect_view();
    let changes: u32 = run.report.values().map(|counts| counts.changed).sum();
    let download = format!("/api/v1/imports/{}/report", run.id);
    let verdict = match (run.dry_run, changes) {
        (true, 0) => {
            view! { <Callout tone=Tone::Court>{td_string!(locale, org.nothing_to_change)}</Callout> }.into_any()
        }
        (true, _) => view! { <Callout tone=Tone::Gold>{td_string!(locale, org.dry_run_note)}</Callout> }.into_any(),
        (false, _) => {
            view! { <Callout tone=Tone::Good>{td_string!(locale, org.applied_note, count = changes)}</Callout> }
                .into_any()
        }
    };
    let apply = (run.dry_run && changes > 0).then(|| {
        view! {
            <Button busy=busy on_press=on_apply>
                {td_string!(locale, org.apply, count = changes)}
            </Button>
        }
    });
    view! {
        <div class="stack">
            {verdict} {sections}
            <div class="row">
                {apply}
                <a class=format!("button {}", Look::Secondary.class()) href=download download="">
                    <crate::kit::Glyph icon=Icon::Download />
                    <span>{td_string!(locale, org.download_report)}</span>
                </a>
            </div>
        </div>
    }
    .into_any()
}

fn section(locale: Locale, kind: &str, counts: &ImportCounts) -> AnyView {
    let name = match kind {
        "roster" => kind_name(locale, ImportKind::Roster),
        "training" => kind_name(locale, ImportKind::Training),
        "hearings" => kind_name(locale, ImportKind::Hearings),
        "balances" => kind_name(locale, ImportKind::Balances),
        _ => "",
    };
    let figures: Vec<(&'static str, Option<u32>)> = vec![
        (td_string!(locale, org.count_rows), Some(counts.rows)),
        (td_string!(locale, org.count_accepted), Some(counts.accepted)),
        (td_string!(locale, org.count_changed), Some(counts.changed)),
        (td_string!(locale, org.count_rejected), u32::try_from(counts.rejected.len()).ok()),
        (td_string!(locale, org.count_courts), counts.courts),
        (td_string!(locale, org.count_lessons), counts.lessons),
        (td_string!(locale, org.count_trainees), counts.trainees),
    ];
    let figures = figures
        .into_iter()
        .filter_map(|(label, figure)| figure.map(|figure| view! { <Stat label value=figure.to_string() /> }))
        .collect_view();
    let absent = counts.absent.as_ref().filter(|absent| !absent.is_empty()).map(|absent| {
        let note = td_string!(locale, org.absent_note, count = absent.len(), numbers = absent.join("、"));
        view! {
            <Callout tone=Tone::Warn>
                {note}
            </Callout>
        }
    });
    let rejected = rejected_table(locale, &counts.rejected);
    let normalised = normalised_table(locale, &counts.normalised);
    view! {
        <Card title=name>
            <div class="grid-3">{figures}</div>
            {absent}
            {rejected}
            {normalised}
        </Card>
    }
    .into_any()
}

fn rejected_table(locale: Locale, rejected: &[RejectedRow]) -> AnyView {
    if rejected.is_empty() {
        return view! { <Badge tone=Tone::Good text=td_string!(locale, org.none_rejected) /> }.into_any();
    }
    let head =
        [td_string!(locale, org.column_row), td_string!(locale, org.column_column), td_string!(locale, org.column_why)];
    let rows = rejected
        .iter()
        .take(ROWS_SHOWN)
        .map(|row| vec![row.row.to_string(), row.column.clone().unwrap_or_default(), row.why.clone()])
        .collect();
    view! {
        <h3>{td_string!(locale, org.rejected_rows, count = rejected.len())}</h3>
        <Table label=td_string!(locale, org.column_why) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

fn normalised_table(locale: Locale, normalised: &[NormalisedRow]) -> AnyView {
    if normalised.is_empty() {
        return ().into_any();
    }
    let head = [td_string!(locale, org.column_row), td_string!(locale, org.column_what)];
    let rows = normalised.iter().take(ROWS_SHOWN).map(|row| vec![row.row.to_string(), row.what.clone()]).collect();
    view! {
        <h3>{td_string!(locale, org.normalised_rows, count = normalised.len())}</h3>
        <Table label=td_string!(locale, org.column_what) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

/// Before a file has been chosen.
pub fn no_file(locale: Locale) -> AnyView {
    view! {
        <EmptyState
            icon=Icon::Upload
            title=td_string!(locale, org.no_file)
            detail=td_string!(locale, org.no_file_detail)
        />
    }
    .into_any()
}
