//! The sheet 干警花名册: the officers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::day::Day;
use crate::org::import::identity;
use crate::org::import::{Cell, Column, EMPTY, FileFault, Fix, Judged, REPEATED, Refusal, Row, Sheet, Table};
use crate::org::rules::{Category, OfficerStatus, PostClass, Sex};

/// The sheet's name.
pub const SHEET: &str = "干警花名册";

const NUMBER: Column = Column::required("工号", &["人员编号", "职工号"]);
const NAME: Column = Column::required("姓名", &[]);
const SEX: Column = Column::required("性别", &[]);
const ID_NUMBER: Column = Column::required("身份证号", &["身份证号码", "身份证", "公民身份号码"]);
const COURT: Column = Column::required("单位", &["单位名称", "法院", "所在法院"]);
const DEPARTMENT: Column = Column::required("部门", &["所在部门", "内设机构"]);
/// 职务.
pub const POST: Column = Column::optional("职务", &["现任职务"]);
/// 职级.
pub const RANK: Column = Column::optional("职级", &["职务职级"]);
const CATEGORY: Column = Column::required("人员类别", &["人员分类"]);
const STARTED: Column = Column::required("参加工作时间", &["参加工作日期", "参工时间"]);
/// 进入本院时间.
pub const JOINED: Column = Column::optional("进入本院时间", &["进入本院日期", "入院时间"]);
/// 手机号.
pub const PHONE: Column = Column::optional("手机号", &["手机号码", "手机", "联系电话"]);
/// 政治面貌.
pub const POLITICAL: Column = Column::optional("政治面貌", &[]);
/// 学历.
pub const EDUCATION: Column = Column::optional("学历", &["最高学历"]);
/// 状态.
pub const STATUS: Column = Column::optional("状态", &["人员状态", "在职状态"]);

/// The columns in the order in which a row is judged: the first that is at fault is named.
pub const COLUMNS: &[&Column] = &[
    &NUMBER,
    &NAME,
    &SEX,
    &ID_NUMBER,
    &COURT,
    &DEPARTMENT,
    &POST,
    &RANK,
    &CATEGORY,
    &STARTED,
    &JOINED,
    &PHONE,
    &POLITICAL,
    &EDUCATION,
    &STATUS,
];

/// An officer as the roster names him.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficerRow {
    /// 工号.
    pub number: String,
    /// The name.
    pub name: String,
    /// The sex.
    pub sex: Sex,
    /// The identity number, 18 characters.
    pub id_number: String,
    /// The court's name, which the tree has.
    pub court: String,
    /// The department's name.
    pub department: String,
    /// The post's name, where he holds one.
    pub post: Option<String>,
    /// The class of that post.
    pub post_class: PostClass,
    /// 职级.
    pub rank: Option<String>,
    /// 人员类别.
    pub category: Category,
    /// 参加工作时间.
    pub started_work_on: Day,
    /// 进入本院时间.
    pub joined_court_on: Option<Day>,
    /// The mobile number, 11 digits.
    pub phone: Option<String>,
    /// 政治面貌.
    pub political: Option<String>,
    /// 学历.
    pub education: Option<String>,
    /// In service or retired.
    pub status: OfficerStatus,
}

/// An officer who is stored already. Identity numbers are compared by digest, because they are not stored in the clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownOfficer {
    /// The court's name.
    pub court: String,
    /// The name.
    pub name: String,
    /// The digest of the identity number.
    pub id_digest: Vec<u8>,
}

/// What the roster is judged against.
pub struct Facts<'f> {
    /// The names of the courts of the tree.
    pub courts: &'f BTreeSet<String>,
    /// The stored officers by 工号.
    pub officers: &'f HashMap<String, KnownOfficer>,
    /// The day of the import.
    pub today: Day,
    /// The keyed digest of an identity number.
    pub digest: &'f dyn Fn(&str) -> Vec<u8>,
}

/// A good row with the digest of its identity number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GoodRow {
    /// The officer.
    pub officer: OfficerRow,
    /// The digest of the identity number.
    pub id_digest: Vec<u8>,
}

/// A roster that was judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Roster {
    /// The rows.
    pub judged: Judged<GoodRow>,
    /// Every 工号 that the file names, refused rows included.
    pub numbers: BTreeSet<String>,
    /// Every court that a good row names.
    pub courts: BTreeSet<String>,
    /// The headings of the optional columns that the file does not have: what is stored there stays.
    pub lacks: BTreeSet<&'static str>,
}

/// Judges a roster.
///
/// # Errors
/// [`FileFault`] when columns are missing or doubled.
pub fn judge(sheet: &Sheet, facts: &Facts<'_>) -> Result<Roster, FileFault> {
    let table = Table::find(sheet, COLUMNS)?;
    let holders: HashMap<&[u8], &str> =
        facts.officers.iter().map(|(number, known)| (known.id_digest.as_slice(), number.as_str())).collect();
    let mut above = BTreeMap::<String, Above>::new();
    let mut digests = HashMap::<Vec<u8>, String>::new();
    let judged = table.judge(|row| {
        let number = row.staff_number(&NUMBER)?;
        let here = Above::read(row);
        if let Some(first) = above.get(&number) {
            let clash = first.is_somebody_elsewhere(&here);
            return Err(Refusal::at(&NUMBER, if clash { OTHER_COURT } else { REPEATED }));
        }
        above.insert(number.clone(), here);
        let officer = read(row, number, facts)?;
        let id_digest = (facts.digest)(&officer.id_number);
        if let Some(known) = facts.officers.get(&officer.number).filter(|known| known.id_digest != id_digest) {
            if known.court != officer.court {
                return Err(Refusal::at(&NUMBER, OTHER_COURT));
            }
            // A corrected identity number keeps the name; another name as well is another person.
            if known.name != officer.name {
                return Err(Refusal::at(&NUMBER, "工号已属于另一人，不能转用"));
            }
        }
        let holder = holders.get(id_digest.as_slice()).copied().or(digests.get(&id_digest).map(String::as_str));
        if let Some(holder) = holder.filter(|holder| *holder != officer.number) {
            return Err(Refusal::at(&ID_NUMBER, format!("与工号 {holder} 的身份证号相同")));
        }
        digests.insert(id_digest.clone(), officer.number.clone());
        Ok(GoodRow { officer, id_digest })
    });
    let courts = judged.good.iter().map(|(_, row)| row.officer.court.clone()).collect();
    let lacks = COLUMNS.iter().filter(|column| !table.has(column)).map(|column| column.heading).collect();
    Ok(Roster { judged, numbers: above.into_keys().collect(), courts, lacks })
}

/// Two courts use one 工号 for two people.
const OTHER_COURT: &str = "其他法院已有此工号，请在工号前加本院代码";

/// What tells two rows with one 工号 apart.
struct Above {
    court: Option<String>,
    id_number: Option<String>,
}

impl Above {
    fn read(row: &Row<'_>) -> Self {
        let text = |column| match row.cell(column) {
            Ok(Cell::Text(text)) => Some(crate::org::import::text::clean_code(text).text.to_ascii_uppercase()),
            _ => None,
        };
        Self { court: text(&COURT), id_number: text(&ID_NUMBER) }
    }

    /// Whether the other row is another person at another court, rather than the same row again.
    fn is_somebody_elsewhere(&self, other: &Self) -> bool {
        let differ = |a: &Option<String>, b: &Option<String>| a.is_some() && b.is_some() && a != b;
        differ(&self.court, &other.court) && differ(&self.id_number, &other.id_number)
    }
}

fn read(row: &mut Row<'_>, number: String, facts: &Facts<'_>) -> Result<OfficerRow, Refusal> {
    let name = row.name(&NAME)?;
    let sex = row.required(&SEX)?;
    let sex = Sex::from_text(&sex).ok_or_else(|| Refusal::at(&SEX, "只能是男或女"))?;
    let id_number = id_number(row)?;
    let court = row.required(&COURT)?;
    if !facts.courts.contains(&court) {
        return Err(Refusal::at(&COURT, "组织机构中没有"));
    }
    let department = row.required(&DEPARTMENT)?;
    let post = row.text(&POST)?;
    let post_class = post_class(row, post.as_deref());
    let rank = row.text(&RANK)?;
    let category = row.required(&CATEGORY)?;
    let category = Category::from_text(&category).ok_or_else(|| Refusal::at(&CATEGORY, "没有这种人员类别"))?;
    let started_work_on = row.required_day(&STARTED)?;
    if started_work_on > facts.today {
        return Err(Refusal::at(&STARTED, AFTER_IMPORT));
    }
    let joined_court_on = row.day(&JOINED)?;
    if joined_court_on.is_some_and(|day| day > facts.today) {
        return Err(Refusal::at(&JOINED, AFTER_IMPORT));
    }
    let phone = phone(row)?;
    let political = row.text(&POLITICAL)?;
    let education = row.text(&EDUCATION)?;
    let status = match row.text(&STATUS)? {
        None => OfficerStatus::InService,
        Some(status) => OfficerStatus::from_text(&status).ok_or_else(|| Refusal::at(&STATUS, "只能是在职或退休"))?,
    };
    Ok(OfficerRow {
        number,
        name,
        sex,
        id_number,
        court,
        department,
        post,
        post_class,
        rank,
        category,
        started_work_on,
        joined_court_on,
        phone,
        political,
        education,
        status,
    })
}

const AFTER_IMPORT: &str = "晚于导入日";

/// A post that the table of posts does not have is kept as it is written and counts as 一般干警: an office invents
/// titles (三级主办, 联络员), and the report says so.
fn post_class(row: &mut Row<'_>, post: Option<&str>) -> PostClass {
    let post = post.unwrap_or_default();
    PostClass::from_post(post).unwrap_or_else(|| {
        row.fixed(Fix::UnknownPost(post.to_owned()));
        PostClass::Staff
    })
}

fn id_number(row: &mut Row<'_>) -> Result<String, Refusal> {
    if let Cell::Number(_) | Cell::Serial(_) = row.cell(&ID_NUMBER)? {
        return Err(Refusal::at(&ID_NUMBER, "Excel 已把号码变成数值，末位丢失"));
    }
    let mut number = row.code(&ID_NUMBER)?.ok_or_else(|| Refusal::at(&ID_NUMBER, EMPTY))?;
    if number.ends_with('x') {
        number.make_ascii_uppercase();
        row.fixed(Fix::Letters);
    }
    identity::check(&number).map_err(|why| Refusal::at(&ID_NUMBER, why))?;
    Ok(number)
}

/// A mobile number of the mainland: 11 digits that begin with 1; hyphens and +86 are taken away.
fn phone(row: &mut Row<'_>) -> Result<Option<String>, Refusal> {
    let Some(written) = row.code(&PHONE)? else {
        return Ok(None);
    };
    let plain: String = written.chars().filter(|c| !matches!(c, '-' | '－' | '—')).collect();
    let local = plain.strip_prefix("+86").or_else(|| plain.strip_prefix("0086")).unwrap_or(&plain).to_owned();
    if local.len() != 11 || !local.starts_with('1') || !local.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::at(&PHONE, "应为 11 位手机号"));
    }
    if local != written {
        row.fixed(Fix::PhoneMarks);
    }
    Ok(Some(local))
}
