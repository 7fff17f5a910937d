//! What is caught, form by form, in small workbooks.

use crate::support::{Sheet, import, lines, workbook};
use rust_xlsxwriter::{Format, Formula, Workbook};
use shuqiao_sheets::{NoteCode, SheetFault, profile};
use shuqiao_vocabulary::{DataFormat, SharingMethod, UpdateFrequency};

const HEAD: &[&str] = &[
    "*数据资源目录名称",
    "*目录提供方",
    "所属信息系统",
    "*所属业务对象",
    "*数据所属事项",
    "*空间范围",
    "*数据时间范围",
    "*更新周期",
    "*数据分级",
    "*数据资源目录描述",
    "*共享属性",
    "共享条件/不予共享依据",
    "共享方式",
    "*开放属性",
    "开放条件",
];
const ITEM_HEAD: &[&str] = &[
    "*数据资源目录名称",
    "*信息项业务名称",
    "*信息项技术名称",
    "*数据类型",
    "数据长度",
    "*共享属性",
    "*开放属性",
    "*敏感属性",
    "*涉密属性",
    "是否时间戳",
];

fn row(name: &str) -> Vec<&str> {
    vec![
        name,
        "市民政局",
        "",
        "人",
        "低保",
        "全市",
        "2018/01/01-",
        "每月",
        "二级",
        "说明",
        "无条件共享",
        "",
        "共享平台方式",
        "无条件开放",
        "",
    ]
}

fn item<'a>(name: &'a str, technical: &'a str) -> Vec<&'a str> {
    vec![name, "姓名", technical, "字符型", "50", "无条件共享", "无条件开放", "非敏感", "非涉密", "否"]
}

fn dsg(entries: Vec<Vec<&str>>, items: Vec<Vec<&str>>) -> Vec<u8> {
    let sheets: [Sheet<'_>; 2] = [
        ("数据资源目录导入", [vec![vec!["填表说明"], vec!["", "基本属性"], HEAD.to_vec()], entries].concat()),
        ("信息项导入", [vec![vec!["填表说明"], ITEM_HEAD.to_vec()], items].concat()),
    ];
    workbook(&sheets)
}

/// One entry with these cells changed, and one item.
fn check_entry(changes: &[(usize, &'static str)], expected: &[&str]) {
    let mut cells = row("低保对象");
    for (at, text) in changes {
        cells[*at] = text;
    }
    let name = cells[0];
    let found = import(&dsg(vec![cells], vec![item(name, "name")]), "dsg-2026");
    assert_eq!(lines(&found), expected, "{changes:?}");
}

#[test]
fn the_rules_of_the_instruction_are_checked_for_entries() {
    let sheet = "数据资源目录导入!";
    let at = |text: &str| format!("{sheet}{text}");
    check_entry(&[], &[]);
    check_entry(&[(7, "")], &[&at("H4 update_frequency required 13")]);
    check_entry(&[(7, "每两年")], &[&at("H4 update_frequency not_offered 13 found=每两年")]);
    check_entry(&[(7, "季度")], &[]);
    check_entry(&[(7, "其他")], &[&format!("~{sheet}H4 update_frequency placeholder 13 found=其他")]);
    check_entry(&[(5, "全国")], &[&at("F4 area not_offered found=全国")]);
    check_entry(&[(6, "去年")], &[&at("G4 time_span malformed found=去年")]);
    check_entry(&[(6, "2019/01/01-2018/01/01")], &[&at("G4 time_span malformed found=2019/01/01-2018/01/01")]);
    check_entry(&[(3, "人；其他")], &[&at("D4 business_object contradiction found=人；其他")]);
    check_entry(&[(12, "邮件方式")], &[&at("M4 methods not_offered 22(2) found=邮件方式")]);
    check_entry(&[(0, "低保（对象）")], &[&at("A4 name malformed 13 found=低保（对象）")]);
    check_entry(&[(0, "低保管理系统")], &[&format!("~{sheet}A4 name system_name 13 found=低保管理系统")]);
    check_entry(
        &[(10, "不予共享"), (13, "不开放")],
        &[
            &at("K4 sharing_attribute contradiction 14 expected=unconditional"),
            &at("L4 conditions required 15"),
            &at("N4 open_attribute contradiction expected=无条件开放"),
        ],
    );
    check_entry(
        &[(13, "有条件开放")],
        &[&at("N4 open_attribute contradiction expected=无条件开放"), &at("O4 open_conditions required")],
    );
}

#[test]
fn the_rules_of_the_instruction_are_checked_for_items() {
    let check = |changes: &[(usize, &'static str)], expected: &[&str]| {
        let mut cells = item("低保对象", "name");
        for (at, text) in changes {
            cells[*at] = text;
        }
        let found = import(&dsg(vec![row("低保对象")], vec![item("低保对象", "id"), cells]), "dsg-2026");
        let items: Vec<String> = lines(&found).into_iter().filter(|line| line.starts_with("信息项导入")).collect();
        assert_eq!(items, expected, "{changes:?}");
    };
    check(&[], &[]);
    check(&[(2, "id")], &["信息项导入!C4 items.name duplicate 13 name=id"]);
    check(&[(2, "user name")], &["信息项导入!C4 items.name malformed 13 found=user name"]);
    check(&[(4, "50字节")], &["信息项导入!E4 items.length malformed found=50字节"]);
    check(&[(4, "0")], &["信息项导入!E4 items.length too_large max=65535"]);
    check(&[(3, "高精度型"), (4, "")], &["信息项导入!E4 items.length required"]);
    check(&[(5, "不予共享")], &["信息项导入!G4 items.open_attribute contradiction found=无条件开放"]);
    check(&[(8, "涉密")], &["信息项导入!I4 items.secret secret_refused 3"]);
    check(&[(0, "低 保对象")], &["信息项导入!A4 items.entry entry_unknown 13 name=低 保对象 nearest=低保对象"]);
}

#[test]
fn one_item_tells_when_a_row_was_changed() {
    let mut stamps = vec![item("低保对象", "a"), item("低保对象", "b")];
    for stamp in &mut stamps {
        stamp[9] = "是";
    }
    let found = import(&dsg(vec![row("低保对象")], stamps), "dsg-2026");
    assert_eq!(lines(&found), ["信息项导入!J4 items.time_stamp contradiction"]);
}

#[test]
fn entries_are_there_once_with_items_and_without_gaps() {
    let blank = vec![""; HEAD.len()];
    let found = import(
        &dsg(vec![row("低保对象"), blank, row("低保-对象"), row("无项目录")], vec![item("低保对象", "name")]),
        "dsg-2026",
    );
    let expected = [
        "~数据资源目录导入!5  blank_row",
        "数据资源目录导入!A6 name duplicate 13 first_row=4 name=低保对象",
        "数据资源目录导入!7 items required 13",
    ];
    assert_eq!(lines(&found), expected);
    assert_eq!(found.entries.iter().map(|entry| entry.refused).collect::<Vec<_>>(), [false, true, true]);
}

#[test]
fn a_form_with_too_many_entries_says_at_which_row() {
    let names: Vec<String> = (0..201).map(|number| format!("目录{number}")).collect();
    let items = names.iter().map(|name| item(name, "name")).collect();
    let found = import(&dsg(names.iter().map(|name| row(name)).collect(), items), "dsg-2026");
    assert_eq!(found.entries.len(), 200);
    assert!(
        lines(&found).contains(&"数据资源目录导入!204 entries too_large max=200".to_owned()),
        "{:?}",
        lines(&found)
    );
}

#[test]
fn numbers_that_were_dragged_down_are_named() {
    let entries = ["甲", "乙", "丙", "丁"].map(|name| {
        let mut cells = row(name);
        cells[4] = match name {
            "甲" => "国办发〔2016〕51号",
            "乙" => "国办发〔2016〕52号",
            "丙" => "国办发〔2016〕53号",
            _ => "国办发〔2016〕51号",
        };
        // The file admits no brackets here; only the run is looked at.
        cells
    });
    let items = ["甲", "乙", "丙", "丁"].map(|name| item(name, "name"));
    let found = import(&dsg(entries.to_vec(), items.to_vec()), "dsg-2026");
    let expected =
        ["~数据资源目录导入!E5 matter drag_filled first_row=4", "~数据资源目录导入!E6 matter drag_filled first_row=4"];
    assert_eq!(lines(&found), expected);
}

/// The guide's form: a merged entry over its items, two rows of heads.
fn guide(cells: &[(usize, &str)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    let heads = ["信息资源名称", "信息资源代码", "信息资源提供方", "信息资源摘要", "信息资源格式", "更新周期"];
    for (column, head) in (0_u16..).zip(heads) {
        sheet.merge_range(0, column, 1, column, head, &plain).unwrap();
    }
    sheet.merge_range(0, 6, 0, 8, "共享属性", &plain).unwrap();
    for (column, head) in (6_u16..).zip(["共享类型", "共享条件", "共享方式", "信息项名称", "数据类型"])
    {
        sheet.write_string(1, column, head).unwrap();
    }
    let mut values = vec!["低保对象", "306019/000001", "市民政局", "说明", "数据库/mysql", "6", "1", "", "库表"];
    for (at, text) in cells {
        values[*at] = text;
    }
    for (column, text) in (0_u16..).zip(values) {
        if text.is_empty() {
            sheet.merge_range(2, column, 3, column, "", &plain).unwrap();
        } else {
            sheet.merge_range(2, column, 3, column, text, &plain).unwrap();
        }
    }
    for (row, (title, kind)) in (2_u32..).zip([("姓名", "字符型C"), ("年龄", "N")]) {
        sheet.write_string(row, 9, title).unwrap();
        sheet.write_string(row, 10, kind).unwrap();
    }
    workbook.save_to_buffer().unwrap()
}

#[test]
fn the_guide_has_items_beside_a_merged_entry() {
    let found = import(&guide(&[]), "guide-2017");
    assert_eq!(lines(&found), [""; 0]);
    let [entry] = found.entries.as_slice() else { panic!("{:?}", found.entries) };
    let content = &entry.content;
    assert_eq!(content.code.as_ref().map(ToString::to_string).as_deref(), Some("306019/000001"));
    assert_eq!(content.items.iter().map(|item| item.title.as_str()).collect::<Vec<_>>(), ["姓名", "年龄"]);
    assert_eq!(
        (content.data_format, content.methods.as_slice()),
        (Some(DataFormat::Database), [SharingMethod::BatchExchange].as_slice())
    );
    assert!(found.notes.iter().any(|note| note.code == NoteCode::MergedCells), "{:?}", found.notes);
    let check =
        |cells: &[(usize, &str)], expected: &[&str]| assert_eq!(lines(&import(&guide(cells), "guide-2017")), expected);
    check(&[(1, "306/1")], &["Sheet1!B3 code malformed found=306/1"]);
    check(&[(4, "电子文件/xls")], &["Sheet1!E3 data_format contradiction 13 found=电子文件/xls"]);
    check(&[(4, "电子文件")], &["~Sheet1!I3 methods contradiction 22(2) format=document method=batch_exchange"]);
    check(&[(6, "4")], &["Sheet1!G3 sharing_attribute not_offered 14 found=4"]);
}

#[test]
fn the_same_digit_means_what_the_named_profile_says() {
    let guide = import(&guide(&[]), "guide-2017");
    assert_eq!(guide.entries[0].content.update_frequency, Some(UpdateFrequency::Yearly));
    let table = "目录名称,数据更新周期,共享类型,摘要\n低保对象,6,1,说明\n";
    let province = import(table.as_bytes(), "province-2026");
    assert_eq!(lines(&province), [""; 0]);
    assert_eq!(province.entries[0].content.update_frequency, Some(UpdateFrequency::HalfYearly));
    let table = "目录名称,数据更新周期,共享类型,摘要\n低保对象,10,1,说明\n";
    assert_eq!(lines(&import(table.as_bytes(), "province-2026")), ["csv!B2 update_frequency not_offered 13 found=10"]);
}

#[test]
fn formulas_hidden_rows_and_unknown_columns_are_noted() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("目录").unwrap();
    for (column, head) in (0_u16..).zip(["目录名称", "数据更新周期", "共享类型", "摘要", "备用列", "提供方"])
    {
        sheet.write_string(0, column, head).unwrap();
    }
    sheet.write_formula(1, 0, Formula::new("=\"低保\"&\"对象\"").set_result("低保对象")).unwrap();
    for (column, text) in (1_u16..).zip(["1", "1", "说明", "x", "市民政局"]) {
        sheet.write_string(1, column, text).unwrap();
    }
    sheet.write_number(2, 1, 2).unwrap();
    for (column, text) in [(0_u16, "婚姻登记"), (2, "1"), (3, "说明")] {
        sheet.write_string(2, column, text).unwrap();
    }
    sheet.set_row_hidden(2).unwrap();
    let found = import(&workbook.save_to_buffer().unwrap(), "province-2026");
    assert_eq!(lines(&found), [""; 0]);
    let names: Vec<&str> = found.entries.iter().map(|entry| entry.content.name.as_str()).collect();
    assert_eq!(names, ["低保对象", "婚姻登记"]);
    assert_eq!(found.entries[1].content.update_frequency, Some(UpdateFrequency::Daily));
    let notes: Vec<(NoteCode, &str)> = found.notes.iter().map(|note| (note.code, note.detail.as_str())).collect();
    let expected = [
        (NoteCode::ColumnNotKept, "F 提供方"),
        (NoteCode::ColumnUnknown, "E 备用列"),
        (NoteCode::Formulas, "1"),
        (NoteCode::HiddenRows, "3"),
        (NoteCode::Providers, "市民政局"),
    ];
    assert_eq!(notes, expected);
}

#[test]
fn another_form_is_told_by_its_missing_head() {
    let bytes = workbook(&[("数据资源目录导入", vec![vec!["名称", "周期"]]), ("信息项导入", vec![vec!["名称"]])]);
    let fault = shuqiao_sheets::import(&bytes, profile::named("dsg-2026").unwrap()).unwrap_err();
    assert_eq!(fault.code, SheetFault::HeadMissing);
    assert_eq!(
        (fault.params["sheet"].as_str(), fault.params["head"].as_str()),
        ("数据资源目录导入", "数据资源目录名称")
    );
}

#[test]
fn profiles_are_named_once_and_spell_each_value_once() {
    let names: std::collections::BTreeSet<&str> = profile::ALL.iter().map(|profile| profile.name).collect();
    assert_eq!(names.len(), profile::ALL.len());
    let expected = ["credit-719", "dsg-2026", "dsg-info-2026", "guide-2017", "province-2026", "shuqiao-1"];
    assert_eq!(names.into_iter().collect::<Vec<_>>(), expected, "names are for ever");
    for profile in profile::ALL {
        let spelled: Vec<&str> = profile.values.update_frequency.iter().map(|(text, _)| *text).collect();
        let once: std::collections::BTreeSet<&&str> = spelled.iter().collect();
        assert_eq!(once.len(), spelled.len(), "{}", profile.name);
    }
}
