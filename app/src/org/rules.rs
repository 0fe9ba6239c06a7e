//! The vocabulary of the court tree: levels, classes of post, categories of personnel.

use serde::{Deserialize, Serialize};

macro_rules! named {
    ($(#[$meta:meta])* $type:ident { $($(#[doc = $doc:literal])+ $variant:ident = $name:literal $text:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum $type { $($(#[doc = $doc])+ $variant,)+ }

        impl $type {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name as stored and as on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The value of this stored name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.as_str() == name)
            }

            /// The word that HR offices write.
            pub fn text(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The value that an HR office means by this word.
            pub fn from_text(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.text() == text)
            }
        }
    };
}

named! {
    /// The level of a court.
    CourtLevel {
        /// The high court of the province.
        High = "high" "高级",
        /// An intermediate court.
        Intermediate = "intermediate" "中级",
        /// A basic court.
        Basic = "basic" "基层",
    }
}

named! {
    /// The class of post, which decides who approves; the "rank" of the approval matrix. In ascending order.
    PostClass {
        /// 一般干警.
        Staff = "staff" "一般干警",
        /// 部门副职.
        DepartmentDeputy = "department_deputy" "部门副职",
        /// 部门负责人.
        DepartmentHead = "department_head" "部门负责人",
        /// 院领导 below the president: vice-presidents and the director of the political department.
        CourtLeader = "court_leader" "院领导",
        /// 院长.
        President = "president" "院长",
    }
}

impl PostClass {
    /// The class of a post as rosters name it (职务); an empty post is 一般干警. `None` for a name nobody knows.
    pub fn from_post(post: &str) -> Option<Self> {
        Some(match post {
            "" | "一般干警" | "干警" => Self::Staff,
            "部门副职" | "副庭长" | "副局长" | "副主任" | "副处长" => Self::DepartmentDeputy,
            "部门负责人" | "庭长" | "局长" | "主任" | "处长" => Self::DepartmentHead,
            "副院长" | "政治部主任" | "纪检组长" | "执行局局长" | "院领导" | "审判委员会专职委员" => {
                Self::CourtLeader
            }
            "院长" => Self::President,
            _ => return None,
        })
    }

    /// Whether this is the class of court leaders, who oversee departments.
    pub fn is_leader(self) -> bool {
        matches!(self, Self::CourtLeader | Self::President)
    }

    /// Whether who is of this class and holds this post heads the department that the roster lists him in: as its head,
    /// or as a court leader whose post is named after it, like a 政治部主任 in the 政治部.
    pub fn heads(self, post: Option<&str>, department: &str) -> bool {
        match self {
            Self::DepartmentHead => true,
            Self::CourtLeader => post.is_some_and(|post| post.starts_with(department)),
            _ => false,
        }
    }
}

/// Whether court leaders alone are in service in a department with these classes of post, as in 院领导. Nobody has to
/// oversee such a department. One that nobody is in is not meant.
pub fn is_leaders_only(posts: impl IntoIterator<Item = PostClass>) -> bool {
    let mut posts = posts.into_iter().peekable();
    posts.peek().is_some() && posts.all(PostClass::is_leader)
}

/// Who decides while nobody holds the post of a president or of a department's head, in words: the order that chains
/// follow. `is_top`: no court is above.
pub fn fallback_text(vacant: PostClass, is_top: bool) -> String {
    let department: &[&str] =
        if vacant == PostClass::President { &[] } else { &["部门副职", "分管院领导", "院长"] };
    let above: &[&str] = if is_top { &[] } else { &["上级法院院长"] };
    let order = [department, &["本院政治部主任"], above].concat();
    let in_turn = if order.len() > 1 { "依次" } else { "" };
    format!("由{}{in_turn}代为审批", order.join("、"))
}

/// The post of the head of the political department, who stands in for a president in the order of fallbacks.
pub const POLITICAL_DIRECTOR: &str = "政治部主任";

/// The department whose members are HR.
pub const POLITICAL_DEPARTMENT: &str = "政治部";

named! {
    /// The category of personnel (人员类别).
    Category {
        /// 法官.
        Judge = "judge" "法官",
        /// 法官助理.
        JudgeAssistant = "judge_assistant" "法官助理",
        /// 书记员.
        Clerk = "clerk" "书记员",
        /// 司法行政人员.
        Administrative = "administrative" "司法行政人员",
        /// 司法警察.
        Bailiff = "bailiff" "司法警察",
        /// 聘用制人员.
        Contract = "contract" "聘用制人员",
    }
}

named! {
    /// Whether an officer is in service.
    OfficerStatus {
        /// 在职.
        InService = "in_service" "在职",
        /// 退休: in the records, cannot log in.
        Retired = "retired" "退休",
    }
}

named! {
    /// Sex as in the identity papers.
    Sex {
        /// 男.
        Male = "male" "男",
        /// 女.
        Female = "female" "女",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_department_is_headed_by_its_head_or_by_the_leader_named_after_it() {
        let heads = |post: &str, department: &str| {
            PostClass::from_post(post).expect("a known post").heads(Some(post), department)
        };
        assert!(heads("庭长", "立案庭") && heads("政治部主任", "政治部") && heads("执行局局长", "执行局"));
        assert!(!heads("政治部主任", "院领导") && !heads("副院长", "政治部") && !heads("副主任", "政治部"));
        assert!(!PostClass::CourtLeader.heads(None, "政治部") && !PostClass::Staff.heads(None, "政治部"));
    }

    #[test]
    fn only_leaders_need_no_overseer() {
        use PostClass::{CourtLeader, DepartmentHead, President, Staff};
        assert!(is_leaders_only([President, CourtLeader]));
        assert!(!is_leaders_only([CourtLeader, Staff]) && !is_leaders_only([DepartmentHead]));
        assert!(!is_leaders_only([]), "who comes into an empty department needs one");
    }

    #[test]
    fn a_vacancy_names_everybody_who_stands_in() {
        use PostClass::{DepartmentHead, President};
        let head = "由部门副职、分管院领导、院长、本院政治部主任、上级法院院长依次代为审批";
        assert_eq!(fallback_text(DepartmentHead, false), head);
        assert_eq!(fallback_text(DepartmentHead, true), "由部门副职、分管院领导、院长、本院政治部主任依次代为审批");
        assert_eq!(fallback_text(President, false), "由本院政治部主任、上级法院院长依次代为审批");
        assert_eq!(fallback_text(President, true), "由本院政治部主任代为审批");
    }
}
