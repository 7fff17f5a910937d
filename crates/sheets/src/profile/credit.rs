//! The catalogue table of local credit platforms (信用平台资源目录): one row per region and entry, names and departments only.

use super::{Column, Field as F, Items, Profile, Rules, SheetForm, Values, column, spelling as s};

pub(super) const CREDIT: Profile = Profile {
    name: "credit-719",
    title_zh: "信用平台资源目录表",
    title_en: "Catalogue table of credit platforms",
    workbook_only: false,
    entries_max: 5_000,
    entries: SheetForm { names: &[], columns: ENTRIES },
    items: Items::None,
    values: Values {
        update_frequency: &[],
        sharing_attribute: &[],
        openness: &[],
        methods: &[],
        data_format: &[],
        grade: &[],
        item_type: s::ITEM_TYPES,
        plain: &[
            (F::Subject, &["自然人", "社会法人", "法人和其他组织"]),
            (F::Flag, &["是", "否", "NULL", "LICENSE", "SANCTION", "RED", "BLACK"]),
        ],
    },
    rules: Rules {
        attributes_follow_items: false,
        items_required: false,
        attributes_agree: false,
        lengths: false,
        no_blank_rows: false,
        provider_named: true,
        credit_marks: true,
        data_format: None,
    },
};

const ENTRIES: &[Column] = &[
    column(F::Unkept, &["region"]),
    column(F::Region, &["region_code"]).marks(),
    column(F::ForeignCode, &["catalog_code"]).required().marks(),
    column(F::Name, &["catalog_name"]).required().marks(),
    column(F::Provider, &["department"]).marks(),
    column(F::ForeignDepartment, &["department_codes"]),
    column(F::Subject, &["subject"]),
    column(F::Flag, &["double_publicity"]),
    column(F::Flag, &["red_black"]),
    column(F::Flag, &["is_license"]),
    column(F::Flag, &["is_penalty"]),
    column(F::Flag, &["is_red"]),
    column(F::Flag, &["is_black"]),
    column(F::Unkept, &["since"]),
    column(F::Unkept, &["note"]),
];
