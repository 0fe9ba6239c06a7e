//! The approval authority of leave (审批权限): who decides, by class of post, type of leave and days.
//!
//! A [`Matrix`] is the table as a court's rule book has it: classes of post down, groups of types across, in each cell the
//! bands of days with who decides on them. It is data that HR edits; [`lint`] says where the rule book leaves somebody
//! without an approver or names two, [`compile`] makes a definition of the approval engine of it. Requests know nothing
//! of a matrix: they keep the plan of the definition's version that they were submitted under.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::account::rules::Role;
use crate::api::{Code, Problem};
use crate::approval::definition::{ApproverRule, Mode, NodeKind, Unit};
use crate::org::rules::PostClass;

pub mod bands;
pub mod changes;
pub mod compile;
pub mod lint;
pub mod templates;

use bands::{Range, pieces};

/// Who decides on leave, as a rule book has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityMatrix))]
#[serde(deny_unknown_fields)]
pub struct Matrix {
    /// The name of the definition that it is compiled to.
    pub name: String,
    /// The groups of types.
    pub columns: Vec<Column>,
    /// The classes of post.
    pub rows: Vec<Row>,
}

/// A group of types of leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityColumn))]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Its key, unique in the matrix; cells name it.
    pub key: String,
    /// Its name on screen.
    pub title: String,
    /// The types' names; none for every type that no other column lists.
    pub leave_types: Vec<String>,
}

/// Some classes of post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityRow))]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The classes; none for every class that no other row lists.
    pub classes: Vec<PostClass>,
    /// A cell for each column; a column without one says nothing.
    pub cells: Vec<Cell>,
}

/// What holds for some classes and some types.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityCell))]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// The column's key.
    pub column: String,
    /// The bands of days, in the order in which they are written.
    pub bands: Vec<Band>,
}

/// So many days, and who decides on them. What a rule book leaves out is read as it means it: without a lower bound a
/// band goes on where the one below it ends, without an upper bound it ends where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityBand))]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// The lower bound, where one is written.
    #[serde(default)]
    pub from: Option<Bound>,
    /// The upper bound, where one is written.
    #[serde(default)]
    pub to: Option<Bound>,
    /// Who decides.
    pub route: Route,
}

/// A bound as a rule book writes it: 2天以上 (included), 超过2天 (not included).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityBound))]
#[serde(deny_unknown_fields)]
pub struct Bound {
    /// So many half days.
    pub half_days: i64,
    /// Whether the band has them itself.
    pub included: bool,
}

/// Who decides, one step after the other, and who gets a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityRoute))]
#[serde(deny_unknown_fields)]
pub struct Route {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// Who gets a copy (抄送) once it is decided.
    #[serde(default)]
    pub copies: Vec<Approver>,
}

/// A step: one approver, or several who all have to approve (会签).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityStep))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Who.
    pub approvers: Vec<Approver>,
}

/// A post that decides, seen from the applicant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityApprover))]
#[serde(rename_all = "snake_case")]
pub enum Approver {
    /// 部门负责人.
    DepartmentHead,
    /// 政治部, any of its people.
    PoliticalDepartment,
    /// 分管院领导.
    Overseer,
    /// 院长.
    President,
    /// 上级法院院长.
    PresidentAbove,
}

impl Approver {
    /// Every approver, the lowest first.
    pub const ALL: [Self; 5] =
        [Self::DepartmentHead, Self::PoliticalDepartment, Self::Overseer, Self::President, Self::PresidentAbove];

    /// The name as on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DepartmentHead => "department_head",
            Self::PoliticalDepartment => "political_department",
            Self::Overseer => "overseer",
            Self::President => "president",
            Self::PresidentAbove => "president_above",
        }
    }

    /// The approver of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|approver| approver.as_str() == name)
    }

    /// The post in Chinese.
    pub fn text(self) -> &'static str {
        match self {
            Self::DepartmentHead => "部门负责人",
            Self::PoliticalDepartment => "政治部",
            Self::Overseer => "分管院领导",
            Self::President => "院长",
            Self::PresidentAbove => "上级法院院长",
        }
    }

    /// How high the approver stands: how many levels up from the applicant's department. 政治部 stands beside the line.
    pub fn level(self) -> Option<u8> {
        match self {
            Self::PoliticalDepartment => None,
            Self::DepartmentHead => Some(1),
            Self::Overseer => Some(2),
            Self::President => Some(3),
            Self::PresidentAbove => Some(4),
        }
    }

    /// Whether somebody of this class holds the asked post himself, so that another one would stand in for him. A court
    /// leader's department has no leader that oversees it.
    pub fn is_own_post_of(self, class: PostClass) -> bool {
        matches!(
            (self, class),
            (Self::DepartmentHead, PostClass::DepartmentHead | PostClass::CourtLeader | PostClass::President)
                | (Self::Overseer, PostClass::CourtLeader | PostClass::President)
                | (Self::President, PostClass::President)
        )
    }

    fn rule(self) -> ApproverRule {
        match self.level() {
            Some(levels) => ApproverRule::Leader { levels },
            None => ApproverRule::Role { role: Role::Hr, unit: Unit::Court },
        }
    }
}

impl Step {
    /// The step of one approver.
    pub fn of(approver: Approver) -> Self {
        Self { approvers: vec![approver] }
    }

    /// The step in Chinese: 部门负责人, 部门负责人、政治部会签.
    pub fn text(&self) -> String {
        let names = self.approvers.iter().map(|approver| approver.text()).collect::<Vec<_>>().join("、");
        if self.approvers.len() > 1 { format!("{names}会签") } else { names }
    }

    fn kind(&self) -> NodeKind {
        let mode = match self.approvers.as_slice() {
            // Whoever of 政治部 is there deals with it.
            [Approver::PoliticalDepartment] => Mode::Any,
            [_] => Mode::Single,
            _ => Mode::All,
        };
        NodeKind::Decide { approvers: self.approvers.iter().map(|approver| approver.rule()).collect(), mode }
    }
}

impl Route {
    /// The route through these approvers, one after the other.
    pub fn through(approvers: &[Approver]) -> Self {
        Self { steps: approvers.iter().map(|approver| Step::of(*approver)).collect(), copies: Vec::new() }
    }

    /// The route in Chinese: 部门负责人 → 分管院领导，抄送政治部.
    pub fn text(&self) -> String {
        let steps = self.steps.iter().map(Step::text).collect::<Vec<_>>().join(" → ");
        let copies = self.copies.iter().map(|copy| copy.text()).collect::<Vec<_>>().join("、");
        match (steps.is_empty(), copies.is_empty()) {
            (_, true) => steps,
            (true, false) => format!("抄送{copies}"),
            (false, false) => format!("{steps}，抄送{copies}"),
        }
    }

    /// How high the highest step stands.
    pub fn level(&self) -> Option<u8> {
        self.steps.iter().flat_map(|step| &step.approvers).filter_map(|approver| approver.level()).max()
    }
}

/// The most columns, rows, and bands of a cell: far beyond any rule book.
pub const MOST: usize = 24;

/// Where a matrix decides on something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The row, by its place.
    pub row: usize,
    /// The column, by its place.
    pub column: usize,
    /// The band, by its place in the cell.
    pub band: usize,
    /// The half days around it for which the same band decides.
    pub range: Range,
    /// Who decides.
    pub route: &'a Route,
}

impl Matrix {
    /// The row of a class: the first that lists it, else the first for every other class; by its place.
    pub fn row_of(&self, class: PostClass) -> Option<usize> {
        let listed = self.rows.iter().position(|row| row.classes.contains(&class));
        listed.or_else(|| self.rows.iter().position(|row| row.classes.is_empty()))
    }

    /// The column of a type, in the same way.
    pub fn column_of(&self, leave_type: &str) -> Option<usize> {
        let lists = |column: &Column| column.leave_types.iter().any(|name| name == leave_type);
        let listed = self.columns.iter().position(lists);
        listed.or_else(|| self.columns.iter().position(|column| column.leave_types.is_empty()))
    }

    /// The classes for which a row speaks.
    pub fn classes_of(&self, row: usize) -> Vec<PostClass> {
        PostClass::ALL.iter().copied().filter(|class| self.row_of(*class) == Some(row)).collect()
    }

    /// The bands of a row in a column; none where the cell says nothing.
    pub fn bands(&self, row: usize, column: usize) -> &[Band] {
        let Some((row, column)) = self.rows.get(row).zip(self.columns.get(column)) else { return &[] };
        row.cells.iter().find(|cell| cell.column == column.key).map_or(&[], |cell| &cell.bands)
    }

    /// What decides on so many half days of a type for somebody of a class; nothing where the matrix leaves a gap.
    pub fn decides(&self, class: PostClass, leave_type: &str, half_days: i64) -> Option<Hit<'_>> {
        let (row, column) = (self.row_of(class)?, self.column_of(leave_type)?);
        let bands = self.bands(row, column);
        let (range, band) = pieces(bands).into_iter().find(|(range, _)| range.contains(half_days))?;
        let band = band?;
        Some(Hit { row, column, band, range, route: &bands[band].route })
    }

    /// Refuses what no rule book is as large as. Error: [`Code::BadInput`].
    pub fn check_size(&self) -> Result<(), Box<Problem>> {
        let cells = self.rows.iter().flat_map(|row| &row.cells);
        let bands = cells.clone().flat_map(|cell| &cell.bands);
        let steps = bands.clone().flat_map(|band| &band.route.steps);
        let sizes = [self.columns.len(), self.rows.len()].into_iter();
        let sizes = sizes.chain(self.rows.iter().map(|row| row.cells.len().max(row.classes.len())));
        let sizes = sizes.chain(self.columns.iter().map(|column| column.leave_types.len()));
        let sizes = sizes.chain(cells.map(|cell| cell.bands.len()));
        let sizes = sizes.chain(bands.map(|band| band.route.steps.len().max(band.route.copies.len())));
        let mut sizes = sizes.chain(steps.map(|step| step.approvers.len()));
        if sizes.all(|size| size <= MOST) {
            return Ok(());
        }
        let text = format!("权限表太大：行、列、每格的档数和每档的审批步骤都不能超过{MOST}，请精简");
        Err(Box::new(Problem::new(Code::BadInput, text).at("matrix")))
    }

    /// The types that a column lists.
    fn listed(&self) -> BTreeSet<&str> {
        self.columns.iter().flat_map(|column| &column.leave_types).map(String::as_str).collect()
    }

    /// The name of a row in Chinese: 一般干警、部门副职; 其他职务.
    pub fn row_text(&self, row: usize) -> String {
        let Some(row) = self.rows.get(row) else { return String::new() };
        match (row.classes.as_slice(), self.rows.len()) {
            ([], 1) => "所有干警".to_owned(),
            ([], _) => "其他职务".to_owned(),
            (classes, _) => classes.iter().map(|class| class.text()).collect::<Vec<_>>().join("、"),
        }
    }
}

#[cfg(test)]
mod tests;
