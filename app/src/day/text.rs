//! Days and instants as text: what crosses the wire, and what the API document says of it.

/// Reads numbers of fixed widths with fixed characters between them. The parser of `time` can read any format, and
/// would take 30 KB of the phone's download for the two that cross the wire.
pub(super) fn fields<const N: usize, const BETWEEN: usize>(
    text: &str,
    widths: [usize; N],
    between: [char; BETWEEN],
) -> Option<[u32; N]> {
    let mut numbers = [0; N];
    let mut rest = text;
    for (position, (number, width)) in numbers.iter_mut().zip(widths).enumerate() {
        let digits = rest.get(..width).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = digits.parse().ok()?;
        rest = &rest[width..];
        if let Some(between) = between.get(position) {
            rest = rest.strip_prefix(*between)?;
        }
    }
    rest.is_empty().then_some(numbers)
}

macro_rules! serde_as_text {
    ($type:ty) => {
        impl Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use serde_as_text;

#[cfg(feature = "openapi")]
mod schema {
    use utoipa::openapi::RefOr;
    use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
    use utoipa::{PartialSchema, ToSchema};

    fn text(format: KnownFormat) -> RefOr<Schema> {
        RefOr::T(Schema::Object(
            ObjectBuilder::new().schema_type(Type::String).format(Some(SchemaFormat::KnownFormat(format))).build(),
        ))
    }

    impl PartialSchema for crate::day::Day {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::Date)
        }
    }
    impl ToSchema for crate::day::Day {}

    impl PartialSchema for crate::day::Timestamp {
        fn schema() -> RefOr<Schema> {
            text(KnownFormat::DateTime)
        }
    }
    impl ToSchema for crate::day::Timestamp {}
}
