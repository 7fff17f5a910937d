//! What is said of an HTTP service that is to be a source.

use super::list::ItemType;
use serde::Deserialize;
use shuqiao_app::port::{NewLogin, NewPaging, NewService, NewServiceColumn, NewServiceParameter};
use utoipa::ToSchema;

/// An HTTP service that answers in JSON, as one table. Login data is sealed at once and never given back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceNew {
    /// `https://host[:port]`, perhaps with the beginning of a path; the host must be on the node's list.
    base: String,
    /// The rest of the path, with what must always be in the query: `/v1/people?state=active`.
    #[serde(default)]
    path: String,
    /// How it is called.
    #[serde(default)]
    method: ServiceMethod,
    /// The name that the table goes by.
    #[serde(default = "rows")]
    table: String,
    /// JSON pointer (RFC 6901) to the list of rows in an answer; empty when the answer is the list.
    #[serde(default)]
    rows: String,
    /// The columns; none to take them from a sample answer.
    #[serde(default)]
    columns: Vec<ServiceColumn>,
    /// Names of the columns that name a row. Without them a table can be read only as far as one call reaches.
    #[serde(default)]
    key: Vec<String>,
    /// How pages follow one another.
    #[serde(default)]
    paging: ServicePaging,
    /// Columns on whose equality the service can narrow the rows itself.
    #[serde(default)]
    parameters: Vec<ServiceParameter>,
    /// How to get in.
    #[serde(default)]
    login: ServiceLogin,
}

fn rows() -> String {
    "rows".to_owned()
}

/// How a service is called; with `post`, parameters stand in a JSON object instead of the query.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ServiceMethod {
    /// GET.
    #[default]
    Get,
    /// POST.
    Post,
}

/// A column of a service's rows.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceColumn {
    /// Its name.
    name: String,
    /// JSON pointer from a row to its value: `/address/town`.
    pointer: String,
    /// Its type; a value of another type is refused.
    item_type: ItemType,
}

/// A column that the service takes as a parameter of the same meaning.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceParameter {
    /// The column's name.
    column: String,
    /// The parameter's name.
    parameter: String,
}

/// How pages follow one another. Pages are fetched until one has no rows.
#[derive(Default, Deserialize, ToSchema)]
#[serde(tag = "mode", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServicePaging {
    /// One answer holds all rows.
    #[default]
    None,
    /// By the number of rows before the page.
    Offset {
        /// Parameter for that number.
        offset: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, 1 to 10,000 rows.
        size: u32,
    },
    /// By the number of the page.
    Page {
        /// Parameter for that number.
        page: String,
        /// Parameter for the size of the page.
        limit: String,
        /// That size, 1 to 10,000 rows.
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
#[derive(Default, Deserialize, ToSchema)]
#[serde(tag = "scheme", rename_all = "snake_case", deny_unknown_fields)]
pub enum ServiceLogin {
    /// Nothing is asked for.
    #[default]
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
        header: String,
        /// Its value.
        value: String,
    },
    /// OAuth 2 client credentials (RFC 6749 section 4.4).
    ClientCredentials {
        /// The token endpoint; its host must be on the node's list too.
        token_url: String,
        /// The client's id.
        client: String,
        /// Its secret.
        secret: String,
        /// Scope, if one is asked for.
        #[serde(default)]
        scope: Option<String>,
    },
}

impl From<ServiceNew> for NewService {
    fn from(form: ServiceNew) -> Self {
        let column = |ServiceColumn { name, pointer, item_type }: ServiceColumn| NewServiceColumn {
            name,
            pointer,
            item_type: item_type.0,
        };
        let parameter =
            |ServiceParameter { column, parameter }: ServiceParameter| NewServiceParameter { column, parameter };
        Self {
            base: form.base,
            path: form.path,
            post: form.method == ServiceMethod::Post,
            table: form.table,
            rows: form.rows,
            columns: form.columns.into_iter().map(column).collect(),
            key: form.key,
            paging: match form.paging {
                ServicePaging::None => NewPaging::None,
                ServicePaging::Offset { offset, limit, size } => NewPaging::Offset { offset, limit, size },
                ServicePaging::Page { page, limit, size, first } => NewPaging::Page { page, limit, size, first },
                ServicePaging::Cursor { cursor, next } => NewPaging::Cursor { cursor, next },
            },
            parameters: form.parameters.into_iter().map(parameter).collect(),
            login: match form.login {
                ServiceLogin::None => NewLogin::None,
                ServiceLogin::Bearer { token } => NewLogin::Bearer { token },
                ServiceLogin::Basic { user, password } => NewLogin::Basic { user, password },
                ServiceLogin::Header { header, value } => NewLogin::Header { header, value },
                ServiceLogin::ClientCredentials { token_url, client, secret, scope } => {
                    NewLogin::ClientCredentials { token_url, client, secret, scope }
                }
            },
        }
    }
}
