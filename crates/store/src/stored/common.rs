//! Forms that several aggregates share.

use super::{Form, Spelled, stored};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use shuqiao_domain::{
    Clock, ClockId, Returned, Stamp,
    catalogue::{LegalBasis, Resource},
    rules::DECREE,
};
use shuqiao_vocabulary::{
    Article, BasisRank, Condition, Date, ItemName, Literal, Mask, Moment, OrganisationId, PersonId, RegionCode,
    RowFilter, SourceId, Test,
};

/// A moment, in microseconds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct StoredMoment(i64);

impl Form<Moment> for StoredMoment {
    fn of(value: &Moment) -> Self {
        Self(value.microseconds())
    }
    fn value(self) -> Moment {
        Moment::from_microseconds(self.0)
    }
}

/// 32 bytes, in hexadecimal.
#[derive(Debug)]
pub(crate) struct StoredDigest([u8; 32]);

impl Serialize for StoredDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        serializer.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for StoredDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let wrong = || D::Error::custom("not 32 bytes in hexadecimal");
        if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(wrong());
        }
        let mut digest = [0; 32];
        for (position, byte) in digest.iter_mut().enumerate() {
            let pair = text.get(position * 2..position * 2 + 2).ok_or_else(wrong)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| wrong())?;
        }
        Ok(Self(digest))
    }
}

impl Form<[u8; 32]> for StoredDigest {
    fn of(value: &[u8; 32]) -> Self {
        Self(*value)
    }
    fn value(self) -> [u8; 32] {
        self.0
    }
}

stored! {
    StoredStamp of Stamp { person: Spelled<PersonId>, organisation: Spelled<OrganisationId>, at: StoredMoment }
}
stored! {
    StoredReturned of Returned { by: StoredStamp, reason: String }
}
stored! {
    StoredArticle of Article { number: u8, paragraph: Option<u8>, item: Option<u8> }
}
stored! {
    StoredClock of Clock {
        started: StoredMoment,
        due: StoredMoment,
        working_days: u16,
        ground: StoredArticle,
        calendar: String,
        provisional: bool,
        // What follows came later: a clock of before is of no kind, under the Decree itself, and was never moved.
        #[serde(default)]
        kind: Option<Spelled<ClockId>>,
        #[serde(default = "decree")]
        rule_set: String,
        #[serde(default)]
        extended_by: u16,
        #[serde(default)]
        paused_for: u16,
        #[serde(default)]
        counted_from: Option<StoredMoment>,
        #[serde(default)]
        region: Option<Spelled<RegionCode>>,
    }
}

/// The rule set of clocks that were stored before there were others.
fn decree() -> String {
    DECREE.to_owned()
}
stored! {
    StoredLegalBasis of LegalBasis { rank: Spelled<BasisRank>, title: String, article: String }
}
stored! {
    StoredResource of Resource { source: Spelled<SourceId>, table: String }
}
stored! {
    StoredCondition of Condition { item: Spelled<ItemName>, test: StoredTest }
}

/// A row filter: a list of conditions.
#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct StoredRowFilter(Vec<StoredCondition>);

impl Form<RowFilter> for StoredRowFilter {
    fn of(value: &RowFilter) -> Self {
        Self(Form::of(&value.0))
    }
    fn value(self) -> RowFilter {
        RowFilter(self.0.value())
    }
}

/// A literal.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredLiteral {
    Text(String),
    Integer(i64),
    Date(Spelled<Date>),
    Boolean(bool),
}

impl Form<Literal> for StoredLiteral {
    fn of(value: &Literal) -> Self {
        match value {
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::Integer(integer) => Self::Integer(*integer),
            Literal::Date(date) => Self::Date(Spelled(*date)),
            Literal::Boolean(boolean) => Self::Boolean(*boolean),
        }
    }
    fn value(self) -> Literal {
        match self {
            Self::Text(text) => Literal::Text(text),
            Self::Integer(integer) => Literal::Integer(integer),
            Self::Date(Spelled(date)) => Literal::Date(date),
            Self::Boolean(boolean) => Literal::Boolean(boolean),
        }
    }
}

/// What a row's value must satisfy.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredTest {
    Equals(StoredLiteral),
    OneOf(Vec<StoredLiteral>),
    Between { from: Option<StoredLiteral>, to: Option<StoredLiteral> },
    StartsWith(String),
}

impl Form<Test> for StoredTest {
    fn of(value: &Test) -> Self {
        match value {
            Test::Equals(literal) => Self::Equals(Form::of(literal)),
            Test::OneOf(literals) => Self::OneOf(Form::of(literals)),
            Test::Between { from, to } => Self::Between { from: Form::of(from), to: Form::of(to) },
            Test::StartsWith(text) => Self::StartsWith(text.clone()),
        }
    }
    fn value(self) -> Test {
        match self {
            Self::Equals(literal) => Test::Equals(literal.value()),
            Self::OneOf(literals) => Test::OneOf(literals.value()),
            Self::Between { from, to } => Test::Between { from: from.value(), to: to.value() },
            Self::StartsWith(text) => Test::StartsWith(text),
        }
    }
}

/// A mask.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StoredMask {
    KeepEnds { head: u8, tail: u8 },
    KeyedHash,
    YearOnly,
    RegionOnly { digits: u8 },
    Redact,
    Token,
    VerifyOnly,
}

impl Form<Mask> for StoredMask {
    fn of(value: &Mask) -> Self {
        match value {
            Mask::KeepEnds { head, tail } => Self::KeepEnds { head: *head, tail: *tail },
            Mask::KeyedHash => Self::KeyedHash,
            Mask::YearOnly => Self::YearOnly,
            Mask::RegionOnly { digits } => Self::RegionOnly { digits: *digits },
            Mask::Redact => Self::Redact,
            Mask::Token => Self::Token,
            Mask::VerifyOnly => Self::VerifyOnly,
        }
    }
    fn value(self) -> Mask {
        match self {
            Self::KeepEnds { head, tail } => Mask::KeepEnds { head, tail },
            Self::KeyedHash => Mask::KeyedHash,
            Self::YearOnly => Mask::YearOnly,
            Self::RegionOnly { digits } => Mask::RegionOnly { digits },
            Self::Redact => Mask::Redact,
            Self::Token => Mask::Token,
            Self::VerifyOnly => Mask::VerifyOnly,
        }
    }
}
