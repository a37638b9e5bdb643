//! The settings of a layer in a file, as text.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// So deep lists and objects may lie in each other: each layer around a layer keeps a copy of what is in it while it is made.
const DEEPEST: usize = 32;

/// The only name of the object as which `serde_json` hands over a number that may be none of 64 bits, where another crate of the
/// build has switched on its feature `arbitrary_precision`.
const NUMBER: &str = "$serde_json::private::Number";

/// An object as JSON, without blanks.
///
/// It takes as much memory as it takes in a file, where a tree of values takes up to a hundred times as much.
#[derive(Debug, Clone)]
pub(super) struct Settings(Box<str>);

/// Objects have no order, whoever wrote them.
impl PartialEq for Settings {
    fn eq(&self, other: &Settings) -> bool {
        let tree = |settings: &Settings| serde_json::from_str::<Value>(&settings.0).ok();
        self.0 == other.0 || tree(self).is_some_and(|one| tree(other) == Some(one))
    }
}

impl Settings {
    /// What a configuration became; without what lies so deep that reading refuses the rest too.
    pub(super) fn of(mut settings: Map<String, Value>) -> Settings {
        let mut writer = Writer::new();
        for (name, value) in &mut settings {
            cut(value, DEEPEST);
            writer.name(name);
            let place = Place { out: &mut writer.0, left: DEEPEST };
            place.deserialize(&*value).expect("what lies too deep is cut off");
        }
        writer.finish()
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    pub(super) fn is_empty(&self) -> bool {
        &*self.0 == "{}"
    }
}

/// Leaves so many lists and objects in each other.
fn cut(value: &mut Value, left: usize) {
    match value {
        Value::Array(_) | Value::Object(_) if left == 0 => *value = Value::Null,
        Value::Array(list) => list.iter_mut().for_each(|value| cut(value, left - 1)),
        Value::Object(map) => map.values_mut().for_each(|value| cut(value, left - 1)),
        _ => {}
    }
}

/// Writes down an object, setting by setting.
pub(super) struct Writer(String);

impl Writer {
    pub(super) fn new() -> Writer {
        Writer("{".into())
    }

    /// The next value of a map, as this setting.
    pub(super) fn next<'d, A: MapAccess<'d>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        self.name(name);
        // The object of the settings is one.
        map.next_value_seed(Place { out: &mut self.0, left: DEEPEST - 1 })
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        text(&mut self.0, name);
        self.0.push(':');
    }

    pub(super) fn finish(mut self) -> Settings {
        self.0.push('}');
        Settings(self.0.into())
    }
}

fn text(out: &mut String, text: &str) {
    *out += &serde_json::to_string(text).expect("a text has a place in JSON");
}

/// Where a value is written, in which so many more may lie in each other.
struct Place<'o> {
    out: &'o mut String,
    left: usize,
}

impl Place<'_> {
    fn inside<E: Error>(&mut self) -> Result<Place<'_>, E> {
        let deep = || format!("expected at most {DEEPEST} lists and objects in each other, got more");
        let left = self.left.checked_sub(1).ok_or_else(|| E::custom(deep()))?;
        Ok(Place { out: &mut *self.out, left })
    }

    fn write<E>(self, value: impl fmt::Display) -> Result<(), E> {
        *self.out += &value.to_string();
        Ok(())
    }
}

impl<'d> DeserializeSeed<'d> for Place<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'d>>(self, from: D) -> Result<(), D::Error> {
        from.deserialize_any(self)
    }
}

impl<'d> Visitor<'d> for Place<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a setting")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.write("null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.write(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.write(value)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        // As short as a file may have it: 1e15 has no fifteen zeros.
        let (plain, short) = (format!("{value:?}"), format!("{value:e}"));
        self.write(if value.abs() >= 1000.0 && short.len() < plain.len() { short } else { plain })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        text(self.out, value);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'d>>(mut self, mut list: A) -> Result<(), A::Error> {
        let mut mark = '[';
        loop {
            let place = self.inside()?;
            let length = place.out.len();
            place.out.push(mark);
            if list.next_element_seed(Place { out: &mut *place.out, left: place.left })?.is_none() {
                place.out.truncate(length);
                break;
            }
            mark = ',';
        }
        *self.out += if mark == '[' { "[]" } else { "]" };
        Ok(())
    }

    fn visit_map<A: MapAccess<'d>>(mut self, mut map: A) -> Result<(), A::Error> {
        let mut mark = '{';
        while let Some(name) = map.next_key::<String>()? {
            if name == NUMBER && mark == '{' {
                let number = map.next_value::<String>()?;
                return match number.parse::<f64>() {
                    Ok(number) if number.is_finite() => self.visit_f64(number),
                    _ => Err(A::Error::custom("expected a number of 64 bits, got another")),
                };
            }
            let place = self.inside()?;
            place.out.push(mark);
            text(place.out, &name);
            place.out.push(':');
            map.next_value_seed(place)?;
            mark = ',';
        }
        *self.out += if mark == '{' { "{}" } else { "}" };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_down_is_what_was_read() {
        for (json, written) in [
            ("{}", "{}"),
            (r#"{ "a" : [ ] , "b\n" : { } }"#, r#"{"a":[],"b\n":{}}"#),
            (
                r#"{"a":[[1,-2],[null]],"b":{"x":true,"y":"\u0001é"}}"#,
                r#"{"a":[[1,-2],[null]],"b":{"x":true,"y":"\u0001é"}}"#,
            ),
            (
                r#"{"a":[0.1,1e-5,-0.0,1e15,1000.5,18446744073709551615]}"#,
                r#"{"a":[0.1,1e-5,-0.0,1e15,1000.5,18446744073709551615]}"#,
            ),
        ] {
            let values: Map<String, Value> = serde_json::from_str(json).unwrap();
            let settings = Settings::of(values.clone());
            assert_eq!(settings.text(), written);
            assert_eq!(serde_json::from_str::<Map<String, Value>>(settings.text()).unwrap(), values);
        }
    }

    #[test]
    fn settings_are_the_same_in_any_order() {
        let read = |text: &str| serde_json::from_str::<crate::SavedLayer>(text).unwrap();
        let one = read(r#"{"layer":"x","a":1,"b":[{"c":0.5,"d":[1,2]}]}"#);
        for (text, same) in [
            (r#"{"b":[{"d":[1,2],"c":5e-1}],"layer":"x","a":1}"#, true),
            (r#"{"layer":"x","a":1,"b":[{"c":0.5,"d":[2,1]}]}"#, false),
            (r#"{"layer":"x","a":1,"b":[{"c":0.5}]}"#, false),
            (r#"{"layer":"y","a":1,"b":[{"c":0.5,"d":[1,2]}]}"#, false),
        ] {
            assert_eq!(one == read(text), same, "{text}");
        }
    }

    #[test]
    fn numbers_of_any_precision_are_numbers() {
        let read = |number: &str| {
            let text = format!(r#"{{"layer":"x","a":[{{"{NUMBER}":"{number}"}}]}}"#);
            serde_json::from_str::<crate::SavedLayer>(&text)
        };
        for number in ["0.1", "1e-5", "-2.5", "1e300"] {
            let plain = format!(r#"{{"layer":"x","a":[{number}]}}"#);
            assert_eq!(read(number).unwrap(), serde_json::from_str(&plain).unwrap());
        }
        for number in ["1e400", "inf", "NaN", "", "x"] {
            let error = read(number).unwrap_err().to_string();
            assert!(error.starts_with("expected a number of 64 bits, got another"), "{error}");
        }
    }

    #[test]
    fn what_lies_too_deep_is_refused_whoever_wrote_it() {
        let lists = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
        let read = |text: &str| {
            serde_json::from_str::<crate::SavedLayer>(&text.replacen('{', r#"{"layer":"x","#, 1))
        };
        for (depth, fits) in [(31, true), (32, false), (33, false), (120, false)] {
            let values: Map<String, Value> = serde_json::from_str(&lists(depth)).unwrap();
            assert_eq!(read(&lists(depth)).is_ok(), fits, "{depth}");
            assert_eq!(read(Settings::of(values).text()).is_ok(), fits, "{depth}, written again");
        }
    }
}
