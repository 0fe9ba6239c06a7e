//! Rule books to begin with, each with its source. Some leave gaps, as published: they are examples to mend. None of them
//! speaks of reports of leaving town (外出报备): the column for those is the product's, in each of them the same.

use super::{Approver, Band, Bound, Cell, Column, Matrix, Route, Row};
use crate::leave::types::LEAVING_TOWN;
use crate::org::rules::PostClass;
use Approver::{DepartmentHead, Overseer, PoliticalDepartment, President, PresidentAbove};

/// A rule book to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its stable name.
    pub name: &'static str,
    /// Its name on screen.
    pub title: &'static str,
    /// Where it comes from, and what was added to it.
    pub source: &'static str,
    /// The matrix.
    pub matrix: Matrix,
}

/// Every template, the sound one first.
pub fn all() -> Vec<Template> {
    vec![
        Template {
            name: "standard",
            title: "通用权限表",
            source: "随软件提供，没有空档：1天以内部门负责人，3天以内再报分管院领导，3天以上再报院长；外出报备由上一级审批，抄送政治部。全省各级法院共用一张，请按本省规定修改。",
            matrix: standard(),
        },
        Template {
            name: "jinghu_2012",
            title: "芜湖市镜湖区人民法院（2012年）",
            source: "该院2012年请销假规定（jhq.wuhucourt.gov.cn）。原文未写一般干警1天至2天、部门负责人半天至1天由谁审批，\
                     照原样录入，请补上；院长一行和外出报备一列为本系统所补。",
            matrix: jinghu(),
        },
        Template {
            name: "basic_2003",
            title: "某基层人民法院（2003年）",
            source: "该院2003年考勤规定（转载）。原文未写部门负责人不满1天和院领导由谁审批；院长一行和外出报备一列为本系统所补。",
            matrix: basic_2003(),
        },
        Template {
            name: "shihe_2017",
            title: "参照信阳市浉河区人民检察院（2017年）",
            source: "该院2017年规定，检察长、主管领导按法院对应职务录入；原文的空档（如部门负责人2.5天）照原样保留，\
                     另送监察部门的一份未录；院长一行和外出报备一列为本系统所补。",
            matrix: shihe_2017(),
        },
        Template {
            name: "county",
            title: "某县机关通用（3天、7天两档）",
            source: "县级机关样本（网络转载）：3天以内部门，4至7天分管领导，7天以上主要领导。原文只写工作人员，\
                     3.5天没有规定；其余各行和外出报备一列为本系统所补。",
            matrix: county(),
        },
    ]
}

const MEMBERS: [PostClass; 2] = [PostClass::Staff, PostClass::DepartmentDeputy];

/// The table that the built-in definition follows (design: a day by the next leader, three days by the one above, longer
/// by the president).
pub fn standard() -> Matrix {
    let members = vec![
        upto(2, &[DepartmentHead]),
        upto(6, &[DepartmentHead, Overseer]),
        over(6, &[DepartmentHead, Overseer, President]),
    ];
    let heads = vec![upto(2, &[Overseer]), over(2, &[Overseer, President])];
    let rows = [
        row(&MEMBERS, members),
        row(&[PostClass::DepartmentHead], heads),
        row(&[PostClass::CourtLeader], vec![any(&[President])]),
        president(),
    ];
    matrix(rows)
}

/// 芜湖市镜湖区法院, 2012: staff ≤½ day head, ≤1 day 分管院长, >2 days 院长; heads ≤½ day 分管院长, >1 day 院长;
/// vice-presidents 院长; slips to 政治处.
pub fn jinghu() -> Matrix {
    let members = vec![upto(1, &[DepartmentHead]), upto(2, &[Overseer]), over(4, &[President])];
    let heads = vec![upto(1, &[Overseer]), over(2, &[President])];
    let rows = [
        row(&MEMBERS, members),
        row(&[PostClass::DepartmentHead], heads),
        row(&[PostClass::CourtLeader], vec![any(&[President])]),
        president(),
    ];
    let mut matrix = matrix(rows);
    copied(&mut matrix, PoliticalDepartment);
    matrix
}

/// A basic court, 2003: <1 day the department, ≥1 day the department and then 分管院长, ≥3 days 院长; 庭长 ≥1 day 院长.
fn basic_2003() -> Matrix {
    let members = vec![
        band(None, Some(Bound::beyond(2)), &[DepartmentHead]),
        band(Some(Bound::at(2)), None, &[DepartmentHead, Overseer]),
        band(Some(Bound::at(6)), None, &[President]),
    ];
    let heads = vec![band(Some(Bound::at(2)), None, &[President])];
    let rows = [row(&MEMBERS, members), row(&[PostClass::DepartmentHead], heads), president()];
    matrix(rows)
}

/// 信阳浉河检察院, 2017: leaders ≥1 day 检察长; heads ≥3 检察长, ≤2 主管; others ≥2 主管, ≤1 the head; a copy to 政治处.
fn shihe_2017() -> Matrix {
    let members = vec![upto(2, &[DepartmentHead]), band(Some(Bound::at(4)), None, &[Overseer])];
    let heads = vec![upto(4, &[Overseer]), band(Some(Bound::at(6)), None, &[President])];
    let leaders = vec![band(Some(Bound::at(2)), None, &[President])];
    let rows = [
        row(&MEMBERS, members),
        row(&[PostClass::DepartmentHead], heads),
        row(&[PostClass::CourtLeader], leaders),
        president(),
    ];
    let mut matrix = matrix(rows);
    copied(&mut matrix, PoliticalDepartment);
    matrix
}

/// A county's offices: ≤3 days the department, 4–7 分管, >7 主要领导.
fn county() -> Matrix {
    let members = vec![
        upto(6, &[DepartmentHead]),
        band(Some(Bound::at(8)), Some(Bound::at(14)), &[Overseer]),
        over(14, &[President]),
    ];
    let heads = vec![upto(14, &[Overseer]), over(14, &[President])];
    let rows = [
        row(&MEMBERS, members),
        row(&[PostClass::DepartmentHead], heads),
        row(&[PostClass::CourtLeader], vec![any(&[President])]),
        president(),
    ];
    matrix(rows)
}

/// The key of the column for every type that no other one lists.
pub const EVERY_TYPE: &str = "every_type";

/// The key of the column for reports of leaving town.
const REPORTS: &str = "reports";

fn matrix(rows: impl IntoIterator<Item = Row>) -> Matrix {
    let every = Column { key: EVERY_TYPE.to_owned(), title: "各种假别".to_owned(), leave_types: Vec::new() };
    let title = LEAVING_TOWN.title.clone();
    let reports = Column { key: REPORTS.to_owned(), title, leave_types: vec![LEAVING_TOWN.name.clone()] };
    let mut rows = rows.into_iter().collect::<Vec<_>>();
    for row in &mut rows {
        row.cells.extend(report_cell(&row.classes));
    }
    Matrix { name: "请假审批".to_owned(), columns: vec![every, reports], rows }
}

/// A report goes to the next leader, however long it is for, and 政治部 gets a copy.
fn report_cell(classes: &[PostClass]) -> Option<Cell> {
    let mut leaders = Approver::ALL.into_iter().filter(|approver| approver.level().is_some());
    let next = leaders.find(|next| !classes.iter().any(|class| next.is_own_post_of(*class)))?;
    let mut band = any(&[next]);
    band.route.copies.push(PoliticalDepartment);
    Some(Cell { column: REPORTS.to_owned(), bands: vec![band] })
}

fn row(classes: &[PostClass], bands: Vec<Band>) -> Row {
    Row { classes: classes.to_vec(), cells: vec![Cell { column: EVERY_TYPE.to_owned(), bands }] }
}

fn president() -> Row {
    row(&[PostClass::President], vec![any(&[PresidentAbove])])
}

fn copied(matrix: &mut Matrix, to: Approver) {
    let cells = matrix.rows.iter_mut().flat_map(|row| &mut row.cells).filter(|cell| cell.column == EVERY_TYPE);
    cells.flat_map(|cell| &mut cell.bands).for_each(|band| band.route.copies.push(to));
}

fn band(from: Option<Bound>, to: Option<Bound>, approvers: &[Approver]) -> Band {
    Band { from, to, route: Route::through(approvers) }
}

fn upto(half_days: i64, approvers: &[Approver]) -> Band {
    band(None, Some(Bound::at(half_days)), approvers)
}

fn over(half_days: i64, approvers: &[Approver]) -> Band {
    band(Some(Bound::beyond(half_days)), None, approvers)
}

fn any(approvers: &[Approver]) -> Band {
    band(None, None, approvers)
}
