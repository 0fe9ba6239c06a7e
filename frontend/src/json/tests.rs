//! What is written is read back, and what does not fit is refused.

use std::collections::BTreeMap;

use app::api::Problem;
use app::attendance::rules::Status;
use app::rating::rules::Dimension;
use serde::{Deserialize, Serialize};

use super::from_str;

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Shape {
    Plain,
    Wrapped(Option<String>),
    Named { at: i64 },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Whole {
    shapes: Vec<Shape>,
    status: Option<Status>,
    #[serde(default)]
    missing: bool,
    scores: BTreeMap<Dimension, u8>,
    counts: [i64; 3],
    any: serde_json::Value,
    id: uuid::Uuid,
    at: app::day::Timestamp,
}

#[test]
fn what_serde_json_writes_is_read_back() {
    let whole = Whole {
        shapes: vec![Shape::Plain, Shape::Wrapped(None), Shape::Wrapped(Some("中".into())), Shape::Named { at: -3 }],
        status: Some(Status::Late),
        missing: true,
        scores: BTreeMap::from([(Dimension::Content, 5), (Dimension::Method, 1)]),
        counts: [1, 2, 3],
        any: serde_json::json!({ "a": [1, 2.5, null, "x", true] }),
        id: uuid::Uuid::from_u128(7),
        at: app::day::Timestamp::from_millis(1_763_700_000_000),
    };
    let text = serde_json::to_string(&whole).expect("plain data");
    assert_eq!(from_str::<Whole>(&text).expect("the same shape"), whole);
}

#[test]
fn unknown_fields_are_passed_over_and_missing_ones_named() {
    let problem = r#"{"type":"about:blank","title":"t","status":409,"code":"stale_version","detail":"d","new":[{}]}"#;
    assert_eq!(from_str::<Problem>(problem).expect("a newer server says more").status, 409);
    let error = from_str::<Problem>(r#"{"type":"about:blank"}"#).expect_err("half a problem");
    assert!(error.to_string().starts_with("missing field: "), "{error}");
}

#[test]
fn a_wrong_shape_is_refused() {
    assert!(from_str::<Vec<u8>>("[1, 256]").is_err());
    assert!(from_str::<Status>("\"lately\"").is_err());
    assert!(from_str::<bool>("0").is_err());
    assert!(from_str::<String>("{").is_err());
}
