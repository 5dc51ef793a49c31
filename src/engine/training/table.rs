//! Tables of the metrics as rows of text: whatever shape the numbers were written in, a window shows cells.

use serde_json::Value;

/// A table of the metrics, such as how well each attribute is read from each part.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    pub step: u64,
    pub title: String,
    pub columns: Vec<String>,
    /// As many cells in each as there are columns.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The tables of one line, by their titles.
    pub(super) fn of(step: u64, tables: &Value) -> Vec<Self> {
        let Some(tables) = tables.as_object() else { return Vec::new() };
        tables.iter().map(|(title, value)| Table::new(step, title, value)).collect()
    }

    /// A list of records, by itself or as the `rows` of one; records by name; else one value a row.
    fn new(step: u64, title: &str, value: &Value) -> Self {
        let rows = value.get("rows").filter(|rows| rows.is_array()).unwrap_or(value);
        let records: Vec<(Option<&str>, &Value)> = match rows {
            Value::Object(rows) => rows.iter().map(|(name, row)| (Some(name.as_str()), row)).collect(),
            Value::Array(rows) => rows.iter().map(|row| (None, row)).collect(),
            other => vec![(None, other)],
        };
        let keys = keys(&records);
        let is_named = records.iter().any(|(name, _)| name.is_some());
        let columns = is_named.then(String::new).into_iter().chain(keys.iter().map(|key| key.replace('_', " ")));
        let cells = |(name, row): &(Option<&str>, &Value)| {
            let values = keys.iter().map(|key| if row.is_object() { cell(&row[*key]) } else { cell(row) });
            name.map(str::to_owned).into_iter().chain(values).collect()
        };
        Table { step, title: title.to_owned(), columns: columns.collect(), rows: records.iter().map(cells).collect() }
    }
}

/// The names of what the records hold, each once.
fn keys<'a>(records: &[(Option<&str>, &'a Value)]) -> Vec<&'a str> {
    let mut keys: Vec<&str> = Vec::new();
    for (_, row) in records {
        for key in row.as_object().into_iter().flat_map(|row| row.keys()) {
            if !keys.contains(&key.as_str()) {
                keys.push(key);
            }
        }
    }
    if keys.is_empty() { vec!["value"] } else { keys }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Number(number) if number.is_f64() => {
            number.as_f64().map_or(String::new(), |number| format!("{number:.3}"))
        }
        Value::Array(values) => values.iter().map(cell).collect::<Vec<_>>().join("  "),
        other => other.to_string(),
    }
}
