//! Classes and lessons, as the caller sees them.

pub mod store;

mod lessons;

pub use lessons::lessons_today;

use app::api::Page;
use app::training::api::{Class, GetClass, GetLesson, Lesson, Lessons, ListClasses, ListLessons};
use uuid::Uuid;

use crate::entity::training_class;
use crate::error::Failure;
use crate::mount::{Api, Call};
use crate::session::Caller;
use crate::state::AppState;

/// Classes on a page when the caller does not say.
const PAGE: u16 = 20;
/// The most classes on a page.
const LARGEST_PAGE: u16 = 100;

/// Adds the calls of this noun.
pub fn mount(api: Api) -> Api {
    api.mount::<ListClasses, _, _, _>(list_classes)
        .mount::<GetClass, _, _, _>(get_class)
        .mount::<ListLessons, _, _, _>(list_lessons)
        .mount::<GetLesson, _, _, _>(get_lesson)
}

async fn list_classes(call: Call<ListClasses>) -> Result<Page<Class>, Failure> {
    let caller = call.caller()?;
    let limit = call.query.limit.unwrap_or(PAGE).clamp(1, LARGEST_PAGE);
    let after = match call.query.cursor.as_deref() {
        None => None,
        Some(text) => Some(
            store::Cursor::parse(text)
                .ok_or_else(|| Failure::bad_input("cursor", "翻页标记无效，请回到第一页重新查看"))?,
        ),
    };
    let read = call.state.database.read();
    // One more than the page shows tells whether there is another page.
    let mut rows = store::classes_of(read, caller, after, u64::from(limit) + 1).await?;
    let more = rows.len() > usize::from(limit);
    rows.truncate(usize::from(limit));
    let next = if more { rows.last().map(|row| store::Cursor::of(row).to_string()) } else { None };
    Ok(Page { items: described(&call.state, caller, rows).await?, next })
}

async fn get_class(call: Call<GetClass>) -> Result<Class, Failure> {
    class(&call.state, call.caller()?, call.path.id).await
}

async fn list_lessons(call: Call<ListLessons>) -> Result<Lessons, Failure> {
    let caller = call.caller()?;
    let class = class(&call.state, caller, call.path.id).await?;
    let rows = store::lessons_of(call.state.database.read(), class.id).await?;
    Ok(Lessons { class, items: lessons::seen_by(&call.state, caller, rows).await? })
}

async fn get_lesson(call: Call<GetLesson>) -> Result<Lesson, Failure> {
    lesson(&call.state, call.caller()?, call.path.id).await
}

/// A lesson as the caller sees it.
///
/// # Errors
/// [`app::api::Code::NotFound`] when there is none, or the caller has no part in its class.
pub async fn lesson(state: &AppState, caller: &Caller, id: Uuid) -> Result<Lesson, Failure> {
    let row = store::lesson(state.database.read(), id).await?;
    let seen = lessons::seen_by(state, caller, row.map(|(lesson, _)| lesson).into_iter().collect()).await?;
    seen.into_iter().next().ok_or_else(|| Failure::not_found("这节课"))
}

async fn class(state: &AppState, caller: &Caller, id: Uuid) -> Result<Class, Failure> {
    let rows = store::classes(state.database.read(), &[id]).await?;
    described(state, caller, rows).await?.into_iter().next().ok_or_else(|| Failure::not_found("这个培训班"))
}

/// Fills in names and counts, with a fixed number of queries; leaves out classes that the caller has no part in.
async fn described(state: &AppState, caller: &Caller, rows: Vec<training_class::Model>) -> Result<Vec<Class>, Failure> {
    let read = state.database.read();
    let details = store::details(read, caller.id, &rows).await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let part = store::part(caller, &row, details.attends.contains(&row.id))?;
            let (teacher, teacher_name) = details.teachers.get(&row.teacher_id).cloned().unwrap_or_default();
            Some(Class {
                id: row.id,
                organiser: details.courts.get(&row.court_id).cloned().unwrap_or_default(),
                from: row.from_day.into(),
                to: row.to_day.into(),
                teacher,
                teacher_name,
                trainees: details.trainees.get(&row.id).copied().unwrap_or(0),
                lessons: details.lessons.get(&row.id).copied().unwrap_or(0),
                name: row.name,
                place: row.place,
                part,
            })
        })
        .collect())
}
