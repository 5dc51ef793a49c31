//! The settings as a commented TOML file and back, checked field by field against [`FIELDS`].

use std::ops::RangeInclusive;

use toml::{Table, Value};

use super::config::{CONFIG_VERSION, Config};
pub use super::fields::{FIELDS, Field, Kind};
use super::{fields, presets};

/// Why settings cannot be used, without the path of their file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    #[error("The settings are no valid TOML ({detail} in line {line}); correct them")]
    Syntax { line: usize, detail: String },
    #[error(
        "The settings are of version {0} and this program reads up to version {CONFIG_VERSION}; use a newer facespace"
    )]
    Newer(i64),
    #[error("There is no setting {name}; {}", nearest(name))]
    Unknown { name: String },
    #[error("The setting {name} must be {range}, not {value}; correct it")]
    Wrong { name: &'static str, range: Kind, value: String },
    #[error("The preset cannot be changed field by field; choose it with --preset")]
    Preset,
    #[error(
        "The setting batch.size ({size}) must be a multiple of batch.accumulate ({accumulate}) and at least twice as large; correct either"
    )]
    Accumulate { size: usize, accumulate: usize },
    #[error("The setting model.width must be an even number, not {0}; correct it")]
    OddWidth(usize),
    #[error("The settings cannot be written ({0}); use smaller numbers, and paths in Unicode")]
    Unwritable(String),
}

fn nearest(name: &str) -> String {
    match fields::nearest(name) {
        Some(field) => format!("perhaps {} is meant", field.name),
        None => "remove it".to_owned(),
    }
}

/// The settings as a file, each under a comment that says what it is and what it may be.
///
/// # Errors
/// [`ConfigError::Unwritable`] for a path that is not Unicode and a number above what TOML has.
pub fn to_toml(config: &Config) -> Result<String, ConfigError> {
    let values = table(config)?;
    let mut text = String::from(
        "# Settings of a training. What is left out is as the preset has it; `facespace train --config` reads the file.\n",
    );
    let mut section = "";
    for field in FIELDS {
        let (place, key) = split(field.name);
        if place != section {
            text += &format!("\n[{place}]\n");
            section = place;
        }
        text += &format!("# {} {}.\n", field.comment, sentence_of(&field.kind));
        text += &match get(&values, field.name) {
            Some(value) => format!("{key} = {}\n", written(value, &field.kind)),
            None => format!("# {key} = \"FILE\"\n"),
        };
    }
    Ok(text)
}

/// What a setting may be, with a capital, as a sentence of its own.
fn sentence_of(kind: &Kind) -> String {
    let text = kind.to_string();
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A value as it stands in the file; a number of single precision without the digits of double precision.
fn written(value: &Value, kind: &Kind) -> String {
    match (value, kind) {
        (Value::Float(number), Kind::Single(..)) => format!("{:?}", *number as f32),
        (Value::Float(number), _) => format!("{number:?}"),
        _ => value.to_string(),
    }
}

/// The settings of a file; a field that it leaves out is as its preset has it (`small-data` where it names none).
///
/// # Errors
/// One sentence for a file that is no TOML, of a newer version, with an unknown field, or with a value of the wrong type
/// or out of its range.
pub fn from_toml(text: &str) -> Result<Config, ConfigError> {
    let given: Table = text.parse().map_err(|e: toml::de::Error| {
        let place = e.span().map_or(0, |span| span.start.min(text.len()));
        let line = text.as_bytes()[..place].iter().filter(|&&byte| byte == b'\n').count() + 1;
        ConfigError::Syntax { line, detail: e.message().lines().collect::<Vec<_>>().join(", ") }
    })?;
    if let Some(&Value::Integer(version)) = given.get("version")
        && version > i64::from(CONFIG_VERSION)
    {
        return Err(ConfigError::Newer(version));
    }
    let name = given.get("preset").cloned().unwrap_or_else(|| presets::DEFAULT.into());
    let preset = name.as_str().and_then(presets::preset).ok_or_else(|| ConfigError::Wrong {
        name: "preset",
        range: Kind::Word(&presets::NAMES),
        value: name.to_string(),
    })?;
    let mut values = table(&preset)?;
    for (key, value) in given {
        match value {
            Value::Table(section) if fields::find(&key).is_none() => {
                for (inner, value) in section {
                    put(&mut values, &format!("{key}.{inner}"), value)?;
                }
            }
            value => put(&mut values, &key, value)?,
        }
    }
    config_of(values)
}

/// Sets one field, as `--set section.field=value` says it. Lists are separated by commas or written as in TOML; paths
/// that are left empty are none.
///
/// # Errors
/// One sentence for an unknown field and for a value of the wrong type or out of its range; nothing is changed then.
pub fn set(config: &mut Config, name: &str, value: &str) -> Result<(), ConfigError> {
    let field = fields::find(name).ok_or_else(|| ConfigError::Unknown { name: name.to_owned() })?;
    if field.name == "preset" {
        return Err(ConfigError::Preset);
    }
    let mut values = table(config)?;
    let value = value.trim();
    if field.kind == Kind::Path && value.is_empty() {
        remove(&mut values, name);
    } else {
        put(&mut values, name, read(value, &field.kind))?;
    }
    *config = config_of(values)?;
    Ok(())
}

/// A value from a command line; text where it is nothing else, which the check then refuses.
fn read(text: &str, kind: &Kind) -> Value {
    let plain = || Value::String(text.to_owned());
    match kind {
        Kind::Whole(..) => {
            text.replace('_', "").parse().map_or_else(|_| read(text, &Kind::Number(0.0, 0.0)), Value::Integer)
        }
        Kind::Number(..) | Kind::Single(..) => text.parse().map_or_else(|_| plain(), Value::Float),
        Kind::Switch => text.parse().map_or_else(|_| plain(), Value::Boolean),
        Kind::Texts if text.starts_with('[') => {
            let list = format!("list = {text}").parse::<Table>().ok().and_then(|mut table| table.remove("list"));
            list.unwrap_or_else(plain)
        }
        Kind::Texts => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Value::Array(parts.map(|part| Value::String(part.to_owned())).collect())
        }
        Kind::Word(_) | Kind::Path => plain(),
    }
}

/// Checks settings that were made in the program.
///
/// # Errors
/// As [`from_toml`].
pub fn check(config: &Config) -> Result<(), ConfigError> {
    if config.version > CONFIG_VERSION {
        return Err(ConfigError::Newer(config.version.into()));
    }
    let mut values = table(config)?;
    for field in FIELDS {
        if let Some(value) = get(&values, field.name).cloned() {
            put(&mut values, field.name, value)?;
        }
    }
    check_together(config)
}

/// What no field can say alone.
fn check_together(config: &Config) -> Result<(), ConfigError> {
    let (size, accumulate) = (config.batch.size, config.batch.accumulate);
    if !size.is_multiple_of(accumulate) || size < 2 * accumulate {
        return Err(ConfigError::Accumulate { size, accumulate });
    }
    if !config.model.width.is_multiple_of(2) {
        return Err(ConfigError::OddWidth(config.model.width));
    }
    Ok(())
}

fn table(config: &Config) -> Result<Table, ConfigError> {
    Table::try_from(config).map_err(|e| ConfigError::Unwritable(e.to_string().trim_end().to_owned()))
}

fn config_of(values: Table) -> Result<Config, ConfigError> {
    // Every value was checked by its field, and every field has one.
    let config: Config = values.try_into().map_err(|e| ConfigError::Unwritable(e.message().to_owned()))?;
    check_together(&config)?;
    Ok(config)
}

/// Section and key of a name; the fields above the sections have an empty one.
fn split(name: &str) -> (&str, &str) {
    name.split_once('.').unwrap_or(("", name))
}

fn get<'a>(values: &'a Table, name: &str) -> Option<&'a Value> {
    match split(name) {
        ("", key) => values.get(key),
        (section, key) => values.get(section)?.get(key),
    }
}

/// Checks a value and puts it in its place.
fn put(values: &mut Table, name: &str, value: Value) -> Result<(), ConfigError> {
    let field = fields::find(name).ok_or_else(|| ConfigError::Unknown { name: name.to_owned() })?;
    let shown = written(&value, &field.kind);
    let value =
        fitting(value, &field.kind).ok_or(ConfigError::Wrong { name: field.name, range: field.kind, value: shown })?;
    match split(name) {
        ("", key) => values.insert(key.to_owned(), value),
        (section, key) => {
            let section = values.entry(section).or_insert_with(|| Value::Table(Table::new()));
            section.as_table_mut().and_then(|section| section.insert(key.to_owned(), value))
        }
    };
    Ok(())
}

fn remove(values: &mut Table, name: &str) {
    let (section, key) = split(name);
    if let Some(section) = values.get_mut(section).and_then(Value::as_table_mut) {
        section.remove(key);
    }
}

/// The value as its field has it, if it is of its type and in its range.
fn fitting(value: Value, kind: &Kind) -> Option<Value> {
    let within = |range: RangeInclusive<f64>, number: f64| range.contains(&number).then_some(Value::Float(number));
    match (kind, value) {
        (Kind::Whole(from, to), Value::Integer(number)) => {
            (*from..=*to).contains(&number).then_some(Value::Integer(number))
        }
        (Kind::Number(from, to) | Kind::Single(from, to), Value::Float(number)) => within(*from..=*to, number),
        // 8 is as good as 8.0.
        (Kind::Number(from, to) | Kind::Single(from, to), Value::Integer(number)) => within(*from..=*to, number as f64),
        (Kind::Switch, value @ Value::Boolean(_)) => Some(value),
        (Kind::Word(words), Value::String(word)) => words.contains(&word.as_str()).then_some(Value::String(word)),
        (Kind::Texts, Value::Array(list)) => list.iter().all(Value::is_str).then_some(Value::Array(list)),
        (Kind::Path, Value::String(path)) => (!path.is_empty()).then_some(Value::String(path)),
        _ => None,
    }
}
