//! Files that are made to cost more than they are worth.

use crate::support::workbook;
use rust_xlsxwriter::Workbook;
use shuqiao_sheets::{Fault, SheetFault, annotated, limits, profile};
use std::io::{Cursor, Read as _, Write as _};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

fn fault(bytes: &[u8]) -> Fault {
    shuqiao_sheets::import(bytes, profile::named("dsg-2026").unwrap()).unwrap_err()
}

fn check(bytes: &[u8], expected: SheetFault) {
    assert_eq!(fault(bytes).code, expected);
}

/// A workbook with a part added or put in the place of another.
fn with_part(bytes: &[u8], name: &str, content: &mut dyn std::io::Read) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let part_name = part.name().unwrap().into_owned();
        if part_name != name {
            new.start_file(part_name, options).unwrap();
            std::io::copy(&mut part, &mut new).unwrap();
        }
    }
    new.start_file(name, options).unwrap();
    std::io::copy(content, &mut new).unwrap();
    new.finish().unwrap().into_inner()
}

fn small() -> Vec<u8> {
    workbook(&[("数据资源目录导入", vec![vec!["数据资源目录名称"]])])
}

#[test]
fn what_is_no_workbook_is_told() {
    check(b"", SheetFault::NotAWorkbook);
    check(b"hello", SheetFault::NotAWorkbook);
    check(b"PK\x03\x04 and then nothing", SheetFault::NotAWorkbook);
    check(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", SheetFault::OldFormat);
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file("a.txt", SimpleFileOptions::default()).unwrap();
    archive.write_all(b"not a workbook").unwrap();
    check(&archive.finish().unwrap().into_inner(), SheetFault::NotAWorkbook);
    let broken = with_part(&small(), "xl/worksheets/sheet1.xml", &mut Cursor::new(b"<worksheet><sheetData><row"));
    assert!(matches!(fault(&broken).code, SheetFault::Damaged | SheetFault::HeadMissing));
}

#[test]
fn every_beginning_of_a_workbook_is_refused_and_none_panics() {
    let whole = small();
    for end in (0..whole.len()).step_by(97) {
        let _refused = fault(&whole[..end]);
    }
}

#[test]
fn a_file_that_unpacks_too_far_is_refused_before_it_does() {
    let bomb = with_part(&small(), "xl/media/bomb.bin", &mut std::io::repeat(0).take(limits::UNPACKED_BYTES_MAX + 1));
    assert!(bomb.len() < 100_000, "{} bytes", bomb.len());
    check(&bomb, SheetFault::ExpandsTooFar);
    let remarked = annotated(&bomb, "", &[]).unwrap_err();
    assert_eq!(remarked.code, SheetFault::ExpandsTooFar);
    check(&vec![b'P'; limits::FILE_BYTES_MAX + 1], SheetFault::FileTooLarge);
}

#[test]
fn a_cell_at_the_end_of_a_sheet_costs_nothing() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("数据资源目录导入").unwrap();
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let found = fault(&workbook.save_to_buffer().unwrap());
    assert_eq!((found.code, found.params["what"].as_str()), (SheetFault::TooMany, "rows"));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("数据资源目录导入").unwrap();
    sheet.write_string(0, 16_383, "x").unwrap();
    assert_eq!(fault(&workbook.save_to_buffer().unwrap()).params["what"], "columns");
}

#[test]
fn sheets_and_parts_have_limits() {
    let names: Vec<String> = (0..=limits::SHEETS_MAX).map(|number| number.to_string()).collect();
    let sheets: Vec<_> = names.iter().map(|name| (name.as_str(), Vec::new())).collect();
    assert_eq!(fault(&workbook(&sheets)).params["what"], "sheets");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..=limits::PARTS_MAX {
        archive.start_file(number.to_string(), SimpleFileOptions::default()).unwrap();
    }
    assert_eq!(fault(&archive.finish().unwrap().into_inner()).params["what"], "parts");
}

#[test]
fn a_workbook_with_entities_is_not_expanded() {
    let xml = "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>\
        <worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData><row r=\"1\">\
        <c r=\"A1\" t=\"inlineStr\"><is><t>&c;</t></is></c></row></sheetData></worksheet>";
    let found = fault(&with_part(&small(), "xl/worksheets/sheet1.xml", &mut Cursor::new(xml)));
    assert!(matches!(found.code, SheetFault::Damaged | SheetFault::HeadMissing), "{found:?}");
}
