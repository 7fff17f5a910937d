//! What everybody may ask a node: its health, its description, and the head, tiles and entries of its record.

use crate::world::World;
use serde_json::json;
use shuqiao_testkit::node::Client;
use std::{fs, os::unix::fs::symlink};

#[tokio::test]
async fn a_node_shows_its_health_and_its_description_to_everybody() {
    let world = World::new(&[]);
    let anybody = Client::anonymous(world.node.base());
    let health = anybody.json("GET", "/healthz", &[], None).await.unwrap();
    assert_eq!((health.status.as_u16(), health.json()), (200, json!({"status": "ok"})));
    let document = anybody.json("GET", "/openapi.json", &[], None).await.unwrap().json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let printed: serde_json::Value = serde_json::from_str(&crate::world::run(&["openapi"]).out).unwrap();
    assert_eq!(document, printed, "the document served is the document printed");
    let metadata = anybody.json("GET", "/.well-known/oauth-authorization-server", &[], None).await.unwrap().json();
    assert_eq!(metadata["token_endpoint"], json!(format!("{}/oauth2/token", world.node.base())));
    for path in ["/healthz", "/checkpoint"] {
        let answer = anybody.json("DELETE", path, &[], None).await.unwrap();
        assert_eq!(
            (answer.status.as_u16(), answer.json()["code"].clone()),
            (405, json!("method_not_allowed")),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_node_without_room_for_its_record_is_not_healthy() {
    let world = World::new(&[]);
    let anybody = Client::anonymous(world.node.base());
    // The file by which the node tries its disk is, this once, one that is always full.
    symlink("/dev/full", world.data().join("intake/.room.partial")).unwrap();
    let health = anybody.json("GET", "/healthz", &[], None).await.unwrap();
    assert_eq!(
        (health.status.as_u16(), &health.json()["code"]),
        (503, &json!("record_unavailable")),
        "{}",
        health.text
    );
    let health = anybody.json("GET", "/healthz", &[], None).await.unwrap();
    assert_eq!(health.status, 200, "{}", health.text);
}

#[tokio::test]
async fn what_a_killed_upload_left_is_gone_after_the_next_start() {
    let mut world = World::new(&[]);
    let folder = world.data().join("intake/org_of_nobody");
    fs::create_dir(&folder).unwrap();
    world.interrupted(|_| {
        fs::write(folder.join(".0f3a.partial"), "half a fi").unwrap();
        fs::write(folder.join("whole.csv"), "a\n1\n").unwrap();
    });
    let left: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["whole.csv"]);
}

#[tokio::test]
async fn a_node_shows_its_record_to_everybody() {
    let world = World::new(&[]);
    let anybody = Client::anonymous(world.node.base());
    let get = async |path: &str| anybody.json("GET", path, &[], None).await.unwrap();
    let checkpoint = get("/checkpoint").await;
    assert!(checkpoint.headers["content-type"].starts_with("text/plain"), "{:?}", checkpoint.headers);
    let lines: Vec<&str> = checkpoint.text.lines().collect();
    let size: usize = lines[1].parse().unwrap();
    // The seed: four organisations and thirteen people.
    assert_eq!((lines[0], size), ("zunyi.demo/record", 17));
    let head = get("/api/v1/journal/checkpoint").await.json();
    assert_eq!((&head["size"], &head["note"]), (&json!(17), &json!(checkpoint.text)));

    let tile = get("/tile/0/000.p/17").await;
    assert_eq!((tile.status.as_u16(), tile.bytes.len()), (200, 17 * 32));
    assert!(tile.headers["cache-control"].contains("immutable"), "{:?}", tile.headers);
    let narrower = get("/tile/0/000.p/5").await;
    assert_eq!(narrower.bytes, tile.bytes[..5 * 32]);
    let bundle = get("/tile/entries/000.p/17").await;
    assert_eq!(bundle.status, 200);
    let first = usize::from(u16::from_be_bytes([bundle.bytes[0], bundle.bytes[1]]));
    let entry = String::from_utf8_lossy(&bundle.bytes[2..2 + first]);
    let lines: Vec<&str> = entry.lines().collect();
    assert_eq!((lines[0], lines[1], lines[3]), ("shuqiao-journal/1", "0", "OrganisationCreated"), "{entry}");
    assert_eq!((lines.len(), lines[4].len()), (5, 64), "beside the event there is a digest, and nothing else: {entry}");
    assert!(!String::from_utf8_lossy(&bundle.bytes).contains("王立"), "an entry names no person");

    // Nothing that the head does not cover, and nothing under another name.
    for absent in [
        "/tile/0/000.p/18",
        "/tile/0/000",
        "/tile/0/001",
        "/tile/0/000.p/0",
        "/tile/0/000.p/256",
        "/tile/1/000.p/1",
        "/tile/entries/000.p/18",
        "/tile/entries/000",
        "/tile/0/0",
        "/tile/00/000.p/5",
        "/tile/64/000.p/1",
        "/tile/",
        "/tile/0/x000/000.p/1",
        "/tile/0/000.p/05",
    ] {
        let answer = get(absent).await;
        assert_eq!(answer.status, 404, "{absent}");
    }
    for refused in ["/tile/0/%2e%2e/000.p/5", "//tile/0/000.p/5", "/tile/0//000.p/5", "/tile/0/..%2f000.p/5"] {
        let answer = get(refused).await;
        assert!(answer.status == 400 || answer.status == 404, "{refused}: {}", answer.status);
    }
}
