//! Classes and lessons as each of the people concerned sees them.

use app::api::{ById, Code, Empty};
use app::attendance::rules::Status;
use app::training::api::{ClassQuery, GetClass, GetLesson, ListClasses, ListLessons, Part};
use app::training::rules::Phase;
use tests::world::{CLERK, TEACHER, TRAINING_ADMIN};
use tests::{TestApp, at, on_both};

on_both!(everybody_sees_his_part_of_a_class, classes_come_in_pages);

async fn everybody_sees_his_part_of_a_class(app: TestApp) {
    let world = app.world().await;
    let class = app.class(&world, 3, TestApp::DAY).await;
    let trainee = app.client_of(&class.trainees[0]).await;
    let teacher = app.client_of(TEACHER).await;
    let id = ById { id: class.id };

    let seen = trainee.get::<GetClass>(id).await.expect("a trainee sees his class");
    assert_eq!((seen.trainees, seen.lessons, seen.part), (3, 3, Part::Trainee));
    assert_eq!(seen.teacher, TEACHER);
    assert_eq!(teacher.get::<GetClass>(id).await.expect("the class teacher sees it").part, Part::Staff);
    let stranger = app.client_of(CLERK).await;
    assert_eq!(stranger.get::<GetClass>(id).await.expect_err("no part in it").code, Code::NotFound);
    assert_eq!(stranger.get::<ListLessons>(id).await.expect_err("no part in it").code, Code::NotFound);
    let lesson = ById { id: class.lessons[0] };
    assert_eq!(stranger.get::<GetLesson>(lesson).await.expect_err("no part in it").code, Code::NotFound);

    let lessons = trainee.get::<ListLessons>(id).await.expect("a trainee sees the lessons").items;
    assert_eq!(lessons.iter().map(|lesson| lesson.id).collect::<Vec<_>>(), class.lessons);
    assert!(lessons.iter().all(|lesson| lesson.my_status == Some(Status::Missing) && !lesson.can_rate));
    assert_eq!(lessons[0].phase, Phase::Upcoming);
    assert_eq!(lessons[0].sign_in_opens_at, at(TestApp::DAY, 8, 30));

    app.clock.set(at(TestApp::DAY, 10, 30));
    let over = trainee.get::<GetLesson>(lesson).await.expect("a trainee sees a lesson");
    assert_eq!((over.phase, over.my_status), (Phase::Over, Some(Status::Absent)));
    let staff = teacher.get::<GetLesson>(lesson).await.expect("the class teacher sees it");
    assert_eq!((staff.part, staff.my_status), (Part::Staff, None));
}

async fn classes_come_in_pages(app: TestApp) {
    let world = app.world().await;
    let mut ids = Vec::new();
    for day in ["2026-11-20", "2026-11-21", "2026-11-21", "2026-11-22"] {
        ids.push(app.class(&world, 1, day).await.id);
    }
    let trainees_class = app.class(&world, 1, TestApp::DAY).await;
    ids.push(trainees_class.id);
    for officer in [TEACHER, TRAINING_ADMIN] {
        let client = app.client_of(officer).await;
        let (mut found, mut days, mut cursor) = (Vec::new(), Vec::new(), None);
        loop {
            let query = ClassQuery { cursor, limit: Some(2) };
            let page = client.call::<ListClasses>(Empty {}, query, Empty {}).await.expect("staff lists classes");
            found.extend(page.items.iter().map(|class| class.id));
            days.extend(page.items.iter().map(|class| class.from));
            cursor = page.next;
            if cursor.is_none() {
                break;
            }
        }
        assert!(days.is_sorted_by(|earlier, later| earlier >= later), "{officer}: {days:?}");
        let mut expected = ids.clone();
        expected.sort_unstable();
        found.sort_unstable();
        assert_eq!(found, expected, "{officer}");
    }
    let trainee = app.client_of(&trainees_class.trainees[0]).await;
    let all = ClassQuery::default();
    let page = trainee.call::<ListClasses>(Empty {}, all, Empty {}).await.expect("a trainee lists his classes");
    assert_eq!(page.items.iter().map(|class| class.id).collect::<Vec<_>>(), [trainees_class.id]);
    let nonsense = ClassQuery { cursor: Some("x".to_owned()), limit: None };
    let refused = trainee.call::<ListClasses>(Empty {}, nonsense, Empty {}).await.expect_err("no cursor of ours");
    assert_eq!(refused.code, Code::BadInput);
}
