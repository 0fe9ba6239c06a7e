//! Faults as people read them.

use super::Fault;
use crate::approval::definition::{Definition, Value, Values};

impl Fault {
    /// Its stable name, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateKey(_) => "duplicate_key",
            Self::UndeclaredField { .. } => "undeclared_field",
            Self::Untitled { .. } => "untitled",
            Self::MissingField { .. } => "missing_field",
            Self::UnfilledField { .. } => "unfilled_field",
            Self::OtherKind { .. } => "other_kind",
            Self::UnknownValue { .. } => "unknown_value",
            Self::EmptyRange { .. } => "empty_range",
            Self::RatioOutOfRange { .. } => "ratio_out_of_range",
            Self::NoApprover { .. } => "no_approver",
            Self::Unreachable { .. } => "unreachable",
            Self::Gap { .. } => "gap",
            Self::EmptyApprover { .. } => "empty_approver",
            Self::TooManyCases => "too_many_cases",
        }
    }

    /// The key of the node at fault, where it is one.
    pub fn node(&self) -> Option<&str> {
        match self {
            Self::UndeclaredField { node, .. }
            | Self::UnknownValue { node, .. }
            | Self::RatioOutOfRange { node }
            | Self::NoApprover { node }
            | Self::Unreachable { node }
            | Self::EmptyApprover { node, .. } => Some(node),
            _ => None,
        }
    }

    /// The key of the field at fault, where it is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::UndeclaredField { field, .. }
            | Self::MissingField { field }
            | Self::UnfilledField { field }
            | Self::OtherKind { field }
            | Self::UnknownValue { field, .. }
            | Self::EmptyRange { field } => Some(field),
            _ => None,
        }
    }

    /// The values for which it happens, where they are an example.
    pub fn example(&self) -> Option<&Values> {
        match self {
            Self::Gap { example } => Some(example),
            _ => None,
        }
    }

    /// What is wrong and what to do, in Chinese, with the titles of the definition.
    pub fn text(&self, definition: &Definition) -> String {
        let node = |key: &str| {
            let node = definition.nodes.iter().find(|node| node.key == key);
            format!("节点“{}”", node.map_or(key, |node| &node.title))
        };
        let field = |key| definition.title_of(key);
        match self {
            Self::DuplicateKey(key) => format!("标识“{key}”重复，请改成不同的标识"),
            Self::UndeclaredField { node: at, field: key } => {
                format!("{}用到的字段“{}”没有声明，或类型不符", node(at), field(key))
            }
            Self::Untitled { place } => format!("{place}没有名称或标识，请补上"),
            Self::MissingField { field: key } => format!("表单会填写字段“{key}”，流程必须声明它"),
            Self::UnfilledField { field: key } => format!("表单不填写字段“{}”，请从流程中去掉", field(key)),
            Self::OtherKind { field: key } => format!("字段“{}”的取值与表单不一致，请按表单声明", field(key)),
            Self::UnknownValue { node: at, field: key, value } => {
                format!("{}的条件中，“{}”没有取值“{value}”", node(at), field(key))
            }
            Self::EmptyRange { field: key } => format!("“{}”的范围是空的，没有任何取值符合", field(key)),
            Self::RatioOutOfRange { node: at } => format!("{}的会签比例应在 1% 到 100% 之间", node(at)),
            Self::NoApprover { node: at } => format!("{}没有可用的审批人规则，请至少选择一个", node(at)),
            Self::Unreachable { node: at } => format!("{}的条件永远不成立，不会用到", node(at)),
            Self::Gap { example } if example.is_empty() => "没有任何节点审批，请至少添加一个审批节点".to_owned(),
            Self::Gap { example } => format!("{}时没有节点审批，请补上条件", said(definition, example)),
            Self::EmptyApprover { node: at, unit, post } => {
                format!("{unit}申请时，{}找不到审批人：{post}空缺，且无人可代行", node(at))
            }
            Self::TooManyCases => "条件的组合太多，无法逐一检查，请简化条件".to_owned(),
        }
    }
}

/// Values in Chinese: 职务类别为一般干警、计假半天数为3.
fn said(definition: &Definition, values: &Values) -> String {
    let said = values.iter().map(|(key, value)| {
        let title = definition.title_of(key);
        match value {
            Value::Flag(true) => title.to_owned(),
            Value::Flag(false) => format!("非{title}"),
            Value::Integer(value) => format!("{title}为{value}"),
            Value::Choice(value) => format!("{title}为{}", definition.choice_title(key, value)),
            Value::People(people) => format!("{title}选择{}人", people.len()),
        }
    });
    said.collect::<Vec<_>>().join("、")
}
