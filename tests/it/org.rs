//! Vacant posts, what there is to oversee, and the class teacher of a court.

use std::collections::BTreeSet;

use app::account::api::{CreateRoleGrant, GiveRole};
use app::account::rules::Role;
use app::api::{ById, Code, Empty};
use app::attendance::api::{GetAttendance, GetBoard};
use app::org::api::{CourtQuery, Departments, ImportKind, ListDepartments, ListVacancies, SetOversight, SetOversights};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use tests::world::{ADMIN, CLERK, COLLEAGUE, DIRECTOR, HR, OVERSEER};
use tests::{Client, TestApp, on_both};
use uuid::Uuid;

on_both!(
    the_sample_province_has_four_vacancies,
    a_leader_heads_the_department_that_his_post_names,
    leaders_are_not_there_to_be_overseen,
    a_class_teacher_of_a_court_runs_its_classes,
);

/// Each vacancy as court, department and post, with who decides meanwhile.
async fn vacancies(client: &Client) -> Vec<(String, String)> {
    let items = client.get::<ListVacancies>(Empty {}).await.expect("the vacancies").items;
    let named = items.into_iter().map(|item| {
        let department = item.department.unwrap_or_default();
        (format!("{} {department} {}", item.court, item.post_class.text()), item.fallback)
    });
    named.collect()
}

async fn the_sample_province_has_four_vacancies(app: TestApp) {
    app.import(ImportKind::Roster, "roster.xlsx").await;
    app.give_role("000232", "admin", None).await;
    let found = vacancies(&app.client_of("000232").await).await;
    let posts: Vec<&str> = found.iter().map(|(post, _)| post.as_str()).collect();
    let expected = [
        "南浦县人民法院 政治部 部门负责人",
        "龙泉县人民法院  院长",
        "龙泉县人民法院 立案庭 部门负责人",
        "港口区人民法院 民事审判第一庭 部门负责人",
    ];
    assert_eq!(posts, expected);
    assert_eq!(found[0].1, "由部门副职、分管院领导、院长、本院政治部主任、上级法院院长依次代为审批");
    assert_eq!(found[1].1, "由本院政治部主任、上级法院院长依次代为审批");
}

async fn a_leader_heads_the_department_that_his_post_names(app: TestApp) {
    app.world().await;
    let hr = app.client_of(HR).await;
    let posts = async || vacancies(&hr).await.into_iter().map(|(post, _)| post).collect::<BTreeSet<_>>();
    let basic = "江州市城东区人民法院 政治部 部门负责人".to_owned();
    assert_eq!(posts().await, BTreeSet::from([basic.clone()]), "the 政治部主任 sits in the 政治部 of the middle court");

    let mut director = app.officer(DIRECTOR).await.into_active_model();
    director.status = Set("retired".to_owned());
    director.update(app.state.database.write()).await.unwrap();
    let own = "江州市中级人民法院 政治部 部门负责人".to_owned();
    assert_eq!(posts().await, BTreeSet::from([own, basic]));
}

/// The names of the departments with court leaders alone.
fn of_leaders(departments: &Departments) -> Vec<&str> {
    departments.items.iter().filter(|item| item.leaders_only).map(|item| item.name.as_str()).collect()
}

async fn leaders_are_not_there_to_be_overseen(app: TestApp) {
    let world = app.world().await;
    let hr = app.client_of(HR).await;
    let read = async |court: Uuid| {
        let query = CourtQuery { court: Some(court) };
        hr.call::<ListDepartments>(Empty {}, query, Empty {}).await.expect("the departments")
    };
    assert_eq!(of_leaders(&read(world.court).await), ["院领导"], "the 政治部 has members beside its director");
    assert_eq!(of_leaders(&read(world.basic).await), ["院领导"]);
    let body = SetOversight { officer: OVERSEER.to_owned(), departments: vec![world.civil, world.political] };
    let set = hr.send::<SetOversights>(body).await.expect("set");
    assert_eq!(of_leaders(&set), ["院领导"]);
    let overseen = set.items.iter().filter(|item| item.overseer.as_deref() == Some(OVERSEER));
    assert_eq!(overseen.map(|item| item.id).collect::<BTreeSet<_>>(), BTreeSet::from([world.civil, world.political]));
}

async fn a_class_teacher_of_a_court_runs_its_classes(app: TestApp) {
    let world = app.world().await;
    let class = app.class(&world, 1, TestApp::DAY).await;
    let lesson = class.lessons[0];
    let admin = app.client_of(ADMIN).await;
    let give = async |officer: &str, court: Uuid| {
        let role = Role::ClassTeacher;
        let body = GiveRole {
            id: Uuid::new_v4(),
            officer: officer.to_owned(),
            role,
            court_id: Some(court),
            department_id: None,
        };
        admin.send::<CreateRoleGrant>(body).await.expect("given")
    };
    let (clerk, colleague) = (app.client_of(CLERK).await, app.client_of(COLLEAGUE).await);
    let board = async |client: &Client| client.get::<GetBoard>(ById { id: lesson }).await.map(|_| ());
    assert_eq!(board(&clerk).await.expect_err("no role yet").code, Code::NotAllowed);

    let grant = give(CLERK, world.court).await;
    assert_eq!((grant.role, grant.court_id), (Role::ClassTeacher, Some(world.court)));
    board(&clerk).await.expect("he runs the classes of the court");
    clerk.get::<GetAttendance>(ById { id: lesson }).await.expect("he sees who is there");
    give(COLLEAGUE, world.basic).await;
    assert_eq!(board(&colleague).await.expect_err("another court's class").code, Code::NotAllowed);
}
