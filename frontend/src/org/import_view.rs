//! Bringing files in: choose the kind and the file, look at the dry run, apply, keep the report.

use app::account::rules::Permission;
use app::org::api::{DocketHearing, ImportCounts, ImportKind, ImportQuery, ImportRun, NormalisedRow, RejectedRow};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Badge, Button, Callout, Card, Choice, EmptyState, Icon, Look, Stat, Switch, Table, Tone};

/// How many rows of a report stand on the screen; the whole is in the download.
const ROWS_SHOWN: usize = 200;

/// How many hearings of a kind stand on the screen.
const HEARINGS_SHOWN: usize = 20;

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

/// Which of the hearings that a docket does not have any more are to be cancelled; none until somebody says so.
#[derive(Clone, Copy, Debug)]
pub struct CancelForm {
    /// Those of cases of the docket, on days that it does not reach to.
    pub elsewhere: RwSignal<bool>,
    /// Those within its days and departments.
    pub missing: RwSignal<bool>,
}

impl CancelForm {
    /// Nothing is chosen.
    pub fn new() -> Self {
        Self { elsewhere: RwSignal::new(false), missing: RwSignal::new(false) }
    }

    /// Chooses nothing: what is seen anew is chosen anew.
    pub fn clear(self) {
        self.elsewhere.try_set(false);
        self.missing.try_set(false);
    }

    /// The call that stores the file, with what is chosen of what this run has shown.
    pub fn query(self, run: &ImportRun) -> ImportQuery {
        let [elsewhere, missing] = gone(run);
        ImportQuery {
            dry_run: false,
            cancel_elsewhere: Some(elsewhere).filter(|_| self.elsewhere.get()),
            cancel_missing: Some(missing).filter(|_| self.missing.get()),
        }
    }

    fn chosen(self, run: [u32; 2]) -> u32 {
        let [elsewhere, missing] = run;
        let elsewhere = if self.elsewhere.get() { elsewhere } else { 0 };
        elsewhere + if self.missing.get() { missing } else { 0 }
    }
}

impl Default for CancelForm {
    fn default() -> Self {
        Self::new()
    }
}

/// How many hearings of either kind the file does not have.
fn gone(run: &ImportRun) -> [u32; 2] {
    let of = |list: fn(&ImportCounts) -> &[DocketHearing]| run.report.values().map(|counts| list(counts).len()).sum();
    let counted: [usize; 2] = [of(|counts| &counts.elsewhere), of(|counts| &counts.missing)];
    counted.map(|count| u32::try_from(count).unwrap_or(u32::MAX))
}

/// What an import found, or did: the counts, the rows that stayed out, the rows that were put right.
pub fn report(
    locale: Locale,
    run: &ImportRun,
    cancel: CancelForm,
    busy: Signal<bool>,
    on_apply: Callback<()>,
) -> AnyView {
    let choice = run.dry_run.then_some(cancel);
    let sections = run.report.iter().map(|(kind, counts)| section(locale, kind, counts, choice)).collect_view();
    let changes: u32 = run.report.values().map(|counts| counts.changed).sum();
    let gone = gone(run);
    let most = changes + gone.into_iter().sum::<u32>();
    let download = format!("/api/v1/imports/{}/report", run.id);
    let verdict = match (run.dry_run, most) {
        (true, 0) => {
            view! { <Callout tone=Tone::Court>{td_string!(locale, org.nothing_to_change)}</Callout> }.into_any()
        }
        (true, _) => view! { <Callout tone=Tone::Gold>{td_string!(locale, org.dry_run_note)}</Callout> }.into_any(),
        (false, _) => {
            view! { <Callout tone=Tone::Good>{td_string!(locale, org.applied_note, count = changes)}</Callout> }
                .into_any()
        }
    };
    let count = Signal::derive(move || changes + cancel.chosen(gone));
    let nothing = Signal::derive(move || count.get() == 0);
    let apply = (run.dry_run && most > 0).then(|| {
        view! {
            <Button busy=busy disabled=nothing on_press=on_apply>
                {move || td_string!(locale, org.apply, count = count.get())}
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

fn section(locale: Locale, kind: &str, counts: &ImportCounts, choice: Option<CancelForm>) -> AnyView {
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
    let hearings = hearings(locale, counts, choice);
    view! {
        <Card title=name>
            <div class="grid-3">{figures}</div>
            {absent}
            {hearings}
            {rejected}
            {normalised}
        </Card>
    }
    .into_any()
}

/// The hearings that are cancelled, and those that the file does not have and that stay unless it is chosen otherwise.
fn hearings(locale: Locale, counts: &ImportCounts, choice: Option<CancelForm>) -> AnyView {
    let count = counts.cancelled.len();
    let cancelled = vanished(
        locale,
        &counts.cancelled,
        td_string!(locale, org.docket_cancelled, count),
        td_string!(locale, org.docket_cancelled_hint),
        None,
    );
    let count = counts.elsewhere.len();
    let elsewhere = vanished(
        locale,
        &counts.elsewhere,
        td_string!(locale, org.docket_elsewhere, count),
        td_string!(locale, org.docket_elsewhere_hint),
        choice.map(|choice| choice.elsewhere),
    );
    let count = counts.missing.len();
    let missing = vanished(
        locale,
        &counts.missing,
        td_string!(locale, org.docket_missing, count),
        td_string!(locale, org.docket_missing_hint),
        choice.map(|choice| choice.missing),
    );
    [cancelled, elsewhere, missing].collect_view().into_any()
}

fn vanished(
    locale: Locale,
    hearings: &[DocketHearing],
    title: String,
    hint: &'static str,
    choice: Option<RwSignal<bool>>,
) -> AnyView {
    if hearings.is_empty() {
        return ().into_any();
    }
    let head = [
        td_string!(locale, org.column_case),
        td_string!(locale, org.column_judge),
        td_string!(locale, org.column_hearing),
    ];
    let row = |hearing: &DocketHearing| {
        let (hour, minute) = (hearing.starts_minute / 60, hearing.starts_minute % 60);
        let judge = format!("{} {}", hearing.name, hearing.officer);
        vec![hearing.case_number.clone(), judge, format!("{} {hour:02}:{minute:02}", hearing.day)]
    };
    let rows = hearings.iter().take(HEARINGS_SHOWN).map(row).collect();
    let more = hearings.len().saturating_sub(HEARINGS_SHOWN);
    let more =
        (more > 0).then(|| view! { <p class="small muted">{td_string!(locale, org.docket_more, count = more)}</p> });
    let switch = choice.map(|on| {
        let label = td_string!(locale, org.docket_cancel, count = hearings.len());
        view! {
            <div class="row row-apart">
                <span>{label.clone()}</span>
                <Switch label on=on on_change=Callback::new(move |now| on.set(now)) />
            </div>
        }
    });
    view! {
        <h3>{title.clone()}</h3>
        <p class="field-hint">{hint}</p>
        <Table label=title head=head.map(str::to_owned).to_vec() rows />
        {more}
        {switch}
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
