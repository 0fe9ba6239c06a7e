//! The table, what is wrong with it beside each cell, and what it would change; drawn from plain data.

use app::leave::api::MatrixLinted;
use app::leave::authority::changes::Change;
use app::leave::authority::lint::Finding;
use app::leave::authority::{Band, Matrix};
use leptos::prelude::*;

use crate::i18n::{Locale, td_string};
use crate::kit::{Button, Callout, Glyph, Icon, Look, RichTable, Size, Tone};
use crate::leave::words::type_name;

/// How many findings stand in the summary; the roster of a whole province can have hundreds.
const IN_SUMMARY: usize = 6;

/// What is known about a matrix that is being edited.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Check {
    /// The linter has not answered yet.
    #[default]
    Waiting,
    /// It has.
    Known(MatrixLinted),
    /// It could not be asked; why.
    Failed(String),
}

impl Check {
    /// The findings, as far as they are known.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Known(linted) => &linted.findings,
            Self::Waiting | Self::Failed(_) => &[],
        }
    }

    /// How many keep the matrix from being published.
    pub fn blocking(&self) -> usize {
        self.findings().iter().filter(|finding| finding.blocking).count()
    }

    /// What it would change, once that is known.
    pub fn changes(&self) -> Option<&[Change]> {
        match self {
            Self::Known(linted) => Some(&linted.changes),
            Self::Waiting | Self::Failed(_) => None,
        }
    }
}

/// What can be opened from the table; the page does it.
#[derive(Clone, Copy)]
pub struct GridActions {
    /// A cell, by its row and its column.
    pub cell: Callback<(usize, usize)>,
    /// A row.
    pub row: Callback<usize>,
    /// A column.
    pub column: Callback<usize>,
    /// Adds a row and opens it.
    pub add_row: Callback<()>,
    /// Adds a column and opens it.
    pub add_column: Callback<()>,
}

/// The table: classes of post down, groups of types across, in each cell its bands and what is wrong with them.
pub fn grid(locale: Locale, matrix: &Matrix, check: &Check, actions: GridActions) -> AnyView {
    let findings = check.findings();
    let columns = matrix.columns.iter().map(|column| column.title.clone());
    let head = std::iter::once(td_string!(locale, authority.post).to_owned()).chain(columns).collect::<Vec<_>>();
    let row = |row: usize| {
        let cells = (0..matrix.columns.len()).map(|column| cell(locale, matrix, findings, (row, column), actions));
        std::iter::once(row_head(locale, matrix, findings, row, actions)).chain(cells).collect::<Vec<_>>()
    };
    let rows = (0..matrix.rows.len()).map(row).collect::<Vec<_>>();
    view! {
        <section class="stack authority">
            {column_list(locale, matrix, findings, actions)}
            <RichTable label=td_string!(locale, authority.table) head rows />
            <div class="button-bar">
                <Button look=Look::Secondary icon=Icon::Plus on_press=actions.add_row>
                    {td_string!(locale, authority.add_row)}
                </Button>
                <Button look=Look::Secondary icon=Icon::Plus on_press=actions.add_column>
                    {td_string!(locale, authority.add_column)}
                </Button>
            </div>
        </section>
    }
    .into_any()
}

fn column_list(locale: Locale, matrix: &Matrix, findings: &[Finding], actions: GridActions) -> AnyView {
    let items = matrix.columns.iter().enumerate().map(|(place, column)| {
        let names = column.leave_types.iter().map(|name| type_name(locale, name)).collect::<Vec<_>>();
        let names = names.join(td_string!(locale, common.list_comma));
        let own = findings.iter().filter(|finding| finding.row.is_none() && finding.column == Some(place));
        let open = Callback::new(move |()| actions.column.run(place));
        let label = td_string!(locale, authority.edit_column, column = column.title.clone());
        view! {
            <li>
                <Button look=Look::Ghost size=Size::Small icon=Icon::Pen on_press=open>
                    {label}
                </Button>
                <span class="muted small">{names}</span>
                {lines(own)}
            </li>
        }
    });
    view! {
        <ul class="authority-columns" aria-label=td_string!(locale, authority.columns)>
            {items.collect_view()}
        </ul>
    }
    .into_any()
}

fn row_head(locale: Locale, matrix: &Matrix, findings: &[Finding], row: usize, actions: GridActions) -> AnyView {
    let open = Callback::new(move |()| actions.row.run(row));
    let own = findings.iter().filter(|finding| finding.row == Some(row) && finding.column.is_none());
    view! {
        <p class="strong">{matrix.row_text(row)}</p>
        <Button look=Look::Ghost size=Size::Small on_press=open>
            {td_string!(locale, authority.edit_row)}
        </Button>
        {lines(own)}
    }
    .into_any()
}

fn cell(
    locale: Locale,
    matrix: &Matrix,
    findings: &[Finding],
    (row, column): (usize, usize),
    actions: GridActions,
) -> AnyView {
    let bands = matrix.bands(row, column);
    let bands = bands.iter().map(|band| band_line(band, bands)).collect::<Vec<_>>();
    let content = if bands.is_empty() {
        view! { <span class="muted">{td_string!(locale, authority.empty_cell)}</span> }.into_any()
    } else {
        bands.into_any()
    };
    let own = findings.iter().filter(|finding| (finding.row, finding.column) == (Some(row), Some(column)));
    let title = matrix.columns[column].title.clone();
    let label = td_string!(locale, authority.edit_cell, row = matrix.row_text(row), column = title);
    view! {
        <button class="authority-cell" type="button" title=label on:click=move |_| actions.cell.run((row, column))>
            {content}
        </button>
        {lines(own)}
    }
    .into_any()
}

fn band_line(band: &Band, bands: &[Band]) -> AnyView {
    let (days, route) = (band.text_among(bands), band.route.text());
    view! {
        <span class="authority-band">
            <span class="authority-days">{days}</span>
            <span>{route}</span>
        </span>
    }
    .into_any()
}

fn lines<'f>(findings: impl Iterator<Item = &'f Finding>) -> AnyView {
    let lines = findings.map(|finding| {
        let class = if finding.blocking { "fault fault-blocking" } else { "fault" };
        view! {
            <li class=class>
                <Glyph icon=if finding.blocking { Icon::Warning } else { Icon::Info } />
                <span>{finding.text.clone()}</span>
            </li>
        }
    });
    let lines = lines.collect_view();
    if lines.is_empty() { ().into_any() } else { view! { <ul class="faults">{lines}</ul> }.into_any() }
}

/// What the linter says in sum, with what belongs to no row and no column.
pub fn summary(locale: Locale, check: &Check) -> AnyView {
    let linted = match check {
        Check::Waiting => {
            return view! { <p class="muted small">{td_string!(locale, authority.checking)}</p> }.into_any();
        }
        Check::Failed(why) => {
            let why = why.clone();
            return view! { <Callout tone=Tone::Warn>{td_string!(locale, authority.check_failed, why)}</Callout> }
                .into_any();
        }
        Check::Known(linted) => linted,
    };
    let verdict = match (check.blocking(), linted.total) {
        (_, 0) => view! { <Callout tone=Tone::Good>{td_string!(locale, authority.no_findings)}</Callout> }.into_any(),
        (0, count) => {
            view! { <Callout tone=Tone::Court>{td_string!(locale, authority.only_notes, count)}</Callout> }.into_any()
        }
        (count, _) => {
            view! { <Callout tone=Tone::Bad>{td_string!(locale, authority.blocking, count)}</Callout> }.into_any()
        }
    };
    let general = || linted.findings.iter().filter(|finding| finding.row.is_none() && finding.column.is_none());
    let rest = general().count().saturating_sub(IN_SUMMARY);
    let more = (rest > 0).then(|| {
        view! { <p class="muted small">{td_string!(locale, authority.more_findings, count = rest)}</p> }
    });
    view! { {verdict} {lines(general().take(IN_SUMMARY))} {more} }.into_any()
}

/// What a matrix would change, for whom.
pub fn changes(locale: Locale, changes: &[Change]) -> AnyView {
    if changes.is_empty() {
        return view! { <p class="muted">{td_string!(locale, authority.no_changes)}</p> }.into_any();
    }
    let items = changes.iter().map(|change| {
        let classes = change.classes.iter().map(|class| class.text()).collect::<Vec<_>>();
        let classes = classes.join(td_string!(locale, common.list_comma));
        let types = types_text(locale, &change.leave_types);
        let (before, after) = (change.before.clone(), change.after.clone());
        view! {
            <li class="authority-change">
                <p class="strong">{format!("{classes} · {types} · {}", change.range.text())}</p>
                <p class="muted">{td_string!(locale, authority.change_before, text = before)}</p>
                <p>{td_string!(locale, authority.change_after, text = after)}</p>
            </li>
        }
    });
    view! { <ul class="authority-changes">{items.collect_view()}</ul> }.into_any()
}

fn types_text(locale: Locale, names: &[String]) -> String {
    let titles = names.iter().map(|name| type_name(locale, name)).collect::<Vec<_>>();
    let names = titles.join(td_string!(locale, common.list_comma));
    match titles.len() {
        0 => td_string!(locale, authority.every_type).to_owned(),
        1..=3 => names,
        count => td_string!(locale, authority.types_of, count, names),
    }
}
