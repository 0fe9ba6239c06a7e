//! The calendar at the desk, drawn from plain data: papers and what one would change, days of a court, working weeks.

use app::calendar::api::{CourtDay, CourtDays, KnownPaper, PaperOutcome, Papers, WorkingWeeks};
use app::calendar::own::WorkingWeek;
use app::day::{Day, Half, HalfDay};
use leptos::prelude::*;

use crate::format::Words;
use crate::i18n::{Locale, td_string};
use crate::kit::{
    Button, Callout, Card, Choice, EmptyState, Field, Icon, Look, RichTable, Segments, Size, Stat, Table, Tone,
};

/// How many changed days stand on the screen.
const DAYS_SHOWN: usize = 60;
/// A Monday: what a week's halves are called.
const MONDAY: (i32, u8, u8) = (2026, 11, 23);

/// The papers that the calendar is made of, the latest first.
pub fn papers(words: Words, data: &Papers) -> AnyView {
    let locale = words.locale;
    let head = [
        td_string!(locale, calendar.column_year),
        td_string!(locale, calendar.column_off),
        td_string!(locale, calendar.column_worked),
        td_string!(locale, calendar.column_source),
        td_string!(locale, calendar.column_brought),
    ];
    let row = |paper: &KnownPaper| {
        let brought = match (paper.at, &paper.by) {
            (Some(at), Some(by)) => format!("{by} · {}", words.moment(at)),
            (Some(at), None) => format!("{} · {}", td_string!(locale, calendar.command_line), words.moment(at)),
            (None, _) => td_string!(locale, calendar.built_in).to_owned(),
        };
        let [off, worked] = [paper.days_off, paper.days_worked].map(|n| n.to_string());
        vec![paper.year.to_string(), off, worked, paper.papers.join(" "), brought]
    };
    let rows = data.items.iter().map(row).collect();
    let title = td_string!(locale, calendar.papers, version = data.version);
    view! {
        <Card title=title>
            <Table
                label=td_string!(locale, calendar.title)
                head=head.map(str::to_owned).to_vec()
                rows
            />
        </Card>
    }
    .into_any()
}

/// What a paper would change, with what to look at first, or what it has changed.
pub fn outcome(words: Words, data: &PaperOutcome, busy: Signal<bool>, on_apply: Callback<()>) -> AnyView {
    let locale = words.locale;
    let (tone, verdict) = match (data.applied, data.changes.is_empty()) {
        (true, _) => (Tone::Good, td_string!(locale, calendar.applied, year = data.year, version = data.version)),
        (false, true) => (Tone::Court, td_string!(locale, calendar.nothing_new).to_owned()),
        (false, false) => (Tone::Gold, td_string!(locale, calendar.only_looked).to_owned()),
    };
    let warnings = data
        .warnings
        .iter()
        .map(|warning| {
            let text = warning.text.clone();
            view! { <Callout tone=Tone::Warn>{text}</Callout> }
        })
        .collect_view();
    let head = [
        td_string!(locale, calendar.column_day),
        td_string!(locale, calendar.column_before),
        td_string!(locale, calendar.column_after),
    ];
    let rows = data
        .changes
        .iter()
        .take(DAYS_SHOWN)
        .map(|change| {
            vec![
                format!("{} {}", words.date(change.date), words.weekday(change.date)),
                change.before.clone(),
                change.after.clone(),
            ]
        })
        .collect();
    let table = (!data.changes.is_empty()).then(|| {
        view! {
            <Table
                label=td_string!(locale, calendar.changes)
                head=head.map(str::to_owned).to_vec()
                rows
            />
        }
    });
    let (days, requests) = (data.changes.len().to_string(), data.requests.to_string());
    let apply = (!data.applied && !data.changes.is_empty()).then(|| {
        view! {
            <div>
                <Button busy=busy on_press=on_apply>
                    {td_string!(locale, calendar.apply)}
                </Button>
            </div>
        }
    });
    view! {
        <div class="stack">
            <Callout tone>{verdict}</Callout>
            {warnings}
            <Card title=td_string!(locale, calendar.changes)>
                <div class="grid-3">
                    <Stat label=td_string!(locale, calendar.count_days) value=days />
                    <Stat label=td_string!(locale, calendar.count_requests) value=requests />
                </div>
                {table}
            </Card>
            {apply}
        </div>
    }
    .into_any()
}

/// When the half-day holidays are off; `am`, `pm` or nothing.
pub fn half_holidays(
    locale: Locale,
    womens_day: RwSignal<String>,
    youth_day: RwSignal<String>,
    busy: Signal<bool>,
    on_save: Callback<()>,
) -> AnyView {
    let choices = move || {
        vec![
            Choice::new("am", td_string!(locale, kit.am)),
            Choice::new("pm", td_string!(locale, kit.pm)),
            Choice::new("", td_string!(locale, calendar.not_off)),
        ]
    };
    view! {
        <Card title=td_string!(locale, calendar.half_holidays)>
            <p class="small muted">{td_string!(locale, calendar.half_holidays_source)}</p>
            <div class="row row-apart">
                <span class="cell-title grow">{td_string!(locale, calendar.womens_day)}</span>
                <Segments label=td_string!(locale, calendar.womens_day) choices=choices() value=womens_day />
            </div>
            <div class="row row-apart">
                <span class="cell-title grow">{td_string!(locale, calendar.youth_day)}</span>
                <Segments label=td_string!(locale, calendar.youth_day) choices=choices() value=youth_day />
            </div>
            <div>
                <Button busy=busy on_press=on_save>
                    {td_string!(locale, calendar.save)}
                </Button>
            </div>
        </Card>
    }
    .into_any()
}

/// What a court has said of its days, the latest first. What is past, or taken back, cannot be taken back.
pub fn court_days(words: Words, data: &CourtDays, busy: Signal<bool>, on_take_back: Callback<CourtDay>) -> AnyView {
    let locale = words.locale;
    if data.items.is_empty() {
        return view! {
            <EmptyState
                icon=Icon::Leave
                title=td_string!(locale, calendar.no_court_days)
                detail=td_string!(locale, calendar.no_court_days_detail)
            />
        }
        .into_any();
    }
    let head = [
        td_string!(locale, calendar.column_day),
        td_string!(locale, calendar.column_word),
        td_string!(locale, calendar.column_reason),
        td_string!(locale, calendar.column_reach),
        td_string!(locale, calendar.column_brought),
        "",
    ];
    let row = |(at, item): (usize, &CourtDay)| {
        let half = item.half.map_or_else(String::new, |half| format!(" {}", words.half(half)));
        let word = match item.works {
            Some(true) => td_string!(locale, calendar.court_works),
            Some(false) => td_string!(locale, calendar.court_rests),
            None => td_string!(locale, calendar.court_takes_back),
        };
        let reach = if item.inherited {
            td_string!(locale, calendar.reach_below)
        } else {
            td_string!(locale, calendar.reach_own)
        };
        // The latest word about a day comes first; only that one still holds.
        let is_latest = data.items.iter().take(at).all(|later| later.date != item.date || later.half != item.half);
        let own = item.clone();
        let take_back = (is_latest && item.works.is_some() && item.date >= words.today).then(|| {
            view! {
                <Button
                    look=Look::Secondary
                    size=Size::Small
                    busy=busy
                    on_press=Callback::new(move |()| on_take_back.run(own.clone()))
                >
                    {td_string!(locale, calendar.take_back)}
                </Button>
            }
        });
        vec![
            format!("{} {}{half}", words.date(item.date), words.weekday(item.date)).into_any(),
            word.into_any(),
            item.reason.clone().into_any(),
            reach.into_any(),
            format!("{} · {}", item.by, words.moment(item.at)).into_any(),
            take_back.into_any(),
        ]
    };
    let rows = data.items.iter().enumerate().map(row).collect();
    view! {
        <RichTable label=td_string!(locale, calendar.court_days) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

/// The half days of a week, each to be ticked.
pub fn week_grid(words: Words, halves: RwSignal<[bool; 14]>) -> AnyView {
    let days = (0..7usize)
        .map(|day| {
            let boxes = [Half::Am, Half::Pm]
                .map(|half| {
                    let at = day * 2 + usize::from(half == Half::Pm);
                    let label = format!("{} {}", weekday(words, day), words.half(half));
                    view! {
                        <label class="row">
                            <input
                                type="checkbox"
                                aria-label=label
                                prop:checked=move || halves.with(|halves| halves[at])
                                checked=halves.with_untracked(|halves| halves[at])
                                on:change=move |_| halves.update(|halves| halves[at] = !halves[at])
                            />
                            <span>{words.half(half)}</span>
                        </label>
                    }
                })
                .collect_view();
            view! {
                <div class="row">
                    <span class="grow">{weekday(words, day)}</span>
                    {boxes}
                </div>
            }
        })
        .collect_view();
    view! { <div class="stack" role="group" aria-label=td_string!(words.locale, calendar.week)>{days}</div> }.into_any()
}

fn weekday(words: Words, after_monday: usize) -> &'static str {
    let (year, month, day) = MONDAY;
    let monday = Day::new(year, month, day).expect("a day of the calendar");
    words.weekday(monday.plus(i64::try_from(after_monday).unwrap_or(0)))
}

/// An officer's working weeks, the latest first.
pub fn weeks(words: Words, data: &WorkingWeeks) -> AnyView {
    let locale = words.locale;
    if data.items.is_empty() {
        return view! { <Callout tone=Tone::Court>{td_string!(locale, calendar.standard_week)}</Callout> }.into_any();
    }
    let head = [
        td_string!(locale, calendar.column_from),
        td_string!(locale, calendar.column_week),
        td_string!(locale, calendar.column_brought),
    ];
    let rows = data
        .items
        .iter()
        .map(|week| {
            vec![
                words.date(week.from),
                week_text(words, &week.halves),
                format!("{} · {}", week.by, words.moment(week.at)),
            ]
        })
        .collect();
    view! {
        <Table label=td_string!(locale, calendar.weeks) head=head.map(str::to_owned).to_vec() rows />
    }
    .into_any()
}

/// A week in words: the standard one by its name, another by the half days that are worked.
pub fn week_text(words: Words, halves: &[bool; 14]) -> String {
    if *halves == WorkingWeek::STANDARD {
        return td_string!(words.locale, calendar.standard).to_owned();
    }
    let day = |day: usize| match (halves[day * 2], halves[day * 2 + 1]) {
        (true, true) => Some(weekday(words, day).to_owned()),
        (true, false) => Some(format!("{} {}", weekday(words, day), words.half(Half::Am))),
        (false, true) => Some(format!("{} {}", weekday(words, day), words.half(Half::Pm))),
        (false, false) => None,
    };
    (0..7).filter_map(day).collect::<Vec<_>>().join(" · ")
}

/// The signals of a new day of a court.
#[derive(Clone, Copy, Debug)]
pub struct CourtDayForm {
    /// The day, as `YYYY-MM-DD`.
    pub date: RwSignal<String>,
    /// `am`, `pm`, or nothing for both.
    pub half: RwSignal<String>,
    /// `rest` or `work`.
    pub word: RwSignal<String>,
    /// Why.
    pub reason: RwSignal<String>,
    /// `own` or `below`.
    pub reach: RwSignal<String>,
}

impl CourtDayForm {
    /// An empty form: the court rests on a whole day.
    pub fn new() -> Self {
        let signal = |text: &str| RwSignal::new(text.to_owned());
        Self { date: signal(""), half: signal(""), word: signal("rest"), reason: signal(""), reach: signal("own") }
    }

    /// The half day that is meant, or the day's morning where the whole day is; none while no day is chosen.
    pub fn at(self) -> Option<(HalfDay, Option<Half>)> {
        let date: Day = self.date.with_untracked(|text| text.parse().ok())?;
        let half = self.half.with_untracked(|text| half(text));
        Some((HalfDay { date, half: half.unwrap_or(Half::Am) }, half))
    }
}

impl Default for CourtDayForm {
    fn default() -> Self {
        Self::new()
    }
}

/// The half of this name.
pub fn half(name: &str) -> Option<Half> {
    match name {
        "am" => Some(Half::Am),
        "pm" => Some(Half::Pm),
        _ => None,
    }
}

/// The name of a half; empty for none.
pub fn half_name(half: Option<Half>) -> &'static str {
    match half {
        Some(Half::Am) => "am",
        Some(Half::Pm) => "pm",
        None => "",
    }
}

/// The form of a new day of a court.
pub fn court_day_form(locale: Locale, form: CourtDayForm, busy: Signal<bool>, on_save: Callback<()>) -> AnyView {
    use crate::kit::{Input, Kind};
    let halves = vec![
        Choice::new("", td_string!(locale, calendar.whole_day)),
        Choice::new("am", td_string!(locale, kit.am)),
        Choice::new("pm", td_string!(locale, kit.pm)),
    ];
    let all = vec![
        Choice::new("rest", td_string!(locale, calendar.court_rests)),
        Choice::new("work", td_string!(locale, calendar.court_works)),
    ];
    let reaches = vec![
        Choice::new("own", td_string!(locale, calendar.reach_own)),
        Choice::new("below", td_string!(locale, calendar.reach_below)),
    ];
    let is_incomplete =
        Signal::derive(move || form.date.with(String::is_empty) || form.reason.with(|reason| reason.trim().is_empty()));
    view! {
        <Field label=td_string!(locale, calendar.column_day) control="court-day-date">
            <Input id="court-day-date" kind=Kind::Date value=form.date />
        </Field>
        <Segments label=td_string!(locale, calendar.column_day) choices=halves value=form.half wide=true />
        <Segments label=td_string!(locale, calendar.column_word) choices=all value=form.word wide=true />
        <Segments label=td_string!(locale, calendar.column_reach) choices=reaches value=form.reach wide=true />
        <Field
            label=td_string!(locale, calendar.column_reason)
            control="court-day-reason"
            hint=td_string!(locale, calendar.reason_hint)
        >
            <Input id="court-day-reason" value=form.reason />
        </Field>
        <Button size=Size::Wide busy=busy disabled=is_incomplete on_press=on_save>
            {td_string!(locale, calendar.save)}
        </Button>
    }
    .into_any()
}
