//! A tiny province: three courts, one officer in every kind of post, a class of any size.
//!
//! The rows are written straight into the tables, so that a test about leave does not depend on imports.

use std::collections::HashMap;
use std::sync::OnceLock;

use app::account::api::SessionMode;
use app::day::{Day, Timestamp};
use app::org::rules::{Category, CourtLevel, OfficerStatus, PostClass};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use server::entity::{
    account, court, department, lesson, officer, oversight, role_grant, session, trainee, training_class,
};
use server::session::Opened;
use time::Date;
use uuid::Uuid;

use crate::client::Client;
use crate::test_app::TestApp;

/// The password of every account that a test's world makes.
pub const PASSWORD: &str = "world of a test";

/// 书记员 of the first civil division, sixteen years in service: ten workdays of annual leave.
pub const CLERK: &str = "200001";
/// Another 一般干警 of the same division.
pub const COLLEAGUE: &str = "200002";
/// 副庭长 of the first civil division.
pub const DEPUTY: &str = "200003";
/// 庭长 of the first civil division.
pub const HEAD: &str = "200004";
/// 副院长 who oversees both divisions.
pub const OVERSEER: &str = "200005";
/// 院长 of the intermediate court.
pub const PRESIDENT: &str = "200006";
/// 政治部主任.
pub const DIRECTOR: &str = "200007";
/// 干警 of the 政治部.
pub const HR: &str = "200008";
/// 庭长 of the criminal division.
pub const OTHER_HEAD: &str = "200009";
/// 班主任 of every class that [`TestApp::class`] makes.
pub const TEACHER: &str = "200010";
/// A given 教育培训管理员 of the intermediate court.
pub const TRAINING_ADMIN: &str = "200011";
/// A given 系统管理员 of the province.
pub const ADMIN: &str = "200012";
/// A given 审计员 of the province.
pub const AUDITOR: &str = "200013";
/// 院长 of the high court.
pub const HIGH_PRESIDENT: &str = "100001";
/// 政治部主任 of the high court.
pub const HIGH_DIRECTOR: &str = "100002";
/// 书记员 of the basic court below.
pub const BASIC_CLERK: &str = "300001";
/// 庭长 there.
pub const BASIC_HEAD: &str = "300002";
/// 院长 there.
pub const BASIC_PRESIDENT: &str = "300003";
/// 干警 of the 政治部 there.
pub const BASIC_HR: &str = "300004";
/// 书记员 of a basic court that lies below another intermediate court.
pub const FOREIGN_CLERK: &str = "400001";

/// The ids of the places.
#[derive(Clone, Debug)]
pub struct World {
    /// The high court.
    pub high: Uuid,
    /// The intermediate court in which most of the people are.
    pub court: Uuid,
    /// The basic court below it.
    pub basic: Uuid,
    /// A basic court elsewhere.
    pub foreign: Uuid,
    /// The first civil division of the intermediate court.
    pub civil: Uuid,
    /// Its criminal division.
    pub criminal: Uuid,
    /// Its political department.
    pub political: Uuid,
}

/// A class with its lessons of one day.
#[derive(Clone, Debug)]
pub struct Class {
    /// The class's id.
    pub id: Uuid,
    /// 09:00 to 10:30, 10:40 to 12:00, 14:30 to 17:00.
    pub lessons: [Uuid; 3],
    /// The 工号 of the trainees.
    pub trainees: Vec<String>,
}

/// The hash of [`PASSWORD`], made once in a process.
fn password_hash() -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| server::account::password::hash_now(PASSWORD).expect("a password can be hashed")).clone()
}

impl TestApp {
    /// Fills the database with the tiny province. Everybody in it can log in with [`PASSWORD`].
    pub async fn world(&self) -> World {
        let high = self.court("江南省高级人民法院", CourtLevel::High, None).await;
        let court = self.court("江州市中级人民法院", CourtLevel::Intermediate, Some(high)).await;
        let basic = self.court("江州市城东区人民法院", CourtLevel::Basic, Some(court)).await;
        let other = self.court("湖州市中级人民法院", CourtLevel::Intermediate, Some(high)).await;
        let foreign = self.court("湖州市城西区人民法院", CourtLevel::Basic, Some(other)).await;

        let leaders = self.department(court, "院领导").await;
        let civil = self.department(court, "民事审判第一庭").await;
        let criminal = self.department(court, "刑事审判庭").await;
        let political = self.department(court, "政治部").await;
        self.officer_in(court, civil, CLERK, "周书记", "", Category::Clerk).await;
        self.officer_in(court, civil, COLLEAGUE, "吴同事", "", Category::JudgeAssistant).await;
        self.officer_in(court, civil, DEPUTY, "郑副庭", "副庭长", Category::Judge).await;
        self.officer_in(court, civil, HEAD, "王庭长", "庭长", Category::Judge).await;
        self.officer_in(court, leaders, OVERSEER, "冯分管", "副院长", Category::Judge).await;
        self.officer_in(court, leaders, PRESIDENT, "陈院长", "院长", Category::Judge).await;
        self.officer_in(court, political, DIRECTOR, "褚主任", "政治部主任", Category::Administrative).await;
        self.officer_in(court, political, HR, "卫人事", "", Category::Administrative).await;
        self.officer_in(court, criminal, OTHER_HEAD, "蒋庭长", "庭长", Category::Judge).await;
        self.officer_in(court, criminal, TEACHER, "沈班主", "", Category::Administrative).await;
        self.officer_in(court, criminal, TRAINING_ADMIN, "韩教培", "", Category::Administrative).await;
        self.officer_in(court, criminal, ADMIN, "杨管理", "", Category::Administrative).await;
        self.officer_in(court, criminal, AUDITOR, "朱审计", "", Category::Administrative).await;

        let high_leaders = self.department(high, "院领导").await;
        let high_political = self.department(high, "政治部").await;
        self.officer_in(high, high_leaders, HIGH_PRESIDENT, "秦院长", "院长", Category::Judge).await;
        self.officer_in(high, high_political, HIGH_DIRECTOR, "尤主任", "政治部主任", Category::Administrative).await;

        let basic_leaders = self.department(basic, "院领导").await;
        let basic_civil = self.department(basic, "民事审判庭").await;
        let basic_political = self.department(basic, "政治部").await;
        self.officer_in(basic, basic_civil, BASIC_CLERK, "许书记", "", Category::Clerk).await;
        self.officer_in(basic, basic_civil, BASIC_HEAD, "何庭长", "庭长", Category::Judge).await;
        self.officer_in(basic, basic_leaders, BASIC_PRESIDENT, "吕院长", "院长", Category::Judge).await;
        self.officer_in(basic, basic_political, BASIC_HR, "施人事", "", Category::Administrative).await;

        let foreign_civil = self.department(foreign, "民事审判庭").await;
        self.officer_in(foreign, foreign_civil, FOREIGN_CLERK, "张书记", "", Category::Clerk).await;

        for department in [civil, criminal] {
            self.oversee(department, OVERSEER).await;
        }
        self.give_role(TRAINING_ADMIN, "training_admin", Some(court)).await;
        self.give_role(ADMIN, "admin", None).await;
        self.give_role(AUDITOR, "auditor", None).await;
        self.give_accounts().await;
        World { high, court, basic, foreign, civil, criminal, political }
    }

    /// Adds a court.
    pub async fn court(&self, name: &str, level: CourtLevel, parent: Option<Uuid>) -> Uuid {
        let row = court::Model {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            level: level.as_str().to_owned(),
            parent_id: parent,
            position: 1,
        };
        court::Entity::insert(row.clone().into_active_model())
            .exec_without_returning(self.writer())
            .await
            .expect("a court is stored");
        row.id
    }

    /// Adds a department.
    pub async fn department(&self, court: Uuid, name: &str) -> Uuid {
        let row = department::Model { id: Uuid::new_v4(), court_id: court, name: name.to_owned(), position: 1 };
        let insert = department::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("a department is stored");
        row.id
    }

    /// Adds an officer in service since July 2010. The class of post follows from the post, as in an import.
    pub async fn officer_in(
        &self,
        court: Uuid,
        department: Uuid,
        number: &str,
        name: &str,
        post: &str,
        category: Category,
    ) -> Uuid {
        let row = self.officer_row(court, department, number, name, post, category);
        let id = row.id;
        let insert = officer::Entity::insert(row.into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("an officer is stored");
        id
    }

    fn officer_row(
        &self,
        court: Uuid,
        department: Uuid,
        number: &str,
        name: &str,
        post: &str,
        category: Category,
    ) -> officer::Model {
        let identity = format!("999999198001{number}");
        let secrets = &self.state.secrets;
        let class = PostClass::from_post(post).unwrap_or_else(|| panic!("no such post: {post}"));
        officer::Model {
            id: Uuid::new_v4(),
            number: number.to_owned(),
            name: name.to_owned(),
            sex: "female".to_owned(),
            id_number: secrets.seal(identity.as_bytes()),
            id_digest: secrets.digest(identity.as_bytes()).to_vec(),
            court_id: court,
            department_id: department,
            post: (!post.is_empty()).then(|| post.to_owned()),
            post_class: class.as_str().to_owned(),
            rank: None,
            category: category.as_str().to_owned(),
            started_work_on: date("2010-07-01"),
            joined_court_on: Some(date("2010-07-01")),
            phone: Some(secrets.seal(format!("13000{number}").as_bytes())),
            political: None,
            education: None,
            status: OfficerStatus::InService.as_str().to_owned(),
            updated_at: self.now().millis(),
            initials: server::org::pinyin::initials(name),
        }
    }

    /// Sets who oversees a department.
    pub async fn oversee(&self, department: Uuid, number: &str) {
        let row = oversight::Model {
            department_id: department,
            officer_id: self.officer(number).await.id,
            set_at: self.now().millis(),
        };
        let insert = oversight::Entity::insert(row.into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("an oversight is stored");
    }

    /// Gives a role over a court and those below it, or over the province.
    pub async fn give_role(&self, number: &str, role: &str, court: Option<Uuid>) {
        let row = role_grant::Model {
            id: Uuid::new_v4(),
            officer_id: self.officer(number).await.id,
            role: role.to_owned(),
            court_id: court,
            given_at: self.now().millis(),
            department_id: None,
        };
        let insert = role_grant::Entity::insert(row.into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("a role is stored");
    }

    /// Gives everybody in service who has none an account with [`PASSWORD`].
    pub async fn give_accounts(&self) {
        let read = self.state.database.read();
        let having = account::Entity::find().all(read).await.expect("the database answers");
        let having: HashMap<Uuid, ()> = having.into_iter().map(|row| (row.officer_id, ())).collect();
        let officers = officer::Entity::find()
            .filter(officer::Column::Status.eq(OfficerStatus::InService.as_str()))
            .all(read)
            .await
            .expect("the database answers");
        let hash = password_hash();
        let rows = officers.iter().filter(|row| !having.contains_key(&row.id)).map(|row| account::ActiveModel {
            officer_id: Set(row.id),
            password_hash: Set(Some(hash.clone())),
            activation_digest: Set(None),
            activation_expires_at: Set(None),
            failures: Set(0),
            wait_until: Set(None),
        });
        let rows: Vec<_> = rows.collect();
        for chunk in rows.chunks(500) {
            let insert = account::Entity::insert_many(chunk.to_vec());
            insert.exec_without_returning(self.writer()).await.expect("accounts are stored");
        }
    }

    /// Adds a class of so many trainees from the basic court, taught by [`TEACHER`], with three lessons on this day:
    /// sign-in opens 30 minutes before and is late from 10 minutes after the beginning. Asks for a [`World`] first.
    pub async fn class(&self, world: &World, trainees: usize, day: &str) -> Class {
        let earlier =
            training_class::Entity::find().all(self.state.database.read()).await.expect("the database answers");
        let issue = earlier.len() + 1;
        let department = self.department(world.basic, &format!("审判业务{issue}组")).await;
        let taken = officer::Entity::find()
            .filter(officer::Column::Number.starts_with("7"))
            .all(self.state.database.read())
            .await
            .expect("the database answers")
            .len();
        let people = (taken + 1..=taken + trainees).map(|position| {
            let number = format!("7{position:05}");
            self.officer_row(world.basic, department, &number, &format!("学员{position}"), "", Category::Judge)
        });
        let people: Vec<officer::Model> = people.collect();
        for chunk in people.chunks(500) {
            let insert = officer::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model));
            insert.exec_without_returning(self.writer()).await.expect("trainees are stored");
        }
        self.give_accounts().await;

        let id = Uuid::new_v4();
        let class = training_class::Model {
            id,
            name: format!("审判业务骨干培训班（第{issue}期）"),
            court_id: world.court,
            place: "国家法官学院江南分院".to_owned(),
            from_day: date(day),
            to_day: date(day),
            quota: i32::try_from(trainees).expect("a class is small"),
            teacher_id: self.officer(TEACHER).await.id,
            opens_before_minutes: 30,
            late_after_minutes: 10,
        };
        let insert = training_class::Entity::insert(class.into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("a class is stored");
        let rows = people.iter().zip(1..).map(|(person, position)| {
            let row =
                trainee::Model { class_id: id, officer_id: person.id, group_name: "第一组".to_owned(), position };
            row.into_active_model()
        });
        let rows: Vec<_> = rows.collect();
        for chunk in rows.chunks(500) {
            let insert = trainee::Entity::insert_many(chunk.to_vec());
            insert.exec_without_returning(self.writer()).await.expect("the list is stored");
        }
        let lessons = [
            self.lesson(id, 1, "民法典合同编的适用", crate::at(day, 9, 0), crate::at(day, 10, 30)).await,
            self.lesson(id, 2, "裁判文书说理", crate::at(day, 10, 40), crate::at(day, 12, 0)).await,
            self.lesson(id, 3, "庭审驾驭", crate::at(day, 14, 30), crate::at(day, 17, 0)).await,
        ];
        Class { id, lessons, trainees: people.into_iter().map(|person| person.number).collect() }
    }

    /// Puts somebody on the list of a class.
    pub async fn add_trainee(&self, class: Uuid, number: &str) {
        let officer_id = self.officer(number).await.id;
        let row = trainee::Model { class_id: class, officer_id, group_name: "第二组".to_owned(), position: 1000 };
        let insert = trainee::Entity::insert(row.into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("the list is stored");
    }

    /// Adds a lesson to a class.
    pub async fn lesson(&self, class: Uuid, position: i32, title: &str, starts: Timestamp, ends: Timestamp) -> Uuid {
        let row = lesson::Model {
            id: Uuid::new_v4(),
            class_id: class,
            position,
            title: title.to_owned(),
            lecturer: "孔讲师".to_owned(),
            lecturer_unit: "江南大学法学院".to_owned(),
            room: "一号报告厅".to_owned(),
            starts_at: starts.millis(),
            ends_at: ends.millis(),
            credit_halves: 6,
            rating_closed_at: None,
            ratings_counted: false,
        };
        let insert = lesson::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(self.writer()).await.expect("a lesson is stored");
        row.id
    }

    /// Clients of many officers, each with a session of its own and on a device of its own, made in few statements.
    pub async fn clients_of(&self, numbers: &[String]) -> Vec<Client> {
        let opened = self.open_sessions(numbers).await;
        let client = |(number, opened): (&String, Opened)| {
            self.client().in_session(&self.state, opened.id).with_device(&format!("device-{number}"))
        };
        numbers.iter().zip(opened).map(client).collect()
    }

    /// Access tokens of many officers, each of a session of its own; good for a quarter of an hour.
    pub async fn tokens_of(&self, numbers: &[String]) -> Vec<String> {
        let opened = self.open_sessions(numbers).await;
        let token = |opened: Opened| opened.reply("", Vec::new(), SessionMode::Bearer).access_token;
        opened.into_iter().map(|opened| token(opened).expect("a bearer session has a token")).collect()
    }

    async fn open_sessions(&self, numbers: &[String]) -> Vec<Opened> {
        let officers = officer::Entity::find().all(self.state.database.read()).await.expect("the database answers");
        let ids: HashMap<&str, Uuid> = officers.iter().map(|row| (row.number.as_str(), row.id)).collect();
        let open = |number: &String| {
            let officer = *ids.get(number.as_str()).unwrap_or_else(|| panic!("no officer {number}"));
            server::session::open(&self.state, officer, SessionMode::Bearer, "测试").expect("a token can be signed")
        };
        let (rows, opened): (Vec<_>, Vec<_>) = numbers.iter().map(open).unzip();
        for chunk in rows.chunks(500) {
            let insert = session::Entity::insert_many(chunk.to_vec());
            insert.exec_without_returning(self.writer()).await.expect("sessions are stored");
        }
        opened
    }

    fn writer(&self) -> &sea_orm::DatabaseConnection {
        self.state.database.write()
    }
}

fn date(day: &str) -> Date {
    day.parse::<Day>().expect("a day like 2026-11-23").date()
}
