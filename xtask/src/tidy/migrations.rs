//! The two databases' migrations stand side by side: the same steps under the same names.

use std::collections::BTreeSet;

const SQLITE: &str = "crates/store/migrations/sqlite/";
const POSTGRES: &str = "crates/store/migrations/postgres/";

pub(super) fn problems(names: &[String]) -> Vec<String> {
    let below =
        |folder: &str| -> BTreeSet<&str> { names.iter().filter_map(|name| name.strip_prefix(folder)).collect() };
    let (sqlite, postgres) = (below(SQLITE), below(POSTGRES));
    let mut problems: Vec<String> = Vec::new();
    problems.extend(sqlite.difference(&postgres).map(|name| format!("{POSTGRES}{name}: is missing; SQLite has it")));
    problems.extend(postgres.difference(&sqlite).map(|name| format!("{SQLITE}{name}: is missing; PostgreSQL has it")));
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_for_one_database_alone_is_found() {
        let both = [format!("{SQLITE}0001_a.sql"), format!("{POSTGRES}0001_a.sql")];
        assert_eq!(problems(&both), Vec::<String>::new());
        assert_eq!(problems(&both[..1]), [format!("{POSTGRES}0001_a.sql: is missing; SQLite has it")]);
        assert_eq!(problems(&both[1..]), [format!("{SQLITE}0001_a.sql: is missing; PostgreSQL has it")]);
    }
}
