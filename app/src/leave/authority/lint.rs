//! What is wrong with a matrix, in words: where nobody decides, where two bands say different things, what cannot be meant.
//!
//! A matrix that leaves somebody without an approver is not published. What the matrix itself cannot know, such as a
//! court without a president, the linter of definitions finds ([`crate::approval::lint`]).

use serde::{Deserialize, Serialize};

use super::bands::{LEAST, Range, pieces, read};
use super::{Approver, Band, Matrix};
use crate::leave::types::Catalogue;
use crate::org::rules::PostClass;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityFault))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The matrix or a column has no name, or two columns have one key.
    Untitled,
    /// A class of post has no row.
    NoRow,
    /// A type of leave has no column.
    NoColumn,
    /// A class or a type is listed twice.
    Double,
    /// A column lists a type that there is not.
    UnknownType,
    /// For these days nobody decides.
    Gap,
    /// For these days two bands say different things.
    Overlap,
    /// A band names nobody who decides.
    NoStep,
    /// 政治部, of which anybody decides, stands in a 会签, or somebody twice.
    BadStep,
    /// Somebody would decide on his own leave, so that another one would stand in for him.
    OwnPost,
    /// A band, a row or a column is never used.
    Unreachable,
    /// A longer leave goes less high than a shorter one.
    LowerAbove,
    /// The definition that comes of it has a fault of its own, such as a court without an approver.
    Definition,
}

impl Fault {
    /// Whether a matrix with it is not published.
    pub fn is_blocking(self) -> bool {
        !matches!(self, Self::Unreachable | Self::LowerAbove | Self::Definition)
    }
}

/// Something that is wrong with a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(as = AuthorityFinding))]
pub struct Finding {
    /// What.
    pub fault: Fault,
    /// Whether the matrix is not published with it.
    pub blocking: bool,
    /// The row at fault, by its place from 0, where it is one.
    pub row: Option<usize>,
    /// The column at fault, by its place from 0, where it is one.
    pub column: Option<usize>,
    /// The band at fault, by its place from 0 in its cell, where it is one.
    pub band: Option<usize>,
    /// The half days for which it happens, where it happens for some only.
    pub range: Option<Range>,
    /// What is wrong and what to do, in Chinese.
    pub text: String,
}

impl Finding {
    fn new(fault: Fault, text: impl Into<String>) -> Self {
        let blocking = fault.is_blocking();
        Self { fault, blocking, row: None, column: None, band: None, range: None, text: text.into() }
    }

    fn at(self, place: Place) -> Self {
        Self { row: Some(place.row), column: Some(place.column), ..self }
    }

    fn band(self, band: usize) -> Self {
        Self { band: Some(band), ..self }
    }

    fn range(self, range: Range) -> Self {
        Self { range: Some(range), ..self }
    }
}

/// A cell, by its places.
#[derive(Clone, Copy)]
struct Place {
    row: usize,
    column: usize,
}

/// What is wrong with a matrix for the types of an installation; what keeps it from being published first, then row by
/// row.
pub fn lint(matrix: &Matrix, types: &Catalogue) -> Vec<Finding> {
    let mut findings = of_columns(matrix, types);
    findings.extend(of_rows(matrix));
    for row in (0..matrix.rows.len()).filter(|row| !matrix.classes_of(*row).is_empty()) {
        for column in (0..matrix.columns.len()).filter(|column| speaks(matrix, types, *column)) {
            findings.extend(of_cell(matrix, types, Place { row, column }));
        }
    }
    findings.sort_by_key(|finding| !finding.blocking);
    findings
}

/// Whether a column speaks for a type.
fn speaks(matrix: &Matrix, types: &Catalogue, column: usize) -> bool {
    types.all().iter().any(|leave_type| matrix.column_of(&leave_type.name) == Some(column))
}

/// Whether days decide in a column: what counts none of them is always decided by the lowest band. The bands above it
/// have to be there all the same, since the engine takes nothing that leaves a number of days without an approver.
fn goes_by_days(matrix: &Matrix, types: &Catalogue, column: usize) -> bool {
    let mut own = types.all().iter().filter(|leave_type| matrix.column_of(&leave_type.name) == Some(column));
    own.any(|leave_type| leave_type.lane().is_absence())
}

fn of_columns(matrix: &Matrix, types: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = |column: usize, finding: Finding| Finding { column: Some(column), ..finding };
    if matrix.name.trim().is_empty() {
        findings.push(Finding::new(Fault::Untitled, "权限表没有名称，请补上"));
    }
    let lists = |place: usize, name: &str| {
        matrix.columns[..place].iter().any(|column| column.leave_types.iter().any(|other| other == name))
    };
    for (place, column) in matrix.columns.iter().enumerate() {
        if column.title.trim().is_empty() || column.key.trim().is_empty() {
            let text = format!("第{}列没有名称，请补上", place + 1);
            findings.push(at(place, Finding::new(Fault::Untitled, text)));
        }
        if matrix.columns[..place].iter().any(|other| other.key == column.key) {
            let text = format!("“{}”与另一列标识相同，请删除后重新添加", column.title);
            findings.push(at(place, Finding::new(Fault::Untitled, text)));
        }
        for (index, name) in column.leave_types.iter().enumerate() {
            if types.find(name).is_err() {
                let text = format!("“{}”列出的假别“{name}”不存在，请去掉", column.title);
                findings.push(at(place, Finding::new(Fault::UnknownType, text)));
            } else if lists(place, name) || column.leave_types[..index].contains(name) {
                let text = format!("{}列了两次，请只保留一处", types.title(name));
                findings.push(at(place, Finding::new(Fault::Double, text)));
            }
        }
        if !speaks(matrix, types, place) {
            let text = format!("“{}”没有对应的假别，不会用到", column.title);
            findings.push(at(place, Finding::new(Fault::Unreachable, text)));
        }
    }
    let missing = types.all().iter().filter(|leave_type| matrix.column_of(&leave_type.name).is_none());
    let missing = missing.map(|leave_type| leave_type.title.as_str()).collect::<Vec<_>>();
    if !missing.is_empty() {
        let text = format!("{}不在任何一列，没有人审批；请加入一列，或设“其他假别”", missing.join("、"));
        findings.push(Finding::new(Fault::NoColumn, text));
    }
    findings
}

fn of_rows(matrix: &Matrix) -> Vec<Finding> {
    let mut findings = Vec::new();
    let at = |row: usize, finding: Finding| Finding { row: Some(row), ..finding };
    for (place, row) in matrix.rows.iter().enumerate() {
        for (index, class) in row.classes.iter().enumerate() {
            let before = matrix.rows[..place].iter().any(|other| other.classes.contains(class));
            if before || row.classes[..index].contains(class) {
                let text = format!("{}列了两次，请只保留一处", class.text());
                findings.push(at(place, Finding::new(Fault::Double, text)));
            }
        }
        if matrix.classes_of(place).is_empty() {
            let text = format!("第{}行（{}）没有对应的职务，不会用到", place + 1, matrix.row_text(place));
            findings.push(at(place, Finding::new(Fault::Unreachable, text)));
        }
    }
    let missing = PostClass::ALL.iter().filter(|class| matrix.row_of(**class).is_none());
    let missing = missing.map(|class| class.text()).collect::<Vec<_>>();
    if !missing.is_empty() {
        let text = format!("{}没有对应的一行，请假没有人审批；请加入一行，或设“其他职务”", missing.join("、"));
        findings.push(Finding::new(Fault::NoRow, text));
    }
    findings
}

fn of_cell(matrix: &Matrix, types: &Catalogue, place: Place) -> Vec<Finding> {
    let bands = matrix.bands(place.row, place.column);
    let who = format!("{}请{}", matrix.row_text(place.row), matrix.columns[place.column].title);
    let mut findings = Vec::new();
    let pieces = pieces(bands);
    for (range, _) in pieces.iter().filter(|(_, band)| band.is_none()) {
        let text = format!("{who}，{}没有人审批，请补上这一档", range.text());
        findings.push(Finding::new(Fault::Gap, text).at(place).range(*range));
    }
    findings.extend(overlaps(bands).into_iter().map(|(one, other, range)| {
        let [said, said_too] = [one, other].map(|band| (bands[band].text_among(bands), bands[band].route.text()));
        let text = format!(
            "{who}，{}有两种规定：“{}”由{}审批，“{}”由{}审批；请改其中一档的天数",
            range.text(),
            said.0,
            said.1,
            said_too.0,
            said_too.1
        );
        Finding::new(Fault::Overlap, text).at(place).band(other).range(range)
    }));
    let goes_by_days = goes_by_days(matrix, types, place.column);
    for (index, band) in bands.iter().enumerate() {
        let is_used =
            |(range, used): &(Range, Option<usize>)| *used == Some(index) && (goes_by_days || range.contains(LEAST));
        if !pieces.iter().any(is_used) {
            let text = format!("{who}，“{}”这一档用不到，请删除或改天数", band.text_among(bands));
            findings.push(Finding::new(Fault::Unreachable, text).at(place).band(index));
        }
        let of_route = of_route(matrix, place.row, band);
        let at_band = |(fault, why): (Fault, String)| {
            Finding::new(fault, format!("{who}，“{}”{why}", band.text_among(bands))).at(place).band(index)
        };
        findings.extend(of_route.into_iter().map(at_band));
    }
    let routes = pieces.iter().filter_map(|(_, band)| *band);
    let levels = routes.filter_map(|band| Some((band, bands[band].route.level()?))).collect::<Vec<_>>();
    for pair in levels.windows(2) {
        let [(lower, below), (higher, above)] = [pair[0], pair[1]];
        if above < below {
            let [longer, shorter] = [higher, lower].map(|band| format!("“{}”", bands[band].text_among(bands)));
            let text = format!("{who}，{longer}天数更长，审批人却比{shorter}低，请核对");
            findings.push(Finding::new(Fault::LowerAbove, text).at(place).band(higher));
        }
    }
    findings
}

/// The stretches that two bands both have and say different things about.
fn overlaps(bands: &[Band]) -> Vec<(usize, usize, Range)> {
    let ranges = read(bands);
    let mut overlaps = Vec::new();
    for other in 0..bands.len() {
        for one in (0..other).filter(|one| bands[*one].route != bands[other].route) {
            overlaps.extend(ranges[one].shared(ranges[other]).map(|shared| (one, other, shared)));
        }
    }
    overlaps
}

/// What is wrong with who decides in a band, as the end of a sentence.
fn of_route(matrix: &Matrix, row: usize, band: &Band) -> Vec<(Fault, String)> {
    let mut faults = Vec::new();
    if band.route.steps.is_empty() || band.route.steps.iter().any(|step| step.approvers.is_empty()) {
        faults.push((Fault::NoStep, "没有写明由谁审批，请选择审批人".to_owned()));
    }
    for step in band.route.steps.iter().filter(|step| step.approvers.len() > 1) {
        if step.approvers.contains(&Approver::PoliticalDepartment) {
            faults.push((Fault::BadStep, "的会签里有政治部：政治部由任一人办理，请单列一步".to_owned()));
        }
    }
    let mut seen = Vec::new();
    for approver in band.route.steps.iter().flat_map(|step| &step.approvers) {
        if seen.contains(approver) {
            faults.push((Fault::BadStep, format!("里{}出现了两次，请只保留一处", approver.text())));
        }
        seen.push(*approver);
    }
    for class in matrix.classes_of(row) {
        let own = seen.iter().filter(|approver| approver.is_own_post_of(class)).map(|approver| approver.text());
        let own = own.collect::<Vec<_>>().join("、");
        if !own.is_empty() {
            let text = format!("由{own}审批，{}不能由本级审批自己的请假，请改由上一级审批", class.text());
            faults.push((Fault::OwnPost, text));
        }
    }
    faults
}
