//! The import template that a running government data platform hands to its departments (数据资源目录导入模板): a long
//! instruction in the first row, grouped heads, stars on what must be filled. Its rules stand in its instruction.

use super::{Column, Field as F, Items, Profile, Rules, SheetForm, Values, column, spelling as s};
use shuqiao_vocabulary::{DataFormat, UpdateFrequency as U};

/// Entries and items on two sheets; at most 200 entries.
pub(super) const DSG: Profile = Profile {
    name: "dsg-2026",
    title_zh: "数据资源目录导入模板（2026）",
    title_en: "Data resource catalogue template (2026)",
    workbook_only: true,
    entries_max: 200,
    entries: SheetForm { names: &["数据资源目录导入"], columns: ENTRIES },
    items: Items::Sheet(SheetForm { names: &["信息项导入"], columns: ITEMS }),
    values: VALUES,
    rules: Rules {
        attributes_follow_items: true,
        items_required: true,
        attributes_agree: true,
        lengths: true,
        no_blank_rows: true,
        provider_named: true,
        credit_marks: false,
        // Instruction 1: only tables of databases can be registered by this form.
        data_format: Some(DataFormat::Database),
    },
};

/// The same platform's form for information resources, which names its columns otherwise and has fewer rules.
pub(super) const DSG_INFO: Profile = Profile {
    name: "dsg-info-2026",
    title_zh: "信息资源目录模板（2026）",
    title_en: "Information resource catalogue template (2026)",
    workbook_only: true,
    entries_max: 200,
    entries: SheetForm { names: &["信息资源目录"], columns: INFO_ENTRIES },
    items: Items::Sheet(SheetForm { names: &["信息项"], columns: INFO_ITEMS }),
    values: VALUES,
    rules: Rules {
        attributes_follow_items: false,
        items_required: false,
        attributes_agree: true,
        lengths: true,
        no_blank_rows: false,
        provider_named: false,
        credit_marks: false,
        data_format: None,
    },
};

const ENTRIES: &[Column] = &[
    column(F::ResourceTable, &["挂接资源名称"]),
    column(F::Name, &["数据资源目录名称"]).required().marks().most(128).words(),
    column(F::Origin, &["数据资源来源部门"]).most(128).steady(),
    column(F::Provider, &["目录提供方"]).required().most(128).steady(),
    column(F::System, &["所属信息系统"]).most(128).steady(),
    column(F::BusinessObject, &["所属业务对象"]).required().steady(),
    column(F::Scene, &["应用场景分类"]),
    column(F::Matter, &["数据所属事项"]).required().most(128).steady(),
    column(F::Area, &["空间范围"]).required(),
    column(F::TimeSpan, &["数据时间范围"]).required(),
    column(F::UpdateFrequency, &["更新周期"]).required().marks(),
    column(F::Grade, &["数据分级"]).required(),
    column(F::Summary, &["数据资源目录描述"]).required().most(255),
    column(F::Category, &["资源属性分类一"]),
    column(F::Category, &["资源属性分类二"]),
    column(F::Category, &["资源属性分类三"]),
    column(F::SharingAttribute, &["共享属性"]).required().marks(),
    column(F::ConditionText, &["共享条件/不予共享依据"]).marks().most(128).steady(),
    column(F::Methods, &["共享方式"]),
    column(F::OpenAttribute, &["开放属性"]).required().marks(),
    column(F::OpenCondition, &["开放条件"]).most(128).steady(),
    column(F::Synchronisation, &["数据同步机制"]),
    column(F::SynchronisationFrequency, &["同步频率"]).most(128).words(),
    column(F::Flag, &["数据是否存在物理删除"]),
    column(F::Flag, &["是否上线到超市", "是否上线到服务超市"]),
];

const ITEMS: &[Column] = &[
    column(F::ItemEntry, &["数据资源目录名称"]).required().marks().most(128),
    column(F::ItemTitle, &["信息项业务名称"]).required().marks(),
    column(F::ItemName, &["信息项技术名称"]).required().marks(),
    column(F::ItemUnkept, &["关联数据标准"]),
    column(F::ItemUnkept, &["关联码表"]),
    column(F::ItemType, &["数据类型"]).required().marks(),
    column(F::ItemLength, &["数据长度"]),
    column(F::ItemUnkept, &["数据值域"]).most(128),
    column(F::ItemSharing, &["共享属性"]).required().marks(),
    column(F::ItemOpen, &["开放属性"]).required(),
    column(F::ItemDelicate, &["敏感属性"]).required(),
    column(F::ItemSecret, &["涉密属性"]).required(),
    column(F::ItemStamp, &["是否时间戳"]),
    column(F::ItemFlag, &["是否主键"]),
];

const INFO_ENTRIES: &[Column] = &[
    column(F::Name, &["信息资源目录名称"]).required().marks().most(128),
    column(F::Origin, &["信息资源来源部门"]).most(128).steady(),
    column(F::Provider, &["所属部门"]).most(128).steady(),
    column(F::Unkept, &["所属处室"]),
    column(F::Unkept, &["所属主干业务"]),
    column(F::Unkept, &["数据范围"]),
    column(F::UpdateFrequency, &["更新周期"]),
    column(F::Unkept, &["资源标签"]),
    column(F::Unkept, &["处室业务职责"]),
    column(F::Summary, &["信息资源目录描述"]).most(255),
    column(F::Category, &["资源属性分类"]),
    column(F::Unkept, &["关联数据资源目录"]),
    column(F::System, &["关联信息系统"]),
    column(F::Unkept, &["来源业务场景"]),
    column(F::Unkept, &["关联业务场景"]),
    column(F::Unkept, &["关联信息类"]),
    column(F::Unkept, &["关联信息项"]),
    column(F::SharingAttribute, &["共享属性"]).marks(),
    column(F::ConditionText, &["共享条件/不予共享依据"]).most(128).steady(),
    column(F::Methods, &["共享方式"]),
    column(F::OpenAttribute, &["开放属性"]),
    column(F::OpenCondition, &["开放条件"]).most(128).steady(),
];

const INFO_ITEMS: &[Column] = &[
    column(F::ItemEntry, &["信息资源目录名称"]).required().marks().most(128),
    column(F::ItemTitle, &["信息项名称"]).required().marks(),
    column(F::ItemName, &["映射字段"]),
    column(F::ItemUnkept, &["关联数据元"]),
    column(F::ItemUnkept, &["关联代码集"]),
    column(F::ItemType, &["数据类型"]).required().marks(),
    column(F::ItemLength, &["数据长度"]),
    column(F::ItemUnkept, &["数据值域"]).most(128),
    column(F::ItemDelicate, &["敏感属性"]),
    column(F::ItemSecret, &["涉密属性"]),
    column(F::ItemFlag, &["是否主键"]),
    column(F::ItemFlag, &["是否增量字段"]),
    column(F::ItemFlag, &["是否本部门产生"]),
    column(F::ItemFlag, &["是否标准化"]),
];

const VALUES: Values = Values {
    update_frequency: &[
        ("实时", Some(U::RealTime)),
        ("每日", Some(U::Daily)),
        ("每周", Some(U::Weekly)),
        ("每月", Some(U::Monthly)),
        ("每季度", Some(U::Quarterly)),
        ("每半年", Some(U::HalfYearly)),
        ("每年", Some(U::Yearly)),
        ("季度", Some(U::Quarterly)),
        ("其他", None),
        ("按需", None),
    ],
    sharing_attribute: s::ATTRIBUTES,
    openness: s::OPENNESS,
    methods: s::METHODS,
    data_format: s::FORMATS,
    grade: s::GRADES,
    item_type: s::ITEM_TYPES,
    plain: &[
        (F::Scene, &["政务服务", "公共服务", "监管", "其他"]),
        (F::Area, &["全市", "市直", "区县（市）"]),
        (F::Synchronisation, &["增量", "全量"]),
        (F::Flag, &["是", "否"]),
        (F::ItemDelicate, &["敏感", "非敏感"]),
        (F::ItemSecret, &["涉密", "非涉密"]),
        (F::ItemStamp, &["是", "否"]),
        (F::ItemFlag, &["是", "否"]),
    ],
};
