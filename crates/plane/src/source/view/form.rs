//! What an engine in another process is told, as JSON. It holds opened locations: it goes through a pipe and nowhere else.

use super::{Look, ViewColumn, ViewCondition, ViewScan, ViewSpec};
use crate::{
    source::{SourceSettings, sql::TypedTest},
    value::{self, Value},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use shuqiao_vocabulary::ItemType;
use std::path::PathBuf;

/// Bytes of a job.
pub const JOB_BYTES_MAX: usize = 16 * 1024 * 1024;

/// One piece of work for an engine.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewJob {
    /// Version of the form, 1.
    pub v: u32,
    /// The view.
    pub view: ViewSpec,
    /// What to do with it.
    pub task: ViewTask,
    /// Which sources may be read, and how patiently.
    pub sources: SourceSettings,
    /// What it may take.
    pub limits: ViewLimits,
}

/// What to do with a view.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ViewTask {
    /// Check it and say what it is, looking so closely.
    Describe(Look),
    /// Read rows.
    Scan(ViewScan),
}

/// What one piece of work may take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewLimits {
    /// Bytes of working memory; what needs more is put aside on disk.
    pub memory_bytes: u64,
    /// Bytes put aside on disk.
    pub temp_bytes: u64,
    /// The folder for that; it belongs to this piece of work alone.
    pub temp_folder: PathBuf,
    /// Seconds of processor time.
    pub cpu_seconds: u64,
}

impl ViewJob {
    /// The job as bytes: its length (4 bytes, big end first), then the form.
    pub fn to_bytes(&self) -> Vec<u8> {
        let body = serde_json::to_vec(self).unwrap_or_default();
        let mut bytes = (body.len() as u32).to_be_bytes().to_vec();
        bytes.extend_from_slice(&body);
        bytes
    }

    /// Reads the form, without its length.
    pub fn from_body(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().filter(|job: &Self| job.v == 1)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ValueForm {
    Null,
    Text(String),
    Integer(i64),
    Decimal(String),
    Date(String),
    DateTime(i64),
    Boolean(bool),
}

impl From<&Value> for ValueForm {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Text(text) => Self::Text(text.clone()),
            Value::Integer(number) => Self::Integer(*number),
            Value::Decimal(text) => Self::Decimal(text.clone()),
            Value::Date(date) => Self::Date(date.to_string()),
            Value::DateTime(microseconds) => Self::DateTime(*microseconds),
            Value::Boolean(yes) => Self::Boolean(*yes),
        }
    }
}

impl ValueForm {
    fn value(self) -> Option<Value> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Text(text) => Value::Text(text),
            Self::Integer(number) => Value::Integer(number),
            Self::Decimal(text) => Value::Decimal(text),
            Self::Date(text) => Value::Date(value::date(&text)?),
            Self::DateTime(microseconds) => Value::DateTime(microseconds),
            Self::Boolean(yes) => Value::Boolean(yes),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TestForm {
    Equals(ValueForm),
    OneOf(Vec<ValueForm>),
    Between { from: Option<ValueForm>, to: Option<ValueForm> },
    StartsWith(String),
}

impl From<&TypedTest> for TestForm {
    fn from(test: &TypedTest) -> Self {
        match test {
            TypedTest::Equals(value) => Self::Equals(value.into()),
            TypedTest::OneOf(values) => Self::OneOf(values.iter().map(Into::into).collect()),
            TypedTest::Between { from, to } => {
                Self::Between { from: from.as_ref().map(Into::into), to: to.as_ref().map(Into::into) }
            }
            TypedTest::StartsWith(prefix) => Self::StartsWith(prefix.clone()),
        }
    }
}

impl TestForm {
    fn test(self) -> Option<TypedTest> {
        let end = |end: Option<ValueForm>| match end {
            None => Some(None),
            Some(end) => end.value().map(Some),
        };
        Some(match self {
            Self::Equals(value) => TypedTest::Equals(value.value()?),
            Self::OneOf(values) => TypedTest::OneOf(values.into_iter().map(ValueForm::value).collect::<Option<_>>()?),
            Self::Between { from, to } => TypedTest::Between { from: end(from)?, to: end(to)? },
            Self::StartsWith(prefix) => TypedTest::StartsWith(prefix),
        })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScanForm {
    columns: Vec<(String, String)>,
    conditions: Vec<(String, String, TestForm)>,
    key: Vec<(String, String)>,
    after: Option<Vec<ValueForm>>,
    limit: u32,
}

fn named(columns: &[(String, ItemType)]) -> Vec<(String, String)> {
    columns.iter().map(|(name, item_type)| (name.clone(), item_type.as_str().to_owned())).collect()
}

fn typed(columns: Vec<(String, String)>) -> Option<Vec<(String, ItemType)>> {
    columns.into_iter().map(|(name, item_type)| Some((name, item_type.parse().ok()?))).collect()
}

impl Serialize for ViewScan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let condition = |c: &ViewCondition| (c.column.clone(), c.item_type.as_str().to_owned(), (&c.test).into());
        ScanForm {
            columns: named(&self.columns),
            conditions: self.conditions.iter().map(condition).collect(),
            key: named(&self.key),
            after: self.after.as_ref().map(|key| key.iter().map(Into::into).collect()),
            limit: self.limit,
        }
        .serialize(serializer)
    }
}

impl ScanForm {
    fn scan(self) -> Option<ViewScan> {
        let condition = |(column, item_type, test): (String, String, TestForm)| {
            Some(ViewCondition { column, item_type: item_type.parse().ok()?, test: test.test()? })
        };
        let after = match self.after {
            None => None,
            Some(key) => Some(key.into_iter().map(ValueForm::value).collect::<Option<_>>()?),
        };
        Some(ViewScan {
            columns: typed(self.columns)?,
            conditions: self.conditions.into_iter().map(condition).collect::<Option<_>>()?,
            key: typed(self.key)?,
            after,
            limit: self.limit,
        })
    }
}

impl<'de> Deserialize<'de> for ViewScan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let form = ScanForm::deserialize(deserializer)?;
        form.scan().ok_or_else(|| D::Error::custom("not a scan of a view"))
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnForm {
    name: String,
    item_type: String,
    nullable: bool,
    native_type: String,
}

impl Serialize for ViewColumn {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { name, item_type, nullable, native_type } = self.clone();
        ColumnForm { name, item_type: item_type.as_str().to_owned(), nullable, native_type }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ViewColumn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let ColumnForm { name, item_type, nullable, native_type } = ColumnForm::deserialize(deserializer)?;
        let item_type = item_type.parse().map_err(|_| D::Error::custom("not a type of items"))?;
        Ok(Self { name, item_type, nullable, native_type })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{
        Location,
        view::{SubjectThreshold, ViewInput},
    };
    use std::path::Path;

    #[test]
    fn a_job_reads_back_as_it_was_written() {
        let value = |text: &str| Value::Decimal(text.to_owned());
        let condition = |column: &str, item_type, test| ViewCondition { column: column.to_owned(), item_type, test };
        let scan = ViewScan {
            columns: vec![("a".to_owned(), ItemType::Text), ("b".to_owned(), ItemType::Decimal)],
            conditions: vec![
                condition("a", ItemType::Text, TypedTest::StartsWith("贵".to_owned())),
                condition("b", ItemType::Decimal, TypedTest::Between { from: Some(value("1.50")), to: None }),
                condition("c", ItemType::Integer, TypedTest::OneOf(vec![Value::Integer(i64::MIN), Value::Null])),
                condition("d", ItemType::DateTime, TypedTest::Equals(Value::DateTime(-1))),
                condition("e", ItemType::Date, TypedTest::Equals(Value::Date("2019-01-02".parse().unwrap()))),
                condition("f", ItemType::Boolean, TypedTest::Equals(Value::Boolean(true))),
            ],
            key: vec![("a".to_owned(), ItemType::Text)],
            after: Some(vec![Value::Text("x".to_owned())]),
            limit: 11,
        };
        let location = Location::Csv { path: "/srv/a.csv".into() };
        let job = ViewJob {
            v: 1,
            view: ViewSpec {
                sql: "select 1".to_owned(),
                inputs: vec![ViewInput { alias: "t".to_owned(), location, table: "a".to_owned() }],
                key: vec!["a".to_owned()],
                threshold: Some(SubjectThreshold { input: "t".to_owned(), column: "id".to_owned(), minimum: 5 }),
            },
            task: ViewTask::Scan(scan.clone()),
            sources: SourceSettings::under(Path::new("/srv")),
            limits: ViewLimits { memory_bytes: 1, temp_bytes: 2, temp_folder: "/srv/t".into(), cpu_seconds: 3 },
        };
        let bytes = job.to_bytes();
        assert_eq!(u32::from_be_bytes(bytes[..4].try_into().unwrap()) as usize, bytes.len() - 4);
        let read = ViewJob::from_body(&bytes[4..]).unwrap();
        assert_eq!((read.view, read.limits), (job.view, job.limits));
        assert!(matches!(read.task, ViewTask::Scan(read) if read == scan));
        assert!(ViewJob::from_body(&bytes[5..]).is_none());
    }
}
