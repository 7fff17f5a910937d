//! The core metadata of the 2017 guide (政务信息资源目录编制指南（试行）, 发改高技〔2017〕1272号), one row per item, the entry's cells
//! merged over its items or left empty below the first. Digits are those of the schema of 2019: update cycle 6 is every
//! year here, and every half year in the provincial form of 2026.

use super::{Column, Field as F, Items, Profile, Rules, SheetForm, Values, column, spelling as s};
use shuqiao_vocabulary::UpdateFrequency as U;

pub(super) const GUIDE: Profile = Profile {
    name: "guide-2017",
    title_zh: "政务信息资源目录编制指南（2017）核心元数据",
    title_en: "Core metadata of the catalogue guide (2017)",
    workbook_only: false,
    entries_max: 5_000,
    entries: SheetForm { names: &[], columns: ENTRIES },
    items: Items::Beside,
    values: Values {
        update_frequency: &[
            ("实时", Some(U::RealTime)),
            ("每日", Some(U::Daily)),
            ("每周", Some(U::Weekly)),
            ("每月", Some(U::Monthly)),
            ("每季度", Some(U::Quarterly)),
            ("每年", Some(U::Yearly)),
            ("季度", Some(U::Quarterly)),
            ("1", Some(U::RealTime)),
            ("2", Some(U::Daily)),
            ("3", Some(U::Weekly)),
            ("4", Some(U::Monthly)),
            ("5", Some(U::Quarterly)),
            ("6", Some(U::Yearly)),
            ("按需", None),
            ("其他", None),
        ],
        sharing_attribute: s::ATTRIBUTES_OR_DIGITS,
        openness: s::OPENNESS_OR_DIGITS,
        methods: s::METHODS,
        data_format: s::FORMATS,
        grade: s::GRADES,
        item_type: s::ITEM_TYPES_GUIDE,
        plain: &[],
    },
    rules: Rules {
        attributes_follow_items: false,
        items_required: true,
        attributes_agree: true,
        lengths: false,
        no_blank_rows: false,
        provider_named: true,
        credit_marks: false,
        data_format: None,
    },
};

const ENTRIES: &[Column] = &[
    column(F::Category, &["信息资源分类", "类"]),
    column(F::Category, &["项"]),
    column(F::Category, &["目"]),
    column(F::Category, &["细目"]),
    column(F::Name, &["信息资源名称"]).required().marks(),
    column(F::Code, &["信息资源代码"]).marks(),
    column(F::Provider, &["信息资源提供方"]).steady(),
    column(F::Unkept, &["信息资源提供方代码"]),
    column(F::Summary, &["信息资源摘要"]).required(),
    column(F::DataFormat, &["信息资源格式", "信息资源格式分类"]),
    column(F::DataFormat, &["信息资源格式类型"]),
    column(F::ItemTitle, &["信息项名称"]),
    column(F::ItemType, &["数据类型"]),
    column(F::ItemLength, &["数据长度"]),
    column(F::SharingAttribute, &["共享类型", "共享属性"]).required().marks(),
    column(F::ConditionText, &["共享条件"]).steady(),
    column(F::Methods, &["共享方式"]),
    column(F::OpenAttribute, &["开放属性", "开放类型", "是否向社会开放"]),
    column(F::OpenCondition, &["开放条件"]).steady(),
    column(F::UpdateFrequency, &["更新周期"]).required(),
    column(F::Unkept, &["发布日期"]),
    column(F::Unkept, &["关联资源代码"]),
];
