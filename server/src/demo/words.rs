//! What the invented province is called. No court, town or person of these names is meant.

use app::org::rules::CourtLevel;

/// The courts with the position of the court above and how many officers they have.
pub(super) const COURTS: [(&str, CourtLevel, Option<usize>, usize); 12] = [
    ("澜江省高级人民法院", CourtLevel::High, None, 236),
    ("清源市中级人民法院", CourtLevel::Intermediate, Some(0), 140),
    ("望海市中级人民法院", CourtLevel::Intermediate, Some(0), 140),
    ("松岭市中级人民法院", CourtLevel::Intermediate, Some(0), 140),
    ("清源市河湾区人民法院", CourtLevel::Basic, Some(1), 68),
    ("清源市桥南区人民法院", CourtLevel::Basic, Some(1), 68),
    ("石泉县人民法院", CourtLevel::Basic, Some(1), 68),
    ("望海市滨港区人民法院", CourtLevel::Basic, Some(2), 68),
    ("望海市渔洲区人民法院", CourtLevel::Basic, Some(2), 68),
    ("沙屿县人民法院", CourtLevel::Basic, Some(2), 68),
    ("松岭市林城区人民法院", CourtLevel::Basic, Some(3), 68),
    ("梅坞县人民法院", CourtLevel::Basic, Some(3), 68),
];

/// The departments with the posts of their head and deputy. The leaders' own department comes first and has neither.
pub(super) const DEPARTMENTS: [(&str, &str, &str); 12] = [
    ("院领导", "", ""),
    ("政治部", "政治部主任", "副主任"),
    ("办公室", "主任", "副主任"),
    ("立案庭", "庭长", "副庭长"),
    ("刑事审判庭", "庭长", "副庭长"),
    ("民事审判第一庭", "庭长", "副庭长"),
    ("民事审判第二庭", "庭长", "副庭长"),
    ("行政审判庭", "庭长", "副庭长"),
    ("执行局", "局长", "副局长"),
    ("审判管理办公室", "主任", "副主任"),
    ("督察室", "主任", "副主任"),
    ("司法警察支队", "部门负责人", "部门副职"),
];

pub(super) const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭",
    "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏", "薛", "叶", "阎", "余", "潘", "杜", "戴", "夏", "钟", "汪", "田",
    "任", "姜", "范", "方", "石", "姚", "谭", "廖", "邹", "熊", "金", "陆", "郝", "孔", "白", "崔", "康", "毛", "邱",
    "秦", "江", "史", "顾", "侯", "邵", "孟", "龙", "万", "段", "欧阳", "上官", "司马",
];

pub(super) const GIVEN: &[&str] = &[
    "明", "华", "建国", "丽", "敏", "静", "强", "磊", "洋", "艳", "勇", "军", "杰", "娟", "涛", "超", "秀英", "霞",
    "平", "刚", "桂芳", "文博", "思远", "子涵", "雨桐", "晓东", "志强", "海燕", "立新", "春梅", "国庆", "红梅", "佳怡",
    "俊杰", "浩然", "天宇", "梦洁", "雪莹", "家豪", "嘉诚", "婷", "鹏", "飞", "宁", "琳", "倩", "斌", "辉", "颖",
    "晨曦", "一帆", "若曦", "景行", "怀瑾", "知远", "望舒", "清扬", "书瑶", "亦心", "可为",
];

pub(super) const REASONS: &[(&str, &str)] = &[
    ("annual", "回老家看望父母"),
    ("annual", "陪孩子参加学校活动"),
    ("annual", "家庭出行"),
    ("annual", "调休休整"),
    ("annual", "孩子开学安顿"),
    ("annual", "陪老人体检"),
    ("personal", "办理房屋过户手续"),
    ("personal", "家中老人住院陪护"),
    ("personal", "参加孩子家长会"),
    ("personal", "家中水管维修"),
    ("sick", "感冒发烧，医嘱休息"),
    ("sick", "腰椎复诊和理疗"),
    ("sick", "牙科手术"),
    ("sick", "肠胃炎"),
    ("leaving_town", "周末探望父母"),
    ("leaving_town", "周末带孩子出游"),
];

pub(super) const DESTINATIONS: &[&str] = &["本市", "本市", "清源市", "望海市", "松岭市", "省内老家", "外省"];

/// Where somebody goes who reports that he leaves town, and how to reach him there.
pub(super) const OUT_OF_TOWN: &[&str] = &["清源市", "望海市", "松岭市"];
pub(super) const CONTACT: &str = "本人手机，保持畅通";

pub(super) const REFUSALS: &[&str] =
    &["当天排有庭审，请调整到下周", "部门同时休假人员较多，请与同事错开", "专项工作收尾期间，请推后几天"];

/// The class, its lessons in the order of time, who teaches them.
pub(super) const CLASS: &str = "全省法院政治工作数字化培训班（演示）";
pub(super) const EARLIER_CLASS: &str = "新任庭长审判管理轮训班（演示）";
pub(super) const PLACE: &str = "澜江法官学院";
pub(super) const ROOMS: &[&str] = &["明德厅", "一号报告厅", "208 教室"];

pub(super) const LESSONS: [(&str, &str, &str); 12] = [
    ("开班式与培训说明", "程立言", "澜江省高级人民法院"),
    ("数字法院建设的总体思路", "沈知行", "澜江省高级人民法院"),
    ("干部请销假制度与掌上办理", "秦若水", "澜江省高级人民法院"),
    ("审判辅助事务集约化改革", "高远志", "望海市中级人民法院"),
    ("队伍画像：数据从哪里来、到哪里去", "许慎之", "澜江大学法学院"),
    ("个人信息保护与内部系统合规", "罗明哲", "澜江大学法学院"),
    ("分组研讨：基层政工的难点", "各组组长", "培训班"),
    ("执行指挥中心实战", "韩山", "松岭市中级人民法院"),
    ("案例教学：一次数据安全事件的处置", "叶知秋", "澜江省网络安全中心"),
    ("法官心理健康与压力管理", "顾清和", "澜江大学医学院"),
    ("移动办公安全要点", "方以智", "澜江省高级人民法院"),
    ("结业式与工作部署", "程立言", "澜江省高级人民法院"),
];

pub(super) const EARLIER_LESSONS: [(&str, &str, &str); 3] = [
    ("庭长怎样管好流程", "谢安石", "澜江省高级人民法院"),
    ("院庭长办案与监督的边界", "罗明哲", "澜江大学法学院"),
    ("带队伍：从谈心开始", "秦若水", "澜江省高级人民法院"),
];

pub(super) const REMARKS: &[&str] = &[
    "案例贴近工作，很有收获。",
    "希望多留一些讨论时间。",
    "内容扎实，节奏稍快。",
    "建议会后提供课件。",
    "老师讲得清楚，能直接用到工作中。",
    "教室空调偏冷。",
    "理论部分可以再精简一些。",
    "希望下次增加现场演示。",
];
