//! The main job on real files, from the roster to the result: the sample province is imported, everything else goes
//! over HTTP on a socket.

use std::collections::{BTreeMap, BTreeSet};

use app::account::api::{CreateSession, Login, SessionMode};
use app::api::{ById, Code, Empty, Problem};
use app::approval::api::TaskAction;
use app::attendance::api::{CreateSignIn, GetAttendance, GetBoard, SignIn, SignedIn};
use app::attendance::rules::Status as Attended;
use app::day::Half;
use app::leave::api::{GetLeaveRequest, ReportReturn, ReturnFromLeave};
use app::leave::rules::{Outcome, Status};
use app::org::api::{ImportKind, SetOversight, SetOversights};
use app::org::rules::{Category, OfficerStatus, PostClass};
use app::rating::api::{CloseRating, GetResults, Rate, RateLesson};
use app::rating::rules::Dimension;
use futures_util::{StreamExt, stream};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder};
use server::entity::{
    attendance, department, leave_entry, lesson, officer, rating_buffer, rating_counter, rating_receipt, trainee,
    training_class,
};
use tests::world::PASSWORD;
use tests::{Client, Served, TestApp, at, fixture, on_both};
use uuid::Uuid;

use crate::leave::{asking, balance, decide, half, ledger_sum, only_task, submit};

on_both!(a_class_of_the_sample_signs_in_and_rates, a_clerk_of_the_sample_takes_leave_and_comes_back);

/// How many trainees the sample's class has.
const TRAINEES: usize = 252;
/// How many sign in within one window of the code.
const WAVE: usize = 21;

async fn import_all(app: &TestApp) {
    let expected: serde_json::Value = serde_json::from_slice(&fixture("expected.json")).unwrap();
    let roster = app.import(ImportKind::Roster, "roster.xlsx").await.remove("roster").unwrap();
    assert_eq!(roster.rows, expected["roster"]["rows"]);
    assert_eq!(serde_json::to_value(&roster.rejected).unwrap(), expected["roster"]["rejected"]);
    let training = app.import(ImportKind::Training, "training-plan.xlsx").await.remove("training").unwrap();
    assert_eq!((training.lessons, training.trainees), (Some(12), Some(252)));
    app.import(ImportKind::Hearings, "hearings.csv").await;
    app.import(ImportKind::Balances, "balances.csv").await;
    app.give_accounts().await;
}

async fn log_in(served: &Served, number: &str) -> Client {
    let login = Login { username: number.to_owned(), password: PASSWORD.to_owned(), mode: SessionMode::Bearer };
    let session = served.client().send::<CreateSession>(login).await.unwrap();
    served.client().with_token(&session.access_token.unwrap()).with_device(&format!("device-{number}"))
}

async fn officers(app: &TestApp) -> Vec<officer::Model> {
    officer::Entity::find().order_by_asc(officer::Column::Number).all(app.state.database.read()).await.unwrap()
}

struct Sample {
    lessons: Vec<lesson::Model>,
    /// 工号, by position on the list.
    trainees: Vec<String>,
    teacher: String,
}

async fn sample(app: &TestApp) -> Sample {
    import_all(app).await;
    let read = app.state.database.read();
    let numbers: BTreeMap<Uuid, String> = officers(app).await.into_iter().map(|row| (row.id, row.number)).collect();
    let class = training_class::Entity::find().one(read).await.unwrap().unwrap();
    let lessons = lesson::Entity::find().order_by_asc(lesson::Column::StartsAt).all(read).await.unwrap();
    let trainees = trainee::Entity::find().order_by_asc(trainee::Column::Position).all(read).await.unwrap();
    Sample {
        teacher: numbers[&class.teacher_id].clone(),
        trainees: trainees.into_iter().map(|row| numbers[&row.officer_id].clone()).collect(),
        lessons,
    }
}

/// Signs in with what the board shows at this moment: every other trainee scans the link, the others type the code.
async fn sign_in(
    client: &Client,
    lesson: Uuid,
    board: &app::attendance::api::Board,
    scans: bool,
) -> Result<SignedIn, Problem> {
    let body = SignIn {
        lesson: Some(lesson),
        code: (!scans).then(|| board.code.clone()),
        link: scans.then(|| board.link.clone()),
        nonce: Uuid::new_v4(),
        scanned_at: None,
    };
    client.send::<CreateSignIn>(body).await
}

/// The scores that the trainee of this position gives.
fn scores(position: usize) -> BTreeMap<Dimension, u8> {
    let score = |shift: usize| u8::try_from((position + shift) % 5 + 1).unwrap();
    Dimension::ALL.into_iter().zip(0..).map(|(dimension, shift)| (dimension, score(shift))).collect()
}

async fn a_class_of_the_sample_signs_in_and_rates(app: TestApp) {
    let sample = sample(&app).await;
    assert_eq!((sample.trainees.len(), sample.lessons.len()), (TRAINEES, 12));
    let lesson = ById { id: sample.lessons[0].id };
    let served = app.serve().await;

    app.clock.set(at("2026-11-23", 7, 50));
    let teacher = log_in(&served, &sample.teacher).await;
    let closed = teacher.get::<GetBoard>(lesson).await.unwrap();
    assert_eq!((closed.code.as_str(), closed.counts.trainees), ("", 252), "no code before sign-in opens");
    // Twelve waves, each with the code of its moment: ten before the late bound of 08:40, two after it.
    let mut past = None;
    let mut first = None;
    for (wave, members) in sample.trainees.chunks(WAVE).enumerate() {
        let minute = i32::try_from(wave).unwrap() * 3 + if wave < 10 { 5 } else { 11 };
        app.clock.set(at("2026-11-23", 8, minute));
        let members: Vec<Client> =
            stream::iter(members).map(|number| log_in(&served, number)).buffered(8).collect().await;
        let teacher = log_in(&served, &sample.teacher).await;
        let board = teacher.get::<GetBoard>(lesson).await.unwrap();
        let expected = if minute < 40 { Attended::OnTime } else { Attended::Late };
        let answers: Vec<_> = stream::iter(members.iter().enumerate())
            .map(|(position, client)| sign_in(client, lesson.id, &board, position % 2 == 0))
            .buffer_unordered(WAVE)
            .collect()
            .await;
        for answer in answers {
            let signed = answer.unwrap();
            assert_eq!((signed.status, signed.at, signed.first), (expected, app.now(), true));
        }
        let counts = teacher.get::<GetBoard>(lesson).await.unwrap().counts;
        let so_far = i64::try_from((wave + 1) * WAVE).unwrap();
        assert_eq!(counts.on_time + counts.late, so_far);
        assert_eq!(counts.missing, 252 - so_far);
        past.get_or_insert(board);
        first.get_or_insert_with(|| members[0].clone());
    }
    let past = past.unwrap();
    // The first one's token has run out meanwhile; he logs in again and scans again.
    let stale = first.unwrap();
    let first = log_in(&served, &sample.trainees[0]).await;
    let teacher = log_in(&served, &sample.teacher).await;
    let board = teacher.get::<GetBoard>(lesson).await.unwrap();
    let again = sign_in(&first, lesson.id, &board, true).await.unwrap();
    assert_eq!((again.first, again.at), (false, at("2026-11-23", 8, 5)), "a repeat answers the first time");
    let stranger = officers(&app)
        .await
        .into_iter()
        .find(|row| row.status == OfficerStatus::InService.as_str() && !sample.trainees.contains(&row.number));
    let stranger = log_in(&served, &stranger.unwrap().number).await;
    assert_eq!(sign_in(&stranger, lesson.id, &board, true).await.unwrap_err().code, Code::NotOnRoster);
    for scans in [true, false] {
        let refused = sign_in(&stranger, lesson.id, &past, scans).await.unwrap_err();
        assert!(matches!(refused.code, Code::CodeExpired | Code::CodeInvalid | Code::NotOnRoster), "{refused:?}");
    }

    let attended = teacher.get::<GetAttendance>(lesson).await.unwrap();
    let of = |status: Attended| attended.rows.iter().filter(|row| row.status == status).count();
    assert_eq!((attended.rows.len(), of(Attended::OnTime), of(Attended::Late)), (252, 210, 42));
    assert_eq!((attended.counts.on_time, attended.counts.late, attended.counts.missing), (210, 42, 0));
    let listed: BTreeSet<&String> = attended.rows.iter().map(|row| &row.officer).collect();
    assert_eq!(listed, sample.trainees.iter().collect());
    let stored = attendance::Entity::find().count(app.state.database.read()).await.unwrap();
    assert_eq!(stored, 252);

    rate_and_look(&app, &served, &sample, lesson, &stale).await;
}

async fn rate_and_look(app: &TestApp, served: &Served, sample: &Sample, lesson: ById, stale: &Client) {
    app.clock.set(at("2026-11-23", 9, 15));
    let refused = stale.post::<RateLesson>(lesson, rating(0)).await.unwrap_err();
    assert_eq!(refused.code, Code::SignedOut, "an access token is good for a quarter of an hour");
    let tokens = app.clients_of(&sample.trainees).await;
    let outcomes: Vec<_> = stream::iter(tokens.iter().enumerate())
        .map(|(position, client)| client.post::<RateLesson>(lesson, rating(position)))
        .buffer_unordered(32)
        .collect()
        .await;
    assert!(outcomes.iter().all(Result::is_ok), "{:?}", outcomes.iter().find(|outcome| outcome.is_err()));
    let twice = tokens[0].post::<RateLesson>(lesson, rating(3)).await.unwrap_err();
    assert_eq!(twice.code, Code::AlreadyRated);
    let read = app.state.database.read();
    assert_eq!(rating_receipt::Entity::find().count(read).await.unwrap(), 252);

    let teacher = log_in(served, &sample.teacher).await;
    let early = teacher.get::<GetResults>(lesson).await.unwrap_err();
    assert_eq!(early.code, Code::ResultsNotOpen);
    teacher.get::<CloseRating>(lesson).await.unwrap();
    let late = tokens[1].post::<RateLesson>(lesson, rating(1)).await.unwrap_err();
    assert!(matches!(late.code, Code::RatingClosed | Code::AlreadyRated), "{late:?}");
    let results = teacher.get::<GetResults>(lesson).await.unwrap();
    assert_eq!((results.attended, results.answers), (252, Some(252)));
    assert_eq!(results.texts.as_ref().map(Vec::len), Some(26), "every tenth wrote something");
    let mut expected: BTreeMap<(&str, i32), i64> = BTreeMap::new();
    for position in 0..TRAINEES {
        for (dimension, score) in scores(position) {
            *expected.entry((dimension.as_str(), i32::from(score))).or_default() += 1;
        }
    }
    let counters =
        rating_counter::Entity::find().filter(rating_counter::Column::LessonId.eq(lesson.id)).all(read).await.unwrap();
    let counted: BTreeMap<(&str, i32), i64> =
        counters.iter().map(|row| ((row.dimension.as_str(), row.score), row.count)).collect();
    assert_eq!(counted, expected);
    assert_eq!(rating_buffer::Entity::find().count(read).await.unwrap(), 0, "nothing stays behind in the buffer");
    let trainee = tokens[5].get::<GetResults>(lesson).await.unwrap();
    assert_eq!((trainee.answers, trainee.texts), (Some(252), None), "the texts are for the class staff");
}

fn rating(position: usize) -> Rate {
    let text =
        if position.is_multiple_of(10) { format!("第{position}条意见：案例很实用") } else { String::new() };
    Rate { id: Uuid::new_v4(), scores: scores(position), text }
}

/// A clerk whose department has a head and whose court has a leader, a president and a political department.
async fn find_clerk(app: &TestApp) -> (officer::Model, officer::Model, officer::Model) {
    let all = officers(app).await;
    let departments = department::Entity::find().all(app.state.database.read()).await.unwrap();
    let in_service = |row: &&officer::Model| row.status == OfficerStatus::InService.as_str();
    let is = |row: &officer::Model, class: PostClass| row.post_class == class.as_str();
    let clerk = all.iter().filter(in_service).find(|row| {
        let same_court =
            |class| all.iter().filter(in_service).any(|other| other.court_id == row.court_id && is(other, class));
        let headed = all
            .iter()
            .filter(in_service)
            .any(|other| other.department_id == row.department_id && is(other, PostClass::DepartmentHead));
        is(row, PostClass::Staff)
            && row.category == Category::Clerk.as_str()
            && headed
            && same_court(PostClass::CourtLeader)
            && same_court(PostClass::President)
            && departments.iter().any(|row_| row_.court_id == row.court_id && row_.name == "政治部")
    });
    let clerk = clerk.expect("the sample has such a clerk").clone();
    let political: BTreeSet<Uuid> = departments
        .iter()
        .filter(|row| row.court_id == clerk.court_id && row.name == "政治部")
        .map(|row| row.id)
        .collect();
    let hr = all.iter().filter(in_service).find(|row| political.contains(&row.department_id));
    let leader = all.iter().filter(in_service).find(|row| {
        row.court_id == clerk.court_id && is(row, PostClass::CourtLeader) && row.post.as_deref() == Some("副院长")
    });
    (clerk, hr.expect("the sample has an HR officer there").clone(), leader.expect("a vice-president").clone())
}

async fn a_clerk_of_the_sample_takes_leave_and_comes_back(app: TestApp) {
    import_all(&app).await;
    let served = app.serve().await;
    let (clerk_row, hr, leader) = find_clerk(&app).await;
    let hr = log_in(&served, &hr.number).await;
    let oversight = SetOversight { officer: leader.number.clone(), departments: vec![clerk_row.department_id] };
    hr.send::<SetOversights>(oversight).await.unwrap();

    let clerk = log_in(&served, &clerk_row.number).await;
    let before = balance(&clerk, "annual").await;
    let granted = before.half_days.unwrap();
    assert!(granted >= 8, "the clerk has {granted} half days left, the test asks for eight");
    let request = submit(&clerk, asking("annual", "2026-11-24", "2026-11-27")).await;
    assert_eq!((request.half_days, request.chain.len()), (8, 3));
    assert_eq!(request.chain[1].officer.as_ref(), Some(&leader.number), "who oversees the department decides second");
    assert_eq!(request.chain[2].post_class, Some(PostClass::President));
    assert_eq!(balance(&clerk, "annual").await.held, 8);
    for step in &request.chain {
        let approver = log_in(&served, step.officer.as_deref().unwrap()).await;
        let task = only_task(&approver).await;
        decide(&approver, &task, TaskAction::Approve).await.unwrap();
    }

    app.clock.set(at("2026-11-27", 9, 0));
    let clerk = log_in(&served, &clerk_row.number).await;
    let seen = clerk.get::<GetLeaveRequest>(ById { id: request.id }).await.unwrap();
    assert_eq!(seen.status, Status::OnLeave);
    let back = ReportReturn { version: seen.version, back: half("2026-11-27", Half::Am), note: String::new() };
    let returned = clerk.post::<ReturnFromLeave>(ById { id: request.id }, back).await.unwrap();
    assert_eq!((returned.status, returned.outcome), (Status::Returned, Some(Outcome::Early)));

    let after = balance(&clerk, "annual").await;
    assert_eq!((after.half_days, after.held, after.available), (Some(granted - 6), 0, Some(granted - 6)));
    assert_eq!(ledger_sum(&app, &clerk_row.number, "annual").await, granted - 6);
    let entries = leave_entry::Entity::find()
        .filter(leave_entry::Column::RequestId.eq(request.id))
        .all(app.state.database.read())
        .await
        .unwrap();
    let mut sums: BTreeMap<String, i64> = BTreeMap::new();
    for entry in entries {
        *sums.entry(entry.kind).or_default() += entry.half_days;
    }
    let expected = [("commit", -8), ("hold", -8), ("refund", 2), ("release", 8)];
    assert_eq!(sums, expected.into_iter().map(|(kind, sum)| (kind.to_owned(), sum)).collect());
    let server_error = served.client().send::<app::account::api::GetMe>(Empty {}).await.unwrap_err();
    assert_eq!(server_error.code, Code::SignedOut);
}
