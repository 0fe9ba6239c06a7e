//! Which accounts there are to try, and a lesson that is open for sign-in.

use app::day::Timestamp;
use app::training::rules::Phase;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use uuid::Uuid;

use super::course::open_now;
use super::{PASSWORD, Remembered};
use crate::account::store::officer_by_number;
use crate::entity::{court, department, lesson, training_class};
use crate::error::Failure;
use crate::setting;
use crate::state::AppState;
use crate::training::store::times;

/// How long a lesson must stay open to be worth naming, in minutes.
const WORTH: i64 = 10;

/// The 工号 of the account to try in a role; for `class-teacher` and `trainee`, after a space, the id of a lesson that is
/// open for sign-in now. Opens a new lesson when none is.
///
/// # Errors
/// No demonstration, no such role, or the database fails.
pub async fn show(state: &AppState, role: &str) -> Result<String, Failure> {
    let made = remembered(state).await?;
    let Some(account) = made.accounts.iter().find(|account| account.role == role) else {
        let roles: Vec<&str> = made.accounts.iter().map(|account| account.role.as_str()).collect();
        return Err(Failure::internal(format!("没有角色 {role}；可用：{}", roles.join(", "))));
    };
    if !matches!(role, "class-teacher" | "trainee") {
        return Ok(account.number.clone());
    }
    let class = made.class.ok_or_else(|| Failure::internal("the demonstration has no class"))?;
    let lesson = open_lesson(state, class).await?;
    Ok(format!("{} {lesson}", account.number))
}

/// The accounts to try, a line each, for people.
///
/// # Errors
/// No demonstration, or the database fails.
pub async fn accounts(state: &AppState) -> Result<Vec<String>, Failure> {
    let made = remembered(state).await?;
    let connection = state.database.read();
    let mut lines = vec![format!("演示数据。所有账号的密码 / password of every account: {PASSWORD}")];
    for account in &made.accounts {
        let Some(officer) = officer_by_number(connection, &account.number).await? else { continue };
        let court = court::Entity::find_by_id(officer.court_id).one(connection).await?;
        let department = department::Entity::find_by_id(officer.department_id).one(connection).await?;
        lines.push(format!(
            "  {:<17}{}  {} {}{} {}",
            account.role,
            officer.number,
            officer.name,
            court.map(|row| row.name).unwrap_or_default(),
            department.map(|row| row.name).unwrap_or_default(),
            officer.post.unwrap_or_default(),
        ));
    }
    Ok(lines)
}

async fn remembered(state: &AppState) -> Result<Remembered, Failure> {
    let stored = setting::get(state.database.read(), setting::DEMO).await?;
    let stored = stored.ok_or_else(|| Failure::internal("数据目录中没有演示数据；请先运行 fingertip demo"))?;
    serde_json::from_str(&stored).map_err(Failure::internal)
}

/// The lesson that stays open longest, or a new one.
async fn open_lesson(state: &AppState, class: Uuid) -> Result<Uuid, Failure> {
    let now = state.now();
    let tx = state.database.begin().await?;
    let class = training_class::Entity::find_by_id(class)
        .one(&tx)
        .await?
        .ok_or_else(|| Failure::internal("the class of the demonstration is gone"))?;
    let lessons = lessons(&tx, class.id).await?;
    let open = |lesson: &&lesson::Model| {
        let times = times(lesson, &class);
        matches!(times.phase(now), Phase::OnTime | Phase::Late) && times.closes_at() > now.plus_minutes(WORTH)
    };
    if let Some(lesson) = lessons.iter().filter(open).max_by_key(|lesson| lesson.ends_at) {
        return Ok(lesson.id);
    }
    let position = lessons.iter().map(|lesson| lesson.position).max().map_or(0, |last| last + 1);
    let (mut starts_at, ends_at) = open_now(now);
    while lessons.iter().any(|lesson| lesson.starts_at == starts_at.millis()) {
        starts_at = Timestamp::from_millis(starts_at.millis() + 1);
    }
    let added = lesson::Model {
        id: state.clock.new_id(),
        class_id: class.id,
        position,
        title: "加开课程：现场演示".to_owned(),
        lecturer: "班主任".to_owned(),
        lecturer_unit: String::new(),
        room: "明德厅".to_owned(),
        starts_at: starts_at.millis(),
        ends_at: ends_at.millis(),
        credit_halves: 0,
        rating_closed_at: None,
        ratings_counted: false,
    };
    let id = added.id;
    lesson::Entity::insert(added.into_active_model()).exec_without_returning(&tx).await?;
    // A class is listed as long as it lasts; a lesson after its last day makes it last longer.
    let day = state.config.zone.day(starts_at).date();
    if class.to_day < day {
        let mut change = class.into_active_model();
        change.to_day = sea_orm::ActiveValue::Set(day);
        sea_orm::ActiveModelTrait::update(change, &tx).await?;
    }
    tx.commit().await?;
    Ok(id)
}

async fn lessons(connection: &impl ConnectionTrait, class: Uuid) -> Result<Vec<lesson::Model>, Failure> {
    Ok(lesson::Entity::find().filter(lesson::Column::ClassId.eq(class)).all(connection).await?)
}
