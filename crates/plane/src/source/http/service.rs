//! What a provider says of a service: where it is, where the rows are in its answers, how pages follow one another.

use super::answer::Pointer;
use crate::source::{SourceError, Structure};
use reqwest::Url;
use serde::{Deserialize, Serialize};
use shuqiao_vocabulary::ItemType;
use std::{collections::HashSet, str::FromStr};

/// Rows that a page may be asked for.
const PAGE_SIZE_MAX: u32 = 10_000;

/// An HTTP service that answers in JSON, as one table. Sealed at rest with the rest of its location.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpService {
    /// `https://host[:port]`, perhaps with the beginning of a path; the host must be on the configured list.
    pub base: String,
    /// The rest of the path, with what must always be in the query: `/v1/people?state=active`.
    pub path: String,
    /// How it is called.
    pub method: HttpMethod,
    /// The name that the table goes by here.
    pub table: String,
    /// JSON pointer (RFC 6901) to the list of rows in an answer; empty when the answer is the list.
    pub rows: String,
    /// The columns. Empty until the source was described: then they are taken from a sample answer.
    pub columns: Vec<HttpColumn>,
    /// Names of the columns that name a row. Without them a table can be read only as far as one call reaches.
    pub key: Vec<String>,
    /// How pages follow one another.
    pub paging: Paging,
    /// Columns on whose equality the service can narrow the rows itself.
    pub parameters: Vec<HttpParameter>,
    /// How to get in.
    pub login: HttpLogin,
}

/// How a service is called; what would be in the query stands in a JSON object when it is `post`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HttpMethod {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// A column of a service's rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpColumn {
    /// Its name here.
    pub name: String,
    /// JSON pointer from a row to its value.
    pub pointer: String,
    /// Its type, as [`ItemType`] is spelt.
    pub item_type: String,
}

/// A column that the service takes as a parameter of the same meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpParameter {
    /// The column's name.
    pub column: String,
    /// The parameter's name.
    pub parameter: String,
}

/// How pages follow one another. Pages are fetched until one has no rows; a service that instead gives out its last page
/// again is refused, because the key then names two rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Paging {
    /// One answer holds all rows.
    None,
    /// By the number of rows before the page.
    Offset {
        /// Parameter for that number.
        offset: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, in rows.
        size: u32,
    },
    /// By the number of the page.
    Page {
        /// Parameter for that number.
        page: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, in rows.
        size: u32,
        /// The number of the first page: 0 or 1.
        first: u32,
    },
    /// By a word that each answer gives for the next.
    Cursor {
        /// Parameter for the word.
        cursor: String,
        /// JSON pointer to the word in an answer; absent, null or empty on the last page.
        next: String,
    },
}

/// How to get in.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum HttpLogin {
    /// Nothing is asked for.
    None,
    /// A bearer token.
    Bearer {
        /// The token.
        token: String,
    },
    /// Basic authentication.
    Basic {
        /// User.
        user: String,
        /// Password.
        password: String,
    },
    /// A header of the service's own.
    Header {
        /// Its name.
        name: String,
        /// Its value.
        value: String,
    },
    /// OAuth 2 client credentials (RFC 6749 section 4.4).
    ClientCredentials {
        /// The token endpoint; its host must be on the list too.
        token_url: String,
        /// The client's id.
        client: String,
        /// Its secret.
        secret: String,
        /// Scope, if one is asked for.
        scope: Option<String>,
    },
}

impl HttpService {
    /// The address of the service, without paging.
    ///
    /// # Errors
    /// `base` or `path` that cannot be, or that lead elsewhere together.
    pub(crate) fn url(&self) -> Result<Url, SourceError> {
        let base = address(&self.base).ok_or(SourceError::Misdescribed { field: "base" })?;
        let path = || SourceError::Misdescribed { field: "path" };
        if !self.path.is_empty() && !self.path.starts_with(['/', '?']) || self.path.contains('#') {
            return Err(path());
        }
        let whole = format!("{}{}", base.as_str().trim_end_matches('/'), self.path);
        let url = Url::parse(&whole).map_err(|_| path())?;
        // `..` may not lead out of the base.
        let inside = url.origin() == base.origin() && url.path().starts_with(base.path().trim_end_matches('/'));
        if inside { Ok(url) } else { Err(path()) }
    }

    /// Whether everything that was said can be, and fits together.
    ///
    /// # Errors
    /// [`SourceError::Misdescribed`] with the first field that does not.
    pub(crate) fn check(&self) -> Result<(), SourceError> {
        let wrong = |field| Err(SourceError::Misdescribed { field });
        self.url()?;
        if self.table.trim().is_empty() || self.table.chars().count() > 64 || self.table.contains(char::is_control) {
            return wrong("table");
        }
        if Pointer::parse(&self.rows).is_none() {
            return wrong("rows");
        }
        let mut names = HashSet::new();
        for column in &self.columns {
            let named = !column.name.trim().is_empty() && names.insert(column.name.to_lowercase());
            let typed = ItemType::from_str(&column.item_type).is_ok();
            if !named || !typed || Pointer::parse(&column.pointer).is_none_or(|pointer| pointer.is_whole()) {
                return wrong("columns");
            }
        }
        // Before the columns are known, what refers to them cannot be checked; it is once the sample was taken.
        let known = |name: &String| self.columns.is_empty() || self.columns.iter().any(|column| column.name == *name);
        if !self.key.iter().all(known) {
            return wrong("key");
        }
        let parameter = |p: &HttpParameter| known(&p.column) && is_parameter(&p.parameter);
        if !self.parameters.iter().all(parameter) {
            return wrong("parameters");
        }
        let paging = match &self.paging {
            Paging::None => true,
            Paging::Offset { offset, limit, size } | Paging::Page { page: offset, limit, size, .. } => {
                is_parameter(offset) && is_parameter(limit) && offset != limit && (1..=PAGE_SIZE_MAX).contains(size)
            }
            Paging::Cursor { cursor, next } => {
                is_parameter(cursor) && Pointer::parse(next).is_some_and(|pointer| !pointer.is_whole())
            }
        };
        if !paging {
            return wrong("paging");
        }
        if let HttpLogin::ClientCredentials { token_url, .. } = &self.login
            && address(token_url).is_none()
        {
            return wrong("login");
        }
        Ok(())
    }

    /// The service with the columns that its description found, so that later answers are held against them. What the
    /// provider said of the columns stays.
    pub fn settled(mut self, structure: &Structure) -> Self {
        if let Some(table) = structure.tables.first().filter(|_| self.columns.is_empty()) {
            let column = |column: &crate::source::ColumnStructure| HttpColumn {
                name: column.name.clone(),
                pointer: column.native_type.clone(),
                item_type: column.item_type.to_string(),
            };
            self.columns = table.columns.iter().map(column).collect();
        }
        self
    }

    /// Where it is, as people may see it.
    pub fn place(&self) -> String {
        let path = self.path.split('?').next().unwrap_or_default();
        format!("{}{path}", self.base.trim_end_matches('/'))
    }
}

/// An address of `http` or `https` without a login, a query or a fragment.
pub(super) fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok()?;
    let plain = url.username().is_empty() && url.password().is_none();
    let whole = url.query().is_none() && url.fragment().is_none();
    (matches!(url.scheme(), "http" | "https") && url.has_host() && plain && whole).then_some(url)
}

fn is_parameter(name: &str) -> bool {
    !name.is_empty() && name.len() <= 64 && !name.contains(|c: char| c.is_control() || c.is_whitespace())
}
