//! Reads JSON into types, small in code rather than fast.
//!
//! `serde_json` reads a text straight into a type, and pays for it with its whole parser once more for each of our
//! hundred types. Here the text is parsed once, into a [`Value`], and the types are read from that by a reader that
//! offers each of them only what JSON can hold. On the phone, where a reply is a few kilobytes and every byte of code
//! is downloaded, that is the better bargain.

use std::fmt;

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, Expected, MapAccess, SeqAccess,
    Unexpected, VariantAccess, Visitor,
};
use serde_json::{Map, Value};

/// Why a text is not what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A variant that the type has not.
    UnknownVariant(String),
    /// A field that the type has not.
    UnknownField(String),
    /// A field that has to be there.
    MissingField(String),
    /// A field that is there twice.
    DuplicateField(String),
    /// Something else stands where this belongs, in the words of the type.
    Expected(String),
    /// What the type or the parser says.
    Other(String),
}

/// Short, since it is for a bug report and not for an officer.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, name) = match self {
            Self::UnknownVariant(name) => ("unknown variant: ", name),
            Self::UnknownField(name) => ("unknown field: ", name),
            Self::MissingField(name) => ("missing field: ", name),
            Self::DuplicateField(name) => ("duplicate field: ", name),
            Self::Expected(what) => ("expected ", what),
            Self::Other(text) => ("", text),
        };
        f.write_str(what)?;
        f.write_str(name)
    }
}

impl std::error::Error for Error {}

/// Reads a text.
///
/// # Errors
///
/// When it is no JSON, or has not the shape of `T`.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(Reader(&parse(text)?))
}

/// Reads a value that was parsed before.
///
/// # Errors
///
/// When it has not the shape of `T`.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, Error> {
    T::deserialize(Reader(value))
}

fn parse(text: &str) -> Result<Value, Error> {
    serde_json::from_str(text).map_err(|error| Error::Other(error.to_string()))
}

/// Every default of this trait would build a sentence at each place that can fail; these keep the places small.
impl serde::de::Error for Error {
    #[cold]
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    #[cold]
    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        unexpected(expected)
    }

    #[cold]
    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        unexpected(expected)
    }

    #[cold]
    fn invalid_length(_: usize, expected: &dyn Expected) -> Self {
        unexpected(expected)
    }

    #[cold]
    fn unknown_variant(variant: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownVariant(variant.to_owned())
    }

    #[cold]
    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        Self::UnknownField(field.to_owned())
    }

    #[cold]
    fn missing_field(field: &'static str) -> Self {
        Self::MissingField(field.to_owned())
    }

    #[cold]
    fn duplicate_field(field: &'static str) -> Self {
        Self::DuplicateField(field.to_owned())
    }
}

#[cold]
fn unexpected(expected: &dyn Expected) -> Error {
    Error::Expected(expected.to_string())
}

/// A value that is being read.
#[derive(Clone, Copy)]
struct Reader<'a>(&'a Value);

impl Reader<'_> {
    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let Value::Number(number) = self.0 else { return Err(unexpected(&"a number")) };
        if let Some(number) = number.as_i64() {
            visitor.visit_i64(number)
        } else if let Some(number) = number.as_u64() {
            visitor.visit_u64(number)
        } else {
            Err(unexpected(&"an integer"))
        }
    }
}

macro_rules! read_as {
    ($($method:ident)+ => $reader:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> { self.$reader(visitor) })+
    };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Error;

    read_as! { deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_u8 deserialize_u16
    deserialize_u32 deserialize_u64 => number }
    read_as! { deserialize_f32 deserialize_f64 deserialize_bytes deserialize_byte_buf => deserialize_any }
    read_as! { deserialize_char deserialize_string deserialize_identifier => deserialize_str }

    /// For the few types that ask what stands there: values of any shape.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match number.as_f64() {
                Some(fraction) if number.is_f64() => visitor.visit_f64(fraction),
                _ => self.number(visitor),
            },
            Value::String(text) => visitor.visit_str(text),
            Value::Array(_) => self.deserialize_seq(visitor),
            Value::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.as_bool().ok_or_else(|| unexpected(&"a boolean")).and_then(|value| visitor.visit_bool(value))
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.0.as_str().ok_or_else(|| unexpected(&"a text")).and_then(|text| visitor.visit_str(text))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let items = self.0.as_array().ok_or_else(|| unexpected(&"a list"))?;
        visitor.visit_seq(Items(items.iter()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Entries::of(self.0)?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant::of(self.0)?)
    }
}

/// The items of a list that are still to be read.
struct Items<'a>(std::slice::Iter<'a, Value>);

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        self.0.next().map(|item| seed.deserialize(Reader(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The entries of an object that are still to be read.
struct Entries<'a> {
    rest: serde_json::map::Iter<'a>,
    value: Option<&'a Value>,
}

impl<'a> Entries<'a> {
    fn of(value: &'a Value) -> Result<Self, Error> {
        let object: &Map<String, Value> = value.as_object().ok_or_else(|| unexpected(&"an object"))?;
        Ok(Self { rest: object.iter(), value: None })
    }

    fn next_key(&mut self) -> Option<&'a str> {
        let (key, value) = self.rest.next()?;
        self.value = Some(value);
        Some(key)
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.next_key().map(|key| seed.deserialize(Key(key))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let value = self.value.take().ok_or_else(|| Error::custom("a value before its key"))?;
        seed.deserialize(Reader(value))
    }
}

/// The key of an entry: a text, or the name of a variant.
struct Key<'a>(&'a str);

impl<'de> Deserializer<'de> for Key<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_str(self.0)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_enum(Variant { name: self.0, value: None })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct seq
        tuple tuple_struct map struct identifier ignored_any
    }
}

/// A variant of an enum: its name alone, or an object of one entry.
struct Variant<'a> {
    name: &'a str,
    value: Option<&'a Value>,
}

impl<'a> Variant<'a> {
    fn of(value: &'a Value) -> Result<Self, Error> {
        match value {
            Value::String(name) => Ok(Self { name, value: None }),
            Value::Object(object) if object.len() == 1 => {
                let (name, value) = object.iter().next().ok_or_else(|| unexpected(&"a variant"))?;
                Ok(Self { name, value: Some(value) })
            }
            _ => Err(unexpected(&"a variant")),
        }
    }

    fn content(&self) -> Result<Reader<'a>, Error> {
        self.value.map(Reader).ok_or_else(|| unexpected(&"a variant with content"))
    }
}

impl<'de> EnumAccess<'de> for Variant<'_> {
    type Error = Error;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Error> {
        Ok((seed.deserialize(Key(self.name))?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Error;

    fn unit_variant(self) -> Result<(), Error> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Error> {
        seed.deserialize(self.content()?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], visitor: V) -> Result<V::Value, Error> {
        self.content()?.deserialize_map(visitor)
    }
}

#[cfg(test)]
mod tests;
