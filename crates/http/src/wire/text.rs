//! Values that travel as text: ids, dates, codes. Each has a schema of its own, so that a client knows its form.

use shuqiao_domain::{paper::PaperSubject as PaperSubjectId, scorecard::Period};
use shuqiao_vocabulary as v;

/// Declares a wire form of a type that prints and parses itself.
macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident = $inner:ty { pattern: $pattern:expr, format: $format:expr, example: $example:literal })+) => { $(
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(pub $inner);

        impl From<$inner> for $name {
            fn from(inner: $inner) -> Self {
                Self(inner)
            }
        }

        impl From<$name> for $inner {
            fn from(form: $name) -> Self {
                form.0
            }
        }

        $crate::wire::both_ways!($name, $inner);

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map(Self).map_err(serde::de::Error::custom)
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                let pattern: Option<&str> = $pattern;
                let format: Option<&str> = $format;
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(pattern)
                    .format(format.map(|name| utoipa::openapi::schema::SchemaFormat::Custom(name.to_owned())))
                    .examples([$example])
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                std::borrow::Cow::Borrowed(stringify!($name))
            }
        }
    )+ };
}

/// A moment that only goes out: nobody tells the server what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MomentText(pub v::Moment);

/// A date as the wire takes it: ten characters and no other spelling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StrictDate(pub v::Date);

impl std::str::FromStr for StrictDate {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{}` is not a date of the form YYYY-MM-DD", text.chars().take(40).collect::<String>());
        let date: v::Date = text.parse().map_err(|_| wrong())?;
        if date.to_string() == text { Ok(Self(date)) } else { Err(wrong()) }
    }
}

impl std::fmt::Display for StrictDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

texts! {
    /// Id of a case (案件).
    CaseId = v::CaseId { pattern: Some("^cas_[0-9a-f]{32}$"), format: None, example: "cas_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a catalogue entry (目录).
    CatalogueEntryId = v::CatalogueEntryId { pattern: Some("^cat_[0-9a-f]{32}$"), format: None, example: "cat_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a task of batch exchange (批量交换任务).
    BatchTaskId = v::BatchTaskId { pattern: Some("^bat_[0-9a-f]{32}$"), format: None, example: "bat_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a run of such a task (批量交换运行).
    BatchRunId = v::BatchRunId { pattern: Some("^run_[0-9a-f]{32}$"), format: None, example: "run_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a gateway (网关).
    GatewayId = v::GatewayId { pattern: Some("^gtw_[0-9a-f]{32}$"), format: None, example: "gtw_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a department system (业务系统); it is also its OAuth2 client id.
    SystemId = v::SystemId { pattern: Some("^sys_[0-9a-f]{32}$"), format: None, example: "sys_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a grant (授权).
    GrantId = v::GrantId { pattern: Some("^grt_[0-9a-f]{32}$"), format: None, example: "grt_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of an organisation (机构).
    OrganisationId = v::OrganisationId { pattern: Some("^org_[0-9a-f]{32}$"), format: None, example: "org_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a person (人员).
    PersonId = v::PersonId { pattern: Some("^per_[0-9a-f]{32}$"), format: None, example: "per_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of an application for several entries.
    CartId = v::CartId { pattern: Some("^app_[0-9a-f]{32}$"), format: None, example: "app_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a sharing request (共享申请).
    SharingRequestId = v::SharingRequestId { pattern: Some("^req_[0-9a-f]{32}$"), format: None, example: "req_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a connected source (数据源).
    SourceId = v::SourceId { pattern: Some("^src_[0-9a-f]{32}$"), format: None, example: "src_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a rule set (规则集).
    RuleSetId = v::RuleSetId { pattern: Some("^rul_[0-9a-f]{32}$"), format: None, example: "rul_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a notice of the calendar (放假通知).
    CalendarNoticeId = v::CalendarNoticeId { pattern: Some("^ntc_[0-9a-f]{32}$"), format: None, example: "ntc_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Id of a reminder (提醒).
    ReminderId = v::ReminderId { pattern: Some("^rem_[0-9a-f]{32}$"), format: None, example: "rem_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// Name of a data item (数据项): 1 to 64 letters, digits or `_`, not starting with a digit.
    ItemName = v::ItemName { pattern: Some("^[\\p{L}_][\\p{L}\\p{N}_]{0,63}$"), format: None, example: "county_code" }
    /// Administrative division code (行政区划代码, GB/T 2260).
    RegionCode = v::RegionCode { pattern: Some("^([0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{12})$"), format: None, example: "5203" }
    /// An article of the Regulations: article, paragraph, item.
    Article = v::Article { pattern: Some("^[0-9]{1,2}(\\([0-9]{1,2}\\)){0,2}$"), format: None, example: "39(1)(4)" }
    /// Unified social credit code (统一社会信用代码, GB 32100-2015).
    OrganisationCode = v::OrganisationCode { pattern: Some("^[0-9A-HJ-NPQRTUWXY]{18}$"), format: None, example: "11370000MB284651XL" }
    /// Code of an information resource by the 2017 guide (信息资源代码): class, `/`, running number.
    GuideCode = v::GuideCode { pattern: Some("^[123][0-9]{5,}/[0-9]+$"), format: None, example: "306019/000001" }
    /// A month `2026-11`, a quarter `2026-Q4` or a year `2026`.
    PeriodText = Period { pattern: Some("^2[0-9]{3}(-(0[1-9]|1[0-2]|Q[1-4]))?$"), format: None, example: "2026-11" }
    /// What a paper speaks of: the id of a request, a grant, a catalogue entry or a case; or an evaluation, as `sco_`, the
    /// digits of the authority's id, `_` and the period.
    PaperSubject = PaperSubjectId { pattern: Some("^((req|grt|cat|cas)_[0-9a-f]{32}|sco_[0-9a-f]{32}_2[0-9]{3}(-(0[1-9]|1[0-2]|Q[1-4]))?)$"), format: None, example: "req_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5" }
    /// SHA-256 of a file, 64 hexadecimal digits in lower case.
    Sha256 = v::Sha256 { pattern: Some("^[0-9a-f]{64}$"), format: None, example: "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0" }
    /// A calendar date.
    Date = StrictDate { pattern: Some("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), format: Some("date"), example: "2025-08-01" }
}

impl From<v::Date> for Date {
    fn from(date: v::Date) -> Self {
        Self(StrictDate(date))
    }
}

impl From<Date> for v::Date {
    fn from(date: Date) -> Self {
        date.0.0
    }
}

crate::wire::both_ways!(Date, v::Date);

impl serde::Serialize for MomentText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl From<v::Moment> for MomentText {
    fn from(moment: v::Moment) -> Self {
        Self(moment)
    }
}

impl utoipa::PartialSchema for MomentText {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::schema::Type::String)
            .format(Some(utoipa::openapi::schema::SchemaFormat::Custom("date-time".to_owned())))
            .description(Some("A moment in UTC, RFC 3339."))
            .examples(["2025-08-01T01:02:03.000004Z"])
            .into()
    }
}

impl utoipa::ToSchema for MomentText {
    fn name() -> std::borrow::Cow<'static, str> {
        std::borrow::Cow::Borrowed("Moment")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_one_spelling() {
        assert!(serde_json::from_str::<Date>("\"2025-08-01\"").is_ok());
        for bad in ["\"20250801\"", "\"2025-08-01T00:00\"", "\"2025-13-01\"", "\"+002025-08-01\"", "1", "\"\""] {
            assert!(serde_json::from_str::<Date>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn ids_go_both_ways() {
        let text = "\"org_0192f0c1a2b34c5d8e9fa0b1c2d3e4f5\"";
        let id: OrganisationId = serde_json::from_str(text).unwrap();
        assert_eq!(serde_json::to_string(&id).unwrap(), text);
        assert!(serde_json::from_str::<GrantId>(text).is_err());
    }
}
