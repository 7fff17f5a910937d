//! The seed file: what an empty node begins with. Read once, at the first run, and kept in the node's folder.

use anyhow::{Context, Result};
use serde::Deserialize;
use shuqiao_app::{Edge, NewOrganisation, NewPerson, Seed};
use shuqiao_domain::{account::checked_login, organisation::Organisation};
use shuqiao_policy::role_conflict;
use shuqiao_vocabulary::{Level, RegionCode, Role};
use std::collections::{BTreeMap, BTreeSet};

/// Organisations and people of one seed, at most.
const ROWS_MAX: usize = 10_000;

/// A seed file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedFile {
    /// The node.
    pub(crate) node: SeedNode,
    /// Its organisations.
    #[serde(default, rename = "organisation")]
    pub(crate) organisations: Vec<SeedOrganisation>,
    /// Its people.
    #[serde(default, rename = "person")]
    pub(crate) people: Vec<SeedPerson>,
}

/// The node.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedNode {
    /// Its name for people.
    pub(crate) name: String,
    /// Its name in logs: letters, digits, dots, hyphens.
    pub(crate) log_name: String,
    /// Its level.
    pub(crate) level: String,
    /// Its region's code.
    pub(crate) region: String,
    /// Its region's name.
    pub(crate) region_name: String,
}

/// An organisation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedOrganisation {
    /// Names it within the file.
    pub(crate) key: String,
    name: String,
    short_name: String,
    kind: String,
    level: String,
    region: String,
    code: Option<String>,
}

/// A person.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeedPerson {
    /// Login.
    pub(crate) login: String,
    name: String,
    organisation: String,
    roles: Vec<String>,
}

/// What stands in the folder of a node that was begun without a seed file: a sharing authority, and one administrator.
pub(crate) const MINIMAL: &str = r#"
[node]
name = "政务数据共享节点"
log_name = "node.local"
level = "city"
region = "0000"
region_name = "未设置"

[[organisation]]
key = "authority"
name = "政务数据共享主管部门"
short_name = "主管部门"
kind = "sharing_authority"
level = "city"
region = "0000"

[[person]]
login = "admin"
name = "系统管理员"
organisation = "authority"
roles = ["system_administrator"]
"#;

/// Where a seed file is wrong and how, without the drawing that TOML's own message makes of it.
fn in_a_line(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let line = error.span().and_then(|span| text.get(..span.start)).map_or(1, |before| before.lines().count().max(1));
    let message = error.message().lines().collect::<Vec<_>>().join(", ");
    anyhow::anyhow!("the seed file cannot be read: line {line}: {message}")
}

impl SeedFile {
    /// Reads a seed file and checks all that can be checked without a database, so that a node never keeps a seed that
    /// it cannot begin from.
    pub(crate) fn checked(text: &str, edge: &Edge) -> Result<Self> {
        let seed = Self::parse(text)?;
        let log_name = &seed.node.log_name;
        // It stands in every checkpoint, and in file names of keys.
        anyhow::ensure!(
            !log_name.is_empty() && log_name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-')),
            "[node] log_name: `{log_name}` is not letters, digits, dots and hyphens"
        );
        seed.level()?;
        seed.region()?;
        seed.rows(edge)?;
        Ok(seed)
    }

    /// Reads a seed file.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let seed: Self = toml::from_str(text).map_err(|error| in_a_line(text, &error))?;
        let rows = seed.organisations.len() + seed.people.len();
        anyhow::ensure!(
            rows <= ROWS_MAX,
            "the seed file has {rows} organisations and people; at most {ROWS_MAX} are read"
        );
        Ok(seed)
    }

    /// Who this is, for people: name, organisation, roles.
    pub(crate) fn described(&self, login: &str) -> String {
        let Some(person) = self.people.iter().find(|person| person.login == login) else { return String::new() };
        let organisation = self.organisations.iter().find(|row| row.key == person.organisation);
        let short_name = organisation.map_or("", |row| row.short_name.as_str());
        format!("{} {short_name} {}", person.name, person.roles.join("+"))
    }

    /// The node's level.
    pub(crate) fn level(&self) -> Result<Level> {
        self.node.level.parse().context("[node] level")
    }

    /// The node's region.
    pub(crate) fn region(&self) -> Result<RegionCode> {
        self.node.region.parse().context("[node] region")
    }

    /// The organisations with fresh ids, by their keys, and the people.
    pub(crate) fn rows(&self, edge: &Edge) -> Result<Seed> {
        let mut by_key = BTreeMap::new();
        let mut organisations = Vec::with_capacity(self.organisations.len());
        for row in &self.organisations {
            let organisation = row.named(edge).with_context(|| format!("[[organisation]] {}", row.key))?;
            let doubled = by_key.insert(row.key.as_str(), organisation.id).is_some();
            anyhow::ensure!(!doubled, "[[organisation]] {} stands twice", row.key);
            organisations.push(organisation);
        }
        let mut people = Vec::with_capacity(self.people.len());
        let mut logins = BTreeSet::new();
        for row in &self.people {
            anyhow::ensure!(logins.insert(row.login.as_str()), "[[person]] {} stands twice", row.login);
            checked_login(&row.login).with_context(|| format!("[[person]] {}", row.login))?;
            let organisation = *by_key
                .get(row.organisation.as_str())
                .with_context(|| format!("[[person]] {}: no organisation `{}`", row.login, row.organisation))?;
            let roles = row.roles.iter().map(|role| role.parse::<Role>()).collect::<Result<_, _>>();
            let roles: BTreeSet<Role> = roles.with_context(|| format!("[[person]] {}", row.login))?;
            if let Some((one, other)) = role_conflict(&roles) {
                anyhow::bail!("[[person]] {}: nobody is both {one} and {other}", row.login);
            }
            people.push(NewPerson { login: row.login.clone(), name: row.name.clone(), organisation, roles });
        }
        Ok(Seed { organisations, people })
    }
}

impl SeedOrganisation {
    fn named(&self, edge: &Edge) -> Result<Organisation> {
        let new = NewOrganisation {
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            kind: self.kind.parse()?,
            level: self.level.parse()?,
            region: self.region.parse()?,
            code: self.code.as_deref().map(str::parse).transpose()?,
        };
        Ok(new.named(edge.mint())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_minimal_seed_makes_one_administrator() {
        let seed = SeedFile::parse(MINIMAL).unwrap();
        let rows = seed.rows(&crate::edge::edge()).unwrap();
        assert_eq!((rows.organisations.len(), rows.people.len()), (1, 1));
        assert!(rows.people[0].roles.contains(&Role::SystemAdministrator));
    }

    #[test]
    fn mistakes_are_named() {
        let wrong = MINIMAL.replace("organisation = \"authority\"", "organisation = \"nobody\"");
        let error = SeedFile::parse(&wrong).unwrap().rows(&crate::edge::edge()).unwrap_err();
        assert!(format!("{error:#}").contains("no organisation `nobody`"), "{error:#}");
        let wrong = MINIMAL.replace("system_administrator", "root");
        let error = SeedFile::parse(&wrong).unwrap().rows(&crate::edge::edge()).unwrap_err();
        assert!(format!("{error:#}").contains("root"), "{error:#}");
    }
}
