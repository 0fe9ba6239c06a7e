//! The State Council's yearly notices on public holidays, as data.
//!
//! Only facts: which days are off and which weekend days are worked instead. A notice's year is the year it is about;
//! its days may lie outside (the notice for 2019 moves 29 to 31 December 2018), so nobody looks a day up by year. Where
//! a second paper amended the first one (2019: Labour Day, 2020: Spring Festival), the days are those after it.

/// The notice for one year, amendments included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The year that the notice is about.
    pub year: i32,
    /// The addresses of the papers on gov.cn, in the order in which they were issued; at least one.
    pub papers: &'static [&'static str],
    /// The holidays in the order of the year.
    pub holidays: &'static [Holiday],
}

/// One holiday of a notice. Days are written as the decimal number `YYYYMMDD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The name, in Chinese.
    pub name: &'static str,
    /// The first day off.
    pub first: u32,
    /// The last day off; every day between is off too.
    pub last: u32,
    /// The days worked instead: weekend days, but for Monday 3 February 2020, to which an amendment moved the end of
    /// the holiday and which it therefore names.
    pub makeup: &'static [u32],
}

/// Every notice known when this was built, by year without a gap.
pub const NOTICES: &[Notice] = &[
    Notice {
        year: 2018,
        papers: &["http://www.gov.cn/zhengce/zhengceku/2017-11/30/content_5243579.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2018_0101, last: 2018_0101, makeup: &[] },
            Holiday { name: "春节", first: 2018_0215, last: 2018_0221, makeup: &[2018_0211, 2018_0224] },
            Holiday { name: "清明节", first: 2018_0405, last: 2018_0407, makeup: &[2018_0408] },
            Holiday { name: "劳动节", first: 2018_0429, last: 2018_0501, makeup: &[2018_0428] },
            Holiday { name: "端午节", first: 2018_0618, last: 2018_0618, makeup: &[] },
            Holiday { name: "中秋节", first: 2018_0924, last: 2018_0924, makeup: &[] },
            Holiday { name: "国庆节", first: 2018_1001, last: 2018_1007, makeup: &[2018_0929, 2018_0930] },
        ],
    },
    Notice {
        year: 2019,
        papers: &[
            "http://www.gov.cn/zhengce/zhengceku/2018-12/06/content_5346276.htm",
            "http://www.gov.cn/zhengce/zhengceku/2019-03/22/content_5375877.htm",
        ],
        holidays: &[
            Holiday { name: "元旦", first: 2018_1230, last: 2019_0101, makeup: &[2018_1229] },
            Holiday { name: "春节", first: 2019_0204, last: 2019_0210, makeup: &[2019_0202, 2019_0203] },
            Holiday { name: "清明节", first: 2019_0405, last: 2019_0405, makeup: &[] },
            Holiday { name: "劳动节", first: 2019_0501, last: 2019_0504, makeup: &[2019_0428, 2019_0505] },
            Holiday { name: "端午节", first: 2019_0607, last: 2019_0607, makeup: &[] },
            Holiday { name: "中秋节", first: 2019_0913, last: 2019_0913, makeup: &[] },
            Holiday { name: "国庆节", first: 2019_1001, last: 2019_1007, makeup: &[2019_0929, 2019_1012] },
        ],
    },
    Notice {
        year: 2020,
        papers: &[
            "http://www.gov.cn/zhengce/zhengceku/2019-11/21/content_5454164.htm",
            "http://www.gov.cn/zhengce/zhengceku/2020-01/27/content_5472352.htm",
        ],
        holidays: &[
            Holiday { name: "元旦", first: 2020_0101, last: 2020_0101, makeup: &[] },
            Holiday { name: "春节", first: 2020_0124, last: 2020_0202, makeup: &[2020_0119, 2020_0203] },
            Holiday { name: "清明节", first: 2020_0404, last: 2020_0406, makeup: &[] },
            Holiday { name: "劳动节", first: 2020_0501, last: 2020_0505, makeup: &[2020_0426, 2020_0509] },
            Holiday { name: "端午节", first: 2020_0625, last: 2020_0627, makeup: &[2020_0628] },
            Holiday {
                name: "国庆节、中秋节", first: 2020_1001, last: 2020_1008, makeup: &[2020_0927, 2020_1010]
            },
        ],
    },
    Notice {
        year: 2021,
        papers: &["http://www.gov.cn/zhengce/zhengceku/2020-11/25/content_5564127.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2021_0101, last: 2021_0103, makeup: &[] },
            Holiday { name: "春节", first: 2021_0211, last: 2021_0217, makeup: &[2021_0207, 2021_0220] },
            Holiday { name: "清明节", first: 2021_0403, last: 2021_0405, makeup: &[] },
            Holiday { name: "劳动节", first: 2021_0501, last: 2021_0505, makeup: &[2021_0425, 2021_0508] },
            Holiday { name: "端午节", first: 2021_0612, last: 2021_0614, makeup: &[] },
            Holiday { name: "中秋节", first: 2021_0919, last: 2021_0921, makeup: &[2021_0918] },
            Holiday { name: "国庆节", first: 2021_1001, last: 2021_1007, makeup: &[2021_0926, 2021_1009] },
        ],
    },
    Notice {
        year: 2022,
        papers: &["http://www.gov.cn/zhengce/zhengceku/2021-10/25/content_5644835.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2022_0101, last: 2022_0103, makeup: &[] },
            Holiday { name: "春节", first: 2022_0131, last: 2022_0206, makeup: &[2022_0129, 2022_0130] },
            Holiday { name: "清明节", first: 2022_0403, last: 2022_0405, makeup: &[2022_0402] },
            Holiday { name: "劳动节", first: 2022_0430, last: 2022_0504, makeup: &[2022_0424, 2022_0507] },
            Holiday { name: "端午节", first: 2022_0603, last: 2022_0605, makeup: &[] },
            Holiday { name: "中秋节", first: 2022_0910, last: 2022_0912, makeup: &[] },
            Holiday { name: "国庆节", first: 2022_1001, last: 2022_1007, makeup: &[2022_1008, 2022_1009] },
        ],
    },
    Notice {
        year: 2023,
        papers: &["http://www.gov.cn/zhengce/zhengceku/2022-12/08/content_5730844.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2022_1231, last: 2023_0102, makeup: &[] },
            Holiday { name: "春节", first: 2023_0121, last: 2023_0127, makeup: &[2023_0128, 2023_0129] },
            Holiday { name: "清明节", first: 2023_0405, last: 2023_0405, makeup: &[] },
            Holiday { name: "劳动节", first: 2023_0429, last: 2023_0503, makeup: &[2023_0423, 2023_0506] },
            Holiday { name: "端午节", first: 2023_0622, last: 2023_0624, makeup: &[2023_0625] },
            Holiday {
                name: "中秋节、国庆节", first: 2023_0929, last: 2023_1006, makeup: &[2023_1007, 2023_1008]
            },
        ],
    },
    Notice {
        year: 2024,
        papers: &["https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2024_0101, last: 2024_0101, makeup: &[] },
            Holiday { name: "春节", first: 2024_0210, last: 2024_0217, makeup: &[2024_0204, 2024_0218] },
            Holiday { name: "清明节", first: 2024_0404, last: 2024_0406, makeup: &[2024_0407] },
            Holiday { name: "劳动节", first: 2024_0501, last: 2024_0505, makeup: &[2024_0428, 2024_0511] },
            Holiday { name: "端午节", first: 2024_0610, last: 2024_0610, makeup: &[] },
            Holiday { name: "中秋节", first: 2024_0915, last: 2024_0917, makeup: &[2024_0914] },
            Holiday { name: "国庆节", first: 2024_1001, last: 2024_1007, makeup: &[2024_0929, 2024_1012] },
        ],
    },
    Notice {
        year: 2025,
        papers: &["https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2025_0101, last: 2025_0101, makeup: &[] },
            Holiday { name: "春节", first: 2025_0128, last: 2025_0204, makeup: &[2025_0126, 2025_0208] },
            Holiday { name: "清明节", first: 2025_0404, last: 2025_0406, makeup: &[] },
            Holiday { name: "劳动节", first: 2025_0501, last: 2025_0505, makeup: &[2025_0427] },
            Holiday { name: "端午节", first: 2025_0531, last: 2025_0602, makeup: &[] },
            Holiday {
                name: "国庆节、中秋节", first: 2025_1001, last: 2025_1008, makeup: &[2025_0928, 2025_1011]
            },
        ],
    },
    Notice {
        year: 2026,
        papers: &["https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm"],
        holidays: &[
            Holiday { name: "元旦", first: 2026_0101, last: 2026_0103, makeup: &[2026_0104] },
            Holiday { name: "春节", first: 2026_0215, last: 2026_0223, makeup: &[2026_0214, 2026_0228] },
            Holiday { name: "清明节", first: 2026_0404, last: 2026_0406, makeup: &[] },
            Holiday { name: "劳动节", first: 2026_0501, last: 2026_0505, makeup: &[2026_0509] },
            Holiday { name: "端午节", first: 2026_0619, last: 2026_0621, makeup: &[] },
            Holiday { name: "国庆节", first: 2026_1001, last: 2026_1007, makeup: &[2026_0920, 2026_1010] },
            Holiday { name: "中秋节", first: 2026_0925, last: 2026_0927, makeup: &[] },
        ],
    },
];
