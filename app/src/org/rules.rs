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
