//! Views as sources: enforced like any table, with whatever engine behind the port; and what callers are told when an
//! engine says no.

use crate::world::{Options, PURPOSE, World, equals, item, masked, name, sqlite_file, terms};
use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use serde_json::{Value as Json, json};
use shuqiao_plane::{
    book::GrantTerms,
    source::{
        Location, SourceError, TypedTest,
        view::{
            Look, RowStream, VIEW_TABLE, ViewCode, ViewColumn, ViewEngine, ViewInput, ViewRefusal, ViewScan, ViewSpec,
            ViewStructure,
        },
    },
    value::Value,
};
use shuqiao_vocabulary::{ItemType, Mask, RowFilter};
use std::sync::{Arc, Mutex};

const COLUMNS: [(&str, ItemType); 3] = [("id", ItemType::Integer), ("name", ItemType::Text), ("area", ItemType::Text)];

/// An engine that knows three rows, believes every condition, and remembers what it was asked.
#[derive(Default)]
struct Fixed {
    asked: Mutex<Vec<ViewScan>>,
    looks: Mutex<Vec<Look>>,
    /// What it says instead of rows.
    refuses: Mutex<Option<ViewCode>>,
    /// Whether it leaves out the conditions, as a broken engine might.
    careless: bool,
}

fn cell(row: i64, column: &str) -> Value {
    match column {
        "id" => Value::Integer(row),
        "name" => Value::Text(format!("张{row}")),
        _ => Value::Text(if row < 3 { "520302" } else { "520303" }.to_owned()),
    }
}

#[async_trait]
impl ViewEngine for Fixed {
    async fn describe(&self, _view: &ViewSpec, look: Look) -> Result<ViewStructure, ViewRefusal> {
        self.looks.lock().unwrap().push(look);
        let column = |(name, item_type): (&str, ItemType)| ViewColumn {
            name: name.to_owned(),
            item_type,
            nullable: false,
            native_type: "text".to_owned(),
        };
        Ok(ViewStructure { columns: COLUMNS.map(column).to_vec(), rows: (look == Look::Rows).then_some(3) })
    }

    async fn scan(&self, _view: &ViewSpec, scan: &ViewScan) -> Result<RowStream, ViewRefusal> {
        self.asked.lock().unwrap().push(scan.clone());
        if let Some(code) = *self.refuses.lock().unwrap() {
            return Err(ViewRefusal::new(code).with("name", "secret"));
        }
        let holds = |row: &i64| {
            self.careless
                || scan.conditions.iter().all(|condition| match &condition.test {
                    TypedTest::Equals(value) => cell(*row, &condition.column) == *value,
                    other => panic!("{other:?}"),
                })
        };
        let later = |row: &i64| {
            scan.after.as_ref().is_none_or(|after| Value::Integer(*row).compare(&after[0]).unwrap().is_gt())
        };
        let rows = (1..=3).filter(holds).filter(later).take(scan.limit as usize);
        let page: Vec<Vec<Value>> =
            rows.map(|row| scan.columns.iter().map(|(column, _)| cell(row, column)).collect()).collect();
        Ok(stream::iter([Ok(page)]).boxed())
    }
}

async fn world(engine: Option<Arc<Fixed>>) -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("intake/people.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    sqlite_file(&path, "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT, area TEXT);").await;
    let input = ViewInput { alias: "t".to_owned(), location: Location::Sqlite { path }, table: "t".to_owned() };
    let view = ViewSpec {
        sql: "SELECT * FROM t".to_owned(),
        inputs: vec![input],
        key: vec!["id".to_owned()],
        threshold: None,
    };
    let world = World::at(folder, Location::View(view), &Options::default());
    if let Some(engine) = engine {
        world.plane.sources().read_views_with(engine);
    }
    world
}

fn grant() -> GrantTerms {
    let items = vec![
        item("id", ItemType::Integer),
        masked("name", ItemType::Text, Mask::KeepEnds { head: 1, tail: 0 }),
        item("area", ItemType::Text),
    ];
    terms(VIEW_TABLE, items, &["id"])
}

fn asked(extra: Json) -> Json {
    let mut body = json!({"purpose": PURPOSE});
    body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
    body
}

#[tokio::test]
async fn a_view_is_served_like_a_table_and_masks_guard_its_columns() {
    let engine = Arc::new(Fixed::default());
    let world = world(Some(engine.clone())).await;
    let structure = world.plane.sources().describe(world.location()).await.unwrap();
    assert_eq!((structure.tables[0].name.as_str(), structure.tables[0].rows_estimate), (VIEW_TABLE, Some(3)));
    assert_eq!(structure.tables[0].key, ["id"]);
    world.install(vec![grant()]);
    let condition = json!([{"item": "area", "eq": "520302"}]);
    let reply = world.query(asked(json!({"limit": 1, "conditions": condition}))).await;
    assert_eq!(reply.rows(), [[json!(1), json!("张*"), json!("520302")]]);
    let next = reply.header("shuqiao-next").unwrap().to_owned();
    let body = asked(json!({"limit": 1, "conditions": condition, "after": next}));
    assert_eq!(world.query(body).await.rows(), [[json!(2), json!("张*"), json!("520302")]]);
    let scans = engine.asked.lock().unwrap().clone();
    assert_eq!((scans[0].limit, &scans[0].after), (2, &None), "one more than asked, to see whether there are more");
    assert_eq!(scans[1].after, Some(vec![Value::Integer(1)]));
    assert_eq!(scans[0].conditions[0].column, "area");
    // A probe of what the mask hides never reaches the engine.
    let probe = asked(json!({"conditions": [{"item": "name", "prefix": "张1"}]}));
    assert_eq!(world.query(probe).await.code(), "condition_on_masked_item");
    assert_eq!(engine.asked.lock().unwrap().len(), 2);
    // Calls are planned, and only the officer's look reads all rows.
    let looks = engine.looks.lock().unwrap().clone();
    assert_eq!(looks.iter().filter(|look| **look == Look::Rows).count(), 1, "{looks:?}");
}

#[tokio::test]
async fn an_engine_that_answers_too_much_is_caught() {
    let world = world(Some(Arc::new(Fixed { careless: true, ..Fixed::default() }))).await;
    let mut grant = grant();
    grant.filter_columns = vec![(name("area"), "area".to_owned(), ItemType::Text)];
    grant.rows = RowFilter(vec![equals("area", "520302")]);
    world.install(vec![grant]);
    let reply = world.query(asked(json!({}))).await;
    assert_eq!((reply.status, reply.code().as_str()), (500, "answer_check_failed"));
}

#[tokio::test]
async fn callers_are_told_what_they_can_do_about_a_view_and_nothing_of_its_inside() {
    let engine = Arc::new(Fixed::default());
    let world = world(Some(engine.clone())).await;
    world.install(vec![grant()]);
    for (code, status, told) in [
        (ViewCode::TooDear, 422, "view_too_dear"),
        (ViewCode::OutOfMemory, 422, "view_out_of_memory"),
        (ViewCode::Failed, 502, "view_failed"),
        (ViewCode::EngineMissing, 502, "view_failed"),
        (ViewCode::Busy, 504, "source_slow"),
        (ViewCode::Value, 502, "cell_type_mismatch"),
        (ViewCode::ColumnUnknown, 502, "source_changed"),
        (ViewCode::InputFailed, 502, "source_unreachable"),
    ] {
        *engine.refuses.lock().unwrap() = Some(code);
        let reply = world.query(asked(json!({}))).await;
        assert_eq!((reply.status, reply.code().as_str()), (status, told), "{code}");
        assert!(!String::from_utf8_lossy(&reply.body).contains("secret"), "{code}");
        assert!(reply.header("shuqiao-record").is_some(), "{code}: a refusal is recorded");
    }
}

#[tokio::test]
async fn without_an_engine_and_of_views_there_are_no_views() {
    let world = world(None).await;
    let told = world.plane.sources().describe(world.location()).await.unwrap_err();
    assert_eq!(told, SourceError::View(Box::new(ViewRefusal::new(ViewCode::EngineMissing))));
    let Location::View(view) = world.location() else { panic!("a view") };
    let mut nested = view.clone();
    nested.inputs[0].location = world.location().clone();
    let told = world.plane.sources().describe(&Location::View(nested)).await.unwrap_err();
    assert_eq!(told, SourceError::NotAllowed);
}
