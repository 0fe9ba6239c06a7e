//! The printed approval sheet (请假审批单), a page of plain HTML that the server renders for A4.

use app::approval::api::{NodeView, ProcessView, TaskView};
use app::day::{HalfDay, Timestamp};
use app::leave::api::LeaveRequest;
use app::leave::rules::{Outcome, Status};
use app::leave::types::Lane;
use leptos::prelude::*;

use super::words::{amount, kind_name, status_text};
use crate::approval::words::state_text;
use crate::format::Words;
use crate::i18n::{Locale, td_string};

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaveSheet {
    /// The applicant's court.
    pub court: String,
    /// His post; none for those without one.
    pub post: Option<String>,
    /// The request, all of it.
    pub request: LeaveRequest,
    /// How it is decided.
    pub process: ProcessView,
    /// Who prints.
    pub printed_by: String,
    /// When.
    pub printed_at: Timestamp,
}

/// The sheet. Days and times are written out: on paper there is no today.
pub fn sheet(words: Words, data: &LeaveSheet) -> AnyView {
    let locale = words.locale;
    let request = &data.request;
    let fact = |name: &'static str, text: String| {
        let text = if text.trim().is_empty() { td_string!(locale, print.none).to_owned() } else { text };
        view! {
            <th scope="row">{name}</th>
            <td>{text}</td>
        }
    };
    let wide = |name: &'static str, text: String| {
        let text = if text.trim().is_empty() { td_string!(locale, print.none).to_owned() } else { text };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td colspan="3">{text}</td>
            </tr>
        }
    };
    let (from, to) = (half_day(words, request.from), half_day(words, request.to));
    let time = match request.lane {
        Lane::Report => td_string!(locale, print.time_out),
        Lane::Leave | Lane::Hours => td_string!(locale, print.time),
    };
    let contact = (request.lane == Lane::Report)
        .then(|| wide(td_string!(locale, stand_in.contact), request.contact.clone().unwrap_or_default()));
    let cancelled = request.cancelled.as_ref().map(|cancelled| {
        let (by, reason) = (cancelled.by.clone(), cancelled.reason.clone());
        let text = td_string!(locale, print.cancelled_text, by, at = stamp(words, cancelled.at), reason);
        wide(td_string!(locale, print.cancelled), text)
    });
    let confirmed = request.return_report.as_ref().and_then(|report| {
        let (by, at) = report.confirmed_by.clone().zip(report.confirmed_at)?;
        let text = td_string!(locale, print.confirmed_text, by, at = stamp(words, at));
        Some(wide(td_string!(locale, print.confirmed), text))
    });
    let printed = td_string!(locale, print.printed, name = data.printed_by.clone(), at = stamp(words, data.printed_at));
    view! {
        <main class="print-sheet">
            <p class="no-print small muted">{td_string!(locale, print.hint)}</p>
            <p class="print-court">{data.court.clone()}</p>
            <h1>{title(locale, request.lane)}</h1>
            <table>
                <tbody>
                    <tr>
                        {fact(td_string!(locale, print.number), request.number.clone())}
                        {fact(td_string!(locale, print.submitted), stamp(words, request.submitted_at))}
                    </tr>
                    <tr>
                        {fact(td_string!(locale, print.name), request.name.clone())}
                        {fact(td_string!(locale, print.officer), request.officer.clone())}
                    </tr>
                    <tr>
                        {fact(td_string!(locale, print.department), request.department.clone())}
                        {fact(td_string!(locale, print.post), data.post.clone().unwrap_or_default())}
                    </tr>
                    <tr>
                        {fact(td_string!(locale, print.kind), kind_name(locale, request.leave_type.as_deref(), request.lane))}
                        {fact(td_string!(locale, print.days), amount(words, request))}
                    </tr>
                    {wide(time, td_string!(locale, print.span, from, to))}
                    {wide(td_string!(locale, print.reason), request.reason.clone().unwrap_or_default())}
                    <tr>
                        {fact(td_string!(locale, print.destination), request.destination.clone().unwrap_or_default())}
                        {fact(td_string!(locale, print.stand_in), request.stand_in_name.clone().unwrap_or_default())}
                    </tr>
                    <tr>
                        {fact(td_string!(locale, print.status), status_text(locale, request))}
                        {fact(td_string!(locale, print.back), back(words, request))}
                    </tr>
                    {confirmed}
                    {contact}
                    {cancelled}
                </tbody>
            </table>
            <h2>{td_string!(locale, print.signatures)}</h2>
            {signatures(words, &data.process)}
            <p class="print-foot">{printed}</p>
        </main>
    }
    .into_any()
}

fn title(locale: Locale, lane: Lane) -> &'static str {
    match lane {
        Lane::Report => td_string!(locale, print.title_report),
        Lane::Leave | Lane::Hours => td_string!(locale, print.title),
    }
}

/// Why there is no sheet.
pub fn refused(locale: Locale, detail: &str) -> AnyView {
    view! {
        <main class="print-sheet">
            <h1>{td_string!(locale, print.title)}</h1>
            <p role="alert">{detail.to_owned()}</p>
        </main>
    }
    .into_any()
}

/// Every decision in the order in which it was made, then who has still to decide, in the order of the nodes.
fn signatures(words: Words, process: &ProcessView) -> AnyView {
    let locale = words.locale;
    let mut tasks: Vec<(&NodeView, &TaskView)> =
        process.nodes.iter().flat_map(|node| node.tasks.iter().map(move |task| (node, task))).collect();
    tasks.sort_by_key(|(_, task)| (task.decided_at.is_none(), task.decided_at));
    let rows = tasks.into_iter().map(|(node, task)| signature(words, node, task)).collect_view();
    view! {
        <table>
            <thead>
                <tr>
                    <th scope="col">{td_string!(locale, print.step)}</th>
                    <th scope="col">{td_string!(locale, print.who)}</th>
                    <th scope="col">{td_string!(locale, print.decision)}</th>
                    <th scope="col">{td_string!(locale, print.comment)}</th>
                    <th scope="col">{td_string!(locale, print.when)}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn signature(words: Words, node: &NodeView, task: &TaskView) -> impl IntoView + use<> {
    let locale = words.locale;
    let place = if task.post.is_empty() { node.title.clone() } else { task.post.clone() };
    let place = match task.stands_in_for.clone() {
        Some(why) => td_string!(locale, print.stands_in, place, why),
        None => place,
    };
    let who = match task.decided_by.clone() {
        Some(actor) => td_string!(locale, print.acts_for, actor, name = task.name.clone()),
        None => task.name.clone(),
    };
    view! {
        <tr>
            <td>{place}</td>
            <td>{who}</td>
            <td>{state_text(locale, task.state)}</td>
            <td>{task.comment.clone().unwrap_or_default()}</td>
            <td>{task.decided_at.map(|at| stamp(words, at)).unwrap_or_default()}</td>
        </tr>
    }
}

fn back(words: Words, request: &LeaveRequest) -> String {
    let locale = words.locale;
    let Some((back, at)) = request.back.zip(request.returned_at) else {
        let awaited = request.needs_return
            && matches!(request.status, Status::Approved | Status::OnLeave | Status::AwaitingReturn);
        return if awaited { td_string!(locale, print.not_back).to_owned() } else { String::new() };
    };
    let outcome = match request.outcome {
        Some(Outcome::Early) => td_string!(locale, print.early),
        Some(Outcome::Late) => td_string!(locale, print.late),
        Some(Outcome::OnTime) | None => td_string!(locale, print.on_time),
    };
    let (back, at) = (half_day(words, back), stamp(words, at));
    match request.lane {
        Lane::Report => td_string!(locale, print.back_in_town, back, at, outcome),
        Lane::Leave | Lane::Hours => td_string!(locale, print.back_text, back, at, outcome),
    }
}

/// `2026-11-23 上午`.
fn half_day(words: Words, at: HalfDay) -> String {
    format!("{} {}", at.date, words.half(at.half))
}

/// `2026-11-20 16:05`.
fn stamp(words: Words, at: Timestamp) -> String {
    format!("{} {}", words.zone.day(at), words.zone.clock(at))
}
