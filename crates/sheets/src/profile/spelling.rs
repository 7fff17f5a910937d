//! Spellings that several forms share. The first spelling of a value is the one that is written.

use super::{Openness, Spelling};
use shuqiao_vocabulary::{
    BasisRank, DataFormat, Grade, ItemType, Level, OrganisationKind, SharingAttribute, SharingMethod,
};

pub(crate) const YES_NO: Spelling<bool> = &[("是", Some(true)), ("否", Some(false))];

/// Sharing attribute by its words (Art. 14).
pub(crate) const ATTRIBUTES: Spelling<SharingAttribute> = &[
    ("无条件共享", Some(SharingAttribute::Unconditional)),
    ("有条件共享", Some(SharingAttribute::Conditional)),
    ("不予共享", Some(SharingAttribute::NotShared)),
    ("不共享", Some(SharingAttribute::NotShared)),
];

/// Sharing attribute by its words or the digit of the guide.
pub(crate) const ATTRIBUTES_OR_DIGITS: Spelling<SharingAttribute> = &[
    ("无条件共享", Some(SharingAttribute::Unconditional)),
    ("有条件共享", Some(SharingAttribute::Conditional)),
    ("不予共享", Some(SharingAttribute::NotShared)),
    ("不共享", Some(SharingAttribute::NotShared)),
    ("无条件", Some(SharingAttribute::Unconditional)),
    ("有条件", Some(SharingAttribute::Conditional)),
    ("1", Some(SharingAttribute::Unconditional)),
    ("2", Some(SharingAttribute::Conditional)),
    ("3", Some(SharingAttribute::NotShared)),
];

/// Openness by its words; 不开放 and 不予开放 are the same.
pub(crate) const OPENNESS: Spelling<Openness> = &[
    ("无条件开放", Some(Openness::Unconditional)),
    ("有条件开放", Some(Openness::Conditional)),
    ("不予开放", Some(Openness::Closed)),
    ("不开放", Some(Openness::Closed)),
];

/// Openness by its words or the digit of the guide.
pub(crate) const OPENNESS_OR_DIGITS: Spelling<Openness> = &[
    ("无条件开放", Some(Openness::Unconditional)),
    ("有条件开放", Some(Openness::Conditional)),
    ("不予开放", Some(Openness::Closed)),
    ("不开放", Some(Openness::Closed)),
    ("是", Some(Openness::Unconditional)),
    ("否", Some(Openness::Closed)),
    ("1", Some(Openness::Unconditional)),
    ("2", Some(Openness::Conditional)),
    ("3", Some(Openness::Closed)),
];

/// Ways of sharing by the words of the decree (Art. 22(2)) and those of running platforms. Mail and carried media, which
/// older forms know, are no way of the decree, and so are not known.
pub(crate) const METHODS: Spelling<SharingMethod> = &[
    ("服务接口", Some(SharingMethod::ServiceInterface)),
    ("批量交换", Some(SharingMethod::BatchExchange)),
    ("文件下载", Some(SharingMethod::FileDownload)),
    ("接口", Some(SharingMethod::ServiceInterface)),
    ("接口方式", Some(SharingMethod::ServiceInterface)),
    ("数据服务接口", Some(SharingMethod::ServiceInterface)),
    ("库表", Some(SharingMethod::BatchExchange)),
    ("库表交换", Some(SharingMethod::BatchExchange)),
    ("数据库", Some(SharingMethod::BatchExchange)),
    ("数据库交换", Some(SharingMethod::BatchExchange)),
    ("文件", Some(SharingMethod::FileDownload)),
    ("文件交换", Some(SharingMethod::FileDownload)),
    // The platform's way, without saying which one.
    ("共享平台方式", None),
    ("共享平台", None),
];

/// Format classes of the 2017 guide, and the formats that it names in each.
pub(crate) const FORMATS: Spelling<DataFormat> = &[
    ("数据库", Some(DataFormat::Database)),
    ("电子表格", Some(DataFormat::Spreadsheet)),
    ("电子文件", Some(DataFormat::Document)),
    ("图形图像", Some(DataFormat::Image)),
    ("流媒体", Some(DataFormat::Stream)),
    ("自描述格式", Some(DataFormat::SelfDescribing)),
    ("服务接口", Some(DataFormat::ServiceInterface)),
    ("ofd", Some(DataFormat::Document)),
    ("wps", Some(DataFormat::Document)),
    ("xml", Some(DataFormat::Document)),
    ("txt", Some(DataFormat::Document)),
    ("doc", Some(DataFormat::Document)),
    ("docx", Some(DataFormat::Document)),
    ("html", Some(DataFormat::Document)),
    ("pdf", Some(DataFormat::Document)),
    ("ppt", Some(DataFormat::Document)),
    ("pptx", Some(DataFormat::Document)),
    ("et", Some(DataFormat::Spreadsheet)),
    ("xls", Some(DataFormat::Spreadsheet)),
    ("xlsx", Some(DataFormat::Spreadsheet)),
    ("dm", Some(DataFormat::Database)),
    ("kingbasees", Some(DataFormat::Database)),
    ("access", Some(DataFormat::Database)),
    ("dbf", Some(DataFormat::Database)),
    ("dbase", Some(DataFormat::Database)),
    ("sybase", Some(DataFormat::Database)),
    ("oracle", Some(DataFormat::Database)),
    ("sqlserver", Some(DataFormat::Database)),
    ("db2", Some(DataFormat::Database)),
    ("mysql", Some(DataFormat::Database)),
    ("postgresql", Some(DataFormat::Database)),
    ("jpg", Some(DataFormat::Image)),
    ("gif", Some(DataFormat::Image)),
    ("bmp", Some(DataFormat::Image)),
    ("swf", Some(DataFormat::Stream)),
    ("rm", Some(DataFormat::Stream)),
    ("mpg", Some(DataFormat::Stream)),
];

/// Grades of GB/T 43697-2024 and the labels that platforms give to the four general ones.
pub(crate) const GRADES: Spelling<Grade> = &[
    ("1级", Some(Grade::L1)),
    ("2级", Some(Grade::L2)),
    ("3级", Some(Grade::L3)),
    ("4级", Some(Grade::L4)),
    ("重要数据", Some(Grade::Important)),
    ("核心数据", Some(Grade::Core)),
    ("一级", Some(Grade::L1)),
    ("二级", Some(Grade::L2)),
    ("三级", Some(Grade::L3)),
    ("四级", Some(Grade::L4)),
    ("第一级", Some(Grade::L1)),
    ("第二级", Some(Grade::L2)),
    ("第三级", Some(Grade::L3)),
    ("第四级", Some(Grade::L4)),
    ("一般1级", Some(Grade::L1)),
    ("一般2级", Some(Grade::L2)),
    ("一般3级", Some(Grade::L3)),
    ("一般4级", Some(Grade::L4)),
    ("L1", Some(Grade::L1)),
    ("L2", Some(Grade::L2)),
    ("L3", Some(Grade::L3)),
    ("L4", Some(Grade::L4)),
    ("重要", Some(Grade::Important)),
    ("核心", Some(Grade::Core)),
];

/// Item types by the words of the template. Text holds any value as it is written, so types that we have no word for are
/// text.
pub(crate) const ITEM_TYPES: Spelling<ItemType> = &[
    ("字符型", Some(ItemType::Text)),
    ("整数型", Some(ItemType::Integer)),
    ("小数型", Some(ItemType::Decimal)),
    ("日期型", Some(ItemType::Date)),
    ("日期时间型", Some(ItemType::DateTime)),
    ("布尔型", Some(ItemType::Boolean)),
    ("高精度型", Some(ItemType::Decimal)),
    ("时间型", Some(ItemType::Text)),
    ("其他", Some(ItemType::Text)),
];

/// Item types by the words or the letters of the guide.
pub(crate) const ITEM_TYPES_GUIDE: Spelling<ItemType> = &[
    ("字符型", Some(ItemType::Text)),
    ("数值型", Some(ItemType::Decimal)),
    ("整数型", Some(ItemType::Integer)),
    ("日期型", Some(ItemType::Date)),
    ("日期时间型", Some(ItemType::DateTime)),
    ("布尔型", Some(ItemType::Boolean)),
    ("时间型", Some(ItemType::Text)),
    ("字符型C", Some(ItemType::Text)),
    ("数值型N", Some(ItemType::Decimal)),
    ("日期型D", Some(ItemType::Date)),
    ("时间型T", Some(ItemType::Text)),
    ("C", Some(ItemType::Text)),
    ("N", Some(ItemType::Decimal)),
    ("D", Some(ItemType::Date)),
    ("T", Some(ItemType::Text)),
];

pub(crate) const RANKS: Spelling<BasisRank> = &[
    ("法律", Some(BasisRank::Law)),
    ("行政法规", Some(BasisRank::AdministrativeRegulation)),
    ("国务院决定", Some(BasisRank::StateCouncilDecision)),
    ("地方性法规", Some(BasisRank::LocalRegulation)),
    ("规章", Some(BasisRank::Rule)),
    ("规范性文件", Some(BasisRank::NormativeDocument)),
];

pub(crate) const ORGANISATION_KINDS: Spelling<OrganisationKind> = &[
    ("政务数据共享主管部门", Some(OrganisationKind::SharingAuthority)),
    ("政府部门", Some(OrganisationKind::Department)),
    ("法律法规授权的组织", Some(OrganisationKind::AuthorisedOrganisation)),
];

pub(crate) const LEVELS: Spelling<Level> = &[
    ("国家", Some(Level::Nation)),
    ("部委", Some(Level::Ministry)),
    ("省", Some(Level::Province)),
    ("市", Some(Level::City)),
    ("县", Some(Level::County)),
    ("乡镇", Some(Level::Township)),
];

/// Masks by their words; the numbers that some have follow the word.
pub(crate) const MASKS: &MaskWords = &MaskWords {
    keep_ends: "保留首尾",
    keyed_hash: "加密散列",
    year_only: "仅保留年份",
    region_only: "仅保留区划",
    redact: "完全隐藏",
    token: "保形替换",
    verify_only: "仅核验",
};

/// The words of masks.
#[derive(Debug)]
pub(crate) struct MaskWords {
    /// Followed by characters kept at the head, `+`, at the tail.
    pub(crate) keep_ends: &'static str,
    pub(crate) keyed_hash: &'static str,
    pub(crate) year_only: &'static str,
    /// Followed by the digits kept.
    pub(crate) region_only: &'static str,
    pub(crate) redact: &'static str,
    pub(crate) token: &'static str,
    pub(crate) verify_only: &'static str,
}
