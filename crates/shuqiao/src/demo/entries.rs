//! What the demo's departments say of their registers: three catalogue entries.

use anyhow::Result;
use shuqiao_domain::catalogue::{
    Conditions, EntryContent, ImpactAssessment, Item, LegalBasis, Limits, Resource, SecrecyReview,
};
use shuqiao_vocabulary::{
    BasisRank, DataFormat, Date, Grade, ItemType, Mask, OrganisationKind, SharingAttribute, SharingMethod, SourceId,
    UpdateFrequency,
};

/// Item: name in calls and column, title, type, grade, whether it is personal, mask.
type ItemRow = (&'static str, &'static str, ItemType, Grade, bool, Option<Mask>);

fn items(rows: Vec<ItemRow>, attribute: SharingAttribute) -> Result<Vec<Item>> {
    let item = |(name, title, item_type, grade, personal, mask): ItemRow| {
        Ok(Item {
            name: name.parse()?,
            title: title.to_owned(),
            column: name.to_owned(),
            item_type,
            grade: Some(grade),
            sharing_attribute: Some(attribute),
            personal,
            sensitive: false,
            mask,
            description: String::new(),
        })
    };
    rows.into_iter().map(item).collect()
}

fn reviewed(reviewer: &str, date: Date) -> SecrecyReview {
    SecrecyReview {
        state_secret: false,
        work_secret: false,
        reviewer: reviewer.to_owned(),
        date: Some(date),
        conclusion: "经审查，不涉及国家秘密和工作秘密，可按目录所列属性共享。".to_owned(),
    }
}

fn basis(rank: BasisRank, title: &str, article: &str) -> LegalBasis {
    LegalBasis { rank, title: title.to_owned(), article: article.to_owned() }
}

/// 人口基础信息: personal, conditional, masked by default.
pub(crate) fn persons(source: SourceId, today: Date) -> Result<EntryContent> {
    let attribute = SharingAttribute::Conditional;
    let keep = |head, tail| Some(Mask::KeepEnds { head, tail });
    let rows = vec![
        ("id_number", "公民身份号码", ItemType::Text, Grade::L3, true, keep(6, 4)),
        ("name", "姓名", ItemType::Text, Grade::L3, true, None),
        ("sex", "性别", ItemType::Text, Grade::L2, true, None),
        ("birth_date", "出生日期", ItemType::Date, Grade::L3, true, Some(Mask::YearOnly)),
        ("ethnic_group", "民族", ItemType::Text, Grade::L3, true, None),
        ("county_code", "户籍地行政区划代码", ItemType::Text, Grade::L1, false, None),
        ("county_name", "户籍地", ItemType::Text, Grade::L1, false, None),
        ("address", "户籍地址", ItemType::Text, Grade::L3, true, keep(6, 0)),
        ("phone", "联系电话", ItemType::Text, Grade::L3, true, keep(3, 4)),
        ("marital_status", "婚姻状况", ItemType::Text, Grade::L3, true, None),
        ("registered_on", "登记日期", ItemType::Date, Grade::L2, false, None),
    ];
    Ok(EntryContent {
        name: "人口基础信息（合成数据）".to_owned(),
        code: None,
        summary: "本市户籍人口的基础登记信息，用于各部门依法履职时核验身份和户籍。演示数据均为合成。".to_owned(),
        data_format: Some(DataFormat::Database),
        update_frequency: Some(UpdateFrequency::Daily),
        sharing_attribute: Some(attribute),
        conditions: Conditions {
            organisation_kinds: vec![OrganisationKind::Department, OrganisationKind::AuthorisedOrganisation],
            purposes: vec!["依法履行社会保险、社会救助、户籍核验等法定职责".to_owned()],
            ..Conditions::default()
        },
        methods: vec![SharingMethod::ServiceInterface],
        category: "基础信息/人口".to_owned(),
        grade: Some(Grade::L3),
        collection_basis: Some(basis(BasisRank::Law, "中华人民共和国户口登记条例", "第三条")),
        secrecy: Some(reviewed("公安局保密办", today)),
        personal_information: true,
        impact_assessment: Some(ImpactAssessment {
            lawful_purpose: "为履行法定职责所必需，目的、方式合法、正当、必要。".to_owned(),
            impact: "对个人权益影响可控；主要风险为超范围使用和再提供。".to_owned(),
            safeguards: "最小必要字段、默认脱敏、按授权控行控列、全程留痕，措施与风险程度相适应。".to_owned(),
            assessor: "公安局数据安全科".to_owned(),
            date: Some(today),
        }),
        resource: Some(Resource { source, table: "persons".to_owned() }),
        limits: Some(Limits { calls_per_second: 50, rows_per_call: 500, rows_per_day: 100_000 }),
        items: items(rows, attribute)?,
        ..EntryContent::default()
    })
}

/// 企业登记信息: public, unconditional.
pub(crate) fn enterprises(source: SourceId, today: Date) -> Result<EntryContent> {
    let attribute = SharingAttribute::Unconditional;
    let rows = vec![
        ("credit_code", "统一社会信用代码", ItemType::Text, Grade::L1, false, None),
        ("name", "企业名称", ItemType::Text, Grade::L1, false, None),
        ("legal_representative", "法定代表人", ItemType::Text, Grade::L2, true, None),
        ("registered_capital", "注册资本（万元）", ItemType::Decimal, Grade::L1, false, None),
        ("established_on", "成立日期", ItemType::Date, Grade::L1, false, None),
        ("status", "登记状态", ItemType::Text, Grade::L1, false, None),
        ("industry_name", "行业", ItemType::Text, Grade::L1, false, None),
        ("county_code", "行政区划代码", ItemType::Text, Grade::L1, false, None),
        ("address", "住所", ItemType::Text, Grade::L1, false, None),
    ];
    Ok(EntryContent {
        name: "企业登记基本信息（合成数据）".to_owned(),
        code: None,
        summary: "本市各类企业的登记注册基本信息，依法向各部门无条件共享。演示数据均为合成。".to_owned(),
        data_format: Some(DataFormat::Database),
        update_frequency: Some(UpdateFrequency::Daily),
        sharing_attribute: Some(attribute),
        methods: vec![SharingMethod::ServiceInterface, SharingMethod::BatchExchange, SharingMethod::FileDownload],
        category: "基础信息/法人".to_owned(),
        grade: Some(Grade::L2),
        collection_basis: Some(basis(
            BasisRank::AdministrativeRegulation,
            "中华人民共和国市场主体登记管理条例",
            "第三条",
        )),
        secrecy: Some(reviewed("市场监管局保密办", today)),
        personal_information: true,
        impact_assessment: Some(ImpactAssessment {
            lawful_purpose: "登记信息依法公示，共享目的合法、正当、必要。".to_owned(),
            impact: "仅含依法公示的法定代表人姓名，对个人权益影响较小。".to_owned(),
            safeguards: "按授权控行控列、全程留痕。".to_owned(),
            assessor: "市场监管局信息科".to_owned(),
            date: Some(today),
        }),
        resource: Some(Resource { source, table: "enterprises".to_owned() }),
        limits: Some(Limits { calls_per_second: 200, rows_per_call: 1_000, rows_per_day: 1_000_000 }),
        items: items(rows, attribute)?,
        ..EntryContent::default()
    })
}

/// 食品经营许可信息: a CSV file in GB18030, as departments send them. `columns` are the file's own headers.
pub(crate) fn licences(source: SourceId, table: &str, today: Date) -> Result<EntryContent> {
    let attribute = SharingAttribute::Unconditional;
    let rows = vec![
        ("许可证编号", "许可证编号", ItemType::Text, Grade::L1, false, None),
        ("统一社会信用代码", "统一社会信用代码", ItemType::Text, Grade::L1, false, None),
        ("经营者名称", "经营者名称", ItemType::Text, Grade::L1, false, None),
        ("主体业态", "主体业态", ItemType::Text, Grade::L1, false, None),
        ("发证日期", "发证日期", ItemType::Date, Grade::L1, false, None),
        ("有效期至", "有效期至", ItemType::Date, Grade::L1, false, None),
        ("行政区划代码", "行政区划代码", ItemType::Text, Grade::L1, false, None),
    ];
    Ok(EntryContent {
        name: "食品经营许可信息（合成数据）".to_owned(),
        code: None,
        summary: "本市核发的食品经营许可证信息，来自业务科室按月报送的表格文件。演示数据均为合成。".to_owned(),
        data_format: Some(DataFormat::Spreadsheet),
        update_frequency: Some(UpdateFrequency::Monthly),
        sharing_attribute: Some(attribute),
        methods: vec![SharingMethod::ServiceInterface],
        category: "主题信息/食品药品安全".to_owned(),
        grade: Some(Grade::L1),
        collection_basis: Some(basis(BasisRank::Law, "中华人民共和国食品安全法", "第三十五条")),
        secrecy: Some(reviewed("市场监管局保密办", today)),
        resource: Some(Resource { source, table: table.to_owned() }),
        limits: Some(Limits { calls_per_second: 100, rows_per_call: 1_000, rows_per_day: 1_000_000 }),
        items: items(rows, attribute)?,
        ..EntryContent::default()
    })
}
