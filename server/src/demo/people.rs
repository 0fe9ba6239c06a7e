//! The people of the demonstration: courts, departments, officers, accounts, roles.

use app::account::rules::Role;
use app::day::Day;
use app::org::import::identity::check_character;
use app::org::rules::{Category, OfficerStatus, PostClass, Sex};
use uuid::Uuid;

use super::dice::Dice;
use super::words::{COURTS, DEPARTMENTS, GIVEN, SURNAMES};
use crate::entity::{account, court, department, officer, oversight, role_grant};
use crate::org::pinyin::initials;
use crate::secrets::Secrets;

/// What a demonstration is made from.
pub(super) struct Making<'m> {
    /// The keys.
    pub(super) secrets: &'m Secrets,
    /// The instant that it is made at, in milliseconds.
    pub(super) at: i64,
    /// The day that it is made on.
    pub(super) today: Day,
    /// The hash of the one password.
    pub(super) password_hash: String,
}

/// The people, row by row.
#[derive(Debug, Default)]
pub(super) struct Province {
    pub(super) courts: Vec<court::Model>,
    pub(super) departments: Vec<department::Model>,
    pub(super) officers: Vec<officer::Model>,
    pub(super) accounts: Vec<account::Model>,
    pub(super) oversights: Vec<oversight::Model>,
    pub(super) roles: Vec<role_grant::Model>,
    /// The accounts to try: the role's name on the command line and the officer's place in `officers`.
    pub(super) cast: Vec<(&'static str, usize)>,
}

/// The department of the officer to try, and of those who decide on his leave.
const STAGE: (usize, &str) = (1, "民事审判第一庭");

/// How many have retired.
const RETIRED: usize = 8;

/// Invents the people.
pub(super) fn people(making: &Making<'_>, dice: &mut Dice) -> Province {
    let mut province = Province::default();
    for (position, (name, level, parent, size)) in COURTS.iter().enumerate() {
        let id = dice.id();
        let parent_id = parent.map(|above: usize| province.courts[above].id);
        let (name, level) = ((*name).to_owned(), level.as_str().to_owned());
        province.courts.push(court::Model { id, name, level, parent_id, position: place(position) });
        for (position, (name, _, _)) in DEPARTMENTS.iter().enumerate() {
            let id_of_department = dice.id();
            let name = (*name).to_owned();
            province.departments.push(department::Model {
                id: id_of_department,
                court_id: id,
                name,
                position: place(position),
            });
        }
        staff_court(making, dice, &mut province, position, *size);
    }
    retire(&mut province);
    oversee(making, &mut province);
    open_accounts(making, &mut province);
    cast(making, dice, &mut province);
    province
}

fn place(position: usize) -> i32 {
    i32::try_from(position).unwrap_or(i32::MAX)
}

/// Leaders first, then a head and a deputy for each department, then everybody else, department by department.
fn staff_court(making: &Making<'_>, dice: &mut Dice, province: &mut Province, court: usize, size: usize) {
    let last_basic = court + 1 == COURTS.len();
    let mut posts: Vec<(usize, &str)> = ["院长", "副院长", "副院长", "副院长"].map(|post| (0, post)).to_vec();
    for (department, (name, head, deputy)) in DEPARTMENTS.iter().enumerate().skip(1) {
        // One post stays empty, so that the list of vacancies has something to show.
        if !(last_basic && *name == "督察室") {
            posts.push((department, head));
        }
        posts.push((department, deputy));
    }
    let others = size.saturating_sub(posts.len());
    posts.extend((0..others).map(|n| (1 + n % (DEPARTMENTS.len() - 1), "")));
    for (n, (department, post)) in posts.into_iter().enumerate() {
        let number = format!("{:02}{:04}", court + 1, n + 1);
        let officer = officer(making, dice, province, (court, department), number, post);
        province.officers.push(officer);
    }
}

fn officer(
    making: &Making<'_>,
    dice: &mut Dice,
    province: &Province,
    (court, department): (usize, usize),
    number: String,
    post: &str,
) -> officer::Model {
    let index = province.officers.len();
    let post_class = PostClass::from_post(post).expect("the demonstration uses posts that the table of posts has");
    let category = category(dice, post_class, DEPARTMENTS[department].0);
    let youngest = match post_class {
        PostClass::Staff => 24,
        PostClass::DepartmentDeputy => 35,
        _ => 42,
    };
    let age = dice.between(youngest, 58);
    let born = making.today.plus_years(-i32::try_from(age).unwrap_or(40)).plus(dice.between(-180, 180));
    let started = born.plus_years(23).plus(dice.between(-300, 400));
    let started = Day::new(started.year(), if dice.chance(80) { 7 } else { 3 }, 1).unwrap_or(started);
    let started = started.min(making.today.plus(-200));
    // The area code does not exist; the serial number makes each one different.
    let area = 999_999 - index / 1000;
    let born = format!("{:04}{:02}{:02}", born.year(), born.month(), born.day_of_month());
    let body = format!("{area}{born}{:03}", index % 1000);
    let sex = if (index % 1000) % 2 == 1 { Sex::Male } else { Sex::Female };
    let id_number = format!("{body}{}", char::from(check_character(body.as_bytes())));
    let seal = |text: &str| making.secrets.seal(text.as_bytes());
    let id = dice.id();
    let name = format!("{}{}", dice.pick(SURNAMES), dice.pick(GIVEN));
    officer::Model {
        id,
        number,
        initials: initials(&name),
        name,
        sex: sex.as_str().to_owned(),
        id_number: seal(&id_number),
        id_digest: making.secrets.digest(id_number.as_bytes()).to_vec(),
        court_id: province.courts[court].id,
        department_id: province.departments[court * DEPARTMENTS.len() + department].id,
        post: (!post.is_empty()).then(|| post.to_owned()),
        post_class: post_class.as_str().to_owned(),
        rank: rank(dice, category).map(str::to_owned),
        category: category.as_str().to_owned(),
        started_work_on: started.date(),
        joined_court_on: Some(started.plus(dice.between(0, 900)).min(making.today.plus(-100)).date()),
        phone: Some(seal(&format!("1300000{index:04}"))),
        political: Some((*dice.pick(&["中共党员", "中共党员", "中共党员", "群众"])).to_owned()),
        education: Some((*dice.pick(&["大学本科", "大学本科", "硕士研究生", "博士研究生"])).to_owned()),
        status: OfficerStatus::InService.as_str().to_owned(),
        updated_at: making.at,
    }
}

fn category(dice: &mut Dice, post: PostClass, department: &str) -> Category {
    let tries_cases = department.ends_with('庭') || department == "执行局";
    match department {
        _ if post == PostClass::President || post == PostClass::CourtLeader => Category::Judge,
        "司法警察支队" => Category::Bailiff,
        _ if tries_cases && post != PostClass::Staff => Category::Judge,
        _ if tries_cases => *dice.pick(&[
            Category::Judge,
            Category::Judge,
            Category::JudgeAssistant,
            Category::JudgeAssistant,
            Category::Clerk,
            Category::Clerk,
            Category::Contract,
        ]),
        _ if dice.chance(12) => Category::Contract,
        _ => Category::Administrative,
    }
}

fn rank(dice: &mut Dice, category: Category) -> Option<&'static str> {
    let ranks: &[&str] = match category {
        Category::Judge => &["四级高级法官", "一级法官", "二级法官", "三级法官"],
        Category::JudgeAssistant => &["一级法官助理", "二级法官助理", "三级法官助理"],
        Category::Clerk => &["一级书记员", "二级书记员"],
        Category::Administrative => &["四级调研员", "二级主任科员", "四级主任科员", "一级科员"],
        Category::Bailiff => &["四级警长", "一级警员", "二级警员"],
        Category::Contract => return None,
    };
    ranks.get(dice.below(ranks.len())).copied()
}

/// The last ones of the largest court have retired: they are in the records and cannot log in.
fn retire(province: &mut Province) {
    let end = COURTS[0].3;
    for officer in &mut province.officers[end - RETIRED..end] {
        officer.status = OfficerStatus::Retired.as_str().to_owned();
    }
}

/// The vice-presidents share the departments; the director of the political department oversees the secretariat.
fn oversee(making: &Making<'_>, province: &mut Province) {
    for court in &province.courts {
        let leaders: Vec<Uuid> = province
            .officers
            .iter()
            .filter(|officer| officer.court_id == court.id && officer.post.as_deref() == Some("副院长"))
            .map(|officer| officer.id)
            .collect();
        let departments = province.departments.iter().filter(|department| department.court_id == court.id).skip(1);
        let pairs = departments.enumerate().map(|(n, department)| oversight::Model {
            department_id: department.id,
            officer_id: leaders[n % leaders.len()],
            set_at: making.at,
        });
        province.oversights.extend(pairs);
    }
}

fn open_accounts(making: &Making<'_>, province: &mut Province) {
    let in_service = OfficerStatus::InService.as_str();
    let accounts =
        province.officers.iter().filter(|officer| officer.status == in_service).map(|officer| account::Model {
            officer_id: officer.id,
            password_hash: Some(making.password_hash.clone()),
            activation_digest: None,
            activation_expires_at: None,
            failures: 0,
            wait_until: None,
        });
    province.accounts = accounts.collect();
}

/// Chooses the accounts to try and gives the roles that are given.
fn cast(making: &Making<'_>, dice: &mut Dice, province: &mut Province) {
    let find = |court: usize, department: &str, post: &str| {
        let id = province.courts[court].id;
        let department = province
            .departments
            .iter()
            .find(|found| found.court_id == id && found.name == department)
            .map(|found| found.id);
        province.officers.iter().position(|officer| {
            Some(officer.department_id) == department && officer.post.as_deref().unwrap_or_default() == post
        })
    };
    let overseer = || {
        let head = find(STAGE.0, STAGE.1, "庭长")?;
        let department = province.officers[head].department_id;
        let oversight = province.oversights.iter().find(|oversight| oversight.department_id == department)?;
        province.officers.iter().position(|officer| officer.id == oversight.officer_id)
    };
    let clerk = find(STAGE.0, "刑事审判庭", "");
    let cast = [
        ("officer", find(STAGE.0, STAGE.1, "")),
        ("department-head", find(STAGE.0, STAGE.1, "庭长")),
        ("vice-president", overseer()),
        ("president", find(STAGE.0, "院领导", "院长")),
        ("hr", find(0, "政治部", "政治部主任")),
        ("department-clerk", clerk),
        ("class-teacher", find(0, "审判管理办公室", "主任")),
        ("trainee", find(STAGE.0, "行政审判庭", "庭长")),
        ("admin", find(0, "办公室", "主任")),
    ];
    let given = [
        (Role::Admin, find(0, "办公室", "主任")),
        (Role::TrainingAdmin, find(0, "政治部", "副主任")),
        (Role::Auditor, find(0, "督察室", "主任")),
        (Role::DepartmentClerk, clerk),
    ];
    province.cast = cast.into_iter().filter_map(|(role, found)| Some((role, found?))).collect();
    for (role, found) in given {
        let Some(officer) = found.map(|found| &province.officers[found]) else { continue };
        // A role of one department is over his own, the others are over the province.
        let own = role.is_of_a_department().then_some((officer.court_id, officer.department_id));
        let (court_id, department_id) = own.unzip();
        province.roles.push(role_grant::Model {
            id: dice.id(),
            officer_id: officer.id,
            role: role.as_str().to_owned(),
            court_id,
            given_at: making.at,
            department_id,
        });
    }
    // Long in service, so that whoever tries the product has leave to ask for.
    let veteran = Day::new(2003, 7, 1).expect("the day exists");
    for (_, place) in &province.cast {
        province.officers[*place].started_work_on = veteran.date();
        province.officers[*place].joined_court_on = Some(veteran.date());
    }
}
