//! What provinces give beyond the numbers of the whole country, for HR to start from.
//!
//! The numbers are those that public overviews of the provinces' 人口与计划生育条例 gave after the amendments of 2021 and
//! 2022; 山东's 产假 is confirmed by a published notice, the others are not. They change often: a form proposes them, says
//! so, and HR holds them against the text in force before saving.

/// Which limit a number is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// The most of one request.
    Request,
    /// The most of one year.
    Year,
}

/// How much of a type a province gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    /// The province's short name.
    pub province: &'static str,
    /// How much, in half days.
    pub half_days: i64,
    /// Of what.
    pub per: Per,
}

/// A province with its days of 产假, 护理假, 育儿假 and 独生子女护理假; absent where they differ by case or are not known.
type Row = (&'static str, [Option<i64>; 4]);

const TYPES: [(&str, Per); 4] =
    [("maternity", Per::Request), ("paternity", Per::Request), ("parental", Per::Year), ("elder_care", Per::Year)];

const PROVINCES: [Row; 13] = [
    ("北京", [Some(158), Some(15), Some(5), Some(10)]),
    ("上海", [Some(158), Some(10), Some(5), Some(7)]),
    ("江苏", [Some(158), Some(15), Some(10), Some(5)]),
    ("浙江", [Some(158), Some(15), Some(10), Some(5)]),
    ("安徽", [Some(158), Some(30), Some(10), Some(10)]),
    ("江西", [Some(188), Some(30), Some(10), Some(15)]),
    ("山东", [Some(158), Some(15), Some(10), None]),
    ("河南", [Some(188), Some(30), Some(10), Some(20)]),
    ("湖北", [Some(158), Some(15), Some(10), Some(15)]),
    ("湖南", [Some(158), Some(20), Some(10), Some(10)]),
    ("广东", [Some(178), Some(15), Some(10), Some(5)]),
    ("重庆", [Some(178), Some(20), None, Some(10)]),
    ("四川", [Some(158), Some(20), Some(10), Some(15)]),
];

/// What provinces give of a type, in the order of their official codes; nothing for a type that is the same everywhere.
pub fn of(leave_type: &str) -> Vec<Variant> {
    let Some(column) = TYPES.iter().position(|(name, _)| *name == leave_type) else { return Vec::new() };
    let per = TYPES[column].1;
    let variant = |(province, days): &Row| Some(Variant { province, half_days: 2 * days[column]?, per });
    PROVINCES.iter().filter_map(variant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leave::types::{BUILTIN, Limit};

    #[test]
    fn no_province_gives_less_than_the_country() {
        let maternity = of("maternity");
        assert!(maternity.iter().all(|variant| variant.half_days >= 2 * 98));
        assert!(maternity.iter().any(|variant| (variant.province, variant.half_days) == ("山东", 2 * (98 + 60))));
    }

    #[test]
    fn a_variant_fits_into_its_type() {
        for (name, per) in TYPES {
            let known = BUILTIN.iter().find(|known| known.name == name).expect("a built-in type");
            for variant in of(name) {
                assert_eq!(variant.per, per);
                let limit = Some(Limit { half_days: variant.half_days, blocking: false });
                let changed = match per {
                    Per::Request => crate::leave::types::LeaveType { request_limit: limit, ..known.clone() },
                    Per::Year => crate::leave::types::LeaveType { year_limit: limit, ..known.clone() },
                };
                assert_eq!(changed.check(), Ok(()), "{name} {}", variant.province);
            }
        }
        assert!(of("annual").is_empty() && of("nothing").is_empty());
    }
}
