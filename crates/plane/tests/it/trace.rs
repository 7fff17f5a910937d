//! Leak attribution from outside: several grants and systems whose rows overlap, a file that turns up, and what is said
//! of it.

use crate::{
    batch::{Exchange, result, settings, task},
    world::{Options, PURPOSE, World, id, item, masked, quick_folder, sqlite_file, terms},
};
use axum::{body::Body, http::Request};
use proptest::prelude::*;
use serde_json::json;
use shuqiao_plane::{
    book::GrantTerms,
    delivery::batch::{
        Batch,
        target::{PartFormat, TargetLocation},
        task::BatchMode,
    },
    source::Location,
    trace::{TraceError, TraceReport, Tracer},
};
use shuqiao_vocabulary::{ItemType, Mask, SharingMethod, id::GrantId};
use std::{fs, path::PathBuf};

const PERSONS: u32 = 600;
const KEY: [u8; 32] = [5; 32];

/// Grant 1 and 2 mask the same column, each in its own way; 3 has the same rows without it; 4 other rows.
const GRANTS: u32 = 4;

fn person(n: u32) -> [String; 5] {
    let name = format!("{}{}", ["张", "王", "李", "赵", "陈"][n as usize % 5], ["伟", "芳", "敏"][n as usize % 3]);
    [
        n.to_string(),
        name,
        format!("52030219{:02}{:02}{:02}{:04}", 50 + n % 50, 1 + n % 12, 1 + n % 28, n),
        format!("138{:08}", u64::from(n) * 104_729 % 100_000_000),
        format!("遵义市红花岗区第{}号", n % 40),
    ]
}

fn granted(number: u32) -> GrantTerms {
    let card = |mask| match mask {
        None => item("card", ItemType::Text),
        Some(mask) => masked("card", ItemType::Text, mask),
    };
    let mut items = vec![item("name", ItemType::Text), item("phone", ItemType::Text), item("address", ItemType::Text)];
    match number {
        1 | 2 => items.push(card(Some(Mask::Token))),
        3 => {}
        _ => items.push(card(None)),
    }
    let methods = vec![SharingMethod::ServiceInterface, SharingMethod::FileDownload, SharingMethod::BatchExchange];
    GrantTerms { id: id("grt", number), methods, ..terms("people", items, &["id"]) }
}

async fn world() -> World {
    let folder = quick_folder();
    let path = folder.path().join("intake/people.db");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut sql =
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, card TEXT, phone TEXT, address TEXT);".to_owned();
    for [id, name, card, phone, address] in (1..=PERSONS).map(person) {
        sql.push_str(&format!("INSERT INTO people VALUES ({id}, '{name}', '{card}', '{phone}', '{address}');"));
    }
    sqlite_file(&path, &sql).await;
    let world = World::at(folder, Location::Sqlite { path }, &Options::default());
    world.install((1..=GRANTS).map(granted).collect());
    world
}

/// Delivers rows by their places in the register to the holder of a grant; what left.
async fn deliver(world: &World, number: u32, after: u32, rows: u32) -> Vec<Vec<String>> {
    let grant: GrantId = id("grt", number);
    let mut body = json!({ "purpose": PURPOSE, "limit": 100 });
    let mut delivered: Vec<Vec<String>> = Vec::new();
    while delivered.len() < (after + rows) as usize {
        let reply = world.query_as(Some(&world.bearer()), &grant.to_string(), "application/json", &body).await;
        let page = reply.rows().into_iter();
        delivered.extend(page.map(|row| row.iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()));
        body["after"] = reply.json()["next"].clone();
        if body["after"].is_null() {
            break;
        }
    }
    delivered.into_iter().skip(after as usize).take(rows as usize).collect()
}

async fn order_file(world: &World, number: u32, format: &str) {
    let grant: GrantId = id("grt", number);
    let body = json!({ "purpose": PURPOSE, "format": format }).to_string();
    let request = Request::post(format!("/data/v1/grants/{grant}/files"));
    let request = request.header("authorization", format!("Bearer {}", world.bearer()));
    let ordered = world.send(request.body(Body::from(body)).unwrap()).await;
    assert_eq!(ordered.status, 202, "{}", String::from_utf8_lossy(&ordered.body));
    let file = ordered.json()["id"].as_str().unwrap().to_owned();
    let made = world.get(&format!("/data/v1/files/{file}?wait=60"), Some(&world.bearer())).await.json();
    assert_eq!(made["state"], "ready", "{made}");
}

impl World {
    fn leaked(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    async fn traced(&self, file: &std::path::Path) -> Result<TraceReport, TraceError> {
        self.plane.trace_settled().await;
        Tracer::under(self.folder.path(), &KEY).search(file)
    }
}

fn gb18030(rows: &[Vec<String>]) -> Vec<u8> {
    let header: Vec<String> = (0..rows[0].len()).map(|at| format!("列{at}")).collect();
    let lines = std::iter::once(&header).chain(rows).map(|row| row.join(","));
    let text = lines.collect::<Vec<_>>().join("\r\n");
    encoding_rs::GB18030.encode(&text).0.into_owned()
}

fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for at in 0..rows[0].len() {
        sheet.write_string(0, at as u16, format!("字段{at}")).unwrap();
    }
    for (line, row) in (1..).zip(rows) {
        for (at, cell) in (0..).zip(row) {
            sheet.write_string(line, at, cell).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

/// Shuffled, columns dropped and moved, some rows edited.
fn disguised(mut rows: Vec<Vec<String>>, keep: &[usize], edited: usize, seed: usize) -> Vec<Vec<String>> {
    let count = rows.len();
    for at in 0..count {
        rows.swap(at, (at * 7_919 + seed) % count);
    }
    let mut rows: Vec<Vec<String>> =
        rows.into_iter().map(|row| keep.iter().map(|at| row[*at].clone()).collect()).collect();
    rows.iter_mut().take(edited).for_each(|row| row.iter_mut().for_each(|cell| cell.push('改')));
    rows
}

#[tokio::test]
async fn a_leak_out_of_one_delivery_names_it_first() {
    let world = world().await;
    let mut delivered = Vec::new();
    for number in 1..=GRANTS {
        delivered.push(deliver(&world, number, 0, PERSONS).await);
    }
    for number in 1..=GRANTS {
        order_file(&world, number, "parquet").await;
    }
    // Columns: name, phone, address, card. Of grant 3 there is no card.
    let cases: [(u32, &[usize], usize); 5] =
        [(1, &[3, 0], 5), (2, &[1, 3], 0), (2, &[3], 10), (4, &[0, 3, 1], 20), (1, &[2, 3, 1, 0], 0)];
    for (at, (number, keep, edited)) in cases.into_iter().enumerate() {
        let rows = delivered[number as usize - 1][100..150].to_vec();
        let rows = disguised(rows, keep, edited, at + 3);
        for file in [world.leaked("漏.csv", &gb18030(&rows)), world.leaked("漏.xlsx", &workbook(&rows))] {
            let report = world.traced(&file).await.unwrap();
            assert_eq!((report.rows_in_file, report.without), (50, 0), "{report:?}");
            let first = &report.deliveries[0];
            assert_eq!(first.record.grant, Some(id("grt", number)), "{file:?} {keep:?}: {report:#?}");
            assert_eq!((first.found, first.only_here), (50 - edited as u64, 50 - edited as u64), "{report:#?}");
            // The file of the grant has all 50 rows too, and the page of a hundred rows that they came from.
            assert!(first.by_chance_log10 < -50.0 && first.apart_log10 < -30.0, "{first:?}");
            assert_eq!(report.grants[0].grant, Some(id("grt", number)));
            let others = report.deliveries.iter().filter(|other| other.record.grant != first.record.grant);
            assert!(others.clone().all(|other| other.apart_log10 > -0.001 && other.only_here == 0), "{report:#?}");
        }
    }
}

#[tokio::test]
async fn what_two_grants_hold_alike_is_said_of_both() {
    let world = world().await;
    let rows = deliver(&world, 1, 0, 100).await;
    deliver(&world, 3, 0, 100).await;
    let report =
        world.traced(&world.leaked("a.csv", &gb18030(&disguised(rows[..30].to_vec(), &[1, 0], 0, 1)))).await.unwrap();
    assert_eq!(report.deliveries.len(), 2, "{report:#?}");
    for found in &report.deliveries {
        assert_eq!((found.found, found.only_here, found.delivered), (30, 0, 100), "{found:?}");
        assert!(found.by_chance_log10 < -20.0 && found.apart_log10 > -0.001, "{found:?}");
    }
}

#[tokio::test]
async fn an_innocent_file_names_nobody() {
    let world = world().await;
    for number in 1..=GRANTS {
        deliver(&world, number, 0, PERSONS).await;
    }
    // The same names and addresses, other people: what many have in common tells nothing.
    let row = |n: u32| {
        let [_, name, _, _, address] = person(n + 7);
        vec![name, format!("139{:08}", u64::from(n) * 7_919), address, format!("5301021988010{:05}", n + 50_000)]
    };
    let rows: Vec<_> = (0..400).map(row).collect();
    for keep in [&[0, 1, 2, 3][..], &[0, 2], &[0], &[2]] {
        let file = world.leaked("b.csv", &gb18030(&disguised(rows.clone(), keep, 0, 1)));
        let report = world.traced(&file).await.unwrap();
        assert!(report.deliveries.is_empty() && report.searched == 24, "{keep:?}: {report:#?}");
    }
    assert!(matches!(world.traced(&world.leaked("c.csv", b"")).await, Err(TraceError::File(_))));
}

#[tokio::test]
async fn single_calls_files_and_batches_are_all_found() {
    let world = world().await;
    // One person a call, as systems ask.
    for n in 1..=20 {
        let condition = json!([{ "item": "phone", "eq": person(n)[3] }]);
        let body = json!({ "purpose": PURPOSE, "conditions": condition });
        let grant: GrantId = id("grt", 3);
        let reply = world.query_as(Some(&world.bearer()), &grant.to_string(), "text/csv", &body).await;
        assert_eq!(reply.status, 200);
    }
    let rows: Vec<_> = (1..=20).map(person).map(|[_, name, _, phone, _]| vec![phone, name]).collect();
    let report = world.traced(&world.leaked("d.csv", &gb18030(&rows))).await.unwrap();
    assert_eq!((report.deliveries.len(), report.grants[0].found), (20, 20), "{report:#?}");
    assert!(report.deliveries.iter().all(|found| found.found == 1 && found.by_chance_log10 < -3.0));
    // The file that was found, in the form in which it was delivered.
    order_file(&world, 4, "xlsx").await;
    let folder = fs::read_dir(world.folder.path().join("files")).unwrap().next().unwrap().unwrap().path();
    let report = world.traced(&world.leaked("e.xlsx", &fs::read(folder.join("content")).unwrap())).await.unwrap();
    let first = &report.deliveries[0];
    assert_eq!((first.record.method, first.found), (SharingMethod::FileDownload, u64::from(PERSONS)), "{report:#?}");
    // Batches, by their chunks.
    let target = TargetLocation::Folder { path: world.folder.path().join("out"), format: PartFormat::Csv };
    let batch = Batch::open(world.plane.clone(), settings(&world)).unwrap();
    let exchange = Exchange { world, batch, grant: granted(1), task: task(&target, BatchMode::Full) };
    let run = exchange.run().await;
    assert_eq!(result(&run).rows, u64::from(PERSONS));
    let rows = deliver(&exchange.world, 1, 0, 60).await;
    let report = exchange.world.traced(&exchange.world.leaked("f.csv", &gb18030(&rows))).await.unwrap();
    let chunks = report.deliveries.iter().filter(|found| found.record.method == SharingMethod::BatchExchange);
    assert_eq!(chunks.map(|found| found.found).sum::<u64>(), 60, "{report:#?}");
}

#[tokio::test]
async fn a_write_that_was_cut_hides_nothing_but_itself() {
    let world = world().await;
    let rows = deliver(&world, 1, 0, 100).await;
    let later = deliver(&world, 4, 0, 100).await;
    world.plane.trace_settled().await;
    let index = world.folder.path().join("trace");
    let only = fs::read_dir(&index).unwrap().next().unwrap().unwrap().path();
    let whole = fs::read(&only).unwrap();
    // The program died while the second delivery was written: its frame is cut at every kind of place.
    fs::write(&only, &whole[..whole.len() - 300]).unwrap();
    let world = world.restarted(&Options::default());
    world.install((1..=GRANTS).map(granted).collect());
    let after = deliver(&world, 2, 0, 100).await;
    for (leak, grant) in [(&rows, 1), (&after, 2)] {
        let report =
            world.traced(&world.leaked("g.csv", &gb18030(&disguised(leak.clone(), &[3, 0], 0, 1)))).await.unwrap();
        assert_eq!(report.deliveries[0].record.grant, Some(id("grt", grant)), "{report:#?}");
        assert_eq!((report.broken_files.len(), report.without), (1, 1), "{report:#?}");
    }
    let report = world.traced(&world.leaked("h.csv", &gb18030(&disguised(later, &[3], 0, 1)))).await.unwrap();
    assert!(report.deliveries.is_empty() && report.without_first.len() == 1, "{report:#?}");
    let lost = world.plane.usage_record(report.without_first[0]).unwrap();
    assert_eq!(lost.grant, Some(id("grt", 4)), "the record itself is never lost");
}

#[tokio::test]
async fn an_index_that_cannot_be_written_costs_no_answer_and_is_told() {
    let world = world().await;
    let index = world.folder.path().join("trace");
    fs::remove_dir_all(&index).unwrap();
    fs::write(&index, "no folder").unwrap();
    let rows = deliver(&world, 1, 0, 100).await;
    assert_eq!(rows.len(), 100);
    world.plane.trace_settled().await;
    fs::remove_file(&index).unwrap();
    deliver(&world, 1, 0, 100).await;
    let report = world.traced(&world.leaked("i.csv", &gb18030(&rows))).await.unwrap();
    assert_eq!((report.without, report.searched), (1, 1), "{report:#?}");
}

#[tokio::test]
async fn no_value_stands_in_the_index() {
    let world = world().await;
    let rows = deliver(&world, 4, 0, 100).await;
    world.plane.trace_settled().await;
    let mut bytes = Vec::new();
    for file in fs::read_dir(world.folder.path().join("trace")).unwrap() {
        bytes.extend(fs::read(file.unwrap().path()).unwrap());
    }
    // Four columns of five bytes a row, and the heads of two frames.
    assert!((2_000..2_200).contains(&bytes.len()), "{}", bytes.len());
    for cell in rows.iter().flatten() {
        assert!(!bytes.windows(cell.len()).any(|part| part == cell.as_bytes()), "{cell}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Whatever part leaks, in whatever disguise, as long as a column is left that tells people apart.
    #[test]
    fn any_part_of_a_delivery_leads_to_its_grant(
        number in prop::sample::select(vec![1_u32, 2, 4]),
        from in 0_usize..400,
        count in 20_usize..120,
        edited in 0_usize..10,
        keep in prop::sample::subsequence(vec![0_usize, 1, 2], 0..3),
        seed in 1_usize..1_000,
        as_workbook: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let world = world().await;
            let mut delivered = Vec::new();
            for number in 1..=GRANTS {
                delivered.push(deliver(&world, number, 0, PERSONS).await);
            }
            let keep: Vec<usize> = keep.into_iter().chain([3]).rev().collect();
            let rows = disguised(delivered[number as usize - 1][from..from + count].to_vec(), &keep, edited, seed);
            let file = if as_workbook { world.leaked("p.xlsx", &workbook(&rows)) } else { world.leaked("p.csv", &gb18030(&rows)) };
            let report = world.traced(&file).await.unwrap();
            assert_eq!(report.deliveries[0].record.grant, Some(id("grt", number)), "{keep:?}: {report:#?}");
            assert_eq!(report.grants[0].found, (count - edited) as u64, "{keep:?}: {report:#?}");
        });
    }
}
