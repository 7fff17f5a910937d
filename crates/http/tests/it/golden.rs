//! What others rely on, as text that is committed. `UPDATE_GOLDEN=1` writes the files anew; look at the difference.

use shuqiao_http::{error_codes, openapi, route_list};
use std::path::{Path, PathBuf};

fn check(path: PathBuf, found: &str) {
    #[expect(clippy::disallowed_methods, reason = "how tests are told to write their golden files")]
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    if update {
        std::fs::write(&path, found).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let line = committed.lines().zip(found.lines()).position(|(one, other)| one != other);
    let line =
        line.or_else(|| (committed.len() != found.len()).then(|| committed.lines().count().min(found.lines().count())));
    assert!(line.is_none(), "{} differs from line {}; see UPDATE_GOLDEN", path.display(), line.unwrap_or_default() + 1);
}

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

#[test]
fn the_routes() {
    let mut text = String::from("method path operation login|open writes|reads revision|-\n");
    for route in route_list() {
        let login = if route.needs_login { "login" } else { "open" };
        let writes = if route.writes { "writes" } else { "reads" };
        let revision = if route.needs_revision { "revision" } else { "-" };
        let line = [route.method, &route.path, &route.operation, login, writes, revision].join(" ");
        text.push_str(&line);
        text.push('\n');
    }
    check(golden("routes.txt"), &text);
}

/// INVARIANT (codes-are-forever): this file may grow and never lose a line.
#[test]
fn the_codes() {
    let path = golden("error-codes.forever.txt");
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let found = error_codes();
    for line in committed.lines() {
        assert!(found.contains(&line), "the code {line} is gone; codes are for ever");
    }
    check(path, &(found.join("\n") + "\n"));
}

#[test]
fn the_description() {
    let text = serde_json::to_string_pretty(&openapi()).unwrap() + "\n";
    check(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../openapi.json"), &text);
}

/// Every reference of the description leads to something.
#[test]
fn the_description_hangs_together() {
    let document = serde_json::to_value(openapi()).unwrap();
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(reference).is_some(), "{reference} leads nowhere");
    }
}
