//! The sheet 组织机构: the courts and who is above whom.

use std::collections::BTreeMap;

use crate::org::api::RejectedRow;
use crate::org::import::{Column, FileFault, REPEATED, Refusal, Row, Sheet, Table};
use crate::org::rules::CourtLevel;

/// The sheet's name.
pub const SHEET: &str = "组织机构";

const NAME: Column = Column::required("单位", &["单位名称", "法院", "法院名称"]);
const PARENT: Column = Column::required("上级单位", &["上级", "上级法院"]);
const LEVEL: Column = Column::required("层级", &["级别", "法院层级"]);

/// The columns in the order in which they are judged.
pub const COLUMNS: &[&Column] = &[&NAME, &PARENT, &LEVEL];

/// A court as the sheet names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CourtRow {
    /// The full name.
    pub name: String,
    /// The name of the court above; none at the top.
    pub parent: Option<String>,
    /// The level.
    pub level: CourtLevel,
}

/// Reads the tree, a parent before its children. `known` are the courts that are stored already: a parent may be one
/// of them, and the tree keeps one top.
///
/// # Errors
/// [`FileFault`]: the rows of the tree carry all the others, so that one bad row refuses the file. Beside unreadable
/// rows that is: a name that comes twice, a parent that does not exist or is not of a higher level, a second top.
pub fn judge(sheet: &Sheet, known: &[CourtRow]) -> Result<Vec<CourtRow>, FileFault> {
    let table = Table::find(sheet, COLUMNS)?;
    let mut courts = BTreeMap::<String, CourtLevel>::new();
    let mut judged = table.judge(|row| {
        let court = read(row)?;
        if courts.insert(court.name.clone(), court.level).is_some() {
            return Err(Refusal::at(&NAME, REPEATED));
        }
        Ok(court)
    });
    if judged.good.is_empty() && judged.rejected.is_empty() {
        return Err(FileFault::Other(format!("工作表“{}”中没有单位", sheet.name)));
    }
    for court in known {
        courts.entry(court.name.clone()).or_insert(court.level);
    }
    let known_top = known.iter().find(|court| court.parent.is_none()).map(|court| court.name.clone());
    let mut top = known_top.filter(|top| !judged.good.iter().any(|(_, court)| court.name == *top));
    for (number, court) in &judged.good {
        let fault = match &court.parent {
            None => match &top {
                Some(other) => Some((&PARENT, format!("空，而最上级已是{other}"))),
                None => {
                    top = Some(court.name.clone());
                    None
                }
            },
            Some(parent) => match courts.get(parent) {
                None => Some((&PARENT, "组织机构中没有".to_owned())),
                Some(level) if *level >= court.level => Some((&LEVEL, "不低于上级单位的层级".to_owned())),
                Some(_) => None,
            },
        };
        if let Some((column, why)) = fault {
            judged.rejected.push(RejectedRow { row: *number, column: Some(column.heading.to_owned()), why });
        }
    }
    if !judged.rejected.is_empty() {
        judged.rejected.sort_by_key(|row| row.row);
        return Err(FileFault::Rows { sheet: sheet.name.clone(), rejected: judged.rejected });
    }
    // Levels fall from parent to child, so that this order has every parent first and a ring is impossible.
    let mut tree: Vec<CourtRow> = judged.good.into_iter().map(|(_, court)| court).collect();
    tree.sort_by_key(|court| court.level);
    Ok(tree)
}

fn read(row: &mut Row<'_>) -> Result<CourtRow, Refusal> {
    let name = row.required(&NAME)?;
    let parent = row.text(&PARENT)?;
    let level = row.required(&LEVEL)?;
    let level = CourtLevel::from_text(&level).ok_or_else(|| Refusal::at(&LEVEL, "只能是高级、中级或基层"))?;
    Ok(CourtRow { name, parent, level })
}
